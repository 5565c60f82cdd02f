"""The work of one reader under a design: reads, minutes, sittings and days, session by session. Pure.

The days are a bound: no schedule is quicker. They assume one sitting a day, every day, a sitting of at most the
protocol's cap (or `LONGEST_DAY_MINUTES` where it has none).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from .design import Cell, Document, PlannedSet, arms_of, count_from, plan_for, sessions_of
from .session_states import CountFrom

LONGEST_DAY_MINUTES = 480
DEFAULT_MINUTES = 3.0
DEFAULT_LATER_STEP_MINUTES = 1.0


@dataclass(frozen=True)
class Pace:
    """Minutes that a reader needs for a case: by arm, and for every later step of a sequential read."""

    minutes: float = DEFAULT_MINUTES
    later_step_minutes: float = DEFAULT_LATER_STEP_MINUTES
    by_arm: Mapping[str, float] = field(default_factory=dict)

    def of(self, arms: Sequence[str]) -> float:
        """Minutes for one case that is read in these arms, one after the other."""
        first = self.by_arm.get(arms[0], self.minutes)
        return first + self.later_step_minutes * (len(arms) - 1)


@dataclass(frozen=True)
class SessionLoad:
    """One session of one reader: commits by arm, cases opened, minutes, sittings, and its first and last day."""

    ordinal: int
    title: str
    cases: int
    repeats: int
    reads: int
    reads_by_arm: dict[str, int]
    minutes: float
    sittings: int
    first_day: date
    last_day: date


@dataclass(frozen=True)
class CellLoad:
    """The readers of one group and sequence; each of them has the same load."""

    group: str
    sequence: str
    readers: int
    sessions: tuple[SessionLoad, ...]
    reads: int
    minutes: float
    last_day: date


def cell_load(
    document: Document,
    cell: Cell,
    readers: int,
    members: Mapping[str, frozenset[str]],
    training_cases: int,
    pace: Pace,
    start: date,
) -> CellLoad:
    sessions: list[SessionLoad] = []
    numbers: list[frozenset[str]] = []
    if document.get("training") and training_cases:
        sessions.append(_training_load(document, training_cases, pace, start))
        numbers.append(frozenset())
    for session in sessions_of(document):
        planned = plan_for(document, session["ordinal"], cell)
        own = frozenset[str]().union(*(members[one.case_set] for one in planned))
        load = _session_load(document, session, planned, members, pace)
        if not load.cases:
            continue
        first, last = _days(document, session, load, own, list(zip(sessions, numbers, strict=True)), start)
        sessions.append(replace(load, first_day=first, last_day=last))
        numbers.append(own)
    return CellLoad(
        group=cell.group,
        sequence=cell.sequence,
        readers=readers,
        sessions=tuple(sessions),
        reads=sum(one.reads for one in sessions if one.ordinal > 0),
        minutes=sum(one.minutes for one in sessions),
        last_day=sessions[-1].last_day if sessions else start,
    )


def _session_load(
    document: Document,
    session: Mapping[str, Any],
    planned: Sequence[PlannedSet],
    members: Mapping[str, frozenset[str]],
    pace: Pace,
) -> SessionLoad:
    ordinal = session["ordinal"]
    by_arm: Counter[str] = Counter()
    minutes = 0.0
    cases = 0
    for row in planned:
        size = len(members[row.case_set])
        cases += size
        minutes += size * pace.of(row.arms)
        for arm in row.arms:
            by_arm[arm] += size
    repeats = _repeats(document, ordinal, cases)
    if repeats:
        # Repeats are drawn from the whole session, so they cost its average and come in every arm of a lone row.
        minutes += repeats * minutes / cases
    per_case = sum(by_arm.values()) / cases if cases else 0
    return SessionLoad(
        ordinal=ordinal,
        title=str(session["title"]),
        cases=cases,
        repeats=repeats,
        reads=sum(by_arm.values()) + round(repeats * per_case),
        reads_by_arm={arm["key"]: by_arm[arm["key"]] for arm in arms_of(document) if by_arm[arm["key"]]},
        minutes=minutes,
        sittings=_sittings(document, cases + repeats, minutes),
        first_day=date.min,
        last_day=date.min,
    )


def _repeats(document: Document, ordinal: int, cases: int) -> int:
    repeats = document.get("hidden_repeats")
    if not repeats or ordinal not in repeats["sessions"]:
        return 0
    return min(int(repeats["count"]), cases)


def _training_load(document: Document, cases: int, pace: Pace, start: date) -> SessionLoad:
    first_arm = arms_of(document)[0]["key"]
    minutes = cases * pace.of([first_arm])
    sittings = _sittings(document, cases, minutes)
    return SessionLoad(
        ordinal=0,
        title="Training",
        cases=cases,
        repeats=0,
        reads=cases,
        reads_by_arm={},
        minutes=minutes,
        sittings=sittings,
        first_day=start,
        last_day=start + timedelta(days=sittings - 1),
    )


def _sittings(document: Document, cases: int, minutes: float) -> int:
    """Sittings that a session takes at least, with whole cases in each of them."""
    if cases == 0:
        return 0
    caps = document["sittings"]
    longest = caps["max_minutes"] or LONGEST_DAY_MINUTES
    # A case that lasts longer than a sitting is begun in one and finished in it all the same.
    in_time = max(1, int(longest // (minutes / cases))) if minutes else cases
    per_sitting = min(in_time, caps["max_cases"] or cases)
    return -(-cases // per_sitting)


def _days(
    document: Document,
    session: Mapping[str, Any],
    load: SessionLoad,
    own: frozenset[str],
    before: Sequence[tuple[SessionLoad, frozenset[str]]],
    start: date,
) -> tuple[date, date]:
    """The first and last day of a session at the earliest, after the reader's sessions before it.

    Counted from a session, the washout begins when the reader's session before is finished. Counted from the
    read, a case opens a washout after its own latest read: with luck in the order the first cases of this session
    are the first of the one before, but the last one read before is still waited for.
    """
    washout = timedelta(days=session["washout_days"])
    first = before[-1][0].last_day + timedelta(days=1) if before else start
    span = timedelta(days=load.sittings - 1)
    again = [(prior, own & numbers, numbers) for prior, numbers in before if own & numbers]
    if not again:
        return first, first + span
    if count_from(document) is CountFrom.SESSION:
        first = max(first, before[-1][0].last_day + washout)
        return first, first + span
    latest = _latest_reads(again)
    if len(own) == sum(len(shared) for _, shared in latest):
        first = max(first, min(prior.first_day for prior, _ in latest) + washout)
    last = max(_day_of_last(prior, shared) for prior, shared in latest) + washout
    return first, max(first + span, last)


def _latest_reads(
    again: Sequence[tuple[SessionLoad, frozenset[str], frozenset[str]]],
) -> list[tuple[SessionLoad, frozenset[str]]]:
    """For every session before, the cases whose latest read lies in it."""
    left: frozenset[str] = frozenset().union(*(shared for _, shared, _ in again))
    latest = []
    for prior, shared, _ in reversed(again):
        if shared & left:
            latest.append((prior, shared & left))
        left -= shared
    return latest


def _day_of_last(prior: SessionLoad, shared: frozenset[str]) -> date:
    """The earliest day on which the last of these cases can have been read in an earlier session."""
    if len(shared) >= prior.cases:
        return prior.last_day
    per_day = -(-(prior.cases + prior.repeats) // prior.sittings)
    return prior.first_day + timedelta(days=-(-len(shared) // per_day) - 1)
