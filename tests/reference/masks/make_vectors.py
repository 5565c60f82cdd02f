"""Make `calliper.json`, `grow.json` and `outlines.json`: what the server computes, for the viewer to be compared with.

    python -m tests.reference.masks.make_vectors

Run it from the repository's root. Masks are run lengths, beginning with zeros; boxes are base64 of little-endian
values. Only after a new version of a method may the files change.
"""

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.analysis.errors import NotEstimable
from backend.analysis.masks.calliper import mask_axes
from backend.analysis.masks.grow import Grown, GrowParameters, cut_box, grow
from backend.reads.outlines import crosses_itself
from inference.phantom.node_box import CONTRASTS, GRIDS, make_node_box

FOLDER = Path(__file__).parent
SPACINGS = ((0.6, 0.6), (0.4, 0.4), (0.5, 0.9), (0.9, 0.5))
SMALL = {"box_mm": 16.0, "object_mm": 1.0, "shell_mm": 7.0}
SMALL_LONG_AXIS_MM = 7.5


def runs_of(mask: NDArray[np.bool_]) -> list[int]:
    """Lengths of runs of zeros and ones in turn, beginning with zeros."""
    flat = np.concatenate([[False], mask.ravel(), [not mask.ravel()[-1]]])
    ends = np.flatnonzero(flat[1:] != flat[:-1])
    return [int(length) for length in np.diff(np.concatenate([[0], ends]))]


