"""Two readers do anything in any order at any time, and the rules of the study hold after every step.

What should happen is said by a model of a few lines that knows the stored order, the times of submission and the
washout, and nothing of the product's code.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from

from backend.audit.errors import RuleBroken
from backend.reads.models import Answer, Read
from backend.reads.services import draft_save, read_open_next, read_submit
from backend.studies.models import Assignment, ReadingSession
from backend.studies.services import study_lock
from tests.factories.studies import READERS, WASHOUT, StudyStory, design, freeze

MICROSECOND = timedelta(microseconds=1)
STEPS = (MICROSECOND, timedelta(hours=1), timedelta(days=10), WASHOUT - timedelta(hours=1), WASHOUT)


class ReaderModel:
    """What one reader may do, from the stored order alone."""

    def __init__(self, story: StudyStory, part: str) -> None:
        rows = Assignment.objects.filter(reading_session__member__user=story.people[part])
        self.order = list(rows.order_by("reading_session__session__ordinal", "position"))
        self.cases = len(self.order) // 2
        self.submitted: list[datetime] = []
        self.is_open = False

    def expected_of_next(self, now: datetime) -> Any:
        """The assignment that opens, or the code of the refusal."""
        done = len(self.submitted)
        if self.is_open:
            return self.order[done].pk
        if done == len(self.order):
            return "nothing_left"
        turn = self.order[done]
        if done >= self.cases:
            first = [one.study_case_id for one in self.order[: self.cases]].index(turn.study_case_id)
            if now < self.submitted[first] + WASHOUT:
                return "washout_running"
        return turn.pk


def outcome(action: Callable[[], Any]) -> Any:
    """What the action gave, or the code with which it was refused."""
    try:
        return action()
    except RuleBroken as refused:
        return refused.code


class Reading(RuleBasedStateMachine):
    story: StudyStory

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = self.story.now
        self.models = {part: ReaderModel(self.story, part) for part in READERS}
        self.stored: dict[uuid.UUID, list[Any]] = {}
        self.is_locked = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def draft(self, part: str) -> Read | None:
        return Read.objects.filter(reader=self.story.people[part], status="DRAFT").first()

    @rule(part=sampled_from(READERS))
    def open_next(self, part: str) -> None:
        model = self.models[part]
        reader = self.story.people[part]
        opened = outcome(lambda: read_open_next(slug=self.story.slug, by=reader, now=self.now))
        if self.is_locked:
            assert opened == "study_not_reading"
            return
        expected = model.expected_of_next(self.now)
        assert getattr(opened, "assignment_id", opened) == expected
        model.is_open = not isinstance(opened, str)

    @initialize(read_before=sampled_from([0, 1, 3]))
    def begin(self, read_before: int) -> None:
        """Some stories begin in the middle, or few would get to the second session."""
        for part in READERS:
            for _ in range(read_before):
                self.read_a_case(part)

    @rule(part=sampled_from(READERS))
    def read_a_case(self, part: str) -> None:
        self.open_next(part)
        self.submit(part)

    @rule(part=sampled_from(READERS), rating=sampled_from([1, 5]))
    def save(self, part: str, rating: int) -> None:
        read = self.draft(part)
        if read is None:
            return
        saved = outcome(
            lambda: draft_save(
                read_id=read.pk,
                revision=read.draft_revision,
                answers={"rating": rating},
                measurements=[],
                by=read.reader,
                now=self.now,
            )
        )
        if self.is_locked:
            assert saved == "study_not_reading"
        else:
            assert saved.revision == read.draft_revision + 1

    @rule(part=sampled_from(READERS))
    def submit(self, part: str) -> None:
        read = self.draft(part)
        if read is None:
            return
        submitted = outcome(lambda: self._submit(read, uuid.uuid5(read.pk, "key")))
        if self.is_locked:
            assert submitted == "study_not_reading"
            return
        assert submitted.read.pk == read.pk
        self.models[part].submitted.append(self.now)
        self.models[part].is_open = False
        self.stored[read.pk] = answers_in(read.pk)

    @precondition(lambda self: self.stored)
    @rule()
    def submit_again(self) -> None:
        """A read that is submitted takes no second submission, under whatever key."""
        read = Read.objects.get(pk=list(self.stored)[-1])
        again = self._submit(read, read.idempotency_key)
        assert again.read.pk == read.pk
        assert outcome(lambda: self._submit(read, uuid.uuid4())) == "read_locked"

    def _submit(self, read: Read, key: uuid.UUID) -> Any:
        return read_submit(
            read_id=read.pk,
            idempotency_key=key,
            answers=self.story.answers_of(read),
            measurements=[],
            timing={},
            by=read.reader,
            now=self.now,
        )

    @rule(step=sampled_from(STEPS))
    def let_time_pass(self, step: timedelta) -> None:
        self.now += step

    @precondition(lambda self: not self.is_locked and len(self.stored) > 4)
    @rule()
    def lock_the_study(self) -> None:
        study_lock(study_id=self.story.study.pk, reason="Drawn.", by=None, now=self.now)
        self.is_locked = True

    @invariant()
    def one_draft_a_reader(self) -> None:
        for part in READERS:
            drafts = Read.objects.filter(reader=self.story.people[part], status="DRAFT").count()
            assert drafts == self.models[part].is_open

    @invariant()
    def reads_follow_the_stored_order(self) -> None:
        for part, model in self.models.items():
            reads = Read.objects.filter(reader=self.story.people[part])
            opened = {read.assignment_id for read in reads}
            count = len(model.submitted) + model.is_open
            assert opened == {one.pk for one in model.order[:count]}

    @invariant()
    def no_case_opens_before_its_washout(self) -> None:
        for read in Read.objects.filter(assignment__reading_session__session__ordinal=2):
            first = Read.objects.get(
                reader=read.reader,
                assignment__study_case=read.assignment.study_case,
                assignment__reading_session__session__ordinal=1,
            )
            assert read.opened_at - first.submitted_at >= WASHOUT
            assert read.washout_seconds == (read.opened_at - first.submitted_at).total_seconds()

    @invariant()
    def what_is_submitted_never_changes(self) -> None:
        for read_id, answers in self.stored.items():
            assert answers_in(read_id) == answers

    @invariant()
    def sessions_open_and_lock_with_their_reads(self) -> None:
        for part, model in self.models.items():
            done = len(model.submitted) + model.is_open
            for session in ReadingSession.objects.filter(member__user=self.story.people[part]):
                begun = done - model.cases * (session.session.ordinal - 1)
                finished = len(model.submitted) >= model.cases * session.session.ordinal
                expected = "LOCKED" if finished else "OPEN" if begun > 0 else "SCHEDULED"
                assert session.status == expected


def answers_in(read_id: uuid.UUID) -> list[Any]:
    read = Read.objects.get(pk=read_id)
    given = Answer.objects.filter(read=read).order_by("question").values_list("question", "value")
    return [read.status, read.submitted_at, read.idempotency_key, *given]


@pytest.mark.django_db
def test_the_rules_of_reading_hold_whatever_two_readers_do() -> None:
    Reading.story = freeze(design("DICE", cases=3))
    run_state_machine_as_test(
        Reading,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
