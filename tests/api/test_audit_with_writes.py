"""Every write stands or falls with its audit event: when the event cannot be written, nothing is."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from backend.accounts.models import User
from backend.audit.models import AuditEvent
from backend.reads.models import Read
from backend.studies.services import study_lock_request
from tests.database import commit_in_place
from tests.factories.studies import Stage, study_in

from .observers import ask, at, client_of
from .test_permissions_table import body_for

pytestmark = pytest.mark.django_db
WRITES = {
    "reader next opens a read": (Stage.WASHOUT, "reader1", "POST", "/api/reader/studies/{slug}/next"),
    "reader saves a draft": (Stage.SESSION_1, "reader1", "PUT", "/api/reader/reads/{read_id}/draft"),
    "reader submits": (Stage.SESSION_1, "reader2", "POST", "/api/reader/reads/{read_id}/submit"),
    "reader is shown the aid": (Stage.SESSION_2, "reader1", "GET", "/api/reader/reads/{read_id}/aid"),
    "coordinator freezes": (Stage.DESIGN, "coordinator", "POST", "/api/desk/studies/{slug}/freeze"),
    "coordinator requests the lock": (
        Stage.SESSION_1,
        "coordinator",
        "POST",
        "/api/desk/studies/{slug}/lock/request",
    ),
    "statistician confirms the lock": (
        Stage.SESSION_2,
        "statistician",
        "POST",
        "/api/desk/studies/{slug}/lock/confirm",
    ),
}
PASSWORD = "for these signatures"


class TrailIsFull(Exception):
    """What the disk says when the audit trail cannot grow."""


def everything_stored() -> dict[str, list[Any]]:
    """Every row of the product, sessions of signed-in people aside."""
    commit_in_place(connection)
    return {
        model._meta.label: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models()
        if model.__module__.startswith("backend.")
    }


def give_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_saved_when_its_event_is_not(name, monkeypatch) -> None:
    stage, part, method, url = WRITES[name]
    story = study_in(stage)
    if name == "reader is shown the aid":
        draft = Read.objects.get(reader=story.people[part], status="DRAFT")
        story.submit(draft, story.answers_of(draft))
        story.open_next(part)
    elif stage is Stage.WASHOUT:
        story.clock.pass_washout()
    elif name == "statistician confirms the lock":
        study_lock_request(
            study_id=story.study.pk, reason="Enough.", by=story.people["coordinator"], now=story.clock.tick()
        )
    give_password(story.people[part])
    read = Read.objects.filter(reader=story.people[part], status="DRAFT").first()
    url = url.format(slug=story.slug, read_id=read.pk if read else "")
    client = client_of(story.people[part])
    body = {**body_for(read), "password": PASSWORD}
    if name == "coordinator freezes":
        body["sha256"] = ask(client, "GET", url).json()["sha256"]
    before = everything_stored()

    def full(*args: Any, **kwargs: Any) -> None:
        raise TrailIsFull

    with at(story.now), transaction.atomic():
        with monkeypatch.context() as broken:
            broken.setattr(AuditEvent, "save", full)
            with pytest.raises(TrailIsFull):
                ask(client, method, url, body)
        assert everything_stored() == before
        answer = ask(client, method, url, body)
        assert answer.status_code == 200, answer.content
        assert everything_stored() != before
