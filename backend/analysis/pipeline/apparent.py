"""Apparent performance: what a model's own cases say of it is optimistic, and is told wherever it stands."""

from collections.abc import Iterable

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cohort_names import ALL_CASES
from backend.analysis.pipeline.cohorts import development_cases
from backend.analysis.pipeline.study import Rated, Study

MADE_ON_THESE = (
    "Apparent performance: measured on the cases that the models were made on ({groups}), and optimistic."
)
MADE_ON_PART = (
    "Partly apparent performance: {n_own} of the {n} cases are those that the models were made on ({groups}), so the "
    "result is optimistic; the other cohorts are judged apart."
)


def apparent_warnings(study: Study, cases: Iterable[str]) -> tuple[str, ...]:
    """Whether a result of the models on these cases is apparent, wholly or in part.

    Where the plan does not say on which cases they were made, nothing is told here. Nor is it where the plan names an
    unknown cohort: the results that need the cohort are refused with that reason.
    """
    try:
        own = development_cases(study)
    except AnalysisError:
        return ()
    used = set(cases)
    n_own = len(used & own)
    groups = ALL_CASES if own >= set(study.study.truth) else ", ".join(study.plan.development)
    if not n_own:
        return ()
    if n_own == len(used):
        return (MADE_ON_THESE.format(groups=groups),)
    return (MADE_ON_PART.format(n_own=n_own, n=len(used), groups=groups),)


def apparent_of(study: Study, rated: Iterable[Rated], cases: Iterable[str]) -> tuple[str, ...]:
    """The same of curves: what has no model among them is never apparent."""
    has_model = any(one.curve.kind == "model" for one in rated)
    return apparent_warnings(study, cases) if has_model else ()
