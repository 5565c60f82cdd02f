"""The reads that were drawn for the readers of a study, made or not, for the frozen document."""

from typing import Any

from backend.reads.access import readers_of
from backend.studies.access import left_early
from backend.studies.models import Assignment, ReaderStudy
from backend.studies.session_states import SessionKind


def assigned_content(study: ReaderStudy) -> list[dict[str, Any]]:
    """One row a reader, arm, session and case, hidden repeats and training left out."""
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    gone = left_early(study)
    assignments = Assignment.objects.filter(
        study_case__study=study,
        reading_session__session__kind=SessionKind.STUDY,
        repeat_of=None,
    ).select_related("reading_session__session", "reading_session__member", "study_case__case")
    rows = [
        {
            "reader": codes[one.reading_session.member.user_id],
            "arm": arm,
            "session": one.reading_session.session.ordinal,
            "case": one.study_case.case.number,
            "is_withdrawn": one.reading_session.member.pk in gone,
        }
        for one in assignments
        for arm in one.arms
    ]
    return sorted(rows, key=lambda row: (int(row["reader"][1:]), row["session"], row["arm"], row["case"]))
