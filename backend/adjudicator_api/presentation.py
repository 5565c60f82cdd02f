"""How an item is shown: under its own alias, the readings by letters, the images under identifiers of the item.

Nothing says whose a reading is, in which arm or when it was made; the case's aliases in the readers' sessions,
the model's output and the truth are not in reach of this package.
"""

from typing import Any

from backend.accounts.models import User
from backend.adjudication.access import agreement_of, originals_of, shown_series
from backend.adjudication.models import AdjudicationItem
from backend.adjudication.rules import WORDS, Why
from backend.adjudication.selectors import AdjudicatorWork, work_of
from backend.adjudication.verdicts import attendee_codes, fixed_in
from backend.reads.image_presentation import series_body
from backend.studies.adjudication_design import Mode
from backend.studies.form_schema import form_schema
from backend.studies.hanging import hanging_for
from backend.studies.models import ReaderStudy
from backend.studies.session_states import StudyPhase


def study_body(study: ReaderStudy) -> dict[str, Any]:
    return {"slug": study.slug, "title": study.title}


def study_row(study: ReaderStudy, *, by: User) -> dict[str, Any]:
    return {**study_body(study), "phase": study.phase, "waiting": work_of(study, by=by).waiting}


def worklist_body(study: ReaderStudy, *, by: User) -> dict[str, Any]:
    work = work_of(study, by=by)
    adjudication = study.protocol.get("adjudication") or {}
    return {
        "study": study_body(study),
        "status": _status(study, work),
        "mode": adjudication.get("mode"),
        "open_item": work.open_item,
        "waiting": work.waiting,
        "settled": work.settled,
        "minutes_per_item": adjudication.get("minutes_per_item"),
    }


def item_body(item: AdjudicationItem) -> dict[str, Any]:
    protocol = item.study.protocol
    fixed, draft = fixed_in(item), item.draft
    series = [series_body(index, series) for index, series in enumerate(shown_series(item))]
    return {
        "id": item.pk,
        "alias": item.alias,
        "status": item.status.lower(),
        "mode": item.mode,
        "study": study_body(item.study),
        "case_info": item.study_case.case_info if protocol["sees_case_info"] else [],
        "form": protocol["form"],
        "schema": form_schema(protocol["form"]),
        "series": series,
        "primary_series": 0,
        "hanging": hanging_for(protocol.get("hanging"), [(one["role"], one["plane"]) for one in series]),
        "originals": [vars(one) for one in originals_of(item)],
        "agreement": [vars(one) for one in agreement_of(item)],
        "discordant": [
            {"question": one["question"], "words": WORDS[Why(one["why"])]} for one in item.questions
        ],
        "to_settle": [key for key in item.to_settle if key not in fixed],
        "fixed": [{"question": key, "value": one.value, "how": one.how} for key, one in fixed.items()],
        "attendee_codes": attendee_codes(item.study) if item.mode == Mode.CONSENSUS else [],
        "draft": {
            "revision": item.draft_revision,
            "answers": draft.get("answers", {}),
            "reason": draft.get("reason", ""),
            "attendees": draft.get("attendees", []),
            "saved_at": item.draft_saved_at,
        },
    }


def _status(study: ReaderStudy, work: AdjudicatorWork) -> str:
    if study.phase == StudyPhase.DESIGN:
        return "not_frozen"
    if study.phase == StudyPhase.LOCKED:
        return "locked"
    if not study.protocol.get("adjudication"):
        return "no_adjudication"
    if work.open_item is not None or work.waiting:
        return "open"
    return "nothing_now"
