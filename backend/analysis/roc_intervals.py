"""DeLong's interval of an AUC on the plain and on the logit scale, side by side.

Wald's interval on the plain scale is what pROC prints; it is symmetric and must be clipped near 1. The
interval on the logit scale, ``expit(logit(A) +- z se / (A (1 - A)))``, stays within (0, 1) and covers
better for high areas and small samples (Pepe 2003, section 5.2; Qin and Hotilovac 2008), so it is offered
beside it. Neither exists when DeLong's variance is 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from scipy.special import expit, logit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_quantile
from backend.analysis.roc import AucResult, delong

Scale: TypeAlias = Literal["plain", "logit"]


@dataclass(frozen=True, slots=True)
class AucIntervals(Result):
    """Area, DeLong's standard error, and the interval on both scales."""

    method: str
    auc: Estimate
    se: Estimate
    plain: Interval | NotEstimable
    logit: Interval | NotEstimable
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def logit_interval(auc: float, se: float, *, level: float = 0.95) -> Interval | NotEstimable:
    """The interval of an area built on the log-odds scale by the delta method.

    Not estimable for an area of 0 or 1 or a standard error of 0.
    """
    check_level(level)
    if not 0.0 < auc < 1.0:
        return NotEstimable("the log-odds of an area of 0 or 1 are infinite")
    if se <= 0.0:
        return NotEstimable("the standard error is 0")
    margin = normal_quantile(level) * se / (auc * (1.0 - auc))
    center = float(logit(auc))
    return Interval(float(expit(center - margin)), float(expit(center + margin)), level)


def auc_intervals(truth: Sequence[bool], scores: Sequence[float], *, level: float = 0.95) -> AucIntervals:
    """The empirical area with DeLong's interval on both scales.

    Parameters and errors as for :func:`backend.analysis.roc.delong`.
    """
    plain = delong(truth, scores, level=level)
    return AucIntervals(
        "auc_delong_scales",
        plain.auc,
        plain.se,
        plain.ci,
        _on_logit_scale(plain, level),
        plain.n_positive,
        plain.n_negative,
        plain.warnings,
    )


def delong_ci(
    truth: Sequence[bool], scores: Sequence[float], *, scale: Scale = "plain", level: float = 0.95
) -> AucResult:
    """The empirical area with DeLong's interval on the scale asked for.

    Raises
    ------
    AnalysisError
        As for :func:`backend.analysis.roc.delong`; ``unknown_scale`` for another scale.
    """
    plain = delong(truth, scores, level=level)
    if scale == "plain":
        return plain
    if scale != "logit":
        raise AnalysisError("unknown_scale", f"the scale is 'plain' or 'logit', not {scale!r}")
    return AucResult(
        "auc_delong_logit",
        plain.auc,
        plain.variance,
        plain.se,
        _on_logit_scale(plain, level),
        plain.n_positive,
        plain.n_negative,
        plain.warnings,
    )


def _on_logit_scale(plain: AucResult, level: float) -> Interval | NotEstimable:
    if isinstance(plain.ci, NotEstimable):
        return plain.ci
    if isinstance(plain.auc, NotEstimable) or isinstance(plain.se, NotEstimable):
        return NotEstimable("there is no area or no standard error")
    return logit_interval(plain.auc, plain.se, level=level)
