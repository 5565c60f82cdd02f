"""ROC, DeLong and operating points against pROC, scikit-learn, pair counting and the jackknife."""

import csv
import math
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc_curve

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.roc import (
    DelongCovariance,
    RocCurve,
    delong,
    delong_covariance,
    delong_paired,
    empirical_auc,
    operating_point,
    roc_curve,
    youden_cutoffs,
)

REFERENCE = Path(__file__).parents[1] / "reference"
RJAFROC = ("dataset08_PENEDO", "dataset10_RUSCHIN", "dataset14_FEDERICA")
Case = tuple[bool, int, int]


def simulated(name_a: str, name_b: str) -> tuple[list[bool], list[float], list[float]]:
    with (REFERENCE / "proc/simulated.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return (
        [row["truth"] == "1" for row in rows],
        [float(row[name_a]) for row in rows],
        [float(row[name_b]) for row in rows],
    )


def assert_matches_proc(truth: list[bool], a: list[float], b: list[float], expected: dict[str, Any]) -> None:
    alone, narrow, paired = delong(truth, a), delong(truth, a, level=0.9), delong_paired(truth, a, b)
    covariance = delong_covariance(truth, {"a": a, "b": b})
    curve = roc_curve(truth, a)
    assert isinstance(covariance, DelongCovariance)
    assert isinstance(curve, RocCurve)
    assert alone.auc == pytest.approx(expected["auc_a"], abs=1e-13)
    assert [alone.ci.low, alone.ci.high] == pytest.approx(expected["ci_a"], abs=1e-13)
    assert [narrow.ci.low, narrow.ci.high] == pytest.approx(expected["ci_a_90"], abs=1e-13)
    assert paired.auc_b == pytest.approx(expected["auc_b"], abs=1e-13)
    assert covariance.covariance[0][0] == alone.variance == pytest.approx(expected["var_a"], abs=1e-15)
    assert covariance.covariance[1][1] == pytest.approx(expected["var_b"], abs=1e-15)
    assert covariance.covariance[0][1] == pytest.approx(expected["cov"], abs=1e-15)
    assert paired.z == pytest.approx(expected["z"], abs=1e-11)
    assert paired.p == pytest.approx(expected["p"], abs=1e-12)
    if isinstance(paired.ci, NotEstimable):
        assert expected["difference_ci"] == [0, 0]
    else:
        assert [paired.ci.low, paired.ci.high] == pytest.approx(expected["difference_ci"], abs=1e-13)
    best = [(point.sensitivity, point.specificity) for point in youden_cutoffs(curve).points]
    theirs = [(point["sensitivity"], point["specificity"]) for point in expected["youden"]]
    assert sorted(best) == [pytest.approx(pair, abs=1e-13) for pair in sorted(theirs)]


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("continuous", "continuous_a", "continuous_b"),
        ("five_point", "five_point_a", "five_point_b"),
        ("mixed", "five_point_a", "continuous_b"),
        ("identical", "five_point_a", "five_point_a"),
    ],
)
def test_delong_matches_proc_on_simulated_scores(
    reference: Callable[[str], Any], name: str, a: str, b: str
) -> None:
    assert_matches_proc(*simulated(a, b), reference("proc/expected.json")["simulated"][name])


