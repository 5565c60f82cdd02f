"""A declared link makes a model answer a question of the form, and the protocol says which answer is positive."""

import csv
import io
from collections import Counter
from typing import Any

import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.study import study_of
from backend.reports.dataset_files import analysis_inputs, dataset_files
from backend.reports.dataset_positive import positive_answers
from backend.reports.models import FrozenDataset
from tests.factories.studies import Stage, study_in

pytestmark = pytest.mark.django_db
SHA = "ab" * 32
MODEL = "lpln-radiomics"
CALL = {"model": MODEL, "question": "criterion_margin", "output": "call", "answers": ["no", "yes"]}
SHARE = {
    "model": MODEL,
    "question": "side_region",
    "output": "probability",
    "answers": ["left_obturator", "right_obturator", "left_internal_iliac"],
    "cut_offs": [0.25, 0.5],
}


@pytest.fixture
def content(db: None) -> dict[str, Any]:
    found = FrozenDataset.objects.get(study=study_in(Stage.LOCKED, cases=4).study).document
    for one, probability in zip(found["models"][0]["predictions"], (0.1, 0.25, 0.4999, 0.5), strict=True):
        one["probability"] = probability
        one["is_positive"] = probability >= 0.4
    return {**found, "plan": {"model_answers": [CALL, SHARE]}}


def answers_of(content: dict[str, Any], question: str) -> list[str]:
    text = dataset_files(content, dataset_sha256=SHA)["model-answers.csv"]
    return [row["value"] for row in csv.DictReader(io.StringIO(text)) if row["question"] == question]


def test_an_output_is_read_as_the_link_says(content: dict[str, Any]) -> None:
    assert answers_of(content, "criterion_margin") == ["no", "no", "yes", "yes"]
    # A limit itself belongs to the answer above it.
    left, right, iliac = SHARE["answers"]
    assert answers_of(content, "side_region") == [left, right, right, iliac]
    notes = "\n".join(analysis_inputs(content, dataset_sha256=SHA).notes)
    assert "are its call as the protocol reads it: no for negative, yes for positive." in notes
    assert f"{right} from 0.25 on, {iliac} from 0.5 on." in notes


def test_the_model_stands_in_the_matrix_of_the_question(content: dict[str, Any]) -> None:
    for read, answer in zip(content["reads"], [True, False, True, True] * 4, strict=True):
        read["answers"]["criterion_margin"] = answer
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    section = agreement(study_of(inputs, level=0.95, seed=1))
    matrix = section.item("kappa_unweighted/question:criterion_margin/unaided").result.matrix
    assert matrix.raters == ("R1", "R2", MODEL)
    kappa = matrix.pair("R1", MODEL).result.kappa
    model = dict(zip(sorted(content["truth"]), (False, False, True, True), strict=True))
    reader = {
        read["case"]: read["answers"]["criterion_margin"]
        for read in content["reads"]
        if (read["reader"], read["arm"]) == ("R1", "unaided")
    }
    # Cohen's kappa by its definition.
    table = Counter((reader[case], model[case]) for case in model)
    observed = (table[True, True] + table[False, False]) / 4
    by_chance = sum(
        sum(count for pair, count in table.items() if pair[0] is answer)
        * sum(count for pair, count in table.items() if pair[1] is answer)
        for answer in (True, False)
    )
    chance = by_chance / 16
    assert kappa == pytest.approx((observed - chance) / (1 - chance), rel=1e-12)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({**CALL, "question": "rating"}, "the form does not ask it, or not with these answers"),
        ({**CALL, "answers": ["no", "maybe"]}, "the form does not ask it, or not with these answers"),
        ({**CALL, "model": "net"}, "no model of that name has predictions"),
    ],
)
def test_what_cannot_be_answered_is_told(content: dict[str, Any], link: dict[str, Any], told: str) -> None:
    content["plan"] = {"model_answers": [link]}
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert "model-answers.csv" not in inputs.texts
    assert any(told in note for note in inputs.notes)


def test_yes_is_positive_unless_the_plan_or_a_call_says_otherwise(content: dict[str, Any]) -> None:
    del content["plan"]
    assert set(positive_answers(content).values()) == {"yes"}
    assert {"criterion_margin", "criterion_heterogeneous"} <= set(positive_answers(content))
    content["plan"] = {"model_answers": [{**CALL, "answers": ["yes", "no"]}]}
    assert positive_answers(content)["criterion_margin"] == "no"
    content["plan"]["positive_answers"] = {"criterion_margin": "yes", "side_region": "left_obturator"}
    assert positive_answers(content)["criterion_margin"] == "yes"
    assert positive_answers(content)["side_region"] == "left_obturator"
    content["plan"]["positive_answers"] = {"side_region": "elsewhere"}
    assert "side_region" not in positive_answers(content)
    notes = analysis_inputs(content, dataset_sha256=SHA).notes
    assert any("elsewhere as the positive answer to side_region" in note for note in notes)


def test_two_models_that_mean_different_things_declare_nothing(content: dict[str, Any]) -> None:
    content["plan"] = {"model_answers": [CALL, {**CALL, "model": "net", "answers": ["yes", "no"]}]}
    assert positive_answers(content)["criterion_margin"] == "yes"
    choice = {**CALL, "question": "side_region", "answers": ["left_obturator", "right_obturator"]}
    content["plan"] = {
        "model_answers": [choice, {**choice, "model": "net", "answers": choice["answers"][::-1]}]
    }
    assert "side_region" not in positive_answers(content)


def test_a_reader_is_compared_with_a_reference_of_two_answers(content: dict[str, Any]) -> None:
    files = dataset_files(content, dataset_sha256=SHA)
    files["reference.csv"] = "case,question,value\n" + "".join(
        f"{case},criterion_margin,{'yes' if is_positive else 'no'}\n"
        for case, is_positive in sorted(content["truth"].items())
    )
    section = agreement(study_of(read_dataset(files), level=0.95, seed=1))
    assert [one for one in section.failures if one.code == "positive_class_missing"] == []
    found = section.item(f"reference/question:criterion_margin/{MODEL}").result
    assert (found.positive, sum(map(sum, found.table))) == ("yes", 4)
