"""The next case's images may come while the case before is read: as far as opening goes, no further, and unwritten."""

import uuid
from datetime import datetime
from typing import Any

import pytest

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions.models import Disclosure
from backend.predictions.release import read_open_next_with_aid, read_submit_with_aid
from backend.predictions.services import job_request
from backend.reads.corrections import reopening_grant, reopening_request
from backend.reads.models import Read
from backend.reads.upcoming import read_id_of
from backend.studies.models import ReaderStudy
from tests.factories.bare import make_mask
from tests.factories.flow import flow_story, train
from tests.factories.model import MODEL_ID
from tests.factories.reading import answers
from tests.factories.studies import START, Stage, StudyStory, freeze, lock, study_in

from .observers import ask, at, client_of, undone
from .test_draft import open_read

pytestmark = pytest.mark.django_db
SUBMISSION: dict[str, Any] = {"measurements": [], "timing": {}}
NOTHING = {"read_id": None, "series": []}


def get(story: StudyStory, path: str, part: str = "reader1") -> Any:
    with at(story.now):
        return ask(client_of(story.people[part]), "GET", f"/api/reader/{path}")


def upcoming(story: StudyStory, part: str = "reader1") -> dict[str, Any]:
    answer = get(story, f"studies/{story.slug}/upcoming", part)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = answer.json()
    return body


def images(story: StudyStory, read_id: object, part: str = "reader1") -> tuple[int, int]:
    place = f"reads/{read_id}/series/0"
    return (
        get(story, f"{place}/metadata", part).status_code,
        get(story, f"{place}/frames/1", part).status_code,
    )


def with_images(**options: Any) -> StudyStory:
    """Three cases with images; the first reader has the first one open."""
    story = flow_story(cases=3, with_images=True, **options)
    story.begin_draft("reader1")
    return story


def test_what_is_told_ahead_is_what_is_opened() -> None:
    story = with_images()
    ahead = upcoming(story)
    metadata = get(story, f"reads/{ahead['read_id']}/series/0/metadata").json()
    story.submit(open_read(story), story.answers_of(open_read(story)))
    opened = story.open_next("reader1")
    assert str(opened.pk) == ahead["read_id"]
    shown = get(story, f"reads/{opened.pk}").json()
    assert shown["series"] == ahead["series"]
    assert get(story, f"reads/{opened.pk}/series/0/metadata").json() == metadata


def test_it_tells_the_images_and_nothing_else() -> None:
    story = with_images()
    ahead = upcoming(story)
    assert ahead.keys() == {"read_id", "series"}
    assert images(story, ahead["read_id"]) == (200, 200)
    for path in ("", "/aid", "/feedback"):
        assert get(story, f"reads/{ahead['read_id']}{path}").status_code == 404
    beyond = f"reads/{ahead['read_id']}/series/99/metadata"
    assert get(story, beyond).status_code == 404


def test_asking_writes_nothing() -> None:
    story = with_images()
    before = (Read.objects.count(), AuditEvent.objects.count(), Disclosure.objects.count())
    images(story, upcoming(story)["read_id"])
    assert (Read.objects.count(), AuditEvent.objects.count(), Disclosure.objects.count()) == before
    assert ReaderStudy.objects.get(pk=story.study.pk).phase == "READING"


def test_the_images_are_for_the_reader_whose_case_comes_next() -> None:
    story = with_images()
    story.begin_draft("reader2")
    mine = upcoming(story)["read_id"]
    assert upcoming(story, "reader2")["read_id"] != mine
    assert images(story, mine, "reader2") == (404, 404)
    assert images(story, mine, "coordinator") == (404, 404)


def test_a_browser_keeps_no_frame_of_a_case_until_it_is_opened() -> None:
    story = with_images()
    frame = f"reads/{upcoming(story)['read_id']}/series/0/frames/1"
    ahead = get(story, frame)
    assert (ahead.status_code, ahead.headers["Cache-Control"]) == (200, "no-store")
    story.submit(open_read(story), story.answers_of(open_read(story)))
    story.begin_draft("reader1")
    opened = get(story, frame)
    assert opened.content == ahead.content
    assert opened.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_case_after_the_next_is_not_shown() -> None:
    story = with_images()
    assignment = open_read(story).assignment
    third = assignment.reading_session.assignments.get(position=3)
    assert images(story, read_id_of(third, 1)) == (404, 404)


def test_before_the_session_is_opened_nothing_comes() -> None:
    story = freeze(study_in(Stage.DESIGN, with_images=True))
    assert upcoming(story) == NOTHING


def test_between_two_cases_the_next_one_is_told_still() -> None:
    """Its images go on coming while the page moves from one case to the other."""
    story = with_images()
    ahead = upcoming(story)
    story.submit(open_read(story), story.answers_of(open_read(story)))
    assert upcoming(story) == ahead
    assert images(story, ahead["read_id"]) == (200, 200)


def test_after_the_last_case_of_a_session_nothing_comes() -> None:
    story = freeze(study_in(Stage.DESIGN, cases=2))
    story.read_cases("reader1", 1)
    story.begin_draft("reader1")
    assert upcoming(story) == NOTHING


