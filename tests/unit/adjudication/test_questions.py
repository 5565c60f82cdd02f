"""What an item asks and what stands without it, on a form with conditions and computed questions."""

from collections.abc import Mapping
from typing import Any

import pytest

from backend.adjudication.item_states import How
from backend.adjudication.questions import (
    Agreed,
    agreed_answers,
    computed_answers,
    depends_on,
    questions_to_settle,
)
from backend.studies.adjudication_design import Mode, Rule, When

FORM = {
    "version": 1,
    "questions": [
        {"key": "status", "kind": "choice", "options": [{"value": "positive"}, {"value": "negative"}]},
        {"key": "axis", "kind": "number", "show_if": "status == 'positive'"},
        {"key": "margin", "kind": "yes_no"},
        {"key": "signal", "kind": "yes_no", "required_if": "margin"},
        {"key": "points", "kind": "derived", "type": "number", "expr": "count(margin, signal)"},
        {"key": "call", "kind": "derived", "type": "boolean", "expr": "points == 2"},
        {"key": "rating", "kind": "ordinal", "options": [{"value": value} for value in (1, 2, 3, 4, 5)]},
        {"key": "tumor", "kind": "mask"},
        {"key": "is_large", "kind": "derived", "type": "boolean", "expr": "tumor_volume_ml > 10"},
        {"key": "comment", "kind": "text"},
    ],
}
AXIS = Rule("axis", When.DIFFERENCE, 2.0)
RATING = Rule("rating", When.DIFFERENCE, 1.0)


def answers(**changed: Any) -> dict[str, Any]:
    same = {"status": "positive", "axis": 8.0, "margin": True, "signal": True, "points": 2, "call": True}
    return {**same, "rating": 4, "tumor": None, "is_large": None, "comment": "", **changed}


def evaluated(values: Mapping[str, Any]) -> dict[str, Any]:
    known = [values.get(key) for key in ("margin", "signal")]
    points = None if None in known else sum(known)
    return {"points": points, "call": None if points is None else points == 2, "is_large": None}


def agreed(panel: list[dict[str, Any]], *rules: Rule, to_settle: tuple[str, ...] = (), mode: Mode) -> Any:
    return agreed_answers(FORM, rules, panel, to_settle=to_settle, mode=mode)


def test_what_a_question_depends_on_is_read_from_its_expressions() -> None:
    keys = {question["key"]: question for question in FORM["questions"]}
    assert depends_on(keys["axis"], keys) == {"status"}
    assert depends_on(keys["signal"], keys) == {"margin"}
    assert depends_on(keys["call"], keys) == {"points"}
    assert depends_on(keys["is_large"], keys) == {"tumor"}
    assert depends_on(keys["rating"], keys) == set()


@pytest.mark.parametrize(
    ("changed", "discordant", "expected"),
    [
        ({"rating": 2}, ["rating"], ["rating"]),
        # Hidden to one reader: what hid it is settled too.
        ({"status": "negative", "axis": None}, ["axis"], ["status", "axis"]),
        ({"axis": 20.0}, ["axis"], ["axis"]),
        # A computed question is settled by what it is computed from, through another computed one.
        ({"signal": False, "points": 1, "call": False}, ["call"], ["signal"]),
        ({"margin": False, "signal": False, "points": 0, "call": False}, ["call"], ["margin", "signal"]),
    ],
)
def test_an_item_asks_for_what_the_discordant_questions_hang_on(
    changed: dict[str, Any], discordant: list[str], expected: list[str]
) -> None:
    assert questions_to_settle(FORM, [answers(), answers(**changed)], discordant) == expected


def test_identical_answers_and_middles_stand_and_unruled_differences_do_not() -> None:
    panel = [answers(axis=7.0, comment="a"), answers(axis=8.5, comment="b")]
    found = agreed(panel, AXIS, RATING, mode=Mode.THIRD_READER)
    assert found["status"] == Agreed("positive", How.UNANIMOUS)
    assert found["axis"] == Agreed(7.75, How.CONCORDANT)
    assert found["rating"] == Agreed(4, How.UNANIMOUS)
    assert "comment" not in found
    without_rule = agreed(panel, RATING, mode=Mode.THIRD_READER)
    assert "axis" not in without_rule


