"""Which design of a reader study the reads follow, and which reads it lacks.

Three questions decide (Hillis SL. Stat Med 2014;33:330-360, whose names for the designs these follow):

- Does each reader read under every modality, or under one only (readers nested in modality)?
- Is each case read under every modality, or under one only (cases nested in modality)?
- Do all readers share their cases, or do groups of readers have cases of their own (split-plot)? Two readers are of
  one group when a chain of shared cases links them.

A read that the recognized design asks for and that was not made is a missing read. It never changes the design: a
crossed study with gaps stays a crossed study with gaps. A pattern that fits none of the designs is ``irregular``: for
it there is no analysis of variance, and what takes the reads as they are (:mod:`backend.analysis.mrmc.gallas`) remains.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, named_reader
from backend.analysis.mrmc.arrays import Bools, any_over
from backend.analysis.results import Result

DesignName: TypeAlias = Literal[
    "fully_crossed",
    "readers_nested",
    "cases_nested",
    "both_nested",
    "cases_nested_in_readers",
    "split_plot",
    "split_plot_readers_nested",
    "irregular",
]

DESIGN_TEXTS: dict[DesignName, str] = {
    "fully_crossed": "every reader reads every case under every modality",
    "readers_nested": "each reader reads under one modality only; the cases are common to all",
    "cases_nested": "each case is read under one modality only; the readers are common to all",
    "both_nested": "each modality has readers and cases of its own",
    "cases_nested_in_readers": "each reader has cases of their own and reads them under every modality",
    "split_plot": "groups of readers have cases of their own and read them under every modality",
    "split_plot_readers_nested": (
        "groups have cases of their own; within a group each reader reads under one modality only"
    ),
    "irregular": "the reads fit none of the designs",
}


@dataclass(frozen=True, slots=True)
class MissingRead(Result):
    """A read that the design asks for and that was not made."""

    modality: str
    reader: str
    case: str


@dataclass(frozen=True, slots=True)
class Design(Result):
    """The recognized design; ``reader_group`` and ``case_group`` number the groups of a split-plot from 0.

    ``text`` describes the design; of an irregular one it says what does not fit.
    """

    name: DesignName
    text: str
    reader_group: tuple[int, ...]
    case_group: tuple[int, ...]
    n_groups: int


def recognize(read: Bools, modalities: tuple[str, ...], readers: tuple[str, ...]) -> Design:
    """The design of the reads made.

    Parameters
    ----------
    read
        Shape (modalities, readers, cases): True where a read was made.
    modalities, readers
        The names, in the order of the axes, for the error texts.

    Raises
    ------
    AnalysisError
        ``design_unknown``: some readers read under several modalities, but not under all (names one), or the
        pattern of readers, cases and modalities fits none of the designs.
    """
    reads_under = any_over(read, 2)
    if not _nested(reads_under) and not reads_under.all():
        modality, reader = np.argwhere(~reads_under)[0]
        raise AnalysisError(
            "design_unknown",
            f"{named_reader(readers[reader])} has no read under modality {modalities[modality]}, while other reads "
            "link modalities by their readers: neither crossed nor nested",
        )
    reader_group, case_group = _groups(any_over(read, 0))
    n_groups = max(reader_group) + 1
    return Design(
        name := _name(reads_under, any_over(read, 1), reader_group),
        DESIGN_TEXTS[name],
        reader_group,
        case_group,
        n_groups,
    )


def design_of(read: Bools, modalities: tuple[str, ...], readers: tuple[str, ...]) -> Design:
    """As :func:`recognize`, with ``irregular`` and the reason in place of a refusal."""
    try:
        return recognize(read, modalities, readers)
    except AnalysisError as error:
        reader_group, case_group = _groups(any_over(read, 0))
        return Design("irregular", error.text, reader_group, case_group, max(reader_group) + 1)


def require_regular(design: Design) -> None:
    """Refuse an irregular design.

    Raises
    ------
    AnalysisError
        ``design_unknown`` with the reason.
    """
    if design.name == "irregular":
        raise AnalysisError("design_unknown", design.text)


def expected_reads(design: Design, read: Bools) -> Bools:
    """Shape (modalities, readers, cases): True where the design asks for a read.

    An irregular design asks for no read under a modality under which the reader has none.
    """
    same_group = np.asarray(design.reader_group)[:, None] == np.asarray(design.case_group)[None, :]
    expected = np.broadcast_to(same_group, read.shape).copy()
    if design.name in ("readers_nested", "both_nested", "split_plot_readers_nested", "irregular"):
        expected &= any_over(read, 2)[:, :, None]
    if design.name in ("cases_nested", "both_nested"):
        expected &= any_over(read, 1)[:, None, :]
    return expected


def missing_reads(
    missing: Bools, modalities: tuple[str, ...], readers: tuple[str, ...], cases: tuple[str, ...]
) -> tuple[MissingRead, ...]:
    """The missing reads by name, in the order of modality, reader, case."""
    return tuple(MissingRead(modalities[i], readers[j], cases[k]) for i, j, k in np.argwhere(missing))


def _nested(under: Bools) -> bool:
    """Whether each column (a reader or a case) stands under one modality only."""
    return under.shape[0] > 1 and bool((under.sum(axis=0) == 1).all())


def _name(reads_under: Bools, case_under: Bools, reader_group: tuple[int, ...]) -> DesignName:
    readers_nested, cases_nested = _nested(reads_under), _nested(case_under)
    n_groups = max(reader_group) + 1
    if readers_nested and cases_nested:
        if n_groups != reads_under.shape[0]:
            raise AnalysisError(
                "design_unknown",
                "readers and cases are nested in modality, and readers of one modality do not share their cases",
            )
        return "both_nested"
    if n_groups == 1:
        if readers_nested:
            return "readers_nested"
        return "cases_nested" if cases_nested else "fully_crossed"
    if cases_nested:
        raise AnalysisError(
            "design_unknown", "cases are nested in modality and in groups of readers: no method covers both"
        )
    if readers_nested:
        _check_groups_cover_modalities(reader_group, reads_under)
        return "split_plot_readers_nested"
    return "cases_nested_in_readers" if n_groups == len(reader_group) else "split_plot"


def _check_groups_cover_modalities(reader_group: tuple[int, ...], reads_under: Bools) -> None:
    groups = np.asarray(reader_group)
    for group in range(max(reader_group) + 1):
        if not any_over(reads_under[:, groups == group], 1).all():
            raise AnalysisError(
                "design_unknown", f"group {group + 1} of readers and cases lacks a modality that others have"
            )


def _groups(shared: Bools) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Connected components of readers (rows) and cases (columns), numbered by their first reader."""
    reader_group = np.full(shared.shape[0], -1)
    case_group = np.full(shared.shape[1], -1)
    number = 0
    for first in range(shared.shape[0]):
        if reader_group[first] < 0:
            members = np.arange(shared.shape[0]) == first
            cases = shared[first]
            while (grown := any_over(shared[:, cases], 1)).sum() > members.sum():
                members = grown
                cases = any_over(shared[members], 0)
            reader_group[members] = number
            case_group[cases] = number
            number += 1
    return tuple(reader_group.tolist()), tuple(case_group.tolist())
