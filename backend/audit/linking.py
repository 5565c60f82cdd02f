"""How an event gets its place in the chain, in the transaction that records it and as its very last act.

Whoever extends the chain holds it until the commit, so it must be held for as short as can be, and no lock may
be waited for while it is held. Two ways lead there:

- PostgreSQL links at the commit itself. A deferred trigger puts the event on a list; the list's own deferred
  trigger takes the chain and adds the link. The second step is what makes it last: at a commit, what was put off
  is done in the order in which it came, so foreign keys written after an event are checked, and the locks for
  that are waited for, before the chain is taken. An event that was rolled back was never put on the list.
- SQLite has one writer at a time, from the beginning of its transaction to the commit: the link is added at once.
"""

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from .chain import GENESIS, link_sha256
from .models import AuditEvent, AuditLink

# The number of the advisory lock is any that nothing else in this database takes.
_POSTGRES = """
CREATE TABLE audit_unlinked (event_id bigint PRIMARY KEY, content_sha256 varchar(64) NOT NULL);

CREATE FUNCTION audit_list_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unlinked (event_id, content_sha256) VALUES (NEW.id, NEW.content_sha256);
    RETURN NULL;
END
$$;

CREATE FUNCTION audit_link_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
    previous text;
BEGIN
    PERFORM pg_advisory_xact_lock(4210953417);
    SELECT sequence, sha256 INTO number, previous FROM audit_auditlink ORDER BY sequence DESC LIMIT 1;
    number := coalesce(number, 0) + 1;
    previous := coalesce(previous, repeat('0', 64));
    INSERT INTO audit_auditlink (sequence, event_id, previous_sha256, sha256) VALUES (
        number,
        NEW.event_id,
        previous,
        encode(sha256(convert_to(format(
            '{"content_sha256":"%s","previous_sha256":"%s","sequence":%s}', NEW.content_sha256, previous, number
        ), 'UTF8')), 'hex')
    );
    DELETE FROM audit_unlinked WHERE event_id = NEW.event_id;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER audit_list_event AFTER INSERT ON audit_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_list_event();
CREATE CONSTRAINT TRIGGER audit_link_event AFTER INSERT ON audit_unlinked
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_event();
"""

_POSTGRES_UNDONE = """
DROP TRIGGER audit_list_event ON audit_auditevent;
DROP TABLE audit_unlinked;
DROP FUNCTION audit_link_event();
DROP FUNCTION audit_list_event();
"""


def link_at_once(event: AuditEvent) -> None:
    """Add the event to the chain now, where the database does not do it at the commit.

    The event itself was written before: the transaction holds SQLite's only write lock, and no other can have
    read the same end of the chain.
    """
    if connection.vendor == "postgresql":
        return
    last = AuditLink.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence + 1, last.sha256) if last is not None else (1, GENESIS)
    AuditLink.objects.create(
        sequence=sequence,
        event=event,
        previous_sha256=previous,
        sha256=link_sha256(sequence=sequence, previous_sha256=previous, content_sha256=event.content_sha256),
    )


class LinkAtCommit(Operation):
    """Let PostgreSQL add every event to the chain at the end of its transaction; nothing on SQLite."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES_UNDONE, params=None)

    def describe(self) -> str:
        return "Link audit events at the commit"
