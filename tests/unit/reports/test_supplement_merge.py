"""A study's files and a supplement's, put together: rows, columns and models added, nothing overridden."""

import json

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.plan_names import plan_keys
from backend.reports.dataset_plan import Added
from backend.reports.supplement_merge import added_names, check_supplement, supplemented, with_plan

OWN = {
    "study.json": json.dumps(
        {
            "title": "Own",
            "questions": [{"key": "side", "categories": ["left", "right"]}],
            "analysis": {"table": ["center"], "categorical": ["center"]},
        }
    ),
    "truth.csv": "case,truth\nC1,1\nC2,0\nC3,\n",
    "reads.csv": "reader,arm,session,case,question,value\nR1,A,1,C1,rating,4\nR1,A,1,C2,rating,2\n",
    "cases.csv": "case,center\nC1,01\nC2,02\nC3,01\n",
    "predictions.csv": "model,version,case,score,probability,positive\nm,1,C1,2.0,0.9,1\nm,1,C2,-1.0,0.1,0\n",
}
OUTCOMES = "case,endpoint,time,event\nC1,OS,10,1\nC2,OS,20,0\n"
CEA = "case,cea\nC1,3.5\nC3,=1+1\n"


EVENTS = {"event_probabilities": [{"endpoint": "OS", "models": ["m", "n"], "by": 12}]}


def merged(added, plan=None):
    check_supplement(OWN, added, plan or {})
    return supplemented(OWN, added, plan or {}, number=2, reason="Follow-up, late")


def refused(added, plan=None):
    with pytest.raises(AnalysisError) as caught:
        check_supplement(OWN, added, plan or {})
    return caught.value.text


def test_a_new_file_is_added_and_the_others_stay():
    files = merged({"outcomes.csv": OUTCOMES})
    assert files["outcomes.csv"] == OUTCOMES
    kept = ("truth.csv", "reads.csv", "cases.csv", "predictions.csv")
    assert {name: files[name] for name in kept} == {name: OWN[name] for name in kept}
    assert json.loads(files["study.json"]) == json.loads(OWN["study.json"])
    assert files["additions.csv"] == ('number,reason,what,detail\n2,"Follow-up, late",outcomes.csv,2 rows\n')


def test_columns_are_added_by_case_and_no_value_changes():
    files = merged({"cases.csv": CEA})
    assert files["cases.csv"] == "case,center,cea\nC1,01,3.5\nC2,02,\nC3,01,'=1+1\n"
    covariates = read_dataset(files).covariates
    assert covariates["C1"] == {"center": "01", "cea": "3.5"}
    assert covariates["C2"]["cea"] is None


def test_models_and_rows_are_added():
    more = "model,version,case,score,probability,positive\nnew,2,C1,1.0,,1\n"
    study = read_dataset(merged({"predictions.csv": more})).study
    assert [(model.name, len(model.predictions)) for model in study.models] == [("m", 2), ("new", 1)]


def test_the_plan_is_laid_over_the_own_and_names_stay_names():
    plan = {"table": ["center", "cea"], "categorical": ["cea"], "covariates": ["cea", "m"], "times": [12, 36]}
    files = merged({"cases.csv": CEA}, plan)
    design = read_dataset(files).design.analysis
    assert design.categorical == ("center", "cea")
    assert (design.table, design.covariates, design.times) == (("center", "cea"), ("cea", "m"), (12.0, 36.0))
    said = read_dataset(files).extras.additions
    assert [one.what for one in said] == [
        *("cases.csv", "plan: categorical", "plan: covariates", "plan: table", "plan: times")
    ]
    assert json.loads(with_plan("{}", {"times": [1]})) == {"analysis": {"times": [1]}}


