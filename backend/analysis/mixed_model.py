"""Linear mixed models with crossed random effects, such as readers and cases, fitted by REML.

No library of ours fits crossed effects without a dense covariance matrix of all observations, so this is
our own: the effects of the factor with the most levels (the cases) are eliminated by hand, which leaves
small matrices. Degrees of freedom are Satterthwaite's, from the observed information of the restricted
likelihood, as R's lmerTest has them; in balanced data they are the classical ones of the mean squares.
They never fall below the fewest levels of a random term minus the number of fixed effects (nor below 1),
after the floor of Gaylor and Hopper. A variance component that would be negative is 0, and the result says so.

References
----------
Bates D, Maechler M, Bolker B, Walker S. J Stat Softw 2015;67(1):1-48 (the criterion).
Giesbrecht FG, Burns JC. Biometrics 1985;41:477-486 (degrees of freedom).
Gaylor DW, Hopper FN. Technometrics 1969;11:691-706 (their floor).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, root  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_t_p

Array: TypeAlias = NDArray[np.float64]
# A share of the residual variance below this is an estimate of nothing.
NEGLIGIBLE = 1e-7
RUNAWAY = 1e8
COMPLEX_STEP = 1e-30
NO_RESIDUAL = NotEstimable("the model leaves no residual variance")


@dataclass(frozen=True, slots=True)
class RandomTerm:
    """One independent random effect a level of ``labels``, multiplied by ``covariate`` (1 without one)."""

    name: str
    labels: Sequence[str]
    covariate: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Coefficient(Result):
    """A fixed effect with its t test and interval; ``df`` are Satterthwaite's."""

    name: str
    estimate: float
    se: float
    df: float
    t: float
    p: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class MixedModelFit(Result):
    """The REML fit.

    Attributes
    ----------
    coefficients
        Fixed effects in the order given.
    variances
        Variance of each random term and of ``"residual"``.
    levels
        Number of levels of each random term.
    reml_criterion
        Minus twice the restricted log-likelihood, with its constant, as R's lme4 prints it.
    """

    method: str
    coefficients: tuple[Coefficient, ...]
    variances: Mapping[str, float]
    levels: Mapping[str, int]
    reml_criterion: float
    n: int
    warnings: tuple[str, ...]

    def coefficient(self, name: str) -> Coefficient:
        """The fixed effect of that name."""
        for coefficient in self.coefficients:
            if coefficient.name == name:
                return coefficient
        raise AnalysisError("unknown_coefficient", f"the model has no fixed effect {name}")


def fit_mixed_model(
    y: Sequence[float],
    fixed: Mapping[str, Sequence[float]],
    random: Sequence[RandomTerm],
    *,
    level: float = 0.95,
) -> MixedModelFit | NotEstimable:
    """Fit ``y`` by fixed effects and crossed random effects.

    Parameters
    ----------
    y
        Shape (n,), finite.
    fixed
        Name -> column of shape (n,); an intercept is a column of ones.
    random
        The random terms. Effects of different terms, and of different levels, are independent.

    Returns
    -------
    MixedModelFit | NotEstimable
        Not estimable where a random term has one level or the residual variance is 0, where there are no
        more observations than fixed effects, or where the fixed effects are not separate.

    Raises
    ------
    AnalysisError
        ``lengths_differ``, ``not_finite`` (both name the column), ``level_out_of_range``.
    """
    check_level(level)
    random, alone = (
        [t for t in random if len(set(t.labels)) < len(y)],
        [t.name for t in random if len(set(t.labels)) == len(y)],
    )
    if not random:
        return NotEstimable("every random term has a level of its own for each observation")
    design = _checked(y, fixed, random)
    if isinstance(design, NotEstimable):
        return design
    model = _Reml(design, random)
    # A share that runs away, where nothing is left for the residual, is caught below.
    with np.errstate(all="ignore"):
        shares = model.optimum()
        if not np.isfinite(shares).all() or (shares > RUNAWAY).any():
            return NO_RESIDUAL
        residual, inverse, beta = model.solution(shares)
    floor = min(len(set(term.labels)) for term in random) - len(fixed)
    degrees = model.degrees_of_freedom(shares, residual, floor)
    coefficients = [
        _coefficient(name, float(beta[i]), math.sqrt(residual * float(inverse[i, i])), degrees[i], level)
        for i, name in enumerate(fixed)
    ]
    variances = {term.name: residual * float(share) for term, share in zip(random, shares, strict=True)}
    warnings = (
        *(
            f"Each observation has a {name} of its own: its variance is part of the residual."
            for name in alone
        ),
        *(f"The variance of {name} is estimated as 0." for name, value in variances.items() if value == 0.0),
    )
    return MixedModelFit(
        method="mixed_model_reml",
        coefficients=tuple(coefficients),
        variances={**variances, "residual": residual},
        levels={term.name: len(set(term.labels)) for term in random},
        reml_criterion=float(model.criterion(shares).real),
        n=len(design.y),
        warnings=tuple(warnings),
    )


