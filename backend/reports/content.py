"""The content of a frozen dataset: from the study's rows to one document without names or dates.

Readers are R1, R2, ... in the order of their enrolment; cases bear their study number. A prediction that does
not exist is listed with the reason and never as a blank value. Format 3 added `cases`; format 4
`information_left_out`, `plan` and `plan_amendments`, and of each read its `masks`; format 5 of each read its `marks`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.cases.models import CaseSeries
from backend.predictions.models import Disclosure, InferenceJob, Prediction
from backend.predictions.question import Question, prediction_of, question_for
from backend.predictions.selectors import models_of_study, study_version
from backend.reads.access import readers_of
from backend.reads.answers import ReadAnswers, answers_of
from backend.reads.models import Read, ReadStatus
from backend.studies.access import left_early
from backend.studies.design import arms_of
from backend.studies.models import ReaderStudy, StudyCase, Unblinding, WashoutOverride
from backend.studies.session_states import CasePurpose, SessionKind
from backend.truth.selectors import latest_truth

from .consensus import consensus_content, consensus_sha256
from .content_assigned import assigned_content
from .content_cases import cases_content, left_out_content
from .content_marks import marks_content
from .content_masks import masks_content
from .content_records import card_content, records_content
from .deviations import deviations_content

FORMAT = 5


def study_content(study: ReaderStudy) -> dict[str, Any]:
    """Everything that the results depend on, as JSON-ready values."""
    study_cases = list(
        study.study_cases.filter(purpose=CasePurpose.STUDY)
        .select_related("case__center")
        .order_by("case__number")
    )
    protocol = study.protocol
    is_told = protocol["sees_case_info"]
    consensus = consensus_content(study)
    return {
        "format": FORMAT,
        "study": {
            "title": study.title,
            "template": study.template,
            "protocol_version": study.protocol_version,
            "protocol_sha256": study.protocol_sha256,
            "washout": protocol["washout"],
        },
        "is_synthetic": CaseSeries.objects.filter(
            case__in=[one.case for one in study_cases], is_synthetic=True
        ).exists(),
        "sessions": [
            {"ordinal": one.ordinal, "title": one.title, "period": one.period, "kind": one.kind}
            for one in study.sessions.order_by("ordinal")
        ],
        "arms": [dict(arm) for arm in arms_of(protocol)],
        "cases": cases_content(study_cases, is_told=is_told),
        "information_left_out": left_out_content(study_cases) if is_told else [],
        "form": protocol["form"],
        "plan": protocol["analysis"].get("plan"),
        "plan_amendments": _plan_amendments(study),
        "rating_question": protocol["analysis"]["rating_question"],
        "positive_from": protocol["analysis"]["positive_from"],
        "positive_class": protocol["analysis"]["positive_class"],
        "reference": protocol["analysis"]["reference"],
        "truth": _reference_standard(study, study_cases, consensus),
        "consensus": consensus,
        "consensus_sha256": consensus_sha256(consensus),
        "reads": _reads(study),
        "assigned": assigned_content(study),
        "records": records_content(protocol),
        "models": [_model(study, model_id, study_cases) for model_id in models_of_study(study)],
        "deviations": deviations_content(study),
    }


def _plan_amendments(study: ReaderStudy) -> list[dict[str, Any]]:
    """The versions of the protocol that changed the plan of the analysis, with the places that they changed."""
    changed = [
        {
            "version": one.version,
            "paths": [change["path"] for change in one.changes if change["path"].startswith("analysis.plan")],
        }
        for one in study.versions.order_by("version")
    ]
    return [one for one in changed if one["paths"]]


def _reference_standard(
    study: ReaderStudy, study_cases: Sequence[StudyCase], consensus: Sequence[Mapping[str, Any]]
) -> dict[str, bool | None]:
    """Whether each case is positive: as entered for it, or as the readers' consensus in the first arm has it."""
    analysis = study.protocol["analysis"]
    if analysis["reference"] == "truth":
        truth = latest_truth(study)
        return {one.case.number: truth.get(one.pk) for one in study_cases}
    arm = arms_of(study.protocol)[0]["key"]
    agreed = {
        row["case"]: is_positive(row["value"], analysis["positive_from"])
        for row in consensus
        if (row["arm"], row["question"]) == (arm, analysis["rating_question"])
    }
    return {one.case.number: agreed.get(one.case.number) for one in study_cases}


def is_positive(rating: Any, positive_from: Any) -> bool | None:
    """The call of a rating: a yes or no as it is, a point of a scale by the protocol's limit."""
    if rating is None or isinstance(rating, bool):
        return rating
    return bool(rating >= positive_from)


