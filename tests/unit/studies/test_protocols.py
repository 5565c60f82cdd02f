import json

import pytest

from backend.studies.protocols import canonical_json, lpln_radiomics_protocol, sha256_of


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    protocol = lpln_radiomics_protocol()
    reordered = json.loads(json.dumps(protocol, sort_keys=True))
    assert list(reordered) != list(protocol)
    assert sha256_of(reordered) == sha256_of(protocol)


def test_the_digest_changes_with_any_value() -> None:
    assert sha256_of(lpln_radiomics_protocol(washout_days=28)) != sha256_of(
        lpln_radiomics_protocol(washout_days=29)
    )


def test_the_canonical_form_has_no_not_a_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"washout_days": float("nan")})


def test_the_lpln_protocol_reads_unaided_and_then_aided() -> None:
    """STUDIES 1: a second session at least two weeks later with the score shown; default washout 28 days."""
    protocol = lpln_radiomics_protocol()
    assert [session["arm"] for session in protocol["sessions"]] == ["UNAIDED", "AIDED"]
    assert protocol["sessions"][1]["model_id"] == "lpln-radiomics"
    assert protocol["washout_days"] == 28
    anchors = next(question for question in protocol["form"]["questions"] if question["key"] == "rating")[
        "options"
    ]
    assert [anchor["value"] for anchor in anchors] == [1, 2, 3, 4, 5]
    assert anchors[0]["label"] == "Definitely benign"
    assert anchors[-1]["label"] == "Definitely malignant"
