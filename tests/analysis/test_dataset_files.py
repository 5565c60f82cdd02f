"""The folder of CSV files that the statistics take, and the tidy table with its dictionary and snippets."""

import csv
import io
import json
import random
import runpy
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import (
    DatasetFiles,
    Outcome,
    read_dataset,
    read_dataset_folder,
)
from backend.analysis.formats.dataset_design import Design, read_design, write_design
from backend.analysis.formats.dataset_reads import FurtherAnswer
from backend.analysis.formats.dataset_write import write_dataset
from backend.analysis.formats.tidy_csv import (
    READ_COLUMNS,
    TidyQuestion,
    TidyRead,
    data_dictionary_csv,
    read_data_dictionary,
    tidy_csv,
    tidy_files,
)
from backend.analysis.study_dataset import Question, ReadRecord, StudyDataset
from backend.analysis.study_report import study_report

MakeDataset = Callable[..., StudyDataset]

DESIGN = {
    "title": "Nodes",
    "readers": ["R1", "R2"],
    "arms": ["UNAIDED", "AIDED"],
    "scale": {"from": 1, "to": 5},
    "questions": [{"key": "side", "label": "Side", "categories": ["left", "right"]}],
}
READS = "reader,arm,session,case,question,value\n"
FILES = {
    "study.json": json.dumps(DESIGN),
    "truth.csv": "case,truth\nC1,1\nC2,0\nC3,\n",
    "reads.csv": READS
    + 'R1,UNAIDED,1,C1,rating,4\nR1,UNAIDED,1,C1,side,left\nR1,UNAIDED,1,C1,remark,"seen, twice"\n'
    + "R1,UNAIDED,1,C2,rating,\nR1,UNAIDED,2,C1,rating,5\nR2,AIDED,2,C3,rating,1\n",
    "predictions.csv": "model,version,case,score,probability,positive\nnet,1.0,C1,0.7,0.67,1\nnet,1.0,C2,-1,,0\n",
    "outcomes.csv": "case,endpoint,time,event\nC1,DFS,12.5,1\nC2,DFS,36,0\nC1,OS,30,0\n",
    "cases.csv": "case,center,age,cea\nC1,A,61,2.5\nC2,B,58,\nC3,A,70,9e1\n",
}


def with_file(name: str, text: str) -> dict[str, str]:
    return {**FILES, name: text}


def test_the_whole_folder_is_read(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode())
    found = read_dataset_folder(tmp_path)
    assert found == read_dataset(FILES)
    study = found.study
    assert study is not None
    assert (study.title, study.arms, study.scale) == ("Nodes", ("UNAIDED", "AIDED"), (1, 2, 3, 4, 5))
    assert study.truth == {"C1": True, "C2": False, "C3": None}
    assert study.reads == (
        ReadRecord("R1", "UNAIDED", 1, "C1", 4, {"side": "left"}),
        ReadRecord("R1", "UNAIDED", 1, "C2", None, {}),
        ReadRecord("R2", "AIDED", 2, "C3", 1, {}),
    )
    assert found.repeats == (ReadRecord("R1", "UNAIDED", 2, "C1", 5, {}),)
    assert found.answers == (FurtherAnswer("R1", "UNAIDED", 1, "C1", "remark", "seen, twice"),)
    assert [one.score for one in study.models[0].predictions] == [0.7, -1.0]
    assert [one.probability for one in study.models[0].predictions] == [0.67, None]
    assert found.outcomes[1:] == (
        Outcome("C2", "DFS", 36.0, event=False),
        Outcome("C1", "OS", 30.0, event=False),
    )
    assert found.covariates["C2"] == {"center": "B", "age": 58.0, "cea": None}
    assert found.notes == ()


