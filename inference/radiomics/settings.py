"""The numbers that decide a radiomic feature. Changing one makes another model version."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class N4Settings:
    """N4 bias field correction on the resampled image.

    Attributes
    ----------
    spacing_mm : float
        Isotropic grid on which the correction happens.
    shrink_factor : int
        The field is fitted on the image shrunk by this factor in x, y and z.
    iterations : tuple of int
        Per fitting level.
    otsu_bins : int
        Histogram bins of the Otsu threshold that finds the body.
    threads : int
        SimpleITK threads. Part of the settings because the sum of floats depends on it.
    """

    spacing_mm: float = 1.0
    shrink_factor: int = 4
    iterations: tuple[int, ...] = (50, 50, 50, 50)
    otsu_bins: int = 200
    threads: int = 1

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How gray levels are put into bins before the texture matrices are counted.

    Attributes
    ----------
    bin_count : int or None
        Fixed number of bins over the range in the mask. Exactly one of `bin_count` and `bin_width` is given.
    bin_width : float or None
        Fixed width of a bin, in gray levels.
    voxel_array_shift : float
        Added to gray levels in Energy, TotalEnergy and RootMeanSquared.

    Raises
    ------
    ValueError
        When both or none of `bin_count` and `bin_width` are given.
    """

    bin_count: int | None = 128
    bin_width: float | None = None
    voxel_array_shift: float = 0

    def __post_init__(self) -> None:
        if (self.bin_count is None) == (self.bin_width is None):
            raise ValueError("give bin_count or bin_width, one of them")

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return asdict(self)
