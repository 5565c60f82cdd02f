"""Rows of cases, people and predictions for tests of rules that never look at a pixel: no files lie behind them."""

import hashlib
from datetime import UTC, datetime, timedelta

from backend.accounts.models import Center, User
from backend.cases.models import Case, CaseMask, CaseSeries
from backend.predictions import services
from backend.predictions.models import InferenceJob, ModelVersion, Prediction
from inference.contracts import ModelOutput

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUT_OFF = -0.47
GEOMETRY = {
    "orientation": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    "normal": [0.0, 0.0, 1.0],
    "first_position": [-96.0, -96.0, 12.5],
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_user(name: str) -> User:
    return User.objects.create(username=name, display_name=name.title())


def make_case(number: str, *, center: str = "A", content: str = "", is_synthetic: bool = False) -> Case:
    """A case with one T2W series whose pixels are named by `content`."""
    at, _ = Center.objects.get_or_create(code=center, defaults={"name": f"Center {center}"})
    case = Case.objects.create(
        center=at,
        number=number,
        patient_pseudonym=digest(number),
        study_uid=f"2.25.{number[2:]}",
        created_at=T0,
    )
    CaseSeries.objects.create(
        case=case,
        position=0,
        role="T2W",
        plane="axial",
        title="T2W axial",
        dicom_modality="MR",
        series_uid=f"2.25.1{number[2:]}",
        frame_of_reference_uid=f"2.25.2{number[2:]}",
        rows=320,
        columns=320,
        slices=40,
        row_spacing_mm=0.6,
        column_spacing_mm=0.6,
        slice_step_mm=3.5,
        is_uniform=True,
        geometry=GEOMETRY,
        pixel_digest=digest(content or number),
        is_synthetic=is_synthetic,
        folder=f"cases/{number}/0",
    )
    return case


def make_mask(case: Case, *, content: str = "node", at: datetime = T0) -> CaseMask:
    return CaseMask.objects.create(
        case=case,
        series=case.series.get(),
        role="index_node",
        file=f"cases/{case.number}/{digest(content)[:12]}.npz",
        voxels=371,
        digest=digest(content),
        created_at=at,
    )


def make_version(*, semver: str = "1.0.0", at: datetime = T0, queue: str = "cpu") -> ModelVersion:
    """A registered version with the card fields that services read."""
    return ModelVersion.objects.create(
        model_id="lpln-radiomics",
        semver=semver,
        digest=digest(f"lpln-radiomics {semver}"),
        card={
            "title": "Lateral node score",
            "queue": queue,
            "timeout_s": 900,
            "sequence_roles": ["T2W"],
            "cut_off": CUT_OFF,
            "probability_note": "Inverse logit of the score.",
            "weights_status": "published-coefficients",
        },
        registered_at=at,
        seen_at=at,
    )


def make_output(score: float, *, probability: float = 0.5) -> ModelOutput:
    return ModelOutput(
        score=score,
        probability=probability,
        probability_note="Inverse logit of the score.",
        is_positive=score >= CUT_OFF,
        cut_off=CUT_OFF,
        near_cut_off=abs(score - CUT_OFF) < 0.25,
        numeric_uncertainty=0.1,
        warnings=("Few voxels.",),
        notes=("ComBat: not applied.",),
    )


def finished_job(case: Case, score: float, *, probability: float = 0.5, now: datetime = T0) -> Prediction:
    """A prediction reached as a worker reaches it: asked for, claimed, finished."""
    job, _ = services.job_request(case=case, model_id="lpln-radiomics", by=None, now=now)
    services.job_claim(job_id=job.pk, owner="test", now=now)
    output = make_output(score, probability=probability)
    prediction = services.job_finish(
        job_id=job.pk, owner="test", output=output, now=now + timedelta(seconds=5)
    )
    assert prediction is not None
    return prediction


def fail_job(job: InferenceJob, *, code: str, text: str, now: datetime = T0) -> None:
    """The job ended by a problem of its input."""
    services.job_claim(job_id=job.pk, owner="test", now=now)
    services.job_fail(
        job_id=job.pk, owner="test", kind=services.FailureKind.INPUT, code=code, text=text, now=now
    )
