"""The model alone against the panel of readers, on the same cases.

The model is one fixed test, the readers are a sample of readers. With d_j = figure of the model minus figure of reader
j, the random-reader random-case test of one modality (Hillis SL, Obuchowski NA, Schartz KM, Berbaum KS. Stat Med
2005;24:1579-1607, eq. 23; Hillis SL. Stat Med 2007;26:596-619, p. 607; RJafroc's 1T-RRRC) is

    t = mean d / SE, SE^2 = (MS(d) + J max(Cov2_d, 0))/J, df = (MS(d) + J max(Cov2_d, 0))^2 / (MS(d)^2/(J-1)),

Cov2_d being the mean covariance over cases of two readers' differences. The sign is that of the model: positive means
that the model is better (RJafroc has the opposite sign). Non-inferiority with margin M tests mean d <= -M one-sided at
half of 1 - level, which is the lower bound of the interval above -M; superiority likewise with 0.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Floats
from backend.analysis.mrmc.cells import CellEstimates
from backend.analysis.mrmc.design import MissingRead
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.mrmc.inference import NO_SPREAD, Spread, satterthwaite, t_or_z, upper_tail
from backend.analysis.mrmc.ratings import MrmcData, mrmc_from_array
from backend.analysis.reporting.journal_numbers import significant_text
from backend.analysis.results import Interval, Result, check_level


@dataclass(frozen=True, slots=True)
class PanelTest(Result):
    """Mean difference model minus readers, one generalization; ``df`` is None where the normal is used.

    ``p`` is two-sided against 0; ``p_superior`` one-sided against "not better", ``p_noninferior`` one-sided against
    "worse by the margin or more" (None without a margin). ``is_superior`` and ``is_noninferior`` compare the lower
    bound of the interval with 0 and with minus the margin.
    """

    generalizes_to: str
    se: Estimate
    df: Estimate | None
    statistic: Estimate
    p: Estimate
    ci: Interval | NotEstimable
    p_superior: Estimate
    is_superior: bool | None
    p_noninferior: Estimate | None
    is_noninferior: bool | None


@dataclass(frozen=True, slots=True)
class ReaderAgainstModel(Result):
    """One reader's figure and the model's difference to it."""

    reader: str
    figure: float
    difference: float


@dataclass(frozen=True, slots=True)
class StandaloneResult(Result):
    """The model, the panel's mean, their difference under three generalizations."""

    method: str
    figure: str
    figure_method: str
    covariance_method: str
    seed: int | None
    level: float
    margin: float | None
    model: str
    modality: str
    model_figure: float
    model_se: Estimate
    model_ci: Interval | NotEstimable
    mean_of_readers: float
    difference: float
    readers: tuple[ReaderAgainstModel, ...]
    n_positive: int
    n_negative: int
    missing: tuple[MissingRead, ...]
    ms_difference: Estimate
    error_difference: Estimate
    cov2_difference: Estimate
    random_readers_random_cases: PanelTest
    fixed_readers: PanelTest
    fixed_cases: PanelTest
    warnings: tuple[str, ...]


def with_model(data: MrmcData, scores: Mapping[str, float], *, modality: str, model: str) -> MrmcData:
    """The reads of one modality with the model as one more reader.

    Parameters
    ----------
    scores
        Case -> score of the model, a higher one more suspicious. Cases that no reader read are left out; a read case
        without a score is a missing read of the model, named in the result.

    Raises
    ------
    AnalysisError
        ``unknown_modality``, ``name_repeated`` (a reader has the model's name), ``score_not_finite`` (names the case),
        ``design_not_covered`` (readers who do not share their cases), ``nothing_read`` (no read case has a score).
    """
    if model in data.readers:
        raise AnalysisError("name_repeated", f"a reader has the model's name {model!r}")
    panel = data.only((modality,))
    if panel.design.name != "fully_crossed":
        raise AnalysisError("design_not_covered", "the readers of the panel do not share their cases")
    row = np.full(len(panel.cases), np.nan)
    for place, case in enumerate(panel.cases):
        score = scores.get(case)
        if score is None:
            continue
        if isinstance(score, bool) or not math.isfinite(score):
            raise AnalysisError(
                "score_not_finite", f"case {case}: the score is {score!r}, not a finite number"
            )
        row[place] = score
    ratings = np.concatenate([panel.ratings[0], row[None, :]])[None, :, :]
    return mrmc_from_array(
        ratings,
        panel.truth.tolist(),
        modalities=(modality,),
        readers=(*panel.readers, model),
        cases=panel.cases,
    )


