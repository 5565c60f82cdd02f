"""Supplements of a locked study's analysis: added with a reason, refused whole or stored whole, told in the results."""

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEvent
from backend.reports import analysis_runner
from backend.reports.models import AnalysisFile, AnalysisRun, AnalysisSupplement
from backend.reports.run_states import RunState
from tests.database import commit_in_place
from tests.factories.analysis import upload
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
DEFAULT = {"analysis_set": "as-read", "level": 0.95, "seed": 20_260_101}
PLAN = {"times": [12], "time_unit": "months", "covariates": ["secretmarker"]}


@pytest.fixture
def story() -> StudyStory:
    return study_in(Stage.LOCKED, cases=3)


def desk(story: StudyStory, path: str = "", method: str = "GET", body: Any = None) -> HttpResponse:
    with at(story.now):
        client = client_of(story.people["statistician"])
        return ask(client, method, f"/api/desk/studies/{story.slug}/analysis{path}", body)


def add(
    story: StudyStory, files: dict[str, Any], *, part: str = "statistician", **fields: str
) -> HttpResponse:
    commit_in_place(connection)
    sent = {"reason": "Follow-up came later.", **fields, "files": [upload(*one) for one in files.items()]}
    with at(story.now):
        url = f"/api/desk/studies/{story.slug}/analysis/supplements"
        return client_of(story.people[part]).post(url, sent)


def follow_up(story: StudyStory) -> dict[str, str]:
    cases = desk(story, "/supplements").json()["cases"]
    return {
        "outcomes.csv": "case,endpoint,time,event\n"
        + "".join(f"{case},OS,{10 + rank},{rank % 2}\n" for rank, case in enumerate(cases)),
        "cases.csv": "case,secretmarker\n"
        + "".join(f"{case},{rank + 0.5}\n" for rank, case in enumerate(cases)),
    }


def test_the_page_is_told_what_a_supplement_may_hold(story):
    shown = desk(story, "/supplements").json()
    assert shown["supplements"] == []
    assert shown["accepts"] == [
        *("outcomes.csv", "cases.csv", "features.csv", "masks.csv", "reference.csv", "model-answers.csv"),
        *("predictions.csv", "lesions.csv", "marks.csv", "plan.json"),
    ]
    assert shown["cases"] == sorted(case.number for case in story.cases)
    assert "center" in shown["columns"]
    assert shown["models"] == ["lpln-radiomics"]
    kinds = {one["key"]: one["kind"] for one in shown["plan_keys"]}
    assert (kinds["covariates"], kinds["times"], kinds["reclassification"]) == ("texts", "numbers", "pairs")


def test_a_supplement_is_added_listed_and_numbered(story):
    files = follow_up(story)
    added = add(story, files, plan=json.dumps(PLAN))
    assert added.status_code == 201
    row = added.json()
    assert (row["number"], row["reason"], row["plan"]) == (1, "Follow-up came later.", PLAN)
    assert row["added_by"] == story.people["statistician"].shown_name
    assert [(one["path"], one["rows"], one["bytes"]) for one in row["files"]] == [
        (name, 3, len(files[name])) for name in ("cases.csv", "outcomes.csv")
    ]
    again = add(story, files, plan=json.dumps(PLAN))
    assert again.json() == row, "the same once more"
    second = add(story, files, plan=json.dumps(PLAN), reason="Told otherwise.", part="coordinator").json()
    assert (second["number"], second["content_sha256"]) == (2, row["content_sha256"])
    third = add(story, {"plan.json": json.dumps({"prevalences": [0.1]})}).json()
    assert (third["number"], third["plan"], third["files"]) == (3, {"prevalences": [0.1]}, [])
    assert desk(story, "/supplements").json()["supplements"] == [third, second, row]


