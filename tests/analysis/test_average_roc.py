"""The average ROC curve: its area, its band, a slow average by hand, and what has none."""

import random
from itertools import pairwise

import pytest

from backend.analysis.average_roc import MOST_POINTS, AverageRoc, average_roc
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.methods import METHODS
from backend.analysis.methods_figures import METHODS_FIGURES
from backend.analysis.roc import empirical_auc
from backend.analysis.study_flow import study_flow
from tests.analysis.figure_cases import ARMS, one_class, reader_scores, study

TRUTH = {"p1": True, "p2": True, "p3": True, "n1": False, "n2": False, "u": None}
SCORES = {
    "a": {"p1": 5, "p2": 3, "p3": 2, "n1": 3, "n2": 1, "u": 4},
    "b": {"p1": 2, "p2": 2, "p3": 1, "n1": 1, "n2": 2, "u": 1},
}


def average(truth: object = TRUTH, scores: object = SCORES, **options: int) -> AverageRoc:
    found = average_roc(truth, scores, seed=1, replicates=100, **options)  # type: ignore[arg-type]
    assert isinstance(found, AverageRoc)
    return found


def test_the_average_by_hand() -> None:
    # Reader a, counts of (false, true) positives: (0,0) (0,1) (1,2) (1,3) (2,3). Reader b: (0,0) (1,2) (2,3).
    found = average()
    assert [(p.specificity, p.lower, p.sensitivity) for p in found.points] == [
        (1.0, 0.0, pytest.approx(1 / 6, rel=1e-12)),
        (0.5, pytest.approx(2 / 3, rel=1e-12), pytest.approx(5 / 6, rel=1e-12)),
        (0.0, 1.0, 1.0),
    ]
    assert found.dropped_cases == ("u",)
    assert (found.n_positive, found.n_negative, found.readers) == (3, 2, ("a", "b"))


def trapezoids(found: AverageRoc) -> float:
    """Area under the drawn line, with its vertical rises."""
    return sum(
        (left.specificity - right.specificity) * (left.sensitivity + right.lower) / 2.0
        for left, right in pairwise(found.points)
    )


@pytest.mark.parametrize("arm", ARMS)
def test_area_under_the_average_is_the_mean_of_the_areas(arm: str) -> None:
    data = study(readers=3, n=50)
    scores = reader_scores(data, arm)
    found = average(data.truth, scores)
    cases = [case for case in data.truth if case not in found.dropped_cases]
    truth = [bool(data.truth[case]) for case in cases]
    areas = [empirical_auc(truth, [row[case] or 0.0 for case in cases]) for row in scores.values()]
    mean = sum(area for area in areas if isinstance(area, float)) / len(areas)
    assert found.auc == pytest.approx(mean, rel=1e-12)
    assert trapezoids(found) == pytest.approx(mean, rel=1e-12)
    assert all(p.ci.low <= p.ci.high and p.lower <= p.sensitivity for p in found.points)


def test_no_order_of_readers_and_cases_shows() -> None:
    turned = {name: dict(reversed(row.items())) for name, row in reversed(SCORES.items())}
    assert average(dict(reversed(TRUTH.items())), turned).to_json() == average().to_json()


def test_many_distinct_scores_are_drawn_at_an_even_selection() -> None:
    rng = random.Random(2)
    truth = {f"c{i}": i % 3 == 0 for i in range(600)}
    found = average(truth, {"a": {case: rng.gauss(positive, 1.0) for case, positive in truth.items()}})
    assert len(found.points) == MOST_POINTS
    assert (found.points[0].specificity, found.points[-1].specificity) == (1.0, 0.0)


def test_one_class_and_missing_ratings_are_told() -> None:
    data = one_class(study(readers=2, n=30))
    none = average_roc(data.truth, reader_scores(data, "AIDED"), seed=1, replicates=100)
    assert none == NotEstimable("of the cases that all readers rated: there is no positive case")
    apart = {"a": {"p1": 1.0, "n1": 1.0}, "b": {"p2": 1.0, "n2": 1.0}}
    assert isinstance(average_roc(TRUTH, apart, seed=1, replicates=100), NotEstimable)


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({}, "no_readers"),
        ({"a": {"x": 1.0}}, "unknown_case"),
        ({"a": dict.fromkeys(TRUTH, float("nan"))}, "score_not_finite"),
    ],
)
def test_bad_input_is_refused_by_name(scores: dict[str, dict[str, float]], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        average_roc(TRUTH, scores, seed=1, replicates=100)
    assert refused.value.code == code


def test_every_method_has_its_text() -> None:
    keys = {method.key for method in METHODS_FIGURES}
    assert keys == {average().method, study_flow(study(readers=1, n=10)).method}
    assert keys <= set(METHODS)
    assert all(method.references and method.text.endswith(".") for method in METHODS_FIGURES)
