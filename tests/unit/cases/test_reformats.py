"""Other planes only where the stored geometry allows them, and the reason where it does not."""

from typing import Any

import pytest

from backend.cases.geometry import normal_of, stack_slices
from backend.cases.reformats import why_no_reformats

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
# Turned by 30 degrees about the patient's left-right axis.
OBLIQUE = (1.0, 0.0, 0.0, 0.0, 0.8660254037844387, 0.5)


def series(
    depths: list[float], *, orientation: tuple[float, ...] = AXIAL, drift: float = 0.0, **changes: Any
) -> str | None:
    """Slices at these depths along their normal, each shifted along its rows by `drift` more than the last."""
    normal = normal_of(orientation)
    positions = [
        (float(normal[0] * depth + drift * number), float(normal[1] * depth), float(normal[2] * depth))
        for number, depth in enumerate(depths)
    ]
    stack = stack_slices(orientation, positions)
    stored: dict[str, Any] = {
        "slices": len(stack.order),
        "is_uniform": stack.is_uniform,
        "slice_step_mm": stack.step_mm,
        "spacing_mm": (0.5, 0.5),
        "geometry": {
            "orientation": list(orientation),
            "normal": [float(value) for value in normal],
            "first_position": list(positions[stack.order[0]]),
            "last_position": list(positions[stack.order[-1]]),
        },
        "warnings": [finding.code for finding in stack.findings],
    }
    return why_no_reformats(**{**stored, **changes})


def even(count: int, step: float = 3.0) -> list[float]:
    return [step * number for number in range(count)]


@pytest.mark.parametrize("orientation", [AXIAL, OBLIQUE])
def test_even_slices_have_other_planes_however_they_are_tilted(orientation: tuple[float, ...]) -> None:
    assert series(even(12), orientation=orientation) is None
    assert series(even(3), orientation=orientation) is None


def test_rounded_positions_are_still_even_and_a_repeated_slice_was_set_aside() -> None:
    assert series([0, 7.07, 14.03, 21.0, 28.06, 35.02, 41.99]) is None
    assert series([*even(8), 3.0]) is None


@pytest.mark.parametrize(
    ("depths", "changes", "reason"),
    [
        (even(2), {}, "fewer than 3 slices"),
        ([0.0], {}, "fewer than 3 slices"),
        ([0, 3, 6, 9.2, 12], {}, "The distances between its slices differ."),
        ([0, 3, 6, 12, 15], {}, "The distances between its slices differ."),
        (even(8), {"drift": 0.2}, "shifted sideways"),
        (even(8), {"spacing_mm": (None, None)}, "distance between its pixels"),
        (even(8), {"geometry": {}}, "do not say where they lie"),
        (even(8), {"geometry": {"orientation": [1, 0, 0, 1, 0, 0]}}, "do not say where they lie"),
        (even(8), {"slice_step_mm": 3.5}, "where their distance puts them"),
        (even(8), {"slices": 9}, "where their distance puts them"),
        (even(8), {"geometry": {"orientation": list(AXIAL)}}, "where their distance puts them"),
    ],
)
def test_what_does_not_fill_a_block_evenly_has_none(
    depths: list[float], changes: dict[str, Any], reason: str
) -> None:
    assert reason in (series(depths, **changes) or "")