def test_the_middle_of_a_scale_is_a_point_of_it() -> None:
    found = agreed([answers(rating=3), answers(rating=4)], RATING, mode=Mode.THIRD_READER)
    assert found["rating"] == Agreed(3, How.CONCORDANT)


def test_only_the_mode_majority_lets_the_majority_settle() -> None:
    panel = [answers(rating=2), answers(rating=5), answers(rating=5)]
    assert "rating" not in agreed(panel, RATING, to_settle=("rating",), mode=Mode.THIRD_READER)
    assert "rating" not in agreed(panel, RATING, to_settle=("rating",), mode=Mode.CONSENSUS)
    found = agreed(panel, RATING, to_settle=("rating",), mode=Mode.MAJORITY)
    assert found["rating"] == Agreed(5, How.MAJORITY)
    split = [answers(rating=1), answers(rating=3), answers(rating=5)]
    assert "rating" not in agreed(split, RATING, to_settle=("rating",), mode=Mode.MAJORITY)


def test_drawings_that_agree_have_no_single_value() -> None:
    drawn = {"contours": ["an outline"]}
    panel = [answers(tumor=drawn), answers(tumor=drawn)]
    found = agreed(panel, Rule("tumor", When.DICE, 0.7), mode=Mode.MAJORITY)
    assert found["tumor"] == Agreed(None, How.CONCORDANT)
    empty = agreed([answers(tumor={"contours": []}), answers()], mode=Mode.MAJORITY)
    assert empty["tumor"] == Agreed(None, How.UNANIMOUS)
    settled = agreed(panel, to_settle=("tumor",), mode=Mode.MAJORITY)
    assert "tumor" not in settled


def test_computed_questions_follow_the_consensus_and_are_not_voted_on() -> None:
    # Of three readers two call it positive by each criterion, yet only one by both.
    panel = [
        answers(),
        answers(margin=True, signal=False, points=1, call=False),
        answers(margin=False, signal=True, points=1, call=False),
    ]
    settled = agreed(panel, to_settle=("margin", "signal"), mode=Mode.MAJORITY)
    assert settled["margin"] == settled["signal"] == Agreed(True, How.MAJORITY)
    computed = computed_answers(FORM, panel, settled, evaluate=evaluated)
    assert computed["points"] == Agreed(2, How.MAJORITY)
    assert computed["call"] == Agreed(True, How.MAJORITY)


def test_a_verdict_weighs_more_than_agreement_in_what_is_computed() -> None:
    panel = [answers(signal=False, points=1, call=False), answers()]
    settled = agreed(panel, to_settle=("signal",), mode=Mode.CONSENSUS)
    settled["signal"] = Agreed(True, How.CONSENSUS)
    computed = computed_answers(FORM, panel, settled, evaluate=evaluated)
    assert computed["call"] == Agreed(True, How.CONSENSUS)


def test_what_hangs_on_an_open_question_stands_only_where_all_readers_have_it() -> None:
    same_count = [
        answers(margin=True, signal=False, points=1, call=False),
        answers(margin=False, signal=True, points=1, call=False),
    ]
    found = computed_answers(FORM, same_count, agreed(same_count, mode=Mode.THIRD_READER), evaluate=evaluated)
    assert found["points"] == Agreed(1, How.UNANIMOUS)
    other_count = [same_count[0], answers()]
    found = computed_answers(
        FORM, other_count, agreed(other_count, mode=Mode.THIRD_READER), evaluate=evaluated
    )
    assert "points" not in found
    large = [answers(is_large=True), answers(is_large=True)]
    found = computed_answers(FORM, large, agreed(large, mode=Mode.THIRD_READER), evaluate=evaluated)
    assert found["is_large"] == Agreed(True, How.UNANIMOUS)
