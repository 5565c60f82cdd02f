"""The web application as its server loads it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ASKED = """
import gc, sys
import backend.config.wsgi
print("backend.reader_api.views" in sys.modules, gc.get_freeze_count() > 0)
"""


def test_what_requests_need_is_loaded_before_them_and_not_looked_through_for_garbage(
    tmp_path: Path,
) -> None:
    own = {**os.environ, "DATA_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=own, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["True", "True"]
