"""The full analysis at the desk: asked for, listed, and given out file by file once it is done."""

import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from backend.reports import analysis_runs
from backend.reports.models import AnalysisRun
from tests.database import commit_in_place
from tests.factories.analysis import analyzed, ended_of
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
DEFAULT = {"analysis_set": "as-read", "level": 0.95, "seed": 20_260_101}
FIELDS = {
    "id", "state", "analysis_set", "level", "seed", "asked_at", "asked_by", "started_at", "finished_at",
    "sections_done", "sections_total", "section", "error", "dataset_sha256", "is_default", "supplement",
}  # fmt: skip


@pytest.fixture
def story() -> StudyStory:
    return study_in(Stage.LOCKED, cases=2)


def desk(story: StudyStory, path: str = "", method: str = "GET", body: Any = None) -> HttpResponse:
    with at(story.now):
        client = client_of(story.people["statistician"])
        return ask(client, method, f"/api/desk/studies/{story.slug}/analysis{path}", body)


def listed(story: StudyStory) -> list[dict[str, Any]]:
    return desk(story).json()["runs"]


def test_the_lock_has_asked_for_the_default_run(story):
    (run,) = listed(story)
    assert run.keys() == FIELDS
    assert {key: run[key] for key in DEFAULT} == DEFAULT
    assert (run["state"], run["is_default"], run["error"], run["section"]) == ("queued", True, None, None)
    assert (run["started_at"], run["finished_at"]) == (None, None)
    assert run["asked_by"] == story.people["statistician"].shown_name


def test_a_run_is_asked_for_once_while_it_is_open(story):
    # The list is by the time of asking, and the lock asked at this one.
    story.clock.tick()
    asked = desk(story, method="POST", body={**DEFAULT, "level": 0.9})
    assert asked.status_code == 201
    assert (asked.json()["level"], asked.json()["is_default"]) == (0.9, False)
    again = desk(story, method="POST", body={**DEFAULT, "level": 0.9})
    assert again.json()["id"] == asked.json()["id"]
    assert listed(story)[0]["id"] == asked.json()["id"]
    assert len(listed(story)) == 2


def test_a_study_has_so_many_open_runs_and_no_more(story):
    for seed in range(1, analysis_runs.MOST_OPEN):
        assert desk(story, method="POST", body={**DEFAULT, "seed": seed}).status_code == 201
    refused = desk(story, method="POST", body={**DEFAULT, "seed": 99})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_analyses")
    again = desk(story, method="POST", body={**DEFAULT, "seed": 1})
    assert again.status_code == 201
    assert len(listed(story)) == analysis_runs.MOST_OPEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", 0.7), ("level", 1), ("level", "nan"), ("level", None), ("level", "x"),
        ("seed", -1), ("seed", 2**31), ("seed", 10**400), ("seed", 1.5),
        ("analysis_set", "all"), ("analysis_set", None), ("analysis_set", ["as-read"]),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_field(story, field, value):
    refused = desk(story, method="POST", body={**DEFAULT, field: value})
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [field]
    assert AnalysisRun.objects.count() == 1


def test_nothing_is_there_before_the_lock():
    story = study_in(Stage.WASHOUT, cases=2)
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/00000000-0000-0000-0000-000000000001/report")):
        refused = desk(story, path, method, DEFAULT if method == "POST" else None)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_locked")


def test_a_run_that_is_not_done_has_no_files(story):
    run = AnalysisRun.objects.get()
    for what in ("report", "results", "files", "files/results.json"):
        refused = desk(story, f"/{run.pk}/{what}")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_done")
    analysis_runs.analysis_claim(run_id=run.pk, owner="one", now=story.now)
    analysis_runs.analysis_progress(run_id=run.pk, owner="one", done=3, total=14, title="ROC analysis")
    (shown,) = listed(story)
    assert (shown["state"], shown["sections_done"], shown["sections_total"]) == ("running", 3, 14)
    assert shown["section"] == "ROC analysis"
    text = "The dataset cannot be analyzed: reads.csv has no read."
    analysis_runs.analysis_fail(run_id=run.pk, owner="one", code="no_reads", text=text, now=story.now)
    (shown,) = listed(story)
    assert (shown["state"], shown["error"], shown["section"]) == ("failed", text, None)
    assert desk(story, f"/{run.pk}/report").json()["code"] == "not_done"


def test_a_run_gives_its_stored_bytes(story):
    run = analyzed(story)
    (shown,) = listed(story)
    assert (shown["state"], shown["sections_done"]) == ("done", shown["sections_total"])
    files = {one["path"]: one for one in desk(story, f"/{run}/files").json()["files"]}
    assert list(files) == sorted(files)
    assert {
        "results.json",
        "report.json",
        "report.html",
        "report.pdf",
        "methods.txt",
        "analysis.zip",
    } <= files.keys()
    for path, one in files.items():
        answer = desk(story, f"/{run}/files/{path}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, one["content_type"]), path
        assert len(answer.content) == one["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
        how = "inline" if path.endswith((".svg", ".png")) else "attachment"
        name = path.rsplit("/", 1)[-1]
        assert answer.headers["Content-Disposition"] == f'{how}; filename="{story.slug}-{name}"'
        if path in ("report.json", "results.json"):
            whole = desk(story, f"/{run}/{path.removesuffix('.json')}")
            assert whole.content == answer.content
            assert whole.headers["Content-Type"] == "application/json"
    report = json.loads(desk(story, f"/{run}/report").content)
    assert {"title", "provenance", "sections", "methods", "checklists"} <= report.keys()


def test_what_is_not_there_is_not_found(story):
    run = ended_of(story)
    assert desk(story, f"/{run}/files/results.json").status_code == 200
    for path in ("/files/no/such-file", "/files/../results.json", "/files/figures", "/nothing"):
        assert desk(story, f"/{run}{path}").status_code == 404
    other = study_in(Stage.LOCKED, name="BETA", cases=2)
    for what in ("report", "results", "files", "files/results.json"):
        assert desk(other, f"/{run}/{what}").status_code == 404


def test_queries_do_not_grow_with_runs_and_files(story):
    def queries(path: str = "") -> int:
        commit_in_place(connection)
        with CaptureQueriesContext(connection) as captured:
            assert desk(story, path).status_code == 200
        return len(captured)

    def asked(count: int) -> list[AnalysisRun]:
        by = story.people["coordinator"]
        return [
            analysis_runs.analysis_ask(study=story.study, by=by, now=story.clock.tick(), seed=seed)
            for seed in range(count)
        ]

    few, done = queries(), []
    for run, count in zip(asked(2), (2, 60), strict=True):
        analysis_runs.analysis_claim(run_id=run.pk, owner="one", now=story.now)
        files = {f"tables/{number}.csv": b"a\n" for number in range(count)}
        analysis_runs.analysis_finish(run_id=run.pk, owner="one", files=files, versions={}, now=story.now)
        done.append(run)
    asked(analysis_runs.MOST_OPEN - 1)
    assert queries() == few
    assert queries(f"/{done[0].pk}/files") == queries(f"/{done[1].pk}/files")
