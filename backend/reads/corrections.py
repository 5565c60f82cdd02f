"""Correcting a submitted read: asked for by its reader, granted or refused by the desk, and added beside it.

The first answers stay. A correction shows the case again, so the washout of the case counts from it, and nothing new
opens before it is done; order and breaks rest on reads alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.studies.access import access_membership, hold_study
from backend.studies.conduct import deviation_record
from backend.studies.models import ReaderStudy, StudyMember
from backend.studies.session_states import (
    DeviationKind,
    ReopeningStatus,
    SessionKind,
    StudyPhase,
    check_is_reading,
    check_reopening_transition,
)

from .access import access_read, granted_reopening
from .entered import as_sent, check_entered, store_entered
from .hooks import check_may_reopen, committed
from .models import Correction, Read, ReadStatus, Reopening
from .volumes import entered_labelmaps


@dataclass(frozen=True)
class Correctable:
    """A submitted read of a reader's own, and how far a request to correct it is; nothing of what it holds."""

    read: Read
    request: Reopening | None


@transaction.atomic
def reopening_request(*, read_id: UUID, reason: str, by: User, now: datetime) -> Reopening:
    """Ask the desk for leave to correct a submitted read of one's own.

    Raises
    ------
    RuleBroken
        `read_open` before its submission; `training_read`, since training is not corrected; `reopening_open`, when a
        request waits already or was granted; `study_not_reading`; `reason_missing`.
    """
    read, study = _hold(by=by, read_id=read_id)
    check_is_reading(StudyPhase(study.phase))
    if read.status != ReadStatus.SUBMITTED:
        raise RuleBroken("read_open", "This case is not submitted yet: its answers can still be changed.")
    if read.assignment.reading_session.session.kind == SessionKind.TRAINING:
        raise RuleBroken("training_read", "A training case is not corrected.")
    if Reopening.objects.filter(
        read=read, status__in=[ReopeningStatus.REQUESTED, ReopeningStatus.GRANTED]
    ).exists():
        raise RuleBroken("reopening_open", "A request to correct this case is open already.")
    reopening = Reopening.objects.create(read=read, reason=_given(reason), requested_at=now, requested_by=by)
    record(event="correction_requested", by=by, at=now, subject=reopening, study_id=study.pk)
    return reopening


@transaction.atomic
def reopening_grant(*, reopening_id: UUID, decision: str, by: User, now: datetime) -> Reopening:
    """Let the reader correct the read; the deviation stands beside it, with `decision` as its reason.

    Raises
    ------
    RuleBroken
        `case_is_open`, while the reader has the same case open in another session; what the states refuse, and
        what the apps above refuse (`panel_settled` and `panel_open`: a meeting told the reader of other answers).
    """
    _check_case_is_closed(Reopening.objects.select_related("read__assignment").get(pk=reopening_id).read)
    reopening = _decide(reopening_id, ReopeningStatus.GRANTED, decision=decision, by=by, now=now)
    # The study is held from here on, so that no item is opened or settled meanwhile; a refusal undoes the decision.
    check_may_reopen(read=reopening.read)
    session = reopening.read.assignment.reading_session
    deviation_record(
        study=reopening.read.study,
        kind=DeviationKind.READ_REOPENED,
        subject=reopening.read,
        reason=reopening.decision,
        by=by,
        now=now,
        detail={"member": str(session.member_id), "session": session.session.ordinal},
    )
    return reopening


@transaction.atomic
def reopening_refuse(*, reopening_id: UUID, decision: str, by: User, now: datetime) -> Reopening:
    """Let the read stay as it is."""
    return _decide(reopening_id, ReopeningStatus.REFUSED, decision=decision, by=by, now=now)


