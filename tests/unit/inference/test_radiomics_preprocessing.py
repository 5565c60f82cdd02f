import itertools
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from radiomics import imageoperations

from inference.contracts import Volume
from inference.radiomics.preprocessing import (
    CorrectedImage,
    Grid,
    canonical_image,
    canonical_spacing,
    correct_bias,
    corrected_part,
    count_components,
    fixed_threads,
    isotropic_grid,
    resample,
    resample_mask,
)
from inference.radiomics.settings import N4Settings
from tests.unit.inference.synthetic import ball, textured_volume

BOX = (slice(12, 24), slice(10, 25), slice(14, 30))


@pytest.fixture(scope="module")
def corrected() -> CorrectedImage:
    return correct_bias(textured_volume(), N4Settings())


def resampled(volume: Volume) -> np.ndarray:
    return resample(canonical_image(volume.array, canonical_spacing(volume)), isotropic_grid(volume, 1.0))


def test_grid_shares_the_first_corner() -> None:
    grid = isotropic_grid(Volume(np.zeros((10, 20, 30)), (0.6, 0.7, 3.5)), 1.0)
    assert grid.first == (0.5, 0.5, 0.5)
    assert grid.size == (18, 14, 35)


def test_grid_has_no_row_made_of_rounding_errors() -> None:
    # 30 x 0.1 mm = 3.0000000000000004 mm in floats
    assert isotropic_grid(Volume(np.zeros((30, 30, 30)), (0.1, 0.1, 0.1)), 1.0).size == (3, 3, 3)


def test_resampling_equals_pyradiomics() -> None:
    # spacings at which no grid point lies halfway between two voxels
    volume = textured_volume(spacing=(0.88, 0.92, 3.2))
    mask = ball(volume)
    image = canonical_image(volume.array, volume.spacing)
    label = sitk.Cast(canonical_image(mask, volume.spacing), sitk.sitkUInt32)
    theirs, their_mask = imageoperations.resampleImage(
        image, label, resampledPixelSpacing=[1, 1, 1], interpolator=sitk.sitkLinear, padDistance=3
    )
    grid = isotropic_grid(volume, 1.0)
    offset = np.array(theirs.GetOrigin()) + np.array(volume.spacing) / 2 - grid.first
    start = np.round(offset[::-1]).astype(int)
    np.testing.assert_allclose(offset[::-1], start, atol=1e-9)
    expected = sitk.GetArrayFromImage(theirs)
    box = tuple(slice(at, at + size) for at, size in zip(start, expected.shape, strict=True))
    np.testing.assert_allclose(resampled(volume)[box], expected, rtol=1e-6)
    ours = resample_mask(mask, volume.spacing, grid)
    np.testing.assert_array_equal(ours[box], sitk.GetArrayFromImage(their_mask) > 0)


def test_resampling_equals_a_slow_trilinear_sum() -> None:
    volume = textured_volume()
    found = resampled(volume)
    spacing = np.array(volume.spacing)
    grid = isotropic_grid(volume, 1.0)
    for z, y, x in [(5, 7, 9), (20, 30, 12), (33, 38, 41)]:
        place = (np.array(grid.first) + np.array([x, y, z])) / spacing - 0.5
        low = np.floor(place).astype(int)
        share = place - low
        expected = sum(
            volume.array[low[2] + k, low[1] + j, low[0] + i]
            * abs(1 - i - share[0]) * abs(1 - j - share[1]) * abs(1 - k - share[2])
            for i, j, k in itertools.product((0, 1), repeat=3)
        )  # fmt: skip
        assert found[z, y, x] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("box", "expected"), [(0, [0, 1, 1, 0]), (1, [1, 1, 0]), (2, [1, 0])])
def test_mask_point_halfway_between_voxels_takes_the_later(box: int, expected: list[int]) -> None:
    # voxels of 0.5 mm, points at 0.5, 1.5, 2.5, 3.5 mm: each on a boundary, whatever part of the grid is
    # asked for
    mask = np.zeros((8, 8, 8), dtype=bool)
    mask[:, :, 3] = mask[:, :, 5] = True
    grid = isotropic_grid(Volume(mask, (0.5, 0.5, 0.5)), 1.0)
    whole = slice(0, 4)
    row = resample_mask(mask, (0.5, 0.5, 0.5), grid.part((whole, whole, slice(box, 4))))[0, 0]
    assert row.tolist() == expected


@pytest.mark.parametrize("step", [0.5, 0.9, 0.3, 0.7])
def test_mask_on_a_part_is_that_part_of_the_mask(step: float) -> None:
    volume = textured_volume(spacing=(step, step, 3.0))
    mask = ball(volume, radius_mm=8)
    grid = isotropic_grid(volume, 1.0)
    whole = resample_mask(mask, volume.spacing, grid)
    box = (slice(3, 30), slice(1, 13), slice(2, 14))
    np.testing.assert_array_equal(resample_mask(mask, volume.spacing, grid.part(box)), whole[box])


