"""One reader in forty tabs: of what is asked at the same instant, one is done, whatever the database."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions.release import read_open_next_with_aid
from backend.reads.models import Answer, Read
from backend.reads.services import draft_save, read_submit
from backend.reports.models import AnalysisRun, AnalysisSupplement, FrozenDataset, OutsideDataset
from backend.reports.services import study_lock_and_report
from backend.reports.supplements import supplement_add
from backend.studies.services import study_lock_request
from tests.factories.analysis import given_from_outside
from tests.factories.studies import WASHOUT, Stage, StudyStory, study_in

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 40


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Every action in a thread and on a connection of its own, begun together: what each gave or refused."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return action()
        except RuleBroken as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result() for future in [pool.submit(run, action) for action in actions]]


def draft_of(story: StudyStory, part: str) -> Read:
    return Read.objects.get(reader=story.people[part], status="DRAFT")


def submit(story: StudyStory, read: Read, key: uuid.UUID, answers: dict[str, Any]) -> uuid.UUID:
    done = read_submit(
        read_id=read.pk,
        idempotency_key=key,
        answers=answers,
        measurements=[],
        timing={},
        by=story.people["reader1"],
        now=story.now,
    )
    return done.read.pk


def test_forty_tabs_open_one_read() -> None:
    story = study_in(Stage.WASHOUT, cases=2)
    story.clock.pass_washout()
    reader = story.people["reader1"]

    def open_next() -> uuid.UUID:
        return read_open_next_with_aid(slug=story.slug, by=reader, now=story.now).pk

    before = Read.objects.filter(reader=reader).count()
    opened = at_once(*[open_next] * TABS)
    assert set(opened) == {draft_of(story, "reader1").pk}
    assert Read.objects.filter(reader=reader).count() == before + 1
    assert AuditEvent.objects.filter(event="session_opened", actor_id=reader.pk, at=story.now).count() == 1
    assert AuditEvent.objects.filter(event="read_opened", actor_id=reader.pk, at=story.now).count() == 1


def test_no_tab_of_forty_opens_a_case_an_instant_early() -> None:
    """Some tabs ask an instant before the washout ends and some at its end, all at once and in whatever zone."""
    story = study_in(Stage.WASHOUT, cases=2)
    reader = story.people["reader1"]
    member = reader.memberships.get()
    case = member.reading_sessions.get(session__ordinal=2).assignments.get(position=1).study_case
    first = Read.objects.get(reader=reader, assignment__study_case=case)
    assert first.submitted_at is not None
    opening = first.submitted_at + WASHOUT
    zones = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")]

    def open_at(instant: datetime, zone: ZoneInfo) -> Callable[[], Any]:
        now = instant.astimezone(zone)
        return lambda: read_open_next_with_aid(slug=story.slug, by=reader, now=now).opened_at

    early = [open_at(opening - timedelta(microseconds=1), zones[tab % 4]) for tab in range(TABS)]
    assert set(at_once(*early)) == {"washout_running"}
    assert Read.objects.filter(reader=reader).count() == 2
    mixed = [open_at(opening - timedelta(microseconds=tab % 2), zones[tab % 4]) for tab in range(TABS)]
    given = set(at_once(*mixed))
    assert given <= {"washout_running", opening}
    assert opening in given
    opened = Read.objects.get(reader=reader, status="DRAFT")
    assert (opened.opened_at, opened.washout_seconds) == (opening, WASHOUT.total_seconds())


def test_the_same_key_forty_times_is_one_read() -> None:
    story = study_in(Stage.SESSION_1)
    read = draft_of(story, "reader1")
    answers = story.answers_of(read)
    key = uuid.UUID(int=1)
    done = at_once(*[lambda: submit(story, read, key, answers)] * TABS)
    assert done == [read.pk] * TABS
    assert Answer.objects.filter(read=read).count() == len(story.study.protocol["form"]["questions"])
    assert AuditEvent.objects.filter(event="read_submitted", subject_id=str(read.pk)).count() == 1


def test_of_forty_keys_one_wins_and_its_answers_stay() -> None:
    story = study_in(Stage.SESSION_1)
    read = draft_of(story, "reader1")
    keys = [uuid.UUID(int=number) for number in range(1, TABS + 1)]
    comments = [f"tab {number}" for number in range(1, TABS + 1)]

    def from_tab(key: uuid.UUID, comment: str) -> Callable[[], Any]:
        answers = {**story.answers_of(read), "comment": comment}
        return lambda: submit(story, read, key, answers)

    done = at_once(*map(from_tab, keys, comments))
    assert sorted(map(str, done)) == sorted([str(read.pk), *["read_locked"] * (TABS - 1)])
    winner = done.index(read.pk)
    read.refresh_from_db()
    assert read.idempotency_key == keys[winner]
    assert Answer.objects.get(read=read, question="comment").value == comments[winner]
    assert AuditEvent.objects.filter(event="read_submitted", subject_id=str(read.pk)).count() == 1


def test_of_forty_drafts_of_one_revision_one_is_kept() -> None:
    story = study_in(Stage.SESSION_1)
    read = draft_of(story, "reader1")

    def save(comment: str) -> Callable[[], Any]:
        return lambda: (
            draft_save(
                read_id=read.pk,
                revision=1,
                answers={"comment": comment},
                measurements=[],
                by=story.people["reader1"],
                now=story.now,
            ).revision
        )

    done = at_once(*[save(f"tab {number}") for number in range(TABS)])
    assert sorted(map(str, done)) == sorted(["2", *["stale_draft"] * (TABS - 1)])
    read.refresh_from_db()
    assert (read.draft_revision, read.draft["answers"]) == (2, {"comment": f"tab {done.index(2)}"})


def test_a_read_that_races_with_the_lock_is_in_the_results_or_refused() -> None:
    story = study_in(Stage.SESSION_2)
    read = draft_of(story, "reader1")
    answers = story.answers_of(read)

    study_lock_request(study_id=story.study.pk, reason="Race.", by=story.people["coordinator"], now=story.now)

    def lock() -> str:
        study_lock_and_report(study_id=story.study.pk, by=story.people["statistician"], now=story.now)
        return "locked"

    done = at_once(lambda: submit(story, read, uuid.UUID(int=1), answers), lock)
    assert done[0] in (read.pk, "study_not_reading")
    assert done[1] == "locked"
    submitted = Read.objects.filter(study=story.study, status="SUBMITTED").count()
    assert len(FrozenDataset.objects.get(study=story.study).document["reads"]) == submitted
    assert (done[0] == read.pk) == Read.objects.filter(pk=read.pk, status="SUBMITTED").exists()


def test_what_is_given_in_many_tabs_is_one_dataset_and_supplements_are_numbered_apart() -> None:
    story = study_in(Stage.LOCKED, cases=2)
    by, now = story.people["statistician"], story.now

    def give() -> uuid.UUID:
        return given_from_outside(by, now).pk

    def add(reason: str) -> int:
        plan = '{"prevalences": [0.1]}'
        return supplement_add(study=story.study, uploads=[], plan=plan, reason=reason, by=by, now=now).number

    given = at_once(*[give] * 10)
    assert set(given) == {OutsideDataset.objects.get().pk}
    assert AnalysisRun.objects.filter(outside=given[0]).count() == 1
    numbers = at_once(*[partial(add, reason) for reason in ("one", "one", "two", "three", "four")])
    assert sorted(numbers) == sorted([1, 2, 3, 4, numbers[0]])
    assert numbers[0] == numbers[1]
    assert AnalysisSupplement.objects.count() == 4
