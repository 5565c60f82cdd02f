"""How far a reader is, session by session. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.studies.session_states import NextStatus, NextTurn, SessionStatus, SessionView


class SittingStatus(StrEnum):
    NOT_OPEN = "not_open"
    OPEN = "open"
    WAITING = "waiting"
    TO_SIGN = "to_sign"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True)
class SessionProgress:
    """One session of one reader: counts, where it stands, and when it opens if the reader waits."""

    ordinal: int
    submitted: int
    total: int
    status: SittingStatus
    opens_at: datetime | None


def progress_of(views: Sequence[SessionView], turn: NextTurn) -> list[SessionProgress]:
    """Every session's progress, counted in cases; a case read in steps counts once its last step is submitted."""
    return [_one(view, turn) for view in views]


def _one(view: SessionView, turn: NextTurn) -> SessionProgress:
    total = len({one.position for one in view.turns})
    submitted = total - len({one.position for one in view.turns if not one.is_submitted})
    status, opens_at = SittingStatus.NOT_OPEN, None
    if view.is_failed:
        status = SittingStatus.FAILED
    elif view.status is SessionStatus.READ:
        status = SittingStatus.TO_SIGN
    elif submitted == total or view.status in (SessionStatus.LOCKED, SessionStatus.VOIDED):
        status = SittingStatus.COMPLETE
    elif turn.session_ordinal == view.ordinal:
        is_waiting = turn.status in (NextStatus.WAITING, NextStatus.BREAK)
        status = SittingStatus.WAITING if is_waiting else SittingStatus.OPEN
        opens_at = turn.opens_at if is_waiting else None
    return SessionProgress(view.ordinal, submitted, total, status, opens_at)
