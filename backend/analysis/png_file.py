"""PNG files of three bytes a pixel: written fast where most of the picture is white, and taken apart for a PDF."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.errors import AnalysisError

INCH_METERS = 0.0254
DEFAULT_DPI = 300.0
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Eight bits, colors without transparency, not interlaced.
_KIND = struct.pack(">5B", 8, 2, 0, 0, 0)
# Each line is what differs from the line above: in a drawing mostly zeros, which the least effort shrinks.
_UP, _EFFORT = 2, 1


@dataclass(frozen=True, slots=True)
class PngParts:
    """A picture as its file holds it; ``lines`` are compressed, each with its filter before it."""

    width: int
    height: int
    dpi: float
    lines: bytes


def png_bytes(pixels: NDArray[np.uint8], *, dpi: int, title: str) -> bytes:
    """A PNG file of red, green and blue, shape (height, width, 3 or more); it holds no date and no program's name."""
    height, width = pixels.shape[:2]
    change = pixels.copy()
    np.subtract(pixels[1:], pixels[:-1], out=change[1:])
    lines = np.empty((height, 3 * width + 1), dtype=np.uint8)
    lines[:, 0] = _UP
    # Color by color: three short copies a pixel take three times as long.
    for color in range(3):
        lines[:, 1 + color :: 3] = change[:, :, color]
    per_meter = round(dpi / INCH_METERS)
    name = b"iTXt", b"Title\0\0\0\0\0" + title.encode()
    chunks = (
        (b"IHDR", struct.pack(">II", width, height) + _KIND),
        name,
        (b"pHYs", struct.pack(">IIB", per_meter, per_meter, 1)),
        (b"IDAT", zlib.compress(lines.data, _EFFORT)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def png_parts(png: bytes) -> PngParts:
    """Size, pixels an inch (300 where the file does not say) and lines of such a file.

    Raises
    ------
    AnalysisError
        ``unknown_png`` where it is no PNG of three bytes a pixel.
    """
    if png[:8] != _SIGNATURE or png[24:29] != _KIND:
        raise AnalysisError("unknown_png", "a figure of the report must be a PNG of three bytes a pixel")
    width, height = struct.unpack(">II", png[16:24])
    dpi, lines, at = DEFAULT_DPI, b"", 8
    while at + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if kind == b"pHYs":
            per_meter, _, unit = struct.unpack(">IIB", content)
            dpi = per_meter * INCH_METERS if unit == 1 and per_meter else DEFAULT_DPI
        elif kind == b"IDAT":
            lines += content
        at += 12 + length
    return PngParts(width, height, dpi, lines)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
