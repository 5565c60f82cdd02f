"""Area under a part of the empirical curve: a range of specificity or of sensitivity.

``focus="specificity"`` integrates sensitivity over specificity from ``low`` to ``high`` (the usual partial
area: high specificity on the left of the plot); ``focus="sensitivity"`` integrates specificity over
sensitivity. The curve is linear between its points. McClish's correction maps the area of the chance
diagonal to 0.5 and of the perfect curve to 1, the same for both focuses; below the diagonal it is not
defined (pROC gives NA too). The interval is the stratified bootstrap's; the corrected one is its image,
which pROC's is not where replicates fall below the diagonal and are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import (
    Booleans,
    Floats,
    check_columns,
    check_lengths,
    check_scores,
    placements_of,
)
from backend.analysis.results import Interval, Result, check_level
from backend.analysis.roc_bootstrap import bootstrap_test, percentile_interval
from backend.analysis.roc_resampling import Counts, CurveSums, Table, bootstrap, check_draws, strata

Focus: TypeAlias = Literal["specificity", "sensitivity"]
NOT_DRAWN = NotEstimable("no bootstrap was asked for")
ROUNDING = 1e-12
BELOW = NotEstimable("the area lies below the chance diagonal, where the correction is not defined")


@dataclass(frozen=True, slots=True)
class PartialAuc(Result):
    """Raw and corrected partial area; ``minimum`` is chance's, ``maximum`` the perfect curve's."""

    method: str
    focus: str
    low: float
    high: float
    area: Estimate
    corrected: Estimate
    minimum: float
    maximum: float
    se: Estimate
    ci: Interval | NotEstimable
    corrected_ci: Interval | NotEstimable
    replicates: int | None
    seed: int | None
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartialAucDifference(Result):
    """Difference of two raw partial areas on the same cases, a minus b, with the bootstrap's test."""

    method: str
    focus: str
    low: float
    high: float
    area_a: Estimate
    area_b: Estimate
    difference: Estimate
    se: Estimate
    z: Estimate
    p: Estimate
    ci: Interval | NotEstimable
    replicates: int
    seed: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def partial_auc(
    truth: Sequence[bool],
    scores: Sequence[float],
    *,
    low: float,
    high: float,
    focus: Focus = "specificity",
    seed: int | None = None,
    replicates: int = 2000,
    level: float = 0.95,
) -> PartialAuc:
    """The area over specificity (or sensitivity) from ``low`` to ``high``, raw and corrected.

    Parameters
    ----------
    truth, scores
        Shape (n,): True for a positive case; a higher score means more suspicious.
    low, high
        The range on the axis in focus, 0 <= low < high <= 1; the standard 10 % of false positives is
        low 0.9, high 1.
    seed
        Of the bootstrap; None for no interval.

    Raises
    ------
    AnalysisError
        ``range_impossible``, ``unknown_focus``, a bad row, seed, number of replicates or level.

    References
    ----------
    McClish DK. Med Decis Making 1989;9:190-195; pROC 1.18.0, ``auc(partial.auc=, partial.auc.correct=)``.
    """
    check_level(level)
    check_range(low, high, focus)
    if seed is not None:
        check_draws(replicates, seed)
    positive, values = check_columns(truth, scores, "scores")
    placed = placements_of(positive, values)
    least, most = chance_area(low, high), high - low
    drawn_with = (None if seed is None else replicates, seed, placed.n_positive, placed.n_negative)

    def result(
        area: Estimate, se: Estimate, ci: Interval | NotEstimable, warnings: tuple[str, ...] = ()
    ) -> PartialAuc:
        return PartialAuc(
            "partial_auc",
            focus,
            low,
            high,
            area,
            area if isinstance(area, NotEstimable) else mcclish(area, low, high),
            least,
            most,
            se,
            ci,
            ci if isinstance(ci, NotEstimable) else _image(ci, low, high),
            *drawn_with,
            warnings,
        )

    if missing := placed.missing_class():
        return result(missing, missing, missing)
    areas, drawn = _areas(positive, [values], low, high, focus, replicates, seed)
    area = float(areas[0])
    if seed is None:
        return result(area, NOT_DRAWN, NOT_DRAWN)
    if single := placed.single_case():
        return result(area, single, single)
    ci = percentile_interval(drawn[:, 0], level)
    warnings = () if isinstance(ci, Interval) else ("All replicates are equal.",)
    return result(area, _deviation(drawn[:, 0]), ci, warnings)


