"""The empirical ROC curve, its area with DeLong's variance, and operating points.

Everywhere a higher score means more suspicious, and a case is called positive when its score is at or
above the threshold. Counts are kept as whole numbers until the last division, so that results do not
depend on the order of cases to the last bit and ties are exact.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level, normal_interval, two_sided_p

NO_POSITIVE = NotEstimable("there is no positive case")
NO_NEGATIVE = NotEstimable("there is no negative case")
ALL_TIED = "All cases have the same score: the curve is the chance diagonal and says nothing."
SEPARATED = "The scores separate positive from negative cases perfectly: DeLong's variance is 0."


@dataclass(frozen=True, slots=True)
class AucResult(Result):
    """Area under the empirical curve with DeLong's variance and an interval clipped to [0, 1]."""

    method: str
    auc: Estimate
    variance: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairedAucResult(Result):
    """Difference ``auc_a - auc_b`` of two curves on the same cases, with DeLong's paired test."""

    method: str
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    z: Estimate
    p: Estimate
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelongCovariance(Result):
    """Areas of k curves on the same cases and their k x k covariance matrix, in the order of ``names``."""

    names: tuple[str, ...]
    aucs: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    n_positive: int
    n_negative: int


@dataclass(frozen=True, slots=True)
class RocPoint(Result):
    """One operating point: positive when score >= ``threshold``; ``None`` calls no case positive."""

    threshold: float | None
    sensitivity: float
    specificity: float
    true_positives: int
    false_positives: int


@dataclass(frozen=True, slots=True)
class RocCurve(Result):
    """Every operating point, from the one that calls nothing positive to the one that calls all."""

    points: tuple[RocPoint, ...]
    n_positive: int
    n_negative: int


@dataclass(frozen=True, slots=True)
class YoudenCutoffs(Result):
    """The largest sensitivity + specificity - 1, and every operating point that reaches it."""

    method: str
    index: float
    points: tuple[RocPoint, ...]


@dataclass(frozen=True, slots=True)
class OperatingPoint(Result):
    """The two-by-two table of calls against truth; ``positive_class`` names what positive means."""

    method: str
    positive_class: str
    true_positives: int
    false_negatives: int
    true_negatives: int
    false_positives: int
    sensitivity: Proportion
    specificity: Proportion


@dataclass(frozen=True, slots=True)
class _Placements:
    """Twice the number of opponents that each case beats (a tie counts one), by class."""

    positive: list[int]
    negative: list[int]
    n_positive: int
    n_negative: int

    def auc(self) -> float:
        return sum(self.positive) / (2 * self.n_positive * self.n_negative)

    def missing_class(self) -> NotEstimable | None:
        if self.n_positive == 0:
            return NO_POSITIVE
        return NO_NEGATIVE if self.n_negative == 0 else None

    def single_case(self) -> NotEstimable | None:
        if self.n_positive == 1:
            return NotEstimable("there is only one positive case")
        return NotEstimable("there is only one negative case") if self.n_negative == 1 else None


def empirical_auc(truth: Sequence[bool], scores: Sequence[float]) -> Estimate:
    """The share of positive-negative pairs ranked rightly, ties one half: the trapezoidal area.

    Parameters
    ----------
    truth
        Shape (n,): True for a positive case.
    scores
        Shape (n,), finite; a higher score means more suspicious.

    Raises
    ------
    AnalysisError
        Lengths differ, a truth is not boolean or a score not a finite number (names the row).

    Notes
    -----
    O(n log n) by mid-ranks: Sun X, Xu W. IEEE Signal Process Lett 2014;21:1389-1393.
    """
    placements = _placements(truth, scores)
    return placements.missing_class() or placements.auc()


def delong(truth: Sequence[bool], scores: Sequence[float], *, level: float = 0.95) -> AucResult:
    """The empirical AUC with DeLong's variance.

    One case of a class leaves the variance undefined; perfect separation and all scores tied give
    variance 0, a warning and no interval. Parameters and errors as for :func:`empirical_auc`.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845.
    """
    check_level(level)
    placements = _placements(truth, scores)
    counts = (placements.n_positive, placements.n_negative)
    if missing := placements.missing_class():
        return AucResult("auc_delong", missing, missing, missing, missing, *counts, ())
    auc = placements.auc()
    warnings: tuple[str, ...] = ()
    if len(set(placements.positive)) == 1 and len(set(placements.negative)) == 1:
        warnings = (ALL_TIED,) if auc == 0.5 else (SEPARATED,)
    if single := placements.single_case():
        return AucResult("auc_delong", auc, single, single, single, *counts, warnings)
    variance = _covariance(placements, placements)
    ci: Interval | NotEstimable
    if variance > 0.0:
        ci = normal_interval(auc, math.sqrt(variance), level=level, low=0.0, high=1.0)
    else:
        ci = NotEstimable(
            "all scores are tied" if auc == 0.5 else "the scores separate the classes perfectly"
        )
    return AucResult("auc_delong", auc, variance, math.sqrt(variance), ci, *counts, warnings)


