"""The Obuchowski-Rockette analysis with Hillis's degrees of freedom, for two and more modalities and every design.

Three analyses stand side by side: random readers and random cases (the one that generalizes to both), fixed readers
(chi-square and z), fixed cases (the readers' ANOVA alone).

Conventions, where the references disagree:

- Cov2 - Cov3 below 0 counts as 0 in every error term, also with fixed readers, as in OR-DBM MRMC 2.51 (the authors'
  program) and RJafroc; MRMCaov 0.3.0 does not truncate there. A single modality's Cov2 is truncated likewise.
- Intervals of means are clipped to the range of the figure, as in MRMCaov.
- Differences of single readers use the standard error of that reader and pair; RJafroc pools it over the pairs, MRMCaov
  0.3.0 recycles it wrongly. With two modalities all agree.
- Readers nested in modality: the multiple of Cov2 - Cov3 is (N^2 - sum N_i^2)/(N(t-1)), which with r readers each is
  Hillis's r; MRMCaov 0.3.0 has N instead of N^2 there, which turns it negative.
- p-values come from the survival functions, so that they do not stop at 1e-16.

References
----------
Obuchowski NA, Rockette HE. Commun Stat Simul Comput 1995;24:285-308. Hillis SL. Stat Med 2007;26:596-619.
Hillis SL, Berbaum KS, Metz CE. Acad Radiol 2008;15:647-661. Hillis SL. Stat Med 2014;33:330-360.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.anova import ONE_MODALITY, AnovaTable, CaseWeights, anova, case_weights, is_nested
from backend.analysis.mrmc.arrays import Floats
from backend.analysis.mrmc.cells import CellEstimates
from backend.analysis.mrmc.components import OrComponents, components
from backend.analysis.mrmc.design import DesignName, MissingRead
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.mrmc.inference import (
    NO_SPREAD,
    Analysis,
    ModalityDifference,
    ModalityMean,
    OverallTest,
    Spread,
    chi_square_test,
    difference,
    f_test,
    mean,
    satterthwaite,
    t_or_z,
)
from backend.analysis.reporting.journal_numbers import significant_text
from backend.analysis.results import Interval, Result, check_level

TRUNCATED = "Cov2 - Cov3 is negative ({}) and counts as 0 in the error terms."


@dataclass(frozen=True, slots=True)
class ReaderFigure(Result):
    """The figure of merit of one reader under one modality, over random cases."""

    modality: str
    reader: str
    n_positive: int
    n_negative: int
    estimate: float
    se: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class ReaderDifference(Result):
    """One reader's difference between two modalities, a minus b, z test over random cases."""

    reader: str
    modality_a: str
    modality_b: str
    difference: float
    se: Estimate
    z: Estimate
    p: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class OrResult(Result):
    """Everything that the analysis of one study says."""

    method: str
    figure: str
    figure_method: str
    covariance_method: str
    seed: int | None
    n_resamples: int | None
    level: float
    design: DesignName
    design_text: str
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    n_positive: int
    n_negative: int
    missing: tuple[MissingRead, ...]
    reader_figures: tuple[ReaderFigure, ...]
    anova: AnovaTable
    components: OrComponents
    random_readers_random_cases: Analysis
    fixed_readers: Analysis
    fixed_cases: Analysis
    reader_differences: tuple[ReaderDifference, ...]
    warnings: tuple[str, ...]


def obuchowski_rockette(cells: CellEstimates, *, level: float = 0.95) -> OrResult:
    """The analysis of figures of merit with their covariance.

    Parameters
    ----------
    cells
        From :func:`backend.analysis.mrmc.covariance.estimate_cells`, or from
        :func:`backend.analysis.mrmc.cells.cells_from_jackknife` for a figure computed elsewhere.
    level
        Confidence of the intervals.

    Returns
    -------
    OrResult
        One reader: only the analysis with fixed readers. One modality: no test, only its mean. An error term of 0
        (no variation at all), a readers' mean square of 0, a single case of a class: not estimable, with the reason.
    """
    check_level(level)
    table = anova(cells.values, cells.design)
    parts = components(cells, table)
    study = _Study(cells, table, parts, case_weights(cells.present(), cells.design), level)
    return OrResult(
        "obuchowski_rockette",
        cells.figure,
        cells.figure_method,
        cells.covariance_method,
        cells.seed,
        cells.n_resamples,
        level,
        cells.design.name,
        cells.design.text,
        cells.modalities,
        cells.readers,
        *cells.n_cases,
        cells.missing,
        _reader_figures(cells, level),
        table,
        parts,
        _random_random(study),
        _fixed_readers(study),
        _fixed_cases(study),
        _reader_differences(cells, level),
        (*cells.warnings, *_warnings(study)),
    )


