"""`lpln-radiomics`: does this lateral pelvic lymph node hold metastasis? The published radiomics score.

Yoo et al. 2025, Scientific Reports 15, doi 10.1038/s41598-025-99029-1: a linear predictor over six features
of the index node on T2-weighted MRI. The coefficients are published; the authors' ComBat parameters are
not, so no harmonization is applied and every output says so.
"""

import hashlib
import math
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import metadata
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inference.contracts import (
    GEOMETRY_DECIMALS,
    CaseInputs,
    InputProblem,
    MaskRole,
    ModelCard,
    ModelOutput,
    Problem,
    ResourceProblem,
    RunContext,
    Triple,
    Volume,
    canonical_json,
)
from inference.radiomics.settings import FeatureSettings, N4Settings

# The engines are imported inside the functions that need them, so that a card can be read where they are
# absent.
if TYPE_CHECKING:
    from inference.radiomics.preprocessing import CorrectedImage

SEQUENCE = "T2W"
MASK = "index_node"

INTERCEPT = -3.129
COEFFICIENTS: Mapping[str, float] = MappingProxyType(
    {
        "glcm_InverseVariance": 17.75,
        "ngtdm_Coarseness": -11.79,
        "shape_Elongation": 1.349,
        "glcm_MCC": -1.249,
        "gldm_DependenceEntropy": 0.3133,
        "gldm_LargeDependenceHighGrayLevelEmphasis": 0.00002075,
    }
)
CUT_OFF = -0.47
NEAR_CUT_OFF = 0.25
"""Changes of this size come from choices that nobody reports, such as file format or shrink factor."""

N4 = N4Settings()
FEATURES = FeatureSettings(bin_count=128)

MIN_VOXELS = 27
SPARSE_VOXELS = 200
LARGE_NODE_MM3 = 14_000
"""A sphere of 30 mm. Beyond it LargeDependenceHighGrayLevelEmphasis outweighs the other five features."""

IN_PLANE_MM = (0.1, 3.0)
SLICE_STEP_MM = (0.1, 12.0)
EXTENT_MM = (10.0, 700.0)

SHIFT_MM = 0.25
SHIFTS: Mapping[str, Triple] = MappingProxyType(
    {
        f"grid {sign}{SHIFT_MM} mm along {axis}": (
            factor * SHIFT_MM * (axis == "x"),
            factor * SHIFT_MM * (axis == "y"),
            factor * SHIFT_MM * (axis == "z"),
        )
        for axis in "xyz"
        for sign, factor in (("+", 1), ("-", -1))
    }
)
"""Quarter-voxel moves of the resampling grid: anatomy and mask stay, only the sampling points change."""

BOX_MARGIN = 3
PACKAGES = ("SimpleITK", "numpy", "pyradiomics-bhklab")

PROBABILITY_NOTE = (
    "Inverse logit of the score, which is the linear predictor of the development cohort's logistic "
    "regression. Not recalibrated for this center."
)
NOTES = (
    "ComBat: not applied (the authors' parameters are not published).",
    PROBABILITY_NOTE,
)

CARD = ModelCard(
    id="lpln-radiomics",
    semver="1.0.0",
    title="Lateral pelvic lymph node: radiomics score for metastasis",
    task="Malignancy of one index node per patient with rectal cancer",
    sequence_roles=(SEQUENCE,),
    mask_roles=(MaskRole(role=MASK, on=SEQUENCE, title="Index lateral pelvic lymph node"),),
    outputs=("score", "probability", "call at the cut-off", "107 features"),
    intended_use="Reader studies and research. Not for the care of patients.",
    limits=(
        "For segmented lymph nodes only; on large regions the score leaves its scale.",
        "The coefficients assume ComBat across the authors' centers; it cannot be applied here.",
        "The score of a small node changes by some tenths with the resampling grid and bias correction.",
    ),
    references=("Yoo et al. 2025, Sci Rep 15, doi:10.1038/s41598-025-99029-1",),
    queue="cpu",
    mem_mb=1500,
    timeout_s=900,
    weights_status="published-coefficients",
    cut_off=CUT_OFF,
    positive_rule="score >= -0.47 (Youden index, development cohort)",
    probability_note=PROBABILITY_NOTE,
    calibration_note="Not recalibrated; ComBat: not applied.",
    coefficients={"intercept": INTERCEPT, **COEFFICIENTS},
)