@transaction.atomic
def correction_submit(
    *,
    read_id: UUID,
    idempotency_key: UUID,
    answers: Mapping[str, Any],
    measurements: Sequence[Mapping[str, Any]],
    reason: str,
    by: User,
    now: datetime,
    annotations: Sequence[Mapping[str, Any]] | None = None,
    labelmaps: Sequence[Mapping[str, Any]] | None = None,
) -> Correction:
    """Add the corrected answers to a read that was opened again. The same key sent again writes nothing.

    Without `annotations` or `labelmaps` those that hold are taken over into the correction.

    Raises
    ------
    RuleBroken
        `not_reopened` without a leave that is unused; `study_not_reading`; `reason_missing`.
    """
    read, study = _hold(by=by, read_id=read_id)
    known = Correction.objects.filter(read=read, idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    check_is_reading(StudyPhase(study.phase))
    reopening = granted_reopening(read)
    if reopening is None:
        raise RuleBroken("not_reopened", "This case is not open for a correction.")
    drawn = as_sent(read, into=read)["annotations"] if annotations is None else annotations
    painted = entered_labelmaps(read, labelmaps)
    entered = check_entered(read, answers, measurements, annotations=drawn, labelmaps=painted, complete=True)
    check_reopening_transition(ReopeningStatus(reopening.status), ReopeningStatus.CORRECTED)
    reopening.status = ReopeningStatus.CORRECTED
    reopening.save(update_fields=["status"])
    correction = Correction.objects.create(
        reopening=reopening,
        read=read,
        ordinal=Correction.objects.filter(read=read).count() + 1,
        reason=_given(reason),
        submitted_at=now,
        submitted_by=by,
        idempotency_key=idempotency_key,
    )
    store_entered(read, entered, correction=correction)
    detail = {"read": str(read.pk), "correction": correction.ordinal}
    record(event="read_corrected", by=by, at=now, subject=correction, study_id=study.pk, detail=detail)
    committed(read=read, now=now)
    return correction


def correctable_reads(member: StudyMember) -> list[Correctable]:
    """The reader's submitted reads of the study's sessions, the latest first, each with its last request."""
    reads = list(
        Read.objects.filter(
            assignment__reading_session__member=member,
            assignment__reading_session__session__kind=SessionKind.STUDY,
            status=ReadStatus.SUBMITTED,
        )
        .select_related("assignment__reading_session__session")
        .order_by("-submitted_at")
    )
    requests = {one.read_id: one for one in Reopening.objects.filter(read__in=reads).order_by("requested_at")}
    return [Correctable(read, requests.get(read.pk)) for read in reads]


def corrected_draft(read: Read) -> dict[str, Any]:
    """What holds of a read that is open for a correction, as its reader's browser sends it."""
    return as_sent(read, into=read)


def reopenings_of(study: ReaderStudy) -> list[Reopening]:
    """Every request of a study with its read, reader and session; nothing of what the reads hold."""
    return list(
        Reopening.objects.filter(read__study=study)
        .select_related("requested_by", "decided_by", "read__assignment__reading_session__session")
        .order_by("-requested_at")
    )


def access_reopening(*, study: ReaderStudy, reopening_id: UUID) -> Reopening:
    reopening = Reopening.objects.filter(pk=reopening_id, read__study=study).first()
    if reopening is None:
        raise NotFound
    return reopening


def _hold(*, by: User, read_id: UUID) -> tuple[Read, ReaderStudy]:
    """The reader's own read, held with the study, in the order in which every write of a reader holds them."""
    read = access_read(by=by, read_id=read_id)
    access_membership(by=by, slug=read.assignment.study_case.study.slug, roles=[Role.READER], for_update=True)
    read = access_read(by=by, read_id=read_id, for_update=True)
    return read, hold_study(read.study_id)


def _decide(reopening_id: UUID, to: ReopeningStatus, *, decision: str, by: User, now: datetime) -> Reopening:
    # The study first, as a correction holds it, or each of the two could wait for the other.
    study = hold_study(Reopening.objects.values_list("read__study", flat=True).get(pk=reopening_id))
    check_is_reading(StudyPhase(study.phase))
    reopening = (
        Reopening.objects.select_for_update(of=("self",))
        .select_related("read__study", "read__assignment__reading_session__session")
        .get(pk=reopening_id)
    )
    before = ReopeningStatus(reopening.status)
    check_reopening_transition(before, to)
    reopening.status = to
    reopening.decision = _given(decision)
    reopening.decided_at, reopening.decided_by = now, by
    reopening.save(update_fields=["status", "decision", "decided_at", "decided_by"])
    record(
        event=f"correction_{to.lower()}",
        by=by,
        at=now,
        subject=reopening,
        study_id=study.pk,
        old={"status": before},
        new={"status": to},
        reason=reopening.decision,
    )
    return reopening


def _check_case_is_closed(read: Read) -> None:
    """Own earlier answers must not come up beside the same case."""
    same = Read.objects.filter(reader=read.reader_id, assignment__study_case=read.assignment.study_case_id)
    if same.filter(status=ReadStatus.DRAFT).exists():
        text = "What this reader has open now stands in the way. Please decide once it is submitted."
        raise RuleBroken("case_is_open", text)


def _given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken("reason_missing", "Please give a reason.")
    return reason.strip()
