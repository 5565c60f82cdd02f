"""Closed outlines in a plane: area, crossings, what lies within what. Pure; coordinates in mm, shape (n, 2)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def area_mm2(outline: Floats) -> float:
    """The area by the shoelace formula, whichever way round the outline runs."""
    # Around a point of the outline, so that far-off coordinates cost no digits.
    x, y = (outline - outline[0]).T
    return abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2


def crosses_itself(outline: Floats) -> bool:
    """Whether two edges that are not neighbors meet, or neighbors lie on one another.

    A corner that is set twice in a row is one corner. Fewer than three make edges that lie on one another.
    """
    outline = outline[np.any(outline != np.roll(outline, 1, axis=0), axis=1)]
    if len(outline) < 3:
        return True
    starts, ends = outline, np.roll(outline, -1, axis=0)
    meets = _meets(starts, ends, starts, ends)
    count = len(outline)
    place = np.arange(count)
    apart = np.abs(place[:, None] - place[None, :])
    is_neighbor = (apart <= 1) | (apart == count - 1)
    return bool(np.any(meets & ~is_neighbor)) or _folds_back(outline)


def cross_one_another(one: Floats, other: Floats) -> bool:
    """Whether an edge of the one meets an edge of the other."""
    return bool(np.any(_meets(one, np.roll(one, -1, axis=0), other, np.roll(other, -1, axis=0))))


def encloses(outline: Floats, point: Floats) -> bool:
    """Whether the point lies within the outline (even-odd rule)."""
    x, y = outline.T
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    spans = (y > point[1]) != (next_y > point[1])
    rise = np.where(spans, next_y - y, 1.0)
    crossing = x + (point[1] - y) / rise * (next_x - x)
    return bool(np.count_nonzero(spans & (crossing > point[0])) % 2)


def covered_area_mm2(outlines: Sequence[Floats]) -> float:
    """The area that outlines of one slice cover by the even-odd rule: an outline within another is a hole in it.

    The outlines must not cross one another.
    """
    total = 0.0
    for place, outline in enumerate(outlines):
        depth = sum(encloses(other, outline[0]) for at, other in enumerate(outlines) if at != place)
        total += area_mm2(outline) * (-1) ** depth
    return total


def _meets(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Whether each segment a-b meets each segment c-d, touching included; shape (len(a), len(c))."""
    first, second = _side(a, b, c), _side(a, b, d)
    third, fourth = _side(c, d, a).T, _side(c, d, b).T
    crosses = (first * second < 0) & (third * fourth < 0)
    touches = (
        ((first == 0) & _between(a, b, c))
        | ((second == 0) & _between(a, b, d))
        | ((third == 0) & _between(c, d, a).T)
        | ((fourth == 0) & _between(c, d, b).T)
    )
    meets: NDArray[np.bool_] = crosses | touches
    return meets


def _side(start: Floats, end: Floats, point: Floats) -> Floats:
    """Sign of the side of each line on which each point lies, shape (lines, points)."""
    along = (end - start)[:, None, :]
    to_point = point[None, :, :] - start[:, None, :]
    return np.sign(along[..., 0] * to_point[..., 1] - along[..., 1] * to_point[..., 0])


def _between(start: Floats, end: Floats, point: Floats) -> NDArray[np.bool_]:
    """Whether each point lies in the box around each segment, shape (segments, points)."""
    low, high = np.minimum(start, end)[:, None, :], np.maximum(start, end)[:, None, :]
    lies: NDArray[np.bool_] = np.all((point[None, :, :] >= low) & (point[None, :, :] <= high), axis=2)
    return lies


def _folds_back(outline: Floats) -> bool:
    """Whether an edge runs back over the one before it."""
    along = np.roll(outline, -1, axis=0) - outline
    following = np.roll(along, -1, axis=0)
    turn = along[:, 0] * following[:, 1] - along[:, 1] * following[:, 0]
    return bool(np.any((turn == 0) & (np.sum(along * following, axis=1) < 0)))