@dataclass(frozen=True, slots=True)
class _Study:
    """What the three analyses share."""

    cells: CellEstimates
    table: AnovaTable
    parts: OrComponents
    weights: CaseWeights
    level: float

    def means(self) -> Floats:
        averages: Floats = np.nanmean(self.cells.values, axis=1)
        return averages

    def pairs(self) -> list[tuple[int, int]]:
        return list(combinations(range(len(self.cells.modalities)), 2))

    def case_part(self, of_cov2: float, of_cov3: float) -> Estimate:
        """A multiple of Cov2 less one of Cov3, 0 where it would be negative; none where there is no second reader."""
        if none := undefined(self.parts.cov2, self.parts.cov3):
            return 0.0 if _only_reader(self) else none
        part = of_cov2 * number(self.parts.cov2) - of_cov3 * number(self.parts.cov3)
        return 0.0 if part <= 1e-12 * number(self.parts.error) else part

    def difference(self, i: int, k: int, spread: Spread) -> ModalityDifference:
        averages = self.means()
        low, high = self.cells.bounds
        return difference(
            self.cells.modalities[i],
            self.cells.modalities[k],
            float(averages[i] - averages[k]),
            spread,
            level=self.level,
            width=high - low,
        )

    def mean(self, i: int, spread: Spread) -> ModalityMean:
        estimate = float(self.means()[i])
        return mean(self.cells.modalities[i], estimate, spread, level=self.level, bounds=self.cells.bounds)


def _only_reader(study: _Study) -> bool:
    return not is_nested(study.cells.design) and len(study.cells.readers) == 1


def _random_random(study: _Study) -> Analysis:
    return Analysis(
        "the population of readers and the population of cases",
        _overall_random(study, study.case_part(*study.weights.omnibus)),
        tuple(study.difference(i, k, _random_spread(study, i, k)) for i, k in study.pairs()),
        tuple(study.mean(i, _random_mean(study, i)) for i in range(len(study.cells.modalities))),
    )


def _overall_random(study: _Study, case_part: Estimate) -> OverallTest | NotEstimable:
    if len(study.cells.modalities) == 1:
        return ONE_MODALITY
    if none := undefined(study.table.ms_error, case_part):
        spread = Spread(none, none)
    else:
        spread = satterthwaite(number(study.table.ms_error), number(case_part), study.table.df_error)
    return f_test(study.table.ms_modality, spread, study.table.df_modality)


def _multiples(weights: CaseWeights, i: int, k: int) -> tuple[float, float]:
    """The multiples of Cov2 and of Cov3 in the variance of the difference of two modalities."""
    return float(weights.within[i] + weights.within[k]), float(2.0 * weights.between[i, k])


def _random_spread(study: _Study, i: int, k: int) -> Spread:
    weights = study.weights
    case_part = study.case_part(*_multiples(weights, i, k))
    return _reader_and_case(
        study.table.ms_error, float(weights.reader[i, k]), case_part, study.table.df_error
    )


def _random_mean(study: _Study, i: int) -> Spread:
    weights = study.weights
    cov2 = study.parts.cov2_by_modality[i]
    case_part = cov2 if isinstance(cov2, NotEstimable) else max(cov2, 0.0) * float(weights.within[i])
    table = study.table
    share = 1.0 / weights.n_readers[i]
    return _reader_and_case(table.ms_reader_by_modality[i], share, case_part, table.df_reader_by_modality[i])


def _reader_and_case(mean_square: Estimate, share: float, case_part: Estimate, df: int) -> Spread:
    if none := undefined(mean_square, case_part):
        return Spread(none, none)
    return satterthwaite(number(mean_square) * share, number(case_part), df)


def _fixed_readers(study: _Study) -> Analysis:
    weights = study.weights
    test: OverallTest | NotEstimable = ONE_MODALITY
    if len(study.cells.modalities) > 1:
        base = _fixed_base(study)
        case_part = study.case_part(*(_less_one(study, share) for share in weights.omnibus))
        ms_modality = study.table.ms_modality
        test = chi_square_test(ms_modality, _sum(base, 1.0, case_part), study.table.df_modality)
    return Analysis(
        "the population of cases, for these readers",
        test,
        tuple(study.difference(i, k, _fixed_spread(study, i, k)) for i, k in study.pairs()),
        tuple(study.mean(i, _fixed_mean(study, i)) for i in range(len(study.cells.modalities))),
    )


def _less_one(study: _Study, share: float) -> float:
    """(m - 1)(Cov2 - Cov3) beside Var - Cov1 for crossed readers, the whole case part beside Var - Cov2 for nested."""
    return share if is_nested(study.cells.design) else share - 1.0


def _fixed_base(study: _Study) -> Estimate:
    """Var - Cov1 for crossed readers, Var - Cov2 for nested ones (Var where a modality has one reader)."""
    other = study.parts.cov2 if is_nested(study.cells.design) else study.parts.cov1
    if none := undefined(study.parts.error, other):
        return none
    return number(study.parts.error) - number(other)


