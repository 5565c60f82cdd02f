"""Correlated random fields that give tissues their grain, septa and striation."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Field = NDArray[np.float32]

_RIDGE_WIDTH = 0.16


class TextureSource:
    """Draws one set of fields per slice; neighboring slices resemble each other.

    Fields, all of shape (rows, columns): `fine`, `medium`, `coarse` have mean 0 and variance 1; `septa`,
    `striae` and `convoluted` are networks of lines between 0 and 1.
    """

    def __init__(
        self, rng: np.random.Generator, shape: tuple[int, int], pixel_mm: float, step_mm: float
    ) -> None:
        self._rng = rng
        self._shape = shape
        self._pixel_mm = pixel_mm
        self._step_mm = step_mm
        self._state: dict[str, Field] = {}

    def next_slice(self) -> dict[str, Field]:
        """The fields of the next slice."""
        coarse = self._drift("coarse", 7.0, 14.0)
        medium = self._drift("medium", 1.6, 4.0)
        web = self._drift("web", 4.2, 9.0)
        gate = np.clip(0.5 + 0.7 * self._drift("gate", 6.0, 8.0), 0.0, 1.0)
        sparse = np.clip(self._drift("sparse", 5.0, 10.0) - 0.3, 0.0, 1.0)
        return {
            "fine": self._drift("fine", 0.7, 1.5),
            "medium": medium,
            "coarse": coarse,
            "septa": _ridge(web) * gate,
            "striae": _ridge(self._drift("striae", (1.7, 3.4), 8.0)) * sparse,
            "convoluted": _ridge(self._drift("convoluted", 1.5, 5.0)),
        }

    def _drift(self, name: str, scale_mm: float | tuple[float, float], along_mm: float) -> Field:
        """A field of the given correlation lengths in plane (row, column) and across slices."""
        new = self._noise(scale_mm)
        old = self._state.get(name)
        if old is not None:
            keep = np.float32(np.exp(-self._step_mm / along_mm))
            new = keep * old + np.sqrt(np.float32(1.0) - keep**2) * new
        self._state[name] = new
        return new

    def _noise(self, scale_mm: float | tuple[float, float]) -> Field:
        """Smooth noise of unit variance, made on a coarser grid where it is smooth enough, then enlarged."""
        row_mm, column_mm = (scale_mm, scale_mm) if isinstance(scale_mm, float) else scale_mm
        factor = max(1, int(min(row_mm, column_mm) / (2.0 * self._pixel_mm)))
        shape = tuple(-(-length // factor) + 3 for length in self._shape)
        white = self._rng.standard_normal(shape, dtype=np.float32)
        sigma = (row_mm / self._pixel_mm / factor, column_mm / self._pixel_mm / factor)
        smooth = gaussian_filter(white, sigma, truncate=3.0, mode="wrap")
        large = _enlarge(smooth, factor, self._shape)
        return np.asarray(large / max(float(large.std()), 1e-6), dtype=np.float32)


def _ridge(field: Field) -> Field:
    """1 along the zero lines of a field, falling off to both sides."""
    return np.asarray(np.exp(-((field / _RIDGE_WIDTH) ** 2)))


def _enlarge(image: Field, factor: int, shape: tuple[int, int]) -> Field:
    """Linear interpolation by a whole factor, cut to `shape`."""
    if factor == 1:
        return image[: shape[0], : shape[1]]
    for axis in (0, 1):
        image = np.moveaxis(image, axis, 0)
        at = np.arange(shape[axis]) / factor
        first = at.astype(int)
        part = (at - first).astype(np.float32)[:, None]
        image = image[first] * (1 - part) + image[first + 1] * part
        image = np.moveaxis(image, 0, axis)
    return np.ascontiguousarray(image)
