"""Masks on a slice's own pixel grid from outlines, and how far two masks agree. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .geometry import SliceGrid

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Outline = Sequence[Sequence[float]]


def filled(outlines: Sequence[Floats], *, rows: int, columns: int) -> Mask:
    """The pixels whose centers lie within the outlines by the even-odd rule.

    Parameters
    ----------
    outlines : arrays of shape (n, 2)
        Column and row of each corner; (0, 0) is the center of the first pixel. The last corner joins the first.
    rows, columns : int

    Returns
    -------
    array of bool, shape (rows, columns)
        A center on a left or upper edge is within, one on a right or lower edge is not: masks that share an edge
        share no pixel.
    """
    flips = np.zeros((rows, columns + 1), dtype=np.int64)
    centers = np.arange(rows, dtype=np.float64)
    for outline in outlines:
        start, end = outline, np.roll(outline, -1, axis=0)
        low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
        edge, row = np.nonzero((centers >= low[:, None]) & (centers < high[:, None]))
        share = (centers[row] - start[edge, 1]) / (end[edge, 1] - start[edge, 1])
        crossing = start[edge, 0] + share * (end[edge, 0] - start[edge, 0])
        column = np.clip(np.ceil(crossing), 0, columns).astype(np.int64)
        np.add.at(flips, (row, column), 1)
    inside: Mask = np.cumsum(flips, axis=1)[:, :columns] % 2 == 1
    return inside


def mask_of(outlines: Mapping[str, Sequence[Outline]], grids: Mapping[str, SliceGrid]) -> dict[str, Mask]:
    """A mask for each slice that has outlines.

    Parameters
    ----------
    outlines : by slice, the outlines on it in patient coordinates (LPS), mm
    grids : by slice, where it lies
    """
    return {
        slice_uid: filled(
            [grids[slice_uid].in_pixels(points) for points in drawn],
            rows=grids[slice_uid].rows,
            columns=grids[slice_uid].columns,
        )
        for slice_uid, drawn in outlines.items()
    }


def dice(one: Mapping[str, Mask], other: Mapping[str, Mask]) -> float | None:
    """The Dice coefficient of two masks over all slices of either; None where both are empty.

    Twice the pixels that both have, by the pixels of the one and of the other. A slice that only one of them names
    counts as empty in the other.
    """
    total = sum(int(mask.sum()) for mask in (*one.values(), *other.values()))
    if total == 0:
        return None
    shared = sum(int((one[uid] & other[uid]).sum()) for uid in one.keys() & other.keys())
    return 2 * shared / total
