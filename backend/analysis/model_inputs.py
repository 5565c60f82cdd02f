"""What the functions on prediction models ask of their input, and sums that do not depend on order.

Outcomes are booleans, probabilities lie in [0, 1], rows are cases. Everything else is refused with the
row named. Cases are put into one order (probability, then outcome) before anything is summed, so that
a result never depends on the order in which they came.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import check_booleans, check_scores
from backend.analysis.results import Interval, Result, check_level, normal_quantile, two_sided_p

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Booleans: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Integers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

NO_EVENT = NotEstimable("no case has the outcome")
ONLY_EVENTS = NotEstimable("every case has the outcome")


@dataclass(frozen=True, slots=True)
class WaldEstimate(Result):
    """An estimate with its standard error, Wald interval and two-sided p-value against ``null``."""

    estimate: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    null: float
    z: Estimate
    p: Estimate


def wald(
    estimate: float,
    se: float,
    *,
    level: float,
    null: float = 0.0,
    low: float = -math.inf,
    high: float = math.inf,
) -> WaldEstimate:
    """The Wald interval and test; a standard error of 0 leaves the interval open to doubt and gives none.

    With a standard error of 0 an estimate equal to ``null`` has z = 0 and p = 1, any other has no z.
    """
    check_level(level)
    if se > 0.0:
        margin = normal_quantile(level) * se
        ci = Interval(max(low, estimate - margin), min(high, estimate + margin), level)
        z = (estimate - null) / se
        return WaldEstimate(estimate, se, ci, null, z, two_sided_p(z))
    none = NotEstimable("the standard error is 0")
    if estimate == null:
        return WaldEstimate(estimate, se, none, null, 0.0, 1.0)
    return WaldEstimate(estimate, se, none, null, none, none)


def not_estimable(reason: NotEstimable, *, null: float = 0.0) -> WaldEstimate:
    """A Wald estimate of which nothing can be said."""
    return WaldEstimate(reason, reason, reason, null, reason, reason)


def one_class(truth: Booleans) -> NotEstimable | None:
    """Why nothing can be said when all outcomes are alike; ``None`` when they are not."""
    if not truth.any():
        return NO_EVENT
    return ONLY_EVENTS if truth.all() else None


def check_outcomes(truth: Sequence[bool], name: str = "truth") -> Booleans:
    """The outcomes as an array of shape (n,), n >= 1.

    Raises
    ------
    AnalysisError
        ``no_cases`` or ``not_boolean`` (names the row).
    """
    if len(truth) == 0:
        raise AnalysisError("no_cases", f"{name} holds no case")
    return check_booleans(truth, name)


def check_numbers(values: Sequence[float], name: str, *, n: int) -> Floats:
    """The values as an array of shape (n,), every one a finite number.

    Raises
    ------
    AnalysisError
        ``lengths_differ``, ``not_a_number`` or ``not_finite`` (names the row).
    """
    if len(values) != n:
        raise AnalysisError("lengths_differ", f"{name} has {len(values)} rows, the outcomes have {n}")
    return check_scores(values, name, code="")


def check_probabilities(values: Sequence[float], name: str, *, n: int) -> Floats:
    """Like :func:`check_numbers`, each value in [0, 1], else ``probability_out_of_range``."""
    numbers = check_numbers(values, name, n=n)
    outside = np.flatnonzero((numbers < 0.0) | (numbers > 1.0))
    if outside.size:
        row = int(outside[0])
        raise AnalysisError(
            "probability_out_of_range", f"row {row} of {name} is {numbers[row]}, not a probability"
        )
    return numbers


def check_models(models: Mapping[str, Sequence[float]], *, n: int) -> dict[str, Floats]:
    """The models' probabilities by name, sorted by name; ``no_models`` when there is none."""
    if not models:
        raise AnalysisError("no_models", "there is no model to draw a curve of")
    return {name: check_probabilities(models[name], name, n=n) for name in sorted(models)}


def check_thresholds(thresholds: Sequence[float]) -> Floats:
    """Threshold probabilities, at least one, rising, each in [0, 1): the odds of 1 are infinite."""
    if len(thresholds) == 0:
        raise AnalysisError("no_thresholds", "there is no threshold probability")
    numbers = check_numbers(thresholds, "thresholds", n=len(thresholds))
    if numbers[0] < 0.0 or numbers[-1] >= 1.0 or (np.diff(numbers) <= 0.0).any():
        raise AnalysisError(
            "thresholds_invalid", "threshold probabilities must rise and lie in [0, 1), 1 itself left out"
        )
    return numbers


def case_names(cases: Sequence[str] | None, *, n: int) -> list[str]:
    """The names of the cases, or ``row 0``, ``row 1`` … where none were given."""
    if cases is None:
        return [f"row {row}" for row in range(n)]
    if len(cases) != n:
        raise AnalysisError("lengths_differ", f"cases has {len(cases)} rows, the outcomes have {n}")
    seen: set[str] = set()
    for case in cases:
        if case in seen:
            raise AnalysisError("duplicate_case", f"case {case} is there twice")
        seen.add(case)
    return list(cases)


def mean(values: Floats) -> float:
    """The mean from an exactly rounded sum: the order of the values does not matter."""
    return math.fsum(values.tolist()) / len(values)


def variance(values: Floats) -> float:
    """The sample variance (n - 1 below), from exactly rounded sums; 0 when all values are equal."""
    if values.min() == values.max():
        return 0.0
    return math.fsum(((values - mean(values)) ** 2).tolist()) / (len(values) - 1)