@pytest.mark.parametrize(
    ("files", "fields", "text"),
    [
        ({}, {}, "neither a file nor a key of the plan"),
        ({}, {"plan": "{}"}, "neither a file nor a key of the plan"),
        ({}, {"plan": "["}, "plan.json is not JSON"),
        ({}, {"plan": "[1]"}, "the plan is not an object"),
        ({}, {"plan": '{"covariates": ["nowhere"]}'}, "plan: covariates names nowhere"),
        ({"plan.json": "{}"}, {"plan": '{"times": [1]}'}, "the plan was given twice"),
        (
            {"outcomes.csv": "case,endpoint,time,event\nX-9999,OS,1,1\n"},
            {},
            "outcomes.csv, row 2: case X-9999",
        ),
        ({"cases.csv": "case,center\nX-9999,1\n"}, {}, "the study itself has a column center"),
        ({"reads.csv": "reader\n"}, {}, "reads.csv is none of outcomes.csv"),
        ({"truth.csv": "case,truth\n"}, {}, "truth.csv is none of outcomes.csv"),
        ({"study.json": "{}"}, {}, "study.json is none of outcomes.csv"),
        ({"additions.csv": "number\n"}, {}, "additions.csv is none of outcomes.csv"),
        ({"outcomes.csv": b"\xff"}, {}, "outcomes.csv, row 1: not UTF-8"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(story, files, fields, text):
    refused = add(story, files, **fields)
    assert (refused.status_code, refused.json()["code"]) == (400, "supplement_refused")
    assert text in refused.json()["text"]
    assert not AnalysisSupplement.objects.exists()
    assert not AuditEvent.objects.filter(event="supplement_added").exists()


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b", "x" * 2001])
def test_a_supplement_has_a_reason(story, reason):
    refused = add(story, {}, plan='{"times": [1]}', reason=reason)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["reason"])


def test_a_supplement_has_a_largest_size(story, settings):
    settings.DATASET_MAX_BYTES = 40
    refused = add(story, {"outcomes.csv": "case,endpoint,time,event\n" + " " * 40})
    assert (refused.status_code, refused.json()["code"]) == (400, "supplement_refused")


def test_nothing_is_added_before_the_lock():
    story = study_in(Stage.WASHOUT, cases=2)
    for refused in (desk(story, "/supplements"), add(story, {}, plan='{"times": [1]}')):
        assert (refused.status_code, refused.json()["code"]) == (409, "not_locked")
    for part in ("reader1", "auditor", "site", "adjudicator"):
        assert add(story, {}, part=part, plan='{"times": [1]}').status_code == 404


def test_a_run_is_asked_for_with_a_supplement_of_its_own_study(story):
    row = add(story, {}, plan='{"prevalences": [0.1]}').json()
    asked = desk(story, method="POST", body={**DEFAULT, "supplement": row["id"]})
    assert asked.status_code == 201
    run = asked.json()
    assert run["supplement"] == {"id": row["id"], "number": 1, "reason": "Follow-up came later."}
    assert run["is_default"] is False
    assert desk(story, method="POST", body={**DEFAULT, "supplement": row["id"]}).json()["id"] == run["id"]
    (own,) = [one for one in desk(story).json()["runs"] if one["supplement"] is None]
    assert own["is_default"] is True
    assert own["dataset_sha256"] == run["dataset_sha256"]
    assert desk(story, method="POST", body={**DEFAULT, "supplement": None}).json()["id"] == own["id"]
    other = study_in(Stage.LOCKED, name="BETA", cases=2)
    assert desk(other, method="POST", body={**DEFAULT, "supplement": row["id"]}).status_code == 404
    odd = desk(story, method="POST", body={**DEFAULT, "supplement": "1"})
    assert (odd.status_code, list(odd.json()["fields"])) == (400, ["supplement"])
    event = AuditEvent.objects.get(event="analysis_asked", subject_id=run["id"])
    assert (event.study_id, event.detail["supplement"]) == (story.study.pk, 1)


def test_a_stored_supplement_is_parsed_once(story):
    assert add(story, follow_up(story)).status_code == 201
    desk(story, "/supplements")
    with CaptureQueriesContext(connection) as captured:
        assert desk(story, "/supplements").status_code == 200
    content = [query for query in captured.captured_queries if '."content"' in query["sql"]]
    assert content == []


def test_the_trail_says_what_kind_was_added_and_not_what_it_holds(story):
    add(story, follow_up(story), plan=json.dumps(PLAN))
    event = AuditEvent.objects.get(event="supplement_added")
    assert (event.study_id, event.reason) == (story.study.pk, "Follow-up came later.")
    assert event.detail["files"] == ["cases.csv", "outcomes.csv"]
    assert event.detail["plan"] == ["covariates", "time_unit", "times"]
    trail = json.dumps(list(AuditEvent.objects.values_list("detail", "old", "new", "reason")))
    assert "secretmarker" not in trail


def test_the_results_say_what_was_added_after_the_lock(story, settings):
    settings.JOB_LEASE_SECONDS = 86_400
    row = add(story, follow_up(story), plan=json.dumps(PLAN)).json()
    asked = desk(story, method="POST", body={**DEFAULT, "supplement": row["id"]}).json()
    analysis_runner.run(run_id=asked["id"], owner="one")
    run = AnalysisRun.objects.get(pk=asked["id"])
    assert run.state == RunState.DONE, run.error
    files = {one.path: bytes(one.body) for one in AnalysisFile.objects.filter(run=run)}
    assert {"dataset/outcomes.csv", "dataset/additions.csv", "dataset/reads.csv"} <= files.keys()
    results = json.loads(files["results.json"])
    additions = results["provenance"]["additions"]
    assert [one["what"] for one in additions] == [
        *("cases.csv", "outcomes.csv", "plan: covariates", "plan: time_unit", "plan: times")
    ]
    assert {(one["number"], one["reason"]) for one in additions} == {(1, "Follow-up came later.")}
    report = json.loads(files["report.json"])
    told = "Added after the lock, number 1 (reason: Follow-up came later)"
    (said,) = [one["value"] for one in report["provenance"] if one["label"] == "Added after the lock"]
    assert said.startswith(told)
    (survival,) = [one for one in report["sections"] if one["key"] == "survival"]
    assert survival["warnings"] == [said]
    assert survival["not_applicable"] is None
    assert told in " ".join(one["text"] for one in report["methods"]["paragraphs"])
    assert told in files["report.html"].decode()
