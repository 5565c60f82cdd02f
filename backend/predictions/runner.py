"""One attempt at one job, in a worker: claim, compute, finish, whatever happens on the way."""

import logging
import threading
import traceback
from contextlib import AbstractContextManager
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from backend.cases.models import CaseSeries
from backend.cases.pixels import NotAVolume, read_mask, read_volume
from inference.contracts import (
    CaseInputs,
    InputProblem,
    ModelOutput,
    ModelPlugin,
    OverlayMismatch,
    ResourceProblem,
    RunCancelled,
    RunContext,
    Volume,
    check_overlays,
    load_plugin,
)

from . import services
from .job_states import FailureKind
from .lease import heartbeat
from .models import InferenceJob
from .question import Question, question_for

log = logging.getLogger(__name__)


def run(*, job_id: UUID, owner: str) -> None:
    """Run the job to its end, or do nothing when another worker holds it or it has ended."""
    job = services.job_claim(job_id=job_id, owner=owner, now=timezone.now())
    if job is None:
        log.info("Job %s is not to be had: it has ended, or another worker holds it.", job_id)
        return
    log.info("Job %s: attempt %d begins.", job_id, job.attempt)
    with _heartbeat(job_id, owner) as lost:
        try:
            output = _compute(job, owner, lost)
            prediction = services.job_finish(job_id=job_id, owner=owner, output=output, now=timezone.now())
        except RunCancelled:
            log.info("Job %s was cancelled or given to another worker.", job_id)
        except Exception as error:
            # The boundary of the attempt: whatever went wrong is classified, stored with the job and audited.
            _fail(job_id, owner, error)
        else:
            end = "is done" if prediction else "had been taken away; its result is dropped"
            log.info("Job %s %s.", job_id, end)


def _compute(job: InferenceJob, owner: str, lost: threading.Event) -> ModelOutput:
    plugin = _plugin_of(job)
    question = question_for(case=job.case, version=job.model_version, mask=job.mask)
    if question.input_digest != job.input_digest:
        raise InputProblem(
            "input_changed", "The images of the case have changed since the job was asked for."
        )
    inputs = _inputs(question)
    problems = [problem for problem in plugin.check(inputs) if problem.is_blocking]
    if problems:
        raise InputProblem(problems[0].code, " ".join(problem.text for problem in problems))

    def progress(fraction: float, step: str) -> None:
        if not services.job_progress(job_id=job.pk, owner=owner, fraction=fraction, message=step):
            lost.set()

    context = RunContext(
        cache_dir=settings.INFERENCE_CACHE_DIR,
        threads=settings.INFERENCE_THREADS,
        cancelled=lost.is_set,
        progress=progress,
    )
    output = plugin.run(inputs, context)
    check_overlays(output, inputs.volumes)
    return output


def _plugin_of(job: InferenceJob) -> ModelPlugin:
    """The plug-in in exactly the version the job asks for: a result never bears another version's name."""
    version = job.model_version
    name = settings.MODEL_PLUGINS.get(version.model_id)
    if name is None:
        raise InputProblem("model_unknown", f"This worker has no model {version.model_id}.")
    plugin = load_plugin(name)
    if plugin.version_digest() != version.digest:
        raise InputProblem(
            "model_version_unavailable",
            f"This worker has {plugin.card.id} {plugin.card.semver} ({plugin.version_digest()[:12]}), "
            f"the job asks for {version.semver} ({version.digest[:12]}).",
        )
    return plugin


def _inputs(question: Question) -> CaseInputs:
    mask = question.mask
    return CaseInputs(
        volumes={role: _volume(role, series) for role, series in question.series.items()},
        masks={mask.role: read_mask(mask)} if mask else {},
        center=question.case.center.code,
    )


def _volume(role: str, series: CaseSeries) -> Volume:
    try:
        return read_volume(series)
    except NotAVolume as error:
        raise InputProblem("not_a_volume", f"The {role} series is no regular stack of slices.") from error


def _fail(job_id: UUID, owner: str, error: Exception) -> None:
    kind, code, text = _classify(error)
    # Frames and the type, never the message of an unforeseen error: it may quote what was being processed.
    trace = "".join(traceback.format_tb(error.__traceback__)) if kind is FailureKind.BUG else ""
    log.warning("Job %s: the attempt failed (%s %s, %s).", job_id, kind, code, type(error).__name__)
    services.job_fail(
        job_id=job_id, owner=owner, kind=kind, code=code, text=text, trace=trace, now=timezone.now()
    )


def _classify(error: Exception) -> tuple[FailureKind, str, str]:
    if isinstance(error, InputProblem):
        return FailureKind.INPUT, error.code, error.text
    if isinstance(error, OverlayMismatch):
        return FailureKind.BUG, "overlay_grid", str(error)
    if isinstance(error, SoftTimeLimitExceeded):
        return FailureKind.RESOURCE, "time_limit", "The run took longer than the model's time limit."
    if isinstance(error, MemoryError | ResourceProblem):
        return FailureKind.RESOURCE, "resources", "The worker lacked memory or disk."
    if isinstance(error, DatabaseError):
        return FailureKind.RESOURCE, "database", "The database could not be reached."
    return FailureKind.BUG, "bug", f"The program failed ({type(error).__name__}); the run log says where."


def _heartbeat(job_id: UUID, owner: str) -> AbstractContextManager[threading.Event]:
    """Extend the job's lease while it is computed."""
    return heartbeat(
        lambda: services.job_heartbeat(job_id=job_id, owner=owner, now=timezone.now()), name=f"job {job_id}"
    )
