import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.adjudication.rules import (
    WORDS,
    Why,
    are_identical,
    discordances,
    majority_of,
    middle_of,
    spread_of,
    why_discordant,
)
from backend.studies.adjudication_design import Rule, When, rules_of

MISMATCH = Rule("region", When.MISMATCH)
DICE = Rule("outline", When.DICE, 0.7)


def no_overlap_is_asked(one: Any, other: Any) -> float:
    raise AssertionError("no outlines are compared here")


def why(rule: Rule, *values: Any) -> Why | None:
    return why_discordant(rule, values, overlap=no_overlap_is_asked)


def mark(*point: float, frame: str = "1.2.3") -> dict[str, Any]:
    return {"point_mm": list(point), "frame_of_reference_uid": frame, "rating": 3}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["left", "left", "left"], None),
        (["left", "left", "right"], Why.ANSWERS),
        ([4, 4], None),
        ([4, 5], Why.ANSWERS),
        ([True, True], None),
        ([True, False], Why.ANSWERS),
        ([True, 1], Why.ANSWERS),
        ([False, 0], Why.ANSWERS),
        (["4", 4], Why.ANSWERS),
        ([["a", "b"], ["b", "a"]], None),
        ([["a", "b"], ["a"]], Why.ANSWERS),
        ([None, None], None),
        ([None, "left"], Why.UNANSWERED),
        ([False, None], Why.UNANSWERED),
        ([0, None, 0], Why.UNANSWERED),
        (["left"], None),
    ],
)
def test_a_mismatch_is_any_two_different_answers(values: list[Any], expected: Why | None) -> None:
    assert why(MISMATCH, *values) is expected


@pytest.mark.parametrize(
    ("limit", "values", "expected"),
    [
        (2.0, [5.0, 7.0], None),
        (2.0, [5.0, 7.0001], Why.DIFFERENCE),
        (2.0, [5.0, 6.0, 7.0], None),
        (2.0, [4.9, 6.0, 7.0], Why.DIFFERENCE),
        # In binary floating point 0.8 - 0.1 > 0.7 and 8.3 - 8.1 > 0.2; as entered they are equal.
        (0.7, [0.8, 0.1], None),
        (0.2, [8.3, 8.1], None),
        (0.0, [5, 5.0], None),
        (0.0, [5.0, 5.1], Why.DIFFERENCE),
        (1.0, [3, 4], None),
        (1.0, [3, 5], Why.DIFFERENCE),
        (2.0, [None, None], None),
        (2.0, [0.0, None], Why.UNANSWERED),
    ],
)
def test_numbers_differ_when_the_extremes_lie_farther_apart_than_the_limit(
    limit: float, values: list[float | None], expected: Why | None
) -> None:
    assert why(Rule("length", When.DIFFERENCE, limit), *values) is expected


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        ([[mark(0, 0, 0)], [mark(3, 4, 0)]], None),
        ([[mark(0, 0, 0)], [mark(3, 4, 0.1)]], Why.MARK_DISTANCE),
        ([[mark(0, 0, 0)], [mark(0, 0, 0, frame="9.9")]], Why.MARK_DISTANCE),
        ([[mark(0, 0, 0)], [mark(0, 0, 0), mark(1, 0, 0)]], Why.MARK_COUNT),
        ([[mark(0, 0, 0)], []], Why.MARK_COUNT),
        ([[mark(0, 0, 0)], None], Why.MARK_COUNT),
        ([[], None], None),
        ([None, None], None),
        # The nearest partner of both is the same mark; all have one only when the nearer gives way.
        ([[mark(0, 0, 0), mark(4, 0, 0)], [mark(3, 0, 0), mark(-4, 0, 0)]], None),
        ([[mark(0, 0, 0), mark(4, 0, 0)], [mark(2, 0, 0), mark(-40, 0, 0)]], Why.MARK_DISTANCE),
        # One mark lies between two others: each pair with it agrees, the two outer ones do not.
        ([[mark(0, 0, 0)], [mark(5, 0, 0)], [mark(10, 0, 0)]], Why.MARK_DISTANCE),
    ],
)
def test_marks_agree_when_every_mark_has_a_partner_of_its_own(panel: list[Any], expected: Why | None) -> None:
    assert why(Rule("findings", When.DISTANCE, 5.0), *panel) is expected


def outline(*sops: str) -> dict[str, Any]:
    return {"contours": [{"sop_uid": sop} for sop in sops]}


@pytest.mark.parametrize(
    ("values", "dice", "expected"),
    [
        ([outline("a"), outline("b")], 0.7, None),
        ([outline("a"), outline("b")], 0.69999, Why.OVERLAP),
        ([outline(), outline()], 0.0, None),
        ([outline(), None], 0.0, None),
        ([outline(), outline("a")], 1.0, Why.NOTHING_DRAWN),
        ([None, outline("a")], 1.0, Why.NOTHING_DRAWN),
        ([outline("a")], 0.0, None),
    ],
)
def test_outlines_agree_when_they_overlap_enough(
    values: list[Any], dice: float, expected: Why | None
) -> None:
    assert why_discordant(DICE, values, overlap=lambda one, other: dice) is expected


