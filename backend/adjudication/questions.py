"""Which questions of a form an item puts to the adjudicator, and what stands for the others. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from backend.studies.adjudication_design import Mode, Rule, When
from backend.studies.expression_syntax import names, parse

from .item_states import How
from .rules import Panel, are_identical, is_nothing, majority_of, middle_of

Form = Mapping[str, Any]
Evaluate = Callable[[Mapping[str, Any]], Mapping[str, Any]]
EXPRESSIONS = ("show_if", "required_if", "expr")
DRAWN = ("mark", "mask")
# What expressions may ask of a drawing, under the key of its question and one of these.
OF_DRAWINGS = ("_count", "_volume_ml", "_slices", "_short_axis_mm", "_long_axis_mm")


@dataclass(frozen=True)
class Agreed:
    """A value that stands for the panel. Drawings that agree have none: each reader's own stands."""

    value: Any
    how: How


def depends_on(question: Mapping[str, Any], keys: Collection[str]) -> set[str]:
    """The questions by which this one is computed, shown or required."""
    found: set[str] = set()
    for place in EXPRESSIONS:
        if question.get(place):
            found |= {_question_of(name, keys) for name in names(parse(question[place]))}
    return found


def questions_to_settle(form: Form, panel: Panel, discordant: Collection[str]) -> list[str]:
    """The questions that a verdict answers, in the order of the form.

    A computed question cannot be answered: those take its place by which it is computed. Those by which a discordant
    question is shown come along, for the question may be hidden otherwise. In both cases only where the readers
    gave different answers.
    """
    by_key = {question["key"]: question for question in form["questions"]}
    found: set[str] = set()
    waiting = list(discordant)
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        waiting += [
            other
            for other in depends_on(by_key[key], by_key)
            if not are_identical([answers.get(other) for answers in panel])
        ]
    return [key for key, question in by_key.items() if key in found and question["kind"] != "derived"]


def agreed_answers(
    form: Form,
    rules: Sequence[Rule],
    panel: Panel,
    *,
    to_settle: Collection[str],
    mode: Mode,
) -> dict[str, Agreed]:
    """What stands for the panel without a verdict, by question; a question that has no such value is left out.

    Answers that are identical stand for themselves, numbers within the protocol's limit are represented by their
    median, points of a scale by the lower of the middle ones. In the mode majority, what more than half of the
    readers answered settles a question. Computed questions are `computed_answers`.
    """
    by_rule = {rule.question: rule for rule in rules}
    agreed = {}
    for question in form["questions"]:
        key, kind = question["key"], question["kind"]
        if kind == "derived":
            continue
        values = [answers.get(key) for answers in panel]
        if key in to_settle:
            found = _majority(values) if mode is Mode.MAJORITY and kind not in DRAWN else None
        else:
            found = _concordant(question, by_rule.get(key), values)
        if found is not None:
            agreed[key] = found
    return agreed


def computed_answers(
    form: Form, panel: Panel, settled: Mapping[str, Agreed], *, evaluate: Evaluate
) -> dict[str, Agreed]:
    """The computed questions of a consensus, computed from the consensus and never voted on.

    One that depends on a drawing or on a question without consensus stands only where all readers have the same
    value and no question that it depends on was settled otherwise.
    """
    by_key = {question["key"]: question for question in form["questions"]}
    values = evaluate({key: one.value for key, one in settled.items()})
    computed: dict[str, Agreed] = {}
    for key, question in by_key.items():
        if question["kind"] != "derived":
            continue
        basis = _basis(question, by_key)
        hows = [settled[one].how for one in basis if one in settled and by_key[one]["kind"] not in DRAWN]
        strongest = max(hows, key=list(How).index, default=How.UNANIMOUS)
        of_readers = [answers.get(key) for answers in panel]
        if len(hows) == len(basis):
            computed[key] = Agreed(values.get(key), strongest)
        elif are_identical(of_readers) and strongest in (How.UNANIMOUS, How.CONCORDANT):
            computed[key] = Agreed(of_readers[0], How.UNANIMOUS)
    return computed


def _basis(question: Mapping[str, Any], by_key: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The questions that readers answer from which a computed one comes, through other computed ones."""
    basis: set[str] = set()
    waiting, seen = list(_inputs(question, by_key)), set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if by_key[key]["kind"] == "derived":
            waiting += _inputs(by_key[key], by_key)
        else:
            basis.add(key)
    return basis


def _inputs(question: Mapping[str, Any], keys: Collection[str]) -> set[str]:
    return {_question_of(name, keys) for name in names(parse(question["expr"]))}


def _question_of(name: str, keys: Collection[str]) -> str:
    if name in keys:
        return name
    return next(
        name.removesuffix(ending)
        for ending in OF_DRAWINGS
        if name.endswith(ending) and name.removesuffix(ending) in keys
    )


def _majority(values: Sequence[Any]) -> Agreed | None:
    is_majority, value = majority_of(values)
    return Agreed(value, How.MAJORITY) if is_majority else None


def _concordant(question: Mapping[str, Any], rule: Rule | None, values: Sequence[Any]) -> Agreed | None:
    if question["kind"] in DRAWN:
        if all(is_nothing(value) for value in values):
            return Agreed(None, How.UNANIMOUS)
        return None if rule is None else Agreed(None, How.CONCORDANT)
    if are_identical(values):
        return Agreed(values[0], How.UNANIMOUS)
    if rule is None or rule.when is not When.DIFFERENCE:
        return None
    middle = median_low(values) if question["kind"] == "ordinal" else middle_of(values)
    return Agreed(middle, How.CONCORDANT)
