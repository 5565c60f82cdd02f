"""Sessions, the order in which each reader meets the cases, and the record of how it was drawn."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.audit.unchangeable import Unchangeable
from backend.studies.session_states import DrawKind, SessionKind, SessionStatus, choices

from .study import ReaderStudy
from .taking_part import StudyCase, StudyMember


class StudySession(models.Model):
    """One pass of the protocol; which cases in which arm is said by its plan, reader by reader."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="sessions")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=choices(SessionKind), default=SessionKind.STUDY)
    period = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "ordinal"], name="one_session_per_ordinal"),
            models.CheckConstraint(
                name="training_iff_ordinal_zero",
                condition=Q(kind=SessionKind.TRAINING, ordinal=0) | Q(kind=SessionKind.STUDY, ordinal__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReadingSession(models.Model):
    """One reader's pass over the cases of a study session, in the reader's own stored order.

    A training that was not passed is begun again as another `attempt`; every other session has one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(StudyMember, on_delete=models.PROTECT, related_name="reading_sessions")
    session = models.ForeignKey(StudySession, on_delete=models.PROTECT, related_name="reading_sessions")
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=choices(SessionStatus), default=SessionStatus.SCHEDULED)
    opened_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    training_score = models.FloatField(null=True, blank=True)
    is_passed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["member", "session__ordinal", "attempt"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["member", "session", "attempt"], name="one_reading_session"),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(status__in=[SessionStatus.OPEN, SessionStatus.READ]),
                name="one_open_session_per_reader",
            ),
            models.CheckConstraint(
                name="session_locked_iff_locked_at",
                condition=Q(status=SessionStatus.LOCKED, locked_at__isnull=False)
                | (~Q(status=SessionStatus.LOCKED) & Q(locked_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="session_opened_unless_scheduled",
                condition=Q(status=SessionStatus.SCHEDULED, opened_at__isnull=True, read_at__isnull=True)
                | Q(status=SessionStatus.OPEN, opened_at__isnull=False, read_at__isnull=True)
                | Q(
                    status__in=[SessionStatus.READ, SessionStatus.LOCKED],
                    opened_at__isnull=False,
                    read_at__isnull=False,
                )
                | Q(status=SessionStatus.VOIDED),
            ),
            models.CheckConstraint(name="attempt_from_one", condition=Q(attempt__gte=1)),
            models.CheckConstraint(
                name="training_judged_when_locked",
                condition=Q(training_score__isnull=True, is_passed__isnull=True)
                | Q(training_score__isnull=False, is_passed__isnull=False, status=SessionStatus.LOCKED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} / {self.session_id}"


class Randomisation(Unchangeable):
    """The record of one draw: seed, algorithm, all it was drawn from, what came out, and the digest of these.

    `subject` is the reading session of an order, the key of a case set, or the study member of an allocation.
    `inputs` may hold strata, by which truth could be guessed: it is shown to nobody before the database lock.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=choices(DrawKind))
    subject = models.CharField(max_length=60)
    seed = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=60)
    algorithm_version = models.PositiveSmallIntegerField()
    inputs = models.JSONField()
    drawn = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "created_at", "kind", "subject"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "kind", "subject"], name="drawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.algorithm} {self.algorithm_version}"


class Assignment(Unchangeable):
    """One case at one place in one reader's order, under a name of its own.

    `arms` holds the arm of each commit: one, or several that follow each other within the case. A hidden repeat
    is an assignment like any other to its reader; `repeat_of` is the one that it repeats.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_session = models.ForeignKey(ReadingSession, on_delete=models.PROTECT, related_name="assignments")
    study_case = models.ForeignKey(StudyCase, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    alias = models.CharField(max_length=20)
    arms = models.JSONField()
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["reading_session", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reading_session", "study_case"],
                condition=Q(repeat_of__isnull=True),
                name="case_once_per_session",
            ),
            models.UniqueConstraint(fields=["repeat_of"], name="repeated_once"),
            models.UniqueConstraint(fields=["reading_session", "position"], name="one_case_per_position"),
            models.UniqueConstraint(fields=["reading_session", "alias"], name="one_case_per_alias"),
            models.CheckConstraint(name="position_from_one", condition=Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return self.alias


class WashoutOverride(Unchangeable):
    """The leave to read one case before its washout has passed; a deviation stands beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.assignment_id)


class Unblinding(Unchangeable):
    """One case unblinded to one person in an emergency; its reads are marked by it in every dataset."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study_case = models.ForeignKey(StudyCase, on_delete=models.PROTECT, related_name="+")
    unblinded_at = models.DateTimeField()
    unblinded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["unblinded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="unblinding_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.study_case_id)
