"""Length of a bidirectional measurement from its end points in patient coordinates. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.studies.forms import is_finite_number

AGREEMENT_MM = 0.01
MAX_COORDINATE_MM = 5_000.0

Point = tuple[float, float, float]


class BadMeasurement(Exception):
    """The points cannot be a measurement; the text says why."""


@dataclass(frozen=True)
class Axes:
    """The two lengths, in mm."""

    long_axis_mm: float
    short_axis_mm: float


def bidirectional_axes(points_mm: Sequence[Sequence[float]]) -> Axes:
    """The long and the short axis.

    Parameters
    ----------
    points_mm : four points of three coordinates
        Ends of the one axis, then ends of the other; patient coordinates (LPS) in mm.
    """
    a, b, c, d = _points(points_mm)
    lengths = sorted((math.dist(a, b), math.dist(c, d)))
    return Axes(long_axis_mm=lengths[1], short_axis_mm=lengths[0])


def distance_to_plane_mm(
    points_mm: Sequence[Sequence[float]], *, position: Sequence[float], orientation: Sequence[float]
) -> float:
    """The largest distance of a point to the slice through `position` with the row and column cosines given."""
    row, column = orientation[:3], orientation[3:]
    normal = (
        row[1] * column[2] - row[2] * column[1],
        row[2] * column[0] - row[0] * column[2],
        row[0] * column[1] - row[1] * column[0],
    )
    return max(
        abs(sum((point[axis] - position[axis]) * normal[axis] for axis in range(3)))
        for point in _points(points_mm)
    )


def agree(a_mm: float, b_mm: float) -> bool:
    """Whether the browser's length and ours are the same to the tolerance that a reading needs."""
    return abs(a_mm - b_mm) <= AGREEMENT_MM


def _points(points_mm: Sequence[Sequence[float]]) -> list[Point]:
    if not isinstance(points_mm, (list, tuple)) or len(points_mm) != 4:
        raise BadMeasurement("A bidirectional measurement has four points.")
    return [_point(point) for point in points_mm]


def _point(point: Sequence[float]) -> Point:
    if not isinstance(point, (list, tuple)) or len(point) != 3:
        raise BadMeasurement("A point has three coordinates.")
    for value in point:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadMeasurement("A coordinate is a number of mm.")
        if not is_finite_number(value) or abs(value) > MAX_COORDINATE_MM:
            raise BadMeasurement("A coordinate lies outside any patient.")
    return (float(point[0]), float(point[1]), float(point[2]))
