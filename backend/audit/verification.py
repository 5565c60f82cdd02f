"""The chain in the database: as entries to verify, and as the lines of an exported file."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from . import chain
from .chain import GENESIS, Entry, Fault, FaultKind, Report, Unreadable
from .models import AuditEvent, AuditLink

BATCH = 500
# What a converter of the database raises at a value that is none of the column's type.
_UNCONVERTIBLE = (ValueError, TypeError, OverflowError, ArithmeticError, ValidationError)


class UnreadableEvent(Exception):
    """An event's row was damaged, so that it cannot be exported; `verify_audit` tells more."""


def whole_chain() -> QuerySet[AuditLink]:
    return AuditLink.objects.order_by("sequence")


def links_of_study(study_id: UUID, *, without: Iterable[str] = ()) -> QuerySet[AuditLink]:
    """The places of a study's events in the chain; events named in `without` are left out."""
    return whole_chain().filter(event__study_id=study_id).exclude(event__event__in=list(without))


def entries_of(links: QuerySet[AuditLink]) -> Iterator[Entry | Unreadable]:
    """Every entry in the order of the chain, read in batches; a row that cannot be converted stands as such.

    A link whose event is gone is left out: its number is missing.
    """
    links = links.order_by("sequence").select_related("event")
    reached = 0
    while True:
        following = links.filter(sequence__gt=reached)
        try:
            batch = list(following[:BATCH])
        except _UNCONVERTIBLE:
            numbers = list(following.values_list("sequence", flat=True)[:BATCH])
            yield from (_entry_alone(number) for number in numbers)
        else:
            numbers = [link.sequence for link in batch]
            yield from map(_entry, batch)
        if not numbers:
            return
        reached = numbers[-1]


def _entry(link: AuditLink) -> Entry | Unreadable:
    try:
        content = link.event.content()
    except _UNCONVERTIBLE as error:
        return _unreadable(link.sequence, error)
    return Entry(
        sequence=link.sequence,
        previous_sha256=link.previous_sha256,
        sha256=link.sha256,
        content_sha256=link.event.content_sha256,
        content=content,
        place=f"row {link.event_id}",
    )


def _entry_alone(sequence: int) -> Entry | Unreadable:
    try:
        return _entry(AuditLink.objects.select_related("event").get(sequence=sequence))
    except _UNCONVERTIBLE as error:
        return _unreadable(sequence, error)


def _unreadable(sequence: int, error: Exception) -> Unreadable:
    return Unreadable(f"a value of its row is none of its column's kind ({error})", sequence=sequence)


def verify_database(*, head: str | None = None) -> Report:
    """Verify the whole chain, and that every event has its place in it."""
    report = chain.verify(entries_of(whole_chain()), head=head)
    report.faults += _without_place(AuditEvent.objects.all())
    return report


def verify_study(study_id: UUID) -> Report:
    """Verify a study's own events, and the links between those that are neighbors in the chain."""
    report = chain.verify(entries_of(links_of_study(study_id)), is_extract=True)
    report.faults += _without_place(AuditEvent.objects.filter(study_id=study_id))
    return report


def _without_place(events: QuerySet[AuditEvent]) -> list[Fault]:
    rows = events.filter(link__isnull=True).order_by("pk").values_list("pk", flat=True)
    text = "this event has no place in the chain"
    return [Fault(None, FaultKind.INSERTED, text, f"row {pk}") for pk in rows.iterator()]


def export_lines(links: QuerySet[AuditLink], *, scope: str, study: str, now: datetime) -> Iterator[str]:
    """The lines of an exported file, each with its end: the head, then one event a line.

    What is committed while the lines are written is not in them: the head tells the last event.

    Parameters
    ----------
    scope : str
        `chain.WHOLE_CHAIN` or `chain.EXTRACT`.
    study : str
        The short name of the extract's study, else empty.
    """
    links = links.order_by("sequence")
    first, last = links.first(), links.last()
    upto = links.filter(sequence__lte=last.sequence if last is not None else 0)
    head = {
        "count": upto.count(),
        "exported_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "first_sequence": first.sequence if first is not None else 0,
        "first_sha256": first.sha256 if first is not None else GENESIS,
        "last_sequence": last.sequence if last is not None else 0,
        "last_sha256": last.sha256 if last is not None else GENESIS,
        "scope": scope,
        "study": study,
    }
    yield chain.head_line(head) + "\n"
    after = 0
    for entry in entries_of(upto):
        if isinstance(entry, Unreadable):
            raise UnreadableEvent(f"event {entry.sequence}: {entry.text}")
        yield chain.event_line(entry, after=after) + "\n"
        after = entry.sequence