def _fixed_spread(study: _Study, i: int, k: int) -> Spread:
    weights = study.weights
    own = 0.0 if is_nested(study.cells.design) else float(weights.reader[i, k])
    case_part = study.case_part(
        weights.within[i] + weights.within[k] - own, 2.0 * weights.between[i, k] - own
    )
    return Spread(_sum(_fixed_base(study), float(weights.reader[i, k]), case_part), None)


def _fixed_mean(study: _Study, i: int) -> Spread:
    error, cov2 = study.parts.error_by_modality[i], study.parts.cov2_by_modality[i]
    share = 1.0 / study.weights.n_readers[i]
    of_cov2 = float(study.weights.within[i]) - share
    if of_cov2 <= 1e-15:
        return Spread(_sum(error, share, 0.0), None)
    if none := undefined(error, cov2):
        return Spread(none, None)
    return Spread(_sum(error, share, max(number(cov2), 0.0) * of_cov2), None)


def _sum(base: Estimate, share: float, case_part: Estimate) -> Estimate:
    if none := undefined(base, case_part):
        return none
    variance = number(base) * share + number(case_part)
    return variance if variance > 1e-30 else NO_SPREAD


def _fixed_cases(study: _Study) -> Analysis:
    table, weights = study.table, study.weights
    return Analysis(
        "the population of readers, for these cases",
        _overall_random(study, 0.0),
        tuple(
            study.difference(
                i, k, _reader_and_case(table.ms_error, float(weights.reader[i, k]), 0.0, table.df_error)
            )
            for i, k in study.pairs()
        ),
        tuple(
            study.mean(i, _reader_and_case(ms, 1.0 / n, 0.0, df))
            for i, (ms, n, df) in enumerate(
                zip(table.ms_reader_by_modality, weights.n_readers, table.df_reader_by_modality, strict=True)
            )
        ),
    )


def _reader_figures(cells: CellEstimates, level: float) -> tuple[ReaderFigure, ...]:
    figures = []
    for i, j in np.argwhere(cells.present()):
        variance: Estimate
        if isinstance(cells.covariance, NotEstimable):
            variance = cells.covariance
        else:
            variance = float(cells.covariance[i, j, i, j])
            variance = (
                variance if variance > 1e-30 else NotEstimable("the figure does not vary over the cases")
            )
        low, high = cells.bounds
        estimate = float(cells.values[i, j])
        se, _, _, ci = t_or_z(estimate, Spread(variance, None), level=level, low=low, high=high)
        figures.append(
            ReaderFigure(
                cells.modalities[i],
                cells.readers[j],
                cells.n_positive[i][j],
                cells.n_negative[i][j],
                estimate,
                se,
                ci,
            )
        )
    return tuple(figures)


def _reader_differences(cells: CellEstimates, level: float) -> tuple[ReaderDifference, ...]:
    found = []
    low, high = cells.bounds
    for j, reader in enumerate(cells.readers):
        under = [i for i in range(len(cells.modalities)) if not np.isnan(cells.values[i, j])]
        for i, k in combinations(under, 2):
            estimate = float(cells.values[i, j] - cells.values[k, j])
            spread = Spread(_pair_variance(cells, i, k, j), None)
            se, z, p, ci = t_or_z(estimate, spread, level=level, low=low - high, high=high - low)
            found.append(
                ReaderDifference(reader, cells.modalities[i], cells.modalities[k], estimate, se, z, p, ci)
            )
    return tuple(found)


def _pair_variance(cells: CellEstimates, i: int, k: int, j: int) -> Estimate:
    if isinstance(cells.covariance, NotEstimable):
        return cells.covariance
    c = cells.covariance
    variance = float(c[i, j, i, j] + c[k, j, k, j] - 2.0 * c[i, j, k, j])
    rounding = 1e-12 * float(c[i, j, i, j] + c[k, j, k, j])
    return variance if variance > rounding else NotEstimable("the difference does not vary over the cases")


def _warnings(study: _Study) -> list[str]:
    said = []
    parts = study.parts
    if undefined(parts.cov2, parts.cov3) is None and number(parts.cov2) < number(parts.cov3):
        said.append(TRUNCATED.format(significant_text(number(parts.cov2) - number(parts.cov3))))
    for modality, cov2 in zip(study.cells.modalities, parts.cov2_by_modality, strict=True):
        if not isinstance(cov2, NotEstimable) and cov2 < 0.0:
            said.append(
                f"Cov2 of modality {modality} alone is negative ({significant_text(cov2)}) and counts as 0 in its "
                "interval."
            )
    for name, value in (("Var(R)", parts.reader), ("Var(T×R)", parts.modality_by_reader)):
        if not isinstance(value, NotEstimable) and value < 0.0:
            said.append(
                f"The ANOVA estimate of {name} is negative ({significant_text(value)}); it is reported as it is and "
                "enters no test."
            )
    if is_nested(study.cells.design):
        said.append(
            "Each reader read under one modality: with fixed readers a difference between modalities cannot be told "
            "from a difference between their readers."
        )
    return said
