"""The bytes of a labelmap: gzip of one byte per voxel, slice by slice. Pure."""

import base64
import binascii
import gzip
import math
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .geometry import BadMeasurement

Voxels = NDArray[np.uint8]
Shape = tuple[int, int, int]

# The largest series that can be painted on: four times the 64 million voxels of a fine CT of 512 × 512 × 245.
MAX_VOXELS = 2**28
# zlib's word for a gzip header and nothing else.
_GZIP = 16 + zlib.MAX_WBITS


def from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadMeasurement("The voxels are not written in base64.") from problem


def unpacked(data: bytes, shape: Shape) -> Voxels:
    """The voxels, shape (slices, rows, columns).

    Never more is unpacked than the shape holds, whatever the bytes would grow to.

    Raises
    ------
    BadMeasurement
        When the bytes are no gzip, are cut short, hold more or fewer voxels, or are followed by something.
    """
    expected = math.prod(shape)
    if expected > MAX_VOXELS:
        raise BadMeasurement("The series is too large to be painted on.")
    unpacking = zlib.decompressobj(wbits=_GZIP)
    try:
        raw = unpacking.decompress(data, expected + 1)
    except zlib.error as problem:
        raise BadMeasurement("The voxels are not packed as gzip.") from problem
    if len(raw) > expected:
        raise BadMeasurement("The labelmap holds more voxels than the series.")
    if not unpacking.eof:
        raise BadMeasurement("The labelmap is cut short.")
    if len(raw) < expected:
        raise BadMeasurement("The labelmap holds fewer voxels than the series.")
    if unpacking.unused_data:
        raise BadMeasurement("Something follows the packed voxels.")
    return np.frombuffer(raw, dtype=np.uint8).reshape(shape)


def packed(voxels: Voxels) -> bytes:
    """The same bytes for the same voxels: no time and no name of a file stand in them."""
    return gzip.compress(np.ascontiguousarray(voxels).tobytes(), compresslevel=6, mtime=0)


def values_in(voxels: Voxels) -> set[int]:
    """The values that occur, without 0."""
    present = np.zeros(256, dtype=bool)
    for one in voxels:
        # Slice by slice: counting turns each byte into eight.
        present |= np.bincount(one.ravel(), minlength=256) > 0
    return {int(value) for value in np.flatnonzero(present)} - {0}


def only(voxels: Voxels, values: Sequence[int]) -> Voxels:
    """A copy that keeps the given values and holds 0 for every other."""
    kept = np.zeros(256, dtype=np.uint8)
    kept[list(values)] = list(values)
    return np.asarray(kept[voxels])
