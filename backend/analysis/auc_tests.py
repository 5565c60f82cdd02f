"""Tests between areas: two curves on different cases, and k curves at once.

Different cases: the difference over the root of the summed DeLong variances, on t with Welch's degrees of
freedom ``(Va + Vb)^2 / (Va^2 / (Na - 1) + Vb^2 / (Nb - 1))``, N counting all cases of a curve. This is
what pROC does; others use the normal distribution. k curves: Wald's chi-square of DeLong 1988, on as many
degrees of freedom as the covariance matrix of the contrasts has rank.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.placements import delong_covariance_of, placements
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_t_p
from backend.analysis.roc import delong_covariance

NO_VARIANCE = NotEstimable("the variance of the difference is 0")
NO_VARIANCE_WARNING = "DeLong's variance of the difference is 0: no confidence interval is offered."


@dataclass(frozen=True, slots=True)
class UnpairedAucResult(Result):
    """Difference ``auc_a - auc_b`` of two curves on different cases, with its t test and interval."""

    method: str
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    t: Estimate
    df: Estimate
    p: Estimate
    n_positive_a: int
    n_negative_a: int
    n_positive_b: int
    n_negative_b: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EqualAreasTest(Result):
    """Chi-square test that all areas are equal; ``names`` and ``aucs`` in one order."""

    method: str
    names: tuple[str, ...]
    aucs: tuple[Estimate, ...]
    chi_square: Estimate
    df: int
    p: Estimate
    n_positive: tuple[int, ...]
    n_negative: tuple[int, ...]
    warnings: tuple[str, ...]


def delong_unpaired(
    truth_a: Sequence[bool],
    scores_a: Sequence[float],
    truth_b: Sequence[bool],
    scores_b: Sequence[float],
    *,
    level: float = 0.95,
) -> UnpairedAucResult:
    """Test of two curves drawn from different cases; the difference is a minus b.

    Areas that agree with variance 0 give t = 0 and p = 1 without interval; areas that differ with
    variance 0 leave t undefined. Parameters and errors as for :func:`backend.analysis.roc.delong`.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845; pROC 1.18.0, ``roc.test(...,
    method = "delong", paired = FALSE)``.
    """
    check_level(level)
    a, b = placements(truth_a, scores_a, "scores_a"), placements(truth_b, scores_b, "scores_b")
    counts = (a.n_positive, a.n_negative, b.n_positive, b.n_negative)
    method = "delong_unpaired"
    if missing := a.missing_class() or b.missing_class():
        areas = (a.missing_class() or a.auc(), b.missing_class() or b.auc())
        return UnpairedAucResult(method, *areas, *(missing,) * 6, *counts, ())
    auc_a, auc_b = a.auc(), b.auc()
    difference = auc_a - auc_b
    if single := a.single_case() or b.single_case():
        return UnpairedAucResult(method, auc_a, auc_b, difference, *(single,) * 5, *counts, ())
    variance_a, variance_b = delong_covariance_of(a, a), delong_covariance_of(b, b)
    se = math.sqrt(variance_a + variance_b)
    if se == 0.0:
        t, p = (0.0, 1.0) if difference == 0.0 else (NO_VARIANCE, NO_VARIANCE)
        return UnpairedAucResult(
            method,
            auc_a,
            auc_b,
            difference,
            se,
            NO_VARIANCE,
            t,
            NO_VARIANCE,
            p,
            *counts,
            (NO_VARIANCE_WARNING,),
        )
    df = welch_df(variance_a, counts[0] + counts[1], variance_b, counts[2] + counts[3])
    margin = t_quantile(level, df) * se
    ci = Interval(max(-1.0, difference - margin), min(1.0, difference + margin), level)
    t = difference / se
    p = two_sided_t_p(t, df)
    return UnpairedAucResult(method, auc_a, auc_b, difference, se, ci, t, df, p, *counts, ())


def welch_df(variance_a: float, n_a: int, variance_b: float, n_b: int) -> float:
    """Welch's degrees of freedom of a difference of two independent estimates from n_a and n_b cases."""
    scale = max(variance_a, variance_b)
    share_a, share_b = variance_a / scale, variance_b / scale
    return (share_a + share_b) ** 2 / (share_a**2 / (n_a - 1) + share_b**2 / (n_b - 1))


