"""Studies for the tests of Obuchowski-Rockette: simulated ones, published numbers, and the slow obvious formulas."""

import csv
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.analysis.mrmc.anova import case_weights
from backend.analysis.mrmc.cells import CellEstimates, spread
from backend.analysis.mrmc.design import Design, recognize
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data, mrmc_from_array

Array = NDArray[np.float64]

# OR-DBM MRMC 2.51 (the authors' program; output of 04/30/2020 shipped with RJafroc, inst/Iowa/VanDyke.txt): reader
# AUCs of the VanDyke study, 45 diseased and 69 other cases. An AUC is a whole number of half pairs: they are exact.
VAN_DYKE_AUCS = np.round(
    np.array(
        [
            [0.91964573, 0.85877617, 0.90386473, 0.97310789, 0.82979066],
            [0.94782609, 0.90531401, 0.92173913, 0.99935588, 0.92995169],
        ]
    )
    * (2 * 45 * 69)
) / (2 * 45 * 69)
# Which of its 45 diseased cases each reader rated 3 or more, in the order of VanDyke.lrc (shipped with RJafroc).
VAN_DYKE_CALLS = (
    (
        "111111111111111011111111011111111111001111110",
        "111111110111110001111111011111110101001111110",
        "111111111111110111111111010011110111001111110",
        "111111111111111011111111111111111111001111111",
        "101011110111110011111111011100010101001111110",
    ),
    (
        "111111111111111111111111111111111111111111110",
        "111111110111111011111111010111110101101111110",
        "101111111111111011111111011111111111111111110",
        "111111111111111111111111111111111111111111111",
        "101111111111111111111111010110110111111111111",
    ),
)
# Likewise Franken1 (67 abnormal and 33 normal cases) and FedRoc (five modalities, 100 and 100 cases).
FRANKEN_AUCS = np.round(
    np.array(
        [[0.85345997, 0.86499322, 0.85730439, 0.81524197], [0.84961556, 0.84350972, 0.84011759, 0.81433740]]
    )
    * (2 * 33 * 67)
) / (2 * 33 * 67)
FED_AUCS = np.array(
    [
        [0.90425, 0.79820, 0.81175, 0.86645],
        [0.86425, 0.84470, 0.82050, 0.87160],
        [0.81295, 0.81635, 0.75275, 0.85730],
        [0.90235, 0.83150, 0.78865, 0.87980],
        [0.84140, 0.77300, 0.77115, 0.84800],
    ]
)


def published_cells(
    values: Array,
    *,
    cov1: float,
    cov3: float,
    error_by_modality: Sequence[float],
    cov2_by_modality: Sequence[float],
    n_cases: tuple[int, int],
) -> CellEstimates:
    """Cells whose averaged covariances are published ones, every pair of a kind alike."""
    t, j = values.shape
    matrix = np.full((t, j, t, j), cov3)
    for i, k in itertools.product(range(t), repeat=2):
        for a, b in itertools.product(range(j), repeat=2):
            if i == k:
                matrix[i, a, k, b] = error_by_modality[i] if a == b else cov2_by_modality[i]
            elif a == b:
                matrix[i, a, k, b] = cov1
    names = tuple(f"m{i + 1}" for i in range(t)), tuple(f"r{a + 1}" for a in range(j))
    return CellEstimates(
        "AUC",
        "fom_auc",
        (0.0, 1.0),
        *names,
        recognize(np.ones((t, j, 4), dtype=np.bool_), *names),
        (),
        ((n_cases[0],) * j,) * t,
        ((n_cases[1],) * j,) * t,
        n_cases,
        values,
        matrix,
        "covariance_jackknife",
        None,
        None,
        (),
    )


def cells_of(values: Array, matrix: Array, design: Design) -> CellEstimates:
    """Cells of any design from values (NaN where absent) and the covariance matrix of the cells present."""
    t, j = values.shape
    return CellEstimates(
        "AUC",
        "fom_auc",
        (0.0, 1.0),
        tuple(f"m{i + 1}" for i in range(t)),
        tuple(f"r{a + 1}" for a in range(j)),
        design,
        (),
        ((50,) * j,) * t,
        ((50,) * j,) * t,
        (50, 50),
        values,
        spread(matrix, np.asarray(~np.isnan(values), dtype=np.bool_)),
        "covariance_jackknife",
        None,
        None,
        (),
    )


