"""The point marks that hold for each read, for the frozen dataset: place, rating and frame of reference."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.cases.models import CaseSeries
from backend.reads.answers import drawn_of
from backend.reads.models import Mark, Read


def marks_content(reads: Sequence[Read], until: Mapping[UUID, datetime]) -> dict[UUID, list[dict[str, Any]]]:
    """By read, each of its marks: question, patient coordinates in mm, rating, number of the frame of reference.

    Frames of reference of a case are numbered from 1 in the order of its series. Marks are in the order of what they
    say: neither identifiers nor the order in which they were set have a part.
    """
    drawn = drawn_of(Mark, reads, until=until)
    marked = [read for read in reads if drawn[read.pk]]
    frames = _frames({read.assignment.study_case.case_id for read in marked})
    return {
        read.pk: _sorted(
            {
                "question": one.question,
                "point_mm": one.point_mm,
                "rating": one.rating,
                "frame": frames[read.assignment.study_case.case_id][one.frame_of_reference_uid],
            }
            for one in drawn[read.pk]
        )
        for read in reads
    }


def _frames(cases: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """By case, the number of each of its frames of reference."""
    found: dict[UUID, dict[str, int]] = {}
    series = CaseSeries.objects.filter(case__in=list(cases)).order_by("case", "position")
    for case, uid in series.values_list("case_id", "frame_of_reference_uid"):
        own = found.setdefault(case, {})
        own.setdefault(uid, len(own) + 1)
    return found


def _sorted(marks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(marks, key=lambda one: (one["question"], one["frame"], one["point_mm"], str(one["rating"])))
