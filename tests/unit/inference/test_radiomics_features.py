import csv
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.contracts import InputProblem
from inference.radiomics.features import FEATURE_COUNT, extract_features, mask_box
from inference.radiomics.settings import FeatureSettings
from inference.selftest import EXPECTED_FEATURES, computed_phantom
from tests.unit.inference.slow_features import slow_features
from tests.unit.inference.synthetic import ball, textured_volume

# The digital phantom of the Image Biomarker Standardisation Initiative (arXiv:1612.07003v11, 4.1): slices
# from the first to the last, rows top to bottom; 0 = outside the mask. Voxels of 2 x 2 x 2 mm.
IBSI_PHANTOM = """
14411 14611 41641 44641
14411 11611 01311 44611
14400 11111 11011 11611
14400 11111 11111 11611
"""

# Published reference values of the same source, 3D and "3D averaged" aggregation, three digits.
# Kurtosis is published as excess. MinorAxisLength and LeastAxisLength differ by definition (N or N-1) and
# are left out.
IBSI_VALUES = {
    "shape_MeshVolume": 556, "shape_VoxelVolume": 592, "shape_SurfaceArea": 388,
    "shape_SurfaceVolumeRatio": 0.698, "shape_Sphericity": 0.843, "shape_Maximum3DDiameter": 13.1,
    "shape_Elongation": 0.816, "shape_Flatness": 0.749, "firstorder_Mean": 2.15,
    "firstorder_Variance": 3.05, "firstorder_Skewness": 1.08, "firstorder_Median": 1,
    "firstorder_10Percentile": 1, "firstorder_90Percentile": 4, "firstorder_InterquartileRange": 3,
    "firstorder_MeanAbsoluteDeviation": 1.55, "firstorder_RobustMeanAbsoluteDeviation": 1.11,
    "firstorder_Energy": 567, "firstorder_RootMeanSquared": 2.77, "firstorder_Entropy": 1.27,
    "firstorder_Uniformity": 0.512, "glcm_MaximumProbability": 0.503, "glcm_JointAverage": 2.14,
    "glcm_SumSquares": 3.1, "glcm_JointEntropy": 2.4, "glcm_DifferenceAverage": 1.43,
    "glcm_DifferenceVariance": 3.06, "glcm_DifferenceEntropy": 1.56, "glcm_SumAverage": 4.29,
    "glcm_ClusterTendency": 7.07, "glcm_SumEntropy": 1.92, "glcm_JointEnergy": 0.303, "glcm_Contrast": 5.32,
    "glcm_Id": 0.677, "glcm_Idn": 0.851, "glcm_Idm": 0.618, "glcm_Idmn": 0.898,
    "glcm_InverseVariance": 0.0604, "glcm_Correlation": 0.157, "glcm_Autocorrelation": 5.06,
    "glcm_ClusterShade": 16.6, "glcm_ClusterProminence": 145, "glcm_Imc1": -0.157, "glcm_Imc2": 0.52,
    "glrlm_ShortRunEmphasis": 0.705, "glrlm_LongRunEmphasis": 3.06, "glrlm_RunEntropy": 2.43,
    "glrlm_RunPercentage": 0.68, "glrlm_LongRunHighGrayLevelEmphasis": 17.6,
    "glszm_SmallAreaEmphasis": 0.255, "glszm_LargeAreaEmphasis": 550, "glszm_ZonePercentage": 0.0676,
    "glszm_ZoneVariance": 331, "glszm_ZoneEntropy": 2.32, "ngtdm_Coarseness": 0.0296,
    "ngtdm_Contrast": 0.584, "ngtdm_Busyness": 6.54, "ngtdm_Complexity": 13.5, "ngtdm_Strength": 0.763,
    "gldm_SmallDependenceEmphasis": 0.045, "gldm_LargeDependenceEmphasis": 109,
    "gldm_LowGrayLevelEmphasis": 0.693, "gldm_HighGrayLevelEmphasis": 7.66,
    "gldm_LargeDependenceLowGrayLevelEmphasis": 102, "gldm_LargeDependenceHighGrayLevelEmphasis": 235,
    "gldm_DependenceNonUniformity": 4.86, "gldm_DependenceVariance": 22.1, "gldm_DependenceEntropy": 4.4,
}  # fmt: skip

# brain1's shape baseline was made with PyRadiomics 2.0.1b1, whose surface mesh was another
OLD_MESH = {"shape_MeshVolume", "shape_SurfaceArea", "shape_Sphericity", "shape_SurfaceVolumeRatio"}


def ibsi_phantom() -> tuple[np.ndarray, np.ndarray]:
    rows = [
        [[int(level) for level in row] for row in line.split()] for line in IBSI_PHANTOM.split("\n") if line
    ]
    array = np.array(rows, dtype=np.float32)
    return array, array > 0


def test_the_ibsi_phantom_is_the_published_one() -> None:
    array, mask = ibsi_phantom()
    assert array.shape == (4, 4, 5)
    assert mask.sum() == 74
    assert (array[mask] ** 2).sum() == 567


@pytest.mark.parametrize("name", sorted(IBSI_VALUES))
def test_features_equal_the_ibsi_reference(name: str) -> None:
    array, mask = ibsi_phantom()
    values = extract_features(array, mask, (2.0, 2.0, 2.0), FeatureSettings(bin_count=None, bin_width=1))
    assert float(f"{values[name]:.3g}") == pytest.approx(IBSI_VALUES[name], rel=1e-12)


BASELINES = {
    # the settings recorded in the first rows of each column
    "": FeatureSettings(bin_count=None, bin_width=25, voxel_array_shift=2000),
    "_FBN": FeatureSettings(bin_count=64),
    "_normalization": FeatureSettings(bin_count=None, bin_width=5),
}


