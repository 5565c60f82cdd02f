"""Intervals on both scales and tests between areas against pROC, SAS's printed example and numpy."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from backend.analysis.auc_tests import (
    delong_unpaired,
    equal_areas_paired,
    equal_areas_unpaired,
    wald_equality,
    welch_df,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from backend.analysis.roc import delong, delong_covariance, delong_paired

REFERENCE = Path(__file__).parents[1] / "reference"

# DeLong, DeLong and Clarke-Pearson 1988: albumin, total protein, K-G score, 1 = a later bad outcome is
# absent, as printed in the SAS/STAT 13.1 User's Guide, The LOGISTIC Procedure, example 60.8.
OVARIAN = """3.0 5.8 10 0 3.2 6.3 5 1 3.9 6.8 3 1 2.8 4.8 6 0 3.2 5.8 3 1 0.9 4.0 5 0 2.5 5.7 8 0 1.6 5.6 5 1
3.8 5.7 5 1 3.7 6.7 6 1 3.2 5.4 4 1 3.8 6.6 6 1 4.1 6.6 5 1 3.6 5.7 5 1 4.3 7.0 4 1 3.6 6.7 4 0
2.3 4.4 6 1 4.2 7.6 4 0 4.0 6.6 6 0 3.5 5.8 6 1 3.8 6.8 7 1 3.0 4.7 8 0 4.5 7.4 5 1 3.7 7.4 5 1
3.1 6.6 6 1 4.1 8.2 6 1 4.3 7.0 5 1 4.3 6.5 4 1 3.2 5.1 5 1 2.6 4.7 6 1 3.3 6.8 6 0 1.7 4.0 7 0
3.7 6.1 5 1 3.3 6.3 7 1 4.2 7.7 6 1 3.5 6.2 5 1 2.9 5.7 9 0 2.1 4.8 7 1 2.8 6.2 8 0 4.0 7.0 7 1
3.3 5.7 6 1 3.7 6.9 5 1 3.6 6.6 5 1"""


def column(folder: str, file: str, name: str) -> list[float]:
    with (REFERENCE / folder / file).open(newline="") as opened:
        return [float(row[name]) for row in csv.DictReader(opened)]


def truth_of(folder: str, file: str) -> list[bool]:
    return [value == 1 for value in column(folder, file, "truth")]


def ovarian() -> tuple[list[bool], dict[str, list[float]]]:
    rows = np.array(OVARIAN.split(), dtype=float).reshape(-1, 4)
    scores = {"albumin": -rows[:, 0], "protein": -rows[:, 1], "kg": rows[:, 2]}
    return [value == 0 for value in rows[:, 3]], {name: list(values) for name, values in scores.items()}


@pytest.mark.parametrize(
    ("name", "a", "b"), [("continuous", "continuous_a", "score"), ("mixed", "five_point_a", "five_point")]
)
def test_unpaired_test_matches_proc(reference: Callable[[str], Any], name: str, a: str, b: str) -> None:
    expected = reference("roc/expected.json")["unpaired"][name]
    first, second = truth_of("proc", "simulated.csv"), truth_of("roc", "second.csv")
    result = delong_unpaired(
        first, column("proc", "simulated.csv", a), second, column("roc", "second.csv", b)
    )
    assert result.t == pytest.approx(expected["t"], rel=1e-11)
    assert result.df == pytest.approx(expected["df"], rel=1e-11)
    assert result.p == pytest.approx(expected["p"], rel=1e-10)
    assert isinstance(result.ci, Interval)
    assert result.ci.low < result.difference < result.ci.high  # type: ignore[operator]


def test_unpaired_interval_leaves_out_zero_exactly_when_p_is_small() -> None:
    truth, scores = truth_of("proc", "simulated.csv"), column("proc", "simulated.csv", "continuous_a")
    other = [-score for score in scores]
    result = delong_unpaired(truth, scores, truth, other)
    assert isinstance(result.p, float)
    at_edge = delong_unpaired(truth, scores, truth, other, level=1 - result.p)
    assert isinstance(at_edge.ci, Interval)
    assert at_edge.ci.low == pytest.approx(0.0, abs=1e-6)


def test_welch_df_of_equal_variances_is_pooled() -> None:
    assert welch_df(2.0, 30, 2.0, 30) == pytest.approx(58)
    assert welch_df(1e-200, 30, 1e-200, 30) == pytest.approx(58)
    assert welch_df(1.0, 30, 0.0, 50) == pytest.approx(29)


def test_three_curves_match_the_printed_example_of_sas() -> None:
    """SAS/STAT: reference K-G score, chi-square(2) 2.5340, p .2817; each difference as printed."""
    truth, curves = ovarian()
    result = equal_areas_paired(truth, curves)
    assert result.names == ("albumin", "kg", "protein")
    assert result.aucs == pytest.approx((0.7366, 0.7258, 0.6478), abs=5.1e-5)
    assert (result.chi_square, result.df, result.p) == pytest.approx((2.5340, 2, 0.2817), abs=5.1e-5)
    albumin = delong_paired(truth, curves["albumin"], curves["kg"])
    assert (albumin.difference, albumin.se, albumin.p) == pytest.approx((0.0108, 0.0953, 0.9102), abs=5.1e-5)
    protein = delong_paired(truth, curves["protein"], curves["kg"])
    assert (protein.difference, protein.se, protein.p) == pytest.approx((-0.0780, 0.1046, 0.4561), abs=5.1e-5)


def test_two_curves_give_the_square_of_the_paired_and_unpaired_statistic() -> None:
    truth, curves = ovarian()
    pair = {"a": curves["albumin"], "b": curves["protein"]}
    z = delong_paired(truth, pair["a"], pair["b"])
    together = equal_areas_paired(truth, pair)
    assert isinstance(z.z, float)
    assert together.chi_square == pytest.approx(z.z**2, rel=1e-11)
    assert together.p == pytest.approx(z.p, rel=1e-11)
    apart = equal_areas_unpaired({name: (truth, scores) for name, scores in pair.items()})
    t = delong_unpaired(truth, pair["a"], truth, pair["b"]).t
    assert isinstance(t, float)
    assert apart.chi_square == pytest.approx(t**2, rel=1e-11)


def test_any_choice_of_contrasts_gives_the_same_chi_square() -> None:
    """The slow obvious way: differences from the first curve, inverted in full."""
    truth, curves = ovarian()
    matrix = delong_covariance(truth, curves)
    assert not isinstance(matrix, NotEstimable)
    contrast = np.array([[1, -1, 0], [1, 0, -1]])
    difference = contrast @ matrix.aucs
    expected = difference @ np.linalg.solve(contrast @ matrix.covariance @ contrast.T, difference)
    result = equal_areas_paired(truth, curves)
    assert result.chi_square == pytest.approx(expected, rel=1e-11)
    assert result.p == pytest.approx(chi2.sf(expected, 2), rel=1e-11)


def test_independent_samples_weigh_as_a_heterogeneity_test() -> None:
    """Cochran's Q of the areas with inverse-variance weights."""
    truth, curves = ovarian()
    result = equal_areas_unpaired({name: (truth, scores) for name, scores in curves.items()})
    parts = [delong(truth, curves[name]) for name in sorted(curves)]
    areas = np.array([part.auc for part in parts])
    weights = 1 / np.array([part.variance for part in parts])
    mean = (weights * areas).sum() / weights.sum()
    assert result.chi_square == pytest.approx((weights * (areas - mean) ** 2).sum(), rel=1e-11)


