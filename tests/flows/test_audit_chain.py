"""Writers at the same instant: one chain, without gaps or forks, and nobody waits for nobody in a circle."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction

from backend.accounts.models import Center, User
from backend.audit.chain import verify
from backend.audit.models import AuditEvent, AuditLink
from backend.audit.services import record
from backend.audit.verification import entries_of, verify_database
from backend.studies.models import ReaderStudy, StudyMember
from tests.factories.cases import person
from tests.factories.studies import Stage, study_in

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WRITERS = 40
WRITES = 5


class Undone(Exception):
    """A write that fails after its event was recorded."""


def record_in_vain(**event: Any) -> None:
    record(**event)
    raise Undone


def at_once(actions: list[Callable[[], Any]]) -> list[Any]:
    """Every action in a thread and on a connection of its own, begun together: what each gave or raised."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return action()
        except Undone as undone:
            return undone
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result() for future in [pool.submit(run, action) for action in actions]]


def test_forty_writers_make_one_chain_without_a_gap() -> None:
    people = [person(f"writer{number}") for number in range(WRITERS)]

    def write(user: User) -> None:
        for number in range(WRITES):
            with transaction.atomic():
                # A row that is locked before and after the event, as services do.
                User.objects.select_for_update(no_key=True).get(pk=user.pk)
                record(event="first_done", by=user, at=AT, subject=user, detail={"number": number})
                User.objects.filter(pk=user.pk).update(display_name=f"{number}")
                record(event="second_done", by=user, at=AT, subject=user, detail={"number": number})

    def write_in_vain(user: User) -> None:
        for number in range(WRITES):
            with pytest.raises(Undone), transaction.atomic():
                record_in_vain(event="undone", by=user, at=AT, subject=user, detail={"number": number})

    loud, vain = people[: WRITERS // 2], people[WRITERS // 2 :]
    at_once([lambda u=u: write(u) for u in loud] + [lambda u=u: write_in_vain(u) for u in vain])
    written = len(loud) * WRITES * 2
    assert list(AuditLink.objects.values_list("sequence", flat=True)) == list(range(1, written + 1))
    report = verify_database()
    assert (report.count, report.faults) == (written, [])
    # The events of one transaction stand side by side, in the order in which they were recorded.
    rows = list(AuditLink.objects.values_list("event__event", "event__actor_name", "event__detail__number"))
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        assert (first[0], second[0]) == ("first_done", "second_done")
        assert first[1:] == second[1:]


def test_an_event_that_is_rolled_back_leaves_no_gap() -> None:
    ada = person("ada")
    with transaction.atomic():
        record(event="kept", by=ada, at=AT, subject=ada)
        with pytest.raises(Undone), transaction.atomic():
            record_in_vain(event="undone", by=ada, at=AT, subject=ada)
        record(event="kept", by=ada, at=AT, subject=ada)
    with pytest.raises(Undone), transaction.atomic():
        record_in_vain(event="undone", by=ada, at=AT, subject=ada)
    with transaction.atomic():
        record(event="kept", by=ada, at=AT, subject=ada)
    links = AuditLink.objects.values_list("sequence", "event__event")
    assert list(links) == [(1, "kept"), (2, "kept"), (3, "kept")]
    assert verify(entries_of(AuditLink.objects.all())).is_intact


def test_writers_that_wait_for_each_others_rows_do_not_wait_for_the_chain() -> None:
    """Each records first and asks afterwards for the row that the other holds: a chain held from the first
    event on would end in a circle of waiting."""
    centers = [Center.objects.create(code=code, name=code) for code in ("AAA", "BBB")]
    ada, ben = person("ada"), person("ben")
    recorded = threading.Barrier(2)

    def write(user: User, *, first: bool) -> None:
        with transaction.atomic():
            if first:
                Center.objects.select_for_update().get(pk=centers[0].pk)
            record(event="recorded", by=user, at=AT, subject=user)
            if connection.vendor == "postgresql":
                recorded.wait(timeout=60)
            Center.objects.select_for_update().get(pk=centers[0].pk)
            record(event="got_the_row", by=user, at=AT, subject=user)

    at_once([lambda: write(ada, first=True), lambda: write(ben, first=False)])
    assert AuditEvent.objects.filter(event="got_the_row").count() == 2
    assert verify_database().is_intact


@pytest.mark.services
def test_a_foreign_key_that_is_checked_at_the_commit_is_checked_before_the_chain_is_taken() -> None:
    """One holds a study and commits; the other has recorded, then written a row that refers to that study."""
    story = study_in(Stage.DESIGN)
    holds, refers = person("holds"), person("refers")
    study_held, row_written = threading.Event(), threading.Event()
    links = AuditLink.objects.count()

    def hold() -> None:
        with transaction.atomic():
            ReaderStudy.objects.select_for_update().get(pk=story.study.pk)
            study_held.set()
            assert row_written.wait(timeout=60)
            record(event="held", by=holds, at=AT, subject=story.study)
            _wait_until_somebody_waits()

    def refer() -> None:
        assert study_held.wait(timeout=60)
        with transaction.atomic():
            record(event="referred", by=refers, at=AT, subject=refers)
            StudyMember.objects.create(study=story.study, user=refers, role="auditor", enrolled_at=AT)
            row_written.set()

    at_once([hold, refer])
    assert AuditLink.objects.count() == links + 2
    assert list(AuditLink.objects.order_by("sequence").values_list("event__event", flat=True))[-2:] == [
        "held",
        "referred",
    ]
    assert verify_database().is_intact


def _wait_until_somebody_waits() -> None:
    """Until another session waits for a lock that this one holds."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    deadline = threading.Event()
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone() != (0,):
                return
        deadline.wait(0.05)
    raise AssertionError("nobody came to wait for the study")
