"""Which tests PostgreSQL and Redis can change. The others have passed on the embedded defaults in the lap before."""

import pytest

# They ask the settings, the models or the programs of this machine, though no table.
ASK_THE_INSTALLATION = ("tests/architecture/", "tests/tooling/", "tests/unit/config/")
FIXTURES = {"db", "transactional_db", "live_server"}


def touches_the_database(item: pytest.Item) -> bool:
    """Whether the test may ask the database at all: pytest-django refuses every query of the others."""
    wanted = FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(wanted) or item.get_closest_marker("django_db") is not None


def services_can_change(item: pytest.Item) -> bool:
    """Whether PostgreSQL and Redis in place of the embedded defaults can change what the test finds."""
    marked = any(item.get_closest_marker(name) for name in ("services", "e2e"))
    return marked or touches_the_database(item) or item.nodeid.startswith(ASK_THE_INSTALLATION)
