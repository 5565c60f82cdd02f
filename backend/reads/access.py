"""The one door to reads: nothing else starts a query for a person's reads or answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound
from backend.cases.models import CaseImage, CaseSeries
from backend.studies.design import count_from, washout_before
from backend.studies.models import (
    Assignment,
    ProtocolVersion,
    ReaderStudy,
    ReadingSession,
    StudyMember,
    WashoutOverride,
)
from backend.studies.session_states import (
    CountFrom,
    NextTurn,
    ReopeningStatus,
    SessionStatus,
    SessionView,
    StudyPhase,
    Turn,
    next_turn,
)
from backend.studies.sittings import Commit, limits_of, with_break

from .image_presentation import series_in_order
from .models import Correction, Read, ReadStatus, Reopening

_Row = Mapping[str, Any]
_Reads = Mapping[tuple[UUID, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Sitting:
    """One reader's sessions as the rules need them, with the rows behind them."""

    member: StudyMember
    study: ReaderStudy
    sessions: Sequence[ReadingSession]
    views: Sequence[SessionView]
    arms: Mapping[UUID, frozenset[str]]
    commits: Sequence[Commit]

    @property
    def count_from(self) -> CountFrom:
        return count_from(self.study.protocol)

    def next_turn(self, now: datetime) -> NextTurn:
        turn = next_turn(self.views, count_from=self.count_from, now=now)
        return with_break(turn, self.commits, limits_of(self.study.protocol), now=now)

    def session_of(self, turn: NextTurn) -> ReadingSession:
        """The session of a turn, in the attempt that is being made."""
        return next(
            session
            for session, view in zip(self.sessions, self.views, strict=True)
            if session.session.ordinal == turn.session_ordinal
            and view.status in (SessionStatus.SCHEDULED, SessionStatus.OPEN, SessionStatus.READ)
        )


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
    member = read.assignment.reading_session.member
    if member.user_id != by.pk or member.withdrawn_at is not None:
        raise NotFound
    # The same one, with its long protocol.
    read.study = read.assignment.study_case.study
    return read


def granted_reopening(read: Read) -> Reopening | None:
    """The leave to correct the read that its reader has not used yet; the lock of the database ends it."""
    if read.status != ReadStatus.SUBMITTED or read.assignment.study_case.study.phase != StudyPhase.READING:
        return None
    return Reopening.objects.filter(read=read, status=ReopeningStatus.GRANTED).first()


def owes_correction(by: User, study: ReaderStudy) -> bool:
    """Whether the reader was given leave to correct a read of the study and has not done it."""
    return Reopening.objects.filter(
        read__reader=by, read__study=study, status=ReopeningStatus.GRANTED
    ).exists()


def is_open(read: Read) -> bool:
    """Whether the reader has the read open: not yet committed, or opened again to be corrected."""
    return read.status == ReadStatus.DRAFT or granted_reopening(read) is not None


def access_open_read(*, by: User, read_id: UUID) -> Read:
    """The read, if this person is reading it now: its images and aids are shown for no longer than that."""
    read = access_read(by=by, read_id=read_id)
    if not is_open(read):
        raise NotFound
    if read.assignment.study_case.study.phase != StudyPhase.READING:
        raise NotFound
    return read


def shown_series(read: Read) -> list[CaseSeries]:
    """The series of the case in the order in which the reader finds them: the protocol's sequence first."""
    study_case = read.assignment.study_case
    return series_in_order(study_case.case_id, primary_role=study_case.study.protocol["primary_role"])


def access_series(*, by: User, read_id: UUID, index: int) -> tuple[Read, CaseSeries]:
    read = access_open_read(by=by, read_id=read_id)
    series = shown_series(read)
    if not 0 <= index < len(series):
        raise NotFound
    return read, series[index]


def image_at(series: CaseSeries, frame: int) -> CaseImage:
    """The slice at `frame`, counted from 1, of a series that the person may see."""
    image = CaseImage.objects.filter(series=series, index=frame - 1).first()
    if image is None:
        raise NotFound
    return image


def earlier_steps_are_committed(read: Read) -> bool:
    """Whether the reader has committed every step of the case before this one."""
    earlier = Read.objects.filter(
        assignment=read.assignment_id, step__lt=read.step, status=ReadStatus.SUBMITTED
    )
    return earlier.count() == read.step - 1


def protocol_of(read: Read) -> dict[str, Any]:
    """The version of the protocol under which the read was opened; an amendment never reaches back to it."""
    study = read.assignment.study_case.study
    if read.protocol_version == study.protocol_version:
        protocol: dict[str, Any] = study.protocol
        return protocol
    return ProtocolVersion.objects.get(study=study, version=read.protocol_version).content