def partial_auc_paired(
    truth: Sequence[bool],
    scores_a: Sequence[float],
    scores_b: Sequence[float],
    *,
    low: float,
    high: float,
    seed: int,
    focus: Focus = "specificity",
    replicates: int = 2000,
    level: float = 0.95,
) -> PartialAucDifference:
    """The difference of two raw partial areas on the same cases, as ``roc.test(method = "bootstrap")``.

    Parameters and errors as for :func:`partial_auc`.
    """
    check_level(level)
    check_range(low, high, focus)
    check_draws(replicates, seed)
    positive, a = check_columns(truth, scores_a, "scores_a")
    check_lengths(truth, scores_b, "scores_b")
    b = check_scores(scores_b, "scores_b")
    placed = placements_of(positive, a)
    head = ("partial_auc_difference", focus, low, high)
    rest = (replicates, seed, placed.n_positive, placed.n_negative)
    if missing := placed.missing_class():
        return PartialAucDifference(*head, *(missing,) * 7, *rest, ())
    areas, drawn = _areas(positive, [a, b], low, high, focus, replicates, seed)
    pair = (float(areas[0]), float(areas[1]))
    difference = pair[0] - pair[1]
    if single := placed.single_case():
        return PartialAucDifference(*head, *pair, difference, *(single,) * 4, *rest, ())
    differences = drawn[:, 0] - drawn[:, 1]
    se = _deviation(differences)
    z, p = bootstrap_test(difference, se)
    ci = percentile_interval(differences, level)
    warnings = () if isinstance(ci, Interval) else ("All replicates are equal.",)
    return PartialAucDifference(*head, *pair, difference, se, z, p, ci, *rest, warnings)


def check_range(low: float, high: float, focus: str) -> None:
    """Raise ``AnalysisError`` unless 0 <= low < high <= 1 and the focus is one of the two axes."""
    if not 0.0 <= low < high <= 1.0:
        raise AnalysisError("range_impossible", f"a range needs 0 <= low < high <= 1, not {low} to {high}")
    if focus not in ("specificity", "sensitivity"):
        raise AnalysisError("unknown_focus", f"the focus is 'specificity' or 'sensitivity', not {focus!r}")


def chance_area(low: float, high: float) -> float:
    """The partial area of the chance diagonal."""
    return (high - low) * (2.0 - low - high) / 2.0


def mcclish(area: float, low: float, high: float) -> Estimate:
    """McClish's correction of a partial area; not estimable below chance."""
    least = chance_area(low, high)
    if area < least - 1e-12:
        return BELOW
    return _corrected(max(area, least), low, high)


def partial_area(x: Table, y: Table, low: float, high: float) -> Floats:
    """Area under each row's polyline between x = low and x = high; x does not fall, shapes (rows, points)."""
    left, right = x[:, :-1], x[:, 1:]
    start, end = np.clip(left, low, high), np.clip(right, low, high)
    width = right - left
    slope = np.divide(y[:, 1:] - y[:, :-1], width, out=np.zeros_like(width), where=width > 0.0)
    middle = y[:, :-1] + slope * ((start + end) / 2.0 - left)
    areas: Floats = ((end - start) * middle).sum(axis=1)
    return areas


def _areas(
    positive: Booleans,
    columns: Sequence[Floats],
    low: float,
    high: float,
    focus: Focus,
    replicates: int,
    seed: int | None,
) -> tuple[Floats, Table]:
    """Observed partial areas, shape (curves,), and those of the replicates: none without a seed."""
    cases, controls = strata(positive, columns)
    sums = [CurveSums(cases, controls, curve) for curve in range(len(columns))]

    def statistic(drawn: Counts, others: Counts) -> Table:
        parts = []
        for one in sums:
            false, true = one.points(drawn, others)
            if focus == "specificity":
                parts.append(partial_area(false, true, 1.0 - high, 1.0 - low))
            else:
                parts.append(partial_area(true, 1.0 - false, low, high))
        return np.column_stack(parts)

    observed = statistic(cases.observed(), controls.observed())[0]
    if seed is None or min(cases.size, controls.size) < 2:
        return observed, np.empty((0, len(columns)))
    drawn = bootstrap(cases, controls, statistic, replicates=replicates, seed=seed)
    # Replicates of one area that sums differ in by rounding alone are equal, not a spread of 1e-17.
    return observed, np.where(np.ptp(drawn, axis=0) <= ROUNDING, observed, drawn)


def _corrected(area: float, low: float, high: float) -> float:
    least = chance_area(low, high)
    return (1.0 + (area - least) / (high - low - least)) / 2.0


def _image(ci: Interval, low: float, high: float) -> Interval:
    return Interval(_corrected(ci.low, low, high), _corrected(ci.high, low, high), ci.level)


def _deviation(drawn: Floats) -> float:
    return 0.0 if np.ptp(drawn) == 0.0 else float(np.std(drawn, ddof=1))