def test_the_worst_pair_of_outlines_decides() -> None:
    dice = {frozenset("ab"): 0.9, frozenset("bc"): 0.8, frozenset("ac"): 0.6}

    def overlap(one: Any, other: Any) -> float:
        return dice[frozenset((one["contours"][0]["sop_uid"], other["contours"][0]["sop_uid"]))]

    panel = [outline("a"), outline("b"), outline("c")]
    assert why_discordant(DICE, panel, overlap=overlap) is Why.OVERLAP
    assert why_discordant(DICE, panel[:2], overlap=overlap) is None


def test_each_discordant_question_is_named_in_the_order_of_the_rules() -> None:
    rules = rules_of(
        {
            "rules": [
                {"question": "length", "when": "difference", "more_than": 2},
                {"question": "region", "when": "mismatch"},
                {"question": "rating", "when": "mismatch"},
            ]
        }
    )
    panel = [{"region": "left", "length": 5.0, "rating": 4}, {"region": "right", "length": 9.0, "rating": 4}]
    found = discordances(rules, panel, overlap=no_overlap_is_asked)
    assert [(one.question, one.why) for one in found] == [
        ("length", Why.DIFFERENCE),
        ("region", Why.ANSWERS),
    ]


def test_the_words_tell_no_value() -> None:
    assert WORDS.keys() == set(Why)
    for why, words in WORDS.items():
        assert not any(sign.isdigit() for sign in words), why
        assert words.endswith("."), why


value = st.one_of(st.none(), st.integers(1, 3), st.booleans(), st.sampled_from(["left", "right"]))
number = st.one_of(st.none(), st.decimals(0, 30, places=1).map(float))
coordinate = st.integers(0, 12)
marks = st.lists(st.tuples(coordinate, coordinate, st.just(0)).map(lambda point: mark(*point)), max_size=4)


@settings(derandomize=True, deadline=None)
@given(
    values=st.lists(value, min_size=2, max_size=5),
    numbers=st.lists(number, min_size=2, max_size=5),
    panels=st.lists(marks, min_size=2, max_size=4),
    seed=st.integers(0, 1000),
)
def test_the_order_of_readers_and_of_marks_decides_nothing(
    values: list[Any], numbers: list[Any], panels: list[Any], seed: int
) -> None:
    shuffled = random.Random(seed).sample
    assert why(MISMATCH, *values) is why(MISMATCH, *shuffled(values, len(values)))
    difference = Rule("length", When.DIFFERENCE, 2.0)
    assert why(difference, *numbers) is why(difference, *shuffled(numbers, len(numbers)))
    distance = Rule("findings", When.DISTANCE, 5.0)
    others = [shuffled(marks, len(marks)) for marks in shuffled(panels, len(panels))]
    assert why(distance, *panels) is why(distance, *others)
    assert majority_of(values) == majority_of(shuffled(values, len(values)))


@settings(derandomize=True, deadline=None)
@given(one=marks, other=marks)
def test_the_pairing_of_marks_is_the_one_that_trying_all_pairings_finds(
    one: list[Any], other: list[Any]
) -> None:
    def all_near(pairing: tuple[Any, ...]) -> bool:
        return all(
            sum((a - b) ** 2 for a, b in zip(left["point_mm"], right["point_mm"], strict=True)) <= 25
            for left, right in zip(one, pairing, strict=True)
        )

    expected = len(one) == len(other) and any(all_near(pairing) for pairing in permutations(other))
    assert (why(Rule("findings", When.DISTANCE, 5.0), one, other) is None) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "a", "b"], (True, "a")),
        (["a", "b"], (False, None)),
        (["a", "a", "b", "b"], (False, None)),
        (["a", "b", "c"], (False, None)),
        ([None, None, "a"], (True, None)),
        ([True, 1, True], (True, True)),
        ([1, 1, True], (True, 1)),
        ([["a", "b"], ["b", "a"], ["a"]], (True, ["a", "b"])),
        ([4, 4.0, 5], (True, 4)),
    ],
)
def test_a_majority_is_more_than_half(values: list[Any], expected: tuple[bool, Any]) -> None:
    found = majority_of(values)
    assert found == expected
    assert type(found[1]) is type(expected[1])


def test_numbers_within_the_limit_are_represented_by_their_median() -> None:
    assert middle_of([7.1, 7.2]) == 7.15
    assert middle_of([9.0, 7.0, 7.5]) == 7.5
    assert float(spread_of([0.8, 0.1])) == 0.7
    assert are_identical([5, 5.0])
