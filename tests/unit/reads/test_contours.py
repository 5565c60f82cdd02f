import math
from typing import Any

import pytest

from backend.audit.errors import InvalidInput
from backend.cases.models import CaseSeries
from backend.reads.contours import check_contours, computed_values, stored_mask
from backend.reads.models import MaskContour, Read
from backend.reads.raster import dice
from tests.factories.dicom import SPACING_MM, STEP_MM

from .drawing import Canvas, open_canvas

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "questions": [
        {"key": "tumor", "kind": "mask", "role": "T2W"},
        {"key": "nodes", "kind": "mark"},
        {"key": "comment", "kind": "text"},
    ]
}


def answer(*contours: Any) -> dict[str, Any]:
    return {"tumor": {"contours": list(contours)}}


def polygon_mm2(radius_pixels: float, corners: int = 90) -> float:
    """The area of a regular polygon, by its formula."""
    return corners / 2 * (radius_pixels * SPACING_MM) ** 2 * math.sin(2 * math.pi / corners)


def values(canvas: Canvas, answers: dict[str, Any]) -> dict[str, Any]:
    contours = check_contours(canvas.read, FORM, answers)
    return computed_values(FORM, answers, marks=[], contours=contours)


def refusal(canvas: Canvas, *contours: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        check_contours(canvas.read, FORM, answer(*contours))
    assert refused.value.fields.keys() == {"tumor"}
    return refused.value.fields["tumor"]


def test_outlines_are_found_on_the_stored_images_and_measured() -> None:
    canvas = open_canvas()
    first, second = check_contours(
        canvas.read, FORM, answer(canvas.disk(8, frame=3), canvas.disk(5, frame=4))
    )
    assert (first.where.image, first.where.series, first.where.frame) == (canvas.image(frame=3), 0, 3)
    assert second.where.image == canvas.image(frame=4)
    assert first.area_mm2 == pytest.approx(polygon_mm2(8), rel=1e-9)
    assert second.area_mm2 == pytest.approx(polygon_mm2(5), rel=1e-9)


def test_the_volume_is_the_sum_of_areas_times_the_step() -> None:
    canvas = open_canvas()
    radii = {2: 6, 3: 8, 4: 7, 5: 3}
    drawn = answer(*(canvas.disk(radius, frame=frame) for frame, radius in radii.items()))
    computed = values(canvas, drawn)
    areas = sum(polygon_mm2(radius) for radius in radii.values())
    assert computed["tumor_volume_ml"] == pytest.approx(areas * STEP_MM / 1000, rel=1e-9)
    assert computed["tumor_slices"] == 4


def test_a_hole_is_not_counted_and_a_second_part_is() -> None:
    canvas = open_canvas()
    outer, lumen = canvas.disk(9), canvas.disk(4)
    beside = canvas.disk(2, at=(28.0, 28.0))
    computed = values(canvas, answer(lumen, outer, beside))
    area = polygon_mm2(9) - polygon_mm2(4) + polygon_mm2(2)
    assert computed["tumor_volume_ml"] == pytest.approx(area * STEP_MM / 1000, rel=1e-9)
    assert computed["tumor_slices"] == 1


def test_what_is_not_answered_is_not_zero() -> None:
    canvas = open_canvas()
    nothing = {"tumor_volume_ml": None, "tumor_slices": None, "nodes_count": None}
    assert values(canvas, {}) == nothing
    assert values(canvas, {"tumor": None}) == nothing
    assert values(canvas, {"tumor": {"contours": []}, "nodes": []}) == {
        "tumor_volume_ml": 0.0,
        "tumor_slices": 0,
        "nodes_count": 0,
    }


def test_slices_that_do_not_lie_evenly_have_no_volume() -> None:
    canvas = open_canvas()
    CaseSeries.objects.filter(pk=canvas.image().series_id).update(slice_step_mm=None)
    computed = values(canvas, answer(canvas.disk(5)))
    assert (computed["tumor_volume_ml"], computed["tumor_slices"]) == (None, 1)


def test_an_outline_that_crosses_itself_is_refused_by_its_slice() -> None:
    canvas = open_canvas()
    eight = canvas.outline([(5, 5), (20, 20), (20, 5), (5, 20)], frame=4)
    assert refusal(canvas, canvas.disk(8), eight) == "Slice 4: The outline crosses itself."


def test_outlines_that_cross_one_another_are_refused_on_one_slice_only() -> None:
    canvas = open_canvas()
    beside = canvas.disk(8, at=(20.0, 16.0))
    assert refusal(canvas, canvas.disk(8), beside) == "Slice 3: two outlines cross one another."
    other_slice = canvas.disk(8, at=(20.0, 16.0), frame=4)
    assert len(check_contours(canvas.read, FORM, answer(canvas.disk(8), other_slice))) == 2


def test_points_off_the_slice_or_beside_the_image_are_refused() -> None:
    canvas = open_canvas()
    assert "slice that is named" in refusal(canvas, {**canvas.disk(5, frame=4), **canvas.uids(frame=3)})
    assert "outside the image" in refusal(canvas, canvas.disk(9, at=(26.0, 16.0)))


def test_a_mask_lies_in_one_series_of_the_role_asked_for() -> None:
    canvas = open_canvas()
    assert "on T2W images only" in refusal(canvas, canvas.disk(5, series=1, frame=2))
    anywhere = {"questions": [{"key": "tumor", "kind": "mask"}]}
    with pytest.raises(InvalidInput) as refused:
        check_contours(canvas.read, anywhere, answer(canvas.disk(5), canvas.disk(5, series=1, frame=2)))
    assert "a mask lies in one" in refused.value.fields["tumor"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points_mm": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]}, "at least three points"),
        ({"points_mm": None}, "at least three points"),
        ({"points_mm": [[0.0, 0.0, 0.0]] * 2001}, "at most 2000 points"),
        ({"points_mm": [[0.0, 0.0]] * 3}, "three coordinates"),
        ({"points_mm": [[0.0, 0.0, True]] * 3}, "number of mm"),
        ({"sop_uid": "2.25.1"}, "not part of this case"),
        ({"frame_of_reference_uid": "2.25.1"}, "frame of reference"),
    ],
)
def test_what_is_no_outline_is_refused(changes: dict[str, Any], words: str) -> None:
    canvas = open_canvas()
    assert words in refusal(canvas, {**canvas.disk(5), **changes})


