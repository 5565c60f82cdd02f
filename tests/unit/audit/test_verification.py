"""The chain in the database: what is stored is what was hashed, and whatever is changed in it is found."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection

from backend.audit.chain import CONTENT_FIELDS, GENESIS, verify, verify_file
from backend.audit.models import AuditEvent, AuditLink
from backend.audit.services import as_stored, record
from backend.audit.verification import entries_of, verify_database, verify_study
from tests.database import commit_in_place, guards_lifted
from tests.factories.cases import person
from tests.factories.studies import Stage, study_in

from .trails import trail, write

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
STUDY = uuid.UUID(int=7)
OTHER_STUDY = uuid.UUID(int=8)
EVENTS = 9
NUMBERS = [0, -1, 1.0, -0.0, 0.1, 1e-7, 5e-324, 1e15, 1e16, 1.5e300, 2**70, 1 / 3]


@pytest.fixture
def nine_events(db: None) -> list[AuditEvent]:
    """Nine events of two studies in turn, and of none."""
    ada = person("ada")
    made = [
        record(
            event="protocol_amended",
            by=ada,
            at=AT + timedelta(minutes=number),
            subject=ada,
            study_id=[STUDY, OTHER_STUDY, None][number % 3],
            detail={"number": number, "values": NUMBERS},
            old={"washout_days": number, "title": 'Größe "≥ 5 mm"\n\t\x7f\u2028'},
            new=[number, None, True, {"b": 1, "a": [[]]}],
            reason="The scanner was replaced.",
            role="COORDINATOR",
        )
        for number in range(EVENTS)
    ]
    commit_in_place(connection)
    return made


def places(head: str | None = None) -> list[tuple[int | None, str]]:
    return [(fault.sequence, fault.kind.value) for fault in verify_database(head=head).faults]


@pytest.mark.usefixtures("nine_events")
def test_what_is_stored_is_what_was_hashed() -> None:
    report = verify_database()
    assert report.faults == []
    assert (report.count, report.first_sequence, report.last_sequence) == (EVENTS, 1, EVENTS)
    assert AuditLink.objects.get(sequence=1).previous_sha256 == GENESIS
    stored = AuditEvent.objects.order_by("pk").first()
    assert stored is not None
    assert (stored.reason, stored.actor_role, stored.old["washout_days"]) == (
        "The scanner was replaced.",
        "COORDINATOR",
        0,
    )
    assert stored.detail["values"] == NUMBERS
    assert set(stored.content()) == set(CONTENT_FIELDS)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        ({"when": AT}, TypeError, r"detail\.when is a datetime"),
        ({"who": [uuid.UUID(int=1)]}, TypeError, r"detail\.who\[0\] is a UUID"),
        ({1: "one"}, TypeError, "key 1"),
        ({"dice": float("nan")}, ValueError, r"detail\.dice is nan"),
        ({"note": "a\0b"}, ValueError, "NUL"),
    ],
    ids=["datetime", "uuid", "key", "nan", "nul"],
)
def test_what_json_cannot_hold_is_refused_by_name(value: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        as_stored(value, "detail")


CHANGES: dict[str, Any] = {
    "at": AT + timedelta(minutes=4, microseconds=1),
    "event": "protocol_amendee",
    "actor_id": uuid.UUID(int=1),
    "actor_name": "adb",
    "actor_role": "",
    "study_id": None,
    "subject_type": "accounts.usex",
    "subject_id": "1",
    "old": None,
    "new": [5, None, True, {"b": 1, "a": [[]]}],
    "reason": "The scanner was replaced,",
    "detail": {"number": 4, "values": NUMBERS[:-1]},
    "content_sha256": "0" * 64,
}


@pytest.mark.usefixtures("nine_events")
@pytest.mark.parametrize("field", [field.name for field in AuditEvent._meta.fields if field.name != "id"])
def test_every_changed_value_of_an_event_is_found_at_its_number(field: str) -> None:
    event = AuditLink.objects.get(sequence=5).event
    with guards_lifted(connection):
        assert AuditEvent.objects.filter(pk=event.pk).update(**{field: CHANGES[field]}) == 1
    assert places() == [(5, "altered")]


@pytest.mark.usefixtures("nine_events")
@pytest.mark.parametrize("change", [{"previous_sha256": "1" * 64}, {"sha256": "1" * 64}])
def test_every_changed_hash_of_a_link_is_found_at_its_number(change: dict[str, str]) -> None:
    with guards_lifted(connection):
        AuditLink.objects.filter(sequence=5).update(**change)
    assert places() == [(5, "altered")]


@pytest.mark.usefixtures("nine_events")
def test_exchanged_removed_and_slipped_in_events_are_found() -> None:
    five, six = AuditLink.objects.get(sequence=5), AuditLink.objects.get(sequence=6)
    with guards_lifted(connection):
        AuditLink.objects.filter(sequence=5).delete()
        AuditLink.objects.filter(sequence=6).update(event_id=five.event_id)
        AuditLink.objects.create(
            sequence=5,
            event_id=six.event_id,
            previous_sha256=five.previous_sha256,
            sha256=five.sha256,
        )
    assert places() == [(5, "altered"), (6, "altered")]
    with guards_lifted(connection):
        AuditLink.objects.filter(sequence__in=[5, 6]).delete()
        AuditEvent.objects.filter(pk=five.event_id).delete()
    assert places() == [(5, "missing"), (None, "inserted")]
    assert [fault.place for fault in verify_database().faults] == ["", f"row {six.event_id}"]


@pytest.mark.usefixtures("nine_events")
def test_a_lost_end_is_found_by_a_hash_that_was_written_down() -> None:
    head = AuditLink.objects.get(sequence=EVENTS).sha256
    with guards_lifted(connection):
        AuditLink.objects.filter(sequence__gt=7).delete()
        AuditEvent.objects.filter(link__isnull=True).delete()
    assert places() == []
    assert places(head=head) == [(None, "truncated")]


@pytest.mark.usefixtures("nine_events")
def test_a_value_that_no_longer_converts_is_found_at_its_number() -> None:
    """PostgreSQL cannot store such a value at all."""
    event = AuditLink.objects.get(sequence=5).event
    change = "UPDATE audit_auditevent SET study_id = 'nobody' WHERE id = %s"
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), guards_lifted(connection), connection.cursor() as cursor:
            cursor.execute(change, [event.pk])
        return
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute(change, [event.pk])
    assert places() == [(5, "unreadable")]
    with pytest.raises(CommandError, match="event 5"):
        call_command("export_audit", out=Path("/dev/null"), stdout=StringIO())


@pytest.mark.usefixtures("nine_events")
def test_a_studys_events_verify_by_themselves() -> None:
    report = verify_study(STUDY)
    assert (report.count, report.faults) == (3, [])
    assert report.gaps == [(2, 3), (5, 6)]
    event = AuditLink.objects.get(sequence=4).event
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=event.pk).update(reason="Another reason.")
    assert [fault.sequence for fault in verify_study(STUDY).faults] == [4]
    assert verify_study(OTHER_STUDY).is_intact


# ----------------------------------------------------------------------------------------------- commands
@pytest.mark.django_db
def test_an_exported_story_verifies_offline_and_any_flipped_bit_is_found(tmp_path: Path) -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    commit_in_place(connection)
    file, out = tmp_path / "audit.jsonl", StringIO()
    call_command("export_audit", out=file, stdout=out)
    last = AuditLink.objects.order_by("-sequence").first()
    assert last is not None
    assert out.getvalue() == f"{last.sequence} events written to {file}.\nsha256 {last.sha256}\n"
    assert verify_file(file, head=last.sha256).is_intact
    original = file.read_bytes()
    generator = random.Random(11)
    for position in generator.sample(range(len(original)), 150):
        altered = bytearray(original)
        altered[position] ^= 1 << generator.randrange(8)
        file.write_bytes(altered)
        line = original[:position].count(b"\n") + 1
        assert f"line {line}" in {fault.place for fault in verify_file(file).faults}, position
    call_command("export_audit", out=file, study=story.slug, stdout=StringIO())
    report = verify_file(file)
    own = AuditEvent.objects.filter(study_id=story.study.pk)
    assert (report.is_intact, report.count) == (True, own.count())
    assert report.gaps != []
    with pytest.raises(CommandError, match="no study 'beta-none'"):
        call_command("export_audit", out=file, study="beta-none")


@pytest.mark.usefixtures("nine_events")
def test_the_command_tells_the_state_of_the_database() -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    last = AuditLink.objects.get(sequence=EVENTS)
    assert out.getvalue() == f"9 events verified, the last one is event 9.\nsha256 {last.sha256}\n"
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=last.event_id).update(reason="")
    out = StringIO()
    with pytest.raises(CommandError, match="not intact") as ended:
        call_command("verify_audit", stdout=out)
    assert ended.value.returncode == 1
    assert out.getvalue().startswith(f"row {last.event_id}, event 9: altered: what the event says")


def test_a_file_is_verified_without_asking_the_database(tmp_path: Path) -> None:
    """This test may not touch a database: pytest-django would refuse it."""
    file = write(tmp_path / "trail", trail())
    out = StringIO()
    call_command("verify_audit", file=file, head=trail()[-1].sha256, stdout=out)
    assert out.getvalue().startswith("The given hash is that of event 12.\n12 events verified")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CommandError) as ended:
        call_command("verify_audit", file=file, stdout=StringIO())
    assert ended.value.returncode == 1
    with pytest.raises(CommandError, match="absent") as ended:
        call_command("verify_audit", file=tmp_path / "absent", stdout=StringIO())
    assert ended.value.returncode == 2


def test_the_database_is_read_in_batches(nine_events: list[AuditEvent], monkeypatch) -> None:
    monkeypatch.setattr("backend.audit.verification.BATCH", 4)
    entries = list(entries_of(AuditLink.objects.all()))
    assert [getattr(entry, "sequence", None) for entry in entries] == list(range(1, EVENTS + 1))
    assert verify(entries).is_intact
    assert len(nine_events) == EVENTS
