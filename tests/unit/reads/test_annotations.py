"""Annotations against the stored pixels, and against what a slow second look at them says."""

import math
import uuid
from typing import Any

import numpy as np
import pytest

from backend.audit.errors import InvalidInput
from backend.cases.pixels import read_slice
from backend.reads.annotations import MAX_ANNOTATIONS, check_annotations

from .drawing import Canvas, open_canvas

pytestmark = pytest.mark.django_db


def annotation(
    canvas: Canvas, tool: str, pixels: list[tuple[float, float]], number: int = 1, **changes: Any
) -> dict[str, Any]:
    return {
        "uuid": str(uuid.UUID(int=number)),
        "tool": tool,
        "series": 0,
        "frame": 3,
        "points_mm": [canvas.point(*pixel) for pixel in pixels],
        "text": None,
        "values": {},
        **changes,
    }


def values_of(
    canvas: Canvas, tool: str, pixels: list[tuple[float, float]], **changes: Any
) -> dict[str, float]:
    (checked,) = check_annotations(canvas.read, [annotation(canvas, tool, pixels, **changes)])
    return checked.values


def test_a_length_is_the_distance_of_its_ends() -> None:
    canvas = open_canvas()
    spacing = canvas.grid().column_spacing_mm
    assert values_of(canvas, "length", [(5, 5), (8, 9)]) == {"length_mm": pytest.approx(5 * spacing)}


@pytest.mark.parametrize(
    ("ends", "degrees"),
    [
        ([(10, 5), (10, 10), (15, 10)], 90),
        ([(10, 5), (10, 10), (15, 15)], 135),
        ([(15, 10), (10, 10), (15, 15)], 45),
        ([(5, 10), (10, 10), (15, 10)], 180),
        ([(15, 10), (10, 10), (20, 10)], 0),
    ],
)
def test_an_angle_is_that_at_its_second_point(ends: list[tuple[float, float]], degrees: float) -> None:
    assert values_of(open_canvas(), "angle", ends) == {"angle_deg": pytest.approx(degrees, abs=1e-6)}


def test_an_arm_without_length_makes_no_angle() -> None:
    assert values_of(open_canvas(), "angle", [(10, 10), (10, 10), (15, 15)]) == {}


def test_a_region_has_the_values_of_the_stored_pixels_within_it() -> None:
    canvas = open_canvas()
    stored = read_slice(canvas.image()).astype(np.float64)
    grid = canvas.grid()
    inside = [
        stored[row, column]
        for row in range(grid.rows)
        for column in range(grid.columns)
        if ((column - 12) / 5.2) ** 2 + ((row - 14) / 3.3) ** 2 <= 1
    ]
    found = values_of(canvas, "ellipse", [(6.8, 14), (17.2, 14), (12, 10.7), (12, 17.3)])
    pixel = grid.row_spacing_mm * grid.column_spacing_mm
    assert found["area_mm2"] == pytest.approx(math.pi * 5.2 * 3.3 * pixel)
    assert found["pixels"] == len(inside)
    assert found["mean"] == pytest.approx(np.mean(inside))
    assert found["sd"] == pytest.approx(np.std(inside))
    assert (found["min"], found["max"]) == (min(inside), max(inside))

    block = stored[9:13, 5:9]
    drawn = values_of(canvas, "freehand", [(4.5, 8.5), (8.5, 8.5), (8.5, 12.5), (4.5, 12.5)])
    assert drawn["area_mm2"] == pytest.approx(16 * pixel)
    assert drawn["pixels"] == 16
    assert drawn["mean"] == pytest.approx(block.mean())
    assert (drawn["min"], drawn["max"]) == (block.min(), block.max())


def test_a_region_beside_the_image_has_no_pixel_and_no_statistics() -> None:
    canvas = open_canvas()
    found = values_of(canvas, "freehand", [(-9, -9), (-5, -9), (-5, -5), (-9, -5)])
    assert found.keys() == {"area_mm2", "pixels"}
    assert found["pixels"] == 0