def test_whatever_is_told_ahead_would_open_and_nothing_else_would() -> None:
    """Over two sessions with breaks and a washout of its own for every case."""
    story = flow_story(cases=4, sittings={"max_cases": 3, "max_minutes": None, "break_minutes": 15})
    told: list[bool] = []
    for _ in range(2 * len(story.cases)):
        draft = opened_when_it_may_be(story)
        # Before anything is asked: to see it takes a minute, in which a washout may end.
        story.see_aid(draft)
        ahead = upcoming(story)["read_id"]
        with undone():
            done = {**SUBMISSION, "answers": story.answers_of(draft), "idempotency_key": uuid.uuid4()}
            read_submit_with_aid(read_id=draft.pk, by=draft.reader, now=story.now, **done)
            assert ahead == opened_now(story, draft)
        told.append(ahead is not None)
        story.submit(draft, story.answers_of(draft))
        story.clock.tick(minutes=2)
    assert told[:4] == [True, True, False, False], (
        "a break is due after the third case, and the fourth is the last"
    )
    assert False in told[4:7], "a case of the second session is still washing out"


def opened_when_it_may_be(story: StudyStory) -> Read:
    """The next read, at the first minute at which the rules open it."""
    try:
        return story.open_next("reader1")
    except RuleBroken as refused:
        story.clock.now = datetime.fromisoformat(refused.extra["opens_at"])
        return story.open_next("reader1")


def opened_now(story: StudyStory, before: Read) -> str | None:
    """The id of the read that opens at this instant in the same session, if one does."""
    try:
        read = read_open_next_with_aid(slug=story.slug, by=before.reader, now=story.now)
    except RuleBroken:
        return None
    same = read.assignment.reading_session_id == before.assignment.reading_session_id
    return str(read.pk) if same else None


def test_nothing_comes_where_a_break_is_due_after_the_open_case() -> None:
    sittings = {"max_cases": 1, "max_minutes": None, "break_minutes": 15}
    story = flow_story(cases=3, sittings=sittings)
    story.begin_draft("reader1")
    assert upcoming(story) == NOTHING
    story.submit(open_read(story), story.answers_of(open_read(story)))
    assert upcoming(story) == NOTHING


def test_the_second_step_of_a_case_comes_with_images_and_no_output() -> None:
    story = with_images(in_steps=True)
    ahead = upcoming(story)
    draft = open_read(story)
    assert ahead["read_id"] == str(read_id_of(draft.assignment, 2))
    assert images(story, ahead["read_id"]) == (200, 200)
    assert get(story, f"reads/{ahead['read_id']}/aid").status_code == 404
    assert not Disclosure.objects.exists()


def test_nothing_comes_in_an_aided_arm_before_the_model_has_answered() -> None:
    story = study_in(Stage.SESSION_2, cases=3)
    ahead = upcoming(story)["read_id"]
    assert get(story, f"reads/{ahead}/series/0/metadata").status_code == 200
    for case in story.cases:
        make_mask(case, content=f"anew {case.number}", at=story.clock.tick())
        job_request(case=case, model_id=MODEL_ID, by=None, now=START)
    assert upcoming(story) == NOTHING
    assert get(story, f"reads/{ahead}/series/0/metadata").status_code == 404


def test_nothing_comes_while_a_correction_is_owed() -> None:
    story = with_images()
    read = story.submit(open_read(story), story.answers_of(open_read(story)))
    ahead = upcoming(story)["read_id"]
    asked = reopening_request(read_id=read.pk, reason="A slip.", by=read.reader, now=story.clock.tick())
    assert upcoming(story)["read_id"] == ahead
    by = story.people["coordinator"]
    reopening_grant(reopening_id=asked.pk, decision="Yes.", by=by, now=story.clock.tick())
    assert upcoming(story) == NOTHING
    assert images(story, ahead) == (404, 404)


def test_nothing_comes_of_a_study_that_is_locked() -> None:
    story = with_images()
    ahead = upcoming(story)["read_id"]
    lock(story, reason="It ends early.")
    assert upcoming(story) == NOTHING
    assert images(story, ahead) == (404, 404)


def test_within_training_the_next_training_case_comes_and_none_of_the_study() -> None:
    story = flow_story(cases=2, training_cases=2)
    first = story.open_next("reader1")
    ahead = upcoming(story)["read_id"]
    assert ahead is not None
    story.submit(first, answers(4, short_axis_mm=7.5))
    assert str(story.open_next("reader1").pk) == ahead
    assert upcoming(story) == NOTHING
    train(story, "reader2", count=2)
    assert upcoming(story, "reader2") == NOTHING


def test_ids_of_reads_cannot_be_guessed_from_each_other() -> None:
    story = with_images(in_steps=True)
    assignment = open_read(story).assignment
    first, second = read_id_of(assignment, 1), read_id_of(assignment, 2)
    assert first == open_read(story).pk
    assert first != second
    assert {first.version, second.version} == {4}
    assert first.bytes != uuid.uuid5(assignment.pk, "1").bytes
