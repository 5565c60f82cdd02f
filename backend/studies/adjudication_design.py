"""The adjudication part of a protocol: its rules as data, checked before the freeze. Pure.

What the rules make of answers is `backend.adjudication.rules`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .forms import is_finite_number


class Mode(StrEnum):
    """Who settles a discordant case."""

    THIRD_READER = "third_reader"
    CONSENSUS = "consensus"
    MAJORITY = "majority"


class When(StrEnum):
    """What makes the answers to a question discordant."""

    MISMATCH = "mismatch"
    DIFFERENCE = "difference"
    DISTANCE = "distance"
    DICE = "dice"


# The key of the protocol under which a rule of each kind keeps its limit.
LIMIT_KEYS: dict[When, str | None] = {
    When.MISMATCH: None,
    When.DIFFERENCE: "more_than",
    When.DISTANCE: "more_than_mm",
    When.DICE: "less_than",
}

# Kinds of question that a rule of each kind can be asked of; a text is nobody's to compare.
FITTING: dict[When, frozenset[str]] = {
    When.MISMATCH: frozenset({"choice", "ordinal", "yes_no", "location", "derived"}),
    When.DIFFERENCE: frozenset({"number", "measurement", "probability", "ordinal", "derived"}),
    When.DISTANCE: frozenset({"mark"}),
    When.DICE: frozenset({"mask"}),
}


@dataclass(frozen=True)
class Rule:
    """One rule of the protocol. `limit` is in the question's unit, in mm, or a Dice; `None` for a mismatch."""

    question: str
    when: When
    limit: float | None = None


def rules_of(adjudication: Mapping[str, Any]) -> list[Rule]:
    """The rules of a checked protocol."""
    rules = []
    for row in adjudication["rules"]:
        when = When(row["when"])
        key = LIMIT_KEYS[when]
        rules.append(Rule(row["question"], when, None if key is None else float(row[key])))
    return rules


def check_adjudication(
    adjudication: Mapping[str, Any], *, questions: Collection[Mapping[str, Any]], arms: Collection[str]
) -> list[dict[str, str]]:
    """What is wrong with the adjudication of a protocol, each with the place where it stands.

    Parameters
    ----------
    adjudication : mapping
        The protocol's `adjudication`, not `None`.
    questions : collection of mappings
        The questions of the form.
    arms : collection of str
        Keys of the protocol's arms.
    """
    problems = []
    if adjudication.get("mode") not in set(Mode):
        problems.append(_problem("mode", f"The mode is one of {', '.join(Mode)}."))
    problems += [
        _problem("arms", f"The protocol has no arm {arm!r}.")
        for arm in adjudication.get("arms") or []
        if arm not in arms
    ]
    share = adjudication.get("expected_discordance")
    if not is_finite_number(share) or not 0 <= float(share or 0) <= 1:
        problems.append(_problem("expected_discordance", "The expected share is a number from 0 to 1."))
    minutes = adjudication.get("minutes_per_item")
    if not is_finite_number(minutes) or float(minutes or 0) <= 0:
        problems.append(_problem("minutes_per_item", "The time of an item is a number of minutes."))
    rules = adjudication.get("rules") or []
    if not rules:
        problems.append(_problem("rules", "Adjudication needs a rule that says what is discordant."))
    by_key = {question["key"]: question for question in questions}
    for place, rule in enumerate(rules):
        text = _rule_problem(rule, by_key)
        if text is not None:
            problems.append(_problem(f"rules[{place}]", text))
    asked = [rule.get("question") for rule in rules]
    if len(set(asked)) != len(asked):
        problems.append(_problem("rules", "A question has one rule."))
    return problems


def _rule_problem(rule: Mapping[str, Any], questions: Mapping[str, Mapping[str, Any]]) -> str | None:
    question = questions.get(str(rule.get("question")))
    if question is None:
        return f"The form has no question {rule.get('question')!r}."
    if rule.get("when") not in set(When):
        return f"A rule is one of {', '.join(When)}."
    when = When(rule["when"])
    if question["kind"] not in FITTING[when] or not _has_fitting_values(when, question):
        return f"A question of the kind {question['kind']} cannot be compared by {when}."
    key = LIMIT_KEYS[when]
    if key is None:
        return None
    limit = rule.get(key)
    if not is_finite_number(limit) or float(limit or 0) < 0:
        return f"The rule needs {key}, a number from 0 on."
    return "A Dice lies between 0 and 1." if when is When.DICE and float(limit or 0) > 1 else None


def _has_fitting_values(when: When, question: Mapping[str, Any]) -> bool:
    """A difference needs numbers; numbers that were computed or typed are compared by their difference alone."""
    if question["kind"] == "derived":
        return (question.get("type") == "number") is (when is When.DIFFERENCE)
    if question["kind"] == "ordinal" and when is When.DIFFERENCE:
        return all(is_finite_number(option["value"]) for option in question["options"])
    return True


def _problem(path: str, text: str) -> dict[str, str]:
    return {"path": f"adjudication.{path}", "text": text}
