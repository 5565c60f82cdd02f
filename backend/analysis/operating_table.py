"""What a cut-off does: one row of counts, proportions, predictive values and likelihood ratios a threshold.

Proportions carry the Clopper-Pearson and the Wilson interval. Likelihood ratios have Simel's interval on
the log scale. Predictive values stand twice: as observed, which holds at the share of positives in these
data alone, and at a stated prevalence by Bayes' theorem. There ``logit PPV = logit prevalence + log LR+``,
so that the interval on the logit scale of Mercaldo 2007 is the one of the likelihood ratio, moved. A count
of 0 leaves a ratio infinite or its interval undefined; nothing is added to the counts to hide that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.cutoffs import check_prevalence
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import Floats, check_columns, check_scores
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level, normal_quantile

ZERO_COUNT = NotEstimable("a count of 0 leaves the logarithm of the ratio without a variance")
EVERY_CASE = NotEstimable("every case was called so: the logarithm of the ratio has no variance")
AT_THESE_DATA = "Predictive values as observed hold at the share of positive cases in these data alone."


@dataclass(frozen=True, slots=True)
class Ratio(Result):
    """A ratio with the standard error of its logarithm and the interval built on that scale."""

    estimate: Estimate
    se_log: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class PredictiveValues(Result):
    """PPV and NPV that sensitivity and specificity imply at ``prevalence``, with logit intervals."""

    prevalence: float
    ppv: Estimate
    ppv_ci: Interval | NotEstimable
    npv: Estimate
    npv_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class OperatingRow(Result):
    """One rule "positive when score >= ``threshold``"; ``None`` calls no case positive."""

    threshold: float | None
    true_positives: int
    false_negatives: int
    true_negatives: int
    false_positives: int
    sensitivity: Proportion
    specificity: Proportion
    accuracy: Proportion
    ppv: Proportion
    npv: Proportion
    youden: Estimate
    lr_positive: Ratio
    lr_negative: Ratio
    at_prevalence: tuple[PredictiveValues, ...]


@dataclass(frozen=True, slots=True)
class OperatingTable(Result):
    """Rows from the strictest to the loosest rule; ``share_positive`` is the prevalence in the data."""

    method: str
    positive_class: str
    rows: tuple[OperatingRow, ...]
    share_positive: Proportion
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def operating_table(
    truth: Sequence[bool],
    scores: Sequence[float],
    *,
    thresholds: Sequence[float] | None = None,
    prevalences: Sequence[float] = (),
    positive_class: str = "positive",
    level: float = 0.95,
) -> OperatingTable:
    """The table at every distinct score, or at the thresholds chosen, which need not be observed scores.

    Parameters
    ----------
    truth, scores
        Shape (n,): True for a positive case; a higher score means more suspicious.
    thresholds
        None for every distinct score and the rule that calls no case positive.
    prevalences
        Shares of positive cases, each in (0, 1), at which predictive values are wanted.

    Raises
    ------
    AnalysisError
        As for :func:`backend.analysis.roc.roc_curve`; a prevalence or the level out of range; ``no_cases``.
    """
    check_level(level)
    positive, values = check_columns(truth, scores, "scores")
    if values.size == 0:
        raise AnalysisError("no_cases", "there is no case to make an operating table of")
    cuts: list[float | None]
    if thresholds is None:
        cuts = [None, *np.unique(values)[::-1].tolist()]
    else:
        cuts = [*np.unique(check_scores(thresholds, "thresholds"))[::-1].tolist()]
    n1 = int(positive.sum())
    n0 = values.size - n1
    tp, fp = _at_or_above(values[positive], cuts), _at_or_above(values[~positive], cuts)
    rows = tuple(
        operating_row(t, n1 - t, n0 - f, f, threshold=cut, prevalences=prevalences, level=level)
        for cut, t, f in zip(cuts, tp, fp, strict=True)
    )
    share = proportion(n1, n1 + n0, level=level)
    return OperatingTable("operating_table", positive_class, rows, share, n1, n0, (AT_THESE_DATA,))


def operating_row(
    true_positives: int,
    false_negatives: int,
    true_negatives: int,
    false_positives: int,
    *,
    threshold: float | None = None,
    prevalences: Sequence[float] = (),
    level: float = 0.95,
) -> OperatingRow:
    """Everything that the four counts of a two-by-two table say.

    Raises
    ------
    AnalysisError
        ``counts_impossible`` for a negative count; a prevalence or the level out of range.
    """
    tp, fn, tn, fp = true_positives, false_negatives, true_negatives, false_positives
    check_level(level)
    if min(tp, fn, tn, fp) < 0:
        raise AnalysisError("counts_impossible", f"the counts {tp}, {fn}, {tn}, {fp} hold a negative one")
    n1, n0 = tp + fn, tn + fp
    undefined = _missing(n1, n0)
    return OperatingRow(
        threshold,
        tp,
        fn,
        tn,
        fp,
        proportion(tp, n1, level=level, of_what="positive case"),
        proportion(tn, n0, level=level, of_what="negative case"),
        proportion(tp + tn, n1 + n0, level=level),
        proportion(tp, tp + fp, level=level, of_what="case called positive"),
        proportion(tn, tn + fn, level=level, of_what="case called negative"),
        undefined or (tp * n0 - fp * n1) / (n1 * n0),
        likelihood_ratio(tp, n1, fp, n0, level=level),
        likelihood_ratio(fn, n1, tn, n0, level=level),
        tuple(predictive_values(tp, fn, tn, fp, prevalence=p, level=level) for p in prevalences),
    )


def likelihood_ratio(
    among_positive: int, n_positive: int, among_negative: int, n_negative: int, *, level: float = 0.95
) -> Ratio:
    """How much more often a call is made among positive than among negative cases.

    LR+ counts the cases called positive, LR- the cases called negative.

    References
    ----------
    Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-770.
    """
    check_level(level)
    if undefined := _missing(n_positive, n_negative):
        return Ratio(undefined, undefined, undefined)
    if among_negative == 0:
        reason = (
            "no case was called so" if among_positive == 0 else "no negative case was called so: infinite"
        )
        return Ratio(NotEstimable(reason), ZERO_COUNT, ZERO_COUNT)
    ratio = among_positive * n_negative / (n_positive * among_negative)
    if among_positive == 0:
        return Ratio(ratio, ZERO_COUNT, ZERO_COUNT)
    if among_positive == n_positive and among_negative == n_negative:
        return Ratio(ratio, EVERY_CASE, EVERY_CASE)
    variance = (n_positive - among_positive) / (n_positive * among_positive) + (
        n_negative - among_negative
    ) / (n_negative * among_negative)
    se = math.sqrt(variance)
    margin = normal_quantile(level) * se
    return Ratio(ratio, se, Interval(ratio * math.exp(-margin), ratio * math.exp(margin), level))


def predictive_values(
    true_positives: int,
    false_negatives: int,
    true_negatives: int,
    false_positives: int,
    *,
    prevalence: float,
    level: float = 0.95,
) -> PredictiveValues:
    """PPV and NPV at another prevalence than that of the data, the prevalence taken as known.

    References
    ----------
    Mercaldo ND, Lau KF, Zhou XH. Stat Med 2007;26:2170-2183 (logit intervals).
    """
    check_prevalence(prevalence)
    n1, n0 = true_positives + false_negatives, true_negatives + false_positives
    ppv, ppv_ci = _posterior(true_positives, n1, false_positives, n0, prevalence, level)
    npv, npv_ci = _posterior(true_negatives, n0, false_negatives, n1, 1.0 - prevalence, level)
    return PredictiveValues(prevalence, ppv, ppv_ci, npv, npv_ci)


def _posterior(
    right: int, n_right: int, wrong: int, n_wrong: int, prior: float, level: float
) -> tuple[Estimate, Interval | NotEstimable]:
    """Share of right calls among all calls of a kind, and its logit interval."""
    if undefined := _missing(n_right, n_wrong):
        return NotEstimable("one class has no case"), undefined
    if right == 0 and wrong == 0:
        nothing = NotEstimable("no case was called so")
        return nothing, nothing
    ours, theirs = right / n_right * prior, wrong / n_wrong * (1.0 - prior)
    value = ours / (ours + theirs)
    ratio = likelihood_ratio(right, n_right, wrong, n_wrong, level=level)
    if isinstance(ratio.ci, NotEstimable):
        return value, ratio.ci
    low, high = (float(expit(logit(prior) + math.log(end))) for end in (ratio.ci.low, ratio.ci.high))
    return value, Interval(low, high, level)


def _missing(n_positive: int, n_negative: int) -> NotEstimable | None:
    if n_positive == 0:
        return NotEstimable("there is no positive case")
    return NotEstimable("there is no negative case") if n_negative == 0 else None


def _at_or_above(values: Floats, cuts: Sequence[float | None]) -> list[int]:
    """How many values reach each cut; none reaches None."""
    ordered = np.sort(values)
    numbers = np.array([math.inf if cut is None else cut for cut in cuts])
    counts: list[int] = (values.size - np.searchsorted(ordered, numbers, side="left")).tolist()
    return counts
