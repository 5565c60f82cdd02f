"""What is taken and what is refused as times, events, scores and labels."""

import math
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.survival.outcomes import as_sorted, labelled, outcomes, scored, values_of


@pytest.mark.parametrize(
    ("times", "events", "cases", "code", "named"),
    [
        ([1.0], [True, False], None, "lengths_differ", "1 times, 2 events"),
        ([1.0, 2.0], [True, False], ["a"], "lengths_differ", "1 cases"),
        ([1.0, 2.0], [True, False], ["a", "a"], "duplicate_case", "case a"),
        (["x"], [True], ["a"], "time_not_a_number", "case a"),
        ([True], [True], ["a"], "time_not_a_number", "case a"),
        ([1.0, math.nan], [True, True], None, "time_not_finite", "row 1"),
        ([math.inf], [True], ["a"], "time_not_finite", "case a"),
        ([-0.5], [True], ["a"], "time_negative", "case a"),
        ([1.0], [1], ["a"], "event_not_boolean", "case a"),
        ([], [], None, "no_cases", "no case"),
        ([None, 1.0], [True, None], None, "no_cases", "no case"),
    ],
)
def test_malformed_outcomes_are_refused_by_name(
    times: list[Any], events: list[Any], cases: list[str] | None, code: str, named: str
) -> None:
    with pytest.raises(AnalysisError, match=named) as raised:
        outcomes(times, events, cases=cases)
    assert raised.value.code == code


def test_cases_without_time_or_event_are_dropped_by_name() -> None:
    known = outcomes([3.0, None, 2.0, 0], [True, True, None, False], cases=["a", "b", "c", "d"])
    assert (known.cases, known.times, known.events) == (("a", "d"), (3.0, 0.0), (True, False))
    assert known.dropped == ("b", "c")
    assert (known.n, known.n_events) == (2, 1)


def test_scores_choose_the_cases_and_name_the_rest() -> None:
    known = outcomes([1.0, 2.0, 3.0], [True, True, False], cases=["a", "b", "c"])
    kept = scored(known, {"a": 0.5, "b": None, "z": 1.0, "c": 2})
    assert kept.cases == ("a", "c")
    assert kept.dropped == ("b", "z")
    assert values_of(kept, {"a": 0.5, "c": 2}) == [0.5, 2.0]


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({"a": math.nan}, "score_not_finite"),
        ({"a": "high"}, "score_not_a_number"),
        ({"a": True}, "score_not_a_number"),
        ({"a": None}, "no_cases"),
        ({"z": 1.0}, "no_cases"),
    ],
)
def test_malformed_scores_are_refused(scores: dict[str, Any], code: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        scored(outcomes([1.0], [True], cases=["a"]), scores)
    assert raised.value.code == code


def test_labels_are_texts() -> None:
    known = outcomes([1.0, 2.0], [True, True], cases=["a", "b"])
    assert labelled(known, {"a": "x", "b": None}, "group").dropped == ("b",)
    with pytest.raises(AnalysisError, match="the group of case b is 3"):
        labelled(known, {"a": "x", "b": 3}, "group")  # type: ignore[dict-item]


def test_sorting_forgets_the_order_of_rows() -> None:
    one = as_sorted(outcomes([2, 1, 2, 2], [True, True, False, True]), [[5, 1, 2, 3]])
    other = as_sorted(outcomes([2, 2, 2, 1], [True, False, True, True]), [[3, 2, 5, 1]])
    assert one.values[:, 0].tolist() == other.values[:, 0].tolist() == [1, 3, 5, 2]
    assert one.events.tolist() == [True, True, True, False]
