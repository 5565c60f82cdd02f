"""How far a reader is, session by session. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.studies.session_states import NextStatus, NextTurn, SessionView


class SittingStatus(StrEnum):
    NOT_OPEN = "not_open"
    OPEN = "open"
    WAITING = "waiting"
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
    return [_one(view, turn) for view in views]


def _one(view: SessionView, turn: NextTurn) -> SessionProgress:
    submitted = sum(one.is_submitted for one in view.turns)
    status, opens_at = SittingStatus.NOT_OPEN, None
    if submitted == len(view.turns):
        status = SittingStatus.COMPLETE
    elif turn.session_ordinal == view.ordinal:
        is_waiting = turn.status is NextStatus.WAITING
        status = SittingStatus.WAITING if is_waiting else SittingStatus.OPEN
        opens_at = turn.opens_at if is_waiting else None
    return SessionProgress(view.ordinal, submitted, len(view.turns), status, opens_at)
