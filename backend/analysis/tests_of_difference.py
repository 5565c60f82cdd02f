"""Tests of a difference between groups, each named, with its statistic, degrees of freedom and conditions.

Conventions, R 4.2's where programs differ:

- chi-square: Pearson's, ``chi_square``; with the continuity correction (2 x 2 only) ``chi_square_yates``,
  the correction being at most the observed deviation, as in ``chisq.test``;
- Mann-Whitney: exact when both groups are below 50 and no value is tied, else the normal approximation with
  tie and continuity correction, as in ``wilcox.test``; the statistic is W of the first group;
- Welch's t-test and one-way test do not assume equal variances and are never preceded by a test of them;
- Shapiro-Wilk: Royston's, from 3 to 5000 values.

A missing value is no value: groups are given without them, and NaN is refused. The order of values within a
group changes no bit of a result.

References
----------
Welch BL. Biometrika 1938;29:350-362 and 1951;38:330-336. Mann HB, Whitney DR. Ann Math Stat 1947;18:50-60.
Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583-621. Yates F. J R Stat Soc Suppl 1934;1:217-235.
Shapiro SS, Wilk MB. Biometrika 1965;52:591-611; Royston P. Appl Stat 1995;44:547-551.
Brown MB, Forsythe AB. J Am Stat Assoc 1974;69:364-367.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.contingency import Counts, read_counts
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.model_inputs import mean, variance
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_p, two_sided_t_p

Groups = Sequence[Sequence[float]]
Floats = NDArray[np.float64]

EXACT_RANK_TEST_BELOW = 50
SHAPIRO_RANGE = (3, 5000)


@dataclass(frozen=True, slots=True)
class DifferenceTest(Result):
    """A test of a difference; ``n`` counts each group, ``df`` is empty where the test has none.

    ``difference`` (first minus second mean) and ``ci`` are ``None`` but for the two t-tests.
    """

    method: str
    statistic: Estimate
    df: tuple[float, ...]
    p: Estimate
    n: tuple[int, ...]
    difference: Estimate | None = None
    ci: Interval | NotEstimable | None = None
    warnings: tuple[str, ...] = ()


def chi_square(counts: Counts, *, yates: bool = False) -> DifferenceTest:
    """Pearson's chi-square test of groups (rows) on categories (columns).

    Parameters
    ----------
    yates
        With the continuity correction; then the table must be 2 x 2.

    Raises
    ------
    AnalysisError
        ``not_two_by_two`` for a correction of another shape.
    """
    method = "chi_square_yates" if yates else "chi_square"
    if yates and np.shape(counts) != (2, 2):
        raise AnalysisError("not_two_by_two", "the continuity correction is for a 2 x 2 table only")
    table = read_counts(counts)
    n = tuple(int(sum(row)) for row in counts)
    reason = table.why_not_testable()
    if reason is not None:
        return DifferenceTest(method, reason, (), reason, n, warnings=table.warnings())
    expected = table.expected()
    deviation = np.abs(table.counts - expected)
    if yates:
        deviation = deviation - np.minimum(0.5, deviation)
    statistic = math.fsum(np.sort((deviation**2 / expected).ravel()).tolist())
    df = (table.counts.shape[0] - 1) * (table.counts.shape[1] - 1)
    low = int(np.sum(expected < 5.0))
    few = (f"the expected count is below 5 in {low} of {expected.size} cells",) if low else ()
    p = float(chdtrc(df, statistic))
    return DifferenceTest(method, statistic, (float(df),), p, n, warnings=(*table.warnings(), *few))


def student_t(groups: Groups, *, level: float = 0.95) -> DifferenceTest:
    """Two-sample t-test with one variance for both groups; the difference is first minus second mean."""
    return _t_test(groups, level=level, is_pooled=True)


def welch_t(groups: Groups, *, level: float = 0.95) -> DifferenceTest:
    """Two-sample t-test with a variance for each group and Welch-Satterthwaite degrees of freedom."""
    return _t_test(groups, level=level, is_pooled=False)


def anova(groups: Groups) -> DifferenceTest:
    """One-way analysis of variance over two or more groups."""
    values = _check_groups(groups)
    return _anova(values, tuple(group.size for group in values), "anova")


def levene(groups: Groups) -> DifferenceTest:
    """Brown and Forsythe's test of equal variances: analysis of variance of distances from the median."""
    values = _check_groups(groups)
    distances = [np.sort(np.abs(group - np.median(group))) if group.size else group for group in values]
    return _anova(distances, tuple(group.size for group in values), "levene_median")


