"""Cleveland's locally weighted regression, as R's ``lowess(x, y, f = 2/3, iter = 0)`` computes it.

Local lines with tricube weights over the nearest 2/3 of the points, without robustness iterations: the
outcome is yes or no, and the iterations would take the rarer class for outliers. As in R, points that
lie within 1 % of the range of x from the last fitted one are interpolated, and where all points of a
neighborhood share one x the fit is their mean.

References
----------
Cleveland WS. Robust locally weighted regression and smoothing scatterplots. J Am Stat Assoc
1979;74:829-836.
"""

import numpy as np

from backend.analysis.model_inputs import Floats

SPAN = 2.0 / 3.0
DELTA_SHARE = 0.01


def lowess(x: Floats, y: Floats, *, span: float = SPAN) -> Floats:
    """The smoothed value at each x.

    Parameters
    ----------
    x
        Shape (n,), rising (ties allowed).
    y
        Shape (n,).
    span
        The share of the points that counts as the neighborhood of a point.

    Returns
    -------
    Floats
        Shape (n,): the fit at each x; ties of x share one value.
    """
    n = len(x)
    if n == 1:
        return y.astype(np.float64)
    width = max(2, min(n, int(span * n + 1e-7)))
    at = _fitted_positions(x, float(DELTA_SHARE * (x[-1] - x[0])))
    fits = np.empty(len(at))
    left = 0
    for order, position in enumerate(at):
        left = _leftmost(x, position, left, width)
        fits[order] = _local_line(x, y, position, left, left + width - 1)
    smoothed: Floats = np.interp(x, x[at], fits)
    return smoothed


def _fitted_positions(x: Floats, delta: float) -> list[int]:
    """Where a line is fitted: the next distinct x, or the last one within ``delta`` of the one before."""
    positions = [0]
    n = len(x)
    while True:
        after = int(np.searchsorted(x, x[positions[-1]], side="right"))
        if after >= n:
            return positions
        beyond = int(np.searchsorted(x, x[positions[-1]] + delta, side="right"))
        positions.append(max(after, beyond - 1))


def _leftmost(x: Floats, position: int, left: int, width: int) -> int:
    """The neighborhood's first point: it moves right while that brings its farthest point nearer."""
    while left + width < len(x) and x[position] - x[left] > x[left + width] - x[position]:
        left += 1
    return left


def _local_line(x: Floats, y: Floats, position: int, left: int, right: int) -> float:
    """The weighted line over the neighborhood, at the point itself; the mean where x does not spread."""
    here = x[position]
    radius = max(here - x[left], x[right] - here)
    last = max(right, int(np.searchsorted(x, here + radius, side="right")) - 1)
    near, values = x[left : last + 1], y[left : last + 1]
    distance = np.abs(near - here)
    with np.errstate(divide="ignore", invalid="ignore"):
        tricube = (1.0 - (distance / radius) ** 3) ** 3
    weights = np.where(distance <= 0.001 * radius, 1.0, tricube)
    weights = np.where(distance <= 0.999 * radius, weights, 0.0)
    weights /= weights.sum()
    center = float(weights @ near)
    spread = float(weights @ (near - center) ** 2)
    if spread**0.5 > 0.001 * (x[-1] - x[0]):
        weights = weights * ((here - center) / spread * (near - center) + 1.0)
    return float(weights @ values)
