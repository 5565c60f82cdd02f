"""Every table that a migration made append-only is so in the database as it stands now.

SQLite builds a table anew when it is altered, and the new one has lost its triggers: a later migration that
alters such a table makes it append-only once more, or this test fails.
"""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from backend.audit.append_only import PREFIX, AppendOnly
from backend.audit.services import record
from backend.audit.unchangeable import Unchangeable
from tests.database import commit_in_place, guards
from tests.factories.cases import person

from .test_model_guards import own_models

ACTIONS = {"postgresql": ("change", "truncate"), "sqlite": ("delete", "replace", "update")}


def tables_in_migrations() -> set[str]:
    return {
        operation.table
        for migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }


@pytest.mark.django_db
def test_every_table_has_all_its_guards() -> None:
    tables = tables_in_migrations()
    assert {"audit_auditevent", "truth_casetruth", "reports_frozendataset"} <= tables
    expected = {f"{PREFIX}{table}_{action}" for table in tables for action in ACTIONS[connection.vendor]}
    assert {name for name, _ in guards(connection)} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(tables_in_migrations()))
def test_the_guarded_table_is_one_of_a_model(table: str) -> None:
    assert table in {model._meta.db_table for model in own_models()}


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_a_model_that_is_never_changed_is_guarded_by_the_database(model: type) -> None:
    assert not issubclass(model, Unchangeable) or model._meta.db_table in tables_in_migrations()


@pytest.mark.django_db
def test_a_guard_answers_as_an_integrity_error() -> None:
    ada = person("ada")
    record(event="something_done", by=ada, at=datetime(2026, 3, 2, tzinfo=UTC), subject=ada)
    commit_in_place(connection)
    with (
        pytest.raises(IntegrityError, match="The rows of audit_auditlink are only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM audit_auditlink")
