"""What the frozen dataset holds of the cases: center, cohort, patient, and what readers were told of them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from backend.studies.dates import holds_date
from backend.studies.models import StudyCase


def cases_content(study_cases: Sequence[StudyCase], *, is_told: bool) -> list[dict[str, Any]]:
    """The cases by number; patients are P1, P2, ... in the order of their first case."""
    patients: dict[tuple[Any, str], str] = {}
    for one in study_cases:
        patients.setdefault(_patient(one), f"P{len(patients) + 1}")
    return [{**_case(one, is_told=is_told), "patient": patients[_patient(one)]} for one in study_cases]


def left_out_content(study_cases: Sequence[StudyCase]) -> list[dict[str, Any]]:
    """How many values of which label stay out for the date in them; a label that holds one is not repeated."""
    counts = Counter(
        None if holds_date(label) else label
        for one in study_cases
        for label, value in _told(one).items()
        if not _is_kept(label, value)
    )
    order = sorted(counts, key=lambda label: (label is None, label or ""))
    return [{"label": label, "values": counts[label]} for label in order]


def _patient(study_case: StudyCase) -> tuple[Any, str]:
    return study_case.case.center_id, study_case.case.patient_pseudonym


def _case(study_case: StudyCase, *, is_told: bool) -> dict[str, Any]:
    """Center and cohort of a case, and what readers were told of it; what no reader was told is not looked at."""
    told = _told(study_case) if is_told else {}
    return {
        "case": study_case.case.number,
        "center": study_case.case.center.code,
        "cohort": study_case.cohort,
        "information": {label: value for label, value in told.items() if _is_kept(label, value)},
    }


def _told(study_case: StudyCase) -> dict[str, str]:
    lines = ((line["label"].strip(), line["value"].strip()) for line in study_case.case_info)
    return {label: value for label, value in lines if label and value}


def _is_kept(label: str, value: str) -> bool:
    return not holds_date(label) and not holds_date(value)
