"""One attempt, ended in every way it can end. Real images and processes stand in tests/flows/test_worker.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.cases.models import CaseMask
from backend.predictions import runner, services
from backend.predictions.job_states import JobStatus
from backend.predictions.models import InferenceJob, Prediction
from tests.factories import plugins
from tests.factories.bare import T0, make_case, make_mask

pytestmark = pytest.mark.django_db(transaction=True)


def run(settings, name, *, case=None):
    """Register the plug-in, ask it about a case, and run one attempt."""
    plugin = getattr(plugins, name)
    settings.MODEL_PLUGINS = {"test-model": f"tests.factories.plugins:{name}"}
    services.model_register(plugin=plugin, by=None, now=T0)
    case = case or make_case("A-0001")
    job, _ = services.job_request(case=case, model_id="test-model", by=None, now=T0)
    runner.run(job_id=job.pk, owner="one")
    return InferenceJob.objects.get(pk=job.pk)


@pytest.mark.parametrize("name", ["SUCCEEDS", "WARNS"])
def test_a_run_ends_in_a_prediction(settings, name):
    job = run(settings, name)
    assert (job.status, job.progress, job.attempt) == (JobStatus.DONE, 1, 1)
    assert Prediction.objects.get().score == 0.5


def test_running_the_same_message_again_does_nothing(settings):
    job = run(settings, "SUCCEEDS")
    runner.run(job_id=job.pk, owner="two")
    assert Prediction.objects.count() == 1
    assert InferenceJob.objects.get().attempt == 1


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("BLOCKED", "mask_missing", "No node is drawn. The slices are far apart."),
        ("REFUSES", "node_gone", "The node lies outside of the image."),
    ],
)
def test_a_problem_of_the_input_is_told_and_not_tried_again(settings, name, code, text):
    job = run(settings, name)
    assert (job.status, job.reason_code, job.reason_text) == (JobStatus.FAILED, code, text)
    assert not Prediction.objects.exists()


def test_a_want_of_resources_is_tried_again(settings):
    job = run(settings, "RUNS_SHORT")
    assert (job.status, job.attempt, job.owner) == (JobStatus.QUEUED, 1, "")
    assert "RESOURCE resources" in job.log


@pytest.mark.parametrize("name", ["BREAKS", "RUNS_SHORT"])
def test_the_run_log_says_where_it_broke_and_nothing_of_the_patient(settings, name, caplog):
    job = run(settings, name)
    assert plugins.SECRET not in job.log + job.reason_text + caplog.text
    if name == "BREAKS":
        assert (job.status, job.reason_code) == (JobStatus.FAILED, "bug")
        assert "in _break" in job.log
        assert "KeyError" in job.log


def test_an_overlay_that_lies_on_no_series_of_the_case_is_a_bug_by_name(settings):
    job = run(settings, "SHOWS_ELSEWHERE")
    assert (job.status, job.reason_code) == (JobStatus.FAILED, "overlay_grid")
    assert job.reason_text == "The overlay region lies on T2W, which the case lacks."
    assert not Prediction.objects.exists()


def test_a_cancelled_run_stops_at_its_next_step(settings):
    job = run(settings, "CANCELLED")
    assert job.status == JobStatus.CANCELLED
    assert not Prediction.objects.exists()


def test_a_result_never_bears_the_name_of_another_version(settings):
    settings.MODEL_PLUGINS = {"test-model": "tests.factories.plugins:OTHER_VERSION"}
    services.model_register(plugin=plugins.SUCCEEDS, by=None, now=T0)
    job, _ = services.job_request(case=make_case("A-0001"), model_id="test-model", by=None, now=T0)
    runner.run(job_id=job.pk, owner="one")
    job.refresh_from_db()
    assert (job.status, job.reason_code) == (JobStatus.FAILED, "model_version_unavailable")
    assert not Prediction.objects.exists()


def test_a_model_that_the_worker_lacks_is_said(settings):
    services.model_register(plugin=plugins.SUCCEEDS, by=None, now=T0)
    settings.MODEL_PLUGINS = {}
    job, _ = services.job_request(case=make_case("A-0001"), model_id="test-model", by=None, now=T0)
    runner.run(job_id=job.pk, owner="one")
    job.refresh_from_db()
    assert (job.status, job.reason_code) == (JobStatus.FAILED, "model_unknown")


def test_images_that_changed_since_the_request_are_not_computed_on(settings):
    case = make_case("A-0001")
    mask = make_mask(case)
    settings.MODEL_PLUGINS = {"test-model": "tests.factories.plugins:SUCCEEDS"}
    services.model_register(plugin=plugins.SUCCEEDS, by=None, now=T0)
    job, _ = services.job_request(case=case, model_id="test-model", by=None, now=T0)
    CaseMask.objects.filter(pk=mask.pk).update(digest="0" * 64)
    runner.run(job_id=job.pk, owner="one")
    job.refresh_from_db()
    assert (job.status, job.reason_code) == (JobStatus.FAILED, "input_changed")


def test_the_lease_is_extended_while_a_run_lasts(settings):
    settings.JOB_LEASE_SECONDS = 1
    services.model_register(plugin=plugins.SUCCEEDS, by=None, now=T0)
    job, _ = services.job_request(case=make_case("A-0001"), model_id="test-model", by=None, now=T0)
    services.job_claim(job_id=job.pk, owner="one", now=timezone.now())
    first = InferenceJob.objects.get().lease_expires_at
    with runner._heartbeat(job.pk, "one") as lost:
        while InferenceJob.objects.get().lease_expires_at <= first + timedelta(seconds=1):
            assert not lost.wait(0.05)
        services.job_cancel(job_id=job.pk, by=None, now=T0)
        assert lost.wait(10)
