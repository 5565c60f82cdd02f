"""The dataset of a reader study: long records in, checked arrays out, every inconsistency refused by its row.

A record is one read: reader, modality, case, truth of the case, rating. A higher rating means more suspicious. A
rating ``None`` says that the read was asked for and not made, the same as its absence. Names are sorted (modalities
keep the order in which they are declared, if they are), so that the order of the records changes nothing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.arrays import Bools, Floats, Ints, any_over
from backend.analysis.mrmc.design import Design, MissingRead, design_of, expected_reads, missing_reads
from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class RatingRecord(Result):
    """One read. ``truth`` is True for a diseased case; ``rating`` is ``None`` where the read was not made."""

    reader: str
    modality: str
    case: str
    truth: bool
    rating: float | None


@dataclass(frozen=True, slots=True, eq=False)
class MrmcData:
    """Checked arrays of a reader study.

    Attributes
    ----------
    modalities, readers, cases
        Names, in the order of the axes of ``ratings``.
    truth
        Shape (cases,), True for a diseased case.
    ratings
        Shape (modalities, readers, cases); NaN where there is no read. Not for output.
    read
        Shape of ``ratings``, True where there is a read.
    design
        The recognized design, or ``irregular``.
    missing
        The reads that the design asks for and that were not made.
    """

    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    cases: tuple[str, ...]
    truth: Bools
    ratings: Floats
    read: Bools
    design: Design
    missing: tuple[MissingRead, ...]

    @property
    def n_positive(self) -> int:
        """The number of diseased cases."""
        return int(self.truth.sum())

    @property
    def n_negative(self) -> int:
        """The number of cases without disease."""
        return int((~self.truth).sum())

    def cells(self) -> Bools:
        """Shape (modalities, readers): True where the reader read under the modality."""
        return any_over(self.read, 2)

    def only(self, modalities: Sequence[str]) -> "MrmcData":
        """The same study restricted to some modalities, in the order given; cases unread there are left out."""
        return self._part(modalities, self.readers)

    def only_readers(self, readers: Sequence[str]) -> "MrmcData":
        """The same study restricted to some readers, in the order given; cases unread by them are left out."""
        return self._part(self.modalities, readers)

    def _part(self, modalities: Sequence[str], readers: Sequence[str]) -> "MrmcData":
        rows = [_position(name, self.modalities, "modality") for name in modalities]
        columns = [_position(name, self.readers, "reader") for name in readers]
        ratings = self.ratings[np.ix_(rows, columns)]
        kept_readers = any_over(~np.isnan(ratings), (0, 2))
        kept = any_over(~np.isnan(ratings), (0, 1))
        return _assemble(
            tuple(modalities),
            tuple(name for name, keep in zip(readers, kept_readers, strict=True) if keep),
            tuple(case for case, keep in zip(self.cases, kept, strict=True) if keep),
            self.truth[kept],
            ratings[:, kept_readers][:, :, kept],
        )


def mrmc_data(
    records: Iterable[RatingRecord],
    *,
    modalities: Sequence[str] | None = None,
    readers: Sequence[str] | None = None,
    cases: Mapping[str, bool] | None = None,
    scale: tuple[float, float] | None = None,
) -> MrmcData:
    """Check the records and bring them into arrays.

    Parameters
    ----------
    records
        One a read, in any order.
    modalities, readers, cases
        The declared names (``cases`` with the truth of each), if they are declared: a record with another name is
        refused. The order of ``modalities`` gives the sign of differences, the first minus the second; without it
        they are sorted.
    scale
        Lowest and highest rating of the declared scale, if there is one.

    Raises
    ------
    AnalysisError
        Each names the row (counted from 0) or the name at fault: ``no_records``, ``empty_name``, ``not_boolean``,
        ``rating_not_a_number``, ``rating_not_finite``, ``rating_out_of_scale``, ``unknown_reader``,
        ``unknown_modality``, ``unknown_case``, ``name_repeated``, ``truth_disagrees``, ``duplicate_read``,
        ``nothing_read`` (a declared reader, modality or case without a single read).
    """
    rows = list(records)
    columns = (
        [row.reader for row in rows],
        [row.modality for row in rows],
        [row.case for row in rows],
        [row.truth for row in rows],
        [row.rating for row in rows],
    )
    return mrmc_from_columns(*columns, modalities=modalities, readers=readers, cases=cases, scale=scale)


def mrmc_from_columns(
    reader: Sequence[str],
    modality: Sequence[str],
    case: Sequence[str],
    truth: Sequence[bool],
    rating: Sequence[float | None],
    *,
    modalities: Sequence[str] | None = None,
    readers: Sequence[str] | None = None,
    cases: Mapping[str, bool] | None = None,
    scale: tuple[float, float] | None = None,
) -> MrmcData:
    """As :func:`mrmc_data`, from the columns of the single file reader, modality, case, truth, rating."""
    lengths = {len(reader), len(modality), len(case), len(truth), len(rating)}
    if len(lengths) != 1:
        raise AnalysisError("lengths_differ", f"the columns have {sorted(lengths)} rows")
    if not len(reader):
        raise AnalysisError("no_records", "there is no read to analyze")
    i, modality_names = _indices(modality, "modality", modalities)
    j, reader_names = _indices(reader, "reader", None if readers is None else sorted(readers))
    k, case_names = _indices(case, "case", None if cases is None else sorted(cases))
    case_truth = _truth_by_case(k, truth, case_names, cases)
    ratings = np.full((len(modality_names), len(reader_names), len(case_names)), np.nan)
    flat = (i * len(reader_names) + j) * len(case_names) + k
    _refuse_duplicates(flat, reader, modality, case)
    ratings.flat[flat] = _checked_ratings(rating, scale)
    return _assemble(modality_names, reader_names, case_names, case_truth, ratings)


def mrmc_from_array(
    ratings: Floats,
    truth: Sequence[bool],
    *,
    modalities: Sequence[str] | None = None,
    readers: Sequence[str] | None = None,
    cases: Sequence[str] | None = None,
) -> MrmcData:
    """The dataset of a (modalities, readers, cases) array; NaN where there is no read. Names default to numbers.

    Raises
    ------
    AnalysisError
        ``wrong_shape``, ``rating_not_finite``, ``not_boolean``, ``name_repeated``, ``nothing_read``.
    """
    if ratings.ndim != 3 or ratings.shape[2] != len(truth) or 0 in ratings.shape:
        raise AnalysisError("wrong_shape", f"ratings of shape {ratings.shape} do not fit {len(truth)} truths")
    if np.isinf(ratings).any():
        raise AnalysisError("rating_not_finite", "a rating is infinite")
    names = []
    for axis, (what, given) in enumerate((("modality", modalities), ("reader", readers), ("case", cases))):
        width = len(str(ratings.shape[axis]))
        chosen = tuple(given) if given else tuple(f"{n:0{width}d}" for n in range(1, ratings.shape[axis] + 1))
        if len(chosen) != ratings.shape[axis]:
            raise AnalysisError("wrong_shape", f"{len(chosen)} {what} names for {ratings.shape[axis]}")
        names.append(_checked_names(chosen, what))
    positive = np.array([_checked_truth(value, row) for row, value in enumerate(truth)])
    return _assemble(names[0], names[1], names[2], positive, np.array(ratings, dtype=np.float64))


def _assemble(
    modalities: tuple[str, ...],
    readers: tuple[str, ...],
    cases: tuple[str, ...],
    truth: Bools,
    ratings: Floats,
) -> MrmcData:
    read = ~np.isnan(ratings)
    for axes, names, what in (
        ((1, 2), modalities, "modality"),
        ((0, 2), readers, "reader"),
        ((0, 1), cases, "case"),
    ):
        unread = ~any_over(read, axes)
        if unread.any():
            raise AnalysisError("nothing_read", f"{what} {names[int(np.argmax(unread))]} has no read at all")
    design = design_of(read, modalities, readers)
    missing = missing_reads(expected_reads(design, read) & ~read, modalities, readers, cases)
    for array in (ratings, read, truth):
        array.setflags(write=False)
    return MrmcData(modalities, readers, cases, truth, ratings, read, design, missing)


def _position(name: str, names: tuple[str, ...], what: str) -> int:
    if name not in names:
        raise AnalysisError(f"unknown_{what}", f"there is no {what} {name!r}")
    return names.index(name)


def _checked_names(names: Sequence[str], what: str) -> tuple[str, ...]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise AnalysisError("name_repeated", f"{what} {name!r} is declared more than once")
        seen.add(name)
    return tuple(names)


def _indices(
    column: Sequence[str], what: str, declared: Sequence[str] | None
) -> tuple[Ints, tuple[str, ...]]:
    """The position of each row's name among the names, and the names."""
    for row, name in enumerate(column):
        if not isinstance(name, str) or not name:
            raise AnalysisError("empty_name", f"row {row}: the {what} is {name!r}, not a name")
    names = _checked_names(tuple(declared), what) if declared is not None else tuple(sorted(set(column)))
    position = {name: number for number, name in enumerate(names)}
    for row, name in enumerate(column):
        if name not in position:
            raise AnalysisError(f"unknown_{what}", f"row {row}: {what} {name!r} is not declared")
    return np.fromiter((position[name] for name in column), dtype=np.int64, count=len(column)), names


