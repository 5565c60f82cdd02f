"""Which outlines of a frozen dataset are compared with each other, and which are not, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .dataset_reads import Content


@dataclass(frozen=True)
class DrawnMask:
    """The outline of one read: whose, in which session, by its digest."""

    reader: str
    session: int
    sha256: str


@dataclass(frozen=True)
class MaskGroup:
    """The outlines of one question that lie on the same series of a case and were drawn in the same arm."""

    case: str
    question: str
    arm: str
    series: int
    spacing_mm: tuple[float, ...]
    masks: tuple[DrawnMask, ...]


def mask_groups(content: Content) -> list[MaskGroup]:
    """What can be compared: two readers or more each; by case, question and arm. First reads alone have a part."""
    groups: dict[tuple[Any, ...], list[DrawnMask]] = {}
    for read in _first_reads(content):
        for mask in read.get("masks", []):
            if _is_measured(mask):
                key = (read["case"], mask["question"], read["arm"], mask["series"], tuple(mask["spacing_mm"]))
                drawn = DrawnMask(read["reader"], read["session"], mask["sha256"])
                groups.setdefault(key, []).append(drawn)
    return [
        MaskGroup(case, question, arm, series, spacing, tuple(masks))
        for (case, question, arm, series, spacing), masks in sorted(groups.items())
        if len(masks) > 1
    ]


def mask_notes(content: Content) -> Iterator[str]:
    """What of the outlines is not compared, in sentences, one a question and reason."""
    by_case: dict[tuple[str, str, str], list[Mapping[str, Any] | None]] = {}
    reads = list(_first_reads(content))
    questions = sorted({mask["question"] for read in reads for mask in read.get("masks", [])})
    for read in reads:
        own = {mask["question"]: mask for mask in read.get("masks", [])}
        for question in questions:
            by_case.setdefault((question, read["case"], read["arm"]), []).append(own.get(question))
    for question in questions:
        pairs = [
            pair for (key, *_), masks in by_case.items() if key == question for pair in combinations(masks, 2)
        ]
        yield from _told(question, pairs)


def _told(
    question: str, pairs: Sequence[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]
) -> Iterator[str]:
    lone = sum((one is None) != (other is None) for one, other in pairs)
    drawn = [(one, other) for one, other in pairs if one is not None and other is not None]
    measured = [(one, other) for one, other in drawn if _is_measured(one) and _is_measured(other)]
    apart = sum(one["series"] != other["series"] for one, other in measured)
    reasons = (
        (lone, "of one of the two readers there is none"),
        (
            len(drawn) - len(measured),
            "one lies on several series, or on slices that do not lie evenly or have no pixel size",
        ),
        (apart, "they lie on different series"),
    )
    for count, reason in reasons:
        if count:
            yield f"Outlines of {question} not compared in {count} pair{'' if count == 1 else 's'}: {reason}."


def _first_reads(content: Content) -> Iterator[Mapping[str, Any]]:
    return (read for read in content["reads"] if read.get("role") == "primary")


def _is_measured(mask: Mapping[str, Any]) -> bool:
    return mask["series"] is not None and mask["spacing_mm"] is not None