def delong_paired(
    truth: Sequence[bool], scores_a: Sequence[float], scores_b: Sequence[float], *, level: float = 0.95
) -> PairedAucResult:
    """DeLong's test of two curves drawn from the same cases; the difference is a minus b.

    Curves whose areas agree with variance 0 (identical ones among them) give z = 0 and p = 1 without
    interval, as pROC does; areas that differ with variance 0 leave z undefined. Parameters and errors as
    for :func:`empirical_auc`.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845.
    """
    check_level(level)
    a, b = _placements(truth, scores_a, "scores_a"), _placements(truth, scores_b, "scores_b")
    counts = (a.n_positive, a.n_negative)
    if missing := a.missing_class():
        return PairedAucResult("delong_paired", *(missing,) * 7, *counts, ())
    auc_a, auc_b = a.auc(), b.auc()
    difference = (sum(a.positive) - sum(b.positive)) / (2 * a.n_positive * a.n_negative)
    if single := a.single_case():
        return PairedAucResult("delong_paired", auc_a, auc_b, difference, *(single,) * 4, *counts, ())
    contrast = _Placements(
        [x - y for x, y in zip(a.positive, b.positive, strict=True)],
        [x - y for x, y in zip(a.negative, b.negative, strict=True)],
        *counts,
    )
    se = math.sqrt(_covariance(contrast, contrast))
    ci: Interval | NotEstimable = NotEstimable("the variance of the difference is 0")
    z: Estimate = NotEstimable("the variance of the difference is 0")
    warnings: tuple[str, ...] = ()
    if se > 0.0:
        ci = normal_interval(difference, se, level=level, low=-1.0, high=1.0)
        z = difference / se
    else:
        warnings = ("DeLong's variance of the difference is 0: no confidence interval is offered.",)
        z = 0.0 if difference == 0.0 else z
    p = z if isinstance(z, NotEstimable) else two_sided_p(z)
    return PairedAucResult("delong_paired", auc_a, auc_b, difference, se, ci, z, p, *counts, warnings)


def delong_covariance(
    truth: Sequence[bool], curves: Mapping[str, Sequence[float]]
) -> DelongCovariance | NotEstimable:
    """Areas and DeLong covariance matrix of k curves drawn from the same cases, sorted by name.

    Not estimable with fewer than two cases of a class. Errors as for :func:`empirical_auc`.
    """
    if not curves:
        raise AnalysisError("no_curves", "there is no curve to compare")
    names = tuple(sorted(curves))
    placements = [_placements(truth, curves[name], f"scores of {name}") for name in names]
    first = placements[0]
    if undefined := first.missing_class() or first.single_case():
        return undefined
    covariance = tuple(tuple(_covariance(x, y) for y in placements) for x in placements)
    return DelongCovariance(
        names, tuple(item.auc() for item in placements), covariance, first.n_positive, first.n_negative
    )


def roc_curve(truth: Sequence[bool], scores: Sequence[float]) -> RocCurve | NotEstimable:
    """Every operating point of the rule "positive when score >= threshold", one a distinct score.

    Parameters and errors as for :func:`empirical_auc`. Not estimable without a case of either class.
    """
    _check(truth, scores, "scores")
    n_positive = sum(map(bool, truth))
    n_negative = len(truth) - n_positive
    if n_positive == 0 or n_negative == 0:
        return NO_POSITIVE if n_positive == 0 else NO_NEGATIVE
    cases: dict[float, list[int]] = {}
    for positive, score in zip(truth, scores, strict=True):
        cases.setdefault(float(score), [0, 0])[0 if positive else 1] += 1
    thresholds = sorted(cases, reverse=True)
    true = accumulate((cases[threshold][0] for threshold in thresholds), initial=0)
    false = accumulate((cases[threshold][1] for threshold in thresholds), initial=0)
    points = tuple(
        RocPoint(threshold, tp / n_positive, (n_negative - fp) / n_negative, tp, fp)
        for threshold, tp, fp in zip([None, *thresholds], true, false, strict=True)
    )
    return RocCurve(points, n_positive, n_negative)


