"""The record of a study's draws as one document: what `verify_randomisation` checks, with or without the database."""

from collections.abc import Mapping
from typing import Any

from .models import Assignment, Randomisation, ReaderStudy, ReadingSession, StudyMember
from .session_states import DeviationKind

FORMAT = 2
NOTE = (
    "For the operator alone. Seeds and rows give every order away; where orders are balanced, the strata in this file "
    "give the reference standard away. Never hand it to readers, coordinators or statisticians before the lock."
)


def randomisation_document(study: ReaderStudy) -> dict[str, Any]:
    """Every draw of a study with the plan behind it and the rows that were made from it, as JSON-ready values."""
    members = study.members.filter(role="READER").order_by("enrolled_at", "id")
    sessions = ReadingSession.objects.filter(member__study=study).select_related("session")
    assignments = Assignment.objects.filter(reading_session__member__study=study).select_related("repeat_of")
    replaced = {
        one.detail["replaced_by"]: one.detail["member"]
        for one in study.deviations.filter(kind=DeviationKind.READER_REPLACED)
    }
    first = study.versions.order_by("version").first()
    return {
        "format": FORMAT,
        "note": NOTE,
        "study": study.slug,
        "protocol": {
            "version": None if first is None else first.version,
            "document": None if first is None else first.document,
            "sha256": None if first is None else first.sha256,
        },
        "draws": [
            _draw(one) for one in Randomisation.objects.filter(study=study).order_by("created_at", "id")
        ],
        "cases": _cases(study),
        "members": [_member(one, replaced) for one in members],
        "sessions": [
            {
                "id": str(one.pk),
                "member": str(one.member_id),
                "ordinal": one.session.ordinal,
                "attempt": one.attempt,
            }
            for one in sessions.order_by("member__enrolled_at", "member", "session__ordinal", "attempt")
        ],
        "assignments": [
            {
                "session": str(one.reading_session_id),
                "position": one.position,
                "case": str(one.study_case_id),
                "alias": one.alias,
                "arms": one.arms,
                "repeats": None if one.repeat_of is None else one.repeat_of.position,
            }
            for one in assignments.order_by("reading_session", "position")
        ],
    }


def _cases(study: ReaderStudy) -> list[dict[str, str]]:
    rows = study.study_cases.select_related("case__center").order_by("case__number")
    return [
        {
            "id": str(one.pk),
            "number": one.case.number,
            "center": one.case.center.code,
            "cohort": one.cohort,
            "purpose": one.purpose,
        }
        for one in rows
    ]


def _member(one: StudyMember, replaced: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "cell": f"{one.group}/{one.sequence}",
        "enrolled_at": one.enrolled_at.isoformat(),
        "withdrawn_at": None if one.withdrawn_at is None else one.withdrawn_at.isoformat(),
        "replaces": replaced.get(str(one.pk)),
    }


def _draw(one: Randomisation) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject,
        "seed": one.seed,
        "algorithm": one.algorithm,
        "algorithm_version": one.algorithm_version,
        "inputs": one.inputs,
        "drawn": one.drawn,
        "sha256": one.sha256,
        "created_at": one.created_at.isoformat(),
    }
