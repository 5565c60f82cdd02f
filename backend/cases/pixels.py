"""Reading stored cases back: one frame for a browser, a volume for a model, a mask."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from inference.contracts import Direction, Triple, Volume

from .frames import decode
from .models import CaseImage, CaseMask, CaseSeries
from .paths import media_path
from .values import numbers

MASK_KEY = "mask"


class NotAVolume(Exception):
    """The slices of a series do not lie on one regular grid."""


def read_frame(image: CaseImage) -> bytes:
    """The encoded bytes of a slice's one frame, in the image's transfer syntax.

    Raises
    ------
    OSError
        When the file is gone or shorter than recorded.
    """
    with media_path(image.file).open("rb") as opened:
        opened.seek(image.frame_offset)
        content = opened.read(image.frame_length)
    if len(content) != image.frame_length:
        raise OSError(f"the stored file of image {image.pk} is shorter than recorded")
    return content


def read_slice(image: CaseImage) -> NDArray[np.float32]:
    """Rescaled values of one slice, shape (rows, columns)."""
    return _rescaled(media_path(image.file))


def _rescaled(path: Path) -> NDArray[np.float32]:
    dataset = dcmread(path)
    slope, intercept = numbers(dataset, "RescaleSlope", 1), numbers(dataset, "RescaleIntercept", 1)
    values = decode(dataset).astype(np.float64)
    scaled = values * (slope[0] if slope and slope[0] else 1.0) + (intercept[0] if intercept else 0.0)
    return scaled.astype(np.float32)


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Where the voxels of a series lie: millimeters, LPS, in the order x, y, z."""

    spacing: Triple
    origin: Triple
    direction: Direction


def read_geometry(series: CaseSeries) -> GridGeometry:
    """The regular grid of a series.

    Raises
    ------
    NotAVolume
        When the slices are single, unevenly spaced or without position.
    """
    if not series.is_uniform or series.slice_step_mm is None:
        raise NotAVolume(f"series {series.pk} is no regular grid")
    if series.row_spacing_mm is None or series.column_spacing_mm is None:
        raise NotAVolume(f"series {series.pk} has no pixel spacing")
    orientation, normal = series.geometry["orientation"], series.geometry["normal"]
    x, y, z = series.geometry["first_position"]
    axes = np.array([orientation[:3], orientation[3:], normal]).T
    a, b, c, d, e, f, g, h, i = (float(value) for value in axes.ravel())
    return GridGeometry(
        spacing=(series.column_spacing_mm, series.row_spacing_mm, series.slice_step_mm),
        origin=(x, y, z),
        direction=(a, b, c, d, e, f, g, h, i),
    )


def read_volume(series: CaseSeries) -> Volume:
    """A series as float32 volume of rescaled values, slices along the normal.

    Raises
    ------
    NotAVolume
        When the slices are single, unevenly spaced or without position.
    """
    grid = read_geometry(series)
    array = np.stack([read_slice(image) for image in series.images.order_by("index")])
    return Volume(array=array, spacing=grid.spacing, origin=grid.origin, direction=grid.direction)


def read_mask(mask: CaseMask) -> NDArray[np.bool_]:
    """Voxels of a mask, shape (slices, rows, columns), in the slice order of its series."""
    with np.load(media_path(mask.file), allow_pickle=False) as opened:
        voxels = opened[MASK_KEY]
    return np.asarray(voxels != 0)
