"""What stayed out of the files, and what the panel settled, is told to whoever reads the results."""

from typing import Any

from backend.reports.content_cases import cases_content, left_out_content
from backend.reports.dataset_notes import notes_of
from backend.reports.dataset_reference import reference_arm, reference_csv
from backend.reports.mask_pairs import mask_groups, mask_notes
from backend.studies.models import StudyCase

NAMELESS = (
    "Case information left out of cases.csv, because it may hold a date: a label that holds a date itself, "
    "1 value."
)
UNEVEN = (
    "Outlines of tumor not compared in 1 pair: one lies on several series, or on slices that do not lie evenly or have "
    "no pixel size."
)
BARE: dict[str, Any] = {
    "format": 4,
    "form": {"questions": []},
    "reads": [],
    "arms": [{"key": "alone"}, {"key": "aided"}],
}


def told(**information: str) -> StudyCase:
    return StudyCase(case_info=[{"label": label, "value": value} for label, value in information.items()])


def test_values_with_a_date_are_counted_by_label() -> None:
    cases = [
        told(age="61", surgery="4 March 2021", version="1.2.3"),
        told(age="12.3.1960", surgery="2021-03-05"),
        told(**{"MRI of 4.3.2021": "T2", "surgery": "  "}),
    ]
    assert left_out_content(cases) == [
        {"label": "age", "values": 1},
        {"label": "surgery", "values": 2},
        {"label": None, "values": 1},
    ]
    notes = list(notes_of({**BARE, "information_left_out": left_out_content(cases)}))
    assert notes == [
        "Case information left out of cases.csv, because it may hold a date: age, 1 value.",
        "Case information left out of cases.csv, because it may hold a date: surgery, 2 values.",
        NAMELESS,
    ]
    assert not any("2021" in note for note in notes)
    assert cases_content([], is_told=True) == []


def test_a_plan_that_was_amended_is_told_with_the_version() -> None:
    amended = [{"version": 3, "paths": ["analysis.plan.margin"]}]
    (note,) = notes_of({**BARE, "plan_amendments": amended})
    assert note.endswith("by version 3 of the protocol: analysis.plan.margin.")


def settled(case: str, arm: str, question: str, value: object) -> dict[str, Any]:
    return {"case": case, "arm": arm, "question": question, "value": value}


CONSENSUS = [
    settled("C2", "aided", "region", "left"),
    settled("C1", "aided", "region", None),
    settled("C1", "aided", "comment", "words"),
    settled("C1", "aided", "size", "small"),
    settled("C1", "later", "region", "right"),
]


def test_the_consensus_of_the_first_adjudicated_arm_is_the_reference_of_declared_questions() -> None:
    content = {**BARE, "arms": [*BARE["arms"], {"key": "later"}], "consensus": CONSENSUS}
    assert reference_arm(content) == "aided"
    written = reference_csv(content, {"region", "size"}, str)
    assert written == "case,question,value\nC1,size,small\nC2,region,left\n"
    (note,) = notes_of(content)
    assert "consensus of the readers in the arm aided" in note
    assert reference_arm(BARE) is None
    assert reference_csv(BARE, {"region"}, str) == "case,question,value\n"


def read(
    reader: str, case: str, *masks: dict[str, Any], arm: str = "alone", **changes: Any
) -> dict[str, Any]:
    return {
        "reader": reader, "case": case, "arm": arm, "session": 1, "role": "primary", "masks": list(masks), **changes
    }  # fmt: skip


def mask(sha256: str, *, series: int | None = 0, even: bool = True) -> dict[str, Any]:
    spacing = [3.0, 0.5, 0.5] if even else None
    return {"question": "tumor", "sha256": sha256, "series": series, "spacing_mm": spacing}


def test_first_reads_of_one_arm_on_one_series_are_compared_and_the_others_are_told() -> None:
    reads = [
        read("R1", "C1", mask("a")),
        read("R2", "C1", mask("b")),
        read("R3", "C1", mask("c", series=1)),
        read("R1", "C1", mask("d"), arm="aided", session=2),
        read("R2", "C1", mask("e"), role="hidden_repeat"),
        read("R1", "C2", mask("f")),
        read("R2", "C2"),
        read("R1", "C3", mask("g", even=False)),
        read("R2", "C3", mask("h", even=False)),
    ]
    (group,) = mask_groups({"reads": reads})
    assert (group.case, group.question, group.arm, group.spacing_mm) == (
        "C1",
        "tumor",
        "alone",
        (3.0, 0.5, 0.5),
    )
    assert [(one.reader, one.session, one.sha256) for one in group.masks] == [("R1", 1, "a"), ("R2", 1, "b")]
    assert list(mask_notes({"reads": reads})) == [
        "Outlines of tumor not compared in 1 pair: of one of the two readers there is none.",
        UNEVEN,
        "Outlines of tumor not compared in 2 pairs: they lie on different series.",
    ]


def test_documents_from_before_outlines_were_named_compare_none() -> None:
    old = [{key: value for key, value in read("R1", "C1").items() if key not in ("masks", "role")}]
    assert mask_groups({"reads": old}) == []
    assert list(mask_notes({"reads": old})) == []
