"""Real worker processes: a job to its end, a worker killed in the middle, a worker that must not work."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from celery import current_app
from django.conf import settings
from numpy.typing import NDArray
from pydicom import dcmread

from backend.accounts.models import Center
from backend.cases.models import Case, CaseMask
from backend.cases.services import import_paths, mask_add
from backend.predictions import services, wakeup
from backend.predictions.job_states import JobStatus
from backend.predictions.models import InferenceJob, Prediction, PredictionOverlay
from backend.reads.labelmap_bytes import unpacked
from inference.phantom import make_case, write_dicom

from .workers import ROOT, running_worker, spawn, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DONE_WITHIN_S = 120
SLICES = 8


@dataclass(frozen=True)
class CroppedPhantom:
    folder: Path
    node_mask: NDArray[np.bool_]


@pytest.fixture(scope="module")
def phantom(tmp_path_factory):
    """The slices of a small phantom around its index node: enough for a real run, quick enough for a test."""
    whole = make_case(7, "A", size="small")
    folder = tmp_path_factory.mktemp("phantom")
    write_dicom(whole, folder, patient_id="PHANTOM-7")
    shutil.rmtree(folder / "ADC")
    middle = int(np.argwhere(whole.node_mask).mean(axis=0)[0])
    kept = slice(middle - SLICES // 2, middle + SLICES // 2)
    files = sorted((folder / "T2W").iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[2])
    for path in {*files} - {*files[kept]}:
        path.unlink()
    return CroppedPhantom(folder=folder, node_mask=whole.node_mask[kept])


@pytest.fixture
def case(phantom):
    """The phantom, imported through the door, with its index node; no trace of runs before."""
    _purge()
    shutil.rmtree(settings.INFERENCE_CACHE_DIR, ignore_errors=True)
    center = Center.objects.create(code="A", name="Center A")
    import_paths(paths=[phantom.folder], center=center, by=None, now=T0)
    case = Case.objects.get()
    add_mask(case, phantom.node_mask, at=T0)
    services.models_register(by=None, now=T0)
    yield case
    _purge()


def _purge():
    with current_app.connection_for_write() as connection:
        for queue in current_app.amqp.queues.values():
            connection.SimpleQueue(queue).clear()


def add_mask(case: Case, array: np.ndarray, *, at: datetime) -> CaseMask:
    series = case.series.get(role="T2W")
    return mask_add(case=case, series=series, role="index_node", array=array, by=None, now=at)


def request(case: Case, *, at: datetime = T0) -> InferenceJob:
    return services.job_request(case=case, model_id="lpln-radiomics", by=None, now=at)[0]


def state(job: InferenceJob) -> InferenceJob:
    job.refresh_from_db()
    return job


def wait_done(job: InferenceJob) -> None:
    def has_ended() -> bool:
        return state(job).finished_at is not None

    wait_until(has_ended, within_s=DONE_WITHIN_S, what="the job has ended")
    assert job.status == JobStatus.DONE, f"{job.reason_code}: {job.reason_text}\n{job.log}"


def assert_shown(prediction: Prediction, mask: NDArray[np.bool_]) -> None:
    """What is shown lies on the slices of the series as they are shown, in their order."""
    region, influence = PredictionOverlay.objects.filter(prediction=prediction)
    np.testing.assert_array_equal(unpacked(bytes(region.data), mask.shape), mask)
    values = unpacked(bytes(influence.data), mask.shape)
    assert values.max() == 255
    assert not values[~mask].any()
    assert prediction.output["overlays"] == ["region", "influence"]


def test_a_job_runs_to_its_prediction_once_and_the_next_node_reuses_the_corrected_image(
    case, phantom, tmp_path
):
    job = request(case)
    for _ in range(3):
        wakeup.wake(job, now=T0)
    with running_worker(tmp_path / "worker.log") as worker:
        wait_done(job)
        first = Prediction.objects.get()
        assert "Bias-corrected image: computed." in first.output["notes"]
        assert "ComBat: not applied" in " ".join(first.output["notes"])
        assert first.probability == pytest.approx(1 / (1 + np.exp(-first.score)), rel=1e-12)
        assert first.is_positive is (first.score >= -0.47)
        assert len(first.output["features"]) == 107
        assert_shown(first, phantom.node_mask)

        later = T0 + timedelta(hours=1)
        add_mask(case, np.roll(phantom.node_mask, 3, axis=1), at=later)
        second_job = request(case, at=later)
        wait_done(second_job)
        second = Prediction.objects.get(job=second_job)
        assert second.input_digest != first.input_digest
        assert "Bias-corrected image: reused." in second.output["notes"]
        assert second.output["timings"]["bias_correction"] < first.output["timings"]["bias_correction"] / 5

        assert (state(job).attempt, state(second_job).attempt) == (1, 1)
        assert Prediction.objects.count() == 2
        assert worker.stop() == 0


def test_a_worker_killed_in_the_middle_loses_nothing(case, tmp_path):
    job = request(case)
    with running_worker(tmp_path / "first.log") as worker:
        wait_until(lambda: state(job).progress > 0, within_s=DONE_WITHIN_S, what="the job is being run")
        worker.kill()
    assert (state(job).status, job.attempt) == (JobStatus.RUNNING, 1)
    assert not Prediction.objects.exists()
    with running_worker(tmp_path / "second.log"):
        wait_done(job)
    assert job.attempt == 2
    assert Prediction.objects.get().job_id == job.pk


def test_a_case_that_cannot_be_processed_fails_with_a_reason_for_people(case, phantom, tmp_path):
    tiny = np.zeros_like(phantom.node_mask)
    tiny[4, 60, 60] = True
    add_mask(case, tiny, at=T0 + timedelta(hours=1))
    job = request(case)
    with running_worker(tmp_path / "worker.log"):
        wait_until(lambda: state(job).finished_at, within_s=DONE_WITHIN_S, what="the job has ended")
    assert (job.status, job.reason_code, job.attempt) == (JobStatus.FAILED, "mask_too_small", 1)
    assert "at least 27 are needed" in job.reason_text
    assert not Prediction.objects.exists()


def test_a_worker_that_fails_its_self_test_takes_no_jobs(case, tmp_path):
    broken = tmp_path / "radiomics"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('a broken installation')\n")
    job = request(case)
    worker = spawn(tmp_path / "worker.log", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert worker.process.wait(timeout=60) != 0
    assert "The self-test of the cpu queue failed: this worker takes no jobs." in worker.output()
    assert "a broken installation" in worker.output()
    assert state(job).status == JobStatus.QUEUED
