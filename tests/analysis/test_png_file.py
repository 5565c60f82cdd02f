"""PNG files: read back by another program pixel by pixel, taken apart without a loss, refused when of another kind."""

import io
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from backend.analysis.errors import AnalysisError
from backend.analysis.png_file import png_bytes, png_parts


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, size=(7, 5, 3), dtype=np.uint8)


def test_another_program_reads_the_same_pixels_size_and_title(pixels: NDArray[np.uint8]) -> None:
    image = Image.open(io.BytesIO(png_bytes(pixels, dpi=300, title="A title: \u03ba")))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), pixels)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert image.info["Title"] == "A title: \u03ba"


def test_the_same_pixels_give_the_same_bytes(pixels: NDArray[np.uint8]) -> None:
    assert png_bytes(pixels, dpi=300, title="t") == png_bytes(pixels.copy(), dpi=300, title="t")


def test_the_parts_are_the_lines_with_their_filters(pixels: NDArray[np.uint8]) -> None:
    parts = png_parts(png_bytes(pixels, dpi=150, title="t"))
    assert (parts.width, parts.height) == (5, 7)
    assert parts.dpi == pytest.approx(150, abs=0.05)
    lines = np.frombuffer(zlib.decompress(parts.lines), dtype=np.uint8).reshape(7, 16)
    assert np.array_equal(np.cumsum(lines[:, 1:], axis=0, dtype=np.uint8), pixels.reshape(7, 15))
    assert set(lines[:, 0].tolist()) == {2}


def test_several_chunks_of_lines_are_one_and_an_unsaid_size_is_that_of_print(
    pixels: NDArray[np.uint8],
) -> None:
    image = io.BytesIO()
    noise = np.random.default_rng(4).integers(0, 256, size=(200, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(image, format="png")
    assert image.getvalue().count(b"IDAT") > 1
    parts = png_parts(image.getvalue())
    assert len(zlib.decompress(parts.lines)) == 200 * 901
    assert parts.dpi == 300.0
    unsaid = png_bytes(pixels, dpi=60, title="t").replace(struct.pack(">I", 2362), struct.pack(">I", 0))
    assert png_parts(unsaid).dpi == 300.0


@pytest.mark.parametrize("mode", ["RGBA", "L", "P"])
def test_another_kind_of_png_is_refused(mode: str) -> None:
    image = io.BytesIO()
    Image.new(mode, (4, 4)).save(image, format="png")
    with pytest.raises(AnalysisError) as refused:
        png_parts(image.getvalue())
    assert refused.value.code == "unknown_png"
