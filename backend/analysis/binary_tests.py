"""Yes-no calls on the same cases: McNemar's tests, the difference of two proportions, Cochran's Q.

The difference is a minus b. Its two intervals: Newcombe's square-and-add interval with the continuity
corrected correlation (method 10 of Newcombe 1998), and Tango's score interval, which agrees with McNemar's
plain test. Of the tests the mid-p one is the one to quote (Fagerland 2013): the exact test is conservative,
the plain one slightly liberal, the corrected one as conservative as the exact one.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq  # type: ignore[import-untyped, unused-ignore]
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]
from scipy.stats import binom  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import check_booleans, check_lengths
from backend.analysis.proportions import Proportion, proportion, wilson
from backend.analysis.results import Interval, Result, check_level, normal_quantile

NO_DISAGREEMENT = NotEstimable("the two calls differ on no case")


@dataclass(frozen=True, slots=True)
class McNemar(Result):
    """The four p-values of the hypothesis that both calls are positive equally often."""

    method: str
    only_a: int
    only_b: int
    p_exact: Estimate
    p_mid: Estimate
    chi_square: Estimate
    p_plain: Estimate
    chi_square_corrected: Estimate
    p_corrected: Estimate


@dataclass(frozen=True, slots=True)
class PairedProportions(Result):
    """Two proportions of the same ``n`` cases, their difference a minus b, its intervals and tests."""

    method: str
    both: int
    only_a: int
    only_b: int
    neither: int
    n: int
    a: Proportion
    b: Proportion
    difference: Estimate
    newcombe: Interval | NotEstimable
    tango: Interval | NotEstimable
    tests: McNemar


@dataclass(frozen=True, slots=True)
class PairedAccuracy(Result):
    """Sensitivity, specificity and accuracy of two yes-no calls on the same cases."""

    method: str
    positive_class: str
    sensitivity: PairedProportions
    specificity: PairedProportions
    accuracy: PairedProportions
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CochranQ(Result):
    """Cochran's test that k calls on the same cases are positive equally often."""

    method: str
    names: tuple[str, ...]
    shares: tuple[Estimate, ...]
    q: Estimate
    df: int
    p: Estimate
    n: int
    n_discordant: int


def mcnemar(only_a: int, only_b: int) -> McNemar:
    """The tests from the two counts on which the calls differ.

    Exact: two-sided binomial on them. Mid-p: the exact p less the probability of what was observed.
    Plain: ``(b - c)^2 / (b + c)``; corrected: ``(|b - c| - 1)^2 / (b + c)``, never below 0 for equal
    counts. Without a difference none is defined.

    References
    ----------
    McNemar Q. Psychometrika 1947;12:153-157; Edwards AL. Psychometrika 1948;13:185-187; Fagerland MW,
    Lydersen S, Laake P. BMC Med Res Methodol 2013;13:91.
    """
    if min(only_a, only_b) < 0:
        raise AnalysisError("counts_impossible", f"the counts {only_a} and {only_b} hold a negative one")
    total = only_a + only_b
    if total == 0:
        return McNemar("mcnemar", 0, 0, *(NO_DISAGREEMENT,) * 6)
    low = min(only_a, only_b)
    point = float(binom.pmf(low, total, 0.5))
    exact = min(1.0, 2.0 * float(binom.cdf(low, total, 0.5)))
    mid = 1.0 - 0.5 * point if only_a == only_b else exact - point
    gap = abs(only_a - only_b)
    plain, corrected = gap**2 / total, max(gap - 1, 0) ** 2 / total
    return McNemar(
        "mcnemar", only_a, only_b, exact, mid, plain, chi_square_p(plain), corrected, chi_square_p(corrected)
    )


def chi_square_p(statistic: float, df: int = 1) -> float:
    """The upper tail of a chi-square statistic."""
    return float(chdtrc(df, statistic))


def paired_proportions(
    both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95, of_what: str = "case"
) -> PairedProportions:
    """Two proportions of the same cases from the table of both calls.

    Raises
    ------
    AnalysisError
        ``counts_impossible`` for a negative count, the level out of range.
    """
    check_level(level)
    if min(both, only_a, only_b, neither) < 0:
        raise AnalysisError(
            "counts_impossible", f"the counts {both}, {only_a}, {only_b}, {neither} hold a negative one"
        )
    n = both + only_a + only_b + neither
    a = proportion(both + only_a, n, level=level, of_what=of_what)
    b = proportion(both + only_b, n, level=level, of_what=of_what)
    counts = (both, only_a, only_b, neither, n)
    if n == 0:
        nothing = NotEstimable(f"there is no {of_what}")
        tests = McNemar("mcnemar", 0, 0, *(nothing,) * 6)
        return PairedProportions("paired_proportions", *counts, a, b, nothing, nothing, nothing, tests)
    return PairedProportions(
        "paired_proportions",
        *counts,
        a,
        b,
        (only_a - only_b) / n,
        newcombe_interval(both, only_a, only_b, neither, level=level),
        tango_interval(only_a, only_b, n, level=level),
        mcnemar(only_a, only_b),
    )


def newcombe_interval(both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95) -> Interval:
    """Square-and-add interval of a paired difference: method 10 of Newcombe RG. Stat Med 1998;17:2635-2650."""
    n = both + only_a + only_b + neither
    positive_a, positive_b = both + only_a, both + only_b
    a, b = wilson(positive_a, n, level=level), wilson(positive_b, n, level=level)
    share_a, share_b = positive_a / n, positive_b / n
    phi = _corrected_phi(both, only_a, only_b, neither)
    difference = (only_a - only_b) / n
    below = _square_and_add(share_a - a.low, b.high - share_b, phi)
    above = _square_and_add(share_b - b.low, a.high - share_a, phi)
    return Interval(max(-1.0, difference - below), min(1.0, difference + above), level)


