"""The analysis plan of a protocol: what is wrong is told at its place, what the records lack is advice."""

from copy import deepcopy
from typing import Any

import pytest
from reportlab.platypus import Paragraph, Table

from backend.analysis.formats.analysis_plan import AnalysisPlan, read_plan
from backend.studies import protocol_sections
from backend.studies.amendments import check_amendment
from backend.studies.design import CaseFact
from backend.studies.design_checks import check_document, structure_problems
from backend.studies.design_facts import DesignFacts, ReaderFact
from backend.studies.design_schema import PLAN
from backend.studies.pdf_text import register_fonts
from backend.studies.plan_checks import COLUMNS, NUMBERS, plan_lines
from backend.studies.protocols import sha256_of
from backend.studies.templates import TEMPLATES

FACTS = DesignFacts(
    cases=tuple(CaseFact(f"A-{number:02d}", "A", "old" if number < 5 else "new") for number in range(20)),
    readers=(ReaderFact(),) * 4,
    model_ids=frozenset({"lpln-radiomics"}),
    information=frozenset({"age", "sex"}),
)
SOUND: dict[str, Any] = {
    "margin": 0.1,
    "margin_sensitivity": 0.05,
    "margin_specificity": 0.1,
    "margin_partial_specificity": 0.02,
    "margin_partial_sensitivity": 0.01,
    "prevalences": [0.1, 0.3],
    "risk_cutoffs": [0.2, 0.5],
    "subgroups": ["sex", "center"],
    "development": ["old"],
    "predictors": ["lpln-radiomics", "age"],
    "reclassification": [["lpln-radiomics", "lpln-radiomics-2"]],
    "times": [12, 36.5],
    "time_unit": "months",
    "covariates": ["age"],
    "clinical": ["sex"],
    "strata": "center",
    "survival_groups": ["cohort"],
    "reference_levels": {"sex": "female"},
    "labels": {"age": "Age, years"},
    "primary": ["mrmc/or_jackknife/AUC"],
    "nomogram": ["age", "lpln-radiomics"],
    "tau": 36,
    "survival_interval": "log",
    "event_probabilities": [{"endpoint": "OS", "models": ["lpln-radiomics"], "by": 36}],
    "positive_answers": {"criterion_margin": "yes", "side_region": "left_obturator"},
    "model_answers": [
        {
            "model": "lpln-radiomics",
            "question": "criterion_margin",
            "output": "call",
            "answers": ["no", "yes"],
        },
        {
            "model": "lpln-radiomics",
            "question": "side_region",
            "output": "probability",
            "answers": ["left_obturator", "right_obturator"],
            "cut_offs": [0.5],
        },
    ],
    "tests": {"sex": "fisher"},
    "fisher_below": 1,
    "fisher_share": 0.2,
    "compare_counts": "yates",
    "normality": "shapiro",
    "normality_alpha": 0.01,
    "compare_means": "student",
    "ordered": {"cohort": ["old", "new"]},
    "partial_specificity": [0.8, 1],
    "partial_sensitivity": [0.9, 1],
    "bootstrap": ["differences"],
    "power_difference": 0.05,
    "power": 0.9,
    "power_alpha": 0.05,
    "power_readers": [5, 10],
    "power_cases": [100, 200],
    "power_generalizes_to": "cases",
}


def protocol(plan: object) -> dict[str, Any]:
    document = deepcopy(TEMPLATES["lpln-radiomics"]())
    return {**document, "analysis": {**document["analysis"], "plan": plan}}


def told(plan: object, facts: DesignFacts = FACTS) -> list[tuple[str, str, bool]]:
    found = check_document(protocol(plan), facts)
    return [(one.path, one.text, one.is_blocking) for one in found if one.path.startswith("analysis.plan")]


def test_the_protocol_and_the_analysis_mean_the_same_keys() -> None:
    # What follows from the records, and what the server makes of a model's output before the analysis.
    from_records = {"cohort", "cluster", "categorical", "table", "shown_model"}
    keys = set(AnalysisPlan.__dataclass_fields__) - from_records
    assert set(PLAN["properties"]) == keys | {"model_answers"} == set(SOUND)
    assert {*COLUMNS, *NUMBERS} < set(SOUND)
    read = read_plan({key: one for key, one in SOUND.items() if key != "model_answers"})
    assert (read.margin, read.tau, read.power_cases) == (0.1, 36.0, (100.0, 200.0))


