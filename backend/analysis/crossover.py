"""The two-period crossover of units with one value a period: the t tests of Hills and Armitage."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_t_p

SequenceName: TypeAlias = Literal["AB", "BA"]
CONFOUNDED = (
    "The carry-over contrast cannot be told from a difference between the two groups or from an interaction "
    "of treatment and period; it is shown, and not used to choose the analysis of the treatment."
)


@dataclass(frozen=True, slots=True)
class CrossoverUnit:
    """One unit of a crossover (a reader, a patient) with its value in each period."""

    unit: str
    sequence: SequenceName
    period1: float
    period2: float


@dataclass(frozen=True, slots=True)
class Effect(Result):
    """One contrast with its t test."""

    estimate: Estimate
    se: Estimate
    df: Estimate
    t: Estimate
    p: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class CrossoverEffects(Result):
    """Treatment (B minus A), period (second minus first) and the carry-over contrast.

    The carry-over contrast is the mean sum of the two periods in sequence AB minus that in BA.
    """

    method: str
    treatment: Effect
    period: Effect
    carry_over: Effect
    n_ab: int
    n_ba: int
    warnings: tuple[str, ...]


def hills_armitage(units: Sequence[CrossoverUnit], *, level: float = 0.95) -> CrossoverEffects:
    """The three t tests of a two-period crossover, equal variances in the two sequences.

    Raises
    ------
    AnalysisError
        ``unit_repeated`` and ``not_finite``, which name the unit; ``level_out_of_range``.

    References
    ----------
    Hills M, Armitage P. Br J Clin Pharmacol 1979;8:7-20. Freeman PR. Stat Med 1989;8:1421-1432.
    """
    check_level(level)
    ordered = sorted(units, key=lambda unit: (unit.sequence, unit.unit))
    seen: set[str] = set()
    for unit in ordered:
        if unit.unit in seen:
            raise AnalysisError("unit_repeated", f"{unit.unit} stands in the crossover more than once")
        if not (math.isfinite(unit.period1) and math.isfinite(unit.period2)):
            raise AnalysisError("not_finite", f"{unit.unit} has a value that is not a finite number")
        seen.add(unit.unit)
    ab = [unit for unit in ordered if unit.sequence == "AB"]
    ba = [unit for unit in ordered if unit.sequence == "BA"]
    later = [[unit.period2 - unit.period1 for unit in group] for group in (ab, ba)]
    total = [[unit.period2 + unit.period1 for unit in group] for group in (ab, ba)]
    return CrossoverEffects(
        "hills_armitage",
        _two_sample(later[0], later[1], 0.5, level),
        _two_sample(later[0], [-value for value in later[1]], 0.5, level),
        _two_sample(total[0], total[1], 1.0, level),
        len(ab),
        len(ba),
        (CONFOUNDED,),
    )


def _two_sample(a: Sequence[float], b: Sequence[float], scale: float, level: float) -> Effect:
    """Student's t of mean(a) - mean(b), times ``scale``."""
    if not a or not b:
        return Effect(*(NotEstimable("one of the two orders has no unit"),) * 6)
    x, y = np.asarray(a), np.asarray(b)
    estimate, df = scale * float(x.mean() - y.mean()), len(x) + len(y) - 2
    if df < 1:
        return Effect(estimate, *(NotEstimable("each order has only one unit"),) * 5)
    squares = float(((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum())
    return _effect(estimate, scale * math.sqrt(squares / df * (1 / len(x) + 1 / len(y))), df, level)


def one_sample(values: Sequence[float], level: float) -> Effect:
    """Student's t test of the mean of one value a reader."""
    x = np.asarray(values)
    if len(x) < 2:
        return Effect(float(x.mean()), *(NotEstimable("one reader is no sample of readers"),) * 5)
    return _effect(float(x.mean()), float(x.std(ddof=1)) / math.sqrt(len(x)), len(x) - 1, level)


def _effect(estimate: float, se: float, df: int, level: float) -> Effect:
    if not se > 1e-14:
        return Effect(estimate, *(NotEstimable("the values do not vary"),) * 5)
    margin = t_quantile(level, df) * se
    p = two_sided_t_p(estimate / se, df)
    return Effect(
        estimate, se, float(df), estimate / se, p, Interval(estimate - margin, estimate + margin, level)
    )
