"""Outlines plane by plane, each kept only as far as it is drawn: whole planes of a case would take gigabytes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.reads.raster import Mask


@dataclass(frozen=True, slots=True)
class BoxedPlane:
    """What is drawn on a slice, with the row and column where its smallest box begins."""

    top: int
    left: int
    mask: Mask

    @property
    def bottom(self) -> int:
        """The row after the box."""
        return self.top + len(self.mask)

    @property
    def right(self) -> int:
        """The column after the box."""
        return self.left + int(self.mask.shape[1])


Planes = dict[int, BoxedPlane]
"""The drawn planes of an outline by the slice's place in its series."""


def boxed_planes(planes: Iterable[tuple[int, NDArray[np.generic]]]) -> Planes:
    """The planes on which anything is drawn, from slices and their pixels, of which those not 0 are drawn."""
    found: Planes = {}
    for index, pixels in planes:
        drawn = pixels != 0
        rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
        if rows.size:
            box = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            found[index] = BoxedPlane(int(rows[0]), int(columns[0]), box.copy())
    return found


def on_one_grid(masks: Mapping[str, Planes]) -> dict[str, NDArray[np.bool_]]:
    """The masks as volumes of the smallest box that holds all of them; nothing drawn gives empty volumes.

    Measures do not change with the box (:func:`backend.analysis.surface_distance.crop`).
    """
    planes = [plane for own in masks.values() for plane in own.values()]
    indexes = [index for own in masks.values() for index in own]
    start = (
        min(indexes, default=0),
        min((plane.top for plane in planes), default=0),
        min((plane.left for plane in planes), default=0),
    )
    shape = (
        max(indexes, default=start[0] - 1) + 1 - start[0],
        max((plane.bottom for plane in planes), default=0) - start[1],
        max((plane.right for plane in planes), default=0) - start[2],
    )
    found = {}
    for reader, own in masks.items():
        volume = np.zeros(shape, dtype=np.bool_)
        for index, plane in own.items():
            rows = slice(plane.top - start[1], plane.bottom - start[1])
            columns = slice(plane.left - start[2], plane.right - start[2])
            volume[index - start[0], rows, columns] = plane.mask
        found[reader] = volume
    return found
