from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions import services
from backend.predictions.job_states import FailureKind, JobStatus
from backend.predictions.models import InferenceJob, ModelVersion, Prediction
from backend.predictions.selectors import registered_version
from inference.contracts import BACKGROUND
from tests.factories import plugins
from tests.factories.bare import (
    T0,
    fail_job,
    finished_job,
    make_case,
    make_mask,
    make_output,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)


@pytest.fixture
def job():
    case = make_case("A-0001")
    make_mask(case)
    make_version()
    return services.job_request(case=case, model_id="lpln-radiomics", by=None, now=T0)[0]


def fresh(job):
    return InferenceJob.objects.get(pk=job.pk)


def events():
    return list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))


def claim(job, owner="one", now=T0):
    return services.job_claim(job_id=job.pk, owner=owner, now=now)


def fail(job, kind, owner="one", now=T0):
    return services.job_fail(job_id=job.pk, owner=owner, kind=kind, code="why", text="Because.", now=now)


def test_job_request_queues_one_job_and_asks_once(job):
    again, is_queued = services.job_request(
        case=job.case, model_id="lpln-radiomics", by=None, now=T0 + SECOND
    )
    assert (again.pk, is_queued) == (job.pk, False)
    assert fresh(job).status == JobStatus.QUEUED
    assert events() == ["inference_requested"]


def test_job_request_without_a_registered_model_is_refused():
    with pytest.raises(RuleBroken, match="model_not_registered"):
        services.job_request(case=make_case("A-0001"), model_id="lpln-radiomics", by=None, now=T0)
    assert not InferenceJob.objects.exists()


def test_job_request_of_a_newer_version_is_a_new_job(job):
    make_version(semver="1.1.0", at=T0 + SECOND)
    newer, is_queued = services.job_request(
        case=job.case, model_id="lpln-radiomics", by=None, now=T0 + SECOND
    )
    assert is_queued
    assert newer.pk != job.pk
    assert newer.input_digest == job.input_digest


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_job_request_puts_an_ended_job_without_result_on_the_queue_again(job, end):
    if end == "failed":
        fail_job(job, code="mask_empty", text="The mask is empty.")
    else:
        services.job_cancel(job_id=job.pk, by=None, now=T0)
    attempts = fresh(job).attempt
    again, is_queued = services.job_request(
        case=job.case, model_id="lpln-radiomics", by=None, now=T0 + SECOND
    )
    assert (again.pk, is_queued, again.status) == (job.pk, True, JobStatus.QUEUED)
    assert (again.attempt_limit, again.reason_code, again.finished_at) == (attempts + 3, "", None)
    assert events()[-1] == "inference_requeued"


def test_job_claim_gives_the_job_to_one_worker(job):
    claimed = claim(job, "one")
    assert claim(job, "two") is None
    assert (claimed.status, claimed.owner, claimed.attempt) == (JobStatus.RUNNING, "one", 1)
    assert claimed.lease_expires_at == T0 + LEASE


def test_job_claim_takes_over_once_the_lease_has_run_out(job):
    claim(job, "one")
    assert claim(job, "two", T0 + LEASE) is None
    taken = claim(job, "two", T0 + LEASE + SECOND)
    assert (taken.owner, taken.attempt) == ("two", 2)


def test_job_heartbeat_keeps_the_job_from_being_taken(job):
    claim(job, "one")
    assert services.job_heartbeat(job_id=job.pk, owner="one", now=T0 + LEASE)
    assert claim(job, "two", T0 + LEASE + SECOND) is None


def test_a_worker_that_lost_its_job_can_do_nothing_more_to_it(job):
    claim(job, "one")
    later = T0 + LEASE + SECOND
    claim(job, "two", later)
    assert not services.job_heartbeat(job_id=job.pk, owner="one", now=later)
    assert not services.job_progress(job_id=job.pk, owner="one", fraction=0.5, message="N4")
    assert services.job_finish(job_id=job.pk, owner="one", output=make_output(1.0), now=later) is None
    assert fail(job, FailureKind.BUG, "one", later) is None
    assert not Prediction.objects.exists()
    assert (fresh(job).owner, fresh(job).progress, fresh(job).log) == ("two", 0, "")


def test_job_finish_stores_one_prediction_and_ends_the_job(job):
    claim(job)
    prediction = services.job_finish(
        job_id=job.pk, owner="one", output=make_output(-0.3, probability=0.4256), now=T0 + SECOND
    )
    assert (prediction.score, prediction.probability, prediction.is_positive) == (-0.3, 0.4256, True)
    assert prediction.near_cut_off
    assert prediction.output["notes"] == ["ComBat: not applied."]
    assert (prediction.input_digest, prediction.mask_id) == (job.input_digest, job.mask_id)
    done = fresh(job)
    assert (done.status, done.progress, done.owner, done.finished_at) == (JobStatus.DONE, 1, "", T0 + SECOND)
    assert services.job_finish(job_id=job.pk, owner="one", output=make_output(9.0), now=T0 + SECOND) is None
    assert Prediction.objects.get().score == -0.3


