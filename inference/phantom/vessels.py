"""Vessels, nerves and the lateral pelvic lymph nodes that lie along them."""

import math
from dataclasses import dataclass

import numpy as np

from inference.phantom.builder import Builder, PathPoint
from inference.phantom.raster import Floats
from inference.phantom.shapes import VERTICES, Layers
from inference.phantom.truth import NodeFeatures

_ARTERY: Layers = (("vessel_wall", 0.0), ("void", 0.8))
_VEIN: Layers = (("vessel_wall", 0.0), ("void", 0.7))
_SLOW_VEIN: Layers = (("vessel_wall", 0.0), ("slow_flow", 0.7))

_EXTERNAL_ILIAC: tuple[PathPoint, ...] = (
    (140.0, 28.0, 2.0, 5.5),
    (112.0, 33.0, 4.0, 5.5),
    (92.0, 40.0, 0.0, 4.6),
    (70.0, 46.0, -14.0, 4.4),
    (45.0, 53.0, -34.0, 4.3),
    (22.0, 61.0, -56.0, 4.2),
    (0.0, 70.0, -69.0, 4.2),
    (-30.0, 80.0, -73.0, 4.0),
    (-110.0, 88.0, -66.0, 3.6),
)
_INTERNAL_ILIAC: tuple[PathPoint, ...] = (
    (112.0, 34.0, 8.0, 4.0),
    (92.0, 40.0, 20.0, 3.8),
    (76.0, 44.0, 32.0, 3.6),
    (62.0, 48.0, 40.0, 3.2),
    (46.0, 50.0, 40.0, 2.3),
    (30.0, 51.0, 34.0, 1.8),
    (12.0, 46.0, 30.0, 1.3),
)
_SUPERIOR_GLUTEAL: tuple[PathPoint, ...] = (
    (64.0, 50.0, 44.0, 2.4),
    (52.0, 66.0, 56.0, 2.2),
    (44.0, 92.0, 58.0, 1.6),
)
_OBTURATOR: tuple[PathPoint, ...] = (
    (60.0, 49.0, 34.0, 1.6),
    (40.0, 57.0, 14.0, 1.5),
    (22.0, 53.0, -10.0, 1.4),
    (2.0, 45.0, -34.0, 1.3),
    (-12.0, 44.0, -42.0, 1.2),
)


def _beside(path: tuple[PathPoint, ...], dx: float, dy: float, scale: float) -> list[PathPoint]:
    return [(z, x + dx, y + dy, r * scale) for z, x, y, r in path]


def add_vessels(build: Builder) -> None:
    """Iliac and obturator vessels with flow voids, small side branches and the larger nerves."""
    rng = build.rng
    for path in (_EXTERNAL_ILIAC, _INTERNAL_ILIAC):
        dx, dy = (-5.5, 8.5) if path is _EXTERNAL_ILIAC else (3.5, 5.5)
        vein = _VEIN if rng.random() < 0.75 else _SLOW_VEIN
        build.both_tubes(vein, _beside(path, dx, dy, 1.25))
        build.both_tubes(_ARTERY, path)
    build.both_tubes("void", _SUPERIOR_GLUTEAL)
    build.both_tubes("slow_flow", _beside(_SUPERIOR_GLUTEAL, 2.0, 4.0, 1.0))
    build.both_tubes("void", _OBTURATOR)
    build.both_tubes("nerve", _beside(_OBTURATOR, -0.5, -4.0, 0.9))
    build.both_tubes("slow_flow", _beside(_OBTURATOR, -1.0, 4.0, 0.8))
    sciatic: list[PathPoint] = [
        (60, 40, 68, 3),
        (45, 62, 64, 4),
        (25, 84, 58, 4.5),
        (5, 92, 54, 4),
        (-30, 100, 46, 4),
        (-110, 96, 36, 4),
    ]
    build.both_tubes((("fascia", 0.0), ("nerve", 0.6)), sciatic)
    for _ in range(40):
        _add_branch(build)


def _add_branch(build: Builder) -> None:
    rng = build.rng
    side = float(rng.choice([-1.0, 1.0]))
    z = float(rng.uniform(0.0, 95.0))
    wall = 34.0 + 16.0 * math.exp(-(((z - 30.0) / 35.0) ** 2))
    x, y = side * (wall - float(rng.exponential(5.0))), float(rng.uniform(-40.0, 42.0))
    drift = rng.normal(0.0, 5.0, 2)
    size = float(rng.uniform(0.6, 1.5))
    tissue = str(rng.choice(["void", "slow_flow", "fascia"], p=[0.6, 0.2, 0.2]))
    build.tube(
        tissue,
        [
            (z - 10, x - drift[0], y - drift[1], size * 0.7),
            (z, x, y, size),
            (z + 10, x + drift[0], y + drift[1], size * 0.7),
        ],
    )


