"""Messages, on whichever broker the suite runs: the embedded folder or Redis."""

from datetime import timedelta

import pytest
from celery import Celery, current_app

from backend.config import celery_settings
from backend.predictions import services, sweep, wakeup
from backend.predictions.job_states import JobStatus
from tests.factories.bare import T0, make_case, make_version

pytestmark = pytest.mark.django_db
QUEUES = ("default", "cpu", "gpu")


@pytest.fixture(autouse=True)
def empty_queues():
    for name in QUEUES:
        taken(name)
    yield
    for name in QUEUES:
        taken(name)


def taken(name):
    """Every message that waits in the queue, taken out of it."""
    messages = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.amqp.queues[name])
        try:
            while True:
                messages.append(queue.get(block=False))
                messages[-1].ack()
        except queue.Empty:
            return messages


def request_job():
    return services.job_request(case=make_case("A-0001"), model_id="lpln-radiomics", by=None, now=T0)


def test_the_message_is_sent_when_the_transaction_stands_and_names_the_job(
    django_capture_on_commit_callbacks,
):
    make_version()
    with django_capture_on_commit_callbacks() as callbacks:
        job, _ = request_job()
    assert taken("cpu") == []
    callbacks[0]()
    assert taken("default") == taken("gpu") == []
    (message,) = taken("cpu")
    assert message.payload[0] == [str(job.pk)]
    assert message.headers["task"] == "predictions.run_job"
    assert message.headers["timelimit"] == [930, 900]
    job.refresh_from_db()
    assert job.sent_at == T0


def test_a_broker_that_is_away_loses_no_job(django_capture_on_commit_callbacks, monkeypatch, caplog):
    make_version()
    away = Celery("away", set_as_current=False)
    # Not broker_url: CELERY_BROKER_URL would win over it.
    away.conf.broker_write_url = "redis://127.0.0.1:1/0"
    away.conf.task_publish_retry = False
    away.conf.broker_transport_options = celery_settings._redis_options()
    with monkeypatch.context() as patch:
        patch.setattr(wakeup, "current_app", away)
        with django_capture_on_commit_callbacks(execute=True):
            job, is_queued = request_job()
        assert is_queued
        assert "the broker cannot be reached" in caplog.text
        job.refresh_from_db()
        assert (job.status, job.sent_at) == (JobStatus.QUEUED, None)
        assert sweep.jobs_sweep(now=T0 + timedelta(seconds=1)).woken == 0
    assert sweep.jobs_sweep(now=T0 + timedelta(seconds=2)).woken == 1
    assert len(taken("cpu")) == 1
