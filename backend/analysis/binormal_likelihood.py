"""The likelihood of the binormal model and its maximum: Fisher scoring, then Newton's steps to the end."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import NotEstimable
from backend.analysis.placements import Floats
from backend.analysis.roc_resampling import Table

NOT_CONVERGED = NotEstimable("the likelihood has no maximum inside the model: the data are degenerate")
_STEPS, _TOLERANCE = 200, 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The maximum: parameters, the (a, b) covariance from the observed information, the log-likelihood."""

    a: float
    b: float
    cutoffs: Floats
    covariance: Table
    log_likelihood: float
    iterations: int


class BinormalLikelihood:
    """Log-likelihood of (a, b, c_1, ..., c_m) for counts, shape (2, m + 1), negative row first."""

    def __init__(self, counts: Table) -> None:
        self.counts = counts
        self.cuts = counts.shape[1] - 1

    def start(self) -> Floats:
        """A line through the probit points, counts smoothed by one half so that none is infinite."""
        smooth = self.counts + 0.5
        below = np.cumsum(smooth, axis=1)[:, :-1] / smooth.sum(axis=1, keepdims=True)
        x, y = ndtri(below[0]), ndtri(below[1])
        b = float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 0.0 else 1.0
        b = min(max(b, 0.2), 5.0)
        return np.concatenate([[float(np.mean(b * x - y)), b], x])

    def value(self, point: Floats) -> float:
        """The log-likelihood; minus infinity outside the model (cut-offs out of order, b not positive)."""
        if point[1] <= 0.0 or np.any(np.diff(point[2:]) <= 0.0):
            return -math.inf
        cells = self._cells(point)
        used = self.counts > 0
        if np.any(cells[used] <= 0.0):
            return -math.inf
        return float(np.sum(self.counts[used] * np.log(cells[used])))

    def derivatives(self, point: Floats) -> tuple[Floats, Table, Table]:
        """Gradient, observed information (minus the Hessian) and expected information."""
        size = self.cuts + 2
        gradient, observed, expected = np.zeros(size), np.zeros((size, size)), np.zeros((size, size))
        cells = np.maximum(self._cells(point), 1e-300)
        totals = self.counts.sum(axis=1)
        for row, (limits, slopes, bends) in enumerate(self._limits(point)):
            density = np.exp(-0.5 * limits**2) / math.sqrt(2.0 * math.pi)
            first = density[:, None] * slopes
            step = np.vstack([first, np.zeros(size)]) - np.vstack([np.zeros(size), first])
            weights = self.counts[row] / cells[row]
            gradient += weights @ step
            expected += totals[row] * (step.T / cells[row]) @ step
            # Second derivatives of Phi(limit): phi(limit) (limit'' - limit limit' limit').
            change = (weights[:-1] - weights[1:]) * density
            observed += (step.T * (weights / cells[row])) @ step
            observed += (slopes.T * (change * limits)) @ slopes
            observed[1, 2:] -= change * bends
            observed[2:, 1] -= change * bends
        return gradient, observed, expected

    def _limits(self, point: Floats) -> list[tuple[Floats, Table, Floats]]:
        """For each class: the upper limits in standard deviations, their slopes, their (b, c) bends."""
        a, b, cuts = point[0], point[1], point[2:]
        zero, one = np.zeros((self.cuts, self.cuts + 2)), np.zeros((self.cuts, self.cuts + 2))
        zero[:, 2:] = np.eye(self.cuts)
        one[:, 0], one[:, 1], one[:, 2:] = -1.0, cuts, b * np.eye(self.cuts)
        return [(cuts, zero, np.zeros(self.cuts)), (b * cuts - a, one, np.ones(self.cuts))]

    def _cells(self, point: Floats) -> Table:
        a, b, cuts = point[0], point[1], point[2:]
        return np.array([_between(cuts), _between(b * cuts - a)])


def maximize(likelihood: BinormalLikelihood) -> Point | NotEstimable:
    """The maximum, or why there is none: a step to 1e-11, a definite information, b within 0.01 to 100."""
    point = likelihood.start()
    value = likelihood.value(point)
    for iteration in range(1, _STEPS + 1):
        gradient, observed, expected = likelihood.derivatives(point)
        step = _step(observed, expected, gradient)
        if step is None:
            return NOT_CONVERGED
        size = 1.0
        while (new := likelihood.value(point + size * step)) < value - 1e-12 * abs(value):
            size /= 2.0
            if size < 1e-8:
                break
        if size < 1e-8:
            size, new = 0.0, value
        point, value = point + size * step, new
        if not 0.01 < point[1] < 100.0 or abs(point[0]) > 50.0:
            return NOT_CONVERGED
        if float(np.max(np.abs(step))) < _TOLERANCE * (1.0 + float(np.max(np.abs(point)))) or size == 0.0:
            return _end(likelihood, point, value, iteration)
    return NOT_CONVERGED


def _end(
    likelihood: BinormalLikelihood, point: Floats, value: float, iterations: int
) -> Point | NotEstimable:
    gradient, observed, _ = likelihood.derivatives(point)
    if float(np.max(np.abs(gradient))) > 1e-5 * float(likelihood.counts.sum()):
        return NOT_CONVERGED
    eigenvalues = np.linalg.eigvalsh(observed)
    if eigenvalues[0] <= 1e-10 * eigenvalues[-1]:
        return NOT_CONVERGED
    inverse = np.linalg.inv(observed)
    covariance: Table = np.array(inverse[:2, :2], dtype=np.float64)
    return Point(float(point[0]), float(point[1]), point[2:], covariance, value, iterations)


def _step(observed: Table, expected: Table, gradient: Floats) -> Floats | None:
    """Newton's step where the observed information is definite, else Fisher's."""
    for information in (observed, expected):
        try:
            factor = np.linalg.cholesky(information)
        except np.linalg.LinAlgError:
            continue
        step: Floats = np.linalg.solve(factor.T, np.linalg.solve(factor, gradient))
        if np.all(np.isfinite(step)):
            return step
    return None


def _between(limits: Floats) -> Floats:
    """Normal probabilities between successive limits, accurate in both tails."""
    padded = np.concatenate([[-np.inf], limits, [np.inf]])
    low, high = padded[:-1], padded[1:]
    upper = low > 0.0
    cells: Floats = np.where(upper, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    return cells
