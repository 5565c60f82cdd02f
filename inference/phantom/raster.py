"""Polygons to pixels with anti-aliased edges, and insets of polygons."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SUBLINES = 4


def coverage(polygon_px: Floats, shape: tuple[int, int]) -> tuple[slice, slice, NDArray[np.float32]] | None:
    """Share of each pixel that a polygon covers.

    Parameters
    ----------
    polygon_px : array of shape (n, 2)
        Vertices (column, row) in pixels; whole numbers are pixel centers.
    shape : (rows, columns)

    Returns
    -------
    (rows, columns, share) of the bounding box, or None if the polygon lies outside of the image. The share is
    exact along rows and sampled on four lines within each row.
    """
    x = polygon_px[:, 0] + 0.5
    y = polygon_px[:, 1] + 0.5
    top, bottom = max(int(np.floor(y.min())), 0), min(int(np.ceil(y.max())), shape[0])
    left, right = max(int(np.floor(x.min())), 0), min(int(np.ceil(x.max())), shape[1])
    if top >= bottom or left >= right:
        return None
    lines = top + (np.arange((bottom - top) * _SUBLINES) + 0.5) / _SUBLINES
    x_next, y_next = np.append(x[1:], x[0]), np.append(y[1:], y[0])
    line, edge = np.nonzero((y[None, :] <= lines[:, None]) != (y_next[None, :] <= lines[:, None]))
    slope = (x_next[edge] - x[edge]) / (y_next[edge] - y[edge])
    crossing = np.clip(x[edge] + (lines[line] - y[edge]) * slope, left, right) - left
    sign = np.where(y_next[edge] > y[edge], 1.0, -1.0)
    column = np.floor(crossing).astype(np.int64)
    part = crossing - column
    width = right - left + 2
    flat = line // _SUBLINES * width + column
    size = (bottom - top) * width
    steps = np.bincount(flat, sign * (1.0 - part), size) + np.bincount(flat + 1, sign * part, size)
    share = np.abs(np.cumsum(steps.reshape(-1, width), axis=1)[:, : right - left]) / _SUBLINES
    return slice(top, bottom), slice(left, right), np.minimum(share, 1.0).astype(np.float32)


def inset(outlines: Floats, depth_mm: float) -> Floats:
    """Outlines moved inward by a depth, along the normals of their vertices.

    Parameters
    ----------
    outlines : array of shape (slices, n, 2)
        NaN where the structure is absent from a slice.
    depth_mm : float
        Negative moves outward.

    Returns
    -------
    array of the same shape; NaN where nothing is left.
    """
    ahead, behind = np.roll(outlines, -1, axis=1), np.roll(outlines, 1, axis=1)
    tangent = ahead - behind
    length = np.linalg.norm(tangent, axis=2, keepdims=True)
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], axis=2) / np.maximum(length, 1e-9)
    doubled_area = np.sum(outlines[..., 0] * ahead[..., 1] - ahead[..., 0] * outlines[..., 1], axis=1)
    inward = np.where(doubled_area > 0, 1.0, -1.0)[:, None, None]
    moved = outlines + normal * inward * depth_mm
    perimeter = np.linalg.norm(ahead - outlines, axis=2).sum(axis=1)
    hydraulic_radius = np.abs(doubled_area) / np.maximum(perimeter, 1e-9)
    moved[~(hydraulic_radius > 1.05 * depth_mm)] = np.nan
    return np.asarray(moved)
