"""Newton's method for the logistic likelihood, and the search for separation by linear programs.

Separation: some combination of the predictors is never lower in the cases with the outcome than in those
without. The likelihood then rises without end and no maximum exists. It is found exactly, as the question
whether a cone holds more than the origin, not guessed from large coefficients.

References
----------
Albert A, Anderson JA. On the existence of maximum likelihood estimates in logistic regression models.
Biometrika 1984;71:1-10. Konis K. Linear programming algorithms for detecting separated data in binary
logistic regression models. DPhil thesis, University of Oxford, 2007.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]
from scipy.special import expit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.model_inputs import Booleans, Floats

MAX_STEPS = 60
TOLERANCE = 1e-12
# Under separation each Newton step moves some log odds by about 1 and never converges, until rounding stops it
# beyond this. A real maximum out there is possible, but rare enough to have separation ruled out exactly.
LARGE_LOG_ODDS = 30.0
RANK_TOLERANCE = 1e-9
# The linear programs keep to 1e-7, with predictors scaled to at most 1 and directions to at most 1 in size.
DIRECTION_TOLERANCE = 1e-6
AT_THE_WALL = 0.5
MARGIN_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Maximum:
    """The maximum of the likelihood: coefficients (p,), their covariance (p, p), log odds (n,)."""

    coefficients: Floats
    covariance: Floats
    log_odds: Floats
    log_likelihood: float
    steps: int
    converged: bool

    def is_suspect(self) -> bool:
        """Whether separation must be ruled out before these numbers may be believed."""
        return not self.converged or bool((np.abs(self.log_odds) > LARGE_LOG_ODDS).any())


@dataclass(frozen=True, slots=True)
class Separation:
    """Which columns have no finite coefficient; complete when the outcome is told without an error."""

    kind: Literal["complete", "quasi-complete"]
    columns: tuple[int, ...]


def log_likelihood(log_odds: Floats, outcome: Booleans) -> float:
    """The Bernoulli log-likelihood, accurate far into the tails."""
    return -float(np.logaddexp(0.0, np.where(outcome, -log_odds, log_odds)).sum())


def maximize(design: Floats, outcome: Booleans, offset: Floats, start: Floats | None = None) -> Maximum:
    """The maximum of the logistic likelihood by Newton steps, halved while they do not rise.

    The steps are taken in columns of like size, so that the unit of a predictor has no part in the estimates.

    Parameters
    ----------
    design
        Shape (n, p), of full column rank; the column of ones is among them if there is an intercept.
    outcome, offset
        Shape (n,); the offset is added to the log odds with coefficient 1.
    start
        Shape (p,): coefficients to begin with.
    """
    units = _units(design)
    design = design / units
    coefficients = np.zeros(design.shape[1]) if start is None else start * units
    log_odds = design @ coefficients + offset
    value = log_likelihood(log_odds, outcome)
    converged = False
    steps = 0
    while not converged and steps < MAX_STEPS:
        steps += 1
        step = _newton_step(design, outcome, log_odds)
        for _ in range(30):
            after = log_likelihood(design @ (coefficients + step) + offset, outcome)
            if after >= value - TOLERANCE * (abs(value) + 0.1):
                break
            step = step / 2.0
        coefficients = coefficients + step
        log_odds = design @ coefficients + offset
        small = np.abs(design @ step).max(initial=0.0) <= 1e-9 * (1.0 + np.abs(log_odds).max())
        converged = bool(small) and abs(after - value) <= TOLERANCE * (abs(value) + 0.1)
        value = after
    covariance = _covariance(design, log_odds) / np.outer(units, units)
    return Maximum(coefficients / units, covariance, log_odds, value, steps, converged)


def _units(design: Floats) -> Floats:
    """Shape (p,): the power of two beyond the largest value of each column; dividing by it rounds nothing."""
    exponents = np.frexp(np.abs(design).max(axis=0))[1]
    units: Floats = np.ldexp(1.0, exponents)
    return units


def _weights(log_odds: Floats) -> Floats:
    weights: Floats = expit(log_odds) * expit(-log_odds)
    return weights


def _newton_step(design: Floats, outcome: Booleans, log_odds: Floats) -> Floats:
    root = np.sqrt(np.maximum(_weights(log_odds), 1e-300))
    residual = np.where(outcome, expit(-log_odds), -expit(log_odds))
    step: Floats = np.linalg.lstsq(design * root[:, None], residual / root, rcond=None)[0]
    return step


def _covariance(design: Floats, log_odds: Floats) -> Floats:
    """The inverse of the observed information; it is also the expected one for this link."""
    triangle: Floats = np.linalg.qr(design * np.sqrt(_weights(log_odds))[:, None]).R
    if triangle.size and not np.abs(np.diag(triangle)).min() > 0.0:
        return np.full(triangle.shape, np.nan)
    inverse = np.linalg.inv(triangle)
    covariance: Floats = inverse @ inverse.T
    return covariance


def dependent_columns(design: Floats) -> list[int]:
    """Columns that are a linear combination of the columns before them, as R's ``glm`` sets aside."""
    dependent: list[int] = []
    basis = np.empty((design.shape[0], 0))
    for column in range(design.shape[1]):
        values = design[:, column]
        size = np.linalg.norm(values)
        rest = values - basis @ (basis.T @ values)
        rest = rest - basis @ (basis.T @ rest)
        if size == 0.0 or np.linalg.norm(rest) <= RANK_TOLERANCE * size:
            dependent.append(column)
        else:
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return dependent


def find_separation(design: Floats, outcome: Booleans) -> Separation | None:
    """Whether some direction of the coefficients raises the likelihood without end, and in which columns.

    Parameters
    ----------
    design
        Shape (n, p), of full column rank.
    outcome
        Shape (n,).
    """
    scaled = design / np.abs(design).max(axis=0)
    signed = np.unique(np.where(outcome, 1.0, -1.0)[:, None] * scaled, axis=0)
    # Any direction that errs on no case can be lengthened to the wall of the box; without one only 0 is left.
    if np.abs(_furthest(signed, signed.sum(axis=0))).max() < AT_THE_WALL:
        return None
    unit = np.eye(signed.shape[1])
    reach = [
        max(_furthest(signed, unit[k])[k], -_furthest(signed, -unit[k])[k]) for k in range(signed.shape[1])
    ]
    columns = tuple(k for k, furthest in enumerate(reach) if furthest > DIRECTION_TOLERANCE)
    return Separation("complete" if _has_margin(signed) else "quasi-complete", columns)


def _furthest(signed: Floats, objective: Floats) -> Floats:
    """The b in [-1, 1]^p that errs on no case and has the largest ``objective @ b``."""
    answer = linprog(-objective, A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1.0, 1.0), method="highs")
    direction: Floats = answer.x
    return direction


def _has_margin(signed: Floats) -> bool:
    """Whether some b has ``signed @ b > 0`` for every case."""
    n, p = signed.shape
    answer = linprog(
        np.append(np.zeros(p), -1.0),
        A_ub=np.column_stack([-signed, np.ones(n)]),
        b_ub=np.zeros(n),
        bounds=[*[(-1.0, 1.0)] * p, (None, 1.0)],
        method="highs",
    )
    return float(-answer.fun) > MARGIN_TOLERANCE
