"""Areas and proportions of clustered units: several nodes, lesions or segments a patient.

Units of one cluster are alike, so that DeLong's variance, which takes them as independent, is too small (or
too large where positive and negative units share clusters). Obuchowski 1997 sums the placement values over
each cluster and takes the variance between clusters, with the covariance of a cluster's own positive and
negative units; with one unit a cluster it is DeLong's. The area itself is unchanged: every pair of units
counts the same. Each sum of squares has its own number of clusters: those with a positive unit, with a
negative unit, and all. Sums are exact whole numbers, so that no order of rows or clusters changes a bit.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import expit, logit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import (
    Booleans,
    Ints,
    Placements,
    check_booleans,
    check_columns,
    check_lengths,
    check_scores,
    delong_covariance_of,
    placements_of,
)
from backend.analysis.results import (
    Interval,
    Result,
    check_level,
    normal_interval,
    normal_quantile,
    two_sided_p,
)
from backend.analysis.roc_intervals import logit_interval

NO_VARIANCE = NotEstimable("the variance between clusters is 0")
NEGATIVE = NotEstimable("the estimated variance is negative")


@dataclass(frozen=True, slots=True)
class ClusteredAuc(Result):
    """Area of clustered units; ``design_effect`` is the variance over DeLong's."""

    method: str
    auc: Estimate
    variance: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    ci_logit: Interval | NotEstimable
    design_effect: Estimate
    n_clusters: int
    n_clusters_positive: int
    n_clusters_negative: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusteredAucDifference(Result):
    """Difference ``auc_a - auc_b`` of two scores of the same clustered units, with z test and interval."""

    method: str
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    z: Estimate
    p: Estimate
    n_clusters: int
    n_clusters_positive: int
    n_clusters_negative: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusteredProportion(Result):
    """A proportion of clustered units with the ratio estimator's variance and its logit interval."""

    method: str
    successes: int
    n: int
    n_clusters: int
    estimate: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    design_effect: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class _Clusters:
    """Units of each class by cluster: index of every unit's cluster, and numbers of units a cluster."""

    of_positive: Ints
    of_negative: Ints
    positive: list[int]
    negative: list[int]

    @property
    def counts(self) -> tuple[int, int, int]:
        """All clusters, those with a positive unit, those with a negative unit."""
        return (
            len(self.positive),
            sum(number > 0 for number in self.positive),
            sum(number > 0 for number in self.negative),
        )

    def single(self) -> NotEstimable | None:
        """Why there is no variance between clusters, if so."""
        _, with_positive, with_negative = self.counts
        if with_positive == 1:
            return NotEstimable("only one cluster has a positive unit")
        return NotEstimable("only one cluster has a negative unit") if with_negative == 1 else None


def clustered_auc(
    truth: Sequence[bool], scores: Sequence[float], clusters: Sequence[Hashable], *, level: float = 0.95
) -> ClusteredAuc:
    """The empirical area over all units with Obuchowski's variance.

    Parameters
    ----------
    truth, scores, clusters
        Shape (n,), one row a unit: True for a positive unit; a higher score means more suspicious; the
        cluster (patient) that the unit belongs to.

    Raises
    ------
    AnalysisError
        A bad row, lengths that differ, ``cluster_missing`` for a unit without cluster, the level.

    References
    ----------
    Obuchowski NA. Biometrics 1997;53:567-578.
    """
    check_level(level)
    positive, values = check_columns(truth, scores, "scores")
    groups = _clusters(positive, clusters)
    placed = placements_of(positive, values)
    counts = (*groups.counts, placed.n_positive, placed.n_negative)
    if missing := placed.missing_class():
        return ClusteredAuc("auc_clustered", *(missing,) * 6, *counts, ())
    auc = placed.auc()
    if single := groups.single():
        return ClusteredAuc("auc_clustered", auc, *(single,) * 5, *counts, ())
    variance = _variance(placed, groups)
    if variance <= 0.0:
        reason = NO_VARIANCE if variance == 0.0 else NEGATIVE
        warning = f"{reason.reason.capitalize()}: no confidence interval is offered."
        zero: Estimate = 0.0 if variance == 0.0 else reason
        return ClusteredAuc("auc_clustered", auc, zero, zero, *(reason,) * 3, *counts, (warning,))
    se = math.sqrt(variance)
    independent = 0.0 if placed.single_case() else delong_covariance_of(placed, placed)
    return ClusteredAuc(
        "auc_clustered",
        auc,
        variance,
        se,
        normal_interval(auc, se, level=level, low=0.0, high=1.0),
        logit_interval(auc, se, level=level),
        variance / independent if independent > 0.0 else NotEstimable("DeLong's variance is 0 or undefined"),
        *counts,
        (),
    )


