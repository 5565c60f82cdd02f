"""Logistic regressions are fitted on the development cases alone and validated on the others."""

import math
from typing import Any

import pytest

from backend.analysis.calibration import calibration
from backend.analysis.logistic import logistic_regression
from backend.analysis.pipeline.cohorts import (
    APPARENT,
    ON_ALL,
    ON_ALL_DECLARED,
    ON_DEVELOPMENT,
    ON_DEVELOPMENT_ONLY,
    WITHOUT_COHORT,
)
from backend.analysis.pipeline.predictions import NO_PAIR, predictions
from backend.analysis.pipeline.results import Section

from .two_cohorts import Rows, only_cohort, study_of_rows, two_cohorts

PLAN: dict[str, Any] = {
    "cohort": "cohort",
    "development": ["development"],
    "predictors": ["age", "stage"],
}


def models_of(rows: Rows, **more: object) -> Section:
    return predictions(study_of_rows(rows, {**PLAN, **more}))


def log_odds(section: Section, row: dict[str, Any]) -> float:
    """Term by term from the printed coefficients."""
    own = {term.column.name: term.coefficient.estimate for term in section.item("logistic").result.terms}
    return float(own["Intercept"] + own["age"] * row["age"] + own.get(f"stage: {row['stage']}", 0.0))


def test_the_fit_is_that_of_the_development_cases() -> None:
    rows = two_cohorts()
    section = models_of(rows)
    own = only_cohort(rows, "development")
    by_hand = logistic_regression(
        [row["truth"] == 1 for row in own.values()],
        {name: [row[name] for row in own.values()] for name in ("age", "stage")},
    )
    item = section.item("logistic")
    assert item.result == by_hand
    assert (item.n, item.title) == (70, "Logistic regression, fitted on development")
    assert item.warnings[-1] == ON_DEVELOPMENT.format(label="development")
    for key in ("backward", "nomogram"):
        assert section.item(key).title.endswith("fitted on development")
        assert section.item(key).n == 70


def test_what_the_other_cohort_holds_changes_no_fit() -> None:
    rows = two_cohorts()
    before = models_of(rows)
    for number, row in enumerate(only_cohort(rows, "validation").values()):
        row |= {"age": 200.0 + number, "truth": number % 2, "stage": "T2"}
    after = models_of(rows)
    for key in ("logistic", "backward", "nomogram", "fitted_auc/logistic/development"):
        assert after.item(key).result == before.item(key).result
    assert after.item("fitted_auc/logistic/validation").result.auc != pytest.approx(
        before.item("fitted_auc/logistic/validation").result.auc
    )


def test_validation_is_that_of_the_fitted_equation_pair_by_pair() -> None:
    rows = two_cohorts()
    section = models_of(rows)
    for group in ("development", "validation"):
        own = list(only_cohort(rows, group).values())
        scores = [log_odds(section, row) for row in own]
        pairs = [
            (a > b) + 0.5 * (a == b)
            for a, one in zip(scores, own, strict=True)
            for b, other in zip(scores, own, strict=True)
            if one["truth"] and not other["truth"]
        ]
        item = section.item(f"fitted_auc/logistic/{group}")
        assert item.result.auc == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)
        assert item.n == len(own)
        assert item.warnings == ((APPARENT,) if group == "development" else ())
    truth = [row["truth"] == 1 for row in own]
    by_hand = calibration(truth, [1 / (1 + math.exp(-score)) for score in scores])
    found = section.item("fitted_calibration/logistic/validation").result
    assert found.recalibration.slope.estimate == pytest.approx(by_hand.recalibration.slope.estimate, rel=1e-9)
    assert found.brier == pytest.approx(by_hand.brier, rel=1e-12)


def test_the_cases_of_the_fit_have_their_own_calibration_by_construction() -> None:
    keys = {item.key for item in models_of(two_cohorts()).items}
    assert "fitted_calibration/logistic/validation" in keys
    assert "fitted_calibration/logistic/development" not in keys


@pytest.mark.parametrize(
    ("development", "told"), [([], ON_ALL), (["all cases"], ON_ALL_DECLARED)], ids=["not stated", "all cases"]
)
def test_without_development_cohorts_all_cases_are_fitted_and_it_is_said(
    development: list[str], told: str
) -> None:
    section = models_of(two_cohorts(), development=development)
    item = section.item("logistic")
    assert (item.n, item.title, item.warnings[-1]) == (120, "Logistic regression, fitted on all cases", told)
    validated = [one.key for one in section.items if one.key.startswith(("fitted_auc", "fitted_calibration"))]
    assert validated == ["fitted_auc/logistic/all cases", "fitted_auc/backward/all cases"]


def test_incomplete_cases_are_named_with_what_they_lack_and_not_counted() -> None:
    rows = two_cohorts()
    rows["D03"]["age"] = None
    rows["V05"] |= {"age": None, "stage": None}
    rows["V06"]["stage"] = "T1"
    section = models_of(rows)
    for key in ("logistic", "backward", "nomogram", "fitted_auc/logistic/development"):
        item = section.item(key)
        assert item.n == 69
        assert [(one.case, one.reason) for one in item.dropped] == [("D03", "no age")]
    item = section.item("fitted_auc/logistic/validation")
    assert item.n == 48
    assert [(one.case, one.reason) for one in item.dropped] == [
        ("V05", "no age; no stage"),
        ("V06", "stage T1, which no fitted case has"),
    ]


