"""The empirical ROC curve, its area with DeLong's variance, and operating points.

Everywhere a higher score means more suspicious, and a case is called positive when its score is at or
above the threshold. Counts are kept as whole numbers until the last division, so that results do not
depend on the order of cases to the last bit and ties are exact.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import (
    NO_NEGATIVE,
    NO_POSITIVE,
    check_booleans,
    check_columns,
    check_lengths,
    delong_covariance_of,
    placements,
)
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level, normal_interval, two_sided_p

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
    placed = placements(truth, scores)
    return placed.missing_class() or placed.auc()


def delong(truth: Sequence[bool], scores: Sequence[float], *, level: float = 0.95) -> AucResult:
    """The empirical AUC with DeLong's variance.

    One case of a class leaves the variance undefined; perfect separation and all scores tied give
    variance 0, a warning and no interval. Parameters and errors as for :func:`empirical_auc`.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845.
    """
    check_level(level)
    placed = placements(truth, scores)
    counts = (placed.n_positive, placed.n_negative)
    if missing := placed.missing_class():
        return AucResult("auc_delong", missing, missing, missing, missing, *counts, ())
    auc = placed.auc()
    warnings: tuple[str, ...] = ()
    if placed.is_constant():
        warnings = (ALL_TIED,) if auc == 0.5 else (SEPARATED,)
    if single := placed.single_case():
        return AucResult("auc_delong", auc, single, single, single, *counts, warnings)
    variance = delong_covariance_of(placed, placed)
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
    a, b = placements(truth, scores_a, "scores_a"), placements(truth, scores_b, "scores_b")
    counts = (a.n_positive, a.n_negative)
    if missing := a.missing_class():
        return PairedAucResult("delong_paired", *(missing,) * 7, *counts, ())
    auc_a, auc_b = a.auc(), b.auc()
    difference = (a.wins() - b.wins()) / (2 * a.n_positive * a.n_negative)
    if single := a.single_case():
        return PairedAucResult("delong_paired", auc_a, auc_b, difference, *(single,) * 4, *counts, ())
    contrast = a.minus(b)
    se = math.sqrt(delong_covariance_of(contrast, contrast))
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
    placed = [placements(truth, curves[name], f"scores of {name}") for name in names]
    first = placed[0]
    if undefined := first.missing_class() or first.single_case():
        return undefined
    covariance = tuple(tuple(delong_covariance_of(x, y) for y in placed) for x in placed)
    return DelongCovariance(
        names, tuple(item.auc() for item in placed), covariance, first.n_positive, first.n_negative
    )


def roc_curve(truth: Sequence[bool], scores: Sequence[float]) -> RocCurve | NotEstimable:
    """Every operating point of the rule "positive when score >= threshold", one a distinct score.

    Parameters and errors as for :func:`empirical_auc`. Not estimable without a case of either class.
    """
    check_columns(truth, scores, "scores")
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
    check_booleans(truth, "truth")
    check_booleans(calls, "calls")
    check_lengths(truth, calls, "calls")
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
