"""Writes of a reader: open the next read, keep its draft, submit it. Each is one transaction with its audit event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.studies.access import access_membership, hold_study
from backend.studies.models import Assignment, ReaderStudy, ReadingSession, StudyMember
from backend.studies.session_states import (
    NextTurn,
    SessionKind,
    SessionStatus,
    StudyPhase,
    check_is_reading,
    check_session_transition,
    check_turn_is_open,
)

from .access import Sitting, access_read, owes_correction, sitting_of
from .annotations import CheckedAnnotation
from .entered import carry_over, check_entered, check_view, store_entered
from .hooks import committed
from .labelmaps import Labelmap
from .measurements import CheckedMeasurement
from .models import Read, ReadStatus
from .timing import check_timing
from .training import attempt_end
from .upcoming import read_id_of
from .volumes import carry_labelmaps, entered_labelmaps, keep_labelmaps


@dataclass(frozen=True)
class DraftSaved:
    """What the server holds after a save: its revision, and the values it computed itself."""

    revision: int
    saved_at: datetime
    derived: dict[str, Any]
    measurements: Sequence[CheckedMeasurement]
    annotations: Sequence[CheckedAnnotation]
    labelmaps: Sequence[Labelmap]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """Values of the browser that are not the server's: the drawing, the field, and both."""
        measured = [difference for one in self.measurements for difference in one.differences()]
        return measured + [difference for one in self.annotations for difference in one.differences()]


@dataclass(frozen=True)
class Submitted:
    """The locked read, and the reader's sessions after it with what may be done next."""

    read: Read
    sitting: Sitting
    next_turn: NextTurn


@transaction.atomic
def read_open_next(*, slug: str, by: User, now: datetime) -> Read:
    """Open the reader's next read, or give back the one that is open.

    The reader's membership row is locked while the rules are checked, so two tabs that ask at the same
    instant get the same read and no washout is passed by a race.
    """
    member = access_membership(by=by, slug=slug, roles=[Role.READER], for_update=True)
    member.study = hold_study(member.study_id)
    return _open_turn(sitting_of(member), by=by, now=now)


@transaction.atomic
def read_open_after(submitted: Submitted, *, by: User, now: datetime) -> Read:
    """What `read_open_next` opens, in the transaction of the submission before it.

    That transaction holds the reader's membership and the study, and knows the reader's sessions as it leaves them.
    """
    return _open_turn(submitted.sitting, by=by, now=now)


