"""A reader study, the versions of its protocol, and what was signed and departed from."""

import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.audit.unchangeable import Unchangeable
from backend.studies.session_states import DeviationKind, StudyPhase, choices


class ReaderStudy(models.Model):
    """A reader study: its protocol, frozen before the first read, and where it stands.

    `protocol` is the version in force: in design what is being written, after the freeze what the latest
    `ProtocolVersion` holds. `revision` counts the edits in design, so that two editors cannot overwrite each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    phase = models.CharField(max_length=10, choices=choices(StudyPhase), default=StudyPhase.DESIGN)
    protocol = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
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
    lock_requested_at = models.DateTimeField(null=True, blank=True)
    lock_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lock_reason = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

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
            models.CheckConstraint(
                name="lock_requested_by_somebody",
                condition=Q(lock_requested_at__isnull=True, lock_requested_by__isnull=True)
                | Q(lock_requested_at__isnull=False, lock_requested_by__isnull=False),
            ),
            models.CheckConstraint(
                name="study_locked_by_two_people",
                condition=Q(locked_at__isnull=True)
                | (
                    Q(
                        lock_requested_at__isnull=False,
                        lock_requested_by__isnull=False,
                        locked_by__isnull=False,
                    )
                    & ~Q(locked_by=F("lock_requested_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ProtocolVersion(Unchangeable):
    """A frozen version of the protocol: the freeze is version 1, every amendment the next one.

    `document` is canonical JSON and kept as text, so that its digest stays the digest of these very bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    effective_at = models.DateTimeField()
    effective_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "version"], name="one_document_per_version"),
            models.CheckConstraint(name="amendment_has_a_reason", condition=Q(version=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} version {self.version}"

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.document)
        return content


class Signature(Unchangeable):
    """What a person signed, with the password given again: the meaning in words and the digest of the document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    meaning = models.CharField(max_length=300)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    document_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "signed_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "meaning", "signed_by"], name="signed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.meaning


class Deviation(Unchangeable):
    """A departure from the protocol, with the reason given for it; the report lists them all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="deviations")
    kind = models.CharField(max_length=30, choices=choices(DeviationKind))
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "recorded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="deviation_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.kind
