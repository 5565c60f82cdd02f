"""What the protocol declared comes into the files as far as the data hold it; what they lack is told."""

from typing import Any

from backend.analysis.formats.analysis_plan import AnalysisPlan, EventProbability
from backend.reports.dataset_plan import Added, available, plan_of_content

DECLARED: dict[str, Any] = {
    "margin": 0.1,
    "prevalences": [0.3],
    "risk_cutoffs": [0.2, 0.5],
    "subgroups": ["sex", "pCR"],
    "development": ["old", "older"],
    "predictors": ["net", "age"],
    "reclassification": [["net", "score"], ["net", "later"]],
    "times": [12, 36],
    "time_unit": "months",
    "covariates": ["age", "CEA"],
    "clinical": ["cT"],
    "strata": "stage",
    "survival_groups": ["sex"],
    "reference_levels": {"sex": "female", "grade": "low"},
    "labels": {"sex": "Sex", "grade": "Grade"},
}
NO_COLUMN = (
    "cases.csv has no such column, reference.csv no such question, and no model of that name has predictions"
)


def test_what_the_data_hold_is_planned_and_the_rest_is_told() -> None:
    plan, lacking = available(
        DECLARED, columns=["sex", "age"], models=["net", "score"], cohorts={"old": "old", "new": "new"}
    )
    assert plan == AnalysisPlan(
        margin=0.1,
        prevalences=(0.3,),
        risk_cutoffs=(0.2, 0.5),
        subgroups=("sex",),
        development=("old",),
        predictors=("net", "age"),
        reclassification=(("net", "score"),),
        times=(12.0, 36.0),
        time_unit="months",
        covariates=("age",),
        survival_groups=("sex",),
        reference_levels={"sex": "female"},
        labels={"sex": "Sex"},
    )
    declared = "Declared in the protocol and not available: "
    assert lacking == (
        f"{declared}pCR (subgroups): {NO_COLUMN}.",
        f"{declared}CEA (covariates of the Cox models): {NO_COLUMN}.",
        f"{declared}cT (clinical covariates, which always enter): {NO_COLUMN}.",
        (
            f"{declared}stage (strata of the log-rank test): "
            "cases.csv has no such column, and reference.csv no such question."
        ),
        f"{declared}grade (reference levels of regressions): {NO_COLUMN}.",
        f"{declared}grade (labels of columns): {NO_COLUMN}.",
        "As the protocol declares, models were made on older: the study has no case of that cohort.",
        f"{declared}later (reclassification from net to later): no model of that name has predictions.",
    )


def test_all_is_planned_where_nothing_lacks() -> None:
    columns = ["sex", "age", "pCR", "CEA", "cT", "stage", "grade"]
    plan, lacking = available(
        DECLARED, columns=columns, models=["net", "score", "later"], cohorts={"old": "old", "older": "older"}
    )
    assert lacking == ()
    assert (plan.strata, plan.clinical, plan.development) == ("stage", ("cT",), ("old", "older"))


def test_a_regression_without_one_of_its_predictors_is_not_the_declared_one() -> None:
    plan, (sentence,) = available({"predictors": ["net", "age"]}, columns=["age"], models=[], cohorts={})
    assert plan.predictors == ()
    assert "net" in sentence
    assert sentence.endswith("the model was not fitted without them.")


def test_what_is_declared_of_columns_models_and_a_further_study_is_planned() -> None:
    declared: dict[str, Any] = {
        "tests": {"sex": "fisher", "cT": "yates"},
        "ordered": {"sex": ["f", "m"], "stage": ["I", "II"]},
        "margin_sensitivity": 0.05,
        "margin_specificity": 0.1,
        "margin_partial_specificity": 0.02,
        "margin_partial_sensitivity": 0.01,
        "fisher_below": 0,
        "fisher_share": 0.2,
        "compare_counts": "yates",
        "normality": "assumed",
        "normality_alpha": None,
        "compare_means": "student",
        "nomogram": ["age", "cT"],
        "event_probabilities": [
            {"endpoint": "OS", "models": ["net", "later"], "by": 36},
            {"endpoint": "DFS", "models": ["later"], "by": 12},
        ],
        "partial_specificity": [0.9, 1],
        "partial_sensitivity": [0.8, 0.9],
        "bootstrap": ["bands"],
        "tau": 40,
        "survival_interval": "log",
        "power_difference": 0.04,
        "power": 0.9,
        "power_readers": [5],
        "power_cases": [100, 200],
        "power_alpha": 0.01,
        "power_generalizes_to": "cases",
    }
    plan, lacking = available(declared, columns=["sex", "age"], models=["net"], cohorts={})
    assert plan == AnalysisPlan(
        tests={"sex": "fisher"},
        ordered={"sex": ("f", "m")},
        margin_sensitivity=0.05,
        margin_specificity=0.1,
        margin_partial_specificity=0.02,
        margin_partial_sensitivity=0.01,
        fisher_below=0.0,
        fisher_share=0.2,
        compare_counts="yates",
        normality="assumed",
        compare_means="student",
        event_probabilities=(EventProbability("OS", ("net",), 36.0),),
        partial_specificity=(0.9, 1.0),
        partial_sensitivity=(0.8, 0.9),
        bootstrap=("bands",),
        tau=40.0,
        survival_interval="log",
        power_difference=0.04,
        power=0.9,
        power_readers=(5.0,),
        power_cases=(100.0, 200.0),
        power_alpha=0.01,
        power_generalizes_to="cases",
    )
    told = "Declared in the protocol and not available: "
    assert lacking == (
        f"{told}cT (predictors of the Cox nomogram): {NO_COLUMN}; the nomogram is of what the screen entered instead.",
        f"{told}cT (tests of Table 1 that the rules do not choose): {NO_COLUMN}.",
        f"{told}stage (columns whose groups have an order): {NO_COLUMN}.",
        f"{told}later (probabilities of OS): no model of that name has predictions.",
        f"{told}later (probabilities of DFS): no model of that name has predictions.",
    )


