"""Apparent performance: what a model's own cases say of it is optimistic, and is told wherever it stands."""

from collections.abc import Iterable

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cohort_names import ALL_CASES
from backend.analysis.pipeline.cohorts import development_cases, fitted_on
from backend.analysis.pipeline.study import Rated, Study

WHOLE, PART = "Apparent performance: ", "Partly apparent performance: "
MADE_ON_THESE = WHOLE + "measured on the cases that the models were made on ({groups}), and optimistic."
MADE_ON_PART = (
    PART
    + "{n_own} of the {n} cases are those that the models were made on ({groups}), so the result is optimistic."
)
JUDGED_APART = " The other cohorts are judged apart."


def apparent_warnings(study: Study, cases: Iterable[str]) -> tuple[str, ...]:
    """Whether a result of the models on these cases is apparent, wholly or in part.

    Where the plan does not say on which cases they were made, nothing is told here. Nor is it where the plan names an
    unknown cohort: the results that need the cohort are refused with that reason.
    """
    try:
        own, others = development_cases(study), fitted_on(study).others
    except AnalysisError:
        return ()
    used = set(cases)
    n_own = len(used & own)
    groups = ALL_CASES if own >= set(study.study.truth) else ", ".join(study.plan.development)
    if not n_own:
        return ()
    if n_own == len(used):
        return (MADE_ON_THESE.format(groups=groups),)
    told = MADE_ON_PART.format(n_own=n_own, n=len(used), groups=groups)
    return (f"{told}{JUDGED_APART if others else ''}",)


def apparent_of(study: Study, rated: Iterable[Rated], cases: Iterable[str]) -> tuple[str, ...]:
    """The same of curves: what has no model among them is never apparent."""
    has_model = any(one.curve.kind == "model" for one in rated)
    return apparent_warnings(study, cases) if has_model else ()


def is_apparent(warnings: Iterable[str]) -> bool:
    """Whether these warnings of a result say that it is apparent, wholly or in part."""
    return any(text.startswith((WHOLE, PART)) for text in warnings)
