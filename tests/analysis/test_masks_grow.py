"""The region around a click: against known nodes, the stored vectors, and a second way to compute its costs."""

import base64
import heapq
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.analysis.errors import AnalysisError
from backend.analysis.masks.grow import (
    DEFAULTS,
    MOST_STRENGTH,
    Grown,
    GrowParameters,
    GrowRefused,
    _least_costs,
    _smoothed,
    cut_box,
    grow,
    grow_in_series,
)
from inference.phantom.node_box import CONTRASTS, GRIDS, make_node_box
from scripts.bench_grow import NODES, grow_boxes
from tests.reference.masks.make_vectors import mask_of

SPACING = (3.5, 0.6, 0.6)
SMALL = GrowParameters(box_mm=16.0, shell_mm=7.0)
Volume = NDArray[Any]


@pytest.fixture(scope="module")
def ball() -> Volume:
    """A dark ball of 3 mm in noise, its middle at (3, 14, 14)."""
    slices, rows, columns = np.indices((7, 29, 29))
    inside = ((slices - 3) * 3.5) ** 2 + ((rows - 14) * 0.6) ** 2 + ((columns - 14) * 0.6) ** 2 <= 9.0
    noise = np.random.default_rng(1).normal(600.0, 15.0, inside.shape)
    return np.asarray(np.rint(noise - 200 * inside), dtype=np.int16)


@pytest.mark.parametrize(
    ("grid", "nodes"), [("0.6 mm, slices 3.5 mm", NODES), ("0.55 mm, slices 3.0 mm", 60)]
)
def test_one_click_outlines_nodes_of_known_shape(grid: str, nodes: int) -> None:
    """All the nodes that `python -m scripts.bench_grow` measures, or the first 60."""
    growths = grow_boxes(grid, nodes)
    for contrast in CONTRASTS:
        dice = [growth.dice for growth in growths if growth.group == contrast]
        assert len(dice) == nodes // 3
        assert np.median(dice) >= 0.93
        assert np.quantile(dice, 0.1) >= 0.85
    assert {growth.refusal for growth in growths} == {None}


def test_gives_the_voxels_of_the_stored_vectors(reference: Callable[[str], Any]) -> None:
    kinds = set()
    for one in reference("masks/grow.json")["boxes"]:
        stored = np.frombuffer(base64.b64decode(one["values"]), dtype=np.dtype(one["type"]).newbyteorder("<"))
        result = grow(
            stored.reshape(one["shape"]),
            tuple(one["spacing_mm"]),
            tuple(one["seed"]),
            GrowParameters(**one["parameters"]),
        )
        if isinstance(result, GrowRefused):
            assert one["expected"] == {"refused": result.reason}, one["name"]
            kinds.add(result.reason)
        else:
            assert np.array_equal(result.mask, mask_of(one["expected"]["runs"], one["shape"])), one["name"]
            kinds.add("grown")
    assert kinds == {
        "grown", "leak", "no_edge", "values_constant", "values_not_finite", "seed_outside", "box_too_small"
    }  # fmt: skip


def test_more_strength_never_loses_a_voxel() -> None:
    pairs = 0
    for seed in range(3):
        box = make_node_box(seed, CONTRASTS["low"], GRIDS["0.6 mm, slices 3.5 mm"])
        where, place = cut_box(box.values.shape, box.grid.spacing_mm, box.seed, DEFAULTS.box_mm)
        before: NDArray[np.bool_] | None = None
        for strength in range(-MOST_STRENGTH, MOST_STRENGTH + 1, 4):
            result = grow(box.values[where], box.grid.spacing_mm, place, replace(DEFAULTS, strength=strength))
            if isinstance(result, Grown):
                assert before is None or not (before & ~result.mask).any()
                pairs += before is not None
                before = result.mask
    assert pairs >= 10


