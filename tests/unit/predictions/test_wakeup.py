"""Messages, on whichever broker the suite runs: the embedded folder or Redis."""

from datetime import timedelta

import pytest
from celery import Celery, current_app

from backend.config import celery_settings
from backend.predictions import services, sweep, wakeup
from backend.predictions.job_states import JobStatus
from tests.factories.bare import T0, make_case, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpu_queue():
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.amqp.queues["cpu"])
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


def size_of(name):
    with current_app.connection_for_read() as connection:
        return connection.SimpleQueue(current_app.amqp.queues[name]).qsize()


def request_job():
    return services.job_request(case=make_case("A-0001"), model_id="lpln-radiomics", by=None, now=T0)


def test_the_message_is_sent_when_the_transaction_stands_and_names_the_job(
    cpu_queue, django_capture_on_commit_callbacks
):
    make_version()
    with django_capture_on_commit_callbacks() as callbacks:
        job, _ = request_job()
    assert cpu_queue.qsize() == 0
    callbacks[0]()
    assert size_of("default") == size_of("gpu") == 0
    message = cpu_queue.get(timeout=5)
    message.ack()
    assert message.payload[0] == [str(job.pk)]
    assert message.headers["task"] == "predictions.run_job"
    assert message.headers["timelimit"] == [930, 900]
    job.refresh_from_db()
    assert job.sent_at == T0


def test_a_broker_that_is_away_loses_no_job(
    cpu_queue, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    make_version()
    away = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
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
    assert cpu_queue.qsize() == 1
