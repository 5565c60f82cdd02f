"""The desk: a study from design to lock, as coordinator, statistician, auditor and data manager find it."""

import hashlib
import json
from typing import Any

import pytest
from django.db import connection

from backend.audit.models import AuditLink
from backend.predictions.models import InferenceJob
from backend.studies.models import Assignment, Randomisation, ReaderStudy
from tests.database import commit_in_place
from tests.factories.bare import make_mask
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
FILES = {
    "results.json": "application/json",
    "kappa.csv": "text/csv; charset=utf-8",
    "auc.csv": "text/csv; charset=utf-8",
    "comparisons.csv": "text/csv; charset=utf-8",
    "roc_points.csv": "text/csv; charset=utf-8",
    "operating_points.csv": "text/csv; charset=utf-8",
    "reads.csv": "text/csv; charset=utf-8",
    "deviations.csv": "text/csv; charset=utf-8",
    "roc.svg": "image/svg+xml",
    "roc.png": "image/png",
}


def with_password(story: StudyStory, *parts: str) -> StudyStory:
    for part in parts or ("coordinator",):
        story.people[part].set_password(PASSWORD)
        story.people[part].save()
    return story


def desk(story: StudyStory, path: str = "", part: str = "coordinator", method: str = "GET", body: Any = None):
    url = f"/api/desk/studies/{story.slug}{path}"
    with at(story.now):
        return ask(client_of(story.people[part]), method, url, body)


def test_studies_are_those_of_the_person_at_a_desk() -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    study_in(Stage.DESIGN, name="BETA", cases=2)
    row = {"slug": story.slug, "title": story.study.title, "phase": "READING", "role": "COORDINATOR"}
    assert client_of(story.people["coordinator"]).get("/api/desk/studies").json() == [row]
    for part in ("reader1", "adjudicator"):
        assert client_of(story.people[part]).get("/api/desk/studies").json() == []


def test_a_study_says_where_it_stands_and_what_may_be_done() -> None:
    story = study_in(Stage.SESSION_1)
    shown = desk(story).json()
    assert (shown["phase"], shown["cases"], shown["readers"]) == ("READING", 3, 2)
    assert (shown["washout_days"], shown["missing_reads"]) == (28, 12 - 3)
    assert shown["sessions"] == [
        {
            "ordinal": 1,
            "title": "Session 1",
            "washout_days": 0,
            "arms": ["Without the model"],
            "model_ids": [],
        },
        {
            "ordinal": 2,
            "title": "Session 2",
            "washout_days": 28,
            "arms": ["With the radiomics score"],
            "model_ids": ["lpln-radiomics"],
        },
    ]
    assert shown["permissions"] == {
        "progress": True,
        "cases": True,
        "freeze": False,
        "predictions": True,
        "lock": True,
        "people": True,
        "enroll": True,
        "protocol": True,
        "amend": True,
        "deviations": True,
        "unblind": True,
        "results": False,
        "audit": True,
    }
    site = desk(story, part="site").json()
    assert site["missing_reads"] is None, "who may not see progress is not told it by a count"
    assert [name for name, may in site["permissions"].items() if may] == ["cases"]


def test_freeze_draws_an_order_for_every_reader_and_writes_it_down() -> None:
    story = with_password(study_in(Stage.DESIGN))
    shown = desk(story, "/freeze").json()
    assert (shown["can_freeze"], len(shown["sha256"])) == (True, 64)
    sent = {"password": PASSWORD, "sha256": shown["sha256"]}
    frozen = desk(story, "/freeze", method="POST", body=sent)
    assert (frozen.status_code, frozen.json()["phase"]) == (200, "READING")
    study = ReaderStudy.objects.get(pk=story.study.pk)
    assert study.protocol_sha256 == shown["sha256"]
    assert study.protocol["models"]["lpln-radiomics"]["digest"] == "d" * 64
    assert Assignment.objects.filter(reading_session__member__study=study).count() == 2 * 2 * 3
    assert Randomisation.objects.filter(study=study, kind="ORDER").count() == 4
    assert Randomisation.objects.filter(study=study, kind="ALLOCATION").count() == 2
    again = desk(story, "/freeze", method="POST", body=sent)
    assert (again.status_code, again.json()["code"]) == (409, "study_phase")


def test_progress_counts_and_times_without_an_answer() -> None:
    story = study_in(Stage.SESSION_1)
    shown = desk(story, "/progress").json()
    assert shown["totals"] == {"submitted": 3, "total": 12}
    assert "hidden until the database lock" in shown["blinded_note"]
    first, second = shown["readers"]
    assert first["name"] == story.people["reader1"].display_name
    assert [(one["submitted"], one["total"], one["status"]) for one in second["sessions"]] == [
        (2, 3, "open"),
        (0, 3, "not_open"),
    ]
    assert second["sessions"][0]["median_active_s"] == 61.0


def test_progress_in_the_washout_names_when_the_next_case_opens() -> None:
    story = study_in(Stage.WASHOUT, cases=2)
    for reader in desk(story, "/progress").json()["readers"]:
        waiting = reader["sessions"][1]
        assert (waiting["status"], waiting["opens_at"] is None) == ("waiting", False)


def test_cases_are_shown_by_number_with_the_state_of_the_model() -> None:
    story = study_in(Stage.DESIGN, cases=2, with_images=True)
    shown = desk(story, "/cases").json()
    assert [one["number"] for one in shown] == sorted(case.number for case in story.cases)
    assert shown[0]["center"] == story.centers[0].code
    assert shown[0]["prediction"] == {"status": "done", "progress": 1.0, "reason": ""}
    assert shown[0]["masks"] == 1
    assert [(one["role"], one["slices"], one["row_spacing_mm"]) for one in shown[0]["series"]] == [
        ("T2W", 6, 0.75),
        ("ADC", 3, 0.75),
    ]
    at_site = desk(story, "/cases", part="site").json()
    assert [one["center"] for one in at_site] == [story.centers[0].code]


