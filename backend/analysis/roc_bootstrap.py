"""Bootstrap of an AUC, of a paired difference, and of the curve itself: stratified, seeded, vectorized.

Percentile limits are R's quantile type 7 of the replicates, as pROC takes them. The bias-corrected and
accelerated limits (BCa, Efron 1987) use the share of replicates below the estimate, those equal to it by
half, and the acceleration of two samples from DeLong's placement values, which are the influence values of
the area (Davison and Hinkley 1997, section 5.4). The test of a difference is pROC's: z is the difference
over the standard deviation of the replicates' differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import (
    Booleans,
    Floats,
    Placements,
    check_columns,
    check_lengths,
    check_scores,
    placements_of,
)
from backend.analysis.results import Interval, Result, check_level, two_sided_p
from backend.analysis.roc_resampling import Counts, CurveSums, Table, bootstrap, check_draws, strata

ALL_EQUAL = NotEstimable("all replicates are equal")


@dataclass(frozen=True, slots=True)
class BootstrapAuc(Result):
    """Area with the standard deviation of its replicates and two intervals."""

    method: str
    auc: Estimate
    se: Estimate
    percentile: Interval | NotEstimable
    bca: Interval | NotEstimable
    replicates: int
    seed: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BootstrapDifference(Result):
    """Difference ``auc_a - auc_b`` on the same cases, its replicates' deviation, test and intervals."""

    method: str
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    z: Estimate
    p: Estimate
    percentile: Interval | NotEstimable
    bca: Interval | NotEstimable
    replicates: int
    seed: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BandPoint(Result):
    """Sensitivity of the curve, linear between its points, at one specificity."""

    specificity: float
    sensitivity: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class BootstrapBand(Result):
    """Pointwise percentile band of the curve: not a band that holds the whole curve at once."""

    method: str
    points: tuple[BandPoint, ...]
    replicates: int
    seed: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def bootstrap_auc(
    truth: Sequence[bool],
    scores: Sequence[float],
    *,
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
) -> BootstrapAuc:
    """The empirical area with bootstrap intervals.

    Not estimable with fewer than two cases of a class; no interval where all replicates are equal.

    Parameters
    ----------
    truth, scores
        Shape (n,): True for a positive case; a higher score means more suspicious.
    seed
        Whole number of 0 or more; the same seed and cases give the same result in any order of cases.

    Raises
    ------
    AnalysisError
        A bad row, fewer than 100 replicates, a bad seed, the level out of range.
    """
    check_level(level)
    check_draws(replicates, seed)
    positive, values = check_columns(truth, scores, "scores")
    placed = placements_of(positive, values)
    rest = (replicates, seed, placed.n_positive, placed.n_negative)
    auc = placed.missing_class() or placed.auc()
    if isinstance(auc, NotEstimable):
        return BootstrapAuc("auc_bootstrap", auc, auc, auc, auc, *rest, ())
    if single := placed.single_case():
        return BootstrapAuc("auc_bootstrap", auc, single, single, single, *rest, ())
    drawn = bootstrap_aucs(positive, [values], replicates=replicates, seed=seed)[:, 0]
    percentile, bca = _intervals(drawn, auc, acceleration(placed), level)
    warnings = () if isinstance(percentile, Interval) else (_degenerate(),)
    return BootstrapAuc("auc_bootstrap", auc, _deviation(drawn), percentile, bca, *rest, warnings)


def bootstrap_difference(
    truth: Sequence[bool],
    scores_a: Sequence[float],
    scores_b: Sequence[float],
    *,
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
) -> BootstrapDifference:
    """The difference of two areas on the same cases, a minus b, each replicate drawing whole cases.

    Parameters, refusals and undefined results as for :func:`bootstrap_auc`. Curves that agree in every
    replicate give z = 0 and p = 1 without interval.
    """
    check_level(level)
    check_draws(replicates, seed)
    positive, a = check_columns(truth, scores_a, "scores_a")
    check_lengths(truth, scores_b, "scores_b")
    b = check_scores(scores_b, "scores_b")
    placed_a, placed_b = placements_of(positive, a), placements_of(positive, b)
    rest = (replicates, seed, placed_a.n_positive, placed_a.n_negative)
    method = "auc_difference_bootstrap"
    if missing := placed_a.missing_class():
        return BootstrapDifference(method, *(missing,) * 8, *rest, ())
    auc_a, auc_b = placed_a.auc(), placed_b.auc()
    difference = (placed_a.wins() - placed_b.wins()) / (2 * placed_a.n_positive * placed_a.n_negative)
    if single := placed_a.single_case():
        return BootstrapDifference(method, auc_a, auc_b, difference, *(single,) * 5, *rest, ())
    aucs = bootstrap_aucs(positive, [a, b], replicates=replicates, seed=seed)
    drawn = aucs[:, 0] - aucs[:, 1]
    percentile, bca = _intervals(drawn, difference, acceleration(placed_a.minus(placed_b)), level)
    se = _deviation(drawn)
    z, p = bootstrap_test(difference, se)
    warnings = () if isinstance(percentile, Interval) else (_degenerate(),)
    return BootstrapDifference(method, auc_a, auc_b, difference, se, z, p, percentile, bca, *rest, warnings)


