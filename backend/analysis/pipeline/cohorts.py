"""The cohorts of the plan: on which cases regressions are fitted, and results repeated in each cohort."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase

ALL_CASES = "all cases"
ON_ALL = "Fitted on all cases: the plan names no development cases."
ON_ALL_DECLARED = "Fitted on all cases, which the plan names as the development cases."
ON_DEVELOPMENT = (
    "Fitted on the development cases alone ({label}); the other cohorts have no part in the fit, which is validated "
    "on them."
)
ON_DEVELOPMENT_ONLY = (
    "Fitted on the development cases alone ({label}): there is no other cohort to validate the fit on."
)
APPARENT = "Measured on the cases that the model was fitted on: optimistic."


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where regressions are fitted.

    Attributes
    ----------
    label
        The development cohorts, or ``all cases``.
    cases
        The cases of the dataset that may enter a fit.
    others
        The cases of each other cohort: none where all cases are fitted.
    told
        The sentence that says so.
    """

    label: str
    cases: frozenset[str]
    others: Mapping[str, frozenset[str]]
    told: str


def by_cohort(study: Study, cases: Sequence[str]) -> dict[str, list[str]]:
    """All cases first, then those of each cohort where there are two cohorts at least."""
    groups = {ALL_CASES: list(cases)}
    if study.plan.cohort in study.columns():
        labels = study.groups(study.plan.cohort)
        for label in sorted({label for case in cases if (label := labels.get(case)) is not None}):
            groups[label] = [case for case in cases if labels.get(case) == label]
    return groups if len(groups) > 2 else {ALL_CASES: list(cases)}


def in_key(group: str) -> str:
    """The end of an item's key: nothing for all cases."""
    return "" if group == ALL_CASES else f"/{group}"


def in_title(group: str) -> str:
    """What follows in an item's title: nothing for all cases."""
    return "" if group == ALL_CASES else f", {group}"


def check_development(study: Study) -> None:
    """Refuse a development group that is none of the cohort column's (``unknown_group``)."""
    known = (
        {label for label in study.groups(study.plan.cohort).values() if label} if study.plan.cohort else set()
    )
    for group in study.plan.development:
        if group not in known | {ALL_CASES}:
            raise AnalysisError(
                "unknown_group", f"study.json names {group} in development, no group of the cohort"
            )


def development_cases(study: Study) -> frozenset[str]:
    """The cases that the plan says the models were made on; none where it does not say.

    Raises
    ------
    AnalysisError
        ``unknown_group``, ``unknown_column``.
    """
    check_development(study)
    made_here = study.plan.development
    if not made_here or ALL_CASES in made_here:
        return frozenset(study.study.truth if made_here else ())
    return frozenset(case for case, one in study.groups(study.plan.cohort).items() if one in made_here)


def dropped_in(study: Study, dropped: Sequence[DroppedCase], group: str) -> tuple[DroppedCase, ...]:
    """Those of the dropped cases that belong to a group of :func:`by_cohort`."""
    if group == ALL_CASES:
        return tuple(dropped)
    labels = study.groups(study.plan.cohort)
    return tuple(one for one in dropped if labels.get(one.case) == group)


def fitted_on(study: Study) -> Fitted:
    """The development cases where the plan names cohorts as such; all cases too where it names every cohort.

    Raises
    ------
    AnalysisError
        ``unknown_group``, ``unknown_column``.
    """
    everyone, own = frozenset(study.study.truth), development_cases(study)
    made_here = study.plan.development
    if not made_here or own == everyone:
        return Fitted(ALL_CASES, everyone, {}, ON_ALL_DECLARED if made_here else ON_ALL)
    labels = study.groups(study.plan.cohort)
    label = " and ".join(made_here)
    others = sorted({one for one in labels.values() if one is not None} - set(made_here))
    return Fitted(
        label,
        own,
        {other: frozenset(case for case, one in labels.items() if one == other) for other in others},
        (ON_DEVELOPMENT if others else ON_DEVELOPMENT_ONLY).format(label=label),
    )


def dropped_for(study: Study, cases: Iterable[str], names: Iterable[str]) -> tuple[DroppedCase, ...]:
    """The cases that lack one of the columns, with the columns that they lack."""
    columns = {name: study.column(name) for name in names}
    found = []
    for case in sorted(cases):
        lacking = [f"no {name}" for name, values in columns.items() if values.get(case) is None]
        if lacking:
            found.append(DroppedCase(case, "; ".join(lacking)))
    return tuple(found)
