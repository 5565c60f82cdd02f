"""Whether the marks of two readers are the same findings: a pairing of points within a distance. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

# Coordinates are patient millimeters in floating point; a nanometer is no distance between two findings.
TOLERANCE_MM = 1e-6


def can_be_paired(
    one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]], *, limit_mm: float
) -> bool:
    """Whether every mark of either reader has a partner of its own at most `limit_mm` away.

    A pairing that holds for all marks at once is sought (Kuhn's augmenting paths), so neither the order of the
    marks nor a near mark that would take another's partner decides.

    Parameters
    ----------
    one, other : sequences of marks
        Each with `point_mm`, three patient coordinates in mm, and `frame_of_reference_uid`. Marks of two frames
        of reference have no distance and are never partners.
    limit_mm : float
        Largest distance of two partners, itself included.
    """
    if len(one) != len(other):
        return False
    near = [
        [place for place, partner in enumerate(other) if _are_near(mark, partner, limit_mm)] for mark in one
    ]
    taken: dict[int, int] = {}
    return all(_find_partner(mark, near, taken, set()) for mark in range(len(one)))


def _find_partner(mark: int, near: Sequence[Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
    for place in near[mark]:
        if place in tried:
            continue
        tried.add(place)
        if place not in taken or _find_partner(taken[place], near, taken, tried):
            taken[place] = mark
            return True
    return False


def _are_near(one: Mapping[str, Any], other: Mapping[str, Any], limit_mm: float) -> bool:
    if one["frame_of_reference_uid"] != other["frame_of_reference_uid"]:
        return False
    return math.dist(one["point_mm"], other["point_mm"]) <= limit_mm + TOLERANCE_MM
