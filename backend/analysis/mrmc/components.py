"""Error variance and the three covariances of Obuchowski and Rockette, averaged over the kinds of pairs.

Cov1: same reader, different modalities. Cov2: different readers, same modality. Cov3: different readers, different
modalities. In a split-plot only readers of the same group are paired. What a design makes 0 (no case in common) is 0;
what it does not have (a reader under two modalities, when readers are nested) is not estimable.

Var(R) and Var(T×R) are ANOVA estimates, which can be negative; they are reported as they come, and no test uses them.
A component that is nothing but rounding is 0.
Where Cov2 - Cov3 is negative, MRMCaov and the authors' OR-DBM MRMC 2.51 leave it so in Var(T×R); RJafroc puts 0. This
follows the authors.
"""

import math
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.anova import AnovaTable, analysis_groups, is_nested
from backend.analysis.mrmc.arrays import Bools, Floats
from backend.analysis.mrmc.cells import CellEstimates
from backend.analysis.mrmc.design import DesignName
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.results import Result

NOT_ACROSS = NotEstimable("each reader reads under one modality only")
ONE_READER = NotEstimable("no two readers share their cases")
ONE_MODALITY_ONLY = NotEstimable("there is only one modality")
ROUNDING = 1e-12
"""A sum below this share of its largest part is nothing but rounding."""
WITHOUT_COMMON_CASES: dict[DesignName, tuple[str, ...]] = {
    "cases_nested": ("cov1", "cov3"),
    "both_nested": ("cov3",),
    "cases_nested_in_readers": ("cov2", "cov3"),
}


@dataclass(frozen=True, slots=True)
class OrComponents(Result):
    """Variance components of the Obuchowski-Rockette model.

    ``error_by_modality`` and ``cov2_by_modality`` are those of each modality alone, ``error_by_reader`` and
    ``cov1_by_reader`` those of each reader alone.
    """

    reader: Estimate
    modality_by_reader: Estimate
    error: Estimate
    cov1: Estimate
    cov2: Estimate
    cov3: Estimate
    error_by_modality: tuple[Estimate, ...]
    cov2_by_modality: tuple[Estimate, ...]
    error_by_reader: tuple[Estimate, ...]
    cov1_by_reader: tuple[Estimate, ...]


def components(cells: CellEstimates, table: AnovaTable) -> OrComponents:
    """The components from the covariance of the cells and the mean squares."""
    if isinstance(cells.covariance, NotEstimable):
        none = cells.covariance
        t, j = cells.values.shape
        return OrComponents(
            none, none, none, none, none, none, (none,) * t, (none,) * t, (none,) * j, (none,) * j
        )
    pairs = _Pairs.of(cells)
    matrix = cells.covariance.reshape(cells.values.size, cells.values.size)
    zero = WITHOUT_COMMON_CASES.get(cells.design.name, ())
    error = float(np.diag(matrix)[pairs.cells].mean())
    cov1 = _mean(
        matrix, pairs.cov1, NOT_ACROSS if is_nested(cells.design) else ONE_MODALITY_ONLY, zero="cov1" in zero
    )
    cov2 = _mean(matrix, pairs.cov2, ONE_READER, zero="cov2" in zero)
    absent = ONE_MODALITY_ONLY if cells.values.shape[0] == 1 else ONE_READER
    cov3 = _mean(matrix, pairs.cov3, absent, zero="cov3" in zero)
    reader, interaction = _reader_components(cells, table, error, (cov1, cov2, cov3))
    t, j = cells.values.shape
    modality = np.arange(t * j) // j
    person = np.arange(t * j) % j
    return OrComponents(
        reader,
        interaction,
        error,
        cov1,
        cov2,
        cov3,
        tuple(float(np.diag(matrix)[pairs.cells & (modality == i)].mean()) for i in range(t)),
        tuple(
            _mean(matrix, pairs.cov2 & _both(modality == i), ONE_READER, zero="cov2" in zero)
            for i in range(t)
        ),
        tuple(float(np.diag(matrix)[pairs.cells & (person == k)].mean()) for k in range(j)),
        tuple(
            NOT_ACROSS
            if is_nested(cells.design)
            else _mean(matrix, pairs.cov1 & _both(person == k), ONE_MODALITY_ONLY, zero="cov1" in zero)
            for k in range(j)
        ),
    )


def _reader_components(
    cells: CellEstimates, table: AnovaTable, error: float, covariances: tuple[Estimate, Estimate, Estimate]
) -> tuple[Estimate, Estimate]:
    """Var(R) and Var(T×R); Var(R(T)) and nothing when readers are nested."""
    cov1, cov2, cov3 = covariances
    if is_nested(cells.design):
        none = undefined(table.ms_error, cov2)
        return none or _component(number(table.ms_error), -error, number(cov2)), NOT_ACROSS
    if cells.values.shape[0] == 1:
        none = undefined(table.ms_reader, cov2)
        return none or _component(number(table.ms_reader), -error, number(cov2)), ONE_MODALITY_ONLY
    none = undefined(table.ms_reader, table.ms_error, cov1, cov2, cov3)
    if none:
        return none, none
    between, within, t = number(table.ms_reader), number(table.ms_error), cells.values.shape[0]
    return (
        _component(between / t, -within / t, -number(cov1), number(cov3)),
        _component(within, -error, number(cov1), number(cov2), -number(cov3)),
    )


def _component(*parts: float) -> float:
    """The sum; 0 where nothing but rounding is left of its parts, so that no noise is called a negative variance."""
    total = math.fsum(parts)
    return 0.0 if abs(total) <= ROUNDING * max(abs(part) for part in parts) else total


def _mean(matrix: Floats, pairs: Bools, absent: NotEstimable, *, zero: bool) -> Estimate:
    if zero:
        return 0.0
    return float(matrix[pairs].mean()) if pairs.any() else absent


def _both(members: Bools) -> Bools:
    return np.logical_and.outer(members, members)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Which entries of the covariance matrix of all cells are of which kind."""

    cells: Bools
    cov1: Bools
    cov2: Bools
    cov3: Bools

    @classmethod
    def of(cls, cells: CellEstimates) -> "_Pairs":
        """By modality, reader and group of each cell present."""
        t, j = cells.values.shape
        present = cells.present().reshape(-1)
        modality, reader = np.arange(t * j) // j, np.arange(t * j) % j
        group = np.asarray(analysis_groups(cells.design))[reader]
        both = _both(present)
        same_modality = np.equal.outer(modality, modality)
        same_reader = np.equal.outer(reader, reader)
        same_group = np.equal.outer(group, group)
        return cls(
            present,
            both & same_reader & ~same_modality,
            both & same_modality & ~same_reader & same_group,
            both & ~same_modality & ~same_reader & same_group,
        )
