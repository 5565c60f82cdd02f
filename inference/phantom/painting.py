"""Paints structures into slices, softly edged, one channel per physical quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantom.anatomy import Deformation
from inference.phantom.centers import Grid
from inference.phantom.raster import Floats, coverage, inset
from inference.phantom.shapes import Structure
from inference.phantom.textures import Field, TextureSource
from inference.phantom.tissues import Tissue

Image = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Where a stack of slices cuts the anatomy: grid, middle point (x, y) in mm and the levels z in mm."""

    grid: Grid
    middle_xy: tuple[float, float]
    levels_mm: Floats

    def to_pixels(self, outlines_mm: Floats) -> Floats:
        first = (
            np.array(self.middle_xy)
            - (np.array([self.grid.columns, self.grid.rows]) - 1) / 2 * self.grid.pixel_mm
        )
        return np.asarray((outlines_mm - first) / self.grid.pixel_mm)

    @property
    def shape(self) -> tuple[int, int]:
        return self.grid.rows, self.grid.columns


@dataclass(frozen=True)
class _Coat:
    tissue: str
    opacity: float
    outlines_px: Floats
    is_present: NDArray[np.bool_]


def cut(structure: Structure, deformation: Deformation, sheet: Sheet) -> Floats:
    """Outlines of a structure in every slice of a sheet, mm; NaN where absent."""
    outlines = structure.sections(sheet.levels_mm)
    if structure.is_warped:
        is_present = ~np.isnan(outlines[:, 0, 0])
        outlines[is_present] = deformation(outlines[is_present], sheet.levels_mm[is_present, None])
    return outlines


def masks(
    structures: Sequence[Structure], deformation: Deformation, sheet: Sheet, label: str
) -> NDArray[np.bool_]:
    """Voxels at least half within the structures of that label, shape (slices, rows, columns)."""
    found = np.zeros((len(sheet.levels_mm), *sheet.shape), dtype=bool)
    for structure in structures:
        if structure.label != label:
            continue
        outlines = sheet.to_pixels(cut(structure, deformation, sheet))
        for index, outline in enumerate(outlines):
            covered = None if np.isnan(outline[0, 0]) else coverage(outline, sheet.shape)
            if covered is not None:
                rows, columns, share = covered
                found[index, rows, columns] |= share >= 0.5
    return found


def _coats(structures: Sequence[Structure], deformation: Deformation, sheet: Sheet) -> list[_Coat]:
    coats = []
    for structure in structures:
        outlines = cut(structure, deformation, sheet)
        if np.isnan(outlines).all():
            continue
        for tissue, depth in structure.layers:
            layer = sheet.to_pixels(inset(outlines, depth) if depth else outlines)
            coats.append(_Coat(tissue, structure.opacity, layer, ~np.isnan(layer[:, 0, 0])))
    return coats


def paint(
    structures: Sequence[Structure],
    deformation: Deformation,
    sheet: Sheet,
    tissues: Mapping[str, Tissue],
    channels: Sequence[str],
    textures: TextureSource | None,
    samples: int,
) -> Image:
    """Paint all slices.

    Parameters
    ----------
    channels : names of `Tissue` attributes
    textures : TextureSource or None
        Grain of the channel `t2w`; without it tissues are even.
    samples : int
        Levels averaged per slice, spread over its thickness; more give truer partial volume.

    Returns
    -------
    array of shape (channels, slices, rows, columns)
    """
    spread = (np.arange(samples) - (samples - 1) / 2) / samples * sheet.grid.thickness_mm
    fine = Sheet(
        grid=sheet.grid, middle_xy=sheet.middle_xy, levels_mm=(sheet.levels_mm[:, None] + spread).reshape(-1)
    )
    coats = _coats(structures, deformation, fine)
    images = np.zeros((len(channels), len(sheet.levels_mm), *sheet.shape), dtype=np.float32)
    for index in range(len(sheet.levels_mm)):
        fields = textures.next_slice() if textures else {}
        for sample in range(index * samples, (index + 1) * samples):
            images[:, index] += _paint_level(coats, sample, sheet.shape, tissues, channels, fields)
    images /= samples
    return images


def _paint_level(
    coats: Sequence[_Coat],
    level: int,
    shape: tuple[int, int],
    tissues: Mapping[str, Tissue],
    channels: Sequence[str],
    fields: Mapping[str, Field],
) -> Image:
    canvas = np.zeros((len(channels), *shape), dtype=np.float32)
    for coat in coats:
        covered = coverage(coat.outlines_px[level], shape) if coat.is_present[level] else None
        if covered is None:
            continue
        rows, columns, share = covered
        tissue = tissues[coat.tissue]
        if coat.opacity < 1.0:
            share = share * np.float32(coat.opacity)
        for channel, name in enumerate(channels):
            value: float | Image = getattr(tissue, name)
            if name == "t2w" and fields and tissue.textures:
                value = tissue.t2w * _grain(tissue, fields, rows, columns)
            patch = canvas[channel, rows, columns]
            patch += share * (value - patch)
    return canvas


def _grain(tissue: Tissue, fields: Mapping[str, Field], rows: slice, columns: slice) -> Image:
    grain: Image = np.ones((rows.stop - rows.start, columns.stop - columns.start), dtype=np.float32)
    for field, amplitude in tissue.textures:
        grain += np.float32(amplitude) * fields[field][rows, columns]
    return np.maximum(grain, np.float32(0.05))
