import gzip
import zlib

import numpy as np
import pytest

from backend.reads.geometry import BadMeasurement
from backend.reads.labelmap_bytes import MAX_VOXELS, from_base64, only, packed, unpacked, values_in

SHAPE = (3, 4, 5)
VOXELS = np.random.default_rng(4).integers(0, 4, SHAPE, dtype=np.uint8)


def test_what_is_packed_comes_back_and_carries_no_time_and_no_name() -> None:
    data = packed(VOXELS)
    np.testing.assert_array_equal(unpacked(data, SHAPE), VOXELS)
    assert data == packed(VOXELS.copy())
    # RFC 1952: flags, then the time of the file; both are nothing.
    assert data[3:8] == bytes(5)


def test_bytes_of_a_browser_and_of_another_program_are_read() -> None:
    for data in (gzip.compress(VOXELS.tobytes(), 1), gzip.compress(VOXELS.tobytes(), 9, mtime=1.0)):
        np.testing.assert_array_equal(unpacked(data, SHAPE), VOXELS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cut short"),
        (b"nothing of the kind", "not packed as gzip"),
        (zlib.compress(VOXELS.tobytes()), "not packed as gzip"),
        (packed(VOXELS)[:-4], "cut short"),
        (packed(VOXELS)[:-8] + bytes(8), "not packed as gzip"),
        (gzip.compress(VOXELS.tobytes() + b"\0", mtime=0), "more voxels"),
        (gzip.compress(VOXELS.tobytes()[:-1], mtime=0), "fewer voxels"),
        (packed(VOXELS) + b"more", "Something follows"),
        (packed(VOXELS) * 2, "Something follows"),
    ],
)
def test_other_bytes_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadMeasurement, match=words):
        unpacked(data, SHAPE)


def test_no_more_is_unpacked_than_the_shape_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred megabytes in as many kilobytes: the bytes that come out are counted."""
    bomb = gzip.compress(bytes(200_000_000), 9)
    came_out = []
    make = zlib.decompressobj

    class Counting:
        def __init__(self, **options: int) -> None:
            self.inner = make(**options)

        def decompress(self, data: bytes, most: int) -> bytes:
            out = self.inner.decompress(data, most)
            came_out.append(len(out))
            return out

    monkeypatch.setattr("backend.reads.labelmap_bytes.zlib.decompressobj", Counting)
    with pytest.raises(BadMeasurement, match="more voxels"):
        unpacked(bomb, SHAPE)
    assert came_out == [61]


def test_a_series_beyond_every_size_is_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(BadMeasurement, match="too large"):
        unpacked(b"", (MAX_VOXELS, 1, 2))


def test_base64_is_strict() -> None:
    assert from_base64("AAE=") == b"\0\1"
    for text in ("AAE", "A AE=", "AAÉ=", "AA-_"):
        with pytest.raises(BadMeasurement, match="base64"):
            from_base64(text)


def test_values_are_found_and_kept_one_by_one() -> None:
    voxels = np.zeros(SHAPE, np.uint8)
    voxels[0, 0, 0], voxels[1, 2, 3], voxels[2] = 7, 255, 1
    assert values_in(voxels) == {1, 7, 255}
    assert values_in(np.zeros(SHAPE, np.uint8)) == set()
    kept = only(voxels, [7, 255])
    np.testing.assert_array_equal(kept, np.where(np.isin(voxels, [7, 255]), voxels, 0))
    assert kept.dtype == np.uint8
