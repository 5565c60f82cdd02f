"""Reads of models and jobs for the desk. Nothing here gives out a score, a probability or a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.audit.errors import RuleBroken
from backend.cases.models import Case
from backend.studies.design import models_of
from backend.studies.models import ReaderStudy

from .models import InferenceJob, ModelVersion


@dataclass(frozen=True)
class JobView:
    """Where a job stands, without what the model said."""

    id: UUID
    case: str
    model: str
    status: str
    progress: float
    message: str
    attempts: int
    created_at: datetime
    finished_at: datetime | None
    reason: str


@dataclass(frozen=True)
class CaseJobState:
    """Where a case stands with a study's models; `status` is "none" before anybody asked."""

    status: str
    progress: float
    reason: str


NO_JOB = CaseJobState(status="none", progress=0.0, reason="")


def registered_version(model_id: str) -> ModelVersion:
    """The version of a model that the worker that started last has."""
    version = ModelVersion.objects.filter(model_id=model_id).order_by("-seen_at", "-id").first()
    if version is None:
        raise RuleBroken("model_not_registered", f"No worker has registered the model {model_id}.")
    return version


def registered_models() -> dict[str, str]:
    """The models that workers have registered, each with the version that was seen last."""
    versions = ModelVersion.objects.order_by("model_id", "seen_at", "id")
    return dict(versions.values_list("model_id", "semver"))


def models_of_study(study: ReaderStudy) -> list[str]:
    """The models that the protocol's arms release."""
    return models_of(study.protocol)


def study_version(study: ReaderStudy, model_id: str) -> ModelVersion:
    """The version that the study's protocol froze; before the freeze, the one seen last."""
    frozen = study.protocol.get("models", {}).get(model_id)
    if frozen is None:
        return registered_version(model_id)
    version = ModelVersion.objects.filter(digest=frozen["digest"]).first()
    if version is None:
        raise RuleBroken(
            "model_not_registered", f"The version of {model_id} that the protocol froze is not here."
        )
    return version


def models_for_freeze(study: ReaderStudy) -> dict[str, dict[str, str | float | None]]:
    """What the protocol writes down of each of its models at the freeze."""
    versions = {model_id: registered_version(model_id) for model_id in models_of_study(study)}
    return {
        model_id: {"semver": version.semver, "digest": version.digest, "cut_off": version.card["cut_off"]}
        for model_id, version in versions.items()
    }


def jobs_for_study(study: ReaderStudy) -> list[JobView]:
    """The jobs of the study's cases in the study's model versions, newest first."""
    return [_view(job) for job in reversed(_jobs(study))]


def case_job_states(study: ReaderStudy) -> dict[UUID, CaseJobState]:
    """For every case of the study, by its id: the state of the job that was asked for last."""
    states = dict.fromkeys(study.study_cases.values_list("case_id", flat=True), NO_JOB)
    for job in _jobs(study):
        states[job.case_id] = CaseJobState(
            status=job.status.lower(), progress=job.progress, reason=job.reason_text
        )
    return states


def _jobs(study: ReaderStudy) -> Sequence[InferenceJob]:
    """In order of creation."""
    return list(
        InferenceJob.objects.filter(
            case__in=Case.objects.filter(pk__in=study.study_cases.values("case_id")),
            model_version__in=_versions(study).values(),
        )
        .select_related("case", "model_version")
        .order_by("created_at", "id")
    )


def _versions(study: ReaderStudy) -> Mapping[str, ModelVersion]:
    versions = {}
    for model_id in models_of_study(study):
        try:
            versions[model_id] = study_version(study, model_id)
        except RuleBroken:
            # No worker has registered the model yet, so nobody can have asked it.
            continue
    return versions


def _view(job: InferenceJob) -> JobView:
    return JobView(
        id=job.pk,
        case=job.case.number,
        model=str(job.model_version.model_id),
        status=job.status.lower(),
        progress=job.progress,
        message=job.message,
        attempts=job.attempt,
        created_at=job.created_at,
        finished_at=job.finished_at,
        reason=job.reason_text,
    )
