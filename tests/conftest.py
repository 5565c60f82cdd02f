from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.database import flush_past_guards
from tests.selection import services_can_change

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--after-embedded",
        action="store_true",
        help="leave out what has passed on the embedded defaults and no database or broker can change",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("after_embedded"):
        config.hook.pytest_deselected(items=[item for item in items if not services_can_change(item)])
        items[:] = [item for item in items if services_can_change(item)]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real MRI beside the checkout. It is never part of the repository, so its tests run where it lies."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real test data do not lie beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _flush_past_guards() -> Iterator[None]:
    """Tests that commit end with a flush; the product itself has no way past the guards."""
    with pytest.MonkeyPatch.context() as patched:
        flush = flush_past_guards(BaseDatabaseOperations.execute_sql_flush)
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield
