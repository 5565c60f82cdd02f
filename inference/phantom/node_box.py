"""Small synthetic boxes around one lymph node with known truth, to measure how well a tool outlines it.

Each box holds fat with its grain, one node, a vessel beside it and a wall of muscle beyond: what a tool that grows
from a click can run into. Signals, noise and blur are those of the phantom's centers; the node's contrast is chosen.
Synthetic: figures measured on these boxes say nothing about patients.
"""

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from inference.phantom.raster import Floats, coverage
from inference.phantom.textures import TextureSource

CONTRASTS = MappingProxyType({"low": 120.0, "middle": 250.0, "high": 450.0})
SHORT_AXIS_MM = (3.0, 14.0)
LARGEST_LONG_AXIS_MM = 22.0

_FAT = 600.0
_NOISE = 20.0
_BLUR_PX = 0.55
_MUSCLE = 0.8  # of the node's contrast: the wall looks almost like the node
_VESSELS = (1.5, 0.8)  # flow void, slow flow: darker than the node, or almost like it
_GAP_MM = (0.6, 2.5)
_SAMPLES = 4
_VERTICES = 48


@dataclass(frozen=True, kw_only=True)
class BoxGrid:
    """Shape (slices, rows, columns) and spacing (step, row, column) in mm; `thickness_mm` of a slice."""

    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    thickness_mm: float


