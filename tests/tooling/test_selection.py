"""What the lap on PostgreSQL and Redis may leave out: what asks no database, and what looks at drawn images alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests.selection import DRAWN_BY_THE_PAGE, services_can_change, touches_the_database


def item(path: str, *marks: str, fixtures: tuple[str, ...] = ()) -> Any:
    """As much of a collected test as the selection looks at."""
    found = {name: getattr(pytest.mark, name) for name in marks}
    return SimpleNamespace(nodeid=f"{path}::test", fixturenames=fixtures, get_closest_marker=found.get)


@pytest.mark.django_db
def test_a_marked_test_touches_the_database(request: pytest.FixtureRequest) -> None:
    assert touches_the_database(request.node)


def test_a_test_with_the_fixture_touches_the_database(db: None, request: pytest.FixtureRequest) -> None:
    assert touches_the_database(request.node)


def test_a_test_that_may_not_touch_the_database_cannot(request: pytest.FixtureRequest) -> None:
    """What the selection takes for free of the database is refused every query."""
    assert not touches_the_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"), connection.cursor():
        pytest.fail("a test without a mark asked the database")


@pytest.mark.parametrize(
    "kept",
    [
        item("tests/unit/reads/test_marks.py", "django_db"),
        item("tests/flows/test_worker.py", fixtures=("tmp_path", "transactional_db")),
        item("tests/flows/test_import.py", fixtures=("db",)),
        item("tests/e2e/test_drafts.py", "e2e"),
        item("tests/flows/test_worker.py", "services"),
        item("tests/architecture/test_model_guards.py"),
        item("tests/tooling/test_run.py"),
        item("tests/unit/config/test_environment.py"),
    ],
    ids=lambda kept: kept.nodeid,
)
def test_what_services_can_change_is_kept(kept: Any) -> None:
    assert services_can_change(kept)


def test_numbers_are_left_out() -> None:
    assert not services_can_change(item("tests/analysis/test_roc.py", "parametrize", fixtures=("tmp_path",)))


@pytest.mark.parametrize("path", DRAWN_BY_THE_PAGE)
def test_what_the_page_draws_is_left_out(path: str) -> None:
    assert Path(path).is_file()
    assert not services_can_change(item(path, "e2e", fixtures=("transactional_db",)))
