"""Emergency unblinding: everything about one case to one coordinator, who answers for it by name and reason (ADR 0013).

The case is marked in every dataset: its reads from then on are told apart, and the deviation stands in the report.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.predictions.question import prediction_of, question_for
from backend.predictions.selectors import models_of_study, study_version
from backend.reads.access import readers_of
from backend.reads.answers import answers_of
from backend.reads.models import Read, ReadStatus
from backend.studies.access import hold_study
from backend.studies.blinding import Kind, Phase, may_see
from backend.studies.conduct import deviation_record
from backend.studies.design import arm_of
from backend.studies.forms import is_finite_number, label_of
from backend.studies.models import ReaderStudy, StudyCase, Unblinding
from backend.studies.session_states import (
    CasePurpose,
    DeviationKind,
    SessionKind,
    StudyPhase,
    check_is_reading,
)
from backend.studies.signing import check_password_again, signature_add
from backend.truth.selectors import latest_truth

MEANING = (
    "I unblind this case in an emergency. I answer for it by name, and I know that the case is marked in the data "
    "and the report."
)
_SHOWN = (Kind.TRUTH, Kind.AI_OUTPUT, Kind.OTHER_RATING)


@transaction.atomic
def case_unblind(
    *,
    study: ReaderStudy,
    number: str,
    reason: str,
    typed_name: str,
    password: str,
    by: User,
    now: datetime,
) -> Unblinding:
    """Unblind one case to the coordinator `by`.

    Parameters
    ----------
    typed_name : str
        The coordinator's own name as the page shows it, typed by hand.

    Raises
    ------
    RuleBroken
        `wrong_password`, `wrong_name`, `reason_missing`, `study_not_reading`, or `already_unblinded`.
    """
    check_password_again(by, password)
    study = hold_study(study.pk)
    check_is_reading(StudyPhase(study.phase))
    if typed_name.strip() != by.shown_name:
        raise RuleBroken("wrong_name", f"Type your name as it stands here: {by.shown_name}.")
    study_case = _study_case(study, number)
    if Unblinding.objects.filter(study_case=study_case, unblinded_by=by).exists():
        raise RuleBroken("already_unblinded", "You have unblinded this case already.")
    deviation_record(
        study=study,
        kind=DeviationKind.CASE_UNBLINDED,
        subject=study_case,
        reason=reason,
        by=by,
        now=now,
        detail={"case": number},
    )
    unblinding = Unblinding.objects.create(
        study_case=study_case, unblinded_at=now, unblinded_by=by, reason=reason.strip()
    )
    record(
        event="case_unblinded",
        by=by,
        at=now,
        subject=unblinding,
        study_id=study.pk,
        reason=unblinding.reason,
        detail={"case": number},
    )
    signature_add(
        study=study,
        by=by,
        password=password,
        meaning=MEANING,
        subject=unblinding,
        document_sha256=study.protocol_sha256,
        now=now,
    )
    return unblinding


@dataclass(frozen=True)
class UnblindedCase:
    """Truth, models' outputs and committed answers of one case, for the person who unblinded it."""

    number: str
    unblinded_at: datetime
    reason: str
    truth: bool | None
    outputs: list[dict[str, Any]]
    reads: list[dict[str, Any]]


def unblinded_case(*, study: ReaderStudy, number: str, by: User) -> UnblindedCase:
    """What the unblinding shows, as it stands now; the same 404 to everybody but the person who unblinded it."""
    study_case = _study_case(study, number)
    unblinding = Unblinding.objects.filter(study_case=study_case, unblinded_by=by).first()
    if unblinding is None:
        raise NotFound
    phase = Phase.LOCKED if study.phase == StudyPhase.LOCKED else Phase.UNBLINDED
    if not all(may_see(kind, Role.COORDINATOR, phase, own=True) for kind in _SHOWN):
        raise NotFound
    return UnblindedCase(
        number=number,
        unblinded_at=unblinding.unblinded_at,
        reason=unblinding.reason,
        truth=latest_truth(study).get(study_case.pk),
        outputs=[_output(study, study_case, model_id) for model_id in models_of_study(study)],
        reads=_reads(study, study_case),
    )


def own_unblindings(*, study: ReaderStudy, by: User) -> list[str]:
    """The numbers of the cases that this person has unblinded."""
    rows = Unblinding.objects.filter(study_case__study=study, unblinded_by=by)
    return sorted(rows.values_list("study_case__case__number", flat=True))


def _study_case(study: ReaderStudy, number: str) -> StudyCase:
    study_case = (
        study.study_cases.filter(purpose=CasePurpose.STUDY, case__number=number)
        .select_related("case")
        .first()
    )
    if study_case is None:
        raise NotFound
    return study_case


def _output(study: ReaderStudy, study_case: StudyCase, model_id: str) -> dict[str, Any]:
    version = study_version(study, model_id)
    prediction = prediction_of(question_for(case=study_case.case, version=version))
    return {
        "model": model_id,
        "semver": version.semver,
        "score": None if prediction is None else prediction.score,
        "probability": None if prediction is None else prediction.probability,
        "is_positive": None if prediction is None else prediction.is_positive,
    }


def _reads(study: ReaderStudy, study_case: StudyCase) -> list[dict[str, Any]]:
    """The committed reads of the case; readers by code, as in the results: the emergency is about the case."""
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    reads = list(
        Read.objects.filter(
            assignment__study_case=study_case,
            assignment__reading_session__session__kind=SessionKind.STUDY,
            status=ReadStatus.SUBMITTED,
        )
        .select_related("assignment__reading_session__session")
        .order_by("submitted_at")
    )
    answers = answers_of(reads)
    form = study.protocol["form"]
    return [
        {
            "reader": codes[read.reader_id],
            "session": read.assignment.reading_session.session.ordinal,
            "arm": arm_of(study.protocol, read.arm)["title"],
            "step": read.step,
            "answers": [
                {
                    "section": question.get("section", ""),
                    "label": question["label"],
                    "answer": _answer_text(form, question, given),
                }
                for question in form["questions"]
                for given in [answers[read.pk].effective.get(question["key"])]
            ],
        }
        for read in reads
    ]


def _answer_text(form: dict[str, Any], question: dict[str, Any], value: Any) -> str:
    text = label_of(form, question["key"], value)
    has_unit = is_finite_number(value) and "options" not in question and question.get("unit")
    return f"{text} {question['unit']}" if has_unit else text
