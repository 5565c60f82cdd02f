"""Input that a browser of ours never sends: refused by field, never stored, never an error of the server."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from backend.account_api.throttles import AccountThrottle
from backend.accounts.admin import CenterAdmin
from backend.accounts.roles import Role
from backend.audit.errors import RuleBroken
from backend.cases.models import Case
from backend.predictions.models import Disclosure
from backend.reads.models import Read
from backend.studies.services import member_enroll
from tests.factories.studies import START, Stage, StudyStory, study_in

from .observers import ask, at, client_of
from .test_aid import aid, session_2_open
from .test_draft import measurement, open_read, save
from .test_submit import submit

pytestmark = pytest.mark.django_db
HUGE = 10**400


def put_raw(story: StudyStory, read: Read, body: str) -> Any:
    client = client_of(read.reader)
    with at(story.now):
        return client.put(f"/api/reader/reads/{read.pk}/draft", body, content_type="application/json")


@pytest.mark.parametrize("comment", ["\\ud800", "a\\u0000b", "\\udc00 after"])
def test_text_that_cannot_be_stored_is_refused(comment: str) -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    refused = put_raw(
        story,
        read,
        f'{{"revision": {read.draft_revision}, "answers": {{"comment": "{comment}"}}, "measurements": []}}',
    )
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["comment"]
    before = read.draft
    read.refresh_from_db()
    assert read.draft == before


def test_a_number_beyond_all_numbers_is_refused() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    assert save(story, read, read.draft_revision, {"short_axis_mm": HUGE}).status_code == 400
    for changes in ({"long_axis_mm": HUGE}, {"points_mm": [[HUGE, 0, 0], [1, 0, 0], [0, 1, 0], [0, 2, 0]]}):
        assert save(story, read, read.draft_revision, {}, [measurement(**changes)]).status_code == 400
    done = submit(story, read, story.answers_of(read), timing={"active_ms": HUGE})
    assert done.status_code == 200
    read.refresh_from_db()
    assert read.timing["active_ms"] is None


def test_a_derived_value_that_is_sent_is_not_kept() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    body = {"revision": read.draft_revision, "answers": {"suggestion": 5, "rating": 2}, "measurements": []}
    assert put_raw(story, read, json.dumps(body)).status_code == 200
    read.refresh_from_db()
    assert read.draft["answers"] == {"rating": 2}


@pytest.mark.parametrize("question", ["rating", "unknown", {"a": 1}, ["short_axis_mm"], 7, "x" * 500])
def test_a_measurement_fills_a_measurement_of_the_form_or_nothing(question: Any) -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    refused = save(story, read, read.draft_revision, {}, [measurement(question=question)])
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["measurements[0]"]


def test_a_tab_that_fell_behind_cannot_submit() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    answers = story.answers_of(read)
    before = read.draft_revision
    assert save(story, read, before, answers).status_code == 200
    refused = submit(story, read, answers, revision=before)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_draft")
    assert submit(story, read, answers, revision=before + 1).status_code == 200


def test_an_aided_read_is_submitted_only_after_the_output_was_shown() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    refused = submit(story, read, story.answers_of(read))
    assert (refused.status_code, refused.json()["code"]) == (409, "aid_not_shown")
    assert aid(story, read).status_code == 200
    assert submit(story, read, story.answers_of(read)).status_code == 200
    assert Disclosure.objects.filter(read=read).count() == 1


@pytest.mark.parametrize("before", ["²", "9" * 5000, "-1", "1e3", ""])
def test_an_odd_page_of_the_audit_trail_is_the_first(before: str) -> None:
    story = study_in(Stage.SESSION_1)
    path = f"/api/desk/studies/{story.slug}/audit"
    client = client_of(story.people["auditor"])
    with at(story.now):
        first = ask(client, "GET", path)
        odd = client.get(path, {"before": before})
    assert odd.status_code == 200
    assert odd.json() == first.json()


def test_the_forwarded_address_of_a_stranger_does_not_reset_the_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"sign_in": "3/min"})
    cache.clear()
    assert [sign_in_from(f"10.0.0.{last}", "ada") for last in range(4)] == [400, 400, 400, 429]
    cache.clear()


def test_attempts_on_one_account_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountThrottle, "THROTTLE_RATES", {"sign_in_account": "2/hour"})
    cache.clear()
    assert [sign_in_from("10.0.0.1", name) for name in ("ada", "ADA ", "ada", "grace")] == [
        400,
        400,
        429,
        400,
    ]
    cache.clear()


def sign_in_from(address: str, username: str) -> int:
    body = {"username": username, "password": "wrong"}
    answer = Client().post(
        "/api/account/sign-in", body, content_type="application/json", headers={"X-Forwarded-For": address}
    )
    return answer.status_code


def test_a_mask_cannot_change_under_a_frozen_study(tmp_path: Path) -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    case = Case.objects.get(pk=story.cases[0].pk)
    series = case.series.get(role="T2W")
    np.savez(tmp_path / "mask.npz", mask=np.ones((series.slices, series.rows, series.columns), bool))
    masks = case.masks.count()
    with pytest.raises(CommandError, match="frozen"):
        call_command(
            "add_mask", case.number, str(tmp_path / "mask.npz"), "--series", series.title, stdout=StringIO()
        )
    assert case.masks.count() == masks


def test_a_center_keeps_the_code_it_was_made_with(rf: Any) -> None:
    story = study_in(Stage.DESIGN)
    admin = CenterAdmin(type(story.centers[0]), None)  # type: ignore[arg-type]
    assert admin.get_readonly_fields(rf.get("/"), story.centers[0]) == ("code",)
    assert admin.get_readonly_fields(rf.get("/"), None) == ()


def test_a_member_is_enrolled_once() -> None:
    story = study_in(Stage.DESIGN)
    with pytest.raises(RuleBroken, match="already_member"):
        member_enroll(study=story.study, user=story.people["reader1"], role=Role.READER, by=None, now=START)
