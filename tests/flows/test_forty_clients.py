"""Forty clients of one reader over HTTP, each of which tries again: one read, submitted once."""

import json
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import LiveServerThread

from backend.audit.models import AuditEvent
from backend.reads.models import Answer, Read
from tests.factories.studies import READERS, StudyStory, design, freeze

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 40
TRIES = 3


class PatientServer(ThreadedWSGIServer):
    """Django's own lets ten wait at the door and turns the others away."""

    request_queue_size = 4 * CLIENTS


class PatientThread(LiveServerThread):
    server_class = PatientServer


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    thread = PatientThread("127.0.0.1", static_handler=StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


class Tab:
    """A tab of the reader's browser: the same cookies in a connection of its own."""

    def __init__(self, server: str, cookies: dict[str, str]) -> None:
        self.server = server
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/json",
            "X-CSRFToken": cookies["csrftoken"],
            "Origin": server,
        }

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else b""
        request = urllib.request.Request(self.server + path, data=data, headers=self.headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)


def tabs_of(server: str, story: StudyStory) -> list[Tab]:
    client = Client()
    client.force_login(story.people["reader1"])
    client.get("/api/account/me")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies.setdefault("csrftoken", "a" * 32)
    assert settings.SESSION_COOKIE_NAME in cookies
    return [Tab(server, cookies) for _ in range(CLIENTS)]


def at_once(tabs: list[Tab], path: str, body: Any = None) -> list[tuple[int, Any]]:
    """Every tab asks `TRIES` times in a row; all begin together."""
    barrier = threading.Barrier(len(tabs))

    def run(tab: Tab) -> list[tuple[int, Any]]:
        barrier.wait(timeout=60)
        return [tab.post(path, body) for _ in range(TRIES)]

    with ThreadPoolExecutor(len(tabs)) as pool:
        return [answer for answers in pool.map(run, tabs) for answer in answers]


def test_forty_clients_that_try_again_make_one_read_and_submit_it_once(server: str) -> None:
    story = freeze(design("TABS", cases=2))
    tabs = tabs_of(server, story)
    opened = at_once(tabs, f"/api/reader/studies/{story.slug}/next")
    read = Read.objects.get(reader=story.people["reader1"])
    assert {(status, body["read_id"]) for status, body in opened} == {(200, str(read.pk))}
    body = {
        "idempotency_key": str(uuid.UUID(int=40)),
        "answers": story.answers_of(read),
        "measurements": [],
        "timing": {},
    }
    submitted = at_once(tabs, f"/api/reader/reads/{read.pk}/submit", body)
    assert {status for status, _ in submitted} == {200}
    assert Read.objects.filter(study=story.study).count() == 1
    assert Read.objects.get().status == "SUBMITTED"
    assert Answer.objects.filter(read=read).count() == len(story.study.protocol["form"]["questions"])
    events = AuditEvent.objects.filter(subject_id=str(read.pk)).values_list("event", flat=True)
    assert sorted(events) == ["read_opened", "read_submitted"]
    assert AuditEvent.objects.filter(event="session_opened").count() == 1
    assert not Read.objects.filter(reader=story.people[READERS[1]]).exists()
