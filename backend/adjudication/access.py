"""The one door to adjudication items: an adjudicator gets the own item, and its images while it is open."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound
from backend.cases.models import CaseImage, CaseSeries
from backend.reads.answers import drawn_of
from backend.reads.image_presentation import series_in_order
from backend.reads.image_uids import uid_in_read
from backend.reads.labelmaps import Segment
from backend.reads.models import Mark, MaskContour, MaskVolume, Measurement, Read, ReadAnnotation
from backend.studies.access import desk_phase
from backend.studies.blinding import Kind, may_see
from backend.studies.models import StudyMember

from .item_states import ItemStatus
from .models import AdjudicationItem, ItemOriginal
from .panels import answers_of, effective_answers, overlaps_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Original:
    """A reading as the adjudicator sees it: a letter and answers, nothing of whose, when or in which arm.

    Of a drawing `answers` holds how many marks, outlines or segments it has; the drawing itself is in `marks`,
    `contours` and `labelmaps`, under identifiers that hold for the item. How a mask was painted is left out: a habit
    can be recognized. `measurements` are the drawn axes, `annotations` what was measured beside the form, without any
    of the words beside it.
    """

    letter: str
    answers: dict[str, Any]
    marks: list[dict[str, Any]]
    contours: list[dict[str, Any]]
    labelmaps: list[dict[str, Any]]
    measurements: list[dict[str, Any]]
    annotations: list[dict[str, Any]]


@dataclass(frozen=True)
class Overlap:
    """How far the masks of two readings agree on a question: Dice, from 0 to 1."""

    question: str
    letters: tuple[str, str]
    dice: float


def access_item(*, by: User, item_id: UUID, for_update: bool = False) -> AdjudicationItem:
    """The item, if this person opened it and adjudicates its study. Anything else is the same 404."""
    items = AdjudicationItem.objects.select_related("study", "study_case__case")
    if for_update:
        items = items.select_for_update(of=("self",))
    item = items.filter(pk=item_id).first()
    if item is None:
        raise NotFound
    if item.opened_by_id != by.pk:
        raise NotFound
    members = StudyMember.objects.filter(user=by, study=item.study_id, role=Role.ADJUDICATOR)
    if not members.filter(withdrawn_at=None).exists():
        raise NotFound
    return item


def access_open_item(*, by: User, item_id: UUID) -> AdjudicationItem:
    """The item while it is open: its images and originals are shown for no longer than that."""
    item = access_item(by=by, item_id=item_id)
    if item.status != ItemStatus.OPEN:
        raise NotFound
    if not may_see(Kind.ADJUDICATION_ORIGINALS, Role.ADJUDICATOR, desk_phase(item.study), own=True):
        raise NotFound
    return item


def access_series(*, by: User, item_id: UUID, index: int) -> tuple[AdjudicationItem, CaseSeries]:
    item = access_open_item(by=by, item_id=item_id)
    series = shown_series(item)
    if not 0 <= index < len(series):
        raise NotFound
    return item, series[index]


def access_image(*, by: User, item_id: UUID, index: int, frame: int) -> CaseImage:
    """The slice at `frame`, counted from 1."""
    _, series = access_series(by=by, item_id=item_id, index=index)
    image = CaseImage.objects.filter(series=series, index=frame - 1).first()
    if image is None:
        raise NotFound
    return image


def shown_series(item: AdjudicationItem) -> list[CaseSeries]:
    """The series of the case in the order in which its readers found them."""
    return series_in_order(item.study_case.case_id, primary_role=item.study.protocol["primary_role"])


def original_rows(item: AdjudicationItem) -> list[ItemOriginal]:
    return list(ItemOriginal.objects.filter(item=item).select_related("read").order_by("place"))


def original_reads(item: AdjudicationItem) -> list[Read]:
    """The reads behind the letters, in their order; for rules, never for a response."""
    return [row.read for row in original_rows(item)]


def originals_of(item: AdjudicationItem) -> list[Original]:
    """The readings of an open item in their drawn order.

    Free text is left out: it is the one kind of answer in which a reader can name an arm, a model or a person.
    """
    questions = item.study.protocol["form"]["questions"]
    kinds = {one["key"]: one["kind"] for one in questions if one["kind"] != "text"}
    reads = original_reads(item)
    answers = effective_answers(reads)
    marks, contours = drawn_of(Mark, reads), drawn_of(MaskContour, reads)
    volumes = drawn_of(MaskVolume, reads)
    measurements, annotations = drawn_of(Measurement, reads), drawn_of(ReadAnnotation, reads)
    places = _places(item)
    series = {one.pk: index for index, one in enumerate(shown_series(item))}
    return [
        Original(
            letter,
            {key: _shown(kind, answers[read.pk].get(key)) for key, kind in kinds.items()},
            [
                {"point_mm": one.point_mm, "rating": one.rating, **_drawn(item, one, places)}
                for one in marks[read.pk]
            ],
            [{"points_mm": one.points_mm, **_drawn(item, one, places)} for one in contours[read.pk]],
            [_painted(one, series[one.series_id]) for one in volumes[read.pk]],
            [_measured(item, one, places) for one in measurements[read.pk]],
            [_annotated(item, one, places) for one in annotations[read.pk] if one.tool != "text"],
        )
        for letter, read in zip(LETTERS, reads, strict=False)
    ]


def agreement_of(item: AdjudicationItem) -> list[Overlap]:
    """How far the readings' masks agree, by question in the order of the form; without those that drew nothing."""
    form = item.study.protocol["form"]
    panel = answers_of(form, original_reads(item))
    return [
        Overlap(question["key"], (LETTERS[one], LETTERS[other]), dice)
        for question in form["questions"]
        if question["kind"] == "mask"
        for (one, other), dice in overlaps_of([answers.get(question["key"]) for answers in panel]).items()
    ]


