"""What a prediction shows on the images is stored with it or not at all, and never changes."""

import gzip
import hashlib
from dataclasses import replace

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from backend.cases.models import CaseMask
from backend.predictions import services
from backend.predictions.job_states import JobStatus
from backend.predictions.models import InferenceJob, Prediction, PredictionOverlay
from inference.contracts import InputProblem, ModelOutput, ModelOverlay, OverlayMismatch
from tests.factories.bare import T0, make_case, make_mask, make_output, make_version

pytestmark = pytest.mark.django_db
SHAPE = (3, 4, 5)


@pytest.fixture
def job() -> InferenceJob:
    case = make_case("A-0001")
    make_mask(case)
    make_version()
    asked, _ = services.job_request(case=case, model_id="lpln-radiomics", by=None, now=T0)
    claimed = services.job_claim(job_id=asked.pk, owner="one", now=T0)
    assert claimed is not None
    return claimed


def voxels() -> np.ndarray:
    return np.arange(60, dtype=np.uint8).reshape(SHAPE)


def output(*, on: str = "T2W") -> ModelOutput:
    mask = ModelOverlay(
        "region", "mask", "Region", on, (voxels() > 30).astype(np.uint8), "A region.", "given/1"
    )
    heat = ModelOverlay("heat", "heat", "Map", on, voxels(), "A map.", "map/2", low="none", high="0.4")
    return replace(make_output(0.5), overlays=(mask, heat))


def finish(job: InferenceJob, shown: ModelOutput, owner: str = "one") -> Prediction | None:
    return services.job_finish(job_id=job.pk, owner=owner, output=shown, now=T0)


def test_overlays_are_stored_with_their_prediction_as_painted_masks_are(job: InferenceJob) -> None:
    prediction = finish(job, output())
    mask, heat = PredictionOverlay.objects.filter(prediction=prediction)
    assert (mask.name, mask.kind, heat.name, heat.kind) == ("region", "mask", "heat", "heat")
    assert (heat.title, heat.note, heat.method, heat.low, heat.high) == (
        "Map",
        "A map.",
        "map/2",
        "none",
        "0.4",
    )
    assert heat.series == job.case.series.get()
    assert heat.shape == [3, 4, 5]
    raw = gzip.decompress(bytes(heat.data))
    assert raw == bytes(range(60)), "slice by slice, row by row"
    assert heat.sha256 == hashlib.sha256(raw).hexdigest()
    assert prediction.output["overlays"] == ["region", "heat"]


def test_an_output_without_overlays_is_stored_as_before(job: InferenceJob) -> None:
    prediction = finish(job, make_output(0.5))
    assert not PredictionOverlay.objects.exists()
    assert "overlays" not in prediction.output


def test_overlays_lie_on_the_series_that_the_mask_was_drawn_on(job: InferenceJob) -> None:
    """Of two series of one role it is the one that the model was given."""
    first = job.case.series.get()
    second = job.case.series.get()
    second.pk, second.position, second.series_uid, second.folder = None, 1, "2.25.77", "cases/other"
    second.save(force_insert=True)
    CaseMask.objects.filter(pk=job.mask_id).update(series=second)
    prediction = finish(InferenceJob.objects.get(pk=job.pk), replace(output()))
    assert prediction is not None
    shown = PredictionOverlay.objects.filter(prediction=prediction)
    assert {one.series_id for one in shown} == {second.pk}
    assert first.pk != second.pk


def test_a_failure_at_the_last_overlay_leaves_nothing_and_the_job_as_it_was(
    job: InferenceJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, calls = services.packed, []

    def dies_at_the_second(array: np.ndarray) -> bytes:
        calls.append(array)
        if len(calls) == 2:
            raise OSError("the worker died")
        return packed(array)

    monkeypatch.setattr(services, "packed", dies_at_the_second)
    with pytest.raises(OSError, match="the worker died"), transaction.atomic():
        finish(job, output())
    assert not Prediction.objects.exists()
    assert not PredictionOverlay.objects.exists()
    assert InferenceJob.objects.get().status == JobStatus.RUNNING
    monkeypatch.setattr(services, "packed", packed)
    assert finish(job, output()) is not None
    assert PredictionOverlay.objects.count() == 2


def test_a_worker_that_lost_its_job_stores_no_overlay(job: InferenceJob) -> None:
    assert finish(job, output(), owner="another") is None
    assert not PredictionOverlay.objects.exists()


def test_an_overlay_on_a_series_that_the_case_lacks_is_refused(job: InferenceJob) -> None:
    with pytest.raises(OverlayMismatch, match="region lies on DWI"), transaction.atomic():
        finish(job, output(on="DWI"))
    assert not Prediction.objects.exists()


def test_images_that_changed_meanwhile_get_no_overlay(job: InferenceJob) -> None:
    CaseMask.objects.filter(pk=job.mask_id).update(digest="0" * 64)
    with pytest.raises(InputProblem, match="input_changed"), transaction.atomic():
        finish(job, output())
    assert not Prediction.objects.exists()


def test_overlays_are_never_changed_or_deleted(job: InferenceJob) -> None:
    finish(job, output())
    overlay = PredictionOverlay.objects.get(name="heat")
    with pytest.raises(TypeError):
        overlay.save()
    with pytest.raises(TypeError):
        overlay.delete()
    for statement in (
        "UPDATE predictions_predictionoverlay SET note = 'other'",
        "DELETE FROM predictions_predictionoverlay",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert PredictionOverlay.objects.get(name="heat").note == "A map."