def test_a_sound_plan_has_advice_alone_where_the_records_lack_something() -> None:
    assert told(SOUND) == [
        (
            "analysis.plan.reclassification",
            "No arm shows these models, so their answers must come after the lock: lpln-radiomics-2.",
            False,
        )
    ]


def event(**changes: Any) -> dict[str, Any]:
    return {"endpoint": "OS", "models": ["lpln-radiomics"], "by": 36, **changes}


def link(**changes: Any) -> dict[str, Any]:
    own = {
        "model": "lpln-radiomics",
        "question": "criterion_margin",
        "output": "call",
        "answers": ["no", "yes"],
    }
    return {**own, **changes}


@pytest.mark.parametrize("plan", [None, {}])
def test_a_protocol_without_a_plan_is_sound(plan: object) -> None:
    assert told(plan) == []


def test_a_protocol_from_before_there_were_plans_keeps_shape_and_digest() -> None:
    document = protocol({})
    old = {**document, "analysis": {key: one for key, one in document["analysis"].items() if key != "plan"}}
    assert structure_problems(old) == []
    assert sha256_of(old) != sha256_of(document)
    assert "plan" not in old["analysis"]


@pytest.mark.parametrize(
    ("plan", "path", "text"),
    [
        ({"margin": 0}, "margin", "above 0 and below 0.5"),
        ({"margin": 0.5}, "margin", "above 0 and below 0.5"),
        ({"margin": -0.1}, "margin", "above 0 and below 0.5"),
        ({"margin_sensitivity": 0}, "margin_sensitivity", "above 0 and below 0.5"),
        ({"margin_partial_specificity": 0.1}, "margin_partial_specificity", "State the range"),
        (
            {"margin_partial_sensitivity": 0.2, "partial_sensitivity": [0.8, 1]},
            "margin_partial_sensitivity",
            "below the width",
        ),
        ({"prevalences": [0.3, 0.1]}, "prevalences", "must ascend"),
        ({"prevalences": [0.3, 0.3]}, "prevalences", "each of them once"),
        ({"prevalences": [0.3, 1]}, "prevalences", "above 0 and below 1"),
        ({"risk_cutoffs": [0, 0.5]}, "risk_cutoffs", "above 0 and below 1"),
        ({"times": [0, 12], "time_unit": "months"}, "times", "above 0"),
        ({"times": [24, 12], "time_unit": "months"}, "times", "must ascend"),
        ({"subgroups": ["sex", "sex"]}, "subgroups", "stands here twice"),
        ({"covariates": [" age"]}, "covariates", "begin or end with a space"),
        ({"development": [""]}, "development", "cannot be empty"),
        ({"strata": " "}, "strata", "cannot be empty"),
        ({"primary": ["auc"]}, "primary", "auc is no result"),
        ({"primary": ["roc/a", "roc/a"]}, "primary", "stands here twice"),
        ({"ordered": {"cohort": ["", "new"]}}, "ordered", "cannot be empty"),
        ({"reference_levels": {" sex": "female"}}, "reference_levels", "begin or end with a space"),
        ({"reference_levels": {"sex": ""}}, "reference_levels", "cannot be empty"),
        ({"labels": {"sex": " "}}, "labels", "cannot be empty"),
        ({"labels": {"sex": "Sex: male"}}, "labels", "cannot hold a colon"),
        ({"labels": {"sex": "Sex", "age": "Sex"}}, "labels", "the same label"),
        ({"predictors": ["truth"]}, "predictors", "cannot predict itself"),
        ({"reclassification": [["a", "a"]]}, "reclassification", "stands here twice"),
        ({"reclassification": [["a", "b"], ["a", "b"]]}, "reclassification", "The same pair"),
        ({"nomogram": ["age", "age"]}, "nomogram", "stands here twice"),
        ({"tau": 0}, "tau", "above 0"),
        ({"tests": {" sex": "fisher"}}, "tests", "begin or end with a space"),
        ({"ordered": {"cohort": ["old", "old"]}}, "ordered", "The groups of cohort must differ"),
        ({"fisher_share": 1}, "fisher_share", "0 or above, and below 1"),
        ({"normality_alpha": 0}, "normality_alpha", "above 0 and below 1"),
        ({"partial_specificity": [1, 0.8]}, "partial_specificity", "a low and a higher end"),
        ({"partial_sensitivity": [0.8, 0.8]}, "partial_sensitivity", "a low and a higher end"),
        ({"power_readers": [10, 5]}, "power_readers", "must ascend"),
        ({"power": 1}, "power", "above 0 and below 1"),
        ({"power_alpha": 0}, "power_alpha", "above 0 and below 1"),
        ({"event_probabilities": [event(), event()]}, "event_probabilities", "endpoints stands here twice"),
        ({"event_probabilities": [event(by=0)]}, "event_probabilities", "time of OS is above 0"),
        ({"event_probabilities": [event(endpoint=" ")]}, "event_probabilities", "cannot be empty"),
        (
            {"event_probabilities": [event(models=["lpln-radiomics"] * 2)]},
            "event_probabilities",
            "A model stands twice at OS",
        ),
        ({"positive_answers": {"margin": "yes"}}, "positive_answers", "no question margin"),
        ({"positive_answers": {"comment": "yes"}}, "positive_answers", "no question comment"),
        ({"positive_answers": {"rating": "4"}}, "positive_answers", "is the rating"),
        ({"positive_answers": {"criterion_margin": "maybe"}}, "positive_answers", "maybe is no answer"),
        ({"model_answers": [link(question="margin")]}, "model_answers", "no question margin"),
        ({"model_answers": [link(question="rating")]}, "model_answers", "rating is the rating"),
        ({"model_answers": [link(answers=["no", "maybe"])]}, "model_answers", "maybe is no answer"),
        (
            {"model_answers": [link(answers=["no", "no"])]},
            "model_answers",
            "an answer to criterion_margin twice",
        ),
        ({"model_answers": [link(cut_offs=[0.5])]}, "model_answers", "A call has two answers"),
        ({"model_answers": [link(output="score")]}, "model_answers", "Between each two answers"),
        (
            {"model_answers": [link(output="score", cut_offs=[2, 1])]},
            "model_answers",
            "Between each two answers",
        ),
        (
            {"model_answers": [link(output="probability", cut_offs=[1])]},
            "model_answers",
            "A limit of a probability",
        ),
        ({"model_answers": [link(), link()]}, "model_answers", "the same question twice"),
    ],
)
def test_a_fault_is_told_at_its_path(plan: dict[str, Any], path: str, text: str) -> None:
    blocking = [one for one in told(plan) if one[2]]
    assert [one[0] for one in blocking] == [f"analysis.plan.{path}"]
    assert text in blocking[0][1]


