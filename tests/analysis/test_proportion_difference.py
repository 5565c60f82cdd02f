"""Unpaired proportions against Newcombe's table, SciPy and statsmodels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.proportion_difference import unpaired_proportions
from backend.analysis.results import Interval


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090)],
)
def test_intervals_match_newcombes_table(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Stat Med 17:873-890, table II, method 10."""
    result = unpaired_proportions(a, m, b, n)
    assert isinstance(result.newcombe, Interval)
    assert (result.newcombe.low, result.newcombe.high) == pytest.approx((low, high), abs=5.1e-5)


tables = st.tuples(st.integers(1, 25), st.integers(1, 25)).flatmap(
    lambda sizes: st.tuples(
        st.integers(0, sizes[0]), st.just(sizes[0]), st.integers(0, sizes[1]), st.just(sizes[1])
    )
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(tables)
def test_tests_and_intervals_match_scipy_and_statsmodels(table: tuple[int, int, int, int]) -> None:
    a, m, b, n = table
    ours = unpaired_proportions(a, m, b, n)
    cells = [[a, m - a], [b, n - b]]
    assert ours.p_fisher == pytest.approx(fisher_exact(cells).pvalue, rel=1e-9)
    theirs = confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff")
    assert isinstance(ours.newcombe, Interval)
    assert (ours.newcombe.low, ours.newcombe.high) == pytest.approx(theirs, abs=1e-12)
    assert -1 <= ours.newcombe.low <= ours.newcombe.high <= 1
    if 0 < a + b < m + n:
        pearson = chi2_contingency(cells, correction=False)
        assert ours.chi_square == pytest.approx(pearson.statistic, rel=1e-10, abs=1e-12)
        assert ours.p_chi_square == pytest.approx(pearson.pvalue, rel=1e-9)
        assert bool(ours.warnings) == bool((pearson.expected_freq < 5 - 1e-12).any())
    else:
        assert isinstance(ours.p_chi_square, NotEstimable)
    turned = unpaired_proportions(b, n, a, m)
    assert turned.difference == -ours.difference  # type: ignore[operator]
    assert turned.p_fisher == pytest.approx(ours.p_fisher, rel=1e-9)


def test_a_side_without_cases_is_told_and_bad_counts_are_refused() -> None:
    result = unpaired_proportions(0, 0, 2, 5, of_what="positive case")
    assert result.difference == result.p_fisher == NotEstimable("one side has no positive case")
    assert result.b.estimate == 0.4
    with pytest.raises(AnalysisError, match="6 of 5"):
        unpaired_proportions(6, 5, 1, 2)
