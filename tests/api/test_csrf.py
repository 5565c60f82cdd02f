"""No other site can make a signed-in browser write."""

import uuid

import pytest
from django.test import Client

from backend.reads.models import Read
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import at, client_of
from .routes import data_routes
from .test_account import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> StudyStory:
    return study_in(Stage.SESSION_1, cases=2)


def test_every_writing_route_asks_for_the_token(story) -> None:
    read = Read.objects.get(reader=story.people["reader1"], status="DRAFT")
    others = dict.fromkeys(("member_id", "item_id", "reopening_id", "dataset_id"), uuid.UUID(int=5))
    values = {"slug": story.slug, "read_id": read.pk, "number": "A-0001", "ordinal": 1, **others}
    writing = [(route, method) for route in data_routes() for method in route.methods if method != "GET"]
    assert len(writing) > 30, "every route that writes, whatever it writes"
    for part in ("reader1", "coordinator"):
        client = client_of(story.people[part], enforce_csrf_checks=True)
        for route, method in writing:
            answer = client.generic(method, route.url(**values), b"{}", content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), route.name
    assert Read.objects.get(pk=read.pk).draft_revision == 1


def test_the_token_of_the_cookie_lets_the_page_write(story) -> None:
    client = client_of(story.people["reader1"], enforce_csrf_checks=True)
    client.get("/api/account/me")
    token = client.cookies["csrftoken"].value
    with at(story.now):
        url = f"/api/reader/studies/{story.slug}/next"
        for sent, status in ((token, 200), ("0" * 32, 403)):
            answer = client.post(url, content_type="application/json", headers={"x-csrftoken": sent})
            assert answer.status_code == status


def test_the_page_brings_the_token_before_anybody_has_signed_in() -> None:
    person("ada", password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in")
    token = client.cookies["csrftoken"].value
    answer = client.post(
        "/api/account/sign-in",
        {"username": "ada", "password": PASSWORD},
        content_type="application/json",
        headers={"x-csrftoken": token},
    )
    assert answer.status_code == 200
    assert client.cookies["csrftoken"].value != token, "the token changes with the person"
