"""What leaks beside the words: the work behind a 404, caches, numbers that count up, pages that stream or break."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from backend.audit.errors import RuleBroken
from backend.reads.models import Read
from tests.factories.analysis import given_from_outside
from tests.factories.studies import READERS, Stage, study_in

from .observers import PARTS, ask, at, client_of, two_studies, undone
from .routes import all_routes, data_routes
from .test_permissions_table import body_for, opened_item

pytestmark = pytest.mark.django_db


def statements(client: Client, method: str, url: str) -> list[str]:
    """What the database is asked for a request, its values left out."""
    with undone(), CaptureQueriesContext(connection) as captured:
        ask(client, method, url, body_for(None))
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    return [re.sub(r"'[^']*'|\b\d+\b", "?", statement) for statement in asked]


@pytest.mark.parametrize("part", [*PARTS, "nobody"])
def test_a_refusal_costs_the_same_whether_the_thing_is_missing_or_forbidden(part: str) -> None:
    """A 404 cannot be timed: the very same statements stand behind both, so no work tells them apart."""
    world = two_studies(Stage.SESSION_2, with_images=False)
    foreign = Read.objects.filter(reader=world.beta.people["reader1"]).order_by("opened_at").last()
    assert foreign is not None
    theirs = world.beta.study.members.get(user=world.beta.people["reader1"])
    both: dict[str, Any] = {"index": 0, "frame": 1, "ordinal": 1, "reopening_id": uuid.UUID(int=6)}
    both["overlay"] = "influence"
    there = {
        **both,
        "slug": world.beta.slug,
        "read_id": foreign.pk,
        "item_id": opened_item(world.beta),
        "member_id": theirs.pk,
        "number": world.beta.cases[0].number,
        "name": "reads.csv",
        "run_id": uuid.UUID(int=10),
        "dataset_id": given_from_outside(world.beta.people["statistician"], world.now).pk,
        "path": "results.json",
    }
    missing = {
        **both,
        "slug": "no-such-study",
        "read_id": uuid.UUID(int=9),
        "item_id": uuid.UUID(int=8),
        "member_id": uuid.UUID(int=4),
        "number": "X-9999",
        "name": "x",
        "run_id": uuid.UUID(int=12),
        "dataset_id": uuid.UUID(int=13),
        "path": "x",
    }
    client = client_of(world.observers()[part])
    for route in data_routes():
        for method in route.methods if route.parameters else ():
            of_both = [statements(client, method, route.url(**one)) for one in (there, missing)]
            assert of_both[0] == of_both[1], f"{method} {route.name}"


@pytest.mark.parametrize("stage", [Stage.SESSION_1, Stage.SESSION_2])
def test_nothing_but_pixels_is_kept_by_a_browser(stage: Stage) -> None:
    """A shared machine's cache holds no answer, output or page of a study; a frame's address holds for one read."""
    story = study_in(stage, with_images=True)
    client = client_of(story.people["reader1"])
    read = Read.objects.get(reader=story.people["reader1"], status="DRAFT")
    values = {"slug": story.slug, "read_id": read.pk, "index": 0, "frame": 1, "overlay": "influence"}
    with at(story.now):
        for route in data_routes():
            if not route.name.startswith("reader:") or "GET" not in route.methods:
                continue
            answer = client.get(route.url(**values))
            kept = answer.headers.get("Cache-Control", "")
            if route.name == "reader:frame":
                assert kept == "private, max-age=31536000, immutable"
                assert "Cookie" in answer.headers["Vary"]
            else:
                assert "no-store" in kept, route.name
            assert "ETag" not in answer.headers
            assert "Last-Modified" not in answer.headers


def test_what_a_reader_is_given_counts_nothing_up() -> None:
    """Identifiers are drawn, so no number tells how many reads others have opened in between."""
    stories = [study_in(Stage.SESSION_1, name=name) for name in ("ALFA", "BETA")]
    for story in stories:
        for part in READERS:
            body = client_of(story.people[part]).get(f"/api/reader/studies/{story.slug}/worklist").json()
            counted = [value for value in _whole_numbers(body) if value > max(20, len(story.cases) * 4)]
            washout_days = [28]
            assert [value for value in counted if value not in washout_days] == []
            for read in Read.objects.filter(reader=story.people[part]):
                assert read.pk.version == 4


def _whole_numbers(value: Any) -> list[int]:
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [number for one in inner for number in _whole_numbers(one)]


def test_no_address_pushes_anything() -> None:
    """There is no WebSocket and no stream of events: what is not asked for cannot come."""
    names = {route.name for route in all_routes()}
    assert not [name for name in names if re.search("ws|socket|stream|events|sse", name.split(":")[-1])]
    assert not [one for one in get_resolver().url_patterns if str(one.pattern).startswith("ws")]


@pytest.mark.parametrize("part", ["reader1", "coordinator", "adjudicator"])
def test_a_page_that_breaks_tells_nothing(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story = study_in(Stage.SESSION_1)

    def broken(*args: Any, **options: Any) -> Any:
        raise RuntimeError(f"TRUTH{story.name}0 {story.cases[0].number}")

    monkeypatch.setattr("backend.studies.access.StudyMember.objects", property(broken))
    client = client_of(story.people[part], raise_request_exception=False)
    for address in (
        f"/api/reader/studies/{story.slug}/worklist",
        f"/api/desk/studies/{story.slug}/progress",
        f"/api/adjudicator/studies/{story.slug}/worklist",
    ):
        answer = client.get(address)
        assert answer.status_code == 500
        assert story.name.encode() not in answer.content
        assert story.cases[0].number.encode() not in answer.content


def test_a_refusal_says_what_the_reader_knows_already() -> None:
    """The text of a refusal names an instant of the reader's own and never a case or another reader."""
    story = study_in(Stage.WASHOUT)
    with pytest.raises(RuleBroken) as refused:
        story.open_next("reader1")
    told = refused.value.text + repr(refused.value.extra)
    assert refused.value.extra.keys() == {"opens_at"}
    for case in story.cases:
        assert case.number not in told
    assert story.people["reader2"].username not in told
