"""What the desk is shown of the conduct of a study: people, the freeze to come, versions."""

from datetime import datetime
from typing import Any

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.audit.errors import InvalidInput, RuleBroken
from backend.predictions.selectors import models_for_freeze
from backend.reads.access import sitting_of
from backend.studies.design_checks import blocking, check_document
from backend.studies.design_schema import Problem
from backend.studies.drawing import Strata
from backend.studies.models import ReaderStudy, StudyMember
from backend.studies.protocol_record import versions_of
from backend.studies.protocols import sha256_of
from backend.studies.services import frozen_document
from backend.studies.session_states import NextStatus, StudyPhase
from backend.studies.signing import AMEND_MEANING, FREEZE_MEANING
from backend.truth.selectors import strata_of

from .design_bodies import facts_of_study

ROLE_ORDER = {role: place for place, role in enumerate(Role.values)}


def strata_for(study: ReaderStudy) -> Strata | None:
    """The strata for the draws of a study that asks for balance; they go into the draws and nowhere else."""
    if study.protocol["case_order"]["balance"] != "prevalence":
        return None
    return strata_of(study)


def freeze_body(study: ReaderStudy) -> dict[str, Any]:
    """What stands between the study and its freeze, and what would be signed."""
    problems = check_document(study.protocol, facts_of_study(study))
    sha256 = ""
    if not blocking(problems):
        try:
            sha256 = sha256_of(frozen_document(study, models_for_freeze(study)))
        except RuleBroken as broken:
            problems = [Problem("design.arms", broken.text), *problems]
    return {
        "problems": problems,
        "can_freeze": sha256 != "" and study.phase == StudyPhase.DESIGN,
        "sha256": sha256,
        "meaning": FREEZE_MEANING,
    }


def people_body(study: ReaderStudy, *, now: datetime) -> dict[str, Any]:
    members = study.members.select_related("user", "center", "study")
    ordered = sorted(members, key=lambda one: (ROLE_ORDER[one.role], one.enrolled_at, str(one.pk)))
    return {
        "members": [_member_body(one, now=now) for one in ordered],
        "groups": study.protocol["design"]["reader_groups"],
        "sequences": study.protocol["design"]["sequences"],
        "centers": [{"key": one.code, "title": one.name} for one in _centers_of(study)],
    }


def _member_body(member: StudyMember, *, now: datetime) -> dict[str, Any]:
    opens_at = _waits_until(member, now=now)
    frozen_at = member.study.frozen_at
    return {
        "id": member.pk,
        "username": member.user.username,
        "name": member.user.shown_name,
        "role": member.role,
        "center": member.center.code if member.center else "",
        "group": member.group,
        "sequence": member.sequence,
        "enrolled_at": member.enrolled_at,
        "is_late": member.role == Role.READER and frozen_at is not None and member.enrolled_at > frozen_at,
        "withdrawn_at": member.withdrawn_at,
        "is_waiting": opens_at is not None,
        "opens_at": opens_at,
    }


def _waits_until(member: StudyMember, *, now: datetime) -> datetime | None:
    """When the reader's next case opens, where a washout is what keeps it shut."""
    if member.role != Role.READER or member.withdrawn_at or member.study.phase != StudyPhase.READING:
        return None
    turn = sitting_of(member).next_turn(now)
    return turn.opens_at if turn.status is NextStatus.WAITING else None


def versions_body(member: StudyMember) -> dict[str, Any]:
    study = member.study
    return {
        "versions": versions_of(study)[::-1],
        "may_amend": member.role == Role.COORDINATOR and study.phase == StudyPhase.READING,
        "amend_meaning": AMEND_MEANING,
    }


def person_named(username: str) -> User:
    """Somebody with an account, by user name."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise InvalidInput("Nobody can be enrolled.", {"username": f"There is no user {username}."})
    return user


def _centers_of(study: ReaderStudy) -> list[Center]:
    """The centers whose cases the study holds: who takes part elsewhere is nobody's business here."""
    return list(Center.objects.filter(pk__in=study.study_cases.values("case__center")).order_by("code"))


def center_coded(code: str) -> Center | None:
    if not code:
        return None
    center = Center.objects.filter(code=code).first()
    if center is None:
        raise InvalidInput("Nobody can be enrolled.", {"center": f"There is no center {code}."})
    return center