def test_what_has_not_moved_keeps_its_values_and_what_has_is_measured_anew() -> None:
    canvas = open_canvas()
    sent = annotation(canvas, "length", [(5, 5), (8, 9)])
    (first,) = check_annotations(canvas.read, [sent])
    kept = [{**first.as_sent(), "values": {"length_mm": 1.0}}]
    assert check_annotations(canvas.read, [sent], kept=kept)[0].values == {"length_mm": 1.0}
    moved = annotation(canvas, "length", [(5, 5), (5, 9)])
    (again,) = check_annotations(canvas.read, [moved], kept=kept)
    assert again.values == {"length_mm": pytest.approx(4 * canvas.grid().row_spacing_mm)}


def test_values_of_the_browser_that_are_not_ours_are_told() -> None:
    canvas = open_canvas()
    length = 5 * canvas.grid().column_spacing_mm
    sent = [
        annotation(canvas, "length", [(5, 5), (8, 9)], 1, values={"length_mm": length + 0.009}),
        annotation(canvas, "length", [(5, 5), (8, 9)], 2, values={"length_mm": length + 0.02}),
        annotation(canvas, "length", [(5, 5), (8, 9)], 3, values={"length_mm": "long", "other": 3}),
    ]
    told = [one.differences() for one in check_annotations(canvas.read, sent)]
    here, server = pytest.approx(length + 0.02), pytest.approx(length)
    assert told == [
        [],
        [{"uuid": str(uuid.UUID(int=2)), "field": "length_mm", "here": here, "server": server}],
        [],
    ]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"tool": "circle"}, "none that the viewer has"),
    ({"frame": 99}, "not part of this case"),
    ({"frame": True}, "not part of this case"),
    ({"frame": 0}, "not part of this case"),
    ({"frame": 10**30}, "not part of this case"),
    ({"series": -1}, "not part of this case"),
    ({"frame": 4}, "slice that is named"),
    ({"points_mm": [[0, 0, 0]]}, "points of its tool"),
    ({"points_mm": "ab"}, "points of its tool"),
    ({"points_mm": [[0, 0], [0, 0]]}, "three coordinates"),
    ({"points_mm": [[0, 0, float("nan")]] * 2}, "outside any patient"),
    ({"uuid": "none"}, "not a UUID"),
    ({"text": "a label"}, "no text"),
    ({"tool": "text", "text": "  "}, "points of its tool"),
    ({"tool": "arrow", "text": 3}, "text is none"),
    ({"tool": "arrow", "text": "x" * 501}, "500 characters"),
    ({"tool": "arrow", "text": "a\ud800b"}, "cannot be stored"),
    ({"tool": "arrow", "text": "a\0b"}, "cannot be stored"),
]


@pytest.mark.parametrize(("changes", "words"), IMPOSSIBLE)
def test_an_annotation_that_cannot_be_is_refused_by_its_place(changes: dict[str, Any], words: str) -> None:
    canvas = open_canvas()
    sent = [
        annotation(canvas, "length", [(5, 5), (8, 9)], 1),
        {**annotation(canvas, "length", [(5, 5), (8, 9)], 2), **changes},
    ]
    with pytest.raises(InvalidInput) as refused:
        check_annotations(canvas.read, sent)
    assert list(refused.value.fields) == ["annotations[1]"]
    assert words in refused.value.fields["annotations[1]"]


def test_an_empty_note_a_crossing_and_what_is_sent_twice_are_refused() -> None:
    canvas = open_canvas()
    crossing = annotation(canvas, "freehand", [(2, 2), (8, 8), (8, 2), (2, 8)])
    empty = annotation(canvas, "text", [(5, 5)], text=" ")
    twice = [annotation(canvas, "arrow", [(5, 5), (8, 9)])] * 2
    many = [annotation(canvas, "arrow", [(5, 5), (8, 9)], number) for number in range(MAX_ANNOTATIONS + 1)]
    for sent, words in (
        ([crossing], "crosses itself"),
        ([empty], "note is empty"),
        (twice, "sent twice"),
        (many, "100"),
    ):
        with pytest.raises(InvalidInput) as refused:
            check_annotations(canvas.read, sent)
        assert words in str(refused.value.fields)


def test_the_tools_of_the_protocol_are_the_only_ones() -> None:
    canvas = open_canvas()
    study = canvas.read.assignment.study_case.study
    study.protocol = {**study.protocol, "tools": ["length"]}
    assert values_of(canvas, "length", [(5, 5), (8, 9)])
    with pytest.raises(InvalidInput) as refused:
        values_of(canvas, "angle", [(10, 5), (10, 10), (15, 10)])
    assert "protocol" in refused.value.fields["annotations[0]"]
