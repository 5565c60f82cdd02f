"""The answers of committed reads: the first ones, and those that hold after corrections."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from .models import (
    Answer,
    CorrectedAnswer,
    Correction,
    Mark,
    MaskContour,
    MaskVolume,
    Measurement,
    Read,
    ReadAnnotation,
)

Drawn = TypeVar("Drawn", Measurement, Mark, MaskContour, MaskVolume, ReadAnnotation)


@dataclass(frozen=True)
class ReadAnswers:
    """`first` is what was committed and never changes, `effective` what the last of `corrections` left.

    `late` of the corrections came too late to count: they stand in the rows and not in `effective`.
    """

    first: dict[str, Any]
    effective: dict[str, Any]
    corrections: int
    late: int = 0


def answers_of(
    reads: Iterable[Read], *, until: Mapping[UUID, datetime] | None = None
) -> dict[UUID, ReadAnswers]:
    """The answers of each read, by its id, in two queries whatever their number.

    `until` holds, by read, the instant from which on a correction does not count any more.
    """
    ids = [read.pk for read in reads]
    first: dict[UUID, dict[str, Any]] = {read_id: {} for read_id in ids}
    for answer in Answer.objects.filter(read__in=ids):
        first[answer.read_id][answer.question] = answer.value
    effective = {read_id: dict(answers) for read_id, answers in first.items()}
    counts = dict.fromkeys(ids, 0)
    late: dict[UUID, set[UUID]] = {read_id: set() for read_id in ids}
    corrected = CorrectedAnswer.objects.filter(correction__read__in=ids).select_related("correction")
    for one in corrected.order_by("correction__ordinal"):
        read_id, end = one.correction.read_id, (until or {}).get(one.correction.read_id)
        counts[read_id] = one.correction.ordinal
        if end is not None and one.correction.submitted_at >= end:
            late[read_id].add(one.correction_id)
        else:
            effective[read_id][one.question] = one.value
    return {
        read_id: ReadAnswers(first[read_id], effective[read_id], counts[read_id], len(late[read_id]))
        for read_id in ids
    }


def drawn_of(
    kind: type[Drawn],
    reads: Iterable[Read],
    *,
    until: Mapping[UUID, datetime] | None = None,
    defer: Collection[str] = (),
) -> dict[UUID, list[Drawn]]:
    """The drawings of one kind that hold for each read, by its id: those of its last correction, else of its commit.

    `until` is that of `answers_of`: a correction from then on does not count. Columns of `defer` are fetched
    only where they are asked for: the voxels of many masks are large.
    """
    ids = [read.pk for read in reads]
    last = {
        one.read_id: one.pk
        for one in Correction.objects.filter(read__in=ids).order_by("ordinal")
        if (end := (until or {}).get(one.read_id)) is None or one.submitted_at < end
    }
    drawn: dict[UUID, list[Drawn]] = {read_id: [] for read_id in ids}
    order = "question" if kind is MaskVolume else "uuid"
    for row in kind._default_manager.filter(read__in=ids).order_by(order).defer(*defer):
        if row.correction_id == last.get(row.read_id):
            drawn[row.read_id].append(row)
    return drawn
