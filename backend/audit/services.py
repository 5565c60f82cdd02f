"""Writing the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from .models import AuditEvent


def record(
    *,
    event: str,
    by: models.Model | None,
    at: datetime,
    subject: models.Model,
    study_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one event to the caller's transaction, so that a write and its trace stand or fall together.

    `detail` holds neither ratings, answers, scores, truth nor identities: the trail is read by people who
    are blind to them.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"The audit event {event} must be written in the transaction of the change itself."
        )
    return AuditEvent.objects.create(
        at=at,
        event=event,
        actor_id=by.pk if by is not None else None,
        actor_name=getattr(by, "username", ""),
        study_id=study_id,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=detail or {},
    )
