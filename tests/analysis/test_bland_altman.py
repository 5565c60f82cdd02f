"""Bland and Altman's analysis against their papers, base R and simulation, and on awkward input."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress, nct, norm, ttest_rel
from scipy.stats import t as student

from backend.analysis.bland_altman import bland_altman, noncentral_t_quantile
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from tests.analysis.rating_data import number, read_measurements

# Bland JM, Altman DG. Lancet 1986;1:307-310: first readings of peak flow, l/min, 17 people.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
PEAK_FLOW = {
    "wright": {f"{i:02d}": float(v) for i, v in enumerate(WRIGHT)},
    "mini": {f"{i:02d}": float(v) for i, v in enumerate(MINI)},
}


def bounds(value: object) -> tuple[float, float]:
    assert isinstance(value, Interval)
    return value.low, value.high


def test_peak_flow_of_1986() -> None:
    """The paper prints, with limits at 2 SD: mean difference -2.1, SD 38.8, limits -79.7 and 75.5.

    Its intervals of the limits have the variance 3 s^2 / n and t with 16 degrees of freedom.
    """
    two_sd = float(2 * norm.cdf(2) - 1)
    result = bland_altman(PEAK_FLOW, "wright", "mini", coverage=two_sd, limit_variance="1986")
    assert result.bias == pytest.approx(-2.1, abs=0.05)
    assert result.sd == pytest.approx(38.8, abs=0.05)
    assert (result.lower.value, result.upper.value) == pytest.approx((-79.7, 75.5), abs=0.1)
    margin = student.ppf(0.975, 16) * number(result.sd) * math.sqrt(3 / 17)
    for limit in (result.lower, result.upper):
        value = number(limit.value)
        assert bounds(limit.approximate_ci) == pytest.approx((value - margin, value + margin), rel=1e-10)
    assert result.n == 17


def test_matches_base_r(reference: Callable[[str], Any]) -> None:
    """R 4.2.2: t.test, lm, qt(ncp =) for the exact intervals."""
    expected = reference("agreement/expected.json")["bland_altman"]
    result = bland_altman(read_measurements("measurements.csv"), "reader1", "reader2")
    assert result.bias == pytest.approx(expected["bias"], rel=1e-12)
    assert bounds(result.bias_ci) == pytest.approx(expected["bias_ci"], rel=1e-11)
    assert result.p == pytest.approx(expected["p"], rel=1e-10)
    assert result.sd == pytest.approx(expected["sd"], rel=1e-12)
    for name in ("lower", "upper"):
        limit = getattr(result, name)
        assert limit.value == pytest.approx(expected[name], rel=1e-12)
        assert bounds(limit.approximate_ci) == pytest.approx(expected[f"{name}_approximate"], rel=1e-10)
        # qt() warns that full precision may not have been reached.
        assert bounds(limit.exact_ci) == pytest.approx(expected[f"{name}_exact"], rel=1e-8)
    line = result.proportional
    ours = (line.intercept, line.slope, line.se, line.t, line.p)
    theirs = [expected[key] for key in ("intercept", "slope", "slope_se", "slope_t", "slope_p")]
    assert ours == pytest.approx(theirs, rel=1e-10)


def test_matches_scipy() -> None:
    result = bland_altman(PEAK_FLOW, "wright", "mini")
    x, y = np.array(WRIGHT), np.array(MINI)
    assert result.p == pytest.approx(ttest_rel(x, y).pvalue, rel=1e-11)
    line = linregress((x + y) / 2, x - y)
    assert result.proportional.slope == pytest.approx(line.slope, rel=1e-10)
    assert result.proportional.p == pytest.approx(line.pvalue, rel=1e-10)
    assert bounds(result.proportional.ci)[0] < line.slope < bounds(result.proportional.ci)[1]


@pytest.mark.parametrize(("df", "shift"), [(4, 4.4), (16, 8.08), (99, 19.6), (999, -62.0)])
@pytest.mark.parametrize("share", [0.005, 0.025, 0.5, 0.975])
def test_noncentral_quantile_solves_its_equation(df: int, shift: float, share: float) -> None:
    value = noncentral_t_quantile(share, df, shift)
    assert nct.cdf(value, df, shift) == pytest.approx(share, rel=1e-10)


def test_exact_interval_covers_as_it_says_and_the_approximate_one_does_not() -> None:
    """2,000 studies of 8 cases: the upper limit's exact interval covers 1.96 in 95 % (MC error 0.5 %)."""
    rng = np.random.default_rng(7)
    n, z, root = 8, float(norm.ppf(0.975)), math.sqrt(8)
    low, high = (noncentral_t_quantile(share, n - 1, z * root) / root for share in (0.025, 0.975))
    sample = rng.standard_normal((2000, n))
    mean, sd = sample.mean(axis=1), sample.std(axis=1, ddof=1)
    covered = ((mean + low * sd <= z) & (z <= mean + high * sd)).mean()
    assert covered == pytest.approx(0.95, abs=0.015)


