"""The conduct of a study after its freeze: people who join late, leave or are replaced, and every deviation.

A deviation is written with what departs from the protocol, in one transaction, and always with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record

from .access import hold_study
from .design import Cell, cells_of
from .drawing import Strata, reader_allocate, reader_draw
from .models import Deviation, ReaderStudy, ReadingSession, StudyMember
from .services import check_strata, member_add, member_enroll
from .session_states import (
    SESSION_TRANSITIONS,
    DeviationKind,
    SessionStatus,
    StudyPhase,
    check_is_reading,
    check_session_transition,
)


def deviation_record(
    *,
    study: ReaderStudy,
    kind: DeviationKind,
    subject: models.Model,
    reason: str,
    by: User | None,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> Deviation:
    """Write a deviation down, with its audit event, in the caller's transaction.

    `detail` says what the deviation is about: `member` and `replaced_by` (keys of members), `session`, `position`,
    `case`, and the counts `missing` and `unsettled`. It is shown to the desk before the lock and holds nothing that
    the desk is blind to.

    Raises
    ------
    RuleBroken
        `reason_missing`.
    """
    if not reason.strip():
        raise RuleBroken("reason_missing", "A deviation from the protocol needs a reason.")
    deviation = Deviation.objects.create(
        study=study,
        kind=kind,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=dict(detail or {}),
    )
    record(
        event="deviation_recorded",
        by=by,
        at=now,
        subject=deviation,
        study_id=study.pk,
        reason=deviation.reason,
        detail={"kind": kind.value},
    )
    return deviation


@transaction.atomic
def member_join(
    *,
    study: ReaderStudy,
    user: User,
    role: Role,
    by: User,
    now: datetime,
    center: Center | None = None,
    group: str = "",
    reason: str = "",
    strata: Strata | None = None,
) -> StudyMember:
    """Give a person a role at any time before the lock; a reader after the freeze joins late, with a reason."""
    study = hold_study(study.pk)
    if study.phase == StudyPhase.LOCKED:
        raise RuleBroken("study_locked", "The study is locked; nobody joins it any more.")
    _check_group(study, role, group)
    if role is Role.READER and study.phase != StudyPhase.DESIGN:
        return reader_enroll_late(
            study=study, user=user, group=group, reason=reason, strata=strata, by=by, now=now
        )
    return member_enroll(study=study, user=user, role=role, center=center, group=group, by=by, now=now)


@transaction.atomic
def reader_enroll_late(
    *,
    study: ReaderStudy,
    user: User,
    reason: str,
    by: User,
    now: datetime,
    group: str = "",
    strata: Strata | None = None,
) -> StudyMember:
    """Enroll a reader after the freeze: a place is drawn, then an order for every session, all of them recorded."""
    study = hold_study(study.pk)
    check_is_reading(StudyPhase(study.phase))
    member = _late_member(study, user, group=group, cell=None, strata=strata, by=by, now=now)
    deviation_record(
        study=study,
        kind=DeviationKind.READER_ENROLLED_LATE,
        subject=member,
        reason=reason,
        by=by,
        now=now,
        detail={"member": str(member.pk)},
    )
    return member


@transaction.atomic
def member_withdraw(*, member_id: UUID, study: ReaderStudy, reason: str, by: User, now: datetime) -> None:
    """End a membership. Before the freeze it is taken back; later the person leaves, and what was read stays.

    The sessions of a reader who leaves are voided, the locked ones aside. A read that was open is never submitted
    and can no longer be reached.

    Raises
    ------
    RuleBroken
        `last_coordinator`, `already_withdrawn`, `study_locked`, or `reason_missing` for a reader after the freeze.
    """
    member = _hold_member(study, member_id)
    study = hold_study(study.pk)
    _check_may_leave(study, member)
    if study.phase == StudyPhase.DESIGN:
        record(
            event="member_removed",
            by=by,
            at=now,
            subject=member,
            study_id=study.pk,
            detail={"role": member.role},
        )
        member.delete()
        return
    _leave(member, by=by, now=now)
    if member.role == Role.READER:
        deviation_record(
            study=study,
            kind=DeviationKind.READER_WITHDRAWN,
            subject=member,
            reason=reason,
            by=by,
            now=now,
            detail={"member": str(member.pk)},
        )


@transaction.atomic
def reader_replace(
    *,
    member_id: UUID,
    study: ReaderStudy,
    user: User,
    reason: str,
    by: User,
    now: datetime,
    strata: Strata | None = None,
) -> StudyMember:
    """A reader leaves and another takes the same place (group and sequence), with orders of the new reader's own."""
    member = _hold_member(study, member_id)
    study = hold_study(study.pk)
    check_is_reading(StudyPhase(study.phase))
    if member.role != Role.READER:
        raise RuleBroken("not_a_reader", "Only a reader can be replaced.")
    _check_may_leave(study, member)
    _leave(member, by=by, now=now)
    cell = Cell(member.group, member.sequence)
    successor = _late_member(study, user, group=member.group, cell=cell, strata=strata, by=by, now=now)
    deviation_record(
        study=study,
        kind=DeviationKind.READER_REPLACED,
        subject=member,
        reason=reason,
        by=by,
        now=now,
        detail={"member": str(member.pk), "replaced_by": str(successor.pk)},
    )
    return successor