def _checked_truth(value: object, row: int) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise AnalysisError("not_boolean", f"row {row} of truth is {value!r}, not true or false")
    return bool(value)


def _truth_by_case(
    k: Ints, truth: Sequence[bool], cases: tuple[str, ...], declared: Mapping[str, bool] | None
) -> Bools:
    known: dict[int, bool] = {}
    if declared is not None:
        known = {number: _checked_truth(declared[case], number) for number, case in enumerate(cases)}
    for row, (number, value) in enumerate(zip(k.tolist(), truth, strict=True)):
        positive = _checked_truth(value, row)
        if known.setdefault(number, positive) != positive:
            raise AnalysisError(
                "truth_disagrees",
                f"row {row}: case {cases[number]} is {'diseased' if positive else 'not diseased'} here, "
                f"{'not diseased' if positive else 'diseased'} elsewhere",
            )
    return np.array([known.get(number, False) for number in range(len(cases))], dtype=bool)


def _refuse_duplicates(
    flat: Ints, reader: Sequence[str], modality: Sequence[str], case: Sequence[str]
) -> None:
    if np.unique(flat).size == flat.size:
        return
    seen: set[int] = set()
    for row, place in enumerate(flat.tolist()):
        if place in seen:
            raise AnalysisError(
                "duplicate_read",
                f"row {row}: reader {reader[row]} reads case {case[row]} under modality {modality[row]} a second time",
            )
        seen.add(place)


def _checked_ratings(rating: Sequence[float | None], scale: tuple[float, float] | None) -> Floats:
    for row, value in enumerate(rating):
        if value is None:
            continue
        if isinstance(value, (bool, np.bool_)) or not isinstance(
            value, (int, float, np.integer, np.floating)
        ):
            raise AnalysisError("rating_not_a_number", f"row {row}: the rating is {value!r}, not a number")
        if not math.isfinite(value):
            raise AnalysisError("rating_not_finite", f"row {row}: the rating is {value}, not a finite number")
        if scale is not None and not scale[0] <= value <= scale[1]:
            raise AnalysisError(
                "rating_out_of_scale",
                f"row {row}: the rating {value} is not of the scale {scale[0]} to {scale[1]}",
            )
    return np.array([math.nan if value is None else value for value in rating], dtype=np.float64)
