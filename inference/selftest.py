"""Quick checks a worker runs before it takes its first job: right packages, right numbers, right device."""

import math
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.contracts import Volume

EXPECTED_FEATURES = {
    "glcm_InverseVariance": 0.05439395746165028,
    "ngtdm_Coarseness": 0.0074477879045616886,
    "shape_Elongation": 0.6637138427095985,
    "glcm_MCC": 0.735002653686252,
    "gldm_DependenceEntropy": 7.341614664375486,
    "gldm_LargeDependenceHighGrayLevelEmphasis": 11324.041543026706,
}
"""Of `computed_phantom` with 128 bins; pyradiomics-bhklab 3.1.4, confirmed by tests without PyRadiomics."""

EXPECTED_LOG_BIAS = {"mean": -0.34251, "minimum": -0.63651, "maximum": 0.09761}
"""Of `computed_phantom` at 1.6 x 1.6 x 3 mm with the model's settings; SimpleITK 2.5.7."""

FEATURE_TOLERANCE = 1e-9
"""Relative. The six features below use no iterative arithmetic, so processors agree to rounding."""

BIAS_TOLERANCE = 1e-3
"""Absolute, on the log field. N4 iterates, so the last digits may differ between processors."""


class SelfTestFailed(Exception):
    """This worker would give wrong numbers, or none. It takes no jobs."""


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """What was found: versions by package, and for a gpu worker the name of the device (None without one)."""

    queue: str
    packages: dict[str, str]
    sees_cuda: bool | None
    device: str | None


def selftest(queue: Literal["cpu", "gpu"] = "cpu") -> SelfTestReport:
    """Check feature extraction and bias correction on a small computed phantom; on "gpu" also look for torch
    and the device, so that it covers "cpu".

    Takes about a second after the packages are imported.

    Raises
    ------
    SelfTestFailed
        With the reason in a sentence.
    """
    try:
        packages = {name: metadata.version(name) for name in ("SimpleITK", "numpy", "pyradiomics-bhklab")}
        _check_features()
        _check_bias_correction()
    except (ImportError, RuntimeError) as error:
        raise SelfTestFailed(f"The radiomics packages do not work here: {error}") from error
    if queue == "cpu":
        return SelfTestReport(queue, packages, sees_cuda=None, device=None)
    return _gpu_report(packages)


def computed_phantom() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Gray levels and mask, shape (z, y, x) = (12, 24, 20), by whole-number arithmetic: equal everywhere."""
    z, y, x = np.indices((12, 24, 20))
    levels = (x * 73 + y * 151 + z * 283 + x * y * 7 + y * z * 11) % 251 + 40 * x
    mask = 9 * (x - 9) ** 2 + 4 * (y - 11) ** 2 + 16 * (z - 6) ** 2 <= 324
    return levels.astype(np.float32), mask


def _check_features() -> None:
    from inference.radiomics.features import extract_features
    from inference.radiomics.settings import FeatureSettings

    array, mask = computed_phantom()
    values = extract_features(array, mask, (1.0, 1.0, 1.0), FeatureSettings(bin_count=128))
    for name, expected in EXPECTED_FEATURES.items():
        if not math.isclose(values[name], expected, rel_tol=FEATURE_TOLERANCE):
            raise SelfTestFailed(f"{name} of the phantom is {values[name]!r} instead of {expected!r}.")


def _check_bias_correction() -> None:
    from inference.radiomics.preprocessing import correct_bias
    from inference.radiomics.settings import N4Settings

    array, _ = computed_phantom()
    log_bias = correct_bias(Volume(array, (1.6, 1.6, 3.0)), N4Settings()).log_bias
    found = {
        "mean": float(log_bias.mean()),
        "minimum": float(log_bias.min()),
        "maximum": float(log_bias.max()),
    }
    for name, expected in EXPECTED_LOG_BIAS.items():
        if not math.isclose(found[name], expected, abs_tol=BIAS_TOLERANCE):
            raise SelfTestFailed(
                f"The {name} of the phantom's log bias field is {found[name]!r}, not {expected!r}."
            )


def _gpu_report(packages: dict[str, str]) -> SelfTestReport:
    try:
        import torch
    except ImportError as error:
        raise SelfTestFailed("The gpu queue needs torch, which is not installed.") from error
    sees_cuda = torch.cuda.is_available()
    return SelfTestReport(
        queue="gpu",
        packages={**packages, "torch": torch.__version__},
        sees_cuda=sees_cuda,
        device=torch.cuda.get_device_name() if sees_cuda else None,
    )