@pytest.mark.parametrize("name", RJAFROC)
def test_delong_matches_proc_for_every_published_reader(
    reference: Callable[[str], Any], shared_data: Path, name: str
) -> None:
    expected = reference("proc/expected.json")["rjafroc"][name]
    table: dict[tuple[str, str], dict[int, tuple[bool, float]]] = {}
    with (shared_data / f"tables/multireader/rjafroc_{name}_roc.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            cell = table.setdefault((row["reader"], row["modality"]), {})
            cell[int(row["case"])] = (row["truth"] == "1", float(row["rating"]))
    assert {reader for reader, _ in table} == set(expected)
    for reader, entry in expected.items():
        first, second = (table[reader, modality] for modality in entry["modalities"])
        assert first.keys() == second.keys()
        truth = [first[case][0] for case in first]
        assert_matches_proc(truth, [first[c][1] for c in first], [second[c][1] for c in first], entry)


def pairs_won(truth: list[bool], scores: list[int]) -> float:
    """The slow obvious way: every positive against every negative, a tie is half a win."""
    positive = [score for score, is_positive in zip(scores, truth, strict=True) if is_positive]
    negative = [score for score, is_positive in zip(scores, truth, strict=True) if not is_positive]
    wins = sum((x > y) + 0.5 * (x == y) for x in positive for y in negative)
    return wins / (len(positive) * len(negative))


cases = st.lists(
    st.tuples(st.booleans(), st.integers(1, 5), st.integers(-3, 3)), min_size=2, max_size=40
).filter(lambda rows: len({row[0] for row in rows}) == 2)


def columns(rows: list[Case]) -> tuple[list[bool], list[int], list[int]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(cases)
def test_auc_is_pair_counting_and_the_area_of_its_curve(rows: list[Case]) -> None:
    truth, scores, _ = columns(rows)
    auc = empirical_auc(truth, scores)
    assert auc == pytest.approx(pairs_won(truth, scores), abs=1e-14)
    assert auc == pytest.approx(roc_auc_score(truth, scores), abs=1e-14)
    curve = roc_curve(truth, scores)
    assert isinstance(curve, RocCurve)
    area = sum(
        (before.specificity - after.specificity) * (before.sensitivity + after.sensitivity) / 2
        for before, after in zip(curve.points, curve.points[1:], strict=False)
    )
    assert auc == pytest.approx(area, abs=1e-14)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(cases)
def test_roc_points_are_the_counts_at_each_threshold(rows: list[Case]) -> None:
    truth, scores, _ = columns(rows)
    curve = roc_curve(truth, scores)
    assert isinstance(curve, RocCurve)
    false_positive_rate, sensitivity, _ = sklearn_roc_curve(truth, scores, drop_intermediate=False)
    assert [1 - point.specificity for point in curve.points] == pytest.approx(
        false_positive_rate.tolist(), abs=1e-14
    )
    assert [point.sensitivity for point in curve.points] == pytest.approx(sensitivity.tolist(), abs=1e-14)
    assert curve.points[0].threshold is None
    assert [point.threshold for point in curve.points[1:]] == sorted(set(scores), reverse=True)
    for point in curve.points[1:]:
        assert point.threshold is not None
        called = operating_point(truth, [score >= point.threshold for score in scores])
        assert (called.true_positives, called.false_positives) == (
            point.true_positives,
            point.false_positives,
        )
        assert called.sensitivity.estimate == point.sensitivity
        assert called.specificity.estimate == point.specificity


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases)
def test_delong_variance_is_the_spread_of_the_jackknife(rows: list[Case]) -> None:
    """DeLong's S10 and S01 from brute-force refits.

    Leaving out positive i gives AUC(-i) = (n1 A - V10_i) / (n1 - 1), hence V10 and, likewise, V01.
    """
    truth, scores, _ = columns(rows)
    n1, n0 = sum(truth), len(truth) - sum(truth)
    result = delong(truth, scores)
    if min(n1, n0) == 1:
        assert isinstance(result.variance, NotEstimable)
        assert not isinstance(result.auc, NotEstimable)
        return
    auc = pairs_won(truth, scores)
    placements: dict[bool, list[float]] = {True: [], False: []}
    for i, positive in enumerate(truth):
        without = pairs_won(truth[:i] + truth[i + 1 :], scores[:i] + scores[i + 1 :])
        n = n1 if positive else n0
        placements[positive].append(n * auc - (n - 1) * without)
    brute = statistics.variance(placements[True]) / n1 + statistics.variance(placements[False]) / n0
    assert result.variance == pytest.approx(brute, abs=1e-13)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases, st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_order_of_cases(rows: list[Case], rng: random.Random) -> None:
    truth, a, b = columns(rows)
    truth_2, a_2, b_2 = columns(rng.sample(rows, len(rows)))
    assert delong(truth, a) == delong(truth_2, a_2)
    assert delong_paired(truth, a, b) == delong_paired(truth_2, a_2, b_2)
    assert roc_curve(truth, a) == roc_curve(truth_2, a_2)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases)
def test_swapping_the_curves_flips_the_sign_and_keeps_p(rows: list[Case]) -> None:
    truth, a, b = columns(rows)
    one, other = delong_paired(truth, a, b), delong_paired(truth, b, a)
    assert one.p == other.p
    assert one.difference == -other.difference  # type: ignore[operator]
    if not isinstance(one.ci, NotEstimable) and not isinstance(other.ci, NotEstimable):
        assert (one.ci.low, one.ci.high) == (-other.ci.high, -other.ci.low)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases)
