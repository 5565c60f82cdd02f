import json

import pytest

from backend.studies.protocols import canonical_json, sha256_of
from backend.studies.templates import TEMPLATES


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    protocol = TEMPLATES["lpln-radiomics"]()
    reordered = json.loads(json.dumps(protocol, sort_keys=True))
    assert list(reordered) != list(protocol)
    assert sha256_of(reordered) == sha256_of(protocol)


def test_the_digest_changes_with_any_value() -> None:
    assert sha256_of(TEMPLATES["lpln-radiomics"](washout_days=28)) != sha256_of(
        TEMPLATES["lpln-radiomics"](washout_days=29)
    )


def test_the_canonical_form_has_no_not_a_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"washout_days": float("nan")})
