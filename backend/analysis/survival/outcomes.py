"""Checked input of the survival methods: one time and one event flag a case, and values keyed by case."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable

Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]

NO_EVENT = NotEstimable("no case had the event")
ALL_CENSORED = "No case had the event: every case is censored."


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Time to the event or to censoring of each case.

    Attributes
    ----------
    cases, times, events
        Shape (n,), n >= 1: names, times from the start of follow-up (finite, not negative, one unit for all),
        and True where the event happened at that time, False where observation ended.
    dropped
        Names of the cases left out because their time or event is missing, sorted.
    """

    cases: tuple[str, ...]
    times: tuple[float, ...]
    events: tuple[bool, ...]
    dropped: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of cases."""
        return len(self.cases)

    @property
    def n_events(self) -> int:
        """Number of cases with the event."""
        return sum(self.events)

    def only(self, cases: set[str]) -> "Outcomes":
        """The outcomes of these cases alone; the rest joins ``dropped``.

        Raises
        ------
        AnalysisError
            ``no_cases`` when none is left.
        """
        rows = [row for row, case in enumerate(self.cases) if case in cases]
        if not rows:
            raise AnalysisError("no_cases", "no case has both an outcome and the values asked for")
        dropped = {case for case in self.cases if case not in cases} | set(self.dropped)
        return Outcomes(
            tuple(self.cases[row] for row in rows),
            tuple(self.times[row] for row in rows),
            tuple(self.events[row] for row in rows),
            tuple(sorted(dropped)),
        )


def outcomes(
    times: Sequence[float | None], events: Sequence[bool | None], *, cases: Sequence[str] | None = None
) -> Outcomes:
    """Check and keep times and events; a case without either is dropped by name.

    Parameters
    ----------
    times, events
        Shape (n,); ``None`` where missing.
    cases
        Shape (n,), distinct; ``row 0``, ``row 1``, … when not given.

    Raises
    ------
    AnalysisError
        ``lengths_differ``, ``duplicate_case``, ``time_not_a_number``, ``time_not_finite``, ``time_negative``,
        ``event_not_boolean`` (each names the case), ``no_cases`` when none is left.
    """
    names = [f"row {row}" for row in range(len(times))] if cases is None else list(cases)
    if len(times) != len(events) or len(times) != len(names):
        text = f"there are {len(times)} times, {len(events)} events and {len(names)} cases"
        raise AnalysisError("lengths_differ", text)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise AnalysisError("duplicate_case", f"case {name} has two outcomes")
        seen.add(name)
    kept: list[tuple[str, float, bool]] = []
    dropped: list[str] = []
    for name, time, event in zip(names, times, events, strict=True):
        checked = check_time(time, f"the time of case {name}") if time is not None else None
        if event is not None and not isinstance(event, (bool, np.bool_)):
            raise AnalysisError(
                "event_not_boolean", f"the event of case {name} is {event!r}, not true or false"
            )
        if checked is None or event is None:
            dropped.append(name)
        else:
            kept.append((name, checked, bool(event)))
    if not kept:
        raise AnalysisError("no_cases", "there is no case with both a time and an event flag")
    columns = list(zip(*kept, strict=True))
    return Outcomes(columns[0], columns[1], columns[2], tuple(sorted(dropped)))


def check_number(value: object, what: str, code: str) -> float:
    """The value as float; ``{code}_not_a_number`` or ``{code}_not_finite`` otherwise, naming ``what``."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise AnalysisError(f"{code}_not_a_number", f"{what} is {value!r}, not a number")
    if not math.isfinite(value):
        raise AnalysisError(f"{code}_not_finite", f"{what} is {value}, not a finite number")
    return float(value)


def check_time(value: object, what: str) -> float:
    """A finite time that is not negative; ``time_…`` errors otherwise."""
    time = check_number(value, what, "time")
    if time < 0.0:
        raise AnalysisError("time_negative", f"{what} is {time}, before the start of follow-up")
    return time


def scored(known: Outcomes, scores: Mapping[str, float | None], name: str = "score") -> Outcomes:
    """The outcomes of the cases that have a score; scores without an outcome are named in ``dropped`` too.

    Raises
    ------
    AnalysisError
        ``score_not_a_number``, ``score_not_finite`` (name the case), ``no_cases`` when none has both.
    """
    valued = set()
    for case, score in scores.items():
        if score is not None:
            check_number(score, f"the {name} of case {case}", "score")
            valued.add(case)
    kept = known.only(valued)
    dropped = tuple(sorted({*kept.dropped, *(set(scores) - set(kept.cases))}))
    return Outcomes(kept.cases, kept.times, kept.events, dropped)


def values_of(kept: Outcomes, scores: Mapping[str, float | None]) -> list[float]:
    """The scores of the cases that ``scored`` kept, in their order."""
    return [float(value) for case in kept.cases if (value := scores[case]) is not None]


def labelled(known: Outcomes, labels: Mapping[str, str | None], name: str) -> Outcomes:
    """The outcomes of the cases that carry a label, for example a group; the others are dropped by name.

    Raises
    ------
    AnalysisError
        ``label_not_text`` (names the case), ``no_cases`` when none has both.
    """
    for case, label in labels.items():
        if label is not None and not isinstance(label, str):
            raise AnalysisError("label_not_text", f"the {name} of case {case} is {label!r}, not a text")
    kept = known.only({case for case, label in labels.items() if label is not None})
    dropped = tuple(sorted({*kept.dropped, *(set(labels) - set(kept.cases))}))
    return Outcomes(kept.cases, kept.times, kept.events, dropped)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Outcomes as arrays in an order that names and rows do not decide: time, events first, then values.

    ``values`` has shape (n, k): the scores or covariates, in the order of the rows.
    """

    times: Floats
    events: Flags
    values: Matrix


def as_sorted(known: Outcomes, values: Sequence[Sequence[float]] = ()) -> Sorted:
    """Arrays of the outcomes and of k columns of values (each of length n, in the order of ``known``)."""
    times = np.asarray(known.times, dtype=np.float64)
    events = np.asarray(known.events, dtype=bool)
    columns = np.asarray(values, dtype=np.float64).reshape(len(values), known.n)
    order = np.lexsort((*columns[::-1], ~events, times))
    return Sorted(times[order], events[order], np.ascontiguousarray(columns.T[order]))
