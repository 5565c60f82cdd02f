"""Calibration of predicted survival on cases that the model was not fitted on.

Slope: the coefficient of the model's linear predictor in a Cox regression on these cases, 1 where the model is right
(Van Houwelingen 2000); on the cases of the fit it is 1 by construction. At each time: the mean predicted risk against
the share with the event by Kaplan-Meier, all together and in groups cut at the quantiles (type 7) of the predicted
risk. The predictions are taken as given: intervals are those of Kaplan-Meier.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.model_inputs import WaldEstimate, not_estimable, wald
from backend.analysis.results import Interval, Result, check_level
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import cox
from backend.analysis.survival.cox_baseline import PredictedSurvival
from backend.analysis.survival.kaplan_meier import CiKind, kaplan_meier
from backend.analysis.survival.outcomes import Outcomes

PREDICTOR = "linear predictor"


@dataclass(frozen=True, slots=True)
class RiskGroup(Result):
    """Cases of similar predicted risk: its mean, and the share with the event by Kaplan-Meier."""

    n: int
    predicted: float
    observed: Estimate
    observed_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class CalibrationAt(Result):
    """Predicted and observed risk of the event by ``time``; ``ratio`` is observed over predicted."""

    time: float
    predicted: float
    observed: Estimate
    observed_ci: Interval | NotEstimable
    ratio: Estimate
    ratio_ci: Interval | NotEstimable
    groups: tuple[RiskGroup, ...]


@dataclass(frozen=True, slots=True)
class SurvivalCalibration(Result):
    """The slope (tested against 1), and predicted against observed risk at each time."""

    method: str
    slope: WaldEstimate
    at: tuple[CalibrationAt, ...]
    level: float
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def survival_calibration(
    known: Outcomes,
    predicted: PredictedSurvival,
    *,
    groups: int = 5,
    ci: CiKind = "log-log",
    level: float = 0.95,
) -> SurvivalCalibration:
    """Compare predictions with what was observed, on the cases that have both.

    Parameters
    ----------
    predicted
        From :func:`~backend.analysis.survival.cox_baseline.predicted_survival`.
    groups
        Groups of predicted risk, equal cut points merged.
    ci
        Kind of Kaplan-Meier's intervals: ``"log-log"`` or ``"log"``.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``groups_invalid``, ``unknown_interval``, ``not_predicted`` for a time that the model has no
        prediction for.

    References
    ----------
    Van Houwelingen HC. Stat Med 2000;19:3401-3415. Crowson CS, Atkinson EJ, Therneau TM. Stat Methods Med Res
    2016;25:1692-1706.
    """
    check_level(level)
    if groups < 1:
        raise AnalysisError("groups_invalid", f"{groups} groups of risk hold no case")
    by_case = {one.case: one for one in predicted.cases}
    kept = known.only(set(by_case))
    at = []
    for place, time in enumerate(predicted.times):
        risks = {}
        for case in kept.cases:
            survival = by_case[case].survival[place]
            if isinstance(survival, NotEstimable):
                raise AnalysisError("not_predicted", f"survival at {time:g}: {survival.reason}")
            risks[case] = 1.0 - survival
        at.append(_calibration_at(kept, risks, time, groups, ci, level))
    slope = _slope(kept, {case: by_case[case].linear_predictor for case in kept.cases}, level)
    return SurvivalCalibration(
        "survival_calibration", slope, tuple(at), level, kept.n, kept.n_events, kept.dropped, ()
    )


def _slope(kept: Outcomes, values: dict[str, float], level: float) -> WaldEstimate:
    model = cox(kept, [Covariate(PREDICTOR, values)], level=level)
    if isinstance(model, NotEstimable):
        return not_estimable(model, null=1.0)
    term = model.terms[0]
    if isinstance(term.coefficient, NotEstimable) or isinstance(term.se, NotEstimable):
        return not_estimable(NotEstimable("the linear predictor separates the events"), null=1.0)
    return wald(term.coefficient, term.se, null=1.0, level=level)


def _calibration_at(
    kept: Outcomes, risks: dict[str, float], time: float, groups: int, kind: CiKind, level: float
) -> CalibrationAt:
    everyone = _group(kept, risks, time, kind, level)
    ratio: Estimate = NotEstimable("the predicted risk is 0")
    ratio_ci: Interval | NotEstimable = NotEstimable("the predicted risk is 0")
    if everyone.predicted > 0.0:
        ratio, ratio_ci = everyone.observed, everyone.observed_ci
        if not isinstance(ratio, NotEstimable):
            ratio /= everyone.predicted
        if isinstance(ratio_ci, Interval):
            low, high = ratio_ci.low / everyone.predicted, ratio_ci.high / everyone.predicted
            ratio_ci = Interval(low, high, level)
    return CalibrationAt(
        time,
        everyone.predicted,
        everyone.observed,
        everyone.observed_ci,
        ratio,
        ratio_ci,
        tuple(_group(kept.only(own), risks, time, kind, level) for own in _by_risk(risks, groups)),
    )


def _group(own: Outcomes, risks: dict[str, float], time: float, kind: CiKind, level: float) -> RiskGroup:
    survival = kaplan_meier(own, ci=kind, at=(time,), level=level).at[0]
    observed = survival.survival
    if not isinstance(observed, NotEstimable):
        observed = 1.0 - observed
    ci = survival.ci
    if isinstance(ci, Interval):
        ci = Interval(1.0 - ci.high, 1.0 - ci.low, level)
    return RiskGroup(own.n, math.fsum(risks[case] for case in own.cases) / own.n, observed, ci)


def _by_risk(risks: dict[str, float], groups: int) -> Sequence[set[str]]:
    """Cases in groups of rising risk, cut at quantiles; equal risks stay together."""
    values = np.array(sorted(risks.values()))
    cuts = np.unique(np.quantile(values, np.linspace(0.0, 1.0, groups + 1)[1:-1]))
    found: dict[int, set[str]] = {}
    for case, risk in risks.items():
        found.setdefault(int(np.searchsorted(cuts, risk, side="left")), set()).add(case)
    return [found[place] for place in sorted(found)]
