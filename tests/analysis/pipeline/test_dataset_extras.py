"""Further files of a dataset's folder and further keys of ``study.json``: read, and refused by file and row."""

import json
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import AnalysisPlan, DatasetOrigin, EventProbability, Measurement
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.dataset_design import read_design, write_design
from backend.analysis.formats.dataset_extras import Exclusion, ReadTime
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import study_of

DESIGN: dict[str, Any] = {
    "questions": [{"key": "side", "label": "Side", "categories": ["left", "right"]}],
    "measurements": [{"key": "axis", "label": "Short axis", "unit": "mm"}],
    "analysis": {
        "cohort": "center",
        "margin": 0.1,
        "power_difference": 0.08,
        "power_readers": [4, 8],
        "power_generalizes_to": "cases",
        "times": [12, 24],
        "reclassification": [["old", "new"]],
        "clinical": ["age"],
        "tau": 30,
        "survival_interval": "log",
        "ordered": {"T": ["T2", "T3"]},
        "tests": {"sex": "fisher"},
        "margin_specificity": 0.05,
        "partial_specificity": [0.8, 1],
        "margin_partial_specificity": 0.02,
        "fisher_below": 0,
        "compare_means": "student",
        "positive_answers": {"side": "left"},
        "event_probabilities": [{"endpoint": "OS", "models": ["net"], "by": 36}],
    },
    "origin": {"truth_version": "2"},
}
FILES = {
    "study.json": json.dumps(DESIGN),
    "truth.csv": "case,truth\nC1,1\nC2,0\n",
    "reads.csv": "reader,arm,session,case,question,value,position,active_s\n"
    "R1,A,1,C1,rating,4,2,31.5\nR1,A,1,C1,axis,7.5,2,31.5\nR1,A,1,C2,rating,1,1,20\nR1,A,2,C2,rating,1,,\n",
    "exclusions.csv": "case,reader,session,reason,set\nC2,R1,2,late,per-protocol\nC1,,,motion,all\n",
    "reference.csv": "case,question,value\nC1,side,left\n",
    "model-answers.csv": "model,case,question,value\nnet,C1,side,right\n",
    "features.csv": "reader,session,case,feature,value\nR1,1,C1,energy,2.5\n",
}


def test_all_of_them_are_read() -> None:
    found = read_dataset(FILES)
    extras = found.extras
    assert extras.times == (ReadTime("R1", "A", 1, 1, "C2", 20.0), ReadTime("R1", "A", 1, 2, "C1", 31.5))
    assert extras.exclusions == (
        Exclusion("C1", None, None, "motion", "all"),
        Exclusion("C2", "R1", 2, "late", "per-protocol"),
    )
    assert extras.reference == {"side": {"C1": "left"}}
    assert extras.model_answers == {"side": {"net": {"C1": "right"}}}
    assert extras.features == {"R1": {"1": {"C1": {"energy": 2.5}}}}
    assert found.notes == ()


def test_design_with_plan_and_origin_comes_back() -> None:
    design = read_design(json.dumps(DESIGN))
    assert read_design(write_design(design)) == design
    assert design.measurements == (Measurement("axis", "Short axis", "mm"),)
    assert design.origin == DatasetOrigin(truth_version="2")
    assert design.analysis == AnalysisPlan(
        cohort="center",
        margin=0.1,
        power_difference=0.08,
        power_readers=(4.0, 8.0),
        power_generalizes_to="cases",
        times=(12.0, 24.0),
        reclassification=(("old", "new"),),
        clinical=("age",),
        tau=30.0,
        survival_interval="log",
        ordered={"T": ("T2", "T3")},
        tests={"sex": "fisher"},
        margin_specificity=0.05,
        partial_specificity=(0.8, 1.0),
        margin_partial_specificity=0.02,
        fisher_below=0.0,
        compare_means="student",
        positive_answers={"side": "left"},
        event_probabilities=(EventProbability("OS", ("net",), 36.0),),
    )
    assert read_design("{}").analysis == AnalysisPlan()


