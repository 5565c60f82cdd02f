"""Which tests PostgreSQL and Redis can change. The others have passed on the embedded defaults in the lap before."""

import pytest

# They ask the settings, the models or the programs of this machine, though no table.
ASK_THE_INSTALLATION = ("tests/architecture/", "tests/tooling/", "tests/unit/config/")
# They look at what the page draws of a case that it has been given. What services give it and keep of it, other tests
# of the browser ask: drafts, masks, outlines, measurements, release, submission, the desk.
DRAWN_BY_THE_PAGE = tuple(
    f"tests/e2e/test_{name}.py"
    for name in (
        "accessible",
        "bars",
        "bench_page",
        "first_look",
        "measuring_changes",
        "memory",
        "overlays",
        "panes",
        "real_handling",
        "real_mri",
        "screens",
        "silent_errors",
        "viewer",
    )
)
FIXTURES = {"db", "transactional_db", "live_server"}


def touches_the_database(item: pytest.Item) -> bool:
    """Whether the test may ask the database at all: pytest-django refuses every query of the others."""
    wanted = FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(wanted) or item.get_closest_marker("django_db") is not None


def services_can_change(item: pytest.Item) -> bool:
    """Whether PostgreSQL and Redis in place of the embedded defaults can change what the test finds."""
    if item.get_closest_marker("services"):
        return True
    if item.nodeid.startswith(DRAWN_BY_THE_PAGE):
        return False
    drives_the_browser = item.get_closest_marker("e2e") is not None
    return drives_the_browser or touches_the_database(item) or item.nodeid.startswith(ASK_THE_INSTALLATION)
