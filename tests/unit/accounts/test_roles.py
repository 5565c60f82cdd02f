from backend.accounts.models import User
from backend.accounts.roles import DESCRIPTIONS, Role


def test_every_role_has_a_sentence_for_the_coordinator() -> None:
    assert DESCRIPTIONS.keys() == set(Role)
    assert all(text.endswith(".") and len(text) > 30 for text in DESCRIPTIONS.values())


def test_a_person_without_a_display_name_is_shown_by_user_name() -> None:
    assert User(username="ada").shown_name == "ada"
    assert User(username="ada", display_name="Dr. Ada").shown_name == "Dr. Ada"
