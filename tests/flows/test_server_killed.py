"""The web server is killed while a reader's browser saves: every stroke that it acknowledged is there afterwards."""

import http.client
import json
import threading
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backend.audit.models import AuditEvent
from backend.audit.verification import verify_database
from backend.reads.models import Read
from tests.factories.studies import Stage, study_in

from .servers import WebServer, running_server

pytestmark = pytest.mark.django_db(transaction=True)

KILLED_AFTER = (1, 7, 20)
"""How many acknowledged saves before each power cut."""


class SavingTab:
    """Saves one stroke after the other upon what the server acknowledged, as fast as it answers."""

    def __init__(self, server: WebServer, read: Read) -> None:
        client = Client()
        client.force_login(read.reader)
        client.get("/api/account/me")
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/json",
            "X-CSRFToken": cookies["csrftoken"],
            "Origin": server.url,
        }
        self.address = urllib.parse.urlsplit(server.url).netloc
        self.path = f"/api/reader/reads/{read.pk}/draft"
        self.revision = read.draft_revision
        self.acknowledged = 0
        self.sent = 0

    def save_until_the_end(self, *, told: threading.Event, after: int) -> None:
        """Give word after so many saves, and go on until the server is gone."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        try:
            while True:
                self.sent = self.acknowledged + 1
                self.revision = self._save(connection, self.sent)["revision"]
                self.acknowledged = self.sent
                if self.acknowledged >= after:
                    told.set()
        except (http.client.HTTPException, OSError):
            told.set()
        finally:
            connection.close()

    def _save(self, connection: http.client.HTTPConnection, stroke: int) -> dict[str, Any]:
        body = {
            "revision": self.revision,
            "client_id": f"tab/{stroke}",
            "answers": {"comment": f"stroke {stroke}"},
            "measurements": [],
        }
        connection.request("PUT", self.path, json.dumps(body), self.headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return dict(json.loads(text))


def test_every_acknowledged_stroke_outlives_a_killed_server(tmp_path: Path) -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    read = Read.objects.get(reader=story.people["reader1"], status="DRAFT")
    for cut, after in enumerate(KILLED_AFTER):
        with running_server(tmp_path / f"web-{cut}.log") as server:
            tab, told = SavingTab(server, read), threading.Event()
            saving = threading.Thread(
                target=tab.save_until_the_end, kwargs={"told": told, "after": after}, daemon=True
            )
            saving.start()
            assert told.wait(timeout=90)
            server.kill()
            saving.join(timeout=60)
            assert not saving.is_alive()
        assert tab.acknowledged >= after
        read.refresh_from_db()
        kept = int(read.draft["answers"]["comment"].removeprefix("stroke "))
        # The save under way when the server died is there whole, or not at all.
        assert kept in (tab.acknowledged, tab.sent)
        assert read.draft["client_id"] == f"tab/{kept}"
        assert read.draft_revision == tab.revision + (kept - tab.acknowledged)
        assert AuditEvent.objects.filter(event="draft_saved", detail__revision=read.draft_revision).exists()
    assert verify_database().is_intact
