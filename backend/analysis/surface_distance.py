"""Overlap and surface distances of two masks on one grid, in mm whatever the spacing.

The surface of a mask is its voxels that touch the outside by a face; beyond the image is outside. Distances
run between the centers of surface voxels, by the exact Euclidean distance transform of the true spacing.

Where programs disagree: the 95th percentile (linear between ranks) is taken of each direction and the larger
one counts, as MONAI, DeepMind's surface-distance and Metrics Reloaded do (medpy pools both directions). The
average symmetric distance pools all surface voxels of both masks (Heimann 2009; some average the two means).
Surface Dice counts voxels, each alike; DeepMind's program weighs surface elements by their area.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, distance_transform_edt, generate_binary_structure

Mask: TypeAlias = NDArray[np.bool_]
Distances: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """A mask, cropped to where anything of its case is, with what its comparisons share."""

    mask: Mask
    spacing_mm: tuple[float, ...]

    @cached_property
    def size(self) -> int:
        """Number of voxels."""
        return int(self.mask.sum())

    @cached_property
    def surface(self) -> Mask:
        """The voxels that touch the outside by a face."""
        faces = generate_binary_structure(self.mask.ndim, 1)
        inner: Mask = self.mask & ~binary_erosion(self.mask, structure=faces, border_value=0)
        return inner

    def distance_mm(self) -> Distances:
        """Of every voxel of the grid to the surface; not kept, for it is eight times as large as the mask."""
        distance: Distances = distance_transform_edt(~self.surface, sampling=self.spacing_mm)
        return distance


def crop(masks: list[Mask]) -> list[Mask]:
    """All masks cut to the smallest box that holds every drawn voxel; nothing drawn gives empty boxes.

    What lies beyond the box is outside for every mask, as what lies beyond the image is: surfaces stay the same.
    """
    drawn = np.logical_or.reduce(masks)
    box = []
    for axis in range(drawn.ndim):
        others = tuple(other for other in range(drawn.ndim) if other != axis)
        used = np.flatnonzero(drawn.any(axis=others))
        box.append(slice(used[0], used[-1] + 1) if len(used) else slice(0, 0))
    return [np.ascontiguousarray(mask[tuple(box)]) for mask in masks]


def surface_distances(surfaces: Sequence[Surface]) -> dict[tuple[int, int], Distances]:
    """Of each two places (i, j) of drawn masks: from each surface voxel of i to the surface of j, in mm and sorted.

    One distance map is held at a time, however many masks there are.
    """
    found: dict[tuple[int, int], Distances] = {}
    drawn = [place for place, one in enumerate(surfaces) if one.size]
    for to in drawn:
        others = [place for place in drawn if place != to]
        if others:
            distance = surfaces[to].distance_mm()
            found |= {(start, to): np.sort(distance[surfaces[start].surface]) for start in others}
    return found
