"""How slices lie in the patient: order, spacing, plane. Pure; coordinates are DICOM's LPS in millimeters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .reports import Finding

Vector = NDArray[np.float64]
Orientation = tuple[float, float, float, float, float, float]
Position = tuple[float, float, float]

SAME_POSITION_MM = 0.01
STEP_TOLERANCE = 0.01
STEP_TOLERANCE_MM = 0.02
SHEAR_TOLERANCE_MM = 0.1
SAME_ORIENTATION = 1e-3
OBLIQUE_FROM_DEGREES = 30.0
UNIT_TOLERANCE = 1e-2

# Row and column direction of an upright picture: the patient's right on the left of the screen in axial and
# coronal planes, anterior on the left in sagittal ones, and superior (or anterior) on top.
CONVENTIONS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "axial": ((1, 0, 0), (0, 1, 0)),
    "coronal": ((1, 0, 0), (0, 0, -1)),
    "sagittal": ((0, 1, 0), (0, 0, -1)),
}
NORMAL_AXIS = {0: "sagittal", 1: "coronal", 2: "axial"}


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices of one orientation, sorted along the normal (row direction x column direction).

    `order` are indices into what was given, `repeated` those at a position already taken, `step_mm` the
    distance of neighbors when it is one, `missing` how many slices a regular stack lacks.
    """

    order: tuple[int, ...]
    repeated: tuple[int, ...]
    step_mm: float | None
    is_uniform: bool
    missing: int
    findings: tuple[Finding, ...]


def is_orientation(values: tuple[float, ...] | None) -> bool:
    """Whether six numbers are two perpendicular unit vectors."""
    if values is None or len(values) != 6:
        return False
    row, column = np.array(values[:3]), np.array(values[3:])
    return bool(
        abs(np.linalg.norm(row) - 1) < UNIT_TOLERANCE
        and abs(np.linalg.norm(column) - 1) < UNIT_TOLERANCE
        and abs(row @ column) < UNIT_TOLERANCE
    )


def is_same_orientation(one: Orientation, other: Orientation) -> bool:
    return bool(np.max(np.abs(np.subtract(one, other))) < SAME_ORIENTATION)


def normal_of(orientation: Orientation) -> Vector:
    normal = np.cross(orientation[:3], orientation[3:])
    return np.asarray(normal / np.linalg.norm(normal), dtype=np.float64)


def plane_of(orientation: Orientation) -> tuple[str, float]:
    """The nearest patient plane and the tilt away from it in degrees; `oblique` from 30 degrees on."""
    normal = np.abs(normal_of(orientation))
    axis = int(np.argmax(normal))
    tilt = math.degrees(math.acos(min(1.0, float(normal[axis]))))
    return (NORMAL_AXIS[axis] if tilt < OBLIQUE_FROM_DEGREES else "oblique"), tilt


def is_conventional(orientation: Orientation, plane: str) -> bool:
    """Whether the picture as stored is upright and unmirrored; an oblique one has no convention."""
    if plane not in CONVENTIONS:
        return True
    row, column = CONVENTIONS[plane]
    return bool(np.dot(orientation[:3], row) > 0 and np.dot(orientation[3:], column) > 0)


def stack_slices(orientation: Orientation, positions: Sequence[Position]) -> Stack:
    """Sort slices by where they lie and measure their distances.

    A stack is regular when every slice lies within 1 % of the step, or 0.02 mm, of where an even spacing puts
    it: scanners round positions, some to a tenth of a millimeter.
    """
    normal = normal_of(orientation)
    points = np.array(positions, dtype=np.float64)
    depths = points @ normal
    by_depth = sorted(range(len(points)), key=lambda index: (float(depths[index]), index))
    order, repeated = _first_at_each_depth(by_depth, depths)
    steps = np.diff(depths[order])
    drift = _largest_drift(points[order], depths[order], normal)
    findings: list[Finding] = []
    if drift > SHEAR_TOLERANCE_MM:
        findings.append(
            Finding(
                "sheared",
                f"Slices are shifted sideways by up to {drift:.2f} mm (a tilted gantry): no reformats.",
            )
        )
    if len(order) == 1:
        return Stack(
            order=tuple(order),
            repeated=tuple(repeated),
            step_mm=None,
            is_uniform=False,
            missing=0,
            findings=tuple(findings),
        )
    step, deviation = _even_step(depths[order])
    is_even = deviation <= max(STEP_TOLERANCE * step, STEP_TOLERANCE_MM)
    missing = 0 if is_even else _missing(steps)
    if not is_even and not missing:
        reason = f"Slices lie {steps.min():.2f} to {steps.max():.2f} mm apart: no reformats."
        findings.append(Finding("uneven_spacing", reason))
    return Stack(
        order=tuple(order),
        repeated=tuple(repeated),
        step_mm=step if is_even else None,
        is_uniform=is_even and drift <= SHEAR_TOLERANCE_MM,
        missing=missing,
        findings=tuple(findings),
    )


def _first_at_each_depth(by_depth: list[int], depths: Vector) -> tuple[list[int], list[int]]:
    """Of slices at one depth the one that was given first stays."""
    groups: list[list[int]] = []
    for index in by_depth:
        if groups and depths[index] - depths[groups[-1][0]] < SAME_POSITION_MM:
            groups[-1].append(index)
        else:
            groups.append([index])
    return [min(group) for group in groups], [index for group in groups for index in sorted(group)[1:]]


def _largest_drift(points: Vector, depths: Vector, normal: Vector) -> float:
    """How far a slice's corner lies from the line through the first corner along the normal, mm."""
    straight = points[0] + np.outer(depths - depths[0], normal)
    return float(np.max(np.linalg.norm(points - straight, axis=1)))


def _even_step(depths: Vector) -> tuple[float, float]:
    """The even spacing that fits best, and how far a slice lies from it at most, both mm."""
    numbers = np.arange(len(depths))
    step, start = np.polyfit(numbers, depths, 1)
    return float(step), float(np.max(np.abs(depths - start - step * numbers)))


def _missing(steps: Vector) -> int:
    """How many slices lack in an otherwise regular stack: every step is a multiple of the usual one."""
    step = float(np.median(steps))
    # Two roundings meet in a step.
    tolerance = 2 * max(STEP_TOLERANCE * step, STEP_TOLERANCE_MM)
    multiples = np.rint(steps / step)
    if np.any(multiples < 1) or np.any(np.abs(steps - multiples * step) > tolerance * multiples):
        return 0
    return int(np.sum(multiples - 1))
