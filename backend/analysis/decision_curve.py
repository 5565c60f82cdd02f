"""Decision curves: the net benefit of acting on a model, over threshold probabilities.

A case is treated when its predicted probability is at or above the threshold, as in ``dcurves``; ``rmda``
asks for more than the threshold and differs where a prediction equals it. Net benefit is the share of true
positives minus the share of false positives at the odds of the threshold, over all cases; treating nobody
has net benefit 0. With censored outcomes the shares come from Kaplan-Meier at a stated time: over all cases
for "treat all", over the cases at or above the threshold for a model.

Intervals are percentile intervals of a seeded bootstrap over cases, pointwise. The outcome is not held
fixed, so that the prevalence varies too, unless a prevalence is given.

References
----------
Vickers AJ, Elkin EB. Med Decis Making 2006;26:565-574. Vickers AJ, Cronin AM, Elkin EB, Gonen M. BMC Med
Inform Decis Mak 2008;8:53. Kerr KF, Brown MD, Zhu K, Janes H. J Clin Oncol 2016;34:2534-2540.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.model_inputs import (
    Floats,
    check_models,
    check_numbers,
    check_outcomes,
    check_thresholds,
    one_class,
)
from backend.analysis.net_benefit import (
    Cells,
    Rates,
    binary_cells,
    binary_rates,
    resampled_rates,
    survival_cells,
    survival_rates,
)
from backend.analysis.results import Interval, Result, check_level

DEFAULT_THRESHOLDS = tuple(percent / 100 for percent in range(1, 100))
TREAT_ALL = "treat all"
NO_RESAMPLES = NotEstimable("no bootstrap was asked for")
NO_AVOIDED = NotEstimable("at threshold 0 no intervention is ever avoided")


@dataclass(frozen=True, slots=True)
class DecisionPoint(Result):
    """One threshold; rates are shares of all cases, ``avoided`` counts net interventions avoided.

    ``standardized`` is the net benefit over the largest one possible, the prevalence.
    """

    threshold: float
    true_positive_rate: Estimate
    false_positive_rate: Estimate
    net_benefit: Estimate
    net_benefit_ci: Interval | NotEstimable
    standardized: Estimate
    standardized_ci: Interval | NotEstimable
    avoided: Estimate
    avoided_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class StrategyCurve(Result):
    """The points of one strategy: a model, or ``treat all``."""

    name: str
    points: tuple[DecisionPoint, ...]


@dataclass(frozen=True, slots=True)
class DecisionCurve(Result):
    """Decision curves of models, and of treating all; treating none has net benefit 0 throughout.

    ``prevalence`` is the share with the outcome: as observed, as given, or by Kaplan-Meier at ``at``.
    ``avoided_per`` says among how many cases avoided interventions are counted. ``n_events`` had the outcome, with
    censoring by ``at`` (then included); ``n_censored`` were last seen without it before ``at``. All other cases are
    free of the event at ``at``, whatever came after it.
    """

    method: str
    outcome: Literal["binary", "survival"]
    at: float | None
    prevalence: Estimate
    is_prevalence_given: bool
    models: tuple[StrategyCurve, ...]
    treat_all: StrategyCurve
    avoided_per: int
    n: int
    n_events: int
    n_censored: int
    level: float
    resamples: int
    seed: int | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Settings:
    thresholds: Floats
    avoided_per: int
    level: float
    undefined: NotEstimable


def decision_curve(
    truth: Sequence[bool],
    models: Mapping[str, Sequence[float]],
    *,
    thresholds: Sequence[float] = DEFAULT_THRESHOLDS,
    prevalence: float | None = None,
    avoided_per: int = 100,
    resamples: int = 0,
    seed: int | None = None,
    level: float = 0.95,
) -> DecisionCurve:
    """Decision curves for an outcome known in every case.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    models
        Predicted probabilities by the model's name, each of shape (n,).
    thresholds
        Threshold probabilities, rising, in [0, 1).
    prevalence
        The share with the outcome in the population, where the cases were sampled by outcome; the cases'
        own share when left out. The bootstrap then draws within each outcome.
    avoided_per
        Among how many cases net interventions avoided are counted.
    resamples, seed
        Bootstrap samples and the seed to draw them with; 0 for no intervals.

    Raises
    ------
    AnalysisError
        Invalid outcomes, probabilities, thresholds or prevalence, or a bootstrap without a seed.
    """
    _check_options(level, resamples, seed, avoided_per)
    outcome = check_outcomes(truth)
    predicted = _with_all(check_models(models, n=len(outcome)))
    at = check_thresholds(thresholds)
    undefined = one_class(outcome)
    if prevalence is not None:
        if not 0.0 < prevalence < 1.0:
            raise AnalysisError("prevalence_invalid", f"a prevalence lies between 0 and 1, not {prevalence}")
        if undefined:
            raise AnalysisError("one_class", f"{undefined.reason}: a given prevalence needs both outcomes")
    cells = binary_cells(outcome, predicted, at)

    def rates(weights: Floats, name: str) -> Rates:
        return binary_rates(cells, weights, name, at, prevalence)

    observed = {name: rates(cells.observed(), name) for name in predicted}
    drawn = _resampled(cells, rates, resamples, seed, is_stratified=prevalence is not None)
    curves, warnings = _curves(
        observed, drawn, _Settings(at, avoided_per, level, NotEstimable("no case has the outcome"))
    )
    if undefined:
        warnings.append(f"{undefined.reason.capitalize()}: these curves say nothing about the models.")
    return DecisionCurve(
        method="decision_curve",
        outcome="binary",
        at=None,
        prevalence=float(observed[TREAT_ALL].prevalence[0]),
        is_prevalence_given=prevalence is not None,
        models=tuple(curves[name] for name in predicted if name != TREAT_ALL),
        treat_all=curves[TREAT_ALL],
        avoided_per=avoided_per,
        n=len(outcome),
        n_events=int(outcome.sum()),
        n_censored=0,
        level=level,
        resamples=resamples,
        seed=seed if resamples else None,
        warnings=tuple(warnings),
    )


def survival_decision_curve(
    times: Sequence[float],
    events: Sequence[bool],
    models: Mapping[str, Sequence[float]],
    *,
    at: float,
    thresholds: Sequence[float] = DEFAULT_THRESHOLDS,
    avoided_per: int = 100,
    resamples: int = 0,
    seed: int | None = None,
    level: float = 0.95,
) -> DecisionCurve:
    """Decision curves for an event by the time ``at``, with censoring.

    Parameters
    ----------
    times
        Shape (n,): time to event or censoring, not negative.
    events
        Shape (n,): True where the event was seen.
    models
        Predicted probabilities of the event by ``at``, by the model's name, each of shape (n,).
    at
        The time of interest, in the unit of ``times``.

    Notes
    -----
    A threshold at which no case at or above it is followed to ``at`` has no estimate, unless all of them
    had the event: then Kaplan-Meier is 0 from there on. Other parameters and errors as for
    :func:`decision_curve`.
    """
    _check_options(level, resamples, seed, avoided_per)
    happened = check_outcomes(events, "events")
    follow_up = check_numbers(times, "times", n=len(happened))
    negative = np.flatnonzero(follow_up < 0.0)
    if negative.size:
        raise AnalysisError("time_negative", f"row {negative[0]} of times is {follow_up[negative[0]]}")
    if not (math.isfinite(at) and at > 0.0):
        raise AnalysisError("time_invalid", f"the time of interest must be above 0, not {at}")
    predicted = _with_all(check_models(models, n=len(happened)))
    cuts = check_thresholds(thresholds)
    cells = survival_cells(follow_up, happened, predicted, cuts, at)

    def rates(weights: Floats, name: str) -> Rates:
        return survival_rates(cells, weights, name, cuts, at)

    observed = {name: rates(cells.observed(), name) for name in predicted}
    drawn = _resampled(cells, rates, resamples, seed, is_stratified=False)
    unfollowed = NotEstimable(f"no case at or above the threshold is followed to time {at:g}")
    curves, warnings = _curves(observed, drawn, _Settings(cuts, avoided_per, level, unfollowed))
    prevalence = float(observed[TREAT_ALL].prevalence[0])
    if prevalence == 0.0:
        warnings.append(f"No event is seen by time {at:g}: these curves say nothing about the models.")
    return DecisionCurve(
        method="decision_curve_survival",
        outcome="survival",
        at=float(at),
        prevalence=_estimate(prevalence, NotEstimable(f"no case is followed to time {at:g}")),
        is_prevalence_given=False,
        models=tuple(curves[name] for name in predicted if name != TREAT_ALL),
        treat_all=curves[TREAT_ALL],
        avoided_per=avoided_per,
        n=len(happened),
        n_events=int((happened & (follow_up <= at)).sum()),
        n_censored=int((~happened & (follow_up < at)).sum()),
        level=level,
        resamples=resamples,
        seed=seed if resamples else None,
        warnings=tuple(warnings),
    )


def _check_options(level: float, resamples: int, seed: int | None, avoided_per: int) -> None:
    check_level(level)
    if avoided_per < 1:
        raise AnalysisError(
            "avoided_per_invalid", f"avoided interventions per {avoided_per} cases mean nothing"
        )
    if resamples < 0 or resamples == 1:
        raise AnalysisError("resamples_invalid", f"{resamples} bootstrap samples make no interval")
    if resamples and seed is None:
        raise AnalysisError("seed_missing", "a bootstrap needs a seed, so that it can be repeated")


def _resampled(
    cells: Cells,
    rates: Callable[[Floats, str], Rates],
    resamples: int,
    seed: int | None,
    *,
    is_stratified: bool,
) -> dict[str, Rates]:
    if not resamples or seed is None:
        return {}
    return resampled_rates(cells, rates, resamples=resamples, seed=seed, is_stratified=is_stratified)


def _with_all(predicted: dict[str, Floats]) -> dict[str, Floats]:
    """The models and "treat all", which is a model that gives every case probability 1."""
    if TREAT_ALL in predicted:
        raise AnalysisError("name_reserved", f"a model cannot be called {TREAT_ALL}")
    n = len(next(iter(predicted.values())))
    return predicted | {TREAT_ALL: np.ones(n)}


def _curves(
    observed: Mapping[str, Rates], drawn: Mapping[str, Rates], settings: _Settings
) -> tuple[dict[str, StrategyCurve], list[str]]:
    curves = {}
    lost = 0
    for name, rates in observed.items():
        now = _measures(rates, observed[TREAT_ALL], settings)
        samples = _measures(drawn[name], drawn[TREAT_ALL], settings) if drawn else None
        if samples is not None:
            lost = max(lost, int(np.isnan(samples[0]).sum(axis=0).max()))
        curves[name] = StrategyCurve(name, _points(rates, now, samples, settings))
    warnings = []
    if lost:
        warnings.append(
            f"At some thresholds up to {lost} bootstrap samples have no estimate; the intervals there rest on "
            "the others."
        )
    return curves, warnings


def _measures(rates: Rates, everyone: Rates, settings: _Settings) -> tuple[Floats, Floats, Floats]:
    """Net benefit, its standardized form and interventions avoided, each (samples, thresholds)."""
    benefit = rates.net_benefit(settings.thresholds)
    gain = benefit - everyone.net_benefit(settings.thresholds)
    with np.errstate(divide="ignore", invalid="ignore"):
        standardized = np.where(rates.prevalence > 0.0, 1.0, np.nan)[:, None] * benefit
        standardized = standardized / rates.prevalence[:, None]
        avoided = gain * ((1.0 - settings.thresholds) / settings.thresholds) * settings.avoided_per
    return benefit, standardized, np.where(settings.thresholds > 0.0, avoided, np.nan)


def _points(
    rates: Rates,
    now: tuple[Floats, Floats, Floats],
    samples: tuple[Floats, Floats, Floats] | None,
    settings: _Settings,
) -> tuple[DecisionPoint, ...]:
    why = settings.undefined
    whys = (why, NotEstimable("the prevalence is 0") if rates.prevalence[0] == 0.0 else why, why)
    points = []
    for k, threshold in enumerate(settings.thresholds.tolist()):
        benefit, standardized, avoided = (
            _estimate(float(now[measure][0, k]), whys[measure]) for measure in range(3)
        )
        cis = [
            _percentiles(None if samples is None else samples[measure][:, k], settings)
            if math.isfinite(now[measure][0, k])
            else whys[measure]
            for measure in range(3)
        ]
        points.append(
            DecisionPoint(
                threshold=threshold,
                true_positive_rate=_estimate(float(rates.true[0, k]), why),
                false_positive_rate=_estimate(float(rates.false[0, k]), why),
                net_benefit=benefit,
                net_benefit_ci=cis[0],
                standardized=standardized,
                standardized_ci=cis[1],
                avoided=avoided if threshold > 0.0 else NO_AVOIDED,
                avoided_ci=cis[2] if threshold > 0.0 else NO_AVOIDED,
            )
        )
    return tuple(points)


def _estimate(value: float, why: NotEstimable) -> Estimate:
    return value if math.isfinite(value) else why


def _percentiles(samples: Floats | None, settings: _Settings) -> Interval | NotEstimable:
    """The percentile interval; not from samples most of which have no estimate."""
    if samples is None:
        return NO_RESAMPLES
    kept = samples[np.isfinite(samples)]
    if 2 * len(kept) < len(samples):
        return NotEstimable("most bootstrap samples have no estimate")
    tail = (1.0 - settings.level) / 2.0
    low, high = np.quantile(kept, [tail, 1.0 - tail])
    return Interval(float(low), float(high), settings.level)
