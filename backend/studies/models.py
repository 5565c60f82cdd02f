import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.accounts.models import Center
from backend.accounts.roles import Role
from backend.cases.models import Case

from .session_states import Arm, SessionStatus, StudyPhase, choices


class ReaderStudy(models.Model):
    """A reader study: its protocol, frozen before the first read, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    phase = models.CharField(max_length=10, choices=choices(StudyPhase), default=StudyPhase.DESIGN)
    protocol = models.JSONField(default=dict, blank=True)
    protocol_version = models.PositiveIntegerField(default=1)
    protocol_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lock_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["slug"]
        verbose_name_plural = "reader studies"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="study_frozen_iff_not_design",
                condition=Q(phase=StudyPhase.DESIGN, frozen_at__isnull=True, protocol_sha256="")
                | (~Q(phase=StudyPhase.DESIGN) & Q(frozen_at__isnull=False) & ~Q(protocol_sha256="")),
            ),
            models.CheckConstraint(
                name="study_locked_iff_locked_at",
                condition=Q(phase=StudyPhase.LOCKED, locked_at__isnull=False)
                | (~Q(phase=StudyPhase.LOCKED) & Q(locked_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class StudyMember(models.Model):
    """A person's role in one study."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["role", "user__username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "user", "role"], name="one_membership_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role}"


class StudyCase(models.Model):
    """A case that a study reads."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="study_cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    case_info = models.JSONField(default=list, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["case__number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "case"], name="case_once_per_study"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class StudySession(models.Model):
    """One pass over the cases, in one arm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="sessions")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    arm = models.CharField(max_length=10, choices=choices(Arm))
    model_id = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "ordinal"], name="one_session_per_ordinal"),
            models.CheckConstraint(
                name="aided_iff_model",
                condition=Q(arm=Arm.AIDED) & ~Q(model_id="") | Q(arm=Arm.UNAIDED, model_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReadingSession(models.Model):
    """One reader's pass over the cases of a study session, in the reader's own stored order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(StudyMember, on_delete=models.PROTECT, related_name="reading_sessions")
    session = models.ForeignKey(StudySession, on_delete=models.PROTECT, related_name="reading_sessions")
    status = models.CharField(max_length=10, choices=choices(SessionStatus), default=SessionStatus.SCHEDULED)
    opened_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["member", "session__ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["member", "session"], name="one_reading_session"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(status=SessionStatus.OPEN), name="one_open_session_per_reader"
            ),
            models.CheckConstraint(
                name="session_locked_iff_locked_at",
                condition=Q(status=SessionStatus.LOCKED, locked_at__isnull=False)
                | (~Q(status=SessionStatus.LOCKED) & Q(locked_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="session_opened_unless_scheduled",
                condition=Q(status=SessionStatus.SCHEDULED, opened_at__isnull=True)
                | Q(status__in=[SessionStatus.OPEN, SessionStatus.LOCKED], opened_at__isnull=False)
                | Q(status=SessionStatus.VOIDED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} / {self.session_id}"


class Randomisation(models.Model):
    """The record of how one reader's order was drawn; the order itself is the rows of `Assignment`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_session = models.OneToOneField(
        ReadingSession, on_delete=models.PROTECT, related_name="randomisation"
    )
    seed = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=60)
    algorithm_version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.algorithm} {self.algorithm_version}"


class Assignment(models.Model):
    """One case at one place in one reader's order, under a name of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_session = models.ForeignKey(ReadingSession, on_delete=models.PROTECT, related_name="assignments")
    study_case = models.ForeignKey(StudyCase, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    alias = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar[list[str]] = ["reading_session", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reading_session", "study_case"], name="case_once_per_session"),
            models.UniqueConstraint(fields=["reading_session", "position"], name="one_case_per_position"),
            models.UniqueConstraint(fields=["reading_session", "alias"], name="one_case_per_alias"),
            models.CheckConstraint(name="position_from_one", condition=Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return self.alias