@dataclass(frozen=True, slots=True)
class _Design:
    y: Array
    x: Array


def _checked(
    y: Sequence[float], fixed: Mapping[str, Sequence[float]], random: Sequence[RandomTerm]
) -> _Design | NotEstimable:
    columns = {"y": y, **fixed} | {f"the covariate of {t.name}": t.covariate for t in random if t.covariate}
    lengths = {name: len(values) for name, values in columns.items() if values is not None}
    for name, length in (lengths | {t.name: len(t.labels) for t in random}).items():
        if length != len(y):
            raise AnalysisError("lengths_differ", f"{name} has {length} rows, y {len(y)}")
    for name, column in columns.items():
        if not np.isfinite(np.asarray(column, dtype=np.float64)).all():
            raise AnalysisError("not_finite", f"{name} holds a value that is not a finite number")
    for term in random:
        if len(set(term.labels)) < 2:
            return NotEstimable(f"{term.name} has fewer than two levels")
    x = np.column_stack([np.asarray(values, dtype=np.float64) for values in fixed.values()])
    if len(y) <= x.shape[1]:
        return NotEstimable("there are no more observations than fixed effects")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return NotEstimable("the fixed effects cannot be told apart in these data")
    values = np.asarray(y, dtype=np.float64)
    left = values - x @ np.linalg.lstsq(x, values, rcond=None)[0]
    if np.max(np.abs(left)) <= 1e-12 * max(1.0, float(np.max(np.abs(values)))):
        return NO_RESIDUAL
    return _Design(values, x)


def _coefficient(name: str, estimate: float, se: float, df: float, level: float) -> Coefficient:
    t = estimate / se
    margin = t_quantile(level, df) * se
    p = two_sided_t_p(t, df)
    return Coefficient(name, estimate, se, df, t, p, Interval(estimate - margin, estimate + margin, level))