def test_swapping_truth_or_scale_direction_mirrors_the_area(rows: list[Case]) -> None:
    truth, a, _ = columns(rows)
    result = delong(truth, a)
    assert not isinstance(result.auc, NotEstimable)
    mirrored = delong([not positive for positive in truth], a)
    assert mirrored.auc == pytest.approx(1 - result.auc, abs=1e-15)
    assert mirrored.n_positive == result.n_negative
    assert delong([not positive for positive in truth], [-score for score in a]).auc == result.auc


@settings(derandomize=True, max_examples=100, deadline=None)
@given(cases)
def test_paired_variance_comes_from_the_covariance_matrix(rows: list[Case]) -> None:
    truth, a, b = columns(rows)
    paired, matrix = delong_paired(truth, a, b), delong_covariance(truth, {"b": b, "a": a})
    if isinstance(matrix, NotEstimable):
        assert matrix == paired.se
        return
    assert matrix.names == ("a", "b")
    (va, cab), (cba, vb) = matrix.covariance
    assert cab == cba
    assert isinstance(paired.se, float)
    assert paired.se**2 == pytest.approx(va + vb - 2 * cab, abs=1e-14)


def test_covariance_of_many_curves_equals_numpys() -> None:
    rng = np.random.default_rng(5)
    truth = rng.random(50) < 0.4
    scores = {f"r{k}": np.round(truth + rng.normal(size=50), 1) for k in range(4)}
    result = delong_covariance(truth.tolist(), {name: values.tolist() for name, values in scores.items()})
    assert isinstance(result, DelongCovariance)
    wins = [
        (values[truth][:, None] > values[~truth]) + 0.5 * (values[truth][:, None] == values[~truth])
        for values in scores.values()
    ]
    expected = np.cov([w.mean(axis=1) for w in wins]) / truth.sum()
    expected = expected + np.cov([w.mean(axis=0) for w in wins]) / (~truth).sum()
    assert np.asarray(result.covariance) == pytest.approx(expected, abs=1e-15)
    assert result.aucs == pytest.approx([w.mean() for w in wins], abs=1e-15)


def test_a_hundred_thousand_cases_agree_with_scikit_learn() -> None:
    """Quadratic pair counting would need 10^10 comparisons here."""
    rng = np.random.default_rng(9)
    truth = rng.random(100_000) < 0.3
    scores = np.round(truth + rng.normal(size=100_000), 3)
    result = delong(truth.tolist(), scores.tolist())
    assert result.auc == pytest.approx(roc_auc_score(truth, scores), abs=1e-13)
    assert not isinstance(result.ci, NotEstimable)


def test_no_positive_case_is_a_clear_message_everywhere() -> None:
    truth, scores = [False, False], [1.0, 2.0]
    reason = NotEstimable("there is no positive case")
    assert empirical_auc(truth, scores) == roc_curve(truth, scores) == reason
    assert delong(truth, scores).auc == delong(truth, scores).ci == reason
    assert delong_paired(truth, scores, scores).p == reason
    assert delong_covariance(truth, {"a": scores}) == reason
    assert operating_point(truth, [True, False]).sensitivity.estimate == reason
    assert operating_point(truth, [True, False]).specificity.estimate == 0.5
    assert empirical_auc([True], [1.0]) == NotEstimable("there is no negative case")
    assert isinstance(empirical_auc([], []), NotEstimable)


def test_one_positive_case_has_an_area_but_no_interval() -> None:
    result = delong([True, False, False], [2.0, 1.0, 3.0])
    assert result.auc == 0.5
    assert result.se == result.ci == NotEstimable("there is only one positive case")
    paired = delong_paired([True, False, False], [2.0, 1.0, 3.0], [3.0, 1.0, 2.0])
    assert paired.difference == -0.5
    assert paired.p == paired.ci == NotEstimable("there is only one positive case")
    assert delong([True, True, False], [2.0, 1.0, 3.0]).ci == NotEstimable("there is only one negative case")


