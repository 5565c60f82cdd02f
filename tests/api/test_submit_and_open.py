"""A submission may open what comes next on the same way: as asking for it does, and never instead of a rule."""

from typing import Any

import pytest

from backend.audit.models import AuditEvent
from backend.predictions.services import job_request
from backend.reads.corrections import reopening_grant, reopening_request
from backend.reads.models import Read
from tests.factories.bare import make_mask
from tests.factories.flow import flow_story
from tests.factories.model import MODEL_ID
from tests.factories.studies import START, Stage, StudyStory, study_in

from .observers import ask, at, client_of
from .test_draft import open_read
from .test_submit import submit

pytestmark = pytest.mark.django_db


def submit_on(story: StudyStory, read: Read, **body: Any) -> dict[str, Any]:
    done = submit(story, read, story.answers_of(read), open_next=True, **body)
    assert done.status_code == 200, done.content
    sent: dict[str, Any] = done.json()
    return sent


def events(after: int) -> list[tuple[str, int | None]]:
    found = AuditEvent.objects.filter(pk__gt=after).order_by("pk")
    return [(one.event, one.detail.get("position")) for one in found]


def test_the_next_read_comes_as_it_is_shown_when_asked_for() -> None:
    story = flow_story(cases=3, with_images=True)
    story.begin_draft("reader1")
    read = open_read(story)
    last = AuditEvent.objects.latest("pk").pk
    done = submit_on(story, read)
    opened = open_read(story)
    assert done["next"]["position"] == opened.assignment.position == 2
    with at(story.now):
        shown = ask(client_of(opened.reader), "GET", f"/api/reader/reads/{opened.pk}").json()
    assert done["opened"] == shown
    assert events(last) == [("read_submitted", 1), ("read_opened", 2)]


def test_sent_again_it_opens_nothing_further() -> None:
    story = study_in(Stage.SESSION_1, cases=3)
    first = open_read(story)
    once = submit_on(story, first)
    again = submit_on(story, first)
    assert again["opened"] == once["opened"] is not None
    assert Read.objects.filter(reader=first.reader, status="DRAFT").count() == 1


def test_without_being_asked_nothing_is_opened() -> None:
    story = study_in(Stage.SESSION_1, cases=3)
    read = open_read(story)
    assert submit(story, read, story.answers_of(read)).json()["opened"] is None
    assert not Read.objects.filter(reader=read.reader, status="DRAFT").exists()


def test_a_refused_submission_opens_nothing() -> None:
    story = study_in(Stage.SESSION_1, cases=3)
    read = open_read(story)
    assert submit(story, read, {}, open_next=True).status_code == 400
    assert [one.pk for one in Read.objects.filter(reader=read.reader, status="DRAFT")] == [read.pk]


@pytest.mark.parametrize("why", ["washout", "break", "correction"])
def test_where_a_rule_is_against_it_the_submission_stands_alone(why: str) -> None:
    story = held_back_by(why)
    read = open_read(story)
    done = submit_on(story, read)
    assert done["opened"] is None
    read.refresh_from_db()
    assert read.status == "SUBMITTED"
    assert not Read.objects.filter(reader=read.reader, status="DRAFT").exists()


def held_back_by(why: str) -> StudyStory:
    """The first reader has a case open, after which nothing may be opened."""
    sittings = {"max_cases": 2, "max_minutes": None, "break_minutes": 15}
    story = flow_story(
        cases=2 if why == "washout" else 4, **({"sittings": sittings} if why == "break" else {})
    )
    [first] = story.read_cases("reader1", 1)
    story.begin_draft("reader1")
    if why == "correction":
        coordinator = story.people["coordinator"]
        asked = reopening_request(
            read_id=first.pk, reason="Wrong side.", by=first.reader, now=story.clock.tick()
        )
        reopening_grant(reopening_id=asked.pk, decision="Granted.", by=coordinator, now=story.clock.tick())
    return story


def test_the_next_step_of_a_case_begins_with_what_was_entered() -> None:
    story = flow_story(cases=2, in_steps=True)
    story.begin_draft("reader1")
    read = open_read(story)
    opened = submit_on(story, read)["opened"]
    assert (opened["step"], opened["alias"]) == (2, read.assignment.alias)
    assert opened["draft"]["answers"]["rating"] == story.answers_of(read)["rating"]


def test_a_case_whose_output_is_not_there_stays_closed() -> None:
    story = study_in(Stage.SESSION_2, cases=3)
    read = open_read(story)
    story.see_aid(read)
    for case in story.cases:
        make_mask(case, content=f"anew {case.number}", at=story.clock.tick())
        job_request(case=case, model_id=MODEL_ID, by=None, now=START)
    done = submit_on(story, read)
    assert (done["next"]["status"], done["opened"]) == ("open", None)
    assert not Read.objects.filter(reader=read.reader, status="DRAFT").exists()


def test_a_fault_in_opening_leaves_the_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Read:
        raise ZeroDivisionError("a rating of 4")

    story = study_in(Stage.SESSION_1, cases=3)
    read = open_read(story)
    monkeypatch.setattr("backend.predictions.release.read_open_after", broken)
    assert submit_on(story, read)["opened"] is None
    read.refresh_from_db()
    assert read.status == "SUBMITTED"
