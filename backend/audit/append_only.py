"""Tables whose rows are only ever added: the database itself refuses every other change, whoever asks.

`AppendOnly(table)` is an operation for a migration, and `Removable(table, condition)` one that lets some of its rows be
deleted afterwards. Either stands after every operation that makes or alters the
table: SQLite rebuilds a table that is altered, and a rebuilt table has lost its triggers.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

PREFIX = "append_only_"
FUNCTION = "append_only_refuse"
REFUSAL = "are only ever added"

# 23001 is restrict_violation: an IntegrityError, as a trigger's refusal is on SQLite.
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{removal}
    RAISE EXCEPTION 'The rows of % {refusal}.', TG_TABLE_NAME USING ERRCODE = '23001';
END
$$
"""
# In two steps: of a statement that truncates there is no row.
_POSTGRES_REMOVAL = """
    IF TG_OP = 'DELETE' THEN
        IF {removable} THEN RETURN OLD; END IF;
    END IF;"""


class AppendOnly(Operation):
    """Let the database refuse UPDATE, DELETE and TRUNCATE (and SQLite's REPLACE) on a table.

    Parameters
    ----------
    table : str
        The table's name in the database, as `audit_auditevent`.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.table], {}

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.table}_append_only"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        make_append_only(schema_editor, self.table)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        lift_append_only(schema_editor, self.table)


class Removable(AppendOnly):
    """Let the database delete rows of an append-only table for which a condition holds; a change is refused as before.

    Parameters
    ----------
    table : str
        A table that `AppendOnly` guards.
    condition : str
        SQL on the row `OLD`, in words that PostgreSQL and SQLite have in common.
    """

    def __init__(self, table: str, condition: str) -> None:
        super().__init__(table)
        self.condition = condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.table, self.condition], {}

    def describe(self) -> str:
        return f"Let rows of {self.table} be deleted where {self.condition}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.table}_removable"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        lift_append_only(schema_editor, self.table)
        make_append_only(schema_editor, self.table, removable=self.condition)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        lift_append_only(schema_editor, self.table)
        make_append_only(schema_editor, self.table)


def make_append_only(schema_editor: BaseDatabaseSchemaEditor, table: str, *, removable: str = "") -> None:
    """Add the triggers; rows for which the condition `removable` holds may be deleted.

    Raises
    ------
    NotImplementedError
        On a database other than PostgreSQL and SQLite: the table would be left unguarded.
    """
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        _guard_on_postgres(schema_editor, table, removable)
    elif vendor == "sqlite":
        _guard_on_sqlite(schema_editor, table, removable)
    else:
        raise NotImplementedError(f"{table} cannot be made append-only on {vendor}.")


def lift_append_only(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the triggers away, as when the migration is undone."""
    on_table = f" ON {schema_editor.quote_name(table)}" if _is_postgres(schema_editor) else ""
    for action in _actions(schema_editor):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {_trigger(schema_editor, table, action)}{on_table}")


def _postgres_function(name: str, removable: str) -> str:
    removal = _POSTGRES_REMOVAL.format(removable=removable) if removable else ""
    return _POSTGRES_FUNCTION.format(name=name, removal=removal, refusal=REFUSAL)


def _is_postgres(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


def _actions(schema_editor: BaseDatabaseSchemaEditor) -> tuple[str, ...]:
    return ("change", "truncate") if _is_postgres(schema_editor) else ("update", "delete", "replace")


def _trigger(schema_editor: BaseDatabaseSchemaEditor, table: str, action: str) -> str:
    return str(schema_editor.quote_name(f"{PREFIX}{table}_{action}"))


def _guard_on_postgres(schema_editor: BaseDatabaseSchemaEditor, table: str, removable: str) -> None:
    quoted = schema_editor.quote_name(table)
    function = f"{FUNCTION}_{table}" if removable else FUNCTION
    schema_editor.execute(_postgres_function(function, removable), params=None)
    for action, when in (
        ("change", f"UPDATE OR DELETE ON {quoted} FOR EACH ROW"),
        ("truncate", f"TRUNCATE ON {quoted} FOR EACH STATEMENT"),
    ):
        name = _trigger(schema_editor, table, action)
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {function}()")
        # Always: a session that replays changes (session_replication_role) would otherwise pass by it.
        schema_editor.execute(f"ALTER TABLE {quoted} ENABLE ALWAYS TRIGGER {name}")


def _guard_on_sqlite(schema_editor: BaseDatabaseSchemaEditor, table: str, removable: str) -> None:
    quoted = schema_editor.quote_name(table)
    refusal = f"SELECT RAISE(ABORT, 'The rows of {table} {REFUSAL}.')"
    for action in ("update", "delete"):
        name = _trigger(schema_editor, table, action)
        unless = f" WHEN NOT ({removable})" if removable and action == "delete" else ""
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {action.upper()} ON {quoted}{unless} BEGIN {refusal}; END"
        )
    # INSERT OR REPLACE removes the row in its way, and the removal starts no trigger of its own.
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {quoted} WHERE {condition})"  # noqa: S608  (names of a migration, no input)
        for condition in _same_key_conditions(schema_editor, table)
    )
    name = _trigger(schema_editor, table, "replace")
    schema_editor.execute(
        f"CREATE TRIGGER {name} BEFORE INSERT ON {quoted} WHEN {taken} BEGIN {refusal}; END"
    )


def _same_key_conditions(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    """For each key of a table, that a stored row has it in common with the new one; partial indexes aside."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        keys = {tuple(connection.introspection.get_primary_key_columns(cursor, table) or ())}
        cursor.execute(f"PRAGMA index_list({schema_editor.quote_name(table)})")
        indexes = [
            name for _, name, is_unique, _, is_partial in cursor.fetchall() if is_unique and not is_partial
        ]
        for index in indexes:
            cursor.execute(f"PRAGMA index_info({schema_editor.quote_name(index)})")
            keys.add(tuple(column for _, _, column in cursor.fetchall()))
    return [
        " AND ".join(f"{name} = NEW.{name}" for name in map(schema_editor.quote_name, key))
        for key in sorted(keys)
    ]