def model_against_readers(
    cells: CellEstimates, *, model: str, margin: float | None = None, level: float = 0.95
) -> StandaloneResult:
    """Test the model's figure against the mean of the readers'.

    Parameters
    ----------
    cells
        One modality, with the model as one of its readers: ``estimate_cells(with_model(...), figure)``.
    margin
        Non-inferiority margin, positive, on the scale of the figure.

    Raises
    ------
    AnalysisError
        ``several_modalities``, ``unknown_reader`` (the model is not among them), ``too_few_readers`` (none besides the
        model), ``margin_not_positive``.
    """
    check_level(level)
    if margin is not None and not (margin > 0.0 and math.isfinite(margin)):
        raise AnalysisError("margin_not_positive", f"a margin is a positive number, not {margin}")
    if len(cells.modalities) != 1:
        raise AnalysisError(
            "several_modalities", "the panel is that of one modality: restrict the study to it"
        )
    if model not in cells.readers:
        raise AnalysisError("unknown_reader", f"there is no reader {model!r}")
    if len(cells.readers) < 2:
        raise AnalysisError("too_few_readers", "there is no reader besides the model")
    at = cells.readers.index(model)
    differences = np.delete(cells.values[0, at] - cells.values[0], at)
    error, cov2 = _difference_covariances(cells, at)
    j = differences.size
    mean = float(differences.mean())
    ms = _mean_square(differences)
    asked = _Asked(mean, cells.bounds[1] - cells.bounds[0], margin, level)
    own = (
        cells.covariance
        if isinstance(cells.covariance, NotEstimable)
        else float(cells.covariance[0, at, 0, at])
    )
    own = (
        own
        if undefined(own) or number(own) > 1e-30
        else NotEstimable("the model's figure does not vary over cases")
    )
    figure = float(cells.values[0, at])
    se, _, _, ci = t_or_z(figure, Spread(own, None), level=level, low=cells.bounds[0], high=cells.bounds[1])
    return StandaloneResult(
        "model_against_readers",
        cells.figure,
        cells.figure_method,
        cells.covariance_method,
        cells.seed,
        level,
        margin,
        model,
        cells.modalities[0],
        figure,
        se,
        ci,
        float(np.delete(cells.values[0], at).mean()),
        mean,
        tuple(
            ReaderAgainstModel(reader, float(value), float(figure - value))
            for reader, value in zip(cells.readers, cells.values[0], strict=True)
            if reader != model
        ),
        *cells.n_cases,
        cells.missing,
        ms,
        error,
        cov2,
        asked.test("the population of readers and the population of cases", _random(ms, cov2, j)),
        asked.test("the population of cases, for these readers", _fixed_readers(error, cov2, j)),
        asked.test("the population of readers, for these cases", _random(ms, 0.0, j)),
        (*cells.warnings, *_warnings(cov2)),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    mean: float
    width: float
    margin: float | None
    level: float

    def test(self, generalizes_to: str, spread: Spread) -> PanelTest:
        se, statistic, p, ci = t_or_z(self.mean, spread, level=self.level, low=-self.width, high=self.width)
        if none := undefined(statistic):
            asked = None if self.margin is None else none
            return PanelTest(generalizes_to, se, spread.df, none, none, ci, none, None, asked, None)
        df = None if spread.df is None else number(spread.df)
        superior = upper_tail(number(statistic), df)
        bound = (1.0 - self.level) / 2.0
        noninferior = None
        if self.margin is not None:
            noninferior = upper_tail((self.mean + self.margin) / number(se), df)
        return PanelTest(
            generalizes_to,
            se,
            spread.df,
            statistic,
            p,
            ci,
            superior,
            superior < bound,
            noninferior,
            None if noninferior is None else noninferior < bound,
        )


def _difference_covariances(cells: CellEstimates, at: int) -> tuple[Estimate, Estimate]:
    """Mean variance and mean covariance, over cases, of the differences of two readers to the model."""
    if isinstance(cells.covariance, NotEstimable):
        return cells.covariance, cells.covariance
    c: Floats = cells.covariance[0, :, 0, :]
    of_differences = np.delete(np.delete(c - c[at, :][None, :] - c[:, at][:, None] + c[at, at], at, 0), at, 1)
    j = of_differences.shape[0]
    error = float(np.diag(of_differences).mean())
    if j == 1:
        return error, NotEstimable("there is only one reader")
    return error, float((of_differences.sum() - np.diag(of_differences).sum()) / (j * (j - 1)))


def _mean_square(differences: Floats) -> Estimate:
    if differences.size == 1:
        return NotEstimable("there is only one reader")
    square = float(((differences - differences.mean()) ** 2).sum())
    return 0.0 if square <= 1e-26 * differences.size else square / (differences.size - 1)


def _random(ms: Estimate, cov2: Estimate, j: int) -> Spread:
    if none := undefined(ms, cov2):
        return Spread(none, none)
    return satterthwaite(number(ms) / j, _not_negative(number(cov2)), j - 1)


def _not_negative(covariance: float) -> float:
    return covariance if covariance > 1e-20 else 0.0


def _fixed_readers(error: Estimate, cov2: Estimate, j: int) -> Spread:
    if j == 1:
        cov2 = 0.0
    if none := undefined(error, cov2):
        return Spread(none, None)
    variance = (number(error) + (j - 1) * max(number(cov2), 0.0)) / j
    return Spread(variance if variance > 1e-20 else NO_SPREAD, None)


def _warnings(cov2: Estimate) -> tuple[str, ...]:
    if undefined(cov2) or number(cov2) >= 0.0:
        return ()
    return (
        f"The covariance of two readers' differences is negative ({significant_text(number(cov2))}) and counts as 0.",
    )
