"""Superiority and non-inferiority of one modality to another, from an Obuchowski-Rockette analysis.

Both are one-sided questions about modality a against modality b, whose difference is a minus b and a higher figure
better. Non-inferior with margin M: a is not worse by M or more, the null hypothesis being difference <= -M. Superior:
the null hypothesis being difference <= 0. Each is tested at half of 1 - level, so that it is shown exactly where the
lower bound of the interval lies above -M, or above 0. Superiority after non-inferiority needs no correction: the two
hypotheses are nested.

References
----------
Obuchowski NA. AJR Am J Roentgenol 1997;168:13-17. Chen W, Petrick NA, Sahiner B. Acad Radiol 2012;19:1158-1165.
"""

import math
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.mrmc.inference import Analysis, ModalityDifference, upper_tail
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.results import Interval, Result

ANALYSES = ("random_readers_random_cases", "fixed_readers", "fixed_cases")


@dataclass(frozen=True, slots=True)
class MarginTest(Result):
    """One pair under one generalization; ``df`` is None where the normal distribution is used.

    ``conclusion`` names the side: which modality is superior, or non-inferior, to which.
    """

    generalizes_to: str
    modality_a: str
    modality_b: str
    difference: Estimate
    se: Estimate
    df: Estimate | None
    ci: Interval | NotEstimable
    p_noninferior: Estimate
    is_noninferior: bool | None
    p_superior: Estimate
    is_superior: bool | None
    conclusion: str


@dataclass(frozen=True, slots=True)
class MarginTests(Result):
    """All pairs of modalities under the three generalizations; P values are one-sided."""

    method: str
    figure: str
    covariance_method: str
    level: float
    margin: float
    n_positive: int
    n_negative: int
    tests: tuple[MarginTest, ...]
    warnings: tuple[str, ...]


def margin_tests(result: OrResult, *, margin: float) -> MarginTests:
    """Non-inferiority with a margin on the scale of the figure, and superiority, of each pair as the result has it.

    Raises
    ------
    AnalysisError
        ``margin_not_positive``; ``no_difference`` with one modality.
    """
    if not (margin > 0.0 and math.isfinite(margin)):
        raise AnalysisError("margin_not_positive", f"a margin is a positive number, not {margin}")
    tests = []
    for name in ANALYSES:
        analysis: Analysis = getattr(result, name)
        tests += [_test(analysis.generalizes_to, one, margin, result.level) for one in analysis.differences]
    if not tests:
        raise AnalysisError("no_difference", "one modality alone has no difference")
    return MarginTests(
        "mrmc_margin",
        result.figure,
        result.covariance_method,
        result.level,
        margin,
        result.n_positive,
        result.n_negative,
        tuple(tests),
        result.warnings,
    )


def _test(generalizes_to: str, one: ModalityDifference, margin: float, level: float) -> MarginTest:
    a, b = one.modality_a, one.modality_b
    lead = (generalizes_to, a, b, one.difference, one.se, one.df, one.ci)
    if none := undefined(one.difference, one.se, one.statistic):
        return MarginTest(*lead, none, None, none, None, f"{a} against {b}: {none}")
    estimate, se = number(one.difference), number(one.se)
    df = None if one.df is None else number(one.df)
    inferior, superior = upper_tail((estimate + margin) / se, df), upper_tail(estimate / se, df)
    bound = (1.0 - level) / 2.0
    if superior < bound:
        said = f"{a} is superior to {b}"
    elif inferior < bound:
        said = f"{a} is non-inferior to {b}; superiority is not shown"
    else:
        said = f"neither non-inferiority nor superiority of {a} to {b} is shown"
    return MarginTest(*lead, inferior, inferior < bound, superior, superior < bound, said)
