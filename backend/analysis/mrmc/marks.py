"""Marks on cases: long records in, checked; every inconsistency is refused by name."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.arrays import Bools
from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class Mark(Result):
    """One mark of a reader. ``lesion`` is the lesion it hits, ``None`` for a false mark."""

    reader: str
    modality: str
    case: str
    rating: float
    lesion: str | None


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """One case as one reader marked it under one modality.

    Attributes
    ----------
    hits
        The highest rating on each lesion, minus infinity where it was not marked; empty for a negative case.
    weights
        The lesions' weights, which sum to 1.
    false_marks
        The ratings of the marks that hit nothing.
    """

    hits: tuple[float, ...]
    weights: tuple[float, ...]
    false_marks: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LocalizationData:
    """A checked study with marks.

    Attributes
    ----------
    modalities, readers, cases
        Names, in the order of the axes of ``read``.
    truth
        Shape (cases,): True for a case with a lesion.
    read
        Shape (modalities, readers, cases): True where a read was made, with or without marks.
    repeated
        Marks that fell on a lesion already marked higher by the same reader in the same read.
    """

    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    cases: tuple[str, ...]
    truth: Bools
    read: Bools
    marked: Mapping[tuple[int, int, int], MarkedCase]
    repeated: int

    def cell(self, modality: int, reader: int) -> list[MarkedCase]:
        """The cases that the reader read under the modality, in the order of ``cases``."""
        return [self.marked[modality, reader, int(k)] for k in np.flatnonzero(self.read[modality, reader])]

    def cell_of(self, modality: str, reader: str) -> list[MarkedCase]:
        """As :meth:`cell`, by name."""
        for name, names, what in ((modality, self.modalities, "modality"), (reader, self.readers, "reader")):
            if name not in names:
                raise AnalysisError(f"unknown_{what}", f"there is no {what} {name!r}")
        return self.cell(self.modalities.index(modality), self.readers.index(reader))


def localization_data(
    cases: Mapping[str, Sequence[str] | Mapping[str, float]],
    marks: Iterable[Mark],
    *,
    reads: Iterable[tuple[str, str, str]] | None = None,
    modalities: Sequence[str] | None = None,
    scale: tuple[float, float] | None = None,
) -> LocalizationData:
    """Check the marks and sort them to their cases.

    Parameters
    ----------
    cases
        Every case with its lesions, none for a negative one; as a mapping to their weights, which sum to 1, or as
        names, which then weigh the same.
    reads
        (reader, modality, case) of every read made, marked or not. Without it, each reader with a mark under a
        modality has read every case there.
    modalities
        Their order, which gives the sign of differences; sorted without it.
    scale
        Lowest and highest rating, if there are such.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``no_reads``, ``weights_wrong``, ``lesion_repeated``, ``unknown_case``, ``unknown_lesion``,
        ``unknown_modality``, ``unread_case``, ``duplicate_read``, ``rating_not_a_number``, ``rating_not_finite``,
        ``rating_out_of_scale``; each names the mark or the case at fault.
    """
    if not cases:
        raise AnalysisError("no_cases", "the study has no case")
    lesions = {case: _lesions(case, cases[case]) for case in sorted(cases)}
    made = sorted(marks, key=lambda m: (m.reader, m.modality, m.case, m.lesion or ""))
    for mark in made:
        _check_mark(mark, lesions, scale)
    done = _reads(made, reads, lesions)
    if not done:
        raise AnalysisError("no_reads", "there is no read to analyze")
    by_read: dict[tuple[str, str, str], list[Mark]] = {key: [] for key in done}
    for mark in made:
        key = (mark.reader, mark.modality, mark.case)
        if key not in by_read:
            raise AnalysisError("unread_case", f"{_where(mark)}: a mark, and the case was not read there")
        by_read[key].append(mark)
    axes = (_order(modalities, {m for _, m, _ in done}), sorted({r for r, _, _ in done}), list(lesions))
    return _assembled(axes, lesions, by_read)


def _assembled(
    axes: tuple[list[str], list[str], list[str]],
    lesions: Mapping[str, Mapping[str, float]],
    by_read: Mapping[tuple[str, str, str], list[Mark]],
) -> LocalizationData:
    names, readers, cases = axes
    read = np.zeros((len(names), len(readers), len(cases)), dtype=np.bool_)
    position = [{name: number for number, name in enumerate(axis)} for axis in axes]
    marked, repeated = {}, 0
    for (reader, modality, case), group in by_read.items():
        place = (position[0][modality], position[1][reader], position[2][case])
        hits = {name: [m.rating for m in group if m.lesion == name] for name in lesions[case]}
        repeated += sum(max(0, len(ratings) - 1) for ratings in hits.values())
        read[place] = True
        marked[place] = MarkedCase(
            tuple(max(ratings, default=-math.inf) for ratings in hits.values()),
            tuple(lesions[case].values()),
            tuple(sorted(mark.rating for mark in group if mark.lesion is None)),
        )
    truth = np.array([bool(lesions[case]) for case in cases], dtype=np.bool_)
    return LocalizationData(tuple(names), tuple(readers), tuple(cases), truth, read, marked, repeated)


def _lesions(case: str, given: Sequence[str] | Mapping[str, float]) -> dict[str, float]:
    if not isinstance(given, Mapping):
        if len(set(given)) < len(given):
            raise AnalysisError("lesion_repeated", f"case {case} names a lesion twice")
        return {name: 1.0 / len(given) for name in sorted(given)}
    weights = {name: float(given[name]) for name in sorted(given)}
    wrong = any(not (math.isfinite(w) and w > 0.0) for w in weights.values())
    if weights and (wrong or abs(math.fsum(weights.values()) - 1.0) > 1e-9):
        raise AnalysisError("weights_wrong", f"the weights of the lesions of case {case} are not shares of 1")
    return weights


def _where(mark: Mark) -> str:
    return f"{mark.reader}, {mark.modality}, case {mark.case}"


def _check_mark(
    mark: Mark, lesions: Mapping[str, Mapping[str, float]], scale: tuple[float, float] | None
) -> None:
    where = _where(mark)
    if mark.case not in lesions:
        raise AnalysisError("unknown_case", f"{where}: the case is not of the study")
    if mark.lesion is not None and mark.lesion not in lesions[mark.case]:
        raise AnalysisError("unknown_lesion", f"{where}: the case has no lesion {mark.lesion!r}")
    value: object = mark.rating
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise AnalysisError("rating_not_a_number", f"{where}: the rating is {value!r}, not a number")
    if not math.isfinite(mark.rating):
        raise AnalysisError("rating_not_finite", f"{where}: the rating is {mark.rating}")
    if scale is not None and not scale[0] <= mark.rating <= scale[1]:
        raise AnalysisError(
            "rating_out_of_scale", f"{where}: the rating {mark.rating} is not of {scale[0]} to {scale[1]}"
        )


def _reads(
    marks: list[Mark],
    reads: Iterable[tuple[str, str, str]] | None,
    lesions: Mapping[str, Mapping[str, float]],
) -> list[tuple[str, str, str]]:
    if reads is None:
        return [(*cell, case) for cell in sorted({(m.reader, m.modality) for m in marks}) for case in lesions]
    done = sorted(reads)
    for number, (reader, modality, case) in enumerate(done):
        if case not in lesions:
            raise AnalysisError(
                "unknown_case", f"{reader}, {modality}, case {case}: the case is not of the study"
            )
        if number and done[number - 1] == (reader, modality, case):
            raise AnalysisError("duplicate_read", f"{reader}, {modality}, case {case}: read twice")
    return done


def _order(declared: Sequence[str] | None, used: set[str]) -> list[str]:
    names = sorted(used) if declared is None else list(declared)
    if set(names) != used:
        odd = sorted(set(names) ^ used)[0]
        raise AnalysisError(
            "unknown_modality", f"modality {odd!r} is declared without reads, or read undeclared"
        )
    return names
