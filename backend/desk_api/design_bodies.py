"""What the study designer is shown: the protocol with its problems, the summary, and the cases to choose from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.adjudication.forecast import Forecast, panels_planned, workload_forecast
from backend.audit.errors import InvalidInput
from backend.cases.models import Case
from backend.predictions.selectors import registered_models
from backend.studies.design_checks import blocking, check_document, structure_problems
from backend.studies.design_facts import DesignFacts, ReaderFact, TrainingFact
from backend.studies.design_load import Pace
from backend.studies.design_schema import Problem
from backend.studies.design_summary import summarize
from backend.studies.drawing import facts_of, series_of_cases, study_cases_of
from backend.studies.form_checks import check_form
from backend.studies.form_schema import form_schema
from backend.studies.forms import check_answers
from backend.studies.models import ReaderStudy, StudyCase, StudyMember
from backend.studies.session_states import CasePurpose, StudyPhase

Document = Mapping[str, Any]


def facts_of_study(study: ReaderStudy) -> DesignFacts:
    """What the study holds now, as the checks and the summary of its design ask for it."""
    readers = study.members.filter(role=Role.READER, withdrawn_at=None)
    cases = study_cases_of(study)
    return DesignFacts(
        cases=tuple(facts_of(cases)),
        readers=tuple(ReaderFact(one.group, one.sequence) for one in readers),
        model_ids=frozenset(registered_models()),
        training=tuple(
            TrainingFact(one.case.number, frozenset(one.training_key.get("answers", {})))
            for one in study_cases_of(study, CasePurpose.TRAINING)
        ),
        adjudicators=study.members.filter(role=Role.ADJUDICATOR, withdrawn_at=None).count(),
        series=series_of_cases(study),
        information=frozenset(line["label"].strip() for one in cases for line in one.case_info),
    )


def problems_of_study(study: ReaderStudy) -> list[Problem]:
    """Every fault of the protocol as it stands; the freeze asks for none that blocks."""
    return check_document(study.protocol, facts_of_study(study))


def protocol_body(member: StudyMember) -> dict[str, Any]:
    study = member.study
    facts = facts_of_study(study)
    in_design = study.phase == StudyPhase.DESIGN
    return {
        "slug": study.slug,
        "title": study.title,
        "phase": study.phase,
        "may_edit": in_design and member.role == Role.COORDINATOR,
        "revision": study.revision,
        "version": study.protocol_version,
        "sha256": study.protocol_sha256,
        "frozen_at": study.frozen_at,
        "document": study.protocol,
        "problems": check_document(study.protocol, facts) if in_design else [],
        "models": _registered_models(),
        "centers": sorted({case.center for case in facts.cases}),
        "cohorts": sorted({case.cohort for case in facts.cases if case.cohort}),
    }


def _registered_models() -> list[dict[str, str]]:
    return [{"id": model_id, "semver": semver} for model_id, semver in registered_models().items()]


def summary_body(
    study: ReaderStudy, document: object, *, pace: Mapping[str, Any], start: date
) -> dict[str, Any]:
    """Problems and summary of a document that need not be saved; no summary where its parts do not hold together."""
    facts = facts_of_study(study)
    problems = check_document(document, facts)
    if not isinstance(document, dict) or structure_problems(document):
        return {"problems": problems, "summary": None, "adjudication": None, "answer_schema": None}
    summary = summarize(document, facts, Pace(**pace), start)
    return {
        "problems": problems,
        "summary": summary,
        "adjudication": _forecast(document, summary.cases, problems),
        "answer_schema": None if check_form(document["form"]) else form_schema(document["form"]),
    }


def _forecast(document: Document, cases: int, problems: list[Problem]) -> Forecast | None:
    adjudication = document["adjudication"]
    broken = any(problem.path.startswith(("adjudication", "form")) for problem in blocking(problems))
    if adjudication is None or broken:
        return None
    return workload_forecast(adjudication, panels=panels_planned(document, cases))


def check_structure(document: object) -> dict[str, Any]:
    """The document, when its parts hold together: every other page of the study relies on it."""
    problems = structure_problems(document)
    if problems or not isinstance(document, dict):
        raise InvalidInput(
            "This protocol cannot be kept: its parts do not hold together.",
            {problem.path: problem.text for problem in problems},
        )
    return document


def design_cases(study: ReaderStudy) -> list[dict[str, Any]]:
    """The cases of a study as its designer places them."""
    rows = study.study_cases.select_related("case__center").order_by("case__number")
    return [case_body(one) for one in rows]


def case_body(one: StudyCase) -> dict[str, Any]:
    return {
        "number": one.case.number,
        "center": one.case.center.code,
        "purpose": one.purpose,
        "cohort": one.cohort,
        "case_info": one.case_info,
        "training_key": one.training_key,
    }


def check_training_key(study: ReaderStudy, key: Mapping[str, Any]) -> dict[str, Any]:
    """The right answers of a training case, when they are answers to this study's form."""
    form = study.protocol["form"]
    if check_form(form):
        raise InvalidInput("The form has faults; mend them first.", {"training_key": "The form has faults."})
    given = key["answers"]
    questions = {question["key"] for question in form["questions"]}
    faults = {name: "The form has no such question." for name in given if name not in questions}
    known = {name: value for name, value in given.items() if name in questions}
    faults |= check_answers(form, known, complete=False).errors
    if faults:
        fields = {f"training_key.{name}": text for name, text in faults.items()}
        raise InvalidInput("Some right answers cannot be accepted.", fields)
    return {"answers": known, "text": key["text"]}


def candidate_cases(study: ReaderStudy, *, by: User) -> list[Case]:
    """Cases of other studies that this person coordinates, which this study does not hold yet."""
    reachable = StudyCase.objects.filter(study_id__in=_coordinated(by)).exclude(study=study).values("case_id")
    return list(
        Case.objects.filter(pk__in=reachable)
        .exclude(pk__in=study.study_cases.values("case_id"))
        .select_related("center")
        .order_by("number")
    )


def candidates_body(study: ReaderStudy, *, by: User) -> list[dict[str, Any]]:
    cases = candidate_cases(study, by=by)
    slugs: dict[Any, list[str]] = {}
    rows = StudyCase.objects.filter(study_id__in=_coordinated(by), case__in=cases).order_by("study__slug")
    for case_id, slug in rows.values_list("case_id", "study__slug"):
        slugs.setdefault(case_id, []).append(slug)
    return [{"number": case.number, "center": case.center.code, "studies": slugs[case.pk]} for case in cases]


def _coordinated(by: User) -> QuerySet[StudyMember, Any]:
    """The studies of this person's own; who left a study reaches its cases no more."""
    members = StudyMember.objects.filter(user=by, role=Role.COORDINATOR, withdrawn_at=None)
    return members.values("study_id")
