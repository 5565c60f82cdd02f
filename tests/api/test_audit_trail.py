"""The desk's view of the audit trail: what it shows, that it is verified there, and the file to verify elsewhere."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from backend.audit.chain import verify_file
from backend.audit.models import AuditEvent, AuditLink
from backend.audit.services import record
from tests.database import guards_lifted
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db


def trail(story: StudyStory, path: str = "", part: str = "auditor") -> Any:
    with at(story.now):
        return ask(client_of(story.people[part]), "GET", f"/api/desk/studies/{story.slug}/audit{path}")


@pytest.fixture
def story() -> StudyStory:
    """Two studies in reading; in the first one the coordinator has changed a setting and said why."""
    made = study_in(Stage.SESSION_1, cases=2)
    study_in(Stage.SESSION_1, name="BETA", cases=2)
    with transaction.atomic():
        record(
            event="pace_changed",
            by=made.people["coordinator"],
            at=made.now,
            subject=made.study,
            study_id=made.study.pk,
            old={"max_cases": 40},
            new={"max_cases": 20},
            reason="Readers were tired.",
            role="COORDINATOR",
        )
    return made


def test_an_event_shows_who_what_when_old_new_and_why(story: StudyStory) -> None:
    newest = trail(story).json()["events"][0]
    link = AuditLink.objects.order_by("-sequence").get(event__event="pace_changed")
    assert newest == {
        "sequence": link.sequence,
        "sha256": link.sha256,
        "at": story.now.isoformat().replace("+00:00", "Z"),
        "event": "pace_changed",
        "actor": story.people["coordinator"].username,
        "role": "COORDINATOR",
        "subject_type": "studies.readerstudy",
        "old": {"max_cases": 40},
        "new": {"max_cases": 20},
        "reason": "Readers were tired.",
        "detail": {},
    }


def test_an_intact_trail_is_verified_up_to_its_last_event(story: StudyStory) -> None:
    body = trail(story, "/verification").json()
    own = AuditLink.objects.filter(event__study_id=story.study.pk).order_by("sequence")
    last = own.last()
    assert last is not None
    assert body == {
        "verified_at": story.now.isoformat().replace("+00:00", "Z"),
        "count": own.count(),
        "last_sequence": last.sequence,
        "last_sha256": last.sha256,
        "faults": [],
    }


def test_a_changed_event_is_named_on_the_page_of_its_study_alone(story: StudyStory) -> None:
    trail(story)  # the events are linked
    event = AuditEvent.objects.get(event="pace_changed")
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=event.pk).update(reason="No reason.")
    faults = trail(story, "/verification").json()["faults"]
    assert [(fault["sequence"], fault["kind"]) for fault in faults] == [(event.link.sequence, "altered")]
    with guards_lifted(connection):
        AuditLink.objects.filter(event=event).delete()
    faults = trail(story, "/verification").json()["faults"]
    assert [(fault["sequence"], fault["kind"]) for fault in faults] == [(None, "inserted")]


def test_the_file_holds_what_the_page_shows_and_verifies_offline(story: StudyStory, tmp_path: Path) -> None:
    answer = trail(story, "/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{story.slug}-audit.jsonl"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    file = tmp_path / "trail"
    file.write_bytes(answer.content)
    report = verify_file(file)
    shown, before = [], ""
    while before is not None:
        page = trail(story, f"?before={before}").json()
        shown += [event["sha256"] for event in page["events"]]
        before = page["next_before"]
    lines = answer.content.decode().splitlines()
    assert (report.faults, report.count) == ([], len(shown))
    assert all(
        f'"sha256":"{sha256}"' in line for sha256, line in zip(reversed(shown), lines[1:], strict=True)
    )
    assert "draft_saved" not in answer.content.decode()
    assert AuditEvent.objects.filter(event="draft_saved", study_id=story.study.pk).exists()


def test_a_trail_that_cannot_be_read_is_not_exported(story: StudyStory, monkeypatch) -> None:
    def damaged(self: AuditEvent) -> dict[str, Any]:
        raise ValueError("not a date")

    monkeypatch.setattr(AuditEvent, "content", damaged)
    answer = trail(story, "/export")
    assert (answer.status_code, answer.json()["code"]) == (409, "audit_damaged")
    assert trail(story, "/verification").json()["faults"][0]["kind"] == "unreadable"