def _places(item: AdjudicationItem) -> dict[str, tuple[int, int]]:
    """Series from 0 and frame from 1 of each image of the case, by stored identifier."""
    series = {one.pk: index for index, one in enumerate(shown_series(item))}
    images = CaseImage.objects.filter(series__in=series).values_list("sop_uid", "series_id", "index")
    return {sop_uid: (series[series_id], index + 1) for sop_uid, series_id, index in images}


def _shown(kind: str, value: Any) -> Any:
    if value is None or kind not in ("mark", "mask"):
        return value
    if kind == "mark":
        return {"count": len(value)}
    return {"count": len(value["segments"]) if "segments" in value else value["contours"]}


def _painted(volume: MaskVolume, series: int) -> dict[str, Any]:
    segments = [Segment(**one) for one in volume.segments]
    return {
        "question": volume.question,
        "series": series,
        "shape": volume.shape,
        "segments": [{"value": one.value, "frame": one.frame, **one.measured()} for one in segments],
        "data": base64.b64encode(volume.data).decode(),
    }


def _measured(
    item: AdjudicationItem, drawn: Measurement, places: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    return {
        **_placed(item, drawn, places),
        "question": drawn.question,
        "points_mm": drawn.points_mm,
        "long_axis_mm": drawn.long_axis_mm,
        "short_axis_mm": drawn.short_axis_mm,
    }


def _annotated(
    item: AdjudicationItem, drawn: ReadAnnotation, places: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    """An annotation without its text: in words a reader can name an arm, a model or a person."""
    return {
        **_placed(item, drawn, places),
        "tool": drawn.tool,
        "points_mm": drawn.points_mm,
        "values": drawn.values,
    }


def _placed(
    item: AdjudicationItem, drawn: Measurement | ReadAnnotation, places: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    series, frame = places[drawn.sop_uid]
    return {"uuid": str(uuid5(item.pk, str(drawn.pk))), "series": series, "frame": frame}


def _drawn(
    item: AdjudicationItem, drawn: Mark | MaskContour, places: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    series, frame = places[drawn.sop_uid]
    return {
        "uuid": str(uuid5(item.pk, str(drawn.pk))),
        "question": drawn.question,
        "series": series,
        "frame": frame,
        "sop_uid": uid_in_read(item.pk, drawn.sop_uid),
        "frame_of_reference_uid": uid_in_read(item.pk, drawn.frame_of_reference_uid),
    }
