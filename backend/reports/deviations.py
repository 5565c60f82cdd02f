"""The deviations of a study for its frozen dataset: without names and dates, with the reads that they mark."""

from typing import Any

from backend.reads.access import readers_of
from backend.reads.models import Read, Reopening
from backend.studies.models import Assignment, Deviation, ReaderStudy


def deviations_content(study: ReaderStudy) -> list[dict[str, Any]]:
    """Every deviation in the order in which it was recorded; `day` counts whole days of 24 hours from the freeze."""
    codes = {str(member.pk): f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    rows = study.deviations.order_by("recorded_at", "id")
    return [_content(study, codes, number, one) for number, one in enumerate(rows, start=1)]


def _content(study: ReaderStudy, codes: dict[str, str], number: int, one: Deviation) -> dict[str, Any]:
    place = _place(codes, one)
    return {
        "number": number,
        "kind": one.kind,
        "reason": one.reason,
        "day": None if study.frozen_at is None else (one.recorded_at - study.frozen_at).days,
        "reader": codes.get(one.detail.get("member", "")) or place.get("reader"),
        "replaced_by": codes.get(one.detail.get("replaced_by", "")),
        "session": one.detail.get("session", place.get("session")),
        "position": one.detail.get("position", place.get("position")),
        "case": one.detail.get("case") or place.get("case"),
        "missing_reads": one.detail.get("missing"),
        "unsettled_items": one.detail.get("unsettled"),
    }


def _place(codes: dict[str, str], one: Deviation) -> dict[str, Any]:
    """Reader, session, position and case of what the deviation is about, where it is about a read."""
    assignment = _assignment_of(one)
    if assignment is None:
        return {}
    return {
        "reader": codes.get(str(assignment.reading_session.member_id)),
        "session": assignment.reading_session.session.ordinal,
        "position": assignment.position,
        "case": assignment.study_case.case.number,
    }


def _assignment_of(one: Deviation) -> Assignment | None:
    assignments = Assignment.objects.select_related("reading_session__session", "study_case__case")
    if one.subject_type == Assignment._meta.label_lower:
        return assignments.filter(pk=one.subject_id).first()
    if one.subject_type == Read._meta.label_lower:
        return assignments.filter(pk__in=Read.objects.filter(pk=one.subject_id).values("assignment")).first()
    if one.subject_type == Reopening._meta.label_lower:
        reads = Reopening.objects.filter(pk=one.subject_id).values("read__assignment")
        return assignments.filter(pk__in=reads).first()
    return None
