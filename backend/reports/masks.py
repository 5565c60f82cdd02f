"""The masks of a locked study's reads as DICOM segmentations, with a table that says which is whose."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from highdicom.seg import Segmentation

from backend.audit.errors import RuleBroken
from backend.predictions.models import Disclosure
from backend.reads.access import readers_of
from backend.reads.answers import drawn_of
from backend.reads.labelmaps import Segment
from backend.reads.models import MaskVolume, Read, ReadStatus
from backend.reads.segmentation_file import NoPlace, segmentation_of
from backend.studies.models import ReaderStudy
from backend.studies.session_states import SessionKind, StudyPhase

from .content import shown_elsewhere
from .reads_csv import cell

HEADER = (
    "file",
    "reader",
    "case",
    "session",
    "position",
    "arm",
    "step",
    "is_hidden_repeat",
    "series",
    "segment",
    "question",
    "label",
    "status",
    "short_axis_mm",
    "long_axis_mm",
    "volume_ml",
    "slices",
    "borderline",
    "tools",
    "edited_voxels",
    "voxels_sha256",
)


@dataclass(frozen=True)
class MaskFile:
    """The masks of one read on one series. `segmentation` is None where the images have no position."""

    name: str
    segmentation: Segmentation | None
    rows: list[dict[str, Any]]


def mask_files(study: ReaderStudy, *, software_version: str) -> Iterator[MaskFile]:
    """One segmentation for every read and series with masks, as they stand in the frozen data; training left out.

    Raises
    ------
    RuleBroken
        `not_locked` before the lock: masks are answers.
    """
    if study.phase != StudyPhase.LOCKED:
        raise RuleBroken("not_locked", "Masks leave the study once it is locked.")
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    reads = list(
        Read.objects.filter(
            study=study,
            status=ReadStatus.SUBMITTED,
            assignment__reading_session__session__kind=SessionKind.STUDY,
        )
        .select_related("assignment__reading_session__session", "assignment__study_case__case")
        .order_by("submitted_at", "pk")
    )
    disclosed = {one.read_id: one for one in Disclosure.objects.filter(read__in=reads)}
    until = shown_elsewhere(reads, disclosed)
    for read in reads:
        # Read by read: the voxels of a whole study would not fit into memory.
        for volumes in _by_series(drawn_of(MaskVolume, [read], until=until)[read.pk]):
            yield _file(read, volumes, codes[read.reader_id], software_version)


def masks_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The table of all segments, one a row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _by_series(volumes: Sequence[MaskVolume]) -> list[list[MaskVolume]]:
    by_series: dict[UUID, list[MaskVolume]] = {}
    for one in volumes:
        by_series.setdefault(one.series_id, []).append(one)
    return list(by_series.values())


def _file(read: Read, volumes: Sequence[MaskVolume], reader: str, software_version: str) -> MaskFile:
    try:
        made: Segmentation | None = segmentation_of(volumes, software_version=software_version)
    except NoPlace:
        made = None
    name = "" if made is None else f"{made.SOPInstanceUID}.dcm"
    pairs = [(volume, Segment(**one)) for volume in volumes for one in volume.segments]
    session = read.assignment.reading_session.session
    rows = [
        {
            "file": name,
            "reader": reader,
            "case": read.assignment.study_case.case.number,
            "session": session.ordinal,
            "position": read.assignment.position,
            "arm": read.arm,
            "step": read.step,
            "is_hidden_repeat": read.assignment.repeat_of_id is not None,
            "series": volume.series.title,
            "segment": number,
            "question": own.question,
            **own.measured(),
            "slices": len(own.slices),
            "tools": "; ".join(dict.fromkeys(step["tool"] for step in own.origin)),
            "edited_voxels": own.edited_voxels,
            "voxels_sha256": volume.sha256,
        }
        for number, (volume, own) in enumerate(pairs, start=1)
    ]
    return MaskFile(name, made, rows)
