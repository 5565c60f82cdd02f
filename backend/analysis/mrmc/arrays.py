"""The array types of the package."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]


def any_over(mask: Bools, axis: int | tuple[int, ...]) -> Bools:
    """Where the mask holds somewhere along the axes; always an array."""
    return np.asarray(np.any(mask, axis=axis), dtype=np.bool_)
