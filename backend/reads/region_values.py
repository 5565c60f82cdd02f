"""What lies within a region drawn on a slice: its pixels, and what their values say. Pure.

The viewer computes the same in `frontend/src/viewer/measuring`: a pixel counts when its center lies within the
outline, and places are taken to a millionth of a pixel, so that both decide alike about a center on the line.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .geometry import Floats
from .raster import Mask, filled

PARTS_OF_A_PIXEL = 1_000_000


def settled(pixels: Floats) -> Floats:
    """Places to a millionth of a pixel, halves upward."""
    rounded: Floats = np.floor(pixels * PARTS_OF_A_PIXEL + 0.5) / PARTS_OF_A_PIXEL
    return rounded


def polygon_mask(corners: Floats, *, rows: int, columns: int) -> Mask:
    """The pixels whose centers lie within a closed outline.

    Parameters
    ----------
    corners : array of shape (n, 2)
        Column and row of each corner; (0, 0) is the center of the first pixel.

    Returns
    -------
    array of bool, shape (rows, columns)
        A center on a left or upper edge is within, one on a right or lower edge is not.
    """
    return filled([settled(corners)], rows=rows, columns=columns)


def ellipse_mask(ends: Floats, *, rows: int, columns: int) -> Mask:
    """The pixels whose centers lie within an ellipse or on its line.

    Parameters
    ----------
    ends : array of shape (4, 2)
        Column and row of the two ends of the one axis, then of the other; (0, 0) is the center of the first pixel.

    Returns
    -------
    array of bool, shape (rows, columns)
        Empty where the axes span no area.
    """
    (a_x, a_y), (b_x, b_y), (c_x, c_y), (d_x, d_y) = (
        (float(column), float(row)) for column, row in settled(ends)
    )
    center_x, center_y = (a_x + b_x + c_x + d_x) / 4, (a_y + b_y + c_y + d_y) / 4
    u_x, u_y, v_x, v_y = (b_x - a_x) / 2, (b_y - a_y) / 2, (d_x - c_x) / 2, (d_y - c_y) / 2
    size = u_x * v_y - u_y * v_x
    if size == 0:
        return np.zeros((rows, columns), dtype=bool)
    x = np.arange(columns, dtype=np.float64)[None, :] - center_x
    y = np.arange(rows, dtype=np.float64)[:, None] - center_y
    along_u, along_v = (x * v_y - y * v_x) / size, (y * u_x - x * u_y) / size
    # A place that rounding alone moves off the line is on it.
    within: Mask = along_u * along_u + along_v * along_v <= 1 + 1e-9
    return within


def statistics_of(values: NDArray[np.float32], mask: Mask) -> Mapping[str, float]:
    """Number of pixels, and mean, standard deviation, minimum and maximum of their values.

    The standard deviation is that of the pixels themselves (division by their number). Of no pixel nothing but the
    number, 0, is known.
    """
    found = values[mask].astype(np.float64)
    if found.size == 0:
        return {"pixels": 0}
    mean = float(found.mean())
    return {
        "pixels": int(found.size),
        "mean": mean,
        "sd": float(np.sqrt(np.mean((found - mean) ** 2))),
        "min": float(found.min()),
        "max": float(found.max()),
    }
