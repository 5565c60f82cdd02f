import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.reads.geometry import (
    BadMeasurement,
    SliceGrid,
    agree,
    bidirectional_axes,
    check_in_image,
    check_on_slice,
    slice_grid,
)

CROSS = [[0.0, 0.0, 5.0], [10.0, 0.0, 5.0], [5.0, -3.0, 5.0], [5.0, 3.0, 5.0]]
coordinate = st.floats(-500, 500, allow_nan=False)
point = st.tuples(coordinate, coordinate, coordinate)


def test_the_axes_are_the_two_lengths() -> None:
    axes = bidirectional_axes(CROSS)
    assert (axes.long_axis_mm, axes.short_axis_mm) == (10.0, 6.0)


@settings(derandomize=True, deadline=None)
@given(points=st.tuples(point, point, point, point))
def test_the_short_axis_is_never_longer_and_the_order_of_axes_does_not_matter(
    points: tuple[tuple[float, float, float], ...],
) -> None:
    a, b, c, d = points
    axes = bidirectional_axes([a, b, c, d])
    assert axes.short_axis_mm <= axes.long_axis_mm
    assert bidirectional_axes([d, c, b, a]) == axes
    assert {axes.short_axis_mm, axes.long_axis_mm} == {math.dist(a, b), math.dist(c, d)}


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (CROSS[:3], "four points"),
        ("abcd", "four points"),
        ([*CROSS[:3], [1.0, 2.0]], "three coordinates"),
        ([*CROSS[:3], [1.0, 2.0, float("nan")]], "outside any patient"),
        ([*CROSS[:3], [1.0, 2.0, 1e9]], "outside any patient"),
        ([*CROSS[:3], [1.0, 2.0, "3"]], "number of mm"),
        ([*CROSS[:3], [1.0, 2.0, True]], "number of mm"),
    ],
)
def test_points_that_are_no_measurement_are_refused(points: object, words: str) -> None:
    with pytest.raises(BadMeasurement, match=words):
        bidirectional_axes(points)  # type: ignore[arg-type]


def grid(**changes: object) -> SliceGrid:
    """An axial slice of 20 rows and 30 columns, 0.5 mm between rows and 0.8 mm between columns."""
    axial = {
        "position": (-10.0, -20.0, 5.0),
        "row_direction": (1.0, 0.0, 0.0),
        "column_direction": (0.0, 1.0, 0.0),
        "row_spacing_mm": 0.5,
        "column_spacing_mm": 0.8,
        "rows": 20,
        "columns": 30,
    }
    return SliceGrid(**{**axial, **changes})  # type: ignore[arg-type]


def test_the_distance_to_the_slice_is_along_its_normal() -> None:
    assert grid().distance_mm(CROSS) == 0
    assert grid(position=(0.0, 0.0, 8.5)).distance_mm(CROSS) == pytest.approx(3.5)
    tilted = grid(position=(0.0, 0.0, 5.0), column_direction=(0.0, math.cos(0.2), math.sin(0.2)))
    assert tilted.distance_mm(CROSS) == pytest.approx(3 * math.sin(0.2))


def test_a_point_is_placed_by_rows_and_columns() -> None:
    point = [[-10 + 3 * 0.8, -20 + 7 * 0.5, 5.0]]
    assert grid().in_plane(point)[0] == pytest.approx([2.4, 3.5])
    assert grid().in_pixels(point)[0] == pytest.approx([3, 7])


def test_the_image_reaches_to_the_outer_edges_of_its_pixels() -> None:
    left, right = -10 - 0.4, -10 + 29.5 * 0.8
    top, bottom = -20 - 0.25, -20 + 19.5 * 0.5
    check_in_image([[left, top, 5.0], [right, bottom, 5.0]], grid())
    for beside in ([left - 0.01, top, 5.0], [right + 0.01, top, 5.0], [left, bottom + 0.01, 5.0]):
        with pytest.raises(BadMeasurement, match="outside the image"):
            check_in_image([beside], grid())


def test_half_a_millimeter_off_the_plane_is_the_limit() -> None:
    check_on_slice([[0.0, -15.0, 5.5]], grid())
    for z in (5.51, 4.49):
        with pytest.raises(BadMeasurement, match="slice that is named"):
            check_on_slice([[0.0, -15.0, z]], grid())


def test_a_slice_that_does_not_say_where_it_lies_has_no_grid() -> None:
    metadata = {
        "00200032": {"vr": "DS", "Value": [-10, -20, 5]},
        "00200037": {"vr": "DS", "Value": [1, 0, 0, 0, 1, 0]},
        "00280030": {"vr": "DS", "Value": [0.5, 0.8]},
        "00280010": {"vr": "US", "Value": [20]},
        "00280011": {"vr": "US", "Value": [30]},
    }
    assert slice_grid(metadata) == grid()
    for tag in metadata:
        with pytest.raises(BadMeasurement, match="nothing of its position"):
            slice_grid({name: value for name, value in metadata.items() if name != tag})


def test_lengths_agree_to_a_hundredth_of_a_millimeter() -> None:
    assert agree(6.0, 6.009)
    assert not agree(6.0, 6.02)
