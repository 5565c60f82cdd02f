"""What the frozen document holds of the protocol for the checklists, and what becomes of it."""

from copy import deepcopy
from typing import Any

from backend.reports.content_records import card_content, records_content, records_of
from backend.studies.templates import TEMPLATES
from inference.models.lpln_radiomics_card import PLUGIN

STATEMENTS = {
    "data_collection": "retrospective",
    "reader_experience": "Five radiologists with 3 to 15 years of experience",
    "registration": "NCT01234567",
    "protocol_place": " In the supplement ",
    "ethics": "Approved on 12 March 2021",
    "funding": "",
}


def protocol(**more: Any) -> dict[str, Any]:
    return {**deepcopy(TEMPLATES["lpln-radiomics"]()), **more}


def content(document: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "records": records_content(document),
        "arms": document["design"]["arms"],
        "reads": [],
        "models": [],
        **more,
    }


def test_statements_become_records_but_those_that_hold_a_date() -> None:
    records = records_of(content(protocol(statements=STATEMENTS)))
    assert records.data_collection == "retrospective"
    assert records.reader_experience == STATEMENTS["reader_experience"]
    assert (records.registration, records.protocol_place) == ("NCT01234567", "In the supplement")
    assert (records.ethics, records.funding) == ("", "")


def test_a_protocol_without_them_freezes_as_before() -> None:
    plain = records_content(protocol())
    assert set(plain) == {"objective", "washout_days", "balance", "sees_case_info"}
    for none in ({}, None, {"ethics": " "}, {"ethics": "Approved on 12 March 2021"}):
        assert records_content(protocol(statements=none)) == plain
    assert records_of(content(protocol())).reader_experience == ""


def test_the_model_is_described_by_its_card() -> None:
    card = card_content(PLUGIN.card.to_json())
    assert "technology" not in card
    assert card["inputs"] == "T2W, Index lateral pelvic lymph node"
    assert card["output"] == "score, probability, call at the cut-off, 107 features"
    assert card["development"].startswith("Patients of the authors' centers (Yoo et al. 2025)")
    model = {"id": "net", "digest": "d" * 64, "predictions": [{"cut_off": 0.5}]}
    (told,) = records_of(content(protocol(), models=[{**model, "card": card}])).models
    assert (told.name, told.inputs, told.threshold) == ("net", card["inputs"], "a score of 0.5 or more")
    assert told.technology == ""
    (older,) = records_of(content(protocol(), models=[model])).models
    assert (older.name, older.technology, older.inputs) == ("net", "", "")


def test_a_card_tells_no_date_and_nothing_that_it_lacks() -> None:
    told = card_content({"title": "Net", "sequence_roles": ["T2W"], "training_data": "MRI of 12 March 2021"})
    assert told == {"inputs": "T2W"}
