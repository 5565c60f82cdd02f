"""Keeping a draft: revisions, partial answers, measurements."""

import math
import uuid
from typing import Any

import pytest

from backend.audit.models import AuditEvent
from backend.reads.models import Read
from tests.factories.dicom import STEP_MM
from tests.factories.studies import Stage, StudyStory, lock, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db


def open_read(story: StudyStory, part: str = "reader1") -> Read:
    return Read.objects.get(reader=story.people[part], status="DRAFT")


def save(story: StudyStory, read: Read, revision: int, answers: dict[str, Any], measurements: Any = ()):
    body = {"revision": revision, "answers": answers, "measurements": list(measurements), "client_id": "tab"}
    with at(story.now):
        return ask(client_of(read.reader), "PUT", f"/api/reader/reads/{read.pk}/draft", body)


def measurement(*, frame: int = 3, **changes: Any) -> dict[str, Any]:
    """A long axis of 8 mm and a short one of 6 on the slice at `frame`."""
    z = (frame - 1) * STEP_MM
    return {
        "uuid": str(uuid.UUID(int=21)),
        "tool": "bidirectional",
        "question": "short_axis_mm",
        "series": 0,
        "frame": frame,
        "points_mm": [[-4.0, 0.0, z], [4.0, 0.0, z], [0.0, -3.0, z], [0.0, 3.0, z]],
        "long_axis_mm": 8.0,
        "short_axis_mm": 6.0,
        **changes,
    }


def test_a_draft_is_kept_with_a_new_revision_and_given_back() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    saved = save(story, read, 1, {"rating": 2, "short_axis_mm": 5.5})
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    assert saved.json()["saved_at"] == story.now.isoformat().replace("+00:00", "Z")
    draft = ask(client_of(read.reader), "GET", f"/api/reader/reads/{read.pk}").json()["draft"]
    assert (draft["revision"], draft["answers"]) == (2, {"rating": 2, "short_axis_mm": 5.5})


def test_derived_values_come_from_the_server() -> None:
    story = study_in(Stage.SESSION_1)
    answers = {"short_axis_mm": 5.1, "criterion_heterogeneous": True, "criterion_margin": False}
    read = open_read(story)
    saved = save(story, read, 1, {**answers, "suggestion": 1}).json()
    assert saved["derived"] == {"criterion_short_axis": True, "suggestion": 4}
    assert save(story, read, 2, {"short_axis_mm": 5.0}).json()["derived"] == {
        "criterion_short_axis": False,
        "suggestion": None,
    }


def test_a_draft_of_an_older_revision_is_refused_and_changes_nothing() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    assert save(story, read, 1, {"rating": 2}).status_code == 200
    stale = save(story, read, 1, {"rating": 5})
    assert (stale.status_code, stale.json()["code"], stale.json()["revision"]) == (409, "stale_draft", 2)
    assert Read.objects.get(pk=read.pk).draft["answers"] == {"rating": 2}


def test_a_page_knows_its_own_save_by_the_name_that_it_gave() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    assert save(story, read, 1, {"rating": 2}).status_code == 200
    assert save(story, read, 1, {"rating": 3}).json()["client_id"] == "tab"
    body = ask(client_of(read.reader), "GET", f"/api/reader/reads/{read.pk}").json()
    assert body["draft"]["client_id"] == "tab"


def test_a_reader_is_named_alike_in_all_of_their_reads_and_by_no_name_of_theirs() -> None:
    story = study_in(Stage.SESSION_1)
    own, other = open_read(story, "reader1"), open_read(story, "reader2")

    def named(read: Read) -> str:
        return str(ask(client_of(read.reader), "GET", f"/api/reader/reads/{read.pk}").json()["reader"])

    assert named(own) == named(own) != named(other)
    assert len(named(own)) == 32
    assert own.reader.username not in named(own)


