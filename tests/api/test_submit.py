"""Submitting a read: it locks, once, and brings what comes next."""

import uuid
from typing import Any

import pytest

from backend.reads.models import Answer, Measurement, Read
from backend.studies.models import ReadingSession
from tests.factories.studies import WASHOUT, Stage, StudyStory, lock, study_in

from .observers import ask, at, client_of
from .test_draft import measurement, open_read

pytestmark = pytest.mark.django_db
KEY = uuid.UUID(int=41)


def submit(story: StudyStory, read: Read, answers: dict[str, Any], *, key: uuid.UUID = KEY, **body: Any):
    sent = {"idempotency_key": key, "answers": answers, "measurements": [], "timing": {}, **body}
    with at(story.now):
        return ask(client_of(read.reader), "POST", f"/api/reader/reads/{read.pk}/submit", sent)


def test_a_submitted_read_is_locked_with_its_answers() -> None:
    story = study_in(Stage.SESSION_1, cases=3, with_images=True)
    read = open_read(story)
    answers = story.answers_of(read)
    timing = {"active_ms": 61_000, "clicks": 12, "wall_ms": "soon", "unheard_of": 1}
    done = submit(story, read, answers, measurements=[measurement()], timing=timing)
    assert done.status_code == 200, done.content
    assert done.json() == {
        "status": "submitted",
        "has_feedback": False,
        "next": {
            "status": "open",
            "session_ordinal": 1,
            "position": 3,
            "total": 3,
            "opens_at": None,
            "resumes_draft": False,
        },
        "opened": None,
    }
    read.refresh_from_db()
    assert (read.status, read.submitted_at, read.submitted_by) == ("SUBMITTED", story.now, read.reader)
    assert read.draft == {}
    assert (read.timing["active_ms"], read.timing["wall_ms"]) == (61_000, None)
    assert "unheard_of" not in read.timing
    stored = dict(Answer.objects.filter(read=read).values_list("question", "value"))
    assert stored == {
        **answers,
        "criterion_short_axis": answers["short_axis_mm"] > 5,
        "suggestion": stored["suggestion"],
    }
    kept = Measurement.objects.get(read=read)
    assert (kept.long_axis_mm, kept.short_axis_mm, kept.question) == (8.0, 6.0, "short_axis_mm")
    image = read.assignment.study_case.case.series.get(role="T2W").images.get(index=2)
    assert kept.sop_uid == image.sop_uid


def test_the_same_key_twice_is_one_read() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    first = submit(story, read, story.answers_of(read))
    count = Answer.objects.count()
    again = submit(story, read, {**story.answers_of(read), "rating": 1})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert Answer.objects.count() == count
    assert Answer.objects.get(read=read, question="rating").value == story.answers_of(read)["rating"]


def test_a_second_key_finds_the_read_locked() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    submit(story, read, story.answers_of(read))
    refused = submit(story, read, story.answers_of(read), key=uuid.UUID(int=42))
    assert (refused.status_code, refused.json()["code"]) == (409, "read_locked")


def test_questions_left_open_are_named() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    refused = submit(story, read, {"criterion_margin": False, "rating": 9})
    assert refused.status_code == 400
    assert set(refused.json()["fields"]) == {
        "side_region",
        "short_axis_mm",
        "criterion_heterogeneous",
        "rating",
    }
    assert Read.objects.get(pk=read.pk).status == "DRAFT"
    assert not Answer.objects.filter(read=read).exists()


def test_a_submission_after_the_database_lock_is_refused() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    lock(story, reason="The study ends early.")
    refused = submit(story, read, story.answers_of(read))
    assert (refused.status_code, refused.json()["code"]) == (409, "study_not_reading")


def test_the_last_read_of_a_session_locks_the_session_and_says_when_the_next_opens() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story, "reader2")
    done = submit(story, read, story.answers_of(read)).json()
    session = ReadingSession.objects.get(pk=read.assignment.reading_session_id)
    assert (session.status, session.locked_at) == ("LOCKED", story.now)
    assert done["next"]["status"] == "waiting"
    assert (done["next"]["session_ordinal"], done["next"]["position"]) == (2, 1)
    later = session.member.reading_sessions.get(session__ordinal=2).assignments.get(position=1)
    before = Read.objects.get(assignment__reading_session=session, assignment__study_case=later.study_case_id)
    opens_at = (before.submitted_at + WASHOUT).isoformat().replace("+00:00", "Z")
    assert done["next"]["opens_at"] == opens_at


def test_a_key_is_a_uuid() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    refused = submit(story, read, story.answers_of(read), idempotency_key="once")
    assert list(refused.json()["fields"]) == ["idempotency_key"]
