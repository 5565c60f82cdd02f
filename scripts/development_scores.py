"""Score synthetic training phantoms with `lpln-radiomics` and write the summary that its model card carries.

    .venv/bin/python -m scripts.development_scores --seeds 8

The phantoms are drawn from seeds that the demonstration does not use, in equal number for every center.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from inference.contracts import CaseInputs, Direction, RunContext, ScoreDistribution, Volume
from inference.models.lpln_radiomics import MASK, PLUGIN, SEQUENCE
from inference.models.lpln_radiomics_card import PHANTOM_SCORES
from inference.phantom import make_case
from inference.phantom.centers import CENTERS, Size

FIRST_SEED = 7000
PER_CENTER = 8
SIZE: Size = "small"
BIN = 0.5


def score_of(seed_and_center: tuple[int, str], *, cache: Path) -> tuple[float, bool]:
    """The model's score of a phantom's index node, and whether it was drawn as metastatic."""
    phantom = make_case(*seed_and_center, size=SIZE)
    grid = phantom.t2w.geometry
    step, row, column = grid.spacing_mm
    axes = np.stack([grid.row_direction, grid.column_direction, grid.normal], axis=1)
    volume = Volume(
        array=phantom.t2w.pixels,
        spacing=(column, row, step),
        origin=tuple(grid.origin_mm.tolist()),
        direction=cast(Direction, tuple(axes.ravel().tolist())),
    )
    inputs = CaseInputs(volumes={SEQUENCE: volume}, masks={MASK: phantom.node_mask})
    return PLUGIN.run(inputs, RunContext(cache_dir=cache)).score, phantom.positive


def distribution(scored: Sequence[tuple[float, bool]]) -> ScoreDistribution:
    """Counts of the scores in bins of half a unit, for metastatic and other nodes apart."""
    scores = [score for score, _ in scored]
    low, high = math.floor(min(scores) / BIN), math.ceil(max(scores) / BIN + 1e-9)
    edges = tuple(BIN * step for step in range(low, high + 1))

    def counts(of: Sequence[float]) -> tuple[int, ...]:
        bins = [0] * (len(edges) - 1)
        for score in of:
            bins[min(int((score - edges[0]) / BIN), len(bins) - 1)] += 1
        return tuple(bins)

    return ScoreDistribution(
        source=f"{len(scored)} synthetic phantoms, not patients",
        bin_edges=edges,
        counts=counts(scores),
        counts_by_class={
            "not metastatic": counts([score for score, positive in scored if not positive]),
            "metastatic": counts([score for score, positive in scored if positive]),
        },
        is_demonstration=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=PER_CENTER, help="phantoms for each center")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    places = [(FIRST_SEED + step, center) for center in CENTERS for step in range(options.seeds)]
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(options.processes) as pool:
        scored = list(pool.map(partial(score_of, cache=Path(folder)), places))
    text = json.dumps(asdict(distribution(scored)), indent=2)
    PHANTOM_SCORES.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
