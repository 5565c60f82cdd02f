import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.studies.models import Assignment, ReaderStudy


class ReadStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    SUBMITTED = "SUBMITTED", "Submitted"


class Read(models.Model):
    """One reader's reading of one case in one session: the row that opens, keeps the draft, and locks.

    `reader` and `study` repeat what the assignment says, so that the database itself can refuse a second
    open read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ReadStatus.choices, default=ReadStatus.DRAFT)
    opened_at = models.DateTimeField()
    washout_seconds = models.FloatField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    idempotency_key = models.UUIDField(null=True, blank=True)
    timing = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reader", "study"],
                condition=Q(status=ReadStatus.DRAFT),
                name="one_open_read_per_reader",
            ),
            models.CheckConstraint(
                name="read_submitted_iff_submitted_at",
                condition=Q(
                    status=ReadStatus.SUBMITTED,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    idempotency_key__isnull=False,
                )
                | Q(status=ReadStatus.DRAFT, submitted_at__isnull=True, submitted_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """The locked answer to one question of the form; derived values are stored beside the given ones."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["question"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "question"], name="one_answer_per_question"),
        ]

    def __str__(self) -> str:
        return self.question


class Measurement(models.Model):
    """A bidirectional measurement: end points in patient coordinates, values computed from them here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField()
    tool = models.CharField(max_length=30)
    question = models.CharField(max_length=60, blank=True)
    sop_uid = models.CharField(max_length=64)
    frame_of_reference_uid = models.CharField(max_length=64)
    points_mm = models.JSONField()
    long_axis_mm = models.FloatField()
    short_axis_mm = models.FloatField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "uuid"], name="one_measurement_per_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
