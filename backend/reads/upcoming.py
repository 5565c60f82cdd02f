"""The read that its reader would be given next, so that its images can be on their way before it is opened.

It is worked out by the rules that open reads, and nothing is written: no row, no event, no draft (ADR 0017).
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.studies.models import Assignment, StudyMember
from backend.studies.session_states import (
    NextStatus,
    NextTurn,
    SessionStatus,
    StudyPhase,
    Turn,
    check_turn_is_open,
)
from backend.studies.sittings import Commit

from .access import Sitting, owes_correction, sitting_of
from .models import Read


def read_id_of(assignment: Assignment, step: int) -> UUID:
    """The id that the read of a step has once it is opened; known beforehand to the server alone."""
    drawn = salted_hmac("backend.reads.read", f"{assignment.pk}:{step}", algorithm="sha256").digest()
    return UUID(bytes=drawn[:16], version=4)


def read_of(assignment: Assignment, step: int) -> Read:
    """The read of a step as it would be opened, not stored."""
    member = assignment.reading_session.member
    return Read(
        id=read_id_of(assignment, step),
        assignment=assignment,
        step=step,
        arm=assignment.arms[step - 1],
        protocol_version=member.study.protocol_version,
        reader=member.user,
        study=member.study,
    )


def upcoming_read(member: StudyMember, *, now: datetime) -> Read | None:
    """What the reader would be given next in the session being read, were the open read committed now.

    None where nothing would be: the session ends, a break or a washout is due, or a correction is owed. So no image
    comes earlier than the rules let its case be opened, but for the time that the open read takes.
    """
    if member.study.phase != StudyPhase.READING or owes_correction(member.user, member.study):
        return None
    sitting = sitting_of(member)
    try:
        turn = _turn_after(sitting, now=now)
    except RuleBroken:
        return None
    if turn is None:
        return None
    position, step = check_turn_is_open(turn)
    assignment = Assignment.objects.select_related(
        "reading_session__session", "reading_session__member__user", "study_case__study", "study_case__case"
    ).get(reading_session=sitting.session_of(turn), position=position)
    return read_of(assignment, step)


def access_upcoming(*, by: User, read_id: UUID, now: datetime) -> Read:
    """The read that this person would be given next, by the id that it will have. Anything else is the same 404."""
    members = StudyMember.objects.filter(
        user=by, role=Role.READER, withdrawn_at=None, study__phase=StudyPhase.READING
    )
    for member in members.select_related("study", "user"):
        read = upcoming_read(member, now=now)
        if read is not None and read.pk == read_id:
            return read
    raise NotFound


def _turn_after(sitting: Sitting, *, now: datetime) -> NextTurn | None:
    """The turn that opens after the open read, or at once where none is open; within the open session alone."""
    turn = sitting.next_turn(now)
    following = _committed(sitting, turn, now=now).next_turn(now) if turn.resumes_draft else turn
    if following.status is not NextStatus.OPEN or following.session_ordinal != turn.session_ordinal:
        return None
    return following if sitting.session_of(following).status == SessionStatus.OPEN else None


def _committed(sitting: Sitting, draft: NextTurn, *, now: datetime) -> Sitting:
    """The sitting as it were if the open read were committed now."""
    session = sitting.session_of(draft)
    place = list(sitting.sessions).index(session)
    view = sitting.views[place]

    def commit(turn: Turn) -> Turn:
        return replace(turn, is_draft=False, is_submitted=True) if turn.is_draft else turn

    views = list(sitting.views)
    views[place] = replace(view, turns=tuple(commit(turn) for turn in view.turns))
    position, step = check_turn_is_open(draft)
    read = Read.objects.get(assignment__reading_session=session, assignment__position=position, step=step)
    commits = [*sitting.commits, Commit(read.assignment_id, read.opened_at, now)]
    return replace(sitting, views=views, commits=commits)