def test_what_is_no_mask_is_refused() -> None:
    canvas = open_canvas()
    for sent in ("drawn", [], {"contours": "one"}, {"contours": ["one"]}, 3):
        with pytest.raises(InvalidInput):
            check_contours(canvas.read, FORM, {"tumor": sent})


def kept(read: Read, contours: list[Any]) -> list[MaskContour]:
    return [
        MaskContour(
            read=read,
            uuid=one.uuid,
            question=one.question,
            sop_uid=one.where.image.sop_uid,
            frame_of_reference_uid=one.where.image.series.frame_of_reference_uid,
            points_mm=one.points_mm,
            area_mm2=one.area_mm2,
        )
        for one in contours
    ]


def test_the_kept_outlines_of_two_readers_can_be_compared() -> None:
    canvas = open_canvas()
    small = check_contours(canvas.read, FORM, answer(canvas.disk(6), canvas.disk(6, frame=4)))
    large = check_contours(canvas.read, FORM, answer(canvas.disk(12)))
    one, other = (stored_mask(kept(canvas.read, drawn)) for drawn in (small, large))
    assert one.keys() == {canvas.image(frame=3).sop_uid, canvas.image(frame=4).sop_uid}
    # Disks of radius r and 2r on one slice, and another of r that has no partner: 2 * 1 / (2 + 4).
    assert dice(one, other) == pytest.approx(1 / 3, abs=0.01)
    assert dice(one, one) == 1
    assert stored_mask([]) == {}
