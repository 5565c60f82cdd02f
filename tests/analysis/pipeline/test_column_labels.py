"""What the plan calls columns stands in tables, figures and titles; keys and numbers are those without labels."""

import json
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import read_plan
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.nomogram_figure import nomogram_figure
from backend.analysis.pipeline.column_labels import column_labels, label_of
from backend.analysis.pipeline.curves import roc
from backend.analysis.pipeline.outcomes import survival
from backend.analysis.pipeline.patients import patients
from backend.analysis.pipeline.predictions import predictions
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import Study
from backend.analysis.pipeline.wording import Wording
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.words import within_sentence
from backend.analysis.roc_panels import group_panels
from backend.analysis.survival.figures import forest_figure

from .two_cohorts import study_of_rows, two_cohorts

LABELS = {"age": "Age, years", "stage": "T stage", "cohort": "Cohort", "net": "Network"}
PLAN: dict[str, Any] = {
    "cohort": "cohort",
    "covariates": ["age", "stage", "net"],
    "clinical": ["age", "stage"],
    "predictors": ["age", "stage"],
    "subgroups": ["stage"],
    "survival_groups": ["stage"],
    "strata": "cohort",
    "times": [12, 24],
}
FILES = {
    "study.json": json.dumps({"title": "S", "questions": [{"key": "side", "label": "Side of the node",
                                                           "categories": ["left", "right"]}]}),
    "truth.csv": "case,truth\nA,1\nB,0\n",
    "cases.csv": "case,t_stage,age\nA,T2,50\nB,T3,61\n",
    "reference.csv": "case,question,value\nA,side,left\nB,side,right\n",
    "predictions.csv": "model,version,case,score,probability,positive\nbig_net,1,A,0.7,0.7,1\nbig_net,1,B,0.2,0.2,0\n",
}  # fmt: skip


def dataset(**plan: object) -> DatasetFiles:
    study = {**json.loads(FILES["study.json"]), "analysis": plan}
    return read_dataset({**FILES, "study.json": json.dumps(study)})


@pytest.fixture(scope="module")
def plain() -> Study:
    return study_of_rows(two_cohorts(), PLAN)


@pytest.fixture(scope="module")
def labeled() -> Study:
    return study_of_rows(two_cohorts(), {**PLAN, "labels": LABELS})


def tables(section: Section) -> list[ReportTable]:
    parts = section_tables(section, 0.95, Wording(labels=LABELS))
    return [one.table for part in parts for one in part.tables]


def first_column(section: Section, end: str) -> list[str]:
    """Of the tables whose key has this part."""
    return [row[0] for one in tables(section) if end in one.key for row in one.rows]


def test_a_column_is_called_by_its_label_its_title_or_its_name_with_spaces() -> None:
    files = dataset(labels={"age": "Age, years"})
    named = {name: label_of(files, name) for name in ("age", "t_stage", "side", "big_net", "truth")}
    assert named == {
        "age": "Age, years",
        "t_stage": "t stage",
        "side": "Side of the node",
        "big_net": "big_net",
        "truth": "Reference standard",
    }
    assert column_labels(files) == {"age": "Age, years", "t_stage": "t stage", "side": "Side of the node"}
    assert label_of(dataset(labels={"side": "Side", "big_net": "Network"}), "side") == "Side"
    assert column_labels(dataset(labels={"big_net": "Network"}))["big_net"] == "Network"


def test_a_label_in_a_sentence_is_small_where_it_is_a_word() -> None:
    labels = (
        "Age, years",
        "Short-axis diameter",
        "CEA, ng/mL",
        "T stage",
        "ypN stage",
        "Ki-67",
        "Child-Pugh class",
        "",
    )
    assert [within_sentence(one) for one in labels] == [
        "age, years",
        "short-axis diameter",
        *labels[2:],
    ]


def test_a_label_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(AnalysisError, match="names CEA in labels") as caught:
        column_labels(dataset(labels={"CEA": "CEA, ng/mL"}))
    assert caught.value.code == "unknown_column"


@pytest.mark.parametrize(
    ("labels", "other"),
    [({"age": "big_net"}, "big_net"), ({"big_net": "age"}, "age"), ({"age": "Reference standard"}, "truth")],
)
def test_a_label_by_which_another_goes_is_refused(labels: dict[str, str], other: str) -> None:
    """Two rows of a table would be called alike, and nobody could tell which is which."""
    with pytest.raises(AnalysisError, match=f"as {other} is called") as caught:
        column_labels(dataset(labels=labels))
    assert caught.value.code == "repeated"


