"""The signature under a session: its reader signs for the answers, and the session counts as locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.studies.access import access_membership, hold_study
from backend.studies.models import ReadingSession, Signature
from backend.studies.protocols import sha256_of
from backend.studies.session_states import SessionStatus, StudyPhase, check_is_reading
from backend.studies.signing import signature_add, signatures_of

from .access import Sitting, sitting_of
from .answers import answers_of, drawn_of
from .models import Mark, MaskContour, MaskVolume, Measurement, Read, ReadAnnotation, ReadStatus
from .services import session_lock


def signing_meaning(cases: int, *, title: str, version: int) -> str:
    """What a reader signs, in the words that stand above the password."""
    read = "this case" if cases == 1 else f"these {cases} cases"
    return (
        f"I have read {read} of {title} myself, according to version {version} of the protocol, and the submitted "
        "answers are mine."
    )


def meaning_of(session: ReadingSession) -> str:
    study = session.session.study
    return signing_meaning(
        session.assignments.count(), title=session.session.title, version=study.protocol_version
    )


def session_document(session: ReadingSession) -> dict[str, Any]:
    """The answers of a session as they stand, in the form whose digest is signed.

    Reads come by position and step; drawings in the order of their identifiers, in patient coordinates.
    """
    reads = list(
        Read.objects.filter(assignment__reading_session=session, status=ReadStatus.SUBMITTED)
        .select_related("assignment")
        .order_by("assignment__position", "step")
    )
    answers, drawings = answers_of(reads), _drawings(reads)
    return {
        "session": str(session.pk),
        "reads": [
            {
                "id": str(read.pk),
                "position": read.assignment.position,
                "step": read.step,
                "protocol_version": read.protocol_version,
                "submitted_at": read.submitted_at.isoformat() if read.submitted_at else None,
                "answers": answers[read.pk].effective,
                "drawings": drawings[read.pk],
            }
            for read in reads
        ],
    }


@transaction.atomic
def session_sign(*, slug: str, ordinal: int, password: str, by: User, now: datetime) -> Signature:
    """Sign the session of which every case is read, and lock it. Sent again, it gives the signature that stands.

    Raises
    ------
    NotFound
        When the reader has no such session.
    RuleBroken
        `wrong_password`; `session_not_read` while cases of it are left; `study_not_reading`.
    """
    member = access_membership(by=by, slug=slug, roles=[Role.READER], for_update=True)
    study = hold_study(member.study_id)
    check_is_reading(StudyPhase(study.phase))
    session = _session(member.pk, ordinal)
    signed = signatures_of(session)
    if signed:
        return signed[0]
    if session.status != SessionStatus.READ:
        raise RuleBroken("session_not_read", "A session is signed once all of its cases are read.")
    signature = signature_add(
        study=study,
        by=by,
        password=password,
        meaning=meaning_of(session),
        subject=session,
        document_sha256=sha256_of(session_document(session)),
        now=now,
    )
    session_lock(session, by=by, now=now)
    return signature


def meanings_to_sign(sitting: Sitting) -> dict[UUID, str]:
    """What is to be signed, by the session that waits for it."""
    return {
        session.pk: signing_meaning(
            len({turn.position for turn in view.turns}),
            title=session.session.title,
            version=sitting.study.protocol_version,
        )
        for session, view in zip(sitting.sessions, sitting.views, strict=True)
        if view.status is SessionStatus.READ
    }


def sitting_after(signature: Signature) -> Sitting:
    """Where the reader stands after signing."""
    session = ReadingSession.objects.select_related("member__study").get(pk=signature.subject_id)
    return sitting_of(session.member)


def _session(member_id: UUID, ordinal: int) -> ReadingSession:
    """The session in its last attempt, voided ones left out."""
    session = (
        ReadingSession.objects.filter(member=member_id, session__ordinal=ordinal)
        .exclude(status=SessionStatus.VOIDED)
        .select_related("session__study", "member")
        .order_by("-attempt")
        .first()
    )
    if session is None:
        raise NotFound
    return session


def _drawings(reads: Sequence[Read]) -> dict[UUID, list[dict[str, Any]]]:
    """What was drawn in each read: measurements, marks, outlines, masks, annotations."""
    measured, marked = drawn_of(Measurement, reads), drawn_of(Mark, reads)
    outlined, noted = drawn_of(MaskContour, reads), drawn_of(ReadAnnotation, reads)
    painted = drawn_of(MaskVolume, reads, defer=["data"])
    return {
        read.pk: [
            *(_drawing(one, one.points_mm) for one in measured[read.pk]),
            *({**_drawing(one, [one.point_mm]), "rating": one.rating} for one in marked[read.pk]),
            *(_drawing(one, one.points_mm) for one in outlined[read.pk]),
            *(_mask(one) for one in painted[read.pk]),
            *(_note(one) for one in noted[read.pk]),
        ]
        for read in reads
    }


def _drawing(one: Measurement | Mark | MaskContour, points_mm: Any) -> dict[str, Any]:
    return {"question": one.question, "sop_uid": one.sop_uid, "points_mm": points_mm}


def _note(one: ReadAnnotation) -> dict[str, Any]:
    return {"tool": one.tool, "sop_uid": one.sop_uid, "points_mm": one.points_mm, "text": one.text}


def _mask(one: MaskVolume) -> dict[str, Any]:
    """The voxels stand in the signed document by their digest."""
    return {"question": one.question, "sha256": one.sha256, "segments": one.segments}
