import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from backend.accounts.models import User

ADA = User(username="ada-lovelace-1815")


@pytest.mark.parametrize("password", ["eleven-char", "password1234", "ada-lovelace-1815"])
def test_a_short_common_or_similar_password_is_refused(password) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ADA)


def test_a_long_password_is_taken() -> None:
    validate_password("twelve chars", ADA)