def test_predictions_are_asked_for_once() -> None:
    story = study_in(Stage.SESSION_1)
    assert desk(story, "/predictions", method="POST").json() == {"queued": 0, "existing": 3}
    make_mask(story.cases[0], content="drawn anew", at=story.clock.tick())
    assert desk(story, "/predictions", method="POST").json() == {"queued": 1, "existing": 2}
    jobs = desk(story, "/jobs").json()
    assert [one["status"] for one in jobs] == ["queued", "done", "done", "done"]
    assert (jobs[0]["case"], jobs[0]["model"]) == (story.cases[0].number, "lpln-radiomics")
    assert set(jobs[0]) == {
        "id", "case", "model", "status", "progress", "message", "attempts", "created_at", "finished_at",
        "reason",
    }  # fmt: skip
    assert InferenceJob.objects.count() == 4


def test_lock_asks_for_a_reason_when_reads_are_missing_and_for_two_people() -> None:
    story = with_password(study_in(Stage.SESSION_2), "coordinator", "statistician")
    refused = desk(story, "/lock/request", method="POST", body={})
    assert (refused.status_code, refused.json()["code"], refused.json()["missing"]) == (
        409,
        "reads_missing",
        3,
    )
    for reason in ("", "  "):
        assert desk(story, "/lock/request", method="POST", body={"reason": reason}).status_code == 409
    early = desk(story, "/lock/confirm", "statistician", "POST", {"password": PASSWORD})
    assert early.json()["code"] == "lock_not_requested"
    asked = desk(story, "/lock/request", method="POST", body={"reason": "Two readers left."}).json()
    assert (asked["phase"], asked["lock_request"]["is_own"]) == ("READING", True)
    alone = desk(story, "/lock/confirm", method="POST", body={"password": PASSWORD})
    assert (alone.status_code, alone.json()["code"]) == (409, "lock_needs_two")
    guessed = desk(story, "/lock/confirm", "statistician", "POST", {"password": "guessed"})
    assert guessed.json()["code"] == "wrong_password"
    locked = desk(story, "/lock/confirm", "statistician", "POST", {"password": PASSWORD}).json()
    assert (locked["phase"], locked["lock_reason"]) == ("LOCKED", "Two readers left.")
    assert locked["lock_request"]["requested_by"] == story.people["coordinator"].shown_name
    assert locked["locked_by"] == story.people["statistician"].shown_name
    again = desk(story, "/lock/request", method="POST", body={"reason": "x"})
    assert again.json()["code"] == "study_not_reading"


def test_a_request_for_the_lock_is_taken_back_by_either() -> None:
    story = with_password(study_in(Stage.SESSION_2))
    body = {"reason": "Two readers left."}
    for taking_back in ("coordinator", "statistician"):
        desk(story, "/lock/request", "statistician", "POST", body)
        shown = desk(story, "/lock/withdraw", taking_back, "POST").json()
        assert (shown["lock_request"], shown["lock_reason"]) == (None, "")


def test_results_exist_once_the_study_is_locked() -> None:
    story = study_in(Stage.SESSION_1)
    for path in ("/results", "/results/files/reads.csv", "/results/files/results.json"):
        refused = desk(story, path, "statistician")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_locked")


def test_every_file_of_the_results_comes_as_a_download() -> None:
    story = study_in(Stage.LOCKED)
    for name, content_type in FILES.items():
        answer = desk(story, f"/results/files/{name}", "statistician")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type), name
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{story.slug}-{name}"'
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert len(answer.content) > 40
        digest = hashlib.sha256(answer.content).hexdigest()
        assert hashlib.sha256(desk(story, f"/results/files/{name}").content).hexdigest() == digest
    report = desk(story, "/results").json()
    assert json.loads(desk(story, "/results/files/results.json").content) == report
    assert report["provenance"]["protocol_sha256"] == story.study.protocol_sha256
    for name in ("results", "../results.json", "secret.key", "reads.CSV"):
        assert desk(story, f"/results/files/{name}").status_code == 404


def test_results_name_readers_by_code_only() -> None:
    story = study_in(Stage.LOCKED)
    shown = desk(story, "/results").content + desk(story, "/results/files/reads.csv").content
    for part in ("reader1", "reader2"):
        assert story.people[part].username.encode() not in shown
        assert story.people[part].display_name.encode() not in shown


def test_audit_goes_back_page_by_page_without_a_gap() -> None:
    story = study_in(Stage.LOCKED, cases=6)
    commit_in_place(connection)
    shown = AuditLink.objects.filter(event__study_id=story.study.pk).exclude(event__event="draft_saved")
    expected = list(shown.order_by("-sequence").values_list("sequence", flat=True))
    assert len(expected) > 50
    seen, before, pages = [], "", 0
    while before is not None:
        page = desk(story, f"/audit?before={before}", "auditor").json()
        seen += [event["sequence"] for event in page["events"]]
        before, pages = page["next_before"], pages + 1
    assert seen == expected
    assert pages == -(-len(expected) // 50)


def test_audit_of_a_study_names_who_did_what() -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    newest = desk(story, "/audit", "auditor").json()["events"][0]
    assert (newest["event"], newest["actor"], newest["subject_type"], newest["detail"]) == (
        "read_opened",
        story.people["reader2"].username,
        "reads.read",
        {"session": 1, "position": 2, "step": 1},
    )
    assert desk(story, "/audit?before=nonsense", "auditor").status_code == 200
