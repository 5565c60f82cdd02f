"""`python -m scripts.bench_grow`: how well one click outlines a lymph node of known shape.

Grows from one jittered click per node, usual strength, in seeded boxes (`inference.phantom.node_box`) and, with
`--patients N`, in N whole phantom patients. Prints a Markdown table of Dice coefficients; with `--browser` one of
how long the page's worker takes. Synthetic images only.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.masks.grow import Grown, GrowRefused, grow_in_series
from inference.phantom import CENTERS, make_case
from inference.phantom.node_box import CONTRASTS, GRIDS, NodeBox, click_near_middle, make_node_box
from scripts.bench_grow_browser import grow_in_browser
from scripts.bench_rows import table_head

NODES = 201
CLICK_STREAM = 99


@dataclass(frozen=True, kw_only=True)
class Growth:
    """One node and what one click made of it; a refused click has a Dice coefficient of 0."""

    group: str
    short_axis_mm: float
    dice: float
    refusal: str | None


def grow_boxes(grid_name: str, count: int) -> list[Growth]:
    """Grow in `count` boxes of a grid, the contrasts in turn."""
    names = list(CONTRASTS)
    return [
        _grow_box(
            names[seed % len(names)],
            make_node_box(seed, CONTRASTS[names[seed % len(names)]], GRIDS[grid_name]),
        )
        for seed in range(count)
    ]


def _grow_box(contrast: str, box: NodeBox) -> Growth:
    return _growth(contrast, box.short_axis_mm, box.values, box.truth, box.grid.spacing_mm, box.seed)


def grow_patients(count: int) -> Iterator[Growth]:
    """Grow from a click in every node of whole phantom patients, the centers in turn."""
    centers = list(CENTERS)
    for seed in range(count):
        case = make_case(seed, centers[seed % len(centers)])
        rng = np.random.default_rng([seed, CLICK_STREAM])
        for number, node in enumerate(case.nodes, start=1):
            truth = np.asarray(case.node_labels == number)
            if truth.any():
                click = click_near_middle(rng, truth)
                spacing = case.t2w.geometry.spacing_mm
                yield _growth(
                    f"patient, center {case.center}",
                    node.short_axis_mm,
                    case.t2w.pixels,
                    truth,
                    spacing,
                    click,
                )


def _growth(
    group: str,
    short_axis_mm: float,
    values: NDArray[np.uint16],
    truth: NDArray[np.bool_],
    spacing_mm: tuple[float, float, float],
    click: tuple[int, int, int],
) -> Growth:
    grown = grow_in_series(values, spacing_mm, click)
    refusal = grown.result.reason if isinstance(grown.result, GrowRefused) else None
    dice = 0.0
    if isinstance(grown.result, Grown):
        common = np.count_nonzero(grown.result.mask & truth[grown.box])
        dice = 2.0 * common / (np.count_nonzero(grown.result.mask) + np.count_nonzero(truth))
    return Growth(group=group, short_axis_mm=short_axis_mm, dice=dice, refusal=refusal)


def row(name: str, growths: list[Growth]) -> str:
    """A line of the table: number, median, 10th percentile, least, and how many clicks were refused."""
    dice = np.array([growth.dice for growth in growths])
    refused = sum(growth.refusal is not None for growth in growths)
    return (
        f"| {name} | {len(dice)} | {np.median(dice):.3f} | {np.quantile(dice, 0.1):.3f} | {dice.min():.3f} "
        f"| {refused} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--nodes", type=int, default=NODES, help="boxes of each grid")
    parser.add_argument("--patients", type=int, default=0, help="whole phantom patients")
    parser.add_argument("--browser", action="store_true", help="time the worker of the built front end alone")
    options = parser.parse_args()
    if options.browser:
        print(table_head(), *grow_in_browser(), sep="\n")
        return
    print("| nodes | number | median Dice | 10th percentile | least | refused |\n|---|--:|--:|--:|--:|--:|")
    for grid in GRIDS if options.nodes else ():
        growths = grow_boxes(grid, options.nodes)
        print(row(f"{grid}: all", growths), flush=True)
        for contrast in CONTRASTS:
            print(row(f"{grid}: {contrast} contrast", [one for one in growths if one.group == contrast]))
        small = [one for one in growths if one.short_axis_mm < 6]
        print(row(f"{grid}: short axis below 6 mm", small), flush=True)
    patients = list(grow_patients(options.patients))
    for center in sorted({one.group for one in patients}):
        print(row(center, [one for one in patients if one.group == center]), flush=True)


if __name__ == "__main__":
    main()