def youden_cutoffs(curve: RocCurve) -> YoudenCutoffs:
    """All operating points with the largest Youden index, compared in whole counts so that ties are exact.

    References
    ----------
    Youden WJ. Cancer 1950;3:32-35.
    """
    gains = [
        point.true_positives * curve.n_negative - point.false_positives * curve.n_positive
        for point in curve.points
    ]
    best = max(gains)
    points = tuple(point for point, gain in zip(curve.points, gains, strict=True) if gain == best)
    return YoudenCutoffs("youden", best / (curve.n_positive * curve.n_negative), points)


def operating_point(
    truth: Sequence[bool], calls: Sequence[bool], *, positive_class: str = "positive", level: float = 0.95
) -> OperatingPoint:
    """Sensitivity and specificity of yes-no calls with both intervals and the four counts.

    Parameters
    ----------
    truth, calls
        Shape (n,): True for a positive case, True for a case called positive.
    positive_class
        What "positive" stands for, for example ``"metastatic node"``.

    Raises
    ------
    AnalysisError
        Lengths differ, a value is not boolean (names the row), the level is outside (0, 1).
    """
    check_level(level)
    _check_booleans(truth, "truth")
    _check_booleans(calls, "calls")
    _check_lengths(truth, calls, "calls")
    pairs = [(bool(positive), bool(call)) for positive, call in zip(truth, calls, strict=True)]
    tp, fn = pairs.count((True, True)), pairs.count((True, False))
    tn, fp = pairs.count((False, False)), pairs.count((False, True))
    return OperatingPoint(
        "operating_point",
        positive_class,
        tp,
        fn,
        tn,
        fp,
        proportion(tp, tp + fn, level=level, of_what="positive case"),
        proportion(tn, tn + fp, level=level, of_what="negative case"),
    )


def _check_lengths(truth: Sequence[bool], values: Sequence[float], name: str) -> None:
    if len(truth) != len(values):
        raise AnalysisError("lengths_differ", f"truth has {len(truth)} rows, {name} {len(values)}")


def _check_booleans(values: Sequence[bool], name: str) -> None:
    for row, value in enumerate(values):
        if not isinstance(value, (bool, np.bool_)):
            raise AnalysisError("not_boolean", f"row {row} of {name} is {value!r}, not true or false")


def _check(truth: Sequence[bool], scores: Sequence[float], name: str) -> None:
    _check_booleans(truth, "truth")
    _check_lengths(truth, scores, name)
    for row, score in enumerate(scores):
        if isinstance(score, (bool, np.bool_)) or not isinstance(
            score, (int, float, np.integer, np.floating)
        ):
            raise AnalysisError("score_not_a_number", f"row {row} of {name} is {score!r}, not a number")
        if not math.isfinite(score):
            raise AnalysisError("score_not_finite", f"row {row} of {name} is {score}, not a finite number")


def _placements(truth: Sequence[bool], scores: Sequence[float], name: str = "scores") -> _Placements:
    _check(truth, scores, name)
    positive = np.asarray(truth, dtype=bool)
    values = np.asarray(scores, dtype=np.float64)
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    overall = _doubled_midranks(values)
    wins = overall[positive] - _doubled_midranks(values[positive])
    losses = overall[~positive] - _doubled_midranks(values[~positive])
    return _Placements(wins.tolist(), (2 * n_positive - losses).tolist(), n_positive, n_negative)


def _doubled_midranks(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Twice the mid-rank (1-based) of each value: whole numbers, so that nothing is rounded."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    doubled = 2 * (np.cumsum(counts) - counts) + counts + 1
    ranks: np.ndarray[tuple[int], np.dtype[np.int64]] = doubled.astype(np.int64)[inverse]
    return ranks


def _covariance(a: _Placements, b: _Placements) -> float:
    """DeLong's S10 / n1 + S01 / n0 of two sets of placements, from exact whole-number sums."""
    positive = _sum_of_products(a.positive, b.positive)
    negative = _sum_of_products(a.negative, b.negative)
    n1, n0 = a.n_positive, a.n_negative
    return positive / (4 * n0**2 * n1**2 * (n1 - 1)) + negative / (4 * n1**2 * n0**2 * (n0 - 1))


def _sum_of_products(a: list[int], b: list[int]) -> int:
    """n times the centered sum of products, a whole number."""
    products: int = sum(map(mul, a, b))
    return len(a) * products - sum(a) * sum(b)
