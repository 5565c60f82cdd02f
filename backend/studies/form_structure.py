"""The parts of each kind of question, checked one by one. Pure.

A form comes from a builder in the browser or from a file, so nothing is taken for granted but that it is JSON.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from .expressions import ExpressionError, parse
from .form_schema import MAX_MARKS, VOXELS
from .forms import is_finite_number

MAX_QUESTIONS = 200
MAX_OPTIONS = 50
# What a mask says of its segments.
OF_SEGMENTS = ("labels", "statuses", "cut_off_mm")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEY_WORDS = "lower-case letters, digits and _ (at most 60), beginning with a letter"


class FormProblem(TypedDict):
    """Where the form is wrong (``questions[2].show_if``) and the sentence that says why; it names the question."""

    path: str
    text: str


@dataclass(frozen=True)
class _Part:
    """One part of a question: whether a value fits, the words for what fits, and its name where the key is none."""

    fits: Callable[[Any], bool]
    words: str
    name: str = ""


def problem(index: int, question: Any, part: str, text: str) -> FormProblem:
    """A problem of the question at this place; its text begins with the question's number and key."""
    key = question.get("key") if isinstance(question, dict) else None
    name = f"Question {index + 1} ({key})" if isinstance(key, str) and key else f"Question {index + 1}"
    return {"path": f"questions[{index}]{'.' if part else ''}{part}", "text": f"{name}: {text}"}


def structure_problems(form: Any) -> list[FormProblem]:
    """What is wrong with the parts of a form, each seen alone."""
    if not isinstance(form, dict) or not isinstance(form.get("questions"), list):
        return [{"path": "questions", "text": "A form has a list of questions."}]
    questions = form["questions"]
    if not questions:
        return [{"path": "questions", "text": "The form has no question."}]
    if len(questions) > MAX_QUESTIONS:
        return [{"path": "questions", "text": f"A form has at most {MAX_QUESTIONS} questions."}]
    return [one for index, question in enumerate(questions) for one in _question(index, question)]


def _question(index: int, question: Any) -> Iterator[FormProblem]:
    if not isinstance(question, dict):
        yield problem(index, question, "", "It is not a question.")
        return
    kind = question.get("kind")
    if not isinstance(kind, str) or kind not in _OWN:
        yield problem(index, question, "kind", f"There is no kind of question called {kind!r}.")
        return
    needed, possible = _OWN[kind]
    parts = {part: _PARTS[part] for part in ("key", "kind", "label", *_COMMON, *needed, *possible)}
    for part in ("key", "label", *needed):
        if part not in question:
            yield problem(index, question, part, f"It lacks its {_name(part)}.")
    sound = True
    for part, value in question.items():
        if part not in parts:
            yield problem(index, question, str(part), f"A question of the kind {kind} has no {_name(part)}.")
        elif not parts[part].fits(value):
            sound = False
            yield problem(index, question, part, f"Its {_name(part)} must be {parts[part].words}.")
    if sound:
        yield from _ranges(index, question)
        yield from _options(index, question)
        yield from _voxels(index, question)
        yield from _expressions(index, question)


def _ranges(index: int, question: Mapping[str, Any]) -> Iterator[FormProblem]:
    low, high = question.get("min"), question.get("max")
    if low is not None and high is not None and not low < high:
        yield problem(index, question, "min", "Its smallest value must be less than its largest.")


def _expressions(index: int, question: Mapping[str, Any]) -> Iterator[FormProblem]:
    for part in ("show_if", "required_if", "expr"):
        if part in question:
            try:
                parse(question[part])
            except ExpressionError as error:
                yield problem(index, question, part, f"{part}, column {error.column}: {error.text}")


def _options(index: int, question: Mapping[str, Any]) -> Iterator[FormProblem]:
    options = question.get("options")
    if question["kind"] == "derived" and (options is None) == (question.get("type") == "category"):
        yield problem(
            index, question, "options", "Options belong to a derived category, and to no other type."
        )
    if options is None:
        return
    if not 2 <= len(options) <= MAX_OPTIONS:
        yield problem(index, question, "options", f"It must have from 2 to {MAX_OPTIONS} options.")
    faults = [_option_fault(option) for option in options]
    for place, fault in enumerate(faults):
        if fault:
            yield problem(index, question, f"options[{place}]", f"Option {place + 1}: {fault}")
    if not any(faults):
        yield from _option_values(index, question, [option["value"] for option in options])


def _option_fault(option: Any) -> str | None:
    if not isinstance(option, dict) or not {"value", "label"} <= option.keys():
        return "An option has a value and a label."
    unknown = option.keys() - {"value", "label", "hint", "at"}
    if unknown:
        return f"An option has no {min(map(str, unknown))}."
    value, label = option["value"], option["label"]
    if type(value) is not int and not _is_text(60)(value):
        return "Its value must be a whole number or a text of at most 60 characters."
    if not _is_text(200)(label):
        return "Its label must be a text of at most 200 characters."
    if not isinstance(option.get("hint", ""), str):
        return "Its hint must be a text."
    return None if _is_place(option.get("at", [0, 0])) else "Its place must be two numbers from 0 to 100."


