"""Repeatability: how far repeated measurements of the same thing lie apart.

The within-case standard deviation is pooled by a one-way analysis of variance, so that cases may have different
numbers of replicates; its interval is exact for normal errors (chi-square). The repeatability coefficient is
z sqrt(2) times it, 2.77 at 95 %: two measurements of a case differ by less with that probability (Bland and
Altman 1986, 1999). The coefficient of variation is the root of the cases' mean squared variation.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from backend.analysis.bland_altman import ROUNDING, Array, check_coverage
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.rater_table import check_finite
from backend.analysis.results import Interval, Result, check_level, normal_quantile


@dataclass(frozen=True, slots=True)
class Repeatability(Result):
    """Repeatability of one rater or method.

    Attributes
    ----------
    within_sd, within_sd_ci
        Standard deviation of repeated measurements of one case.
    coefficient, coefficient_ci
        Two measurements of a case differ by less than this with the probability ``coverage``.
    within_cv
        Within-case coefficient of variation, a share of the mean; for positive measurements only.
    n, n_measurements, single_cases
        Cases with two measurements or more, their measurements, and the cases that had one or none.
    """

    method: str
    coverage: float
    within_sd: Estimate
    within_sd_ci: Interval | NotEstimable
    coefficient: Estimate
    coefficient_ci: Interval | NotEstimable
    within_cv: Estimate
    n: int
    n_measurements: int
    single_cases: tuple[str, ...]
    warnings: tuple[str, ...]


def repeatability(
    measurements: Mapping[str, Sequence[float]], *, coverage: float = 0.95, level: float = 0.95
) -> Repeatability:
    """Within-case standard deviation, repeatability coefficient and coefficient of variation.

    Parameters
    ----------
    measurements
        Case -> repeated measurements, two or more; cases with fewer are named and left out.

    Raises
    ------
    AnalysisError
        A measurement that is not a finite number (names the case), a coverage or level outside (0, 1).

    References
    ----------
    Bland JM, Altman DG. Lancet 1986;1:307-310; BMJ 1996;313:744 and 313:106.
    """
    check_level(level)
    check_coverage(coverage)
    for case in sorted(measurements):
        for value in measurements[case]:
            check_finite(value, f"case {case}")
    groups = {case: np.array(sorted(measurements[case]), dtype=np.float64) for case in sorted(measurements)}
    single = tuple(case for case, values in groups.items() if len(values) < 2)
    used = [values for values in groups.values() if len(values) >= 2]
    total = sum(map(len, used))
    factor = math.sqrt(2.0) * normal_quantile(coverage)
    sd, ci = _within(used, total - len(used), level)
    return Repeatability(
        method="repeatability",
        coverage=coverage,
        within_sd=sd,
        within_sd_ci=ci,
        coefficient=sd if isinstance(sd, NotEstimable) else factor * sd,
        coefficient_ci=ci
        if isinstance(ci, NotEstimable)
        else Interval(factor * ci.low, factor * ci.high, level),
        within_cv=_within_cv(used),
        n=len(used),
        n_measurements=total,
        single_cases=single,
        warnings=(),
    )


def _within(groups: list[Array], df: int, level: float) -> tuple[Estimate, Interval | NotEstimable]:
    if df < 1:
        none = NotEstimable("no case was measured twice")
        return none, none
    squares = math.fsum(float(((values - values.mean()) ** 2).sum()) for values in groups)
    largest = max(float(np.abs(values).max()) for values in groups)
    if squares <= df * (ROUNDING * largest) ** 2:
        return 0.0, NotEstimable("repeated measurements never differ")
    tail = (1.0 - level) / 2.0
    low, high = (math.sqrt(squares / float(chdtri(df, share))) for share in (tail, 1.0 - tail))
    return math.sqrt(squares / df), Interval(low, high, level)


def _within_cv(groups: list[Array]) -> Estimate:
    if not groups:
        return NotEstimable("no case was measured twice")
    if any(float(values.min()) <= 0.0 for values in groups):
        return NotEstimable("a coefficient of variation is for positive measurements")
    squared = [float(values.var(ddof=1)) / float(values.mean()) ** 2 for values in groups]
    return math.sqrt(math.fsum(squared) / len(squared))
