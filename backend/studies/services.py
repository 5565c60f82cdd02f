"""Writes to a study: design, enrolment, freeze, lock. Each is one transaction with its audit event."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.audit.errors import RuleBroken
from backend.audit.services import record
from backend.cases.models import Case

from . import protocols
from .models import (
    Assignment,
    Randomisation,
    ReaderStudy,
    ReadingSession,
    StudyCase,
    StudyMember,
    StudySession,
)
from .randomisation import ALGORITHM, ALGORITHM_VERSION, draw_order
from .session_states import StudyPhase, check_study_transition


@transaction.atomic
def study_create(
    *, slug: str, title: str, template: str, by: User | None, now: datetime, **options: Any
) -> ReaderStudy:
    """A study in design, with the protocol of `template`; `options` are the template's own (`washout_days`)."""
    if template not in protocols.TEMPLATES:
        raise RuleBroken("unknown_template", f"There is no study template named {template!r}.")
    study = ReaderStudy(
        slug=slug,
        title=title,
        template=template,
        protocol=protocols.TEMPLATES[template](**options),
        created_at=now,
        created_by=by,
    )
    study.full_clean()
    study.save(force_insert=True)
    for session in study.protocol["sessions"]:
        StudySession.objects.create(study=study, **session)
    record(
        event="study_created", by=by, at=now, subject=study, study_id=study.pk, detail={"template": template}
    )
    return study


@transaction.atomic
def member_enroll(
    *,
    study: ReaderStudy,
    user: User,
    role: Role,
    by: User | None,
    now: datetime,
    center: Center | None = None,
) -> StudyMember:
    """Give a person a role in a study. Readers are enrolled before the freeze."""
    study = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    if study.members.filter(user=user, role=role).exists():
        raise RuleBroken("already_member", f"{user.username} has this role in the study already.")
    if role is Role.READER:
        _check_in_design(study, "A reader can only be enrolled before the protocol is frozen.")
    _check_blinding_of_roles(study, user, role)
    member = StudyMember.objects.create(study=study, user=user, role=role, center=center, enrolled_at=now)
    record(
        event="member_enrolled", by=by, at=now, subject=member, study_id=study.pk, detail={"role": role.value}
    )
    return member


@transaction.atomic
def case_add(
    *,
    study: ReaderStudy,
    case: Case,
    by: User | None,
    now: datetime,
    case_info: list[dict[str, str]] | None = None,
) -> StudyCase:
    """Add a case to a study in design; `case_info` is what the reader may know of it, as label and value."""
    study = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    _check_in_design(study, "Cases can only be added before the protocol is frozen.")
    study_case, is_new = StudyCase.objects.get_or_create(
        study=study, case=case, defaults={"added_at": now, "case_info": case_info or []}
    )
    if is_new:
        record(
            event="case_added",
            by=by,
            at=now,
            subject=study_case,
            study_id=study.pk,
            detail={"case": case.number},
        )
    return study_case


@transaction.atomic
def study_freeze(
    *, study_id: UUID, models: Mapping[str, Mapping[str, Any]], by: User | None, now: datetime
) -> ReaderStudy:
    """Freeze the protocol and draw every reader's order; from here on the study is read and not changed.

    Parameters
    ----------
    models : mapping
        For every model that an arm releases: its `semver`, `digest` and `cut_off`, as they stand now.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_study_transition(StudyPhase(study.phase), StudyPhase.READING)
    study_cases = list(study.study_cases.select_related("case"))
    readers = list(study.members.filter(role=Role.READER).order_by("enrolled_at", "id"))
    if not study_cases:
        raise RuleBroken("no_cases", "A study without cases cannot be frozen.")
    if not readers:
        raise RuleBroken("no_readers", "A study without readers cannot be frozen.")
    study.protocol = {
        **study.protocol,
        "models": {model_id: dict(models[model_id]) for model_id in _models_of(study, models)},
        "cases": sorted(study_case.case.number for study_case in study_cases),
        "readers": len(readers),
    }
    study.protocol_sha256 = protocols.sha256_of(study.protocol)
    study.phase = StudyPhase.READING
    study.frozen_at = now
    study.frozen_by = by
    study.save()
    for reader in readers:
        _draw_reader(study, reader, study_cases, now)
    record(
        event="protocol_frozen",
        by=by,
        at=now,
        subject=study,
        study_id=study.pk,
        detail={"version": study.protocol_version, "sha256": study.protocol_sha256},
    )
    return study


@transaction.atomic
def study_lock(*, study_id: UUID, reason: str, by: User | None, now: datetime) -> ReaderStudy:
    """Lock the database of the study: no read opens or changes any more."""
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_study_transition(StudyPhase(study.phase), StudyPhase.LOCKED)
    study.phase = StudyPhase.LOCKED
    study.locked_at = now
    study.locked_by = by
    study.lock_reason = reason
    study.save()
    record(event="study_locked", by=by, at=now, subject=study, study_id=study.pk, detail={"reason": reason})
    return study


def _check_in_design(study: ReaderStudy, text: str) -> None:
    if study.phase != StudyPhase.DESIGN:
        raise RuleBroken("protocol_frozen", text)


def _check_blinding_of_roles(study: ReaderStudy, user: User, role: Role) -> None:
    """Nobody reads a study whose desk the same person sits at: progress and results would unblind the reader."""
    held = set(study.members.filter(user=user).values_list("role", flat=True))
    if (role is Role.READER and held) or (role is not Role.READER and Role.READER in held):
        raise RuleBroken("role_unblinds", "A reader of a study can hold no other role in it.")


def _models_of(study: ReaderStudy, models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    needed = sorted({session["model_id"] for session in study.protocol["sessions"] if session["model_id"]})
    missing = [model_id for model_id in needed if model_id not in models]
    if missing:
        raise RuleBroken(
            "model_missing", f"The protocol releases a model that is not registered: {', '.join(missing)}."
        )
    return needed


def _draw_reader(
    study: ReaderStudy, reader: StudyMember, study_cases: list[StudyCase], now: datetime
) -> None:
    by_key = {str(study_case.pk): study_case for study_case in study_cases}
    previous: tuple[str, ...] | None = None
    for session in study.sessions.order_by("ordinal"):
        drawn = draw_order(list(by_key), seed=secrets.token_hex(16), previous=previous)
        reading_session = ReadingSession.objects.create(member=reader, session=session)
        Assignment.objects.bulk_create(
            Assignment(
                reading_session=reading_session, study_case=by_key[key], position=position, alias=alias
            )
            for position, (key, alias) in enumerate(zip(drawn.case_keys, drawn.aliases, strict=True), start=1)
        )
        Randomisation.objects.create(
            reading_session=reading_session,
            seed=drawn.seed,
            algorithm=ALGORITHM,
            algorithm_version=ALGORITHM_VERSION,
            sha256=drawn.sha256,
            created_at=now,
        )
        previous = drawn.case_keys