def test_points_and_missing_cases() -> None:
    raters: dict[str, dict[str, float | None]] = {
        "a": {"x": 3.0, "y": 5.0, "z": None}, "b": {"x": 1.0, "y": 6.0, "w": 2.0}
    }  # fmt: skip
    result = bland_altman(raters, "a", "b")
    assert [(p.case, p.mean, p.difference) for p in result.points] == [("x", 2.0, 2.0), ("y", 5.5, -1.0)]
    assert result.dropped_cases == ("w", "z")


def test_awkward_input() -> None:
    equal = bland_altman({"a": {"x": 1.5, "y": 2.5}, "b": {"x": 1.0, "y": 2.0}}, "a", "b")
    assert (equal.bias, equal.sd, equal.lower.value) == (0.5, 0.0, 0.5)
    assert equal.lower.exact_ci == equal.bias_ci == equal.p == NotEstimable("the differences are all equal")
    assert equal.warnings
    one = bland_altman({"a": {"x": 1.5}, "b": {"x": 1.0}}, "a", "b")
    assert one.bias == 0.5
    assert isinstance(one.sd, NotEstimable)
    assert isinstance(one.upper.value, NotEstimable)
    none = bland_altman({"a": {}, "b": {}}, "a", "b")
    assert none.bias == NotEstimable("no case was measured by both")
    same_mean = bland_altman(
        {"a": {"x": 1.0, "y": 2.0, "z": 3.0}, "b": {"x": 3.0, "y": 2.0, "z": 1.0}}, "a", "b"
    )
    assert same_mean.proportional.slope == NotEstimable("all means are equal")
    for result in (equal, one, none, same_mean):
        result.to_json()


@pytest.mark.parametrize(
    ("arguments", "options", "code"),
    [
        (("a", "c"), {}, "unknown_rater"),
        (("a", "a"), {}, "same_rater"),
        (("a", "b"), {"coverage": 95}, "coverage_out_of_range"),
        (("a", "b"), {"limit_variance": "2007"}, "unknown_variance"),
        (("a", "b"), {"level": 0.0}, "level_out_of_range"),
    ],
)
def test_bad_input_is_refused(arguments: Any, options: Any, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        bland_altman({"a": {"x": 1.0}, "b": {"x": 2.0}}, *arguments, **options)
    assert refused.value.code == code
    with pytest.raises(AnalysisError, match="b, case x: the value is nan"):
        bland_altman({"a": {"x": 1.0}, "b": {"x": math.nan}}, "a", "b")


rows = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=12)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_swapping_flips_the_sign_and_order_changes_no_bit(
    pairs: list[tuple[int, int]], rng: random.Random
) -> None:
    raters = {
        name: {f"{i:02d}": float(pair[side]) for i, pair in enumerate(pairs)}
        for side, name in enumerate(("a", "b"))
    }
    one, other = bland_altman(raters, "a", "b"), bland_altman(raters, "b", "a")
    assert other.bias == -number(one.bias)
    assert other.sd == one.sd
    assert other.upper.value == pytest.approx(-number(one.lower.value), abs=1e-12)
    if isinstance(one.lower.exact_ci, Interval):
        low, high = bounds(one.lower.exact_ci)
        assert bounds(other.upper.exact_ci) == pytest.approx((-high, -low), rel=1e-9, abs=1e-9)
    shuffled = {name: dict(rng.sample(list(row.items()), len(row))) for name, row in raters.items()}
    assert bland_altman(shuffled, "a", "b") == one
