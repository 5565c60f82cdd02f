"""The only way by which a model's output reaches a reader, and the log of every time it did."""

import logging
import traceback
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.cases.models import CaseSeries
from backend.reads.access import (
    access_read,
    access_series,
    earlier_steps_are_committed,
    granted_reopening,
    is_open,
    shown_series,
)
from backend.reads.models import Read
from backend.reads.services import Submitted, read_open_after, read_open_next, read_submit
from backend.reads.upcoming import access_upcoming, upcoming_read
from backend.studies.access import access_membership
from backend.studies.blinding import Kind, Phase, may_see
from backend.studies.design import model_of
from backend.studies.models import ReaderStudy
from backend.studies.session_states import NextStatus, SessionStatus, StudyPhase

from .job_states import NOT_OF_THE_CASE, JobStatus
from .models import Disclosure, InferenceJob, ModelVersion, Prediction, PredictionOverlay
from .question import prediction_of, question_for
from .selectors import study_version

log = logging.getLogger(__name__)


class ScoresOfDevelopment(TypedDict):
    """Where the scores of the model's development lay; classes apart only where the card has them."""

    source: str
    bin_edges: list[float]
    counts: list[int]
    counts_by_class: dict[str, list[int]]
    is_demonstration: bool


class AidModel(TypedDict):
    """The model's card as readers see it, and the digest of the version that answered."""

    id: str
    semver: str
    digest: str
    title: str
    weights_status: str
    intended_use: str
    training_data: str
    positive_rule: str
    calibration_note: str
    limits: list[str]
    references: list[str]
    development_scores: ScoresOfDevelopment | None


class AidOverlay(TypedDict):
    """What the output shows on the images: `series` counts those shown in this read, `shape` is (z, y, x)."""

    name: str
    kind: str
    title: str
    note: str
    method: str
    low: str
    high: str
    series: int
    shape: list[int]


class Aid(TypedDict):
    """What a reader is shown of a model's output; the values are None when there is no prediction."""

    model: AidModel
    status: str
    score: float | None
    probability: float | None
    probability_note: str
    cut_off: float | None
    is_positive: bool | None
    near_cut_off: bool | None
    numeric_uncertainty: float | None
    notes: list[str]
    synthetic: bool
    overlays: list[AidOverlay]


def is_released(*, read: Read, by: User) -> bool:
    """Whether the protocol releases the model's output of this case to this person now."""
    if not is_open(read):
        return False
    if not released_model(read):
        return False
    return may_see(Kind.AI_OUTPUT, Role.READER, phase_of(read), own=read.reader_id == by.pk)


def phase_of(read: Read) -> Phase:
    """The blinding phase of a read: AIDED only in an aided arm, in an open session of a study in reading.

    Where a case is read in steps, every step before must be committed. A read that was opened again to be corrected
    is in the phase in which it was read, though its session may have ended.
    """
    reading_session = read.assignment.reading_session
    study = reading_session.session.study
    if study.phase == StudyPhase.DESIGN:
        return Phase.DESIGN
    if study.phase == StudyPhase.LOCKED:
        return Phase.LOCKED
    if not released_model(read):
        return Phase.UNAIDED
    if reading_session.status != SessionStatus.OPEN and granted_reopening(read) is None:
        return Phase.UNAIDED
    if not earlier_steps_are_committed(read):
        return Phase.UNAIDED
    return Phase.AIDED


def released_model(read: Read) -> str:
    """The model that the arm of the read releases, an empty text where it releases none."""
    return model_of(read.assignment.study_case.study.protocol, read.arm)


@transaction.atomic
def aid_for(*, read: Read, by: User, now: datetime) -> Aid:
    """The model's output for the case of an open read, logged as a disclosure the first time.

    Later calls show what was disclosed first, whatever has been computed since.

    Raises
    ------
    NotFound
        Unless the protocol releases it to this person now.
    """
    # Held, for a submission at the same instant must find the disclosure made, or make it impossible.
    read = access_read(by=by, read_id=read.pk, for_update=True)
    if not is_released(read=read, by=by):
        raise NotFound
    study = read.assignment.study_case.study
    version = study_version(study, released_model(read))
    disclosed = Disclosure.objects.filter(read=read).select_related("prediction").first()
    case = read.assignment.study_case.case
    prediction = (
        disclosed.prediction if disclosed else prediction_of(question_for(case=case, version=version))
    )
    aid = _aid(read, version, prediction)
    if prediction is not None and disclosed is None:
        _disclose(read=read, prediction=prediction, aid=aid, study=study, by=by, now=now)
    return aid


