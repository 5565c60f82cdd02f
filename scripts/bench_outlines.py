"""Memory of comparing outlines: 12 readers, 2 arms and 3 outlines of 512 x 512 x 60 voxels each, all of one case.

Every outline is an ellipsoid of its own, 90 x 70 x 24 voxels: a node with its surroundings, or a small tumor.

Run: .venv/bin/python -m scripts.bench_outlines
"""

import tracemalloc
from time import process_time

import numpy as np
from numpy.typing import NDArray

from backend.analysis.mask_agreement import CaseMasks, mask_agreement
from backend.reports.mask_planes import boxed_planes, on_one_grid

READERS, ARMS, QUESTIONS = 12, 2, 3
SHAPE, SPACING_MM = (60, 512, 512), (3.0, 0.6, 0.6)
RADII = (12.0, 45.0, 35.0)


def ellipsoid(number: int) -> NDArray[np.uint8]:
    """The voxels of one outline, moved a little from those of the others."""
    center = np.array([30.0, 250.0, 250.0]) + np.random.default_rng(number).uniform(-3, 3, 3)
    slices, rows, columns = (
        ((np.arange(size) - at) / radius) ** 2 for size, at, radius in zip(SHAPE, center, RADII, strict=True)
    )
    inside: NDArray[np.bool_] = slices[:, None, None] + rows[:, None] + columns <= 1.0
    return inside.astype(np.uint8)


def main() -> None:
    """Keep the planes of the whole case, then compare group by group, as the files of a study are made."""
    tracemalloc.start()
    started = process_time()
    groups = [
        {
            f"R{reader:02d}": boxed_planes(enumerate(ellipsoid(READERS * place + reader)))
            for reader in range(READERS)
        }
        for place in range(ARMS * QUESTIONS)
    ]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    pairs = sum(
        len(mask_agreement([CaseMasks("C1", SPACING_MM, on_one_grid(planes))], tolerances_mm=()).pairs)
        for planes in groups
    )
    _, peak = tracemalloc.get_traced_memory()
    print(f"{pairs} pairs: planes held {held / 1e6:.1f} MB, at most while compared {peak / 1e6:.1f} MB, ")
    print(f"{process_time() - started:.0f} s of processor")


if __name__ == "__main__":
    main()