@dataclass(frozen=True)
class ListedDeviation:
    """A deviation as the desk lists it. `about` names people and places that the desk knows."""

    number: int
    kind: str
    reason: str
    recorded_at: datetime
    recorded_by: str
    about: str


def deviations_of(study: ReaderStudy) -> list[ListedDeviation]:
    """The deviations of a study, numbered in the order in which they were recorded."""
    names = {str(member.pk): member.user.shown_name for member in study.members.select_related("user").all()}
    rows = study.deviations.select_related("recorded_by").order_by("recorded_at", "id")
    return [
        ListedDeviation(
            number=number,
            kind=one.kind,
            reason=one.reason,
            recorded_at=one.recorded_at,
            recorded_by="" if one.recorded_by is None else one.recorded_by.shown_name,
            about=about_text(one.detail, names),
        )
        for number, one in enumerate(rows, start=1)
    ]


def about_text(detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a deviation is about, in words."""
    parts = []
    if "member" in detail:
        parts.append(names.get(detail["member"], "a former member"))
    if "replaced_by" in detail:
        parts.append(f"replaced by {names.get(detail['replaced_by'], 'a former member')}")
    if "session" in detail:
        parts.append(f"session {detail['session']}")
    if "position" in detail:
        parts.append(f"place {detail['position']}")
    if "case" in detail:
        parts.append(f"case {detail['case']}")
    if detail.get("missing"):
        parts.append(f"{detail['missing']} reads missing")
    if detail.get("unsettled"):
        parts.append(f"{detail['unsettled']} cases not adjudicated")
    return ", ".join(parts)


def _hold_member(study: ReaderStudy, member_id: UUID) -> StudyMember:
    """The member, held before the study as an opening read holds them, so that neither waits for the other."""
    members = StudyMember.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    member = members.filter(pk=member_id, study=study).first()
    if member is None:
        raise NotFound
    return member


def _check_may_leave(study: ReaderStudy, member: StudyMember) -> None:
    if study.phase == StudyPhase.LOCKED:
        raise RuleBroken("study_locked", "The study is locked; nobody leaves it any more.")
    if member.withdrawn_at is not None:
        raise RuleBroken("already_withdrawn", "This person has left the study already.")
    if member.role == Role.COORDINATOR:
        others = study.members.filter(role=Role.COORDINATOR, withdrawn_at=None).exclude(pk=member.pk)
        if not others.exists():
            raise RuleBroken("last_coordinator", "The study would be left without a coordinator.")


def _leave(member: StudyMember, *, by: User, now: datetime) -> None:
    member.withdrawn_at, member.withdrawn_by = now, by
    member.save(update_fields=["withdrawn_at", "withdrawn_by"])
    voided = 0
    for session in ReadingSession.objects.select_for_update(of=("self",)).filter(member=member):
        if not SESSION_TRANSITIONS[SessionStatus(session.status)]:
            continue
        check_session_transition(SessionStatus(session.status), SessionStatus.VOIDED)
        session.status = SessionStatus.VOIDED
        session.save(update_fields=["status"])
        voided += 1
    record(
        event="member_withdrawn",
        by=by,
        at=now,
        subject=member,
        study_id=member.study_id,
        detail={"role": member.role, "sessions_voided": voided},
    )


def _late_member(
    study: ReaderStudy,
    user: User,
    *,
    group: str,
    cell: Cell | None,
    strata: Strata | None,
    by: User,
    now: datetime,
) -> StudyMember:
    check_strata(study, strata)
    member = member_add(study=study, user=user, role=Role.READER, now=now, group=group)
    reader_allocate(study, member, now=now, cell=cell)
    reader_draw(study, member, strata=strata, now=now)
    detail = {"role": Role.READER.value, "is_late": True}
    record(event="member_enrolled", by=by, at=now, subject=member, study_id=study.pk, detail=detail)
    return member


def _check_group(study: ReaderStudy, role: Role, group: str) -> None:
    if not group:
        return
    if role is not Role.READER:
        raise RuleBroken("unknown_group", "Only readers stand in a group.")
    if group not in {cell.group for cell in cells_of(study.protocol)}:
        raise RuleBroken("unknown_group", f"The protocol has no group {group} that reads anything.")
