import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.reads.geometry import BadMeasurement, agree, bidirectional_axes, distance_to_plane_mm

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


def test_the_distance_to_the_slice_is_along_its_normal() -> None:
    axial = [1, 0, 0, 0, 1, 0]
    assert distance_to_plane_mm(CROSS, position=[-100, -100, 5], orientation=axial) == 0
    assert distance_to_plane_mm(CROSS, position=[-100, -100, 8.5], orientation=axial) == pytest.approx(3.5)
    tilted = [1, 0, 0, 0, math.cos(0.2), math.sin(0.2)]
    far = distance_to_plane_mm(CROSS, position=[0, 0, 5], orientation=tilted)
    assert far == pytest.approx(3 * math.sin(0.2))


def test_lengths_agree_to_a_hundredth_of_a_millimeter() -> None:
    assert agree(6.0, 6.009)
    assert not agree(6.0, 6.02)
