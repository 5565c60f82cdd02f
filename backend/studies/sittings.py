"""Caps on how long a reader reads without a break. Pure.

A sitting is a run of committed reads between which the reader paused for less than the protocol's break: a pause is
the time from one commit to the opening of the next read. A case that is left open counts as being read, for a server
cannot tell the two apart.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .session_states import NextStatus, NextTurn


@dataclass(frozen=True)
class SittingLimits:
    """After how many cases or how much time a break is due, and how long it is; None where there is no cap."""

    max_cases: int | None
    max_time: timedelta | None
    break_time: timedelta


@dataclass(frozen=True)
class Commit:
    """A committed read; the steps of one case share its `case`."""

    case: Hashable
    opened_at: datetime
    submitted_at: datetime


@dataclass(frozen=True)
class SittingSoFar:
    """The sitting that the last commit belongs to."""

    cases: int
    began_at: datetime
    last_at: datetime


def limits_of(protocol: Mapping[str, Any]) -> SittingLimits:
    sittings = protocol["sittings"]
    minutes = sittings["max_minutes"]
    return SittingLimits(
        max_cases=sittings["max_cases"],
        max_time=None if minutes is None else timedelta(minutes=minutes),
        break_time=timedelta(minutes=sittings["break_minutes"]),
    )


def last_sitting(commits: Iterable[Commit], limits: SittingLimits) -> SittingSoFar | None:
    """The sitting of the last commit, None before the first."""
    cases: set[Hashable] = set()
    began_at: datetime | None = None
    last_at: datetime | None = None
    for commit in sorted(commits, key=lambda one: one.submitted_at):
        if began_at is None or last_at is None or commit.opened_at - last_at >= limits.break_time:
            cases, began_at = set(), commit.opened_at
        cases.add(commit.case)
        last_at = commit.submitted_at
    if began_at is None or last_at is None:
        return None
    return SittingSoFar(len(cases), began_at, last_at)


def break_until(commits: Iterable[Commit], limits: SittingLimits) -> datetime | None:
    """The end of the break that is due after the last commit, None where none is due."""
    if limits.max_cases is None and limits.max_time is None:
        return None
    sitting = last_sitting(commits, limits)
    if sitting is None:
        return None
    is_full = limits.max_cases is not None and sitting.cases >= limits.max_cases
    is_long = limits.max_time is not None and sitting.last_at - sitting.began_at >= limits.max_time
    return sitting.last_at + limits.break_time if is_full or is_long else None


def with_break(
    turn: NextTurn, commits: Iterable[Commit], limits: SittingLimits, *, now: datetime
) -> NextTurn:
    """The turn, put off to the end of the break that is due.

    A break stands between cases alone: it interrupts neither an open draft nor the steps of a case.
    """
    if turn.status not in (NextStatus.OPEN, NextStatus.WAITING) or turn.resumes_draft or turn.step != 1:
        return turn
    until = break_until(commits, limits)
    if until is None or now >= until:
        return turn
    if turn.status is NextStatus.WAITING and turn.opens_at is not None and turn.opens_at >= until:
        return turn
    return replace(turn, status=NextStatus.BREAK, opens_at=until)
