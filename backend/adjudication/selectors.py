"""What an adjudicator may know of the work: counts, and the own open item."""

from dataclasses import dataclass
from uuid import UUID

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.studies.adjudication_design import Mode
from backend.studies.models import ReaderStudy, StudyMember
from backend.studies.session_states import StudyPhase

from .item_states import ItemStatus
from .models import AdjudicationItem
from .panels import is_read_to_the_end


@dataclass(frozen=True)
class AdjudicatorWork:
    """`waiting` items can be opened now; `settled` are this adjudicator's own."""

    open_item: UUID | None
    waiting: int
    settled: int


def studies_of_adjudicator(by: User) -> list[ReaderStudy]:
    members = StudyMember.objects.filter(user=by, role=Role.ADJUDICATOR, withdrawn_at=None)
    return [member.study for member in members.select_related("study").order_by("study__slug")]


def items_waiting(study: ReaderStudy) -> list[AdjudicationItem]:
    """The items that may be opened, in their drawn order.

    A meeting of the readers would tell them of each other's answers: a case waits for it until none of them will
    meet the case again.
    """
    if study.phase != StudyPhase.READING:
        return []
    raised = AdjudicationItem.objects.filter(study=study, status=ItemStatus.RAISED).order_by("seed")
    return [item for item in raised if item.mode != Mode.CONSENSUS or is_read_to_the_end(item.study_case_id)]


def work_of(study: ReaderStudy, *, by: User) -> AdjudicatorWork:
    own = AdjudicationItem.objects.filter(study=study, opened_by=by)
    opened = own.filter(status=ItemStatus.OPEN).first() if study.phase == StudyPhase.READING else None
    return AdjudicatorWork(
        open_item=opened.pk if opened else None,
        waiting=len(items_waiting(study)),
        settled=own.filter(status=ItemStatus.SETTLED).count(),
    )
