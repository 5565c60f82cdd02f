"""Writes to models, jobs and predictions. A change of state is one transaction with its audit event.

A job moves by single conditional updates, so of two workers that want the same one exactly one gets it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from backend.accounts.models import User
from backend.audit.errors import RuleBroken
from backend.audit.services import record
from backend.cases.models import Case, CaseMask
from backend.reads.labelmap_bytes import packed
from backend.studies.models import ReaderStudy
from backend.studies.session_states import StudyPhase
from inference.contracts import (
    BACKGROUND,
    InputProblem,
    ModelCard,
    ModelOutput,
    ModelPlugin,
    OverlayMismatch,
    load_plugin,
)

from .job_states import ATTEMPTS_PER_REQUEST, ENDED, REQUEUABLE, FailureKind, JobStatus, may_retry
from .lease import lease_end
from .models import InferenceJob, ModelVersion, Prediction, PredictionOverlay
from .question import Question, question_for
from .selectors import models_of_study, registered_version, study_version
from .wakeup import wake_on_commit

MAX_REASON = 500


@dataclass(frozen=True)
class Requested:
    """How many jobs a request put on the queue, and how many stood already."""

    queued: int
    existing: int


@transaction.atomic
def model_register(*, plugin: ModelPlugin, by: User | None, now: datetime) -> ModelVersion:
    """The row of this version of the plug-in, from now on the current one; made when the version is new.

    What a known version's card tells of its development is brought up to date; all else in it stays as registered.
    """
    card = plugin.card
    version, is_new = ModelVersion.objects.get_or_create(
        digest=plugin.version_digest(),
        defaults={
            "model_id": card.id,
            "semver": card.semver,
            "card": card.to_json(),
            "registered_at": now,
            "seen_at": now,
        },
    )
    if is_new:
        detail = {"model": version.model_id, "semver": version.semver, "digest": version.digest}
        record(event="model_registered", by=by, at=now, subject=version, detail=detail)
    else:
        version.seen_at = now
        version.save(update_fields=["seen_at"])
        _tell_background(version, card, by=by, now=now)
    return version


def _tell_background(version: ModelVersion, card: ModelCard, *, by: User | None, now: datetime) -> None:
    told = card.to_json()
    changed = [part for part in BACKGROUND if version.card.get(part) != told[part]]
    if not changed:
        return
    version.card = {**version.card, **{part: told[part] for part in changed}}
    version.save(update_fields=["card"])
    detail = {"model": version.model_id, "semver": version.semver, "digest": version.digest, "parts": changed}
    record(event="model_card_updated", by=by, at=now, subject=version, detail=detail)


def models_register(*, by: User | None, now: datetime) -> list[ModelVersion]:
    """Register the models installed here, in their present versions."""
    plugins = [load_plugin(name) for name in settings.MODEL_PLUGINS.values()]
    return [model_register(plugin=plugin, by=by, now=now) for plugin in plugins]


@transaction.atomic
def job_request(
    *, case: Case, model_id: str, by: User | None, now: datetime, mask: CaseMask | None = None
) -> tuple[InferenceJob, bool]:
    """Ask the current version of a model about a case: the job, and whether it was put on the queue just now.

    Asking again gives the same job. One that failed or was cancelled goes on the queue again.
    """
    version = registered_version(model_id)
    question = question_for(case=case, version=version, mask=mask)
    job, is_queued = _request(question, study_id=None, by=by, now=now)
    if is_queued:
        wake_on_commit([job], now=now)
    return job, is_queued


@transaction.atomic
def jobs_request_for_study(*, study: ReaderStudy, by: User | None, now: datetime) -> Requested:
    """Ask every model of the protocol about every case of the study, in the version the protocol froze."""
    if study.phase == StudyPhase.LOCKED:
        raise RuleBroken("study_locked", "The study is locked: nothing is computed for it any more.")
    queued: list[InferenceJob] = []
    existing = 0
    for model_id in models_of_study(study):
        version = study_version(study, model_id)
        for case in Case.objects.filter(pk__in=study.study_cases.values("case_id")).select_related("center"):
            question = question_for(case=case, version=version)
            job, is_queued = _request(question, study_id=study.pk, by=by, now=now)
            if is_queued:
                queued.append(job)
            else:
                existing += 1
    wake_on_commit(queued, now=now)
    return Requested(queued=len(queued), existing=existing)


def _request(
    question: Question, *, study_id: UUID | None, by: User | None, now: datetime
) -> tuple[InferenceJob, bool]:
    job, is_new = InferenceJob.objects.get_or_create(
        idempotency_key=question.idempotency_key,
        defaults={
            "case": question.case,
            "mask": question.mask,
            "model_version": question.version,
            "input_digest": question.input_digest,
            "queue": question.version.card["queue"],
            "attempt_limit": ATTEMPTS_PER_REQUEST,
            "created_at": now,
        },
    )
    if not is_new and not _requeue(job):
        return job, False
    event = "inference_requested" if is_new else "inference_requeued"
    _record(event, job, by=by, now=now, study_id=study_id)
    return job, True


def _requeue(job: InferenceJob) -> bool:
    changed = InferenceJob.objects.filter(pk=job.pk, status__in=sorted(REQUEUABLE)).update(
        status=JobStatus.QUEUED,
        attempt_limit=F("attempt") + ATTEMPTS_PER_REQUEST,
        finished_at=None,
        reason_code="",
        reason_text="",
        message="",
        progress=0,
        sent_at=None,
    )
    if changed:
        job.refresh_from_db()
    return bool(changed)


@transaction.atomic
def job_cancel(*, job_id: UUID, by: User | None, now: datetime) -> InferenceJob:
    """Cancel a job that has not ended; a worker that runs it notices at its next step."""
    changed = (
        InferenceJob.objects.filter(pk=job_id)
        .exclude(status__in=sorted(ENDED))
        .update(status=JobStatus.CANCELLED, finished_at=now, owner="", lease_expires_at=None)
    )
    job = InferenceJob.objects.get(pk=job_id)
    if not changed:
        raise RuleBroken("job_ended", f"The job is {job.status.lower()} already.")
    _record("inference_cancelled", job, by=by, now=now)
    return job


@transaction.atomic
def job_claim(*, job_id: UUID, owner: str, now: datetime) -> InferenceJob | None:
    """Take the job if it is queued or its worker has fallen silent; None when it is not to be had.

    `owner` names this run and no other: it is the proof by which the run later extends and ends the job.
    """
    changed = (
        InferenceJob.objects.filter(pk=job_id, attempt__lt=F("attempt_limit"))
        .filter(Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_expires_at__lt=now))
        .update(
            status=JobStatus.RUNNING,
            owner=owner,
            lease_expires_at=lease_end(now),
            attempt=F("attempt") + 1,
            started_at=now,
            progress=0,
            message="",
        )
    )
    if not changed:
        return None
    job = InferenceJob.objects.select_related("case__center", "mask__series", "model_version").get(pk=job_id)
    _record("inference_started", job, by=None, now=now)
    return job


def job_heartbeat(*, job_id: UUID, owner: str, now: datetime) -> bool:
    """Extend the lease; False when the job is no longer this run's."""
    return bool(_held(job_id, owner).update(lease_expires_at=lease_end(now)))


