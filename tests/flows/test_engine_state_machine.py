"""Everybody in two studies does anything in any order at any time, and no rule of the product breaks.

The first study reads unaided and then aided after a washout, signs its sessions and takes breaks. The second trains
its readers, reads every case in two steps, repeats a case unseen and adjudicates. What may be opened next is said by
a model of a few lines that knows the stored rows and nothing of the product's rules.

`READING_ROOM_ACTIONS=10000 pytest tests/flows/test_engine_state_machine.py` walks that many actions.
"""

import hashlib
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy, integers, sampled_from

from backend.accounts.models import User
from backend.adjudication.models import AdjudicationItem, VerdictAnswer
from backend.audit.models import AuditEvent
from backend.predictions.models import Disclosure
from backend.reads.models import Answer, CorrectedAnswer, Correction, Read, Reopening
from backend.studies.models import (
    Assignment,
    Deviation,
    ProtocolVersion,
    ReaderStudy,
    ReadingSession,
    Signature,
    StudyMember,
    Unblinding,
    WashoutOverride,
)
from tests.api.observers import ask, at, client_of
from tests.factories.engine import adjudicated_study, signed_study
from tests.factories.studies import READERS, StudyStory

ACTIONS = int(os.environ.get("READING_ROOM_ACTIONS", "600"))
STEPS = 60
PARTS = ("reader1", "reader2", "coordinator", "statistician", "auditor", "site", "adjudicator")
NAMES = ("ALFA", "BETA")
PEOPLE = [(name, part) for name in NAMES for part in PARTS]
PASSWORD = "a long password of the tests"
WAITS = (
    timedelta(microseconds=1),
    timedelta(minutes=16),
    timedelta(days=9),
    timedelta(days=28) - timedelta(microseconds=1),
    timedelta(days=28),
)


def mostly(*parts: str) -> SearchStrategy[tuple[str, str]]:
    """Anybody, and more often those whose part it is."""
    return sampled_from([*PEOPLE, *[(name, part) for name in NAMES for part in parts] * 8])


ANYBODY = sampled_from(PEOPLE)
READER, COORDINATOR, ADJUDICATOR = mostly(*READERS), mostly("coordinator"), mostly("adjudicator")
DESK = mostly("coordinator", "statistician")
NAME = sampled_from(NAMES)
OWN = sampled_from([True, True, True, True, False])


