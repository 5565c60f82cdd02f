"""Kaplan-Meier curve, survival at given times, median, and the restricted mean survival time.

The standard error is Greenwood's. The interval of the survival is log-log (the default here and in lifelines)
or log (R's default); they differ in the second decimal, so each result says which it is. The interval of the
median comes from the same interval of the curve: the first times at which its limits fall to one half
(Brookmeyer and Crowley). Where the curve stands at exactly one half the median is the middle of that step, as
``survfit`` has it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_interval, normal_quantile
from backend.analysis.survival.outcomes import ALL_CENSORED, Outcomes, check_time
from backend.analysis.survival.risk_table import risk_table

CiKind: TypeAlias = Literal["log-log", "log"]

# The tolerance with which survfit takes a curve to stand at one half.
HALF_TOLERANCE = math.sqrt(2.0**-52)

BEFORE_EVENTS = NotEstimable("no event has happened yet")
AFTER_ALL = NotEstimable("no case is left at risk: the estimate is 0")
NO_INTERVAL = NotEstimable("the curve has no interval: it falls from 1 to 0 at one time")


@dataclass(frozen=True, slots=True)
class SurvivalPoint(Result):
    """Survival just after ``time``; ``at_risk`` counts the cases observed up to ``time`` at least."""

    time: float
    at_risk: int
    events: int
    censored: int
    survival: float
    se: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class SurvivalAt(Result):
    """Survival at one asked time; not estimable after the last observation of a curve above 0."""

    time: float
    at_risk: int
    survival: Estimate
    se: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class MedianSurvival(Result):
    """The time at which survival falls to one half; each limit alone may be beyond the follow-up.

    Both limits are :data:`NO_INTERVAL` where the curve falls from 1 to 0 at once, as that of a single event does.
    """

    estimate: Estimate
    low: Estimate
    high: Estimate
    level: float


@dataclass(frozen=True, slots=True)
class KaplanMeier(Result):
    """The curve: one point a distinct time (of events and of censorings), ascending.

    Attributes
    ----------
    ci_kind
        ``"log-log"`` or ``"log"``: how the intervals of the points, of ``at`` and of the median were made.
    at
        Survival and numbers at risk at the times that were asked for.
    dropped
        Cases without a time or an event flag.
    """

    method: str
    ci_kind: CiKind
    level: float
    points: tuple[SurvivalPoint, ...]
    at: tuple[SurvivalAt, ...]
    median: MedianSurvival
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestrictedMean(Result):
    """Area under the Kaplan-Meier curve from 0 to ``tau``, with the standard error of that mean."""

    method: str
    tau: float
    mean: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def kaplan_meier(
    known: Outcomes, *, ci: CiKind = "log-log", level: float = 0.95, at: Sequence[float] = ()
) -> KaplanMeier:
    """The product-limit estimate of survival.

    Parameters
    ----------
    known
        Times and events, from :func:`~backend.analysis.survival.outcomes.outcomes`.
    ci
        Kind of interval: ``"log-log"`` or ``"log"``; the log interval's upper limit is cut at 1.
    at
        Times at which survival and numbers at risk are wanted.

    Raises
    ------
    AnalysisError
        ``level_out_of_range``, ``unknown_interval``, ``time_negative`` and its kin for ``at``.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481. Brookmeyer R, Crowley J. Biometrics 1982;38:29-41.
    """
    check_level(level)
    if ci not in ("log-log", "log"):
        raise AnalysisError("unknown_interval", f"the interval is log-log or log, not {ci!r}")
    wanted = [check_time(time, "a time asked for") for time in at]
    points = _points(known, ci, level)
    return KaplanMeier(
        "kaplan_meier",
        ci,
        level,
        points,
        tuple(_survival_at(known, points, time) for time in wanted),
        _median(points, level),
        known.n,
        known.n_events,
        known.dropped,
        () if known.n_events else (ALL_CENSORED,),
    )


def _points(known: Outcomes, ci: CiKind, level: float) -> tuple[SurvivalPoint, ...]:
    table = risk_table(np.asarray(known.times, dtype=np.float64), np.asarray(known.events, dtype=bool))
    points = []
    survival, greenwood = 1.0, 0.0
    for time, at_risk, events, censored in zip(
        table.times.tolist(),
        table.at_risk.tolist(),
        table.events.tolist(),
        table.censored.tolist(),
        strict=True,
    ):
        survival *= 1.0 - events / at_risk
        if survival > 0.0:
            greenwood += events / (at_risk * (at_risk - events))
        spread = _spread(survival, math.sqrt(greenwood), ci, level)
        points.append(SurvivalPoint(time, int(at_risk), int(events), int(censored), survival, *spread))
    return tuple(points)


def _spread(
    survival: float, relative_se: float, ci: CiKind, level: float
) -> tuple[Estimate, Interval | NotEstimable]:
    """Standard error of the survival and its interval; ``relative_se`` is that of its logarithm."""
    if survival in (0.0, 1.0):
        reason = BEFORE_EVENTS if survival == 1.0 else AFTER_ALL
        return reason, reason
    margin = normal_quantile(level) * relative_se
    if ci == "log":
        low, high = survival * math.exp(-margin), min(1.0, survival * math.exp(margin))
    else:
        factor = math.exp(-margin / math.log(survival))
        low, high = survival**factor, survival ** (1.0 / factor)
    return survival * relative_se, Interval(low, high, level)


def _survival_at(known: Outcomes, points: tuple[SurvivalPoint, ...], time: float) -> SurvivalAt:
    at_risk = sum(own >= time for own in known.times)
    passed = [point for point in points if point.time <= time]
    if not passed:
        return SurvivalAt(time, at_risk, 1.0, BEFORE_EVENTS, BEFORE_EVENTS)
    last = passed[-1]
    if time > points[-1].time and last.survival > 0.0:
        beyond = NotEstimable(f"the last case was observed until {points[-1].time:g}")
        return SurvivalAt(time, at_risk, beyond, beyond, beyond)
    return SurvivalAt(time, at_risk, last.survival, last.se, last.ci)


def _median(points: tuple[SurvivalPoint, ...], level: float) -> MedianSurvival:
    curve = [(point.time, point.survival) for point in points]
    limits = [(point.time, point.ci) for point in points if isinstance(point.ci, Interval)]
    if not limits and curve[-1][1] == 0.0:
        estimate = _falls_to_half(curve, "survival does not fall to one half")
        return MedianSurvival(estimate, NO_INTERVAL, NO_INTERVAL, level)
    return MedianSurvival(
        _falls_to_half(curve, "survival does not fall to one half"),
        _falls_to_half(
            [(time, ci.low) for time, ci in limits], "the lower limit of survival does not fall to one half"
        ),
        _falls_to_half(
            [(time, ci.high) for time, ci in limits], "the upper limit of survival does not fall to one half"
        ),
        level,
    )


def _falls_to_half(curve: list[tuple[float, float]], reason: str) -> Estimate:
    below = [(time, value) for time, value in curve if value < 0.5 + HALF_TOLERANCE]
    if not below:
        return NotEstimable(reason)
    first, value = below[0]
    if abs(value - 0.5) < HALF_TOLERANCE:
        after = [time for time, other in below if other < value]
        if after:
            return (first + after[0]) / 2.0
    return first


def restricted_mean(known: Outcomes, *, tau: float, level: float = 0.95) -> RestrictedMean:
    """Mean time without the event up to ``tau``, as ``summary(survfit, rmean=tau)`` has it.

    The variance is the sum over event times of the area still to come squared times Greenwood's term. Not
    estimable when ``tau`` lies after the last observation and the curve has not reached 0.

    References
    ----------
    Royston P, Parmar MKB. Stat Med 2011;30:2409-2421.
    """
    check_level(level)
    tau = check_time(tau, "tau")
    counts = (known.n, known.n_events, known.dropped, () if known.n_events else (ALL_CENSORED,))
    table = risk_table(np.asarray(known.times, dtype=np.float64), np.asarray(known.events, dtype=bool))
    survival = np.cumprod(1.0 - table.events / table.at_risk)
    if tau > table.times[-1] and survival[-1] > 0.0:
        beyond = NotEstimable(f"tau is {tau:g}, but the last case was observed until {table.times[-1]:g}")
        return RestrictedMean("rmst", tau, beyond, beyond, beyond, *counts)
    if tau == 0.0:
        nothing = NotEstimable("tau is 0: there is no follow-up to average over")
        return RestrictedMean("rmst", tau, nothing, nothing, nothing, *counts)
    kept = table.times <= tau
    edges = np.concatenate(([0.0], table.times[kept], [tau]))
    areas = np.diff(edges) * np.concatenate(([1.0], survival[kept]))
    mean = math.fsum(areas.tolist())
    to_come = np.cumsum(areas[:0:-1])[::-1]
    left = table.at_risk[kept] - table.events[kept]
    terms = np.where(left > 0, table.events[kept] / (table.at_risk[kept] * np.maximum(left, 1.0)), 0.0)
    se = math.sqrt(math.fsum((to_come**2 * terms).tolist()))
    if se == 0.0:
        none = NotEstimable(f"no case had the event before {tau:g}")
        return RestrictedMean("rmst", tau, mean, none, none, *counts)
    interval = normal_interval(mean, se, level=level, low=0.0, high=tau)
    return RestrictedMean("rmst", tau, mean, se, interval, *counts)