def test_identical_curves_take_their_degree_of_freedom_away() -> None:
    truth, curves = ovarian()
    doubled = {**curves, "protein twice": [2 * score for score in curves["protein"]]}
    result, plain = equal_areas_paired(truth, doubled), equal_areas_paired(truth, curves)
    assert (result.chi_square, result.df) == (pytest.approx(plain.chi_square, rel=1e-9), 2)
    assert "identical" in result.warnings[0]
    same = equal_areas_paired(truth, {"a": curves["kg"], "b": curves["kg"]})
    assert (same.chi_square, same.df, same.p) == (0.0, 0, 1.0)


def test_areas_that_differ_without_variance_are_not_tested() -> None:
    truth = [False, False, True, True]
    result = equal_areas_paired(truth, {"a": [1, 2, 3, 4], "b": [1, 1, 1, 1]})
    assert isinstance(result.p, NotEstimable)
    apart = delong_unpaired(truth, [1, 2, 3, 4], truth, [1, 1, 1, 1])
    assert apart.difference == 0.5
    assert apart.p == apart.t == apart.ci == NotEstimable("the variance of the difference is 0")
    same = delong_unpaired(truth, [1, 2, 3, 4], truth, [5, 6, 7, 8])
    assert (same.t, same.p) == (0.0, 1.0)


def test_missing_and_single_cases_are_told() -> None:
    good = ([True, False, True, False], [1.0, 2.0, 3.0, 0.0])
    none, one = ([False, False], [1.0, 2.0]), ([True, False, False], [1.0, 2.0, 3.0])
    assert delong_unpaired(*good, *none).p == NotEstimable("there is no positive case")
    assert delong_unpaired(*none, *good).auc_b == 0.75
    assert delong_unpaired(*good, *one).ci == NotEstimable("there is only one positive case")
    assert equal_areas_unpaired({"a": good, "b": one}).p == NotEstimable("b: there is only one positive case")
    assert equal_areas_paired(none[0], {"a": none[1], "b": none[1]}).p == NotEstimable(
        "there is no positive case"
    )
    assert equal_areas_paired(one[0], {"a": one[1], "b": one[1]}).aucs == (0.0, 0.0)
    for refused in (lambda: equal_areas_paired(good[0], {"a": good[1]}), lambda: equal_areas_unpaired({})):
        with pytest.raises(AnalysisError, match="two curves or more"):
            refused()
    with pytest.raises(AnalysisError, match="row 0 of scores of b"):
        equal_areas_unpaired({"a": good, "b": ([True], [math.nan])})


cases = st.lists(st.tuples(st.booleans(), st.integers(1, 5)), min_size=4, max_size=20).filter(
    lambda rows: 2 <= sum(row[0] for row in rows) <= len(rows) - 2
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(cases, cases)
def test_swapping_flips_the_sign_and_order_changes_no_bit(
    a: list[tuple[bool, int]], b: list[tuple[bool, int]]
) -> None:
    def split(rows: list[tuple[bool, int]]) -> tuple[list[bool], list[int]]:
        return [row[0] for row in rows], [row[1] for row in rows]

    one, other = delong_unpaired(*split(a), *split(b)), delong_unpaired(*split(b), *split(a))
    assert one.difference == -other.difference  # type: ignore[operator]
    assert one.p == other.p
    assert delong_unpaired(*split(a[::-1]), *split(b[::-1])) == one


def test_wald_equality_ignores_a_common_shift() -> None:
    covariance = np.array([[0.02, 0.01, 0.0], [0.01, 0.03, 0.01], [0.0, 0.01, 0.05]])
    estimates = np.array([0.7, 0.8, 0.65])
    first, shifted = wald_equality(estimates, covariance), wald_equality(estimates + 0.1, covariance)
    assert first[0] == pytest.approx(shifted[0], rel=1e-11)
