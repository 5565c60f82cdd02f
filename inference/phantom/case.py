"""Makes a whole phantom case: T2-weighted series, ADC series and what is true of them."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.phantom.acquisition import Pixels, acquire_adc, acquire_t2w
from inference.phantom.anatomy import Deformation, build_anatomy
from inference.phantom.builder import Builder
from inference.phantom.centers import Center, Grid, Size, center_for
from inference.phantom.geometry import Frame, Geometry, frame_of, geometry_of, grid_levels
from inference.phantom.painting import Sheet, masks, paint
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
        return self.node_labels == 1

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
        "small" has few and coarse voxels, for tests. The facts are the same; positions move by up to half a slice.

    Raises
    ------
    ValueError
        If the center or size is unknown or the seed negative.
    """
    if size not in ("full", "small"):
        raise ValueError(f"size must be 'full' or 'small', got {size!r}")
    protocol = center_for(center)
    truth = draw_truth(seed, center)
    build, deformation = build_anatomy(truth)
    frame = frame_of(protocol, generator(seed, center, _FRAME))
    sheet = _sheet(protocol.t2w_grid(size))
    placed = _place_nodes(truth, deformation, sheet)
    tissues = dict(TISSUES) | _node_tissues(truth)
    for node in placed:
        add_node(build, node)
    return PhantomCase(
        seed=seed,
        center=center,
        size=size,
        sex=truth.sex,
        age_years=truth.age_years,
        is_after_chemoradiotherapy=truth.is_after_chemoradiotherapy,
        t2w=_make_t2w(truth, build, deformation, tissues, protocol, frame, sheet),
        adc=_make_adc(truth, build, deformation, tissues, protocol, frame, protocol.adc_grid(size)),
        nodes=tuple(
            PhantomNode(**asdict(node.features), center_mm=_as_triple(frame.to_lps(np.array(node.center))))
            for node in placed
        ),
        node_labels=_node_labels(placed, build, deformation, sheet),
        tumor_mask=masks(build.structures, deformation, sheet, "tumor"),
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
                features=features, center=(float(moved[0]), float(moved[1]), z), angle_deg=angle, tissue=name, label=name
            )
        )
    return placed


def _node_tissues(truth: PhantomTruth) -> dict[str, Tissue]:
    """Each node's own tissue: the more heterogeneous, the coarser its grain; metastasis restricts diffusion."""
    rng = generator(truth.seed, truth.center, _NODES + 1)
    tissues = {}
    for number, node in enumerate(truth.nodes, start=1):
        grain = node.heterogeneity
        tissues[f"node-{number}"] = Tissue(
            t2w=float(rng.normal(0.44, 0.02)),
            adc=float(rng.normal(860.0 if node.positive else 1180.0, 80.0)),
            dwi=11.0 if node.positive else 8.0,
            textures=(("fine", 0.03 + 0.12 * grain), ("medium", 0.03 + 0.30 * grain)),
        )
    return tissues


def _make_t2w(
    truth: PhantomTruth,
    build: Builder,
    deformation: Deformation,
    tissues: dict[str, Tissue],
    center: Center,
    frame: Frame,
    sheet: Sheet,
) -> PhantomSeries:
    grid = sheet.grid
    textures = TextureSource(
        generator(truth.seed, truth.center, _TEXTURE), sheet.shape, grid.pixel_mm, grid.step_mm
    )
    own = {
        name: replace(tissue, t2w=tissue.t2w * center.fat_signal) if name.endswith("fat") else tissue
        for name, tissue in tissues.items()
    }
    signal = paint(build.structures, deformation, sheet, own, ("t2w",), textures, samples=2)[0]
    pixels = acquire_t2w(signal, center, sheet, generator(truth.seed, truth.center, _T2W))
    return PhantomSeries(role="T2W", geometry=geometry_of(grid, frame, MIDDLE_MM), pixels=pixels)


def _make_adc(
    truth: PhantomTruth,
    build: Builder,
    deformation: Deformation,
    tissues: dict[str, Tissue],
    center: Center,
    frame: Frame,
    grid: Grid,
) -> PhantomSeries:
    rng = generator(truth.seed, truth.center, _ADC)
    sheet = _sheet(grid)
    textures = TextureSource(rng, sheet.shape, grid.pixel_mm, grid.step_mm)
    adc, dwi = paint(build.structures, deformation, sheet, tissues, ("adc", "dwi"), textures, samples=1)
    pixels = acquire_adc(adc, dwi, center, rng)
    return PhantomSeries(role="ADC", geometry=geometry_of(grid, frame, MIDDLE_MM), pixels=pixels)


def _node_labels(
    placed: list[PlacedNode], build: Builder, deformation: Deformation, sheet: Sheet
) -> NDArray[np.uint8]:
    labels = np.zeros((len(sheet.levels_mm), *sheet.shape), dtype=np.uint8)
    for number, node in reversed(list(enumerate(placed, start=1))):
        labels[masks(build.structures, deformation, sheet, node.label)] = number
    return labels


def _as_triple(point: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