def mask_of(runs: list[int], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The mask of run lengths."""
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(shape)


def ellipses(rng: np.random.Generator, spacing_mm: tuple[float, float], count: int) -> NDArray[np.bool_]:
    """A stack of three slices with `count` random ellipses on each; they may touch or leave the image."""
    y, x = np.indices((34, 40)) * np.array(spacing_mm)[:, None, None]
    mask = np.zeros((3, 34, 40), dtype=bool)
    for plane in mask:
        for _ in range(count):
            center = rng.uniform(0.2, 0.8, 2) * (y.max(), x.max())
            short, turn = rng.uniform(2.0, 7.0), rng.uniform(0.0, np.pi)
            along = (x - center[1]) * np.cos(turn) + (y - center[0]) * np.sin(turn)
            across = (y - center[0]) * np.cos(turn) - (x - center[1]) * np.sin(turn)
            plane |= (2 * along / short / rng.uniform(1.1, 2.0)) ** 2 + (2 * across / short) ** 2 <= 1.0
    return mask


def odd_masks() -> dict[str, NDArray[np.bool_]]:
    """Shapes at the edge of what can be measured."""
    square, ring, corner, speckle = (np.zeros((2, 20, 20), dtype=bool) for _ in range(4))
    square[1, 4:6, 4:6] = True
    ring[0, 3:15, 3:15] = True
    ring[0, 7:11, 7:11] = False
    corner[1, :6, :9] = True
    speckle[0, 3, 4] = speckle[1, 9, 9:15] = True
    empty = np.zeros((2, 20, 20), dtype=bool)
    full = np.ones((2, 20, 20), dtype=bool)
    return {
        "2 x 2 pixels": square, "ring": ring, "image corner": corner,
        "lines and points": speckle, "empty": empty, "whole image": full,
    }  # fmt: skip


def calliper_vectors() -> list[dict[str, Any]]:
    """Every mask with its spacing and what is measured on it."""
    rng = np.random.default_rng(20261)
    masks = [
        (
            f"{count} ellipses, pixels {spacing[0]} x {spacing[1]} mm, {number}",
            ellipses(rng, spacing, count),
            spacing,
        )
        for spacing in SPACINGS
        for count in (1, 2, 5)
        for number in (1, 2)
    ]
    masks += [(name, mask, (0.7, 0.7)) for name, mask in odd_masks().items()]
    return [
        _calliper_vector(name, mask, spacing, None if number % 5 == 4 else 3.5)
        for number, (name, mask, spacing) in enumerate(masks)
    ]


def _calliper_vector(
    name: str, mask: NDArray[np.bool_], spacing: tuple[float, float], step: float | None
) -> dict[str, Any]:
    axes = mask_axes(mask, spacing, step)
    return {
        "name": name, "shape": mask.shape, "spacing_mm": spacing, "step_mm": step, "runs": runs_of(mask),
        "expected": {"not_estimable": axes.reason} if isinstance(axes, NotEstimable) else axes.to_json(),
    }  # fmt: skip


def grow_vectors() -> list[dict[str, Any]]:
    """One whole box, and many small ones of every contrast, grid and strength, refusals among them."""
    vectors = [_node_vector("whole box", 3, "low", "0.6 mm, slices 3.5 mm", GrowParameters())]
    for number in range(12):
        contrast, grid = list(CONTRASTS)[number % 3], list(GRIDS)[number // 3 % 3]
        parameters = GrowParameters(**SMALL, strength=(-10, -4, 0, 5, 10)[number % 5])
        seed = _seed_of_small_node(1 + 20 * number, contrast, grid)
        vectors.append(_node_vector(f"node {number}", seed, contrast, grid, parameters))
    small = GrowParameters(**SMALL)
    return [
        *vectors,
        *(
            _grow_vector(name, values, (3.5, 0.6, 0.6), (2, 12, 12), small)
            for name, values in _odd_boxes().items()
        ),
        _grow_vector("seed outside", np.eye(25, dtype=np.int16)[None], (3.5, 0.6, 0.6), (1, 12, 12), small),
        _grow_vector(
            "no surroundings", np.eye(9, dtype=np.int16)[None], (3.5, 0.6, 0.6), (0, 4, 4), GrowParameters()
        ),
    ]


def _odd_boxes() -> dict[str, NDArray[Any]]:
    """Kinds of values, and boxes that must be refused; some hold a ball of 2.7 mm around the middle."""
    shape = (5, 25, 25)
    noise = np.random.default_rng(5).normal(500.0, 20.0, shape)
    slices, rows, columns = np.indices(shape)
    ball = ((slices - 2) * 3.5) ** 2 + ((rows - 12) * 0.6) ** 2 + ((columns - 12) * 0.6) ** 2 <= 2.7**2
    object_on_noise = noise + 400.0 * ball
    return {
        "float": (object_on_noise / 977.3 - 0.2).astype(np.float32),
        "wide integers": (object_on_noise * 40).astype(np.uint16),
        "negative": (-object_on_noise).astype(np.int16),
        "noise": noise.astype(np.int16),
        "even": np.full(shape, 7, dtype=np.int16),
        "ramp": (40 * columns).astype(np.int16),
        "not a number": np.where(ball, np.nan, noise).astype(np.float32),
    }


def _seed_of_small_node(first: int, contrast: str, grid: str) -> int:
    """The first seed from there on whose node fits a small box."""
    seeds = range(first, first + 1000)
    return next(
        seed
        for seed in seeds
        if make_node_box(seed, CONTRASTS[contrast], GRIDS[grid]).long_axis_mm < SMALL_LONG_AXIS_MM
    )


def _node_vector(
    name: str, seed: int, contrast: str, grid: str, parameters: GrowParameters
) -> dict[str, Any]:
    node = make_node_box(seed, CONTRASTS[contrast], GRIDS[grid])
    box, place = cut_box(node.values.shape, node.grid.spacing_mm, node.seed, parameters.box_mm)
    return _grow_vector(name, node.values[box], node.grid.spacing_mm, place, parameters)


def _grow_vector(
    name: str,
    values: NDArray[Any],
    spacing_mm: tuple[float, float, float],
    seed: tuple[int, int, int],
    parameters: GrowParameters,
) -> dict[str, Any]:
    result = grow(values, spacing_mm, seed, parameters)
    stored = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return {
        "name": name, "type": str(values.dtype), "values": base64.b64encode(stored.tobytes()).decode(),
        "shape": values.shape, "spacing_mm": spacing_mm, "seed": seed, "parameters": asdict(parameters),
        "expected": {"runs": runs_of(result.mask)} if isinstance(result, Grown) else {"refused": result.reason},
    }  # fmt: skip


def outline_vectors() -> list[dict[str, Any]]:
    """Outlines with few corners on a small grid, some set more than once: most ways to touch come about."""
    rng = np.random.default_rng(20262)
    outlines = [
        np.repeat(rng.integers(0, 6, (corners, 2)), rng.choice([1, 1, 1, 1, 2], corners), axis=0)
        for corners in (3, 4, 5, 6, 7)
        for _ in range(40)
    ]
    return [{"outline": one.tolist(), "crosses": crosses_itself(one.astype(np.float64))} for one in outlines]


def main() -> None:
    for name, key, vectors in (
        ("calliper.json", "masks", calliper_vectors()),
        ("grow.json", "boxes", grow_vectors()),
        ("outlines.json", "outlines", outline_vectors()),
    ):
        lines = ",\n".join(json.dumps(one) for one in vectors)
        (FOLDER / name).write_text(f'{{"{key}": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
