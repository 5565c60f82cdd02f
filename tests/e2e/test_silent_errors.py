"""What the viewer's library shows wrongly without a word: known pixels of series that are each such a trap."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from tests.factories.dicom_files import mr_slice, save, set_pixels

from .conftest import PATIENCE_MS, SignIn, fill_sign_in, without_webgl
from .reading import image_rect, open_next
from .studies import PASSWORD, READER, study_in_reading
from .test_panes import choose_plane
from .viewing import Grid, assert_gray, drag_with, expect_slice, show_series, shown_window, viewer

GRID = Grid(rows=64, columns=64, row_spacing_mm=0.75, column_spacing_mm=0.75)
SLICES, STEP_MM, BLOCK = 5, 3.0, 16
MIDDLE = SLICES // 2 + 1
SAGITTAL_GRID = Grid(rows=SLICES, columns=64, row_spacing_mm=STEP_MM, column_spacing_mm=0.75)
# The middles of blocks, as column and row.
PLACES = ((8, 8), (24, 40), (40, 24), (56, 56))
CENTER, WIDTH = 500.0, 800.0
# Diffusivity in mm²/s: values of a thousandth, and windows far narrower than 1.
SLOPE = 1.2e-6
ADC: dict[str, Any] = {"RescaleSlope": SLOPE, "RescaleIntercept": 0, "window": (5e-4, 8e-4)}
# A scanner that writes another window with every slice.
OF_SLICES = ((200.0, 300.0), (350.0, 500.0), (CENTER, WIDTH), (650.0, 900.0), (800.0, 1000.0))


def stored(slice_number: int) -> NDArray[np.uint16]:
    """Flat blocks of 16 by 16 pixels, each of another value, 150 to 600 and 10 more with every slice."""
    rows, columns = np.indices((GRID.rows, GRID.columns)) // BLOCK
    return (150 + 30 * (rows * 4 + columns) + 10 * (slice_number - 1)).astype(np.uint16)


def write(
    folder: Path,
    number: int,
    description: str,
    *,
    window: tuple[float, float] | None = None,
    garbage: int = 0,
    **attributes: Any,
) -> None:
    """The blocks as a series; without a window each slice has its own. `garbage` stands above the bits that count."""
    for index in range(SLICES):
        made = mr_slice(index, series=f"1.2.3.{number}", SeriesNumber=number, SeriesDescription=description)
        set_pixels(made, stored(index + 1) | np.uint16(garbage), bits_stored=12)
        made.PixelSpacing = [GRID.row_spacing_mm, GRID.column_spacing_mm]
        made.WindowCenter, made.WindowWidth = window or OF_SLICES[index]
        for keyword, value in attributes.items():
            setattr(made, keyword, value)
        save(made, folder / f"{number}-{index}.dcm")


def study_of_traps(folder: Path) -> None:
    """A case with a series for each trap."""
    write(folder, 1, "t2_tse_tra", window=(CENTER, WIDTH), garbage=0x8000)
    write(folder, 2, "ep2d_diff_ADC", **ADC)
    write(folder, 3, "t1_tse_tra")
    write(folder, 4, "stir_tra", window=(CENTER, WIDTH), VOILUTFunction="SIGMOID")
    write(folder, 5, "ep2d_diff_b800", PhotometricInterpretation="MONOCHROME1", **ADC)
    study_in_reading(folder, now=timezone.now())


# What a stored value means in each series; below zero where its low values are bright.
SCALES = {"T2W axial": 1.0, "ADC axial": SLOPE, "T1 axial": 1.0, "MR axial": 1.0, "DWI axial": -SLOPE}


def assert_blocks(page: Page, grid: Grid, values: NDArray[Any], scale: float) -> None:
    """Grays rise with the values as the window says that stands below the image."""
    center, width = shown_window(page)
    for column, row in (
        PLACES if grid is GRID else [(column, row) for column, _ in PLACES for row in range(SLICES)]
    ):
        share = float(np.clip((abs(scale) * float(values[row, column]) - center) / width + 0.5, 0, 1))
        assert_gray(page, grid, column, row, 255 * (share if scale > 0 else 1 - share), 3)


def check_every_series(page: Page) -> None:
    assert sorted(page.get_by_role("tab").all_inner_texts()) == sorted(SCALES)
    # Back to the first one, too: what one series leaves in a pane must not hold for the next.
    for title in (*SCALES, next(iter(SCALES))):
        show_series(page, title)
        for key, slice_number in (("End", SLICES), ("Home", 1)):
            page.keyboard.press(key)
            expect_slice(page, slice_number)
            assert_blocks(page, GRID, stored(slice_number), SCALES[title])
    for title in ("ADC axial", "DWI axial"):
        show_series(page, title)
        page.keyboard.press("i")
        assert_blocks(page, GRID, stored(1), -SCALES[title])
        page.keyboard.press("3")
        assert_blocks(page, GRID, stored(1), -SCALES[title])
        page.keyboard.press("i")


def test_grays_are_those_of_the_values_and_of_the_window_that_is_written(
    tmp_path: Path, sign_in: SignIn
) -> None:
    study_of_traps(tmp_path)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    check_every_series(page)
    block = np.stack([stored(index + 1) for index in range(SLICES)])
    for title in ("ADC axial", "DWI axial"):
        show_series(page, title)
        choose_plane(page, "Sagittal plane")
        assert_blocks(page, SAGITTAL_GRID, block[::-1, :, GRID.columns // 2], SCALES[title])
        choose_plane(page, "As it was taken")


def test_grays_are_the_same_without_webgl(tmp_path: Path, server: str, chromium: Browser) -> None:
    study_of_traps(tmp_path)
    with without_webgl(chromium) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server}/sign-in")
        fill_sign_in(page, READER, PASSWORD)
        open_next(page)
        check_every_series(page)


def test_a_slice_that_does_not_come_is_told_and_loaded_again(tmp_path: Path, sign_in: SignIn) -> None:
    write(tmp_path, 1, "t2_tse_tra", window=(CENTER, WIDTH))
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    lost = re.compile(rf"/frames/{SLICES}$")
    page.context.route(lost, lambda route: route.abort())
    open_next(page)
    page.keyboard.press("End")
    told = viewer(page).get_by_role("alert")
    expect(told).to_contain_text(f"Slice {SLICES} could not be loaded.")
    expect(viewer(page)).to_contain_text("1 slice not loaded")
    page.context.unroute(lost)
    told.get_by_role("button", name="Load it again").click()
    expect_slice(page, SLICES)
    expect(told).to_have_count(0)
    assert_blocks(page, GRID, stored(SLICES), 1.0)


def test_the_scale_bar_is_as_long_as_it_says(tmp_path: Path, sign_in: SignIn) -> None:
    write(tmp_path, 1, "t2_tse_tra", window=(CENTER, WIDTH))
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    for by in ((0, 0), (0, -60)):
        drag_with(page, "right", by)
        bar = viewer(page).locator("[data-scale-bar]")
        number, unit = bar.locator("xpath=following-sibling::*").inner_text().split()
        box = bar.bounding_box()
        assert box is not None
        mm_per_pixel = GRID.columns * GRID.column_spacing_mm / image_rect(page)[2]
        assert box["width"] * mm_per_pixel == pytest.approx(
            float(number) * {"mm": 1, "cm": 10}[unit], rel=0.01
        )
