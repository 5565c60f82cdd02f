"""Structures as stacks of outlines: given at a few levels, smooth in between."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import PchipInterpolator

from inference.phantom.raster import Floats

VERTICES = 56

Layers = tuple[tuple[str, float], ...]


@dataclass(kw_only=True)
class Structure:
    """A body part whose cross-sections are known at ascending levels.

    Attributes
    ----------
    layers : tuple of (tissue, inset in mm)
        Painted one after the other; a wall and its content, a cortex and its marrow.
    levels_mm : array of shape (k,)
    outlines_mm : array of shape (k, n, 2)
        x to the left, y to the back.
    caps_mm : (lower, upper)
        Over how many mm the shape rounds off toward its ends; 0 leaves the end flat.
    wobble_mm : float
        Amplitude of an irregularity of the outline.
    opacity : float
    label : str
        Non-empty where the painted pixels are wanted as a mask.
    is_warped : bool
        Whether the patient's general deformation applies to it.
    """

    layers: Layers
    levels_mm: Floats
    outlines_mm: Floats
    caps_mm: tuple[float, float] = (0.0, 0.0)
    wobble_mm: float = 0.0
    opacity: float = 1.0
    label: str = ""
    is_warped: bool = True
    phases: Floats = field(default_factory=lambda: np.zeros(6))

    def sections(self, z_mm: Floats) -> Floats:
        """Outlines at the given levels, shape (len(z_mm), n, 2); NaN where the structure is absent."""
        low, high = float(self.levels_mm[0]), float(self.levels_mm[-1])
        outlines = np.full((len(z_mm), *self.outlines_mm.shape[1:]), np.nan)
        inside = (z_mm >= low) & (z_mm <= high)
        if not inside.any():
            return outlines
        z = z_mm[inside]
        found = np.asarray(PchipInterpolator(self.levels_mm, self.outlines_mm, axis=0)(z))
        middle = found.mean(axis=1, keepdims=True)
        scale = _cap(z - low, self.caps_mm[0]) * _cap(high - z, self.caps_mm[1])
        found = middle + (found - middle) * scale[:, None, None]
        if self.wobble_mm:
            found = found + self._irregularity(found, middle, z)
        outlines[inside] = found
        return outlines

    def _irregularity(self, found: Floats, middle: Floats, z: Floats) -> Floats:
        turn = np.linspace(0.0, 2.0 * np.pi, found.shape[1], endpoint=False)[None, :]
        wave: Floats = np.zeros((len(z), found.shape[1]))
        for order, phase in enumerate(self.phases, start=2):
            drift = (phase + z / (9.0 + 3.0 * order))[:, None]
            wave = wave + np.sin(order * turn + drift * (1 if order % 2 else -1)) / order
        arm: Floats = found - middle
        length = np.maximum(np.linalg.norm(arm, axis=2, keepdims=True), 1e-9)
        return np.asarray(self.wobble_mm * wave[..., None] * arm / length)


def _cap(depth_mm: Floats, cap_mm: float) -> Floats:
    if not cap_mm:
        return np.ones_like(depth_mm)
    missing = np.clip(1.0 - depth_mm / cap_mm, 0.0, 1.0)
    return np.asarray(np.sqrt(np.maximum(1.0 - missing**2, 1e-4)))


def smooth_outline(points: Sequence[tuple[float, float]], vertices: int = VERTICES) -> Floats:
    """Closed curve through control points (uniform Catmull-Rom), shape (vertices, 2)."""
    control = np.asarray(points, dtype=float)
    at = np.arange(vertices) * len(control) / vertices
    first = np.floor(at).astype(int)
    t = (at - first)[:, None]
    p0, p1, p2, p3 = (control[(first + shift) % len(control)] for shift in (-1, 0, 1, 2))
    curve = (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return np.asarray(0.5 * curve)


def ellipse(
    x: float,
    y: float,
    rx: float,
    ry: float,
    turn_deg: float = 0.0,
    power: float = 2.0,
    vertices: int = VERTICES,
) -> Floats:
    """(Super)ellipse with half-axes `rx` and `ry`, turned from x toward y; a higher power is boxier."""
    angle = np.linspace(0.0, 2.0 * np.pi, vertices, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    along = rx * np.sign(cos) * np.abs(cos) ** (2.0 / power)
    across = ry * np.sign(sin) * np.abs(sin) ** (2.0 / power)
    turn = np.deg2rad(turn_deg)
    return np.stack(
        [x + along * np.cos(turn) - across * np.sin(turn), y + along * np.sin(turn) + across * np.cos(turn)],
        axis=1,
    )


def capsule(x0: float, y0: float, x1: float, y1: float, half_width: float) -> Floats:
    """Straight band with rounded ends between two points."""
    length = float(np.hypot(x1 - x0, y1 - y0))
    turn = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return ellipse((x0 + x1) / 2, (y0 + y1) / 2, length / 2 + half_width, half_width, turn, power=2.7)


def mirrored(outline: Floats) -> Floats:
    """The same outline on the other side of the body."""
    return np.asarray(outline * np.array([-1.0, 1.0]))
