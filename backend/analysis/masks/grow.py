"""The region around a click: the server's twin of ``frontend/src/viewer/segmentation/grow.ts``.

A voxel belongs to the object when the way to it from the click costs less than the way from the surroundings, where
crossing edges is what costs. It is GrowCut (Vezhnevets & Konouchine 2005) with summed instead of multiplied
strengths, which makes both sides plain shortest ways, with the object's level and contrast taken from the image.

Every quantity is a whole number and every result is defined without regard to the order of computing. The two
programs share no method beyond this definition, and must give the same voxels.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_fill_holes, convolve, label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from backend.analysis.errors import AnalysisError

VERSION = "grow-1"
MOST_STRENGTH = 10
# By how much nearer the surroundings may be, in percent, for a voxel to belong to the object: 110 × 1.12^strength.
RATIOS = (35, 40, 44, 50, 56, 62, 70, 78, 88, 98, 110, 123, 138, 155, 173, 194, 217, 243, 272, 305, 342)

_USUAL_RATIO = RATIOS[MOST_STRENGTH]
_LEVELS = 4095
_RING_UM = (700, 2000)
_ROUNDING_UM = 1000
_CLEAR_EDGE = 4
_WIDER = 1.5
_SHELL_MARGIN_MM = 2.0
_TRIED_AGAIN = ("leak", "no_edge")  # what an object too large for its box looks like

Voxel = tuple[int, int, int]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Refusal = Literal[
    "seed_outside", "box_too_small", "values_not_finite", "values_constant", "no_edge", "leak", "empty"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowParameters:
    """Lengths in mm; `strength` is a whole number from -10 (less) to 10 (more)."""

    box_mm: float = 30.0
    object_mm: float = 1.0
    shell_mm: float = 13.0
    strength: int = 0


DEFAULTS = GrowParameters()


@dataclass(frozen=True, slots=True)
class Grown:
    """The region: a mask of the box's shape."""

    mask: Mask
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class GrowRefused:
    """Why there is no region; the viewer has a sentence for each reason."""

    reason: Refusal


def grow(
    values: NDArray[Any],
    spacing_mm: tuple[float, float, float],
    seed: Voxel,
    parameters: GrowParameters = DEFAULTS,
) -> Grown | GrowRefused:
    """Grow a region from a voxel.

    Parameters
    ----------
    values : array of shape (slices, rows, columns)
        Stored values of the box around the click, or those rescaled by the modality's slope.
    spacing_mm : (step between slices, between rows, between columns)
    seed : (slice, row, column)
        Within the box, from 0.

    Raises
    ------
    AnalysisError
        ``box_not_3d``, ``spacing_not_positive`` or ``strength_out_of_range``.
    """
    _check(values, spacing_mm, parameters)
    if not all(0 <= place < count for place, count in zip(seed, values.shape, strict=True)):
        return GrowRefused("seed_outside")
    if min(values.shape[1:]) < 3:
        return GrowRefused("box_too_small")
    whole = _whole_values(values)
    if isinstance(whole, GrowRefused):
        return whole
    lengths = (_micrometers(spacing_mm[0]), _micrometers(spacing_mm[1]), _micrometers(spacing_mm[2]))
    outside = _squared_distances(values.shape, seed, lengths) >= _micrometers(parameters.shell_mm) ** 2
    if not outside.any():
        return GrowRefused("box_too_small")
    return _compete(_smoothed(whole), lengths, seed, outside, parameters)


@dataclass(frozen=True, slots=True)
class GrownInSeries:
    """What a click in a series gave: the result in its box, where that lies, and the parameters that made it."""

    result: Grown | GrowRefused
    box: tuple[slice, slice, slice]
    parameters: GrowParameters


def grow_in_series(
    values: NDArray[Any],
    spacing_mm: tuple[float, float, float],
    seed: Voxel,
    parameters: GrowParameters = DEFAULTS,
) -> GrownInSeries:
    """Grow in the box around a voxel of a whole series; where that may be too small, once more in a wider one.

    Parameters
    ----------
    values : array of shape (slices, rows, columns)
    spacing_mm : (step between slices, between rows, between columns)
    seed : (slice, row, column)

    Raises
    ------
    AnalysisError
        As `grow`.
    """
    first = _grow_in_box(values, spacing_mm, seed, parameters)
    if not isinstance(first.result, GrowRefused) or first.result.reason not in _TRIED_AGAIN:
        return first
    box_mm = parameters.box_mm * _WIDER
    wide = replace(parameters, box_mm=box_mm, shell_mm=box_mm / 2 - _SHELL_MARGIN_MM)
    wider = _grow_in_box(values, spacing_mm, seed, wide)
    return first if isinstance(wider.result, GrowRefused) else wider


