"""The average ROC curve of several readers in one arm, with a bootstrap band.

Averaged are the readers' sensitivities at equal specificity (vertical averaging): the area under the average is then
the mean of the readers' areas. Pooling the ratings of all readers into one curve does not have that property, because
readers use the scale differently, and it takes the reads of one case as independent cases.

The band draws whole cases, stratified by truth, with all readers' ratings of a case together: it speaks of these
readers and new cases. It holds at each specificity by itself, not for the whole curve at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.placements import check_columns, placements_of
from backend.analysis.results import Interval, Result, check_level
from backend.analysis.roc import RocCurve, roc_curve
from backend.analysis.roc_bootstrap import percentile_interval, sensitivity_at
from backend.analysis.roc_resampling import Counts, CurveSums, Table, bootstrap, check_draws, strata

MOST_POINTS = 201


@dataclass(frozen=True, slots=True)
class AveragePoint(Result):
    """The average at one specificity; ``lower`` differs from ``sensitivity`` where the curve rises steeply there."""

    specificity: float
    lower: float
    sensitivity: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class AverageRoc(Result):
    """The average curve from specificity 1 to 0.

    Attributes
    ----------
    auc, auc_ci
        Mean of the readers' empirical areas with the percentile interval of the same draws.
    dropped_cases
        Cases without truth or without every reader's rating.
    """

    method: str
    readers: tuple[str, ...]
    points: tuple[AveragePoint, ...]
    auc: float
    auc_ci: Interval | NotEstimable
    n_positive: int
    n_negative: int
    dropped_cases: tuple[str, ...]
    replicates: int
    seed: int
    level: float


def average_roc(
    truth: Mapping[str, bool | None],
    scores: Mapping[str, Mapping[str, float | None]],
    *,
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
) -> AverageRoc | NotEstimable:
    """The vertical average of the readers' empirical curves, on the cases that all of them rated.

    Parameters
    ----------
    truth
        Case -> True for a positive case, None without a reference standard.
    scores
        Reader -> case -> score; a higher score means more suspicious.
    seed
        Whole number of 0 or more; the same seed gives the same result in any order of readers and cases.

    Returns
    -------
    AverageRoc or NotEstimable
        Fewer than two cases of a class that all readers rated.

    Raises
    ------
    AnalysisError
        ``no_readers``, ``unknown_case``, a score that is not a finite number (names reader and row), fewer than 100
        replicates, a bad seed, the level out of range.

    References
    ----------
    Chen W, Samuelson FW. Br J Radiol 2014;87:20140016.
    """
    check_level(level)
    check_draws(replicates, seed)
    readers = tuple(sorted(scores))
    if not readers:
        raise AnalysisError("no_readers", "there is no reader to average")
    for reader in readers:
        for case in sorted(set(scores[reader]) - set(truth)):
            raise AnalysisError("unknown_case", f"{reader}, case {case}: the case is not of the study")
    complete = [
        case
        for case in sorted(truth)
        if truth[case] is not None and all(scores[reader].get(case) is not None for reader in readers)
    ]
    kept = set(complete)
    positive = [bool(truth[case]) for case in complete]
    rated: list[list[float]] = [[scores[reader][case] or 0.0 for case in complete] for reader in readers]
    columns = [
        check_columns(positive, row, f"scores of {name}")[1] for name, row in zip(readers, rated, strict=True)
    ]
    placed = placements_of(np.array(positive, dtype=np.bool_), columns[0])
    if reason := placed.missing_class() or placed.single_case():
        return NotEstimable(f"of the cases that all readers rated: {reason.reason}")
    curves = [curve for row in rated if isinstance(curve := roc_curve(positive, row), RocCurve)]
    counts = _knots(curves)
    wanted = np.array([(placed.n_negative - count) / placed.n_negative for count in counts])
    cases, controls = strata(np.array(positive, dtype=np.bool_), columns)
    sums = [CurveSums(cases, controls, place) for place in range(len(readers))]

    def statistic(drawn: Counts, others: Counts) -> Table:
        heights = [sensitivity_at(*one.points(drawn, others), 1.0 - wanted) for one in sums]
        areas = [one.auc(drawn, others) for one in sums]
        return np.column_stack([np.mean(heights, axis=0), np.mean(areas, axis=0)])

    drawn = bootstrap(cases, controls, statistic, replicates=replicates, seed=seed)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn[:, :-1], [tail, 1.0 - tail], axis=0)
    points = tuple(
        AveragePoint(float(at), *_average(curves, count), Interval(float(bottom), float(top), level))
        for at, count, bottom, top in zip(wanted, counts, low, high, strict=True)
    )
    observed = statistic(cases.observed(), controls.observed())[0, -1]
    return AverageRoc(
        method="roc_average",
        readers=readers,
        points=points,
        auc=float(observed),
        auc_ci=percentile_interval(drawn[:, -1], level),
        n_positive=placed.n_positive,
        n_negative=placed.n_negative,
        dropped_cases=tuple(case for case in sorted(truth) if case not in kept),
        replicates=replicates,
        seed=seed,
        level=level,
    )


def _knots(curves: Sequence[RocCurve]) -> list[int]:
    """Counts of false positives at which a curve has a point: all, or an even selection of many."""
    counts = sorted({point.false_positives for curve in curves for point in curve.points})
    if len(counts) <= MOST_POINTS:
        return counts
    steps = MOST_POINTS - 1
    return [counts[round(step * (len(counts) - 1) / steps)] for step in range(MOST_POINTS)]


def _average(curves: Sequence[RocCurve], count: int) -> tuple[float, float]:
    """Mean lower and upper end of the curves at so many false positives."""
    ends = [_ends(curve, count) for curve in curves]
    return tuple(math.fsum(side) / len(curves) for side in zip(*ends, strict=True))  # type: ignore[return-value]


def _ends(curve: RocCurve, count: int) -> tuple[float, float]:
    here = [point.sensitivity for point in curve.points if point.false_positives == count]
    if here:
        return here[0], here[-1]
    left = [point for point in curve.points if point.false_positives < count][-1]
    right = next(point for point in curve.points if point.false_positives > count)
    share = (count - left.false_positives) / (right.false_positives - left.false_positives)
    height = left.sensitivity + share * (right.sensitivity - left.sensitivity)
    return height, height
