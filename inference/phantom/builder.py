"""Gathers structures in painting order, with the small differences between patients and sides."""

from collections.abc import Sequence

import numpy as np

from inference.phantom.raster import Floats
from inference.phantom.shapes import Layers, Structure, capsule, ellipse, mirrored, smooth_outline

Points = Sequence[tuple[float, float]]
PathPoint = tuple[float, float, float, float]


class Builder:
    """Collects `Structure`s.

    Coordinates are mm, x to the patient's left, y to the back, z to the head. The origin is midway between
    the femoral heads. Parts given with `both` lie on the left and are repeated, slightly displaced, on the
    right.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.structures: list[Structure] = []

    def add(
        self,
        tissue: str | Layers,
        keys: Sequence[tuple[float, Floats]],
        *,
        caps: tuple[float, float] = (0.0, 0.0),
        wobble: float = 0.0,
        opacity: float = 1.0,
        label: str = "",
        is_warped: bool = True,
    ) -> None:
        """Add one structure from (level, outline) pairs, all outlines of equal length."""
        ordered = sorted(keys, key=lambda key: key[0])
        self.structures.append(
            Structure(
                layers=((tissue, 0.0),) if isinstance(tissue, str) else tissue,
                levels_mm=np.array([level for level, _ in ordered]),
                outlines_mm=np.stack([outline for _, outline in ordered]),
                caps_mm=caps,
                wobble_mm=wobble,
                opacity=opacity,
                label=label,
                is_warped=is_warped,
                phases=self.rng.uniform(0, 2 * np.pi, 6),
            )
        )

    def both(
        self,
        tissue: str | Layers,
        keys: Sequence[tuple[float, Floats]],
        *,
        caps: tuple[float, float] = (0.0, 0.0),
        wobble: float = 0.0,
        shift: float = 0.6,
    ) -> None:
        """Add a structure of the left side and its fellow of the right."""
        for flip in (False, True):
            move = self.rng.normal(0.0, shift, 2)
            lift = float(self.rng.normal(0.0, shift))
            self.add(
                tissue,
                [(level + lift, (mirrored(outline) if flip else outline) + move) for level, outline in keys],
                caps=caps,
                wobble=wobble,
            )

    def both_polygons(
        self,
        tissue: str | Layers,
        keys: Sequence[tuple[float, Points]],
        *,
        caps: tuple[float, float] = (0.0, 0.0),
        wobble: float = 0.4,
    ) -> None:
        """`both`, from control points; every level has equally many, in corresponding order."""
        self.both(
            tissue, [(level, smooth_outline(points)) for level, points in keys], caps=caps, wobble=wobble
        )

    def both_bands(
        self,
        tissue: str,
        keys: Sequence[tuple[float, float, float, float, float, float]],
        *,
        caps: tuple[float, float] = (4.0, 4.0),
        wobble: float = 0.9,
        shift: float = 0.6,
    ) -> None:
        """`both`, from (level, x0, y0, x1, y1, half-width)."""
        self.both(
            tissue, [(level, capsule(*band)) for level, *band in keys], caps=caps, wobble=wobble, shift=shift
        )

    def blob(
        self,
        tissue: str | Layers,
        center: tuple[float, float, float],
        radii: tuple[float, float, float],
        *,
        turn_deg: float = 0.0,
        power: float = 2.0,
        wobble: float = 0.0,
        opacity: float = 1.0,
        label: str = "",
    ) -> None:
        """Add an ellipsoid, its first two axes turned in the slice plane."""
        x, y, z = center
        outline = ellipse(x, y, radii[0], radii[1], turn_deg, power)
        self.add(
            tissue,
            [(z - radii[2], outline), (z + radii[2], outline)],
            caps=(radii[2], radii[2]),
            wobble=wobble,
            opacity=opacity,
            label=label,
        )

    def tube(self, tissue: str | Layers, path: Sequence[PathPoint], *, wobble: float = 0.0) -> None:
        """Add a tube along (z, x, y, radius) points; it is cut obliquely where it runs obliquely."""
        self.add(tissue, tube_keys(path), wobble=wobble)

    def both_tubes(self, tissue: str | Layers, path: Sequence[PathPoint], *, shift: float = 1.2) -> None:
        self.both(tissue, tube_keys(path), shift=shift)


def tube_keys(path: Sequence[PathPoint], vertices: int = 20) -> list[tuple[float, Floats]]:
    """Cross-sections of a tube, stretched along its course by its obliquity (up to 2.5 times)."""
    points = np.array(sorted(path))
    slope = np.gradient(points[:, 1:3], points[:, 0], axis=0)
    keys = []
    for (z, x, y, radius), (dx, dy) in zip(points, slope, strict=True):
        stretch = min(float(np.sqrt(1.0 + dx**2 + dy**2)), 2.5)
        turn = float(np.degrees(np.arctan2(dy, dx)))
        keys.append((float(z), _aligned(x, y, radius * stretch, radius, turn, vertices)))
    return keys


def _aligned(x: float, y: float, rx: float, ry: float, turn_deg: float, vertices: int) -> Floats:
    """An ellipse whose vertices start at angle 0 in the image, so that neighboring levels correspond."""
    angle = np.linspace(0.0, 2.0 * np.pi, vertices, endpoint=False)
    local = angle - np.deg2rad(turn_deg)
    radius = rx * ry / np.sqrt((ry * np.cos(local)) ** 2 + (rx * np.sin(local)) ** 2)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
