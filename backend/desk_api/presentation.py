"""How a study is shown to its desk, by role."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from backend.accounts.roles import Role
from backend.adjudication.consensus import adjudication_progress
from backend.cases.models import Case, CaseSeries
from backend.predictions.selectors import CaseJobState, case_job_states
from backend.reads.selectors import ReaderProgress, missing_reads, study_progress
from backend.studies.access import desk_phase
from backend.studies.blinding import Kind, may_see
from backend.studies.design import arm_of, longest_washout_days, model_of, sessions_of
from backend.studies.models import ReaderStudy, StudyMember
from backend.studies.session_states import StudyPhase

BLINDED_NOTE = "Answers, scores and truth are hidden until the database lock."


def study_body(member: StudyMember, *, now: datetime) -> dict[str, Any]:
    study = member.study
    return {
        "slug": study.slug,
        "title": study.title,
        "phase": study.phase,
        "template": study.template,
        "protocol_version": study.protocol_version,
        "protocol_sha256": study.protocol_sha256 if _sees_protocol(member) else "",
        "washout_days": longest_washout_days(study.protocol),
        "frozen_at": study.frozen_at,
        "locked_at": study.locked_at,
        "locked_by": study.locked_by.shown_name if study.locked_by and _sees_progress(member) else "",
        "lock_reason": study.lock_reason,
        "lock_request": _lock_request_body(member),
        "sessions": [_session_body(study, session) for session in sessions_of(study.protocol)],
        "cases": study.study_cases.count(),
        "readers": study.members.filter(role=Role.READER, withdrawn_at=None).count(),
        "missing_reads": missing_reads(study, now=now) if _sees_progress(member) else None,
        "role": member.role,
        "permissions": permissions_of(member),
    }


def _lock_request_body(member: StudyMember) -> dict[str, Any] | None:
    """Who asked for the lock; kept after it, when the second person has confirmed."""
    study = member.study
    if study.lock_requested_by is None or study.lock_requested_at is None or not _sees_progress(member):
        return None
    return {
        "requested_at": study.lock_requested_at,
        "requested_by": study.lock_requested_by.shown_name,
        "is_own": study.lock_requested_by == member.user,
    }


def _session_body(study: ReaderStudy, session: Mapping[str, Any]) -> dict[str, Any]:
    arms = list(dict.fromkeys(arm for row in session["plan"] for arm in row["arms"]))
    return {
        "ordinal": session["ordinal"],
        "title": session["title"],
        "washout_days": session["washout_days"],
        "arms": [arm_of(study.protocol, arm)["title"] for arm in arms],
        "model_ids": [model for arm in arms if (model := model_of(study.protocol, arm))],
    }


def permissions_of(member: StudyMember) -> dict[str, bool]:
    """What this member finds at the desk now. The views decide again; this only spares a page its refusals."""
    role, study = Role(member.role), member.study
    coordinates = role is Role.COORDINATOR
    phase = desk_phase(study)
    return {
        "progress": _sees_progress(member),
        "cases": may_see(Kind.CASE_NUMBER, role, phase, own=True),
        "freeze": coordinates and study.phase == StudyPhase.DESIGN,
        "predictions": coordinates and study.phase != StudyPhase.LOCKED,
        "lock": role in (Role.COORDINATOR, Role.STATISTICIAN) and study.phase == StudyPhase.READING,
        "people": _sees_progress(member),
        "enroll": coordinates and study.phase != StudyPhase.LOCKED,
        "protocol": may_see(Kind.PROTOCOL, role, phase, own=False),
        "amend": coordinates and study.phase == StudyPhase.READING,
        "deviations": may_see(Kind.DEVIATIONS, role, phase, own=False),
        "unblind": coordinates and study.phase == StudyPhase.READING,
        "results": may_see(Kind.RESULTS, role, phase, own=False),
        "audit": role in (Role.COORDINATOR, Role.AUDITOR),
    }


def _sees_protocol(member: StudyMember) -> bool:
    return may_see(Kind.PROTOCOL, Role(member.role), desk_phase(member.study), own=False)


def _sees_progress(member: StudyMember) -> bool:
    return may_see(Kind.STUDY_PROGRESS, Role(member.role), desk_phase(member.study), own=False)


def progress_body(study: ReaderStudy, *, now: datetime) -> dict[str, Any]:
    readers: list[ReaderProgress] = study_progress(study, now=now)
    rows = [session.progress for reader in readers for session in reader.sessions]
    return {
        "readers": readers,
        "totals": {"submitted": sum(row.submitted for row in rows), "total": sum(row.total for row in rows)},
        "blinded_note": BLINDED_NOTE if study.phase != StudyPhase.LOCKED else "",
        "adjudication": adjudication_progress(study) if study.phase != StudyPhase.DESIGN else None,
    }


def cases_body(member: StudyMember) -> list[dict[str, Any]]:
    """The cases of the study; a site data manager finds those of the own center."""
    study, role = member.study, Role(member.role)
    cases = Case.objects.filter(pk__in=study.study_cases.values("case_id"))
    if not may_see(Kind.CASE_NUMBER, role, desk_phase(study), own=False):
        cases = cases.filter(center=member.center) if member.center else cases.none()
    cases = cases.select_related("center").prefetch_related("series").order_by("number")
    counted = cases.annotate(mask_count=Count("masks"))
    states = case_job_states(study)
    return [_case_body(case, list(case.series.all()), states[case.pk]) for case in counted]


def _case_body(case: Any, series: list[CaseSeries], prediction: CaseJobState) -> dict[str, Any]:
    return {
        "number": case.number,
        "center": case.center.code,
        "series": series,
        "masks": case.mask_count,
        "prediction": prediction,
        "synthetic": any(one.is_synthetic for one in series),
    }
