import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from backend.audit.unchangeable import Unchangeable
from backend.studies.models import ReaderStudy


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