def baseline(folder: Path, column: str) -> dict[str, float]:
    """PyRadiomics' published values of one test case by feature name."""
    values = {}
    for file in sorted((folder / "baseline").glob("baseline_*.csv")):
        rows = list(csv.reader(file.read_text().splitlines()))
        if file.stem == "baseline_shape2D" or column not in rows[0]:
            continue
        index = rows[0].index(column)
        for row in rows[1:]:
            if row[0].startswith("original_") and row[index]:
                values[row[0].removeprefix("original_")] = float(row[index])
    return values


@pytest.mark.parametrize("variant", sorted(BASELINES))
@pytest.mark.parametrize("case", ["brain1", "breast1"])
def test_features_equal_pyradiomics_baselines(shared_data: Path, case: str, variant: str) -> None:
    folder = shared_data / "radiomics-pyradiomics"
    image = sitk.ReadImage(str(folder / f"{case}_image.nrrd"))
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / f"{case}_label.nrrd"))) == 1
    if variant == "_normalization":
        image = sitk.Normalize(image) * 100
    expected = baseline(folder, case + variant)
    found = extract_features(sitk.GetArrayFromImage(image), mask, image.GetSpacing(), BASELINES[variant])
    compared = sorted(expected.keys() & found.keys())
    assert len(compared) == {"": 107, "_FBN": 75, "_normalization": 93}[variant]
    for name in compared:
        tolerance = 1e-3 if case == "brain1" and name in OLD_MESH else 1e-9
        assert found[name] == pytest.approx(expected[name], rel=tolerance, abs=1e-12), name


@pytest.mark.parametrize("seed", [1, 2])
def test_features_equal_a_slow_computation(seed: int) -> None:
    volume = textured_volume(seed=seed)
    mask = ball(volume)
    found = extract_features(volume.array, mask, volume.spacing, FeatureSettings(bin_count=16))
    for name, expected in slow_features(volume.array, mask, volume.spacing, 16).items():
        assert found[name] == pytest.approx(expected, rel=1e-9), name


def test_expected_values_of_the_selftest_equal_a_slow_computation() -> None:
    array, mask = computed_phantom()
    slow = slow_features(array, mask, (1.0, 1.0, 1.0), 128)
    assert slow == {name: pytest.approx(value, rel=1e-9) for name, value in EXPECTED_FEATURES.items()}


def test_features_are_all_there() -> None:
    volume = textured_volume()
    found = extract_features(volume.array, ball(volume), volume.spacing, FeatureSettings())
    assert len(found) == FEATURE_COUNT
    assert {name.partition("_")[0] for name in found} == {
        "shape", "firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm",
    }  # fmt: skip


def test_features_do_not_see_what_is_outside_the_mask() -> None:
    volume = textured_volume()
    mask = ball(volume)
    box = mask_box(mask, 0)
    whole = extract_features(volume.array, mask, volume.spacing, FeatureSettings())
    assert extract_features(volume.array[box], mask[box], volume.spacing, FeatureSettings()) == whole
    emptied = np.where(mask, volume.array, 0)
    assert extract_features(emptied, mask, volume.spacing, FeatureSettings()) == whole


def test_bin_count_features_ignore_gain_and_offset() -> None:
    volume = textured_volume()
    mask = ball(volume)
    plain = extract_features(volume.array, mask, volume.spacing, FeatureSettings())
    scaled = extract_features(volume.array * 4.0 - 100, mask, volume.spacing, FeatureSettings())
    textures = [name for name in plain if not name.startswith(("shape", "firstorder"))]
    assert {name: scaled[name] for name in textures} == {name: plain[name] for name in textures}


def test_features_refuse_an_empty_mask() -> None:
    volume = textured_volume()
    with pytest.raises(InputProblem) as caught:
        extract_features(volume.array, np.zeros_like(ball(volume)), volume.spacing, FeatureSettings())
    assert caught.value.code == "mask_empty"


def test_features_refuse_a_single_voxel() -> None:
    volume = textured_volume()
    mask = np.zeros_like(ball(volume))
    mask[3, 3, 3] = True
    with pytest.raises(InputProblem) as caught:
        extract_features(volume.array, mask, volume.spacing, FeatureSettings())
    assert caught.value.code == "mask_too_small"


def test_features_say_which_have_no_value() -> None:
    volume = textured_volume()
    array = volume.array.astype(np.float64)
    array[ball(volume)] = np.finfo(np.float64).max
    array[6, 22, 26] = 0
    with np.errstate(all="ignore"), pytest.raises(InputProblem, match="firstorder_Energy") as caught:
        extract_features(array, ball(volume), volume.spacing, FeatureSettings())
    assert caught.value.code == "feature_undefined"


def test_features_refuse_a_mask_of_another_shape() -> None:
    volume = textured_volume()
    with pytest.raises(ValueError, match="different shapes"):
        extract_features(volume.array, ball(volume)[1:], volume.spacing, FeatureSettings())


@pytest.mark.parametrize(("count", "width"), [(None, None), (128, 25.0)])
def test_settings_bin_in_one_way(count: int | None, width: float | None) -> None:
    with pytest.raises(ValueError, match="one of them"):
        FeatureSettings(bin_count=count, bin_width=width)


def test_mask_box_stays_inside_the_image() -> None:
    mask = np.zeros((5, 6, 7), dtype=bool)
    mask[0, 2:4, 6] = True
    assert mask_box(mask, 1) == (slice(0, 2), slice(1, 5), slice(5, 7))