def test_a_question_of_two_answers_is_compared_with_its_reference_standard() -> None:
    grades = {"key": "grade", "label": "Grade", "categories": [1, 2]}
    design = {**DESIGN, "questions": [*DESIGN["questions"], grades], "analysis": {}}
    cases = [("C1", "left", "left", 2, 2), ("C2", "left", "right", 1, 2), ("C3", "right", "right", 1, 1)]
    files = {
        "truth.csv": "case,truth\n" + "".join(f"{one[0]},\n" for one in cases),
        "reads.csv": "reader,arm,session,case,question,value\n"
        + "".join(f"R1,A,1,{case},side,{read}\nR1,A,1,{case},grade,{of}\n" for case, _, read, _, of in cases),
        "reference.csv": "case,question,value\n"
        + "".join(f"{case},side,{is_}\n{case},grade,{of}\n" for case, is_, _, of, _ in cases),
    }

    def compared(**plan: object) -> Section:
        inputs = read_dataset({**files, "study.json": json.dumps({**design, "analysis": plan})})
        return agreement(study_of(inputs, level=0.95, seed=1))

    without = compared()
    assert {one.code for one in without.failures} == {"positive_class_missing"}
    # A whole number may be named by its digits.
    found = compared(positive_answers={"side": "left", "grade": "2"})
    assert found.failures == ()
    side = found.item("reference/question:side/R1, A").result
    assert (side.positive, side.table) == ("left", ((1, 1), (0, 1)))
    assert found.item("reference/question:grade/R1, A").result.positive == 2
    assert compared(positive_answers={"side": "left", "grade": 2}) == found


def test_a_study_of_models_needs_no_reads() -> None:
    predictions = "model,version,case,score,probability,positive\nnet,1,C1,0.7,0.7,1\nnet,1,C2,0.1,0.1,0\n"
    found = read_dataset({"truth.csv": FILES["truth.csv"], "predictions.csv": predictions})
    assert found.study is not None
    assert (found.study.reads, found.study.arms) == ((), ())


