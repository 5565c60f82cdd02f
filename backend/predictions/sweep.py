"""The sweep: finds jobs whose worker died or whose message was lost, and wakes a worker for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from backend.audit.services import record

from .job_states import JobStatus
from .models import InferenceJob
from .wakeup import wake

# A lost queue is refilled in portions, so that a sweep never floods the broker.
MAX_WAKES_PER_QUEUE = 20
WORKER_LOST = "worker_lost"


@dataclass(frozen=True)
class Swept:
    """What a sweep did: jobs woken again, and jobs given up because their worker died every time."""

    woken: int
    given_up: int


def jobs_sweep(*, now: datetime) -> Swept:
    """Wake workers for jobs with a run-out lease and for queued jobs that nobody has come for.

    While a queue moves, its messages are only waiting their turn and are not sent again.
    """
    given_up = sum(_give_up(job, now) for job in _expired(now).filter(attempt__gte=F("attempt_limit")))
    woken = 0
    for queue in sorted(set(InferenceJob.objects.order_by().values_list("queue", flat=True).distinct())):
        waiting = list(_expired(now).filter(_unsent(now), queue=queue)[:MAX_WAKES_PER_QUEUE])
        if not _moves(queue, now):
            waiting += list(_queued(queue).filter(_unsent(now))[: MAX_WAKES_PER_QUEUE - len(waiting)])
        woken += sum(_wake_once(job, now) for job in waiting)
    return Swept(woken=woken, given_up=given_up)


def _expired(now: datetime) -> QuerySet[InferenceJob]:
    jobs = InferenceJob.objects.filter(status=JobStatus.RUNNING, lease_expires_at__lt=now)
    return jobs.select_related("model_version", "case")


def _queued(queue: str) -> QuerySet[InferenceJob]:
    return InferenceJob.objects.filter(queue=queue, status=JobStatus.QUEUED).select_related("model_version")


def _unsent(now: datetime) -> Q:
    """No message, or one so old that somebody should have come, or one from before the worker died."""
    return (
        Q(sent_at__isnull=True)
        | Q(sent_at__lte=_patience(now))
        | Q(status=JobStatus.RUNNING, sent_at__lte=F("lease_expires_at"))
    )


def _moves(queue: str, now: datetime) -> bool:
    """Whether a worker holds a job of the queue, or took or ended one a moment ago."""
    recent = _patience(now)
    return InferenceJob.objects.filter(
        Q(status=JobStatus.RUNNING, lease_expires_at__gte=now)
        | Q(started_at__gt=recent)
        | Q(finished_at__gt=recent),
        queue=queue,
    ).exists()


def _patience(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.JOB_SWEEP_SECONDS)


def _wake_once(job: InferenceJob, now: datetime) -> bool:
    """Send the message, unless another worker's sweep has just done so."""
    if not InferenceJob.objects.filter(pk=job.pk, sent_at=job.sent_at).update(sent_at=now):
        return False
    if wake(job, now=now):
        return True
    InferenceJob.objects.filter(pk=job.pk).update(sent_at=None)
    return False


@transaction.atomic
def _give_up(job: InferenceJob, now: datetime) -> bool:
    # A worker that was only slow may have extended its lease since the job was looked up.
    changed = (
        _expired(now)
        .filter(pk=job.pk, owner=job.owner)
        .update(
            status=JobStatus.FAILED,
            owner="",
            lease_expires_at=None,
            finished_at=now,
            reason_code=WORKER_LOST,
            reason_text=f"The worker died in each of {job.attempt} attempts.",
            message="",
        )
    )
    if changed:
        detail = {
            "case": job.case.number,
            "model": job.model_version.model_id,
            "attempt": job.attempt,
            "reason": WORKER_LOST,
        }
        record(event="inference_failed", by=None, at=now, subject=job, detail=detail)
    return bool(changed)