def job_progress(*, job_id: UUID, owner: str, fraction: float, message: str) -> bool:
    """Note how far the run is (0 to 1); False when the job is no longer this run's."""
    progress = min(max(fraction, 0.0), 1.0)
    return bool(_held(job_id, owner).update(progress=progress, message=message[:200]))


@transaction.atomic
def job_finish(*, job_id: UUID, owner: str, output: ModelOutput, now: datetime) -> Prediction | None:
    """Store the prediction with its overlays and end the job; None, and nothing stored, when it is not this run's.

    Raises
    ------
    InputProblem
        `input_changed`: what the overlays would lie on is no longer what was asked about. Nothing is stored.
    OverlayMismatch
        An overlay names a series that the case lacks. Nothing is stored.
    """
    changed = _held(job_id, owner).update(
        status=JobStatus.DONE, finished_at=now, owner="", lease_expires_at=None, progress=1, message=""
    )
    if not changed:
        return None
    job = InferenceJob.objects.select_related("case__center", "mask__series", "model_version").get(pk=job_id)
    prediction = Prediction(
        job=job,
        case_id=job.case_id,
        mask_id=job.mask_id,
        model_version_id=job.model_version_id,
        input_digest=job.input_digest,
        score=output.score,
        probability=output.probability,
        cut_off=output.cut_off,
        is_positive=output.is_positive,
        near_cut_off=output.near_cut_off,
        numeric_uncertainty=output.numeric_uncertainty,
        output=output.to_json(),
        created_at=now,
    )
    prediction.full_clean()
    prediction.save(force_insert=True)
    if output.overlays:
        _store_overlays(prediction, job, output)
    _record("inference_finished", job, by=None, now=now)
    return prediction