def test_no_audit_event_holds_a_value_of_the_model(job):
    finished_job(job.case, 1.25, probability=0.777)
    text = "".join(str(event.detail) for event in AuditEvent.objects.all())
    assert events() == ["inference_requested", "inference_started", "inference_finished"]
    assert "1.25" not in text
    assert "0.777" not in text


def test_a_problem_of_the_input_ends_the_job_with_its_reason(job):
    claim(job)
    assert fail(job, FailureKind.INPUT) == JobStatus.FAILED
    failed = fresh(job)
    assert (failed.reason_code, failed.reason_text, failed.finished_at) == ("why", "Because.", T0)
    assert claim(job, "two", T0 + 10 * LEASE) is None


def test_a_bug_ends_the_job_and_leaves_its_trace_in_the_run_log(job):
    claim(job)
    services.job_fail(
        job_id=job.pk, owner="one", kind=FailureKind.BUG, code="bug", text="Failed.", trace="line 7", now=T0
    )
    assert fresh(job).status == JobStatus.FAILED
    assert "line 7" in fresh(job).log


def test_a_want_of_resources_is_retried_twice_and_then_fails(job):
    statuses = []
    for attempt in range(1, 4):
        claim(job, f"worker {attempt}")
        statuses.append(fail(job, FailureKind.RESOURCE, f"worker {attempt}"))
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    assert fresh(job).attempt == 3
    assert fresh(job).log.count("RESOURCE why") == 3
    assert events().count("inference_attempt_failed") == 2


def test_job_cancel_ends_a_running_job_and_its_worker_notices(job):
    claim(job)
    cancelled = services.job_cancel(job_id=job.pk, by=make_user("coordinator"), now=T0 + SECOND)
    assert (cancelled.status, cancelled.owner) == (JobStatus.CANCELLED, "")
    assert not services.job_progress(job_id=job.pk, owner="one", fraction=0.5, message="N4")
    assert AuditEvent.objects.get(event="inference_cancelled").actor_name == "coordinator"


def test_job_cancel_of_an_ended_job_is_refused(job):
    finished_job(job.case, 1.0)
    with pytest.raises(RuleBroken, match="job_ended"):
        services.job_cancel(job_id=job.pk, by=None, now=T0)
    assert fresh(job).status == JobStatus.DONE


def test_no_change_of_state_stands_without_its_audit_event(job, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(RuntimeError):
        claim(job)
    with pytest.raises(RuntimeError):
        services.job_cancel(job_id=job.pk, by=None, now=T0)
    assert fresh(job).status == JobStatus.QUEUED
    assert fresh(job).attempt == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": JobStatus.RUNNING},
        {"owner": "somebody"},
        {"status": JobStatus.DONE},
        {"finished_at": T0},
        {"status": JobStatus.FAILED, "finished_at": T0},
        {"reason_code": "why"},
        {"progress": 1.5},
        {"attempt": 4},
    ],
    ids=str,
)
def test_the_database_refuses_a_job_that_contradicts_itself(job, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        InferenceJob.objects.filter(pk=job.pk).update(**nonsense)


def test_predictions_are_never_changed_or_deleted(job):
    prediction = finished_job(job.case, 1.0)
    prediction.score = 2.0
    with pytest.raises(TypeError):
        prediction.save()
    with pytest.raises(TypeError):
        prediction.delete()
    assert Prediction.objects.get().score == 1.0


def test_a_version_that_is_installed_again_is_the_current_one_again():
    for plugin, hours in ((plugins.SUCCEEDS, 0), (plugins.OTHER_VERSION, 1), (plugins.SUCCEEDS, 2)):
        services.model_register(plugin=plugin, by=None, now=T0 + timedelta(hours=hours))
    assert registered_version("test-model").semver == plugins.SUCCEEDS.card.semver
    assert ModelVersion.objects.count() == 2


def test_what_a_known_version_tells_of_its_development_is_brought_up_to_date():
    plugin = plugins.Plugin(plugins.SUCCEEDS.run)
    before = services.model_register(plugin=plugin, by=None, now=T0).card
    plugin.card = replace(plugin.card, training_data="Sheep.", title="Another", cut_off=9.0)
    for later in (SECOND, 2 * SECOND):
        version = services.model_register(plugin=plugin, by=None, now=T0 + later)
        version.refresh_from_db()
        assert version.card == {**before, "training_data": "Sheep."}
    assert events() == ["model_registered", "model_card_updated"]
    assert AuditEvent.objects.get(event="model_card_updated").detail["parts"] == ["training_data"]


def test_a_version_registered_before_cards_told_of_development_is_told_it():
    (version,) = services.models_register(by=None, now=T0)
    card = version.card
    version.card = {key: value for key, value in card.items() if key not in BACKGROUND}
    version.save()
    (again,) = services.models_register(by=None, now=T0 + SECOND)
    assert (again.pk, again.card) == (version.pk, card)
    assert card["development_scores"]["is_demonstration"]


def test_models_register_writes_each_version_once():
    first = services.models_register(by=None, now=T0)
    second = services.models_register(by=None, now=T0 + SECOND)
    assert [version.pk for version in first] == [version.pk for version in second]
    version = ModelVersion.objects.get()
    assert (version.model_id, version.card["cut_off"], len(version.digest)) == ("lpln-radiomics", -0.47, 64)
    assert events() == ["model_registered"]
