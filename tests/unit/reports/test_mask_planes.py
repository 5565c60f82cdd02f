"""Outlines kept as boxes give the very numbers of whole planes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.analysis.mask_agreement import CaseMasks, mask_agreement
from backend.reports.mask_planes import boxed_planes, on_one_grid

SHAPE = (9, 21, 17)


def blobs(seed: int) -> dict[str, NDArray[np.bool_]]:
    """Three readers' volumes, ragged, one of them on fewer slices and one at the edge of the image."""
    rng = np.random.default_rng(seed)
    found = {}
    for number, reader in enumerate(("R1", "R2", "R3")):
        volume = np.zeros(SHAPE, dtype=np.bool_)
        start = rng.integers(0, 5, 3) if number else np.zeros(3, dtype=np.int64)
        box = tuple(slice(int(at), int(at) + 4 + number) for at in start)
        volume[box] = rng.random(volume[box].shape) < 0.8
        found[reader] = volume
    return found


@pytest.mark.parametrize("seed", range(5))
def test_boxes_give_the_same_bytes_as_whole_planes(seed: int) -> None:
    whole = blobs(seed)
    boxed = on_one_grid({reader: boxed_planes(enumerate(volume)) for reader, volume in whole.items()})
    drawn = np.argwhere(np.logical_or.reduce(list(whole.values())))
    low, high = drawn.min(axis=0), drawn.max(axis=0) + 1
    for reader, volume in whole.items():
        assert np.array_equal(boxed[reader], volume[tuple(map(slice, low, high))])
    spacing = (3.0, 0.7, 0.7)
    one, other = (mask_agreement([CaseMasks("C1", spacing, masks)]) for masks in (whole, boxed))
    assert repr(one.to_json()) == repr(other.to_json())


def test_a_plane_is_kept_as_far_as_it_is_drawn() -> None:
    pixels = np.zeros((50, 40), dtype=np.uint8)
    pixels[10:12, 30] = 7
    planes = boxed_planes([(3, pixels), (4, np.zeros_like(pixels))])
    assert list(planes) == [3]
    assert (planes[3].top, planes[3].left, planes[3].bottom, planes[3].right) == (10, 30, 12, 31)
    assert planes[3].mask.tolist() == [[True], [True]]
    assert planes[3].mask.base is None


def test_an_empty_outline_beside_a_drawn_one_has_its_box() -> None:
    pixels = np.ones((2, 2), dtype=np.uint8)
    grid = on_one_grid({"R1": boxed_planes([(5, pixels)]), "R2": {}})
    assert grid["R1"].shape == grid["R2"].shape == (1, 2, 2)
    assert not grid["R2"].any()
    assert on_one_grid({"R1": {}, "R2": {}})["R1"].shape == (0, 0, 0)
    assert (
        mask_agreement([CaseMasks("C1", (1.0, 1.0, 1.0), on_one_grid({"R1": {}, "R2": {}}))]).overall.n == 1
    )