@pytest.mark.parametrize(
    ("added", "text"),
    [
        ({"outcomes.csv": OUTCOMES + "X9,OS,1,1\n"}, "outcomes.csv, row 4: case X9 is not in truth.csv"),
        (
            {"outcomes.csv": OUTCOMES + "C1,OS,1,1\n"},
            "outcomes.csv, row 4: case C1 has an outcome OS already",
        ),
        ({"outcomes.csv": OUTCOMES + "C3,OS,-1,1\n"}, "outcomes.csv, row 4: the time is -1"),
        ({"outcomes.csv": "case,endpoint,time\n"}, "outcomes.csv: the column event is missing"),
        ({"outcomes.csv": "case,endpoint,time,event\n"}, "outcomes.csv has no row"),
        ({"cases.csv": "case,cea\nC1,1\nX9,2\n"}, "cases.csv, row 3: case X9 is not in truth.csv"),
        ({"cases.csv": "case,cea\nC1,1\nC1,2\n"}, "cases.csv, row 3: case C1 stands there twice"),
        ({"cases.csv": "case,cea\nC1,nan\n"}, "cases.csv, row 2: cea is 'nan'"),
        ({"cases.csv": "case,center\nC1,09\n"}, "cases.csv: the study itself has a column center"),
        ({"cases.csv": "case,truth\nC1,0\n"}, "cases.csv: the study itself has a column truth"),
        ({"cases.csv": "case,m\nC1,0\n"}, "cases.csv: m is the name of a column and of a model"),
        ({"cases.csv": "case\nC1\n"}, "cases.csv: there is no column beside the case"),
        ({"cases.csv": "case,\nC1,4\n"}, "cases.csv: a column has no name"),
        (
            {"predictions.csv": "model,version,case,score,probability,positive\nm,1,C3,2.0,0.9,1\n"},
            "predictions.csv, row 2: the study itself has model m",
        ),
        (
            {"predictions.csv": "model,version,case,score,probability,positive\nn,1,C3,2.0,1.9,1\n"},
            "predictions.csv, row 2: the probability 1.9 is not from 0 to 1",
        ),
        (
            {"predictions.csv": "model,version,case,score,probability,positive\ncenter,1,C3,2.0,0.9,1\n"},
            "predictions.csv: center is the name of a column and of a model",
        ),
        ({"reference.csv": "case,question,value\nC1,no,left\n"}, "reference.csv, row 2: no is no declared"),
        ({"reference.csv": "case,question,value\nC1,side,up\n"}, "reference.csv, row 2: 'up' is no answer"),
        ({"model-answers.csv": "model,case,question,value\nR1,C1,side,left\n"}, "R1 is the name of a reader"),
    ],
)
def test_what_contradicts_the_study_is_refused_by_file_and_row(added, text):
    assert text in refused(added)


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        ({"nonsense": 1}, "plan: nonsense is no key"),
        ({"times": [2, 1]}, "plan: times of analysis is not an ascending list"),
        ({"times": [float("nan")]}, "plan: times of analysis is not a finite number"),
        ({"categorical": 4}, "plan: categorical of analysis is not a list of texts"),
        ({"covariates": ["cea"]}, "plan: covariates names cea, no column of cases.csv and no model"),
        ({"cluster": "patient"}, "plan: cluster names patient, no column of cases.csv"),
        ({"shown_model": "n"}, "plan: shown_model names n, no model of predictions.csv"),
        ({"reclassification": [["m", "n"]]}, "plan: reclassification names n, no model"),
        ({"development": ["01"]}, "plan: development names 01, no group of the cohorts"),
        ({"cohort": "center", "development": ["03"]}, "plan: development names 03"),
        (EVENTS, "plan: event_probabilities names OS, no endpoint of outcomes.csv"),
        ({"ordered": {"stage": ["I", "II"]}}, "plan: ordered names stage, no column of cases.csv"),
        ({"tests": {"stage": "fisher"}}, "plan: tests names stage, no column of cases.csv"),
        (
            {"positive_answers": {"margin": "yes"}},
            "plan: positive_answers names margin, no declared question",
        ),
        ({"positive_answers": {"side": "up"}}, "plan: positive_answers names side, which up is no answer to"),
        ({"positive_answers": ["side"]}, "plan: positive_answers of analysis is not an object"),
        ({"positive_answers": {"side": True}}, "plan: side of positive_answers is not a text"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_by_its_key(plan, text):
    assert refused({}, plan).startswith(text)


def test_a_margin_may_be_added_for_the_range_that_the_study_planned():
    own = json.loads(OWN["study.json"])
    own["analysis"]["partial_specificity"] = [0.8, 1]
    files = OWN | {"study.json": json.dumps(own)}
    check_supplement(files, {}, {"margin_partial_specificity": 0.02})
    with pytest.raises(
        AnalysisError, match=r"margin_partial_specificity of analysis is .*, not below the width"
    ):
        check_supplement(files, {}, {"margin_partial_specificity": 0.2})
    assert refused({}, {"margin_partial_specificity": 0.02}).endswith("needs the range partial_specificity")


def test_a_model_without_predictions_has_no_probability_of_an_event():
    text = "plan: event_probabilities names n, no model of predictions.csv"
    assert refused({"outcomes.csv": OUTCOMES}, EVENTS).startswith(text)
    known = {"event_probabilities": [{"endpoint": "OS", "models": ["m"], "by": 12}]}
    assert "outcomes.csv" in merged({"outcomes.csv": OUTCOMES}, known)


def test_a_positive_answer_is_added_to_those_of_the_study():
    own = json.dumps({"analysis": {"positive_answers": {"side": "left", "margin": "yes"}}})
    changed = json.loads(with_plan(own, {"positive_answers": {"side": "right"}}))
    assert changed["analysis"]["positive_answers"] == {"side": "right", "margin": "yes"}


def test_a_plan_may_name_what_the_study_and_the_supplement_hold():
    plan = {"cohort": "center", "development": ["01"], "predictors": ["cea", "m", "truth"], "margin": 0.05}
    assert "cea" in read_dataset(merged({"cases.csv": "case,cea\nC1,1\n"}, plan)).covariates["C1"]
    assert merged({}, {"development": ["all cases"], "margin": None})


def test_rows_that_the_study_has_itself_are_refused_by_their_row():
    own = {**OWN, "outcomes.csv": OUTCOMES}
    with pytest.raises(
        AnalysisError, match=r"outcomes.csv, row 3: the study itself has case C2, endpoint OS"
    ):
        check_supplement(own, {"outcomes.csv": "case,endpoint,time,event\nC1,DFS,1,0\nC2,OS,3,0\n"}, {})
    more = {"outcomes.csv": "case,endpoint,time,event\nC1,DFS,1,0\n"}
    check_supplement(own, more, {})
    assert supplemented(own, more, {}, number=1, reason="x")["outcomes.csv"] == OUTCOMES + "C1,DFS,1,0\n"


def test_every_key_of_the_plan_is_told_with_its_kind_and_meaning():
    keys = {one.key: one for one in plan_keys()}
    assert {"cohort", "development", "covariates", "times", "margin", "reclassification"} <= keys.keys()
    assert [keys[key].kind for key in ("cohort", "table", "margin", "times", "reclassification")] == [
        *("text", "texts", "number", "numbers", "pairs")
    ]
    assert [keys[key].kind for key in ("tests", "positive_answers", "ordered", "event_probabilities")] == [
        *("words", "words", "lists", "endpoints")
    ]
    assert all(one.help.endswith(".") for one in keys.values())
    assert keys["clinical"].help.startswith("Columns or models of the Cox models")


def test_the_columns_and_models_of_a_supplement_are_known_by_name():
    more = "model,version,case,score,probability,positive\nnew,2,C1,1.0,,1\n"
    added = added_names({"cases.csv": CEA, "predictions.csv": more})
    assert (added.columns, added.models) == ({"cea"}, {"new"})
    assert added_names({}) == Added()


def test_an_outline_that_the_study_compares_itself_is_refused_by_its_row():
    header = "case,reader_a,reader_b,measure,value,question,arm,session_a,session_b\n"
    own = {**OWN, "masks.csv": f"{header}C1,R1,R2,dice,,tumor,A,1,1\n"}
    with pytest.raises(AnalysisError) as caught:
        check_supplement(own, {"masks.csv": f"{header}C1,R1,R2,dice,0.5,tumor,A,1,1\n"}, {})
    assert caught.value.text.startswith("masks.csv, row 2: the study itself has case C1")
    other = {"masks.csv": f"{header}C1,R1,R2,dice,0.5,node,A,1,1\n"}
    check_supplement(own, other, {})
    assert "tumor" in supplemented(own, other, {}, number=1, reason="Nodes")["masks.csv"]


def test_a_cohort_has_to_hold_the_groups_that_models_were_made_on():
    own = {**OWN, "study.json": with_plan(OWN["study.json"], {"development": ["old"]})}
    with pytest.raises(AnalysisError, match="development names old, no group"):
        check_supplement(own, {}, {"cohort": "center"})


def test_a_number_beyond_every_number_is_refused():
    assert "a finite number" in refused({}, {"times": [10**400]})