def welch_anova(groups: Groups) -> DifferenceTest:
    """Welch's one-way test over two or more groups, each with a variance of its own."""
    values = _check_groups(groups)
    n = tuple(group.size for group in values)
    reason = _too_few(n) or _constant_group(values)
    if reason is not None:
        return DifferenceTest("welch_anova", reason, (), reason, n)
    k = len(values)
    means = [mean(group) for group in values]
    weight = [group.size / variance(group) for group in values]
    total = math.fsum(weight)
    center = math.fsum(w * own for w, own in zip(weight, means, strict=True)) / total
    spread = math.fsum((1 - w / total) ** 2 / (size - 1) for w, size in zip(weight, n, strict=True))
    lack = spread / (k * k - 1)
    between = math.fsum(w * (own - center) ** 2 for w, own in zip(weight, means, strict=True))
    statistic = between / ((k - 1) * (1 + 2 * (k - 2) * lack))
    df = (float(k - 1), 1 / (3 * lack))
    return DifferenceTest("welch_anova", statistic, df, float(fdtrc(*df, statistic)), n)


def mann_whitney(groups: Groups) -> DifferenceTest:
    """Wilcoxon-Mann-Whitney test of two groups, exact or with corrections as the module says."""
    first, second = _two(_check_groups(groups))
    n = (first.size, second.size)
    reason = _empty_or_equal((first, second))
    if reason is not None:
        return DifferenceTest("mann_whitney", reason, (), reason, n)
    pooled = np.concatenate((first, second))
    ranks, ties = _ranks(pooled)
    w = float(ranks[: first.size].sum()) - first.size * (first.size + 1) / 2
    if max(n) < EXACT_RANK_TEST_BELOW and ties == 0.0:
        from scipy.stats import mannwhitneyu  # type: ignore[import-untyped, unused-ignore]

        p = float(mannwhitneyu(first, second, alternative="two-sided", method="exact").pvalue)
        return DifferenceTest("mann_whitney_exact", w, (), p, n)
    size = pooled.size
    sd = math.sqrt(first.size * second.size / 12 * (size + 1 - ties / (size * (size - 1))))
    away = abs(w - first.size * second.size / 2)
    p = two_sided_p(max(0.0, away - 0.5) / sd)
    return DifferenceTest("mann_whitney", w, (), p, n)


def kruskal_wallis(groups: Groups) -> DifferenceTest:
    """Kruskal-Wallis test of two or more groups with tie correction, by its chi-square approximation."""
    values = _check_groups(groups)
    n = tuple(group.size for group in values)
    reason = _empty_or_equal(values)
    if reason is not None:
        return DifferenceTest("kruskal_wallis", reason, (), reason, n)
    ranks, ties = _ranks(np.concatenate(values))
    size = ranks.size
    parts = np.split(ranks, np.cumsum(n)[:-1])
    between = math.fsum(float(part.sum()) ** 2 / part.size for part in parts)
    plain = 12 / (size * (size + 1)) * between - 3 * (size + 1)
    statistic = max(0.0, plain / (1 - ties / (size**3 - size)))
    df = len(values) - 1
    return DifferenceTest("kruskal_wallis", statistic, (float(df),), float(chdtrc(df, statistic)), n)


def shapiro_wilk(values: Sequence[float]) -> DifferenceTest:
    """Shapiro-Wilk test of normality; not estimable outside 3 to 5000 values or when all are equal."""
    group = _check_group(values, 1)
    n = (group.size,)
    low, high = SHAPIRO_RANGE
    reason: NotEstimable | None = None
    if not low <= group.size <= high:
        reason = NotEstimable(f"normality is tested on {low} to {high} values, not {group.size}")
    elif group[0] == group[-1]:
        reason = NotEstimable("all values are equal")
    if reason is not None:
        return DifferenceTest("shapiro_wilk", reason, (), reason, n)
    from scipy.stats import shapiro  # type: ignore[import-untyped, unused-ignore]

    # The test knows no unit: centered values keep all their digits, and a power of 2 changes none; SciPy takes
    # a range below 1e-19 for none.
    result = shapiro(np.ldexp(group - np.median(group), -math.frexp(group[-1] - group[0])[1]))
    return DifferenceTest("shapiro_wilk", float(result.statistic), (), float(result.pvalue), n)


