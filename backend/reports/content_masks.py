"""Which outlines hold for each read, by their digests, for the frozen dataset; the voxels stay where they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.cases.models import CaseImage, CaseSeries
from backend.reads.answers import drawn_of
from backend.reads.models import MaskContour, MaskVolume, Read
from backend.studies.protocols import sha256_of

SeriesOf = Mapping[tuple[UUID, str], CaseSeries]


def masks_content(reads: Sequence[Read], until: Mapping[UUID, datetime]) -> dict[UUID, list[dict[str, Any]]]:
    """By read, each of its outlines: question, digest, place of the series among the case's, distances of voxels.

    The place is None for an outline on several series, the distances (slices, rows, columns) where slices do not lie
    evenly or pixels have no size.
    """
    volumes = drawn_of(MaskVolume, reads, until=until, defer=("data",))
    contours = drawn_of(MaskContour, reads, until=until)
    painted = CaseSeries.objects.in_bulk({one.series_id for own in volumes.values() for one in own})
    outlined = _series_of_images([read for read in reads if contours[read.pk]])
    return {
        read.pk: sorted(
            [
                *(_mask(one.question, one.sha256, {painted[one.series_id]}) for one in volumes[read.pk]),
                *_outlines(read, contours[read.pk], outlined),
            ],
            key=lambda one: str(one["question"]),
        )
        for read in reads
    }


def contours_by_question(contours: Iterable[MaskContour]) -> dict[str, list[MaskContour]]:
    """The outlines of each question."""
    found: dict[str, list[MaskContour]] = {}
    for one in contours:
        found.setdefault(one.question, []).append(one)
    return found


def contours_sha256(contours: Iterable[MaskContour]) -> str:
    """The digest of one mask's outlines, whatever their order and identifiers."""
    return sha256_of({"contours": sorted([one.sop_uid, one.points_mm] for one in contours)})


def _series_of_images(reads: Sequence[Read]) -> SeriesOf:
    cases = {read.assignment.study_case.case_id for read in reads}
    images = CaseImage.objects.filter(series__case__in=cases).select_related("series")
    return {(one.series.case_id, one.sop_uid): one.series for one in images.defer("metadata")}


def _outlines(read: Read, contours: Sequence[MaskContour], series_of: SeriesOf) -> list[dict[str, Any]]:
    case = read.assignment.study_case.case_id
    return [
        _mask(question, contours_sha256(own), {series_of[case, one.sop_uid] for one in own})
        for question, own in contours_by_question(contours).items()
    ]


def _mask(question: str, sha256: str, series: set[CaseSeries]) -> dict[str, Any]:
    only = next(iter(series)) if len(series) == 1 else None
    spacing = None
    if only is not None and only.is_uniform:
        spacing = [only.slice_step_mm, only.row_spacing_mm, only.column_spacing_mm]
    return {
        "question": question,
        "sha256": sha256,
        "series": None if only is None else only.position,
        "spacing_mm": None if spacing is None or None in spacing else spacing,
    }
