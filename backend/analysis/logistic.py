"""Logistic regression: Wald and profile-likelihood intervals, separation told, backward elimination.

Coefficients, standard errors and AIC are those of R's ``glm``. Profile limits are the exact roots of twice
the loss of log-likelihood at the chi-square quantile; ``MASS::confint`` interpolates between a few points
of the same curve and is a little off them. A fit without a finite maximum (separation) or with a predictor
that others determine has no estimate, and the reason names the predictors.

References
----------
Venzon DJ, Moolgavkar SH. A method for computing profile-likelihood-based confidence intervals. Appl Stat
1988;37:87-94. Venables WN, Ripley BD. Modern Applied Statistics with S, 4th ed. 2002, ``stepAIC``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq  # type: ignore[import-untyped, unused-ignore]
from scipy.special import chdtrc, expit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.logistic_core import (
    Maximum,
    dependent_columns,
    find_separation,
    maximize,
)
from backend.analysis.model_design import Column, Design, Predictor, Values, build_design, encode_rows
from backend.analysis.model_inputs import Floats, WaldEstimate, one_class, wald
from backend.analysis.results import Interval, Result, check_level, normal_quantile

NO_PROFILE = NotEstimable("no profile interval was asked for")
SELECTION_WARNING = (
    "The predictors were chosen on these same cases: standard errors, intervals and p-values take no account "
    "of the choice and are too optimistic."
)


@dataclass(frozen=True, slots=True)
class LogisticTerm(Result):
    """One coefficient (per unit, or against the reference category) and its odds ratio."""

    column: Column
    coefficient: WaldEstimate
    profile_ci: Interval | NotEstimable
    odds_ratio: Estimate
    odds_ratio_ci: Interval | NotEstimable
    odds_ratio_profile_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class LogisticFit(Result):
    """A fitted logistic regression; the first term is the intercept.

    ``lr_chi2`` tests all predictors at once against the intercept alone; ``log_odds_low`` and
    ``log_odds_high`` span the fitted cases.
    """

    method: str
    terms: tuple[LogisticTerm, ...]
    predictors: tuple[Predictor, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    deviance: float
    null_deviance: float
    aic: float
    lr_chi2: float
    lr_df: int
    lr_p: Estimate
    log_odds_low: float
    log_odds_high: float
    level: float
    n: int
    n_positive: int
    n_negative: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EliminationStep(Result):
    """One step: AIC of the model at hand, and of the models without each of its predictors in turn."""

    aic: float
    without: Mapping[str, float]
    removed: str | None


@dataclass(frozen=True, slots=True)
class BackwardElimination(Result):
    """Every step, the last of which removes nothing, and the fit of what remained."""

    method: str
    steps: tuple[EliminationStep, ...]
    removed: tuple[str, ...]
    fit: LogisticFit
    warnings: tuple[str, ...]


def logistic_regression(
    truth: Sequence[bool],
    predictors: Mapping[str, Values],
    *,
    reference: Mapping[str, str] | None = None,
    cases: Sequence[str] | None = None,
    with_profile: bool = True,
    level: float = 0.95,
) -> LogisticFit | NotEstimable:
    """Fit the log odds of the outcome as a linear function of the predictors.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    predictors
        Values of shape (n,) by name: numbers, booleans, or words for categories; ``None`` is missing and
        leaves the case out.
    reference
        The reference category by predictor; the first in alphabetical order where none is given.
    cases
        Shape (n,): names, for those left out.
    with_profile
        Whether to compute profile-likelihood intervals beside the Wald ones.

    Returns
    -------
    LogisticFit or NotEstimable
        Not estimable with one outcome only, under separation, and with a dependent predictor.

    Raises
    ------
    AnalysisError
        Invalid input: see :func:`backend.analysis.model_design.build_design`.
    """
    check_level(level)
    return _fit(build_design(truth, predictors, reference=reference, cases=cases), level, with_profile)


def backward_elimination(
    truth: Sequence[bool],
    predictors: Mapping[str, Values],
    *,
    keep: Sequence[str] = (),
    reference: Mapping[str, str] | None = None,
    cases: Sequence[str] | None = None,
    with_profile: bool = True,
    level: float = 0.95,
) -> BackwardElimination | NotEstimable:
    """Drop, one at a time, the predictor whose loss lowers AIC most, until none does.

    As ``MASS::stepAIC(direction = "backward")``; a category predictor goes as a whole; of equal AIC the
    first in alphabetical order goes. Cases that lack any predictor are left out of every step.

    Parameters
    ----------
    keep
        Predictors that are never removed. Others as for :func:`logistic_regression`.
    """
    check_level(level)
    if unknown := set(keep) - set(predictors):
        raise AnalysisError("predictor_missing", f"{min(unknown)} is to be kept but is no predictor")
    design = build_design(truth, predictors, reference=reference, cases=cases)
    full = _maximum(design)
    if isinstance(full, NotEstimable):
        return full
    aic, steps = _aic(full), []
    remaining = [predictor.name for predictor in design.predictors]
    while True:
        without: dict[str, float] = {}
        for name in remaining:
            if name not in keep:
                smaller = _maximum(design.only([other for other in remaining if other != name]))
                if isinstance(smaller, NotEstimable):
                    return smaller
                without[name] = _aic(smaller)
        best = min(without, key=lambda name: (without[name], name), default=None)
        if best is None or without[best] >= aic:
            steps.append(EliminationStep(aic, without, None))
            break
        steps.append(EliminationStep(aic, without, best))
        remaining.remove(best)
        aic = without[best]
    fit = _fit(design.only(remaining), level, with_profile)
    if isinstance(fit, NotEstimable):
        return fit
    removed = tuple(step.removed for step in steps if step.removed is not None)
    return BackwardElimination("backward_elimination", tuple(steps), removed, fit, (SELECTION_WARNING,))


def linear_predictor(fit: LogisticFit, predictors: Mapping[str, Values]) -> tuple[float, ...]:
    """The log odds of new cases, in their order.

    Raises
    ------
    AnalysisError
        ``predictor_missing``, ``value_missing``, ``unknown_category``, ``not_a_number``, ``not_finite``.
    """
    matrix = encode_rows(fit.predictors, [term.column for term in fit.terms], predictors)
    return tuple((matrix @ _coefficients(fit)).tolist())


def predict(fit: LogisticFit, predictors: Mapping[str, Values]) -> tuple[float, ...]:
    """The probability of the outcome in new cases; errors as for :func:`linear_predictor`."""
    return tuple(float(expit(value)) for value in linear_predictor(fit, predictors))


def _coefficients(fit: LogisticFit) -> Floats:
    return np.array([term.coefficient.estimate for term in fit.terms], dtype=np.float64)


def _aic(maximum: Maximum) -> float:
    return 2.0 * len(maximum.coefficients) - 2.0 * maximum.log_likelihood


def _maximum(design: Design) -> Maximum | NotEstimable:
    """The maximum of the likelihood, or why there is none."""
    if undefined := one_class(design.outcome):
        return undefined
    if dependent := dependent_columns(design.matrix):
        names = ", ".join(design.columns[k].name for k in dependent)
        return NotEstimable(f"{names}: constant or determined by the other predictors")
    found = maximize(design.matrix, design.outcome, np.zeros(len(design.outcome)))
    if found.is_suspect() and (separation := find_separation(design.matrix, design.outcome)):
        names = ", ".join(design.columns[k].name for k in separation.columns if design.columns[k].predictor)
        return NotEstimable(
            f"{separation.kind} separation: no finite coefficient for {names}, which "
            + ("tell" if separation.kind == "complete" else "in part tell")
            + " the outcomes apart without error"
        )
    if not found.converged:
        return NotEstimable(f"the likelihood has no maximum within {found.steps} steps")
    return found


def _fit(design: Design, level: float, with_profile: bool) -> LogisticFit | NotEstimable:  # noqa: FBT001
    found = _maximum(design)
    if isinstance(found, NotEstimable):
        return found
    null = maximize(design.matrix[:, :1], design.outcome, np.zeros(len(design.outcome)))
    n, positive = len(design.outcome), int(design.outcome.sum())
    df = len(design.columns) - 1
    chi2 = max(0.0, 2.0 * (found.log_likelihood - null.log_likelihood))
    return LogisticFit(
        method="logistic",
        terms=tuple(_term(design, found, k, level, with_profile) for k in range(len(design.columns))),
        predictors=design.predictors,
        covariance=tuple(tuple(row) for row in found.covariance.tolist()),
        log_likelihood=found.log_likelihood,
        deviance=-2.0 * found.log_likelihood,
        null_deviance=-2.0 * null.log_likelihood,
        aic=_aic(found),
        lr_chi2=chi2,
        lr_df=df,
        lr_p=float(chdtrc(df, chi2)) if df else NotEstimable("the model has no predictor"),
        log_odds_low=float(found.log_odds.min()),
        log_odds_high=float(found.log_odds.max()),
        level=level,
        n=n,
        n_positive=positive,
        n_negative=n - positive,
        dropped=design.dropped,
        warnings=_warnings(min(positive, n - positive), df, design.dropped),
    )


def _term(design: Design, found: Maximum, k: int, level: float, with_profile: bool) -> LogisticTerm:  # noqa: FBT001
    estimate, se = float(found.coefficients[k]), math.sqrt(found.covariance[k, k])
    coefficient = wald(estimate, se, level=level)
    profile = _profile(design, found, k, level) if with_profile else NO_PROFILE
    odds = (
        math.exp(estimate) if estimate < 700.0 else NotEstimable("the odds ratio is too large for a number")
    )
    return LogisticTerm(
        design.columns[k], coefficient, profile, odds, _exponential(coefficient.ci), _exponential(profile)
    )


def _exponential(ci: Interval | NotEstimable) -> Interval | NotEstimable:
    if isinstance(ci, NotEstimable):
        return ci
    if ci.high >= 700.0:
        return NotEstimable("the upper limit is too large for a number")
    return Interval(math.exp(ci.low), math.exp(ci.high), ci.level)


def _profile(design: Design, found: Maximum, k: int, level: float) -> Interval:
    """Where twice the loss of log-likelihood, the others refitted, reaches the chi-square quantile."""
    others, own = np.delete(design.matrix, k, axis=1), design.matrix[:, k]
    estimate, se = float(found.coefficients[k]), math.sqrt(found.covariance[k, k])
    bound = normal_quantile(level) ** 2
    rest = np.delete(found.coefficients, k)

    def excess(value: float) -> float:
        best = maximize(others, design.outcome, own * value, rest)
        return 2.0 * (found.log_likelihood - best.log_likelihood) - bound

    limits = []
    for side in (-1.0, 1.0):
        reach = normal_quantile(level) * se
        while excess(estimate + side * reach) < 0.0:
            reach *= 1.5
        limits.append(brentq(excess, estimate, estimate + side * reach, xtol=1e-11 * se, rtol=1e-13))
    return Interval(float(limits[0]), float(limits[1]), level)


def _warnings(rarer: int, df: int, dropped: tuple[str, ...]) -> tuple[str, ...]:
    warnings = []
    if df and rarer < 10 * df:
        warnings.append(
            f"There are {rarer / df:.1f} cases of the rarer outcome for each coefficient; below 10 the "
            "estimates tend to be too extreme."
        )
    if dropped:
        warnings.append(f"{len(dropped)} cases lack a predictor and are left out.")
    return tuple(warnings)
