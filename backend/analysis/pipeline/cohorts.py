"""The cohorts of the plan: on which cases regressions are fitted, and results repeated in each cohort."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cohort_names import ALL_CASES, cohort_name
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase

ON_ALL = "Fitted on all cases: the plan names no development cases."
ON_ALL_DECLARED = "Fitted on all cases, which the plan names as the development cases."
ON_DEVELOPMENT = (
    "Fitted on the development cases alone ({label}); the other cohorts have no part in the fit, which is validated "
    "on them."
)
ON_DEVELOPMENT_ONLY = (
    "Fitted on the development cases alone ({label}): there is no other cohort to validate the fit on."
)
WITHOUT_COHORT = (
    " Cases without a cohort ({n}) have no part in the fit or its validation; they are named as left out."
)
AMBIGUOUS = (
    "study.json names {all} in development, and a cohort is called so: write {cohort} for the cohort, or name every "
    "group"
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
    without_cohort
        The cases that are neither, where cohorts are named: it is not known whether a model was made on them.
    told
        The sentence that says so.
    """

    label: str
    cases: frozenset[str]
    others: Mapping[str, frozenset[str]]
    without_cohort: tuple[DroppedCase, ...]
    told: str


def _cohorts(study: Study) -> dict[str, str | None]:
    """Case to the name of its cohort."""
    return study.groups(study.plan.cohort) if study.plan.cohort else dict.fromkeys(study.study.truth)


def by_cohort(study: Study, cases: Sequence[str]) -> dict[str, list[str]]:
    """All cases first, then those of each cohort that is not all of them."""
    groups = {ALL_CASES: list(cases)}
    if study.plan.cohort not in study.columns():
        return groups
    cohorts = _cohorts(study)
    for name in sorted({name for case in cases if (name := cohorts.get(case)) is not None}):
        own = [case for case in cases if cohorts.get(case) == name]
        if len(own) < len(cases):
            groups[name] = own
    return groups


def without_cohort(study: Study) -> tuple[DroppedCase, ...]:
    """The cases that no cohort has."""
    reason = f"no {study.plan.cohort or 'cohort'}"
    return tuple(DroppedCase(case, reason) for case, name in sorted(_cohorts(study).items()) if name is None)


def in_key(group: str) -> str:
    """The end of an item's key: nothing for all cases."""
    return "" if group == ALL_CASES else f"/{group}"


def in_title(group: str) -> str:
    """What follows in an item's title: nothing for all cases."""
    return "" if group == ALL_CASES else f", {group}"


def check_development(study: Study) -> None:
    """Refuse a development group that the cohort column lacks (``unknown_group``) or shares with a word of the plan.

    ``group_ambiguous``: ``all cases`` where a cohort is called so.
    """
    known = {name for name in _cohorts(study).values() if name}
    for group in study.plan.development:
        if group == ALL_CASES and cohort_name(ALL_CASES) in known:
            text = AMBIGUOUS.format(all=repr(ALL_CASES), cohort=repr(cohort_name(ALL_CASES)))
            raise AnalysisError("group_ambiguous", text)
        if group not in known | {ALL_CASES}:
            raise AnalysisError(
                "unknown_group", f"study.json names {group} in development, no group of the cohort"
            )


def development_cases(study: Study) -> frozenset[str]:
    """The cases that the plan says the models were made on; none where it does not say.

    Raises
    ------
    AnalysisError
        ``unknown_group``, ``group_ambiguous``, ``unknown_column``.
    """
    check_development(study)
    made_here = study.plan.development
    if not made_here or ALL_CASES in made_here:
        return frozenset(study.study.truth if made_here else ())
    return frozenset(case for case, one in _cohorts(study).items() if one in made_here)


def dropped_in(study: Study, dropped: Sequence[DroppedCase], group: str) -> tuple[DroppedCase, ...]:
    """Those of the dropped cases that belong to a group of :func:`by_cohort`, and those that belong to none."""
    if group == ALL_CASES:
        return tuple(dropped)
    cohorts = _cohorts(study)
    return (*(one for one in dropped if cohorts.get(one.case) == group), *without_cohort(study))


def fitted_on(study: Study) -> Fitted:
    """The development cases where the plan names cohorts as such; all cases too where these are all there are.

    Raises
    ------
    AnalysisError
        ``unknown_group``, ``group_ambiguous``, ``unknown_column``.
    """
    everyone, own = frozenset(study.study.truth), development_cases(study)
    made_here = study.plan.development
    if not made_here or own == everyone:
        return Fitted(ALL_CASES, everyone, {}, (), ON_ALL_DECLARED if made_here else ON_ALL)
    cohorts, without = _cohorts(study), without_cohort(study)
    label = " and ".join(made_here)
    others = sorted({one for one in cohorts.values() if one is not None} - set(made_here))
    told = (ON_DEVELOPMENT if others else ON_DEVELOPMENT_ONLY).format(label=label)
    return Fitted(
        label,
        own,
        {other: frozenset(case for case, one in cohorts.items() if one == other) for other in others},
        without,
        f"{told}{WITHOUT_COHORT.format(n=len(without)) if without else ''}",
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
