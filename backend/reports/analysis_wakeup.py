"""Messages to the workers about analysis runs. A message only wakes a worker: what is to be done is in the row."""

import logging
from datetime import datetime

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from .models import AnalysisRun

log = logging.getLogger(__name__)

RUN_ANALYSIS = "reports.run_analysis"
QUEUE = "default"
TIMEOUT_SECONDS = 100 * 60
GRACE_SECONDS = 30


def wake_on_commit(run: AnalysisRun, *, now: datetime) -> None:
    """Send the run's message once the caller's transaction stands."""
    transaction.on_commit(lambda: wake(run, now=now))


def wake(run: AnalysisRun, *, now: datetime) -> bool:
    """Send the run's message now; False when the broker cannot be reached.

    The run then stays queued in its row, and the sweep of the next worker sends the message again.
    """
    try:
        current_app.send_task(
            RUN_ANALYSIS,
            args=[str(run.pk)],
            queue=QUEUE,
            soft_time_limit=TIMEOUT_SECONDS,
            time_limit=TIMEOUT_SECONDS + GRACE_SECONDS,
            ignore_result=True,
        )
    except (OperationalError, OSError) as error:
        log.warning(
            "Analysis %s stays queued: the broker cannot be reached (%s).", run.pk, type(error).__name__
        )
        return False
    AnalysisRun.objects.filter(pk=run.pk).update(sent_at=now)
    return True
