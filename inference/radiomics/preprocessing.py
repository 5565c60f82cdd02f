"""From an acquired MR volume to the bias-corrected image on an isotropic grid, the same on every machine.

The order is fixed: float32, canonical geometry, linear resampling, N4. Three traps are closed here.
Resampling keeps the pixel type, so integers would be rounded: everything is float32 first. A header's last
digits or an oblique direction move the resampling grid by fractions of a voxel, which texture notices:
spacing is rounded and origin and direction are dropped before. N4 depends on the number of threads: it runs
on a fixed one.
"""

# mypy: allow-untyped-calls
# SimpleITK carries no types.

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.contracts import GEOMETRY_DECIMALS, Triple, Volume
from inference.radiomics.settings import N4Settings

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True)
class Grid:
    """An isotropic grid parallel to a volume's axes.

    Attributes
    ----------
    first : tuple of float
        Center (x, y, z) of its first voxel, in mm from the outer corner of the acquired volume's first voxel.
    size : tuple of int
        (x, y, z) voxels.
    spacing_mm : float
        In all three directions.
    """

    first: Triple
    size: tuple[int, int, int]
    spacing_mm: float

    def part(self, box: Box, shift_mm: Triple = (0.0, 0.0, 0.0)) -> "Grid":
        """The sub-grid of a box (z, y, x) of voxels, moved by `shift_mm` (x, y, z)."""
        starts = (box[2].start, box[1].start, box[0].start)
        return Grid(
            first=_triple(
                first + index * self.spacing_mm + shift
                for first, index, shift in zip(self.first, starts, shift_mm, strict=True)
            ),
            size=(box[2].stop - box[2].start, box[1].stop - box[1].start, box[0].stop - box[0].start),
            spacing_mm=self.spacing_mm,
        )


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedImage:
    """A bias-corrected image.

    Attributes
    ----------
    array : numpy.ndarray of float32
        Shape (z, y, x) on the isotropic grid: resampled image divided by the bias field.
    log_bias : numpy.ndarray of float32
        Natural logarithm of the bias field, same grid.
    """

    array: NDArray[np.float32]
    log_bias: NDArray[np.float32]

    def standardized(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Z-scores of corrected gray levels: mean 0 and standard deviation 1 over this whole image."""
        mean = float(self.array.mean(dtype=np.float64))
        deviation = float(self.array.std(dtype=np.float64))
        return (values.astype(np.float64) - mean) / deviation


@contextmanager
def fixed_threads(threads: int) -> Iterator[None]:
    """SimpleITK on this number of threads, and back to what it was."""
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
    try:
        yield
    finally:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(before)


def canonical_spacing(volume: Volume) -> Triple:
    """The spacing (x, y, z) in mm, rounded to 1e-4."""
    return _triple(round(value, GEOMETRY_DECIMALS) for value in volume.spacing)


def canonical_image(array: NDArray[np.generic], spacing: Triple) -> sitk.Image:
    """A float32 image of this array (z, y, x) at origin 0, axes parallel to the frame.

    A copy, and never in the acquired pixel type: SimpleITK and PyRadiomics resample into the type they are
    given.
    """
    image = sitk.GetImageFromArray(np.ascontiguousarray(array, dtype=np.float32))
    image.SetSpacing(spacing)
    return image


def isotropic_grid(volume: Volume, spacing_mm: float) -> Grid:
    """The grid that shares the volume's first corner, as PyRadiomics lays it.

    Source: radiomics.imageoperations.resampleImage 3.1. Two differences: the whole volume is covered, and a
    row that exists only through rounding errors of extent/spacing is left out.
    """
    spacing = canonical_spacing(volume)
    counts = (volume.array.shape[2], volume.array.shape[1], volume.array.shape[0])
    size = [
        max(math.ceil(count * step / spacing_mm - 1e-6), 1)
        for count, step in zip(counts, spacing, strict=True)
    ]
    return Grid(
        first=(spacing_mm / 2,) * 3,
        size=(size[0], size[1], size[2]),
        spacing_mm=spacing_mm,
    )


def resample(image: sitk.Image, grid: Grid, *, holds_edges: bool = False) -> NDArray[np.float32]:
    """Trilinear values of a canonical image on a grid; (z, y, x).

    Outside the image 0, or the nearest voxel's value with `holds_edges`.
    """
    resampler = sitk.ResampleImageFilter()
    resampler.SetOutputSpacing((grid.spacing_mm,) * 3)
    resampler.SetOutputOrigin(
        [first - step / 2 for first, step in zip(grid.first, image.GetSpacing(), strict=True)]
    )
    resampler.SetSize(grid.size)
    resampler.SetInterpolator(sitk.sitkLinear)
    resampler.SetDefaultPixelValue(0)
    resampler.SetUseNearestNeighborExtrapolator(holds_edges)
    return np.asarray(sitk.GetArrayFromImage(resampler.Execute(image)), dtype=np.float32)


def resample_mask(mask: NDArray[np.bool_], spacing: Triple, grid: Grid) -> NDArray[np.bool_]:
    """Nearest neighbor of a mask (z, y, x) with canonical spacing (x, y, z mm) on a grid; False outside.

    A grid point halfway between two voxels takes the later one, as in ITK. Common spacings (0.5 mm) put
    whole rows of points there, where ITK's floats fall to either side by chance: here positions are whole
    numbers of 0.1 µm.
    """
    found = np.zeros(grid.size[::-1], dtype=np.bool_)
    ours, theirs = [], []
    for axis in (2, 1, 0):
        steps = np.arange(grid.size[axis]) * _units(grid.spacing_mm)
        index = (_units(grid.first[axis]) + steps) // _units(spacing[axis])
        is_inside = (index >= 0) & (index < mask.shape[2 - axis])
        ours.append(np.flatnonzero(is_inside))
        theirs.append(index[is_inside])
    found[np.ix_(*ours)] = mask[np.ix_(*theirs)]
    return found


def count_components(mask: NDArray[np.bool_]) -> int:
    """How many parts of a mask (z, y, x) do not touch, not even by a corner."""
    labeler = sitk.ConnectedComponentImageFilter()
    labeler.FullyConnectedOn()
    labeler.Execute(sitk.GetImageFromArray(mask.astype(np.uint8)))
    return int(labeler.GetObjectCount())


def correct_bias(volume: Volume, settings: N4Settings) -> CorrectedImage:
    """Resample a volume to the isotropic grid and divide by its N4 bias field.

    The field is fitted on a shrunken image inside an Otsu mask and evaluated on the full one: evaluating it
    on a crop would stretch it over the crop.

    Parameters
    ----------
    volume : Volume
        Acquired image; finite pixels, at least two shrunken voxels long in every direction.
    settings : N4Settings
        Grid and fit.

    Returns
    -------
    CorrectedImage
        On `isotropic_grid(volume, settings.spacing_mm)`.

    References
    ----------
    Tustison et al. 2010, IEEE Trans Med Imaging 29:1310, as in SimpleITK's N4BiasFieldCorrectionImageFilter.
    """
    grid = isotropic_grid(volume, settings.spacing_mm)
    with fixed_threads(settings.threads):
        pixels = resample(canonical_image(volume.array, canonical_spacing(volume)), grid)
        image = canonical_image(pixels, (grid.spacing_mm,) * 3)
        body = sitk.OtsuThreshold(image, 0, 1, settings.otsu_bins)
        factors = [settings.shrink_factor] * 3
        n4 = sitk.N4BiasFieldCorrectionImageFilter()
        n4.SetNumberOfThreads(settings.threads)
        n4.SetMaximumNumberOfIterations(settings.iterations)
        n4.Execute(sitk.Shrink(image, factors), sitk.Shrink(body, factors))
        log_bias = sitk.GetArrayFromImage(n4.GetLogBiasFieldAsImage(image)).astype(np.float32)
    return CorrectedImage(array=divide_bias(pixels, log_bias), log_bias=log_bias)


def corrected_part(volume: Volume, corrected: CorrectedImage, part: Grid) -> NDArray[np.float32]:
    """Corrected gray levels on a part of the grid that may be moved by fractions of a voxel.

    The acquired image is resampled afresh at the moved points; the bias field, smooth over centimeters, is
    interpolated from the one already fitted on the whole grid. With no shift this is the corrected image
    itself.

    Returns
    -------
    numpy.ndarray of float32
        Shape (z, y, x) of `part`.
    """
    pixels = resample(canonical_image(volume.array, canonical_spacing(volume)), part, holds_edges=True)
    field = canonical_image(corrected.log_bias, (part.spacing_mm,) * 3)
    return divide_bias(pixels, resample(field, part, holds_edges=True))


def divide_bias(pixels: NDArray[np.float32], log_bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gray levels divided by the exponential of the log field; same shape, float32."""
    return (pixels.astype(np.float64) / np.exp(log_bias.astype(np.float64))).astype(np.float32)


def _units(length_mm: float) -> int:
    return round(length_mm * 10.0**GEOMETRY_DECIMALS)


def _triple(values: Iterable[float]) -> Triple:
    x, y, z = values
    return x, y, z