def _grow_in_box(
    values: NDArray[Any], spacing_mm: tuple[float, float, float], seed: Voxel, parameters: GrowParameters
) -> GrownInSeries:
    _check(values, spacing_mm, parameters)
    box, place = cut_box(values.shape, spacing_mm, seed, parameters.box_mm)
    return GrownInSeries(grow(values[box], spacing_mm, place, parameters), box, parameters)


def cut_box(
    shape: tuple[int, ...], spacing_mm: tuple[float, float, float], seed: Voxel, box_mm: float
) -> tuple[tuple[slice, slice, slice], Voxel]:
    """The box of `box_mm` around a voxel, as far as the series reaches, and the voxel's place in it."""
    half = [math.ceil(_micrometers(box_mm) / 2 / _micrometers(length)) for length in spacing_mm]
    first = [max(0, at - reach) for at, reach in zip(seed, half, strict=True)]
    last = [min(count, at + reach + 1) for at, reach, count in zip(seed, half, shape, strict=True)]
    box = (slice(first[0], last[0]), slice(first[1], last[1]), slice(first[2], last[2]))
    return box, (seed[0] - first[0], seed[1] - first[1], seed[2] - first[2])


def _compete(
    smooth: Integers, lengths: Voxel, seed: Voxel, outside: Mask, parameters: GrowParameters
) -> Grown | GrowRefused:
    noise = max(1, _rank(np.abs(np.diff(smooth, axis=2)), 1, 2, is_upper=True))
    core = np.zeros(smooth.shape, dtype=bool)
    core[seed[0]] = _squared_distances(smooth.shape, seed, lengths)[seed[0]] <= (
        _micrometers(parameters.object_mm) ** 2
    )
    level = _rank(smooth[core], 1, 2)
    from_outside = _least_costs(smooth, lengths, noise, outside)
    rough = _won(_least_costs(smooth, lengths, noise, core), from_outside, _USUAL_RATIO, seed)
    contrast = _contrast_around(rough[seed[0]], smooth[seed[0]], level, lengths)
    if contrast < _CLEAR_EDGE * noise:
        return GrowRefused("no_edge")
    penalty = np.maximum(np.abs(smooth - level) - contrast // 2, 0)
    from_inside = _least_costs(smooth, lengths, noise, core, penalty)
    region = _won(from_inside, from_outside, RATIOS[parameters.strength + MOST_STRENGTH], seed)
    if (binary_dilation(region) & outside).any():
        return GrowRefused("leak")
    mask = _rounded(region, lengths, seed)
    return Grown(mask) if mask.any() else GrowRefused("empty")


def _check(values: NDArray[Any], spacing_mm: tuple[float, float, float], parameters: GrowParameters) -> None:
    if values.ndim != 3:
        raise AnalysisError(
            "box_not_3d", f"the box must have slices, rows and columns, not {values.ndim} axes"
        )
    if not all(math.isfinite(length) and _micrometers(length) > 0 for length in spacing_mm):
        raise AnalysisError("spacing_not_positive", f"the spacing must be positive, not {spacing_mm} mm")
    if abs(parameters.strength) > MOST_STRENGTH:
        raise AnalysisError(
            "strength_out_of_range", f"the strength must be from -10 to 10, not {parameters.strength}"
        )


def _micrometers(mm: float) -> int:
    return math.floor(mm * 1000 + 0.5)


def _whole_values(values: NDArray[Any]) -> Integers | GrowRefused:
    """Whole values from 0: as they are where 4096 levels hold them, else spread over as many levels."""
    exact = values.astype(np.float64)
    if not np.isfinite(exact).all():
        return GrowRefused("values_not_finite")
    low, extent = float(exact.min()), float(exact.max() - exact.min())
    if extent == 0.0:
        return GrowRefused("values_constant")
    is_kept = extent <= _LEVELS and bool((exact == np.floor(exact)).all())
    spread = exact - low if is_kept else np.floor((exact - low) * _LEVELS / extent + 0.5)
    return spread.astype(np.int64)


def _smoothed(whole: Integers) -> Integers:
    """Sixteen times the mean weighted 1-2-1 along rows and columns; edges repeat themselves."""
    wide = np.pad(whole, ((0, 0), (1, 1), (1, 1)), mode="edge")
    along = wide[:, :, :-2] + 2 * wide[:, :, 1:-1] + wide[:, :, 2:]
    return np.asarray(along[:, :-2] + 2 * along[:, 1:-1] + along[:, 2:])


def _rank(values: Integers, part: int, of: int, *, is_upper: bool = False) -> int:
    """The value that the share `part / of` of the others lies below; of two middle ones the lower or upper."""
    ordered = np.sort(values, axis=None)
    return int(ordered[part * (len(ordered) if is_upper else len(ordered) - 1) // of])


def _squared_distances(shape: tuple[int, ...], seed: Voxel, lengths: Voxel) -> Integers:
    """Squared distances from the seed in square micrometers."""
    slices, rows, columns = (
        ((np.arange(count, dtype=np.int64) - at) * length) ** 2
        for count, at, length in zip(shape, seed, lengths, strict=True)
    )
    return np.asarray(slices[:, None, None] + rows[:, None] + columns)


def _steps(lengths: Voxel, noise: int) -> dict[Voxel, int]:
    """The cost of a step to each forward neighbor."""
    slice_um, row_um, column_um = lengths
    pixel = min(row_um, column_um)
    diagonal = math.isqrt(row_um**2 + column_um**2)
    by_length = {
        (0, 0, 1): column_um,
        (0, 1, 0): row_um,
        (0, 1, 1): diagonal,
        (0, 1, -1): diagonal,
        (1, 0, 0): min(slice_um, 3 * pixel // 2),
    }
    return {step: max(1, noise * length // (2 * pixel)) for step, length in by_length.items()}


def _least_costs(
    smooth: Integers, lengths: Voxel, noise: int, sources: Mask, penalty: Integers | None = None
) -> Integers:
    """The least cost of a way from any source to every voxel, steps leading to 8 neighbors in plane and 2 across."""
    number = np.arange(smooth.size).reshape(smooth.shape)
    starts, ends, costs = [], [], []
    for step, least in _steps(lengths, noise).items():
        here, there = _shifted(smooth.shape, step)
        cost = least + np.maximum(np.abs(smooth[here] - smooth[there]) - noise, 0)
        if penalty is not None:
            cost = cost + np.maximum(penalty[here], penalty[there])
        starts.append(number[here].ravel())
        ends.append(number[there].ravel())
        costs.append(cost.ravel())
    ways = coo_array(
        (np.concatenate(costs).astype(np.float64), (np.concatenate(starts), np.concatenate(ends))),
        shape=(smooth.size, smooth.size),
    )
    found = dijkstra(ways.tocsr(), directed=False, indices=np.flatnonzero(sources), min_only=True)
    return np.asarray(found, dtype=np.int64).reshape(smooth.shape)


def _shifted(shape: tuple[int, ...], step: Voxel) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Where a voxel and its neighbor lie, for all voxels that have that neighbor."""
    here = tuple(slice(max(0, -by), count - max(0, by)) for by, count in zip(step, shape, strict=True))
    there = tuple(slice(max(0, by), count - max(0, -by)) for by, count in zip(step, shape, strict=True))
    return here, there


def _part_around(mask: Mask, seed: Voxel) -> Mask:
    labels, _ = label(mask)
    return np.asarray((labels == labels[seed]) & mask[seed])


def _won(inside: Integers, outside: Integers, ratio: int, seed: Voxel) -> Mask:
    return _part_around(inside * 100 <= outside * ratio, seed)


def _disc(radius_um: int, lengths: Voxel) -> Mask:
    down, across = radius_um // lengths[1], radius_um // lengths[2]
    shape = (1, 2 * down + 1, 2 * across + 1)
    return np.asarray(_squared_distances(shape, (0, down, across), lengths)[0] <= radius_um**2)


def _contrast_around(rough: Mask, plane: Integers, level: int, lengths: Voxel) -> int:
    """How much most of the ring around a rough region differs from the object, on the seed's slice."""
    near, far = (binary_dilation(rough, _disc(radius, lengths)) for radius in _RING_UM)
    ring = np.abs(plane[far & ~near] - level)
    return _rank(ring, 7, 10) if ring.size else 0


def _rounded(region: Mask, lengths: Voxel, seed: Voxel) -> Mask:
    """Without holes and single-voxel roughness, and still in one part that holds the seed."""
    disc = _disc(_ROUNDING_UM, lengths).astype(np.int64)
    filled = np.stack([binary_fill_holes(plane) for plane in region]).astype(np.int64)
    counts = np.stack([convolve(plane, disc, mode="constant") for plane in filled])
    return _part_around(2 * counts > disc.sum(), seed)
