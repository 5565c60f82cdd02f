"""Where the voxels of a phantom series lie in the patient (DICOM's LPS coordinates, mm)."""

from dataclasses import dataclass

import numpy as np

from inference.phantom.centers import Center, Grid
from inference.phantom.raster import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Geometry:
    """Regular grid of voxels, indexed slice, row, column; slices ascend along `normal`, here toward the head.

    Attributes
    ----------
    shape : (slices, rows, columns)
    spacing_mm : (step between slices, between rows, between columns)
    thickness_mm : float
    origin_mm : array of shape (3,)
        Center of voxel (0, 0, 0) in LPS.
    row_direction, column_direction : arrays of shape (3,)
        Directions in which the column and the row index grow: the halves of ImageOrientationPatient.
    """

    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    thickness_mm: float
    origin_mm: Floats
    row_direction: Floats
    column_direction: Floats

    @property
    def normal(self) -> Floats:
        return np.cross(self.row_direction, self.column_direction)

    @property
    def direction(self) -> Floats:
        """Columns: directions of growing column, row and slice index (ITK's convention), shape (3, 3)."""
        return np.stack([self.row_direction, self.column_direction, self.normal], axis=1)

    def slice_origin(self, index: int) -> Floats:
        """Center of the first voxel of a slice: ImagePositionPatient."""
        return np.asarray(self.origin_mm + index * self.spacing_mm[0] * self.normal)

    def to_lps(self, index: Floats) -> Floats:
        """LPS position in mm of (slice, row, column) indices, shape (..., 3) to (..., 3)."""
        steps = (np.asarray(index) * self.spacing_mm)[..., ::-1]
        return np.asarray(self.origin_mm + steps @ self.direction.T)

    def to_index(self, lps_mm: Floats) -> Floats:
        """(slice, row, column) of LPS positions, fractional; shape (..., 3) to (..., 3)."""
        steps = (np.asarray(lps_mm) - self.origin_mm) @ self.direction
        return np.asarray(steps[..., ::-1] / self.spacing_mm)


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """How the anatomy's axes (x left, y back, z head) lie in the scanner: `lps = rotation @ xyz + offset`."""

    rotation: Floats
    offset_mm: Floats

    def to_lps(self, xyz: Floats) -> Floats:
        return np.asarray(np.asarray(xyz) @ self.rotation.T + self.offset_mm)


def frame_of(center: Center, rng: np.random.Generator) -> Frame:
    """The frame of one examination: the center's obliquity, and a table position of its own."""
    tilt = np.deg2rad(center.tilt_deg + (rng.normal(0.0, 2.0) if center.tilt_deg else 0.0))
    yaw = np.deg2rad(center.yaw_deg)
    about_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    about_z = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    offset = np.round(rng.normal(0.0, (4.0, 12.0, 18.0)), 3)
    return Frame(rotation=about_z @ about_x, offset_mm=np.array(offset))


def grid_levels(grid: Grid, middle_mm: float) -> Floats:
    """The z (in anatomy's mm) of the grid's slices."""
    return np.asarray(middle_mm + (np.arange(grid.slices) - (grid.slices - 1) / 2) * grid.step_mm)


def geometry_of(grid: Grid, frame: Frame, middle_xyz: tuple[float, float, float]) -> Geometry:
    """The grid's geometry when its middle lies at a point of the anatomy."""
    first = np.array(
        [
            middle_xyz[0] - (grid.columns - 1) / 2 * grid.pixel_mm,
            middle_xyz[1] - (grid.rows - 1) / 2 * grid.pixel_mm,
            grid_levels(grid, middle_xyz[2])[0],
        ]
    )
    return Geometry(
        shape=(grid.slices, grid.rows, grid.columns),
        spacing_mm=(grid.step_mm, grid.pixel_mm, grid.pixel_mm),
        thickness_mm=grid.thickness_mm,
        origin_mm=frame.to_lps(first),
        row_direction=frame.rotation[:, 0].copy(),
        column_direction=frame.rotation[:, 1].copy(),
    )