def test_order_of_rows_changes_no_bit() -> None:
    def turned(text: str) -> str:
        header, *rows = text.splitlines()
        random.Random(4).shuffle(rows)
        return "\n".join([header, *rows]) + "\n"

    here = read_dataset(FILES)
    there = read_dataset({n: turned(t) if n.endswith(".csv") else t for n, t in FILES.items()})
    assert here.study is not None
    assert there.study is not None
    assert here.study.content_sha256() == there.study.content_sha256()
    assert json.dumps(here.to_json(), sort_keys=True) == json.dumps(there.to_json(), sort_keys=True)


def test_a_study_comes_back_from_its_files_and_gives_the_same_report(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    outcomes = [Outcome("A-0002", "DFS", 3.25, event=True), Outcome("A-0001", "DFS", 10.0, event=False)]
    repeat = replace(dataset.reads[0], session=9, score=2)
    found = read_dataset(write_dataset(dataset, repeats=[repeat], outcomes=outcomes))
    assert found.study is not None
    assert found.study.content_sha256() == dataset.content_sha256()
    assert found.repeats == (repeat,)
    assert found.outcomes == tuple(sorted(outcomes, key=lambda one: one.case))
    assert study_report(found.study).to_json() == study_report(dataset).to_json()


def test_a_study_without_rating_stays_one() -> None:
    reads = (ReadRecord("R1", "U", 1, "=C1", None, {"side": 2}),)
    study = StudyDataset(
        "Sides", reads, {"=C1": None}, ("U",), questions=(Question("side", "Side", (1, 2)),), is_rated=False
    )
    files = write_dataset(study)
    assert "'=C1" in files["truth.csv"]
    assert read_dataset(files).study == study


def test_without_a_design_arms_stand_in_the_order_of_their_sessions() -> None:
    files = {"truth.csv": FILES["truth.csv"], "reads.csv": READS + "R1,B,2,C1,rating,3\nR1,Z,1,C1,rating,4\n"}
    found = read_dataset(files)
    assert found.study is not None
    assert found.study.arms == ("Z", "B")
    assert found.study.readers == ("R1",)


def test_ratings_alone_are_a_dataset() -> None:
    found = read_dataset({"mrmc.csv": "reader,modality,case,truth,rating\nR1,A,1,1,3\n"})
    assert found.study is None
    assert found.mrmc is not None
    assert found.mrmc.truth == {"1": True}
    both = read_dataset({**FILES, "mrmc.csv": "reader,modality,case,truth,rating\nR1,A,1,1,3\n"})
    assert both.study is not None
    assert both.mrmc is not None


def test_further_columns_are_passed_over_and_told() -> None:
    found = read_dataset(with_file("truth.csv", "case,truth,pathologist\nC1,1,x\nC2,0,y\nC3,,z\n"))
    assert found.notes == ("truth.csv: passed over the columns pathologist",)


@pytest.mark.parametrize(
    ("name", "text", "code", "complaint"),
    [
        ("truth.csv", "case,truth\n", "no_cases", "truth.csv has no case"),
        ("truth.csv", "case,truth\nC1,1\nC1,0\n", "repeated", "truth.csv, row 3: case C1"),
        ("truth.csv", "case,truth\nC1,yes\n", "not_boolean", "truth.csv, row 2: truth is 'yes'"),
        ("reads.csv", READS, "no_reads", "reads.csv has no read"),
        ("reads.csv", READS + "R9,AIDED,1,C1,rating,4\n", "unknown_reader", "reads.csv, row 2: reader R9"),
        ("reads.csv", READS + "R1,DAZED,1,C1,rating,4\n", "unknown_arm", "reads.csv, row 2: arm DAZED"),
        ("reads.csv", READS + "R1,AIDED,1,C9,rating,4\n", "unknown_case", "row 2: case C9 is not in truth"),
        ("reads.csv", READS + "R1,AIDED,x,C1,rating,4\n", "not_number", "row 2: session is 'x'"),
        ("reads.csv", READS + "R1,AIDED,1.5,C1,rating,4\n", "not_whole", "row 2: session is 1.5"),
        (
            "reads.csv",
            READS + "R1,AIDED,1,C1,rating,4\nR1,AIDED,1,C1,rating,5\n",
            "repeated",
            r"row 3: rating of case C1 by R1 in AIDED, session 1, stands there already \(reads.csv, row 2\)",
        ),
        ("reads.csv", READS + "R1,AIDED,1,C1,rating,6\n", "score_not_on_scale", "row 2: rating 6 is not on"),
        ("reads.csv", READS + "R1,AIDED,1,C1,rating,2.5\n", "score_not_on_scale", "row 2: rating 2.5"),
        ("reads.csv", READS + "R1,AIDED,1,C1,rating,NaN\n", "value_not_finite", "row 2: rating is 'NaN'"),
        ("reads.csv", READS + "R1,AIDED,1,C1,rating,high\n", "not_number", "row 2: rating is 'high'"),
        (
            "reads.csv",
            READS + "R1,AIDED,1,C1,side,top\n",
            "unknown_category",
            "row 2: 'top' is no answer to side",
        ),
        ("reads.csv", READS + "R1,AIDED,1,C1,,4\n", "cell_empty", "row 2: question is empty"),
        ("reads.csv", "reader,arm,case,question,value\n", "column_missing", "the column session is missing"),
        (
            "predictions.csv",
            FILES["predictions.csv"] + "net,1.0,C1,0.7,,1\n",
            "repeated",
            "predictions.csv, row 4: net has a prediction for case C1",
        ),
        (
            "predictions.csv",
            FILES["predictions.csv"] + "net,2.0,C3,0.7,,1\n",
            "two_versions",
            "predictions.csv, row 4: net has version 1.0",
        ),
        (
            "predictions.csv",
            FILES["predictions.csv"] + "net,1.0,C3,0.7,1.7,1\n",
            "probability_out_of_range",
            "row 4: the probability 1.7",
        ),
        (
            "predictions.csv",
            FILES["predictions.csv"] + "net,1.0,C3,,0.5,1\n",
            "cell_empty",
            "row 4: score is empty",
        ),
        ("outcomes.csv", "case,endpoint,time,event\nC1,OS,-1,1\n", "time_negative", "outcomes.csv, row 2"),
        (
            "outcomes.csv",
            "case,endpoint,time,event\nC1,OS,inf,1\n",
            "value_not_finite",
            "outcomes.csv, row 2",
        ),
        ("outcomes.csv", "case,endpoint,time,event\nC9,OS,1,1\n", "unknown_case", "outcomes.csv, row 2"),
        (
            "outcomes.csv",
            "case,endpoint,time,event\nC1,OS,1,1\nC1,OS,2,1\n",
            "repeated",
            "row 3: case C1 has an outcome OS already",
        ),
        ("cases.csv", "case,age\nC1,60\nC1,61\n", "repeated", "cases.csv, row 3"),
        ("cases.csv", "case,age\nC1,nan\n", "value_not_finite", "cases.csv, row 2: age is 'nan'"),
        ("cases.csv", "case,age\nC1,7e201\n", "value_beyond_range", "row 2: age is '7e201': a number to"),
        ("cases.csv", "case,age\nC1,-1e-60\n", "value_beyond_range", "row 2: age is '-1e-60': a number to"),
        ("cases.csv", "case,age\nC8,60\n", "unknown_case", "cases.csv, row 2"),
        ("study.json", "{", "not_json", "study.json is not JSON"),
    ],
)
def test_wrong_files_are_refused_by_file_and_row(name: str, text: str, code: str, complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_dataset(with_file(name, text))
    assert caught.value.code == code


def test_a_text_that_looks_like_a_huge_number_is_a_text_among_texts() -> None:
    found = read_dataset(with_file("cases.csv", "case,device\nC1,SkyraFit\nC2,7E85\n"))
    assert found.covariates["C2"] == {"device": "7E85"}


def test_what_a_model_gives_may_be_as_small_as_it_likes() -> None:
    text = "model,version,case,score,probability,positive\nnet,1,C1,1e-70,1e-70,0\nnet,1,C2,3e-60,3e-60,0\n"
    study = read_dataset(with_file("predictions.csv", text)).study
    assert study is not None
    assert [one.probability for one in study.models[0].predictions] == [1e-70, 3e-60]


def test_a_missing_file_or_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"truth.csv is missing"):
        read_dataset({"reads.csv": FILES["reads.csv"]})
    with pytest.raises(AnalysisError, match=r"reads.csv is missing"):
        read_dataset_folder(tmp_path)
    with pytest.raises(AnalysisError, match="is no folder"):
        read_dataset_folder(tmp_path / "nothing")
    (tmp_path / "truth.csv").write_bytes(b"case,truth\n\xff,1\n")
    with pytest.raises(AnalysisError, match=r"truth.csv is not UTF-8 \(byte 11\)"):
        read_dataset_folder(tmp_path)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.analysis.formats.dataset_csv.MAX_FILE_BYTES", 10)
    (tmp_path / "truth.csv").write_text(FILES["truth.csv"])
    with pytest.raises(AnalysisError, match=r"truth.csv is larger than 10 bytes"):
        read_dataset_folder(tmp_path)


def test_design_comes_back() -> None:
    design = read_design(json.dumps(DESIGN))
    assert read_design(write_design(design)) == design
    assert read_design("{}") == Design()
    assert design.questions[0].categories == ("left", "right")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([], "wrong_type"),
        ({"colour": "red"}, "unknown_key"),
        ({"title": 3}, "wrong_type"),
        ({"is_synthetic": "yes"}, "wrong_type"),
        ({"readers": "R1"}, "wrong_type"),
        ({"readers": ["R1", "R1"]}, "repeated"),
        ({"scale": {"from": 1, "to": 100000}}, "wrong_type"),
        ({"scale": 5}, "wrong_type"),
        ({"scale": [1, 2.5]}, "wrong_type"),
        ({"positive_from": True}, "wrong_type"),
        ({"questions": {}}, "wrong_type"),
        ({"questions": [{"key": "a", "colour": 1}]}, "wrong_type"),
        ({"questions": [{"key": "a", "categories": [None]}]}, "wrong_type"),
        ({"questions": [{"key": "a", "categories": [1, "1"]}]}, "repeated"),
    ],
)
def test_a_wrong_design_is_refused(content: object, code: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        read_design(json.dumps(content))
    assert caught.value.code == code


QUESTIONS = (
    TidyQuestion("rating", "Malignancy", "code", "", ((1, "definitely benign"), (5, "definitely malignant"))),
    TidyQuestion("axis_mm", "Short axis", "number", "mm"),
    TidyQuestion("seen", "Node seen", "boolean"),
    TidyQuestion("criteria", "Criteria met", "codes", "", (("size", "> 5 mm"), ("margin", "Spiculated"))),
    TidyQuestion("remark", "Remark", "text"),
)
TIDY = (
    TidyRead(
        "R2",
        "AIDED",
        2,
        "C1",
        {"rating": 5, "axis_mm": -0.1, "seen": True, "criteria": ["size", "margin"], "remark": "=2+2"},
        *(3, 41.25, 60.0, 12, "net 1.0", 0.75),
    ),
    TidyRead("R1", "UNAIDED", 1, "C1", {"rating": 1, "seen": False}),
)


def test_tidy_table_has_a_row_a_read_and_question_with_its_label() -> None:
    text = tidy_csv(TIDY, QUESTIONS)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == [name for name, _, _ in READ_COLUMNS]
    assert [row["question"] for row in rows] == [question.key for question in QUESTIONS] * 2
    assert [(row["value"], row["label"]) for row in rows[5:]] == [
        ("5", "definitely malignant"),
        ("-0.1", ""),
        ("true", "yes"),
        ('["size", "margin"]', "> 5 mm; Spiculated"),
        ("'=2+2", ""),
    ]
    assert [(row["value"], row["label"]) for row in rows[:3]] == [
        ("1", "definitely benign"),
        ("", ""),
        ("false", "no"),
    ]
    assert (rows[5]["active_s"], rows[5]["disclosed_model"]) == ("41.25", "net 1.0")
    assert text == tidy_csv(TIDY[::-1], QUESTIONS)


def test_tidy_table_is_an_input_of_the_statistics() -> None:
    found: DatasetFiles = read_dataset(
        {"reads.csv": tidy_csv(TIDY, QUESTIONS), "truth.csv": "case,truth\nC1,1\n"}
    )
    assert found.study is not None
    assert [read.score for read in found.study.reads] == [1, 5]
    assert FurtherAnswer("R2", "AIDED", 2, "C1", "remark", "=2+2") in found.answers
    assert found.notes[0].startswith("reads.csv: passed over the columns label, wall_s, clicks")


def test_data_dictionary_comes_back() -> None:
    text = data_dictionary_csv(QUESTIONS)
    back = read_data_dictionary(text)
    as_text = tuple(
        replace(one, options=tuple((str(code), label) for code, label in one.options)) for one in QUESTIONS
    )
    assert back == as_text
    columns = [row["name"] for row in csv.DictReader(io.StringIO(text)) if row["scope"] == "column"]
    assert columns == [name for name, _, _ in READ_COLUMNS]
    with pytest.raises(AnalysisError, match="row 2: a code of side, which has no row above"):
        read_data_dictionary("scope,name,kind,unit,code,label\ncode,side,code,,1,left\n")
    with pytest.raises(AnalysisError, match="row 2: 'color' is no kind"):
        read_data_dictionary("scope,name,kind,unit,code,label\nquestion,side,color,,,left\n")


@pytest.mark.parametrize(
    ("reads", "questions", "code"),
    [
        ((), QUESTIONS, "no_cases"),
        (TIDY, QUESTIONS * 2, "repeated"),
        (TIDY * 2, QUESTIONS, "repeated"),
        (TIDY, QUESTIONS[1:], "unknown_question"),
        ((replace(TIDY[0], answers={"rating": 3}),), QUESTIONS, "unknown_category"),
        ((replace(TIDY[0], answers={"criteria": ["size", "hue"]}),), QUESTIONS, "unknown_category"),
    ],
)
def test_wrong_reads_are_refused(
    reads: tuple[TidyRead, ...], questions: tuple[TidyQuestion, ...], code: str
) -> None:
    with pytest.raises(AnalysisError) as caught:
        tidy_csv(reads, questions)
    assert caught.value.code == code


def test_python_snippet_loads_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in tidy_files(TIDY, QUESTIONS).items():
        (tmp_path / name).write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = runpy.run_path("load.py")
    reads, answers_to = loaded["reads"], loaded["answers_to"]
    assert len(reads) == 10
    assert reads.active_s.dropna().unique().tolist() == [41.25]
    labels = ["definitely benign", "definitely malignant"]
    assert answers_to("rating").value.tolist() == list(answers_to("rating").value.cat.categories) == labels
    assert answers_to("axis_mm").value.tolist()[1] == -0.1
    assert answers_to("seen").value.tolist() == [False, True]
    assert answers_to("remark").value.tolist()[1] == "=2+2"
    # The dictionary does not say that codes have an order, so none is made up; R's factors have none either.
    assert not answers_to("rating").value.cat.ordered


def test_python_snippet_loads_columns_without_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column of blanks alone made pandas 2.3 warn of a change to come."""
    untimed = [replace(read, position=None, active_s=None) for read in TIDY]
    for name, text in tidy_files(untimed, QUESTIONS).items():
        (tmp_path / name).write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reads = runpy.run_path("load.py")["reads"]
    assert reads.active_s.isna().all()
    assert len(reads) == 10
