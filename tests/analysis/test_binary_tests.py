"""McNemar, paired differences, Cochran's Q and predictive values against published values and brute force."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from backend.analysis.binary_tests import (
    cochran_q,
    compare_calls,
    mcnemar,
    newcombe_interval,
    paired_proportions,
    tango_interval,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.predictive_comparison import compare_predictive_values
from backend.analysis.results import Interval

Z = 1.959963984540054


def test_complete_response_table_matches_the_published_values() -> None:
    """Cavo 2012, 59 6 / 16 80: Fagerland, Lydersen, Laake, Statistical Analysis of Contingency Tables 2017.

    Values as the tests of R contingencytables print them (chapter 8, ocbe-uio/contingencytables).
    """
    result = paired_proportions(59, 6, 16, 80)
    assert result.difference == pytest.approx(-0.0621, abs=5.1e-5)
    assert isinstance(result.tango, Interval)
    assert isinstance(result.newcombe, Interval)
    assert (result.tango.low, result.tango.high) == pytest.approx((-0.1240, -0.0054), abs=5.1e-5)
    assert (result.newcombe.low, result.newcombe.high) == pytest.approx((-0.1186, -0.0046), abs=5.1e-5)
    tests = result.tests
    assert (tests.p_plain, tests.p_corrected) == pytest.approx((0.033006, 0.055009), abs=5.1e-7)
    assert (tests.p_exact, tests.p_mid) == pytest.approx((0.052479, 0.034690), abs=5.1e-7)
    assert math.sqrt(tests.chi_square) == pytest.approx(2.132, abs=5.1e-4)  # type: ignore[arg-type]
    assert math.sqrt(tests.chi_square_corrected) == pytest.approx(1.919, abs=5.1e-4)  # type: ignore[arg-type]


@pytest.mark.parametrize(("b", "c"), [(1, 0), (0, 7), (5, 5), (12, 3), (40, 61), (1, 1)])
def test_mcnemar_matches_statsmodels(b: int, c: int) -> None:
    table, ours = [[10, b], [c, 20]], mcnemar(b, c)
    assert ours.p_exact == pytest.approx(statsmodels_mcnemar(table, exact=True).pvalue, rel=1e-10)
    assert ours.p_exact == pytest.approx(binomtest(b, b + c).pvalue, rel=1e-10)
    plain = statsmodels_mcnemar(table, exact=False, correction=False)
    assert (ours.chi_square, ours.p_plain) == pytest.approx((plain.statistic, plain.pvalue), rel=1e-12)
    if b != c:  # statsmodels squares |0| - 1 where the counts are equal
        corrected = statsmodels_mcnemar(table, exact=False, correction=True)
        assert (ours.chi_square_corrected, ours.p_corrected) == pytest.approx(
            (corrected.statistic, corrected.pvalue), rel=1e-12
        )


@pytest.mark.parametrize(("b", "c"), [(1, 0), (5, 5), (12, 3), (0, 6)])
def test_mid_p_counts_what_was_observed_by_half(b: int, c: int) -> None:
    """The definition: both tails beyond the observation in full, the observation by half."""
    n = b + c
    weights = [math.comb(n, k) / 2**n for k in range(n + 1)]
    tail = sum(weights[: min(b, c)])
    mid = 2 * tail + weights[min(b, c)] if b != c else 1 - weights[b] / 2
    assert mcnemar(b, c).p_mid == pytest.approx(mid, rel=1e-12)


def test_tango_bounds_solve_the_restricted_likelihood() -> None:
    """The slow obvious way: maximize the trinomial likelihood at the bound, then form the score."""
    only_a, only_b, n = 12, 3, 60
    for delta, sign in zip(
        (tango_interval(only_a, only_b, n).low, tango_interval(only_a, only_b, n).high), (1, -1), strict=True
    ):
        grid = np.linspace(max(0.0, -delta), (1 - delta) / 2, 2_000_001)[1:-1]
        likelihood = (
            only_a * np.log(grid + delta)
            + only_b * np.log(grid)
            + (n - only_a - only_b) * np.log1p(-2 * grid - delta)
        )
        share = grid[np.argmax(likelihood)]
        score = (only_a - only_b - n * delta) / math.sqrt(n * (2 * share + delta - delta**2))
        assert score == pytest.approx(sign * Z, abs=1e-5)


def test_tango_edges_have_their_closed_forms() -> None:
    none = tango_interval(0, 0, 20)
    assert none.high == -none.low == pytest.approx(Z**2 / (20 + Z**2), rel=1e-9)
    every = tango_interval(20, 0, 20)
    assert (every.low, every.high) == (pytest.approx((20 - Z**2) / (20 + Z**2), rel=1e-9), 1.0)
    assert tango_interval(0, 20, 20).low == -1.0


def test_tango_at_level_one_minus_p_touches_zero() -> None:
    p = mcnemar(12, 3).p_plain
    assert isinstance(p, float)
    assert tango_interval(12, 3, 60, level=1 - p).low == pytest.approx(0.0, abs=1e-9)


def test_newcombe_of_independent_margins_is_square_and_add() -> None:
    """With margins of 0 the correlation is 0: Newcombe 1998, e.g. all positive under both calls."""
    interval = newcombe_interval(20, 0, 0, 0)
    width = 1 - 20 / (20 + Z**2)
    assert (interval.low, interval.high) == pytest.approx((-width, width), rel=1e-12)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.tuples(*[st.integers(0, 15)] * 4).filter(any))
def test_swapping_the_calls_flips_everything(counts: tuple[int, int, int, int]) -> None:
    both, only_a, only_b, neither = counts
    one, other = paired_proportions(*counts), paired_proportions(both, only_b, only_a, neither)
    assert one.difference == -other.difference  # type: ignore[operator]
    for name in ("newcombe", "tango"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a.low, a.high) == pytest.approx((-b.high, -b.low), abs=1e-9)
        assert -1 <= a.low <= one.difference + 1e-12 <= a.high + 2e-12 <= 1 + 2e-12
    assert one.tests.p_exact == other.tests.p_exact
    if one.tests.p_exact != other.tests.p_mid and not isinstance(one.tests.p_mid, NotEstimable):
        assert 0 < one.tests.p_mid <= one.tests.p_exact <= 1  # type: ignore[operator]


def test_calls_that_never_differ_have_no_test_but_an_interval() -> None:
    result = compare_calls([True, True, False], [True, False, False], [True, False, False])
    reason = NotEstimable("the two calls differ on no case")
    assert result.sensitivity.tests.p_exact == result.sensitivity.tests.p_mid == reason
    assert result.sensitivity.difference == 0.0
    assert isinstance(result.sensitivity.tango, Interval)


def test_compare_calls_counts_each_class() -> None:
    truth = [True] * 6 + [False] * 5
    a = [True, True, True, False, True, False, False, False, True, False, False]
    b = [True, False, False, True, True, False, False, True, True, True, False]
    result = compare_calls(truth, a, b, positive_class="metastatic node")
    se, sp = result.sensitivity, result.specificity
    assert (se.both, se.only_a, se.only_b, se.neither) == (2, 2, 1, 1)
    assert (sp.both, sp.only_a, sp.only_b, sp.neither) == (2, 2, 0, 1)
    assert (se.a.estimate, se.b.estimate, sp.a.estimate) == (4 / 6, 3 / 6, 4 / 5)
    assert (result.accuracy.a.successes, result.accuracy.b.successes) == (8, 5)
    assert result.positive_class == "metastatic node"
    assert sp.tests == mcnemar(2, 0)


def test_a_class_without_cases_is_told() -> None:
    result = compare_calls([False, False], [True, False], [False, False])
    assert result.sensitivity.difference == NotEstimable("there is no positive case")
    assert result.sensitivity.tests.p_mid == result.sensitivity.tango == result.sensitivity.difference
    assert "no positive case" in result.warnings[0]
    empty = compare_calls([], [], [])
    assert isinstance(empty.accuracy.difference, NotEstimable)


def test_cochran_matches_statsmodels_and_mcnemar() -> None:
    rng = np.random.default_rng(3)
    calls = rng.random((40, 4)) < np.array([0.4, 0.5, 0.6, 0.7])
    named = {f"reader{k}": [bool(value) for value in calls[:, k]] for k in range(4)}
    ours, theirs = cochran_q(named), cochrans_q(calls.astype(int))
    assert (ours.q, ours.p, ours.df) == pytest.approx((theirs.statistic, theirs.pvalue, 3), rel=1e-12)
    assert cochran_q({name: values[::-1] for name, values in reversed(named.items())}) == ours
    pair = {name: named[name] for name in ("reader0", "reader3")}
    b = sum(x and not y for x, y in zip(*pair.values(), strict=True))
    c = sum(y and not x for x, y in zip(*pair.values(), strict=True))
    assert cochran_q(pair).q == pytest.approx(mcnemar(b, c).chi_square, rel=1e-12)


def test_cochran_without_disagreement_is_not_estimable() -> None:
    same = cochran_q({"a": [True, False], "b": [True, False]})
    assert same.q == same.p == NotEstimable("there is no case on which the calls differ")
    assert isinstance(cochran_q({"a": [], "b": []}).shares[0], NotEstimable)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(list(product((False, True), repeat=3))), min_size=1, max_size=30), st.randoms()
)
def test_order_of_cases_changes_no_bit(rows: list[tuple[bool, bool, bool]], rng: Any) -> None:
    mixed = rng.sample(rows, len(rows))
    first, second = ([list(column) for column in zip(*some, strict=True)] for some in (rows, mixed))
    assert compare_calls(*first) == compare_calls(*second)
    assert compare_predictive_values(*first) == compare_predictive_values(*second)


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="row 1 of calls_b is None"):
        compare_calls([True, False], [True, True], [True, None])  # type: ignore[list-item]
    with pytest.raises(AnalysisError, match="truth has 2 rows, calls_a 1"):
        compare_predictive_values([True, False], [True], [True, False])
    with pytest.raises(AnalysisError, match="two calls or more"):
        cochran_q({"a": [True]})
    with pytest.raises(AnalysisError, match="calls of a has 1 rows, calls of b 2"):
        cochran_q({"a": [True], "b": [True, False]})
    with pytest.raises(AnalysisError, match="negative one"):
        mcnemar(-1, 2)
    with pytest.raises(AnalysisError, match="negative one"):
        paired_proportions(1, -1, 0, 0)
