"""Diameters and volume of a mask, in the slice plane as it was acquired.

The mask of a slice is smoothed (Gaussian, sigma 0.85 pixels) and its outline taken where that falls through one
half. The short axis is the outline's smallest calliper width, the long axis its largest diameter. Widths between
pixel corners would be 0.6 mm too large on pixels of 0.6 mm, which moves many nodes near a cut-off of 7 mm across it.
Of the sigmas 0.5 to 1.5 this one puts most ellipses on the right side of 7 mm (docs/segmentation.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, gaussian_filter, label

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Result

SIGMA_PX = 0.85
LEVEL = 0.5
EMPTY = NotEstimable("the mask is empty")
MAX_PARTS = 2_000  # on one slice: what has more is noise, and its measuring takes seconds
TOO_NARROW = NotEstimable("the mask is too small for a diameter: it takes about two by three pixels")

_MARGIN_PX = 4  # the smoothing reaches 3 pixels
_ROUNDING_MM = 1e-9

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MaskAxes(Result):
    """Diameters in mm on the slice (0-based) whose short axis is largest; the volume is `None` without a slice step."""

    short_axis_mm: float
    long_axis_mm: float
    slice: int
    volume_ml: float | None


def mask_axes(
    mask: NDArray[np.bool_], spacing_mm: tuple[float, float], step_mm: float | None
) -> MaskAxes | NotEstimable:
    """Short and long axis of a mask on the slice where its short axis is largest.

    Separate parts on one slice are measured each for itself; the part with the largest short axis counts. A hole
    changes nothing.

    Parameters
    ----------
    mask : bool array of shape (slices, rows, columns)
    spacing_mm : (between rows, between columns)
    step_mm : float or None
        Between slices; `None` where it is uneven or unknown.

    Returns
    -------
    MaskAxes, or NotEstimable where the mask is empty or smaller than about two by three pixels

    Raises
    ------
    AnalysisError
        ``mask_not_3d``, ``mask_not_boolean``, ``spacing_not_positive``, or ``too_many_parts`` on one slice.
    """
    volume_ml = mask_volume_ml(mask, spacing_mm, step_mm)
    if not mask.any():
        return EMPTY
    best: MaskAxes | None = None
    for index in np.flatnonzero(mask.any(axis=(1, 2))):
        outlines = outlines_mm(mask[index], spacing_mm)
        if len(outlines) > MAX_PARTS:
            raise AnalysisError(
                "too_many_parts", f"slice {index + 1} has {len(outlines)} parts; {MAX_PARTS} are measured"
            )
        for outline in outlines:
            # No outline is wider than the box around it, and of many specks few are wider than those before.
            if best is not None and np.ptp(outline, axis=0).min() <= best.short_axis_mm:
                continue
            hull = convex_hull(outline)
            width = smallest_width(hull)
            if best is None or width > best.short_axis_mm:
                best = MaskAxes(width, largest_diameter(hull), int(index), volume_ml)
    return TOO_NARROW if best is None else best


def mask_volume_ml(
    mask: NDArray[np.bool_], spacing_mm: tuple[float, float], step_mm: float | None
) -> float | None:
    """Volume of all voxels in ml, or `None` without a step between slices.

    Raises
    ------
    AnalysisError
        As `mask_axes`, the number of parts aside.
    """
    if mask.ndim != 3:
        raise AnalysisError(
            "mask_not_3d", f"the mask must have slices, rows and columns, not {mask.ndim} axes"
        )
    if mask.dtype != np.bool_:
        raise AnalysisError("mask_not_boolean", f"the mask must be boolean, not {mask.dtype}")
    for name, length in (("row", spacing_mm[0]), ("column", spacing_mm[1]), ("slice", step_mm)):
        if length is not None and not (np.isfinite(length) and length > 0):
            raise AnalysisError(
                "spacing_not_positive", f"the {name} spacing must be positive, not {length} mm"
            )
    if step_mm is None:
        return None
    return int(np.count_nonzero(mask)) * spacing_mm[0] * spacing_mm[1] * step_mm / 1000.0


def is_borderline(short_axis_mm: float, cutoff_mm: float, pixel_mm: float) -> bool:
    """Whether a short axis lies within one pixel of a cut-off, so that redrawing may move it across.

    Parameters
    ----------
    pixel_mm : float
        The larger of the two spacings where pixels are not square.
    """
    return abs(short_axis_mm - cutoff_mm) <= pixel_mm + _ROUNDING_MM


def outlines_mm(plane: NDArray[np.bool_], spacing_mm: tuple[float, float]) -> list[Points]:
    """Points of the smoothed outline of each separate part of a slice's mask.

    Parameters
    ----------
    plane : bool array of shape (rows, columns)

    Returns
    -------
    list of arrays of shape (n, 2)
        (x, y) in mm from the center of the plane's first pixel, in no order. They are the vertices of marching
        squares at level 0.5, parts being connected by edges and not by corners.
    """
    where = find_objects(plane.astype(np.uint8))
    if not where:
        return []
    rows, columns = where[0]
    smooth = gaussian_filter(np.pad(plane[rows, columns].astype(np.float64), _MARGIN_PX), SIGMA_PX)
    labels, count = label(smooth > LEVEL)
    first = np.array([columns.start - _MARGIN_PX, rows.start - _MARGIN_PX])
    scale = np.array([spacing_mm[1], spacing_mm[0]])
    if count == 0:
        return []
    points, parts = _crossings(smooth, labels)
    order = np.argsort(parts, kind="stable")
    return np.split((points[order] + first) * scale, np.flatnonzero(np.diff(parts[order])) + 1)


def _crossings(smooth: NDArray[np.float64], labels: NDArray[np.int32]) -> tuple[Points, NDArray[np.int32]]:
    """Where the smoothed mask falls through the level between a pixel of a part and one of none.

    Of all parts at once, (x, y) and the label of the part: a mask of many specks takes as long as one of few.
    """
    found, parts = [], []
    for axis in (0, 1):
        for ahead in (1, -1):
            beyond = np.roll(smooth, -ahead, axis=axis)
            row, column = np.nonzero((labels > 0) & (beyond <= LEVEL))
            high, low = smooth[row, column], beyond[row, column]
            points = np.stack([column, row], axis=1).astype(np.float64)
            points[:, 1 - axis] += ahead * (high - LEVEL) / (high - low)
            found.append(points)
            parts.append(labels[row, column])
    return np.concatenate(found), np.concatenate(parts)


def convex_hull(points: Points) -> Points:
    """Corners of the convex hull in order (Andrew's monotone chain), shape (n, 2)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})

    def half(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for x, y in path:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 0.0:
                chain.pop()
            chain.append((x, y))
        return chain[:-1]

    return np.array([*half(ordered), *half(ordered[::-1])])


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def smallest_width(hull: Points) -> float:
    """Smallest distance of two parallel lines that hold a convex polygon; one of them lies along an edge."""
    edges = np.roll(hull, -1, axis=0) - hull
    edges = edges / np.linalg.norm(edges, axis=1, keepdims=True)
    apart = hull[None, :, :] - hull[:, None, :]
    away = edges[:, None, 0] * apart[:, :, 1] - edges[:, None, 1] * apart[:, :, 0]
    return float(away.max(axis=1).min())


def largest_diameter(hull: Points) -> float:
    """Largest distance of two corners."""
    return float(np.linalg.norm(hull[None, :, :] - hull[:, None, :], axis=2).max())
