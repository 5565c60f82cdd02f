"""Weights of inverse probability of censoring at one time, and what their estimation adds to an influence."""

import math
from dataclasses import dataclass

import numpy as np

from backend.analysis.survival.outcomes import Flags, Floats, Sorted
from backend.analysis.survival.risk_table import (
    RiskTable,
    censoring_survival,
    risk_table,
    step_after,
    step_before,
)

ROUNDING = 1e-13
"""Influences that differ by less than this share of the largest are equal."""


@dataclass(frozen=True, slots=True)
class Ipcw:
    """Cases of a :class:`Sorted` at one time.

    Attributes
    ----------
    case_weights
        Shape (n,): 1/G(t-) for an event at t up to ``time``, else 0.
    beyond, beyond_weight
        Who is observed after ``time``, and the weight 1/G(``time``) of each of them.
    table
        Counts at each distinct time.
    """

    time: float
    case_weights: Floats
    beyond: Flags
    beyond_weight: float
    table: RiskTable


def ipcw(rows: Sorted, time: float) -> Ipcw:
    """Weights at ``time``; the events of a time leave before its censorings."""
    table = risk_table(rows.times, rows.events)
    survival = censoring_survival(table)
    case = rows.events & (rows.times <= time)
    g = step_before(table.times, survival, rows.times)
    weights: Floats = np.where(case, 1.0, 0.0) / np.where(case, g, 1.0)
    beyond = rows.times > time
    at = float(step_after(table.times, survival, np.array([time]))[0]) if beyond.any() else 1.0
    return Ipcw(time, weights, beyond, 1.0 / at, table)


def influence_of_censoring(rows: Sorted, weights: Ipcw, case_part: Floats, beyond_part: float) -> Floats:
    """Shape (n,): what each case adds to a weighted sum through the estimate of G.

    The sum over the weighted cases of their part times the integral of dM(s)/Y(s), M being the martingale of
    one case's censoring and Y the number at risk of it: over s before an event's time for ``case_part`` (n,),
    over s up to and with ``weights.time`` for ``beyond_part``, the total of those observed beyond it.
    """
    table = weights.table
    position = np.searchsorted(table.times, rows.times)
    part = np.bincount(position, weights=case_part, minlength=len(table.times))
    later = np.cumsum(part[::-1])[::-1] - part + beyond_part * (table.times <= weights.time)
    at_risk = table.at_risk - table.events
    open_risk = np.where(at_risk > 0, at_risk, 1.0)
    jump = np.where(rows.events, 0.0, (later / open_risk)[position])
    drift = np.cumsum(table.censored * later / open_risk**2)
    # An event has left before the censorings of its time: it was not at risk of those.
    until = position - rows.events
    total: Floats = jump - np.where(until >= 0, drift[np.maximum(until, 0)], 0.0)
    return total


def standard_error(influence: Floats) -> float:
    """The standard deviation (n - 1 below) of the influence of two or more cases, over the root of their number.

    As ``timeROC`` and ``riskRegression::Score`` have it; 0 where the influences differ by rounding alone.
    """
    n = len(influence)
    if float(np.ptp(influence)) <= ROUNDING * float(np.abs(influence).max()):
        return 0.0
    mean = math.fsum(influence.tolist()) / n
    return math.sqrt(math.fsum(((influence - mean) ** 2).tolist()) / (n - 1) / n)
