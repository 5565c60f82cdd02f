"""An analysis run from the row to its files: the same as the command line gives on the run's own dataset."""

import hashlib
import json
from pathlib import Path

import pytest

from backend.analysis.__main__ import main
from backend.audit.models import AuditEvent
from backend.reports import analysis_runner, analysis_runs
from backend.reports.models import AnalysisFile, AnalysisRun
from backend.reports.run_states import RunState
from backend.reports.services import software_versions
from tests.factories.studies import Stage, study_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return study_in(Stage.LOCKED, cases=3)


def files_of(run: AnalysisRun) -> dict[str, bytes]:
    return {one.path: bytes(one.body) for one in AnalysisFile.objects.filter(run=run)}


def analyzed(run: AnalysisRun, owner: str = "one") -> AnalysisRun:
    analysis_runner.run(run_id=run.pk, owner=owner)
    run.refresh_from_db()
    return run


def test_a_run_gives_what_the_command_line_gives_and_gives_it_again(story, tmp_path: Path):
    run = analyzed(AnalysisRun.objects.get(dataset__study=story.study))
    assert (run.state, run.error, run.attempt) == (RunState.DONE, "", 1)
    assert (run.owner, run.lease_expires_at) == ("", None)
    assert run.sections_done == run.sections_total > 10
    assert run.versions == software_versions()
    files = files_of(run)
    for one in AnalysisFile.objects.filter(run=run):
        assert (one.size, one.sha256) == (len(one.body), hashlib.sha256(one.body).hexdigest())
    results = json.loads(files["results.json"])
    assert results["provenance"]["origin_sha256"] == run.dataset.content_sha256
    assert results["provenance"]["protocol_sha256"] == story.study.protocol_sha256
    assert not [one for section in results["sections"] for one in section["failures"] if one["code"] == "bug"]

    dataset = {Path(path).name: body for path, body in files.items() if path.startswith("dataset/")}
    assert {"study.json", "reads.csv", "truth.csv", "predictions.csv", "cases.csv"} <= dataset.keys()
    (tmp_path / "dataset").mkdir()
    for name, body in dataset.items():
        (tmp_path / "dataset" / name).write_bytes(body)
    out = tmp_path / "out"
    assert main([str(tmp_path / "dataset"), "--out", str(out)]) == 0
    written = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert written == files

    again = analyzed(analysis_runs.analysis_ask(study=story.study, by=None, now=story.clock.tick()))
    assert again.pk != run.pk
    assert files_of(again) == files
    events = (
        AuditEvent.objects.filter(event__startswith="analysis_")
        .order_by("id")
        .values_list("event", flat=True)
    )
    assert list(events) == ["analysis_asked", "analysis_done"] * 2
