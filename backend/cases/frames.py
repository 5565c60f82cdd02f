"""Pixels in and out of encodings: decoded exactly, stored without loss."""

import hashlib
from dataclasses import dataclass
from typing import Any

import jpeg_ls
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import get_decoder
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from .reports import Refused
from .values import UNREADABLE, quiet, uid, whole

Pixels = NDArray[np.integer[Any]]
LOSSY_SYNTAXES = frozenset(f"1.2.840.10008.1.2.4.{last}" for last in ("50", "51", "81", "91", "203"))
SAMPLE_EVERY = 13


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How stored values are laid out."""

    bits_allocated: int
    bits_stored: int
    is_signed: bool


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One frame, ready to be stored, and what is to be known of its values."""

    content: bytes
    transfer_syntax: UID
    format: PixelFormat
    digest: bytes
    sample: Pixels


def decode(dataset: Dataset) -> Pixels:
    """Stored values of a single-frame grayscale image, shape (rows, columns), without bits beyond BitsStored.

    Raises
    ------
    Refused
        `truncated` or `decode_failed`.
    """
    syntax = uid(dataset.file_meta, "TransferSyntaxUID")
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    allocated = whole(dataset, "BitsAllocated") or 0
    try:
        with quiet():
            if not syntax.is_encapsulated and len(dataset.PixelData) < rows * columns * allocated // 8:
                raise Refused("truncated", "The file ends within its pixel data.")
            options: dict[str, Any] = {}
            if not syntax.is_encapsulated:
                # Asked for all bits, pydicom leaves those above BitsStored for `_without_foreign_bits`.
                options["bits_stored"] = allocated
            elif syntax == RLELossless:
                # The faster decoder panics on damaged frames, which no `except` for errors catches.
                options["decoding_plugin"] = "pydicom"
            array, _ = get_decoder(syntax).as_array(dataset, raw=True, index=0, **options)
    except Refused:
        raise
    except UNREADABLE as error:
        raise Refused("decode_failed", "The pixel data cannot be decoded; the file is damaged.") from error
    if array.shape != (rows, columns):
        raise Refused("decode_failed", "The decoded image has another size than the header says.")
    return _without_foreign_bits(array, dataset, is_native=not syntax.is_encapsulated)


def _without_foreign_bits(array: NDArray[Any], dataset: Dataset, *, is_native: bool) -> Pixels:
    """Values of BitsStored bits: overlays and garbage may live in the others, which no viewer masks."""
    allocated = array.dtype.itemsize * 8
    stored = min(whole(dataset, "BitsStored") or allocated, allocated)
    high = whole(dataset, "HighBit") if is_native else None
    shift = 0 if high is None else max(0, min(high, allocated - 1) - (stored - 1))
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    if stored == allocated and shift == 0:
        return native
    left, right = allocated - stored - shift, allocated - stored
    # The right shift of a signed type carries the sign down.
    return (native << left) >> right


def stored_format(array: Pixels, bits_stored: int) -> PixelFormat:
    """The layout a frame is stored in.

    Signed values take all their bits, for browsers read a shorter two's complement as large positive numbers;
    unsigned values of 8 bits and less take one byte, as JPEG-LS packs them.
    """
    is_signed = bool(np.issubdtype(array.dtype, np.signedinteger))
    if array.dtype.itemsize == 4:
        limits = np.iinfo(np.int16) if is_signed else np.iinfo(np.uint16)
        if array.min() < limits.min or array.max() > limits.max:
            return PixelFormat(bits_allocated=32, bits_stored=32, is_signed=is_signed)
    if is_signed:
        return PixelFormat(bits_allocated=16, bits_stored=16, is_signed=True)
    if bits_stored <= 8 and array.dtype.itemsize <= 2:
        return PixelFormat(bits_allocated=8, bits_stored=8, is_signed=False)
    return PixelFormat(bits_allocated=16, bits_stored=min(bits_stored, 16), is_signed=False)


def encode(array: Pixels, bits_stored: int) -> EncodedFrame:
    """Pack a frame as JPEG-LS lossless.

    Uncompressed stay 32-bit values, which JPEG-LS has not, and frames that it would make larger.
    """
    layout = stored_format(array, bits_stored)
    kind = ("<i" if layout.is_signed else "<u") + str(layout.bits_allocated // 8)
    values: Pixels = np.ascontiguousarray(array.astype(kind))
    raw = values.tobytes()
    content, syntax = raw, ExplicitVRLittleEndian
    packed = _packed(raw, values.shape, layout) if layout.bits_allocated <= 16 else None
    if packed is not None:
        content, syntax = packed, JPEGLSLossless
    head = f"{kind} {values.shape[0]}x{values.shape[1]} ".encode()
    return EncodedFrame(
        content=content,
        transfer_syntax=syntax,
        format=layout,
        digest=hashlib.sha256(head + raw).digest(),
        sample=values.ravel()[::SAMPLE_EVERY].copy(),
    )


def _packed(raw: bytes, shape: tuple[int, ...], layout: PixelFormat) -> bytes | None:
    """The JPEG-LS frame, unpacked again and compared so that what is stored equals what was sent; else None."""
    rows, columns = shape
    try:
        packed = bytes(
            jpeg_ls.encode_pixel_data(
                raw, rows=rows, columns=columns, samples_per_pixel=1, bits_stored=layout.bits_stored
            )
        )
    except RuntimeError:
        # The encoder gives up on frames that grow, such as noise of all bits or a handful of pixels.
        return None
    unpacked, _ = jpeg_ls.decode_pixel_data(packed)
    return packed if unpacked == raw else None
