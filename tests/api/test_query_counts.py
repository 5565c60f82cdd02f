"""A page asks the database as often for twelve cases as for two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.database import commit_in_place
from tests.factories.studies import Stage, StudyStory, freeze, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
PAGES = {
    "worklist": ("reader1", "GET", "/api/reader/studies/{slug}/worklist"),
    "next": ("reader1", "POST", "/api/reader/studies/{slug}/next"),
    "study": ("coordinator", "GET", "/api/desk/studies/{slug}"),
    "progress": ("coordinator", "GET", "/api/desk/studies/{slug}/progress"),
    "cases": ("coordinator", "GET", "/api/desk/studies/{slug}/cases"),
    "jobs": ("coordinator", "GET", "/api/desk/studies/{slug}/jobs"),
    "people": ("coordinator", "GET", "/api/desk/studies/{slug}/members"),
    "versions": ("coordinator", "GET", "/api/desk/studies/{slug}/versions"),
    "deviations": ("coordinator", "GET", "/api/desk/studies/{slug}/deviations"),
    "audit": ("coordinator", "GET", "/api/desk/studies/{slug}/audit"),
}


def queries(story: StudyStory, page: str) -> int:
    part, method, url = PAGES[page]
    client = client_of(story.people[part])
    # What was written before is linked now, so that the page is not charged with it.
    commit_in_place(connection)
    with at(story.now), CaptureQueriesContext(connection) as captured:
        answer = ask(client, method, url.format(slug=story.slug))
    assert answer.status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_cases() -> None:
    few = freeze(study_in(Stage.DESIGN, name="FEW2", cases=2))
    many = freeze(study_in(Stage.DESIGN, name="MANY", cases=12))
    for story in (few, many):
        story.read_cases("reader1", 1)
    counts = {page: (queries(few, page), queries(many, page)) for page in PAGES}
    assert {page: count for page, count in counts.items() if count[0] != count[1]} == {}
    assert {page: count for page, (count, _) in counts.items() if count >= 40} == {}
