from datetime import UTC
from typing import Any

from django.db import models

from .unchangeable import Unchangeable


class AuditEvent(Unchangeable):
    """One thing that somebody did. Rows are only ever added, by `services.record`.

    The actor is held by id and name and not by a foreign key, so that the trail stands whatever becomes
    of the account. `content_sha256` is the digest of all that the event says (`content`).
    """

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    actor_role = models.CharField(max_length=30, blank=True)
    study_id = models.UUIDField(null=True, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event}"

    def content(self) -> dict[str, Any]:
        """What the event says, as it is hashed and exported: the twelve fields of `chain.CONTENT_FIELDS`."""
        return {
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "event": self.event,
            "actor_id": str(self.actor_id) if self.actor_id is not None else None,
            "actor_name": self.actor_name,
            "actor_role": self.actor_role,
            "study_id": str(self.study_id) if self.study_id is not None else None,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "old": self.old,
            "new": self.new,
            "reason": self.reason,
            "detail": self.detail,
        }


class AuditLink(Unchangeable):
    """An event's place in the one chain of the installation.

    Made as the last act of the transaction that records the event: events stand in the order in which their
    transactions were committed, and their numbers have no gaps.
    """

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="link")
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.sha256[:12]}"
