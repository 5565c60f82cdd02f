"""Bland and Altman's limits of agreement when methods measured a case more than once.

Two designs, which must not be confused:

``varying``: measurements come in pairs, and the true value may change between the pairs of a case. A one-way
analysis of variance of the differences gives the variance within and between cases; the number of pairs may
differ (Bland and Altman 2007, section 3; 1999, section 5.3). Bias is the mean of all differences.

``constant``: the true value of a case stands still and the replicates of the two methods are not paired; their
numbers may differ. The variance of the differences of the cases' means is raised by what averaging took away,
(1 - mean of 1/m) of each method's variance within cases (1999, section 5.2). Bias is the mean over cases.

Limits hold for the difference of two single measurements. Their intervals recover the variance's (MOVER, Zou
2013) with Student's t for the bias. Taking all pairs as independent would make limits too narrow.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from backend.analysis.bland_altman import ROUNDING, check_coverage
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.rater_table import check_finite
from backend.analysis.results import Interval, Result, check_level, normal_quantile, t_quantile

Array: TypeAlias = NDArray[np.float64]
Design: TypeAlias = Literal["varying", "constant"]
Replicates: TypeAlias = Mapping[str, Sequence[float]]
Pairs: TypeAlias = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class RepeatedBlandAltman(Result):
    """Limits of agreement with replicates, difference ``a - b``.

    Attributes
    ----------
    design
        ``"varying"`` or ``"constant"`` true value, see the module.
    n, n_measurements
        Cases, and pairs (varying) or measurements by both methods (constant).
    bias, bias_ci
        Mean difference; t interval with n - 1 degrees of freedom.
    sd
        Of the difference of two single measurements.
    variance_between, variance_within
        Varying: of the differences, between and within cases. Constant: of the differences of the means, and
        the sum of both methods' variances within cases.
    within_sd_a, within_sd_b
        Constant: each method's standard deviation of replicates. Varying: not estimable.
    """

    method: str
    design: Design
    rater_a: str
    rater_b: str
    n: int
    n_measurements: int
    dropped_cases: tuple[str, ...]
    coverage: float
    bias: Estimate
    bias_ci: Interval | NotEstimable
    sd: Estimate
    lower: Estimate
    lower_ci: Interval | NotEstimable
    upper: Estimate
    upper_ci: Interval | NotEstimable
    variance_between: Estimate
    variance_within: Estimate
    within_sd_a: Estimate
    within_sd_b: Estimate
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spread:
    """A variance as a sum of scaled mean squares: (weight, mean square, degrees of freedom)."""

    parts: tuple[tuple[float, float, int], ...]

    @property
    def total(self) -> float:
        return math.fsum(weight * square for weight, square, _ in self.parts)

    def bounds(self, level: float) -> tuple[float, float]:
        """Of the sum, by recovering the variance of each part from its chi-square interval."""
        tail = (1.0 - level) / 2.0
        down, up = [], []
        for weight, square, df in self.parts:
            down.append((weight * square * (1.0 - df / float(chdtri(df, tail)))) ** 2)
            up.append((weight * square * (df / float(chdtri(df, 1.0 - tail)) - 1.0)) ** 2)
        low = self.total - math.sqrt(math.fsum(down))
        return max(0.0, low), self.total + math.sqrt(math.fsum(up))


def bland_altman_pairs(
    pairs: Pairs,
    *,
    rater_a: str = "a",
    rater_b: str = "b",
    coverage: float = 0.95,
    level: float = 0.95,
) -> RepeatedBlandAltman:
    """Limits of agreement from pairs of measurements of a case whose true value may vary.

    Parameters
    ----------
    pairs
        Case -> pairs (measurement by a, measurement by b); their number may differ. Cases without a pair
        are left out and named.

    Returns
    -------
    RepeatedBlandAltman
        A variance between cases estimated below 0 is taken as 0, with a warning. Fewer than two cases, or
        no case with two pairs: not estimable.

    Raises
    ------
    AnalysisError
        A measurement that is not a finite number (names case and row), a coverage or level outside (0, 1).

    References
    ----------
    Bland JM, Altman DG. J Biopharm Stat 2007;17:571-582. Zou GY. Stat Methods Med Res 2013;22:630-642.
    """
    check_level(level)
    check_coverage(coverage)
    differences: dict[str, Array] = {}
    largest = 0.0
    for case in sorted(pairs):
        for row, pair in enumerate(pairs[case]):
            for value in pair:
                check_finite(value, f"case {case}, pair {row}")
                largest = max(largest, abs(value))
        differences[case] = np.array(sorted(a - b for a, b in pairs[case]), dtype=np.float64)
    empty = tuple(case for case, values in differences.items() if not len(values))
    groups = [values for values in differences.values() if len(values)]
    names = (rater_a, rater_b, empty)
    n, total = len(groups), sum(map(len, groups))
    if n < 2 or total == n:
        reason = NotEstimable("two cases are needed, and one of them with two pairs")
        bias: Estimate = math.fsum(np.concatenate(groups)) / total if groups else reason
        return _undefined("varying", names, n, total, coverage, bias, reason)
    bias = math.fsum(np.concatenate(groups)) / total
    between, within = _mean_squares(groups, bias, ROUNDING * largest)
    size = (total - math.fsum(len(g) ** 2 for g in groups) / total) / (n - 1)
    component = (between - within) / size
    warnings: tuple[str, ...] = ()
    if component < 0.0:
        warnings = ("The variance between cases is estimated below 0 and taken as 0.",)
        spread = _Spread(((1.0, within, total - n),))
    else:
        spread = _Spread(((1.0 / size, between, n - 1), (1.0 - 1.0 / size, within, total - n)))
    component = max(0.0, component)
    se2 = component * math.fsum((len(g) / total) ** 2 for g in groups) + within / total
    limits = _limits(bias, math.sqrt(se2), spread, n, coverage, level)
    varying = NotEstimable("replicates of a true value that varies do not show it")
    return RepeatedBlandAltman(
        *("bland_altman_repeated", "varying", rater_a, rater_b, n, total, empty, coverage),
        *limits,
        variance_between=component,
        variance_within=within,
        within_sd_a=varying,
        within_sd_b=varying,
        warnings=warnings,
    )


def bland_altman_replicates(
    a: Replicates,
    b: Replicates,
    *,
    rater_a: str = "a",
    rater_b: str = "b",
    coverage: float = 0.95,
    level: float = 0.95,
) -> RepeatedBlandAltman:
    """Limits of agreement from unpaired replicates of a case whose true value stands still.

    Parameters
    ----------
    a, b
        Case -> replicates of each method; their numbers may differ. Cases that one method lacks are left
        out and named.

    Raises
    ------
    AnalysisError
        A measurement that is not a finite number (names method and case), a coverage or level out of range.

    References
    ----------
    Bland JM, Altman DG. Stat Methods Med Res 1999;8:135-160, section 5.2. Zou GY. Stat Methods Med Res
    2013;22:630-642.
    """
    check_level(level)
    check_coverage(coverage)
    sides: list[dict[str, Array]] = []
    largest = 0.0
    for name, replicates in ((rater_a, a), (rater_b, b)):
        for case in sorted(replicates):
            for value in replicates[case]:
                check_finite(value, f"{name}, case {case}")
                largest = max(largest, abs(value))
        sides.append({case: np.array(sorted(replicates[case]), dtype=np.float64) for case in replicates})
    named = sorted({*a, *b})
    both = [case for case in named if all(len(side.get(case, ())) for side in sides)]
    have = set(both)
    dropped = tuple(case for case in named if case not in have)
    groups = [[side[case] for case in both] for side in sides]
    n, total = len(both), sum(len(values) for side in groups for values in side)
    names = (rater_a, rater_b, dropped)
    dfs = [sum(map(len, side)) - n for side in groups]
    differences = np.array([x.mean() - y.mean() for x, y in zip(*groups, strict=True)])
    if not n:
        nothing = NotEstimable("no case was measured by both")
        return _undefined("constant", names, n, total, coverage, nothing, nothing)
    bias = math.fsum(differences) / n
    if n < 2 or min(dfs) < 1:
        reason = NotEstimable("two cases are needed, and for each method one with two replicates")
        return _undefined("constant", names, n, total, coverage, bias, reason)
    smallest = (ROUNDING * largest) ** 2
    of_means = math.fsum((differences - bias) ** 2) / (n - 1)
    within = [_pooled(side, df) for side, df in zip(groups, dfs, strict=True)]
    within = [value if value > smallest else 0.0 for value in within]
    of_means = of_means if of_means > smallest else 0.0
    shares = [1.0 - math.fsum(1.0 / len(values) for values in side) / n for side in groups]
    spread = _Spread(
        ((1.0, of_means, n - 1), *((s, w, df) for s, w, df in zip(shares, within, dfs, strict=True)))
    )
    limits = _limits(bias, math.sqrt(of_means / n), spread, n, coverage, level)
    return RepeatedBlandAltman(
        *("bland_altman_repeated", "constant", rater_a, rater_b, n, total, dropped, coverage),
        *limits,
        variance_between=of_means,
        variance_within=sum(within),
        within_sd_a=math.sqrt(within[0]),
        within_sd_b=math.sqrt(within[1]),
        warnings=(),
    )


def _pooled(groups: list[Array], df: int) -> float:
    return math.fsum(float(((values - values.mean()) ** 2).sum()) for values in groups) / df


def _mean_squares(groups: list[Array], mean: float, smallest: float) -> tuple[float, float]:
    """Between and within cases, 0 where rounding."""
    n, total = len(groups), sum(map(len, groups))
    between = math.fsum(len(g) * (float(g.mean()) - mean) ** 2 for g in groups) / (n - 1)
    within = _pooled(groups, total - n)
    return between if between > smallest**2 else 0.0, within if within > smallest**2 else 0.0


_Limits: TypeAlias = tuple[
    float, Interval | NotEstimable, float, float, Interval | NotEstimable, float, Interval | NotEstimable
]


def _limits(bias: float, se: float, spread: _Spread, n: int, coverage: float, level: float) -> _Limits:
    """Bias, its interval, SD, lower limit, its interval, upper limit, its interval."""
    sd, z = math.sqrt(spread.total), normal_quantile(coverage)
    lower, upper = bias - z * sd, bias + z * sd
    if sd == 0.0:
        none = NotEstimable("the differences are all equal")
        return bias, none, 0.0, lower, none, upper, none
    margin = t_quantile(level, n - 1) * se
    low, high = (math.sqrt(bound) for bound in spread.bounds(level))
    outward, inward = math.hypot(margin, z * (high - sd)), math.hypot(margin, z * (sd - low))
    bias_ci: Interval | NotEstimable = Interval(bias - margin, bias + margin, level)
    if se == 0.0:
        bias_ci = NotEstimable("the cases' means do not differ")
    return (
        *(bias, bias_ci, sd),
        *(lower, Interval(lower - outward, lower + inward, level)),
        *(upper, Interval(upper - inward, upper + outward, level)),
    )


def _undefined(
    design: Design,
    names: tuple[str, str, tuple[str, ...]],
    n: int,
    total: int,
    coverage: float,
    bias: Estimate,
    reason: NotEstimable,
) -> RepeatedBlandAltman:
    rater_a, rater_b, dropped = names
    return RepeatedBlandAltman(
        *("bland_altman_repeated", design, rater_a, rater_b, n, total, dropped, coverage, bias),
        *(reason,) * 10,
        warnings=(),
    )
