"""How well predicted probabilities agree with what happened.

Conventions of ``rms::val.prob``: the curve is ``lowess`` without robustness iterations over the predicted
probabilities, and its distances from the diagonal at the cases give their mean (ICI, there "Eavg"), median
(E50), 90 % quantile of type 7 (E90) and largest value (Emax). The logistic recalibration has the slope and
the intercept fitted together; calibration-in-the-large is another number, the intercept with the slope held
at 1, and both are given. Predicted probabilities of 0 and 1 have no log odds: those cases stay out of the
recalibration alone, and are named.

References
----------
Cox DR. Two further applications of a model for binary regression. Biometrika 1958;45:562-565. Spiegelhalter
DJ. Stat Med 1986;5:421-433. Austin PC, Steyerberg EW. Stat Med 2019;38:4051-4065.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, logit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.hosmer_lemeshow import risk_groups
from backend.analysis.logistic_core import find_separation, log_likelihood, maximize
from backend.analysis.lowess import lowess
from backend.analysis.model_inputs import (
    Booleans,
    Floats,
    WaldEstimate,
    case_names,
    check_outcomes,
    check_probabilities,
    mean,
    not_estimable,
    one_class,
    wald,
)
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Result, check_level, two_sided_p

BARS = 50
CONSTANT = NotEstimable("all predicted probabilities are equal")


@dataclass(frozen=True, slots=True)
class CalibrationPoint(Result):
    """The smoothed share of cases with the outcome at a predicted probability; it may leave [0, 1]."""

    predicted: float
    smoothed: float


@dataclass(frozen=True, slots=True)
class CalibrationBin(Result):
    """Cases of similar predicted probability: the mean prediction and the share with the outcome."""

    low: float
    high: float
    mean_predicted: float
    observed: Proportion


@dataclass(frozen=True, slots=True)
class DistributionBar(Result):
    """How many cases of each outcome have a predicted probability in [low, high); the last takes 1 too."""

    low: float
    high: float
    events: int
    non_events: int


@dataclass(frozen=True, slots=True)
class Recalibration(Result):
    """log odds = intercept + slope * predicted log odds, and the same with the slope held at 1.

    ``intercept`` and ``slope`` are fitted together; ``in_the_large`` is the intercept with slope 1. The
    chi-square tests intercept 0 and slope 1 at once (2 degrees of freedom, val.prob's "U").
    """

    intercept: WaldEstimate
    slope: WaldEstimate
    in_the_large: WaldEstimate
    unreliability_chi2: Estimate
    unreliability_p: Estimate
    n: int
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration(Result):
    """Everything that tells how well probabilities are calibrated on these cases."""

    method: str
    recalibration: Recalibration
    brier: float
    brier_scaled: Estimate
    spiegelhalter_z: Estimate
    spiegelhalter_p: Estimate
    ici: float
    e50: float
    e90: float
    emax: float
    mean_predicted: float
    observed: Proportion
    observed_to_expected: Estimate
    curve: tuple[CalibrationPoint, ...]
    bins: tuple[CalibrationBin, ...]
    distribution: tuple[DistributionBar, ...]
    level: float
    n: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def calibration(
    truth: Sequence[bool],
    probabilities: Sequence[float],
    *,
    bins: int = 10,
    level: float = 0.95,
    cases: Sequence[str] | None = None,
) -> Calibration:
    """Calibration curve, recalibration, Brier scores and distances from perfect calibration.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    probabilities
        Shape (n,), predicted, in [0, 1].
    bins
        Into how many groups of about equal size to cut for the binned points.
    cases
        Shape (n,): names, for those that the recalibration must leave out.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``lengths_differ``, ``not_boolean``, ``not_finite``, ``probability_out_of_range``,
        ``groups_too_few``, ``duplicate_case`` or ``level_out_of_range``.
    """
    check_level(level)
    outcome = check_outcomes(truth)
    predicted = check_probabilities(probabilities, "probabilities", n=len(outcome))
    names = np.asarray(case_names(cases, n=len(outcome)), dtype=object)
    order = np.lexsort((outcome, predicted))
    outcome, predicted, names = outcome[order], predicted[order], names[order]
    smoothed = lowess(predicted, outcome.astype(np.float64))
    distance = np.abs(predicted - smoothed)
    recalibration = recalibrate(outcome, predicted, names.tolist(), level=level)
    z = _spiegelhalter(outcome, predicted)
    brier = mean((predicted - outcome) ** 2)
    positive, n = int(outcome.sum()), len(outcome)
    expected = mean(predicted)
    return Calibration(
        method="calibration",
        recalibration=recalibration,
        brier=brier,
        brier_scaled=one_class(outcome) or 1.0 - brier / (positive * (n - positive) / n**2),
        spiegelhalter_z=z,
        spiegelhalter_p=z if isinstance(z, NotEstimable) else two_sided_p(z),
        ici=mean(distance),
        e50=float(np.quantile(distance, 0.5)),
        e90=float(np.quantile(distance, 0.9)),
        emax=float(distance.max()),
        mean_predicted=expected,
        observed=proportion(positive, n, level=level),
        observed_to_expected=positive / n / expected
        if expected > 0.0
        else NotEstimable("every predicted probability is 0"),
        curve=_curve(predicted, smoothed),
        bins=_bins(outcome, predicted, bins, level),
        distribution=_distribution(outcome, predicted),
        level=level,
        n=n,
        n_positive=positive,
        n_negative=n - positive,
        warnings=_warnings(outcome, smoothed, recalibration),
    )


def recalibrate(outcome: Booleans, predicted: Floats, names: Sequence[str], *, level: float) -> Recalibration:
    """Slope and intercept of the outcomes on the predicted log odds; arrays of shape (n,), valid."""
    inside = (predicted > 0.0) & (predicted < 1.0)
    dropped = tuple(sorted(name for name, stays in zip(names, inside, strict=True) if not stays))
    outcome, log_odds = outcome[inside], logit(predicted[inside])
    if len(outcome) == 0:
        reason = NotEstimable("every predicted probability is 0 or 1")
        return _no_recalibration(reason, reason, 0, dropped)
    if undefined := one_class(outcome):
        return _no_recalibration(undefined, undefined, len(outcome), dropped)
    ones = np.ones((len(outcome), 1))
    large = maximize(ones, outcome, log_odds)
    in_the_large = wald(float(large.coefficients[0]), math.sqrt(large.covariance[0, 0]), level=level)
    if log_odds.min() == log_odds.max():
        return _no_recalibration(CONSTANT, in_the_large, len(outcome), dropped)
    design = np.column_stack([ones, log_odds])
    both = maximize(design, outcome, np.zeros(len(outcome)))
    if both.is_suspect() and find_separation(design, outcome):
        reason = NotEstimable("the predicted probabilities separate the outcomes: the slope has no maximum")
        return _no_recalibration(reason, in_the_large, len(outcome), dropped)
    chi2 = max(0.0, 2.0 * (both.log_likelihood - log_likelihood(log_odds, outcome)))
    errors = np.sqrt(np.diag(both.covariance))
    return Recalibration(
        intercept=wald(float(both.coefficients[0]), float(errors[0]), level=level),
        slope=wald(float(both.coefficients[1]), float(errors[1]), level=level, null=1.0),
        in_the_large=in_the_large,
        unreliability_chi2=chi2,
        unreliability_p=float(chdtrc(2, chi2)),
        n=len(outcome),
        dropped=dropped,
    )


def _no_recalibration(
    reason: NotEstimable, in_the_large: WaldEstimate | NotEstimable, n: int, dropped: tuple[str, ...]
) -> Recalibration:
    large = not_estimable(in_the_large) if isinstance(in_the_large, NotEstimable) else in_the_large
    joint = not_estimable(reason), not_estimable(reason, null=1.0)
    return Recalibration(*joint, large, reason, reason, n, dropped)


def _spiegelhalter(outcome: Booleans, predicted: Floats) -> Estimate:
    """Spiegelhalter's z: whether the Brier score is as large as calibrated probabilities would make it."""
    lean = 1.0 - 2.0 * predicted
    spread = math.fsum((lean**2 * predicted * (1.0 - predicted)).tolist())
    if spread == 0.0:
        return NotEstimable("every predicted probability is 0, 0.5 or 1")
    return math.fsum(((outcome - predicted) * lean).tolist()) / math.sqrt(spread)


def _curve(predicted: Floats, smoothed: Floats) -> tuple[CalibrationPoint, ...]:
    at, first = np.unique(predicted, return_index=True)
    pairs = zip(at.tolist(), smoothed[first].tolist(), strict=True)
    return tuple(CalibrationPoint(x, y) for x, y in pairs)


def _bins(outcome: Booleans, predicted: Floats, bins: int, level: float) -> tuple[CalibrationBin, ...]:
    return tuple(
        CalibrationBin(
            group.low, group.high, group.mean_predicted, proportion(group.events, group.n, level=level)
        )
        for group in risk_groups(outcome, predicted, groups=bins)
    )


def _distribution(outcome: Booleans, predicted: Floats) -> tuple[DistributionBar, ...]:
    edges = np.arange(BARS + 1) / BARS
    place = np.minimum(np.searchsorted(edges, predicted, side="right") - 1, BARS - 1)
    counts = [np.bincount(place[chosen], minlength=BARS).tolist() for chosen in (outcome, ~outcome)]
    return tuple(map(DistributionBar, edges[:-1].tolist(), edges[1:].tolist(), *counts))


def _warnings(outcome: Booleans, smoothed: Floats, recalibration: Recalibration) -> tuple[str, ...]:
    warnings = []
    if recalibration.dropped:
        warnings.append(
            f"Predicted probabilities of exactly 0 or 1 have no log odds: {len(recalibration.dropped)} cases "
            "are left out of slope and intercept."
        )
    rarer = min(int(outcome.sum()), int((~outcome).sum()))
    if rarer < 100:
        warnings.append(
            f"The rarer outcome has {rarer} cases; a calibration curve wants 100 to 200 of each to be precise."
        )
    if smoothed.min() < 0.0 or smoothed.max() > 1.0:
        warnings.append(
            "The smoothed curve leaves the range from 0 to 1, as local lines can: the figure ends it there, and ICI, "
            "E50 and E90 take it as it is."
        )
    return tuple(warnings)
