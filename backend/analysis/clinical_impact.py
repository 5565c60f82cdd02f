"""Clinical impact curve and ROC components: what a threshold would mean in a population.

The conventions of ``rmda::plot_clinical_impact`` and ``plot_roc_components``, except that a case is called
high risk when its predicted probability is at or above the threshold (``rmda``: above it), as everywhere in
this package. All of these are plain proportions, so their intervals are exact and need no bootstrap.

References
----------
Kerr KF, Brown MD, Zhu K, Janes H. Assessing the clinical impact of risk prediction models with decision
curves. J Clin Oncol 2016;34:2534-2540.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from backend.analysis.decision_curve import DEFAULT_THRESHOLDS
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.model_inputs import check_outcomes, check_probabilities, check_thresholds, one_class
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level


@dataclass(frozen=True, slots=True)
class ClinicalImpactPoint(Result):
    """One threshold; the shares are of all cases, ``odds`` is threshold / (1 - threshold), harm to benefit.

    ``high_risk_number`` and ``true_high_risk_number`` are the shares scaled to the population.
    """

    threshold: float
    odds: float
    high_risk: Proportion
    true_high_risk: Proportion
    high_risk_number: float
    high_risk_number_ci: Interval | NotEstimable
    true_high_risk_number: float
    true_high_risk_number_ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class ClinicalImpact(Result):
    """Of ``population`` cases: how many are called high risk, and how many of those have the outcome."""

    method: str
    points: tuple[ClinicalImpactPoint, ...]
    population: int
    level: float
    n: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RocComponentsPoint(Result):
    """Sensitivity and false-positive rate at one threshold."""

    threshold: float
    sensitivity: Proportion
    false_positive_rate: Proportion


@dataclass(frozen=True, slots=True)
class RocComponents(Result):
    """Sensitivity and false-positive rate against the threshold probability."""

    method: str
    points: tuple[RocComponentsPoint, ...]
    level: float
    n: int
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    thresholds: tuple[float, ...]
    true: tuple[int, ...]
    false: tuple[int, ...]
    n_positive: int
    n_negative: int
    undefined: NotEstimable | None


def clinical_impact(
    truth: Sequence[bool],
    probabilities: Sequence[float],
    *,
    thresholds: Sequence[float] = DEFAULT_THRESHOLDS,
    population: int = 1000,
    level: float = 0.95,
) -> ClinicalImpact:
    """The clinical impact curve of a model.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome; a cohort, so that its prevalence means something.
    probabilities
        Shape (n,), predicted, in [0, 1].
    thresholds
        Threshold probabilities, rising, in [0, 1).
    population
        To how many cases the shares are scaled.

    Raises
    ------
    AnalysisError
        Invalid outcomes, probabilities, thresholds, level or population.
    """
    if population < 1:
        raise AnalysisError("population_invalid", f"a population of {population} has no cases")
    counts = _counts(truth, probabilities, thresholds, level)
    n = counts.n_positive + counts.n_negative
    points = []
    for threshold, true, false in zip(counts.thresholds, counts.true, counts.false, strict=True):
        high, right = proportion(true + false, n, level=level), proportion(true, n, level=level)
        points.append(
            ClinicalImpactPoint(
                threshold,
                threshold / (1.0 - threshold),
                high,
                right,
                population * (true + false) / n,
                _scaled(high, population),
                population * true / n,
                _scaled(right, population),
            )
        )
    tail = (tuple(points), population, level, n, counts.n_positive, counts.n_negative)
    return ClinicalImpact("clinical_impact", *tail, _one_class_warning(counts))


def roc_components(
    truth: Sequence[bool],
    probabilities: Sequence[float],
    *,
    thresholds: Sequence[float] = DEFAULT_THRESHOLDS,
    level: float = 0.95,
) -> RocComponents:
    """Sensitivity and false-positive rate at each threshold; input as for :func:`clinical_impact`."""
    counts = _counts(truth, probabilities, thresholds, level)
    points = tuple(
        RocComponentsPoint(
            threshold,
            proportion(true, counts.n_positive, level=level, of_what="positive case"),
            proportion(false, counts.n_negative, level=level, of_what="negative case"),
        )
        for threshold, true, false in zip(counts.thresholds, counts.true, counts.false, strict=True)
    )
    n = counts.n_positive + counts.n_negative
    tail = (points, level, n, counts.n_positive, counts.n_negative)
    return RocComponents("roc_components", *tail, _one_class_warning(counts))


def odds_text(threshold: float) -> str:
    """The harm-to-benefit ratio of a threshold in (0, 1) as a reader knows it: ``1:4`` at 0.2."""
    if not 0.0 < threshold < 1.0:
        raise AnalysisError("thresholds_invalid", f"the odds of threshold {threshold} are 0 or infinite")
    share = Fraction(threshold).limit_denominator(1000)
    share = min(max(share, Fraction(1, 1000)), Fraction(999, 1000))
    return f"{share.numerator}:{share.denominator - share.numerator}"


def _counts(
    truth: Sequence[bool], probabilities: Sequence[float], thresholds: Sequence[float], level: float
) -> _Counts:
    check_level(level)
    outcome = check_outcomes(truth)
    predicted = check_probabilities(probabilities, "probabilities", n=len(outcome))
    at = check_thresholds(thresholds)
    calls = predicted[:, None] >= at[None, :]
    return _Counts(
        tuple(at.tolist()),
        tuple(calls[outcome].sum(axis=0).tolist()),
        tuple(calls[~outcome].sum(axis=0).tolist()),
        int(outcome.sum()),
        int((~outcome).sum()),
        one_class(outcome),
    )


def _scaled(share: Proportion, population: int) -> Interval | NotEstimable:
    """The Wilson interval of the share, as a number of cases."""
    if isinstance(share.wilson, NotEstimable):
        return share.wilson
    return Interval(share.wilson.low * population, share.wilson.high * population, share.wilson.level)


def _one_class_warning(counts: _Counts) -> tuple[str, ...]:
    return () if counts.undefined is None else (f"{counts.undefined.reason.capitalize()}.",)