def tango_interval(only_a: int, only_b: int, n: int, *, level: float = 0.95) -> Interval:
    """Score interval of a paired difference: Tango T. Stat Med 1998;17:891-908, solved to 1e-13.

    Raises
    ------
    AnalysisError
        ``counts_impossible`` for a negative count, no pair, or more that differ than there are.
    """
    check_level(level)
    if n < 1 or min(only_a, only_b) < 0 or only_a + only_b > n:
        raise AnalysisError("counts_impossible", f"{only_a} and {only_b} of {n} pairs cannot differ")
    z = normal_quantile(level)

    def excess(sign: float) -> Callable[[float], float]:
        return lambda delta: (only_a - only_b - n * delta) - sign * z * _tango_se(only_a, only_b, n, delta)

    # The score has a pole at the estimate where no pair, or every pair, differs: the search stays beside it.
    estimate, beside = (only_a - only_b) / n, 1e-12
    low = -1.0 if only_b == n else float(brentq(excess(1.0), -1.0, estimate - beside, xtol=1e-14))
    high = 1.0 if only_a == n else float(brentq(excess(-1.0), estimate + beside, 1.0, xtol=1e-14))
    return Interval(low, high, level)


def compare_calls(
    truth: Sequence[bool],
    calls_a: Sequence[bool],
    calls_b: Sequence[bool],
    *,
    positive_class: str = "positive",
    level: float = 0.95,
) -> PairedAccuracy:
    """Sensitivities, specificities and accuracies of two calls on the same cases, compared.

    Parameters
    ----------
    truth, calls_a, calls_b
        Shape (n,): True for a positive case, True for a case called positive.

    Raises
    ------
    AnalysisError
        Lengths differ or a value is not boolean (names the row), the level out of range.
    """
    positive = check_booleans(truth, "truth")
    columns = []
    for name, calls in (("calls_a", calls_a), ("calls_b", calls_b)):
        check_lengths(truth, calls, name)
        columns.append(check_booleans(calls, name))
    a, b = columns
    n1 = int(positive.sum())
    warnings = tuple(
        f"There is no {name} case: its comparison is not estimable."
        for name, n in (("positive", n1), ("negative", positive.size - n1))
        if n == 0
    )
    return PairedAccuracy(
        "paired_accuracy",
        positive_class,
        _paired(a[positive], b[positive], level, "positive case"),
        _paired(~a[~positive], ~b[~positive], level, "negative case"),
        _paired(a == positive, b == positive, level, "case"),
        n1,
        positive.size - n1,
        warnings,
    )


def cochran_q(calls: Mapping[str, Sequence[bool]]) -> CochranQ:
    """Cochran's Q of k yes-no calls on the same cases; with two calls it is McNemar's plain chi-square.

    Raises
    ------
    AnalysisError
        ``too_few_calls`` for fewer than two, lengths that differ, a value that is not boolean.

    References
    ----------
    Cochran WG. Biometrika 1950;37:256-266.
    """
    names = tuple(sorted(calls))
    if len(names) < 2:
        raise AnalysisError("too_few_calls", f"a comparison needs two calls or more, not {len(names)}")
    for name in names:
        if len(calls[name]) != len(calls[names[0]]):
            raise AnalysisError(
                "lengths_differ",
                f"calls of {names[0]} has {len(calls[names[0]])} rows, calls of {name} {len(calls[name])}",
            )
    table = np.array([check_booleans(calls[name], f"calls of {name}") for name in names], dtype=np.int64)
    k, n = table.shape
    columns, rows = table.sum(axis=1), table.sum(axis=0)
    discordant = int(np.count_nonzero((rows > 0) & (rows < k)))
    shares: tuple[Estimate, ...] = tuple(
        int(total) / n if n else NotEstimable("there is no case") for total in columns
    )
    if discordant == 0:
        reason = NotEstimable("there is no case on which the calls differ")
        return CochranQ("cochran_q", names, shares, reason, k - 1, reason, n, 0)
    total = int(columns.sum())
    numerator = (k - 1) * (k * int((columns**2).sum()) - total**2)
    q = numerator / (k * total - int((rows**2).sum()))
    return CochranQ("cochran_q", names, shares, q, k - 1, chi_square_p(q, k - 1), n, discordant)


def _paired(
    a: np.ndarray[tuple[int], np.dtype[np.bool_]],
    b: np.ndarray[tuple[int], np.dtype[np.bool_]],
    level: float,
    of_what: str,
) -> PairedProportions:
    both, only_a = int(np.sum(a & b)), int(np.sum(a & ~b))
    only_b = int(np.sum(~a & b))
    return paired_proportions(
        both, only_a, only_b, a.size - both - only_a - only_b, level=level, of_what=of_what
    )


def _corrected_phi(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Newcombe's correlation: its numerator, where positive, less n / 2 and not below 0."""
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    cross = both * neither - only_a * only_b
    n = both + only_a + only_b + neither
    return (max(cross - n / 2, 0.0) if cross > 0 else cross) / math.sqrt(margins)


def _square_and_add(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one**2 - 2.0 * phi * one * other + other**2))


def _tango_se(only_a: int, only_b: int, n: int, delta: float) -> float:
    """Standard error of the difference in counts under the hypothesis that the difference is delta."""
    b = -only_a - only_b + (2 * n - only_a + only_b) * delta
    c = -only_b * delta * (1.0 - delta)
    share = (math.sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
    return math.sqrt(max(0.0, n * (2.0 * share + delta * (1.0 - delta))))
