"""Cox's proportional-hazards model with Efron's handling of tied events, as ``coxph`` fits it by default.

Hazard ratios with Wald intervals and P values; likelihood-ratio, Wald and score tests of the whole model; AIC
from the partial likelihood; Harrell's concordance of the linear predictor on these same data (optimistic). A
coefficient that the data push to infinity (every event on one side of a covariate) is not estimable and said
so; the likelihood-ratio test stays right, because the likelihood has a finite limit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_quantile, two_sided_p
from backend.analysis.survival.concordance import Concordance, harrell_c
from backend.analysis.survival.covariates import (
    Column,
    Covariate,
    Design,
    design,
    linear_predictor,
)
from backend.analysis.survival.efron import Maximum, maximize
from backend.analysis.survival.outcomes import Outcomes

EVENTS_PER_COLUMN = 10
MONOTONE = NotEstimable("the likelihood rises without bound: the events are separated along this covariate")


@dataclass(frozen=True, slots=True)
class CoxTerm(Result):
    """One coefficient: log hazard ratio a unit (or of ``level`` against ``reference``), its Wald test and
    interval."""

    covariate: str
    level: str | None
    reference: str | None
    coefficient: Estimate
    se: Estimate
    hazard_ratio: Estimate
    ci: Interval | NotEstimable
    z: Estimate
    p: Estimate


@dataclass(frozen=True, slots=True)
class ChiSquareTest(Result):
    """A chi-square statistic with its degrees of freedom and P value."""

    chi_square: Estimate
    df: int
    p: Estimate


@dataclass(frozen=True, slots=True)
class CoxModel(Result):
    """The fitted model.

    Attributes
    ----------
    terms
        In the order of the covariates, levels of a category alphabetical.
    covariance
        Of the coefficients, rows and columns in the order of ``terms``; not estimable when a coefficient is
        infinite.
    log_likelihood, null_log_likelihood
        Partial, at the maximum and at 0.
    concordance
        Harrell's, of the linear predictor on the cases of the fit.
    dropped
        Cases without an outcome or without one of the covariates.
    """

    method: str
    terms: tuple[CoxTerm, ...]
    covariance: tuple[tuple[float, ...], ...] | NotEstimable
    log_likelihood: float
    null_log_likelihood: float
    likelihood_ratio: ChiSquareTest
    wald: ChiSquareTest
    score: ChiSquareTest
    aic: float
    concordance: Concordance | NotEstimable
    level: float
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]

    def columns(self) -> tuple[Column, ...]:
        """The model's columns, in the order of the terms."""
        return tuple(Column(term.covariate, term.level, term.reference) for term in self.terms)

    def joint(self, covariate: str) -> ChiSquareTest:
        """Joint Wald test of all terms of one covariate: of a category, that none of its levels differs.

        Raises
        ------
        AnalysisError
            ``unknown_covariate``.
        """
        rows = [row for row, term in enumerate(self.terms) if term.covariate == covariate]
        if not rows:
            raise AnalysisError("unknown_covariate", f"the model has no covariate {covariate}")
        beta = [self.terms[row].coefficient for row in rows]
        finite = [one for one in beta if not isinstance(one, NotEstimable)]
        if isinstance(self.covariance, NotEstimable) or len(finite) < len(beta):
            return ChiSquareTest(MONOTONE, len(rows), MONOTONE)
        own = np.asarray(self.covariance)[np.ix_(rows, rows)]
        return _chi_square(float(np.asarray(finite) @ np.linalg.solve(own, finite)), len(rows))


def cox(known: Outcomes, covariates: Sequence[Covariate], *, level: float = 0.95) -> CoxModel | NotEstimable:
    """Fit Cox's model to the cases that have an outcome and all covariates.

    Not estimable without an event, for a covariate that does not vary, or for linearly dependent covariates.

    Raises
    ------
    AnalysisError
        ``level_out_of_range``, and those of :func:`~backend.analysis.survival.covariates.design`.

    References
    ----------
    Cox DR. J R Stat Soc B 1972;34:187-220. Efron B. J Am Stat Assoc 1977;72:557-565.
    """
    check_level(level)
    fitted = fit(known, covariates)
    return fitted if isinstance(fitted, NotEstimable) else cox_model(*fitted, level=level)


