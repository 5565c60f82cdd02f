"""Cut-offs on an empirical curve, each with every tie.

The rule is always "positive when the score is at or above the cut-off", and a cut-off is an observed score
(pROC names the midpoint between two scores instead; the operating points are the same). Criteria are
compared in exact fractions, so that a tie is a tie. A cut-off chosen on the data it is then judged on is
optimistic: each result says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from backend.analysis.errors import AnalysisError
from backend.analysis.results import Result
from backend.analysis.roc import RocCurve, RocPoint

OPTIMISTIC = "The cut-off was chosen on these same data: its sensitivity and specificity are optimistic."
TIED = "{} operating points meet the criterion equally well; all are listed."


@dataclass(frozen=True, slots=True)
class Cutoffs(Result):
    """All operating points that a criterion chooses; ``value`` is what the criterion reached.

    ``target`` is the sensitivity or specificity asked for, None for a criterion without one.
    """

    method: str
    value: float
    target: float | None
    points: tuple[RocPoint, ...]
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def youden(curve: RocCurve) -> Cutoffs:
    """Largest sensitivity + specificity - 1. Youden WJ. Cancer 1950;3:32-35."""
    return _best(curve, "youden", lambda se, sp: se + sp - 1)


def closest_to_top_left(curve: RocCurve) -> Cutoffs:
    """Smallest squared distance (1 - sensitivity)^2 + (1 - specificity)^2 from the ideal corner.

    ``value`` is that squared distance. Perkins NJ, Schisterman EF. Am J Epidemiol 2006;163:670-675.
    """
    chosen = _best(curve, "closest_top_left", lambda se, sp: -((1 - se) ** 2) - (1 - sp) ** 2)
    return Cutoffs(
        chosen.method,
        -chosen.value,
        None,
        chosen.points,
        chosen.n_positive,
        chosen.n_negative,
        chosen.warnings,
    )


def weighted_youden(curve: RocCurve, *, prevalence: float, cost_ratio: float = 1.0) -> Cutoffs:
    """Largest sensitivity + r specificity, r = (1 - prevalence) / (cost_ratio prevalence).

    The cut-off of least expected cost where a missed positive costs ``cost_ratio`` times a false alarm;
    ``best.weights`` of pROC. ``value`` is the criterion. Perkins NJ, Schisterman EF 2006.

    Raises
    ------
    AnalysisError
        ``prevalence_out_of_range`` or ``cost_ratio_out_of_range``.
    """
    check_prevalence(prevalence)
    if not 0.0 < cost_ratio < float("inf"):
        raise AnalysisError("cost_ratio_out_of_range", f"the cost ratio must be positive, not {cost_ratio}")
    share = Fraction(repr(float(prevalence)))
    weight = (1 - share) / (Fraction(repr(float(cost_ratio))) * share)
    return _best(curve, "weighted_youden", lambda se, sp: se + weight * sp)


def at_sensitivity(curve: RocCurve, target: float) -> Cutoffs:
    """Highest specificity among the operating points whose sensitivity is at least ``target``.

    ``value`` is that specificity. The point that calls all cases positive always qualifies.
    Raises ``AnalysisError`` ``target_out_of_range`` for a target outside (0, 1].
    """
    floor = _target(target, "sensitivity")
    return _best(curve, "fixed_sensitivity", lambda se, sp: sp if se >= floor else None, target=target)


def at_specificity(curve: RocCurve, target: float) -> Cutoffs:
    """Highest sensitivity among the operating points whose specificity is at least ``target``.

    ``value`` is that sensitivity. The point that calls no case positive always qualifies; its
    ``threshold`` is None. Raises ``AnalysisError`` ``target_out_of_range`` for a target outside (0, 1].
    """
    floor = _target(target, "specificity")
    return _best(curve, "fixed_specificity", lambda se, sp: se if sp >= floor else None, target=target)


def check_prevalence(prevalence: float) -> None:
    """Raise ``AnalysisError`` unless the prevalence lies strictly between 0 and 1."""
    if not 0.0 < prevalence < 1.0:
        raise AnalysisError(
            "prevalence_out_of_range", f"the prevalence must lie between 0 and 1, not {prevalence}"
        )


def _best(
    curve: RocCurve,
    method: str,
    criterion: Callable[[Fraction, Fraction], Fraction | None],
    *,
    target: float | None = None,
) -> Cutoffs:
    """The points at which the criterion of sensitivity and specificity is largest; None disqualifies."""
    n1, n0 = curve.n_positive, curve.n_negative
    gains = [
        criterion(Fraction(point.true_positives, n1), Fraction(n0 - point.false_positives, n0))
        for point in curve.points
    ]
    best = max(gain for gain in gains if gain is not None)
    points = tuple(point for point, gain in zip(curve.points, gains, strict=True) if gain == best)
    ties = (TIED.format(len(points)),) if len(points) > 1 else ()
    return Cutoffs(method, float(best), target, points, n1, n0, (OPTIMISTIC, *ties))


def _target(target: float, name: str) -> Fraction:
    """The target as the decimal that was typed: 0.9 is nine tenths, so that 9 of 10 reach it."""
    if not 0.0 < target <= 1.0:
        raise AnalysisError("target_out_of_range", f"the {name} must lie in (0, 1], not {target}")
    return Fraction(repr(float(target)))