def _option_values(index: int, question: Mapping[str, Any], values: Sequence[Any]) -> Iterator[FormProblem]:
    if len({type(value) for value in values}) > 1:
        yield problem(
            index, question, "options", "The values of its options must all be numbers or all be texts."
        )
        return
    for value in dict.fromkeys(one for one in values if values.count(one) > 1):
        yield problem(index, question, "options", f"Its option {value!r} stands there twice.")
    if question["kind"] == "ordinal" and (isinstance(values[0], str) or list(values) != sorted(values)):
        yield problem(index, question, "options", "The points of a scale must be numbers that ascend.")


def _voxels(index: int, question: Mapping[str, Any]) -> Iterator[FormProblem]:
    """What a mask says of its segments: only one that is painted voxel by voxel has segments."""
    for part in OF_SEGMENTS:
        if part in question and question.get("drawn_by") != VOXELS:
            name = "a cut-off" if part == "cut_off_mm" else part
            yield problem(index, question, part, f"Only a mask that is drawn by voxels has {name}.")
    for part, word in (("labels", "Label"), ("statuses", "Status")):
        faults = [_word_fault(one) for one in question.get(part, [])]
        for place, fault in enumerate(faults):
            if fault:
                yield problem(index, question, f"{part}[{place}]", f"{word} {place + 1}: {fault}")
        if not any(faults):
            keys = [one["key"] for one in question.get(part, [])]
            for key in dict.fromkeys(one for one in keys if keys.count(one) > 1):
                yield problem(index, question, part, f"Its {part} have the key {key!r} twice.")


def _word_fault(word: Any) -> str | None:
    """What is wrong with one of the words that a segment can be given: a key with its label."""
    if not isinstance(word, dict) or word.keys() != {"key", "label"}:
        return "It has a key and a label, and nothing else."
    if not _is_key(word["key"]):
        return f"Its key must be {_KEY_WORDS}."
    return None if _is_text(200)(word["label"]) else "Its label must be a text of at most 200 characters."


def _is_word_list(value: Any) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= MAX_OPTIONS


def _is_text(longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(value.strip()) and len(value) <= longest


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(is_finite_number(one) and 0 <= one <= 100 for one in value)
    )


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _one_of(*words: str, name: str = "") -> _Part:
    return _Part(lambda value: value in words, f"one of {', '.join(words)}", name)


def _expression(name: str) -> _Part:
    return _Part(lambda value: isinstance(value, str), "an expression", name)


def _name(part: str) -> str:
    """The part in words, for the key of one is no word."""
    known = _PARTS.get(part)
    return known.name if known and known.name else part


_TRUTH = _Part(lambda value: isinstance(value, bool), "true or false")
_PARTS: dict[str, _Part] = {
    "key": _Part(_is_key, _KEY_WORDS),
    "kind": _Part(lambda value: isinstance(value, str), "a kind of question"),
    "label": _Part(_is_text(200), "a text of at most 200 characters"),
    "help": _Part(
        lambda value: isinstance(value, str) and len(value) <= 1_000, "a text of at most 1000 characters"
    ),
    "required": _TRUTH,
    "section": _Part(_is_text(100), "a text of at most 100 characters"),
    "show_if": _expression("condition to be asked"),
    "required_if": _expression("condition to be required"),
    "expr": _expression("expression"),
    "options": _Part(lambda value: isinstance(value, list), "a list"),
    "multiple": _TRUTH,
    "diagram": _one_of("pelvis"),
    "view": _one_of("axial", "coronal"),
    "unit": _Part(
        lambda value: isinstance(value, str) and len(value) <= 20, "a text of at most 20 characters"
    ),
    "min": _Part(is_finite_number, "a number", "smallest value"),
    "max": _Part(is_finite_number, "a number", "largest value"),
    "step": _Part(lambda value: is_finite_number(value) and value > 0, "a number greater than 0"),
    "axis": _one_of("short", "long"),
    "of": _Part(_is_text(60), "a text of at most 60 characters"),
    "max_marks": _Part(
        lambda value: type(value) is int and 1 <= value <= MAX_MARKS,
        f"a whole number from 1 to {MAX_MARKS}",
        "largest number of marks",
    ),
    "role": _Part(_is_text(20), "the role of a series"),
    "type": _one_of("boolean", "number", "category"),
    "drawn_by": _one_of("outline", VOXELS, name="way of drawing"),
    "labels": _Part(_is_word_list, f"a list of 1 to {MAX_OPTIONS} keys, each with its label"),
    "statuses": _Part(_is_word_list, f"a list of 1 to {MAX_OPTIONS} keys, each with its label"),
    "cut_off_mm": _Part(
        lambda value: is_finite_number(value) and 0 < value <= 1_000,
        "a number of mm greater than 0",
        "cut-off",
    ),
}
_COMMON = ("help", "required", "section", "show_if", "required_if")
# Kind to the parts that it needs besides key and label, and those that it may have besides the common ones.
_OWN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choice": (("options",), ("multiple",)),
    "ordinal": (("options",), ()),
    "yes_no": ((), ()),
    "location": (("options",), ("diagram", "view")),
    "number": (("min", "max"), ("step", "unit")),
    "probability": ((), ("unit",)),
    "text": ((), ()),
    "measurement": (("min", "max", "axis"), ("step", "unit", "of")),
    "mark": ((), ("options", "max_marks", "role")),
    "mask": ((), ("role", "drawn_by", *OF_SEGMENTS)),
    "derived": (("expr", "type"), ("unit", "options")),
}
KINDS = tuple(_OWN)
"""Every kind of question."""