@pytest.mark.parametrize(
    ("plan", "path", "text"),
    [
        ({"times": [12]}, "time_unit", "in which unit"),
        ({"subgroups": ["pCR"]}, "subgroups", "hold no pCR"),
        ({"strata": "stage"}, "strata", "hold no stage"),
        ({"development": ["older"]}, "development", "no case of the cohort older"),
        ({"clinical": ["cT", "age"]}, "clinical", "hold no cT;"),
        ({"tests": {"stage": "fisher"}}, "tests", "hold no stage"),
        ({"ordered": {"stage": ["T2", "T3"]}}, "ordered", "hold no stage"),
        ({"normality": "assumed", "normality_alpha": 0.01}, "normality_alpha", "has no part"),
        ({"event_probabilities": [event(models=["net"])]}, "event_probabilities", "after the lock: net"),
        ({"model_answers": [link(model="net")]}, "model_answers", "after the lock: net"),
    ],
)
def test_what_the_records_lack_is_advice(plan: dict[str, Any], path: str, text: str) -> None:
    ((found, sentence, is_blocking),) = told(plan)
    assert (found, is_blocking) == (f"analysis.plan.{path}", False)
    assert text in sentence


def test_what_readers_are_not_told_is_no_column_and_a_margin_needs_a_rating() -> None:
    document = protocol({"subgroups": ["sex"], "margin": 0.1})
    document["sees_case_info"] = False
    document["analysis"] = {**document["analysis"], "rating_question": None, "positive_from": None}
    paths = [one.path for one in check_document(document, FACTS)]
    assert {"analysis.plan.subgroups", "analysis.plan.margin"} <= set(paths)


