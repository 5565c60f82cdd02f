from typing import Any

import pytest

from backend.studies.adjudication_design import FITTING, LIMIT_KEYS, When, check_adjudication

QUESTIONS = [
    {"key": "region", "kind": "choice", "options": [{"value": "left"}]},
    {"key": "length", "kind": "measurement"},
    {"key": "rating", "kind": "ordinal", "options": [{"value": 1}, {"value": 2}]},
    {"key": "grade", "kind": "ordinal", "options": [{"value": "low"}, {"value": "high"}]},
    {"key": "is_large", "kind": "derived", "type": "boolean"},
    {"key": "sum", "kind": "derived", "type": "number"},
    {"key": "findings", "kind": "mark"},
    {"key": "outline", "kind": "mask"},
    {"key": "comment", "kind": "text"},
]


def protocol(*rules: dict[str, Any], **changed: Any) -> dict[str, Any]:
    base = {"mode": "third_reader", "arms": None, "expected_discordance": 0.25, "minutes_per_item": 4}
    return {**base, "rules": list(rules), **changed}


REGION = {"question": "region", "when": "mismatch"}


def places(adjudication: dict[str, Any]) -> list[str]:
    return [one["path"] for one in check_adjudication(adjudication, questions=QUESTIONS, arms=["unaided"])]


def test_every_kind_of_rule_stands_in_every_table() -> None:
    assert FITTING.keys() == LIMIT_KEYS.keys() == set(When)


def test_a_protocol_with_all_kinds_of_rule_is_sound() -> None:
    rules = [
        REGION,
        {"question": "length", "when": "difference", "more_than": 2},
        {"question": "rating", "when": "difference", "more_than": 1},
        {"question": "is_large", "when": "mismatch"},
        {"question": "sum", "when": "difference", "more_than": 0},
        {"question": "findings", "when": "distance", "more_than_mm": 10},
        {"question": "outline", "when": "dice", "less_than": 0.7},
    ]
    assert places(protocol(*rules)) == []
    assert places(protocol(*rules, arms=["unaided"])) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"question": "nothing", "when": "mismatch"},
        {"question": "comment", "when": "mismatch"},
        {"question": "length", "when": "mismatch"},
        {"question": "sum", "when": "mismatch"},
        {"question": "is_large", "when": "difference", "more_than": 1},
        {"question": "grade", "when": "difference", "more_than": 1},
        {"question": "rating", "when": "sometimes"},
        {"question": "length", "when": "difference"},
        {"question": "length", "when": "difference", "more_than": -1},
        {"question": "length", "when": "difference", "more_than": "2"},
        {"question": "outline", "when": "dice", "less_than": 1.5},
        {"question": "outline", "when": "distance", "more_than_mm": 5},
    ],
)
def test_a_rule_that_cannot_be_applied_is_named_by_its_place(rule: dict[str, Any]) -> None:
    assert places(protocol(REGION, rule)) == ["adjudication.rules[1]"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"mode": "lottery"}, "adjudication.mode"),
        ({"arms": ["aided"]}, "adjudication.arms"),
        ({"expected_discordance": 1.5}, "adjudication.expected_discordance"),
        ({"expected_discordance": None}, "adjudication.expected_discordance"),
        ({"minutes_per_item": 0}, "adjudication.minutes_per_item"),
        ({"rules": []}, "adjudication.rules"),
        ({"rules": [REGION, REGION]}, "adjudication.rules"),
    ],
)
def test_what_else_is_wrong_is_named(changed: dict[str, Any], place: str) -> None:
    assert places(protocol(REGION, **changed)) == [place]
