"""Diameters of masks against scikit-image, against a search over all directions, and on ellipses of known axes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.masks.calliper import (
    EMPTY,
    LEVEL,
    MAX_PARTS,
    SIGMA_PX,
    TOO_NARROW,
    MaskAxes,
    convex_hull,
    is_borderline,
    largest_diameter,
    mask_axes,
    mask_volume_ml,
    outlines_mm,
    smallest_width,
)
from tests.reference.masks.make_vectors import calliper_vectors, mask_of

CUTOFF_MM = 7.0


def ellipse(
    rng: np.random.Generator, spacing_mm: tuple[float, float], short_mm: float, long_mm: float
) -> NDArray[np.bool_]:
    """One slice with a turned ellipse off the grid's middle: pixels whose center lies within it."""
    counts = [int(30 / spacing) for spacing in spacing_mm]
    shift = rng.uniform(-0.5, 0.5, 2)
    y, x = (
        (np.arange(count) - count // 2 + off) * spacing
        for count, off, spacing in zip(counts, shift, spacing_mm, strict=True)
    )
    turn = rng.uniform(0.0, np.pi)
    along = x * np.cos(turn) + y[:, None] * np.sin(turn)
    across = y[:, None] * np.cos(turn) - x * np.sin(turn)
    return np.asarray((2 * along / long_mm) ** 2 + (2 * across / short_mm) ** 2 <= 1.0)[None]


def axes_of(mask: NDArray[np.bool_], spacing_mm: tuple[float, float] = (0.6, 0.6)) -> MaskAxes:
    axes = mask_axes(mask, spacing_mm, 3.5)
    assert isinstance(axes, MaskAxes)
    return axes


def test_agrees_with_scikit_image(reference: Callable[[str], Any]) -> None:
    """tests/reference/masks/skimage.json: scikit-image 0.26.0, find_contours(gaussian(mask, 0.85), 0.5).

    Its widths are searched on 7200 directions, so they may be too large by a thousandth of a millimeter.
    """
    values = reference("masks/skimage.json")
    assert values["scikit-image"] == "0.26.0"
    compared = 0
    for one in reference("masks/calliper.json")["masks"]:
        measured = mask_axes(mask_of(one["runs"], one["shape"]), tuple(one["spacing_mm"]), one["step_mm"])
        if one["name"] not in values["masks"]:
            assert isinstance(measured, NotEstimable)
            continue
        assert isinstance(measured, MaskAxes)
        outline = values["masks"][one["name"]]["outline"]
        assert measured.slice == outline["slice"]
        assert measured.short_axis_mm == pytest.approx(outline["short_axis_mm"], abs=0.001)
        assert measured.long_axis_mm == pytest.approx(outline["long_axis_mm"], abs=0.001)
        compared += 1
    assert compared > 20


def test_lies_near_the_axes_of_the_moments(reference: Callable[[str], Any]) -> None:
    """scikit-image 0.26.0, regionprops(label(mask), spacing=...): another definition, equal for ellipses."""
    values = reference("masks/skimage.json")["masks"]
    single = [name for name in values if name.startswith("1 ellipses")]
    assert len(single) == 8
    for one in reference("masks/calliper.json")["masks"]:
        if one["name"] in single:
            moments = values[one["name"]]["moments"]
            assert one["expected"]["short_axis_mm"] == pytest.approx(moments["minor_mm"], abs=0.35)
            assert one["expected"]["long_axis_mm"] == pytest.approx(moments["major_mm"], abs=0.35)


def test_the_vectors_are_those_of_this_program(reference: Callable[[str], Any]) -> None:
    stored = reference("masks/calliper.json")["masks"]
    for one, made in zip(stored, calliper_vectors(), strict=True):
        assert one["runs"] == made["runs"]
        assert one["expected"].keys() == made["expected"].keys()
        for key, value in one["expected"].items():
            assert made["expected"][key] == (
                pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
            )


@pytest.mark.parametrize(
    ("spacing_mm", "bias_mm", "right"),
    [((0.6, 0.6), 0.05, 0.95), ((0.4, 0.4), 0.05, 0.95), ((0.8, 0.8), 0.1, 0.9), ((0.5, 0.9), 0.05, 0.9)],
)
def test_decides_at_seven_millimeters(spacing_mm: tuple[float, float], bias_mm: float, right: float) -> None:
    """Ellipses of 6 to 8 mm: nearly unbiased, mostly on the right side of 7 mm, and borderline where not."""
    rng = np.random.default_rng(7)
    true = rng.uniform(6.0, 8.0, 300)
    drawn = [ellipse(rng, spacing_mm, short, short * rng.uniform(1.1, 1.75)) for short in true]
    measured = np.array([axes_of(mask, spacing_mm).short_axis_mm for mask in drawn])
    error = measured - true
    is_right = (measured >= CUTOFF_MM) == (true >= CUTOFF_MM)
    assert abs(error.mean()) < bias_mm
    assert error.std() < 0.2
    assert is_right.mean() >= right
    assert all(is_borderline(short, CUTOFF_MM, max(spacing_mm)) for short in measured[~is_right])


def test_hull_and_widths_equal_a_search() -> None:
    rng = np.random.default_rng(3)
    directions = np.pi * np.arange(20_000) / 20_000
    for _ in range(20):
        points = rng.normal(0.0, (4.0, 2.0), (60, 2)) @ np.array([[0.8, 0.6], [-0.6, 0.8]])
        along = points @ np.stack([np.cos(directions), np.sin(directions)])
        widths = along.max(axis=0) - along.min(axis=0)
        hull = convex_hull(points)
        assert smallest_width(hull) == pytest.approx(widths.min(), abs=0.005)
        assert smallest_width(hull) <= widths.min() + 1e-12
        assert largest_diameter(hull) == pytest.approx(widths.max(), abs=1e-6)
    assert (
        len(convex_hull(np.array([[0, 0], [1, 0], [2, 0], [2, 2], [0, 2], [1, 1], [0, 0]], dtype=float))) == 4
    )


def test_turning_mirroring_and_moving_change_nothing() -> None:
    rng = np.random.default_rng(12)
    mask = ellipse(rng, (0.6, 0.6), 6.3, 9.9)
    plain = axes_of(mask)
    moved = np.zeros((3, 90, 80), dtype=bool)
    moved[2, 30:80, 5:55] = mask[0]
    for other in (np.rot90(mask, axes=(1, 2)), mask[:, ::-1], mask[:, :, ::-1], moved):
        axes = axes_of(np.ascontiguousarray(other))
        assert axes.short_axis_mm == pytest.approx(plain.short_axis_mm, abs=1e-9)
        assert axes.long_axis_mm == pytest.approx(plain.long_axis_mm, abs=1e-9)
    assert axes_of(moved).slice == 2
    doubled = axes_of(mask, (1.2, 1.2))
    assert doubled.short_axis_mm == pytest.approx(2 * plain.short_axis_mm, abs=1e-9)


def test_takes_the_slice_and_the_part_with_the_largest_short_axis() -> None:
    rng = np.random.default_rng(2)
    long_thin = ellipse(rng, (0.6, 0.6), 4.0, 16.0)
    compact = ellipse(rng, (0.6, 0.6), 7.0, 8.0)
    stack = np.concatenate([long_thin, compact, long_thin])
    assert axes_of(stack).slice == 1
    side_by_side = np.concatenate([long_thin, compact], axis=2)
    assert axes_of(side_by_side).short_axis_mm == pytest.approx(axes_of(compact).short_axis_mm, abs=1e-12)
    assert axes_of(side_by_side).long_axis_mm == pytest.approx(axes_of(compact).long_axis_mm, abs=1e-12)


def slow_outlines(
    plane: NDArray[np.bool_], spacing_mm: tuple[float, float]
) -> list[set[tuple[float, float]]]:
    """Part by part and pixel by pixel over the whole plane, four neighbors each."""
    smooth = gaussian_filter(np.pad(plane.astype(float), 4), SIGMA_PX)
    labels, count = label(smooth > LEVEL)
    outlines: list[set[tuple[float, float]]] = []
    for part in range(1, count + 1):
        points = set()
        for row, column in np.argwhere(labels == part):
            for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                high, low = smooth[row, column], smooth[row + down, column + right]
                if low <= LEVEL:
                    share = (high - LEVEL) / (high - low)
                    y, x = row + down * share - 4, column + right * share - 4
                    points.add((round(x * spacing_mm[1], 9), round(y * spacing_mm[0], 9)))
        outlines.append(points)
    return outlines


def specks(rows: int, columns: int) -> NDArray[np.bool_]:
    """A plane full of specks of three by three pixels, three pixels apart."""
    row, column = np.indices((rows, columns)) % 6
    return np.asarray((row < 3) & (column < 3))


def test_outlines_and_axes_of_many_parts_are_those_of_the_slow_way() -> None:
    rng = np.random.default_rng(19)
    spacing_mm = (0.5, 0.9)
    noise = [gaussian_filter(rng.normal(size=(40, 50)), 1.2) > 0.15 for _ in range(10)]
    for plane in (specks(30, 36), *noise):
        found = outlines_mm(plane, spacing_mm)
        slow = slow_outlines(plane, spacing_mm)
        assert [{(round(x, 9), round(y, 9)) for x, y in one} for one in found] == slow
        hulls = [convex_hull(np.array(sorted(one))) for one in slow]
        widest = max(hulls, key=smallest_width)
        axes = axes_of(plane[None], spacing_mm)
        assert axes.short_axis_mm == pytest.approx(smallest_width(widest), abs=1e-6)
        assert any(
            axes.long_axis_mm == pytest.approx(largest_diameter(hull), abs=1e-6)
            for hull in hulls
            if smallest_width(hull) == pytest.approx(axes.short_axis_mm, abs=1e-6)
        )


def test_a_slice_of_too_many_parts_is_refused_by_its_number() -> None:
    one_part = np.zeros((270, 270), dtype=bool)
    one_part[:5, :5] = True
    with pytest.raises(AnalysisError, match=f"slice 2 has 2025 parts; {MAX_PARTS} are measured") as caught:
        mask_axes(np.stack([one_part, specks(270, 270)]), (0.6, 0.6), 3.5)
    assert caught.value.code == "too_many_parts"
    whole = mask_axes(specks(264, 270)[None], (0.6, 0.6), 3.5)
    assert isinstance(whole, MaskAxes)
    single = mask_axes(specks(6, 6)[None], (0.6, 0.6), 3.5)
    assert isinstance(single, MaskAxes)
    assert whole.short_axis_mm == pytest.approx(single.short_axis_mm, abs=0.01)


def test_a_mask_may_fill_the_image_to_its_edge() -> None:
    assert axes_of(np.ones((1, 10, 20), dtype=bool)).short_axis_mm == pytest.approx(6.0, abs=1e-9)


def test_what_cannot_be_measured_says_why() -> None:
    empty = np.zeros((2, 9, 9), dtype=bool)
    assert mask_axes(empty, (0.6, 0.6), 3.5) is EMPTY
    point = empty.copy()
    point[1, 4, 4] = True
    assert mask_axes(point, (0.6, 0.6), 3.5) is TOO_NARROW
    assert mask_volume_ml(point, (0.6, 0.6), 3.5) == pytest.approx(0.6 * 0.6 * 3.5 / 1000)
    assert mask_volume_ml(point, (0.6, 0.6), None) is None
    assert mask_volume_ml(empty, (0.6, 0.6), 3.5) == 0.0


@pytest.mark.parametrize(
    ("mask", "spacing_mm", "step_mm", "code"),
    [
        (np.zeros((4, 4), dtype=bool), (1.0, 1.0), 1.0, "mask_not_3d"),
        (np.zeros((1, 4, 4), dtype=np.uint8), (1.0, 1.0), 1.0, "mask_not_boolean"),
        (np.zeros((1, 4, 4), dtype=bool), (0.0, 1.0), 1.0, "spacing_not_positive"),
        (np.zeros((1, 4, 4), dtype=bool), (1.0, float("nan")), 1.0, "spacing_not_positive"),
        (np.zeros((1, 4, 4), dtype=bool), (1.0, 1.0), -2.0, "spacing_not_positive"),
    ],
)
def test_bad_input_is_named(
    mask: NDArray[Any], spacing_mm: tuple[float, float], step_mm: float, code: str
) -> None:
    with pytest.raises(AnalysisError) as caught:
        mask_axes(mask, spacing_mm, step_mm)
    assert caught.value.code == code


def test_borderline_is_within_one_pixel() -> None:
    assert [is_borderline(mm, 7.0, 0.6) for mm in (6.39, 6.4, 7.0, 7.6, 7.61)] == [
        False,
        True,
        True,
        True,
        False,
    ]
