import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.audit.unchangeable import Unchangeable
from backend.cases.models import CaseSeries
from backend.studies.models import Assignment, ReaderStudy
from backend.studies.session_states import ReopeningStatus, choices


class ReadStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    SUBMITTED = "SUBMITTED", "Submitted"


class Read(models.Model):
    """One reader's reading of one case in one arm in one session: the row that opens, keeps the draft, and locks.

    Where a case is read in steps, each commit is a read of its own, numbered by `step`. `reader` and `study`
    repeat what the assignment says, so that the database itself can refuse a second open read. `view` is where
    the reader was in the images, `protocol_version` what was in force when the read was opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=1)
    arm = models.CharField(max_length=40)
    protocol_version = models.PositiveIntegerField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ReadStatus.choices, default=ReadStatus.DRAFT)
    opened_at = models.DateTimeField()
    washout_seconds = models.FloatField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    view = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    idempotency_key = models.UUIDField(null=True, blank=True)
    timing = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assignment", "step"], name="one_read_per_step"),
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
            models.CheckConstraint(name="step_from_one", condition=Q(step__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(Unchangeable):
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


class Measurement(Unchangeable):
    """A bidirectional measurement: end points in patient coordinates, values computed from them here.

    As with every drawing, `correction` is the one that it was drawn for, nothing for those of the first commit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        "Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
            models.UniqueConstraint(
                fields=["read", "uuid"], condition=Q(correction__isnull=True), name="one_measurement_per_uuid"
            ),
            models.UniqueConstraint(fields=["correction", "uuid"], name="one_corrected_measurement_per_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Mark(Unchangeable):
    """A finding pointed at in the image, with the confidence given to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        "Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uuid = models.UUIDField()
    question = models.CharField(max_length=60)
    sop_uid = models.CharField(max_length=64)
    frame_of_reference_uid = models.CharField(max_length=64)
    point_mm = models.JSONField()
    rating = models.JSONField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["read", "uuid"], condition=Q(correction__isnull=True), name="one_mark_per_uuid"
            ),
            models.UniqueConstraint(fields=["correction", "uuid"], name="one_corrected_mark_per_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class MaskContour(Unchangeable):
    """One closed outline of a mask on one slice, in patient coordinates; `area_mm2` is computed here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        "Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uuid = models.UUIDField()
    question = models.CharField(max_length=60)
    sop_uid = models.CharField(max_length=64)
    frame_of_reference_uid = models.CharField(max_length=64)
    points_mm = models.JSONField()
    area_mm2 = models.FloatField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["read", "uuid"], condition=Q(correction__isnull=True), name="one_contour_per_uuid"
            ),
            models.UniqueConstraint(fields=["correction", "uuid"], name="one_corrected_contour_per_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class DraftLabelmap(models.Model):
    """What is painted on one series in an open read: the bytes as they were sent, and what was measured on them.

    A table beside the draft, written only when a labelmap is sent: most saves change an answer and no voxel. It is
    emptied at the commit, when the masks become rows of `MaskVolume`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey(CaseSeries, on_delete=models.PROTECT, related_name="+")
    segments = models.JSONField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "series"], name="one_draft_labelmap_per_series"),
        ]

    def __str__(self) -> str:
        return f"{self.read_id} {self.series_id}"


class MaskVolume(Unchangeable):
    """The voxels of one mask question on the grid of a series, with each segment as it was measured here.

    `data` is gzip of a byte per voxel, slice by slice, of `shape` (slices, rows, columns): the value of the segment
    that a voxel belongs to, or 0. `sha256` is that of the voxels, however they are packed. `segments` is described
    by `labelmaps.Segment`. The bytes lie in the row, so that they are committed with the read or not at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        "Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    question = models.CharField(max_length=60)
    series = models.ForeignKey(CaseSeries, on_delete=models.PROTECT, related_name="+")
    shape = models.JSONField()
    segments = models.JSONField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        ordering: ClassVar[list[str]] = ["question"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["read", "question"],
                condition=Q(correction__isnull=True),
                name="one_mask_per_question",
            ),
            models.UniqueConstraint(
                fields=["correction", "question"], name="one_corrected_mask_per_question"
            ),
        ]

    def __str__(self) -> str:
        return self.question


class ReadAnnotation(Unchangeable):
    """A measurement or note beside the form: length, angle, region with its statistics, arrow, text.

    It answers no question. Points are patient coordinates, `values` is computed here from them and the stored pixels.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        "Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uuid = models.UUIDField()
    tool = models.CharField(max_length=30)
    sop_uid = models.CharField(max_length=64)
    frame_of_reference_uid = models.CharField(max_length=64)
    points_mm = models.JSONField()
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["read", "uuid"], condition=Q(correction__isnull=True), name="one_annotation_per_uuid"
            ),
            models.UniqueConstraint(fields=["correction", "uuid"], name="one_corrected_annotation_per_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Reopening(models.Model):
    """A submitted read that its reader wants to correct: asked for by the reader, granted or refused by the desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10, choices=choices(ReopeningStatus), default=ReopeningStatus.REQUESTED
    )
    reason = models.TextField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["requested_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["read"],
                condition=Q(status__in=[ReopeningStatus.REQUESTED, ReopeningStatus.GRANTED]),
                name="one_open_reopening_per_read",
            ),
            models.CheckConstraint(
                name="reopening_decided_unless_requested",
                condition=Q(
                    status=ReopeningStatus.REQUESTED, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(status=ReopeningStatus.REQUESTED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(name="reopening_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.status


class Correction(Unchangeable):
    """Answers to a submitted read given anew, with the reason; the first answers stay where they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reopening = models.OneToOneField(Reopening, on_delete=models.PROTECT, related_name="+")
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    reason = models.TextField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.UUIDField()

    class Meta:
        ordering: ClassVar[list[str]] = ["read", "ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "ordinal"], name="one_correction_per_ordinal"),
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.read_id} correction {self.ordinal}"


class CorrectedAnswer(Unchangeable):
    """The answer to one question as a correction gives it; every question of the form has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["question"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["correction", "question"], name="one_corrected_answer"),
        ]

    def __str__(self) -> str:
        return self.question
