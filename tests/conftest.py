from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.database import flush_past_guards

ROOT = Path(__file__).resolve().parents[1]


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