@pytest.mark.parametrize(
    ("plan", "path"),
    [
        ({"margins": 0.1}, "analysis.plan"),
        ({"margin": "0.1"}, "analysis.plan.margin"),
        ({"times": [True]}, "analysis.plan.times[0]"),
        ({"reclassification": [["a"]]}, "analysis.plan.reclassification[0]"),
        ({"subgroups": "sex"}, "analysis.plan.subgroups"),
        ({"tests": {"sex": "anova"}}, "analysis.plan.tests.sex"),
        ({"fisher_below": -1}, "analysis.plan.fisher_below"),
        ({"compare_counts": "fisher"}, "analysis.plan.compare_counts"),
        ({"normality": "levene"}, "analysis.plan.normality"),
        ({"compare_means": "mann-whitney"}, "analysis.plan.compare_means"),
        ({"ordered": {"sex": ["f"]}}, "analysis.plan.ordered.sex"),
        ({"survival_interval": "plain"}, "analysis.plan.survival_interval"),
        ({"bootstrap": ["bands", "bands"]}, "analysis.plan.bootstrap"),
        ({"power_cases": [1]}, "analysis.plan.power_cases[0]"),
        ({"power_generalizes_to": "all"}, "analysis.plan.power_generalizes_to"),
        ({"event_probabilities": [event(models=[])]}, "analysis.plan.event_probabilities[0].models"),
        ({"model_answers": [link(output="guess")]}, "analysis.plan.model_answers[0].output"),
        ({"positive_answers": {"margin": True}}, "analysis.plan.positive_answers.margin"),
        ([], "analysis.plan"),
    ],
)
def test_a_plan_of_another_shape_cannot_be_kept(plan: object, path: str) -> None:
    assert [one.path for one in structure_problems(protocol(plan))] == [path]


def test_the_document_of_the_protocol_words_the_whole_plan() -> None:
    register_fonts()
    lines = dict(plan_lines(SOUND))
    assert len(lines) == len(SOUND) - 1
    assert lines["Times of survival estimates"] == "12, 36.5 months"
    assert lines["Horizon of Uno's C and of restricted means"] == "36"
    assert lines["Models' answers to questions"] == (
        "lpln-radiomics answers criterion_margin by its call: no, yes; lpln-radiomics answers side_region by its "
        "probability: left_obturator, right_obturator from 0.5 on"
    )
    assert lines["Columns whose groups have an order"] == "cohort: old, new"
    assert lines["Models whose probabilities are those of an event"] == "OS by 36: lpln-radiomics"
    assert lines["A further study generalizes to"] == "cases"
    assert lines["Fisher's exact test in Table 1 where an expected count is below"] == "1"
    assert lines["Means in Table 1 are compared by"] == "Student's test and analysis of variance"
    assert lines["Reclassification between models"] == "from lpln-radiomics to lpln-radiomics-2"
    printed = list(protocol_sections.analysis(protocol(SOUND)))
    assert any(isinstance(one, Table) for one in printed)
    without = list(protocol_sections.analysis(protocol(None)))
    assert not any(isinstance(one, Table) for one in without)
    assert isinstance(without[-1], Paragraph)


def test_an_amendment_may_change_the_plan_and_names_what_it_changes() -> None:
    changed = {**SOUND, "margin": 0.05, "times": [12]}
    paths = [one.path for one in check_amendment(protocol(SOUND), protocol(changed))]
    assert paths == ["analysis.plan.margin", "analysis.plan.times"]
    old = protocol({})
    del old["analysis"]["plan"]
    (added,) = check_amendment(old, protocol(SOUND))
    assert (added.path, added.old, added.new) == ("analysis.plan", None, SOUND)


def test_a_question_that_a_consensus_answers_is_no_unknown_column() -> None:
    document = deepcopy(TEMPLATES["lln-segmentation"]())
    plan = {"survival_groups": ["region", "diameter_class", "short_axis_mm"], "time_unit": "months"}
    document["analysis"] = {**document["analysis"], "plan": plan}

    def lacking() -> list[str]:
        return [one.text for one in check_document(document, FACTS) if one.path.endswith("survival_groups")]

    (sentence,) = lacking()
    assert sentence.startswith("The study's records hold no short_axis_mm;")
    document["adjudication"] = None
    (sentence,) = lacking()
    assert sentence.startswith("The study's records hold no region, diameter_class, short_axis_mm;")
