"""The demonstration as `make run` makes it, smaller: its studies stand as they should; a second run adds nothing."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from .workers import ROOT

STUDIES = {
    "lpln-demo": ("READING", 1),
    "lpln-finished": ("LOCKED", 2),
    "lpln-setup": ("DESIGN", 0),
    "practice": ("READING", 1),
}
COUNTED = ("audit_auditevent", "cases_case", "predictions_prediction", "reads_read", "accounts_user")


def manage(data_dir: Path, *arguments: str) -> str:
    """A management command on an installation of its own, on the embedded defaults."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SQLITE_FILE")
    }
    environment |= {
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.dev",
        "CELERY_BROKER_URL": "filesystem://",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data_dir / "db.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def counts(data_dir: Path) -> dict[str, object]:
    return {table: rows(data_dir, f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}  # noqa: S608  (a list above)


def test_the_demonstration_stands_and_is_made_once(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity", "0")
    said = manage(tmp_path, "make_demo", "--cases-per-center", "1", "--size", "small")
    assert "finished study with results" in said
    query = """
        SELECT slug, phase, (SELECT count(*) FROM studies_studycase WHERE study_id = study.id)
        FROM studies_readerstudy AS study
    """
    assert {slug: (phase, cases) for slug, phase, cases in rows(tmp_path, query)} == STUDIES
    first = counts(tmp_path)
    assert first["predictions_prediction"] == 3
    assert first["reads_read"] == 1 * 2 + 2 * 4
    manage(tmp_path, "make_demo", "--cases-per-center", "1", "--size", "small")
    assert counts(tmp_path) == first