def fit(known: Outcomes, covariates: Sequence[Covariate]) -> tuple[Design, Maximum] | NotEstimable:
    """The design and the maximum of its likelihood, for the methods that need more than the coefficients."""
    model = design(known, covariates)
    if isinstance(model, NotEstimable):
        return model
    maximum = maximize(model)
    return maximum if isinstance(maximum, NotEstimable) else (model, maximum)


def cox_model(model: Design, maximum: Maximum, *, level: float) -> CoxModel:
    """The result object of a fit."""
    p = len(model.columns)
    ratio = max(0.0, 2.0 * (maximum.at.log_likelihood - maximum.null.log_likelihood))
    score = float(maximum.null.score @ np.linalg.solve(maximum.null.information, maximum.null.score))
    separated = bool(maximum.infinite.any())
    finite = tuple(tuple(row) for row in maximum.covariance.tolist())
    return CoxModel(
        "cox_efron",
        tuple(_term(column, maximum, row, level) for row, column in enumerate(model.columns)),
        MONOTONE if separated else finite,
        maximum.at.log_likelihood,
        maximum.null.log_likelihood,
        _chi_square(ratio, p),
        wald_test(maximum, list(range(p))),
        _chi_square(score, p),
        2.0 * p - 2.0 * maximum.at.log_likelihood,
        MONOTONE if separated else _concordance(model, maximum, level),
        level,
        model.kept.n,
        model.kept.n_events,
        model.kept.dropped,
        _warnings(model, maximum),
    )


def wald_test(maximum: Maximum, rows: list[int]) -> ChiSquareTest:
    """Joint Wald test that these coefficients are 0."""
    if maximum.infinite[rows].any():
        return ChiSquareTest(MONOTONE, len(rows), MONOTONE)
    beta = maximum.coefficients[rows]
    return _chi_square(float(beta @ np.linalg.solve(maximum.covariance[np.ix_(rows, rows)], beta)), len(rows))


def _chi_square(statistic: float, df: int) -> ChiSquareTest:
    return ChiSquareTest(statistic, df, float(chdtrc(df, statistic)))


def _term(column: Column, maximum: Maximum, row: int, level: float) -> CoxTerm:
    name = (column.covariate, column.level, column.reference)
    if maximum.infinite[row]:
        return CoxTerm(*name, *(MONOTONE,) * 4, MONOTONE, MONOTONE)
    beta = float(maximum.coefficients[row])
    se = math.sqrt(maximum.covariance[row, row])
    margin = normal_quantile(level) * se
    try:
        ratio = math.exp(beta)
        ci = Interval(math.exp(beta - margin), math.exp(beta + margin), level)
    except OverflowError:
        huge = NotEstimable("the hazard ratio is too large for a number: choose a larger unit")
        return CoxTerm(*name, beta, se, huge, huge, beta / se, two_sided_p(beta / se))
    return CoxTerm(*name, beta, se, ratio, ci, beta / se, two_sided_p(beta / se))


def _concordance(model: Design, maximum: Maximum, level: float) -> Concordance:
    predictor = linear_predictor(model.values, maximum.coefficients.tolist())
    return harrell_c(model.kept, dict(zip(model.kept.cases, predictor.tolist(), strict=True)), level=level)


def _warnings(model: Design, maximum: Maximum) -> tuple[str, ...]:
    warnings = [
        f"{column.label}: the events are separated along it; its hazard ratio has no finite estimate."
        for column, infinite in zip(model.columns, maximum.infinite, strict=True)
        if infinite
    ]
    events, p = model.kept.n_events, len(model.columns)
    if events < EVENTS_PER_COLUMN * p:
        warnings.append(
            f"{events} events for {p} coefficients: fewer than {EVENTS_PER_COLUMN} events a coefficient."
        )
    return tuple(warnings)