def overlay_for(*, read: Read, by: User, name: str) -> bytes:
    """The voxels of an overlay of the output that was shown in this read, as gzip of a byte per voxel.

    Raises
    ------
    NotFound
        Unless the protocol releases the output to this person now, it was shown, and it has such an overlay.
    """
    read = access_read(by=by, read_id=read.pk)
    if not is_released(read=read, by=by):
        raise NotFound
    shown = Disclosure.objects.filter(read=read).values("prediction")
    overlay = PredictionOverlay.objects.filter(prediction__in=shown, name=name).first()
    if overlay is None:
        raise NotFound
    return bytes(overlay.data)


@transaction.atomic
def read_open_next_with_aid(*, slug: str, by: User, now: datetime) -> Read:
    """Open the reader's next read; in an aided arm only once the model has had its say about the case.

    A reader who was shown nothing where the protocol releases an output has read another arm than the one
    that is analyzed. A run that failed on the case is an answer too: the reader is told that there is none.
    A run that was cancelled, or that no worker of the frozen version could begin, is not.

    Raises
    ------
    RuleBroken
        `model_output_pending`, beside what `read_open_next` refuses.
    """
    return _with_output(read_open_next(slug=slug, by=by, now=now))


def _with_output(read: Read) -> Read:
    """The read that is being opened, refused where the output that its arm releases is still to come."""
    if not can_open(read):
        raise RuleBroken(
            "model_output_pending",
            "The model's output for your next case is not there yet. Please tell the study's coordinator.",
        )
    return read


def upcoming_with_aid(*, slug: str, by: User, now: datetime) -> Read | None:
    """The read that `read_open_next_with_aid` would open after the open one, not stored; see `upcoming_read`."""
    member = access_membership(by=by, slug=slug, roles=[Role.READER])
    read = upcoming_read(member, now=now)
    return read if read is not None and can_open(read) else None


def access_shown_series(*, by: User, read_id: UUID, index: int, now: datetime) -> tuple[Read, CaseSeries]:
    """A series of the read that this person has open, or that they would be given next."""
    try:
        return access_series(by=by, read_id=read_id, index=index)
    except NotFound:
        read = access_upcoming(by=by, read_id=read_id, now=now)
    series = shown_series(read)
    if not 0 <= index < len(series) or not can_open(read):
        raise NotFound
    return read, series[index]


def can_open(read: Read) -> bool:
    """Whether the model has had its say about the case, where the arm of the read releases it."""
    model_id = released_model(read)
    return not model_id or _has_answered(read, study_version(read.study, model_id))


@transaction.atomic
def read_submit_with_aid(*, read_id: UUID, by: User, now: datetime, **submission: Any) -> Submitted:
    """Submit a read; in an aided arm only when what the protocol releases was shown.

    Raises
    ------
    RuleBroken
        `aid_not_shown`, beside what `read_submit` refuses.
    """
    read = access_read(by=by, read_id=read_id)
    if is_released(read=read, by=by) and not Disclosure.objects.filter(read=read).exists():
        version = study_version(read.study, released_model(read))
        case = read.assignment.study_case.case
        if prediction_of(question_for(case=case, version=version)) is not None:
            raise RuleBroken(
                "aid_not_shown",
                "The model's output has not been shown yet. Please load it before you submit.",
            )
    return read_submit(read_id=read_id, by=by, now=now, **submission)