def _open_turn(sitting: Sitting, *, by: User, now: datetime) -> Read:
    """Open the turn that comes next; the caller's transaction holds the sitting's membership and study."""
    study = sitting.study
    check_is_reading(StudyPhase(study.phase))
    turn = sitting.next_turn(now)
    position, step = check_turn_is_open(turn)
    session = sitting.session_of(turn)
    assignment = Assignment.objects.select_related("study_case__case").get(
        reading_session=session, position=position
    )
    # Known already: each is asked for again below, and the study's protocol is long.
    assignment.reading_session = session
    assignment.study_case.study = study
    if turn.resumes_draft:
        read = Read.objects.get(assignment=assignment, step=step)
        read.assignment, read.study = assignment, study
        return read
    if owes_correction(by, study):
        # Whatever comes next: were it the same case alone, the refusal would tell which one it is.
        raise RuleBroken("correction_open", "Please finish the correction that you were given leave for.")
    _open_session(session, by=by, now=now)
    read = Read(
        id=read_id_of(assignment, step),
        assignment=assignment,
        step=step,
        arm=assignment.arms[step - 1],
        protocol_version=study.protocol_version,
        reader=by,
        study=study,
        opened_at=now,
        washout_seconds=_realised_washout(sitting, position, session, now) if step == 1 else None,
    )
    if step > 1:
        earlier = Read.objects.get(assignment=assignment, step=step - 1)
        carry_over(earlier=earlier, into=read)
    # Nothing of it was entered by anyone, and what it must not be the database refuses by itself.
    read.save(force_insert=True)
    if step > 1:
        carry_labelmaps(earlier=earlier, into=read)
    record(event="read_opened", by=by, at=now, subject=read, study_id=study.pk, detail=_place_of(read))
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
    annotations: Sequence[Mapping[str, Any]] | None = None,
    labelmaps: Sequence[Mapping[str, Any]] | None = None,
    view: Mapping[str, Any] | None = None,
    client_id: str | None = None,
) -> DraftSaved:
    """Keep what the reader has entered so far. `revision` is the one the browser last saw.

    Without `annotations` those of the draft stay, and so do its `labelmaps`.
    `view` is where the reader is in the images: series, slice, window; it comes back with the draft.
    `client_id` names the page that saves: one whose answer was lost learns by it that the newer revision is its own.
    """
    read = _lock_for_writing(by=by, read_id=read_id)
    _check_revision(read, revision)
    sent = _annotations(read, annotations)
    painted = entered_labelmaps(read, labelmaps)
    entered = check_entered(read, answers, measurements, annotations=sent, labelmaps=painted, complete=False)
    given = {key: entered.answers[key] for key in answers if key not in entered.derived}
    read.draft = {
        "answers": given,
        "measurements": [one.as_sent() for one in entered.measurements],
        "annotations": [one.as_sent() for one in entered.annotations],
        "client_id": client_id,
    }
    read.draft_revision += 1
    read.draft_saved_at = now
    if view is not None:
        read.view = check_view(view)
    read.save(update_fields=["draft", "draft_revision", "draft_saved_at", "view"])
    if labelmaps is not None:
        keep_labelmaps(read, painted)
    record(
        event="draft_saved",
        by=by,
        at=now,
        subject=read,
        study_id=read.assignment.study_case.study_id,
        detail={"revision": read.draft_revision},
    )
    return DraftSaved(
        read.draft_revision, now, entered.derived, entered.measurements, entered.annotations, painted
    )


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
    annotations: Sequence[Mapping[str, Any]] | None = None,
    labelmaps: Sequence[Mapping[str, Any]] | None = None,
    revision: int | None = None,
) -> Submitted:
    """Lock the read with its answers. The same key sent again gives the same read and writes nothing.

    `revision` is the one of the draft that the browser last saw; a tab that fell behind cannot submit.
    """
    member = access_membership(by=by, slug=_slug_of(read_id), roles=[Role.READER], for_update=True)
    read = access_read(by=by, read_id=read_id, for_update=True)
    if read.status == ReadStatus.SUBMITTED and read.idempotency_key == idempotency_key:
        member.study = hold_study(member.study_id)
        return _submitted(read, member, now=now)
    member.study = _check_writable(read)
    if revision is not None:
        _check_revision(read, revision)
    sent = _annotations(read, annotations)
    painted = entered_labelmaps(read, labelmaps)
    entered = check_entered(read, answers, measurements, annotations=sent, labelmaps=painted, complete=True)
    read.status = ReadStatus.SUBMITTED
    read.submitted_at = now
    read.submitted_by = by
    read.idempotency_key = idempotency_key
    read.timing = check_timing(timing, server_ms=(now - read.opened_at) / timedelta(milliseconds=1))
    read.draft = {}
    read.save()
    store_entered(read, entered)
    record(
        event="read_submitted", by=by, at=now, subject=read, study_id=member.study_id, detail=_place_of(read)
    )
    _end_session_if_complete(read.assignment.reading_session, by=by, now=now)
    committed(read=read, now=now)
    return _submitted(read, member, now=now)


def _slug_of(read_id: UUID) -> str:
    """Of the study that a read is of, whoever asks; who may not know of it learns nothing by what follows."""
    slug = Read.objects.filter(pk=read_id).values_list("study__slug", flat=True).first()
    if slug is None:
        raise NotFound
    return slug


