"""Labelmaps as they are kept: with the draft of an open read, and as the masks of a commit or correction."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from backend.cases.models import CaseImage, CaseSeries
from backend.studies.form_schema import is_by_voxels

from .access import protocol_of, shown_series
from .answers import drawn_of
from .labelmap_bytes import Voxels, only, packed, unpacked
from .labelmaps import Labelmap, Segment, check_labelmaps, has_voxel_questions
from .models import Correction, DraftLabelmap, MaskVolume, Read, ReadStatus
from .raster import Mask


def held_labelmaps(read: Read) -> list[Labelmap]:
    """What is painted in a read: with its draft, or as its last correction or its commit left it."""
    if not has_voxel_questions(protocol_of(read)["form"]):
        return []
    places = {series.pk: index for index, series in enumerate(shown_series(read))}
    if read.status == ReadStatus.DRAFT:
        rows = DraftLabelmap.objects.filter(read=read).select_related("series")
        held = [_of_draft(row, places[row.series_id]) for row in rows]
    else:
        held = [
            _of_volumes(volumes, places[volumes[0].series_id])
            for volumes in _by_series(drawn_of(MaskVolume, [read])[read.pk])
        ]
    return sorted(held, key=lambda one: one.index)


def entered_labelmaps(read: Read, sent: Sequence[Mapping[str, Any]] | None) -> list[Labelmap]:
    """What was sent, checked; a browser that sends none at all leaves what the read holds."""
    if sent is None:
        return held_labelmaps(read)
    return check_labelmaps(read, protocol_of(read)["form"], sent)


def keep_labelmaps(read: Read, labelmaps: Iterable[Labelmap]) -> None:
    """Put what was sent in the place of what the draft held."""
    DraftLabelmap.objects.filter(read=read).delete()
    DraftLabelmap.objects.bulk_create(
        DraftLabelmap(
            read=read, series=one.series, segments=[own.to_json() for own in one.segments], data=one.data
        )
        for one in labelmaps
    )


def carry_labelmaps(*, earlier: Read, into: Read) -> None:
    """Begin the next step of a case with the masks of the step before, as far as its form asks for them."""
    asked = {one["key"] for one in protocol_of(into)["form"]["questions"] if is_by_voxels(one)}
    kept = []
    for one in held_labelmaps(earlier):
        segments = tuple(own for own in one.segments if own.question in asked)
        if segments:
            voxels = only(unpacked(one.data, one.shape), [own.value for own in segments])
            kept.append(Labelmap(one.series, one.index, segments, packed(voxels)))
    keep_labelmaps(into, kept)


def store_volumes(read: Read, labelmaps: Iterable[Labelmap], correction: Correction | None) -> None:
    """Write a row for each mask of a commit, or of a correction beside them; a draft's labelmaps go with it."""
    DraftLabelmap.objects.filter(read=read).delete()
    MaskVolume.objects.bulk_create(
        volume for one in labelmaps for volume in _volumes_of(read, one, correction)
    )


def voxels_of(volume: MaskVolume) -> Voxels:
    """The voxels of a kept mask, shape (slices, rows, columns): the value of the segment, or 0."""
    slices, rows, columns = volume.shape
    return unpacked(bytes(volume.data), (slices, rows, columns))


def stored_volume(volumes: Iterable[MaskVolume]) -> dict[str, Mask]:
    """The slices of one kept mask on which something is painted, by the SOP UID that the product stores."""
    masks: dict[str, Mask] = {}
    for volume in volumes:
        voxels = voxels_of(volume)
        images = CaseImage.objects.filter(series=volume.series_id).values_list("index", "sop_uid")
        masks |= {sop_uid: voxels[index] != 0 for index, sop_uid in images if voxels[index].any()}
    return masks


def _of_draft(row: DraftLabelmap, index: int) -> Labelmap:
    return Labelmap(row.series, index, tuple(Segment(**one) for one in row.segments), bytes(row.data))


def _by_series(volumes: Iterable[MaskVolume]) -> list[list[MaskVolume]]:
    by_series: dict[Any, list[MaskVolume]] = {}
    for one in volumes:
        by_series.setdefault(one.series_id, []).append(one)
    return list(by_series.values())


def _of_volumes(volumes: Sequence[MaskVolume], index: int) -> Labelmap:
    """The labelmap that the masks of one series came from: no two of them have a value in common."""
    voxels = np.maximum.reduce([voxels_of(one) for one in volumes])
    segments = sorted(
        (Segment(**one) for volume in volumes for one in volume.segments), key=lambda one: one.value
    )
    series = CaseSeries.objects.get(pk=volumes[0].series_id)
    return Labelmap(series, index, tuple(segments), packed(voxels))


def _volumes_of(read: Read, labelmap: Labelmap, correction: Correction | None) -> Iterable[MaskVolume]:
    voxels = unpacked(labelmap.data, labelmap.shape)
    by_question: dict[str, list[Segment]] = {}
    for one in labelmap.segments:
        by_question.setdefault(one.question, []).append(one)
    for question, segments in by_question.items():
        own = only(voxels, [one.value for one in segments])
        yield MaskVolume(
            read=read,
            correction=correction,
            question=question,
            series=labelmap.series,
            shape=list(labelmap.shape),
            segments=[one.to_json() for one in segments],
            sha256=hashlib.sha256(own.tobytes()).hexdigest(),
            data=packed(own),
        )


def asked_labelmaps(labelmaps: Iterable[Labelmap], asked: Collection[str]) -> list[Labelmap]:
    """The labelmaps with the segments of questions that are asked; the others are no answer."""
    kept = [
        Labelmap(one.series, one.index, tuple(own for own in one.segments if own.question in asked), one.data)
        for one in labelmaps
    ]
    return [one for one in kept if one.segments]
