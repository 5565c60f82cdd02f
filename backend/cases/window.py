"""The default display window of a series. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SMALLEST_WIDTH = 1.0
PERCENTILES = (1.0, 99.0)


def default_window(
    tagged: Sequence[tuple[float, float] | None], values: NDArray[np.floating]
) -> tuple[dict[str, float], bool]:
    """One window for all slices, and whether it is the sender's.

    Parameters
    ----------
    tagged
        Center and width of each slice as sent, in rescaled units; scanners write one per slice, and a picture
        whose brightness jumps while scrolling cannot be read, so the medians count.
    values
        A sample of the rescaled values.

    Widths below 1 are defective in practice, and a window beside all values shows nothing: percentiles of the
    values then take their place.
    """
    low, high = (float(value) for value in np.percentile(values, PERCENTILES))
    usable = [pair for pair in tagged if pair is not None and pair[1] >= SMALLEST_WIDTH]
    if usable and len(usable) == len(tagged):
        center = float(np.median([pair[0] for pair in usable]))
        width = float(np.median([pair[1] for pair in usable]))
        if center - width / 2 < high and center + width / 2 > low:
            return {"center": center, "width": width}, True
    if high <= low:
        low, high = float(values.min()), float(values.max())
    return {"center": (low + high) / 2, "width": (high - low) or SMALLEST_WIDTH}, False
