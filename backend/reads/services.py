"""Writes of a reader: open the next read, keep its draft, submit it. Each is one transaction with its audit event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import InvalidInput, RuleBroken
from backend.audit.services import record
from backend.studies.access import access_membership, hold_study
from backend.studies.forms import check_answers
from backend.studies.models import Assignment, ReadingSession
from backend.studies.session_states import (
    NextTurn,
    SessionStatus,
    StudyPhase,
    check_is_reading,
    check_session_transition,
    check_turn_is_open,
    next_turn,
)

from .access import Sitting, access_read, sitting_of
from .measurements import CheckedMeasurement, check_measurements
from .models import Answer, Measurement, Read, ReadStatus
from .timing import check_timing


@dataclass(frozen=True)
class DraftSaved:
    """What the server holds after a save: its revision, and the values it computed itself."""

    revision: int
    saved_at: datetime
    derived: dict[str, Any]
    measurements: Sequence[CheckedMeasurement]


@dataclass(frozen=True)
class Submitted:
    """The locked read and what the reader may do next."""

    read: Read
    next_turn: NextTurn


@transaction.atomic
def read_open_next(*, slug: str, by: User, now: datetime) -> Read:
    """Open the reader's next read, or give back the one that is open.

    The reader's membership row is locked while the rules are checked, so two tabs that ask at the same
    instant get the same read and no washout is passed by a race.
    """
    member = access_membership(by=by, slug=slug, roles=[Role.READER], for_update=True)
    check_is_reading(StudyPhase(hold_study(member.study_id).phase))
    sitting = sitting_of(member)
    turn = next_turn(sitting.views, washout=sitting.washout, now=now)
    position = check_turn_is_open(turn)
    session = next(one for one in sitting.sessions if one.session.ordinal == turn.session_ordinal)
    assignment = Assignment.objects.get(reading_session=session, position=position)
    if turn.resumes_draft:
        return Read.objects.get(assignment=assignment)
    _open_session(session, by=by, now=now)
    read = Read(
        assignment=assignment,
        reader=by,
        study=member.study,
        opened_at=now,
        washout_seconds=_realised_washout(sitting, turn, now),
    )
    read.full_clean()
    read.save(force_insert=True)
    record(event="read_opened", by=by, at=now, subject=read, study_id=member.study_id)
    return read


@transaction.atomic
def draft_save(
    *,
    read_id: UUID,
    revision: int,
    answers: Mapping[str, Any],
    measurements: Sequence[Mapping[str, Any]],
    by: User,
    now: datetime,
) -> DraftSaved:
    """Keep what the reader has entered so far. `revision` is the one the browser last saw."""
    read = _lock_for_writing(by=by, read_id=read_id)
    _check_revision(read, revision)
    checked, kept = _checked(read, answers, measurements, complete=False)
    derived = _derived(read, checked)
    given = {key: checked[key] for key in answers if key not in derived}
    read.draft = {"answers": given, "measurements": [one.as_sent() for one in kept]}
    read.draft_revision += 1
    read.draft_saved_at = now
    read.save(update_fields=["draft", "draft_revision", "draft_saved_at"])
    record(
        event="draft_saved",
        by=by,
        at=now,
        subject=read,
        study_id=read.assignment.study_case.study_id,
        detail={"revision": read.draft_revision},
    )
    return DraftSaved(read.draft_revision, now, derived, kept)


@transaction.atomic
def read_submit(
    *,
    read_id: UUID,
    idempotency_key: UUID,
    answers: Mapping[str, Any],
    measurements: Sequence[Mapping[str, Any]],
    timing: Mapping[str, Any],
    by: User,
    now: datetime,
    revision: int | None = None,
) -> Submitted:
    """Lock the read with its answers. The same key sent again gives the same read and writes nothing.

    `revision` is the one of the draft that the browser last saw; a tab that fell behind cannot submit.
    """
    read = access_read(by=by, read_id=read_id)
    member = access_membership(
        by=by, slug=read.assignment.study_case.study.slug, roles=[Role.READER], for_update=True
    )
    read = access_read(by=by, read_id=read_id, for_update=True)
    if read.status == ReadStatus.SUBMITTED and read.idempotency_key == idempotency_key:
        return Submitted(read, _next(sitting_of(member), now))
    _check_writable(read)
    if revision is not None:
        _check_revision(read, revision)
    checked, kept = _checked(read, answers, measurements, complete=True)
    read.status = ReadStatus.SUBMITTED
    read.submitted_at = now
    read.submitted_by = by
    read.idempotency_key = idempotency_key
    read.timing = check_timing(timing)
    read.draft = {}
    read.save()
    _store(read, checked, kept)
    record(event="read_submitted", by=by, at=now, subject=read, study_id=member.study_id)
    _lock_session_if_complete(read.assignment.reading_session, by=by, now=now)
    return Submitted(read, _next(sitting_of(member), now))


def _check_revision(read: Read, revision: int) -> None:
    if revision != read.draft_revision:
        raise RuleBroken(
            "stale_draft", "This case was changed in another tab or window.", revision=read.draft_revision
        )


def _lock_for_writing(*, by: User, read_id: UUID) -> Read:
    read = access_read(by=by, read_id=read_id, for_update=True)
    _check_writable(read)
    return read


def _check_writable(read: Read) -> None:
    if read.status == ReadStatus.SUBMITTED:
        raise RuleBroken("read_locked", "This read is submitted and locked.")
    check_is_reading(StudyPhase(hold_study(read.study_id).phase))


def _checked(
    read: Read, answers: Mapping[str, Any], measurements: Sequence[Mapping[str, Any]], *, complete: bool
) -> tuple[dict[str, Any], list[CheckedMeasurement]]:
    form = read.assignment.study_case.study.protocol["form"]
    checked = check_answers(form, answers, complete=complete)
    if checked.errors:
        raise InvalidInput("Some answers cannot be accepted.", checked.errors)
    return checked.answers, check_measurements(read, measurements)


def _derived(read: Read, answers: Mapping[str, Any]) -> dict[str, Any]:
    form = read.assignment.study_case.study.protocol["form"]
    return {
        question["key"]: answers[question["key"]]
        for question in form["questions"]
        if question["kind"] == "derived"
    }


def _store(read: Read, answers: Mapping[str, Any], measurements: Sequence[CheckedMeasurement]) -> None:
    Answer.objects.bulk_create(
        Answer(read=read, question=question, value=value) for question, value in answers.items()
    )
    Measurement.objects.bulk_create(
        Measurement(
            read=read,
            uuid=one.uuid,
            tool=one.tool,
            question=one.question or "",
            sop_uid=one.image.sop_uid,
            frame_of_reference_uid=one.image.series.frame_of_reference_uid,
            points_mm=one.points_mm,
            long_axis_mm=one.axes.long_axis_mm,
            short_axis_mm=one.axes.short_axis_mm,
        )
        for one in measurements
    )


def _open_session(session: ReadingSession, *, by: User, now: datetime) -> None:
    if session.status == SessionStatus.OPEN:
        return
    check_session_transition(SessionStatus(session.status), SessionStatus.OPEN)
    session.status = SessionStatus.OPEN
    session.opened_at = now
    session.save(update_fields=["status", "opened_at"])
    record(event="session_opened", by=by, at=now, subject=session, study_id=session.session.study_id)


def _lock_session_if_complete(session: ReadingSession, *, by: User, now: datetime) -> None:
    left = (
        session.assignments.count()
        - Read.objects.filter(assignment__reading_session=session, status=ReadStatus.SUBMITTED).count()
    )
    if left:
        return
    check_session_transition(SessionStatus(session.status), SessionStatus.LOCKED)
    session.status = SessionStatus.LOCKED
    session.locked_at = now
    session.save(update_fields=["status", "locked_at"])
    record(event="session_locked", by=by, at=now, subject=session, study_id=session.session.study_id)


def _realised_washout(sitting: Sitting, turn: NextTurn, now: datetime) -> float | None:
    if turn.opens_at is None:
        return None
    return (now - (turn.opens_at - sitting.washout)).total_seconds()


def _next(sitting: Sitting, now: datetime) -> NextTurn:
    return next_turn(sitting.views, washout=sitting.washout, now=now)
