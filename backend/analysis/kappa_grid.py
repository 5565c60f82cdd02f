"""The kappa matrix as a square of readers and models for a heatmap, with bands and its averages.

The mean over pairs of readers is Light's kappa (1971). Pairs of a reader with a model are averaged apart:
how well a model agrees with readers is read against how well readers agree with each other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.agreement import KappaMatrix
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result


@dataclass(frozen=True, slots=True)
class Band(Result):
    """A band of Landis and Koch: above ``low``, up to and with ``high``; slight holds 0 too."""

    name: str
    low: float
    high: float


# Landis JR, Koch GG. Biometrics 1977;33:159-174.
LANDIS_KOCH_BANDS = (
    Band("poor", -1.0, 0.0),
    Band("slight", 0.0, 0.2),
    Band("fair", 0.2, 0.4),
    Band("moderate", 0.4, 0.6),
    Band("substantial", 0.6, 0.8),
    Band("almost perfect", 0.8, 1.0),
)


@dataclass(frozen=True, slots=True)
class KappaCell(Result):
    """One cell of the heatmap; ``text`` is kappa with two decimals or a dash."""

    kappa: Estimate
    ci: Interval | NotEstimable
    band: str | NotEstimable
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class MeanKappa(Result):
    """Mean kappa over ``n_pairs`` pairs; ``n_undefined`` more have none."""

    mean: Estimate
    minimum: Estimate
    maximum: Estimate
    n_pairs: int
    n_undefined: int


@dataclass(frozen=True, slots=True)
class ModelAgreement(Result):
    """A model's mean kappa with the readers."""

    model: str
    with_readers: MeanKappa


@dataclass(frozen=True, slots=True)
class KappaGrid(Result):
    """Rows and columns in the order of ``raters``: readers sorted, then models; the diagonal is ``None``."""

    method: str
    raters: tuple[str, ...]
    models: tuple[str, ...]
    weights: str
    bands: tuple[Band, ...]
    cells: tuple[tuple[KappaCell | None, ...], ...]
    among_readers: MeanKappa
    models_with_readers: tuple[ModelAgreement, ...]


def kappa_grid(matrix: KappaMatrix, *, models: Sequence[str] = ()) -> KappaGrid:
    """The square of a kappa matrix, symmetric, models last.

    Parameters
    ----------
    matrix
        From :func:`~backend.analysis.agreement.kappa_matrix`, with the models among its raters.
    models
        Which raters are models.

    Raises
    ------
    AnalysisError
        A model that is not in the matrix.
    """
    unknown = sorted(set(models) - set(matrix.raters))
    if unknown:
        raise AnalysisError("unknown_rater", f"the matrix has no model {unknown[0]}")
    readers = tuple(name for name in matrix.raters if name not in models)
    ordered = (*readers, *sorted(models))
    cells = {
        frozenset((pair.rater_a, pair.rater_b)): KappaCell(
            pair.result.kappa,
            pair.result.ci,
            pair.result.band,
            pair.result.n,
            "–" if isinstance(pair.result.kappa, NotEstimable) else f"{pair.result.kappa:.2f}",
        )
        for pair in matrix.pairs
    }
    pairs_of_readers = [cells[key] for key in cells if not key & set(models)]
    return KappaGrid(
        method="kappa_light",
        raters=ordered,
        models=tuple(sorted(models)),
        weights=matrix.weights,
        bands=LANDIS_KOCH_BANDS,
        cells=tuple(
            tuple(None if row == column else cells[frozenset((row, column))] for column in ordered)
            for row in ordered
        ),
        among_readers=_mean(pairs_of_readers, "there are no two readers"),
        models_with_readers=tuple(
            ModelAgreement(
                model, _mean([cells[frozenset((model, reader))] for reader in readers], "there is no reader")
            )
            for model in sorted(models)
        ),
    )


def _mean(cells: Sequence[KappaCell], nobody: str) -> MeanKappa:
    kappas = [cell.kappa for cell in cells if not isinstance(cell.kappa, NotEstimable)]
    if not kappas:
        none = NotEstimable("no pair has a kappa" if cells else nobody)
        return MeanKappa(none, none, none, 0, len(cells))
    mean = math.fsum(kappas) / len(kappas)
    return MeanKappa(mean, min(kappas), max(kappas), len(kappas), len(cells) - len(kappas))
