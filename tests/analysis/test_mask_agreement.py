"""Masks of readers against SimpleITK, all pairs of surface voxels, and shapes whose distances are known."""

import math
import random
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, directed_hausdorff

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mask_agreement import (
    CaseMasks,
    MaskAgreement,
    MaskComparison,
    compare_masks,
    mask_agreement,
)
from tests.analysis.rating_data import number

Mask = NDArray[np.bool_]
SPACING = (3.5, 0.7, 0.6)


def box(low: tuple[int, int, int], high: tuple[int, int, int], shape: tuple[int, ...] = (12, 24, 26)) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[low[0] : high[0], low[1] : high[1], low[2] : high[2]] = True
    return mask


def blob(seed: int, shape: tuple[int, ...] = (9, 18, 20)) -> Mask:
    rng = np.random.default_rng(seed)
    center = [size / 2 + rng.uniform(-1.5, 1.5) for size in shape]
    radius = [size / 2 * rng.uniform(0.4, 0.8) for size in shape]
    grid = np.indices(shape)
    inside = sum(((grid[k] - center[k]) / radius[k]) ** 2 for k in range(3)) < 1
    return np.asarray(inside ^ (rng.random(shape) < 0.02), dtype=bool)


def surface_points(mask: Mask, spacing: tuple[float, ...]) -> NDArray[np.float64]:
    """By looking at the six neighbors of every voxel."""
    points = []
    for z, y, x in np.argwhere(mask):
        for dz, dy, dx in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)):
            at = (z + dz, y + dy, x + dx)
            if any(i < 0 or i >= n for i, n in zip(at, mask.shape, strict=True)) or not mask[at]:
                points.append((z, y, x))
                break
    return np.array(points) * spacing


@pytest.mark.parametrize("seed", range(4))
def test_distances_equal_those_of_all_pairs_of_surface_voxels(seed: int) -> None:
    a, b = blob(seed), blob(seed + 100)
    result = compare_masks(a, b, SPACING, tolerances_mm=(0.7, 3.5))
    left, right = surface_points(a, SPACING), surface_points(b, SPACING)
    distance = cdist(left, right)
    there, back = distance.min(axis=1), distance.min(axis=0)
    assert result.hausdorff_mm == pytest.approx(max(there.max(), back.max()), rel=1e-12)
    assert result.hausdorff_mm == pytest.approx(
        max(directed_hausdorff(left, right)[0], directed_hausdorff(right, left)[0]), rel=1e-12
    )
    assert result.hausdorff95_mm == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)))
    assert result.assd_mm == pytest.approx(np.concatenate([there, back]).mean(), rel=1e-12)
    for item in result.surface_dice:
        near = (there <= item.tolerance_mm + 1e-6).sum() + (back <= item.tolerance_mm + 1e-6).sum()
        assert item.value == pytest.approx(near / (len(there) + len(back)))


@pytest.mark.parametrize("seed", range(4))
def test_overlap_and_volume_match_simpleitk(seed: int) -> None:
    """SimpleITK 2.5: LabelOverlapMeasuresImageFilter and LabelShapeStatisticsImageFilter."""
    a, b = blob(seed), blob(seed + 100)
    images = []
    for mask in (a, b):
        image = sitk.GetImageFromArray(mask.astype(np.uint8))
        image.SetSpacing(SPACING[::-1])
        images.append(image)
    overlap = sitk.LabelOverlapMeasuresImageFilter()
    overlap.Execute(*images)
    result = compare_masks(a, b, SPACING)
    assert result.dice == pytest.approx(overlap.GetDiceCoefficient(), rel=1e-12)
    assert result.jaccard == pytest.approx(overlap.GetJaccardCoefficient(), rel=1e-12)
    shape = sitk.LabelShapeStatisticsImageFilter()
    shape.Execute(images[0])
    assert result.volume_a_ml == pytest.approx(shape.GetPhysicalSize(1) / 1000, rel=1e-12)


def test_boxes_shifted_along_each_axis() -> None:
    """A box shifted by two voxels along one axis lies that far away, whatever the spacing."""
    a = box((4, 8, 8), (8, 16, 16))
    for axis, step in enumerate(SPACING):
        result = compare_masks(a, np.roll(a, 2, axis=axis), SPACING)
        assert result.hausdorff_mm == pytest.approx(2 * step)
        length = a.any(axis=tuple(k for k in range(3) if k != axis)).sum()
        assert result.dice == pytest.approx((length - 2) / length)
        assert result.volume_difference_ml == 0.0


def test_a_box_within_a_box() -> None:
    inner, outer = box((5, 9, 9), (7, 13, 13)), box((4, 8, 8), (8, 14, 14))
    result = compare_masks(outer, inner, (1.0, 1.0, 1.0), tolerances_mm=(0.5, 1.0, 2.0))
    assert result.hausdorff_mm == pytest.approx(math.sqrt(3))
    assert result.surface_dice[0].value == 0.0
    assert result.surface_dice[2].value == 1.0
    assert result.jaccard == pytest.approx(32 / 144)


def test_equal_masks_and_single_voxels() -> None:
    a = blob(1)
    same = compare_masks(a, a, SPACING, tolerances_mm=(0.0,))
    assert (same.dice, same.jaccard, same.hausdorff_mm, same.assd_mm) == (1.0, 1.0, 0.0, 0.0)
    assert same.surface_dice[0].value == 1.0
    one, other = box((0, 0, 0), (1, 1, 1)), box((2, 3, 4), (3, 4, 5))
    apart = compare_masks(one, other, SPACING)
    assert apart.hausdorff95_mm == pytest.approx(math.hypot(2 * 3.5, 3 * 0.7, 4 * 0.6))
    assert apart.dice == 0.0


