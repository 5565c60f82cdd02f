"""The binormal ROC curve by maximum likelihood from ratings: Dorfman and Alf 1969.

Negative cases are latent standard normal, positive ones normal with mean a / b and deviation 1 / b, and
ordered cut-offs turn both into the ratings: ``P(rating <= k | negative) = Phi(c_k)`` and
``P(rating <= k | positive) = Phi(b c_k - a)``. Then ``TPR = Phi(a + b Phi^-1(FPR))`` and
``AUC = Phi(a / sqrt(1 + b^2))``. Standard errors come from the observed information (the Hessian at the
maximum, as Stata's ``rocfit`` has them; ROCFIT and RSCORE use the expected information, which agrees in the
large). Scores that are not ratings are taken as ratings too: scores between which no case of the other
class lies share one category, which leaves the estimate as it is (truth-state runs, Metz 1998).

Where the operating points lie on the edges of the square the likelihood rises without end: such data are
degenerate and get no fit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.binormal_likelihood import BinormalLikelihood, Point, maximize
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import check_columns
from backend.analysis.results import Interval, Result, check_level, normal_interval
from backend.analysis.roc_resampling import Table

MOST_CATEGORIES = 400
IMPROPER = "The fitted curve crosses the chance diagonal visibly (a hook): b is far from 1."


@dataclass(frozen=True, slots=True)
class BinormalFit(Result):
    """Parameters with standard errors, the area with its interval, and the fit's own test.

    ``cutoffs`` are the latent ones, ascending, on the scale of the negative cases. ``chi_square`` is
    Pearson's with ``df`` = categories - 3; not estimable where an expected count is below 1 or nothing is
    left to test.
    """

    method: str
    a: Estimate
    b: Estimate
    se_a: Estimate
    se_b: Estimate
    covariance_ab: Estimate
    auc: Estimate
    se_auc: Estimate
    ci: Interval | NotEstimable
    cutoffs: tuple[float, ...]
    log_likelihood: Estimate
    iterations: int
    chi_square: Estimate
    df: int
    p: Estimate
    categories: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]

    def sensitivity(self, specificity: float) -> Estimate:
        """Height of the fitted curve at a specificity in [0, 1]."""
        if not 0.0 <= specificity <= 1.0:
            raise AnalysisError(
                "specificity_out_of_range", f"a specificity must lie in [0, 1], not {specificity}"
            )
        if isinstance(self.a, NotEstimable) or isinstance(self.b, NotEstimable):
            return self.a if isinstance(self.a, NotEstimable) else self.b
        if specificity in (0.0, 1.0):
            return 1.0 - specificity
        return float(ndtr(self.a + self.b * float(ndtri(1.0 - specificity))))


def binormal_fit(truth: Sequence[bool], scores: Sequence[float], *, level: float = 0.95) -> BinormalFit:
    """The binormal curve of ratings or scores.

    Parameters
    ----------
    truth, scores
        Shape (n,): True for a positive case; a higher score means more suspicious.

    Raises
    ------
    AnalysisError
        A bad row, the level out of range, ``too_many_categories`` for more than 400 after merging.

    References
    ----------
    Dorfman DD, Alf E. J Math Psychol 1969;6:487-496; Metz CE, Herman BA, Shen JH. Stat Med
    1998;17:1033-1053.
    """
    positive, values = check_columns(truth, scores, "scores")
    levels = np.unique(values)
    of_positive = np.searchsorted(levels, values[positive])
    of_negative = np.searchsorted(levels, values[~positive])
    return binormal_fit_counts(
        np.bincount(of_negative, minlength=levels.size).tolist(),
        np.bincount(of_positive, minlength=levels.size).tolist(),
        level=level,
    )


def binormal_fit_counts(
    negative: Sequence[int], positive: Sequence[int], *, level: float = 0.95
) -> BinormalFit:
    """The binormal curve of counts by category, from the least to the most suspicious.

    Raises
    ------
    AnalysisError
        ``lengths_differ``, ``counts_impossible``, ``too_many_categories``, the level out of range.
    """
    check_level(level)
    if len(negative) != len(positive):
        raise AnalysisError(
            "lengths_differ",
            f"there are {len(negative)} counts of negative, {len(positive)} of positive cases",
        )
    if any(count < 0 or count != int(count) for count in (*negative, *positive)):
        raise AnalysisError("counts_impossible", "a count by category is negative or not whole")
    counts = merge_runs(np.array([negative, positive], dtype=np.float64).reshape(2, -1))
    if counts.shape[1] > MOST_CATEGORIES:
        raise AnalysisError(
            "too_many_categories",
            f"{counts.shape[1]} categories are left after merging; the fit takes {MOST_CATEGORIES}: group the "
            "scores",
        )
    n0, n1 = int(counts[0].sum()), int(counts[1].sum())
    if reason := degenerate(counts):
        return _undefined(reason, counts.shape[1], n1, n0)
    found = maximize(BinormalLikelihood(counts))
    if isinstance(found, NotEstimable):
        return _undefined(found, counts.shape[1], n1, n0)
    return _fit(found, counts, level)


def merge_runs(counts: Table) -> Table:
    """Categories without cases dropped, and neighbors that hold one and the same class alone merged.

    Within such a run the cut-offs would close up on each other: one category has the same likelihood.
    """
    merged: list[list[float]] = []
    for zero, one in counts.T.tolist():
        if zero + one == 0:
            continue
        if merged and ((zero == 0 and merged[-1][0] == 0) or (one == 0 and merged[-1][1] == 0)):
            merged[-1] = [merged[-1][0] + zero, merged[-1][1] + one]
        else:
            merged.append([zero, one])
    return np.array(merged, dtype=np.float64).reshape(-1, 2).T


def degenerate(counts: Table) -> NotEstimable | None:
    """Why counts, shape (2, categories), have no maximum of the likelihood inside, if so."""
    n0, n1 = counts.sum(axis=1)
    if n1 == 0:
        return NotEstimable("there is no positive case")
    if n0 == 0:
        return NotEstimable("there is no negative case")
    if counts.shape[1] < 3:
        return NotEstimable("fewer than three distinct ratings leave fewer than two operating points")
    false = 1.0 - np.cumsum(counts[0])[:-1] / n0
    true = 1.0 - np.cumsum(counts[1])[:-1] / n1
    inside = (false > 0) & (false < 1) & (true > 0) & (true < 1)
    if not inside.any():
        return NotEstimable(
            "every operating point lies on an edge of the ROC square: the data are degenerate"
        )
    return None


def _fit(found: Point, counts: Table, level: float) -> BinormalFit:
    a, b = found.a, found.b
    covariance = found.covariance
    root = math.sqrt(1.0 + b * b)
    auc = float(ndtr(a / root))
    density = math.exp(-0.5 * (a / root) ** 2) / math.sqrt(2.0 * math.pi)
    gradient = density * np.array([1.0 / root, -a * b / root**3])
    se_auc = math.sqrt(float(gradient @ covariance @ gradient))
    chi_square, df, p = _goodness(found, counts)
    lowest = abs(a) / abs(1.0 - b) if b != 1.0 else math.inf
    return BinormalFit(
        "binormal_ml",
        a,
        b,
        math.sqrt(covariance[0, 0]),
        math.sqrt(covariance[1, 1]),
        float(covariance[0, 1]),
        auc,
        se_auc,
        normal_interval(auc, se_auc, level=level, low=0.0, high=1.0),
        tuple(found.cutoffs.tolist()),
        found.log_likelihood,
        found.iterations,
        chi_square,
        df,
        p,
        counts.shape[1],
        int(counts[1].sum()),
        int(counts[0].sum()),
        (IMPROPER,) if lowest < 2.0 else (),
    )


def _goodness(found: Point, counts: Table) -> tuple[Estimate, int, Estimate]:
    """Pearson's chi-square of the categories against the fitted ones."""
    df = counts.shape[1] - 3
    if df == 0:
        exact = NotEstimable("two operating points are fitted exactly")
        return exact, 0, exact
    zero = np.diff(np.concatenate([[0.0], ndtr(found.cutoffs), [1.0]]))
    one = np.diff(np.concatenate([[0.0], ndtr(found.b * found.cutoffs - found.a), [1.0]]))
    expected = np.array([zero, one]) * counts.sum(axis=1).reshape(2, 1)
    if expected.min() < 1.0:
        sparse = NotEstimable("an expected count is below 1")
        return sparse, df, sparse
    statistic = float(np.sum((counts - expected) ** 2 / expected))
    return statistic, df, float(chdtrc(df, statistic))


def _undefined(reason: NotEstimable, categories: int, n1: int, n0: int) -> BinormalFit:
    return BinormalFit(
        "binormal_ml",
        *(reason,) * 8,
        (),
        reason,
        0,
        reason,
        max(0, categories - 3),
        reason,
        categories,
        n1,
        n0,
        (),
    )
