"""Pixels survive storage exactly, whatever they came in."""

from pathlib import Path
from typing import Any

import jpeg_ls
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from backend.cases import parse
from backend.cases.frames import PixelFormat, decode, encode
from backend.cases.reports import Refused
from tests.factories.dicom_files import compress, mr_slice, ramp, save, set_pixels


def decoded(dataset: Dataset, path: Path) -> NDArray[Any]:
    return decode(parse.read_whole(save(dataset, path)))


def unpacked(content: bytes, like: NDArray[Any]) -> NDArray[Any]:
    raw, _ = jpeg_ls.decode_pixel_data(content)
    return np.frombuffer(bytes(raw), dtype=like.dtype).reshape(like.shape)


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian]
)
def test_uncompressed_pixels_are_read(syntax: str, tmp_path: Path) -> None:
    dataset = mr_slice(3)
    dataset.file_meta.TransferSyntaxUID = syntax
    np.testing.assert_array_equal(decoded(dataset, tmp_path / "one.dcm"), ramp(3))


def test_big_endian_pixels_are_read(tmp_path: Path) -> None:
    dataset = mr_slice(3)
    dataset.PixelData = ramp(3).byteswap().tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    array = decoded(dataset, tmp_path / "one.dcm")
    np.testing.assert_array_equal(array, ramp(3))
    assert array.dtype.isnative


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless, RLELossless])
def test_compressed_pixels_are_read(syntax: str, tmp_path: Path) -> None:
    pixels = ramp(3, 64, 48)
    dataset = compress(mr_slice(pixels=pixels), syntax)
    np.testing.assert_array_equal(decoded(dataset, tmp_path / "one.dcm"), pixels)


def test_bits_above_bits_stored_are_masked(tmp_path: Path) -> None:
    dataset = mr_slice()
    set_pixels(dataset, ramp(0) | np.uint16(0x8000), bits_stored=12)
    np.testing.assert_array_equal(decoded(dataset, tmp_path / "one.dcm"), ramp(0))


def test_short_signed_values_keep_their_sign(tmp_path: Path) -> None:
    values = (ramp(0).astype(np.int16) - 2048).astype(np.int16)
    dataset = mr_slice()
    set_pixels(dataset, values & np.int16(0x0FFF), bits_stored=12)
    np.testing.assert_array_equal(decoded(dataset, tmp_path / "one.dcm"), values)


def test_values_in_the_upper_bits_are_moved_down(tmp_path: Path) -> None:
    dataset = mr_slice()
    set_pixels(dataset, (ramp(0) << np.uint16(4)) | np.uint16(5), bits_stored=12)
    dataset.HighBit = 15
    np.testing.assert_array_equal(decoded(dataset, tmp_path / "one.dcm"), ramp(0))


@pytest.mark.parametrize("cut", [1, 7, 200])
def test_a_cut_file_is_truncated(cut: int, tmp_path: Path) -> None:
    path = save(mr_slice(), tmp_path / "one.dcm")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Refused) as caught:
        decode(parse.read_whole(path))
    assert caught.value.code == "truncated"


def test_a_cut_compressed_file_is_refused(tmp_path: Path) -> None:
    path = save(compress(mr_slice(), JPEGLSLossless), tmp_path / "one.dcm")
    content = path.read_bytes()
    path.write_bytes(content[:-40])
    header = parse.read_header(path)
    with pytest.raises(Refused) as caught:
        parse.check_kind(header, path)
    assert caught.value.code == "truncated"


def test_garbage_instead_of_a_codestream_is_refused(tmp_path: Path) -> None:
    dataset = compress(mr_slice(), JPEGLSLossless)
    content = save(dataset, tmp_path / "one.dcm").read_bytes()
    start = content.index(b"\xff\xd8\xff")
    path = tmp_path / "bad.dcm"
    path.write_bytes(content[:start] + bytes(len(content) - start - 8) + content[-8:])
    with pytest.raises(Refused) as caught:
        decode(parse.read_whole(path))
    assert caught.value.code == "decode_failed"


@pytest.mark.parametrize(
    ("array", "bits_stored", "layout"),
    [
        (ramp(1), 12, PixelFormat(bits_allocated=16, bits_stored=12, is_signed=False)),
        (ramp(1) % np.uint16(256), 8, PixelFormat(bits_allocated=8, bits_stored=8, is_signed=False)),
        ((ramp(1) % 2).astype(np.uint8), 1, PixelFormat(bits_allocated=8, bits_stored=8, is_signed=False)),
        (
            ramp(1).astype(np.int16) - np.int16(99),
            12,
            PixelFormat(bits_allocated=16, bits_stored=16, is_signed=True),
        ),
        (ramp(1).astype(np.int8), 8, PixelFormat(bits_allocated=16, bits_stored=16, is_signed=True)),
        (ramp(1).astype(np.uint32), 32, PixelFormat(bits_allocated=16, bits_stored=16, is_signed=False)),
        (ramp(1).astype(np.int32) * -99, 32, PixelFormat(bits_allocated=32, bits_stored=32, is_signed=True)),
    ],
)
def test_layout_is_one_that_browsers_read_right(
    array: NDArray[Any], bits_stored: int, layout: PixelFormat
) -> None:
    frame = encode(array, bits_stored)
    assert frame.format == layout
    kind = ("i" if layout.is_signed else "u") + str(layout.bits_allocated // 8)
    if layout.bits_allocated == 32:
        assert frame.transfer_syntax == ExplicitVRLittleEndian
        back = np.frombuffer(frame.content, kind).reshape(array.shape)
    else:
        assert frame.transfer_syntax == JPEGLSLossless
        back = unpacked(frame.content, array.astype(kind))
    np.testing.assert_array_equal(back, array)


@given(arrays(np.uint16, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 65535)))
def test_any_unsigned_image_is_packed_without_loss(array: NDArray[np.uint16]) -> None:
    frame = encode(array, 16)
    raw = (
        frame.content
        if frame.transfer_syntax == ExplicitVRLittleEndian
        else unpacked(frame.content, array).tobytes()
    )
    assert raw == array.tobytes()


@given(arrays(np.int16, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(-32768, 32767)))
def test_any_signed_image_is_packed_without_loss(array: NDArray[np.int16]) -> None:
    frame = encode(array, 16)
    raw = (
        frame.content
        if frame.transfer_syntax == ExplicitVRLittleEndian
        else unpacked(frame.content, array).tobytes()
    )
    assert raw == array.tobytes()


def test_the_digest_is_of_values_and_shape() -> None:
    one = encode(ramp(0), 12)
    assert encode(ramp(0), 12).digest == one.digest
    assert encode(ramp(1), 12).digest != one.digest
    assert encode(ramp(0).T, 12).digest != one.digest
