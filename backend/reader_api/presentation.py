"""How an open read is shown: under its alias, with image identifiers that hold for this read alone."""

from collections.abc import Iterable
from typing import Any

from django.utils.crypto import salted_hmac

from backend.reads.access import Sitting, granted_reopening, protocol_of, shown_series
from backend.reads.corrections import Correctable, correctable_reads, corrected_draft
from backend.reads.image_presentation import series_body
from backend.reads.labelmaps import Labelmap
from backend.reads.models import Read
from backend.reads.progress import progress_of
from backend.reads.signing import meanings_to_sign
from backend.reads.volumes import held_labelmaps
from backend.studies.design import is_aided, longest_washout_days
from backend.studies.form_schema import form_schema
from backend.studies.hanging import hanging_for
from backend.studies.models import ReaderStudy
from backend.studies.session_states import NextStatus, NextTurn, SessionKind


def worklist_body(sitting: Sitting, turn: NextTurn) -> dict[str, Any]:
    rows = progress_of(sitting.views, turn)
    meanings = meanings_to_sign(sitting)
    return {
        "study": study_body(sitting.study),
        "washout_days": longest_washout_days(sitting.study.protocol),
        "training": sitting.study.protocol["training"],
        "sessions": [
            {
                "ordinal": row.ordinal,
                "title": session.session.title,
                "is_aided": is_aided(sitting.study.protocol, sitting.arms[session.pk]),
                "is_training": session.session.kind == SessionKind.TRAINING,
                "attempt": session.attempt,
                "steps": max((turn.step for turn in view.turns), default=1),
                "total": row.total,
                "submitted": row.submitted,
                "status": row.status.value,
                "opens_at": row.opens_at,
                "score": session.training_score,
                "is_passed": session.is_passed,
                "meaning": meanings.get(session.pk),
            }
            for row, session, view in zip(rows, sitting.sessions, sitting.views, strict=True)
        ],
        "next": turn_body(sitting, turn),
        "correctable": [_correctable(one) for one in correctable_reads(sitting.member)],
    }


def _correctable(one: Correctable) -> dict[str, Any]:
    assignment, request = one.read.assignment, one.request
    return {
        "read_id": one.read.pk,
        "alias": assignment.alias,
        "session_title": assignment.reading_session.session.title,
        "step": one.read.step,
        "steps": len(assignment.arms),
        "submitted_at": one.read.submitted_at,
        "request": request and {"status": request.status.lower(), "decision": request.decision},
    }


def turn_body(sitting: Sitting, turn: NextTurn, *, status: str | None = None) -> dict[str, Any]:
    totals = {view.ordinal: len({one.position for one in view.turns}) for view in sitting.views}
    return {
        "status": status or turn.status.value,
        "session_ordinal": turn.session_ordinal,
        "position": turn.position,
        "total": None if turn.session_ordinal is None else totals.get(turn.session_ordinal),
        "opens_at": turn.opens_at if turn.status in (NextStatus.WAITING, NextStatus.BREAK) else None,
        "resumes_draft": turn.resumes_draft,
    }


def study_body(study: ReaderStudy) -> dict[str, Any]:
    return {"slug": study.slug, "title": study.title, "instructions": study.protocol.get("instructions", "")}


def read_body(read: Read, *, aid_released: bool) -> dict[str, Any]:
    assignment = read.assignment
    session = assignment.reading_session.session
    study = assignment.study_case.study
    protocol = protocol_of(read)
    reopening = granted_reopening(read)
    draft = read.draft if reopening is None else corrected_draft(read)
    series = series_bodies(read)
    return {
        "id": read.pk,
        "alias": assignment.alias,
        "status": read.status.lower() if reopening is None else "reopened",
        "session": {
            "ordinal": session.ordinal,
            "title": session.title,
            "is_aided": is_aided(study.protocol, [read.arm]),
            "is_training": is_training(read),
        },
        "step": read.step,
        "steps": len(assignment.arms),
        "position": assignment.position,
        "total": assignment.reading_session.assignments.count(),
        "study": study_body(study),
        "case_info": assignment.study_case.case_info if protocol["sees_case_info"] else [],
        "form": protocol["form"],
        "schema": form_schema(protocol["form"]),
        "draft": {
            "revision": read.draft_revision,
            "answers": draft.get("answers", {}),
            "measurements": draft.get("measurements", []),
            "annotations": draft.get("annotations", []),
            "labelmaps": [one.as_sent() for one in held_labelmaps(read)],
            "saved_at": read.draft_saved_at,
            "client_id": draft.get("client_id"),
            "view": read.view or None,
        },
        "series": series,
        "primary_series": 0,
        "hanging": hanging_for(protocol.get("hanging"), [(one["role"], one["plane"]) for one in series]),
        "tools": protocol.get("tools"),
        "aid_released": aid_released,
        "correction": reopening and {"reason": reopening.reason},
        "reader": _reader_token(read),
    }


def _reader_token(read: Read) -> str:
    """The same for every read of a reader: what a browser keeps under it says nothing of whose it is."""
    return salted_hmac("backend.reader_api.reader", str(read.reader_id), algorithm="sha256").hexdigest()[:32]


def series_bodies(read: Read) -> list[dict[str, Any]]:
    return [series_body(index, series) for index, series in enumerate(shown_series(read))]


def upcoming_body(read: Read | None) -> dict[str, Any]:
    """Of a read that is not opened: its images, and neither its alias nor its form."""
    if read is None:
        return {"read_id": None, "series": []}
    return {"read_id": read.pk, "series": series_bodies(read)}


def segment_bodies(labelmaps: Iterable[Labelmap]) -> list[dict[str, Any]]:
    """What the server measured on each segment, by series and value."""
    return [
        {
            "series": one.index,
            "value": own.value,
            "question": own.question,
            "frame": own.frame,
            **own.measured(),
        }
        for one in labelmaps
        for own in one.segments
    ]


def locked_body(read: Read) -> dict[str, Any]:
    """That a read is locked, and nothing of what it holds."""
    alias = read.assignment.alias
    return {"id": read.pk, "alias": alias, "status": "submitted", "has_feedback": is_training(read)}


def is_training(read: Read) -> bool:
    return bool(read.assignment.reading_session.session.kind == SessionKind.TRAINING)
