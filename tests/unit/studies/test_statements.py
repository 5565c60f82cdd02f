"""What a protocol states for the report: its shape, advice on dates, amendments, and its place in the document."""

import io
import re
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from backend.analysis.formats.study_records import StudyRecords
from backend.studies import protocol_sections
from backend.studies.amendments import check_amendment
from backend.studies.design_checks import check_document, structure_problems
from backend.studies.design_facts import DesignFacts
from backend.studies.pdf_text import register_fonts
from backend.studies.statements import COLLECTION, LONGEST, STATEMENTS, stated, statement_lines, with_dates
from backend.studies.templates import TEMPLATES

FIELDS = Path("frontend/src/features/study-design/model/statements.ts")
MADE = {COLLECTION: "retrospective", **{key: f"Of {key}." for key in STATEMENTS}}


def protocol(statements: Any) -> dict[str, Any]:
    document: dict[str, Any] = deepcopy(TEMPLATES["lpln-radiomics"]())
    return document if statements is None else {**document, "statements": statements}


@pytest.mark.parametrize("statements", [None, {}, MADE, {"ethics": "Approved by the board."}])
def test_any_of_them_may_be_made(statements: Any) -> None:
    assert structure_problems(protocol(statements)) == []
    assert structure_problems({**protocol(None), "statements": None}) == []


@pytest.mark.parametrize(
    ("statements", "path", "text"),
    [
        ({"aim": "x"}, "statements", "There is nothing here besides"),
        ({"ethics": 3}, "statements.ethics", "of the wrong kind"),
        ({"ethics": "x" * 2001}, "statements.ethics", "at most 2000 characters"),
        ({COLLECTION: "both"}, "statements.data_collection", "not one of the possible values"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(statements: Any, path: str, text: str) -> None:
    (problem,) = structure_problems(protocol(statements))
    assert (problem.path, problem.is_blocking) == (path, True)
    assert text in problem.text


def test_each_is_a_record_of_the_analysis_and_a_field_of_the_designer() -> None:
    known = {one.name for one in fields(StudyRecords)}
    assert set(MADE) <= known
    asked = re.findall(r'\bkey: "(\w+)"', FIELDS.read_text(encoding="utf-8"))
    assert sorted(asked) == sorted(STATEMENTS)


def test_a_date_is_advised_against() -> None:
    document = protocol({"ethics": "Approved on 12 March 2021", "setting": "Three hospitals, 2015 to 2020"})
    found = [one for one in check_document(document, DesignFacts()) if one.path.startswith("statements")]
    assert [(one.path, one.is_blocking) for one in found] == [("statements.ethics", False)]
    assert with_dates(stated(document)) == {"ethics"}


def test_blanks_state_nothing() -> None:
    assert stated(protocol({"ethics": " \n", "funding": " None. "})) == {"funding": "None."}
    assert stated(protocol(None)) == stated({**protocol(None), "statements": None}) == {}


def test_they_stand_in_the_protocols_document_where_there_are_any() -> None:
    register_fonts()
    assert list(protocol_sections.statements(protocol(None))) == []
    lines = dict(statement_lines(protocol(MADE)))
    assert lines["Data"] == "retrospective: they existed before this study"
    assert lines["Registration"] == "Of registration."
    assert len(lines) == len(MADE)
    printed = list(protocol_sections.statements(protocol(MADE)))
    assert any(isinstance(one, Table) for one in printed)
    assert any(isinstance(one, Paragraph) for one in printed)


@pytest.mark.parametrize(
    "parts", [[f"({n})\n" for n in range(300)], ["\u8a9e"] * LONGEST], ids=["many-lines", "wide-letters"]
)
def test_one_that_no_page_can_hold_goes_on_over_the_page(parts: list[str]) -> None:
    register_fonts()
    document = protocol({"eligibility": "Before it.", "ethics": "".join(parts), "funding": "After it."})
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, topMargin=24 * mm, bottomMargin=22 * mm).build(
        list(protocol_sections.statements(document))
    )
    pages = [page.extract_text() for page in PdfReader(buffer).pages]
    printed = "".join(pages)
    assert len(pages) > 1
    for part in {"Before it.", "After it.", *(one.strip() for one in parts)}:
        assert printed.count(part) == max(1, parts.count(part))


def test_an_amendment_may_change_them() -> None:
    (added,) = check_amendment(protocol(None), protocol({"registration": "NCT00000000"}))
    assert (added.path, added.new) == ("statements", {"registration": "NCT00000000"})
    (changed,) = check_amendment(protocol({"ethics": "Asked for."}), protocol({"ethics": "Approved."}))
    assert (changed.path, changed.old, changed.new) == ("statements.ethics", "Asked for.", "Approved.")
