"""Whether a form can be read with: its parts, its keys, and its expressions before anything is answered. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import groupby
from typing import Any

from .expression_syntax import RESERVED, Call, Comparison, Constant, Expression, Name, parts
from .expressions import ExpressionError, Type, parse, type_of
from .form_logic import computed_names, dependencies, names_given_by, question_types
from .form_structure import FormProblem, problem, structure_problems

__all__ = ["FormProblem", "check_form"]

Question = Mapping[str, Any]
Numbered = Sequence[tuple[int, Question]]
_DERIVED_TYPES: dict[str, Type] = {"boolean": "boolean", "number": "number"}
_TYPE_WORDS = {"boolean": "yes or no", "number": "a number"}


def check_form(form: Any) -> list[FormProblem]:
    """Everything that stands in the way of reading with this form; nothing when it is ready.

    The parts are checked first, then the keys, then the expressions, each only when what it builds on is sound.
    """
    found = structure_problems(form)
    if found:
        return found
    numbered = list(enumerate(form["questions"]))
    found = [*_keys(numbered), *_asked(numbered), *_sections(numbered), *_axes(numbered)]
    if found:
        return found
    return [*_expressions(form, numbered), *_circles(form, numbered)]


def _keys(numbered: Numbered) -> Iterator[FormProblem]:
    counts = Counter(question["key"] for _, question in numbered)
    computed = {name: question["key"] for _, question in numbered for name in computed_names(question)}
    for index, question in numbered:
        key = question["key"]
        if key in RESERVED:
            yield problem(
                index, question, "key", f"'{key}' is a word of the expressions; choose another key."
            )
        if counts[key] > 1:
            yield problem(index, question, "key", "Another question has the same key.")
        if key in computed:
            yield problem(index, question, "key", f"'{key}' is computed from the question {computed[key]}.")


def _asked(numbered: Numbered) -> Iterator[FormProblem]:
    if all(question["kind"] == "derived" for _, question in numbered):
        yield {"path": "questions", "text": "The form has no question that a reader answers."}
    for index, question in numbered:
        if question["kind"] == "derived" and (question.get("required") or "required_if" in question):
            yield problem(index, question, "required", "A computed value cannot be required of a reader.")


def _sections(numbered: Numbered) -> Iterator[FormProblem]:
    """Questions of one section must follow each other, or its heading would stand there twice."""
    seen: set[str] = set()
    for section, members in groupby(numbered, key=lambda one: one[1].get("section")):
        if section is not None and section in seen:
            index, question = next(members)
            text = f"The section {section!r} begins further up; its questions must follow each other."
            yield problem(index, question, "section", text)
        seen.add(section or "")


def _axes(numbered: Numbered) -> Iterator[FormProblem]:
    """One drawn pair of axes fills at most one question for each axis."""
    seen: dict[tuple[str, str], str] = {}
    for index, question in numbered:
        if question["kind"] == "measurement":
            drawn = (question.get("of", ""), question["axis"])
            if drawn in seen:
                text = f"The {drawn[1]} axis of the same drawing is measured by {seen[drawn]} already."
                yield problem(index, question, "of", text)
            seen.setdefault(drawn, question["key"])


def _expressions(form: Mapping[str, Any], numbered: Numbered) -> Iterator[FormProblem]:
    types = question_types(form)
    options = {question["key"]: _option_values(question) for _, question in numbered if "options" in question}
    for index, question in numbered:
        for part in ("show_if", "required_if", "expr"):
            if part in question:
                try:
                    _check_expression(question, part, types, options)
                except ExpressionError as error:
                    yield problem(index, question, part, f"{part}, column {error.column}: {error.text}")


def _option_values(question: Question) -> list[Any]:
    return [option["value"] for option in question["options"]]


def _check_expression(
    question: Question, part: str, types: Mapping[str, Type], options: Mapping[str, Sequence[Any]]
) -> None:
    expression = parse(question[part])
    own = set(names_given_by(question))
    for name in parts(expression):
        if isinstance(name, Name) and name.key in own:
            raise ExpressionError("The question cannot depend on itself.", column=name.column)
    kind = type_of(expression, types)
    _check_options(expression, options)
    if part != "expr":
        _check_type(expression, kind, "boolean")
    elif question["type"] == "category":
        _check_category(expression, _option_values(question), options)
    else:
        _check_type(expression, kind, _DERIVED_TYPES[question["type"]])


def _check_type(expression: Expression, found: Type, wanted: Type) -> None:
    if found != wanted:
        raise ExpressionError(f"The result must be {_TYPE_WORDS[wanted]}.", column=expression.column)


def _check_options(expression: Expression, options: Mapping[str, Sequence[Any]]) -> None:
    """Refuse a comparison of a question with something that nobody can answer."""
    for part in parts(expression):
        match part:
            case Comparison(operator="==" | "!=", left=Name(key=key), right=Constant() as constant):
                _check_option(key, constant, options)
            case Comparison(operator="==" | "!=", left=Constant() as constant, right=Name(key=key)):
                _check_option(key, constant, options)
            case Call(function="has", arguments=(Name(key=key), Constant() as constant)):
                _check_option(key, constant, options)


def _check_option(key: str, constant: Constant, options: Mapping[str, Sequence[Any]]) -> None:
    if key in options and constant.value not in options[key]:
        raise ExpressionError(f"{key} has no option {constant.value!r}.", column=constant.column)


def _check_category(expression: Expression, own: Sequence[Any], options: Mapping[str, Sequence[Any]]) -> None:
    """Every value that can come out must be one of the category's options."""
    match expression:
        case Call(function="if", arguments=(_, chosen, otherwise)):
            _check_category(chosen, own, options)
            _check_category(otherwise, own, options)
        case Constant(value=value) if value is None or value in own:
            pass
        case Name(key=key) if key in options and set(options[key]) <= set(own):
            pass
        case _:
            raise ExpressionError(
                "The result must be one of the options: written out, chosen by if(...), or the answer to a question "
                "with no other options.",
                column=expression.column,
            )


def _circles(form: Mapping[str, Any], numbered: Numbered) -> Iterator[FormProblem]:
    needed = dependencies(form)
    try:
        TopologicalSorter({key: needed[key] - {key} for key in needed}).prepare()
    except CycleError as error:
        circle = error.args[1][1:]
        index, question = next(one for one in numbered if one[1]["key"] in circle)
        part = "expr" if question["kind"] == "derived" else "show_if"
        yield problem(index, question, part, f"It depends on itself through {', '.join(circle)}.")