def test_cases_without_a_truth_are_named_by_the_fit_and_by_what_it_is_judged_on() -> None:
    rows = two_cohorts()
    for case in ("D03", "D04", "V05"):
        rows[case]["truth"] = None
    section = models_of(rows)
    for key in ("logistic", "backward", "nomogram", "fitted_auc/logistic/development"):
        item = section.item(key)
        assert item.n == 68
        assert [(one.case, one.reason) for one in item.dropped] == [("D03", "no truth"), ("D04", "no truth")]
    for kind in ("fitted_auc", "fitted_calibration"):
        item = section.item(f"{kind}/logistic/validation")
        assert (item.n, [(one.case, one.reason) for one in item.dropped]) == (49, [("V05", "no truth")])


def test_an_unknown_development_cohort_or_column_is_refused_once() -> None:
    failures = models_of(two_cohorts(), development=["training"]).failures
    assert [one.code for one in failures if one.key == "logistic"] == ["unknown_group"]
    failures = models_of(two_cohorts(), predictors=["age", "weight"]).failures
    assert [(one.key, one.code) for one in failures] == [("logistic", "unknown_column")]


def test_reclassification_stands_by_cohort_as_in_a_dataset_of_that_cohort() -> None:
    rows = two_cohorts()
    plan = {"reclassification": [["old", "net"]], "risk_cutoffs": [0.3]}
    section = models_of(rows, **plan)
    alone = models_of(only_cohort(rows, "validation"), **plan, development=["validation"])
    for kind in ("nri", "nri_categories", "idi"):
        own = section.item(f"{kind}/old to net/validation")
        assert own.result == alone.item(f"{kind}/old to net").result
        assert own.n == 50
        assert section.item(f"{kind}/old to net").n == 120


def test_a_pair_that_nobody_declared_says_which_model_is_the_old_one() -> None:
    section = models_of(two_cohorts())
    told = NO_PAIR.format(old="net", new="old")
    undeclared = [item for item in section.items if item.key.startswith(("nri/", "idi/"))]
    assert len(undeclared) == 6
    assert all(item.warnings[-1] == told for item in undeclared)
    declared = models_of(two_cohorts(), reclassification=[["old", "net"]])
    turned = declared.item("idi/old to net")
    assert told not in turned.warnings
    assert turned.result.idi.estimate == pytest.approx(-section.item("idi/net to old").result.idi.estimate)


def test_every_cohort_named_as_development_is_all_cases() -> None:
    rows = two_cohorts()
    section = models_of(rows, development=["validation", "development"])
    assert section == models_of(rows, development=["all cases"])
    assert ON_ALL_DECLARED in section.item("logistic").warnings


def test_validation_on_other_cohorts_is_said_only_where_there_is_one() -> None:
    rows = two_cohorts()
    rows["V00"]["cohort"] = None
    section = models_of(rows, development=["development", "validation"])
    told = ON_DEVELOPMENT_ONLY.format(label="development and validation") + WITHOUT_COHORT.format(n=1)
    item = section.item("logistic")
    assert told in item.warnings
    assert item.n == 119
    assert [(one.case, one.reason) for one in item.dropped] == [("V00", "no cohort")]


def test_cases_without_a_cohort_beside_the_development_cohort_are_neither_fitted_nor_validated() -> None:
    """The fit, and the results in the cohort, are those of a dataset of the development cases alone."""
    rows = two_cohorts()
    for row in only_cohort(rows, "validation").values():
        row["cohort"] = None
    alone = models_of(only_cohort(rows, "development"))
    section = models_of(rows)
    unknown = [(case, "no cohort") for case in rows if case.startswith("V")]
    for key in ("logistic", "backward", "nomogram"):
        item = section.item(key)
        assert item.result == alone.item(key).result
        assert item.warnings[-1].endswith(WITHOUT_COHORT.format(n=50))
        assert [(one.case, one.reason) for one in item.dropped] == unknown
    assert [one.key for one in section.items if one.key.startswith("fitted_")] == [
        "fitted_auc/logistic/development",
        "fitted_auc/backward/development",
    ]
    own = section.item("calibration/net/development")
    assert own.result == alone.item("calibration/net/all cases").result
    assert (own.n, section.item("calibration/net/all cases").n) == (70, 120)
    assert [(one.case, one.reason) for one in own.dropped] == unknown


def test_a_cohort_called_all_cases_collides_with_nothing() -> None:
    rows = two_cohorts()
    for row in only_cohort(rows, "validation").values():
        row["cohort"] = "all cases"
    section, plain = models_of(rows), models_of(two_cohorts())
    assert section.failures == ()
    for key in ("calibration/net", "impact/net", "decision_curve", "fitted_auc/logistic"):
        assert section.item(f"{key}/cohort all cases").n == plain.item(f"{key}/validation").n == 50
    for key in ("calibration/net", "components/net"):
        assert section.item(f"{key}/all cases").result == plain.item(f"{key}/all cases").result
    assert (
        section.item("nri/net to old/cohort all cases").result
        == plain.item("nri/net to old/validation").result
    )
    named = models_of(rows, development=["cohort all cases"])
    assert (
        named.item("logistic").result
        == models_of(two_cohorts(), development=["validation"]).item("logistic").result
    )
    both_ways = models_of(rows, development=["all cases"]).failures
    assert ("logistic", "group_ambiguous") in [(one.key, one.code) for one in both_ways]
    assert "write 'cohort all cases' for the cohort" in both_ways[-1].text
