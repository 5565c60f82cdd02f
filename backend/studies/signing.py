"""What is signed with the password given again: the freeze of a protocol and each amendment to it.

A signature holds the meaning in the words that were shown before signing, and the digest of what was signed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from backend.accounts.models import User
from backend.audit.errors import RuleBroken
from backend.audit.services import record

from .amendments import Change, check_amendment, next_document
from .design_checks import blocking, check_document, structure_problems
from .design_facts import DesignFacts
from .design_schema import Problem
from .drawing import Strata
from .form_checks import check_form
from .models import ProtocolVersion, ReaderStudy, Signature
from .protocols import canonical_json, sha256_of
from .services import frozen_document, study_freeze
from .session_states import StudyPhase, check_is_reading, check_study_transition

FREEZE_MEANING = "I have read this protocol and put it into force as the coordinator of the study."
AMEND_MEANING = (
    "I have read this amendment with its reason and put it into force as the coordinator of the study."
)


def check_password_again(person: User, password: str) -> None:
    """A signature is given by the person and not by whoever finds the browser open."""
    if not person.check_password(password):
        raise RuleBroken("wrong_password", "The password is not right. Nothing was signed.")


@transaction.atomic
def signature_add(
    *,
    study: ReaderStudy,
    by: User,
    password: str,
    meaning: str,
    subject: models.Model,
    document_sha256: str,
    now: datetime,
) -> Signature:
    """Sign `subject`. `meaning` is what the person was shown, `document_sha256` the digest of what is signed.

    Raises
    ------
    RuleBroken
        `wrong_password`.
    """
    check_password_again(by, password)
    signature = Signature.objects.create(
        study=study,
        signed_at=now,
        signed_by=by,
        meaning=meaning,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        document_sha256=document_sha256,
    )
    detail = {"meaning": meaning, "subject": signature.subject_type, "sha256": document_sha256}
    record(event="signed", by=by, at=now, subject=signature, study_id=study.pk, detail=detail)
    return signature


def signatures_of(subject: models.Model) -> list[Signature]:
    """The signatures under a row, in the order in which they were given."""
    return list(
        Signature.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .select_related("signed_by")
        .order_by("signed_at")
    )


@transaction.atomic
def study_sign_and_freeze(
    *,
    study_id: UUID,
    models: Mapping[str, Mapping[str, Any]],
    facts: DesignFacts,
    seen_sha256: str,
    password: str,
    by: User,
    now: datetime,
    strata: Strata | None = None,
) -> ReaderStudy:
    """Sign and freeze the protocol that the coordinator has seen: both or neither.

    Parameters
    ----------
    models, strata
        As `study_freeze` takes them.
    facts : DesignFacts
        What the study holds beside its protocol, for the checks.
    seen_sha256 : str
        The digest that was shown beside the meaning.

    Raises
    ------
    RuleBroken
        `wrong_password`; `protocol_faulty` with the problems; `stale_protocol`, when the protocol has changed since
        it was shown; or what `study_freeze` refuses.
    """
    check_password_again(by, password)
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_study_transition(StudyPhase(study.phase), StudyPhase.READING)
    _check_faultless(check_document(study.protocol, facts))
    if sha256_of(frozen_document(study, models)) != seen_sha256:
        raise RuleBroken(
            "stale_protocol", "The protocol has changed since this page was opened. Read it again, then sign."
        )
    study = study_freeze(study_id=study_id, models=models, by=by, now=now, strata=strata)
    signature_add(
        study=study,
        by=by,
        password=password,
        meaning=FREEZE_MEANING,
        subject=study.versions.get(version=study.protocol_version),
        document_sha256=study.protocol_sha256,
        now=now,
    )
    return study


@transaction.atomic
def protocol_amend(
    *,
    study_id: UUID,
    document: Mapping[str, Any],
    version: int,
    reason: str,
    facts: DesignFacts,
    password: str,
    by: User,
    now: datetime,
    title: str = "",
) -> ProtocolVersion:
    """Put an amended protocol into force, from the reads on that are opened from now on.

    A draft that is open keeps the version under which it was opened; what is committed is never touched.

    Parameters
    ----------
    document : mapping
        The whole protocol as amended.
    version : int
        The version that the amendment was written against.
    title : str, optional
        A new title of the study.

    Raises
    ------
    RuleBroken
        `wrong_password`, `reason_missing`, `stale_protocol`, `not_amendable`, `nothing_amended`, or
        `protocol_faulty` with the problems.
    """
    check_password_again(by, password)
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_is_reading(StudyPhase(study.phase))
    if not reason.strip():
        raise RuleBroken("reason_missing", "An amendment needs a reason.")
    if version != study.protocol_version:
        raise RuleBroken("stale_protocol", "Another amendment came into force in between.")
    amended, changes = amendment_of(study, document, facts=facts, title=title)
    before = study.protocol_sha256
    study.protocol = amended
    study.title = title or study.title
    study.protocol_version += 1
    study.protocol_sha256 = sha256_of(amended)
    study.full_clean()
    study.save(update_fields=["protocol", "title", "protocol_version", "protocol_sha256"])
    row = ProtocolVersion.objects.create(
        study=study,
        version=study.protocol_version,
        document=canonical_json(amended),
        sha256=study.protocol_sha256,
        reason=reason.strip(),
        changes=[change.to_json() for change in changes],
        effective_at=now,
        effective_by=by,
    )
    record(
        event="protocol_amended",
        by=by,
        at=now,
        subject=row,
        study_id=study.pk,
        old={"version": version, "sha256": before},
        new={"version": row.version, "sha256": row.sha256},
        reason=row.reason,
        detail={"paths": [change.path for change in changes]},
    )
    signature_add(
        study=study,
        by=by,
        password=password,
        meaning=AMEND_MEANING,
        subject=row,
        document_sha256=row.sha256,
        now=now,
    )
    return row


def amendment_of(
    study: ReaderStudy, document: Mapping[str, Any], *, facts: DesignFacts, title: str = ""
) -> tuple[dict[str, Any], list[Change]]:
    """The document that would come into force, and every change that it makes."""
    check_is_reading(StudyPhase(study.phase))
    _check_faultless(structure_problems(document) or _form_problems(document))
    amended = next_document(study.protocol, document)
    changes = check_amendment(study.protocol, amended)
    if title and title != study.title:
        changes.append(Change("title", study.title, title))
    if not changes:
        raise RuleBroken("nothing_amended", "Nothing was changed.")
    # What was at fault before, for a reader who left for example, is not this amendment's to mend.
    known = check_document(study.protocol, facts)
    _check_faultless([one for one in check_document(amended, facts) if one not in known])
    return amended, changes


def _form_problems(document: Mapping[str, Any]) -> list[Problem]:
    return [Problem(f"form.{one['path']}", one["text"]) for one in check_form(document["form"])]


def _check_faultless(problems: list[Problem]) -> None:
    faults = blocking(problems)
    if faults:
        raise RuleBroken(
            "protocol_faulty",
            f"The protocol cannot come into force: {faults[0].text}",
            problems=[{"path": one.path, "text": one.text} for one in faults],
        )