def linear_predictor(features: Mapping[str, float]) -> float:
    """The published radiomics score (log-odds) from features named "<class>_<Feature>".

    Raises
    ------
    KeyError
        When one of the six features is missing.
    """
    return INTERCEPT + math.fsum(weight * features[name] for name, weight in COEFFICIENTS.items())


def inverse_logit(score: float) -> float:
    """1 / (1 + exp(-score)), without overflow at either end."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    return math.exp(score) / (1 + math.exp(score))


def is_near_cut_off(score: float, uncertainty: float) -> bool:
    """Whether the score is as near to the cut-off as numerical choices can move it."""
    return abs(score - CUT_OFF) < max(NEAR_CUT_OFF, uncertainty)


class LplnRadiomics:
    """The plug-in. See the card."""

    card = CARD

    def version_digest(self) -> str:
        """SHA-256 over this module, the radiomics package, settings, coefficients and package versions."""
        return self._version_digest

    @cached_property
    def _version_digest(self) -> str:
        import inference.radiomics

        files = [Path(__file__), *sorted(Path(inference.radiomics.__path__[0]).glob("*.py"))]
        code = {
            file.name: hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for file in files
        }
        content = {
            "id": CARD.id,
            "semver": CARD.semver,
            "code": code,
            "settings": {"n4": N4.to_json(), "features": FEATURES.to_json(), "decimals": GEOMETRY_DECIMALS},
            "coefficients": CARD.coefficients,
            "packages": {name: metadata.version(name) for name in PACKAGES},
        }
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()

    def check(self, inputs: CaseInputs) -> list[Problem]:
        """What stands against a run; warnings come after, and only when nothing blocks."""
        volume, mask = inputs.volumes.get(SEQUENCE), inputs.masks.get(MASK)
        if volume is None:
            return [Problem("sequence_missing", "The case has no T2-weighted series.")]
        problems = _image_problems(volume)
        if mask is None:
            return [*problems, Problem("mask_missing", "The index node has not been segmented.")]
        if mask.shape != volume.array.shape:
            text = f"The mask has {_size(mask)} voxels, the T2-weighted series {_size(volume.array)}."
            return [*problems, Problem("mask_shape", text)]
        if not mask.any():
            return [*problems, Problem("mask_empty", "The mask of the index node is empty.")]
        return problems or _node_problems(volume, mask)

    def run(self, inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
        """The score of the index node, with its numerical uncertainty."""
        try:
            return _run(self.check(inputs), inputs, ctx)
        except MemoryError as error:
            raise ResourceProblem("not enough memory for this image") from error


def _run(problems: list[Problem], inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    from inference.radiomics.cache import corrected_image
    from inference.radiomics.preprocessing import fixed_threads

    for problem in problems:
        if problem.is_blocking:
            raise InputProblem(problem.code, problem.text)
    volume, mask = inputs.volumes[SEQUENCE], inputs.masks[MASK]
    clock = _Clock(ctx)
    clock.start("bias_correction", 0.05)
    corrected, cache_use = corrected_image(volume, N4, ctx.cache_dir)
    with fixed_threads(N4.threads):
        clock.start("features", 0.80)
        measure = _node_measurement(volume, mask, corrected)
        features = measure((0.0, 0.0, 0.0))
        score = linear_predictor(features)
        clock.start("reruns", 0.85)
        reruns = {name: linear_predictor(measure(shift)) for name, shift in SHIFTS.items()}
    clock.stop()
    uncertainty = max(abs(rerun - score) for rerun in reruns.values())
    return ModelOutput(
        score=score,
        probability=inverse_logit(score),
        probability_note=PROBABILITY_NOTE,
        is_positive=score >= CUT_OFF,
        cut_off=CUT_OFF,
        near_cut_off=is_near_cut_off(score, uncertainty),
        numeric_uncertainty=uncertainty,
        score_reruns=reruns,
        features=features,
        warnings=tuple(problem.text for problem in problems),
        notes=(*NOTES, f"Bias-corrected image: {cache_use.value}."),
        timings=clock.seconds,
    )


def _node_measurement(
    volume: Volume, mask: NDArray[np.bool_], corrected: "CorrectedImage"
) -> Callable[[Triple], dict[str, float]]:
    """A function from a shift of the grid (x, y, z mm) to the node's features."""
    from inference.radiomics.features import extract_features, mask_box
    from inference.radiomics.preprocessing import (
        canonical_spacing,
        corrected_part,
        isotropic_grid,
        resample_mask,
    )

    grid = isotropic_grid(volume, N4.spacing_mm)
    spacing = canonical_spacing(volume)
    box = mask_box(resample_mask(mask, spacing, grid), BOX_MARGIN)

    def measure(shift_mm: Triple) -> dict[str, float]:
        part = grid.part(box, shift_mm)
        levels = corrected.array[box] if not any(shift_mm) else corrected_part(volume, corrected, part)
        node = resample_mask(mask, spacing, part)
        return extract_features(corrected.standardized(levels), node, (N4.spacing_mm,) * 3, FEATURES)

    return measure


