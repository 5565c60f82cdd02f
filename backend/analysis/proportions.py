"""A binomial proportion with its exact and score intervals."""

import math
from dataclasses import dataclass

from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_quantile


@dataclass(frozen=True, slots=True)
class Proportion(Result):
    """``successes`` of ``n``, with the Clopper-Pearson and the Wilson interval."""

    successes: int
    n: int
    estimate: Estimate
    clopper_pearson: Interval | NotEstimable
    wilson: Interval | NotEstimable


def clopper_pearson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact interval of a binomial proportion, ``0 <= successes <= n`` and ``n >= 1``.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    """
    _check_counts(successes, n, level)
    tail = (1.0 - level) / 2.0
    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1.0 - tail))
    return Interval(low, high, level)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """The score interval of a binomial proportion, without continuity correction.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209-212; method 3 of Newcombe RG. Stat Med 1998;17:857-872.
    """
    _check_counts(successes, n, level)
    z = normal_quantile(level)
    share = successes / n
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes == 0 else center - margin
    high = 1.0 if successes == n else center + margin
    return Interval(low, high, level)


def proportion(successes: int, n: int, *, level: float = 0.95, of_what: str = "case") -> Proportion:
    """The proportion with both intervals; not estimable when there is nothing to count.

    Parameters
    ----------
    of_what
        What the denominator counts, in the singular, for the reason given when ``n`` is 0.
    """
    if n == 0:
        check_level(level)
        nothing = NotEstimable(f"there is no {of_what}")
        return Proportion(successes, n, nothing, nothing, nothing)
    return Proportion(
        successes,
        n,
        successes / n,
        clopper_pearson(successes, n, level=level),
        wilson(successes, n, level=level),
    )


def _check_counts(successes: int, n: int, level: float) -> None:
    check_level(level)
    if n < 1 or not 0 <= successes <= n:
        raise AnalysisError("counts_impossible", f"{successes} of {n} is not a proportion")
