"""Time-dependent ROC: who has had the event by t (cumulative cases) against who has not (dynamic controls).

Cases are the events with time <= t, weighted by 1/G(time-), G being the Kaplan-Meier survival of the censoring;
controls are those observed beyond t, all of one weight, which cancels. Those censored by t carry no weight of
their own. timeROC counts events strictly before t and so drops an event exactly at t: on data whose times are
not at t the two agree to rounding. A case is called positive when its score is at or above the threshold;
tied scores count one half.

The standard error comes from the influence function of the weighted area, the estimation of G included
(Blanche 2013), and is the sample standard deviation of the n influences over the root of n, as in timeROC.
Its martingale terms use the counts at each distinct time, so that tied times need no order among themselves.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_interval, two_sided_p
from backend.analysis.survival.ipcw import Ipcw, influence_of_censoring, ipcw, standard_error
from backend.analysis.survival.outcomes import (
    Floats,
    Outcomes,
    Sorted,
    as_sorted,
    check_time,
    scored,
    values_of,
)

SEPARATED = "The score separates cases from controls at {time:g} perfectly: the standard error is 0."
TIED = "All cases and controls at {time:g} have the same score."


@dataclass(frozen=True, slots=True)
class TimeRocPoint(Result):
    """Positive when score >= ``threshold``; ``None`` calls nobody positive."""

    threshold: float | None
    sensitivity: float
    specificity: float


@dataclass(frozen=True, slots=True)
class TimeRoc(Result):
    """Curve and area at one time.

    Attributes
    ----------
    points
        From the threshold that calls nobody positive to the one that calls all; empty when not estimable.
    cases, controls, censored_before
        Events up to ``time``; observed beyond it; censored by then.
    """

    method: str
    time: float
    auc: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    points: tuple[TimeRocPoint, ...]
    cases: int
    controls: int
    censored_before: int
    n: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeAucDifference(Result):
    """``auc_a - auc_b`` of two scores at one time on the same cases, with the paired z test."""

    method: str
    time: float
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    z: Estimate
    p: Estimate
    cases: int
    controls: int
    n: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def time_dependent_roc(
    known: Outcomes, scores: Mapping[str, float | None], *, at: Sequence[float], level: float = 0.95
) -> tuple[TimeRoc, ...]:
    """Curve, area and its interval (clipped to [0, 1]) at each time, in the order given.

    Raises
    ------
    AnalysisError
        ``time_…`` for ``at``, ``score_not_a_number``, ``score_not_finite`` (name the case), ``no_cases``.

    References ---------- Blanche P, Dartigues JF, Jacqmin-Gadda H. Stat Med 2013;32:5381-5397. Uno H et al. J
    Am Stat Assoc 2007;102:527-537.
    """
    check_level(level)
    times = [check_time(time, "a time asked for") for time in at]
    kept = scored(known, scores)
    rows = as_sorted(kept, [values_of(kept, scores)])
    return tuple(_roc_at(rows, time, kept.dropped, level) for time in times)


def compare_time_auc(
    known: Outcomes,
    scores_a: Mapping[str, float | None],
    scores_b: Mapping[str, float | None],
    *,
    at: Sequence[float],
    level: float = 0.95,
) -> tuple[TimeAucDifference, ...]:
    """Difference of the areas of two scores at each time, a minus b, on the cases that have both.

    Influences that agree case by case give z = 0 and p = 1 without interval. Errors as
    :func:`time_dependent_roc`.
    """
    check_level(level)
    times = [check_time(time, "a time asked for") for time in at]
    kept = scored(scored(known, scores_a, "first score"), scores_b, "second score")
    rows = as_sorted(kept, [values_of(kept, scores) for scores in (scores_a, scores_b)])
    return tuple(_difference_at(rows, time, kept.dropped, level) for time in times)


def _missing(split: Ipcw) -> NotEstimable | None:
    if not split.case_weights.any():
        return NotEstimable(f"no case had the event by {split.time:g}")
    return None if split.beyond.any() else NotEstimable(f"no case was observed beyond {split.time:g}")


def _roc_at(rows: Sorted, time: float, dropped: tuple[str, ...], level: float) -> TimeRoc:
    split = ipcw(rows, time)
    n = len(rows.times)
    cases, controls = int((split.case_weights > 0).sum()), int(split.beyond.sum())
    counts = (cases, controls, n - cases - controls, n, dropped)
    if missing := _missing(split):
        return TimeRoc("time_roc_ipcw", time, missing, missing, missing, (), *counts, ())
    auc, influence = _area(rows, split, 0)
    points = _points(rows.values[:, 0], split)
    if controls == 1 or cases == 1:
        single = NotEstimable(f"there is only one {'case' if cases == 1 else 'control'} at {time:g}")
        return TimeRoc("time_roc_ipcw", time, auc, single, single, points, *counts, ())
    values = rows.values[:, 0]
    ones, zeros = values[split.case_weights > 0], values[split.beyond]
    if ones.min() > zeros.max() or ones.max() < zeros.min():
        flat, warning = NotEstimable("the score separates cases from controls"), SEPARATED
    elif ones.min() == ones.max() == zeros.min() == zeros.max():
        flat, warning = NotEstimable("all scores are tied"), TIED
    else:
        se = standard_error(influence)
        ci = normal_interval(auc, se, level=level, low=0.0, high=1.0)
        return TimeRoc("time_roc_ipcw", time, auc, se, ci, points, *counts, ())
    return TimeRoc("time_roc_ipcw", time, auc, 0.0, flat, points, *counts, (warning.format(time=time),))


def _difference_at(rows: Sorted, time: float, dropped: tuple[str, ...], level: float) -> TimeAucDifference:
    split = ipcw(rows, time)
    cases, controls = int((split.case_weights > 0).sum()), int(split.beyond.sum())
    none = _missing(split)
    unknown = none or NotEstimable(f"there is only one {'case' if cases == 1 else 'control'} at {time:g}")
    result = TimeAucDifference(
        "time_auc_difference",
        time,
        *(unknown,) * 7,
        cases=cases,
        controls=controls,
        n=len(rows.times),
        dropped=dropped,
        warnings=(),
    )
    if none:
        return result
    (auc_a, one), (auc_b, other) = _area(rows, split, 0), _area(rows, split, 1)
    difference = auc_a - auc_b
    result = replace(result, auc_a=auc_a, auc_b=auc_b, difference=difference)
    if controls == 1 or cases == 1:
        return result
    se = standard_error(one - other)
    if se > 1e-14:
        z = difference / se
        ci = normal_interval(difference, se, level=level, low=-1.0, high=1.0)
        return replace(result, se=se, ci=ci, z=z, p=two_sided_p(z))
    flat = NotEstimable("the standard error of the difference is 0")
    warnings = ("The standard error of the difference is 0: no confidence interval is offered.",)
    same = abs(difference) < 1e-14
    z_and_p: tuple[Estimate, Estimate] = (0.0, 1.0) if same else (flat, flat)
    return replace(result, se=0.0, ci=flat, z=z_and_p[0], p=z_and_p[1], warnings=warnings)


def _points(score: Floats, split: Ipcw) -> tuple[TimeRocPoint, ...]:
    thresholds, inverse = np.unique(-score, return_inverse=True)
    positive = np.cumsum(np.bincount(inverse, weights=split.case_weights))
    negative = np.cumsum(np.bincount(inverse, weights=split.beyond.astype(np.float64)))
    sensitivity = (positive / positive[-1]).tolist()
    specificity = ((negative[-1] - negative) / negative[-1]).tolist()
    return (
        TimeRocPoint(None, 0.0, 1.0),
        *(
            TimeRocPoint(-threshold, hit, spared)
            for threshold, hit, spared in zip(thresholds.tolist(), sensitivity, specificity, strict=True)
        ),
    )


def _area(rows: Sorted, split: Ipcw, column: int) -> tuple[float, Floats]:
    """The weighted share of case-control pairs ranked rightly, and the influence of each of the n on it."""
    score = rows.values[:, column]
    n = len(score)
    weights, control = split.case_weights, split.beyond.astype(np.float64)
    beaten = _beaten(score, control)  # by each case, of the controls
    beating = weights.sum() - _beaten(score, weights)  # each control, of the cases' weight
    pairs = math.fsum((weights * beaten).tolist())
    weight, controls = math.fsum(weights.tolist()), control.sum()
    auc = pairs / (weight * controls)
    case_part = weights * (beaten - auc * controls)
    control_part = control * (beating - auc * weight)
    total = case_part + control_part + influence_of_censoring(rows, split, case_part, 0.0)
    influence: Floats = total * n / (weight * controls)
    return auc, influence


def _beaten(score: Floats, weights: Floats) -> Floats:
    """Weight of those below each score, plus half of those level with it."""
    _, inverse = np.unique(score, return_inverse=True)
    level = np.bincount(inverse, weights=weights)
    below = np.cumsum(level) - level
    found: Floats = (below + level / 2.0)[inverse]
    return found