@pytest.mark.parametrize(
    ("name", "row", "code", "complaint"),
    [
        ("reads.csv", "R1,A,1,C2,axis,wide,1,20", "not_number", "row 6: axis is 'wide'"),
        ("reads.csv", "R1,A,1,C2,axis,nan,1,20", "value_not_finite", "row 6: axis is 'nan'"),
        ("reads.csv", "R1,A,1,C2,axis,7,1,25", "time_contradicts", "row 6: the same read"),
        ("reads.csv", "R1,A,3,C2,rating,2,1,0", "time_not_positive", "row 6: active_s is 0"),
        ("reads.csv", "R1,A,3,C2,rating,2,0,9", "position_out_of_range", "row 6: position is 0"),
        ("reads.csv", "R1,A,2,C1,rating,2,1,9\nR1,A,2,C2,axis,2,1,9", "position_repeated", "position 1"),
        ("exclusions.csv", "C9,,,motion,all", "unknown_case", "row 4: case C9"),
        ("exclusions.csv", "C2,R9,,motion,all", "unknown_reader", "row 4: reader R9"),
        ("exclusions.csv", "C2,,,motion,some", "unknown_set", "row 4: the set is 'some'"),
        ("exclusions.csv", "C2,,,,all", "cell_empty", "row 4: reason is empty"),
        ("exclusions.csv", "C1,,,twice,all", "repeated", "row 4: the same exclusion"),
        ("reference.csv", "C1,side,right", "repeated", "row 3: side of case C1"),
        ("reference.csv", "C2,side,top", "unknown_category", "row 3: 'top' is no answer"),
        ("reference.csv", "C2,depth,1", "unknown_question", "row 3: depth"),
        ("model-answers.csv", "R1,C1,side,left", "repeated", "row 3: R1 is the name of a reader"),
        ("model-answers.csv", "net,C1,side,left", "repeated", "row 3: side of case C1 by net"),
        ("features.csv", "R1,1,C1,energy,3", "repeated", "row 3: the feature energy"),
        ("features.csv", "R1,1,C2,energy,inf", "value_not_finite", "row 3: value is 'inf'"),
    ],
)
def test_wrong_rows_are_refused(name: str, row: str, code: str, complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_dataset({**FILES, name: FILES[name] + row + "\n"})
    assert caught.value.code == code
    assert name in caught.value.text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"analysis": []}, "wrong_type"),
        ({"analysis": {"color": 1}}, "unknown_key"),
        ({"analysis": {"cohort": 1}}, "wrong_type"),
        ({"analysis": {"subgroups": "center"}}, "wrong_type"),
        ({"analysis": {"subgroups": ["a", "a"]}}, "repeated"),
        ({"analysis": {"times": [24, 12]}}, "wrong_type"),
        ({"analysis": {"times": 12}}, "wrong_type"),
        ({"analysis": {"margin": "small"}}, "wrong_type"),
        ({"analysis": {"margin": True}}, "wrong_type"),
        ({"analysis": {"margin": 0}}, "wrong_type"),
        ({"analysis": {"margin_sensitivity": 1}}, "wrong_type"),
        ({"analysis": {"margin_partial_specificity": 0.1}}, "margin_out_of_range"),
        (
            {"analysis": {"partial_sensitivity": [0.9, 1], "margin_partial_sensitivity": 0.11}},
            "margin_out_of_range",
        ),
        ({"analysis": {"power": 1}}, "wrong_type"),
        ({"analysis": {"power_difference": -0.1}}, "wrong_type"),
        ({"analysis": {"power_alpha": 0}}, "wrong_type"),
        ({"analysis": {"power_readers": [1, 4]}}, "wrong_type"),
        ({"analysis": {"power_readers": [4.5]}}, "wrong_type"),
        ({"analysis": {"power_cases": [100, 50]}}, "wrong_type"),
        ({"analysis": {"power_generalizes_to": "everything"}}, "wrong_type"),
        ({"analysis": {"reclassification": [["a"]]}}, "wrong_type"),
        ({"analysis": {"reclassification": {}}}, "wrong_type"),
        ({"analysis": {"tau": 0}}, "wrong_type"),
        ({"analysis": {"tau": True}}, "wrong_type"),
        ({"analysis": {"survival_interval": "plain"}}, "wrong_type"),
        ({"analysis": {"ordered": ["T2", "T3"]}}, "wrong_type"),
        ({"analysis": {"ordered": {"T": ["T2"]}}}, "wrong_type"),
        ({"analysis": {"ordered": {"T": ["T2", "T2"]}}}, "wrong_type"),
        ({"analysis": {"tests": {"sex": "barnard"}}}, "wrong_type"),
        ({"analysis": {"tests": ["fisher"]}}, "wrong_type"),
        ({"analysis": {"fisher_below": -1}}, "wrong_type"),
        ({"analysis": {"fisher_below": True}}, "wrong_type"),
        ({"analysis": {"fisher_share": 1}}, "wrong_type"),
        ({"analysis": {"compare_counts": "fisher"}}, "wrong_type"),
        ({"analysis": {"normality": "levene"}}, "wrong_type"),
        ({"analysis": {"normality_alpha": 1}}, "wrong_type"),
        ({"analysis": {"compare_means": "anova"}}, "wrong_type"),
        ({"analysis": {"positive_answers": ["side"]}}, "wrong_type"),
        ({"analysis": {"positive_answers": {"side": True}}}, "wrong_type"),
        ({"analysis": {"positive_answers": {"side": ""}}}, "wrong_type"),
        ({"analysis": {"positive_answers": {"side": "left"}}}, "unknown_question"),
        (
            {
                "questions": [{"key": "side", "categories": ["left", "right"]}],
                "analysis": {"positive_answers": {"side": "up"}},
            },
            "unknown_category",
        ),
        ({"analysis": {"event_probabilities": {"OS": ["net"]}}}, "wrong_type"),
        ({"analysis": {"event_probabilities": [{"endpoint": "OS", "models": ["net"]}]}}, "wrong_type"),
        ({"analysis": {"event_probabilities": [{"endpoint": "OS", "models": [], "by": 36}]}}, "wrong_type"),
        ({"analysis": {"event_probabilities": [{"endpoint": "OS", "time": 36}]}}, "unknown_key"),
        (
            {"analysis": {"event_probabilities": 2 * [{"endpoint": "OS", "models": ["net"], "by": 36}]}},
            "repeated",
        ),
        ({"origin": {"truth_version": 2}}, "wrong_type"),
        ({"origin": {"author": "x"}}, "unknown_key"),
        ({"measurements": {}}, "wrong_type"),
        ({"measurements": [{"label": "x"}]}, "wrong_type"),
        ({"measurements": [{"key": "a"}, {"key": "a"}]}, "repeated"),
    ],
)
def test_a_wrong_plan_is_refused(content: object, code: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        read_design(json.dumps(content))
    assert caught.value.code == code
