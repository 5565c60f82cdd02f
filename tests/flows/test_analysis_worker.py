"""Real worker processes: an analysis to its files, and a worker that is killed in the middle of one."""

import json
from pathlib import Path

import pytest
from celery import current_app
from django.utils import timezone

from backend.analysis.__main__ import main
from backend.reports import analysis_runs
from backend.reports.models import AnalysisFile, AnalysisRun
from backend.reports.run_states import RunState
from backend.reports.supplements import supplement_add
from tests.factories.analysis import RATINGS, given_from_outside, upload
from tests.factories.studies import Stage, StudyStory, study_in

from .workers import running_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
DONE_WITHIN_S = 180


@pytest.fixture
def story() -> StudyStory:
    """A locked study, with no message in the queue: the first sweep of a worker finds what the lock asked for."""
    story = study_in(Stage.LOCKED, cases=4)
    with current_app.connection_for_write() as connection:
        connection.SimpleQueue(current_app.amqp.queues["default"]).clear()
    return story


def state(run: AnalysisRun) -> AnalysisRun:
    run.refresh_from_db()
    return run


def wait_done(run: AnalysisRun) -> None:
    wait_until(lambda: state(run).finished_at, within_s=DONE_WITHIN_S, what="the analysis has ended")
    assert run.state == RunState.DONE, f"{run.error_code}: {run.error}"


def files_of(run: AnalysisRun) -> dict[str, bytes]:
    return {one.path: bytes(one.body) for one in AnalysisFile.objects.filter(run=run)}


def by_command_line(files: dict[str, bytes], folder: Path, *options: str) -> dict[str, bytes]:
    """What the command line makes of the run's own dataset."""
    dataset, out = folder / "dataset", folder / "out"
    dataset.mkdir()
    for path, body in files.items():
        if path.startswith("dataset/"):
            (dataset / Path(path).name).write_bytes(body)
    assert main([str(dataset), "--out", str(out), *options]) == 0
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_worker_computes_what_the_lock_asked_for_and_what_is_asked_later(story, tmp_path):
    first = AnalysisRun.objects.get()
    with running_worker(tmp_path / "worker.log") as worker:
        wait_done(first)
        asked = {"analysis_set": "per-protocol", "level": 0.9, "seed": 7}
        second = analysis_runs.analysis_ask(study=story.study, by=None, now=timezone.now(), **asked)
        wait_done(second)
        assert worker.stop() == 0
    files = files_of(first)
    assert files == by_command_line(files, tmp_path)
    results = json.loads(files_of(second)["results.json"])
    assert (results["level"], results["seed"], results["analysis_set"]) == (0.9, 7, "per-protocol")
    assert (first.attempt, second.attempt) == (1, 1)


def test_a_worker_computes_a_dataset_from_outside_and_a_run_with_a_supplement(story, tmp_path):
    by = story.people["statistician"]
    cases = [case.number for case in story.cases]
    rows = [f"{case},OS,{10 + rank},{rank % 2}\n" for rank, case in enumerate(cases)]
    late = upload("outcomes.csv", f"case,endpoint,time,event\n{''.join(rows)}")
    supplement = supplement_add(
        study=story.study, uploads=[late], plan='{"times": [11]}', reason="Late.", by=by, now=timezone.now()
    )
    ask = {"study": story.study, "by": by, "now": timezone.now()}
    supplemented = analysis_runs.analysis_ask(**ask, supplement_id=supplement.pk)
    given_from_outside(by, timezone.now())
    outside = AnalysisRun.objects.get(dataset=None)
    with running_worker(tmp_path / "worker.log") as worker:
        for run in (outside, supplemented):
            wait_done(run)
        assert worker.stop() == 0
    for number, run in enumerate((outside, supplemented)):
        files = files_of(run)
        (tmp_path / str(number)).mkdir()
        assert files == by_command_line(files, tmp_path / str(number))
    assert files_of(outside)["dataset/mrmc.csv"].decode() == RATINGS
    assert files_of(supplemented)["dataset/outcomes.csv"].decode().endswith("".join(rows))


def test_a_worker_killed_in_the_middle_of_an_analysis_loses_nothing(story, tmp_path):
    run = AnalysisRun.objects.get()
    with running_worker(tmp_path / "first.log") as worker:
        wait_until(lambda: state(run).section, within_s=DONE_WITHIN_S, what="the analysis is under way")
        worker.kill()
    assert (state(run).state, run.attempt) == (RunState.RUNNING, 1)
    assert not AnalysisFile.objects.exists()
    with running_worker(tmp_path / "second.log"):
        wait_done(run)
    assert run.attempt == 2
    files = files_of(run)
    assert files == by_command_line(files, tmp_path)
