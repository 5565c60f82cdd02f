"""The life of a study, of a reading session and of a correction, as tables and rules. Pure: no rows, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from backend.audit.errors import RuleBroken


class StudyPhase(StrEnum):
    DESIGN = "DESIGN"
    READING = "READING"
    LOCKED = "LOCKED"


class SessionKind(StrEnum):
    STUDY = "STUDY"
    TRAINING = "TRAINING"


class CasePurpose(StrEnum):
    STUDY = "STUDY"
    TRAINING = "TRAINING"


class SessionStatus(StrEnum):
    """READ: every case is submitted and the reader's signature is awaited."""

    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    READ = "READ"
    LOCKED = "LOCKED"
    VOIDED = "VOIDED"


class ReopeningStatus(StrEnum):
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    CORRECTED = "CORRECTED"


class DrawKind(StrEnum):
    ALLOCATION = "ALLOCATION"
    CASE_SET = "CASE_SET"
    ORDER = "ORDER"


class DeviationKind(StrEnum):
    WASHOUT_OVERRIDDEN = "WASHOUT_OVERRIDDEN"
    READ_REOPENED = "READ_REOPENED"
    READER_REPLACED = "READER_REPLACED"
    READER_WITHDRAWN = "READER_WITHDRAWN"
    READER_ENROLLED_LATE = "READER_ENROLLED_LATE"
    CASE_UNBLINDED = "CASE_UNBLINDED"
    LOCKED_INCOMPLETE = "LOCKED_INCOMPLETE"


STUDY_TRANSITIONS: dict[StudyPhase, frozenset[StudyPhase]] = {
    StudyPhase.DESIGN: frozenset({StudyPhase.READING}),
    StudyPhase.READING: frozenset({StudyPhase.LOCKED}),
    StudyPhase.LOCKED: frozenset(),
}

SESSION_TRANSITIONS: dict[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.SCHEDULED: frozenset({SessionStatus.OPEN, SessionStatus.VOIDED}),
    SessionStatus.OPEN: frozenset({SessionStatus.READ, SessionStatus.VOIDED}),
    SessionStatus.READ: frozenset({SessionStatus.LOCKED, SessionStatus.VOIDED}),
    SessionStatus.LOCKED: frozenset(),
    SessionStatus.VOIDED: frozenset(),
}

REOPENING_TRANSITIONS: dict[ReopeningStatus, frozenset[ReopeningStatus]] = {
    ReopeningStatus.REQUESTED: frozenset({ReopeningStatus.GRANTED, ReopeningStatus.REFUSED}),
    ReopeningStatus.GRANTED: frozenset({ReopeningStatus.CORRECTED}),
    ReopeningStatus.REFUSED: frozenset(),
    ReopeningStatus.CORRECTED: frozenset(),
}


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The value and label pairs of a model field."""
    return [(word.value, word.name.replace("_", " ").capitalize()) for word in words]


def check_study_transition(now_at: StudyPhase, to: StudyPhase) -> None:
    if to not in STUDY_TRANSITIONS[now_at]:
        raise RuleBroken(
            "study_phase", f"The study is in phase {now_at.lower()} and cannot go to {to.lower()} from there."
        )


def check_is_reading(phase: StudyPhase) -> None:
    if phase is not StudyPhase.READING:
        raise RuleBroken("study_not_reading", "This study is not open for reading.")


def check_session_transition(now_at: SessionStatus, to: SessionStatus) -> None:
    if to not in SESSION_TRANSITIONS[now_at]:
        raise RuleBroken(
            "session_status", f"The session is {now_at.lower()} and cannot become {to.lower()} from there."
        )


def check_reopening_transition(now_at: ReopeningStatus, to: ReopeningStatus) -> None:
    if to not in REOPENING_TRANSITIONS[now_at]:
        raise RuleBroken(
            "reopening_status", f"The request is {now_at.lower()} and cannot become {to.lower()} from there."
        )


class CountFrom(StrEnum):
    """What a washout is counted from: the reader's committed read of the case, or the end of the session before."""

    READ = "read"
    SESSION = "session"


@dataclass(frozen=True)
class Turn:
    """One commit in a reader's stored order: the case at `position`, its `step` from 1.

    `was_read_before` says that an earlier session, which was not voided, holds the case; `prior_submitted_at` is
    the reader's own latest committed read of it in an earlier session.
    """

    position: int
    step: int
    is_submitted: bool
    is_draft: bool
    was_read_before: bool = False
    prior_submitted_at: datetime | None = None
    is_washout_overridden: bool = False


@dataclass(frozen=True)
class SessionView:
    """One reader's pass, as the rules need it.

    `washout` is the time that has to pass before a case of this session opens; `prior_locked_at` is the end of
    the reader's session before. `is_failed` marks a training that was not passed in the last attempt.
    """

    ordinal: int
    status: SessionStatus
    turns: Sequence[Turn]
    washout: timedelta = timedelta(0)
    prior_locked_at: datetime | None = None
    is_failed: bool = False
    attempt: int = 1

    @property
    def is_training(self) -> bool:
        return self.ordinal == 0


