"""Migrations depend downwards only, as the apps do, so that no circle can come about."""

from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from .layers import app_ranks

RANKS = app_ranks()


def upward_dependencies(migrations: dict[tuple[str, str], Migration]) -> list[str]:
    found = []
    for (app, name), migration in migrations.items():
        for target, _ in migration.dependencies:
            label = settings.AUTH_USER_MODEL.split(".")[0] if target == "__setting__" else target
            if app in RANKS and RANKS.get(label, -1) > RANKS[app]:
                found.append(f"{app}.{name} -> {label}")
    return found


def test_no_migration_depends_on_a_higher_app() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert any(app == "reads" for app, _ in loader.disk_migrations)
    assert upward_dependencies(loader.disk_migrations) == []
    loader.graph.ensure_not_cyclic()


def test_guard_finds_a_migration_that_depends_upwards() -> None:
    migration = Migration("0001_initial", "cases")
    migration.dependencies = [("truth", "0001_initial"), ("accounts", "0001_initial")]
    assert upward_dependencies({("cases", "0001_initial"): migration}) == ["cases.0001_initial -> truth"]
