"""A reader's day over the wire: training, breaks, cases in two steps, the signature, and corrections."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.throttling import ScopedRateThrottle

from backend.reads.models import Correction, Read
from backend.studies.models import Signature
from tests.factories.flow import KEY, PASSWORD, TRAINING, commit, flow_story, train
from tests.factories.reading import answers
from tests.factories.studies import StudyStory

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
BREAK = timedelta(minutes=15)
CORRECTION_KEY = uuid.UUID(int=55)


def call(story: StudyStory, method: str, path: str, body: Any = None, part: str = "reader1") -> Any:
    with at(story.now):
        return ask(client_of(story.people[part]), method, f"/api/{path}", body)


def worklist(story: StudyStory, part: str = "reader1") -> dict[str, Any]:
    return call(story, "GET", f"reader/studies/{story.slug}/worklist", part=part).json()


def sign(story: StudyStory, *, password: str = PASSWORD, part: str = "reader1", ordinal: int = 1) -> Any:
    path = f"reader/studies/{story.slug}/sessions/{ordinal}/sign"
    return call(story, "POST", path, {"password": password}, part)


def submit(story: StudyStory, read: Read, given: dict[str, Any]) -> Any:
    body = {"idempotency_key": uuid.uuid4(), "answers": given, "measurements": [], "timing": {}}
    return call(story, "POST", f"reader/reads/{read.pk}/submit", body)


# ------------------------------------------------------------------------------------------------------------ training
def test_the_worklist_has_the_training_first_with_its_rules() -> None:
    story = flow_story(training_cases=2)
    shown = worklist(story)
    assert shown["training"] == {"pass_mark": TRAINING["pass_mark"], "max_attempts": 2}
    first = shown["sessions"][0]
    assert (first["ordinal"], first["is_training"], first["status"]) == (0, True, "open")
    assert (first["submitted"], first["total"], first["score"]) == (0, 2, None)
    assert (shown["next"]["session_ordinal"], shown["next"]["position"], shown["next"]["total"]) == (0, 1, 2)


def test_feedback_stands_beside_the_key_once_the_case_is_submitted() -> None:
    story = flow_story(training_cases=1)
    read = story.open_next("reader1")
    assert call(story, "GET", f"reader/reads/{read.pk}/feedback").status_code == 404
    assert call(story, "GET", f"reader/reads/{read.pk}").json()["session"]["is_training"] is True
    assert submit(story, read, answers(2)).json()["has_feedback"] is True
    shown = call(story, "GET", f"reader/reads/{read.pk}/feedback")
    assert shown.headers["Cache-Control"] == "no-store"
    body = shown.json()
    assert (body["alias"], body["text"]) == (read.assignment.alias, KEY["text"])
    rows = {row["question"]: row for row in body["compared"]}
    assert rows["rating"]["is_right"] is False
    assert rows["criterion_margin"]["is_right"] is None
    assert (rows["short_axis_mm"]["answer"], rows["short_axis_mm"]["expected"]) == ("6.5 mm", "6.5 mm")
    locked = call(story, "GET", f"reader/reads/{read.pk}").json()
    assert (locked["status"], locked["has_feedback"]) == ("submitted", True)
    for part in ("reader2", "coordinator", "statistician", "auditor"):
        assert call(story, "GET", f"reader/reads/{read.pk}/feedback", part=part).status_code == 404


def test_a_failed_training_is_told_with_its_score_and_begins_again() -> None:
    story = flow_story(training_cases=2)
    train(story, rating=1, count=2)
    first, second = worklist(story)["sessions"][:2]
    assert (first["attempt"], first["score"], first["is_passed"], first["status"]) == (
        1,
        0.5,
        False,
        "complete",
    )
    assert (second["attempt"], second["score"], second["status"]) == (2, None, "open")
    train(story, rating=1, count=2)
    shown = worklist(story)
    assert (shown["sessions"][1]["status"], shown["next"]["status"]) == ("failed", "failed")
    refused = call(story, "POST", f"reader/studies/{story.slug}/next")
    assert (refused.status_code, refused.json()["code"]) == (409, "training_failed")


# -------------------------------------------------------------------------------------------------------------- breaks
def test_a_break_is_told_and_enforced_to_the_instant() -> None:
    sittings = {"max_cases": 2, "max_minutes": None, "break_minutes": 15}
    story = flow_story(sittings=sittings)
    commit(story)
    last = commit(story)
    until = last.submitted_at + BREAK
    shown = worklist(story)["next"]
    assert (shown["status"], shown["opens_at"]) == ("break", until.isoformat().replace("+00:00", "Z"))
    story.clock.now = until - timedelta(microseconds=1)
    refused = call(story, "POST", f"reader/studies/{story.slug}/next")
    assert (refused.status_code, refused.json()["code"]) == (409, "break_due")
    assert refused.json()["opens_at"] == until.isoformat()
    story.clock.now = until
    assert call(story, "POST", f"reader/studies/{story.slug}/next").status_code == 200


def test_a_break_interrupts_no_draft() -> None:
    story = flow_story(sittings={"max_cases": None, "max_minutes": 5, "break_minutes": 15})
    draft = story.open_next("reader1")
    story.clock.tick(minutes=30)
    opened = call(story, "POST", f"reader/studies/{story.slug}/next")
    assert opened.json() == {"read_id": str(draft.pk)}
    assert submit(story, draft, answers(3)).json()["next"]["status"] == "break"


# ------------------------------------------------------------------------------------------------------ cases in steps
def test_a_case_in_two_steps_is_committed_revealed_and_committed_again() -> None:
    story = flow_story(in_steps=True)
    first = story.open_next("reader1")
    shown = call(story, "GET", f"reader/reads/{first.pk}").json()
    assert (shown["step"], shown["steps"], shown["aid_released"]) == (1, 2, False)
    assert call(story, "GET", f"reader/reads/{first.pk}/aid").status_code == 404
    done = submit(story, first, answers(2, comment="before")).json()
    assert (done["next"]["status"], done["next"]["position"], done["next"]["total"]) == ("open", 1, 3)
    second_id = call(story, "POST", f"reader/studies/{story.slug}/next").json()["read_id"]
    assert second_id != str(first.pk)
    shown = call(story, "GET", f"reader/reads/{second_id}").json()
    assert (shown["alias"], shown["step"], shown["aid_released"]) == (first.assignment.alias, 2, True)
    assert shown["draft"]["answers"] == answers(2, comment="before")
    assert call(story, "GET", f"reader/reads/{second_id}/aid").json()["status"] == "available"
    assert submit(story, first, answers(5)).json()["code"] == "read_locked"
    second = Read.objects.get(pk=second_id)
    done = submit(story, second, answers(4)).json()
    assert (done["next"]["status"], done["next"]["position"]) == ("open", 2)
    session = worklist(story)["sessions"][0]
    assert (session["submitted"], session["total"], session["steps"]) == (1, 3, 2)


def test_no_break_stands_between_the_steps_of_a_case() -> None:
    story = flow_story(in_steps=True, sittings={"max_cases": 1, "max_minutes": None, "break_minutes": 15})
    commit(story)
    assert worklist(story)["next"]["status"] == "open"
    commit(story)
    assert worklist(story)["next"]["status"] == "break"


def test_the_view_is_carried_to_the_second_step() -> None:
    story = flow_story(in_steps=True)
    first = story.open_next("reader1")
    view = {
        "series": 0,
        "slice": 12,
        "center": 40.0,
        "width": 300.0,
        "zoom": 1.5,
        "pan_x": 3.0,
        "pan_y": -2.0,
        "mirrored": 1.0,
        "rotation": 90.0,
        "inverted": 0.0,
    }
    draft = {"revision": 0, "answers": {}, "measurements": [], "view": {**view, "reader": "x"}}
    assert call(story, "PUT", f"reader/reads/{first.pk}/draft", draft).status_code == 200
    assert call(story, "GET", f"reader/reads/{first.pk}").json()["draft"]["view"] == view
    story.submit(first, answers(2))
    second = story.open_next("reader1")
    assert call(story, "GET", f"reader/reads/{second.pk}").json()["draft"]["view"] == view


# ----------------------------------------------------------------------------------------------------------- signature
def test_a_session_is_signed_with_the_meaning_that_is_shown() -> None:
    story = flow_story(cases=2, signature=True)
    commit(story)
    commit(story)
    shown = worklist(story)
    assert (shown["next"]["status"], shown["sessions"][0]["status"]) == ("to_sign", "to_sign")
    refused = call(story, "POST", f"reader/studies/{story.slug}/next")
    assert (refused.status_code, refused.json()["code"]) == (409, "session_to_sign")
    wrong = sign(story, password="another-long-password")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_password")
    signed = sign(story)
    assert signed.status_code == 200, signed.content
    body = signed.json()
    assert body["meaning"] == shown["sessions"][0]["meaning"]
    assert len(body["document_sha256"]) == 64
    assert body["next"]["status"] == "waiting"
    assert worklist(story)["sessions"][0]["meaning"] is None


def test_a_signature_sent_twice_is_one() -> None:
    story = flow_story(cases=2, signature=True)
    commit(story)
    commit(story)
    assert sign(story).json() == sign(story).json()
    assert Signature.objects.count() == 1


def test_others_sign_nothing() -> None:
    story = flow_story(cases=2, signature=True)
    commit(story)
    commit(story)
    assert [sign(story, part=part).status_code for part in ("reader2", "coordinator", "auditor")] == [
        409,
        404,
        404,
    ]
    assert sign(story, ordinal=9).status_code == 404
    assert not Signature.objects.exists()


def test_a_password_cannot_be_guessed_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"signature": "3/min", "sign_in": "9/min"})
    story = flow_story(cases=2, signature=True)
    commit(story)
    commit(story)
    with time_machine.travel(story.now, tick=False):
        codes = [sign(story, password=f"guess-{number}").status_code for number in range(4)]
    assert codes == [409, 409, 409, 429]


# --------------------------------------------------------------------------------------------------------- corrections
def request_correction(story: StudyStory, read: Read, part: str = "reader1") -> Any:
    path = f"reader/reads/{read.pk}/correction-request"
    return call(story, "POST", path, {"reason": "Sides mixed up."}, part)


def decide(
    story: StudyStory, reopening_id: str, word: str, part: str = "coordinator", decision: str = "A slip."
) -> Any:
    path = f"desk/studies/{story.slug}/reopenings/{reopening_id}/{word}"
    return call(story, "POST", path, {"decision": decision}, part)


def correct(story: StudyStory, read: Read, given: dict[str, Any], part: str = "reader1") -> Any:
    body = {
        "idempotency_key": CORRECTION_KEY,
        "answers": given,
        "measurements": [],
        "reason": "The other side.",
    }
    return call(story, "POST", f"reader/reads/{read.pk}/correction", body, part)


def reopenings(story: StudyStory, part: str) -> Any:
    return call(story, "GET", f"desk/studies/{story.slug}/reopenings", part=part)


def test_own_submitted_reads_are_listed_without_what_they_hold() -> None:
    story = flow_story()
    read = commit(story)
    (row,) = worklist(story)["correctable"]
    assert row == {
        "read_id": str(read.pk),
        "alias": read.assignment.alias,
        "session_title": "Session 1",
        "step": 1,
        "steps": 1,
        "submitted_at": read.submitted_at.isoformat().replace("+00:00", "Z"),
        "request": None,
    }
    assert worklist(story, "reader2")["correctable"] == []


def test_a_correction_from_the_request_to_the_added_answers() -> None:
    story = flow_story()
    read = commit(story)
    assert request_correction(story, read).json() == {"status": "requested"}
    assert worklist(story)["correctable"][0]["request"] == {"status": "requested", "decision": ""}
    assert request_correction(story, read).json()["code"] == "reopening_open"
    (row,) = reopenings(story, "coordinator").json()
    assert (row["status"], row["reason"], row["alias"]) == (
        "requested",
        "Sides mixed up.",
        read.assignment.alias,
    )
    assert correct(story, read, answers(5)).json()["code"] == "not_reopened"

    assert decide(story, row["id"], "grant").json() == {"status": "granted"}
    assert worklist(story)["correctable"][0]["request"] == {"status": "granted", "decision": "A slip."}
    shown = call(story, "GET", f"reader/reads/{read.pk}").json()
    assert (shown["status"], shown["correction"]) == ("reopened", {"reason": "Sides mixed up."})
    assert shown["draft"]["answers"] == answers(3)
    assert shown["aid_released"] is False

    assert correct(story, read, {**answers(5), "rating": None}).json()["fields"].keys() == {"rating"}
    assert correct(story, read, answers(5)).json() == {"status": "corrected"}
    assert correct(story, read, answers(5)).json() == {"status": "corrected"}
    assert Correction.objects.count() == 1
    assert call(story, "GET", f"reader/reads/{read.pk}").json()["status"] == "submitted"
    assert worklist(story)["next"]["position"] == 2


def test_only_the_coordinator_decides_and_only_once() -> None:
    story = flow_story()
    request_correction(story, commit(story))
    (row,) = reopenings(story, "auditor").json()
    for part in ("reader1", "reader2", "statistician", "auditor", "site", "adjudicator"):
        assert decide(story, row["id"], "grant", part).status_code == 404
    assert decide(story, row["id"], "refuse", decision="").status_code == 400
    assert decide(story, row["id"], "refuse").json() == {"status": "refused"}
    assert decide(story, row["id"], "grant").json()["code"] == "reopening_status"
    assert worklist(story)["correctable"][0]["request"]["status"] == "refused"


def test_the_list_of_the_desk_shows_no_answer_and_to_nobody_else() -> None:
    story = flow_story()
    read = story.open_next("reader1")
    story.submit(read, answers(3, comment="a remark of the reader"))
    request_correction(story, read)
    assert b"remark" not in reopenings(story, "coordinator").content
    assert read.assignment.study_case.case.number.encode() not in reopenings(story, "coordinator").content
    codes = {part: reopenings(story, part).status_code for part in story.people}
    assert {part for part, code in codes.items() if code == 200} == {"coordinator", "statistician", "auditor"}


def test_another_study_decides_nothing() -> None:
    story, other = flow_story(), flow_story(name="BETA")
    request_correction(story, commit(story))
    (row,) = reopenings(story, "coordinator").json()
    assert decide(other, row["id"], "grant").status_code == 404
