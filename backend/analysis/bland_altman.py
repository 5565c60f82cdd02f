"""Bland and Altman's analysis of two methods that measured each case once.

The difference is a minus b throughout. Limits of agreement are bias -+ z SD with the normal quantile of the
coverage (1.96 at 95 %; the paper of 1986 took 2). Intervals: bias by Student's t; each limit twice, by the
approximation of Bland and Altman and exactly by the noncentral t (Carkeet 2015, each limit for itself). The
approximation has the variance s^2 (1/n + z^2 / (2(n - 1))) of 1999; that of 1986, 3 s^2 / n, can be asked
for. The exact interval is not symmetric: it is wider outward, and the one to quote for small n.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import nct

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.rater_table import Measurements, measurement_table
from backend.analysis.results import Interval, Result, check_level, normal_quantile, t_quantile, two_sided_t_p

Array: TypeAlias = NDArray[np.float64]
LimitVariance: TypeAlias = Literal["1999", "1986"]

# A spread below this share of the largest measurement is rounding.
ROUNDING = 1e-13

NO_SPREAD = NotEstimable("the differences are all equal")


@dataclass(frozen=True, slots=True)
class Limit(Result):
    """One limit of agreement with its approximate and its exact interval."""

    value: Estimate
    approximate_ci: Interval | NotEstimable
    exact_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class ProportionalBias(Result):
    """Least-squares line of the difference on the mean of both: a slope other than 0 is proportional bias."""

    intercept: Estimate
    slope: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    t: Estimate
    df: int
    p: Estimate


@dataclass(frozen=True, slots=True)
class DifferencePoint(Result):
    """One case of the plot."""

    case: str
    mean: float
    difference: float


@dataclass(frozen=True, slots=True)
class BlandAltman(Result):
    """Differences ``a - b``.

    Attributes
    ----------
    bias, bias_ci, sd
        Mean difference with its t interval, and the standard deviation of the differences.
    p
        Of bias = 0, paired t test.
    lower, upper
        Limits within which the share ``coverage`` of differences is expected.
    proportional
        Line of difference on mean.
    """

    method: str
    rater_a: str
    rater_b: str
    n: int
    dropped_cases: tuple[str, ...]
    coverage: float
    limit_variance: LimitVariance
    bias: Estimate
    bias_ci: Interval | NotEstimable
    p: Estimate
    sd: Estimate
    lower: Limit
    upper: Limit
    proportional: ProportionalBias
    points: tuple[DifferencePoint, ...]
    warnings: tuple[str, ...]


def bland_altman(
    raters: Measurements,
    rater_a: str,
    rater_b: str,
    *,
    coverage: float = 0.95,
    limit_variance: LimitVariance = "1999",
    level: float = 0.95,
) -> BlandAltman:
    """Bias and limits of agreement of two raters or methods.

    Parameters
    ----------
    raters
        Rater -> case -> measurement; only the two named are used, on the cases that both measured.
    rater_a, rater_b
        The difference is a minus b.
    coverage
        Share of differences between the limits.
    limit_variance
        Of the approximate intervals: Bland and Altman 1999 or 1986.
    level
        Confidence level.

    Returns
    -------
    BlandAltman
        One case: a bias without interval or limits. Equal differences: limits equal to the bias, without
        intervals.

    Raises
    ------
    AnalysisError
        An unknown rater, the same rater twice, a measurement that is not a finite number (names rater and
        case), a coverage or level outside (0, 1), an unknown variance.

    References
    ----------
    Bland JM, Altman DG. Lancet 1986;1:307-310; Stat Methods Med Res 1999;8:135-160.
    Carkeet A. Optom Vis Sci 2015;92:e71-e80.
    """
    check_level(level)
    check_coverage(coverage)
    if limit_variance not in get_args(LimitVariance):
        raise AnalysisError("unknown_variance", f"variances are of 1999 or 1986, not {limit_variance!r}")
    both = pick_pair(raters, rater_a, rater_b)
    table = measurement_table(both)
    order = [table.raters.index(name) for name in (rater_a, rater_b)]
    first, second = table.values[:, order[0]], table.values[:, order[1]]
    difference, mean = first - second, (first + second) / 2.0
    smallest = ROUNDING * float(np.abs(table.values).max(initial=0.0))
    n = len(difference)
    bias: Estimate = math.fsum(difference) / n if n else NotEstimable("no case was measured by both")
    sd = _sd(difference, smallest)
    bias_ci, p = _bias_inference(bias, sd, n, level)
    z = normal_quantile(coverage)
    lower, upper = (_limit(bias, sd, n, side * z, limit_variance, level) for side in (-1.0, 1.0))
    return BlandAltman(
        method="bland_altman",
        rater_a=rater_a,
        rater_b=rater_b,
        n=n,
        dropped_cases=table.dropped_cases,
        coverage=coverage,
        limit_variance=limit_variance,
        bias=bias,
        bias_ci=bias_ci,
        p=p,
        sd=sd,
        lower=lower,
        upper=upper,
        proportional=_proportional(mean, difference, smallest, level),
        points=tuple(
            DifferencePoint(case, float(m), float(d))
            for case, m, d in zip(table.cases, mean, difference, strict=True)
        ),
        warnings=("All differences are equal: the limits are the bias itself.",) if sd == 0.0 else (),
    )


def check_coverage(coverage: float) -> None:
    """Raise ``AnalysisError`` unless the coverage lies strictly between 0 and 1."""
    if not 0.0 < coverage < 1.0:
        raise AnalysisError("coverage_out_of_range", f"the coverage lies between 0 and 1, not {coverage}")


def pick_pair(raters: Measurements, rater_a: str, rater_b: str) -> Measurements:
    """The measurements of the two named raters alone."""
    for name in (rater_a, rater_b):
        if name not in raters:
            raise AnalysisError("unknown_rater", f"{name} is not one of {', '.join(sorted(raters))}")
    if rater_a == rater_b:
        raise AnalysisError("same_rater", f"{rater_a} is named twice")
    return {rater_a: raters[rater_a], rater_b: raters[rater_b]}


def _sd(difference: Array, smallest: float) -> Estimate:
    n = len(difference)
    if n < 2:
        return NotEstimable("two cases are needed for a standard deviation")
    center = math.fsum(difference) / n
    sd = math.sqrt(math.fsum((difference - center) ** 2) / (n - 1))
    return sd if sd > smallest else 0.0


def _bias_inference(
    bias: Estimate, sd: Estimate, n: int, level: float
) -> tuple[Interval | NotEstimable, Estimate]:
    if isinstance(bias, NotEstimable):
        return bias, bias
    if isinstance(sd, NotEstimable):
        return sd, sd
    if sd == 0.0:
        return NO_SPREAD, NO_SPREAD
    se = sd / math.sqrt(n)
    margin = t_quantile(level, n - 1) * se
    return Interval(bias - margin, bias + margin, level), two_sided_t_p(bias / se, n - 1)


def _limit(bias: Estimate, sd: Estimate, n: int, z: float, variance: LimitVariance, level: float) -> Limit:
    """The limit bias + z sd."""
    if isinstance(bias, NotEstimable):
        return Limit(bias, bias, bias)
    if isinstance(sd, NotEstimable):
        return Limit(sd, sd, sd)
    value = bias + z * sd
    if sd == 0.0:
        return Limit(value, NO_SPREAD, NO_SPREAD)
    share = 3.0 / n if variance == "1986" else 1.0 / n + z * z / (2.0 * (n - 1))
    margin = t_quantile(level, n - 1) * sd * math.sqrt(share)
    low, high = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    root = math.sqrt(n)
    exact_low, exact_high = (
        bias + noncentral_t_quantile(tail, n - 1, z * root) * sd / root for tail in (low, high)
    )
    return Limit(
        value, Interval(value - margin, value + margin, level), Interval(exact_low, exact_high, level)
    )


def noncentral_t_quantile(probability: float, df: int, noncentrality: float) -> float:
    """The quantile of the noncentral t distribution, solved to 1e-13 on its distribution function."""
    start = float(nct.ppf(probability, df, noncentrality))
    reach = 1e-3 * max(1.0, abs(start))

    def excess(value: float) -> float:
        return float(nct.cdf(value, df, noncentrality)) - probability

    for _ in range(60):
        if excess(start - reach) < 0.0 < excess(start + reach):
            return float(brentq(excess, start - reach, start + reach, xtol=1e-13, rtol=1e-14))
        reach *= 2.0
    raise AnalysisError("no_quantile", f"the noncentral t with {df} df at {probability} was not found")


def _proportional(mean: Array, difference: Array, smallest: float, level: float) -> ProportionalBias:
    n = len(mean)
    reason: NotEstimable | None = None
    if n < 3:
        reason = NotEstimable("a line with a standard error takes three cases")
    elif _sd(mean, smallest) == 0.0:
        reason = NotEstimable("all means are equal")
    if reason is not None:
        return ProportionalBias(reason, reason, reason, reason, reason, max(n - 2, 0), reason)
    x, y = mean - math.fsum(mean) / n, difference - math.fsum(difference) / n
    spread = math.fsum(x * x)
    slope = math.fsum(x * y) / spread
    intercept = math.fsum(difference) / n - slope * math.fsum(mean) / n
    rest = math.fsum((y - slope * x) ** 2)
    if rest <= n * smallest**2:
        none = NotEstimable("the differences lie on a line without error")
        return ProportionalBias(intercept, slope, 0.0, none, none, n - 2, none)
    se = math.sqrt(rest / (n - 2) / spread)
    margin = t_quantile(level, n - 2) * se
    t = slope / se
    ci = Interval(slope - margin, slope + margin, level)
    return ProportionalBias(intercept, slope, se, ci, t, n - 2, two_sided_t_p(t, n - 2))