def _store_overlays(prediction: Prediction, job: InferenceJob, output: ModelOutput) -> None:
    """Each on the series that the job was asked about; it is the one whose content the input digest names."""
    question = question_for(case=job.case, version=job.model_version, mask=job.mask)
    if question.input_digest != job.input_digest:
        raise InputProblem(
            "input_changed", "The images of the case have changed since the job was asked for."
        )
    for position, overlay in enumerate(output.overlays):
        series = question.series.get(overlay.on)
        if series is None:
            raise OverlayMismatch(f"The overlay {overlay.name} lies on {overlay.on}, which the case lacks.")
        row = PredictionOverlay(
            prediction=prediction,
            position=position,
            name=overlay.name,
            kind=overlay.kind,
            title=overlay.title,
            note=overlay.note,
            method=overlay.method,
            low=overlay.low,
            high=overlay.high,
            series=series,
            shape=list(overlay.array.shape),
            sha256=hashlib.sha256(np.ascontiguousarray(overlay.array).tobytes()).hexdigest(),
            data=packed(overlay.array),
        )
        row.full_clean()
        row.save(force_insert=True)


@transaction.atomic
def job_fail(
    *, job_id: UUID, owner: str, kind: FailureKind, code: str, text: str, now: datetime, trace: str = ""
) -> JobStatus | None:
    """End the attempt without a result: the new status, or None when the job is no longer this run's.

    `text` is for people; `trace` goes to the run log and must not hold anything of the patient.
    """
    job = _held(job_id, owner).select_related("model_version", "case").first()
    if job is None:
        return None
    is_retried = may_retry(kind, attempt=job.attempt, attempt_limit=job.attempt_limit)
    status = JobStatus.QUEUED if is_retried else JobStatus.FAILED
    entry = f"{now.isoformat()} attempt {job.attempt}: {kind} {code}: {text}\n{trace}"
    changed = _held(job_id, owner).update(
        status=status,
        owner="",
        lease_expires_at=None,
        finished_at=None if is_retried else now,
        reason_code="" if is_retried else code,
        reason_text="" if is_retried else text[:MAX_REASON],
        message="",
        log=job.log + entry,
    )
    if not changed:
        return None
    event = "inference_attempt_failed" if is_retried else "inference_failed"
    _record(event, job, by=None, now=now, reason=code)
    if is_retried:
        wake_on_commit([job], now=now)
    return status


def _held(job_id: UUID, owner: str) -> QuerySet[InferenceJob]:
    return InferenceJob.objects.filter(pk=job_id, status=JobStatus.RUNNING, owner=owner)


def _record(
    event: str,
    job: InferenceJob,
    *,
    by: User | None,
    now: datetime,
    study_id: UUID | None = None,
    reason: str = "",
) -> None:
    detail = {"case": job.case.number, "model": job.model_version.model_id, "attempt": job.attempt}
    if reason:
        detail["reason"] = reason
    record(event=event, by=by, at=now, subject=job, study_id=study_id, detail=detail)
