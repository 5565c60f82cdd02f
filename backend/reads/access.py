"""The one door to reads: nothing else starts a query for a person's reads or answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound
from backend.cases.models import CaseImage, CaseSeries
from backend.studies.models import Assignment, ReaderStudy, ReadingSession, StudyMember
from backend.studies.session_states import SessionStatus, SessionView, StudyPhase, Turn

from .models import Read, ReadStatus

ROLE_ORDER = ("T2W", "DWI", "ADC", "T1", "CT", "OTHER")


@dataclass(frozen=True)
class Sitting:
    """One reader's sessions as the rules need them, with the rows behind them."""

    member: StudyMember
    study: ReaderStudy
    sessions: Sequence[ReadingSession]
    views: Sequence[SessionView]

    @property
    def washout(self) -> timedelta:
        return timedelta(days=self.study.protocol["washout_days"])


def access_read(*, by: User, read_id: UUID, for_update: bool = False) -> Read:
    """The read, if this person may know of it. Anything else is the same 404."""
    reads = Read.objects.select_related(
        "assignment__reading_session__session",
        "assignment__reading_session__member",
        "assignment__study_case__study",
        "assignment__study_case__case",
    )
    if for_update:
        reads = reads.select_for_update(of=("self",))
    read = reads.filter(pk=read_id).first()
    if read is None:
        raise NotFound
    if read.reader_id != by.pk:
        raise NotFound
    if read.assignment.reading_session.member.user_id != by.pk:
        raise NotFound
    return read


def access_open_read(*, by: User, read_id: UUID) -> Read:
    """The read, if this person is reading it now: its images and aids are shown for no longer than that."""
    read = access_read(by=by, read_id=read_id)
    if read.status != ReadStatus.DRAFT:
        raise NotFound
    if read.assignment.study_case.study.phase != StudyPhase.READING:
        raise NotFound
    return read


def shown_series(read: Read) -> list[CaseSeries]:
    """The series of the case in the order in which the reader finds them: the protocol's sequence first."""
    primary = read.assignment.study_case.study.protocol["primary_role"]
    series = CaseSeries.objects.filter(case_id=read.assignment.study_case.case_id)
    return sorted(
        series, key=lambda one: (one.role != primary, _rank(one), one.plane != "axial", one.position)
    )


def access_series(*, by: User, read_id: UUID, index: int) -> tuple[Read, CaseSeries]:
    read = access_open_read(by=by, read_id=read_id)
    series = shown_series(read)
    if not 0 <= index < len(series):
        raise NotFound
    return read, series[index]


def access_image(*, by: User, read_id: UUID, index: int, frame: int) -> CaseImage:
    """The slice at `frame`, counted from 1."""
    _, series = access_series(by=by, read_id=read_id, index=index)
    image = CaseImage.objects.filter(series=series, index=frame - 1).first()
    if image is None:
        raise NotFound
    return image


def sitting_of(member: StudyMember) -> Sitting:
    """The member's sessions with every turn of them, in two queries whatever their number."""
    sessions = list(
        ReadingSession.objects.filter(member=member).select_related("session").order_by("session__ordinal")
    )
    assignments = list(
        Assignment.objects.filter(reading_session__in=sessions)
        .order_by("reading_session__session__ordinal", "position")
        .values("id", "reading_session_id", "study_case_id", "position")
    )
    reads = {
        row["assignment_id"]: row
        for row in Read.objects.filter(assignment__reading_session__in=sessions).values(
            "assignment_id", "status", "submitted_at"
        )
    }
    views: list[SessionView] = []
    submitted_before: dict[UUID, object] = {}
    for session in sessions:
        own = [row for row in assignments if row["reading_session_id"] == session.pk]
        submitted_here = {}
        turns = []
        for row in own:
            read = reads.get(row["id"])
            is_submitted = read is not None and read["status"] == ReadStatus.SUBMITTED
            if read is not None and is_submitted:
                submitted_here[row["study_case_id"]] = read["submitted_at"]
            turns.append(
                Turn(
                    position=row["position"],
                    is_submitted=is_submitted,
                    is_draft=read is not None and not is_submitted,
                    prior_submitted_at=submitted_before.get(row["study_case_id"]),  # type: ignore[arg-type]
                )
            )
        views.append(
            SessionView(
                ordinal=session.session.ordinal, status=SessionStatus(session.status), turns=tuple(turns)
            )
        )
        submitted_before = {**submitted_before, **submitted_here}
    return Sitting(member=member, study=member.study, sessions=sessions, views=views)


def readers_of(study: ReaderStudy) -> list[StudyMember]:
    """The readers in the order of their enrolment."""
    return list(
        study.members.filter(role=Role.READER).select_related("user", "study").order_by("enrolled_at", "id")
    )


def _rank(series: CaseSeries) -> int:
    return ROLE_ORDER.index(series.role) if series.role in ROLE_ORDER else len(ROLE_ORDER)