@transaction.atomic
def read_submit_then_open(
    *, read_id: UUID, by: User, now: datetime, **submission: Any
) -> tuple[Submitted, Read | None]:
    """Submit a read, and open the one that comes next as `read_open_next_with_aid` does.

    None in its place where none is open now or a rule is against it: the submission stands all the same, and who
    asks for the next one is told which rule. Both are kept together: a reader waits for one writing to the disk.
    """
    submitted = read_submit_with_aid(read_id=read_id, by=by, now=now, **submission)
    if submitted.next_turn.status is not NextStatus.OPEN:
        return submitted, None
    try:
        with transaction.atomic():
            return submitted, _with_output(read_open_after(submitted, by=by, now=now))
    except (OperationalError, InterfaceError):
        raise
    except (RuleBroken, NotFound):
        return submitted, None
    except Exception as error:
        # Whatever is wrong with the next read, this one is submitted; who asks for the next one meets the fault.
        trace = "".join(traceback.format_tb(error.__traceback__))
        log.error("The next read was not opened after a submission (%s).\n%s", type(error).__name__, trace)
        return submitted, None


def _has_answered(read: Read, version: ModelVersion) -> bool:
    question = question_for(case=read.assignment.study_case.case, version=version)
    jobs = InferenceJob.objects.filter(idempotency_key=question.idempotency_key)
    failed_on_the_case = Q(status=JobStatus.FAILED) & ~Q(reason_code__in=sorted(NOT_OF_THE_CASE))
    return jobs.filter(Q(status=JobStatus.DONE) | failed_on_the_case).exists()


def _disclose(
    *, read: Read, prediction: Prediction, aid: Aid, study: ReaderStudy, by: User, now: datetime
) -> None:
    version = prediction.model_version
    overlays = PredictionOverlay.objects.filter(prediction=prediction)
    shown: dict[str, Any] = {
        **aid,
        "digest": version.digest,
        "input_digest": prediction.input_digest,
        "overlay_digests": dict(overlays.values_list("name", "sha256")),
    }
    disclosure, is_new = Disclosure.objects.get_or_create(
        read=read, prediction=prediction, defaults={"shown": shown, "at": now}
    )
    if is_new:
        detail = {"model": version.model_id, "semver": version.semver, "digest": version.digest}
        record(event="aid_disclosed", by=by, at=now, subject=disclosure, study_id=study.pk, detail=detail)


def _aid(read: Read, version: ModelVersion, prediction: Prediction | None) -> Aid:
    card = version.card
    case = read.assignment.study_case.case
    aid = Aid(
        model=AidModel(
            id=version.model_id,
            semver=version.semver,
            digest=version.digest,
            title=card["title"],
            weights_status=card["weights_status"],
            intended_use=card.get("intended_use", ""),
            training_data=card.get("training_data", ""),
            positive_rule=card.get("positive_rule", ""),
            calibration_note=card.get("calibration_note", ""),
            limits=card.get("limits", []),
            references=card.get("references", []),
            development_scores=card.get("development_scores"),
        ),
        status="missing",
        score=None,
        probability=None,
        probability_note=card["probability_note"],
        cut_off=card["cut_off"],
        is_positive=None,
        near_cut_off=None,
        numeric_uncertainty=None,
        notes=[],
        synthetic=CaseSeries.objects.filter(case=case, is_synthetic=True).exists(),
        overlays=[],
    )
    if prediction is None:
        return aid
    return {
        **aid,
        "status": "available",
        "score": prediction.score,
        "probability": prediction.probability,
        "probability_note": prediction.output["probability_note"],
        "cut_off": prediction.cut_off,
        "is_positive": prediction.is_positive,
        "near_cut_off": prediction.near_cut_off,
        "numeric_uncertainty": prediction.numeric_uncertainty,
        "notes": _notes(prediction),
        "overlays": _overlays(read, prediction),
    }


def _overlays(read: Read, prediction: Prediction) -> list[AidOverlay]:
    places = {series.pk: index for index, series in enumerate(shown_series(read))}
    return [
        AidOverlay(
            name=one.name,
            kind=one.kind,
            title=one.title,
            note=one.note,
            method=one.method,
            low=one.low,
            high=one.high,
            series=places[one.series_id],
            shape=one.shape,
        )
        for one in PredictionOverlay.objects.filter(prediction=prediction).defer("data")
    ]


def _notes(prediction: Prediction) -> list[str]:
    """Warnings first; what is said beside the probability already is not said again."""
    output = prediction.output
    return [note for note in [*output["warnings"], *output["notes"]] if note != output["probability_note"]]
