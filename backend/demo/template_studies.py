"""The demonstration's studies from the other three templates, each at another stage.

They share three phantoms that no other study holds: two studies of the same people share no case where the results of
the one would tell the truth of the other. None of these three is locked, so none has results. The one whose readers
are told right answers in training tells them of a case that every reader of the adjudicated study has submitted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backend.studies.models import ReaderStudy
from backend.studies.services import protocol_save
from backend.studies.session_states import CasePurpose

from .cases import DemoCase
from .readers import cervix_answers, cervix_key, lln_answers
from .walking import (
    People,
    add_case,
    add_cases_with_truth,
    design,
    enroll,
    freeze,
    read_cases,
    truths_of,
)

ADJUDICATED = "lln-demo"
TRAINED = "cervix-demo"
DESIGNED = "larc-demo"
TRAINING: dict[str, Any] = {
    "pass_mark": 0.6,
    "max_attempts": 3,
    "questions": ["node_visible", "short_axis_mm", "central_necrosis"],
    "tolerance": {"short_axis_mm": 1.5},
}
SITTINGS = {"max_cases": 20, "max_minutes": 90, "break_minutes": 15}


@transaction.atomic
def adjudicated_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study that is read to its end; what its three readers disagree on waits for the adjudicator."""
    found = ReaderStudy.objects.filter(slug=ADJUDICATED).first()
    if found is not None:
        return found
    start = now - timedelta(days=12)
    title = "Lateral lymph node regions: demonstration"
    study = design(ADJUDICATED, title, "lln-segmentation", people, now=start)
    for demo in cases:
        add_case(study, demo, people, now=start)
    readers = ["reader1", "reader2", "simulated-a"]
    enroll(study, people, readers, adjudicators=["adjudicator"], now=start)
    study = freeze(study, people, now=start + timedelta(hours=1))
    for day, username in enumerate(readers, start=2):
        begun = start + timedelta(days=day)
        read_cases(study, people[username], truths_of(cases), lln_answers, count=len(cases), start=begun)
    return study


@transaction.atomic
def trained_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study in its first session: one reader has passed the training and read a case, the other begins with it."""
    found = ReaderStudy.objects.filter(slug=TRAINED).first()
    if found is not None:
        return found
    start = now - timedelta(days=5)
    *read, taught = cases
    title = "Nodes in cervical cancer: demonstration"
    study = design(TRAINED, title, "cervix-dlrc", people, now=start, reread_cases=1)
    document = {**study.protocol, "training": TRAINING, "sittings": SITTINGS, "signature": True}
    coordinator = people["coordinator"]
    study = protocol_save(
        study_id=study.pk, document=document, revision=study.revision, by=coordinator, now=start
    )
    add_cases_with_truth(study, read, people, now=start)
    key = cervix_key(taught.truth)
    add_case(study, taught, people, now=start, purpose=CasePurpose.TRAINING, training_key=key)
    enroll(study, people, ["reader1", "reader2"], adjudicators=["adjudicator"], now=start)
    study = freeze(study, people, now=start + timedelta(hours=1))
    begun = start + timedelta(days=1)
    read_cases(study, people["reader1"], truths_of(cases), cervix_answers, count=2, start=begun)
    return study


@transaction.atomic
def designed_study(cases: Sequence[DemoCase], people: People, *, now: datetime) -> ReaderStudy:
    """A study in design that lacks nothing: the coordinator may freeze it at once."""
    found = ReaderStudy.objects.filter(slug=DESIGNED).first()
    if found is not None:
        return found
    study = design(DESIGNED, "Rectal tumor outlines: demonstration", "larc-dm", people, now=now)
    for demo in cases:
        add_case(study, demo, people, now=now)
    enroll(study, people, ["reader1", "reader2"], now=now)
    return study
