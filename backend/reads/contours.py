"""Masks as the browser sends them inside the answers: closed outlines, checked against their slices and measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

from backend.audit.errors import InvalidInput
from backend.cases.models import CaseImage
from backend.studies.form_schema import is_by_voxels

from .drawn_images import DrawnImage, DrawnImages
from .geometry import BadMeasurement, Floats, check_in_image, checked_point, slice_grid
from .marks import CheckedMark, check_role
from .models import MaskContour, Read
from .outlines import area_mm2, covered_area_mm2, cross_one_another, crosses_itself
from .raster import Mask, mask_of

MAX_CONTOURS = 500
MAX_POINTS = 2_000
MM3_IN_ML = 1_000


@dataclass(frozen=True)
class CheckedContour:
    """A closed outline on one slice, with the area within it. `outline` are its corners in the plane, mm."""

    uuid: UUID
    question: str
    points_mm: list[list[float]]
    outline: Floats
    area_mm2: float
    where: DrawnImage


def check_contours(read: Read, form: Mapping[str, Any], answers: Mapping[str, Any]) -> list[CheckedContour]:
    """The outlines in the answers to the form's questions of kind mask.

    An outline must have three corners that lie on its slice and within the image; it may neither cross itself nor
    another one of its mask on the same slice, since what it covers would then be anyone's guess. An outline wholly
    within another is a hole. The outlines of a mask lie in one series.

    Raises
    ------
    InvalidInput
        Names the question, and in its text the slice.
    """
    images = DrawnImages(read)
    checked: list[CheckedContour] = []
    problems: dict[str, str] = {}
    for question in form["questions"]:
        sent = answers.get(question["key"])
        if question["kind"] != "mask" or is_by_voxels(question) or sent is None:
            continue
        try:
            contours = _contours_of(question, sent, images)
            _check_together(contours)
            checked += contours
        except BadMeasurement as problem:
            problems[question["key"]] = str(problem)
    if problems:
        raise InvalidInput("An outline cannot be accepted.", problems)
    return checked


def computed_values(
    form: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    marks: Sequence[CheckedMark],
    contours: Sequence[CheckedContour],
) -> dict[str, float | int | None]:
    """What expressions may ask of what was drawn: volume and slices of each outlined mask, number of marks.

    The volume is the area covered on each slice times the distance from slice to slice. It is None where the mask
    is not answered, and where the slices do not lie evenly; the others are None only where not answered.
    """
    values: dict[str, float | int | None] = {}
    for question in form["questions"]:
        key = question["key"]
        is_open = answers.get(key) is None
        if question["kind"] == "mark":
            values[f"{key}_count"] = None if is_open else sum(one.question == key for one in marks)
        if question["kind"] == "mask" and not is_by_voxels(question):
            own = [one for one in contours if one.question == key]
            values[f"{key}_volume_ml"] = None if is_open else volume_ml(own)
            values[f"{key}_slices"] = None if is_open else len(_by_slice(own))
    return values


def volume_ml(contours: Sequence[CheckedContour]) -> float | None:
    """The volume of one mask; None where its slices do not lie evenly."""
    if not contours:
        return 0.0
    step_mm = contours[0].where.image.series.slice_step_mm
    if step_mm is None:
        return None
    areas = (covered_area_mm2([one.outline for one in here]) for here in _by_slice(contours).values())
    return sum(areas) * step_mm / MM3_IN_ML


def stored_mask(contours: Iterable[MaskContour]) -> dict[str, Mask]:
    """The kept outlines of one mask on the pixel grid of their slices, by the SOP UID that the product stores."""
    outlines: dict[str, list[list[list[float]]]] = {}
    cases = set()
    for one in contours:
        outlines.setdefault(one.sop_uid, []).append(one.points_mm)
        cases.add(one.read.assignment.study_case.case_id)
    images = CaseImage.objects.filter(series__case__in=cases, sop_uid__in=outlines)
    return mask_of(outlines, {image.sop_uid: slice_grid(image.metadata) for image in images})


def _contours_of(question: Mapping[str, Any], sent: object, images: DrawnImages) -> list[CheckedContour]:
    contours = sent.get("contours") if isinstance(sent, dict) else None
    if not isinstance(contours, list):
        raise BadMeasurement("A mask is a list of contours.")
    if len(contours) > MAX_CONTOURS:
        raise BadMeasurement(f"At most {MAX_CONTOURS} outlines are kept, and {len(contours)} were sent.")
    return [_check(question, one, images) for one in contours]


def _check(question: Mapping[str, Any], sent: object, images: DrawnImages) -> CheckedContour:
    if not isinstance(sent, dict):
        raise BadMeasurement("An outline is not complete.")
    where = images.find(
        sop_uid=sent.get("sop_uid"), frame_of_reference_uid=sent.get("frame_of_reference_uid")
    )
    try:
        check_role(question, where)
        points = _points(sent.get("points_mm"))
        check_in_image(points, where.grid)
        outline = where.grid.in_plane(points)
        if crosses_itself(outline):
            raise BadMeasurement("The outline crosses itself.")
    except BadMeasurement as problem:
        raise BadMeasurement(f"Slice {where.frame}: {problem}") from problem
    return CheckedContour(
        uuid=uuid4(),
        question=question["key"],
        points_mm=points,
        outline=outline,
        area_mm2=area_mm2(outline),
        where=where,
    )


def _points(sent: object) -> list[list[float]]:
    if not isinstance(sent, list) or len(sent) < 3:
        raise BadMeasurement("An outline has at least three points.")
    if len(sent) > MAX_POINTS:
        raise BadMeasurement(f"An outline has at most {MAX_POINTS} points.")
    return [list(checked_point(point)) for point in sent]


def _check_together(contours: Sequence[CheckedContour]) -> None:
    if len({one.where.series for one in contours}) > 1:
        raise BadMeasurement("The outlines lie in several series; a mask lies in one.")
    for here in _by_slice(contours).values():
        for one, other in combinations(here, 2):
            if cross_one_another(one.outline, other.outline):
                raise BadMeasurement(f"Slice {one.where.frame}: two outlines cross one another.")


def _by_slice(contours: Sequence[CheckedContour]) -> dict[int, list[CheckedContour]]:
    slices: dict[int, list[CheckedContour]] = {}
    for one in contours:
        slices.setdefault(one.where.frame, []).append(one)
    return slices