def test_mask_is_false_outside_the_image() -> None:
    mask = np.ones((4, 4, 4), dtype=bool)
    grid = Grid((-0.5, 0.5, 2.5), (3, 4, 4), 1.0)
    found = resample_mask(mask, (1.0, 1.0, 1.0), grid)
    assert not found[:, :, 0].any()
    assert found[:2, :, 1:].all()
    assert not found[2:].any()


def test_resampling_never_rounds_to_the_pixel_type() -> None:
    volume = textured_volume()
    integers = resampled(volume)
    assert volume.array.dtype == np.int16
    assert np.mean(integers != np.round(integers)) > 0.5
    floats = resampled(replace(volume, array=volume.array.astype(np.float32)))
    np.testing.assert_array_equal(integers, floats)


def test_pyradiomics_alone_would_round_to_the_pixel_type() -> None:
    # the trap this package closes: were it gone one day, the cast to float32 could be questioned
    volume = textured_volume()
    image = sitk.GetImageFromArray(volume.array)
    label = sitk.GetImageFromArray(ball(volume).astype(np.uint8))
    for item in (image, label):
        item.SetSpacing(volume.spacing)
    theirs, _ = imageoperations.resampleImage(
        image, label, resampledPixelSpacing=[1, 1, 1], interpolator=sitk.sitkLinear
    )
    assert theirs.GetPixelID() == sitk.sitkInt16


def test_position_and_direction_do_not_reach_the_numbers() -> None:
    volume = textured_volume()
    angle = np.deg2rad(17)
    oblique = replace(
        volume,
        spacing=(volume.spacing[0] + 3e-5, volume.spacing[1] - 3e-5, volume.spacing[2] + 1e-6),
        origin=(-93.12345678, 41.7, -12.0),
        direction=(1.0, 0.0, 0.0, 0.0, np.cos(angle), -np.sin(angle), 0.0, np.sin(angle), np.cos(angle)),
    )
    np.testing.assert_array_equal(resampled(oblique), resampled(volume))


def test_bias_correction_takes_no_notice_of_the_machine_s_threads(corrected: CorrectedImage) -> None:
    for threads in (1, 2, 4):
        with fixed_threads(threads):
            again = correct_bias(textured_volume(), N4Settings())
            assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == threads
        np.testing.assert_array_equal(again.array, corrected.array)
        np.testing.assert_array_equal(again.log_bias, corrected.log_bias)


def test_bias_correction_is_the_image_over_the_field(corrected: CorrectedImage) -> None:
    pixels = resampled(textured_volume())
    np.testing.assert_allclose(corrected.array * np.exp(corrected.log_bias), pixels, rtol=1e-5, atol=1e-3)
    assert corrected.array.dtype == np.float32


def test_bias_correction_finds_a_known_field() -> None:
    rng = np.random.default_rng(3)
    z, y, x = np.indices((24, 70, 70))
    body = (x - 35) ** 2 + (y - 35) ** 2 < 30**2
    tissue = np.where(body, 300.0, 5.0) + rng.normal(0, 3, x.shape)
    log_field = 0.3 * np.sin(x / 22) + 0.01 * z
    found = correct_bias(Volume(tissue * np.exp(log_field), (1.0, 1.0, 1.0)), N4Settings()).log_bias
    difference = (found - log_field)[body]
    assert difference.std() < 0.2 * log_field[body].std()


def test_bias_correction_takes_the_thinnest_slab_the_model_admits() -> None:
    volume = textured_volume(shape=(4, 44, 48), spacing=(0.9, 0.9, 2.5))
    assert np.isfinite(correct_bias(volume, N4Settings()).array).all()


def test_a_part_without_shift_is_the_corrected_image(corrected: CorrectedImage) -> None:
    grid = isotropic_grid(textured_volume(), 1.0)
    part = corrected_part(textured_volume(), corrected, grid.part(BOX))
    np.testing.assert_allclose(part, corrected.array[BOX], rtol=1e-6)


def test_a_part_moved_by_a_voxel_is_the_neighboring_part(corrected: CorrectedImage) -> None:
    grid = isotropic_grid(textured_volume(), 1.0)
    part = corrected_part(textured_volume(), corrected, grid.part(BOX, (1.0, 0.0, 0.0)))
    np.testing.assert_allclose(part, corrected.array[BOX[0], BOX[1], 15:31], rtol=1e-5)


def test_grid_part_orders_axes() -> None:
    part = Grid((0.5, 0.5, 0.5), (40, 30, 20), 1.0).part(
        (slice(3, 7), slice(2, 12), slice(1, 4)), (0.0, 0.25, 0.0)
    )
    assert part == Grid((1.5, 2.75, 3.5), (3, 10, 4), 1.0)


def test_standardized_values_have_mean_0_and_deviation_1(corrected: CorrectedImage) -> None:
    values = corrected.standardized(corrected.array)
    assert values.mean() == pytest.approx(0, abs=1e-9)
    assert values.std() == pytest.approx(1, abs=1e-9)


def test_components_touch_by_corners() -> None:
    mask = np.zeros((4, 4, 4), dtype=bool)
    mask[0, 0, 0] = mask[1, 1, 1] = True
    assert count_components(mask) == 1
    mask[3, 3, 3] = True
    assert count_components(mask) == 2
    assert count_components(np.zeros_like(mask)) == 0
