"""Net reclassification improvement and integrated discrimination improvement of a new model over an old.

Both are given by events and non-events, because their sum hides which of the two paid for the other. The
standard errors are those of ``Hmisc::improveProb`` (asymptotic, not under the hypothesis of no change):
for the NRI the multinomial variance of "up minus down" within each outcome, for the IDI the sample variance
of the differences within each outcome. Categories are closed below: a prediction equal to a cut-off
belongs to the higher one.

References
----------
Pencina MJ, D'Agostino RB Sr, D'Agostino RB Jr, Vasan RS. Stat Med 2008;27:157-172. Pencina MJ, D'Agostino
RB Sr, Steyerberg EW. Stat Med 2011;30:11-21. Kerr KF, Wang Z, Janes H, et al. Epidemiology 2014;25:114-121.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.model_inputs import (
    NO_EVENT,
    ONLY_EVENTS,
    Booleans,
    Floats,
    Integers,
    WaldEstimate,
    check_numbers,
    check_outcomes,
    check_probabilities,
    mean,
    not_estimable,
    variance,
    wald,
)
from backend.analysis.results import Result, check_level

NRI_WARNING = (
    "The NRI can be positive for a new marker that adds nothing, above all when the new model is badly "
    "calibrated: read it beside the calibration and the decision curve, and by outcome."
)

ONE_WAY = NotEstimable(
    "all cases with, or all without, the outcome moved the same way: no standard error of the sum"
)


@dataclass(frozen=True, slots=True)
class Moves(Result):
    """How many cases of one outcome the new model moved up, moved down and left where they were."""

    up: int
    down: int
    same: int


@dataclass(frozen=True, slots=True)
class NetReclassification(Result):
    """NRI = events (up - down) + non-events (down - up), each a share of the cases with that outcome.

    ``event_table`` and ``non_event_table`` have a row an old and a column a new category, both from low to
    high; they are empty for the continuous NRI, which has no categories.
    """

    method: str
    cutoffs: tuple[float, ...]
    events: Moves
    non_events: Moves
    event_table: tuple[tuple[int, ...], ...]
    non_event_table: tuple[tuple[int, ...], ...]
    nri_events: WaldEstimate
    nri_non_events: WaldEstimate
    nri: WaldEstimate
    level: float
    n: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntegratedDiscrimination(Result):
    """IDI = mean rise of the prediction in events - mean rise in non-events.

    ``rise_in_events`` is the gain in "integrated sensitivity"; ``fall_in_non_events`` that in "integrated
    specificity"; they add up to ``idi``. Slopes are the discrimination slopes of the old and new model.
    """

    method: str
    rise_in_events: WaldEstimate
    fall_in_non_events: WaldEstimate
    idi: WaldEstimate
    slope_old: float | NotEstimable
    slope_new: float | NotEstimable
    level: float
    n: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def categorical_nri(
    truth: Sequence[bool],
    old: Sequence[float],
    new: Sequence[float],
    cutoffs: Sequence[float],
    *,
    level: float = 0.95,
) -> NetReclassification:
    """The NRI over risk categories, with the reclassification tables.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    old, new
        Shape (n,): probabilities in [0, 1] by the old and the new model.
    cutoffs
        Where one category ends and the next begins, rising, in (0, 1).

    Raises
    ------
    AnalysisError
        Invalid outcomes, probabilities, level, or ``cutoffs_invalid``.
    """
    outcome, before, after = _inputs(truth, old, new, level)
    cuts = check_numbers(cutoffs, "cutoffs", n=len(cutoffs))
    if cuts.size == 0 or cuts[0] <= 0.0 or cuts[-1] >= 1.0 or (np.diff(cuts) <= 0.0).any():
        raise AnalysisError("cutoffs_invalid", "cut-offs must be at least one, rise and lie between 0 and 1")
    was, became = (np.searchsorted(cuts, values, side="right") for values in (before, after))
    size = len(cuts) + 1
    tables = [_table(was[chosen], became[chosen], size) for chosen in (outcome, ~outcome)]
    return _net("nri_categorical", outcome, (became > was), (became < was), cuts.tolist(), tables, level)


def continuous_nri(
    truth: Sequence[bool], old: Sequence[float], new: Sequence[float], *, level: float = 0.95
) -> NetReclassification:
    """The NRI without categories: every rise or fall of the prediction counts, however small.

    Parameters and errors as for :func:`categorical_nri`.
    """
    outcome, before, after = _inputs(truth, old, new, level)
    return _net("nri_continuous", outcome, after > before, after < before, [], [(), ()], level)


def integrated_discrimination(
    truth: Sequence[bool], old: Sequence[float], new: Sequence[float], *, level: float = 0.95
) -> IntegratedDiscrimination:
    """The IDI; parameters and errors as for :func:`categorical_nri`."""
    outcome, before, after = _inputs(truth, old, new, level)
    change = after - before
    rise, rise_variance = _mean_change(change[outcome], NO_EVENT, "with", level)
    fall, fall_variance = _mean_change(-change[~outcome], ONLY_EVENTS, "without", level)
    if isinstance(rise.estimate, NotEstimable) or isinstance(fall.estimate, NotEstimable):
        idi = not_estimable(NO_EVENT if isinstance(rise.estimate, NotEstimable) else ONLY_EVENTS)
    else:
        idi = _total(rise.estimate + fall.estimate, rise_variance, fall_variance, level)
    return IntegratedDiscrimination(
        method="idi",
        rise_in_events=rise,
        fall_in_non_events=fall,
        idi=idi,
        slope_old=_slope(outcome, before),
        slope_new=_slope(outcome, after),
        level=level,
        n=len(outcome),
        n_positive=int(outcome.sum()),
        n_negative=int((~outcome).sum()),
        warnings=(),
    )


def _inputs(
    truth: Sequence[bool], old: Sequence[float], new: Sequence[float], level: float
) -> tuple[Booleans, Floats, Floats]:
    check_level(level)
    outcome = check_outcomes(truth)
    before = check_probabilities(old, "old", n=len(outcome))
    return outcome, before, check_probabilities(new, "new", n=len(outcome))


def _table(was: Integers, became: Integers, size: int) -> tuple[tuple[int, ...], ...]:
    counts = np.bincount(was * size + became, minlength=size * size).reshape(size, size)
    return tuple(tuple(row) for row in counts.tolist())


def _net(
    method: str,
    outcome: Booleans,
    up: Booleans,
    down: Booleans,
    cutoffs: list[float],
    tables: list[tuple[tuple[int, ...], ...]],
    level: float,
) -> NetReclassification:
    events, others = (
        Moves(int((up & chosen).sum()), int((down & chosen).sum()), int((chosen & ~up & ~down).sum()))
        for chosen in (outcome, ~outcome)
    )
    n1, n0 = int(outcome.sum()), int((~outcome).sum())
    one = _net_of(events.up - events.down, events, n1)
    none = _net_of(others.down - others.up, others, n0)
    parts = [
        not_estimable(why)
        if part is None
        else wald(part[0], math.sqrt(part[1]), level=level, low=-1.0, high=1.0)
        for part, why in ((one, NO_EVENT), (none, ONLY_EVENTS))
    ]
    if one is None or none is None:
        total = not_estimable(NO_EVENT if one is None else ONLY_EVENTS)
    else:
        total = wald(one[0] + none[0], math.sqrt(one[1] + none[1]), level=level, low=-2.0, high=2.0)
        # A part without spread has no standard error to lend: the sum's would be that of the other part alone.
        if (abs(one[0]) == 1.0 or n1 == 1) != (abs(none[0]) == 1.0 or n0 == 1):
            total = WaldEstimate(total.estimate, ONE_WAY, ONE_WAY, 0.0, ONE_WAY, ONE_WAY)
    return NetReclassification(
        method=method,
        cutoffs=tuple(cutoffs),
        events=events,
        non_events=others,
        event_table=tables[0],
        non_event_table=tables[1],
        nri_events=parts[0],
        nri_non_events=parts[1],
        nri=total,
        level=level,
        n=n1 + n0,
        n_positive=n1,
        n_negative=n0,
        warnings=(NRI_WARNING,),
    )


def _net_of(net: int, moves: Moves, n: int) -> tuple[float, float] | None:
    """The net share that moved the right way and its variance; ``None`` without a case."""
    if n == 0:
        return None
    return net / n, ((moves.up + moves.down) * n - net**2) / n**3


def _mean_change(
    changes: Floats, none: NotEstimable, of_which: str, level: float
) -> tuple[WaldEstimate, float | NotEstimable]:
    if len(changes) == 0:
        return not_estimable(none), none
    center = mean(changes)
    if len(changes) == 1:
        single = NotEstimable(f"there is only one case {of_which} the outcome")
        return WaldEstimate(center, single, single, 0.0, single, single), single
    squared = variance(changes) / len(changes)
    return wald(center, math.sqrt(squared), level=level, low=-1.0, high=1.0), squared


def _total(
    total: float, rise_variance: float | NotEstimable, fall_variance: float | NotEstimable, level: float
) -> WaldEstimate:
    if isinstance(rise_variance, NotEstimable):
        return WaldEstimate(total, rise_variance, rise_variance, 0.0, rise_variance, rise_variance)
    if isinstance(fall_variance, NotEstimable):
        return WaldEstimate(total, fall_variance, fall_variance, 0.0, fall_variance, fall_variance)
    return wald(total, math.sqrt(rise_variance + fall_variance), level=level, low=-2.0, high=2.0)


def _slope(outcome: Booleans, predicted: Floats) -> float | NotEstimable:
    """The discrimination slope: mean prediction with the outcome minus mean prediction without."""
    if not outcome.any():
        return NO_EVENT
    return ONLY_EVENTS if outcome.all() else mean(predicted[outcome]) - mean(predicted[~outcome])
