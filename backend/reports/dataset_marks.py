"""The rated marks of the frozen document as `marks.csv`, and which marks are not in it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_marks import FRAME_COLUMN, MARKS
from backend.analysis.formats.dataset_reads import REPEAT_COLUMN

from .dataset_reads import Content, FileRead

FILE = "marks.csv"
PLACE = ("x", "y", "z")
# The first format of the frozen document whose reads name their marks.
SINCE = 5


def marks_question(content: Content) -> str | None:
    """The question whose marks the analysis takes: the only one whose marks are rated by numbers."""
    rated = _rated(content)
    return rated[0] if len(rated) == 1 else None


def marks_csv(content: Content, reads: Sequence[FileRead]) -> str | None:
    """One row a mark, by its place in patient coordinates; None where the study has no rated marks."""
    question = marks_question(content)
    if question is None:
        return None
    return csv_text((*MARKS, *PLACE, FRAME_COLUMN, REPEAT_COLUMN), list(_rows(reads, question)))


def mark_notes(content: Content) -> Iterator[str]:
    """Which questions' marks are not in the file, and why."""
    for one in _mark_questions(content):
        if not one.get("options"):
            yield f"Marks of {one['key']} are not in {FILE}: they have no rating."
        elif not _is_rated(one):
            yield f"Marks of {one['key']} are not in {FILE}: their ratings are words and no numbers."
    rated = _rated(content)
    if len(rated) > 1:
        yield (
            f"Marks are not in {FILE}: {', '.join(rated)} all ask for rated marks, and a free-response analysis is of "
            "one kind of lesion."
        )


def _rows(reads: Sequence[FileRead], question: str) -> Iterator[tuple[Cell, ...]]:
    for read in reads:
        own = [one for one in read.marks if one["question"] == question]
        for number, one in enumerate(own, start=1):
            yield (
                *(read.reader, read.arm, read.session, read.case, number, one["rating"]),
                *(float(at) for at in one["point_mm"]),
                *(one["frame"], int(read.is_repeat)),
            )


def _mark_questions(content: Content) -> list[Mapping[str, Any]]:
    if content["format"] < SINCE:
        return []
    return [one for one in content["form"]["questions"] if one["kind"] == "mark"]


def _is_rated(question: Mapping[str, Any]) -> bool:
    options = question.get("options") or []
    return bool(options) and all(type(one["value"]) is int for one in options)


def _rated(content: Content) -> list[str]:
    return [one["key"] for one in _mark_questions(content) if _is_rated(one)]