def test_empty_masks_are_told_apart_from_missing_ones() -> None:
    drawn, empty = blob(1), np.zeros_like(blob(1))
    neither = compare_masks(empty, empty, SPACING)
    assert neither.drawn == "neither"
    assert neither.dice == neither.hausdorff_mm == NotEstimable("both masks are empty")
    one = compare_masks(drawn, empty, SPACING)
    assert (one.drawn, one.dice, one.jaccard) == ("one", 0.0, 0.0)
    assert one.assd_mm == one.surface_dice[0].value == NotEstimable("one mask is empty")
    result = mask_agreement(
        [
            CaseMasks("both", SPACING, {"ann": drawn, "bob": drawn}),
            CaseMasks("one", SPACING, {"ann": drawn, "bob": empty}),
            CaseMasks("neither", SPACING, {"ann": empty, "bob": empty}),
            CaseMasks("missing", SPACING, {"ann": drawn, "bob": None}),
        ]
    )
    overall = result.overall
    assert (overall.n, overall.n_both_drawn, overall.n_one_empty, overall.n_both_empty) == (3, 1, 1, 1)
    by_name = {item.measure: item for item in overall.measures}
    assert (by_name["dice"].n, by_name["dice"].mean) == (2, 0.5)
    assert by_name["hausdorff_mm"].n == 1
    assert isinstance(by_name["hausdorff_mm"].sd, NotEstimable)
    assert (result.n_cases, result.single_cases) == (4, ("missing",))
    assert result.warnings == ("1 pairs of empty masks agree and are in no mean.",)
    result.to_json()


def three_readers(order: list[int]) -> MaskAgreement:
    cases = [
        CaseMasks(f"c{i}", SPACING, {name: blob(10 * i + k) for k, name in enumerate(("ann", "bob", "zoe"))})
        for i in range(4)
    ]
    return mask_agreement(cases[i] for i in order)


def test_every_pair_of_readers_is_compared_and_summarized() -> None:
    result = three_readers([0, 1, 2, 3])
    assert len(result.pairs) == 12
    assert [(s.reader_a, s.reader_b, s.n) for s in result.summaries] == [
        ("ann", "bob", 4), ("ann", "zoe", 4), ("bob", "zoe", 4),
    ]  # fmt: skip
    values = [number(p.comparison.dice) for p in result.pairs if (p.reader_a, p.reader_b) == ("ann", "zoe")]
    dice = result.summaries[1].measures[0]
    assert dice.measure == "dice"
    assert (dice.mean, dice.sd) == pytest.approx((np.mean(values), np.std(values, ddof=1)))
    assert (dice.median, dice.quartile1) == pytest.approx((np.median(values), np.percentile(values, 25)))
    assert [item.measure for item in result.overall.measures][-2:] == [
        "surface_dice_1_mm",
        "surface_dice_2_mm",
    ]
    assert three_readers([3, 1, 0, 2]) == result


def test_no_case_gives_an_empty_summary() -> None:
    result = mask_agreement([])
    assert isinstance(result.overall.measures[0].mean, NotEstimable)
    result.to_json()


@pytest.mark.parametrize(
    ("masks", "spacing", "options", "code", "named"),
    [
        ({"a": blob(1), "b": blob(2)[1:]}, SPACING, {}, "shapes_differ", r"case x, b has \(8"),
        ({"a": blob(1), "b": blob(2).astype(np.uint8)}, SPACING, {}, "mask_not_boolean", "case x, b.*uint8"),
        ({"a": blob(1), "b": blob(2)}, (1.0, 0.0, 1.0), {}, "spacing_impossible", "case x"),
        ({"a": blob(1), "b": blob(2)}, (1.0, math.nan, 1.0), {}, "spacing_impossible", "case x"),
        ({"a": blob(1), "b": blob(2)}, (1.0, 1.0), {}, "spacing_of_other_axes", "3 axes with 2"),
        ({"a": blob(1)}, SPACING, {"tolerances_mm": (-1.0,)}, "tolerance_impossible", r"not -1\.0"),
    ],
)
def test_bad_input_is_refused_by_name(masks: Any, spacing: Any, options: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        mask_agreement([CaseMasks("x", spacing, masks)], **options)
    assert refused.value.code == code


def test_a_case_that_comes_twice_is_refused() -> None:
    with pytest.raises(AnalysisError, match="case x comes more than once"):
        mask_agreement([CaseMasks("x", SPACING, {}), CaseMasks("x", SPACING, {})])


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_swapping_flips_only_the_volume_and_a_margin_changes_nothing(seed: int, rng: random.Random) -> None:
    a, b = blob(seed, (5, 8, 9)), blob(seed + 1, (5, 8, 9))
    one, other = compare_masks(a, b, SPACING), compare_masks(b, a, SPACING)
    symmetric = ("dice", "jaccard", "hausdorff_mm", "hausdorff95_mm", "surface_dice")
    assert [getattr(one, name) for name in symmetric] == [getattr(other, name) for name in symmetric]
    assert one.assd_mm == pytest.approx(number(other.assd_mm), rel=1e-14)
    assert other.volume_difference_ml == -one.volume_difference_ml
    width = rng.randint(1, 4)
    padded: MaskComparison = compare_masks(np.pad(a, width), np.pad(b, width), SPACING)
    assert padded == one
