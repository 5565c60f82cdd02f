"""Writing the audit trail."""

import math
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from .chain import content_sha256
from .linking import link_at_once
from .models import AuditEvent

# From here on a float is written with an exponent, and PostgreSQL gives it back without: 1e+16.
_WHOLE_FROM = 1e16


def record(
    *,
    event: str,
    by: models.Model | None,
    at: datetime,
    subject: models.Model,
    study_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
    old: Any = None,
    new: Any = None,
    reason: str = "",
    role: str = "",
) -> AuditEvent:
    """Add one event to the caller's transaction, so that a write and its trace stand or fall together.

    Nothing of it holds ratings, answers, scores, truth or identities: the trail is read by people who are
    blind to them.

    Parameters
    ----------
    old, new : JSON value
        What stood before and what stands now, of a protocol, a membership and the like.
    reason : str
        Why, in the words of the person.
    role : str
        In which role the person did it, where the caller knows.

    Raises
    ------
    RuntimeError
        Outside a transaction.
    TypeError, ValueError
        If `detail`, `old` or `new` hold what JSON does not.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"The audit event {event} must be written in the transaction of the change itself."
        )
    made = AuditEvent(
        at=at,
        event=str(event),
        actor_id=by.pk if by is not None else None,
        actor_name=getattr(by, "username", ""),
        actor_role=str(role),
        study_id=study_id,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        old=as_stored(old, "old"),
        new=as_stored(new, "new"),
        reason=_text(reason, "reason"),
        detail=as_stored(detail or {}, "detail"),
    )
    made.content_sha256 = content_sha256(made.content())
    made.save(force_insert=True)
    link_at_once(made)
    return made


def as_stored(value: Any, path: str) -> Any:
    """The value as either database gives it back, so that its digest can be computed from what is stored.

    Raises
    ------
    TypeError, ValueError
        Naming the place, if the value is not JSON: a date, a UUID, a key that is no text, an infinity, a NUL.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _stored_number(value, path)
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, list | tuple):
        return [as_stored(one, f"{path}[{index}]") for index, one in enumerate(value)]
    if isinstance(value, dict):
        return {_key(key, path): as_stored(one, f"{path}.{key}") for key, one in value.items()}
    raise TypeError(f"{path} is a {type(value).__name__}, which an audit event cannot hold.")


def _stored_number(value: float, path: str) -> float | int:
    if not math.isfinite(value):
        raise ValueError(f"{path} is {value}, which JSON cannot hold.")
    if abs(value) >= _WHOLE_FROM:
        return int(value)
    return value or 0.0  # never -0.0


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path} has the key {key!r}, which is no text.")
    return _text(key, path)


def _text(text: str, path: str) -> str:
    if "\0" in text:
        raise ValueError(f"{path} holds a NUL character, which PostgreSQL cannot store.")
    return str(text)
