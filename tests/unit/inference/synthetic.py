"""Small seeded volumes with a node in them, for tests of the numbers."""

import numpy as np
from numpy.typing import NDArray

from inference.contracts import CaseInputs, Triple, Volume


def textured_volume(
    *, spacing: Triple = (0.9, 0.9, 3.0), shape: tuple[int, int, int] = (12, 44, 48), seed: int = 7
) -> Volume:
    """An int16 slab: air around a bright body with a smooth bias field, grain and a textured node."""
    rng = np.random.default_rng(seed)
    z, y, x = np.indices(shape)
    body = ((x - shape[2] / 2) / (shape[2] * 0.45)) ** 2 + ((y - shape[1] / 2) / (shape[1] * 0.45)) ** 2 < 1
    field = 1 + 0.3 * np.sin(x / shape[2] * 2) * np.cos(y / shape[1] * 2)
    grain = rng.normal(0, 25, shape)
    levels = np.where(body, 320 + 60 * np.sin(x / 3) * np.cos(y / 4 + z), 15) * field + grain
    return Volume(np.clip(levels, 0, 4000).astype(np.int16), spacing)


def ball(
    volume: Volume, *, center: tuple[int, int, int] = (6, 22, 26), radius_mm: float = 6.0
) -> NDArray[np.bool_]:
    """Voxels (z, y, x) within a radius of a voxel, slightly flattened from front to back."""
    z, y, x = np.indices(volume.array.shape)
    column, row, step = volume.spacing
    return (
        ((x - center[2]) * column) ** 2 + 1.4 * ((y - center[1]) * row) ** 2 + ((z - center[0]) * step) ** 2
    ) <= radius_mm**2


def node_case(volume: Volume | None = None, mask: NDArray[np.bool_] | None = None) -> CaseInputs:
    """A case as `lpln-radiomics` takes it."""
    volume = volume or textured_volume()
    return CaseInputs({"T2W": volume}, {"index_node": ball(volume) if mask is None else mask})
