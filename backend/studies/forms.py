"""The reading form: what a reader entered is checked against it, and what follows is computed. Pure.

The browser checks by the same data (`frontend/src/shared/forms/`); this module decides. Both run the vectors of
`tests/reference/forms/answers.json`. `docs/forms.md` describes forms for those who write them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .expression_syntax import plain_number
from .form_logic import form_state
from .form_schema import MAX_MARKS, MAX_TEXT, form_schema, is_by_voxels

Form = Mapping[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True)
class CheckedAnswers:
    """Answers to every question of the form, derived ones included, and what is wrong, by question.

    A hidden question has the answer None.
    """

    answers: Answers
    errors: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def check_answers(
    form: Form, given: Mapping[str, Any], *, complete: bool, computed: Mapping[str, Any] | None = None
) -> CheckedAnswers:
    """Check what a reader entered against the frozen form and compute the derived values.

    Parameters
    ----------
    form : mapping
        The form of the protocol.
    given : mapping
        Question key to value. Derived questions are computed here; a value sent for one is ignored. So is one for a
        question that turns out to be hidden. An empty text, list or mask is no answer.
    complete : bool
        Whether required questions must be answered (a submission) or may be open (a draft).
    computed : mapping, optional
        What was measured on the drawings: ``<mask>_volume_ml``, ``<mask>_slices``, ``<mark>_count``, and the others
        that `form_logic.computed_names` lists.
    """
    questions = {question["key"]: question for question in form["questions"]}
    entered = {
        key: _kept(questions[key], value)
        for key, value in given.items()
        if key in questions and questions[key]["kind"] != "derived"
    }
    problems = _problems(form, entered)
    state = form_state(
        form, {key: value for key, value in entered.items() if key not in problems}, computed or {}
    )
    errors = {key: "The form has no such question." for key in given if key not in questions}
    for key, question in questions.items():
        if key in state.hidden:
            continue
        if key in problems:
            errors[key] = problems[key]
        elif complete and state.values[key] is None and key in state.required:
            errors[key] = "Please answer this question."
        elif complete and (lack := _what_lacks(question, state.values[key])):
            errors[key] = lack
    return CheckedAnswers(answers=state.values, errors=errors, hidden=state.hidden)


def label_of(form: Form, key: str, value: Any) -> str:
    """The words beside a stored value: an option's or anchor's label, yes or no, or the value itself."""
    question = next(question for question in form["questions"] if question["key"] == key)
    if value is None:
        return ""
    if question["kind"] == "mark":
        return _counted(len(value), "mark")
    if question["kind"] == "mask":
        # By what the answer holds, so that it is told whatever the form says now of how the mask is drawn.
        if "segments" in value:
            return _counted(len(value["segments"]), "segment")
        contours = value["contours"]
        return _counted(contours if isinstance(contours, int) else len(contours), "outline")
    if isinstance(value, list):
        return "; ".join(_label(question, one) for one in value)
    return _label(question, value)


def is_finite_number(value: Any) -> bool:
    """Whether a value of a JSON document is a number that a measurement can have; 10**400 is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _label(question: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    for option in question.get("options", []):
        if option["value"] == value:
            return str(option["label"])
    return str(value)


def _counted(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _kept(question: Mapping[str, Any], value: Any) -> Any:
    """The value as it is kept: nothing for what is empty, options as the form writes and orders them."""
    if value in ("", [], {"contours": []}, {"segments": []}):
        return None
    if question["kind"] == "mark" or "options" not in question:
        return _whole(value) if question["kind"] == "probability" else value
    if isinstance(value, list):
        # Two readers who chose the same gave the same answer, in whatever order they clicked.
        values = [option["value"] for option in question["options"]]
        return sorted(map(_whole, value), key=lambda one: values.index(one) if one in values else len(values))
    return _whole(value)


def _whole(value: Any) -> Any:
    """4 for 4.0: to JSON they are one number, and an option is written without a point."""
    return plain_number(value) if isinstance(value, float) and math.isfinite(value) else value


def _problems(form: Form, entered: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the answers one by one, by question."""
    questions = {question["key"]: question for question in form["questions"]}
    problems = {
        key: _sentence(questions[key], value, None)
        for key, value in entered.items()
        if not can_be_stored(value)
    }
    sound = {key: value for key, value in entered.items() if key not in problems}
    for error in Draft202012Validator(form_schema(form)).iter_errors(sound):
        key = str(error.absolute_path[0])
        problems.setdefault(key, _sentence(questions[key], sound[key], error))
    return problems


def can_be_stored(value: Any) -> bool:
    """Whether a database can keep the value: a zero character, half a surrogate pair or NaN come in as JSON."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, (int, float)):
        return isinstance(value, bool) or is_finite_number(value)
    if isinstance(value, dict):
        return all(map(can_be_stored, (*value.keys(), *value.values())))
    return all(map(can_be_stored, value)) if isinstance(value, list) else True


def _sentence(question: Mapping[str, Any], value: Any, error: ValidationError | None) -> str:
    """What a reader is told; `error` is None for what cannot be stored at all."""
    match question["kind"]:
        case "yes_no":
            return "Please answer yes or no."
        case "number" | "measurement":
            return _number_sentence(value, question["min"], question["max"], question.get("unit", ""))
        case "probability":
            return _number_sentence(value, 0, 100, "%")
        case "text":
            return _text_sentence(value, error)
        case "mark":
            return _mark_sentence(question, error)
        case "mask":
            return (
                "Please draw the mask again." if is_by_voxels(question) else "Please draw the outline again."
            )
        case _:
            return "This is not one of the options."


def _number_sentence(value: Any, low: float, high: float, unit: str) -> str:
    if not is_finite_number(value):
        return "Please enter a number."
    if low <= value <= high:
        return "Please enter a whole number."
    return f"Please enter a value from {_written(low)} to {_written(high)} {unit}".rstrip() + "."


def _written(number: float) -> str:
    return str(plain_number(float(number)))


def _text_sentence(value: Any, error: ValidationError | None) -> str:
    if not isinstance(value, str):
        return "Please enter text."
    if error is None:
        return "Please leave out characters that cannot be stored."
    return f"Please use at most {MAX_TEXT} characters."


def _mark_sentence(question: Mapping[str, Any], error: ValidationError | None) -> str:
    if error is not None and error.validator == "maxItems" and len(error.absolute_path) == 1:
        return f"Please set at most {question.get('max_marks') or MAX_MARKS} marks."
    if error is not None and error.absolute_path[-1] == "rating":
        return "Please rate each mark."
    return "Please mark the places again."


def _what_lacks(question: Mapping[str, Any], value: Any) -> str | None:
    """What a drawing still needs before it is committed."""
    if value is None:
        return None
    if question["kind"] == "mark" and question.get("options"):
        return "Please rate each mark." if any(mark["rating"] is None for mark in value) else None
    if is_by_voxels(question):
        for part, words in (("label", "labels"), ("status", "statuses")):
            if question.get(words) and any(segment[part] is None for segment in value["segments"]):
                return f"Please choose a {part} for each segment."
    return None
