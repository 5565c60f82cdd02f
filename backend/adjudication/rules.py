"""When the readers of one case disagree, and what they agree on: the rules of adjudication. Pure.

A panel is the sequence of answers that the readers of a case gave in one arm, one mapping of question key to value
for each reader. No result depends on the order of the readers.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any

from backend.studies.adjudication_design import Rule, When
from backend.studies.forms import is_finite_number

from .matching import can_be_paired

Panel = Sequence[Mapping[str, Any]]
Overlap = Callable[[Any, Any], float]


class Why(StrEnum):
    """Why the answers to a question are discordant, in words that tell nobody's answer."""

    UNANSWERED = "unanswered"
    ANSWERS = "answers"
    DIFFERENCE = "difference"
    MARK_COUNT = "mark_count"
    MARK_DISTANCE = "mark_distance"
    NOTHING_DRAWN = "nothing_drawn"
    OVERLAP = "overlap"


WORDS: dict[Why, str] = {
    Why.UNANSWERED: "Some readers answered this question and some did not.",
    Why.ANSWERS: "The readers gave different answers.",
    Why.DIFFERENCE: "The readers' values lie farther apart than the protocol allows.",
    Why.MARK_COUNT: "The readers placed different numbers of marks.",
    Why.MARK_DISTANCE: "The readers' marks lie farther apart than the protocol allows.",
    Why.NOTHING_DRAWN: "Some readers drew something and some did not.",
    Why.OVERLAP: "The readers' masks overlap less than the protocol asks.",
}


@dataclass(frozen=True)
class Discordance:
    """A question on which the readers disagree."""

    question: str
    why: Why

    @property
    def words(self) -> str:
        return WORDS[self.why]


def discordances(rules: Iterable[Rule], panel: Panel, *, overlap: Overlap) -> list[Discordance]:
    """The questions on which the readers disagree, in the order of the rules, each with the reason.

    Parameters
    ----------
    rules : iterable of Rule
    panel : sequence of mappings
        The answers of each reader; a question that a mapping lacks was not answered.
    overlap : callable
        Dice of two outlines, from 0 to 1; asked only of two that are both drawn.
    """
    found = []
    for rule in rules:
        why = why_discordant(rule, [answers.get(rule.question) for answers in panel], overlap=overlap)
        if why is not None:
            found.append(Discordance(rule.question, why))
    return found


def why_discordant(rule: Rule, values: Sequence[Any], *, overlap: Overlap) -> Why | None:
    """Why the values that the readers gave are discordant by the rule, or `None` while they are not.

    A value exactly at the limit is concordant. Nothing against nothing is concordant, nothing against something
    is not; for marks and outlines an empty drawing is nothing.
    """
    if rule.when in (When.DISTANCE, When.DICE):
        return _why_drawings_differ(rule, values, overlap)
    answered = [value for value in values if value is not None]
    if not answered:
        return None
    if len(answered) < len(values):
        return Why.UNANSWERED
    if rule.when is When.MISMATCH:
        return None if are_identical(values) else Why.ANSWERS
    return Why.DIFFERENCE if spread_of(values) > _decimal(_limit(rule)) else None


def are_identical(values: Sequence[Any]) -> bool:
    """Whether all readers gave the same answer; the chosen options of a multiple choice have no order."""
    return len({_key(value) for value in values}) <= 1


def majority_of(values: Sequence[Any]) -> tuple[bool, Any]:
    """Whether more than half of the readers gave one answer, and that answer."""
    keys = [_key(value) for value in values]
    for key, value in zip(keys, values, strict=True):
        if 2 * keys.count(key) > len(keys):
            return True, value
    return False, None


def spread_of(values: Sequence[float]) -> Decimal:
    """Largest minus smallest, exact in the decimals that were entered: 0.8 - 0.1 is 0.7."""
    exact = [_decimal(value) for value in values]
    return max(exact) - min(exact)


def middle_of(values: Sequence[float]) -> float:
    """The median: what stands for numbers that lie within the limit. Of two, their mean."""
    return float(statistics.median([_decimal(value) for value in values]))


def is_nothing(value: Any) -> bool:
    """Whether a mark or mask question was left empty."""
    if value is None:
        return True
    # A mask says by one word what it is made of: its contours, volumes or segments.
    return not (any(value.values()) if isinstance(value, Mapping) else value)


def _why_drawings_differ(rule: Rule, values: Sequence[Any], overlap: Overlap) -> Why | None:
    drawn = [value for value in values if not is_nothing(value)]
    if not drawn:
        return None
    if rule.when is When.DISTANCE:
        return _why_marks_differ(_limit(rule), [value or [] for value in values])
    if len(drawn) < len(values):
        return Why.NOTHING_DRAWN
    least = min((overlap(one, other) for one, other in combinations(drawn, 2)), default=1.0)
    return Why.OVERLAP if least < _limit(rule) else None


def _why_marks_differ(limit_mm: float, panel: Sequence[Sequence[Mapping[str, Any]]]) -> Why | None:
    if len({len(marks) for marks in panel}) > 1:
        return Why.MARK_COUNT
    pairs = combinations(panel, 2)
    if all(can_be_paired(one, other, limit_mm=limit_mm) for one, other in pairs):
        return None
    return Why.MARK_DISTANCE


def _limit(rule: Rule) -> float:
    if rule.limit is None:
        raise ValueError(f"the rule on {rule.question!r} has no limit")
    return rule.limit


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _key(value: Any) -> Any:
    """Equal for equal answers only: a yes is not the first point of a scale."""
    if isinstance(value, list):
        return ("list", *sorted(map(repr, value)))
    if is_finite_number(value):
        return ("number", _decimal(value))
    return (type(value).__name__, repr(value))
