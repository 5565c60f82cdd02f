"""The keys of an analysis plan as a person is asked for them, and whether what they name is in the dataset."""

import inspect
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import (
    AnalysisPlan,
    EventProbability,
    SurvivalInterval,
    TableTest,
)
from backend.analysis.formats.cohort_names import ALL_CASES, cohort_name
from backend.analysis.pipeline.column_labels import TRUTH_COLUMN
from backend.analysis.results import Result

# Columns of cases.csv alone; columns, models or the truth; models alone.
COLUMNS = ("cohort", "cluster", "categorical")
TERMS = (
    *("table", "subgroups", "predictors", "covariates", "clinical", "nomogram"),
    *("survival_groups", "strata", "ordered", "tests", "reference_levels", "labels"),
)
MODELS = ("shown_model", "reclassification")


@dataclass(frozen=True, slots=True)
class PlanKey(Result):
    """A key of the plan, and how its value is written.

    ``kind`` is text, texts, number, numbers, pairs, ``words`` (names, a word each), ``lists`` (names, a list each) or
    ``endpoints`` (:class:`~backend.analysis.formats.analysis_plan.EventProbability`).
    """

    key: str
    kind: str
    help: str


def plan_keys() -> tuple[PlanKey, ...]:
    """The keys of :class:`AnalysisPlan` in its order, with what its documentation says of them."""
    hints, helps = get_type_hints(AnalysisPlan), _helps()
    kinds = {one.name: KINDS[hints[one.name]] for one in fields(AnalysisPlan)}
    return tuple(PlanKey(key, kind, helps[key]) for key, kind in kinds.items())


def check_plan_names(
    plan: AnalysisPlan,
    keys: Collection[str],
    *,
    columns: Mapping[str, Collection[str]],
    models: Collection[str],
    endpoints: Collection[str],
) -> None:
    """Refuse a plan that names what the dataset does not hold.

    Parameters
    ----------
    keys
        The keys to look at.
    columns
        Columns of ``cases.csv``, each with the values that it holds.
    models, endpoints
        Of ``predictions.csv`` and ``outcomes.csv``.

    Raises
    ------
    AnalysisError
        ``unknown_column``, ``unknown_model``, ``unknown_endpoint``, ``unknown_group``: each names the key.
    """
    known = {
        **dict.fromkeys(COLUMNS, ("unknown_column", set(columns), "no column of cases.csv")),
        **dict.fromkeys(
            TERMS,
            ("unknown_column", {*columns, *models, TRUTH_COLUMN}, "no column of cases.csv and no model"),
        ),
        **dict.fromkeys(MODELS, ("unknown_model", set(models), "no model of predictions.csv")),
    }
    for key in sorted(keys):
        if key not in known:
            continue
        code, names, what = known[key]
        for name in _names(getattr(plan, key)):
            if name not in names:
                raise AnalysisError(code, f"plan: {key} names {name}, {what}")
    if "event_probabilities" in keys:
        check_event_probabilities(plan, models=models, endpoints=endpoints)
    if {"development", "cohort"} & set(keys):
        groups = {ALL_CASES, *map(cohort_name, columns.get(plan.cohort, ()) if plan.cohort else ())}
        for name in plan.development:
            if name not in groups:
                raise AnalysisError(
                    "unknown_group", f"plan: development names {name}, no group of the cohorts"
                )


def check_event_probabilities(
    plan: AnalysisPlan, *, models: Collection[str], endpoints: Collection[str]
) -> None:
    """Refuse probabilities of an endpoint or a model that there is not (``unknown_endpoint``, ``unknown_model``)."""
    for one in plan.event_probabilities:
        if one.endpoint not in endpoints:
            text = f"plan: event_probabilities names {one.endpoint}, no endpoint of outcomes.csv"
            raise AnalysisError("unknown_endpoint", text)
        for name in one.models:
            if name not in models:
                text = f"plan: event_probabilities names {name}, no model of predictions.csv"
                raise AnalysisError("unknown_model", text)


def _names(value: Any) -> list[str]:
    """The names in the value of a key: a text, a list of texts, or a list of pairs."""
    if isinstance(value, str):
        return [value] if value else []
    return [name for one in value for name in ((one,) if isinstance(one, str) else one)]


# A reference to the code, of which no form says anything.
LINK = re.compile(r" *\(:\w+:`[^`]*`\)")
KINDS: dict[Any, str] = {
    str: "text",
    SurvivalInterval: "text",
    tuple[str, ...]: "texts",
    float: "number",
    float | None: "number",
    tuple[float, ...]: "numbers",
    tuple[tuple[str, str], ...]: "pairs",
    Mapping[str, str]: "words",
    Mapping[str, TableTest]: "words",
    Mapping[str, tuple[str, ...]]: "lists",
    tuple[EventProbability, ...]: "endpoints",
}
PLAN_KINDS = tuple(dict.fromkeys(KINDS.values()))


def _helps() -> dict[str, str]:
    """Key to its lines of the class's documentation; lines of several keys are those of each."""
    lines = (inspect.getdoc(AnalysisPlan) or "").partition("----------\n")[2].splitlines()
    found: dict[str, str] = {}
    keys: list[str] = []
    for line in lines:
        if line and not line.startswith(" "):
            keys = [key.strip() for key in line.split(",")]
        for key in keys:
            told = line.strip().replace("``", "") if line.startswith(" ") else ""
            found[key] = f"{found.get(key, '')} {told}".strip()
    return {key: LINK.sub("", told) for key, told in found.items()}
