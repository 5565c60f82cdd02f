from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.radiomics.cache import CacheUse, cache_path, corrected_image
from inference.radiomics.settings import N4Settings
from tests.unit.inference.synthetic import textured_volume

FAST = N4Settings(iterations=(5,))


def test_second_call_reads_the_same_bits(tmp_path: Path) -> None:
    volume = textured_volume()
    first, first_use = corrected_image(volume, FAST, tmp_path)
    second, second_use = corrected_image(volume, FAST, tmp_path)
    assert (first_use, second_use) == (CacheUse.MISS, CacheUse.HIT)
    np.testing.assert_array_equal(first.array, second.array)
    np.testing.assert_array_equal(first.log_bias, second.log_bias)


def test_nothing_but_the_entry_is_left_on_disk(tmp_path: Path) -> None:
    corrected_image(textured_volume(), FAST, tmp_path)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [
        cache_path(textured_volume(), FAST, tmp_path)
    ]


def flip_a_bit(content: bytes) -> bytes:
    return content[:-5] + bytes([content[-5] ^ 1]) + content[-4:]


@pytest.mark.parametrize(
    "damage",
    [
        flip_a_bit,
        lambda content: content[:-8],
        lambda content: b"",
        lambda content: b"not json\n" + content,
        lambda content: b"{}\n" + content,
    ],
    ids=["bit", "cut", "empty", "no header", "other header"],
)
def test_a_damaged_entry_is_computed_anew(tmp_path: Path, damage) -> None:
    volume = textured_volume()
    whole, _ = corrected_image(volume, FAST, tmp_path)
    path = cache_path(volume, FAST, tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    again, use = corrected_image(volume, FAST, tmp_path)
    assert use is CacheUse.CORRUPT
    np.testing.assert_array_equal(again.array, whole.array)
    assert corrected_image(volume, FAST, tmp_path)[1] is CacheUse.HIT


def test_other_pixels_or_settings_are_other_entries(tmp_path: Path) -> None:
    volume = textured_volume()
    paths = {
        cache_path(volume, FAST, tmp_path),
        cache_path(volume, replace(FAST, shrink_factor=6), tmp_path),
        cache_path(textured_volume(seed=8), FAST, tmp_path),
    }
    assert len(paths) == 3


def test_a_directory_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    image, use = corrected_image(textured_volume(), FAST, blocked)
    assert use is CacheUse.UNWRITABLE
    assert np.isfinite(image.array).all()
