"""The convex hull of an empirical ROC curve: the best that its cut-offs can do, mixed at random.

Every point on the hull is reached by some cost or prevalence; points under it never are. Between two
corners the operating points are reached by choosing between both rules at random. The hull's area is at
least the empirical area and biased upwards. Corners are found in whole counts, so that points on a straight
edge are left out exactly.
"""

from dataclasses import dataclass
from itertools import pairwise

from backend.analysis.results import Result
from backend.analysis.roc import RocCurve, RocPoint


@dataclass(frozen=True, slots=True)
class RocHull(Result):
    """Corners of the upper hull from (0, 0) to (1, 1), its area, and the area of the curve itself.

    ``slopes[i]`` is the slope from corner i to corner i + 1: the likelihood ratio at which one changes
    from the one cut-off to the other; None for a vertical edge.
    """

    method: str
    corners: tuple[RocPoint, ...]
    slopes: tuple[float | None, ...]
    area: float
    curve_area: float
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def roc_hull(curve: RocCurve) -> RocHull:
    """The upper convex hull of the curve's operating points.

    References
    ----------
    Provost F, Fawcett T. Mach Learn 2001;42:203-231; Andrew AM. Inf Process Lett 1979;9:216-219.
    """
    corners: list[RocPoint] = []
    for point in curve.points:
        while len(corners) >= 2 and _turn(corners[-2], corners[-1], point) >= 0:
            corners.pop()
        corners.append(point)
    pairs = curve.n_positive * curve.n_negative
    edges = list(pairwise(corners))
    slopes = tuple(
        None
        if right.false_positives == left.false_positives
        else (right.true_positives - left.true_positives)
        * curve.n_negative
        / ((right.false_positives - left.false_positives) * curve.n_positive)
        for left, right in edges
    )
    area, curve_area = _doubled_area(tuple(corners)) / (2 * pairs), _doubled_area(curve.points) / (2 * pairs)
    warnings = (
        ("The hull is the chance diagonal: no cut-off does better than guessing.",) if area == 0.5 else ()
    )
    return RocHull(
        "roc_hull", tuple(corners), slopes, area, curve_area, curve.n_positive, curve.n_negative, warnings
    )


def _turn(first: RocPoint, second: RocPoint, third: RocPoint) -> int:
    """Positive when the path turns left at the second point, 0 when it goes straight on."""
    return (second.false_positives - first.false_positives) * (
        third.true_positives - first.true_positives
    ) - (second.true_positives - first.true_positives) * (third.false_positives - first.false_positives)


def _doubled_area(points: tuple[RocPoint, ...]) -> int:
    """Twice the area under the path, in pairs of cases."""
    return sum(
        (right.false_positives - left.false_positives) * (left.true_positives + right.true_positives)
        for left, right in pairwise(points)
    )
