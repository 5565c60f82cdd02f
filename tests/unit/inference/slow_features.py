"""The six features of the published score, computed the slow and obvious way: loops and numpy, no
PyRadiomics.

Written from the definitions in the Image Biomarker Standardisation Initiative's manual
(arXiv:1612.07003v11), with PyRadiomics' conventions where the two differ: bins by `numpy.histogram`'s
edges, texture averaged over 13 directions.
"""

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from inference.contracts import Triple

DIRECTIONS = [step for step in itertools.product((-1, 0, 1), repeat=3) if step > (0, 0, 0)]
NEIGHBORS = [step for step in itertools.product((-1, 0, 1), repeat=3) if step != (0, 0, 0)]


def slow_features(
    array: NDArray[np.generic], mask: NDArray[np.bool_], spacing: Triple, bin_count: int
) -> dict[str, float]:
    """Six features by PyRadiomics' names; array and mask (z, y, x), spacing (x, y, z) mm."""
    levels = bin_levels(array, mask, bin_count)
    matrices = cooccurrence_matrices(levels)
    dependence = dependence_counts(levels)
    return {
        "shape_Elongation": elongation(mask, spacing),
        "glcm_InverseVariance": float(np.mean([inverse_variance(matrix) for matrix in matrices])),
        "glcm_MCC": float(np.mean([maximal_correlation(matrix) for matrix in matrices])),
        "ngtdm_Coarseness": coarseness(levels),
        "gldm_DependenceEntropy": entropy(dependence),
        "gldm_LargeDependenceHighGrayLevelEmphasis": float(
            np.mean([(level * count) ** 2 for level, count in dependence])
        ),
    }


def bin_levels(
    array: NDArray[np.generic], mask: NDArray[np.bool_], bin_count: int
) -> dict[tuple[int, int, int], int]:
    values = array[mask].astype(np.float64)
    edges = np.linspace(values.min(), values.max(), bin_count + 1)
    binned = np.minimum(np.searchsorted(edges, values, side="right"), bin_count)
    return {
        (int(z), int(y), int(x)): int(level)
        for (z, y, x), level in zip(np.argwhere(mask), binned, strict=True)
    }


def moved(place: tuple[int, int, int], step: tuple[int, int, int]) -> tuple[int, int, int]:
    return place[0] + step[0], place[1] + step[1], place[2] + step[2]


def elongation(mask: NDArray[np.bool_], spacing: Triple) -> float:
    points = np.argwhere(mask) * np.array(spacing[::-1])
    variances = np.sort(np.linalg.eigvalsh(np.cov(points.T, bias=True)))
    return math.sqrt(variances[1] / variances[2])


def cooccurrence_matrices(levels: dict[tuple[int, int, int], int]) -> list[NDArray[np.float64]]:
    top = max(levels.values())
    matrices = []
    for step in DIRECTIONS:
        counts = np.zeros((top + 1, top + 1))
        for place, level in levels.items():
            other = levels.get(moved(place, step))
            if other is not None:
                counts[level, other] += 1
                counts[other, level] += 1
        if counts.sum():
            matrices.append(counts / counts.sum())
    return matrices


def inverse_variance(matrix: NDArray[np.float64]) -> float:
    return sum(p / (i - j) ** 2 for (i, j), p in np.ndenumerate(matrix) if i != j)


def maximal_correlation(matrix: NDArray[np.float64]) -> float:
    present = matrix.sum(axis=1) > 0
    joint = matrix[np.ix_(present, present)]
    marginal = joint.sum(axis=1)
    quotient = (joint / marginal[:, None]) @ (joint / marginal[None, :]).T
    return math.sqrt(np.sort(np.linalg.eigvals(quotient).real)[-2])


def coarseness(levels: dict[tuple[int, int, int], int]) -> float:
    differences: dict[int, float] = {}
    counts: dict[int, int] = {}
    for place, level in levels.items():
        around = [levels[at] for step in NEIGHBORS if (at := moved(place, step)) in levels]
        if around:
            counts[level] = counts.get(level, 0) + 1
            differences[level] = differences.get(level, 0.0) + abs(level - sum(around) / len(around))
    total = sum(counts.values())
    return 1 / sum(counts[level] / total * differences[level] for level in counts)


def dependence_counts(levels: dict[tuple[int, int, int], int]) -> list[tuple[int, int]]:
    """Per voxel its level, and the voxels of that level in its 3x3x3 box, itself included."""
    return [
        (level, 1 + sum(levels.get(moved(place, step)) == level for step in NEIGHBORS))
        for place, level in levels.items()
    ]


def entropy(items: list[tuple[int, int]]) -> float:
    shares = [items.count(item) / len(items) for item in set(items)]
    return -sum(share * math.log2(share) for share in shares)