def node_site(rng: np.random.Generator, node: NodeFeatures) -> tuple[float, float, float, float]:
    """Where a node lies before deformation: x, y, z in mm and the angle of its long axis in degrees."""
    half = node.short_axis_mm / 2
    if node.region == "external_iliac":
        z = float(rng.uniform(28.0, 58.0))
        x, y = _at(_EXTERNAL_ILIAC, z)
        turn = math.radians(float(rng.uniform(95.0, 130.0)))
        reach = 13.5 + half
        x, y = x - 5.0 + math.cos(turn) * (reach - 8.5), y + math.sin(turn) * reach
        angle = 115.0
    elif node.region == "obturator":
        z = float(rng.uniform(4.0, 32.0))
        y = float(rng.uniform(-20.0, 14.0))
        x = float(np.interp(z, [0.0, 20.0, 34.0], [47.0, 55.0, 60.0])) - half - 2.0
        angle = 85.0
    else:
        z = float(rng.uniform(38.0, 66.0))
        x, y = _at(_INTERNAL_ILIAC, z)
        x, y = x - 3.5 - half * 0.6, y - 4.0 - half
        angle = 110.0
    side = 1.0 if node.side == "left" else -1.0
    angle += float(rng.normal(0.0, 14.0))
    return side * x, y, z, angle if side > 0 else 180.0 - angle


def _at(path: tuple[PathPoint, ...], z: float) -> tuple[float, float]:
    points = np.array(sorted(path))
    return float(np.interp(z, points[:, 0], points[:, 1])), float(np.interp(z, points[:, 0], points[:, 2]))


@dataclass(frozen=True, kw_only=True)
class PlacedNode:
    """A node with its place in the image's frame: center x, y, z in mm, long axis' angle in degrees."""

    features: NodeFeatures
    center: tuple[float, float, float]
    angle_deg: float
    tissue: str
    label: str


def add_node(build: Builder, node: PlacedNode) -> None:
    """Paint a node at its exact place: capsule, own content, and strands where its margin is spiculated."""
    rng = build.rng
    features = node.features
    half_height = 0.5 * (features.short_axis_mm + features.long_axis_mm) * 0.5
    half_height = max(half_height, 3.0)
    x, y, z = node.center
    if features.spiculation > 0.3:
        _add_strands(build, node, half_height)
    outline = _node_outline(rng, features, node.angle_deg) + np.array([x, y])
    build.add(
        (("node_capsule", 0.0), (node.tissue, 0.45)),
        [(z - half_height, outline), (z, outline), (z + half_height, outline)],
        caps=(half_height, half_height),
        label=node.label,
        is_warped=False,
    )


def _node_outline(rng: np.random.Generator, node: NodeFeatures, angle_deg: float) -> Floats:
    """Outline around the origin: an ellipse roughened by spiculation, centered and scaled to its axes."""
    turn = np.linspace(0.0, 2.0 * np.pi, VERTICES, endpoint=False)
    rough = np.zeros(VERTICES)
    for order in range(3, 10):
        rough += rng.normal() / order**0.5 * np.sin(order * turn + rng.uniform(0, 2 * np.pi))
    arm = 1.0 + (0.012 + 0.085 * node.spiculation**1.5) * rough
    local = np.stack([arm * np.cos(turn), arm * np.sin(turn)], axis=1)
    local = local * np.array([node.long_axis_mm, node.short_axis_mm]) / 2
    return _turned(_fitted(local, node), angle_deg)


def _fitted(outline: Floats, node: NodeFeatures) -> Floats:
    """The outline with its centroid at the origin and its extents along the axes equal to the node's."""
    extent = outline.max(axis=0) - outline.min(axis=0)
    outline = outline * np.array([node.long_axis_mm, node.short_axis_mm]) / extent
    ahead = np.roll(outline, -1, axis=0)
    cross = outline[:, 0] * ahead[:, 1] - ahead[:, 0] * outline[:, 1]
    centroid = ((outline + ahead) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
    return np.asarray(outline - centroid)


def _turned(outline: Floats, angle_deg: float) -> Floats:
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.asarray(outline @ np.array([[cos, sin], [-sin, cos]]))


def _add_strands(build: Builder, node: PlacedNode, half_height: float) -> None:
    """Fine dark strands that radiate from the node into the fat around it."""
    rng = build.rng
    x, y, z = node.center
    count = int(4 + 10 * node.features.spiculation)
    for turn in rng.uniform(0.0, 360.0, count):
        length = float(rng.uniform(1.5, 4.5)) * (0.5 + node.features.spiculation)
        theta = math.radians(float(turn))
        long_mm, short_mm = node.features.long_axis_mm, node.features.short_axis_mm
        radius = 0.5 * long_mm * short_mm / math.hypot(short_mm * math.cos(theta), long_mm * math.sin(theta))
        spike = np.array(
            [(0.7 * radius, -0.55), (radius + length, 0.0), (0.7 * radius, 0.55), (0.6 * radius, 0.0)]
        )
        outline = _turned(spike, float(turn) + node.angle_deg) + np.array([x, y])
        height = float(rng.uniform(0.3, 0.8)) * half_height
        level = z + float(rng.uniform(-0.3, 0.3)) * half_height
        build.add(
            "fascia", [(level - height, outline), (level + height, outline)], is_warped=False, opacity=0.7
        )