class Engine(RuleBasedStateMachine):
    stories: dict[str, StudyStory]
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = max(story.now for story in self.stories.values())
        self.clients = {who: self._client(*who) for who in PEOPLE}
        self.first_answers: dict[uuid.UUID, list[Any]] = {}
        self.events = AuditEvent.objects.count()
        self.locked: dict[str, list[Any]] = {}

    def _client(self, name: str, part: str) -> Client:
        # A sign-in lasts for hours and a walk for years: this one is from after its end.
        with at(self.now + timedelta(days=28) * STEPS):
            return client_of(self.stories[name].people[part])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # ------------------------------------------------------------------------------------------------- asking

    def ask(self, who: tuple[str, str], method: str, url: str, body: Any = None) -> HttpResponse:
        """One action; every write that was accepted left its trace, every refusal left none."""
        type(self).done[url.rsplit("/", 1)[-1]] += 1
        with at(self.now):
            answer = ask(self.clients[who], method, url, body)
        assert answer.status_code < 500, f"{who} {method} {url}: {answer.status_code}"
        events = AuditEvent.objects.count()
        if answer.status_code >= 400:
            assert events == self.events, f"{url} was refused with {answer.status_code} and left a trace"
        self.events = events
        return answer

    def study(self, name: str) -> ReaderStudy:
        return ReaderStudy.objects.get(slug=self.stories[name].slug)

    def user(self, who: tuple[str, str]) -> User:
        return self.stories[who[0]].people[who[1]]

    def reads_of(self, who: tuple[str, str]) -> list[Read]:
        return list(Read.objects.filter(reader=self.user(who)).order_by("opened_at", "pk"))

    def target(self, name: str, index: int, *, status: str) -> Read | None:
        reads = list(
            Read.objects.filter(study__slug=self.stories[name].slug, status=status).order_by(
                "opened_at", "pk"
            )
        )
        return reads[index % len(reads)] if reads else None

    def owner(self, read: Read) -> tuple[str, str]:
        return next(who for who in PEOPLE if self.user(who).pk == read.reader_id)

    def check_404_of_others(self, who: tuple[str, str], read: Read, answer: HttpResponse) -> bool:
        """Nobody but its reader learns even that a read exists; gives whether it was the reader who asked."""
        if self.user(who).pk == read.reader_id and not self.has_left(who):
            return True
        assert answer.status_code == 404
        return False

    # ------------------------------------------------------------------------------------------------- reading

    @initialize(walked=sampled_from([12, 0, 3, 6]), days=sampled_from([0, 27, 28]))
    def begin_in_the_middle(self, walked: int, days: int) -> None:
        """Few stories would get far otherwise."""
        for name in NAMES:
            for part in READERS:
                self.walk((name, part), min(walked, 3))
        self.now += timedelta(days=days)
        for name in NAMES:
            for part in READERS:
                self.walk((name, part), walked - 3)

    def walk(self, who: tuple[str, str], count: int) -> None:
        for _ in range(count):
            self.read_a_case(who)
            self.now += timedelta(minutes=16)
            if ReadingSession.objects.filter(member__user=self.user(who), status="READ").exists():
                self.sign(who, who[0])

    @rule(who=READER, name=NAME)
    def open_next(self, who: tuple[str, str], name: str) -> None:
        expected = self.expected_of_next(who, name)
        answer = self.ask(who, "POST", f"/api/reader/studies/{self.stories[name].slug}/next")
        if isinstance(expected, int):
            assert answer.status_code == expected
        elif isinstance(expected, str):
            assert (answer.status_code, answer.json()["code"]) == (409, expected)
        else:
            assert answer.status_code == 200, answer.content
            read = Read.objects.get(pk=answer.json()["read_id"])
            assert (read.assignment_id, read.step) == expected

    @rule(who=READER)
    def read_a_case(self, who: tuple[str, str]) -> None:
        self.open_next(who, who[0])
        read = Read.objects.filter(reader=self.user(who), status="DRAFT").first()
        if read is not None:
            self.see(who, read)
            self.submit_read(who, read)

    @rule(who=ANYBODY, name=NAME, index=integers(0, 9), own=OWN)
    def save(self, who: tuple[str, str], name: str, index: int, own: bool) -> None:
        read = self.target(name, index, status="DRAFT")
        if read is None:
            return
        who = self.owner(read) if own else who
        body = {"revision": read.draft_revision, "answers": {"rating": 2}, "measurements": []}
        answer = self.ask(who, "PUT", f"/api/reader/reads/{read.pk}/draft", body)
        if self.check_404_of_others(who, read, answer):
            expected = 200 if self.study(name).phase == "READING" else 409
            assert answer.status_code == expected

    @rule(who=ANYBODY, name=NAME, index=integers(0, 9), own=OWN)
    def look(self, who: tuple[str, str], name: str, index: int, own: bool) -> None:
        read = self.target(name, index, status="DRAFT")
        if read is not None:
            self.see(self.owner(read) if own else who, read)

    def see(self, who: tuple[str, str], read: Read) -> None:
        """A model's output comes out in an aided read, after every step before, and to its reader alone."""
        answer = self.ask(who, "GET", f"/api/reader/reads/{read.pk}/aid")
        is_due = (
            read.reader_id == self.user(who).pk
            and not self.has_left(who)
            and read.arm == "aided"
            and ReaderStudy.objects.get(pk=read.study_id).phase == "READING"
        )
        assert (answer.status_code == 200) == is_due

    @rule(who=ANYBODY, name=NAME, index=integers(0, 9), own=OWN)
    def submit(self, who: tuple[str, str], name: str, index: int, own: bool) -> None:
        read = self.target(name, index, status="DRAFT")
        if read is not None:
            self.submit_read(self.owner(read) if own else who, read)

    def submit_read(self, who: tuple[str, str], read: Read) -> None:
        answer = self.ask(who, "POST", f"/api/reader/reads/{read.pk}/submit", self.submission(read))
        if not self.check_404_of_others(who, read, answer):
            return
        study = ReaderStudy.objects.get(pk=read.study_id)
        shown = read.arm != "aided" or Disclosure.objects.filter(read=read).exists()
        assert answer.status_code == (200 if study.phase == "READING" and shown else 409), answer.content
        if answer.status_code == 200:
            self.first_answers[read.pk] = stored(read.pk)

    @rule(who=ANYBODY, name=NAME, index=integers(0, 99), own=OWN, is_same=sampled_from([True, False]))
    def submit_again(self, who: tuple[str, str], name: str, index: int, own: bool, is_same: bool) -> None:
        """A read that is submitted takes no second submission; the same key gives the same read."""
        read = self.target(name, index, status="SUBMITTED")
        if read is None:
            return
        who = self.owner(read) if own else who
        body = {**self.submission(read), "idempotency_key": read.idempotency_key if is_same else uuid.uuid4()}
        before = self.events
        answer = self.ask(who, "POST", f"/api/reader/reads/{read.pk}/submit", body)
        if self.check_404_of_others(who, read, answer):
            assert answer.status_code == (200 if is_same else 409)
        assert self.events == before

    def submission(self, read: Read) -> dict[str, Any]:
        story = next(story for story in self.stories.values() if story.study.pk == read.study_id)
        return {
            "idempotency_key": uuid.uuid5(read.pk, "key"),
            "answers": {**story.answers_of(read), **self.learned(read)},
            "measurements": [],
            "timing": {},
        }

    def learned(self, read: Read) -> dict[str, Any]:
        """The second reader passes the training at the second attempt only."""
        session = read.assignment.reading_session
        if session.session.ordinal != 0:
            return {}
        is_right = session.attempt == 2 or self.owner(read)[1] == "reader1"
        return {"rating": 4 if is_right else 1}

    @rule(who=READER, name=NAME)
    def sign(self, who: tuple[str, str], name: str) -> None:
        waiting = ReadingSession.objects.filter(
            member__user=self.user(who), session__study__slug=self.stories[name].slug, status="READ"
        ).first()
        ordinal = waiting.session.ordinal if waiting else 1
        url = f"/api/reader/studies/{self.stories[name].slug}/sessions/{ordinal}/sign"
        answer = self.ask(who, "POST", url, {"password": PASSWORD})
        if who[0] != name or who[1] not in READERS or self.has_left(who):
            assert answer.status_code == 404
        elif waiting is not None and self.study(name).phase == "READING":
            assert answer.status_code == 200, answer.content

    # ---------------------------------------------------------------------------------------------- correcting

    @rule(who=ANYBODY, name=NAME, index=integers(0, 99), own=OWN)
    def ask_to_correct(self, who: tuple[str, str], name: str, index: int, own: bool) -> None:
        read = self.target(name, index, status="SUBMITTED")
        if read is not None:
            who = self.owner(read) if own else who
            url = f"/api/reader/reads/{read.pk}/correction-request"
            self.check_404_of_others(who, read, self.ask(who, "POST", url, {"reason": "A slip."}))

    @rule(
        who=COORDINATOR,
        name=NAME,
        index=integers(0, 9),
        decision=sampled_from(["grant", "refuse"]),
    )
    def decide(self, who: tuple[str, str], name: str, index: int, decision: str) -> None:
        asked = list(
            Reopening.objects.filter(read__study__slug=self.stories[name].slug).order_by("requested_at", "pk")
        )
        if not asked:
            return
        chosen = asked[index % len(asked)]
        url = f"/api/desk/studies/{self.stories[name].slug}/reopenings/{chosen.pk}/{decision}"
        answer = self.ask(who, "POST", url, {"decision": "Heard."})
        if (who[0], who[1]) != (name, "coordinator"):
            assert answer.status_code == 404
        else:
            same = Read.objects.filter(
                reader=chosen.read.reader,
                assignment__study_case=chosen.read.assignment.study_case,
                status="DRAFT",
            )
            in_the_way = decision == "grant" and same.exists()
            is_open = chosen.status == "REQUESTED" and self.study(name).phase == "READING"
            assert (answer.status_code == 200) == (is_open and not in_the_way)

    @rule(who=ANYBODY, name=NAME, index=integers(0, 9), own=OWN)
    def correct(self, who: tuple[str, str], name: str, index: int, own: bool) -> None:
        granted = list(
            Reopening.objects.filter(read__study__slug=self.stories[name].slug)
            .exclude(status="REQUESTED")
            .order_by("requested_at", "pk")
        )
        if not granted:
            return
        chosen = granted[index % len(granted)]
        who = self.owner(chosen.read) if own else who
        body = {
            **self.submission(chosen.read),
            "idempotency_key": uuid.uuid5(chosen.pk, "correction"),
            "reason": "A slip.",
        }
        answer = self.ask(who, "POST", f"/api/reader/reads/{chosen.read_id}/correction", body)
        if self.check_404_of_others(who, chosen.read, answer) and chosen.status == "REFUSED":
            is_granted_anew = Reopening.objects.filter(read=chosen.read).exclude(status="REFUSED").exists()
            assert answer.status_code == 409 or is_granted_anew

    # ------------------------------------------------------------------------------------------ adjudicating

    @rule(who=ADJUDICATOR, name=NAME)
    def adjudicate_next(self, who: tuple[str, str], name: str) -> None:
        answer = self.ask(who, "POST", f"/api/adjudicator/studies/{self.stories[name].slug}/next")
        if who != (name, "adjudicator"):
            assert answer.status_code == 404

    @rule(who=ADJUDICATOR, name=NAME)
    def settle(self, who: tuple[str, str], name: str) -> None:
        item = AdjudicationItem.objects.filter(study__slug=self.stories[name].slug, status="OPEN").first()
        if item is None:
            return
        body = {
            "idempotency_key": uuid.uuid5(item.pk, "verdict"),
            "answers": dict.fromkeys(item.to_settle, 3),
            "measurements": [],
            "reason": "Seen again.",
            "attendees": [],
        }
        answer = self.ask(who, "POST", f"/api/adjudicator/items/{item.pk}/settle", body)
        if who != (name, "adjudicator"):
            assert answer.status_code == 404
        elif self.study(name).phase == "READING":
            assert answer.status_code == 200, answer.content

    # --------------------------------------------------------------------------------------------- the desk

    @rule(who=DESK, name=NAME, step=sampled_from(["request", "withdraw", "confirm"]))
    def lock(self, who: tuple[str, str], name: str, step: str) -> None:
        before = self.study(name)
        url = f"/api/desk/studies/{self.stories[name].slug}/lock/{step}"
        answer = self.ask(who, "POST", url, {"reason": "Drawn.", "password": PASSWORD})
        if who[0] != name or who[1] not in ("coordinator", "statistician"):
            assert answer.status_code == 404
        if step == "confirm" and answer.status_code == 200:
            assert before.lock_requested_by_id not in (None, self.user(who).pk)
            self.locked[name] = everything_read(self.stories[name])

    @rule(who=COORDINATOR, name=NAME, part=sampled_from(READERS))
    def override(self, who: tuple[str, str], name: str, part: str) -> None:
        user = self.stories[name].people[part]
        member = user.memberships.get(study__slug=self.stories[name].slug)
        url = f"/api/desk/studies/{self.stories[name].slug}/members/{member.pk}/override-washout"
        answer = self.ask(who, "POST", url, {"reason": "The reader leaves.", "password": PASSWORD})
        if (who[0], who[1]) != (name, "coordinator"):
            assert answer.status_code == 404

    @rule(who=ANYBODY, name=NAME, page=sampled_from(["", "/progress", "/audit", "/results", "/protocol"]))
    def visit_the_desk(self, who: tuple[str, str], name: str, page: str) -> None:
        answer = self.ask(who, "GET", f"/api/desk/studies/{self.stories[name].slug}{page}")
        if who[0] != name or who[1] in (*READERS, "adjudicator"):
            assert answer.status_code == 404
        if page == "/results" and self.study(name).phase != "LOCKED":
            assert answer.status_code in (404, 409)

    @rule(who=COORDINATOR, name=NAME, word=sampled_from(["Slowly.", "Twice."]))
    def amend(self, who: tuple[str, str], name: str, word: str) -> None:
        study = self.study(name)
        body = {
            "document": {**study.protocol, "instructions": word},
            "version": study.protocol_version,
            "reason": "A reader asked.",
            "password": PASSWORD,
        }
        answer = self.ask(who, "POST", f"/api/desk/studies/{study.slug}/amendments", body)
        if who != (name, "coordinator"):
            assert answer.status_code == 404
        else:
            changes = study.phase == "READING" and study.protocol["instructions"] != word
            assert (answer.status_code == 201) == changes, answer.content

    @rule(who=COORDINATOR, name=NAME)
    def unblind(self, who: tuple[str, str], name: str) -> None:
        story = self.stories[name]
        body = {
            "case": story.cases[0].number,
            "reason": "Fever of unknown origin.",
            "name": self.user(who).shown_name,
            "password": PASSWORD,
        }
        answer = self.ask(who, "POST", f"/api/desk/studies/{story.slug}/unblind", body)
        if who != (name, "coordinator"):
            assert answer.status_code == 404
        seen = self.ask(who, "GET", f"/api/desk/studies/{story.slug}/unblind/{story.cases[0].number}")
        is_theirs = Unblinding.objects.filter(
            study_case=story.study_case(story.cases[0]), unblinded_by=self.user(who)
        ).exists()
        assert (seen.status_code == 200) == is_theirs or self.study(name).phase == "LOCKED"

    @rule(who=COORDINATOR, name=NAME, is_sure=sampled_from([False, False, True]))
    def withdraw(self, who: tuple[str, str], name: str, is_sure: bool) -> None:
        """The second reader leaves now and then; what is read stays, and nothing opens any more."""
        member = self.stories[name].people["reader2"].memberships.get(study__slug=self.stories[name].slug)
        url = f"/api/desk/studies/{self.stories[name].slug}/members/{member.pk}/withdraw"
        answer = self.ask(who, "POST", url, {"reason": "The reader left." if is_sure else ""})
        if who != (name, "coordinator"):
            assert answer.status_code == 404
        elif not is_sure:
            assert answer.status_code in (400, 409)

    @rule(wait=sampled_from(WAITS))
    def let_time_pass(self, wait: timedelta) -> None:
        self.now += wait

    # ------------------------------------------------------------------------------------- the slow model

    def expected_of_next(self, who: tuple[str, str], name: str) -> Any:
        """A status, the code of a refusal, or assignment and step of what opens."""
        if who[0] != name or who[1] not in READERS or self.has_left(who):
            return 404
        if self.study(name).phase != "READING":
            return "study_not_reading"
        sessions = ReadingSession.objects.filter(
            member__user=self.user(who), session__study__slug=self.stories[name].slug
        ).order_by("session__ordinal", "attempt")
        for session in sessions:
            later = [
                one
                for one in sessions
                if one.session_id == session.session_id and one.attempt > session.attempt
            ]
            if session.is_passed is False and not later:
                return "training_failed"
            if session.status == "READ":
                return "session_to_sign"
            if session.status == "LOCKED":
                continue
            for assignment in session.assignments.order_by("position"):
                for step in range(1, len(assignment.arms) + 1):
                    read = Read.objects.filter(assignment=assignment, step=step).first()
                    if read is None or read.status == "DRAFT":
                        return self.expected_to_open(
                            who, name, session, assignment, step, is_draft=read is not None
                        )
        return "nothing_left"

    def has_left(self, who: tuple[str, str]) -> bool:
        return self.user(who).memberships.filter(withdrawn_at__isnull=False).exists()

    def expected_to_open(
        self,
        who: tuple[str, str],
        name: str,
        session: ReadingSession,
        assignment: Assignment,
        step: int,
        *,
        is_draft: bool,
    ) -> Any:
        if is_draft:
            return (assignment.pk, step)
        owed = Reopening.objects.filter(
            read__reader=self.user(who), read__study__slug=self.stories[name].slug, status="GRANTED"
        )
        opened = "correction_open" if owed.exists() else (assignment.pk, step)
        if step > 1:
            return opened
        opens = prior_commit(self.user(who), assignment)
        washout = session.session.ordinal > 1 and opens is not None
        overridden = WashoutOverride.objects.filter(assignment=assignment).exists()
        ends = opens + timedelta(days=28) if washout and opens and not overridden else self.now
        break_ends = self.break_ends(who, name)
        if ends > self.now and ends >= break_ends:
            return "washout_running"
        if break_ends > self.now:
            return "break_due"
        return opened

    def break_ends(self, who: tuple[str, str], name: str) -> datetime:
        """Two cases a sitting, in the study that has a cap; a pause of fifteen minutes ends one."""
        commits = [
            read
            for read in self.reads_of(who)
            if read.submitted_at is not None and read.study.slug == self.stories[name].slug
        ]
        if name != "ALFA" or not commits:
            return self.now
        sitting: list[Read] = []
        for read in sorted(commits, key=lambda one: one.submitted_at or self.now):
            last = sitting[-1].submitted_at if sitting else None
            if last is not None and read.opened_at - last >= timedelta(minutes=15):
                sitting = []
            sitting.append(read)
        last = sitting[-1].submitted_at or self.now
        return last + timedelta(minutes=15) if len(sitting) >= 2 else self.now

    # ------------------------------------------------------------------------------------------- invariants

    @invariant()
    def one_draft_a_reader_and_study(self) -> None:
        drafts = Read.objects.filter(status="DRAFT").values_list("reader", "study")
        assert len(drafts) == len(set(drafts))

    @invariant()
    def reads_follow_the_stored_order(self) -> None:
        for session in ReadingSession.objects.exclude(status="VOIDED"):
            turns = [
                (assignment.pk, step)
                for assignment in session.assignments.order_by("position")
                for step in range(1, len(assignment.arms) + 1)
            ]
            opened = set(
                Read.objects.filter(assignment__reading_session=session).values_list("assignment", "step")
            )
            assert opened == set(turns[: len(opened)])
            done = Read.objects.filter(assignment__reading_session=session, status="SUBMITTED").count()
            finished = ("READ", "LOCKED")
            assert (session.status in finished) == (done == len(turns))
            assert (session.status == "SCHEDULED") == (not opened)

    @invariant()
    def no_case_opens_before_its_washout(self) -> None:
        for read in Read.objects.filter(step=1, assignment__reading_session__session__ordinal__gt=1):
            prior = prior_commit(read.reader, read.assignment, before=read.opened_at)
            assert prior is not None
            assert read.washout_seconds == (read.opened_at - prior).total_seconds()
            overridden = WashoutOverride.objects.filter(assignment=read.assignment).exists()
            assert overridden or read.opened_at - prior >= timedelta(days=28)

    @invariant()
    def first_answers_never_change(self) -> None:
        for read_id, answers in self.first_answers.items():
            assert stored(read_id) == answers

    @invariant()
    def what_is_locked_stays(self) -> None:
        for name, rows in self.locked.items():
            assert everything_read(self.stories[name]) == rows

    @invariant()
    def outputs_are_disclosed_in_aided_reads_alone(self) -> None:
        for disclosure in Disclosure.objects.select_related("read"):
            read = disclosure.read
            assert read.arm == "aided"
            earlier = Read.objects.filter(assignment=read.assignment, step__lt=read.step)
            assert all(one.submitted_at and one.submitted_at <= disclosure.at for one in earlier)
            assert earlier.count() == read.step - 1

    @invariant()
    def frozen_versions_keep_their_digest(self) -> None:
        for version in ProtocolVersion.objects.all():
            assert hashlib.sha256(version.document.encode()).hexdigest() == version.sha256
        for name in NAMES:
            study = self.study(name)
            newest = study.versions.order_by("version").last()
            assert newest is not None
            assert (newest.version, newest.sha256) == (study.protocol_version, study.protocol_sha256)

    @invariant()
    def every_departure_is_on_record(self) -> None:
        kinds = Counter(Deviation.objects.values_list("kind", flat=True))
        assert kinds["WASHOUT_OVERRIDDEN"] == WashoutOverride.objects.count()
        assert kinds["CASE_UNBLINDED"] == Unblinding.objects.count()
        assert kinds["READ_REOPENED"] == Reopening.objects.filter(status__in=["GRANTED", "CORRECTED"]).count()
        assert kinds["READER_WITHDRAWN"] == StudyMember.objects.filter(withdrawn_at__isnull=False).count()

    @invariant()
    def sessions_of_a_signed_study_lock_by_signature(self) -> None:
        locked = ReadingSession.objects.filter(
            session__study__slug=self.stories["ALFA"].slug, status="LOCKED"
        )
        signed = set(Signature.objects.values_list("subject_id", flat=True))
        assert {str(session.pk) for session in locked} <= signed


