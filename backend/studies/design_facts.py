"""What a study holds beside its protocol, and the places and case sets that follow from it before any draw. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .design import CaseFact, Cell, selected_cases

PLANNED_CASES = 100


@dataclass(frozen=True)
class ReaderFact:
    """A reader as the design places one: in a group and sequence, or in none yet."""

    group: str = ""
    sequence: str = ""


@dataclass(frozen=True)
class TrainingFact:
    """A training case and the questions to which its right answer is known."""

    number: str
    keyed_questions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DesignFacts:
    """What the study holds beside its protocol: its cases, its people, and the models that are registered.

    `series` are the roles and acquired planes of what its cases have, `information` the labels of what readers are
    told of them.
    """

    cases: tuple[CaseFact, ...] = ()
    readers: tuple[ReaderFact, ...] = ()
    model_ids: frozenset[str] = frozenset()
    training: tuple[TrainingFact, ...] = ()
    adjudicators: int = 0
    series: frozenset[tuple[str, str]] = frozenset()
    information: frozenset[str] = frozenset()


def place_readers(cells: Sequence[Cell], readers: Sequence[ReaderFact]) -> dict[Cell, int]:
    """How many readers stand in each cell once those without a place are dealt to the emptiest ones.

    A reader may have a group, a sequence, both, or neither; a place that no cell offers counts as none.
    """
    counts = dict.fromkeys(cells, 0)
    if not cells:
        return counts
    by_freedom = sorted(
        (_open_cells(cells, reader) for reader in readers),
        key=lambda open_cells: (len(open_cells), open_cells),
    )
    for open_cells in by_freedom:
        emptiest = min(open_cells, key=lambda index: (counts[cells[index]], index))
        counts[cells[emptiest]] += 1
    return counts


def _open_cells(cells: Sequence[Cell], reader: ReaderFact) -> list[int]:
    fitting = [
        index
        for index, cell in enumerate(cells)
        if reader.group in ("", cell.group) and reader.sequence in ("", cell.sequence)
    ]
    return fitting or list(range(len(cells)))


def expected_members(one: Mapping[str, Any], cases: Sequence[CaseFact]) -> frozenset[str]:
    """The cases of a set; for a drawn one as many stand-ins, disjoint where parts are."""
    numbers = selected_cases(one, cases)
    if one["how"] == "random":
        return frozenset(numbers[: one["n"]])
    if one["how"] == "part":
        return frozenset(numbers[one["part"] - 1 :: one["of"]])
    return frozenset(numbers)


def assumed_cases() -> tuple[CaseFact, ...]:
    """Cases of no center, for a study that holds none yet."""
    return tuple(CaseFact(number=f"{index:05d}", center="") for index in range(1, PLANNED_CASES + 1))
