"""Two proportions of different cases: sensitivity of one center against another, of one subgroup, one arm.

The difference is a minus b with Newcombe's hybrid score interval (method 10 of his paper on independent
proportions: square-and-add of the Wilson limits, no continuity correction). Tests: Fisher's exact one, its
two-sided p summing the tables that are no likelier than the observed one, as R does; and Pearson's
chi-square without correction.
"""

import math
from dataclasses import dataclass

import numpy as np

from backend.analysis.binary_tests import chi_square_p
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.fisher_exact import two_by_two_p
from backend.analysis.proportions import Proportion, proportion, wilson
from backend.analysis.results import Interval, Result


@dataclass(frozen=True, slots=True)
class UnpairedProportions(Result):
    """Two proportions of different cases, their difference a minus b, its interval and tests."""

    method: str
    a: Proportion
    b: Proportion
    difference: Estimate
    newcombe: Interval | NotEstimable
    p_fisher: Estimate
    chi_square: Estimate
    p_chi_square: Estimate
    warnings: tuple[str, ...]


def unpaired_proportions(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95, of_what: str = "case"
) -> UnpairedProportions:
    """Compare ``successes_a`` of ``n_a`` with ``successes_b`` of ``n_b``; a side without cases has no test.

    Raises
    ------
    AnalysisError
        ``counts_impossible``, the level out of range.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873-890; Fisher RA. Statistical methods for research workers, 1934.
    """
    method = "unpaired_proportions"
    a = proportion(successes_a, n_a, level=level, of_what=of_what)
    b = proportion(successes_b, n_b, level=level, of_what=of_what)
    if n_a == 0 or n_b == 0:
        nothing = NotEstimable(f"one side has no {of_what}")
        return UnpairedProportions(method, a, b, *(nothing,) * 5, ())
    difference = (successes_a * n_b - successes_b * n_a) / (n_a * n_b)
    won, lost = successes_a + successes_b, n_a + n_b - successes_a - successes_b
    chi_square: Estimate
    p_chi_square: Estimate
    if won == 0 or lost == 0:
        chi_square = p_chi_square = NotEstimable("both proportions are 0, or both are 1")
    else:
        cross = successes_a * (n_b - successes_b) - successes_b * (n_a - successes_a)
        chi_square = cross**2 * (n_a + n_b) / (n_a * n_b * won * lost)
        p_chi_square = chi_square_p(chi_square)
    expected = min(won, lost) * min(n_a, n_b) / (n_a + n_b)
    warnings = ("An expected count is below 5: quote Fisher's test.",) if expected < 5 else ()
    return UnpairedProportions(
        method,
        a,
        b,
        difference,
        _newcombe(successes_a, n_a, successes_b, n_b, level),
        two_by_two_p(np.array([[successes_a, n_a - successes_a], [successes_b, n_b - successes_b]])),
        chi_square,
        p_chi_square,
        warnings,
    )


def _newcombe(successes_a: int, n_a: int, successes_b: int, n_b: int, level: float) -> Interval:
    a, b = wilson(successes_a, n_a, level=level), wilson(successes_b, n_b, level=level)
    share_a, share_b = successes_a / n_a, successes_b / n_b
    difference = share_a - share_b
    return Interval(
        difference - math.hypot(share_a - a.low, b.high - share_b),
        difference + math.hypot(a.high - share_a, share_b - b.low),
        level,
    )
