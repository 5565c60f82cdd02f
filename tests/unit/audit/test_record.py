from datetime import UTC, datetime

import pytest

from backend.audit.models import AuditEvent
from backend.audit.services import record
from tests.factories.cases import person

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_when() -> None:
    ada = person("ada")
    event = record(event="something_done", by=ada, at=AT, subject=ada, detail={"count": 3})
    stored = AuditEvent.objects.get(pk=event.pk)
    assert (stored.event, stored.at, stored.actor_id, stored.actor_name) == (
        "something_done",
        AT,
        ada.pk,
        "ada",
    )
    assert (stored.subject_type, stored.subject_id, stored.detail) == (
        "accounts.user",
        str(ada.pk),
        {"count": 3},
    )


@pytest.mark.django_db
def test_an_event_without_a_person_is_of_the_machine() -> None:
    event = record(event="something_done", by=None, at=AT, subject=person("ada"))
    assert (event.actor_id, event.actor_name, event.detail, event.study_id) == (None, "", {}, None)


@pytest.mark.django_db
def test_an_event_outlives_the_account_that_made_it() -> None:
    ada = person("ada")
    event = record(event="something_done", by=ada, at=AT, subject=ada)
    ada.delete()
    assert AuditEvent.objects.get(pk=event.pk).actor_name == "ada"


@pytest.mark.django_db
def test_an_event_is_neither_changed_nor_deleted() -> None:
    event = record(event="something_done", by=None, at=AT, subject=person("ada"))
    event.event = "nothing_done"
    with pytest.raises(TypeError, match="never changed"):
        event.save()
    with pytest.raises(TypeError, match="never deleted"):
        event.delete()
    assert AuditEvent.objects.get(pk=event.pk).event == "something_done"


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    ada = person("ada")
    with pytest.raises(RuntimeError, match="transaction"):
        record(event="something_done", by=ada, at=AT, subject=ada)
    assert not AuditEvent.objects.exists()
