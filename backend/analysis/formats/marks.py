"""Marks with a place (FROC): what was marked, which lesion it hit, how sure the reader was."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.ratings import IntegerIds, natural
from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class Lesion(Result):
    """A lesion of a case, with its share of the case's importance."""

    key: str
    weight: float


@dataclass(frozen=True, slots=True)
class LocatedMark(Result):
    """One mark; ``lesion`` is the lesion it hit, ``None`` for a false mark."""

    reader: str
    modality: str
    case: str
    lesion: str | None
    rating: float


@dataclass(frozen=True, slots=True)
class MarkTable(Result):
    """All marks of a study, valid by construction.

    Attributes
    ----------
    lesions
        Every case that was read: its lesions, none for a normal case; their weights add up to 1.
    readers, modalities
        All of the design: a reader may have left every case unmarked.
    marks
        A reader's mark hits a lesion at most once in a modality; false marks may be as many as there are.
    """

    lesions: Mapping[str, tuple[Lesion, ...]]
    readers: tuple[str, ...]
    modalities: tuple[str, ...]
    marks: tuple[LocatedMark, ...]

    def __post_init__(self) -> None:
        if not self.lesions:
            raise AnalysisError("no_cases", "there is no case")
        for case, lesions in self.lesions.items():
            _check_lesions(case, lesions)
        seen: set[tuple[str, str, str, str]] = set()
        for mark in self.marks:
            where = f"the mark on case {mark.case} by {mark.reader} in {mark.modality}"
            if mark.reader not in self.readers:
                raise AnalysisError("unknown_reader", f"{where}: the reader is not of the design")
            if mark.modality not in self.modalities:
                raise AnalysisError("unknown_arm", f"{where}: the modality is not of the design")
            if mark.case not in self.lesions:
                raise AnalysisError("unknown_case", f"{where}: the case has no truth")
            if not math.isfinite(mark.rating):
                raise AnalysisError("score_not_finite", f"{where}: its rating is {mark.rating}")
            if mark.lesion is None:
                continue
            if mark.lesion not in {lesion.key for lesion in self.lesions[mark.case]}:
                raise AnalysisError("unknown_lesion", f"{where}: the case has no lesion {mark.lesion}")
            key = (mark.reader, mark.modality, mark.case, mark.lesion)
            if key in seen:
                raise AnalysisError("repeated", f"{where}: lesion {mark.lesion} is hit more than once")
            seen.add(key)
        object.__setattr__(self, "marks", tuple(sorted(self.marks, key=self._key)))

    def _key(self, mark: LocatedMark) -> tuple[object, ...]:
        is_false = mark.lesion is None
        place = (self.readers.index(mark.reader), self.modalities.index(mark.modality), natural(mark.case))
        return (*place, is_false, natural(mark.lesion or ""), mark.rating)


def equal_weights(keys: tuple[str, ...]) -> tuple[Lesion, ...]:
    """The lesions of a case, all of the same importance."""
    return tuple(Lesion(key, 1 / len(keys)) for key in keys)


def mark_ids(table: MarkTable) -> IntegerIds:
    """The integers of a table of marks; a case's lesions are numbered in their order."""
    return IntegerIds(table.readers, table.modalities, tuple(sorted(table.lesions, key=natural)))


def _check_lesions(case: str, lesions: tuple[Lesion, ...]) -> None:
    if len({lesion.key for lesion in lesions}) != len(lesions):
        raise AnalysisError("repeated", f"a lesion of case {case} stands there more than once")
    if any(not math.isfinite(one.weight) or one.weight < 0 for one in lesions):
        raise AnalysisError("weight_impossible", f"a lesion of case {case} has no weight from 0 to 1")
    if lesions and abs(math.fsum(one.weight for one in lesions) - 1.0) > 1e-6:
        raise AnalysisError(
            "weight_impossible", f"the weights of the lesions of case {case} do not add up to 1"
        )