def test_names_without_a_label_are_never_made_alike() -> None:
    """Spaces for underscores, and a question's title, only where nothing else is called so."""
    columns = {**FILES, "cases.csv": "case,a_b,c_d,c d,Side of the node\nA,1,2,3,4\nB,5,6,7,8\n"}
    columns["predictions.csv"] = FILES["predictions.csv"].replace("big_net", "a b")
    files = read_dataset(columns)
    assert [label_of(files, name) for name in ("a_b", "c_d", "c d", "side")] == ["a_b", "c_d", "c d", "side"]
    assert column_labels(files) == {}
    declared = dataset(labels={"age": "t stage", "t_stage": "age"})
    assert column_labels(declared) == {"age": "t stage", "side": "Side of the node", "t_stage": "age"}
    assert label_of(dataset(labels={"age": "t stage"}), "t_stage") == "t_stage"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (["Age"], "wrong_type"),
        ({"age": 3}, "wrong_type"),
        ({"age": " "}, "wrong_type"),
        ({"age": "Age", "sex": "Age"}, "repeated"),
    ],
)
def test_labels_are_different_texts_by_column(value: object, code: str) -> None:
    with pytest.raises(AnalysisError, match="labels") as caught:
        read_plan({"labels": value})
    assert caught.value.code == code


def test_the_numbers_and_keys_are_those_without_labels(plain: Study, labeled: Study) -> None:
    for compute in (survival, predictions, roc):
        before, after = compute(plain), compute(labeled)
        assert [one.key for one in after.items] == [one.key for one in before.items]
        for one, other in zip(before.items, after.items, strict=True):
            assert other.result == one.result
            assert other.n == one.n


def test_regressions_and_their_nomograms_are_printed_by_labels(labeled: Study) -> None:
    section = predictions(labeled)
    assert {"Age, years", "T stage: T3", "T stage: T4"} <= set(first_column(section, "-logistic"))
    assert set(first_column(section, "-nomogram-1")) >= {"Age, years", "T stage"}
    nomogram = section.item("nomogram").result
    assert {axis.name for axis in nomogram.axes} == {"age", "stage"}
    svg = nomogram_figure(nomogram, title="N", labels=LABELS).decode()
    assert "<!-- Age, years -->" in svg
    assert "<!-- age -->" not in svg


def test_cox_models_and_curves_are_printed_by_labels(labeled: Study) -> None:
    section = survival(labeled)
    cox = first_column(section, "-cox-1")
    assert {"Age, years", "Network", "T stage: T3 (reference T2)"} <= set(cox)
    assert any(row.startswith("T stage, all levels") for row in cox)
    assert [row[1] for one in tables(section) if one.key.endswith("-hazards") for row in one.rows][:2] == [
        "Age, years",
        "T stage",
    ]
    assert {"T stage", "Network", "Network, T stage T2"} <= set(first_column(section, "-curves-1"))
    assert section.item("logrank/OS/net/stage/T2").result.subgroup == "stage T2"
    assert section.item("logrank/OS/stage").title == "OS by T stage"
    assert section.item("stratified/OS/stage").title == "OS by T stage, stratified by Cohort"
    svg = forest_figure(
        section.item("cox/OS").result.multivariate, "svg", title="Cox", labels=LABELS
    ).decode()
    assert "<!-- T stage: T3 vs T2 -->" in svg
    assert "stage: T3 vs T2" not in svg.replace("T stage", "")


def test_table_1_and_subgroups_are_printed_by_labels(labeled: Study) -> None:
    section = patients(labeled)
    assert section.item("cohort").title == "Cases by Cohort"
    table = section.item("cohort").result
    assert table.group_label == "Cohort"
    named = {row.variable.key: row.variable.label for row in table.rows}
    assert {"age": "Age, years", "stage": "T stage"}.items() <= named.items()
    assert any(row.startswith("Age, years, ") for row in first_column(section, "cohort"))
    groups = roc(labeled).item("groups/stage")
    assert groups.title == "Areas by T stage, and the groups compared"
    assert "net, T stage T2" in first_column(roc(labeled), "-group-")
    titles = [panel.title for panel in group_panels(groups.result, inner="curve", labels=LABELS)]
    assert titles == ["T stage T2", "T stage T3", "T stage T4"]
