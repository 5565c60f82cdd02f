"""The sweep of analysis runs: finds those whose worker died or whose message was lost, and wakes a worker."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from backend.predictions.sweep import WORKER_LOST, Swept

from .analysis_runs import fail_rows
from .analysis_wakeup import wake
from .models import AnalysisRun
from .run_states import ATTEMPTS, RunState

MAX_WAKES = 20


def analyses_sweep(*, now: datetime) -> Swept:
    """Wake workers for runs with a run-out lease and for queued runs that nobody has come for.

    While a worker analyzes, the messages of other runs are only waiting their turn and are not sent again.
    """
    given_up = sum(_give_up(run, now) for run in _expired(now).filter(attempt__gte=ATTEMPTS))
    waiting = list(_expired(now).filter(_unsent(now))[:MAX_WAKES])
    if not AnalysisRun.objects.filter(state=RunState.RUNNING, lease_expires_at__gte=now).exists():
        queued = AnalysisRun.objects.filter(_unsent(now), state=RunState.QUEUED)
        waiting += list(queued.order_by("asked_at", "id")[: MAX_WAKES - len(waiting)])
    woken = sum(_wake_once(run, now) for run in waiting)
    return Swept(woken=woken, given_up=given_up)


def _expired(now: datetime) -> QuerySet[AnalysisRun]:
    return AnalysisRun.objects.filter(state=RunState.RUNNING, lease_expires_at__lt=now)


def _unsent(now: datetime) -> Q:
    """No message, or one so old that somebody should have come, or one from before the worker died."""
    return (
        Q(sent_at__isnull=True)
        | Q(sent_at__lte=now - timedelta(seconds=settings.JOB_SWEEP_SECONDS))
        | Q(state=RunState.RUNNING, sent_at__lte=F("lease_expires_at"))
    )


def _wake_once(run: AnalysisRun, now: datetime) -> bool:
    """Send the message, unless another worker's sweep has just done so."""
    if not AnalysisRun.objects.filter(pk=run.pk, sent_at=run.sent_at).update(sent_at=now):
        return False
    if wake(run, now=now):
        return True
    AnalysisRun.objects.filter(pk=run.pk).update(sent_at=None)
    return False


@transaction.atomic
def _give_up(run: AnalysisRun, now: datetime) -> bool:
    # A worker that was only slow may have extended its lease since the run was looked up.
    rows = _expired(now).filter(pk=run.pk, owner=run.owner)
    text = f"The worker died in each of {run.attempt} attempts."
    return fail_rows(rows, run.pk, code=WORKER_LOST, text=text, now=now)
