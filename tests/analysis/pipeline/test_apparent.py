"""What a model's own cases say of it is marked as apparent wherever it stands, and nothing else is."""

import json

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.apparent import (
    JUDGED_APART,
    MADE_ON_PART,
    MADE_ON_THESE,
    apparent_of,
    apparent_warnings,
    is_apparent,
)
from backend.analysis.pipeline.curves import roc
from backend.analysis.pipeline.outcomes import survival
from backend.analysis.pipeline.predictions import predictions
from backend.analysis.pipeline.report_summary import summary_section
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import Rated
from backend.analysis.study_report import Curve
from tests.analysis.pipeline.two_cohorts import DEVELOPMENT, VALIDATION, study_of_rows, two_cohorts

PLAN = {
    "cohort": "cohort",
    "development": ["development"],
    "risk_cutoffs": [0.3],
    "times": [12],
    "event_probabilities": [{"endpoint": "OS", "models": ["net"], "by": 12}],
}
THESE = MADE_ON_THESE.format(groups="development")
PART = MADE_ON_PART.format(n_own=DEVELOPMENT, n=DEVELOPMENT + VALIDATION, groups="development") + JUDGED_APART


def warned(section: Section, key: str) -> tuple[bool, bool]:
    found = section.item(key).warnings
    return THESE in found, PART in found


def test_models_are_warned_of_on_their_own_cases_only() -> None:
    study = study_of_rows(two_cohorts(), PLAN)
    models = predictions(study)
    for kind in ("calibration/net", "impact/net", "components/net", "decision_curve"):
        assert warned(models, f"{kind}/development") == (True, False)
        assert warned(models, f"{kind}/validation") == (False, False)
        assert warned(models, f"{kind}/all cases") == (False, True)
    outcomes = survival(study)
    for section, kinds in (
        (models, ("nri/old to net", "nri_categories/old to net", "idi/old to net")),
        (
            outcomes,
            ("harrell/OS/net", "uno/OS/net", "time_roc/OS/net", "compare_c/OS/net - old", "brier/OS/net"),
        ),
        (outcomes, ("compare_uno/OS/net - old", "compare_time_auc/OS/net - old", "decision_curve/OS")),
    ):
        for kind in kinds:
            # Without a pair in the plan the first by name is the old one.
            key = kind.replace("old to net", "net to old")
            assert warned(section, key) == (False, True), key
            assert warned(section, f"{key}/development") == (True, False), key
            assert warned(section, f"{key}/validation") == (False, False), key
    curves = roc(study)
    for key in ("curve/net", "intervals/net", "delong/net - old", "groups/cohort"):
        assert warned(curves, key) == (False, True), key


@pytest.mark.parametrize("development", [[], ["nowhere"]], ids=["not stated", "unknown"])
def test_nothing_is_said_where_the_plan_does_not_know(development: list[str]) -> None:
    study = study_of_rows(two_cohorts(), {**PLAN, "development": development})
    assert apparent_warnings(study, study.study.truth) == ()


def test_all_cases_declared_are_apparent_as_a_whole_and_readers_never_are() -> None:
    study = study_of_rows(two_cohorts(), {**PLAN, "development": ["all cases"]})
    assert apparent_warnings(study, study.known) == (MADE_ON_THESE.format(groups="all cases"),)
    reader = Rated(Curve("reader", "R1", "A"), {}, {}, frozenset())
    assert apparent_of(study, [reader], study.known) == ()


def test_the_main_table_begins_with_cases_that_the_models_were_not_made_on() -> None:
    results = run_analysis(study_of_rows(two_cohorts(), PLAN).files)
    tables = {one.key: one for one in summary_section(results, "cohort", ("development",)).tables}
    assert [row[:2] for row in tables["main-models"].rows if row[0] == "net"] == [
        ("net", "validation"),
        ("net", "development (apparent)"),
        ("net", "all (apparent)"),
    ]
    assert any(
        "Apparent: the models were made on these cases" in note for note in tables["main-models"].notes
    )
    declared = {one.key: one for one in summary_section(results, "cohort", ("all cases",)).tables}[
        "main-models"
    ]
    assert all(row[1].endswith(" (apparent)") for row in declared.rows)
    assert len(declared.rows) == 6
    plain = {one.key: one for one in summary_section(results, "cohort").tables}
    assert not any("pparent" in cell for row in plain["main-models"].rows for cell in row)