def test_a_draft_of_a_submitted_read_is_refused() -> None:
    story = study_in(Stage.SESSION_1)
    read = Read.objects.get(reader=story.people["reader1"], status="SUBMITTED")
    refused = save(story, read, 0, {"rating": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "read_locked")


def test_a_draft_after_the_database_lock_is_refused() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    lock(story, reason="The study ends early.")
    refused = save(story, read, 1, {"rating": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "study_not_reading")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"rating": 6}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "4"}, "rating"),
        ({"short_axis_mm": 0.5}, "short_axis_mm"),
        ({"short_axis_mm": 61}, "short_axis_mm"),
        ({"criterion_margin": 1}, "criterion_margin"),
        ({"side_region": "left"}, "side_region"),
        ({"comment": "x" * 2001}, "comment"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_an_answer_outside_the_form_is_refused_by_name(answers, field) -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    refused = save(story, open_read(story), 1, answers)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert list(refused.json()["fields"]) == [field]
    assert Read.objects.get(pk=open_read(story).pk).draft_revision == 1


def test_a_measurement_is_kept_with_the_lengths_of_the_server() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    saved = save(story, read, 1, {}, [measurement(long_axis_mm=8.004)])
    assert saved.status_code == 200, saved.content
    (kept,) = saved.json()["measurements"]
    assert (kept["long_axis_mm"], kept["short_axis_mm"], kept["frame"]) == (8.0, 6.0, 3)
    draft = ask(client_of(read.reader), "GET", f"/api/reader/reads/{read.pk}").json()["draft"]
    assert draft["measurements"] == [kept]


def test_a_length_that_differs_is_kept_as_the_server_measures_it_and_told() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    saved = save(story, open_read(story), 1, {}, [measurement(short_axis_mm=6.02)])
    assert saved.status_code == 200, saved.content
    (kept,) = saved.json()["measurements"]
    assert kept["short_axis_mm"] == 6.0
    told = {"uuid": kept["uuid"], "field": "short_axis_mm", "here": 6.02, "server": 6.0}
    assert saved.json()["differences"] == [told]


IMPOSSIBLE = [
    ({"frame": 4}, "slice that is named"),
    ({"frame": 7}, "not part of this case"),
    ({"frame": "3"}, "not part of this case"),
    ({"series": 2}, "not part of this case"),
    ({"series": -1}, "not part of this case"),
    ({"tool": "freehand"}, "tool"),
    ({"points_mm": [[0, 0, 7]] * 3}, "four points"),
    ({"points_mm": [[0, 0]] * 4}, "three coordinates"),
    ({"points_mm": [[0, 0, "7"]] * 4}, "number"),
    ({"points_mm": [[0, 0, 1e9]] * 4}, "outside"),
    ({"uuid": "no-uuid"}, "not complete"),
    ({"long_axis_mm": None}, "number of mm"),
]


def test_a_measurement_that_cannot_be_is_refused_by_its_place() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    for changes, word in IMPOSSIBLE:
        second = {**measurement(), "uuid": str(uuid.UUID(int=22)), **changes}
        refused = save(story, open_read(story), 1, {}, [measurement(), second])
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid"), changes
        assert word in refused.json()["fields"]["measurements[1]"], changes


def test_a_measurement_sent_twice_and_too_many_are_refused() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    for sent in ([measurement(), measurement()], [measurement()] * 21):
        refused = save(story, read, 1, {}, sent)
        assert refused.status_code == 400
        assert list(refused.json()["fields"]) == ["measurements"]


def test_a_number_that_is_none_is_refused() -> None:
    """JSON of browsers has no NaN, but Python's reads one."""
    story = study_in(Stage.SESSION_1, cases=2)
    refused = save(story, open_read(story), 1, {"short_axis_mm": math.nan})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b'{"revision": 1}',
        b'{"answers": [], "measurements": {}}',
        b"\xff",
    ],
)
def test_a_body_that_is_no_draft_is_refused(body) -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    read = open_read(story)
    answer = client_of(read.reader).generic(
        "PUT", f"/api/reader/reads/{read.pk}/draft", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["code"] in ("invalid", "bad_request")


def test_a_saved_draft_leaves_a_trace_without_answers() -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    save(story, open_read(story), 1, {"rating": 2})
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.event, event.detail) == ("draft_saved", {"revision": 2})
