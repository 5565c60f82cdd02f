"""Writes to a study from its design to its lock. Each is one transaction with its audit event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.cases.models import Case

from .design import models_of
from .drawing import (
    Strata,
    case_sets_draw,
    reader_allocate,
    reader_draw,
    sessions_make,
    study_cases_of,
)
from .models import ProtocolVersion, ReaderStudy, StudyCase, StudyMember
from .protocols import canonical_json, sha256_of
from .session_states import CasePurpose, StudyPhase, check_is_reading, check_study_transition
from .templates import TEMPLATES


@transaction.atomic
def study_create(
    *, slug: str, title: str, template: str, by: User | None, now: datetime, **options: Any
) -> ReaderStudy:
    """A study in design, with the protocol of `template`; `options` are the template's own (`washout_days`)."""
    if template not in TEMPLATES:
        raise RuleBroken("unknown_template", f"There is no study template named {template!r}.")
    study = ReaderStudy(
        slug=slug,
        title=title,
        template=template,
        protocol=TEMPLATES[template](**options),
        created_at=now,
        created_by=by,
    )
    study.full_clean()
    study.save(force_insert=True)
    record(
        event="study_created", by=by, at=now, subject=study, study_id=study.pk, detail={"template": template}
    )
    return study


@transaction.atomic
def protocol_save(
    *,
    study_id: UUID,
    document: Mapping[str, Any],
    revision: int,
    by: User | None,
    now: datetime,
    title: str | None = None,
) -> ReaderStudy:
    """Keep the protocol as it is being designed. `revision` is the one that the editor last saw.

    Raises
    ------
    RuleBroken
        `protocol_frozen` after the freeze; `stale_protocol`, when somebody else has saved in between.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    _check_in_design(study, "The protocol is frozen. A change now is an amendment.")
    if revision != study.revision:
        raise RuleBroken(
            "stale_protocol", "The protocol was changed in another window.", revision=study.revision
        )
    before = sha256_of(study.protocol)
    study.protocol = dict(document)
    study.title = title or study.title
    study.revision += 1
    study.full_clean()
    study.save(update_fields=["protocol", "title", "revision"])
    record(
        event="protocol_saved",
        by=by,
        at=now,
        subject=study,
        study_id=study.pk,
        old={"sha256": before},
        new={"sha256": sha256_of(study.protocol)},
        detail={"revision": study.revision},
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
    group: str = "",
) -> StudyMember:
    """Give a person a role in a study. After the freeze a reader is enrolled by `conduct.reader_enroll_late`."""
    study = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    if role is Role.READER:
        _check_in_design(study, "A reader can only be enrolled before the protocol is frozen.")
    member = member_add(study=study, user=user, role=role, now=now, center=center, group=group)
    record(
        event="member_enrolled", by=by, at=now, subject=member, study_id=study.pk, detail={"role": role.value}
    )
    return member


def member_add(
    *,
    study: ReaderStudy,
    user: User,
    role: Role,
    now: datetime,
    center: Center | None = None,
    group: str = "",
) -> StudyMember:
    """The row of a membership; the caller holds the study and records the event."""
    if study.members.filter(user=user, role=role).exists():
        raise RuleBroken("already_member", f"{user.username} has this role in the study already.")
    _check_blinding_of_roles(study, user, role)
    return StudyMember.objects.create(
        study=study, user=user, role=role, center=center, enrolled_at=now, group=group
    )


@transaction.atomic
def case_add(
    *,
    study: ReaderStudy,
    case: Case,
    by: User | None,
    now: datetime,
    case_info: list[dict[str, str]] | None = None,
    purpose: CasePurpose = CasePurpose.STUDY,
    cohort: str = "",
    training_key: Mapping[str, Any] | None = None,
) -> StudyCase:
    """Add a case to a study in design; `case_info` is what the reader may know of it, as label and value."""
    study = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    _check_in_design(study, "Cases can only be added before the protocol is frozen.")
    study_case, is_new = StudyCase.objects.get_or_create(
        study=study,
        case=case,
        defaults={
            "added_at": now,
            "case_info": case_info or [],
            "purpose": purpose,
            "cohort": cohort,
            "training_key": dict(training_key or {}),
        },
    )
    if is_new:
        _record_case("case_added", study_case, by=by, now=now)
    return study_case


@transaction.atomic
def case_update(
    *, study: ReaderStudy, number: str, by: User | None, now: datetime, **changes: Any
) -> StudyCase:
    """Change what a study in design says of a case: `cohort`, `case_info`, `purpose`, `training_key`."""
    study_case = _case_in_design(study, number)
    for name, value in changes.items():
        setattr(study_case, name, value)
    if study_case.purpose != CasePurpose.TRAINING:
        study_case.training_key = {}
    study_case.full_clean()
    study_case.save(update_fields=["cohort", "case_info", "purpose", "training_key"])
    _record_case("case_changed", study_case, by=by, now=now, fields=sorted(changes))
    return study_case


@transaction.atomic
def case_remove(*, study: ReaderStudy, number: str, by: User | None, now: datetime) -> None:
    """Take a case out of a study in design; the case itself stays in the store."""
    study_case = _case_in_design(study, number)
    _record_case("case_removed", study_case, by=by, now=now)
    try:
        study_case.delete()
    except ProtectedError as error:
        raise RuleBroken(
            "case_in_use", f"The study holds more of {number}, such as its reference standard, so it stays."
        ) from error


@transaction.atomic
def study_freeze(
    *,
    study_id: UUID,
    models: Mapping[str, Mapping[str, Any]],
    by: User | None,
    now: datetime,
    strata: Strata | None = None,
) -> ReaderStudy:
    """Freeze the protocol and make every draw; from here on the study is read, and changed by amendment only.

    Parameters
    ----------
    models : mapping
        For every model that an arm releases: its `semver`, `digest` and `cut_off`, as they stand now.
    strata : mapping, optional
        The stratum of every study case, where the protocol asks for balanced orders or parts.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_study_transition(StudyPhase(study.phase), StudyPhase.READING)
    study_cases = study_cases_of(study)
    readers = list(study.members.filter(role=Role.READER, withdrawn_at=None).order_by("enrolled_at", "id"))
    if not study_cases:
        raise RuleBroken("no_cases", "A study without cases cannot be frozen.")
    if not readers:
        raise RuleBroken("no_readers", "A study without readers cannot be frozen.")
    check_strata(study, strata)
    study.protocol = frozen_document(study, models)
    study.protocol_sha256 = sha256_of(study.protocol)
    study.phase = StudyPhase.READING
    study.frozen_at = now
    study.frozen_by = by
    study.save()
    ProtocolVersion.objects.create(
        study=study,
        version=study.protocol_version,
        document=canonical_json(study.protocol),
        sha256=study.protocol_sha256,
        effective_at=now,
        effective_by=by,
    )
    sessions_make(study)
    case_sets_draw(study, strata=strata, now=now)
    # Who has a group already comes first, so that the others are dealt to the places that are left.
    for reader in sorted(readers, key=lambda one: not one.group):
        reader_allocate(study, reader, now=now)
    for reader in readers:
        reader_draw(study, reader, strata=strata, now=now)
    record(
        event="protocol_frozen",
        by=by,
        at=now,
        subject=study,
        study_id=study.pk,
        old={"phase": StudyPhase.DESIGN},
        new={"phase": StudyPhase.READING},
        detail={"version": study.protocol_version, "sha256": study.protocol_sha256},
    )
    return study