def equal_areas_paired(truth: Sequence[bool], curves: Mapping[str, Sequence[float]]) -> EqualAreasTest:
    """DeLong's chi-square test that k curves drawn from the same cases have one area.

    Identical curves do not count: the degrees of freedom are the rank of the covariance of the contrasts,
    and a difference in a direction without variance leaves the test undefined. Parameters and errors as
    for :func:`backend.analysis.roc.delong_covariance`; ``too_few_curves`` for fewer than two.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845, equation 5.
    """
    _check_count(len(curves))
    names = tuple(sorted(curves))
    matrix = delong_covariance(truth, curves)
    if isinstance(matrix, NotEstimable):
        placed = placements(truth, curves[names[0]])
        aucs = tuple(
            one.missing_class() or one.auc() for one in (placements(truth, curves[name]) for name in names)
        )
        counts = (placed.n_positive,) * len(names), (placed.n_negative,) * len(names)
        return EqualAreasTest("delong_k_curves", names, aucs, matrix, len(names) - 1, matrix, *counts, ())
    chi_square, df, p, warnings = wald_equality(np.array(matrix.aucs), np.array(matrix.covariance))
    counts = (matrix.n_positive,) * len(names), (matrix.n_negative,) * len(names)
    return EqualAreasTest("delong_k_curves", names, matrix.aucs, chi_square, df, p, *counts, warnings)


def equal_areas_unpaired(samples: Mapping[str, tuple[Sequence[bool], Sequence[float]]]) -> EqualAreasTest:
    """Chi-square test that the areas of k curves, each on cases of its own, are equal.

    Parameters
    ----------
    samples
        Name of each curve to its truth and scores.

    Raises
    ------
    AnalysisError
        ``too_few_curves`` for fewer than two; a bad row is named with its curve.
    """
    _check_count(len(samples))
    names = tuple(sorted(samples))
    placed = [placements(*samples[name], f"scores of {name}") for name in names]
    aucs = tuple(one.missing_class() or one.auc() for one in placed)
    counts = tuple(one.n_positive for one in placed), tuple(one.n_negative for one in placed)
    for name, one in zip(names, placed, strict=True):
        if reason := one.missing_class() or one.single_case():
            undefined = NotEstimable(f"{name}: {reason.reason}")
            return EqualAreasTest(
                "delong_k_samples", names, aucs, undefined, len(names) - 1, undefined, *counts, ()
            )
    covariance = np.diag([delong_covariance_of(one, one) for one in placed])
    areas = np.array([one.auc() for one in placed])
    chi_square, df, p, warnings = wald_equality(areas, covariance)
    return EqualAreasTest("delong_k_samples", names, aucs, chi_square, df, p, *counts, warnings)


def wald_equality(
    estimates: np.ndarray[tuple[int], np.dtype[np.float64]],
    covariance: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> tuple[Estimate, int, Estimate, tuple[str, ...]]:
    """Wald's chi-square that k estimates, shape (k,), are equal: statistic, df, p, warnings.

    The contrasts are orthonormal to (1, ..., 1), so that no estimate is singled out. Directions whose
    variance is 0 (below 1e-12 of the largest variance of an estimate) carry no information: a difference
    of 0 in them takes its degree of freedom away, another difference leaves the test undefined.
    """
    k = estimates.size
    contrasts = np.linalg.qr(np.vstack([np.ones(k), np.eye(k)[:-1]]).T)[0][:, 1:].T
    differences = contrasts @ estimates
    variances, directions = np.linalg.eigh(contrasts @ covariance @ contrasts.T)
    projected = directions.T @ differences
    used = variances > 1e-12 * max(float(np.diag(covariance).max()), 1e-300)
    if np.any(np.abs(projected[~used]) > 1e-9):
        return NO_VARIANCE, k - 1, NO_VARIANCE, (NO_VARIANCE_WARNING,)
    df = int(used.sum())
    if df == 0:
        return 0.0, 0, 1.0, (NO_VARIANCE_WARNING,)
    statistic = float(np.sum(projected[used] ** 2 / variances[used]))
    warnings = () if df == k - 1 else ("Some curves are identical: the degrees of freedom are reduced.",)
    return statistic, df, float(chdtrc(df, statistic)), warnings


def _check_count(curves: int) -> None:
    if curves < 2:
        raise AnalysisError("too_few_curves", f"a comparison needs two curves or more, not {curves}")
