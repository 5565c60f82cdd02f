import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.audit.unchangeable import Unchangeable
from backend.studies.models import ReaderStudy
from backend.studies.session_states import choices

from .run_states import ENDED, LEVELS, OPEN, AnalysisSetName, RunState


class FrozenDataset(Unchangeable):
    """All that a study's results are computed from, without names, as one text that never changes.

    `content` is canonical JSON and kept as text, so that its digest stays the digest of these very bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "frozen_at"]

    def __str__(self) -> str:
        return self.content_sha256[:12]

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.content)
        return document


class ResultRun(Unchangeable):
    """One computation of the results of a frozen dataset, with the versions of what computed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(FrozenDataset, on_delete=models.PROTECT, related_name="+")
    report = models.TextField()
    versions = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["dataset", "created_at"]

    def __str__(self) -> str:
        return str(self.id)


class ResultFile(Unchangeable):
    """A table or figure of a run, as it was made then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ResultRun, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    content_type = models.CharField(max_length=60)
    body = models.BinaryField()

    class Meta:
        ordering: ClassVar[list[str]] = ["run", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "name"], name="one_file_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class OutsideDataset(Unchangeable):
    """A dataset that an account gave the analysis and that is of no study here; it is that account's alone.

    `content` is canonical JSON of file names and texts. What is counted was counted when it was read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    demonstration = models.CharField(max_length=40, blank=True)
    is_synthetic = models.BooleanField()
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    cases = models.PositiveIntegerField()
    readers = models.PositiveIntegerField()
    prediction_models = models.PositiveIntegerField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-given_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["given_by", "content_sha256"], name="one_row_per_given_content"),
        ]

    def __str__(self) -> str:
        return self.content_sha256[:12]

    @property
    def files(self) -> dict[str, str]:
        files: dict[str, str] = json.loads(self.content)
        return files


class AnalysisSupplement(Unchangeable):
    """What a locked study's records do not hold and its analysis is to have: files, and keys of the plan.

    `content` is canonical JSON of `files` (names to texts) and `plan`. The frozen dataset stays as it is: the two
    are put together anew for each run.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reason = models.TextField()
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "number"], name="one_supplement_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.content_sha256[:12]}"

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.content)
        return document


class AnalysisRun(models.Model):
    """One analysis of a study's frozen dataset, with or without a supplement, or of a dataset given from outside.

    This row, and not a message, says where it stands.

    A worker holds a running analysis by its name in `owner` and a lease that it keeps extending; one whose lease has
    run out belongs to nobody and may be claimed again. `error` is for people.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(FrozenDataset, null=True, on_delete=models.PROTECT, related_name="+")
    supplement = models.ForeignKey(AnalysisSupplement, null=True, on_delete=models.PROTECT, related_name="+")
    outside = models.ForeignKey(OutsideDataset, null=True, on_delete=models.PROTECT, related_name="+")
    analysis_set = models.CharField(max_length=20, choices=choices(AnalysisSetName))
    level = models.FloatField()
    seed = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=choices(RunState), default=RunState.QUEUED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    sections_done = models.PositiveSmallIntegerField(default=0)
    sections_total = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(max_length=100, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(max_length=500, blank=True)
    versions = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state"], name="analysis_run_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Three, for the databases take no value for one that is like none.
            models.UniqueConstraint(
                fields=["dataset", "analysis_set", "level", "seed"],
                condition=Q(state__in=sorted(OPEN), dataset__isnull=False, supplement__isnull=True),
                name="one_open_run_per_question",
            ),
            models.UniqueConstraint(
                fields=["dataset", "supplement", "analysis_set", "level", "seed"],
                condition=Q(state__in=sorted(OPEN), supplement__isnull=False),
                name="one_open_run_with_supplement",
            ),
            models.UniqueConstraint(
                fields=["outside", "analysis_set", "level", "seed"],
                condition=Q(state__in=sorted(OPEN), outside__isnull=False),
                name="one_open_run_from_outside",
            ),
            models.CheckConstraint(
                name="run_of_one_dataset",
                condition=Q(dataset__isnull=False, outside__isnull=True)
                | Q(dataset__isnull=True, outside__isnull=False, supplement__isnull=True),
            ),
            models.CheckConstraint(
                name="run_held_iff_running",
                condition=Q(state=RunState.RUNNING, lease_expires_at__isnull=False) & ~Q(owner="")
                | ~Q(state=RunState.RUNNING) & Q(owner="", lease_expires_at__isnull=True),
            ),
            models.CheckConstraint(
                name="run_started_unless_queued",
                condition=Q(state=RunState.QUEUED, started_at__isnull=True)
                | ~Q(state=RunState.QUEUED) & Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="run_finished_iff_ended",
                condition=Q(state__in=sorted(ENDED), finished_at__isnull=False)
                | ~Q(state__in=sorted(ENDED)) & Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="run_failed_iff_error",
                condition=Q(state=RunState.FAILED) & ~Q(error_code="")
                | ~Q(state=RunState.FAILED) & Q(error_code=""),
            ),
            models.CheckConstraint(
                name="run_level_in_range", condition=Q(level__gte=LEVELS[0], level__lte=LEVELS[1])
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def source(self) -> FrozenDataset | OutsideDataset:
        """What is analyzed: by the database's constraint one of the two."""
        found = self.outside if self.dataset is None else self.dataset
        if found is None:
            raise TypeError(f"The run {self.id} has no dataset.")
        return found


class AnalysisFile(Unchangeable):
    """A file of a finished analysis, as it was made then; `path` is that within the folder of the command line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        ordering: ClassVar[list[str]] = ["run", "path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "path"], name="one_file_per_path"),
        ]

    def __str__(self) -> str:
        return self.path
