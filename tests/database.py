"""What tests may do to the database and the product never does: lift the guards of append-only tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from backend.audit.append_only import PREFIX

GUARDS = {
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE starts_with(tgname, %s)",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(name, %s) = 1",
}
LIFT = {"postgresql": "ALTER TABLE {1} DISABLE TRIGGER {0}", "sqlite": "DROP TRIGGER {0}"}
RESTORE = {"postgresql": "ALTER TABLE {1} ENABLE ALWAYS TRIGGER {0}", "sqlite": "{1}"}
WAITS_FOR_LINK = """SELECT EXISTS (
    SELECT FROM audit_auditevent AS event
    WHERE id = (SELECT max(id) FROM audit_auditevent)
        AND NOT EXISTS (SELECT FROM audit_auditlink WHERE event_id = event.id)
)"""


def guards(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Every guarding trigger: its name, and its table (PostgreSQL) or its statement (SQLite)."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor], [PREFIX])
        return list(cursor.fetchall())


@contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """In one transaction: the append-only tables can be changed inside, and are guarded again after it."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        lifted = guards(connection)
        _do_what_is_put_off(connection)
        for guard in lifted:
            cursor.execute(LIFT[connection.vendor].format(*guard))
        yield
        _do_what_is_put_off(connection)
        for guard in lifted:
            cursor.execute(RESTORE[connection.vendor].format(*guard))


def _do_what_is_put_off(connection: BaseDatabaseWrapper) -> None:
    """PostgreSQL alters no table for which a check still waits for the commit."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def flush_past_guards(flush: Callable[..., None]) -> Callable[..., None]:
    """Django's flush after a test that commits, which empties append-only tables too."""

    def flush_all(self: BaseDatabaseOperations, statements: list[str]) -> Any:
        with guards_lifted(self.connection):
            return flush(self, statements)

    return flush_all


def commit_in_place(connection: BaseDatabaseWrapper) -> None:
    """In a test that never commits: do what PostgreSQL puts off to the commit, where an audit event waits for its link.

    Only there: PostgreSQL goes through all that the transaction ever put off, done or not, and before each of
    thousands of requests that would take longer than the requests.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_LINK)
        (is_waiting,) = cursor.fetchone()
    if is_waiting:
        _do_what_is_put_off(connection)