def test_window_and_offset_play_no_part(ball: Volume) -> None:
    plain = grow(ball, SPACING, (3, 14, 14), SMALL)
    assert isinstance(plain, Grown)
    for other in (
        ball + np.int16(900),
        (ball - 30_000).astype(np.int32),
        ball.astype(np.float32),
        ball[:, ::-1],
    ):
        grown = grow(other, SPACING, (3, 14, 14), SMALL)
        assert isinstance(grown, Grown)
        mask = grown.mask[:, ::-1] if other.base is ball else grown.mask
        assert np.array_equal(mask, plain.mask)


def test_costs_equal_a_search_voxel_by_voxel(ball: Volume) -> None:
    """Another Dijkstra, by a heap over neighbors, gives the same region of the competition's first round."""
    smooth = _smoothed(ball[1:4, 5:20, 5:22].astype(np.int64))
    sources = np.zeros(smooth.shape, dtype=bool)
    sources[1, 2, 3] = sources[0, 9, 9] = True
    penalty = smooth // 7
    noise, lengths = 40, (3500, 600, 700)
    costs = np.full(smooth.shape, -1, dtype=np.int64)
    queue = [(0, tuple(int(at) for at in place)) for place in np.argwhere(sources)]
    steps = {(0, 1): 40 * 700 // 1200, (1, 0): 20, (1, 1): 40 * 921 // 1200}
    while queue:
        cost, (z, y, x) = heapq.heappop(queue)
        if costs[z, y, x] >= 0:
            continue
        costs[z, y, x] = cost
        near = [
            (z, y + dy, x + dx, steps[abs(dy), abs(dx)]) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx
        ]
        for tz, ty, tx, step in [*near, (z - 1, y, x, 40 * 900 // 1200), (z + 1, y, x, 40 * 900 // 1200)]:
            if all(0 <= at < count for at, count in zip((tz, ty, tx), smooth.shape, strict=True)):
                edge = max(0, abs(int(smooth[z, y, x]) - int(smooth[tz, ty, tx])) - noise)
                extra = max(int(penalty[z, y, x]), int(penalty[tz, ty, tx]))
                heapq.heappush(queue, (cost + step + edge + extra, (tz, ty, tx)))
    assert np.array_equal(_least_costs(smooth, lengths, noise, sources, penalty), costs)


def test_a_region_that_fills_its_box_is_grown_in_a_wider_one() -> None:
    slices, rows, columns = np.indices((15, 80, 80))
    inside = ((slices - 7) * 3.5) ** 2 + ((rows - 40) * 0.6) ** 2 + ((columns - 40) * 0.6) ** 2 <= 14.0**2
    values = np.rint(np.random.default_rng(3).normal(600.0, 10.0, inside.shape) - 250 * inside).astype(
        np.int16
    )
    grown = grow_in_series(values, SPACING, (7, 40, 40))
    assert isinstance(grown.result, Grown)
    assert (grown.parameters.box_mm, grown.parameters.shell_mm) == (45.0, 20.5)
    truth = inside[grown.box]
    assert 2 * (grown.result.mask & truth).sum() / (grown.result.mask.sum() + truth.sum()) > 0.95
    whole = grow_in_series(values, SPACING, (7, 40, 40), replace(DEFAULTS, box_mm=12.0, shell_mm=4.0))
    assert isinstance(whole.result, GrowRefused)
    assert whole.parameters.box_mm == 12.0


def test_the_box_ends_where_the_series_ends() -> None:
    box, place = cut_box((30, 320, 320), SPACING, (1, 160, 319), 30.0)
    assert box == (slice(0, 7), slice(135, 186), slice(294, 320))
    assert place == (1, 25, 25)


@pytest.mark.parametrize(
    ("values", "spacing_mm", "strength", "code"),
    [
        (np.zeros((4, 4)), SPACING, 0, "box_not_3d"),
        (np.zeros((1, 4, 4)), (0.0, 1.0, 1.0), 0, "spacing_not_positive"),
        (np.zeros((1, 4, 4)), SPACING, 11, "strength_out_of_range"),
    ],
)
def test_bad_input_is_named(
    values: Volume, spacing_mm: tuple[float, float, float], strength: int, code: str
) -> None:
    with pytest.raises(AnalysisError) as caught:
        grow(values, spacing_mm, (0, 0, 0), replace(DEFAULTS, strength=strength))
    assert caught.value.code == code
