"""The content of a frozen dataset: from the study's rows to one document without names or dates.

Readers are R1, R2, ... in the order of their enrolment; cases bear their study number. A prediction that does
not exist is listed with the reason and never as a blank value.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from backend.cases.models import CaseSeries
from backend.predictions.models import Disclosure, InferenceJob, Prediction
from backend.predictions.question import Question, prediction_of, question_for
from backend.predictions.selectors import models_of_study, study_version
from backend.reads.access import readers_of
from backend.reads.models import Answer, Read, ReadStatus
from backend.studies.models import ReaderStudy, StudyCase
from backend.truth.selectors import latest_truth

FORMAT = 1


def study_content(study: ReaderStudy) -> dict[str, Any]:
    """Everything that the results depend on, as JSON-ready values."""
    study_cases = list(study.study_cases.select_related("case__center").order_by("case__number"))
    truth = latest_truth(study)
    protocol = study.protocol
    return {
        "format": FORMAT,
        "study": {
            "title": study.title,
            "template": study.template,
            "protocol_version": study.protocol_version,
            "protocol_sha256": study.protocol_sha256,
            "washout_days": protocol["washout_days"],
        },
        "is_synthetic": CaseSeries.objects.filter(
            case__in=[one.case for one in study_cases], is_synthetic=True
        ).exists(),
        "sessions": [
            {"ordinal": one.ordinal, "title": one.title, "arm": one.arm, "model_id": one.model_id}
            for one in study.sessions.order_by("ordinal")
        ],
        "form": protocol["form"],
        "rating_question": protocol["rating_question"],
        "positive_from": protocol["positive_from"],
        "positive_class": protocol.get("positive_class", "positive"),
        "truth": {one.case.number: truth.get(one.pk) for one in study_cases},
        "reads": _reads(study),
        "models": [_model(study, model_id, study_cases) for model_id in models_of_study(study)],
    }


def _reads(study: ReaderStudy) -> list[dict[str, Any]]:
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    reads = list(
        Read.objects.filter(assignment__study_case__study=study, status=ReadStatus.SUBMITTED).select_related(
            "assignment__reading_session__session", "assignment__study_case__case"
        )
    )
    answers: dict[UUID, dict[str, Any]] = {}
    for answer in Answer.objects.filter(read__in=reads):
        answers.setdefault(answer.read_id, {})[answer.question] = answer.value
    disclosed = {
        one.read_id: one
        for one in Disclosure.objects.filter(read__in=reads).select_related("prediction__model_version")
    }
    rows = [
        _read(read, codes[read.reader_id], answers.get(read.pk, {}), disclosed.get(read.pk)) for read in reads
    ]
    return sorted(rows, key=lambda row: (int(row["reader"][1:]), row["session"], row["position"]))


def _read(
    read: Read, reader: str, answers: Mapping[str, Any], disclosure: Disclosure | None
) -> dict[str, Any]:
    assignment = read.assignment
    session = assignment.reading_session.session
    return {
        "reader": reader,
        "session": session.ordinal,
        "arm": session.arm,
        "position": assignment.position,
        "case": assignment.study_case.case.number,
        "answers": dict(answers),
        "timing": read.timing,
        "washout_seconds": read.washout_seconds,
        "disclosed": _disclosed(disclosure) if disclosure else None,
    }


def _disclosed(disclosure: Disclosure) -> dict[str, Any]:
    version = disclosure.prediction.model_version
    return {
        "model": version.model_id,
        "digest": version.digest,
        "score": disclosure.shown["score"],
        "probability": disclosure.shown["probability"],
    }


def _model(study: ReaderStudy, model_id: str, study_cases: Sequence[StudyCase]) -> dict[str, Any]:
    version = study_version(study, model_id)
    predictions, missing = [], []
    for case in (one.case for one in study_cases):
        question = question_for(case=case, version=version)
        prediction = prediction_of(question)
        if prediction is None:
            missing.append({"case": case.number, "reason": _why_missing(question)})
        else:
            predictions.append(_prediction(case.number, prediction))
    return {
        "id": model_id,
        "semver": version.semver,
        "digest": version.digest,
        "weights_status": version.card["weights_status"],
        "predictions": predictions,
        "missing": missing,
    }


def _prediction(number: str, prediction: Prediction) -> dict[str, Any]:
    return {
        "case": number,
        "score": prediction.score,
        "probability": prediction.probability,
        "cut_off": prediction.cut_off,
        "is_positive": prediction.is_positive,
        "near_cut_off": prediction.near_cut_off,
        "numeric_uncertainty": prediction.numeric_uncertainty,
        "input_digest": prediction.input_digest,
    }


def _why_missing(question: Question) -> str:
    job = InferenceJob.objects.filter(idempotency_key=question.idempotency_key).first()
    if job is None:
        return "never asked for"
    return job.reason_text or job.status.lower()