def _t_test(groups: Groups, *, level: float, is_pooled: bool) -> DifferenceTest:
    check_level(level)
    method = "student_t" if is_pooled else "welch_t"
    first, second = _two(_check_groups(groups))
    n = (first.size, second.size)
    reason = _too_few(n)
    if reason is not None:
        return DifferenceTest(method, reason, (), reason, n, reason, reason)
    difference = mean(first) - mean(second)
    a, b = variance(first), variance(second)
    if a == b == 0.0:
        reason = NotEstimable("neither group varies")
        return DifferenceTest(method, reason, (), reason, n, difference, reason)
    if is_pooled:
        df = float(sum(n) - 2)
        se = math.sqrt(((n[0] - 1) * a + (n[1] - 1) * b) / df * (1 / n[0] + 1 / n[1]))
    else:
        a, b = a / n[0], b / n[1]
        df = (a + b) ** 2 / (a * a / (n[0] - 1) + b * b / (n[1] - 1))
        se = math.sqrt(a + b)
    margin = t_quantile(level, df) * se
    return DifferenceTest(
        method,
        difference / se,
        (df,),
        two_sided_t_p(difference / se, df),
        n,
        difference,
        Interval(difference - margin, difference + margin, level),
    )


def _anova(values: Sequence[Floats], n: tuple[int, ...], method: str) -> DifferenceTest:
    reason: NotEstimable | None = None
    if min(n) < 1:
        reason = NotEstimable("a group has no value")
    elif sum(n) <= len(n):
        reason = NotEstimable("no group has two values")
    if reason is not None:
        return DifferenceTest(method, reason, (), reason, n)
    means = [mean(group) for group in values]
    center = mean(np.sort(np.concatenate(values)))
    between = math.fsum(group.size * (own - center) ** 2 for group, own in zip(values, means, strict=True))
    within = math.fsum(variance(group) * (group.size - 1) for group in values if group.size > 1)
    if within == 0.0:
        reason = NotEstimable("no group varies")
        return DifferenceTest(method, reason, (), reason, n)
    df = (float(len(n) - 1), float(sum(n) - len(n)))
    statistic = (between / df[0]) / (within / df[1])
    return DifferenceTest(method, statistic, df, float(fdtrc(*df, statistic)), n)


def _check_groups(groups: Groups) -> list[Floats]:
    if len(groups) < 2:
        raise AnalysisError("too_few_groups", f"a difference needs two groups, not {len(groups)}")
    return [_check_group(group, number) for number, group in enumerate(groups, start=1)]


def _check_group(values: Sequence[float], number: int) -> Floats:
    for place, value in enumerate(values, start=1):
        is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise AnalysisError(
                "value_not_finite", f"value {place} of group {number} is {value!r}, not a finite number"
            )
    return np.sort(np.array(values, dtype=np.float64))


def _two(groups: list[Floats]) -> tuple[Floats, Floats]:
    if len(groups) != 2:
        raise AnalysisError("not_two_groups", f"this test compares two groups, not {len(groups)}")
    return groups[0], groups[1]


def _too_few(n: tuple[int, ...]) -> NotEstimable | None:
    return NotEstimable("a group has fewer than two values") if min(n) < 2 else None


def _constant_group(values: Sequence[Floats]) -> NotEstimable | None:
    return NotEstimable("a group does not vary") if any(group[0] == group[-1] for group in values) else None


def _empty_or_equal(values: Sequence[Floats]) -> NotEstimable | None:
    if any(group.size == 0 for group in values):
        return NotEstimable("a group has no value")
    pooled = np.concatenate(values)
    return NotEstimable("all values are equal") if pooled.min() == pooled.max() else None


def _ranks(values: Floats) -> tuple[Floats, float]:
    """Mid-ranks, and the sum of ``t^3 - t`` over the ties."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[group.ravel()]
    sizes = counts.astype(np.float64)
    return ranks, float(np.sum(sizes**3 - sizes))