def sitting_of(member: StudyMember) -> Sitting:
    """The member's sessions with every turn of them, in a few queries whatever their number."""
    sessions = list(
        ReadingSession.objects.filter(member=member)
        .select_related("session")
        .order_by("session__ordinal", "attempt")
    )
    assignments = list(
        Assignment.objects.filter(reading_session__in=sessions)
        .order_by("reading_session__session__ordinal", "reading_session__attempt", "position")
        .values("id", "reading_session_id", "study_case_id", "position", "arms")
    )
    reads = {
        (row["assignment_id"], row["step"]): row
        for row in Read.objects.filter(assignment__reading_session__in=sessions).values(
            "assignment_id", "step", "status", "opened_at", "submitted_at"
        )
    }
    overridden = set(
        WashoutOverride.objects.filter(assignment__reading_session__in=sessions).values_list(
            "assignment_id", flat=True
        )
    )
    history = _History(_last_corrections(sessions))
    views: list[SessionView] = []
    for session in sessions:
        own = [row for row in assignments if row["reading_session_id"] == session.pk]
        turns = [turn for row in own for turn in _turns(row, reads, overridden, history)]
        views.append(_view(member.study, session, turns, views, sessions))
        history.add(session, own, reads)
    arms = {
        session.pk: frozenset(
            arm for row in assignments if row["reading_session_id"] == session.pk for arm in row["arms"]
        )
        for session in sessions
    }
    commits = [
        Commit(row["assignment_id"], row["opened_at"], row["submitted_at"])
        for row in reads.values()
        if row["submitted_at"] is not None
    ]
    return Sitting(
        member=member, study=member.study, sessions=sessions, views=views, arms=arms, commits=commits
    )


def _last_corrections(sessions: Sequence[ReadingSession]) -> dict[UUID, datetime]:
    """When an assignment was corrected last: the reader had the case open until then."""
    corrections = Correction.objects.filter(read__assignment__reading_session__in=sessions)
    return dict(corrections.order_by("submitted_at").values_list("read__assignment", "submitted_at"))


class _History:
    """What the reader has met in the sessions before: which cases, and when each was committed or corrected last."""

    def __init__(self, corrected: Mapping[UUID, datetime]) -> None:
        self.met: set[UUID] = set()
        self.committed: dict[UUID, datetime] = {}
        self.corrected = corrected

    def add(self, session: ReadingSession, rows: Sequence[_Row], reads: _Reads) -> None:
        for row in rows:
            if session.status != SessionStatus.VOIDED:
                self.met.add(row["study_case_id"])
            for step, _ in enumerate(row["arms"], start=1):
                read = reads.get((row["id"], step))
                if read is not None and read["submitted_at"] is not None:
                    seen = self.corrected.get(row["id"], read["submitted_at"])
                    before = self.committed.get(row["study_case_id"], seen)
                    self.committed[row["study_case_id"]] = max(before, seen)


def _turns(row: _Row, reads: _Reads, overridden: set[UUID], history: _History) -> Iterator[Turn]:
    for step, _ in enumerate(row["arms"], start=1):
        read = reads.get((row["id"], step))
        is_submitted = read is not None and read["status"] == ReadStatus.SUBMITTED
        yield Turn(
            position=row["position"],
            step=step,
            is_submitted=is_submitted,
            is_draft=read is not None and not is_submitted,
            was_read_before=row["study_case_id"] in history.met,
            prior_submitted_at=history.committed.get(row["study_case_id"]),
            is_washout_overridden=row["id"] in overridden,
        )


def _view(
    study: ReaderStudy,
    session: ReadingSession,
    turns: Sequence[Turn],
    before: Sequence[SessionView],
    sessions: Sequence[ReadingSession],
) -> SessionView:
    prior = next(
        (
            one.locked_at
            for one in reversed(sessions[: len(before)])
            if one.session.ordinal not in (0, session.session.ordinal) and one.locked_at is not None
        ),
        None,
    )
    is_last_attempt = not any(
        one.session_id == session.session_id and one.attempt > session.attempt for one in sessions
    )
    return SessionView(
        ordinal=session.session.ordinal,
        status=SessionStatus(session.status),
        turns=tuple(turns),
        washout=washout_before(study.protocol, session.session.ordinal),
        prior_locked_at=prior,
        is_failed=session.is_passed is False and is_last_attempt,
        attempt=session.attempt,
    )


def readers_of(study: ReaderStudy) -> list[StudyMember]:
    """The readers in the order of their enrollment, those who left included."""
    return list(
        study.members.filter(role=Role.READER).select_related("user", "study").order_by("enrolled_at", "id")
    )
