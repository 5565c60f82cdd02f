"""The plan of the analysis for the files: what the protocol declared, as far as the frozen data hold it. Pure.

What was declared and is not there stops nothing: it is left out of `study.json` and told among the dataset's notes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.analysis.formats.analysis_plan import AnalysisPlan, EventProbability
from backend.analysis.formats.cohort_names import ALL_CASES, cohort_name
from backend.studies.plan_checks import COLUMNS
from backend.studies.plan_parts import MAPPED

from .dataset_cases import CENTER, COHORT, PATIENT, has_clusters, has_cohorts, table_columns
from .dataset_reads import Content, arms_of_content
from .dataset_reference import settled_questions

TRUTH = "truth"
NO_COLUMN = (
    "cases.csv has no such column, reference.csv no such question, and no model of that name has predictions"
)
# Models that are not fitted without one of their terms, and what is done instead.
WHOLE = {
    "predictors": "the model was not fitted without them",
    "nomogram": "the nomogram is of what the screen entered instead",
}


@dataclass(frozen=True)
class Added:
    """Columns of `cases.csv` and models with predictions that a supplement brings."""

    columns: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()


NOTHING_ADDED = Added()


def plan_of_content(content: Content, added: Added = NOTHING_ADDED) -> tuple[AnalysisPlan, tuple[str, ...]]:
    """The plan for the files of a frozen document, and what of the declared one they lack, in sentences."""
    declared = content.get("plan") or {}
    models = {model["id"] for model in content["models"] if model["predictions"]}
    plan, lacking = available(
        declared,
        columns={*table_columns(content), *settled_questions(content), *added.columns},
        models={*models, *added.models},
        cohorts=_cohorts(content),
    )
    return replace(
        plan,
        cohort=COHORT if has_cohorts(content) else "",
        # Patients are whose cases Table 1 describes, and no description of them.
        table=table_columns(content) if has_clusters(content) else (),
        cluster=PATIENT if has_clusters(content) else "",
        categorical=(CENTER,) if content.get("cases") else (),
        shown_model=_shown_model(content),
    ), lacking


def available(
    declared: Mapping[str, Any],
    *,
    columns: Collection[str],
    models: Collection[str],
    cohorts: Mapping[str, str],
) -> tuple[AnalysisPlan, tuple[str, ...]]:
    """A declared plan (`analysis.plan` of a protocol) without what the data do not hold, and sentences on that.

    Parameters
    ----------
    columns, models
        Of `cases.csv` and questions of `reference.csv`, and those with predictions.
    cohorts
        Names of the cohorts to what the analysis calls them.
    """
    lacking: list[str] = []
    known = {*columns, *models, TRUTH}
    found = {key: _columns(declared, key, known, lacking) for key in COLUMNS}
    strata = declared.get("strata") or ""
    if strata and strata not in known:
        reason = "cases.csv has no such column, and reference.csv no such question"
        lacking.append(_sentence("strata of the log-rank test", [strata], reason))
        strata = ""
    plan = AnalysisPlan(
        primary=tuple(declared.get("primary", [])),
        subgroups=found["subgroups"],
        predictors=found["predictors"],
        covariates=found["covariates"],
        clinical=found["clinical"],
        survival_groups=found["survival_groups"],
        nomogram=found["nomogram"],
        strata=strata,
        reference_levels=_of_columns(declared, "reference_levels", known, lacking),
        labels=_of_columns(declared, "labels", known, lacking),
        development=tuple(dict.fromkeys(_development(declared, cohorts, lacking))),
        reclassification=tuple(_pairs(declared, models, lacking)),
        risk_cutoffs=_numbers(declared, "risk_cutoffs"),
        prevalences=_numbers(declared, "prevalences"),
        margin=_number(declared, "margin"),
        margin_sensitivity=_number(declared, "margin_sensitivity"),
        margin_specificity=_number(declared, "margin_specificity"),
        margin_partial_specificity=_number(declared, "margin_partial_specificity"),
        margin_partial_sensitivity=_number(declared, "margin_partial_sensitivity"),
        times=_numbers(declared, "times"),
        time_unit=declared.get("time_unit") or "",
        tests=_of_columns(declared, "tests", known, lacking),
        fisher_below=_number(declared, "fisher_below"),
        fisher_share=_number(declared, "fisher_share"),
        compare_counts=declared.get("compare_counts") or "",
        normality=declared.get("normality") or "",
        normality_alpha=_number(declared, "normality_alpha"),
        compare_means=declared.get("compare_means") or "",
        ordered={
            name: tuple(groups) for name, groups in _of_columns(declared, "ordered", known, lacking).items()
        },
        partial_specificity=_numbers(declared, "partial_specificity"),
        partial_sensitivity=_numbers(declared, "partial_sensitivity"),
        bootstrap=tuple(declared.get("bootstrap", [])),
        tau=_number(declared, "tau"),
        survival_interval=declared.get("survival_interval") or AnalysisPlan().survival_interval,
        event_probabilities=tuple(_event_probabilities(declared, models, lacking)),
        power_difference=_number(declared, "power_difference"),
        power=_number(declared, "power"),
        power_readers=_numbers(declared, "power_readers"),
        power_cases=_numbers(declared, "power_cases"),
        power_alpha=_number(declared, "power_alpha"),
        power_generalizes_to=declared.get("power_generalizes_to") or "",
    )
    return plan, tuple(lacking)


def _numbers(declared: Mapping[str, Any], key: str) -> tuple[float, ...]:
    return tuple(float(value) for value in declared.get(key, []))


def _number(declared: Mapping[str, Any], key: str) -> float | None:
    value = declared.get(key)
    return None if value is None else float(value)


def _of_columns(
    declared: Mapping[str, Any], key: str, known: Collection[str], lacking: list[str]
) -> dict[str, Any]:
    """What is declared of single columns, for those that there are."""
    given: Mapping[str, Any] = declared.get(key, {})
    missing = [name for name in given if name not in known]
    if missing:
        lacking.append(_sentence(MAPPED[key], missing, NO_COLUMN))
    return {name: one for name, one in given.items() if name in known}


def _event_probabilities(
    declared: Mapping[str, Any], models: Collection[str], lacking: list[str]
) -> Iterator[EventProbability]:
    for one in declared.get("event_probabilities", []):
        missing = [name for name in one["models"] if name not in models]
        if missing:
            part = f"probabilities of {one['endpoint']}"
            lacking.append(_sentence(part, missing, "no model of that name has predictions"))
        if there := tuple(name for name in one["models"] if name in models):
            yield EventProbability(one["endpoint"], there, float(one["by"]))


def _columns(
    declared: Mapping[str, Any], key: str, known: Collection[str], lacking: list[str]
) -> tuple[str, ...]:
    names: Sequence[str] = declared.get(key, [])
    missing = [name for name in names if name not in known]
    if not missing:
        return tuple(names)
    if key in WHOLE:
        # A model of the others would not be the one that was declared.
        lacking.append(_sentence(COLUMNS[key], missing, f"{NO_COLUMN}; {WHOLE[key]}"))
        return ()
    lacking.append(_sentence(COLUMNS[key], missing, NO_COLUMN))
    return tuple(name for name in names if name in known)


def _development(
    declared: Mapping[str, Any], cohorts: Mapping[str, str], lacking: list[str]
) -> Iterator[str]:
    names: Sequence[str] = declared.get("development", [])
    missing = [name for name in names if name != ALL_CASES and name not in cohorts]
    if missing:
        reason = "the study has no case of that cohort" if cohorts else "the study's cases have no cohort"
        lacking.append(f"As the protocol declares, models were made on {', '.join(missing)}: {reason}.")
    for name in names:
        if name not in missing:
            yield name if name == ALL_CASES else cohorts[name]


def _pairs(
    declared: Mapping[str, Any], models: Collection[str], lacking: list[str]
) -> Iterator[tuple[str, str]]:
    for old, new in declared.get("reclassification", []):
        missing = [name for name in (old, new) if name not in models]
        if missing:
            pair = f"reclassification from {old} to {new}"
            lacking.append(_sentence(pair, missing, "no model of that name has predictions"))
        else:
            yield old, new


def _sentence(part: str, names: Sequence[str], reason: str) -> str:
    words = part[0].lower() + part[1:]
    return f"Declared in the protocol and not available: {', '.join(names)} ({words}): {reason}."


def _cohorts(content: Content) -> dict[str, str]:
    """The cohorts as the analysis names them: by name where they are compared, else as all cases."""
    names = {one["cohort"] for one in content.get("cases", [])}
    named = {cohort_name(name) for name in names - {""}}
    return {name: name if has_cohorts(content) else ALL_CASES for name in named}


def _shown_model(content: Content) -> str:
    """The model of the arms in which readers saw one; empty where they saw none, several, or one without outputs."""
    shown = {arm["model_id"] for arm in arms_of_content(content) if arm.get("model_id")}
    scored = {model["id"] for model in content["models"] if model["predictions"]}
    return shown.pop() if len(shown) == 1 and shown <= scored else ""
