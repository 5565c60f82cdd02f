import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from backend.cases.models import Case, CaseMask, CaseSeries
from backend.studies.session_states import choices

from .job_states import ENDED, JobStatus

_ENDED = sorted(ENDED)


class ModelVersion(models.Model):
    """One version of one model, named by the digest of its code, settings, weights and packages.

    `seen_at` is when a worker that has this version last started.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model_id = models.CharField(max_length=60)
    semver = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, unique=True)
    card = models.JSONField()
    registered_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["model_id", "-seen_at"]

    def __str__(self) -> str:
        return f"{self.model_id} {self.semver} ({self.digest[:12]})"


class InferenceJob(models.Model):
    """One question to one model version. This row, and not a message, says where the job stands.

    A worker holds a running job by its name in `owner` and a lease that it keeps extending; a job whose lease
    has run out belongs to nobody and may be claimed again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    mask = models.ForeignKey(CaseMask, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    input_digest = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=64, unique=True)
    queue = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=choices(JobStatus), default=JobStatus.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    attempt_limit = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    reason_text = models.CharField(max_length=500, blank=True)
    log = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "queue"], name="job_status_queue")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="job_held_iff_running",
                condition=Q(
                    status=JobStatus.RUNNING, lease_expires_at__isnull=False, started_at__isnull=False
                )
                & ~Q(owner="")
                | ~Q(status=JobStatus.RUNNING) & Q(owner="", lease_expires_at__isnull=True),
            ),
            models.CheckConstraint(
                name="job_finished_iff_ended",
                condition=Q(status__in=_ENDED, finished_at__isnull=False)
                | ~Q(status__in=_ENDED) & Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="job_failed_iff_reason",
                condition=Q(status=JobStatus.FAILED) & ~Q(reason_code="")
                | ~Q(status=JobStatus.FAILED) & Q(reason_code=""),
            ),
            models.CheckConstraint(
                name="job_progress_is_share", condition=Q(progress__gte=0, progress__lte=1)
            ),
            models.CheckConstraint(
                name="job_attempt_within_limit", condition=Q(attempt__lte=models.F("attempt_limit"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Prediction(models.Model):
    """What a model version said of a case. Rows are only ever added; a failed job has none, never a blank."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(InferenceJob, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    mask = models.ForeignKey(CaseMask, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    input_digest = models.CharField(max_length=64)
    score = models.FloatField()
    probability = models.FloatField()
    cut_off = models.FloatField()
    is_positive = models.BooleanField()
    near_cut_off = models.BooleanField()
    numeric_uncertainty = models.FloatField()
    output = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="prediction_probability_in_range", condition=Q(probability__gte=0, probability__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A prediction is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A prediction is never deleted.")


class PredictionOverlay(models.Model):
    """What a prediction shows on the images of one series. Rows are only ever added, with their prediction.

    `data` is gzip of a byte per voxel, slice by slice, of `shape` (slices, rows, columns), as a painted mask is kept;
    `sha256` is that of the voxels, however they are packed. `low` and `high` are the ends of the color bar of a map.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[("mask", "Mask"), ("heat", "Heat map")])
    title = models.CharField(max_length=80)
    note = models.TextField()
    method = models.CharField(max_length=80)
    low = models.CharField(max_length=40, blank=True)
    high = models.CharField(max_length=40, blank=True)
    series = models.ForeignKey(CaseSeries, on_delete=models.PROTECT, related_name="+")
    shape = models.JSONField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["prediction", "name"], name="one_overlay_per_name"),
            models.UniqueConstraint(fields=["prediction", "position"], name="one_overlay_per_position"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An overlay is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An overlay is never deleted.")


class Disclosure(models.Model):
    """A prediction was shown to a reader in one read: which, when, and the values as they were shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read = models.ForeignKey("reads.Read", on_delete=models.PROTECT, related_name="+")
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    shown = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["read", "prediction"], name="one_disclosure_per_read"),
        ]

    def __str__(self) -> str:
        return str(self.id)