def bootstrap_band(
    truth: Sequence[bool],
    scores: Sequence[float],
    *,
    specificities: Sequence[float],
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
) -> BootstrapBand | NotEstimable:
    """Percentile interval of the sensitivity at each specificity, as ``ci.se`` of pROC.

    At a specificity where the curve rises steeply the upper end counts. Refusals as for
    :func:`bootstrap_auc`; ``specificity_out_of_range`` for one outside [0, 1].
    """
    check_level(level)
    check_draws(replicates, seed)
    wanted = check_scores(specificities, "specificities")
    for value in wanted:
        if not 0.0 <= value <= 1.0:
            raise AnalysisError("specificity_out_of_range", f"a specificity must lie in [0, 1], not {value}")
    positive, values = check_columns(truth, scores, "scores")
    placed = placements_of(positive, values)
    if reason := placed.missing_class() or placed.single_case():
        return reason
    cases, controls = strata(positive, [values])
    sums = CurveSums(cases, controls)

    def statistic(drawn: Counts, others: Counts) -> Table:
        return sensitivity_at(*sums.points(drawn, others), 1.0 - wanted)

    observed = statistic(cases.observed(), controls.observed())[0]
    drawn = bootstrap(cases, controls, statistic, replicates=replicates, seed=seed)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    points = tuple(
        BandPoint(float(s), float(t), Interval(float(bottom), float(top), level))
        for s, t, bottom, top in zip(wanted, observed, low, high, strict=True)
    )
    counts = (placed.n_positive, placed.n_negative)
    return BootstrapBand("roc_band_bootstrap", points, replicates, seed, *counts, ())


def bootstrap_aucs(positive: Booleans, columns: Sequence[Floats], *, replicates: int, seed: int) -> Table:
    """The area of each curve in each replicate, shape (replicates, curves); both classes must be there."""
    cases, controls = strata(positive, columns)
    sums = [CurveSums(cases, controls, curve) for curve in range(len(columns))]

    def statistic(drawn: Counts, others: Counts) -> Table:
        return np.column_stack([one.auc(drawn, others) for one in sums])

    return bootstrap(cases, controls, statistic, replicates=replicates, seed=seed)


def acceleration(placed: Placements) -> float:
    """Acceleration of a two-sample area or difference: skewness of its influence values over six."""
    cubes = squares = 0.0
    n1, n0 = placed.n_positive, placed.n_negative
    for values, n, opponents in ((placed.positive, n1, n0), (placed.negative, n0, n1)):
        influence = np.sort(values - values.mean()) / (2 * opponents)
        cubes += float(np.sum(influence**3)) / n**3
        squares += float(np.sum(influence**2)) / n**2
    return 0.0 if squares == 0.0 else cubes / (6.0 * squares**1.5)


def percentile_interval(drawn: Floats, level: float) -> Interval | NotEstimable:
    """The quantiles (type 7) of the replicates that leave half the error on either side."""
    if np.ptp(drawn) == 0.0:
        return ALL_EQUAL
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail])
    return Interval(float(low), float(high), level)


def bca_interval(drawn: Floats, estimate: float, skew: float, level: float) -> Interval | NotEstimable:
    """The bias-corrected and accelerated interval. Efron B. J Am Stat Assoc 1987;82:171-185."""
    if np.ptp(drawn) == 0.0:
        return ALL_EQUAL
    near = np.isclose(drawn, estimate, rtol=0.0, atol=1e-12)
    below = float(np.mean((drawn < estimate) & ~near) + 0.5 * np.mean(near))
    if not 0.0 < below < 1.0:
        return NotEstimable("every replicate lies on one side of the estimate")
    bias = float(ndtri(below))
    ends = []
    for z in (float(ndtri((1.0 - level) / 2.0)), float(ndtri((1.0 + level) / 2.0))):
        shift = 1.0 - skew * (bias + z)
        if shift <= 0.0:
            return NotEstimable("the acceleration is too large for this level")
        ends.append(float(ndtr(bias + (bias + z) / shift)))
    low, high = np.quantile(drawn, ends)
    return Interval(float(low), float(high), level)


def bootstrap_test(difference: float, se: float) -> tuple[Estimate, Estimate]:
    """pROC's z of a difference, and its two-sided p; without spread only a difference of 0 is tested."""
    if se == 0.0:
        no_spread = NotEstimable("the replicates of the difference do not vary")
        return (0.0, 1.0) if difference == 0.0 else (no_spread, no_spread)
    return difference / se, two_sided_p(difference / se)


def _intervals(
    drawn: Floats, estimate: float, skew: float, level: float
) -> tuple[Interval | NotEstimable, Interval | NotEstimable]:
    return percentile_interval(drawn, level), bca_interval(drawn, estimate, skew, level)


def _deviation(drawn: Floats) -> float:
    return 0.0 if np.ptp(drawn) == 0.0 else float(np.std(drawn, ddof=1))


def _degenerate() -> str:
    return "All replicates are equal: the bootstrap says nothing about the precision."


def sensitivity_at(false: Table, true: Table, wanted: Floats) -> Table:
    """Height of each replicate's curve, (replicates, points), at false-positive rates, (wanted,)."""
    rows = np.arange(false.shape[0])
    columns = []
    for rate in wanted:
        left = np.count_nonzero(false <= rate + 1e-12, axis=1) - 1
        right = np.minimum(left + 1, false.shape[1] - 1)
        run = false[rows, right] - false[rows, left]
        share = np.where(
            run > 0.0, np.clip(rate - false[rows, left], 0.0, None) / np.where(run > 0, run, 1), 0.0
        )
        columns.append(true[rows, left] + share * (true[rows, right] - true[rows, left]))
    return np.column_stack(columns)
