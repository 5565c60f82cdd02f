"""One reader in sixteen tabs: of what is asked at the same instant, one is done, whatever the database."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions.release import read_open_next_with_aid
from backend.reads.models import Answer, Read
from backend.reads.services import draft_save, read_submit
from backend.reports.models import FrozenDataset
from backend.reports.services import study_lock_and_report
from tests.factories.studies import Stage, StudyStory, study_in

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 16


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


def test_sixteen_tabs_open_one_read() -> None:
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


def test_the_same_key_sixteen_times_is_one_read() -> None:
    story = study_in(Stage.SESSION_1)
    read = draft_of(story, "reader1")
    answers = story.answers_of(read)
    key = uuid.UUID(int=1)
    done = at_once(*[lambda: submit(story, read, key, answers)] * TABS)
    assert done == [read.pk] * TABS
    assert Answer.objects.filter(read=read).count() == len(story.study.protocol["form"]["questions"])
    assert AuditEvent.objects.filter(event="read_submitted", subject_id=str(read.pk)).count() == 1


def test_of_sixteen_keys_one_wins_and_its_answers_stay() -> None:
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


def test_of_sixteen_drafts_of_one_revision_one_is_kept() -> None:
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

    def lock() -> str:
        coordinator = story.people["coordinator"]
        study_lock_and_report(study_id=story.study.pk, by=coordinator, now=story.now, reason="Race.")
        return "locked"

    done = at_once(lambda: submit(story, read, uuid.UUID(int=1), answers), lock)
    assert done[0] in (read.pk, "study_not_reading")
    assert done[1] == "locked"
    submitted = Read.objects.filter(study=story.study, status="SUBMITTED").count()
    assert len(FrozenDataset.objects.get(study=story.study).document["reads"]) == submitted
    assert (done[0] == read.pk) == Read.objects.filter(pk=read.pk, status="SUBMITTED").exists()
