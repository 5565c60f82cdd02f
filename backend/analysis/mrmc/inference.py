"""Tests and intervals from a variance and its degrees of freedom; what is undefined says why."""

import math
from dataclasses import dataclass

from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.results import Interval, Result, two_sided_p

NO_SPREAD = NotEstimable(
    "the error term is 0: readers and cases show no variation to judge the difference by"
)
ENDLESS = NotEstimable("the readers' mean square is 0: the degrees of freedom are infinite")


@dataclass(frozen=True, slots=True)
class OverallTest(Result):
    """Test that all modalities have the same mean: F with df1 and df2, or chi-square with df1 (``df2`` is None)."""

    distribution: str
    statistic: Estimate
    df1: int
    df2: Estimate | None
    p: Estimate
    ms_modality: Estimate
    error_term: Estimate


@dataclass(frozen=True, slots=True)
class ModalityDifference(Result):
    """Mean of modality a minus mean of modality b; ``df`` is None where the normal distribution is used."""

    modality_a: str
    modality_b: str
    difference: Estimate
    se: Estimate
    df: Estimate | None
    statistic: Estimate
    p: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class ModalityMean(Result):
    """Mean figure of one modality over its readers, from the data of that modality alone."""

    modality: str
    mean: Estimate
    se: Estimate
    df: Estimate | None
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class Analysis(Result):
    """One of the three analyses: what it generalizes to, the overall test, all pairs, each modality alone."""

    generalizes_to: str
    test: OverallTest | NotEstimable
    differences: tuple[ModalityDifference, ...]
    means: tuple[ModalityMean, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A variance as it is used: the variance, and its degrees of freedom (None for the normal distribution)."""

    variance: Estimate
    df: Estimate | None


def satterthwaite(reader_part: float, case_part: float, df: int) -> Spread:
    """Hillis's degrees of freedom: the reader part has ``df``, the case part counts as known."""
    if reader_part + case_part <= 0.0:
        return Spread(NO_SPREAD, NO_SPREAD)
    if reader_part == 0.0:
        return Spread(case_part, ENDLESS)
    variance = reader_part + case_part
    return Spread(variance, variance**2 / (reader_part**2 / df))


def f_test(ms_modality: Estimate, error: Spread, df1: int) -> OverallTest:
    """F = MS(T) / error term."""
    if none := undefined(ms_modality, error.variance) or (
        error.df if isinstance(error.df, NotEstimable) else None
    ):
        return OverallTest("F", none, df1, error.df, none, ms_modality, error.variance)
    statistic = number(ms_modality) / number(error.variance)
    assert error.df is not None  # noqa: S101
    p = float(fdtrc(df1, number(error.df), statistic))
    return OverallTest("F", statistic, df1, error.df, p, ms_modality, error.variance)


def chi_square_test(ms_modality: Estimate, error: Estimate, df1: int) -> OverallTest:
    """X2 = (t-1) MS(T) / error term."""
    if none := undefined(ms_modality, error):
        return OverallTest("chi-square", none, df1, None, none, ms_modality, error)
    statistic = df1 * number(ms_modality) / number(error)
    return OverallTest("chi-square", statistic, df1, None, float(chdtrc(df1, statistic)), ms_modality, error)


def difference(
    modality_a: str, modality_b: str, estimate: float, spread: Spread, *, level: float, width: float
) -> ModalityDifference:
    """t or z test of a difference that lies between -width and width."""
    se, statistic, p, ci = t_or_z(estimate, spread, level=level, low=-width, high=width)
    return ModalityDifference(modality_a, modality_b, estimate, se, spread.df, statistic, p, ci)


def mean(
    modality: str, estimate: float, spread: Spread, *, level: float, bounds: tuple[float, float]
) -> ModalityMean:
    """Interval of a modality's mean, clipped to the range of the figure."""
    se, _, _, ci = t_or_z(estimate, spread, level=level, low=bounds[0], high=bounds[1])
    return ModalityMean(modality, estimate, se, spread.df, ci)


def t_or_z(
    estimate: float, spread: Spread, *, level: float, low: float, high: float
) -> tuple[Estimate, Estimate, Estimate, Interval | NotEstimable]:
    """Standard error, t or z, two-sided p and the interval clipped to [low, high]."""
    if none := undefined(spread.variance):
        return none, none, none, none
    se = math.sqrt(number(spread.variance))
    if isinstance(spread.df, NotEstimable):
        return se, spread.df, spread.df, spread.df
    statistic = estimate / se
    margin = quantile(0.5 + level / 2.0, spread.df) * se
    ci = Interval(max(low, estimate - margin), min(high, estimate + margin), level)
    return se, statistic, tail(statistic, spread.df), ci


def quantile(probability: float, df: float | None) -> float:
    """Quantile of Student's t, or of the normal distribution without degrees of freedom."""
    return float(ndtri(probability)) if df is None else float(stdtrit(df, probability))


def tail(statistic: float, df: float | None) -> float:
    """Two-sided p-value of t, or of z without degrees of freedom; accurate far into the tail."""
    return two_sided_p(statistic) if df is None else float(2.0 * stdtr(df, -abs(statistic)))


def upper_tail(statistic: float, df: float | None) -> float:
    """One-sided p-value P(T > statistic) of t, or of z without degrees of freedom."""
    return float(ndtr(-statistic)) if df is None else float(stdtr(df, -statistic))
