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
    "lln-demo": ("READING", 3),
    "cervix-demo": ("READING", 3),
    "larc-demo": ("DESIGN", 3),
    "practice": ("READING", 1),
}
COUNTED = (
    "audit_auditevent",
    "cases_case",
    "predictions_prediction",
    "reads_read",
    "accounts_user",
    "reports_analysisrun",
)
READS = 1 * 2 + 2 * 4 + 3 * 3 + 2


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
    said = manage(tmp_path, "make_demo", "--migrate", "--cases-per-center", "1", "--size", "small")
    assert "finished study with results" in said
    assert "full analysis of the finished study" in said
    assert rows(tmp_path, "SELECT state, attempt FROM reports_analysisrun") == [("DONE", 1)]
    query = """
        SELECT slug, phase, (SELECT count(*) FROM studies_studycase WHERE study_id = study.id)
        FROM studies_readerstudy AS study
    """
    assert {slug: (phase, cases) for slug, phase, cases in rows(tmp_path, query)} == STUDIES
    first = counts(tmp_path)
    assert first["predictions_prediction"] == 3
    assert first["reads_read"] == READS
    check_stages(tmp_path)
    manage(tmp_path, "make_demo", "--migrate", "--cases-per-center", "1", "--size", "small")
    assert counts(tmp_path) == first


def check_stages(data_dir: Path) -> None:
    """What there is to see in each study: an item that waits, a training that is passed, a deviation, a version."""
    items = rows(data_dir, "SELECT status FROM adjudication_adjudicationitem")
    assert items
    assert {status for (status,) in items} == {"RAISED"}
    assert len(items) < 3, "the readers agree on no case"
    training = """
        SELECT session.status, session.is_passed, person.username
        FROM studies_readingsession AS session
        JOIN studies_studysession AS planned ON planned.id = session.session_id
        JOIN studies_studymember AS member ON member.id = session.member_id
        JOIN accounts_user AS person ON person.id = member.user_id
        WHERE planned.kind = 'TRAINING'
    """
    assert set(rows(data_dir, training)) == {("LOCKED", 1, "reader1"), ("SCHEDULED", None, "reader2")}
    assert rows(data_dir, "SELECT kind FROM studies_deviation") == [("READ_REOPENED",)]
    assert rows(data_dir, "SELECT count(*) FROM reads_correctedanswer WHERE question = 'rating'") == [(1,)]
    amended = "SELECT reason FROM studies_protocolversion WHERE version = 2"
    assert rows(data_dir, amended) == [("Readers asked on which slice to measure.",)]
