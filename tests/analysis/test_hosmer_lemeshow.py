"""The Hosmer-Lemeshow test against the definition of ResourceSelection::hoslem.test, evaluated by R."""

import pytest
from hypothesis import given, settings

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.hosmer_lemeshow import CAVEAT, hosmer_lemeshow
from tests.analysis.model_cases import case_lists, expected, flags, numbers


@pytest.mark.parametrize(("model", "groups"), [("old", 10), ("new", 10), ("new", 7), ("coarse", 10)])
def test_matches_hoslem_test(model: str, groups: int) -> None:
    found = hosmer_lemeshow(flags("y"), numbers(model), groups=groups)
    want = expected()["hosmer"][f"{model}{groups}"]
    assert found.chi2 == pytest.approx(want["chi2"], rel=1e-12)
    assert found.df == want["df"]
    assert found.p == pytest.approx(want["p"], rel=1e-10)
    assert [group.n for group in found.groups] == want["n"]
    assert [group.events for group in found.groups] == want["events"]
    assert found.caveat == CAVEAT


def test_ties_leave_fewer_groups_and_say_so() -> None:
    found = hosmer_lemeshow(flags("y"), numbers("coarse"))
    assert len(found.groups) == 3
    assert found.df == 1
    assert found.warnings == (
        "The predicted probabilities allow 3 of the 10 groups asked for: many are equal.",
    )


def test_a_model_made_on_other_cases_has_two_more_degrees_of_freedom() -> None:
    inside = hosmer_lemeshow(flags("y"), numbers("new"))
    outside = hosmer_lemeshow(flags("y"), numbers("new"), is_external=True)
    assert (inside.df, outside.df) == (8, 10)
    assert inside.chi2 == outside.chi2
    assert outside.p > inside.p


def test_groups_are_closed_above() -> None:
    # Type 7 quantiles of 1..9 tenths: the median is 0.5 itself, which belongs to the lower half.
    predicted = [tenth / 10 for tenth in range(1, 10)]
    found = hosmer_lemeshow([False] * 4 + [True] * 5, predicted, groups=2)
    assert [(group.low, group.high, group.n) for group in found.groups] == [(0.1, 0.5, 5), (0.5, 0.9, 4)]
    assert found.chi2 == NotEstimable("2 groups leave no degree of freedom")


def test_one_outcome_and_certain_predictions_are_not_estimable() -> None:
    spread = [tenth / 10 for tenth in range(1, 10)]
    assert hosmer_lemeshow([True] * 9, spread, groups=4).chi2 == NotEstimable("every case has the outcome")
    certain = hosmer_lemeshow([True, False, True, False, True, False], [0, 0, 0.2, 0.4, 0.6, 0.8], groups=3)
    assert certain.chi2 == NotEstimable("group 1 is expected to hold none of one outcome")
    assert certain.p == certain.chi2
    constant = hosmer_lemeshow([True, False], [0.5, 0.5])
    assert constant.chi2 == NotEstimable("1 groups leave no degree of freedom")
    assert constant.df == 0


@pytest.mark.parametrize(
    ("truth", "predicted", "groups", "code"),
    [
        ([], [], 10, "no_cases"),
        ([True, False], [0.5, float("nan")], 10, "not_finite"),
        ([True, False], [0.5, -0.1], 10, "probability_out_of_range"),
        ([True, False], [0.5, 0.1], 1, "groups_too_few"),
    ],
)
def test_bad_input_is_refused(truth: list[bool], predicted: list[float], groups: int, code: str) -> None:
    with pytest.raises(AnalysisError) as error:
        hosmer_lemeshow(truth, predicted, groups=groups)
    assert error.value.code == code


@settings(derandomize=True, max_examples=80, deadline=None)
@given(case_lists)
def test_groups_partition_the_cases_in_any_order(cases: list[tuple[bool, float, float]]) -> None:
    truth, predicted = [case[0] for case in cases], [case[1] for case in cases]
    found = hosmer_lemeshow(truth, predicted, groups=4)
    assert sum(group.n for group in found.groups) == len(cases)
    assert sum(group.events for group in found.groups) == sum(truth)
    assert all(group.n == group.events + group.non_events > 0 for group in found.groups)
    assert found.to_json() == hosmer_lemeshow(truth[::-1], predicted[::-1], groups=4).to_json()