GRIDS = MappingProxyType(
    {
        "0.6 mm, slices 3.5 mm": BoxGrid(shape=(11, 67, 67), spacing_mm=(3.5, 0.6, 0.6), thickness_mm=3.0),
        "0.55 mm, slices 3.0 mm": BoxGrid(
            shape=(13, 73, 73), spacing_mm=(3.0, 0.5469, 0.5469), thickness_mm=3.0
        ),
        "0.9 mm, slices 4.0 mm": BoxGrid(shape=(11, 47, 47), spacing_mm=(4.0, 0.9, 0.9), thickness_mm=3.6),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeBox:
    """A box with its node.

    Attributes
    ----------
    values : array of shape (slices, rows, columns)
        Stored values.
    truth : bool array of the same shape
        Voxels whose middle plane lies at least half within the node.
    seed : (slice, row, column)
        Where a reader might click: near the node's center, not on it.
    """

    values: NDArray[np.uint16]
    truth: NDArray[np.bool_]
    seed: tuple[int, int, int]
    grid: BoxGrid
    contrast: float
    short_axis_mm: float
    long_axis_mm: float


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """Everything in the box: mm from the box's middle, x along columns, y along rows, z along slices."""

    node: Floats
    node_center: tuple[float, float, float]
    half_height_mm: float
    vessel: Floats
    vessel_drift: Floats
    vessel_share: float
    muscle: Floats


def make_node_box(seed: int, contrast: float, grid: BoxGrid) -> NodeBox:
    """Make a box; the same arguments always give the same voxels.

    Parameters
    ----------
    seed : int
        Not negative.
    contrast : float
        By how much the node is darker than fat, in stored values; see `CONTRASTS`.
    """
    rng = np.random.default_rng([seed, round(contrast), round(1000 * grid.spacing_mm[1])])
    short_mm = float(rng.uniform(*SHORT_AXIS_MM))
    long_mm = min(short_mm * float(rng.uniform(1.12, 1.75)), LARGEST_LONG_AXIS_MM)
    scene = _draw_scene(rng, short_mm, long_mm, grid)
    truth = _truth(scene, grid)
    return NodeBox(
        values=_acquire(_signal(rng, scene, contrast, grid), rng),
        truth=truth,
        seed=click_near_middle(rng, truth),
        grid=grid,
        contrast=contrast,
        short_axis_mm=short_mm,
        long_axis_mm=long_mm,
    )


def _draw_scene(rng: np.random.Generator, short_mm: float, long_mm: float, grid: BoxGrid) -> _Scene:
    """A node near the middle, a vessel on one side of it and muscle on another, each beyond a little fat."""
    turn = float(rng.uniform(0.0, math.pi))
    step, row, column = grid.spacing_mm
    center = (
        float(rng.uniform(-0.5, 0.5)) * column,
        float(rng.uniform(-0.5, 0.5)) * row,
        float(rng.uniform(-0.5, 0.5)) * step,
    )
    node = _rough_ellipse(rng, long_mm / 2, short_mm / 2, turn) + np.array(center[:2])
    toward = float(rng.uniform(0.0, 2 * math.pi))
    away = toward + float(rng.uniform(0.5, 1.5)) * math.pi
    radius = float(rng.uniform(2.0, 4.0))
    vessel_at = _beside(node, toward, radius + float(rng.uniform(*_GAP_MM)))
    wall_at = _beside(node, away, float(rng.uniform(*_GAP_MM)))
    return _Scene(
        node=node,
        node_center=center,
        half_height_mm=max((short_mm + long_mm) / 4, 3.0),
        vessel=_rough_ellipse(rng, radius, radius, 0.0) + vessel_at,
        vessel_drift=rng.normal(0.0, 0.12, 2),
        vessel_share=_VESSELS[int(rng.integers(2))],
        muscle=_wall(rng, wall_at, away),
    )


def _rough_ellipse(rng: np.random.Generator, a: float, b: float, turn: float) -> Floats:
    angle = np.linspace(0.0, 2 * np.pi, _VERTICES, endpoint=False)
    rough = sum(
        rng.normal() / order * np.sin(order * angle + rng.uniform(0, 2 * np.pi)) for order in (3, 4, 5)
    )
    arm = 1.0 + 0.05 * np.asarray(rough)
    local = np.stack([a * arm * np.cos(angle), b * arm * np.sin(angle)], axis=1)
    cos, sin = math.cos(turn), math.sin(turn)
    return np.asarray(local @ np.array([[cos, sin], [-sin, cos]]))


def _beside(outline: Floats, angle: float, distance_mm: float) -> Floats:
    """The point that far beyond the outline's extent in a direction."""
    direction = np.array([math.cos(angle), math.sin(angle)])
    middle = outline.mean(axis=0)
    reach = float(((outline - middle) @ direction).max())
    return np.asarray(middle + direction * (reach + distance_mm))


def _wall(rng: np.random.Generator, at: Floats, angle: float) -> Floats:
    """A half plane with a gently waving edge through `at`, facing away from `angle`."""
    along = np.linspace(-60.0, 60.0, 61)
    wave = 0.6 * np.sin(along / 7.0 + rng.uniform(0, 2 * np.pi)) + 0.6
    edge = np.stack([wave, along], axis=1)
    local = np.concatenate([edge, [[80.0, 60.0], [80.0, -60.0]]])
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray(local @ np.array([[cos, sin], [-sin, cos]]) + at)


def _levels(grid: BoxGrid) -> Floats:
    return np.asarray(
        (np.arange(grid.shape[0]) - (grid.shape[0] - 1) / 2) * grid.spacing_mm[0], dtype=np.float64
    )


def _to_pixels(outline: Floats, grid: BoxGrid) -> Floats:
    _, rows, columns = grid.shape
    _, row_mm, column_mm = grid.spacing_mm
    middle = np.array([(columns - 1) / 2, (rows - 1) / 2])
    return np.asarray(outline / np.array([column_mm, row_mm]) + middle, dtype=np.float64)


def _node_at(scene: _Scene, level: float) -> Floats | None:
    """The node's outline at a level: an ellipsoid's section."""
    height = (level - scene.node_center[2]) / scene.half_height_mm
    if abs(height) >= 1.0:
        return None
    middle = np.array(scene.node_center[:2])
    return np.asarray((scene.node - middle) * math.sqrt(1.0 - height**2) + middle)


def _truth(scene: _Scene, grid: BoxGrid) -> NDArray[np.bool_]:
    truth = np.zeros(grid.shape, dtype=bool)
    for index, level in enumerate(_levels(grid)):
        outline = _node_at(scene, float(level))
        covered = None if outline is None else coverage(_to_pixels(outline, grid), grid.shape[1:])
        if covered is not None:
            rows, columns, share = covered
            truth[index, rows, columns] = share >= 0.5
    return truth


def _signal(rng: np.random.Generator, scene: _Scene, contrast: float, grid: BoxGrid) -> Floats:
    """Noiseless values, averaged over each slice's thickness."""
    textures = TextureSource(rng, grid.shape[1:], grid.spacing_mm[1], grid.spacing_mm[0])
    offsets = ((np.arange(_SAMPLES) + 0.5) / _SAMPLES - 0.5) * grid.thickness_mm
    signal = np.zeros(grid.shape)
    for index, level in enumerate(_levels(grid)):
        grain = textures.next_slice()
        fat = _FAT * (1.0 + 0.02 * grain["coarse"] + 0.01 * grain["medium"])
        tissue = 0.05 * contrast * grain["medium"]
        for z in level + offsets:
            plane = fat.astype(np.float64)
            outlines = (
                (scene.muscle, _MUSCLE),
                (scene.vessel + scene.vessel_drift * z, scene.vessel_share),
                (_node_at(scene, float(z)), 1.0),
            )
            for outline, share_of_contrast in outlines:
                covered = None if outline is None else coverage(_to_pixels(outline, grid), grid.shape[1:])
                if covered is not None:
                    rows, columns, share = covered
                    value = _FAT - share_of_contrast * contrast + tissue[rows, columns]
                    plane[rows, columns] += share * (np.maximum(value, 0.0) - plane[rows, columns])
            signal[index] += plane / _SAMPLES
    return signal


def _acquire(signal: Floats, rng: np.random.Generator) -> NDArray[np.uint16]:
    """Point spread in plane and Rician noise."""
    received = np.stack([gaussian_filter(plane, _BLUR_PX) for plane in signal])
    noise = rng.normal(0.0, _NOISE, (2, *signal.shape))
    return np.asarray(np.rint(np.hypot(received + noise[0], noise[1])), dtype=np.uint16)


def click_near_middle(rng: np.random.Generator, truth: NDArray[np.bool_]) -> tuple[int, int, int]:
    """A voxel of the node on its largest slice, up to a third of the way from its middle to its edge."""
    index = int(truth.sum(axis=(1, 2)).argmax())
    inside = np.argwhere(truth[index])
    middle = inside.mean(axis=0)
    spread = inside.std(axis=0)  # about half of the way to the edge
    row, column = middle + rng.uniform(-0.66, 0.66, 2) * spread
    nearest = inside[np.abs(inside - np.array([row, column])).sum(axis=1).argmin()]
    return index, int(nearest[0]), int(nearest[1])