def prior_commit(reader: User, assignment: Assignment, before: datetime | None = None) -> datetime | None:
    """When the reader had the case before, last: committed or corrected in an earlier session of the study."""
    earlier = Read.objects.filter(
        reader=reader,
        assignment__study_case=assignment.study_case_id,
        assignment__reading_session__session__ordinal__lt=assignment.reading_session.session.ordinal,
        submitted_at__isnull=False,
    )
    instants = [read.submitted_at for read in earlier if read.submitted_at]
    instants += Correction.objects.filter(read__in=earlier).values_list("submitted_at", flat=True)
    return max((one for one in instants if before is None or one <= before), default=None)


def stored(read_id: uuid.UUID) -> list[Any]:
    read = Read.objects.get(pk=read_id)
    given = Answer.objects.filter(read=read).order_by("question").values_list("question", "value")
    return [read.status, read.submitted_at, read.idempotency_key, *given]


def everything_read(story: StudyStory) -> list[Any]:
    def rows() -> Iterator[Any]:
        reads = Read.objects.filter(study=story.study).order_by("pk")
        yield from reads.values_list("pk", "status", "submitted_at", "draft_revision")
        yield from Answer.objects.filter(read__in=reads).order_by("pk").values_list("pk", "value")
        yield from CorrectedAnswer.objects.filter(correction__read__in=reads).values_list("pk", "value")
        yield from VerdictAnswer.objects.order_by("pk").values_list("pk", "value")

    return list(rows())


@pytest.mark.django_db
def test_no_rule_breaks_whatever_everybody_does() -> None:
    Engine.stories = {"ALFA": signed_study("ALFA", PASSWORD), "BETA": adjudicated_study("BETA", PASSWORD)}
    Engine.done = Counter()
    for round_of_stories in range(ACTIONS):
        if sum(Engine.done.values()) >= ACTIONS:
            break
        run_state_machine_as_test(
            seed(20261121 + round_of_stories)(Engine),
            settings=settings(
                max_examples=8,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert {"next", "submit", "sign", "aid", "amendments", "unblind"} <= Engine.done.keys()
    if ACTIONS >= 3_000:
        assert {"request", "confirm", "settle", "correction", "withdraw"} <= Engine.done.keys()
