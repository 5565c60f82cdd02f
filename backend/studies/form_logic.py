"""Which questions of a form are asked, and what follows from the answers: in the order of dependence. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .expressions import Type, evaluate, names, parse
from .form_schema import is_by_voxels

Form = Mapping[str, Any]
Question = Mapping[str, Any]

TYPES_BY_KIND: dict[str, Type] = {
    "ordinal": "number",
    "yes_no": "boolean",
    "number": "number",
    "probability": "number",
    "measurement": "number",
    "text": "text",
    "mark": "drawing",
    "mask": "drawing",
}
# What is computed from a drawing, by the end of its name.
COMPUTED_SUFFIXES = {"mark": ("_count",), "mask": ("_volume_ml", "_slices")}
COMPUTED_OF_VOXELS = ("_volume_ml", "_slices", "_short_axis_mm", "_long_axis_mm", "_count")


@dataclass(frozen=True)
class FormState:
    """The answers to what is asked, derived ones included (None: hidden or open), what is hidden, what is required."""

    values: dict[str, Any]
    hidden: frozenset[str]
    required: frozenset[str]


def form_state(form: Form, answers: Mapping[str, Any], computed: Mapping[str, Any]) -> FormState:
    """Decide what is asked and compute what follows.

    Parameters
    ----------
    answers : mapping
        Key to a valid answer or None. Values of derived questions are computed here and not taken from it.
    computed : mapping
        What was measured on the drawings: ``<mask>_volume_ml``, ``<mask>_slices``, ``<mark>_count``, and of a mask
        by voxels ``_short_axis_mm``, ``_long_axis_mm`` and ``_count`` too. Where nothing is drawn, and for a hidden
        drawing, they are not known.

    Raises
    ------
    ValueError
        When questions of the form depend on each other in a circle; `check_form` refuses such a form.
    """
    questions = {question["key"]: question for question in form["questions"]}
    values: dict[str, Any] = {}
    hidden: set[str] = set()
    try:
        order = list(TopologicalSorter(dependencies(form)).static_order())
    except CycleError as error:
        raise ValueError(
            f"Questions depend on each other in a circle: {', '.join(error.args[1])}."
        ) from error
    for key in order:
        question = questions[key]
        is_shown = _holds(question.get("show_if"), values, default=True)
        if not is_shown:
            hidden.add(key)
        values[key] = _value(question, answers, values) if is_shown else None
        for name in computed_names(question):
            values[name] = None if values[key] is None else computed.get(name)
    required = frozenset(
        key
        for key, question in questions.items()
        if key not in hidden and question["kind"] != "derived" and _is_required(question, values)
    )
    return FormState({key: values[key] for key in questions}, frozenset(hidden), required)


def _value(question: Question, answers: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    if question["kind"] == "derived":
        return evaluate(parse(question["expr"]), values)
    return answers.get(question["key"])


def _is_required(question: Question, values: Mapping[str, Any]) -> bool:
    return bool(question.get("required")) or _holds(question.get("required_if"), values, default=False)


def _holds(text: str | None, values: Mapping[str, Any], *, default: bool) -> bool:
    return default if text is None else evaluate(parse(text), values) is True


def dependencies(form: Form) -> dict[str, set[str]]:
    """The questions that must be settled before each question: those in its `show_if` and its `expr`.

    `required_if` is left out: whether an answer is required changes no value.
    """
    of_name = {name: question["key"] for question in form["questions"] for name in names_given_by(question)}
    return {
        question["key"]: {
            of_name[name]
            for part in ("show_if", "expr")
            if question.get(part)
            for name in names(parse(question[part]))
            if name in of_name
        }
        for question in form["questions"]
    }


def names_given_by(question: Question) -> Iterator[str]:
    """The names that expressions may use because of this question."""
    yield question["key"]
    yield from computed_names(question)


def computed_names(question: Question) -> list[str]:
    """What is computed from a drawing: volume and slices of a mask, sizes of its segments, the number of marks."""
    by_kind = COMPUTED_SUFFIXES.get(question["kind"], ())
    suffixes = COMPUTED_OF_VOXELS if is_by_voxels(question) else by_kind
    return [f"{question['key']}{suffix}" for suffix in suffixes]


def question_types(form: Form) -> dict[str, Type]:
    """The type of every name that the form's expressions may use."""
    types: dict[str, Type] = {}
    for question in form["questions"]:
        types[question["key"]] = type_of_question(question)
        types |= dict.fromkeys(computed_names(question), "number")
    return types


def type_of_question(question: Question) -> Type:
    """The type that an answer to the question has in an expression."""
    if question.get("multiple"):
        return "list"
    if question["kind"] == "derived" and question["type"] != "category":
        return "boolean" if question["type"] == "boolean" else "number"
    if question["kind"] in ("choice", "location", "derived"):
        return "text" if isinstance(question["options"][0]["value"], str) else "number"
    return TYPES_BY_KIND[question["kind"]]