def _reads(study: ReaderStudy) -> list[dict[str, Any]]:
    """Every committed read of the study, training left out, with its part in the analysis."""
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    reads = list(
        Read.objects.filter(
            assignment__study_case__study=study,
            assignment__reading_session__session__kind=SessionKind.STUDY,
            status=ReadStatus.SUBMITTED,
        ).select_related(
            "assignment__reading_session__session",
            "assignment__reading_session__member",
            "assignment__study_case__case",
        )
    )
    disclosed = {
        one.read_id: one
        for one in Disclosure.objects.filter(read__in=reads).select_related("prediction__model_version")
    }
    until = shown_elsewhere(reads, disclosed)
    answers, masks = answers_of(reads, until=until), masks_content(reads, until)
    marks, deviating = marks_content(reads, until), _deviating(study)
    rows = [
        {
            **_read(read, codes[read.reader_id], answers[read.pk], deviating),
            "masks": masks[read.pk],
            "marks": marks[read.pk],
            "disclosed": _disclosed(disclosed[read.pk]) if read.pk in disclosed else None,
        }
        for read in reads
    ]
    rows.sort(key=lambda row: (int(row["reader"][1:]), row["session"], row["position"], row["step"]))
    return _with_roles(rows)


def shown_elsewhere(reads: Sequence[Read], disclosed: Mapping[UUID, Disclosure]) -> dict[UUID, datetime]:
    """When the reader was first shown the model's output for the case of a read in a later one.

    A correction from then on is an answer with the model's help, whatever the arm of the read: it does not count.
    """
    shown: dict[UUID, datetime] = {}
    by_reader_and_case: dict[tuple[UUID, UUID], list[Read]] = {}
    for read in reads:
        by_reader_and_case.setdefault((read.reader_id, read.assignment.study_case_id), []).append(read)
    for same in by_reader_and_case.values():
        for read in same:
            instants = [
                disclosed[other.pk].at
                for other in same
                if other.pk in disclosed and other.pk != read.pk and read.submitted_at is not None
                if disclosed[other.pk].at > read.submitted_at
            ]
            if instants:
                shown[read.pk] = min(instants)
    return shown


@dataclass(frozen=True)
class _Deviating:
    """What sets single reads apart: cases that were unblinded, assignments that were opened early."""

    unblinded: Mapping[UUID, datetime]
    left_early: Collection[UUID]
    overridden: frozenset[UUID]


def _deviating(study: ReaderStudy) -> _Deviating:
    unblinded = Unblinding.objects.filter(study_case__study=study).order_by("-unblinded_at")
    overridden = WashoutOverride.objects.filter(assignment__study_case__study=study)
    return _Deviating(
        left_early=left_early(study),
        unblinded=dict(unblinded.values_list("study_case_id", "unblinded_at")),
        overridden=frozenset(overridden.values_list("assignment_id", flat=True)),
    )


def _read(read: Read, reader: str, answers: ReadAnswers, deviating: _Deviating) -> dict[str, Any]:
    assignment = read.assignment
    session, member = assignment.reading_session.session, assignment.reading_session.member
    unblinded_at = deviating.unblinded.get(assignment.study_case_id)
    return {
        "reader": reader,
        "is_withdrawn": member.pk in deviating.left_early,
        "group": member.group,
        "sequence": member.sequence,
        "session": session.ordinal,
        "period": session.period,
        "arm": read.arm,
        "step": read.step,
        "position": assignment.position,
        "is_hidden_repeat": assignment.repeat_of_id is not None,
        "case": assignment.study_case.case.number,
        "answers": answers.effective,
        "first_answers": answers.first if answers.corrections else None,
        "corrections": answers.corrections,
        "late_corrections": answers.late,
        "protocol_version": read.protocol_version,
        "timing": read.timing,
        "washout_seconds": read.washout_seconds,
        "is_washout_overridden": assignment.pk in deviating.overridden,
        "is_unblinded": unblinded_at is not None
        and read.submitted_at is not None
        and unblinded_at <= read.submitted_at,
    }


def _with_roles(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each read with its part in the analysis.

    `primary` is a reader's first committed read of a case in an arm; `hidden_repeat` and `reread` are further ones;
    the reads of a reader who left before the end are `withdrawn`.
    """
    met: set[tuple[str, str, str]] = set()
    for row in rows:
        key = (row["reader"], row["case"], row["arm"])
        if row["is_withdrawn"]:
            row["role"] = "withdrawn"
        elif row["is_hidden_repeat"]:
            row["role"] = "hidden_repeat"
        elif key in met:
            row["role"] = "reread"
        else:
            row["role"] = "primary"
            met.add(key)
    return rows


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
        "card": card_content(version.card),
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
