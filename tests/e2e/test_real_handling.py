"""What a hand does on MRI of two vendors: known lengths and pixels, and a region grown as the server would grow it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from pydicom import Dataset

from backend.analysis.masks.grow import Grown, grow_in_series
from inference.phantom.node_box import BoxGrid

from .conftest import SignIn
from .measuring import kept, notes
from .painting import FORM, Painted
from .reading import open_next
from .studies import PASSWORD, READER, study_in_reading
from .test_real_mri import PELVIS, SIEMENS, TOSHIBA, originals
from .viewing import Grid, drag_mm, expect_slice, viewer

# A column and a row on the slice of `PELVIS` from where a region of several slices grows.
PLACES = {SIEMENS: (193, 187), TOSHIBA: (239, 331)}
# Of the screen: a drag begins and ends on a whole one.
PIXEL_MM = 1.2


@pytest.mark.parametrize("name", list(PLACES))
def test_real_mri_is_measured_and_grown(
    name: str, shared_data: Path, server: str, sign_in: SignIn, screenshot: Any
) -> None:
    folder, slice_number = PELVIS[name]
    slices = originals(shared_data / name / folder)
    values = np.stack([one.pixel_array for one in slices])
    step = float(np.linalg.norm(np.subtract(slices[1].ImagePositionPatient, slices[0].ImagePositionPatient)))
    row_mm, column_mm = (float(one) for one in slices[0].PixelSpacing)
    study_in_reading(shared_data / name / folder, now=timezone.now(), template="blank", form=FORM)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    expect(viewer(page)).to_have_attribute("data-loaded", f"{len(values)}/{len(values)}")
    page.keyboard.press("Home")
    for _ in range(slice_number - 1):
        page.keyboard.press("ArrowDown")
    expect_slice(page, slice_number)
    grid = Grid(*values.shape[1:], row_spacing_mm=row_mm, column_spacing_mm=column_mm)
    check_length(page, grid)
    check_ellipse(page, grid, slices[slice_number - 1])
    column, row = PLACES[name]
    voxels = BoxGrid(shape=values.shape, spacing_mm=(step, row_mm, column_mm), thickness_mm=step)
    check_region(Painted(page, voxels), values, (slice_number - 1, row, column))
    screenshot(page, f"real-{name}-grown")


def check_length(page: Page, grid: Grid) -> None:
    page.keyboard.press("d")
    down = grid.rows * grid.row_spacing_mm / 3
    drag_mm(page, grid, (40, down), (100, down))
    expect(notes(page)).to_have_count(1)
    assert kept("length")[0]["values"]["length_mm"] == pytest.approx(60, abs=PIXEL_MM)


def check_ellipse(page: Page, grid: Grid, original: Dataset) -> None:
    """Its statistics are those of the scanner's own pixels within the ellipse that the server keeps."""
    page.keyboard.press("e")
    middle = grid.columns * grid.column_spacing_mm / 2, grid.rows * grid.row_spacing_mm / 2
    drag_mm(page, grid, middle, (middle[0] + 12, middle[1] + 8))
    expect(notes(page)).to_have_count(2)
    (one,) = kept("ellipse")
    ends = np.array(one["points_mm"])
    half_x, half_y = np.linalg.norm(ends[1] - ends[0]) / 2, np.linalg.norm(ends[3] - ends[2]) / 2
    assert (half_x, half_y) == (pytest.approx(12, abs=PIXEL_MM), pytest.approx(8, abs=PIXEL_MM))
    across = np.array(original.ImageOrientationPatient, dtype=float).reshape(2, 3)
    x, y = across @ (ends.mean(axis=0) - np.array(original.ImagePositionPatient, dtype=float))
    values = original.pixel_array
    rows, columns = np.indices(values.shape)
    away_x = (columns * grid.column_spacing_mm - x) / half_x
    away_y = (rows * grid.row_spacing_mm - y) / half_y
    inside = values[away_x**2 + away_y**2 <= 1].astype(float)
    assert one["values"] == {
        "area_mm2": pytest.approx(np.pi * half_x * half_y, rel=1e-3),
        "pixels": pytest.approx(len(inside), abs=1),
        "mean": pytest.approx(inside.mean(), rel=1e-3),
        "sd": pytest.approx(inside.std(), rel=1e-2),
        "min": inside.min(),
        "max": inside.max(),
    }


def check_region(case: Painted, values: NDArray[Any], seed: tuple[int, int, int]) -> None:
    """A click grows, voxel by voxel, what the server's twin grows from the scanner's own pixels."""
    case.page.get_by_role("button", name="Paint: Lymph nodes").click()
    expect(viewer(case.page)).to_have_attribute("data-tool", "grow")
    case.click(seed[2], seed[1])
    expect(case.page.locator("[data-segment]")).to_have_count(1)
    grown = case.wait_for(lambda labels: bool(labels.any()), "the region lies on the server") == 1
    (segment,) = case.segments()
    column, row, slice_index = segment["origin"][0]["seed_ijk"]
    # A pixel of the image is hardly larger than one of the screen, on which the mouse stands.
    assert np.abs(np.subtract((slice_index, row, column), seed)).max() <= 1
    twin = grow_in_series(values, case.voxels.spacing_mm, (slice_index, row, column))
    assert isinstance(twin.result, Grown)
    expected = np.zeros(values.shape, bool)
    expected[twin.box] = twin.result.mask
    np.testing.assert_array_equal(grown, expected)
    assert np.count_nonzero(expected.any(axis=(1, 2))) > 1