class _Reml:
    """Minus twice the profiled restricted log-likelihood over variance shares (random / residual).

    Every function takes complex shares: derivatives are taken by the complex step, exact to rounding.
    """

    def __init__(self, design: _Design, random: Sequence[RandomTerm]) -> None:
        order = np.lexsort([design.y, *[np.asarray(term.labels) for term in random]])
        y, x = design.y[order], design.x[order]
        blocks = [_indicator(term, order) for term in random]
        plain = [i for i, term in enumerate(random) if term.covariate is None]
        self._big = max(plain, key=lambda i: blocks[i].shape[1])
        self._n, self._p = x.shape
        self._terms = len(random)
        self._owner = [i for i, block in enumerate(blocks) if i != self._big for _ in range(block.shape[1])]
        rest = np.hstack([*(block for i, block in enumerate(blocks) if i != self._big), x, y[:, None]])
        big = blocks[self._big]
        self._counts = big.sum(axis=0)
        self._cross = big.T @ rest
        self._gram = rest.T @ rest

    def _eliminate(self, shares: NDArray[Any]) -> tuple[NDArray[Any], Any]:
        """X and y's cross products weighted by the inverse covariance / residual, and its log determinant."""
        scale = 1.0 + shares[self._big] * self._counts
        weight = shares[self._big] / scale
        gram = self._gram - (self._cross.T * weight) @ self._cross
        logdet = np.log(scale).sum()
        q = len(self._owner)
        if q == 0:
            return gram, logdet
        each = shares[self._owner]
        inner = np.eye(q) + gram[:q, :q] * each[None, :]
        solved = np.linalg.solve(inner, gram[:q, q:])
        gram = gram[q:, q:] - gram[q:, :q] @ (each[:, None] * solved)
        return gram, logdet + _log_determinant(inner)

    def criterion(self, shares: NDArray[Any]) -> Any:
        gram, logdet = self._eliminate(shares)
        p, free = self._p, self._n - self._p
        xx, xy = gram[:p, :p], gram[:p, p]
        rss = gram[p, p] - xy @ np.linalg.solve(xx, xy)
        return logdet + _log_determinant(xx) + free * (1.0 + np.log(2.0 * math.pi * rss / free))

    def gradient(self, shares: Array) -> Array:
        steps = np.eye(self._terms) * (1j * COMPLEX_STEP)
        return np.array([self.criterion(shares + step).imag / COMPLEX_STEP for step in steps])

    def optimum(self) -> Array:
        found = minimize(
            lambda shares: (float(self.criterion(shares).real), self.gradient(shares)),
            np.full(self._terms, 0.5),
            jac=True,
            bounds=[(0.0, None)] * self._terms,
            method="L-BFGS-B",
            options={"ftol": 1e-15, "gtol": 1e-8, "maxiter": 1000},
        )
        shares = np.where(found.x < NEGLIGIBLE, 0.0, found.x)
        free = np.flatnonzero(shares)
        if len(free):
            shares = self._polished(shares, free)
        return shares

    def _polished(self, shares: Array, free: NDArray[np.intp]) -> Array:
        """The zero of the gradient near the optimum, which the flat criterion alone leaves at six digits."""

        def slope(logs: Array) -> Array:
            trial = shares.copy()
            trial[free] = np.exp(logs)
            return self.gradient(trial)[free] * trial[free]

        logs = root(slope, np.log(shares[free]), tol=1e-13).x
        polished = shares.copy()
        polished[free] = np.exp(logs)
        close = np.allclose(polished, shares, rtol=1e-2, atol=1e-6)
        return polished if close else shares

    def solution(self, shares: NDArray[Any]) -> tuple[Any, NDArray[Any], NDArray[Any]]:
        """Residual variance, the inverse of X'V^-1 X times it as unit, and the fixed effects."""
        gram, _ = self._eliminate(shares)
        p = self._p
        inverse = np.linalg.inv(gram[:p, :p])
        beta = inverse @ gram[:p, p]
        residual = (gram[p, p] - gram[:p, p] @ beta) / (self._n - p)
        return residual.item(), inverse, beta

    def degrees_of_freedom(self, shares: Array, residual: float, floor: int) -> list[float]:
        """Satterthwaite's 2 V^2 / var(V) for the variance V of each fixed effect."""
        free = np.flatnonzero(shares)
        at = np.concatenate([[residual], residual * shares[free]])

        def unpacked(values: NDArray[Any]) -> NDArray[Any]:
            full = np.zeros(self._terms, dtype=values.dtype)
            full[free] = values[1:] / values[0]
            return full

        def deviance(values: NDArray[Any]) -> Any:
            gram, logdet = self._eliminate(unpacked(values))
            p = self._p
            xx, xy = gram[:p, :p], gram[:p, p]
            rss = gram[p, p] - xy @ np.linalg.solve(xx, xy)
            spread = (self._n - p) * np.log(values[0])
            return logdet + _log_determinant(xx) + spread + rss / values[0]

        def slopes(values: Array) -> Array:
            steps = np.diag(at) * (1j * COMPLEX_STEP)
            return np.array([deviance(values + s).imag / COMPLEX_STEP for s in steps])

        # The parameters are measured in units of themselves, so that one step suits them all.
        step = 1e-5
        rows = [(slopes(at + step * e) - slopes(at - step * e)) / (2 * step) for e in np.diag(at)]
        hessian = np.array(rows)
        covariance = 2.0 * np.linalg.pinv((hessian + hessian.T) / 2.0)
        variance = residual * np.diag(np.asarray(self.solution(shares)[1]))
        steps = np.diag(at) * (1j * COMPLEX_STEP)
        jacobian = np.array(
            [((at + s)[0] * np.diag(self.solution(unpacked(at + s))[1])).imag / COMPLEX_STEP for s in steps]
        )
        spread = np.einsum("ai,ab,bi->i", jacobian, covariance, jacobian)
        degrees = [
            2.0 * float(v) ** 2 / float(s) if s > 0.0 else float(floor)
            for v, s in zip(variance, spread, strict=True)
        ]
        return [max(float(max(floor, 1)), df) for df in degrees]


def _indicator(term: RandomTerm, order: NDArray[np.intp]) -> Array:
    _, index = np.unique(np.asarray(term.labels), return_inverse=True)
    z = np.zeros((len(index), int(index.max()) + 1))
    values = np.ones(len(index)) if term.covariate is None else np.asarray(term.covariate, dtype=np.float64)
    z[np.arange(len(index)), index] = values
    return z[order]


def _log_determinant(matrix: NDArray[Any]) -> Any:
    sign, size = np.linalg.slogdet(matrix)
    return size + 1j * np.angle(sign) if np.iscomplexobj(matrix) else size
