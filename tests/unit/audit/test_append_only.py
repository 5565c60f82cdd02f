"""The database itself refuses every change of a row that is only ever added."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ProjectState
from django.test.utils import isolate_apps

from backend.audit.append_only import AppendOnly, Removable

TABLE = "audit_planted"


@pytest.fixture
def planted() -> Iterator[type[models.Model]]:
    """A table of two rows with a unique word, guarded as a migration guards it."""
    with isolate_apps("backend.audit"):

        class Planted(models.Model):
            word = models.CharField(max_length=20, unique=True)
            note = models.CharField(max_length=20, default="")

            class Meta:
                app_label = "audit"
                db_table = TABLE

        operation, state = AppendOnly(TABLE), ProjectState()
        with connection.schema_editor() as editor:
            editor.create_model(Planted)
        with connection.schema_editor() as editor:
            operation.database_forwards("audit", editor, state, state)
        Planted.objects.create(word="first")
        Planted.objects.create(word="second")
        yield Planted
        with connection.schema_editor() as editor:
            operation.database_backwards("audit", editor, state, state)
        assert Planted.objects.filter(word="first").update(word="changed") == 1
        assert Planted.objects.all().delete()[0] == 2
        with connection.schema_editor() as editor:
            editor.delete_model(Planted)


STATEMENTS = {
    "update": "UPDATE audit_planted SET word = 'other'",
    "update of one row": "UPDATE audit_planted SET note = 'other' WHERE word = 'first'",
    "update to what stands there": "UPDATE audit_planted SET word = word",
    "delete": "DELETE FROM audit_planted",
    "delete of one row": "DELETE FROM audit_planted WHERE word = 'second'",
}
BY_VENDOR = {
    "postgresql": {
        "truncate": "TRUNCATE audit_planted",
        "upsert": "INSERT INTO audit_planted (word, note) VALUES ('first', 'x') "
        "ON CONFLICT (word) DO UPDATE SET note = 'x'",
        "replayed delete": "SET LOCAL session_replication_role = replica; DELETE FROM audit_planted",
    },
    "sqlite": {
        "replace by the primary key": "REPLACE INTO audit_planted (id, word, note) VALUES (1, 'third', 'x')",
        "replace by a unique key": "INSERT OR REPLACE INTO audit_planted (word, note) VALUES ('first', 'x')",
        "upsert": "INSERT INTO audit_planted (word, note) VALUES ('first', 'x') "
        "ON CONFLICT (word) DO UPDATE SET note = 'x'",
    },
}


@pytest.mark.django_db(transaction=True)
def test_every_change_is_refused_and_every_row_stays(planted: type[models.Model]) -> None:
    before = list(planted.objects.order_by("pk").values_list())
    for name, statement in (STATEMENTS | BY_VENDOR[connection.vendor]).items():
        with (
            pytest.raises(IntegrityError, match="only ever added"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert list(planted.objects.order_by("pk").values_list()) == before, name
    planted.objects.create(word="third")
    assert planted.objects.count() == 3
    with connection.schema_editor() as editor:
        AppendOnly(TABLE).database_backwards("audit", editor, ProjectState(), ProjectState())
    planted.objects.get(word="third").delete()
    with connection.schema_editor() as editor:
        AppendOnly(TABLE).database_forwards("audit", editor, ProjectState(), ProjectState())


@pytest.mark.django_db(transaction=True)
def test_rows_that_may_be_deleted_are_and_the_others_stay(planted: type[models.Model]) -> None:
    operation, state = Removable(TABLE, "OLD.note = 'passing'"), ProjectState()
    planted.objects.create(word="third", note="passing")
    with connection.schema_editor() as editor:
        operation.database_forwards("audit", editor, state, state)
    for statement in (STATEMENTS | BY_VENDOR[connection.vendor]).values():
        with (
            pytest.raises(IntegrityError, match="only ever added"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert planted.objects.filter(note="passing").delete()[0] == 1
    assert set(planted.objects.values_list("word", flat=True)) == {"first", "second"}
    with connection.schema_editor() as editor:
        operation.database_backwards("audit", editor, state, state)
    planted.objects.create(word="fourth", note="passing")
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        planted.objects.filter(note="passing").delete()
    with connection.schema_editor() as editor:
        operation.database_forwards("audit", editor, state, state)
    planted.objects.filter(note="passing").delete()


def test_an_unknown_database_is_not_left_unguarded() -> None:
    editor = SimpleNamespace(connection=SimpleNamespace(vendor="oracle"))
    with pytest.raises(NotImplementedError, match="oracle"):
        AppendOnly(TABLE).database_forwards("audit", editor, ProjectState(), ProjectState())


def test_a_migration_file_can_hold_the_operation() -> None:
    operation = AppendOnly(TABLE)
    name, arguments, keywords = operation.deconstruct()
    assert (name, arguments, keywords) == ("AppendOnly", [TABLE], {})
    assert operation.migration_name_fragment == "audit_planted_append_only"
    assert operation.describe() == "Make audit_planted append-only"
    removable = Removable(TABLE, "OLD.note = ''")
    assert removable.deconstruct() == ("Removable", [TABLE, "OLD.note = ''"], {})
    assert removable.migration_name_fragment == "audit_planted_removable"
    assert removable.describe() == "Let rows of audit_planted be deleted where OLD.note = ''"
