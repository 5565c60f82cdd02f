"""Geometry of stacks, checked against positions made by hand and by invariance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cases.geometry import (
    Orientation,
    Position,
    is_conventional,
    is_orientation,
    normal_of,
    plane_of,
    stack_slices,
)

AXIAL: Orientation = (1, 0, 0, 0, 1, 0)
CORONAL: Orientation = (1, 0, 0, 0, 0, -1)
SAGITTAL: Orientation = (0, 1, 0, 0, 0, -1)


def line(depths: list[float], orientation: Orientation = AXIAL) -> list[Position]:
    normal = normal_of(orientation)
    points = [np.array([5.0, -7.0, 11.0]) + depth * normal for depth in depths]
    return [(float(x), float(y), float(z)) for x, y, z in points]


def tilted(degrees: float) -> Orientation:
    """Axial, turned about the left-right axis."""
    return (1, 0, 0, 0, math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


@pytest.mark.parametrize(
    ("orientation", "plane", "tilt"),
    [
        (AXIAL, "axial", 0),
        (CORONAL, "coronal", 0),
        (SAGITTAL, "sagittal", 0),
        (tilted(18.5), "axial", 18.5),
        (tilted(29), "axial", 29),
        (tilted(31), "oblique", 31),
        (tilted(45), "oblique", 45),
        (tilted(80), "coronal", 10),
    ],
)
def test_plane_is_the_nearest_one(orientation: Orientation, plane: str, tilt: float) -> None:
    found, angle = plane_of(orientation)
    assert found == plane
    assert angle == pytest.approx(tilt, abs=1e-6)


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (AXIAL, True),
        (CORONAL, True),
        (SAGITTAL, True),
        ((-1, 0, 0, 0, 1, 0), False),
        ((1, 0, 0, 0, -1, 0), False),
        ((-1, 0, 0, 0, 0, -1), False),
        ((0, -1, 0, 0, 0, -1), False),
    ],
)
def test_turned_and_mirrored_pictures_are_known(orientation: Orientation, *, expected: bool) -> None:
    assert is_conventional(orientation, plane_of(orientation)[0]) is expected


def test_orientation_needs_two_perpendicular_unit_vectors() -> None:
    assert is_orientation(AXIAL)
    assert not is_orientation(None)
    assert not is_orientation((1, 0, 0, 1, 0, 0))
    assert not is_orientation((2, 0, 0, 0, 1, 0))
    assert not is_orientation((0, 0, 0, 0, 0, 0))
    assert not is_orientation((1, 0, 0))


def test_slices_are_sorted_along_the_normal() -> None:
    stack = stack_slices(AXIAL, line([6, 0, 3, 9]))
    assert stack.order == (1, 2, 0, 3)
    assert stack.step_mm == pytest.approx(3)
    assert stack.is_uniform
    assert stack.missing == 0
    assert stack.findings == ()


@given(
    st.permutations(list(range(9))),
    st.sampled_from([AXIAL, CORONAL, SAGITTAL, tilted(18.5), tilted(40)]),
    st.floats(0.3, 12),
)
def test_any_order_of_files_gives_the_same_stack(
    shuffled: list[int], orientation: Orientation, step: float
) -> None:
    stack = stack_slices(orientation, line([step * number for number in shuffled], orientation))
    assert [shuffled[index] for index in stack.order] == list(range(9))
    assert stack.step_mm == pytest.approx(step)
    assert stack.is_uniform


def test_positions_rounded_by_the_scanner_are_even() -> None:
    assert stack_slices(AXIAL, line([0, 2.99, 6.0, 8.99, 12.0])).is_uniform
    # Rounded to a tenth of a millimeter, with a step of 7 mm.
    assert stack_slices(AXIAL, line([0, 7.07, 14.03, 21.0, 28.06, 35.02, 41.99])).is_uniform


def test_uneven_slices_are_said() -> None:
    stack = stack_slices(AXIAL, line([0, 3, 6.4, 9.4, 12]))
    assert not stack.is_uniform
    assert stack.step_mm is None
    assert [finding.code for finding in stack.findings] == ["uneven_spacing"]


@pytest.mark.parametrize(
    ("kept", "missing"),
    [([0, 1, 2, 4, 5], 1), ([0, 2, 3, 4], 1), ([0, 1, 4, 5, 6], 2), ([0, 1, 3, 4, 6, 7, 8], 2)],
)
def test_missing_slices_are_counted(kept: list[int], missing: int) -> None:
    assert (
        stack_slices(tilted(18.5), line([3.6 * number for number in kept], tilted(18.5))).missing == missing
    )


def test_a_gap_between_slices_is_no_missing_slice() -> None:
    """Slices of 6 mm every 7 mm are normal; the thickness does not enter."""
    assert stack_slices(AXIAL, line([0, 7, 14, 21])).missing == 0


def test_repeated_positions_keep_the_first_given() -> None:
    stack = stack_slices(AXIAL, line([3, 0, 3.001, 6, 0]))
    assert stack.order == (1, 0, 3)
    assert stack.repeated == (4, 2)
    assert stack.is_uniform


def test_a_tilted_gantry_is_sheared() -> None:
    stack = stack_slices(AXIAL, [(0, 0.5 * number, 3.0 * number) for number in range(5)])
    assert not stack.is_uniform
    assert [finding.code for finding in stack.findings] == ["sheared"]


def test_one_slice_is_no_volume() -> None:
    stack = stack_slices(AXIAL, line([4]))
    assert stack.order == (0,)
    assert stack.step_mm is None
    assert not stack.is_uniform
