"""The 107 features of PyRadiomics' unfiltered image, behind one function so that the engine can be
exchanged.
"""

# mypy: allow-untyped-calls
# SimpleITK carries no types.

import logging
import math

import numpy as np
import radiomics
import SimpleITK as sitk
from numpy.typing import NDArray
from radiomics import featureextractor

from inference.contracts import InputProblem, Triple
from inference.radiomics.settings import FeatureSettings

FEATURE_COUNT = 107
"""Of the classes below on the unfiltered image, PyRadiomics 3.x."""

FEATURE_CLASSES = ("shape", "firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm")

BOX_MARGIN = 2
"""Voxels kept around the mask's box. The features do not see them; cropping only saves time."""

# at each call PyRadiomics tells every step and warns of a fixed bin count, which is what the published model was
# built with; it sets its own level when imported, so a host's logging settings alone do not quiet it
radiomics.logger.setLevel(logging.ERROR)


def extract_features(
    array: NDArray[np.floating] | NDArray[np.integer],
    mask: NDArray[np.bool_],
    spacing: Triple,
    settings: FeatureSettings,
) -> dict[str, float]:
    """All features of the masked part of an image.

    Parameters
    ----------
    array : numpy.ndarray
        Shape (z, y, x), gray levels. Nothing is resampled or normalized here.
    mask : numpy.ndarray of bool
        Shape (z, y, x).
    spacing : tuple of float
        (x, y, z) mm.
    settings : FeatureSettings
        Binning.

    Returns
    -------
    dict of str to float
        `FEATURE_COUNT` values by "<class>_<Feature>", e.g. "glcm_InverseVariance". Lengths in mm, volumes
        in mm³, entropies in bits; the definitions are PyRadiomics'.

    Raises
    ------
    ValueError
        When the shapes differ.
    InputProblem
        "mask_empty", "mask_too_small", or "feature_undefined" where a feature has no value on these voxels.
    RuntimeError
        When the engine does not return the features it should: a wrong installation.
    """
    if array.shape != mask.shape:
        raise ValueError(f"image {array.shape} and mask {mask.shape} have different shapes")
    voxels = int(mask.sum())
    if voxels == 0:
        raise InputProblem("mask_empty", "The mask holds no voxel.")
    if voxels == 1:
        raise InputProblem("mask_too_small", "The mask holds a single voxel.")
    box = mask_box(mask, BOX_MARGIN)
    image = sitk.GetImageFromArray(np.ascontiguousarray(array[box]))
    label = sitk.GetImageFromArray(np.ascontiguousarray(mask[box]).astype(np.uint8))
    for item in (image, label):
        item.SetSpacing(spacing)
    values = {
        name.removeprefix("original_"): float(value)
        for name, value in _extractor(settings).execute(image, label).items()
    }
    _check_features(values)
    return values


def mask_box(mask: NDArray[np.bool_], margin: int) -> tuple[slice, slice, slice]:
    """The mask's bounding box (z, y, x) with a margin in voxels, cut at the image's edge."""
    spans = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        found = np.flatnonzero(mask.any(axis=others))
        spans.append(
            slice(max(int(found[0]) - margin, 0), min(int(found[-1]) + 1 + margin, mask.shape[axis]))
        )
    return spans[0], spans[1], spans[2]


def _extractor(settings: FeatureSettings) -> featureextractor.RadiomicsFeatureExtractor:
    binning = (
        {"binCount": settings.bin_count}
        if settings.bin_count is not None
        else {"binWidth": settings.bin_width}
    )
    extractor = featureextractor.RadiomicsFeatureExtractor(
        **binning,
        voxelArrayShift=settings.voxel_array_shift,
        additionalInfo=False,
        minimumROIDimensions=1,
        label=1,
    )
    extractor.disableAllFeatures()
    for name in FEATURE_CLASSES:
        extractor.enableFeatureClassByName(name)
    return extractor


def _check_features(values: dict[str, float]) -> None:
    if len(values) != FEATURE_COUNT:
        raise RuntimeError(f"PyRadiomics returned {len(values)} features instead of {FEATURE_COUNT}")
    undefined = sorted(name for name, value in values.items() if not math.isfinite(value))
    if undefined:
        raise InputProblem("feature_undefined", f"Without a value on this mask: {', '.join(undefined)}.")
