"""What is drawn on a slice, in patient coordinates: lengths, places on the slice, areas. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.studies.forms import is_finite_number

AGREEMENT_MM = 0.01
MAX_COORDINATE_MM = 5_000.0
# Half a millimeter is far less than any slice step: the points lie on the slice that is named or on another one.
PLANE_TOLERANCE_MM = 0.5

Point = tuple[float, float, float]
Floats = NDArray[np.float64]


class BadMeasurement(Exception):
    """The points cannot be what they are said to be; the text says why."""


@dataclass(frozen=True)
class Axes:
    """The two lengths, in mm."""

    long_axis_mm: float
    short_axis_mm: float


@dataclass(frozen=True)
class SliceGrid:
    """Where a slice lies: center of its first pixel, direction of its rows and columns, size and pixel distances.

    `row_spacing_mm` is the distance between rows, `column_spacing_mm` between columns; coordinates are LPS in mm.
    """

    position: Point
    row_direction: Point
    column_direction: Point
    row_spacing_mm: float
    column_spacing_mm: float
    rows: int
    columns: int

    @property
    def normal(self) -> Floats:
        return np.cross(self.row_direction, self.column_direction)

    def in_plane(self, points_mm: Sequence[Sequence[float]]) -> Floats:
        """Places on the slice: mm along its rows and along its columns from the first pixel's center, shape (n, 2)."""
        offsets = np.asarray(points_mm, dtype=np.float64) - np.asarray(self.position)
        return np.column_stack((offsets @ self.row_direction, offsets @ self.column_direction))

    def in_pixels(self, points_mm: Sequence[Sequence[float]]) -> Floats:
        """Column and row of each point, shape (n, 2); (0, 0) is the center of the first pixel."""
        return self.in_plane(points_mm) / (self.column_spacing_mm, self.row_spacing_mm)

    def distance_mm(self, points_mm: Sequence[Sequence[float]]) -> float:
        """The largest distance of a point to the plane of the slice."""
        offsets = np.asarray(points_mm, dtype=np.float64) - np.asarray(self.position)
        return float(np.max(np.abs(offsets @ self.normal)))

    def holds(self, points_mm: Sequence[Sequence[float]]) -> bool:
        """Whether every point lies within the image, its outer pixels' edges included."""
        pixels = self.in_pixels(points_mm)
        edge = 1e-6
        return bool(
            np.all(pixels >= -0.5 - edge)
            and np.all(pixels <= (self.columns - 0.5 + edge, self.rows - 0.5 + edge))
        )


def slice_grid(metadata: Mapping[str, Any]) -> SliceGrid:
    """The grid in a slice's DICOM JSON (PS3.18 F).

    Raises
    ------
    BadMeasurement
        When the slice does not say where it lies or how far apart its pixels are.
    """
    try:
        position, orientation = metadata["00200032"]["Value"], metadata["00200037"]["Value"]
        spacing = metadata["00280030"]["Value"]
        rows, columns = metadata["00280010"]["Value"][0], metadata["00280011"]["Value"][0]
    except KeyError as missing:
        raise BadMeasurement(
            "This series says nothing of its position, so nothing can be measured on it."
        ) from missing
    return SliceGrid(
        position=_triple(position),
        row_direction=_triple(orientation[:3]),
        column_direction=_triple(orientation[3:]),
        row_spacing_mm=float(spacing[0]),
        column_spacing_mm=float(spacing[1]),
        rows=int(rows),
        columns=int(columns),
    )


def bidirectional_axes(points_mm: Sequence[Sequence[float]]) -> Axes:
    """The long and the short axis.

    Parameters
    ----------
    points_mm : four points of three coordinates
        Ends of the one axis, then ends of the other; patient coordinates (LPS) in mm.
    """
    if not isinstance(points_mm, (list, tuple)) or len(points_mm) != 4:
        raise BadMeasurement("A bidirectional measurement has four points.")
    a, b, c, d = (checked_point(point) for point in points_mm)
    lengths = sorted((math.dist(a, b), math.dist(c, d)))
    return Axes(long_axis_mm=lengths[1], short_axis_mm=lengths[0])


def check_on_slice(points_mm: Sequence[Sequence[float]], grid: SliceGrid) -> None:
    """Refuse points that lie off the slice's plane."""
    if grid.distance_mm(points_mm) > PLANE_TOLERANCE_MM:
        raise BadMeasurement("The points do not lie on the slice that is named.")


def check_in_image(points_mm: Sequence[Sequence[float]], grid: SliceGrid) -> None:
    """Refuse points that lie off the slice's plane or beside its image."""
    check_on_slice(points_mm, grid)
    if not grid.holds(points_mm):
        raise BadMeasurement("A point lies outside the image.")


def agree(a_mm: float, b_mm: float) -> bool:
    """Whether the browser's length and ours are the same to the tolerance that a reading needs."""
    return abs(a_mm - b_mm) <= AGREEMENT_MM


def checked_point(point: object) -> Point:
    """A point as it was sent: three finite coordinates within any patient."""
    if not isinstance(point, (list, tuple)) or len(point) != 3:
        raise BadMeasurement("A point has three coordinates.")
    for value in point:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadMeasurement("A coordinate is a number of mm.")
        if not is_finite_number(value) or abs(value) > MAX_COORDINATE_MM:
            raise BadMeasurement("A coordinate lies outside any patient.")
    return (float(point[0]), float(point[1]), float(point[2]))


def _triple(values: Sequence[Any]) -> Point:
    return (float(values[0]), float(values[1]), float(values[2]))
