"""Counts at each distinct time and the two product-limit estimators that every method here builds on."""

from dataclasses import dataclass

import numpy as np

from backend.analysis.survival.outcomes import Flags, Floats


@dataclass(frozen=True, slots=True)
class RiskTable:
    """Shape (m,) each: distinct times ascending, cases at risk just before, events, censorings."""

    times: Floats
    at_risk: Floats
    events: Floats
    censored: Floats


def risk_table(times: Floats, events: Flags) -> RiskTable:
    """The counts at each distinct time of follow-up, in any order of the cases."""
    distinct, inverse, counts = np.unique(times, return_inverse=True, return_counts=True)
    happened = np.bincount(inverse, weights=events.astype(np.float64), minlength=len(distinct))
    at_risk = len(times) - np.concatenate(([0.0], np.cumsum(counts)[:-1]))
    return RiskTable(
        distinct,
        at_risk.astype(np.float64),
        happened.astype(np.float64),
        (counts - happened).astype(np.float64),
    )


def product_limit(table: RiskTable) -> Floats:
    """Survival just after each time of the table (Kaplan-Meier)."""
    survival: Floats = np.cumprod(1.0 - table.events / table.at_risk).astype(np.float64)
    return survival


def censoring_survival(table: RiskTable) -> Floats:
    """G just after each time of the table: events leave before censorings at the same time."""
    left = table.at_risk - table.events
    hazard = np.divide(table.censored, left, out=np.zeros_like(left), where=left > 0)
    survival: Floats = np.cumprod(1.0 - hazard).astype(np.float64)
    return survival


def step_after(table_times: Floats, values: Floats, at: Floats) -> Floats:
    """The right-continuous step function that is 1 before its first time, at each of ``at``."""
    found: Floats = np.concatenate(([1.0], values))[np.searchsorted(table_times, at, side="right")]
    return found


def step_before(table_times: Floats, values: Floats, at: Floats) -> Floats:
    """The limit from the left of the same step function at each of ``at``."""
    found: Floats = np.concatenate(([1.0], values))[np.searchsorted(table_times, at, side="left")]
    return found
