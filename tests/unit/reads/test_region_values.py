"""Pixels within a region, against a second implementation that asks of every pixel by itself."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.reads.outlines import crosses_itself, encloses
from backend.reads.region_values import ellipse_mask, polygon_mask, settled, statistics_of

ROWS, COLUMNS = 24, 30
place = st.floats(-4, 34, allow_nan=False)
corner = st.tuples(place, place)


@settings(derandomize=True, deadline=None)
@given(corners=st.lists(corner, min_size=3, max_size=9))
def test_a_polygon_has_the_pixels_whose_centers_it_encloses(corners: list[tuple[float, float]]) -> None:
    outline = np.array(corners)
    mask = polygon_mask(outline, rows=ROWS, columns=COLUMNS)
    if crosses_itself(settled(outline)):
        return
    for row in range(ROWS):
        for column in range(COLUMNS):
            center = np.array([float(column), float(row)])
            if not np.any(np.isclose(settled(outline), np.round(settled(outline)))):
                assert mask[row, column] == encloses(settled(outline), center)


@settings(derandomize=True, deadline=None)
@given(center=corner, u=st.tuples(place, place), ratio=st.floats(0.1, 1.0))
def test_an_ellipse_has_the_pixels_whose_distances_to_its_foci_are_short(
    center: tuple[float, float], u: tuple[float, float], ratio: float
) -> None:
    """The gardener's ellipse: the sum of the distances to both foci is at most the long axis."""
    u_x, u_y = u
    length = math.hypot(u_x, u_y)
    if length < 0.5:
        return
    v_x, v_y = -u_y * ratio, u_x * ratio
    ends = np.add([center] * 4, [[-u_x, -u_y], [u_x, u_y], [-v_x, -v_y], [v_x, v_y]])
    mask = ellipse_mask(ends, rows=ROWS, columns=COLUMNS)
    focal = math.sqrt(1 - ratio**2)
    foci = [(center[0] + sign * focal * u_x, center[1] + sign * focal * u_y) for sign in (-1, 1)]
    for row in range(ROWS):
        for column in range(COLUMNS):
            string = sum(math.dist((column, row), focus) for focus in foci)
            if abs(string - 2 * length) > 1e-4:
                assert mask[row, column] == (string < 2 * length)


def test_a_center_on_the_line_of_an_ellipse_is_within() -> None:
    ends = np.array([[7.0, 10.0], [13.0, 10.0], [10.0, 8.0], [10.0, 12.0]])
    mask = ellipse_mask(ends, rows=20, columns=20)
    assert [mask[10, 7], mask[10, 13], mask[8, 10], mask[12, 10]] == [True] * 4
    assert [mask[10, 6], mask[10, 14], mask[7, 10], mask[13, 10]] == [False] * 4


def test_a_square_has_as_many_pixels_as_it_covers() -> None:
    square = np.array([[2.5, 3.5], [6.5, 3.5], [6.5, 8.5], [2.5, 8.5]])
    mask = polygon_mask(square, rows=ROWS, columns=COLUMNS)
    assert np.argwhere(mask).tolist() == [[row, column] for row in range(4, 9) for column in range(3, 7)]


def test_axes_without_an_area_have_no_pixel() -> None:
    ends = np.array([[2.0, 2.0], [8.0, 2.0], [3.0, 2.0], [5.0, 2.0]])
    assert not ellipse_mask(ends, rows=10, columns=10).any()


def test_the_statistics_are_those_of_the_standard_library() -> None:
    values = np.random.default_rng(7).normal(500, 80, (ROWS, COLUMNS)).astype(np.float32)
    mask = np.random.default_rng(8).random((ROWS, COLUMNS)) < 0.2
    listed = [float(value) for value in values[mask]]
    found = statistics_of(values, mask)
    assert found["pixels"] == len(listed)
    assert found["mean"] == pytest.approx(statistics.fmean(listed), rel=1e-12)
    assert found["sd"] == pytest.approx(statistics.pstdev(listed), rel=1e-12)
    assert (found["min"], found["max"]) == (min(listed), max(listed))


def test_of_no_pixel_there_is_a_number_and_nothing_else() -> None:
    empty = np.zeros((ROWS, COLUMNS), dtype=bool)
    assert statistics_of(np.ones((ROWS, COLUMNS), dtype=np.float32), empty) == {"pixels": 0}
