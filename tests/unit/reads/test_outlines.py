import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.reads.outlines import area_mm2, covered_area_mm2, cross_one_another, crosses_itself, encloses

VECTORS = Path(__file__).parents[2] / "reference" / "masks" / "outlines.json"
SQUARE = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
BOW_TIE = np.array([[0.0, 0.0], [4.0, 4.0], [4.0, 0.0], [0.0, 4.0]])


def polygon(corners: int, radius: float, center: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    return np.column_stack((center[0] + radius * np.cos(angles), center[1] + radius * np.sin(angles)))


@pytest.mark.parametrize("corners", [3, 4, 7, 360])
def test_the_area_of_a_regular_polygon_is_that_of_the_formula(corners: int) -> None:
    # n/2 r^2 sin(2 pi / n): the n isosceles triangles that make it up.
    expected = corners / 2 * 6.5**2 * math.sin(2 * math.pi / corners)
    assert area_mm2(polygon(corners, 6.5)) == pytest.approx(expected, rel=1e-12)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(
    shift=st.tuples(st.floats(-400, 400), st.floats(-400, 400)),
    turn=st.floats(0, 6),
    start=st.integers(0, 8),
    backward=st.booleans(),
)
def test_the_area_does_not_depend_on_place_turn_first_corner_or_direction(
    shift: tuple[float, float], turn: float, start: int, backward: bool
) -> None:
    star = polygon(9, 5.0) * np.array([1, 0.4] * 4 + [0.7])[:, None]
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    moved = np.roll(star @ rotation.T + shift, start, axis=0)
    assert area_mm2(moved[::-1] if backward else moved) == pytest.approx(area_mm2(star), rel=1e-9)


def test_an_outline_that_crosses_or_touches_itself_is_found() -> None:
    assert not crosses_itself(SQUARE)
    assert not crosses_itself(polygon(200, 12.0))
    assert crosses_itself(BOW_TIE)
    touching = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 0.0], [0.0, 4.0]])
    assert crosses_itself(touching)
    folded = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 0.0], [2.0, 4.0]])
    assert crosses_itself(folded)
    assert not crosses_itself(SQUARE[:3])


def test_a_corner_that_is_set_twice_in_a_row_is_one_corner() -> None:
    for place in range(len(SQUARE)):
        assert not crosses_itself(np.repeat(SQUARE, [1 + 2 * (one == place) for one in range(4)], axis=0))
    assert not crosses_itself(np.vstack((SQUARE, SQUARE[:1])))
    assert crosses_itself(np.repeat(BOW_TIE, 2, axis=0))
    assert crosses_itself(SQUARE[[0, 0, 1, 1]])
    assert crosses_itself(SQUARE[[0, 0, 0]])
    # Twice at one place, but not in a row: the outline touches itself.
    assert crosses_itself(SQUARE[[0, 1, 2, 0, 3]])


def slow_crossing(outline: np.ndarray) -> bool:
    """Every pair of edges that are not neighbors, by solving for where their lines meet."""
    count = len(outline)
    for one in range(count):
        for other in range(one + 2, count):
            if one == 0 and other == count - 1:
                continue
            a, b = outline[one], outline[(one + 1) % count]
            c, d = outline[other], outline[(other + 1) % count]
            lines = np.column_stack((b - a, c - d))
            if abs(np.linalg.det(lines)) < 1e-12:
                continue
            along, across = np.linalg.solve(lines, c - a)
            if 0 <= along <= 1 and 0 <= across <= 1:
                return True
    return False


def test_crossings_are_those_of_the_slow_way() -> None:
    random = np.random.default_rng(11)
    outcomes = []
    for _ in range(200):
        outline = polygon(8, 10.0) + random.normal(0, 3.0, (8, 2))
        outcomes.append(crosses_itself(outline))
        assert outcomes[-1] == slow_crossing(outline)
    assert {True, False} == set(outcomes)


def exact_crossing(outline: list[list[int]]) -> bool:
    """The same by whole numbers, with touching corners, edges on one another and corners set twice."""
    corners = [one for place, one in enumerate(outline) if one != outline[place - 1]]
    if len(corners) < 3:
        return True

    def turn(a: list[int], b: list[int], c: list[int]) -> int:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    def on(a: list[int], b: list[int], c: list[int]) -> bool:
        within = all(min(a[axis], b[axis]) <= c[axis] <= max(a[axis], b[axis]) for axis in (0, 1))
        return turn(a, b, c) == 0 and within

    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    for one, (a, b) in enumerate(edges):
        for other, (c, d) in enumerate(edges):
            gap = (other - one) % len(edges)
            if gap == 1 and (on(a, b, d) or on(c, d, a)):
                return True
            if gap in (0, 1, len(edges) - 1):
                continue
            if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
                return True
            if on(a, b, c) or on(a, b, d) or on(c, d, a) or on(c, d, b):
                return True
    return False


def test_the_outlines_that_the_viewer_is_compared_with_are_told_right() -> None:
    vectors = json.loads(VECTORS.read_text())["outlines"]
    assert {one["crosses"] for one in vectors} == {True, False}
    for one in vectors:
        assert one["crosses"] == exact_crossing(one["outline"]), one["outline"]
        assert one["crosses"] == crosses_itself(np.array(one["outline"], dtype=np.float64)), one["outline"]


def test_an_outline_within_another_is_a_hole_and_one_within_the_hole_counts_again() -> None:
    outer, hole, island = polygon(90, 10.0), polygon(90, 6.0), polygon(90, 2.0)
    beside = polygon(90, 3.0, center=(30.0, 0.0))
    assert encloses(outer, np.array([1.0, 2.0]))
    assert not encloses(outer, np.array([9.0, 9.0]))
    expected = area_mm2(outer) - area_mm2(hole) + area_mm2(island) + area_mm2(beside)
    assert covered_area_mm2([island, outer, beside, hole]) == pytest.approx(expected)
    assert covered_area_mm2([]) == 0


def test_outlines_that_cross_one_another_are_told_from_those_that_do_not() -> None:
    assert cross_one_another(SQUARE, SQUARE + 2.0)
    assert not cross_one_another(SQUARE, SQUARE + 10.0)
    assert not cross_one_another(SQUARE, 0.25 * SQUARE + 1.0)
