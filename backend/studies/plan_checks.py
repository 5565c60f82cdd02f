"""The analysis plan of a protocol: what is wrong with it, and how the protocol's document words it. Pure.

The plan (`analysis.plan`) is decided before there are data. It may name what the study's own records do not hold,
such as a column that comes with the outcomes: such a name is advice, and the analysis tells what it lacked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.analysis.formats.cohort_names import ALL_CASES, cohort_name

from .design import Document, arms_of
from .design_facts import DesignFacts
from .design_schema import Problem, advice
from .plan_parts import PATH, part_lines, part_problems

# What cases.csv holds of a study's own records besides what readers are told.
OWN_COLUMNS = frozenset({"center", "cohort"})
LARGEST_MARGIN = 0.5
MARGINS = {
    "margin": "Margin of non-inferiority (area under the curve)",
    "margin_sensitivity": "Margin of non-inferiority (sensitivity)",
    "margin_specificity": "Margin of non-inferiority (specificity)",
    "margin_partial_specificity": "Margin of non-inferiority (partial area over specificity)",
    "margin_partial_sensitivity": "Margin of non-inferiority (partial area over sensitivity)",
}
PARTIAL_MARGINS = frozenset(("margin_partial_specificity", "margin_partial_sensitivity"))
NUMBERS = {
    "prevalences": "Prevalences for predictive values",
    "risk_cutoffs": "Limits of risk categories",
    "times": "Times of survival estimates",
}
# Kinds of questions whose answers can group cases.
GROUPING = ("location", "choice", "ordinal", "yes_no")
# Names of columns of the cases, or of models, whose scores may stand for one.
COLUMNS = {
    "subgroups": "Subgroups",
    "predictors": "Predictors of the reference standard",
    "covariates": "Covariates of the Cox models",
    "clinical": "Clinical covariates, which always enter",
    "survival_groups": "Groups of the survival curves",
    "nomogram": "Predictors of the Cox nomogram",
}


def plan_of(document: Document) -> Mapping[str, Any]:
    """The declared plan; empty where the protocol has none."""
    return document["analysis"].get("plan") or {}


def plan_problems(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    """Every fault of the plan, at its path."""
    plan = plan_of(document)
    yield from _margins(plan, document["analysis"])
    for key in NUMBERS:
        yield from _numbers(plan, key)
    if plan.get("times") and not plan.get("time_unit", "").strip():
        yield advice(f"{PATH}.time_unit", "Say in which unit the times are, such as months.")
    for key in (*COLUMNS, "development"):
        yield from _names(plan.get(key, []), f"{PATH}.{key}")
    if plan.get("strata"):
        yield from _names([plan["strata"]], f"{PATH}.strata")
    if "truth" in plan.get("predictors", []):
        yield Problem(f"{PATH}.predictors", "The reference standard cannot predict itself.")
    if plan.get("tau") is not None and plan["tau"] <= 0:
        yield Problem(f"{PATH}.tau", "A time is above 0.")
    yield from _pairs(plan, document)
    yield from part_problems(plan, document)
    yield from _unknown(plan, document, facts)


def _margins(plan: Mapping[str, Any], analysis: Mapping[str, Any]) -> Iterator[Problem]:
    for key in MARGINS:
        margin = plan.get(key)
        if margin is None:
            continue
        path = f"{PATH}.{key}"
        ends = plan.get(key.removeprefix("margin_"), [])
        if not 0 < margin < LARGEST_MARGIN:
            yield Problem(path, "A margin is a difference of two figures, above 0 and below 0.5.")
        elif key in PARTIAL_MARGINS and not ends:
            yield Problem(path, "State the range of the partial area that this margin is of.")
        elif key in PARTIAL_MARGINS and margin >= ends[1] - ends[0]:
            yield Problem(path, "A margin is below the width of the range: no area is larger.")
        elif analysis["rating_question"] is None:
            yield advice(path, "Without a rating there is no figure that the margin could be of.")


def _numbers(plan: Mapping[str, Any], key: str) -> Iterator[Problem]:
    values = plan.get(key, [])
    path = f"{PATH}.{key}"
    if list(values) != sorted(set(values)):
        yield Problem(path, "These must ascend, each of them once.")
    if key == "times" and any(value <= 0 for value in values):
        yield Problem(path, "A time is above 0.")
    if key != "times" and any(not 0 < value < 1 for value in values):
        yield Problem(path, "Each of these is a share above 0 and below 1, such as 0.3.")


def _names(names: Sequence[str], path: str) -> Iterator[Problem]:
    if any(not name.strip() or name != name.strip() for name in names):
        yield Problem(path, "A name cannot be empty, nor begin or end with a space.")
    if len(set(names)) != len(names):
        yield Problem(path, "One of these stands here twice.")


def _pairs(plan: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    pairs = [tuple(pair) for pair in plan.get("reclassification", [])]
    path = f"{PATH}.reclassification"
    for pair in pairs:
        yield from _names(pair, path)
    if len(set(pairs)) != len(pairs):
        yield Problem(path, "The same pair of models stands here twice.")
    shown = {arm["model_id"] for arm in arms_of(document)} - {""}
    lacking = sorted({name for pair in pairs for name in pair} - shown)
    if lacking:
        yield advice(
            path,
            f"No arm shows these models, so their answers must come after the lock: {', '.join(lacking)}.",
        )


def _unknown(plan: Mapping[str, Any], document: Document, facts: DesignFacts) -> Iterator[Problem]:
    """What the plan names and the study's own records do not hold."""
    models = {arm["model_id"] for arm in arms_of(document)} - {""}
    told = facts.information if document["sees_case_info"] else frozenset()
    known = OWN_COLUMNS | models | told | _settled(document)
    named = {key: plan.get(key, []) for key in (*COLUMNS, "tests", "ordered", "reference_levels", "labels")}
    named["strata"] = [plan.get("strata", "")]
    for key, names in named.items():
        lacking = [name for name in names if name and name not in known]
        if facts.cases and lacking:
            yield advice(
                f"{PATH}.{key}",
                f"The study's records hold no {', '.join(lacking)}; what is planned with it waits until it is "
                "added to the data.",
            )
    cohorts = {cohort_name(case.cohort) for case in facts.cases}
    strangers = [name for name in plan.get("development", []) if name not in cohorts | {ALL_CASES}]
    if facts.cases and strangers:
        yield advice(f"{PATH}.development", f"The study has no case of the cohort {', '.join(strangers)}.")


