"""Figures of merit of every reader under every modality, with their covariance: what every analysis starts from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable, named_reader
from backend.analysis.mrmc.arrays import Bools, Floats
from backend.analysis.mrmc.design import Design, MissingRead, recognize


@dataclass(frozen=True, slots=True, eq=False)
class CellEstimates:
    """Figures of merit of all readers and modalities.

    Attributes
    ----------
    figure, figure_method, bounds
        The figure's name, the key of its method, the range of its values.
    modalities, readers, design, missing
        As in the dataset.
    n_positive, n_negative
        Shape (modalities, readers): the cases behind each figure.
    n_cases
        Positive and negative cases of the whole study.
    values
        Shape (modalities, readers); NaN where the reader does not read under the modality. Not for output.
    covariance
        Shape (modalities, readers, modalities, readers), 0 where a cell is absent; or why there is none.
    covariance_method
        The key of the method of the covariance.
    seed, n_resamples
        Of the bootstrap, otherwise ``None``.
    """

    figure: str
    figure_method: str
    bounds: tuple[float, float]
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    design: Design
    missing: tuple[MissingRead, ...]
    n_positive: tuple[tuple[int, ...], ...]
    n_negative: tuple[tuple[int, ...], ...]
    n_cases: tuple[int, int]
    values: Floats
    covariance: Floats | NotEstimable
    covariance_method: str
    seed: int | None
    n_resamples: int | None
    warnings: tuple[str, ...]

    def present(self) -> Bools:
        """Shape (modalities, readers): True where there is a figure."""
        return np.asarray(~np.isnan(self.values), dtype=np.bool_)


def jackknife_covariance(left_out: Floats) -> Floats:
    """(K - 1)/K times the centered sum of products of the figures without each of K cases.

    Parameters
    ----------
    left_out
        Shape (cells, K): a case that a cell does not contain leaves the cell's figure as it is.
    """
    k = left_out.shape[1]
    centered = left_out - left_out.mean(axis=1, keepdims=True)
    products: Floats = (k - 1) / k * (centered @ centered.T)
    return products


def cells_from_jackknife(
    *,
    figure: str,
    figure_method: str,
    modalities: Sequence[str],
    readers: Sequence[str],
    truth: Bools,
    read: Bools,
    values: Floats,
    left_out: Floats,
    bounds: tuple[float, float] = (0.0, 1.0),
    missing: tuple[MissingRead, ...] = (),
) -> CellEstimates:
    """Cells of a figure of merit computed elsewhere (of located marks, for example), with jackknife covariance.

    Parameters
    ----------
    truth
        Shape (cases,).
    read
        Shape (modalities, readers, cases): True where a read was made.
    values
        Shape (modalities, readers), NaN where the reader does not read under the modality.
    left_out
        Shape (modalities, readers, K): the figure without each of the K cases that the figure uses; where a case is
        not in the cell, the cell's figure itself.

    Raises
    ------
    AnalysisError
        ``wrong_shape``, ``figure_undefined`` (a value or a leave-one-out value is not finite; names the cell).
    """
    shape = (len(modalities), len(readers))
    if values.shape != shape or left_out.shape[:2] != shape or read.shape != (*shape, truth.size):
        raise AnalysisError(
            "wrong_shape", f"values {values.shape} and left_out {left_out.shape} do not fit {shape}"
        )
    present = np.asarray(~np.isnan(values), dtype=np.bool_)
    for i, j in np.argwhere(present):
        if not np.isfinite(left_out[i, j]).all():
            raise AnalysisError(
                "figure_undefined",
                f"{figure} of {named_reader(readers[j])} under modality {modalities[i]} is undefined without some case",
            )
    matrix = jackknife_covariance(left_out[present])
    positives, negatives = counts(read, truth)
    return CellEstimates(
        figure,
        figure_method,
        bounds,
        tuple(modalities),
        tuple(readers),
        recognize(read, tuple(modalities), tuple(readers)),
        missing,
        positives,
        negatives,
        (int(truth.sum()), int((~truth).sum())),
        values,
        spread(matrix, present),
        "covariance_jackknife",
        None,
        None,
        (),
    )


def counts(read: Bools, truth: Bools) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """The positive and the negative cases read in each cell."""
    positives = read[:, :, truth].sum(axis=2).tolist()
    negatives = read[:, :, ~truth].sum(axis=2).tolist()
    return tuple(map(tuple, positives)), tuple(map(tuple, negatives))


def spread(matrix: Floats, present: Bools) -> Floats:
    """The covariance matrix of the cells present, as (modalities, readers, modalities, readers)."""
    rows, columns = np.nonzero(present)
    full = np.zeros((*present.shape, *present.shape))
    full[rows[:, None], columns[:, None], rows[None, :], columns[None, :]] = matrix
    return full
