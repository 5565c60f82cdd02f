"""Partial areas against pROC and areas by hand in exact fractions."""

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.partial_auc import mcclish, partial_auc, partial_auc_paired
from backend.analysis.results import Interval
from backend.analysis.roc import RocCurve, empirical_auc, roc_curve
from backend.analysis.roc_bootstrap import bootstrap_difference

SIMULATED = Path(__file__).parents[1] / "reference/proc/simulated.csv"


def simulated(*names: str) -> tuple[list[bool], list[list[float]]]:
    with SIMULATED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["truth"] == "1" for row in rows], [[float(row[name]) for row in rows] for name in names]


def ends(interval: Interval | NotEstimable) -> tuple[float, float]:
    assert isinstance(interval, Interval)
    return interval.low, interval.high


def test_partial_interval_is_procs_within_monte_carlo_error(reference: Callable[[str], Any]) -> None:
    expected = reference("roc/expected.json")["bootstrap"]
    truth, (a,) = simulated("continuous_a")
    result = partial_auc(truth, a, low=0.8, high=1.0, seed=1, replicates=20_000)
    assert ends(result.ci) == pytest.approx(expected["partial_ci"], abs=0.0015)
    assert ends(result.corrected_ci) == pytest.approx(expected["partial_corrected_ci"], abs=0.005)


@pytest.mark.parametrize("name", ["continuous_a", "five_point_a", "continuous_b"])
def test_partial_areas_match_proc(reference: Callable[[str], Any], name: str) -> None:
    truth, (scores,) = simulated(name)
    for entry in reference("roc/expected.json")["partial"][name]:
        result = partial_auc(truth, scores, low=entry["low"], high=entry["high"], focus=entry["focus"])
        assert result.area == pytest.approx(entry["raw"], rel=1e-10, abs=1e-14)
        if entry["corrected"] is None:
            assert isinstance(result.corrected, NotEstimable)
        else:
            assert result.corrected == pytest.approx(entry["corrected"], rel=1e-10)


cases = st.lists(
    st.tuples(st.booleans(), st.integers(1, 5), st.integers(1, 9)), min_size=2, max_size=25
).filter(lambda rows: len({row[0] for row in rows}) == 2)
parts = st.tuples(st.integers(0, 19), st.integers(1, 20)).filter(lambda part: part[0] < part[1])


def exact_partial(curve: RocCurve, low: Fraction, high: Fraction, focus: str) -> Fraction:
    """Trapezoids of the clipped path in exact fractions."""
    n1, n0 = curve.n_positive, curve.n_negative
    path = [
        (Fraction(n0 - p.false_positives, n0), Fraction(p.true_positives, n1)) for p in curve.points[::-1]
    ]
    if focus == "sensitivity":
        path = [(se, sp) for sp, se in path[::-1]]
    area = Fraction(0)
    for (x0, y0), (x1, y1) in pairwise(path):
        left, right = max(x0, low), min(x1, high)
        if left < right:
            slope = (y1 - y0) / (x1 - x0)
            area += (right - left) * (2 * y0 + slope * (left + right - 2 * x0)) / 2
    return area


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases, parts, st.sampled_from(["specificity", "sensitivity"]))
def test_partial_area_is_exact_and_parts_add_up(
    rows: list[tuple[bool, int, int]], part: tuple[int, int], focus: Any
) -> None:
    truth, scores = [row[0] for row in rows], [float(row[1]) for row in rows]
    curve = roc_curve(truth, scores)
    assert isinstance(curve, RocCurve)
    low, high = part[0] / 20, part[1] / 20
    area = partial_auc(truth, scores, low=low, high=high, focus=focus).area
    assert area == pytest.approx(
        float(exact_partial(curve, Fraction(part[0], 20), Fraction(part[1], 20), focus)), abs=1e-13
    )
    edges = sorted({0.0, low, high, 1.0})
    whole = sum(
        partial_auc(truth, scores, low=x, high=y, focus=focus).area  # type: ignore[misc]
        for x, y in pairwise(edges)
    )
    assert whole == pytest.approx(empirical_auc(truth, scores), abs=1e-12)


def test_mcclish_maps_chance_to_one_half_and_perfect_to_one() -> None:
    assert mcclish(0.005, 0.9, 1.0) == pytest.approx(0.5)
    assert mcclish(0.1, 0.9, 1.0) == pytest.approx(1.0)
    assert isinstance(mcclish(0.004, 0.9, 1.0), NotEstimable)
    tied = partial_auc([True, False], [1.0, 1.0], low=0.9, high=1.0)
    assert tied.corrected == pytest.approx(0.5)
    perfect = partial_auc([True, False], [2.0, 1.0], low=0.3, high=0.6, focus="sensitivity")
    assert (perfect.area, perfect.corrected) == (pytest.approx(0.3), pytest.approx(1.0))
    assert perfect.ci == NotEstimable("no bootstrap was asked for")


def test_partial_difference_test_is_its_own_bootstrap() -> None:
    truth, (a, b) = simulated("continuous_a", "continuous_b")
    whole = partial_auc_paired(truth, a, b, low=0.0, high=1.0, seed=4)
    full = bootstrap_difference(truth, a, b, seed=4)
    assert whole.z == pytest.approx(full.z, rel=1e-9)
    assert ends(whole.ci) == pytest.approx(ends(full.percentile), abs=1e-12)
    part = partial_auc_paired(truth, a, b, low=0.8, high=1.0, focus="sensitivity", seed=4)
    assert part.difference == pytest.approx(part.area_a - part.area_b)  # type: ignore[operator]
    same = partial_auc_paired(truth, a, a, low=0.8, high=1.0, seed=4)
    assert (same.z, same.p) == (0.0, 1.0)
    assert isinstance(same.ci, NotEstimable)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"replicates": 99}, "too_few_replicates"),
        ({"replicates": 200.0}, "too_few_replicates"),
        ({"seed": -1}, "seed_not_whole"),
        ({"seed": 1.5}, "seed_not_whole"),
        ({"low": 0.9, "high": 0.9}, "range_impossible"),
        ({"low": -0.1}, "range_impossible"),
        ({"high": math.nan}, "range_impossible"),
        ({"focus": "accuracy"}, "unknown_focus"),
        ({"level": 0.0}, "level_out_of_range"),
    ],
)
def test_bad_arguments_are_refused_by_code(change: dict[str, Any], code: str) -> None:
    arguments = {"low": 0.5, "high": 1.0, "seed": 1, **change}
    with pytest.raises(AnalysisError) as refused:
        partial_auc([True, False], [1.0, 2.0], **arguments)
    assert refused.value.code == code


def test_replicates_that_differ_by_rounding_alone_give_no_interval() -> None:
    scores = [(0.8 if case < 24 else 0.1) + case % 9 / 100 for case in range(74)]
    found = partial_auc([case < 24 for case in range(74)], scores, low=0.8, high=1.0, seed=3)
    assert found.area == pytest.approx(0.2, abs=1e-12)
    assert found.se == 0.0
    assert found.ci == NotEstimable("all replicates are equal")
