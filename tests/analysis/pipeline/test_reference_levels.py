"""Regressions set categories against the planned level, else the lowest of the declared order, else the alphabet's.

The numbers are those of R 4.2.2, survival 3.5.3, on ``tests/reference/survival/simulated.csv``, for each level ``r``::

    d$s <- relevel(factor(d$stage), ref = r)
    coef(coxph(Surv(exact, event) ~ age + s, d, ties = "efron"))
    coef(glm(event ~ age + s, binomial, d, control = list(epsilon = 1e-14)))
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import read_plan
from backend.analysis.pipeline.outcomes import survival
from backend.analysis.pipeline.predictions import predictions
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section

from .two_cohorts import Rows, study_of_rows, two_cohorts

SIMULATED = Path(__file__).parents[2] / "reference/survival/simulated.csv"
NAMES = ["age", "stage"]
PLAN: dict[str, Any] = {"covariates": NAMES, "clinical": NAMES, "predictors": NAMES, "times": [12]}
COX = {
    "T2": {"age": 0.0386106013006767, "T3": -0.1620754184865608, "T4": 0.1916447210653932},
    "T3": {"age": 0.0386106013006767, "T2": 0.1620754184865610, "T4": 0.3537201395519547},
}
COX_SE = {
    "T2": {"T3": 0.247891398748487, "T4": 0.333039193618580},
    "T3": {"T2": 0.247891398748487, "T4": 0.296897263424500},
}
LOGISTIC = {
    "T2": {"age": 0.0687904162863689, "T3": -0.4774393164989867, "T4": -0.0847567619712713},
    "T3": {"age": 0.0687904162863691, "T2": 0.4774393164989856, "T4": 0.3926825545277156},
}
PLANS: list[tuple[dict[str, Any], str]] = [
    ({}, "T2"),
    ({"ordered": {"stage": ["T3", "T2", "T4"]}}, "T3"),
    ({"reference_levels": {"stage": "T3"}}, "T3"),
    ({"ordered": {"stage": ["T3", "T2", "T4"]}, "reference_levels": {"stage": "T2"}}, "T2"),
    ({"ordered": {"stage": ["T1", "T3", "T2", "T4"]}}, "T3"),
]
IDS = ["alphabet", "lowest in order", "planned", "planned before ordered", "lowest that a case has"]


def simulated() -> Rows:
    with SIMULATED.open(newline="") as file:
        return {
            row["case"]: {
                "cohort": "one",
                "age": float(row["age"]),
                "stage": row["stage"],
                "truth": int(row["event"]),
                "net": 0.5,
                "old": 0.5,
                "time": float(row["exact"]),
                "event": int(row["event"]),
            }
            for row in csv.DictReader(file)
        }


def survival_of(rows: Rows, **more: object) -> Section:
    return survival(study_of_rows(rows, {**PLAN, **more}))


@pytest.mark.parametrize(("plan", "level"), PLANS, ids=IDS)
def test_cox_models_as_in_r_with_the_level_as_reference(plan: dict[str, Any], level: str) -> None:
    section = survival_of(simulated(), **plan)
    several = section.item("cox/OS").result.multivariate
    found = {term.level or term.covariate: term for term in several.terms}
    assert {name: term.coefficient for name, term in found.items()} == pytest.approx(COX[level], rel=1e-6)
    errors = {name: found[name].se for name in COX_SE[level]}
    assert errors == pytest.approx(COX_SE[level], rel=1e-6)
    assert {term.reference for term in several.terms if term.level} == {level}
    drawn = section.item("cox_baseline/OS").result.model
    assert {term.reference for term in drawn.terms if term.level} == {level}


@pytest.mark.parametrize(("plan", "level"), PLANS, ids=IDS)
def test_logistic_regressions_as_in_r_with_the_level_as_reference(plan: dict[str, Any], level: str) -> None:
    section = predictions(study_of_rows(simulated(), {**PLAN, **plan}))
    terms = section.item("logistic").result.terms
    found = {
        term.column.category or term.column.predictor: term.coefficient.estimate
        for term in terms
        if term.column.predictor
    }
    assert found == pytest.approx(LOGISTIC[level], rel=1e-6)
    tables = [one.table for part in section_tables(section, 0.95) for one in part.tables]
    notes = [note for table in tables for note in table.notes]
    assert f"Reference levels: stage {level}." in notes


def test_terms_stand_in_the_declared_order() -> None:
    plan = {"ordered": {"stage": ["T4", "T3", "T2"]}}
    several = survival_of(simulated(), **plan).item("cox/OS").result.multivariate
    assert [term.level for term in several.terms] == [None, "T3", "T2"]


def test_another_reference_level_changes_no_prediction() -> None:
    rows = two_cohorts()
    plan = {"cohort": "cohort", "development": ["development"]}
    first, second = (survival_of(rows, **plan, reference_levels={"stage": level}) for level in ("T2", "T4"))
    for key in ("cox_c/OS/validation", "cox_calibration/OS/validation"):
        assert first.item(key).n == second.item(key).n
    calibrated = [one.item("cox_calibration/OS/validation").result.at[0].predicted for one in (first, second)]
    assert calibrated[0] == pytest.approx(calibrated[1], rel=1e-8)
    likelihoods = [one.item("cox/OS").result.multivariate.log_likelihood for one in (first, second)]
    assert likelihoods[0] == pytest.approx(likelihoods[1], rel=1e-10)


@pytest.mark.parametrize(
    ("levels", "code", "text"),
    [
        (
            {"stage": "T9"},
            "reference_unknown",
            "T9 as the reference level of stage, which no case to fit has",
        ),
        (
            {"age": "60"},
            "reference_of_numbers",
            "60 as the reference level of age, which holds no categories",
        ),
    ],
)
def test_a_planned_level_that_does_not_fit_is_refused_by_name(
    levels: dict[str, str], code: str, text: str
) -> None:
    rows = simulated()
    failures = [
        *survival_of(rows, reference_levels=levels).failures,
        *predictions(study_of_rows(rows, {**PLAN, "reference_levels": levels})).failures,
    ]
    assert {"cox/OS", "logistic"} <= {one.key for one in failures}
    assert {(one.code, text in one.text) for one in failures} == {(code, True)}


@pytest.mark.parametrize("value", [["stage"], {"stage": 3}, {"stage": ""}, "stage"])
def test_what_is_no_object_of_columns_and_levels_is_refused(value: object) -> None:
    with pytest.raises(AnalysisError, match="reference_levels"):
        read_plan({"reference_levels": value})
