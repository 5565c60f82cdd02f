"""Messages to the workers. A message only wakes a worker: what is to be done stands in the job's row."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from .models import InferenceJob

log = logging.getLogger(__name__)

RUN_JOB = "predictions.run_job"
GRACE_SECONDS = 30


def wake_on_commit(jobs: Sequence[InferenceJob], *, now: datetime) -> None:
    """Send the jobs' messages once the caller's transaction stands; all or those up to the first that fails."""

    def send() -> None:
        for job in jobs:
            if not wake(job, now=now):
                return

    transaction.on_commit(send)


def wake(job: InferenceJob, *, now: datetime) -> bool:
    """Send the job's message now; False when the broker cannot be reached.

    The job then stays queued in its row, and the sweep of the next worker sends the message again.
    """
    timeout_s = int(job.model_version.card["timeout_s"])
    try:
        current_app.send_task(
            RUN_JOB,
            args=[str(job.pk)],
            queue=job.queue,
            soft_time_limit=timeout_s,
            time_limit=timeout_s + GRACE_SECONDS,
            ignore_result=True,
        )
    except (OperationalError, OSError) as error:
        log.warning("Job %s stays queued: the broker cannot be reached (%s).", job.pk, type(error).__name__)
        return False
    _note_sent(job.pk, now)
    return True


def _note_sent(job_id: UUID, now: datetime) -> None:
    InferenceJob.objects.filter(pk=job_id).update(sent_at=now)
