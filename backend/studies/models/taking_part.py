"""Who and what takes part in a study: people in roles, and cases."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.accounts.models import Center
from backend.accounts.roles import Role
from backend.cases.models import Case
from backend.studies.session_states import CasePurpose, choices

from .study import ReaderStudy


class StudyMember(models.Model):
    """A person's role in one study; for a reader also the group and sequence, and whether the person left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    group = models.CharField(max_length=40, blank=True)
    sequence = models.CharField(max_length=40, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["role", "user__username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "user", "role"], name="one_membership_per_role"),
            models.CheckConstraint(
                name="withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role}"


class StudyCase(models.Model):
    """A case that a study reads, or that its readers train on.

    `training_key` is what a good reader answers, by question, and a text to learn from; it is shown to a reader
    after the training read is submitted, and analysis never sees it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="study_cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=choices(CasePurpose), default=CasePurpose.STUDY)
    cohort = models.CharField(max_length=40, blank=True)
    case_info = models.JSONField(default=list, blank=True)
    training_key = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["case__number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "case"], name="case_once_per_study"),
            models.CheckConstraint(
                name="training_key_of_training_cases",
                condition=Q(purpose=CasePurpose.TRAINING) | Q(training_key={}),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
