import math

import numpy as np
import pytest

from backend.reads.geometry import SliceGrid
from backend.reads.raster import dice, filled, mask_of

GRID = SliceGrid(
    position=(-30.0, 12.0, 40.0),
    row_direction=(1.0, 0.0, 0.0),
    column_direction=(0.0, math.cos(0.3), math.sin(0.3)),
    row_spacing_mm=0.5,
    column_spacing_mm=0.8,
    rows=90,
    columns=70,
)


def is_within(outlines: list[np.ndarray], column: float, row: float) -> bool:
    """The even-odd rule as one would explain it: count the edges that a ray to the left passes."""
    passed = 0
    for outline in outlines:
        for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
            if min(y1, y2) <= row < max(y1, y2) and x1 + (row - y1) / (y2 - y1) * (x2 - x1) <= column:
                passed += 1
    return passed % 2 == 1


def circle(column: float, row: float, radius: float, corners: int = 720) -> np.ndarray:
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    return np.column_stack((column + radius * np.cos(angles), row + radius * np.sin(angles)))


def test_every_pixel_is_that_of_the_slow_way() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        outlines = [random.uniform(-4, 24, (random.integers(3, 9), 2)) for _ in range(random.integers(1, 4))]
        mask = filled(outlines, rows=18, columns=21)
        slow = [[is_within(outlines, column, row) for column in range(21)] for row in range(18)]
        assert np.array_equal(mask, np.array(slow))


def test_whole_pixels_are_exactly_those_enclosed() -> None:
    edge = np.array([[1.5, 0.5], [4.5, 0.5], [4.5, 2.5], [1.5, 2.5]])
    mask = filled([edge], rows=4, columns=6)
    assert np.argwhere(mask).tolist() == [[1, 2], [1, 3], [1, 4], [2, 2], [2, 3], [2, 4]]


def test_neighbors_that_share_an_edge_share_no_pixel_and_miss_none() -> None:
    left = np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 5.0], [1.0, 5.0]])
    one, other = (filled([edge], rows=8, columns=8) for edge in (left, left + np.array([2.0, 0.0])))
    both = filled([np.array([[1.0, 1.0], [5.0, 1.0], [5.0, 5.0], [1.0, 5.0]])], rows=8, columns=8)
    assert not np.any(one & other)
    assert np.array_equal(one | other, both)


def test_a_disk_has_the_area_of_a_disk_and_a_ring_that_of_a_ring() -> None:
    disk = filled([circle(100.3, 99.6, 80)], rows=200, columns=200)
    # Pixels of the rim fall within or without by their centers: the error is far less than the rim's own pixels.
    assert disk.sum() == pytest.approx(math.pi * 80**2, rel=0.002)
    ring = filled([circle(100.3, 99.6, 80), circle(100.3, 99.6, 50)], rows=200, columns=200)
    assert ring.sum() == pytest.approx(math.pi * (80**2 - 50**2), rel=0.003)
    assert not ring[100, 100]


def test_what_lies_beside_the_image_is_cut_off() -> None:
    mask = filled([circle(0, 0, 5)], rows=10, columns=10)
    assert mask.sum() == pytest.approx(math.pi * 25 / 4, rel=0.2)
    assert np.array_equal(mask, mask.T)


def test_outlines_in_the_patient_fill_the_pixels_of_their_slice() -> None:
    pixels = circle(30.3, 44.2, 12)
    column, row = np.array(GRID.row_direction) * 0.8, np.array(GRID.column_direction) * 0.5
    points = np.array(GRID.position) + pixels[:, :1] * column + pixels[:, 1:] * row
    masks = mask_of({"1.2.3": [points.tolist()]}, {"1.2.3": GRID})
    assert masks.keys() == {"1.2.3"}
    assert masks["1.2.3"].shape == (90, 70)
    assert np.array_equal(masks["1.2.3"], filled([pixels], rows=90, columns=70))


def test_dice_of_disks_is_that_of_their_areas() -> None:
    small, large = (
        {"a": filled([circle(100.3, 99.6, radius)], rows=200, columns=200)} for radius in (40, 80)
    )
    # A disk within one of twice its radius: 2 * 1 / (1 + 4).
    assert dice(small, large) == pytest.approx(0.4, abs=0.002)
    assert dice(large, large) == 1
    assert dice(small, large) == dice(large, small)


def test_a_slice_that_only_one_has_counts_as_empty_in_the_other() -> None:
    disk = filled([circle(10, 10, 6)], rows=20, columns=20)
    assert dice({"a": disk}, {"a": disk, "b": disk}) == pytest.approx(2 / 3)
    assert dice({"a": disk}, {"b": disk}) == 0
    assert dice({"a": disk}, {}) == 0


def test_dice_of_nothing_and_nothing_is_undefined() -> None:
    assert dice({}, {}) is None
    assert dice({"a": np.zeros((4, 4), dtype=bool)}, {}) is None
