"""Baseline hazard of a Cox model and the survival it predicts for new cases.

The baseline is Efron's, consistent with the fit (``survfit(coxph(...))``), not Breslow's: at each event time
the sum over l = 0..d-1 of 1 / (sum over the risk set - l/d * sum over the d who fail) of exp(linear
predictor). The predicted curve is a step function, S(t | x) = exp(-H0(t) exp(b'(x - center))); nothing is
interpolated between event times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Result, check_level
from backend.analysis.survival.covariates import Covariate, CovariateValue, levels_of, linear_predictor
from backend.analysis.survival.cox import MONOTONE, CoxModel, cox_model, fit
from backend.analysis.survival.outcomes import Floats, Matrix, Outcomes, check_time
from backend.analysis.survival.risk_table import step_after

LARGEST = 700.0  # e to it is still a number
TOO_LARGE = NotEstimable("the baseline hazard is too large for a number: a covariate has an extreme value")


@dataclass(frozen=True, slots=True)
class CoxBaseline(Result):
    """The model with its cumulative baseline hazard, of a case whose columns stand at ``center``.

    Attributes
    ----------
    coefficients, center
        Shape (p,), in the order of the model's terms; the center is the mean of each column.
    times, cumulative_hazard
        Shape (m,): distinct event times ascending, and the hazard accumulated up to and with each.
    last_time
        End of follow-up; nothing is predicted after it.
    """

    method: str
    model: CoxModel
    coefficients: tuple[float, ...]
    center: tuple[float, ...]
    times: tuple[float, ...]
    cumulative_hazard: tuple[float, ...]
    last_time: float


@dataclass(frozen=True, slots=True)
class CasePrediction(Result):
    """Linear predictor b'(x - center) of one case and its survival at each of the asked times."""

    case: str
    linear_predictor: float
    survival: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class PredictedSurvival(Result):
    """Predictions for the cases with all covariates, sorted by name; the others are named in ``dropped``."""

    method: str
    times: tuple[float, ...]
    cases: tuple[CasePrediction, ...]
    dropped: tuple[str, ...]


def cox_baseline(
    known: Outcomes, covariates: Sequence[Covariate], *, level: float = 0.95
) -> CoxBaseline | NotEstimable:
    """Fit the model and its baseline; not estimable where the model is not or a hazard ratio is infinite.

    Raises
    ------
    AnalysisError
        Those of :func:`~backend.analysis.survival.cox.cox`.

    References
    ----------
    Efron B. J Am Stat Assoc 1977;72:557-565.
    """
    check_level(level)
    fitted = fit(known, covariates)
    if isinstance(fitted, NotEstimable):
        return fitted
    model, maximum = fitted
    if maximum.infinite.any():
        return MONOTONE
    data = maximum.data
    if maximum.at.log_denominators.min() < -LARGEST:
        return TOO_LARGE
    increments = np.bincount(data.slot, weights=np.exp(-maximum.at.log_denominators))
    return CoxBaseline(
        "cox_baseline_efron",
        cox_model(model, maximum, level=level),
        tuple(maximum.coefficients.tolist()),
        tuple(data.center.tolist()),
        tuple(data.event_times.tolist()),
        tuple(np.cumsum(increments).tolist()),
        max(model.kept.times),
    )


def predicted_survival(
    baseline: CoxBaseline, profiles: Mapping[str, Mapping[str, CovariateValue]], times: Sequence[float]
) -> PredictedSurvival:
    """Survival of new cases at the given times.

    Parameters
    ----------
    profiles
        By case, the value of each covariate of the model by its name.

    Raises
    ------
    AnalysisError
        ``unknown_level``, ``covariate_not_a_number``, ``covariate_not_finite``, ``covariate_not_text`` (name
        the case), ``no_cases`` when no case has all covariates, ``time_…``.
    """
    wanted = [check_time(time, "a time asked for") for time in times]
    columns = baseline.model.columns()
    levels = {column.covariate: levels_of(column.covariate, columns) for column in columns}
    complete = sorted(
        case for case, own in profiles.items() if all(own.get(name) is not None for name in levels)
    )
    if not complete:
        raise AnalysisError("no_cases", "no case has all covariates of the model")
    values = [
        [column.value(profiles[case][column.covariate], case, levels[column.covariate]) for case in complete]
        for column in columns
    ]
    predictor, survival = _predict(baseline, values, wanted)
    beyond = NotEstimable(f"follow-up ended at {baseline.last_time:g}")
    return PredictedSurvival(
        "cox_predicted_survival",
        tuple(wanted),
        tuple(
            CasePrediction(
                case,
                float(own),
                tuple(
                    beyond if time > baseline.last_time else value
                    for time, value in zip(wanted, row, strict=True)
                ),
            )
            for case, own, row in zip(complete, predictor.tolist(), survival.tolist(), strict=True)
        ),
        tuple(sorted(set(profiles) - set(complete))),
    )


def _predict(
    baseline: CoxBaseline, values: Sequence[Sequence[float]], times: Sequence[float]
) -> tuple[Floats, Matrix]:
    """Linear predictors (n,) and survival (n, number of times) from the columns' values."""
    centered = [
        [value - center for value in column] for column, center in zip(values, baseline.center, strict=True)
    ]
    predictor = linear_predictor(centered, baseline.coefficients)
    hazard = step_after(
        np.array(baseline.times), np.array(baseline.cumulative_hazard), np.array(times, dtype=np.float64)
    )
    # Before the first event the step function is its starting value, which for a hazard is 0.
    hazard = np.where(np.array(times) < baseline.times[0], 0.0, hazard)
    # Beyond e^±700 survival is 0 or 1 to the last bit, and the exponential has no number.
    log_hazard = np.log(hazard, out=np.full_like(hazard, -np.inf), where=hazard > 0.0)
    survival = np.exp(-np.exp(np.clip(np.add.outer(predictor, log_hazard), -LARGEST, LARGEST)))
    return predictor, survival
