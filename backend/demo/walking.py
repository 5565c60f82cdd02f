"""How the demonstration walks a study through its life, by the same services as any other study."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.desk_api.design_bodies import facts_of_study
from backend.predictions.release import aid_for, released_model
from backend.predictions.selectors import models_for_freeze
from backend.reads.services import Submitted, read_open_next, read_submit
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.protocols import sha256_of
from backend.studies.services import case_add, frozen_document, member_enroll, study_create
from backend.studies.signing import study_sign_and_freeze
from backend.truth.services import truth_enter
from inference.phantom import PhantomTruth

from .cases import DemoCase
from .people import PASSWORD
from .readers import simulated_timing

READ_MINUTES = 4
SKILL = {"reader1": 0.85, "reader2": 0.75, "simulated-a": 0.85, "simulated-b": 0.7}
SYNTHETIC_SOURCE = "synthetic: drawn from the phantom's own features"
DESK = {"coordinator": Role.COORDINATOR, "statistician": Role.STATISTICIAN, "auditor": Role.AUDITOR}

People = dict[str, User]
# Makes the answers of a simulated reader: from the phantom, with `skill` and `seed`.
Answering = Callable[..., dict[str, Any]]


def design(
    slug: str, title: str, template: str, people: People, *, now: datetime, **options: Any
) -> ReaderStudy:
    return study_create(
        slug=slug, title=title, template=template, by=people["coordinator"], now=now, **options
    )


def add_case(
    study: ReaderStudy, demo: DemoCase, people: People, *, now: datetime, **options: Any
) -> StudyCase:
    when = "after" if demo.truth.is_after_chemoradiotherapy else "before"
    info = [{"label": "MRI", "value": f"{when} chemoradiotherapy"}]
    return case_add(study=study, case=demo.case, case_info=info, by=people["coordinator"], now=now, **options)


def add_cases_with_truth(
    study: ReaderStudy, cases: Sequence[DemoCase], people: People, *, now: datetime
) -> None:
    """Add the cases with the phantom's own pathology as their reference standard."""
    for demo in cases:
        study_case = add_case(study, demo, people, now=now)
        is_positive = demo.truth.index_node.positive
        truth_enter(study_case=study_case, is_positive=is_positive, source=SYNTHETIC_SOURCE, by=None, now=now)


def enroll(
    study: ReaderStudy,
    people: People,
    readers: Sequence[str],
    *,
    now: datetime,
    adjudicators: Sequence[str] = (),
) -> None:
    """Everybody at the desk, the readers one minute after the other, the adjudicators."""
    coordinator = people["coordinator"]
    roles = [*DESK.items(), *((name, Role.ADJUDICATOR) for name in adjudicators)]
    for username, role in roles:
        member_enroll(study=study, user=people[username], role=role, by=coordinator, now=now)
    for minute, username in enumerate(readers):
        at = now + timedelta(minutes=minute)
        member_enroll(study=study, user=people[username], role=Role.READER, by=coordinator, now=at)


def freeze(study: ReaderStudy, people: People, *, now: datetime) -> ReaderStudy:
    """Sign and freeze, as the coordinator does with the password given again."""
    study = ReaderStudy.objects.get(pk=study.pk)
    models = models_for_freeze(study)
    return study_sign_and_freeze(
        study_id=study.pk,
        models=models,
        facts=facts_of_study(study),
        seen_sha256=sha256_of(frozen_document(study, models)),
        password=PASSWORD,
        by=people["coordinator"],
        now=now,
    )


def read_cases(
    study: ReaderStudy,
    reader: User,
    truths: dict[uuid.UUID, PhantomTruth],
    answering: Answering,
    *,
    count: int,
    start: datetime,
) -> list[Submitted]:
    """Read the next `count` cases of a reader, one after the other from `start` on.

    `truths` says by the key of the case what its phantom was made of.
    """
    return [
        _read_next(
            study, reader, truths, answering, opened_at=start + timedelta(minutes=READ_MINUTES * place)
        )
        for place in range(count)
    ]


def truths_of(cases: Sequence[DemoCase]) -> dict[uuid.UUID, PhantomTruth]:
    return {demo.case.pk: demo.truth for demo in cases}


def seed_of(study: ReaderStudy, reader: User, session: int, truth: PhantomTruth) -> str:
    """Names a read for the simulation: the same study, reader, session and phantom answer the same."""
    return f"{study.slug}/{reader.username}/{session}/{truth.center}{truth.seed}"


def _read_next(
    study: ReaderStudy,
    reader: User,
    truths: dict[uuid.UUID, PhantomTruth],
    answering: Answering,
    *,
    opened_at: datetime,
) -> Submitted:
    read = read_open_next(slug=study.slug, by=reader, now=opened_at)
    truth = truths[read.assignment.study_case.case_id]
    seed = seed_of(study, reader, read.assignment.reading_session.session.ordinal, truth)
    aid = aid_for(read=read, by=reader, now=opened_at) if released_model(read) else None
    aided = {"model_probability": aid["probability"]} if aid else {}
    return read_submit(
        read_id=read.pk,
        idempotency_key=uuid.uuid5(read.pk, "submit"),
        answers=answering(truth, skill=SKILL[reader.username], seed=seed, **aided),
        measurements=[],
        timing=simulated_timing(slices=40, seed=seed),
        by=reader,
        now=opened_at + timedelta(minutes=READ_MINUTES - 1),
    )