def _submitted(read: Read, member: StudyMember, *, now: datetime) -> Submitted:
    sitting = sitting_of(member)
    return Submitted(read, sitting, sitting.next_turn(now))


def _annotations(read: Read, sent: Sequence[Mapping[str, Any]] | None) -> Sequence[Mapping[str, Any]]:
    """Those that were sent; a browser that sends none at all leaves those of the draft."""
    return read.draft.get("annotations", []) if sent is None else sent


def _check_revision(read: Read, revision: int) -> None:
    if revision != read.draft_revision:
        raise RuleBroken(
            "stale_draft",
            "This case was changed in another tab or window.",
            revision=read.draft_revision,
            client_id=read.draft.get("client_id"),
        )


def _lock_for_writing(*, by: User, read_id: UUID) -> Read:
    read = access_read(by=by, read_id=read_id, for_update=True)
    _check_writable(read)
    return read


def _check_writable(read: Read) -> ReaderStudy:
    """The read's study, held; refused where the read is locked or its study is not in reading."""
    if read.status == ReadStatus.SUBMITTED:
        raise RuleBroken("read_locked", "This read is submitted and locked.")
    study = hold_study(read.study_id)
    check_is_reading(StudyPhase(study.phase))
    return study


def _open_session(session: ReadingSession, *, by: User, now: datetime) -> None:
    if session.status == SessionStatus.OPEN:
        return
    check_session_transition(SessionStatus(session.status), SessionStatus.OPEN)
    session.status = SessionStatus.OPEN
    session.opened_at = now
    session.save(update_fields=["status", "opened_at"])
    study_id, detail = session.session.study_id, _place_of_session(session)
    record(event="session_opened", by=by, at=now, subject=session, study_id=study_id, detail=detail)


def _end_session_if_complete(session: ReadingSession, *, by: User, now: datetime) -> None:
    """A session whose cases are all read is locked, or waits for its reader's signature."""
    steps = sum(len(arms) for arms in session.assignments.values_list("arms", flat=True))
    done = Read.objects.filter(assignment__reading_session=session, status=ReadStatus.SUBMITTED).count()
    if done < steps:
        return
    check_session_transition(SessionStatus(session.status), SessionStatus.READ)
    session.status = SessionStatus.READ
    session.read_at = now
    session.save(update_fields=["status", "read_at"])
    study_id, detail = session.session.study_id, _place_of_session(session)
    record(event="session_read", by=by, at=now, subject=session, study_id=study_id, detail=detail)
    if session.session.kind == SessionKind.TRAINING:
        session_lock(session, by=by, now=now)
        attempt_end(session, by=by, now=now)
    elif not session.session.study.protocol["signature"]:
        session_lock(session, by=by, now=now)


def session_lock(session: ReadingSession, *, by: User, now: datetime) -> None:
    """The end of a session; the caller's transaction holds its reader's membership."""
    check_session_transition(SessionStatus(session.status), SessionStatus.LOCKED)
    session.status = SessionStatus.LOCKED
    session.locked_at = now
    session.save(update_fields=["status", "locked_at"])
    study_id, detail = session.session.study_id, _place_of_session(session)
    record(event="session_locked", by=by, at=now, subject=session, study_id=study_id, detail=detail)


def _place_of(read: Read) -> dict[str, int]:
    """Where a read stands in its reader's sessions; never which case it is of."""
    session = read.assignment.reading_session.session
    return {"session": session.ordinal, "position": read.assignment.position, "step": read.step}


def _place_of_session(session: ReadingSession) -> dict[str, int]:
    return {"session": session.session.ordinal, "attempt": session.attempt}


def _realised_washout(
    sitting: Sitting, position: int, session: ReadingSession, now: datetime
) -> float | None:
    """The seconds from the reader's last committed read of the case to its opening now."""
    view = sitting.views[list(sitting.sessions).index(session)]
    prior = next(turn.prior_submitted_at for turn in view.turns if turn.position == position)
    return None if prior is None else (now - prior).total_seconds()