@pytest.mark.parametrize(("scores", "auc"), [([1.0, 2.0, 3.0, 4.0], 1.0), ([4.0, 3.0, 2.0, 1.0], 0.0)])
def test_perfect_separation_warns_and_offers_no_interval(scores: list[float], auc: float) -> None:
    result = delong([False, False, True, True], scores)
    assert (result.auc, result.se) == (auc, 0.0)
    assert result.ci == NotEstimable("the scores separate the classes perfectly")
    assert "DeLong's variance is 0" in result.warnings[0]


def test_all_scores_tied_is_one_half_with_a_warning() -> None:
    result = delong([False, False, True, True], [3.0] * 4)
    assert (result.auc, result.se) == (0.5, 0.0)
    assert result.ci == NotEstimable("all scores are tied")
    assert "chance diagonal" in result.warnings[0]


def test_identical_curves_have_z_zero_and_p_one() -> None:
    truth, a, _ = simulated("continuous_a", "continuous_b")
    result = delong_paired(truth, a, [10 + 2 * score for score in a])
    assert (result.difference, result.se, result.z, result.p) == (0.0, 0.0, 0.0, 1.0)
    assert isinstance(result.ci, NotEstimable)
    assert result.warnings


def test_areas_that_differ_without_variance_are_not_tested() -> None:
    result = delong_paired([False, False, True, True], [1.0, 2.0, 3.0, 4.0], [1.0] * 4)
    assert result.difference == 0.5
    assert result.z == result.p == NotEstimable("the variance of the difference is 0")


def test_interval_is_clipped_to_the_unit_square() -> None:
    result = delong([False] * 6 + [True] * 6, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3])
    assert not isinstance(result.ci, NotEstimable)
    assert result.ci.high == 1.0


def test_youden_lists_all_ties() -> None:
    curve = roc_curve([True, False, True, False, True, False], [6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    assert isinstance(curve, RocCurve)
    cutoffs = youden_cutoffs(curve)
    assert cutoffs.index == pytest.approx(1 / 3)
    assert [point.threshold for point in cutoffs.points] == [6.0, 4.0, 2.0]


def test_operating_point_names_its_class_and_counts() -> None:
    truth = [True] * 5 + [False] * 4
    calls = [True, True, True, True, False, True, False, False, False]
    point = operating_point(truth, calls, positive_class="metastatic node")
    assert point.positive_class == "metastatic node"
    assert (point.true_positives, point.false_negatives) == (4, 1)
    assert (point.true_negatives, point.false_positives) == (3, 1)
    assert (point.sensitivity.estimate, point.specificity.estimate) == (0.8, 0.75)
    assert (point.sensitivity.successes, point.sensitivity.n) == (4, 5)


@pytest.mark.parametrize(
    ("truth", "scores", "code", "named"),
    [
        ([True, False], [1.0], "lengths_differ", "truth has 2 rows, scores 1"),
        ([True, False], [1.0, math.nan], "score_not_finite", "row 1 of scores is nan"),
        ([True, False], [math.inf, 1.0], "score_not_finite", "row 0 of scores is inf"),
        ([True, False], [1.0, None], "score_not_a_number", "row 1 of scores is None"),
        ([True, False], [1.0, "3"], "score_not_a_number", "row 1 of scores is '3'"),
        ([True, 0], [1.0, 2.0], "not_boolean", "row 1 of truth is 0"),
        ([None, False], [1.0, 2.0], "not_boolean", "row 0 of truth is None"),
    ],
)
def test_bad_rows_are_refused_by_name(truth: Any, scores: Any, code: str, named: str) -> None:
    for analyze in (empirical_auc, delong, roc_curve):
        with pytest.raises(AnalysisError, match=named) as refused:
            analyze(truth, scores)
        assert refused.value.code == code


def test_paired_and_covariance_name_the_curve_at_fault() -> None:
    with pytest.raises(AnalysisError, match="scores_b"):
        delong_paired([True, False], [1.0, 2.0], [1.0, math.nan])
    with pytest.raises(AnalysisError, match="scores of reader2"):
        delong_covariance([True, False], {"reader1": [1.0, 2.0], "reader2": [1.0]})
    with pytest.raises(AnalysisError, match="no curve"):
        delong_covariance([True, False], {})
    with pytest.raises(AnalysisError, match="row 0 of calls"):
        operating_point([True], [1])  # type: ignore[list-item]