def simulate(
    *,
    modalities: int = 2,
    readers: int = 4,
    positives: int = 14,
    negatives: int = 17,
    seed: int = 5,
    levels: int | None = None,
    shift: float = 0.0,
) -> MrmcData:
    """A crossed study with effects of case, reader and modality; ``levels`` rounds the ratings to that many steps."""
    generator = np.random.default_rng(seed)
    n = positives + negatives
    truth = np.arange(n) < positives
    case = generator.normal(size=n) + 1.0 * truth
    reader = generator.normal(0.0, 0.3, size=(readers, 1)) * truth
    both = generator.normal(0.0, 0.5, size=(modalities, 1, n)) + generator.normal(
        0.0, 0.4, size=(1, readers, n)
    )
    effect = shift * np.arange(modalities)[:, None, None] * truth
    ratings = case + reader + both + effect + generator.normal(0.0, 0.6, size=(modalities, readers, n))
    if levels:
        ratings = np.clip(np.round(ratings + levels / 2.0), 1, levels)
    return mrmc_from_array(ratings, truth.tolist())


def restrict(data: MrmcData, mask: NDArray[np.bool_]) -> MrmcData:
    """The study with the reads of the mask only."""
    return mrmc_from_array(np.where(mask, data.ratings, np.nan), data.truth.tolist())


def read_table(path: Path) -> MrmcData:
    """A file reader, modality, case, truth, rating in any order of columns."""
    with path.open(newline="") as file:
        return mrmc_data(
            RatingRecord(
                row["reader"],
                row["modality"],
                row["case"].zfill(4),
                row["truth"] == "1",
                float(row["rating"]),
            )
            for row in csv.DictReader(file)
        )


def pair_counting_auc(truth: NDArray[np.bool_], ratings: Array) -> float:
    """The AUC as it is defined: over all pairs, ties one half."""
    wins = [
        1.0 if x > y else 0.5 if x == y else 0.0
        for x in ratings[truth].tolist()
        for y in ratings[~truth].tolist()
    ]
    return sum(wins) / len(wins)


def slow_jackknife(
    data: MrmcData, value: Callable[[NDArray[np.bool_], Array], float], used: NDArray[np.bool_] | None = None
) -> Array:
    """Covariance of all cells by leaving out each case and computing the figure again."""
    cells = [(i, j) for i, j in np.ndindex(*data.read.shape[:2]) if data.read[i, j].any()]
    numbers = np.flatnonzero(np.ones_like(data.truth) if used is None else used)
    rows = []
    for i, j in cells:
        row = []
        for k in numbers:
            keep = data.read[i, j].copy()
            keep[k] = False
            row.append(value(data.truth[keep], data.ratings[i, j, keep]))
        rows.append(row)
    k = len(numbers)
    return np.atleast_2d(np.cov(np.array(rows), ddof=0)) * (k - 1)


def slow_unbiased(data: MrmcData) -> Array:
    """E[AB] - E[A]E[B] with both moments averaged over pairs and over pairs of pairs without a common case."""
    cells = [(i, j) for i, j in np.ndindex(*data.read.shape[:2]) if data.read[i, j].any()]
    wins = []
    for i, j in cells:
        positives = [k for k in np.flatnonzero(data.truth) if data.read[i, j, k]]
        negatives = [k for k in np.flatnonzero(~data.truth) if data.read[i, j, k]]
        ratings = data.ratings[i, j]
        wins.append(
            {(p, n): 0.5 * (np.sign(ratings[p] - ratings[n]) + 1.0) for p in positives for n in negatives}
        )
    matrix = np.empty((len(cells), len(cells)))
    for a, b in np.ndindex(*matrix.shape):
        apart = [x * y for (p, n), x in wins[a].items() for (q, m), y in wins[b].items() if p != q and n != m]
        product = np.mean(list(wins[a].values())) * np.mean(list(wins[b].values()))
        matrix[a, b] = product - np.mean(apart)
    return matrix


def slow_or_random(values: Array, matrix: Array) -> tuple[float, float, float]:
    """F, df2 and the standard error of a difference of a crossed study, from the formulas as printed."""
    t, j = values.shape
    cells = list(itertools.product(range(t), range(j)))
    cov2 = np.mean([matrix[i, a, k, b] for (i, a) in cells for (k, b) in cells if i == k and a != b])
    cov3 = np.mean([matrix[i, a, k, b] for (i, a) in cells for (k, b) in cells if i != k and a != b])
    grand = values.mean()
    mst = j * sum((values[i].mean() - grand) ** 2 for i in range(t)) / (t - 1)
    mstr = sum((values[i, a] - values[i].mean() - values[:, a].mean() + grand) ** 2 for i, a in cells) / (
        (t - 1) * (j - 1)
    )
    error = mstr + j * max(cov2 - cov3, 0.0)
    return (
        float(mst / error),
        float(error**2 / (mstr**2 / ((t - 1) * (j - 1)))),
        float(np.sqrt(2.0 / j * error)),
    )


def multiples(data: MrmcData) -> tuple[float, float]:
    """The multiples of Cov2 and Cov3 in the error term of the overall test."""
    return case_weights(data.cells(), data.design).omnibus
