"""The life of a study and of a reading session, as tables and rules. Pure: no rows, no requests, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.audit.errors import RuleBroken


class StudyPhase(StrEnum):
    DESIGN = "DESIGN"
    READING = "READING"
    LOCKED = "LOCKED"


class Arm(StrEnum):
    UNAIDED = "UNAIDED"
    AIDED = "AIDED"


class SessionStatus(StrEnum):
    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    LOCKED = "LOCKED"
    VOIDED = "VOIDED"


STUDY_TRANSITIONS: dict[StudyPhase, frozenset[StudyPhase]] = {
    StudyPhase.DESIGN: frozenset({StudyPhase.READING}),
    StudyPhase.READING: frozenset({StudyPhase.LOCKED}),
    StudyPhase.LOCKED: frozenset(),
}

SESSION_TRANSITIONS: dict[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.SCHEDULED: frozenset({SessionStatus.OPEN, SessionStatus.VOIDED}),
    SessionStatus.OPEN: frozenset({SessionStatus.LOCKED, SessionStatus.VOIDED}),
    SessionStatus.LOCKED: frozenset(),
    SessionStatus.VOIDED: frozenset(),
}


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The value and label pairs of a model field."""
    return [(word.value, word.name.title()) for word in words]


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


@dataclass(frozen=True)
class Turn:
    """One place in a reader's stored order: what was done there, and when the same case was read before.

    `prior_submitted_at` is the reader's own committed read of the case in the session before, `None` in the
    first session.
    """

    position: int
    is_submitted: bool
    is_draft: bool
    prior_submitted_at: datetime | None


@dataclass(frozen=True)
class SessionView:
    """One reader's pass, as the rules need it."""

    ordinal: int
    status: SessionStatus
    turns: Sequence[Turn]


class NextStatus(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    COMPLETE = "complete"


@dataclass(frozen=True)
class NextTurn:
    """What a reader may do now: read the case at `position`, wait until `opens_at`, or nothing any more."""

    status: NextStatus
    session_ordinal: int | None = None
    position: int | None = None
    opens_at: datetime | None = None
    resumes_draft: bool = False


def opens_at(turn: Turn, *, washout: timedelta, is_first_session: bool) -> datetime | None:
    """The instant at which a case opens again: the washout after the reader's own committed read of it.

    The washout counts whole days of 24 hours in UTC, so no time zone and no change of clocks shortens it.

    Raises
    ------
    RuleBroken
        `prior_read_missing`, when an earlier session holds no committed read of the case.
    """
    if is_first_session:
        return None
    if turn.prior_submitted_at is None:
        raise RuleBroken("prior_read_missing", "This case has not been read in the session before.")
    return turn.prior_submitted_at + washout


def next_turn(sessions: Sequence[SessionView], *, washout: timedelta, now: datetime) -> NextTurn:
    """The one next case of a reader, in the stored order, sessions one after the other.

    The order is never changed to fill a wait: when the case whose turn it is has not yet washed out, the
    reader waits, even if a later one has (ADR 0004).
    """
    for session in sessions:
        if session.status in (SessionStatus.LOCKED, SessionStatus.VOIDED):
            continue
        for turn in session.turns:
            if turn.is_submitted:
                continue
            opening = opens_at(turn, washout=washout, is_first_session=session.ordinal == 1)
            is_waiting = opening is not None and now < opening
            return NextTurn(
                status=NextStatus.WAITING if is_waiting else NextStatus.OPEN,
                session_ordinal=session.ordinal,
                position=turn.position,
                opens_at=opening,
                resumes_draft=turn.is_draft,
            )
    return NextTurn(status=NextStatus.COMPLETE)


def check_turn_is_open(turn: NextTurn) -> int:
    """The position of the case that may be read now."""
    if turn.status is NextStatus.COMPLETE or turn.position is None:
        raise RuleBroken("nothing_left", "All your cases are read.")
    if turn.status is NextStatus.WAITING and turn.opens_at is not None:
        raise RuleBroken(
            "washout_running",
            f"The next case opens on {turn.opens_at:%d %B %Y at %H:%M} UTC.",
            opens_at=turn.opens_at.isoformat(),
        )
    return turn.position


def draw_states() -> str:
    """The two tables as a document; `docs/session-states.md` is this text and the checks compare it."""
    lines = [
        "# States of a study and of a reading session",
        "",
        "Generated from `backend/studies/session_states.py` by `manage.py generate_docs`; do not edit.",
    ]
    tables: list[tuple[str, Mapping[StrEnum, frozenset[StrEnum]]]] = [
        ("Study", {state: frozenset(to) for state, to in STUDY_TRANSITIONS.items()}),
        ("Reading session", {state: frozenset(to) for state, to in SESSION_TRANSITIONS.items()}),
    ]
    for title, table in tables:
        lines += ["", f"## {title}", "", "| from | to |", "|---|---|"]
        for state, following in table.items():
            lines.append(f"| {state} | {', '.join(sorted(following)) or 'nothing: final'} |")
        lines += ["", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {state} --> {to}" for state, following in table.items() for to in sorted(following)]
        lines += ["```"]
    return "\n".join(lines) + "\n"
