"""How large a difference is: standardized mean differences and Cramer's V.

The standardized mean difference (SMD) is Austin's: the difference of two means over the root of the mean of
the two variances; of two proportions, over the root of the mean of ``p (1 - p)``; of several categories,
the Mahalanobis distance of Yang and Dalton, which for two categories is the absolute SMD of a proportion.
Its interval is the large-sample one of Hedges and Olkin. Cramer's V comes from the chi-square without
continuity correction; beside it Bergsma's, corrected for bias.

References
----------
Austin PC. Stat Med 2009;28:3083-3107. Yang D, Dalton JE. SAS Global Forum 2012, paper 335.
Hedges LV, Olkin I. Statistical methods for meta-analysis. Academic Press 1985.
Cramer H. Mathematical methods of statistics. Princeton 1946. Bergsma W. J Korean Stat Soc 2013;42:323-328.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.contingency import Counts, read_counts
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.model_inputs import mean, variance
from backend.analysis.results import Interval, Result, check_level, normal_interval
from backend.analysis.tests_of_difference import chi_square


@dataclass(frozen=True, slots=True)
class Smd(Result):
    """Standardized mean difference of two groups; unsigned when of categories, else first minus second."""

    method: str
    estimate: Estimate
    ci: Interval | NotEstimable
    n: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CramersV(Result):
    """Association of groups and categories, 0 none to 1 complete."""

    method: str
    estimate: Estimate
    bias_corrected: Estimate
    n: int


def smd_of_values(first: Sequence[float], second: Sequence[float], *, level: float = 0.95) -> Smd:
    """SMD of two groups of values, first minus second."""
    check_level(level)
    for name, values in (("first", first), ("second", second)):
        if not all(math.isfinite(value) for value in values):
            raise AnalysisError("value_not_finite", f"the {name} group holds a value that is not finite")
    n = (len(first), len(second))
    if min(n) < 2:
        nothing = NotEstimable("a group has fewer than two values")
        return Smd("smd", nothing, nothing, n)
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    spread = math.sqrt((variance(a) + variance(b)) / 2)
    if spread == 0.0:
        nothing = NotEstimable("neither group varies")
        return Smd("smd", nothing, nothing, n)
    estimate = (mean(a) - mean(b)) / spread
    return Smd("smd", estimate, _interval(estimate, n, level, low=-math.inf), n)


def smd_of_counts(first: Sequence[int], second: Sequence[int], *, level: float = 0.95) -> Smd:
    """Unsigned SMD of two groups counted over the same categories."""
    check_level(level)
    table = read_counts([list(first), list(second)])
    n = (int(sum(first)), int(sum(second)))
    if min(n) == 0:
        nothing = NotEstimable("a group has no value")
        return Smd("smd_categories", nothing, nothing, n)
    if table.counts.shape[1] < 2:
        return Smd("smd_categories", 0.0, NotEstimable("only one category has any count"), n)
    a, b = table.counts[0] / n[0], table.counts[1] / n[1]
    away = (a - b)[1:]
    spread = (_covariance(a) + _covariance(b)) / 2
    if np.linalg.matrix_rank(spread) < away.size:
        nothing = NotEstimable("the categories separate the groups completely")
        return Smd("smd_categories", nothing, nothing, n)
    estimate = math.sqrt(max(0.0, float(away @ np.linalg.solve(spread, away))))
    return Smd("smd_categories", estimate, _interval(estimate, n, level, low=0.0), n)


def cramers_v(counts: Counts) -> CramersV:
    """Cramer's V of groups (rows) and categories (columns)."""
    table = read_counts(counts)
    test = chi_square(counts)
    if isinstance(test.statistic, NotEstimable):
        return CramersV("cramers_v", test.statistic, test.statistic, table.n)
    rows, columns = table.counts.shape
    phi2 = test.statistic / table.n
    plain = math.sqrt(min(1.0, phi2 / (min(rows, columns) - 1)))
    if table.n < 2:
        return CramersV("cramers_v", plain, NotEstimable("there is one count only"), table.n)
    less = max(0.0, phi2 - (rows - 1) * (columns - 1) / (table.n - 1))
    r = rows - (rows - 1) ** 2 / (table.n - 1)
    c = columns - (columns - 1) ** 2 / (table.n - 1)
    corrected: Estimate
    if min(r, c) > 1.0:
        corrected = math.sqrt(min(1.0, less / (min(r, c) - 1)))
    else:
        corrected = NotEstimable("too few counts for the correction")
    return CramersV("cramers_v", plain, corrected, table.n)


def _interval(estimate: float, n: tuple[int, int], level: float, *, low: float) -> Interval:
    se = math.sqrt(sum(n) / (n[0] * n[1]) + estimate**2 / (2 * sum(n)))
    return normal_interval(estimate, se, level=level, low=low, high=math.inf)


def _covariance(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance of all but the first category's indicators."""
    kept = shares[1:]
    return np.diag(kept) - np.outer(kept, kept)