class NextStatus(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    BREAK = "break"
    TO_SIGN = "to_sign"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True)
class NextTurn:
    """What a reader may do now.

    Read the case at `position`, wait until `opens_at` (for the washout, or for a break to end), sign the session,
    or nothing any more.
    """

    status: NextStatus
    session_ordinal: int | None = None
    position: int | None = None
    step: int | None = None
    opens_at: datetime | None = None
    resumes_draft: bool = False


def opens_at(turn: Turn, session: SessionView, *, count_from: CountFrom) -> datetime | None:
    """The instant at which a case opens again, None where there is nothing to wait for.

    The washout counts whole days of 24 hours in UTC, so no time zone and no change of clocks shortens it. A second
    commit within a case has no washout of its own.

    Raises
    ------
    RuleBroken
        `prior_read_missing`, when an earlier session holds the case and no committed read of it.
    """
    if turn.step > 1 or turn.is_washout_overridden:
        return None
    if count_from is CountFrom.SESSION:
        return _after(session.prior_locked_at, session.washout)
    if turn.prior_submitted_at is not None:
        return _after(turn.prior_submitted_at, session.washout)
    if turn.was_read_before:
        raise RuleBroken("prior_read_missing", "This case has not been read in the session before.")
    return None


def _after(instant: datetime | None, washout: timedelta) -> datetime | None:
    """The instant so much later. Counted in UTC: in a zone of its own, Python adds days by the clock on the wall."""
    return None if instant is None else instant.astimezone(UTC) + washout


def next_turn(sessions: Sequence[SessionView], *, count_from: CountFrom, now: datetime) -> NextTurn:
    """The one next case of a reader, in the stored order, sessions one after the other.

    The order is never changed to fill a wait: when the case whose turn it is has not yet washed out, the
    reader waits, even if a later one has (ADR 0004).
    """
    for session in sessions:
        if session.is_failed:
            return NextTurn(status=NextStatus.FAILED, session_ordinal=session.ordinal)
        if session.status in (SessionStatus.LOCKED, SessionStatus.VOIDED):
            continue
        if session.status is SessionStatus.READ:
            return NextTurn(status=NextStatus.TO_SIGN, session_ordinal=session.ordinal)
        for turn in session.turns:
            if not turn.is_submitted:
                return _turn_now(turn, session, count_from=count_from, now=now)
    return NextTurn(status=NextStatus.COMPLETE)


def _turn_now(turn: Turn, session: SessionView, *, count_from: CountFrom, now: datetime) -> NextTurn:
    opening = opens_at(turn, session, count_from=count_from)
    is_waiting = opening is not None and now < opening and not turn.is_draft
    return NextTurn(
        status=NextStatus.WAITING if is_waiting else NextStatus.OPEN,
        session_ordinal=session.ordinal,
        position=turn.position,
        step=turn.step,
        opens_at=opening,
        resumes_draft=turn.is_draft,
    )


def check_turn_is_open(turn: NextTurn) -> tuple[int, int]:
    """Position and step of the case that may be read now."""
    if turn.status is NextStatus.WAITING and turn.opens_at is not None:
        raise RuleBroken(
            "washout_running",
            f"The next case opens on {turn.opens_at:%d %B %Y at %H:%M} UTC.",
            opens_at=turn.opens_at.isoformat(),
        )
    if turn.status is NextStatus.BREAK and turn.opens_at is not None:
        raise RuleBroken(
            "break_due",
            f"Please take a break: the next case opens at {turn.opens_at:%H:%M} UTC.",
            opens_at=turn.opens_at.isoformat(),
        )
    if turn.status is NextStatus.TO_SIGN:
        raise RuleBroken("session_to_sign", "All cases of the session are read. Please sign it to go on.")
    if turn.status is NextStatus.FAILED:
        raise RuleBroken(
            "training_failed", "The training was not passed. Please ask the study's coordinator."
        )
    if turn.status is NextStatus.COMPLETE or turn.position is None or turn.step is None:
        raise RuleBroken("nothing_left", "All your cases are read.")
    return turn.position, turn.step


def draw_states() -> str:
    """The tables as a document; `docs/session-states.md` is this text and the checks compare it."""
    lines = [
        "# States of a study, of a reading session and of a correction",
        "",
        "Generated from `backend/studies/session_states.py` by `manage.py generate_docs`; do not edit.",
    ]
    tables: list[tuple[str, Mapping[StrEnum, frozenset[StrEnum]]]] = [
        ("Study", {state: frozenset(to) for state, to in STUDY_TRANSITIONS.items()}),
        ("Reading session", {state: frozenset(to) for state, to in SESSION_TRANSITIONS.items()}),
        ("Request to correct a read", {state: frozenset(to) for state, to in REOPENING_TRANSITIONS.items()}),
    ]
    for title, table in tables:
        lines += ["", f"## {title}", "", "| from | to |", "|---|---|"]
        for state, following in table.items():
            lines.append(f"| {state} | {', '.join(sorted(following)) or 'nothing: final'} |")
        lines += ["", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {state} --> {to}" for state, following in table.items() for to in sorted(following)]
        lines += ["```"]
    return "\n".join(lines) + "\n"
