"""Items put to an adjudicator, the originals that each shows, and the verdicts."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.audit.unchangeable import Unchangeable
from backend.reads.models import Read
from backend.studies.adjudication_design import Mode
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.session_states import choices

from .item_states import How, ItemStatus


class AdjudicationItem(models.Model):
    """A case on which the readers of one arm disagree.

    `questions` are the discordant ones with the reason, `to_settle` those that a verdict answers. `seed` drew the
    order of the originals and the item's own place among those that wait. `protocol_version` is the one whose rules
    hold for it. `opened_by` works on it, or did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(ReaderStudy, on_delete=models.PROTECT, related_name="+")
    study_case = models.ForeignKey(StudyCase, on_delete=models.PROTECT, related_name="+")
    arm = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=choices(ItemStatus), default=ItemStatus.RAISED)
    mode = models.CharField(max_length=15, choices=choices(Mode))
    protocol_version = models.PositiveIntegerField()
    alias = models.CharField(max_length=20)
    seed = models.CharField(max_length=64)
    questions = models.JSONField()
    to_settle = models.JSONField()
    raised_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    draft = models.JSONField(default=dict, blank=True)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["study", "raised_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["study_case", "arm"],
                condition=~Q(status=ItemStatus.VOIDED),
                name="one_item_per_panel",
            ),
            models.UniqueConstraint(fields=["study", "alias"], name="one_item_per_alias"),
            models.UniqueConstraint(
                fields=["opened_by", "study"],
                condition=Q(status=ItemStatus.OPEN),
                name="one_open_item_per_adjudicator",
            ),
            models.CheckConstraint(
                name="item_opened_with_its_adjudicator",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="item_closed_iff_settled_or_voided",
                condition=Q(status=ItemStatus.RAISED, closed_at__isnull=True, opened_at__isnull=True)
                | Q(status=ItemStatus.OPEN, closed_at__isnull=True, opened_at__isnull=False)
                | Q(status__in=[ItemStatus.SETTLED, ItemStatus.VOIDED], closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.alias


class ItemOriginal(Unchangeable):
    """A read that an item shows, under the letter of its drawn `place`: 1 is Reading A."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AdjudicationItem, on_delete=models.PROTECT, related_name="+")
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["item", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "place"], name="one_original_per_place"),
            models.UniqueConstraint(fields=["item", "read"], name="original_once_per_item"),
            models.CheckConstraint(name="place_from_one", condition=Q(place__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.place)


class Verdict(Unchangeable):
    """How an item was settled. A majority has no adjudicator; a consensus names who took part in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.OneToOneField(AdjudicationItem, on_delete=models.PROTECT, related_name="+")
    adjudicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    attendees = models.JSONField(default=list, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="verdict_of_an_adjudicator_has_a_reason",
                condition=Q(adjudicator__isnull=True, idempotency_key__isnull=True, reason="")
                | (Q(adjudicator__isnull=False, idempotency_key__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class VerdictAnswer(Unchangeable):
    """The answer of a verdict to one question; a drawing is the one of an original, named by `original`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True, blank=True)
    how = models.CharField(max_length=12, choices=choices(How))
    original = models.ForeignKey(
        ItemOriginal, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["question"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["verdict", "question"], name="one_verdict_answer_per_question"),
        ]

    def __str__(self) -> str:
        return self.question
