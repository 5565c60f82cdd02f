"""Groups of cases by predicted probability, and the Hosmer-Lemeshow test on them.

The groups are those of ``ResourceSelection::hoslem.test``: cut points are the quantiles of the predicted
probabilities of type 7, groups are open below and closed above, the lowest takes its lower end; equal cut
points are one, so that ties leave fewer groups, and the degrees of freedom count the groups that remain.
Where two cut points fall between the same two predictions the group between them is empty: R then answers
NaN, here the empty group is left out like the equal ones.

References
----------
Hosmer DW, Lemeshow S. Goodness of fit tests for the multiple logistic regression model. Commun Stat Theory
Methods 1980;9:1043-1069.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.model_inputs import (
    Booleans,
    Floats,
    check_outcomes,
    check_probabilities,
    one_class,
)
from backend.analysis.results import Result

CAVEAT = (
    "The Hosmer-Lemeshow test depends on the number of groups and on where they are cut, finds little in "
    "small samples and trifles in large ones, and does not say in which direction a model errs. A large "
    "p-value is no evidence of good calibration: judge the calibration curve, the slope and the intercept."
)


@dataclass(frozen=True, slots=True)
class RiskGroup(Result):
    """The cases with predicted probability in (low, high], the lowest group in [low, high]."""

    low: float
    high: float
    n: int
    mean_predicted: float
    events: int
    expected_events: float
    non_events: int
    expected_non_events: float


@dataclass(frozen=True, slots=True)
class HosmerLemeshow(Result):
    """Chi-square over the groups; ``caveat`` belongs beside the p-value wherever that is shown."""

    method: str
    chi2: Estimate
    df: int
    p: Estimate
    groups: tuple[RiskGroup, ...]
    groups_asked: int
    is_external: bool
    n: int
    n_positive: int
    n_negative: int
    caveat: str
    warnings: tuple[str, ...]


def hosmer_lemeshow(
    truth: Sequence[bool], probabilities: Sequence[float], *, groups: int = 10, is_external: bool = False
) -> HosmerLemeshow:
    """The Hosmer-Lemeshow goodness-of-fit test.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    probabilities
        Shape (n,), predicted, in [0, 1].
    groups
        How many groups to cut, at least 2.
    is_external
        Whether the model was made on other cases than these: then the degrees of freedom are the number
        of groups, otherwise two fewer.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``lengths_differ``, ``not_boolean``, ``not_finite``, ``probability_out_of_range`` or
        ``groups_too_few``.
    """
    outcome = check_outcomes(truth)
    predicted = check_probabilities(probabilities, "probabilities", n=len(outcome))
    found = risk_groups(outcome, predicted, groups=groups)
    df = len(found) if is_external else len(found) - 2
    chi2: Estimate = one_class(outcome) or _chi2(found, df)
    p = chi2 if isinstance(chi2, NotEstimable) else float(chdtrc(df, chi2))
    fewer = (
        f"The predicted probabilities allow {len(found)} of the {groups} groups asked for: many are equal."
    )
    positive = int(outcome.sum())
    return HosmerLemeshow(
        method="hosmer_lemeshow",
        chi2=chi2,
        df=max(df, 0),
        p=p,
        groups=found,
        groups_asked=groups,
        is_external=is_external,
        n=len(outcome),
        n_positive=positive,
        n_negative=len(outcome) - positive,
        caveat=CAVEAT,
        warnings=(fewer,) if len(found) < groups else (),
    )


def risk_groups(outcome: Booleans, predicted: Floats, *, groups: int) -> tuple[RiskGroup, ...]:
    """The cases cut into groups at the quantiles of their predicted probability, from low to high.

    Parameters
    ----------
    outcome, predicted
        Shape (n,), n >= 1; valid.
    groups
        How many to cut; fewer come back where predicted probabilities are equal.
    """
    if groups < 2:
        raise AnalysisError("groups_too_few", f"the number of groups must be at least 2, not {groups}")
    order = np.lexsort((outcome, predicted))
    predicted, outcome = predicted[order], outcome[order]
    cuts = sorted({_quantile(predicted, step, groups) for step in range(groups + 1)})
    if len(cuts) == 1:
        return (_group(cuts[0], cuts[0], outcome, predicted),)
    ends = np.searchsorted(predicted, cuts[1:], side="right").tolist()
    found = []
    for low, high, start, end in zip(cuts[:-1], cuts[1:], [0, *ends[:-1]], ends, strict=True):
        if end > start:
            found.append(_group(low, high, outcome[start:end], predicted[start:end]))
    return tuple(found)


def _quantile(rising: Floats, step: int, steps: int) -> float:
    """Quantile ``step / steps`` of type 7; whole-number positions are met exactly."""
    position, rest = divmod(step * (len(rising) - 1), steps)
    low = float(rising[position])
    if rest == 0 or rising[position + 1] == low:
        return low
    share = rest / steps
    return (1.0 - share) * low + share * float(rising[position + 1])


def _group(low: float, high: float, outcome: Booleans, predicted: Floats) -> RiskGroup:
    n, events = len(outcome), int(outcome.sum())
    expected = math.fsum(predicted.tolist())
    expected_none = math.fsum((1.0 - predicted).tolist())
    return RiskGroup(low, high, n, expected / n, events, expected, n - events, expected_none)


def _chi2(groups: tuple[RiskGroup, ...], df: int) -> Estimate:
    if df < 1:
        return NotEstimable(f"{len(groups)} groups leave no degree of freedom")
    terms = []
    for number, group in enumerate(groups, start=1):
        for seen, expected in (
            (group.events, group.expected_events),
            (group.non_events, group.expected_non_events),
        ):
            if expected == 0.0:
                return NotEstimable(f"group {number} is expected to hold none of one outcome")
            terms.append((seen - expected) ** 2 / expected)
    return math.fsum(terms)
