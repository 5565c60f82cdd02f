"""Which reads of a study are compared with each other, and what they answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.reads.answers import answers_of as read_answers
from backend.reads.answers import drawn_of
from backend.reads.contours import stored_mask
from backend.reads.models import Correction, Mark, MaskContour, Read, ReadStatus
from backend.reads.raster import dice
from backend.studies.access import left_early
from backend.studies.models import Assignment, ReaderStudy
from backend.studies.session_states import SessionKind, SessionStatus

from .rules import Panel

Form = Mapping[str, Any]


@dataclass(frozen=True)
class CasePanel:
    """The reads of one case in one arm: of each reader the first that was committed.

    `expected` readers are to read the case in this arm. Training, hidden repeats and what a reader who left early
    has read belong to no panel, and a case that is read again later counts by its first read.
    """

    study_case_id: UUID
    arm: str
    expected: int
    reads: tuple[Read, ...]

    @property
    def is_complete(self) -> bool:
        return self.expected >= 2 and len(self.reads) == self.expected


def adjudicated_arms(study: ReaderStudy) -> list[str]:
    """The arms whose reads are compared; the protocol names them or means all."""
    arms: list[str] = study.protocol["adjudication"]["arms"]
    return arms or [arm["key"] for arm in study.protocol["design"]["arms"]]


def panels_of(study: ReaderStudy, *, study_case_id: UUID | None = None) -> list[CasePanel]:
    """The panels of all cases or of one, by case and arm; in two queries whatever their number."""
    cases = {} if study_case_id is None else {"study_case": study_case_id}
    assignments = (
        Assignment.objects.filter(
            reading_session__member__study=study,
            reading_session__session__kind=SessionKind.STUDY,
            repeat_of=None,
            **cases,
        )
        .exclude(reading_session__status=SessionStatus.VOIDED)
        .exclude(reading_session__member__in=left_early(study))
        .values_list("pk", "study_case_id", "reading_session__member__user_id", "arms")
    )
    arms = adjudicated_arms(study)
    expected: dict[tuple[UUID, str], set[UUID]] = {}
    case_of = {}
    for pk, case, reader, own_arms in assignments:
        case_of[pk] = case
        for arm in own_arms:
            if arm in arms:
                expected.setdefault((case, arm), set()).add(reader)
    reads: dict[tuple[UUID, str], dict[UUID, Read]] = {}
    committed = Read.objects.filter(study=study, status=ReadStatus.SUBMITTED).order_by("submitted_at", "pk")
    if study_case_id is not None:
        committed = committed.filter(assignment__study_case=study_case_id)
    for read in committed:
        if read.assignment_id in case_of:
            reads.setdefault((case_of[read.assignment_id], read.arm), {}).setdefault(read.reader_id, read)
    return [
        CasePanel(case, arm, len(readers), tuple(reads.get((case, arm), {}).values()))
        for (case, arm), readers in sorted(expected.items(), key=lambda one: (str(one[0][0]), one[0][1]))
    ]


def is_read_to_the_end(study_case_id: UUID) -> bool:
    """Whether no reader of the study will still meet the case: not in another arm or session, nor once more."""
    assignments = (
        Assignment.objects.filter(
            study_case=study_case_id,
            reading_session__session__kind=SessionKind.STUDY,
        )
        .exclude(reading_session__status=SessionStatus.VOIDED)
        .values_list("pk", "arms")
    )
    steps = dict(assignments)
    committed = Read.objects.filter(assignment__in=steps, status=ReadStatus.SUBMITTED).count()
    return committed == sum(map(len, steps.values()))


def effective_answers(reads: Sequence[Read]) -> dict[UUID, dict[str, Any]]:
    """What each read answers: as its last correction says, else as it was submitted."""
    return {read_id: one.effective for read_id, one in read_answers(reads).items()}


def last_corrections(reads: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of the reads was corrected last; those that never were are left out."""
    rows = Correction.objects.filter(read__in=reads).order_by("ordinal")
    return dict(rows.values_list("read_id", "submitted_at"))


def answers_of(form: Form, reads: Sequence[Read]) -> Panel:
    """The answers of a panel as the rules compare them, in the order of `reads`; drawings by stored identifiers."""
    answers = effective_answers(reads)
    kinds = {question["kind"] for question in form["questions"]}
    marks = drawn_of(Mark, reads) if "mark" in kinds else {}
    contours = drawn_of(MaskContour, reads) if "mask" in kinds else {}
    for read in reads:
        own = answers[read.pk]
        for question in form["questions"]:
            key = question["key"]
            if question["kind"] == "mark" and own.get(key) is not None:
                own[key] = [_mark(mark) for mark in marks[read.pk] if mark.question == key]
            elif question["kind"] == "mask" and own.get(key) is not None:
                own[key] = {"contours": [one for one in contours[read.pk] if one.question == key]}
    return [answers[read.pk] for read in reads]


def overlap_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Dice of two stored outlines on the pixels of their slices.

    Two outlines so small that neither holds the center of a pixel cannot be told apart, and count as equal.
    """
    found = dice(stored_mask(one["contours"]), stored_mask(other["contours"]))
    return 1.0 if found is None else found


def _mark(mark: Mark) -> dict[str, Any]:
    return {"point_mm": mark.point_mm, "frame_of_reference_uid": mark.frame_of_reference_uid}