def _settled(document: Document) -> frozenset[str]:
    """Questions of one category a case: where readers are adjudicated, the consensus answers them for every case."""
    if not document.get("adjudication"):
        return frozenset()
    return frozenset(
        question["key"]
        for question in document["form"]["questions"]
        if not question.get("multiple")
        and (question["kind"] in GROUPING or question.get("type") in ("category", "boolean"))
    )


def plan_lines(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The plan as rows of label and text, in the order in which it is entered."""
    if plan.get("primary"):
        yield "Results that answer the study's question", ", ".join(plan["primary"])
    for key, label in MARGINS.items():
        if plan.get(key) is not None:
            yield label, f"{plan[key]:g}"
    for key in ("prevalences", "risk_cutoffs"):
        if plan.get(key):
            yield NUMBERS[key], ", ".join(f"{value:g}" for value in plan[key])
    if plan.get("reclassification"):
        pairs = "; ".join(f"from {old} to {new}" for old, new in plan["reclassification"])
        yield "Reclassification between models", pairs
    if plan.get("development"):
        yield "Cohorts on which the models were made", ", ".join(plan["development"])
    for key, label in COLUMNS.items():
        if plan.get(key):
            yield label, ", ".join(plan[key])
    if plan.get("strata"):
        yield "Strata of the log-rank test", plan["strata"]
    if plan.get("times"):
        unit = f" {plan['time_unit']}" if plan.get("time_unit") else ""
        yield NUMBERS["times"], ", ".join(f"{value:g}" for value in plan["times"]) + unit
    if plan.get("tau") is not None:
        yield "Horizon of Uno's C and of restricted means", f"{plan['tau']:g}"
    if plan.get("survival_interval"):
        yield "Intervals of survival curves", f"on the {plan['survival_interval']} scale"
    yield from part_lines(plan)
