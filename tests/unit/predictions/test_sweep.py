from datetime import timedelta

import pytest
from django.conf import settings

from backend.predictions import services, sweep
from backend.predictions.job_states import JobStatus
from backend.predictions.models import InferenceJob
from tests.factories.bare import T0, make_case, make_version

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
PATIENCE = timedelta(seconds=settings.JOB_SWEEP_SECONDS)


@pytest.fixture
def messages(monkeypatch):
    """Notes whom a message would wake, in place of the broker that the worker tests use for real."""
    sent = []

    def note(job, *, now):
        sent.append(job.pk)
        return True

    monkeypatch.setattr(sweep, "wake", note)
    return sent


def queued(number, *, sent_at=T0):
    job, _ = services.job_request(case=make_case(number), model_id="lpln-radiomics", by=None, now=T0)
    InferenceJob.objects.filter(pk=job.pk).update(sent_at=sent_at)
    return job


def claim(job, now, owner="one"):
    assert services.job_claim(job_id=job.pk, owner=owner, now=now) is not None


def test_a_job_whose_message_could_not_be_sent_is_woken(messages):
    make_version()
    job = queued("A-0001", sent_at=None)
    assert sweep.jobs_sweep(now=T0 + SECOND) == sweep.Swept(woken=1, given_up=0)
    assert messages == [job.pk]


def test_a_queued_job_that_nobody_has_come_for_is_woken_once_a_patience(messages):
    make_version()
    job = queued("A-0001")
    assert sweep.jobs_sweep(now=T0 + PATIENCE - SECOND).woken == 0
    assert sweep.jobs_sweep(now=T0 + PATIENCE).woken == 1
    assert sweep.jobs_sweep(now=T0 + PATIENCE + SECOND).woken == 0
    assert messages == [job.pk]


def test_queued_jobs_only_wait_while_their_queue_moves(messages):
    make_version()
    running = queued("A-0001")
    waiting = queued("A-0002")
    begun = T0 + 2 * PATIENCE
    claim(running, begun)
    assert sweep.jobs_sweep(now=begun + LEASE).woken == 0
    assert sweep.jobs_sweep(now=begun + LEASE + SECOND).woken == 2
    assert set(messages) == {running.pk, waiting.pk}


def test_a_job_whose_worker_died_is_woken_and_can_be_claimed(messages):
    make_version()
    job = queued("A-0001")
    claim(job, T0)
    assert sweep.jobs_sweep(now=T0 + LEASE).woken == 0
    dead = T0 + LEASE + SECOND
    assert sweep.jobs_sweep(now=dead).woken == 1
    assert sweep.jobs_sweep(now=dead).woken == 0
    assert messages == [job.pk]
    claim(job, dead, "two")


def test_a_job_that_kills_every_worker_is_given_up(messages):
    make_version()
    job = queued("A-0001")
    now = T0
    for attempt in range(3):
        claim(job, now, f"worker {attempt}")
        now += LEASE + SECOND
    assert sweep.jobs_sweep(now=now) == sweep.Swept(woken=0, given_up=1)
    job.refresh_from_db()
    assert (job.status, job.reason_code, job.attempt) == (JobStatus.FAILED, "worker_lost", 3)
    assert messages == []


def test_ended_jobs_are_left_alone(messages):
    make_version()
    job = queued("A-0001")
    services.job_cancel(job_id=job.pk, by=None, now=T0)
    assert sweep.jobs_sweep(now=T0 + 10 * LEASE) == sweep.Swept(woken=0, given_up=0)


def test_of_two_sweeps_at_one_instant_one_sends_the_message(messages):
    make_version()
    queued("A-0001")
    seen_by_both = list(sweep._queued("cpu"))
    now = T0 + PATIENCE
    assert [sweep._wake_once(job, now) for job in [*seen_by_both, *seen_by_both]] == [True, False]


def test_a_sweep_refills_a_lost_queue_in_portions(messages):
    make_version()
    for number in range(sweep.MAX_WAKES_PER_QUEUE + 5):
        queued(f"A-{number:04d}")
    assert sweep.jobs_sweep(now=T0 + PATIENCE).woken == sweep.MAX_WAKES_PER_QUEUE
    assert sweep.jobs_sweep(now=T0 + PATIENCE + SECOND).woken == 5


def test_a_job_whose_lease_was_extended_meanwhile_is_not_given_up(messages):
    make_version()
    job = queued("A-0001")
    InferenceJob.objects.filter(pk=job.pk).update(attempt_limit=1)
    claim(job, T0)
    after_the_lease = T0 + LEASE + SECOND
    (looked_up,) = sweep._expired(after_the_lease)
    assert services.job_heartbeat(job_id=job.pk, owner="one", now=after_the_lease)
    assert not sweep._give_up(looked_up, after_the_lease)
    job.refresh_from_db()
    assert (job.status, job.owner) == (JobStatus.RUNNING, "one")
