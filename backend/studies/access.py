"""The doors to a study: the object for somebody who may have it, the same 404 for everybody else."""

from collections.abc import Collection
from uuid import UUID

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound

from .blinding import Phase
from .models import ReaderStudy, StudyMember
from .session_states import SessionStatus, StudyPhase


def access_membership(
    *, by: User, slug: str, roles: Collection[Role], for_update: bool = False
) -> StudyMember:
    """The person's membership of the study in one of `roles`, the first in their order; who left has none."""
    members = StudyMember.objects.select_related("study").filter(withdrawn_at=None)
    if for_update:
        members = members.select_for_update(of=("self",), no_key=True)
    found = {
        member.role: member for member in members.filter(user=by, study__slug=slug, role__in=list(roles))
    }
    for role in roles:
        if role in found:
            return found[role]
    raise NotFound


def access_study(*, by: User, slug: str, roles: Collection[Role], for_update: bool = False) -> ReaderStudy:
    """The study, if this person has one of `roles` in it."""
    member = access_membership(by=by, slug=slug, roles=roles)
    if for_update:
        return ReaderStudy.objects.select_for_update().get(pk=member.study_id)
    return member.study


def holds_role(*, by: User, roles: Collection[Role]) -> bool:
    """Whether the person has one of `roles` in any study now."""
    return StudyMember.objects.filter(user=by, role__in=list(roles), withdrawn_at=None).exists()


def left_early(study: ReaderStudy) -> set[UUID]:
    """The readers who left before they had read all that was theirs; who left after it keeps a part in the data."""
    gone = study.members.filter(role=Role.READER, withdrawn_at__isnull=False)
    return set(gone.filter(reading_sessions__status=SessionStatus.VOIDED).values_list("pk", flat=True))


def hold_study(study_id: UUID) -> ReaderStudy:
    """The study, held until the caller's transaction ends: a read that is being written and the lock of the
    database wait for each other, so no read is committed after the data were frozen.
    """
    return ReaderStudy.objects.select_for_update(no_key=True).get(pk=study_id)


def desk_phase(study: ReaderStudy) -> Phase:
    """The blinding phase for everybody who is not reading a case."""
    return {
        StudyPhase.DESIGN: Phase.DESIGN,
        StudyPhase.READING: Phase.UNAIDED,
        StudyPhase.LOCKED: Phase.LOCKED,
    }[StudyPhase(study.phase)]
