"""The demonstration's studies of lymph nodes with a radiomics score, one at each stage, and the practice."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from backend.accounts.models import User
from backend.cases.models import Case
from backend.desk_api.design_bodies import facts_of_study
from backend.reads.corrections import correction_submit, reopening_grant, reopening_request
from backend.reads.services import Submitted
from backend.reports.services import lock_request, study_lock_and_report
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add
from backend.studies.signing import protocol_amend

from .cases import DemoCase
from .people import PASSWORD
from .readers import lpln_answers
from .walking import (
    SKILL,
    People,
    add_cases_with_truth,
    design,
    enroll,
    freeze,
    read_cases,
    seed_of,
    truths_of,
)

ACTIVE = "lpln-demo"
FINISHED = "lpln-finished"
PRACTICE = "practice"
SETUP = "lpln-setup"
TEMPLATE = "lpln-radiomics"
FINISHED_SHARE = 0.75


@transaction.atomic
def active_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study in its washout: one reader may begin session 2, the other waits and is told until when."""
    found = ReaderStudy.objects.filter(slug=ACTIVE).first()
    if found is not None:
        return found
    start = now - timedelta(days=45)
    study = design(ACTIVE, "Lateral pelvic lymph nodes: demonstration", TEMPLATE, people, now=start)
    add_cases_with_truth(study, cases, people, now=start)
    enroll(study, people, ["reader1", "reader2"], now=start)
    study = freeze(study, people, now=start + timedelta(hours=1))
    _read_session(study, people["reader1"], cases, start=now - timedelta(days=32))
    _read_session(study, people["reader2"], cases, start=now - timedelta(days=9))
    return study


@transaction.atomic
def finished_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study that is read to its end by simulated readers and locked, so that there are results to look at.

    On its way one read was opened again and corrected, and its instructions were amended before the second
    session, so that there are a deviation and a second version to look at too.
    """
    found = ReaderStudy.objects.filter(slug=FINISHED).first()
    if found is not None:
        return found
    start = now - timedelta(days=90)
    title = "Lateral pelvic lymph nodes: finished demonstration"
    study = design(FINISHED, title, TEMPLATE, people, now=start)
    add_cases_with_truth(study, cases, people, now=start)
    readers = ["simulated-a", "simulated-b"]
    enroll(study, people, readers, now=start)
    study = freeze(study, people, now=start + timedelta(hours=1))
    first = [_read_session(study, people[one], cases, start=start + timedelta(days=1)) for one in readers]
    _correct(first[0][-1], cases, people, now=start + timedelta(days=2))
    _amend(study, people, now=start + timedelta(days=30))
    for username in readers:
        _read_session(study, people[username], cases, start=start + timedelta(days=40))
    end = start + timedelta(days=60)
    lock_request(study_id=study.pk, reason="", by=people["coordinator"], now=end)
    study_lock_and_report(study_id=study.pk, by=people["statistician"], now=end + timedelta(hours=1))
    return ReaderStudy.objects.get(pk=study.pk)


@transaction.atomic
def setup_study(people: People, *, now: datetime) -> ReaderStudy:
    """A study in design, with people and without cases: the place to send the first import to."""
    found = ReaderStudy.objects.filter(slug=SETUP).first()
    if found is not None:
        return found
    study = design(SETUP, "Lateral pelvic lymph nodes: being set up", TEMPLATE, people, now=now)
    enroll(study, people, ["reader1", "reader2"], now=now)
    return study


@transaction.atomic
def practice_study(case: Case, people: People, *, now: datetime) -> ReaderStudy:
    """A real MR series to try the viewer on; it is no part of a study."""
    found = ReaderStudy.objects.filter(slug=PRACTICE).first()
    if found is not None:
        return found
    study = design(PRACTICE, "Practice: a real MR series", "practice", people, now=now)
    case_add(study=study, case=case, by=people["coordinator"], now=now)
    enroll(study, people, ["reader1", "reader2"], now=now)
    return freeze(study, people, now=now)


def _read_session(
    study: ReaderStudy, reader: User, cases: Sequence[DemoCase], *, start: datetime
) -> list[Submitted]:
    return read_cases(study, reader, truths_of(cases), lpln_answers, count=len(cases), start=start)


def _correct(submitted: Submitted, cases: Sequence[DemoCase], people: People, *, now: datetime) -> None:
    """The reader asks, the coordinator grants, the reader measures again; the first answers stay beside it."""
    read, study, reader = submitted.read, submitted.read.study, submitted.read.reader
    truth = truths_of(cases)[read.assignment.study_case.case_id]
    asked = reopening_request(
        read_id=read.pk, reason="I measured a vessel beside the node.", by=reader, now=now
    )
    reopening_grant(
        reopening_id=asked.pk,
        decision="Reported by the reader on the next day, before anybody saw a result.",
        by=people["coordinator"],
        now=now + timedelta(hours=2),
    )
    again = lpln_answers(
        truth, skill=SKILL[reader.username], seed=f"{seed_of(study, reader, 1, truth)}/again"
    )
    correction_submit(
        read_id=read.pk,
        idempotency_key=uuid.uuid5(read.pk, "correct"),
        answers=again,
        measurements=[],
        reason="Measured again on the node itself.",
        by=reader,
        now=now + timedelta(hours=3),
    )


def _amend(study: ReaderStudy, people: People, *, now: datetime) -> None:
    """The instructions of the second session say what the first one left open."""
    study = ReaderStudy.objects.get(pk=study.pk)
    added = " Measure the short axis on the slice on which the node is largest."
    protocol_amend(
        study_id=study.pk,
        document={**study.protocol, "instructions": study.protocol["instructions"] + added},
        version=study.protocol_version,
        reason="Readers asked on which slice to measure.",
        facts=facts_of_study(study),
        password=PASSWORD,
        by=people["coordinator"],
        now=now,
    )