def content(*cohorts: str, plan: object = None, **changes: Any) -> dict[str, Any]:
    cases = [
        {"case": f"C{n}", "center": "A", "cohort": cohort, "information": {"age": "61"}, "patient": f"P{n}"}
        for n, cohort in enumerate(cohorts)
    ]
    return {"cases": cases, "plan": plan, "models": [], "arms": [], **changes}


def test_development_follows_how_the_cohorts_are_compared() -> None:
    declared = {"development": ["old"]}
    assert plan_of_content(content("old", "new", plan=declared))[0].development == ("old",)
    assert plan_of_content(content("old", "old", plan=declared))[0].development == ("all cases",)
    # Of the cases without a cohort nobody said that the model was made on them: it is fitted on the others.
    mixed, told = plan_of_content(content("old", "", plan=declared))
    assert (mixed.development, mixed.cohort, told) == (("old",), "cohort", ())
    none, told = plan_of_content(content("", "", plan=declared))
    assert (none.development, none.cohort) == ((), "")
    assert told == ("As the protocol declares, models were made on old: the study's cases have no cohort.",)


def test_a_cohort_called_all_cases_is_not_taken_for_all_of_them() -> None:
    cases = content("all cases", "new", plan={"development": ["cohort all cases"]})
    assert plan_of_content(cases)[0].development == ("cohort all cases",)
    cases["plan"] = {"development": ["all cases"]}
    assert plan_of_content(cases)[0].development == ("all cases",)


def test_a_document_from_before_there_were_plans_declares_nothing() -> None:
    old = content("old", "new")
    del old["plan"]
    plan, lacking = plan_of_content(old)
    assert (plan.cohort, plan.subgroups, plan.margin, lacking) == ("cohort", (), None, ())


def test_what_a_supplement_brings_is_planned_as_declared() -> None:
    content: dict[str, Any] = {
        "plan": {"covariates": ["ypN", "cT"], "reclassification": [["net", "later"]]},
        "cases": [],
        "models": [{"id": "net", "predictions": [{}]}],
        "arms": [],
        "reads": [],
    }
    alone, lacking = plan_of_content(content)
    assert (alone.covariates, alone.reclassification, len(lacking)) == ((), (), 2)
    added = Added(columns=frozenset({"ypN", "cT"}), models=frozenset({"later"}))
    plan, lacking = plan_of_content(content, added)
    assert (plan.covariates, plan.reclassification, lacking) == (("ypN", "cT"), (("net", "later"),), ())


def test_a_question_that_the_panel_settled_groups_cases() -> None:
    options = [{"value": "iliac"}, {"value": "obturator"}]
    questions = [
        {"key": "region", "kind": "location", "label": "Region", "options": options},
        {"key": "width", "kind": "number", "label": "Width"},
        {"key": "status", "kind": "yes_no", "label": "Status"},
    ]
    rows = [
        {"arm": "unaided", "case": "C0", "question": key, "value": value}
        for key, value in (("region", "iliac"), ("width", 7.5), ("status", True))
    ]
    declared = {"survival_groups": ["region", "width", "status", "cohort"], "strata": "region"}
    document = content(
        "old",
        "new",
        plan=declared,
        form={"questions": questions},
        rating_question="status",
        consensus=rows,
        arms=[{"key": "unaided"}],
    )
    plan, (sentence,) = plan_of_content(document)
    assert (plan.survival_groups, plan.strata) == (("region", "cohort"), "region")
    assert sentence.startswith("Declared in the protocol and not available: width, status ")
    plan, lacking = plan_of_content({**document, "consensus": []})
    assert (plan.survival_groups, plan.strata, len(lacking)) == (("cohort",), "", 2)
