"""Entering the reference standard. A correction is a new version; after the lock there are none."""

import csv
import io
from datetime import datetime

from django.db import transaction

from backend.accounts.models import User
from backend.audit.errors import InvalidInput, RuleBroken
from backend.audit.services import record
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.session_states import StudyPhase

from .models import CaseTruth

COLUMNS = ("case", "positive")
VALUES = {"1": True, "0": False}


@transaction.atomic
def truth_enter(
    *, study_case: StudyCase, is_positive: bool, source: str, by: User | None, now: datetime
) -> CaseTruth:
    """Record whether the case is positive, and where that is known from. The audit event tells neither."""
    study = ReaderStudy.objects.select_for_update().get(pk=study_case.study_id)
    if study.phase == StudyPhase.LOCKED:
        raise RuleBroken(
            "study_locked", "The study is locked: its reference standard cannot change any more."
        )
    latest = CaseTruth.objects.filter(study_case=study_case).order_by("-version").first()
    truth = CaseTruth(
        study_case=study_case,
        version=latest.version + 1 if latest else 1,
        is_positive=is_positive,
        source=source,
        entered_at=now,
        entered_by=by,
    )
    truth.full_clean(exclude=["study_case", "entered_by"])
    truth.save(force_insert=True)
    detail = {"case": study_case.case.number, "version": truth.version}
    record(event="truth_entered", by=by, at=now, subject=truth, study_id=study.pk, detail=detail)
    return truth


@transaction.atomic
def truth_import_csv(
    *, study: ReaderStudy, text: str, source: str, by: User | None, now: datetime
) -> list[CaseTruth]:
    """Enter the truth of many cases from CSV, columns `case` and `positive` (1 or 0): all rows or none.

    Raises
    ------
    InvalidInput
        Naming every row at fault: an unknown case, a case given twice, a value that is neither 1 nor 0.
    """
    study_cases = {one.case.number: one for one in study.study_cases.select_related("case")}
    values = _parse(text, known=set(study_cases))
    return [
        truth_enter(study_case=study_cases[number], is_positive=value, source=source, by=by, now=now)
        for number, value in values.items()
    ]


def _parse(text: str, *, known: set[str]) -> dict[str, bool]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise InvalidInput(
            "The table cannot be accepted.", {"header": f"The column {missing[0]} is missing."}
        )
    values: dict[str, bool] = {}
    errors: dict[str, str] = {}
    for row in reader:
        number, given = (row["case"] or "").strip(), (row["positive"] or "").strip()
        problem = _problem(number, given, known=known, taken=values)
        if problem:
            errors[f"row {reader.line_num}"] = problem
        else:
            values[number] = VALUES[given]
    if not values and not errors:
        errors["header"] = "The table has no rows."
    if errors:
        raise InvalidInput("The table cannot be accepted; nothing was entered.", errors)
    return values


def _problem(number: str, given: str, *, known: set[str], taken: dict[str, bool]) -> str | None:
    if number not in known:
        return f"The study has no case {number!r}."
    if number in taken:
        return f"The case {number} is given twice."
    if given not in VALUES:
        return f"The value of case {number} is {given!r}, not 1 or 0."
    return None
