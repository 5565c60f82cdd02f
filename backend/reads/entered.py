"""What a reader enters in a read: checked as one, stored as one, and carried over to the next step of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.audit.errors import InvalidInput
from backend.cases.models import CaseImage
from backend.studies.form_schema import is_by_voxels
from backend.studies.forms import check_answers, is_finite_number

from .access import protocol_of, shown_series
from .annotations import CheckedAnnotation, check_annotations
from .answers import answers_of, drawn_of
from .contours import CheckedContour, check_contours, computed_values
from .image_uids import uid_in_read
from .labelmaps import Labelmap, segment_answers, segment_values
from .marks import CheckedMark, check_marks
from .measurements import CheckedMeasurement, check_measurements
from .models import (
    Answer,
    CorrectedAnswer,
    Correction,
    Mark,
    MaskContour,
    Measurement,
    Read,
    ReadAnnotation,
)
from .volumes import asked_labelmaps, store_volumes

VIEW_NUMBERS = (
    "series",
    "slice",
    "center",
    "width",
    "zoom",
    "pan_x",
    "pan_y",
    "mirrored",
    "rotation",
    "inverted",
)


@dataclass(frozen=True)
class Entered:
    """Answers to every question, derived ones included, with what was drawn for them."""

    answers: dict[str, Any]
    derived: dict[str, Any]
    measurements: Sequence[CheckedMeasurement]
    marks: Sequence[CheckedMark]
    contours: Sequence[CheckedContour]
    annotations: Sequence[CheckedAnnotation] = ()
    labelmaps: Sequence[Labelmap] = ()


def check_entered(
    read: Read,
    answers: Mapping[str, Any],
    measurements: Sequence[Mapping[str, Any]],
    *,
    annotations: Sequence[Mapping[str, Any]] = (),
    labelmaps: Sequence[Labelmap] = (),
    complete: bool,
) -> Entered:
    """Check answers against the form in force for the read, and drawings against its images.

    What is answered to a mask that is drawn by voxels is taken from `labelmaps`, whatever `answers` says of it.
    A draft whose lengths are not ours is kept, and told of; what is complete is refused with them.

    Raises
    ------
    InvalidInput
        Names every question at fault.
    """
    form = protocol_of(read)["form"]
    marks = check_marks(read, form, answers, complete=complete)
    contours = check_contours(read, form, answers)
    computed = computed_values(form, answers, marks=marks, contours=contours)
    computed |= segment_values(form, labelmaps)
    given = {**answers, **segment_answers(form, labelmaps)}
    checked = check_answers(form, given, complete=complete, computed=computed)
    if checked.errors:
        raise InvalidInput("Some answers cannot be accepted.", checked.errors)
    derived = {
        question["key"]: checked.answers[question["key"]]
        for question in form["questions"]
        if question["kind"] == "derived"
    }
    # What was drawn for a question that the answers no longer ask is no answer.
    asked = {key for key, value in checked.answers.items() if value is not None}
    return Entered(
        checked.answers,
        derived,
        check_measurements(read, measurements, tolerant=not complete),
        [one for one in marks if one.question in asked],
        [one for one in contours if one.question in asked],
        check_annotations(read, annotations, kept=() if complete else read.draft.get("annotations", ())),
        asked_labelmaps(labelmaps, asked) if complete else labelmaps,
    )


def check_view(view: Mapping[str, Any]) -> dict[str, float]:
    """Where the reader is in the images, known numbers only; it is comfort and refuses nothing."""
    return {name: float(view[name]) for name in VIEW_NUMBERS if is_finite_number(view.get(name))}


def store_entered(read: Read, entered: Entered, *, correction: Correction | None = None) -> None:
    """Write the rows of a commit, or those of a correction beside them."""
    answers = stored_answers(entered)
    if correction is None:
        Answer.objects.bulk_create(
            Answer(read=read, question=question, value=value) for question, value in answers.items()
        )
    else:
        CorrectedAnswer.objects.bulk_create(
            CorrectedAnswer(correction=correction, question=question, value=value)
            for question, value in answers.items()
        )
    Measurement.objects.bulk_create(_measurement(read, one, correction) for one in entered.measurements)
    Mark.objects.bulk_create(_mark(read, one, correction) for one in entered.marks)
    MaskContour.objects.bulk_create(_contour(read, one, correction) for one in entered.contours)
    ReadAnnotation.objects.bulk_create(_annotation(read, one, correction) for one in entered.annotations)
    store_volumes(read, entered.labelmaps, correction)


def stored_answers(entered: Entered) -> dict[str, Any]:
    """The answers as they are kept: what was drawn is counted or sized there and kept in rows of its own.

    The identifiers that the browser sends hold for one read and mean nothing later.
    """
    drawn: dict[str, Any] = {}
    for mark in entered.marks:
        drawn.setdefault(mark.question, []).append({"point_mm": mark.point_mm, "rating": mark.rating})
    for contour in entered.contours:
        drawn[contour.question] = {"contours": drawn.get(contour.question, {"contours": 0})["contours"] + 1}
    for segment in (one for labelmap in entered.labelmaps for one in labelmap.segments):
        drawn.setdefault(segment.question, {"segments": []})["segments"].append(segment.measured())
    return {key: drawn.get(key, _undrawn(value)) for key, value in entered.answers.items()}


def carry_over(*, earlier: Read, into: Read) -> None:
    """Begin the next step of a case with what its reader committed in the step before."""
    into.draft = as_sent(earlier, into=into)
    into.view = earlier.view


def as_sent(read: Read, *, into: Read) -> dict[str, Any]:
    """What holds of a committed read, as the browser sends a draft of `into`: the same read, or the next step."""
    answers = answers_of([read])[read.pk].effective
    form = protocol_of(read)["form"]
    given = {
        question["key"]: _as_sent(question, answers.get(question["key"]), read, into)
        for question in form["questions"]
        if question["kind"] != "derived"
    }
    return {
        "answers": {key: value for key, value in given.items() if value is not None},
        "measurements": _measurements_as_sent(read),
        "annotations": _annotations_as_sent(read),
    }


def _undrawn(value: Any) -> Any:
    """A mask without outlines is still an answer: nothing was there to draw."""
    return {"contours": 0} if isinstance(value, dict) and "contours" in value else value


def _as_sent(question: Mapping[str, Any], value: Any, earlier: Read, into: Read) -> Any:
    if value is None or question["kind"] not in ("mark", "mask"):
        return value
    if is_by_voxels(question):
        # The labelmaps that come with the draft say it all.
        return None
    if question["kind"] == "mark":
        marks = [one for one in drawn_of(Mark, [earlier])[earlier.pk] if one.question == question["key"]]
        return [
            {"uuid": str(one.uuid), "point_mm": one.point_mm, "rating": one.rating, **_uids(one, into)}
            for one in marks
        ]
    contours = [
        one for one in drawn_of(MaskContour, [earlier])[earlier.pk] if one.question == question["key"]
    ]
    return {"contours": [{"points_mm": one.points_mm, **_uids(one, into)} for one in contours]}


def _uids(drawn: Mark | MaskContour, into: Read) -> dict[str, str]:
    return {
        "sop_uid": uid_in_read(into.pk, drawn.sop_uid),
        "frame_of_reference_uid": uid_in_read(into.pk, drawn.frame_of_reference_uid),
    }


def _measurements_as_sent(read: Read) -> list[dict[str, Any]]:
    rows = drawn_of(Measurement, [read])[read.pk]
    return [
        {
            "uuid": str(one.uuid),
            "tool": one.tool,
            "question": one.question or None,
            **place,
            "points_mm": one.points_mm,
            "long_axis_mm": one.long_axis_mm,
            "short_axis_mm": one.short_axis_mm,
        }
        for one, place in zip(rows, _places(read, rows), strict=True)
    ]


def _annotations_as_sent(read: Read) -> list[dict[str, Any]]:
    rows = drawn_of(ReadAnnotation, [read])[read.pk]
    return [
        {
            "uuid": str(one.uuid),
            "tool": one.tool,
            **place,
            "points_mm": one.points_mm,
            "text": one.text or None,
            "values": one.values,
        }
        for one, place in zip(rows, _places(read, rows), strict=True)
    ]


def _places(read: Read, rows: Sequence[Measurement] | Sequence[ReadAnnotation]) -> list[dict[str, int]]:
    """Series, from 0, and frame, from 1, of what was drawn on the images of a read."""
    places = {series.pk: index for index, series in enumerate(shown_series(read))} if rows else {}
    images = {
        image.sop_uid: image
        for image in CaseImage.objects.filter(series__in=places, sop_uid__in=[one.sop_uid for one in rows])
    }
    found = [images[one.sop_uid] for one in rows]
    return [{"series": places[image.series_id], "frame": image.index + 1} for image in found]


def _measurement(read: Read, one: CheckedMeasurement, correction: Correction | None) -> Measurement:
    return Measurement(
        read=read,
        correction=correction,
        uuid=one.uuid,
        tool=one.tool,
        question=one.question or "",
        sop_uid=one.image.sop_uid,
        frame_of_reference_uid=one.image.series.frame_of_reference_uid,
        points_mm=one.points_mm,
        long_axis_mm=one.axes.long_axis_mm,
        short_axis_mm=one.axes.short_axis_mm,
    )


def _mark(read: Read, one: CheckedMark, correction: Correction | None) -> Mark:
    return Mark(
        read=read,
        correction=correction,
        uuid=one.uuid,
        question=one.question,
        sop_uid=one.where.image.sop_uid,
        frame_of_reference_uid=one.where.image.series.frame_of_reference_uid,
        point_mm=one.point_mm,
        rating=one.rating,
    )


def _contour(read: Read, one: CheckedContour, correction: Correction | None) -> MaskContour:
    return MaskContour(
        read=read,
        correction=correction,
        uuid=one.uuid,
        question=one.question,
        sop_uid=one.where.image.sop_uid,
        frame_of_reference_uid=one.where.image.series.frame_of_reference_uid,
        points_mm=one.points_mm,
        area_mm2=one.area_mm2,
    )


def _annotation(read: Read, one: CheckedAnnotation, correction: Correction | None) -> ReadAnnotation:
    return ReadAnnotation(
        read=read,
        correction=correction,
        uuid=one.uuid,
        tool=one.tool,
        sop_uid=one.image.sop_uid,
        frame_of_reference_uid=one.image.series.frame_of_reference_uid,
        points_mm=one.points_mm,
        text=one.text or "",
        values=one.values,
    )
