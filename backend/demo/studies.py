"""The demonstration's studies, walked to where they stand through the same services as any other study."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.cases.models import Case
from backend.predictions.release import aid_for, released_model
from backend.predictions.selectors import models_for_freeze
from backend.reads.services import read_open_next, read_submit
from backend.reports.services import study_lock_and_report
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, member_enroll, study_create, study_freeze, study_lock_request
from backend.truth.services import truth_enter

from .cases import DemoCase
from .readers import simulated_answers, simulated_timing

ACTIVE = "lpln-demo"
FINISHED = "lpln-finished"
PRACTICE = "practice"
SETUP = "lpln-setup"
SKILL = {"reader1": 0.85, "reader2": 0.75, "simulated-a": 0.85, "simulated-b": 0.7}
READ_MINUTES = 4
FINISHED_SHARE = 0.75
SYNTHETIC_SOURCE = "synthetic: drawn from the phantom's own features"

People = dict[str, User]


@transaction.atomic
def active_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study in its washout: one reader may begin session 2, the other waits and is told until when."""
    found = ReaderStudy.objects.filter(slug=ACTIVE).first()
    if found is not None:
        return found
    start = now - timedelta(days=45)
    study = _design(ACTIVE, "Lateral pelvic lymph nodes: demonstration study", cases, people, start)
    _enroll(study, people, ["reader1", "reader2"], start)
    _freeze(study, people, start + timedelta(hours=1))
    _read_session(study, people["reader1"], cases, start=now - timedelta(days=32))
    _read_session(study, people["reader2"], cases, start=now - timedelta(days=9))
    return ReaderStudy.objects.get(pk=study.pk)


@transaction.atomic
def finished_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study that is read to its end by simulated readers and locked, so that there are results to look at."""
    found = ReaderStudy.objects.filter(slug=FINISHED).first()
    if found is not None:
        return found
    start = now - timedelta(days=90)
    title = "Lateral pelvic lymph nodes: finished demonstration (simulated readers)"
    study = _design(FINISHED, title, cases, people, start)
    _enroll(study, people, ["simulated-a", "simulated-b"], start)
    _freeze(study, people, start + timedelta(hours=1))
    for day in (1, 40):
        for username in ("simulated-a", "simulated-b"):
            _read_session(study, people[username], cases, start=start + timedelta(days=day))
    end = start + timedelta(days=60)
    study_lock_request(study_id=study.pk, reason="", by=people["coordinator"], now=end)
    study_lock_and_report(study_id=study.pk, by=people["statistician"], now=end + timedelta(hours=1))
    return ReaderStudy.objects.get(pk=study.pk)


@transaction.atomic
def setup_study(people: People, *, now: datetime) -> ReaderStudy:
    """A study in design, with people and without cases: the place to send the first import to."""
    found = ReaderStudy.objects.filter(slug=SETUP).first()
    if found is not None:
        return found
    title = "Lateral pelvic lymph nodes: being set up"
    coordinator = people["coordinator"]
    study = study_create(slug=SETUP, title=title, template="lpln-radiomics", by=coordinator, now=now)
    _enroll(study, people, ["reader1", "reader2"], now)
    return study


@transaction.atomic
def practice_study(case: Case, people: People, *, now: datetime) -> ReaderStudy:
    """A real MR series to try the viewer on; it is no part of a study."""
    found = ReaderStudy.objects.filter(slug=PRACTICE).first()
    if found is not None:
        return found
    coordinator = people["coordinator"]
    study = study_create(
        slug=PRACTICE, title="Practice: a real MR series", template="practice", by=coordinator, now=now
    )
    case_add(study=study, case=case, by=coordinator, now=now)
    _enroll(study, people, ["reader1", "reader2"], now)
    _freeze(study, people, now)
    return ReaderStudy.objects.get(pk=study.pk)


def _design(slug: str, title: str, cases: Sequence[DemoCase], people: People, now: datetime) -> ReaderStudy:
    coordinator = people["coordinator"]
    study = study_create(slug=slug, title=title, template="lpln-radiomics", by=coordinator, now=now)
    for demo in cases:
        when = "after" if demo.truth.is_after_chemoradiotherapy else "before"
        info = [{"label": "MRI", "value": f"{when} chemoradiotherapy"}]
        study_case = case_add(study=study, case=demo.case, by=coordinator, now=now, case_info=info)
        is_positive = demo.truth.index_node.positive
        truth_enter(study_case=study_case, is_positive=is_positive, source=SYNTHETIC_SOURCE, by=None, now=now)
    return study


def _enroll(study: ReaderStudy, people: People, readers: Sequence[str], now: datetime) -> None:
    coordinator = people["coordinator"]
    desk = {"coordinator": Role.COORDINATOR, "statistician": Role.STATISTICIAN, "auditor": Role.AUDITOR}
    for username, role in desk.items():
        member_enroll(study=study, user=people[username], role=role, by=coordinator, now=now)
    for minute, username in enumerate(readers):
        at = now + timedelta(minutes=minute)
        member_enroll(study=study, user=people[username], role=Role.READER, by=coordinator, now=at)


def _freeze(study: ReaderStudy, people: People, now: datetime) -> None:
    study_freeze(study_id=study.pk, models=models_for_freeze(study), by=people["coordinator"], now=now)


def _read_session(study: ReaderStudy, reader: User, cases: Sequence[DemoCase], *, start: datetime) -> None:
    """Read every case of the reader's next session, one after the other from `start` on."""
    truths = {demo.case.pk: demo.truth for demo in cases}
    for place in range(len(cases)):
        opened_at = start + timedelta(minutes=READ_MINUTES * place)
        read = read_open_next(slug=study.slug, by=reader, now=opened_at)
        case_id = read.assignment.study_case.case_id
        truth = truths[case_id]
        session = read.assignment.reading_session.session
        seed = f"{study.slug}/{reader.username}/{session.ordinal}/{truth.center}{truth.seed}"
        aid = aid_for(read=read, by=reader, now=opened_at) if released_model(read) else None
        read_submit(
            read_id=read.pk,
            idempotency_key=uuid.uuid5(read.pk, "submit"),
            answers=simulated_answers(
                truth,
                skill=SKILL[reader.username],
                seed=seed,
                model_probability=aid["probability"] if aid else None,
            ),
            measurements=[],
            timing=simulated_timing(slices=40, seed=seed),
            by=reader,
            now=opened_at + timedelta(minutes=READ_MINUTES - 1),
        )