def frozen_document(study: ReaderStudy, models: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The document that a freeze now would put into force: the protocol with its models, cases and readers."""
    readers = study.members.filter(role=Role.READER, withdrawn_at=None)
    return {
        **study.protocol,
        "models": {model_id: dict(models[model_id]) for model_id in _models_of(study, models)},
        "cases": [one.case.number for one in study_cases_of(study)],
        "training_cases": [one.case.number for one in study_cases_of(study, CasePurpose.TRAINING)],
        "readers": readers.count(),
    }


@transaction.atomic
def study_lock_request(*, study_id: UUID, reason: str, by: User, now: datetime) -> ReaderStudy:
    """The first of the two people who lock a study's database; reading goes on until the second confirms."""
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_is_reading(StudyPhase(study.phase))
    if study.lock_requested_at is not None:
        raise RuleBroken("lock_requested", "The lock is requested already and waits for a second person.")
    study.lock_requested_at, study.lock_requested_by, study.lock_reason = now, by, reason
    study.save(update_fields=["lock_requested_at", "lock_requested_by", "lock_reason"])
    record(event="lock_requested", by=by, at=now, subject=study, study_id=study.pk, reason=reason)
    return study


@transaction.atomic
def study_lock_withdraw(*, study_id: UUID, by: User, now: datetime) -> ReaderStudy:
    """Take the request for the lock back; either of the two people may."""
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_is_reading(StudyPhase(study.phase))
    if study.lock_requested_at is None:
        raise RuleBroken("lock_not_requested", "Nobody has requested the lock.")
    study.lock_requested_at, study.lock_requested_by, study.lock_reason = None, None, ""
    study.save(update_fields=["lock_requested_at", "lock_requested_by", "lock_reason"])
    record(event="lock_withdrawn", by=by, at=now, subject=study, study_id=study.pk)
    return study


@transaction.atomic
def study_lock(*, study_id: UUID, by: User, now: datetime) -> ReaderStudy:
    """Lock the database of the study: no read opens or changes any more. The second person does this.

    Raises
    ------
    RuleBroken
        `lock_not_requested`, when nobody has asked for it; `lock_needs_two`, when the same person has.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_study_transition(StudyPhase(study.phase), StudyPhase.LOCKED)
    if study.lock_requested_by_id is None:
        raise RuleBroken("lock_not_requested", "Nobody has requested the lock.")
    if study.lock_requested_by_id == by.pk:
        raise RuleBroken("lock_needs_two", "The lock is confirmed by another person than requested it.")
    study.phase = StudyPhase.LOCKED
    study.locked_at = now
    study.locked_by = by
    study.save(update_fields=["phase", "locked_at", "locked_by"])
    record(
        event="study_locked",
        by=by,
        at=now,
        subject=study,
        study_id=study.pk,
        old={"phase": StudyPhase.READING},
        new={"phase": StudyPhase.LOCKED},
        reason=study.lock_reason,
    )
    return study


def _check_in_design(study: ReaderStudy, text: str) -> None:
    if study.phase != StudyPhase.DESIGN:
        raise RuleBroken("protocol_frozen", text)


def _case_in_design(study: ReaderStudy, number: str) -> StudyCase:
    study = ReaderStudy.objects.select_for_update().get(pk=study.pk)
    _check_in_design(study, "Cases can only be changed before the protocol is frozen.")
    study_case = study.study_cases.select_related("case").filter(case__number=number).first()
    if study_case is None:
        raise NotFound
    return study_case


def _record_case(event: str, study_case: StudyCase, *, by: User | None, now: datetime, **detail: Any) -> None:
    record(
        event=event,
        by=by,
        at=now,
        subject=study_case,
        study_id=study_case.study_id,
        detail={"case": study_case.case.number, **detail},
    )


def check_strata(study: ReaderStudy, strata: Strata | None) -> None:
    """Balanced orders are drawn from the stratum of every case."""
    if study.protocol["case_order"]["balance"] != "prevalence":
        return
    missing = [one.case.number for one in study_cases_of(study) if one.pk not in (strata or {})]
    if missing:
        raise RuleBroken(
            "strata_missing",
            f"Orders balanced by prevalence need the reference standard of every case; {missing[0]} has none.",
            missing=len(missing),
        )


def _check_blinding_of_roles(study: ReaderStudy, user: User, role: Role) -> None:
    """Nobody reads a study whose desk the same person sits at: progress and results would unblind the reader."""
    held = set(study.members.filter(user=user).values_list("role", flat=True))
    alone = {Role.READER, Role.ADJUDICATOR}
    if held and (role in alone or held & alone):
        raise RuleBroken("role_unblinds", f"A {role.label.lower()} of a study can hold no other role in it.")


def _models_of(study: ReaderStudy, models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    needed = models_of(study.protocol)
    missing = [model_id for model_id in needed if model_id not in models]
    if missing:
        raise RuleBroken(
            "model_missing", f"The protocol releases a model that is not registered: {', '.join(missing)}."
        )
    return needed
