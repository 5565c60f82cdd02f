"""The ratings of a multi-reader, multi-case study as every exchange format sees them.

The formats say *modality* (or treatment) for what the product calls an arm. Programs that want integers get
them from :class:`IntegerIds`, whose table travels beside the file.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import csv_text, read_rows
from backend.analysis.results import Result
from backend.analysis.study_dataset import StudyDataset


@dataclass(frozen=True, slots=True)
class Rating(Result):
    """One rating of one case by one reader in one modality."""

    reader: str
    modality: str
    case: str
    rating: float


@dataclass(frozen=True, slots=True)
class RatingTable(Result):
    """Ratings with the truth of every rated case, valid by construction.

    Attributes
    ----------
    truth
        Case to True (diseased) or False; every case has at least one rating.
    ratings
        At most one of each reader, modality and case, in the order of readers, modalities, cases.
    modalities
        In the order of the design.
    """

    truth: Mapping[str, bool]
    ratings: tuple[Rating, ...]
    modalities: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.ratings:
            raise AnalysisError("no_cases", "there is no rating of a case with a truth")
        seen: set[tuple[str, str, str]] = set()
        for one in self.ratings:
            where = f"the rating of case {one.case} by {one.reader} in {one.modality}"
            if one.case not in self.truth:
                raise AnalysisError("unknown_case", f"{where}: the case has no truth")
            if one.modality not in self.modalities:
                raise AnalysisError("unknown_arm", f"{where}: the modality is not of the design")
            if not math.isfinite(one.rating):
                raise AnalysisError("score_not_finite", f"{where} is {one.rating}")
            key = (one.reader, one.modality, one.case)
            if key in seen:
                raise AnalysisError("repeated", f"{where} stands there more than once")
            seen.add(key)
        unread = sorted(set(self.truth) - {one.case for one in self.ratings}, key=natural)
        if unread:
            raise AnalysisError("case_not_rated", f"case {unread[0]} has a truth and no rating")
        place = {name: number for number, name in enumerate(self.modalities)}
        object.__setattr__(
            self,
            "ratings",
            tuple(
                sorted(
                    self.ratings,
                    key=lambda one: (natural(one.reader), place[one.modality], natural(one.case)),
                )
            ),
        )

    @property
    def readers(self) -> tuple[str, ...]:
        """The readers, numbers in names in the order of numbers."""
        return tuple(sorted({one.reader for one in self.ratings}, key=natural))

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases, numbers in names in the order of numbers."""
        return tuple(sorted(self.truth, key=natural))

    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """Reader, modality and case of every rating that a fully crossed study would have."""
        there = {(one.reader, one.modality, one.case) for one in self.ratings}
        return tuple(
            (reader, modality, case)
            for reader in self.readers
            for modality in self.modalities
            for case in self.cases
            if (reader, modality, case) not in there
        )


@dataclass(frozen=True, slots=True)
class LeftOut(Result):
    """What an export cannot hold, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class IntegerIds(Result):
    """Names by the integers that stand for them: the first has 1."""

    readers: tuple[str, ...]
    modalities: tuple[str, ...]
    cases: tuple[str, ...]

    def reader(self, name: str) -> int:
        """The integer of a reader."""
        return self.readers.index(name) + 1

    def modality(self, name: str) -> int:
        """The integer of a modality."""
        return self.modalities.index(name) + 1

    def case_numbers(self) -> dict[str, int]:
        """Case to its integer."""
        return {name: number for number, name in enumerate(self.cases, start=1)}

    def mapping_csv(self) -> str:
        """The table of names and integers: kind,id,name."""
        kinds = (("reader", self.readers), ("modality", self.modalities), ("case", self.cases))
        return csv_text(
            ("kind", "id", "name"),
            [[kind, number, name] for kind, names in kinds for number, name in enumerate(names, start=1)],
        )


def integer_ids(table: RatingTable) -> IntegerIds:
    """The integers of a table of ratings: readers and cases in natural order, modalities as designed."""
    return IntegerIds(table.readers, table.modalities, table.cases)


def read_mapping_csv(text: str, *, file: str = "mapping.csv") -> IntegerIds:
    """The table of names and integers as :meth:`IntegerIds.mapping_csv` writes it.

    Raises
    ------
    AnalysisError
        ``unknown_kind``, ``repeated``, ``ids_not_consecutive``, and those of reading a CSV file.
    """
    found: dict[str, list[str]] = {"reader": [], "modality": [], "case": []}
    for row in read_rows(text, file=file, required=("kind", "id", "name")):
        names = found.get(row.text("kind"))
        if names is None:
            raise AnalysisError("unknown_kind", f"{row.where}: {row.text('kind')!r} is no kind of name")
        if row.text("name") in names:
            raise AnalysisError("repeated", f"{row.where}: {row.text('name')} stands there twice")
        names.append(row.text("name"))
        if row.whole("id") != len(names):
            raise AnalysisError("ids_not_consecutive", f"{row.where}: the integer should be {len(names)}")
    return IntegerIds(tuple(found["reader"]), tuple(found["modality"]), tuple(found["case"]))


def ratings_of(dataset: StudyDataset) -> tuple[RatingTable, tuple[LeftOut, ...]]:
    """The ratings of a study; reads without a score or of cases without a truth are left out, and named.

    Raises
    ------
    AnalysisError
        ``no_cases`` where nothing is left.
    """
    kept: list[Rating] = []
    left: list[LeftOut] = []
    for read in dataset.reads:
        what = f"case {read.case} by {read.reader} in {read.arm}"
        if dataset.truth[read.case] is None:
            left.append(LeftOut(what, "the case has no reference standard"))
        elif read.score is None:
            left.append(LeftOut(what, "the read has no score"))
        else:
            kept.append(Rating(read.reader, read.arm, read.case, float(read.score)))
    rated = {one.case for one in kept}
    left += [
        LeftOut(f"case {case}", "no rating of the case")
        for case, truth in dataset.truth.items()
        if truth is not None and case not in rated
    ]
    truth = {case: bool(dataset.truth[case]) for case in rated}
    used = {one.modality for one in kept}
    table = RatingTable(truth, tuple(kept), tuple(arm for arm in dataset.arms if arm in used))
    return table, tuple(sorted(left, key=lambda one: natural(one.what)))


def table_of_rows(
    rows: Iterable[tuple[str, str, str, str, bool, float]], *, modalities: tuple[str, ...] = ()
) -> RatingTable:
    """The table of rows (where, reader, modality, case, truth, rating), complaints naming the row.

    Raises
    ------
    AnalysisError
        ``repeated``, ``truth_contradicts``, ``no_cases``.
    """
    truth: dict[str, bool] = {}
    first_row: dict[tuple[str, str, str], str] = {}
    ratings: list[Rating] = []
    for where, reader, modality, case, is_positive, rating in rows:
        if truth.setdefault(case, is_positive) != is_positive:
            raise AnalysisError("truth_contradicts", f"{where}: case {case} has the other truth above")
        key = (reader, modality, case)
        if key in first_row:
            raise AnalysisError(
                "repeated",
                f"{where}: case {case} by {reader} in {modality} stands there already ({first_row[key]})",
            )
        first_row[key] = where
        ratings.append(Rating(reader, modality, case, rating))
    found = tuple(sorted({one.modality for one in ratings}, key=natural))
    return RatingTable(truth, tuple(ratings), modalities or found)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people do, R2 before R10; names that read alike stay apart."""
    parts = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part
    )
    return (*parts, (2, 0, name))
