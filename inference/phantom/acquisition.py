"""From ideal tissue signal to the numbers a scanner stores: coil sensitivity, blur, noise, scaling."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from inference.phantom.centers import Center
from inference.phantom.painting import Image, Sheet

Pixels = NDArray[np.uint16]

MAX_STORED = 4095


def acquire_t2w(signal: Image, center: Center, sheet: Sheet, rng: np.random.Generator) -> Pixels:
    """Magnitude images with coil bias, point spread and Rician noise.

    Parameters
    ----------
    signal : array of shape (slices, rows, columns)
        Relative to fat.
    """
    sensitivity = _Sensitivity(center, sheet, rng)
    pixel_noise = center.noise * (1.0 + 0.1 * rng.standard_normal())
    stored = np.empty(signal.shape, dtype=np.uint16)
    for index, plane in enumerate(signal):
        received = gaussian_filter(plane, center.blur_px) * sensitivity.plane(index)
        noise = rng.standard_normal((2, *plane.shape), dtype=np.float32) * np.float32(pixel_noise)
        magnitude = np.hypot(received + noise[0], noise[1])
        stored[index] = np.clip(np.rint(magnitude * center.gain), 0, MAX_STORED).astype(np.uint16)
    return stored


class _Sensitivity:
    """Receive profile of a phased array: brighter near its elements in front and behind, uneven."""

    def __init__(self, center: Center, sheet: Sheet, rng: np.random.Generator) -> None:
        grid = sheet.grid
        x = ((np.arange(grid.columns) - (grid.columns - 1) / 2) * grid.pixel_mm + sheet.middle_xy[0]) / 120.0
        y = ((np.arange(grid.rows) - (grid.rows - 1) / 2) * grid.pixel_mm + sheet.middle_xy[1]) / 120.0
        self._x = x.astype(np.float32)[None, :]
        self._y = y.astype(np.float32)[:, None]
        self._z = np.asarray((sheet.levels_mm - 15.0) / 90.0)
        self._strength = center.bias
        self._terms = rng.normal(0.0, 0.35, 5)

    def plane(self, index: int) -> Image:
        x, y, z = self._x, self._y, np.float32(self._z[index])
        tx, ty, tz, txy, tyz = (np.float32(term) for term in self._terms)
        field = 0.75 * y**2 + 0.35 * x**2 - 0.45 * z**2 - 0.25
        field = field + tx * x + ty * y + tz * z + txy * x * y + tyz * y * z
        return np.asarray(np.exp(np.float32(self._strength) * field), dtype=np.float32)


def acquire_adc(adc: Image, dwi: Image, center: Center, rng: np.random.Generator) -> Pixels:
    """ADC maps in 1e-6 mm2/s: noisy where the diffusion-weighted signal is low, zero where there is none.

    Parameters
    ----------
    adc, dwi : arrays of shape (slices, rows, columns)
    """
    stored = np.empty(adc.shape, dtype=np.uint16)
    for index in range(len(adc)):
        signal = gaussian_filter(dwi[index], 0.7)
        mean = gaussian_filter(adc[index], 0.7)
        noise = gaussian_filter(rng.standard_normal(mean.shape, dtype=np.float32), 0.6) * 2.0
        value = mean + noise * np.minimum(700.0, 9000.0 * center.noise / np.maximum(signal, 0.05))
        measured = signal + 0.25 * rng.standard_normal(mean.shape, dtype=np.float32)
        value[measured < 0.75] = 0.0
        stored[index] = np.clip(np.rint(value), 0, MAX_STORED).astype(np.uint16)
    return stored
