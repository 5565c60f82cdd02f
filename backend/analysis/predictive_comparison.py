"""Predictive values of two yes-no calls on the same cases, compared.

The cases that two calls make positive differ, so that McNemar's test does not apply. The test is the
weighted generalized score statistic of Kosinski 2013, chi-square on one degree of freedom, which equals the
score statistic of Leisenring 2000 in the large and keeps its size better; the interval is that of the ratio
a / b by the delta method on the log scale (Moskowitz and Pepe 2006). All hold at the share of positives in
the data.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.binary_tests import chi_square_p
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.operating_table import Ratio
from backend.analysis.placements import Booleans, check_booleans, check_lengths
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level, normal_quantile


@dataclass(frozen=True, slots=True)
class PredictiveComparison(Result):
    """One predictive value of two calls: both proportions, a minus b, the ratio a / b, the score test."""

    method: str
    a: Proportion
    b: Proportion
    difference: Estimate
    ratio: Ratio
    chi_square: Estimate
    p: Estimate


@dataclass(frozen=True, slots=True)
class PairedPredictiveValues(Result):
    """Positive and negative predictive values of two calls on the same cases."""

    method: str
    positive_class: str
    ppv: PredictiveComparison
    npv: PredictiveComparison
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def compare_predictive_values(
    truth: Sequence[bool],
    calls_a: Sequence[bool],
    calls_b: Sequence[bool],
    *,
    positive_class: str = "positive",
    level: float = 0.95,
) -> PairedPredictiveValues:
    """PPV and NPV of two calls on the same cases. Parameters and errors as for ``compare_calls``.

    References
    ----------
    Kosinski AS. Stat Med 2013;32:964-977; Moskowitz CS, Pepe MS. Clin Trials 2006;3:272-279.
    """
    check_level(level)
    positive = check_booleans(truth, "truth")
    columns = []
    for name, calls in (("calls_a", calls_a), ("calls_b", calls_b)):
        check_lengths(truth, calls, name)
        columns.append(check_booleans(calls, name))
    a, b = columns
    n1 = int(positive.sum())
    return PairedPredictiveValues(
        "paired_predictive_values",
        positive_class,
        _compare(positive, a, b, level, "case called positive"),
        _compare(~positive, ~a, ~b, level, "case called negative"),
        n1,
        positive.size - n1,
        ("Predictive values hold at the share of positive cases in these data alone.",),
    )


def _compare(right: Booleans, a: Booleans, b: Booleans, level: float, of_what: str) -> PredictiveComparison:
    """Share of right among the cases chosen by a and by b."""
    right_a, right_b = int(np.sum(a & right)), int(np.sum(b & right))
    n_a, n_b = int(a.sum()), int(b.sum())
    value_a = proportion(right_a, n_a, level=level, of_what=of_what)
    value_b = proportion(right_b, n_b, level=level, of_what=of_what)
    method = "predictive_value_wgs"
    if n_a == 0 or n_b == 0:
        nothing = NotEstimable(f"one of the calls has no {of_what}")
        ratio = Ratio(nothing, nothing, nothing)
        return PredictiveComparison(method, value_a, value_b, nothing, ratio, nothing, nothing)
    difference = (right_a * n_b - right_b * n_a) / (n_a * n_b)
    chi_square = _score(right, a, b, difference)
    p = chi_square if isinstance(chi_square, NotEstimable) else chi_square_p(chi_square)
    return PredictiveComparison(
        method, value_a, value_b, difference, _ratio(right, a, b, level), chi_square, p
    )


def _score(right: Booleans, a: Booleans, b: Booleans, difference: float) -> Estimate:
    """Kosinski's statistic: the variance under equality, less twice the shared cases' covariance."""
    n_a, n_b = int(a.sum()), int(b.sum())
    n_right = int(np.sum(a & right)) + int(np.sum(b & right))
    both = a & b
    shared_right, shared_wrong = int(np.sum(both & right)), int(np.sum(both & ~right))
    pooled = n_right / (n_a + n_b)
    shared = (shared_right * (1.0 - pooled) ** 2 + shared_wrong * pooled**2) / (n_a + n_b)
    variance = (pooled * (1.0 - pooled) - 2.0 * shared) * (1.0 / n_a + 1.0 / n_b)
    if variance <= 1e-14:
        return NotEstimable("the variance of the difference is 0")
    return difference**2 / variance


def _ratio(right: Booleans, a: Booleans, b: Booleans, level: float) -> Ratio:
    """a / b with the delta method: each case's share in both logarithms, squared and summed."""
    right_a, right_b = int(np.sum(a & right)), int(np.sum(b & right))
    n_a, n_b = int(a.sum()), int(b.sum())
    if right_b == 0:
        infinite = NotEstimable("the predictive value of b is 0")
        return Ratio(infinite, infinite, infinite)
    ratio = right_a * n_b / (n_a * right_b)
    if right_a == 0:
        zero = NotEstimable("the predictive value of a is 0")
        return Ratio(ratio, zero, zero)
    variance = 0.0
    for in_a in (0, 1):
        for in_b in (0, 1):
            for is_right in (0, 1):
                count = int(np.sum((a == in_a) & (b == in_b) & (right == is_right)))
                share = in_a * (is_right / right_a - 1.0 / n_a) - in_b * (is_right / right_b - 1.0 / n_b)
                variance += count * share**2
    se = math.sqrt(variance)
    if se == 0.0:
        return Ratio(ratio, se, NotEstimable("the variance of the ratio is 0"))
    margin = normal_quantile(level) * se
    return Ratio(ratio, se, Interval(ratio * math.exp(-margin), ratio * math.exp(margin), level))
