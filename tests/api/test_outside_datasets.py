"""Datasets from outside at the desk: given once, private to whom gave them, refused whole or stored whole."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.analysis.demo import DEMOS, DESCRIPTIONS, demo_files
from backend.audit.models import AuditEvent
from backend.reports import analysis_runs
from backend.reports.models import AnalysisFile, AnalysisRun, OutsideDataset
from backend.studies.models import StudyMember
from tests.database import commit_in_place
from tests.factories.analysis import RATINGS, ended, given_from_outside, upload
from tests.factories.cases import person
from tests.factories.studies import START, Stage, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
URL = "/api/desk/analyses"
TRUTH = "case,truth\nSECRETCASE1,1\nC2,0\n"
READS = "reader,arm,session,case,question,value\nR1,A,1,SECRETCASE1,rating,4\nR1,A,1,C2,rating,2\n"
DESIGN = json.dumps({"title": "Two cases", "is_synthetic": True})
FILES = {"truth.csv": TRUTH, "reads.csv": READS, "study.json": DESIGN}
DEFAULT = {"analysis_set": "as-read", "level": 0.95, "seed": 20_260_101}
ROW = {
    "id", "title", "source", "is_synthetic", "content_sha256", "given_at", "cases", "readers", "models", "newest_run",
}  # fmt: skip


@pytest.fixture
def giver() -> User:
    """An operator: may give datasets and is of no study."""
    return person("giver", is_operator=True)


def desk(user: User, path: str = "", method: str = "GET", body: Any = None) -> HttpResponse:
    with at(START):
        return ask(client_of(user), method, f"{URL}{path}", body)


def give(user: User, files: dict[str, Any] | None = None, **fields: str) -> HttpResponse:
    commit_in_place(connection)
    sent = [upload(name, body) for name, body in (FILES if files is None else files).items()]
    with at(START):
        return client_of(user).post(URL, {**fields, "files": sent})


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"study/{name}", text)
    return buffer.getvalue()


def test_a_dataset_is_given_and_its_default_analysis_waits(giver):
    given = give(giver, title="  My cases ")
    assert given.status_code == 201
    row = given.json()
    assert row.keys() == ROW
    assert (row["title"], row["source"], row["is_synthetic"]) == ("My cases", "upload", True)
    assert (row["cases"], row["readers"], row["models"]) == (2, 1, 0)
    run = row["newest_run"]
    assert {key: run[key] for key in DEFAULT} == DEFAULT
    assert (run["state"], run["is_default"], run["supplement"]) == ("queued", True, None)
    assert run["dataset_sha256"] == row["content_sha256"]
    listed = desk(giver).json()
    assert (listed["may_add"], listed["datasets"]) == (True, [row])
    one = desk(giver, f"/{row['id']}").json()
    assert {key: one[key] for key in ROW} == row
    assert [(file["path"], file["bytes"]) for file in one["files"]] == [
        (name, len(text)) for name, text in sorted(FILES.items())
    ]
    assert desk(giver, f"/{row['id']}/analysis").json() == {"runs": [run]}


def test_a_zip_is_the_same_dataset_as_its_files(giver):
    first = give(giver)
    again = give(giver, {"all.zip": zipped(FILES)}, title="Another title")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (OutsideDataset.objects.count(), AnalysisRun.objects.count()) == (1, 1)
    assert first.json()["title"] == "Two cases"


def test_the_database_holds_one_row_per_account_and_content(giver):
    given_from_outside(giver, START)
    row = OutsideDataset.objects.values().get()
    row.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideDataset.objects.create(**row)
    other = given_from_outside(person("other"), START)
    assert other.content_sha256 == row["content_sha256"]


def test_a_run_is_of_one_dataset_in_the_database(giver):
    dataset = given_from_outside(giver, START)
    asked = {"analysis_set": "as-read", "level": 0.9, "seed": 1, "asked_at": START}
    for wrong in ({}, {"outside": dataset, "level": 0.95, "seed": DEFAULT["seed"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnalysisRun.objects.create(**{**asked, **wrong})
    AnalysisRun.objects.create(**asked, outside=dataset)


def test_a_demonstration_is_one_click(giver):
    shown = desk(giver).json()["demonstrations"]
    assert [one["name"] for one in shown] == list(DEMOS) == list(DESCRIPTIONS)
    given = desk(giver, method="POST", body={"demonstration": "larc-dm"})
    assert given.status_code == 201
    row = given.json()
    assert (row["source"], row["is_synthetic"], row["newest_run"]["state"]) == (
        "demonstration",
        True,
        "queued",
    )
    assert row["title"] == DESCRIPTIONS["larc-dm"][0]
    assert (row["cases"], row["readers"], row["models"]) == (235, 0, 3)
    again = desk(giver, method="POST", body={"demonstration": "larc-dm"})
    assert (again.status_code, again.json()["id"]) == (200, row["id"])
    unknown = desk(giver, method="POST", body={"demonstration": "nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_demonstration")


@pytest.mark.parametrize("name", list(DEMOS))
def test_a_demonstration_bears_the_title_of_its_dataset(name):
    assert json.loads(demo_files(name)["study.json"])["title"] == DESCRIPTIONS[name][0]


@pytest.mark.parametrize(
    ("files", "text"),
    [
        (
            {**FILES, "truth.csv": "case,truth\nC2,0\n"},
            "reads.csv, row 2: case SECRETCASE1 is not in truth.csv",
        ),
        ({**FILES, "reads.csv": READS + "R1,A,1,C2,rating,9\n"}, "reads.csv, row 4"),
        ({"truth.csv": TRUTH}, "reads.csv is missing"),
        ({**FILES, "study.json": "{"}, "study.json is not JSON"),
        ({**FILES, "study.json": '{"analysis": {"nonsense": 1}}'}, "nonsense is no key"),
        ({"notes.txt": "x"}, "notes.txt is none of reads.csv"),
        ({"all.zip": b"PK no zip"}, "the zip is damaged"),
        ({"truth.csv": b"case,truth\n\xff,1\n"}, "truth.csv, row 2: not UTF-8"),
        ({"truth.csv": ""}, "reads.csv is missing"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_stored(giver, files, text):
    refused = give(giver, files)
    assert (refused.status_code, refused.json()["code"]) == (400, "dataset_refused")
    assert text in refused.json()["text"]
    assert not OutsideDataset.objects.exists()
    assert not AnalysisRun.objects.exists()
    assert not AuditEvent.objects.filter(event="outside_dataset_given").exists()


def test_a_dataset_has_a_largest_size(giver, settings):
    settings.DATASET_MAX_BYTES = len(TRUTH + READS + DESIGN) - 1
    for files in (FILES, {"all.zip": zipped(FILES)}):
        refused = give(giver, files)
        assert (refused.status_code, refused.json()["code"]) == (400, "dataset_too_large")
    settings.DATASET_MAX_BYTES += 1
    assert give(giver).status_code == 201


@pytest.mark.parametrize("body", [{}, {"demonstration": None}, {"demonstration": ["larc-dm"]}, [], [1]])
def test_what_names_nothing_is_refused_by_field(giver, body):
    refused = desk(giver, method="POST", body=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("fields", [{"title": "x" * 201}, {"title": "a\x00b"}])
def test_a_title_that_cannot_be_kept_is_refused_by_field(giver, fields):
    refused = give(giver, **fields)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["title"])


def test_nobody_else_sees_a_dataset_or_its_runs(giver):
    other = person("other", is_operator=True)
    dataset = given_from_outside(giver, START)
    run = ended(dataset, START)
    assert desk(other).json()["datasets"] == []
    paths = ["", "/analysis", *(f"/analysis/{run}/{what}" for what in ("report", "results", "files"))]
    for path in (*paths, f"/analysis/{run}/files/results.json"):
        assert desk(giver, f"/{dataset.pk}{path}").status_code == 200, path
        refused = desk(other, f"/{dataset.pk}{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found"), path
    assert desk(other, f"/{dataset.pk}/analysis", "POST", DEFAULT).status_code == 404
    # Under a dataset of one's own, another's run is not found either.
    own = given_from_outside(other, START)
    assert own.pk != dataset.pk
    assert desk(other, f"/{own.pk}/analysis/{run}/results").status_code == 404


def test_a_run_of_a_dataset_is_none_of_a_study():
    story = study_in(Stage.LOCKED, cases=2)
    person_of_desk = story.people["statistician"]
    dataset = given_from_outside(person_of_desk, story.now)
    run = ended(dataset, story.now)
    studies = f"/api/desk/studies/{story.slug}/analysis"
    client = client_of(person_of_desk)
    with at(story.now):
        listed = ask(client, "GET", studies).json()["runs"]
        assert str(run) not in [one["id"] for one in listed]
        assert ask(client, "GET", f"{studies}/{run}/results").status_code == 404
        (own,) = [one["id"] for one in listed]
        assert ask(client, "GET", f"{URL}/{dataset.pk}/analysis/{own}/results").status_code == 404


def test_who_sees_results_somewhere_may_give_and_nobody_else():
    story = study_in(Stage.DESIGN, cases=2)
    for part, may in (("reader1", False), ("statistician", True), ("auditor", False), ("coordinator", True)):
        listed = desk(story.people[part]).json()
        assert (listed["may_add"], bool(listed["demonstrations"])) == (may, may)
        assert give(story.people[part]).status_code == (201 if may else 403)
    giver = story.people["statistician"]
    dataset = OutsideDataset.objects.get(given_by=giver)
    StudyMember.objects.filter(user=giver, role=Role.STATISTICIAN).update(
        withdrawn_at=story.now, withdrawn_by=giver
    )
    assert desk(giver).json()["may_add"] is False
    assert desk(giver, f"/{dataset.pk}").status_code == 200, "what was given stays the giver's"
    assert desk(giver, f"/{dataset.pk}/analysis", "POST", {**DEFAULT, "seed": 1}).status_code == 403


def test_a_run_is_asked_for_once_while_it_is_open_and_an_account_has_so_many(giver):
    dataset = given_from_outside(giver, START)
    path = f"/{dataset.pk}/analysis"
    asked = [desk(giver, path, "POST", {**DEFAULT, "seed": 1}) for _ in range(2)]
    assert [one.status_code for one in asked] == [201, 201]
    assert asked[0].json()["id"] == asked[1].json()["id"]
    for seed in range(2, analysis_runs.MOST_OPEN_OF_ACCOUNT):
        assert desk(giver, path, "POST", {**DEFAULT, "seed": seed}).status_code == 201
    refused = desk(giver, path, "POST", {**DEFAULT, "seed": 99})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_analyses")
    assert give(giver).json()["code"] == "too_many_analyses"
    assert OutsideDataset.objects.count() == 1, "with its analysis or not at all"
    assert given_from_outside(person("other"), START)
    refused = desk(giver, path, "POST", {**DEFAULT, "level": 2})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["level"])


def test_a_file_is_given_out_as_a_download_of_its_own(giver):
    dataset = given_from_outside(giver, START)
    run = ended(dataset, START)
    answer = desk(giver, f"/{dataset.pk}/analysis/{run}/files/results.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ratings-results.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (
        answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )


def test_a_dataset_is_taken_back_with_its_runs_and_their_files(giver):
    kept = given_from_outside(person("other"), START)
    ended(kept, START)
    dataset = given_from_outside(giver, START)
    path = f"/{dataset.pk}"
    refused = desk(giver, path, "DELETE")
    assert (refused.status_code, refused.json()["code"]) == (409, "analysis_under_way")
    ended(dataset, START)
    before = AuditEvent.objects.count()
    assert desk(giver, path, "DELETE").status_code == 204
    assert (desk(giver, path).status_code, desk(giver, path, "DELETE").status_code) == (404, 404)
    assert list(OutsideDataset.objects.all()) == [kept]
    assert [run.outside_id for run in AnalysisRun.objects.all()] == [kept.pk]
    assert set(AnalysisFile.objects.values_list("run__outside", flat=True)) == {kept.pk}
    event = AuditEvent.objects.order_by("id").last()
    assert (event.event, event.actor_id) == ("outside_dataset_deleted", giver.pk)
    assert event.detail == {"sha256": dataset.content_sha256, "runs": 1}
    assert AuditEvent.objects.count() == before + 1
    assert give(giver, {"mrmc.csv": RATINGS}).status_code == 201, "it may be given again"


def test_nobody_takes_back_what_another_gave(giver):
    dataset = given_from_outside(giver, START)
    ended(dataset, START)
    assert desk(person("operator", is_operator=True), f"/{dataset.pk}", "DELETE").status_code == 404
    assert OutsideDataset.objects.filter(pk=dataset.pk).exists()


def test_the_files_of_a_study_stay_in_the_database():
    story = study_in(Stage.LOCKED, cases=2)
    run = AnalysisRun.objects.get(dataset__study=story.study)
    AnalysisFile.objects.create(
        run=run, path="x", content_type="text/plain", size=1, sha256="0" * 64, body=b"x"
    )
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        AnalysisFile.objects.filter(run=run).delete()


def test_a_probability_of_an_event_is_of_a_model_and_an_endpoint_that_are_there(giver):
    outcomes = "case,endpoint,time,event\nSECRETCASE1,OS,10,1\nC2,OS,20,0\n"
    for endpoint, text in (
        ("OS", "event_probabilities names net, no model of predictions.csv"),
        ("DFS", "event_probabilities names DFS, no endpoint of outcomes.csv"),
    ):
        plan = {"event_probabilities": [{"endpoint": endpoint, "models": ["net"], "by": 12}]}
        refused = give(
            giver, {**FILES, "outcomes.csv": outcomes, "study.json": json.dumps({"analysis": plan})}
        )
        assert (refused.status_code, refused.json()["code"]) == (400, "dataset_refused")
        assert text in refused.json()["text"]
    assert not OutsideDataset.objects.exists()


def test_the_trail_says_that_and_not_what_was_given(giver):
    row = give(giver).json()
    given, asked = AuditEvent.objects.filter(event__in=["outside_dataset_given", "analysis_asked"]).order_by(
        "id"
    )
    assert (given.event, given.actor_id, given.study_id) == ("outside_dataset_given", giver.pk, None)
    assert given.detail == {"sha256": row["content_sha256"], "demonstration": ""}
    assert (asked.study_id, asked.detail["dataset"]) == (None, row["content_sha256"])
    trail = json.dumps(list(AuditEvent.objects.values_list("detail", "old", "new", "reason")))
    assert "SECRETCASE1" not in trail
    assert "Two cases" not in trail


def test_a_refusal_is_in_no_log(giver, caplog):
    with caplog.at_level("DEBUG"):
        give(giver, {**FILES, "truth.csv": "case,truth\nC2,0\n"})
    assert "SECRETCASE1" not in caplog.text


def test_queries_do_not_grow_with_the_datasets(giver):
    def queries() -> int:
        commit_in_place(connection)
        with CaptureQueriesContext(connection) as captured:
            assert desk(giver).status_code == 200
        return len(captured)

    given_from_outside(giver, START)
    few = queries()
    for number in range(4):
        assert give(giver, {"mrmc.csv": RATINGS.replace("C1,", f"D{number},")}).status_code == 201
    assert len(desk(giver).json()["datasets"]) == 5
    assert queries() == few


def test_files_beyond_the_limit_are_not_read_at_all(giver, settings) -> None:
    settings.DATASET_MAX_BYTES = 1_000
    stranger = person("stranger")
    answer = give(stranger, {"truth.csv": "x" * 1_002_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "dataset_too_large")
    assert give(stranger, {"truth.csv": "x" * 1_000}).status_code == 403
    assert not OutsideDataset.objects.exists()
