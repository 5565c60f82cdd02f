"""The leave to read a case before its washout has passed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.studies.access import hold_study
from backend.studies.conduct import deviation_record
from backend.studies.models import Assignment, ReaderStudy, StudyMember, WashoutOverride
from backend.studies.session_states import DeviationKind, NextStatus, StudyPhase, check_is_reading

from .access import sitting_of


@transaction.atomic
def washout_override(
    *, study: ReaderStudy, member_id: UUID, reason: str, by: User, now: datetime
) -> WashoutOverride:
    """Open the one case for which a reader waits now; the case after it waits again.

    The order is not changed and nothing else is opened: only the case whose turn it is can be.

    Raises
    ------
    RuleBroken
        `not_waiting`, when no washout keeps the reader from the next case; `reason_missing`.
    """
    members = StudyMember.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    member = members.filter(pk=member_id, study=study, role=Role.READER, withdrawn_at=None).first()
    if member is None:
        raise NotFound
    member.study = hold_study(study.pk)
    check_is_reading(StudyPhase(member.study.phase))
    sitting = sitting_of(member)
    turn = sitting.next_turn(now)
    if turn.status is not NextStatus.WAITING or turn.position is None:
        raise RuleBroken("not_waiting", "No washout keeps this reader from the next case now.")
    assignment = Assignment.objects.get(reading_session=sitting.session_of(turn), position=turn.position)
    override = WashoutOverride.objects.create(assignment=assignment, granted_at=now, granted_by=by)
    place = {"session": turn.session_ordinal, "position": turn.position}
    record(event="washout_overridden", by=by, at=now, subject=override, study_id=study.pk, detail=dict(place))
    deviation_record(
        study=member.study,
        kind=DeviationKind.WASHOUT_OVERRIDDEN,
        subject=assignment,
        reason=reason,
        by=by,
        now=now,
        detail={"member": str(member.pk), **place},
    )
    return override