def with_readers(files: dict[str, str]) -> dict[str, str]:
    """The small study with three models, made on the first twenty cases, all that the plan can ask, and a question."""
    outputs = files["predictions.csv"].splitlines()
    other = [row.replace("net,", f"{name},", 1) for name in ("net b", "net c") for row in outputs[1:]]
    cases = [f"C{n:02d},{'train' if n <= 20 else 'test'},P{n // 2}" for n in range(1, 31)]
    plan = {
        "cohort": "cohort",
        "development": ["train"],
        "cluster": "patient",
        "partial_specificity": [0.7, 0.9],
        "partial_sensitivity": [0.8, 1],
        "bootstrap": ["differences", "bands"],
    }
    question = {"key": "side", "label": "Side", "categories": ["left", "right", "both"]}
    settled = [f"C{n:02d},side,left" for n in range(1, 31)]
    answers = ["R1,AIDED,2,C01,side,left", "R1,AIDED,2,C02,side,right", ""]
    return {
        **files,
        "study.json": json.dumps(
            {**json.loads(files["study.json"]), "analysis": plan, "questions": [question]}
        ),
        "reads.csv": files["reads.csv"] + "\n".join(answers),
        "reference.csv": "\n".join(["case,question,value", *settled, ""]),
        "model-answers.csv": "\n".join(["model,case,question,value", *(f"net,{one}" for one in settled), ""]),
        "predictions.csv": "\n".join([*outputs, *other, ""]),
        "cases.csv": "\n".join(["case,cohort,patient", *cases, ""]),
        "exclusions.csv": "case,reader,session,reason,set\nC30,R1,1,late,per-protocol\n",
    }


def test_every_result_of_a_model_says_so_and_none_of_readers_alone(small_files: dict[str, str]) -> None:
    results = run_analysis(read_dataset(with_readers(small_files)))
    kinds = set()
    for name in ("roc", "operating_points", "mrmc", "per_protocol"):
        for item in results.section(name).items:
            of_all = item.key in ("groups/cohort", "within/cohort", "equal_areas/models")
            of_models = "net" in item.key or of_all
            elsewhere = item.key.endswith("/test")
            assert is_apparent(item.warnings) == (of_models and not elsewhere), (name, item.key)
            kinds |= {item.key.split("/")[0]} if of_models else set()
    assert kinds >= {
        "curve", "intervals", "bootstrap", "partial", "partial_sensitivity", "band", "hull", "youden", "closest",
        "delong", "bootstrap_pair", "partial_pair_specificity", "clustered", "clustered_pair", "equal_areas",
        "groups", "within", "at_cutoff", "confusion", "clustered_sensitivity", "mcnemar", "predictive", "panel", "auc",
    }  # fmt: skip
    answered = {item.key: is_apparent(item.warnings) for item in results.section("agreement").items}
    assert (answered["reference/question:side/net"], answered["reference/question:side/R1, AIDED"]) == (
        True,
        False,
    )
    tables = {one.key: one for one in summary_section(results, "cohort", ("train",)).tables}
    marked = {row[0].split(":")[0]: row[0].endswith(" (apparent)") for row in tables["main-calls"].rows}
    assert {name for name, is_marked in marked.items() if is_marked} == {"net", "net b", "net c"}
    assert any("the shares are optimistic" in note for note in tables["main-calls"].notes)


def test_other_cohorts_are_said_to_be_judged_apart_only_where_there_is_one() -> None:
    rows = two_cohorts()
    for case, row in rows.items():
        row["cohort"] = None if case.startswith("V") else row["cohort"]
    study = study_of_rows(rows, PLAN)
    assert apparent_warnings(study, study.known) == (PART.removesuffix(JUDGED_APART),)


def test_a_cohort_called_all_cases_is_told_from_them_wherever_it_stands() -> None:
    rows = two_cohorts()
    for row in rows.values():
        row["cohort"] = row["cohort"].replace("development", "all cases")
    name = "cohort all cases"
    plan = {
        "cohort": "cohort",
        "development": [name],
        "survival_groups": ["cohort"],
        "ordered": {"cohort": ["validation", "all cases"]},
    }
    results = run_analysis(study_of_rows(rows, plan).files)
    assert [one.key for section in results.sections for one in section.failures] == []
    tables = {one.key: one for one in summary_section(results, "cohort", (name,)).tables}
    assert [row[1] for row in tables["main-models"].rows if row[0] == "net"] == [
        "validation",
        f"{name} (apparent)",
        "all (apparent)",
    ]
    calls = {item.key: item.title for item in results.section("operating_points").items}
    assert name in calls[f"at_cutoff/net/cohort/{name}"]
    groups = results.section("roc").item("groups/cohort").result.groups
    assert {one.labels["cohort"] for one in groups} == {name, "validation"}
    cohorts = results.section("flow").item("flow").result.cohorts
    assert [(one.label, one.cases) for one in cohorts] == [(name, DEVELOPMENT), ("validation", VALIDATION)]
    table = results.section("table_one").item("cohort").result
    assert table.groups == ("validation", name)
    curves = results.section("survival").item("logrank/OS/cohort").result
    assert [one.label for one in curves.groups] == ["validation", name]
    assert not isinstance(results.section("survival").item("trend/OS/cohort").result, NotEstimable)