def _image_problems(volume: Volume) -> list[Problem]:
    problems = []
    limits = (IN_PLANE_MM, IN_PLANE_MM, SLICE_STEP_MM)
    counts = volume.array.shape[::-1]
    outside = any(not low <= step <= high for step, (low, high) in zip(volume.spacing, limits, strict=True))
    extents = [step * count for step, count in zip(volume.spacing, counts, strict=True)]
    if outside or not EXTENT_MM[0] <= min(extents) <= max(extents) <= EXTENT_MM[1]:
        shown = " x ".join(f"{step:g}" for step in volume.spacing)
        text = f"A spacing of {shown} mm over {_size(volume.array)} voxels is not that of a pelvic MRI."
        problems.append(Problem("spacing_implausible", text))
    axes = np.array(volume.direction).reshape(3, 3)
    if not np.allclose(axes.T @ axes, np.eye(3), atol=1e-3):
        problems.append(Problem("direction_invalid", "The image's axes are not at right angles."))
    if not np.isfinite(volume.array).all():
        problems.append(
            Problem("pixels_not_finite", "The T2-weighted series holds pixels that are no numbers.")
        )
    return problems


def _node_problems(volume: Volume, mask: NDArray[np.bool_]) -> list[Problem]:
    from inference.radiomics.preprocessing import (
        canonical_spacing,
        count_components,
        isotropic_grid,
        resample_mask,
    )

    grid = isotropic_grid(volume, N4.spacing_mm)
    voxels = int(resample_mask(mask, canonical_spacing(volume), grid).sum())
    if voxels < MIN_VOXELS:
        text = f"The node has {voxels} voxels of 1 mm; at least {MIN_VOXELS} are needed."
        return [Problem("mask_too_small", text)]
    if np.ptp(volume.array[mask]) == 0:
        return [Problem("mask_flat", "All pixels of the node have the same value.")]
    warnings = []
    components = count_components(mask)
    if components > 1:
        text = f"The mask has {components} separate parts; a node has one."
        warnings.append(Problem("mask_components", text, is_blocking=False))
    if voxels < SPARSE_VOXELS:
        text = f"The node has {voxels} voxels of 1 mm: few for 128 gray levels, texture is unsure."
        warnings.append(Problem("mask_sparse", text, is_blocking=False))
    if voxels * N4.spacing_mm**3 > LARGE_NODE_MM3:
        text = "The mask is larger than a lymph node; the published score is not made for it."
        warnings.append(Problem("mask_large", text, is_blocking=False))
    return warnings


def _size(array: NDArray[np.generic]) -> str:
    return " x ".join(str(count) for count in reversed(array.shape))


class _Clock:
    """Wall seconds per step, told to the run's context as the steps begin."""

    def __init__(self, ctx: RunContext) -> None:
        self._ctx = ctx
        self._name = ""
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def start(self, name: str, fraction: float) -> None:
        self._lap()
        self._ctx.step(fraction, name)
        self._name, self._since = name, perf_counter()

    def stop(self) -> None:
        self._lap()
        self._ctx.step(1.0, "done")

    def _lap(self) -> None:
        if self._name:
            self.seconds[self._name] = round(perf_counter() - self._since, 4)


PLUGIN = LplnRadiomics()
