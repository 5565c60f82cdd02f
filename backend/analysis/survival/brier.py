"""Brier score of predicted survival at a time, weighted for censoring.

(1/n) sum of S^2/G(T-) over the events up to t and of (1 - S)^2/G(t) over the cases observed beyond t (Graf
1999, with the weights of ``riskRegression::Score``; scikit-survival takes G(T) for the events). The scaled
score is 1 minus its ratio to that of the Kaplan-Meier estimate at t, given to everyone; the standard error
comes from the influence function, the estimation of G included and the predictions taken as given, divided by
n - 1 as in ``riskRegression::Score``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_interval
from backend.analysis.survival.ipcw import influence_of_censoring, ipcw, standard_error
from backend.analysis.survival.outcomes import Floats, Outcomes, as_sorted, check_time, scored, values_of
from backend.analysis.survival.risk_table import product_limit, step_after

ONE_CASE = NotEstimable("one case has no spread")


@dataclass(frozen=True, slots=True)
class BrierAtTime(Result):
    """Brier score at ``time``: 0 is perfect; ``null_brier`` is that of the Kaplan-Meier curve without
    covariates.

    ``cases`` had the event by ``time``, ``controls`` were observed beyond it.
    """

    method: str
    time: float
    brier: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    null_brier: Estimate
    scaled: Estimate
    cases: int
    controls: int
    n: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def brier_at(
    known: Outcomes, survival: Mapping[str, float | None], *, time: float, level: float = 0.95
) -> BrierAtTime:
    """The score of predicted probabilities of no event by ``time``.

    Parameters
    ----------
    survival
        By case: predicted survival at ``time``, in [0, 1]; a case without one is dropped and named.

    Raises
    ------
    AnalysisError
        ``not_a_probability``, ``score_not_a_number``, ``score_not_finite`` (name the case), ``time_…``,
        ``no_cases``.

    References
    ----------
    Graf E, Schmoor C, Sauerbrei W, Schumacher M. Stat Med 1999;18:2529-2545.
    """
    check_level(level)
    time = check_time(time, "the time asked for")
    kept = scored(known, survival, "predicted survival")
    predicted = values_of(kept, survival)
    for case, value in zip(kept.cases, predicted, strict=True):
        if not 0.0 <= value <= 1.0:
            text = f"the predicted survival of case {case} is {value}, not between 0 and 1"
            raise AnalysisError("not_a_probability", text)
    rows = as_sorted(kept, [predicted])
    weights = ipcw(rows, time)
    cases, controls = int((weights.case_weights > 0).sum()), int(weights.beyond.sum())
    counts = (cases, controls, kept.n, kept.dropped, ())
    # Where the last case is censored G falls to 0 there: nobody is left to stand for those without the event.
    if time >= rows.times[-1] and not rows.events[-1]:
        beyond = NotEstimable(f"the last case was observed until {rows.times[-1]:g}")
        return BrierAtTime("brier_ipcw", time, beyond, beyond, beyond, beyond, beyond, *counts)
    score = rows.values[:, 0]

    def terms(value: Floats) -> tuple[Floats, Floats]:
        return weights.case_weights * value**2, weights.beyond * weights.beyond_weight * (1.0 - value) ** 2

    lost, kept_free = terms(score)
    brier = math.fsum((lost + kept_free).tolist()) / kept.n
    curve = step_after(weights.table.times, product_limit(weights.table), np.array([time]))
    null = math.fsum(np.add(*terms(np.full(kept.n, curve[0]))).tolist()) / kept.n
    scaled: Estimate = NotEstimable("the Kaplan-Meier estimate predicts every case right")
    if null > 0.0:
        scaled = 1.0 - brier / null
    extra = influence_of_censoring(rows, weights, lost, math.fsum(kept_free.tolist()))
    se: Estimate = ONE_CASE if kept.n == 1 else standard_error(lost + kept_free + extra)
    interval: Interval | NotEstimable = NotEstimable("the standard error is 0")
    if isinstance(se, NotEstimable):
        interval = se
    elif se > 0.0:
        interval = normal_interval(brier, se, level=level, low=0.0, high=1.0)
    return BrierAtTime("brier_ipcw", time, brier, se, interval, null, scaled, *counts)
