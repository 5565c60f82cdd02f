"""The binormal fit against Stata's printed example, R's optimizer and its own definition."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from backend.analysis.binormal import binormal_fit, binormal_fit_counts, merge_runs
from backend.analysis.binormal_likelihood import BinormalLikelihood
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from backend.analysis.roc import empirical_auc

SIMULATED = Path(__file__).parents[1] / "reference/proc/simulated.csv"
CT = ([33, 6, 6, 11, 2], [3, 2, 2, 11, 33])


def test_computed_tomography_matches_the_manual_of_stata() -> None:
    """Hanley and McNeil 1982, 109 CT images; Stata Base Reference Manual, rocfit, example 1."""
    fit = binormal_fit_counts(*CT)
    assert (fit.a, fit.b) == pytest.approx((1.656782, 0.713002), abs=5.1e-7)
    assert (fit.se_a, fit.se_b) == pytest.approx((0.310456, 0.215882), abs=5.1e-7)
    assert (fit.auc, fit.se_auc) == pytest.approx((0.911331, 0.029506), abs=5.1e-7)
    assert fit.log_likelihood == pytest.approx(-123.64855, abs=5.1e-6)
    assert (fit.chi_square, fit.df) == (pytest.approx(0.21, abs=5.1e-3), 2)
    assert fit.p == pytest.approx(math.exp(-fit.chi_square / 2), rel=1e-12)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["hanley_mcneil_1982", "six_categories", "five_point_a", "three_categories"])
def test_fit_matches_r_optim(reference: Callable[[str], Any], name: str) -> None:
    """R optim(BFGS) and Newton's steps with numDeriv's derivatives of the same likelihood."""
    expected = reference("roc/expected.json")["binormal"][name]
    fit = binormal_fit_counts(expected["negative"], expected["positive"])
    for field in ("a", "b", "auc", "log_likelihood"):
        assert getattr(fit, field) == pytest.approx(expected[field], rel=1e-8), field
    assert fit.cutoffs == pytest.approx(expected["cuts"], rel=1e-7)
    for field in ("se_a", "se_b", "se_auc"):
        assert getattr(fit, field) == pytest.approx(expected[field], rel=1e-6), field
    assert fit.covariance_ab == pytest.approx(expected["cov_ab"], rel=1e-6)


def test_three_categories_are_fitted_exactly() -> None:
    """With two operating points the curve runs through both, and nothing is left to test."""
    negative, positive = [30, 15, 5], [6, 14, 20]
    fit = binormal_fit_counts(negative, positive)
    x = [float(norm.ppf(value)) for value in (30 / 50, 45 / 50)]
    y = [float(norm.ppf(value)) for value in (6 / 40, 20 / 40)]
    b = (y[1] - y[0]) / (x[1] - x[0])
    assert (fit.b, fit.a) == (pytest.approx(b, rel=1e-9), pytest.approx(b * x[0] - y[0], rel=1e-9))
    assert fit.sensitivity(0.9) == pytest.approx(0.5, rel=1e-9)
    assert (fit.sensitivity(1.0), fit.sensitivity(0.0)) == (0.0, 1.0)
    assert fit.chi_square == fit.p == NotEstimable("two operating points are fitted exactly")


def test_derivatives_are_those_of_the_likelihood() -> None:
    likelihood = BinormalLikelihood(np.array(CT, dtype=float))
    point = likelihood.start() * 1.1
    gradient, observed, expected = likelihood.derivatives(point)
    h = 1e-5
    for i, e in enumerate(np.eye(point.size) * h):
        slope = (likelihood.value(point + e) - likelihood.value(point - e)) / (2 * h)
        assert gradient[i] == pytest.approx(slope, rel=1e-6, abs=1e-6)
        bend = (likelihood.derivatives(point + e)[0] - likelihood.derivatives(point - e)[0]) / (2 * h)
        assert -observed[i] == pytest.approx(bend, rel=1e-5, abs=1e-5)
    assert np.linalg.eigvalsh(expected).min() > 0


def test_expected_information_is_the_mean_of_the_observed_one() -> None:
    """At counts equal to their expectations both informations are one."""
    point = np.array([1.2, 0.8, -0.5, 0.3, 1.1])
    zero = np.diff(np.concatenate([[0], norm.cdf(point[2:]), [1]])) * 70
    one = np.diff(np.concatenate([[0], norm.cdf(0.8 * point[2:] - 1.2), [1]])) * 50
    _, observed, expected = BinormalLikelihood(np.array([zero, one])).derivatives(point)
    assert observed == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_scores_are_ratings_in_runs() -> None:
    """A continuous score is one category a run of one class; splitting a run changes nothing."""
    with SIMULATED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    truth = [row["truth"] == "1" for row in rows]
    fit = binormal_fit(truth, [float(row["continuous_a"]) for row in rows])
    assert 3 < fit.categories < len({row["continuous_a"] for row in rows})
    auc = empirical_auc(truth, [float(row["continuous_a"]) for row in rows])
    assert fit.auc == pytest.approx(auc, abs=0.02)
    assert binormal_fit(truth, [10 + 3 * float(row["continuous_a"]) for row in rows]) == fit
    split = binormal_fit_counts([10, 5, 4, 0, 3], [0, 0, 6, 7, 9])
    whole = binormal_fit_counts([15, 4, 0, 3], [0, 6, 7, 9])
    assert split == whole
    assert merge_runs(np.array([[10, 5, 0, 4], [0, 0, 0, 6]], dtype=float)).tolist() == [[15, 4], [0, 6]]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=3, max_size=6))
def test_turning_scale_and_truth_round_mirrors_the_fit(counts: list[tuple[int, int]]) -> None:
    """Classes exchanged and scale reversed: a / b and 1 / b, the same area."""
    negative, positive = [list(column) for column in zip(*counts, strict=True)]
    fit = binormal_fit_counts(negative, positive)
    turned = binormal_fit_counts(positive[::-1], negative[::-1])
    if isinstance(fit.a, NotEstimable) or isinstance(turned.a, NotEstimable):
        assert isinstance(fit.a, NotEstimable) == isinstance(turned.a, NotEstimable)
        return
    assert turned.b == pytest.approx(1 / fit.b, rel=1e-6)  # type: ignore[operator]
    assert turned.a == pytest.approx(fit.a / fit.b, rel=1e-6, abs=1e-8)  # type: ignore[operator]
    assert turned.auc == pytest.approx(fit.auc, abs=1e-8)
    assert turned.se_auc == pytest.approx(fit.se_auc, rel=1e-5)
    assert isinstance(fit.ci, Interval)
    assert fit.ci.low <= fit.auc <= fit.ci.high  # type: ignore[operator]


def test_a_large_sample_finds_its_parameters() -> None:
    rng = np.random.default_rng(12)
    negative, positive = rng.normal(size=20_000), rng.normal(1.5 / 0.8, 1 / 0.8, size=20_000)
    edges = [-0.5, 0.2, 0.9, 1.6]
    fit = binormal_fit_counts(
        np.bincount(np.searchsorted(edges, negative), minlength=5).tolist(),
        np.bincount(np.searchsorted(edges, positive), minlength=5).tolist(),
    )
    assert fit.a == pytest.approx(1.5, abs=4 * 0.015)
    assert fit.b == pytest.approx(0.8, abs=4 * 0.012)
    assert fit.auc == pytest.approx(norm.cdf(1.5 / math.hypot(1, 0.8)), abs=0.008)


@pytest.mark.parametrize(
    ("negative", "positive", "reason"),
    [
        ([5, 5, 5], [0, 0, 0], "no positive case"),
        ([0, 0], [3, 4], "no negative case"),
        ([], [], "no positive case"),
        ([5, 3], [2, 6], "fewer than three"),
        ([5, 4, 0, 0], [0, 0, 3, 6], "fewer than three"),
        ([9, 0, 0], [0, 5, 5], "fewer than three"),
        ([5, 4, 0], [0, 4, 5], "edge of the ROC square"),
    ],
)
def test_degenerate_counts_get_no_fit(negative: list[int], positive: list[int], reason: str) -> None:
    fit = binormal_fit_counts(negative, positive)
    assert isinstance(fit.auc, NotEstimable)
    assert reason in fit.auc.reason
    assert fit.a == fit.b == fit.se_auc == fit.ci == fit.sensitivity(0.5) == fit.auc
    assert fit.cutoffs == ()
    fit.to_json()


def test_a_likelihood_without_a_maximum_is_told() -> None:
    """One inner point, one on an edge: b runs to 0 (or to infinity) and the likelihood with it."""
    for negative, positive in (([20, 10, 0], [5, 10, 15]), ([15, 10, 5], [0, 10, 20])):
        fit = binormal_fit_counts(negative, positive)
        assert isinstance(fit.auc, NotEstimable)
        assert "no maximum" in fit.auc.reason


def test_a_hook_is_told() -> None:
    fit = binormal_fit_counts([2, 20, 20, 2], [12, 9, 9, 14])
    assert isinstance(fit.b, float)
    assert "chance diagonal" in fit.warnings[0]


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="3 counts of negative, 2 of positive"):
        binormal_fit_counts([1, 2, 3], [1, 2])
    with pytest.raises(AnalysisError, match="not whole"):
        binormal_fit_counts([1, -2, 3], [1, 2, 3])
    with pytest.raises(AnalysisError, match="row 0 of scores is nan"):
        binormal_fit([True], [math.nan])
    with pytest.raises(AnalysisError, match="group the scores"):
        binormal_fit([True, False] * 500, list(range(1000)))
    with pytest.raises(AnalysisError, match="specificity"):
        binormal_fit_counts(*CT).sensitivity(1.2)
