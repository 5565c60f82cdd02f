"""Univariate Cox models, and the multivariate model of those that pass a stated P threshold or are clinical.

A covariate enters when its univariate P is below the threshold, or when it was declared clinically relevant
beforehand. The P of a category is that of all its levels together. Selecting by P makes the multivariate P
values and intervals optimistic; the result says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Result, check_level
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import CoxModel, cox
from backend.analysis.survival.outcomes import Outcomes

ScreenTest: TypeAlias = Literal["wald", "likelihood_ratio"]
SELECTED = (
    "Covariates were chosen by their univariate P on these same data: P values and intervals of the "
    "multivariate model do not account for that choice."
)
NONE_ENTERED = NotEstimable("no covariate passed the threshold and none was declared clinically relevant")


@dataclass(frozen=True, slots=True)
class UnivariateCox(Result):
    """One covariate alone: its model, the P that decided, and why it entered or did not."""

    covariate: str
    model: CoxModel | NotEstimable
    p: Estimate
    entered: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CoxScreen(Result):
    """All univariate models, and the multivariate one of the covariates that entered, on their complete
    cases."""

    method: str
    test: ScreenTest
    threshold: float
    univariate: tuple[UnivariateCox, ...]
    entered: tuple[str, ...]
    multivariate: CoxModel | NotEstimable
    warnings: tuple[str, ...]


def cox_screen(
    known: Outcomes,
    covariates: Sequence[Covariate],
    *,
    threshold: float = 0.10,
    test: ScreenTest = "wald",
    level: float = 0.95,
) -> CoxScreen:
    """Univariate models of each covariate on its own complete cases, then the multivariate model.

    Parameters
    ----------
    threshold
        A univariate P strictly below it lets a covariate enter.
    test
        ``"wald"`` (the P that stands beside the hazard ratio; joint for a category) or
        ``"likelihood_ratio"``. Where a separated covariate has no Wald P, its likelihood-ratio P decides.

    Raises
    ------
    AnalysisError
        ``threshold_out_of_range``, ``unknown_test``, and those of :func:`~backend.analysis.survival.cox.cox`.
    """
    check_level(level)
    if not 0.0 < threshold <= 1.0:
        raise AnalysisError(
            "threshold_out_of_range", f"the P threshold must lie above 0 and at most at 1, not {threshold}"
        )
    if test not in ("wald", "likelihood_ratio"):
        raise AnalysisError("unknown_test", f"the screen's test is wald or likelihood_ratio, not {test!r}")
    univariate = tuple(_univariate(known, item, threshold, test, level) for item in covariates)
    entered = [item for item, alone in zip(covariates, univariate, strict=True) if alone.entered]
    multivariate = cox(known, entered, level=level) if entered else NONE_ENTERED
    by_p = [alone for alone in univariate if alone.entered and alone.reason != CLINICAL]
    warnings = (SELECTED,) if by_p else ()
    names = tuple(item.name for item in entered)
    return CoxScreen("cox_screen", test, threshold, univariate, names, multivariate, warnings)


CLINICAL = "clinically relevant"


def _univariate(
    known: Outcomes, item: Covariate, threshold: float, test: ScreenTest, level: float
) -> UnivariateCox:
    model = cox(known, [item], level=level)
    if isinstance(model, NotEstimable):
        return UnivariateCox(
            item.name, model, model, entered=False, reason=f"no univariate model: {model.reason}"
        )
    used, p = ("Wald", model.wald.p) if test == "wald" else ("likelihood-ratio", model.likelihood_ratio.p)
    if isinstance(p, NotEstimable):
        used, p = "likelihood-ratio", model.likelihood_ratio.p
    if not isinstance(p, NotEstimable) and p < threshold:
        return UnivariateCox(
            item.name, model, p, entered=True, reason=f"univariate {used} P below {threshold:g}"
        )
    if item.clinical:
        return UnivariateCox(item.name, model, p, entered=True, reason=CLINICAL)
    return UnivariateCox(
        item.name, model, p, entered=False, reason=f"univariate {used} P at or above {threshold:g}"
    )
