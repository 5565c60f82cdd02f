"""Makes a whole phantom case: T2-weighted series, ADC series and what is true of them."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.phantom.acquisition import Pixels, acquire_adc, acquire_t2w
from inference.phantom.anatomy import Deformation, build_anatomy
from inference.phantom.centers import Center, Grid, Size, center_for
from inference.phantom.geometry import Frame, Geometry, frame_of, geometry_of, grid_levels
from inference.phantom.painting import Sheet, masks, paint
from inference.phantom.shapes import Structure
from inference.phantom.textures import TextureSource
from inference.phantom.tissues import TISSUES, Tissue
from inference.phantom.truth import NodeFeatures, PhantomTruth, Sex, draw_truth, generator
from inference.phantom.vessels import PlacedNode, add_node, node_site

Role = Literal["T2W", "ADC"]

MIDDLE_MM = (0.0, 4.0, 17.0)
_TEXTURE, _FRAME, _T2W, _ADC, _NODES = 2, 3, 4, 5, 6


@dataclass(frozen=True, kw_only=True)
class PhantomNode(NodeFeatures):
    """A node with its center in LPS, mm."""

    center_mm: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class PhantomSeries:
    """Stored pixel values, indexed slice, row, column (slices ascending), with their geometry."""

    role: Role
    geometry: Geometry
    pixels: Pixels


@dataclass(frozen=True, kw_only=True, eq=False)
class PhantomCase:
    """A synthetic examination. The index node is the first of `nodes`.

    `node_labels` and `tumor_mask` lie on the grid of `t2w`; label n is the n-th node, counted from 1.
    """

    seed: int
    center: str
    size: Size
    sex: Sex
    age_years: int
    is_after_chemoradiotherapy: bool
    t2w: PhantomSeries
    adc: PhantomSeries
    nodes: tuple[PhantomNode, ...]
    node_labels: NDArray[np.uint8]
    tumor_mask: NDArray[np.bool_]

    @property
    def index_node(self) -> PhantomNode:
        return self.nodes[0]

    @property
    def node_mask(self) -> NDArray[np.bool_]:
        """Mask of the index node, shape (slices, rows, columns) of `t2w`."""
        return np.asarray(self.node_labels == 1)

    @property
    def positive(self) -> bool:
        """Whether the index node is metastatic."""
        return self.index_node.positive

    @property
    def probability(self) -> float:
        return self.index_node.probability


def make_case(seed: int, center: str, *, size: Size = "full") -> PhantomCase:
    """Make a case; the same arguments always give the same voxels.

    Parameters
    ----------
    seed : int
        Not negative.
    center : str
        Code of one of `CENTERS`.
    size : {"full", "small"}
        "small" has few and coarse voxels, for tests. The facts are the same; nodes move by up to half a step.

    Raises
    ------
    ValueError
        If the center or size is unknown or the seed negative.
    """
    if size not in ("full", "small"):
        raise ValueError(f"size must be 'full' or 'small', got {size!r}")
    scene = _build_scene(draw_truth(seed, center), size)
    truth = scene.truth
    return PhantomCase(
        seed=seed,
        center=center,
        size=size,
        sex=truth.sex,
        age_years=truth.age_years,
        is_after_chemoradiotherapy=truth.is_after_chemoradiotherapy,
        t2w=_make_t2w(scene, samples=2 if size == "full" else 1),
        adc=_make_adc(scene),
        nodes=tuple(
            PhantomNode(**asdict(node.features), center_mm=_center_lps(scene.frame, node))
            for node in scene.placed
        ),
        node_labels=_node_labels(scene),
        tumor_mask=masks(scene.structures, scene.deformation, scene.t2w, "tumor"),
    )


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """All that both series have in common, and where each cuts it."""

    truth: PhantomTruth
    center: Center
    structures: list[Structure]
    deformation: Deformation
    tissues: dict[str, Tissue]
    placed: list[PlacedNode]
    frame: Frame
    t2w: Sheet
    adc: Sheet


def _build_scene(truth: PhantomTruth, size: Size) -> _Scene:
    center = center_for(truth.center)
    build, deformation = build_anatomy(truth)
    t2w = _sheet(center.t2w_grid(size))
    placed = _place_nodes(truth, deformation, t2w)
    for node in reversed(placed):  # the index node lies on top
        add_node(build, node)
    return _Scene(
        truth=truth,
        center=center,
        structures=build.structures,
        deformation=deformation,
        tissues=dict(TISSUES) | _node_tissues(truth),
        placed=placed,
        frame=frame_of(center, generator(truth.seed, truth.center, _FRAME)),
        t2w=t2w,
        adc=_sheet(center.adc_grid(size)),
    )


def _sheet(grid: Grid) -> Sheet:
    return Sheet(grid=grid, middle_xy=MIDDLE_MM[:2], levels_mm=grid_levels(grid, MIDDLE_MM[2]))


def _place_nodes(truth: PhantomTruth, deformation: Deformation, sheet: Sheet) -> list[PlacedNode]:
    """Put each node beside its vessels, its middle on the nearest slice so that its widest part is imaged."""
    rng = generator(truth.seed, truth.center, _NODES)
    placed = []
    for number, features in enumerate(truth.nodes, start=1):
        x, y, z, angle = node_site(rng, features)
        z = float(sheet.levels_mm[np.argmin(np.abs(sheet.levels_mm - z))])
        moved = deformation(np.array([x, y]), np.array(z))
        name = f"node-{number}"
        placed.append(
            PlacedNode(
                features=features,
                center=(float(moved[0]), float(moved[1]), z),
                angle_deg=angle,
                tissue=name,
                label=name,
            )
        )
    return placed


def _node_tissues(truth: PhantomTruth) -> dict[str, Tissue]:
    """Each node's own tissue: grainier where heterogeneous; metastasis restricts its diffusion."""
    rng = generator(truth.seed, truth.center, _NODES + 1)
    tissues = {}
    for number, node in enumerate(truth.nodes, start=1):
        grain = node.heterogeneity
        tissues[f"node-{number}"] = Tissue(
            t2w=float(rng.normal(0.44, 0.02)),
            adc=float(rng.normal(860.0 if node.positive else 1180.0, 80.0)),
            dwi=11.0 if node.positive else 8.0,
            textures=(("fine", 0.03 + 0.14 * grain), ("medium", 0.03 + 0.40 * grain)),
        )
    return tissues


