"""The reading form: its questions as data, its answers checked, its derived values computed. Pure.

The browser evaluates the same data (`frontend/src/features/reading-room/model/form.ts`); this module decides.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Form = Mapping[str, Any]
Answers = dict[str, Any]
MAX_TEXT = 2_000


@dataclass(frozen=True)
class CheckedAnswers:
    """Answers to every question of the form, derived ones included, and what is wrong, by question."""

    answers: Answers
    errors: dict[str, str] = field(default_factory=dict)


def check_answers(form: Form, given: Mapping[str, Any], *, complete: bool) -> CheckedAnswers:
    """Check what a reader entered against the frozen form and compute the derived values.

    Parameters
    ----------
    form : mapping
        The form of the protocol.
    given : mapping
        Question key to value. Derived questions are computed here; a value sent for one is ignored.
    complete : bool
        Whether required questions must be answered (a submission) or may be open (a draft).
    """
    errors: dict[str, str] = {}
    answers: Answers = {}
    known = {question["key"] for question in form["questions"]}
    for key in given:
        if key not in known:
            errors[key] = "The form has no such question."
    for question in form["questions"]:
        key = question["key"]
        if question["kind"] == "derived":
            continue
        value = given.get(key)
        problem = None if value is None else _problem(question, value)
        if problem:
            errors[key] = problem
            value = None
        elif value is None and complete and question.get("required"):
            errors[key] = "Please answer this question."
        answers[key] = value
    for question in form["questions"]:
        if question["kind"] == "derived":
            answers[question["key"]] = derive(question["rule"], answers)
    return CheckedAnswers(answers=answers, errors=errors)


def derive(rule: Mapping[str, Any], answers: Mapping[str, Any]) -> Any:
    """The value of a derived question, or None while what it depends on is open.

    Rules
    -----
    ``{"op": "gt", "question", "value"}``: whether the number answered is greater than the value.
    ``{"op": "count_true", "questions", "map"}``: how many of the yes/no values are true, translated by the map.
    """
    if rule["op"] == "gt":
        number = answers.get(rule["question"])
        return None if number is None else number > rule["value"]
    if rule["op"] == "count_true":
        values = [answers.get(key) for key in rule["questions"]]
        if any(value is None for value in values):
            return None
        return rule["map"][str(sum(value is True for value in values))]
    raise ValueError(f"The form uses the unknown rule {rule['op']!r}.")


def label_of(form: Form, key: str, value: Any) -> str:
    """The words beside a stored value: an option's or anchor's label, yes or no, or the value itself."""
    question = next(question for question in form["questions"] if question["key"] == key)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    for option in question.get("options", []):
        if option["value"] == value:
            return str(option["label"])
    return str(value)


def _problem(question: Mapping[str, Any], value: Any) -> str | None:
    kind = question["kind"]
    if kind in ("location", "choice", "ordinal"):
        return None if _is_option(question, value) else "This is not one of the options."
    if kind == "yes_no":
        return None if isinstance(value, bool) else "Please answer yes or no."
    if kind in ("measurement", "number"):
        return _number_problem(question, value)
    if kind == "text":
        if not isinstance(value, str):
            return "Please enter text."
        return _text_problem(value)
    raise ValueError(f"The form uses the unknown kind {kind!r}.")


def _is_option(question: Mapping[str, Any], value: Any) -> bool:
    # True == 1 in Python: a yes must not pass for the first point of a scale.
    return any(
        option["value"] == value and type(option["value"]) is type(value) for option in question["options"]
    )


def _text_problem(value: str) -> str | None:
    if len(value) > MAX_TEXT:
        return f"Please use at most {MAX_TEXT} characters."
    # A zero character or half of a surrogate pair can be sent as JSON and stored nowhere.
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        return "Please leave out characters that cannot be stored."
    return None


def is_finite_number(value: Any) -> bool:
    """Whether a value of a JSON document is a number that a measurement can have; 10**400 is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _number_problem(question: Mapping[str, Any], value: Any) -> str | None:
    if not is_finite_number(value):
        return "Please enter a number."
    low, high = question["min"], question["max"]
    if not low <= value <= high:
        return f"Please enter a value from {low:g} to {high:g} {question.get('unit', '')}".rstrip() + "."
    return None
