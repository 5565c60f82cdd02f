"""Cut-offs and the convex hull against pROC, brute force and SciPy's hull."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.cutoffs import (
    OPTIMISTIC,
    at_sensitivity,
    at_specificity,
    closest_to_top_left,
    weighted_youden,
    youden,
)
from backend.analysis.errors import AnalysisError
from backend.analysis.roc import RocCurve, roc_curve, youden_cutoffs

SIMULATED = Path(__file__).parents[1] / "reference/proc/simulated.csv"


def simulated(name: str) -> RocCurve:
    with SIMULATED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return curve_of([row["truth"] == "1" for row in rows], [float(row[name]) for row in rows])


def curve_of(truth: list[bool], scores: list[float]) -> RocCurve:
    curve = roc_curve(truth, scores)
    assert isinstance(curve, RocCurve)
    return curve


@pytest.mark.parametrize("name", ["continuous_a", "five_point_a", "continuous_b"])
def test_closest_and_youden_match_proc(reference: Callable[[str], Any], name: str) -> None:
    expected = reference("roc/expected.json")["closest"][name]
    chosen = closest_to_top_left(simulated(name))
    assert [(point.sensitivity, point.specificity) for point in chosen.points] == [
        pytest.approx((point["sensitivity"], point["specificity"]), abs=1e-13) for point in expected
    ]
    best = chosen.points[0]
    assert chosen.value == pytest.approx((1 - best.sensitivity) ** 2 + (1 - best.specificity) ** 2)
    assert youden(simulated(name)).points == youden_cutoffs(simulated(name)).points
    assert youden(simulated(name)).value == pytest.approx(youden_cutoffs(simulated(name)).index, abs=1e-15)


cases = st.lists(st.tuples(st.booleans(), st.integers(1, 6)), min_size=2, max_size=30).filter(
    lambda rows: len({row[0] for row in rows}) == 2
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(cases, st.sampled_from([0.1, 0.5, 0.8, 0.9, 1.0]))
def test_fixed_targets_are_the_best_of_all_rules(rows: list[tuple[bool, int]], target: float) -> None:
    """The slow obvious way: try every rule, keep the best that reaches the target."""
    truth, scores = [row[0] for row in rows], [float(row[1]) for row in rows]
    curve = curve_of(truth, scores)
    rules = []
    for threshold in [float("inf"), *sorted(set(scores), reverse=True)]:
        tp = sum(s >= threshold for s, t in zip(scores, truth, strict=True) if t)
        tn = sum(s < threshold for s, t in zip(scores, truth, strict=True) if not t)
        rules.append((threshold, Fraction(tp, sum(truth)), Fraction(tn, len(truth) - sum(truth))))
    floor = Fraction(str(target))
    for chosen, aim, other in (
        (at_sensitivity(curve, target), 1, 2),
        (at_specificity(curve, target), 2, 1),
    ):
        best = max(rule[other] for rule in rules if rule[aim] >= floor)
        expected = [rule[0] for rule in rules if rule[aim] >= floor and rule[other] == best]
        found = [float("inf") if p.threshold is None else p.threshold for p in chosen.points]
        assert found == expected
        assert chosen.value == float(best)
        assert chosen.target == target
        assert (len(chosen.warnings) == 2) == (len(expected) > 1)


def test_a_decimal_target_is_reached_by_its_share() -> None:
    """Nine of ten reach 0.9 although the nearest binary number is larger."""
    truth = [True] * 10 + [False] * 2
    curve = curve_of(truth, [5.0] * 9 + [1.0] + [2.0, 1.0])
    assert at_sensitivity(curve, 0.9).points[0].threshold == 5.0
    assert at_sensitivity(curve, 0.91).points[0].threshold == 1.0


def test_ties_are_all_told() -> None:
    curve = curve_of([True, False, True, False, True, False], [6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    chosen = youden(curve)
    assert [point.threshold for point in chosen.points] == [6.0, 4.0, 2.0]
    assert chosen.warnings[0] == OPTIMISTIC
    assert "3 operating points" in chosen.warnings[1]
    assert [p.threshold for p in closest_to_top_left(curve).points] == [4.0]


def test_weights_move_the_cutoff_as_cost_says() -> None:
    curve = simulated("five_point_a")
    assert weighted_youden(curve, prevalence=0.5).points == youden(curve).points
    rare = weighted_youden(curve, prevalence=0.01)
    costly = weighted_youden(curve, prevalence=0.5, cost_ratio=100.0)
    assert rare.points[0].specificity > costly.points[0].specificity
    best = rare.points[0]
    costs = [0.01 * (1 - p.sensitivity) + 0.99 * (1 - p.specificity) for p in curve.points]
    assert min(costs) == pytest.approx(0.01 * (1 - best.sensitivity) + 0.99 * (1 - best.specificity))


def test_all_tied_scores_tie_the_two_trivial_rules() -> None:
    chosen = youden(curve_of([True, False, False], [3.0, 3.0, 3.0]))
    assert [point.threshold for point in chosen.points] == [None, 3.0]
    assert chosen.value == 0.0


@pytest.mark.parametrize("target", [0.0, -0.1, 1.01, float("nan")])
def test_impossible_targets_are_refused(target: float) -> None:
    curve = simulated("five_point_a")
    for choose in (at_sensitivity, at_specificity):
        with pytest.raises(AnalysisError, match=r"must lie in \(0, 1\]") as refused:
            choose(curve, target)
        assert refused.value.code == "target_out_of_range"
    with pytest.raises(AnalysisError, match="prevalence"):
        weighted_youden(curve, prevalence=target if target <= 0 else 1.0)
    with pytest.raises(AnalysisError, match="cost ratio"):
        weighted_youden(curve, prevalence=0.5, cost_ratio=0.0)