def _make_t2w(scene: _Scene, *, samples: int) -> PhantomSeries:
    truth, sheet = scene.truth, scene.t2w
    rng = generator(truth.seed, truth.center, _TEXTURE)
    textures = TextureSource(rng, sheet.shape, sheet.grid.pixel_mm, sheet.grid.step_mm)
    fat_signal = scene.center.fat_signal
    tissues = {
        name: replace(tissue, t2w=tissue.t2w * fat_signal) if name.endswith("fat") else tissue
        for name, tissue in scene.tissues.items()
    }
    signal = paint(scene.structures, scene.deformation, sheet, tissues, ("t2w",), textures, samples)[0]
    pixels = acquire_t2w(signal, scene.center, sheet, generator(truth.seed, truth.center, _T2W))
    return PhantomSeries(role="T2W", geometry=geometry_of(sheet.grid, scene.frame, MIDDLE_MM), pixels=pixels)


def _make_adc(scene: _Scene) -> PhantomSeries:
    truth, sheet = scene.truth, scene.adc
    adc, dwi = paint(scene.structures, scene.deformation, sheet, scene.tissues, ("adc", "dwi"), None, 1)
    pixels = acquire_adc(adc, dwi, scene.center, generator(truth.seed, truth.center, _ADC))
    return PhantomSeries(role="ADC", geometry=geometry_of(sheet.grid, scene.frame, MIDDLE_MM), pixels=pixels)


def _node_labels(scene: _Scene) -> NDArray[np.uint8]:
    """Label n for the n-th node; where nodes touch, the earlier one wins."""
    labels = np.zeros((len(scene.t2w.levels_mm), *scene.t2w.shape), dtype=np.uint8)
    for number, node in reversed(list(enumerate(scene.placed, start=1))):
        labels[masks(scene.structures, scene.deformation, scene.t2w, node.label)] = number
    return labels


def _center_lps(frame: Frame, node: PlacedNode) -> tuple[float, float, float]:
    x, y, z = frame.to_lps(np.array(node.center))
    return float(x), float(y), float(z)
