"""Intervals of a proportion against Newcombe's published table, statsmodels and scipy."""

import math

import pytest
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import proportion_confint

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.proportions import clopper_pearson, proportion, wilson

# Newcombe RG. Stat Med 1998;17:857-872, Table I: methods 3 (Wilson) and 5 (Clopper-Pearson), four decimals.
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("successes", "n", "score", "exact"), NEWCOMBE)
def test_intervals_match_newcombes_table(
    successes: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    result = proportion(successes, n)
    assert not isinstance(result.wilson, NotEstimable)
    assert not isinstance(result.clopper_pearson, NotEstimable)
    assert (result.wilson.low, result.wilson.high) == pytest.approx(score, abs=5.1e-5)
    assert (result.clopper_pearson.low, result.clopper_pearson.high) == pytest.approx(exact, abs=5.1e-5)
    assert result.estimate == successes / n


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_intervals_match_statsmodels_and_scipy(level: float) -> None:
    for n in (1, 2, 7, 40):
        for x in range(n + 1):
            exact, score = clopper_pearson(x, n, level=level), wilson(x, n, level=level)
            theirs = binomtest(x, n).proportion_ci(level, method="exact")
            assert (exact.low, exact.high) == pytest.approx((theirs.low, theirs.high), abs=1e-11)
            assert (score.low, score.high) == pytest.approx(
                proportion_confint(x, n, alpha=1 - level, method="wilson"), abs=1e-14
            )


def test_exact_bounds_leave_the_stated_tail() -> None:
    """The definition: at each bound the binomial tail beyond the observation is half the error."""
    interval = clopper_pearson(7, 31)
    assert binom.sf(6, 31, interval.low) == pytest.approx(0.025, abs=1e-12)
    assert binom.cdf(7, 31, interval.high) == pytest.approx(0.025, abs=1e-12)


def test_wilson_bounds_solve_the_score_equation() -> None:
    interval = wilson(7, 31)
    for bound in (interval.low, interval.high):
        assert abs(7 / 31 - bound) / math.sqrt(bound * (1 - bound) / 31) == pytest.approx(1.959963984540054)


def test_bounds_at_the_edges_are_exact() -> None:
    assert clopper_pearson(0, 5).low == wilson(0, 5).low == 0.0
    assert clopper_pearson(5, 5).high == wilson(5, 5).high == 1.0


def test_nothing_to_count_is_not_estimable() -> None:
    result = proportion(0, 0, of_what="positive case")
    assert result.estimate == result.wilson == NotEstimable("there is no positive case")


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_are_refused(successes: int, n: int) -> None:
    for interval in (clopper_pearson, wilson):
        with pytest.raises(AnalysisError, match=f"{successes} of {n}"):
            interval(successes, n)
