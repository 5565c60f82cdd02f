import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from backend.studies.models import StudyCase


class CaseTruth(models.Model):
    """The reference standard of one case; a correction is a new version, and the earlier ones stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study_case = models.ForeignKey(StudyCase, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    is_positive = models.BooleanField()
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["study_case", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study_case", "version"], name="one_truth_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.study_case_id} version {self.version}"