def clustered_auc_paired(
    truth: Sequence[bool],
    scores_a: Sequence[float],
    scores_b: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    level: float = 0.95,
) -> ClusteredAucDifference:
    """Difference of two areas of the same clustered units, a minus b. Otherwise as :func:`clustered_auc`.

    Areas that agree with variance 0 give z = 0 and p = 1 without interval; other areas without variance
    are not tested.
    """
    check_level(level)
    positive, a = check_columns(truth, scores_a, "scores_a")
    check_lengths(truth, scores_b, "scores_b")
    groups = _clusters(positive, clusters)
    placed_a = placements_of(positive, a)
    placed_b = placements_of(positive, check_scores(scores_b, "scores_b"))
    counts = (*groups.counts, placed_a.n_positive, placed_a.n_negative)
    method = "auc_clustered_paired"
    if missing := placed_a.missing_class():
        return ClusteredAucDifference(method, *(missing,) * 7, *counts, ())
    auc_a, auc_b = placed_a.auc(), placed_b.auc()
    difference = (placed_a.wins() - placed_b.wins()) / (2 * placed_a.n_positive * placed_a.n_negative)
    if single := groups.single():
        return ClusteredAucDifference(method, auc_a, auc_b, difference, *(single,) * 4, *counts, ())
    variance = _variance(placed_a.minus(placed_b), groups)
    if variance <= 0.0:
        reason = NO_VARIANCE if variance == 0.0 else NEGATIVE
        warning = f"{reason.reason.capitalize()}: no confidence interval is offered."
        same = variance == 0.0 and difference == 0.0
        tests: tuple[Estimate, Estimate] = (0.0, 1.0) if same else (reason, reason)
        se: Estimate = 0.0 if variance == 0.0 else reason
        return ClusteredAucDifference(
            method, auc_a, auc_b, difference, se, reason, *tests, *counts, (warning,)
        )
    root = math.sqrt(variance)
    ci = normal_interval(difference, root, level=level, low=-1.0, high=1.0)
    z = difference / root
    return ClusteredAucDifference(method, auc_a, auc_b, difference, root, ci, z, two_sided_p(z), *counts, ())


def clustered_proportion(
    successes: Sequence[bool], clusters: Sequence[Hashable], *, level: float = 0.95, of_what: str = "unit"
) -> ClusteredProportion:
    """A proportion of clustered units, such as sensitivity per node: the ratio estimator.

    The variance is ``I / (I - 1) sum (x_i - p m_i)^2 / n^2`` over I clusters of m_i units with x_i
    successes; the interval is built on the logit scale. With one unit a cluster the variance is
    ``p (1 - p) / (n - 1)``.

    Raises
    ------
    AnalysisError
        A bad row, ``cluster_missing``, lengths that differ, the level out of range.

    References
    ----------
    Rao JNK, Scott AJ. Biometrics 1992;48:577-585; Obuchowski NA. Stat Med 1998;17:1495-1507.
    """
    check_level(level)
    won = check_booleans(successes, "successes")
    groups = _clusters(won, clusters)
    totals = [x + y for x, y in zip(groups.positive, groups.negative, strict=True)]
    k, n, number = sum(groups.positive), won.size, len(totals)
    head = ("clustered_proportion", k, n, number)
    if n == 0:
        nothing = NotEstimable(f"there is no {of_what}")
        return ClusteredProportion(*head, nothing, nothing, nothing, nothing)
    share = k / n
    if number == 1:
        single = NotEstimable("there is only one cluster")
        return ClusteredProportion(*head, share, single, single, single)
    squares = sum((x * n - k * m) ** 2 for x, m in zip(groups.positive, totals, strict=True))
    variance = number / (number - 1) * squares / n**4
    if squares == 0 or k in (0, n):
        reason = NO_VARIANCE if squares == 0 else NotEstimable("the log-odds of 0 or 1 are infinite")
        return ClusteredProportion(*head, share, 0.0, reason, reason)
    se = math.sqrt(variance)
    margin = normal_quantile(level) * se / (share * (1.0 - share))
    center = float(logit(share))
    ci = Interval(float(expit(center - margin)), float(expit(center + margin)), level)
    return ClusteredProportion(*head, share, se, ci, variance / (share * (1.0 - share) / (n - 1)))


def _clusters(positive: Booleans, clusters: Sequence[Hashable]) -> _Clusters:
    if positive.size != len(clusters):
        raise AnalysisError("lengths_differ", f"there are {positive.size} units, clusters {len(clusters)}")
    index: dict[Hashable, int] = {}
    numbers = np.empty(positive.size, dtype=np.int64)
    for row, cluster in enumerate(clusters):
        if cluster is None or cluster == "" or cluster != cluster:
            raise AnalysisError("cluster_missing", f"row {row} of clusters is {cluster!r}: no cluster")
        numbers[row] = index.setdefault(cluster, len(index))
    of_positive, of_negative = numbers[positive], numbers[~positive]
    return _Clusters(
        of_positive,
        of_negative,
        np.bincount(of_positive, minlength=len(index)).tolist(),
        np.bincount(of_negative, minlength=len(index)).tolist(),
    )


def _variance(placed: Placements, groups: _Clusters) -> float:
    """S10 / M + S01 / N + 2 S11 / (M N) of a curve, or of a contrast of two; 0 only where it is 0."""
    m, n = placed.n_positive, placed.n_negative
    total = placed.wins()
    positive = _centered(placed.positive, groups.of_positive, groups.positive, total, m)
    negative = _centered(placed.negative, groups.of_negative, groups.negative, total, n)
    clusters, with_positive, with_negative = groups.counts
    squares = sum(x * x for x in positive)
    other_squares = sum(y * y for y in negative)
    products = sum(x * y for x, y in zip(positive, negative, strict=True))
    scale = (2 * m * n) ** 2
    exact = (
        Fraction(with_positive * squares, (with_positive - 1) * scale * m**2)
        + Fraction(with_negative * other_squares, (with_negative - 1) * scale * n**2)
        + Fraction(2 * clusters * products, (clusters - 1) * scale * m * n)
    )
    return float(exact)


def _centered(placed: Ints, cluster_of: Ints, units: list[int], total: int, n: int) -> list[int]:
    """n times each cluster's sum of placements, less its units' share of the total: whole numbers."""
    sums = np.zeros(len(units), dtype=np.int64)
    np.add.at(sums, cluster_of, placed)
    return [n * own - number * total for own, number in zip(sums.tolist(), units, strict=True)]
