"""Which reads of a study are compared with each other, and what they answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from backend.reads.answers import answers_of as read_answers
from backend.reads.answers import drawn_of
from backend.reads.contours import stored_mask
from backend.reads.models import Correction, Mark, MaskContour, MaskVolume, Read, ReadStatus, Reopening
from backend.reads.raster import Mask, dice
from backend.reads.volumes import stored_volume
from backend.studies.access import left_early
from backend.studies.models import Assignment, ProtocolVersion, ReaderStudy
from backend.studies.session_states import ReopeningStatus, SessionKind, SessionStatus

from .rules import Panel, is_nothing

Form = Mapping[str, Any]


@dataclass(frozen=True)
class CasePanel:
    """The reads of one case in one arm: of each reader the first that was committed.

    `expected` readers are to read the case in this arm. Training, hidden repeats and what a reader who left early
    has read belong to no panel, and a case that is read again later counts by its first read.

    `plan` is the adjudication that holds for the panel, of the protocol's version `protocol_version`: the one in force
    when the panel was completed, before that the one in force now.
    """

    study_case_id: UUID
    arm: str
    expected: int
    reads: tuple[Read, ...]
    plan: Mapping[str, Any]
    protocol_version: int

    @property
    def is_complete(self) -> bool:
        return self.expected >= 2 and len(self.reads) == self.expected


@dataclass(frozen=True)
class _Slot:
    """The readers who are or were to read a case in an arm, by when they left."""

    ever: dict[UUID, datetime | None] = field(default_factory=dict)
    expected: set[UUID] = field(default_factory=set)
    committed: dict[UUID, Read] = field(default_factory=dict)

    @property
    def completed_at(self) -> datetime | None:
        """When the last reader who was waited for had committed the case, or had left; `None` before that."""
        ends = [
            min((at for at in (left_at, self._committed_at(reader)) if at is not None), default=None)
            for reader, left_at in self.ever.items()
        ]
        done = [at for at in ends if at is not None]
        return max(done) if len(done) == len(ends) else None

    def _committed_at(self, reader: UUID) -> datetime | None:
        return self.committed[reader].submitted_at if reader in self.committed else None


def plan_of(study: ReaderStudy, version: int) -> Mapping[str, Any]:
    """The adjudication of a version of the protocol that has one."""
    if version == study.protocol_version:
        plan: Mapping[str, Any] = study.protocol["adjudication"]
        return plan
    old: Mapping[str, Any] = ProtocolVersion.objects.get(study=study, version=version).content["adjudication"]
    return old


def panels_of(study: ReaderStudy, *, study_case_id: UUID | None = None) -> list[CasePanel]:
    """The panels of all cases or of one, by case and arm; in a few queries whatever their number.

    An amended adjudication holds for the panels that are completed from then on, so a panel that was complete in an arm
    before that arm was adjudicated is none.
    """
    plans = _plans(study)
    panels = []
    for (case, arm), slot in sorted(
        _slots(study, study_case_id).items(), key=lambda one: (str(one[0][0]), one[0][1])
    ):
        if not slot.expected:
            continue
        version, plan = _in_force(plans, slot.completed_at)
        if plan is None or arm not in (
            plan["arms"] or [one["key"] for one in study.protocol["design"]["arms"]]
        ):
            continue
        reads = tuple(read for reader, read in slot.committed.items() if reader in slot.expected)
        panels.append(CasePanel(case, arm, len(slot.expected), reads, plan, version))
    return panels


def _plans(study: ReaderStudy) -> list[tuple[datetime | None, int, Mapping[str, Any] | None]]:
    """The adjudication of every version of the protocol with the time from which it holds, the first version first."""
    if study.protocol_version == 1:
        return [(None, 1, study.protocol["adjudication"])]
    versions = ProtocolVersion.objects.filter(study=study).order_by("version")
    return [(one.effective_at, one.version, one.content["adjudication"]) for one in versions]


def _in_force(
    plans: Sequence[tuple[datetime | None, int, Mapping[str, Any] | None]], at: datetime | None
) -> tuple[int, Mapping[str, Any] | None]:
    since = [plan for plan in plans if plan[0] is None or at is None or plan[0] <= at]
    _, version, plan = since[-1] if since else plans[0]
    return version, plan


def _slots(study: ReaderStudy, study_case_id: UUID | None) -> dict[tuple[UUID, str], _Slot]:
    cases = {} if study_case_id is None else {"study_case": study_case_id}
    assignments = Assignment.objects.filter(
        reading_session__member__study=study,
        reading_session__session__kind=SessionKind.STUDY,
        repeat_of=None,
        **cases,
    ).values_list(
        "pk",
        "study_case_id",
        "arms",
        "reading_session__status",
        "reading_session__member_id",
        "reading_session__member__user_id",
        "reading_session__member__withdrawn_at",
    )
    gone = left_early(study)
    slots: dict[tuple[UUID, str], _Slot] = {}
    case_of = {}
    for pk, case, arms, status, member, reader, left_at in assignments:
        case_of[pk] = case
        for arm in arms:
            slot = slots.setdefault((case, arm), _Slot())
            slot.ever[reader] = left_at
            if status != SessionStatus.VOIDED and member not in gone:
                slot.expected.add(reader)
    committed = Read.objects.filter(study=study, status=ReadStatus.SUBMITTED).order_by("submitted_at", "pk")
    if study_case_id is not None:
        committed = committed.filter(assignment__study_case=study_case_id)
    for read in committed:
        if read.assignment_id in case_of:
            slots[(case_of[read.assignment_id], read.arm)].committed.setdefault(read.reader_id, read)
    return slots


def is_read_to_the_end(study_case_id: UUID) -> bool:
    """Whether no reader of the study will still meet the case: not in another arm or session, nor once more, nor to
    correct a read of it that was opened again.
    """
    reopened = Reopening.objects.filter(
        read__assignment__study_case=study_case_id,
        read__assignment__reading_session__member__withdrawn_at=None,
        status=ReopeningStatus.GRANTED,
    )
    if reopened.exists():
        return False
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
    painted = any(_is_painted(value) for own in answers.values() for value in own.values())
    volumes = drawn_of(MaskVolume, reads) if painted else {}
    for read in reads:
        own = answers[read.pk]
        for question in form["questions"]:
            key = question["key"]
            if question["kind"] == "mark" and own.get(key) is not None:
                own[key] = [_mark(mark) for mark in marks[read.pk] if mark.question == key]
            elif _is_painted(own.get(key)):
                own[key] = {"volumes": [one for one in volumes[read.pk] if one.question == key]}
            elif question["kind"] == "mask" and own.get(key) is not None:
                own[key] = {"contours": [one for one in contours[read.pk] if one.question == key]}
    return [answers[read.pk] for read in reads]


def overlap_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Dice of two stored masks on the pixels of their slices, whatever the segments of masks by voxels are called.

    Two outlines so small that neither holds the center of a pixel cannot be told apart, and count as equal.
    """
    return _overlap(_raster(one), _raster(other))


def overlaps_of(values: Sequence[Mapping[str, Any] | None]) -> dict[tuple[int, int], float]:
    """Dice of each two masks of a panel, by their places from 0; a reader who drew nothing is in no pair."""
    rasters = {place: _raster(value) for place, value in enumerate(values) if value and not is_nothing(value)}
    return {(one, other): _overlap(rasters[one], rasters[other]) for one, other in combinations(rasters, 2)}


def _overlap(one: Mapping[str, Mask], other: Mapping[str, Mask]) -> float:
    found = dice(one, other)
    return 1.0 if found is None else found


def _is_painted(value: object) -> bool:
    """Whether a stored answer is a mask by voxels, whatever the form says now of how the mask is drawn."""
    return isinstance(value, dict) and "segments" in value


def _raster(value: Mapping[str, Any]) -> dict[str, Mask]:
    return stored_volume(value["volumes"]) if "volumes" in value else stored_mask(value["contours"])


def _mark(mark: Mark) -> dict[str, Any]:
    return {"point_mm": mark.point_mm, "frame_of_reference_uid": mark.frame_of_reference_uid}
