"""Several series at once: panes, linked scrolling, reference lines, other planes; known pixels and positions."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, expect

from tests.factories.dicom_files import CORNER, CORONAL, mr_slice, save

from .conftest import PATIENCE_MS, SignIn, fill_sign_in, without_webgl
from .reading import drag, image_rect, open_next
from .studies import PASSWORD, READER, study_in_reading
from .viewing import Grid, assert_gray, expect_slice, show_series, viewer

# 24 slices of 24 by 32 pixels of 1 mm by 0.75 mm, 2 mm apart: 48 mm up, 24 mm deep and 24 mm wide.
ROWS, COLUMNS, SLICES = 24, 32, 24
ROW_MM, COLUMN_MM, STEP_MM = 1.0, 0.75, 2.0
BLOCK = 8
GAP_AT = 10
CENTER, WIDTH = 400.0, 800.0
MIDDLE = SLICES // 2 + 1
AXIAL_GRID = Grid(rows=ROWS, columns=COLUMNS, row_spacing_mm=ROW_MM, column_spacing_mm=COLUMN_MM)
# Rows to the patient's back, and slices from the head down.
SAGITTAL_GRID = Grid(rows=SLICES, columns=ROWS, row_spacing_mm=STEP_MM, column_spacing_mm=ROW_MM)
CORONAL_GRID = Grid(rows=SLICES, columns=COLUMNS, row_spacing_mm=STEP_MM, column_spacing_mm=COLUMN_MM)
SPACING = {"PixelSpacing": [ROW_MM, COLUMN_MM], "WindowCenter": CENTER, "WindowWidth": WIDTH}
# The axial T1 begins 5 mm higher and has slices 3 mm apart.
T1_STEP_MM, T1_START_MM, T1_SLICES = 3.0, 5.0, 12
CORONAL_STEP_MM, CORONAL_SLICES = 4.0, 6
WITHIN_PIXELS = 1.5
NO_WEBGL = "Other planes need WebGL, which this browser does not offer here."


def value(slices: Any, rows: Any, columns: Any) -> Any:
    """Blocks of 8 by 8 by 8 voxels, each of its own value: 100 to 660."""
    blocks = (np.asarray(slices) // BLOCK, np.asarray(rows) // BLOCK, np.asarray(columns) // BLOCK)
    return 100 + 64 * blocks[0] + 192 * blocks[1] + 16 * blocks[2]


def voxels() -> NDArray[np.uint16]:
    return value(*np.indices((SLICES, ROWS, COLUMNS))).astype(np.uint16)


def gray(stored: float) -> float:
    return float(np.clip((stored - (CENTER - WIDTH / 2)) / WIDTH, 0, 1)) * 255


def write(folder: Path, number: int, description: str, *, gap_mm: float = 0.0, **attributes: Any) -> None:
    """The blocks as a series; its upper slices are raised by a gap."""
    for index, pixels in enumerate(voxels()):
        series = {"series": f"1.2.3.{number}", "SeriesNumber": number, "SeriesDescription": description}
        made = mr_slice(index, pixels=pixels, step=STEP_MM, **{**series, **SPACING, **attributes})
        height = CORNER[2] + STEP_MM * index + (gap_mm if index >= GAP_AT else 0)
        made.ImagePositionPatient = [float(CORNER[0]), float(CORNER[1]), float(height)]
        save(made, folder / f"{number}-{index}.dcm")


def write_shifted(folder: Path) -> None:
    """An axial series at other places of the same patient."""
    for index in range(T1_SLICES):
        made = mr_slice(
            index,
            pixels=np.full((ROWS, COLUMNS), 300 + 20 * index, np.uint16),
            series="1.2.3.2",
            SeriesNumber=2,
            SeriesDescription="t1_tse_tra",
            **SPACING,
        )
        height = CORNER[2] + T1_START_MM + T1_STEP_MM * index
        made.ImagePositionPatient = [float(CORNER[0]), float(CORNER[1]), float(height)]
        save(made, folder / f"2-{index}.dcm")


def write_coronal(folder: Path) -> None:
    """Coronal slices through the same block, the first at its front, rows from 48 mm above its lowest slice down."""
    for index in range(CORONAL_SLICES):
        made = mr_slice(
            index,
            pixels=np.full((48, COLUMNS), 200 + 50 * index, np.uint16),
            series="1.2.3.3",
            SeriesNumber=3,
            SeriesDescription="t2_tse_cor",
            orientation=CORONAL,
            **SPACING,
        )
        depth = CORNER[1] + CORONAL_STEP_MM * index
        made.ImagePositionPatient = [float(CORNER[0]), float(depth), float(CORNER[2] + 48)]
        save(made, folder / f"3-{index}.dcm")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before an axial T2 of known voxels, an axial T1 at other places, and a coronal T2."""
    write(tmp_path, 1, "t2_tse_tra")
    write_shifted(tmp_path)
    write_coronal(tmp_path)
    return before_case(tmp_path, sign_in)


@pytest.fixture
def page_of_planes(tmp_path: Path, sign_in: SignIn) -> Page:
    """The same voxels three times: as they are, with black and white exchanged, and with a gap between two slices."""
    write(tmp_path, 1, "t2_tse_tra")
    write(tmp_path, 2, "t1_tse_tra", PhotometricInterpretation="MONOCHROME1")
    write(tmp_path, 3, "stir_tra", gap_mm=0.4 * STEP_MM)
    return before_case(tmp_path, sign_in)


def before_case(folder: Path, sign_in: SignIn) -> Page:
    study_in_reading(folder, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def pane(page: Page, place: int) -> Locator:
    return page.locator(f"[data-pane='{place}']")


def choose_layout(page: Page, rows: int, columns: int) -> None:
    page.get_by_role("button", name=re.compile("^Layout,")).click()
    page.get_by_role("menuitem", name=f"{rows} by {columns}").click()
    expect(page.locator("[data-pane]")).to_have_count(rows * columns)


def choose_plane(page: Page, label: str) -> None:
    page.get_by_role("button", name=re.compile("^Layout,")).click()
    page.get_by_role("menuitem", name=label).click()
    expect(viewer(page)).to_have_attribute("data-rendered", "true")


def activate(page: Page, place: int) -> None:
    """A click with the middle button moves nothing."""
    pane(page, place).click(button="middle", position={"x": 60, "y": 90})
    expect(pane(page, place)).to_have_attribute("data-viewer", "true")


def thumbnail(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Show {title},"))


def wait_for_panes(page: Page, *slices: int) -> None:
    """Until the panes show series of so many slices, all of them loaded."""
    for place, count in enumerate(slices):
        expect(pane(page, place)).to_have_attribute("data-loaded", f"{count}/{count}")
        expect(pane(page, place)).to_have_attribute("data-rendered", "true")


def show_in(page: Page, place: int, title: str, slices: int) -> None:
    activate(page, place)
    thumbnail(page, title).click()
    expect(pane(page, place)).to_have_attribute("data-loaded", f"{slices}/{slices}")
    expect(pane(page, place)).to_have_attribute("data-rendered", "true")


def test_a_layout_shows_every_series_and_each_pane_keeps_its_own_view(page: Page) -> None:
    expect(page.locator("[data-viewer]")).to_have_count(1)
    choose_layout(page, 2, 2)
    wait_for_panes(page, SLICES, CORONAL_SLICES, T1_SLICES)
    expect(pane(page, 3)).to_contain_text("Choose a series for this pane.")
    assert len({pane(page, place).get_attribute("data-series") for place in range(3)}) == 3
    expect(pane(page, 0)).to_have_attribute("data-viewer", "true")
    assert_gray(page, AXIAL_GRID, 4, 4, gray(value(MIDDLE - 1, 4, 4)))

    activate(page, 1)
    page.keyboard.press("Home")
    page.keyboard.press("i")
    expect_slice(page, 1)
    expect(pane(page, 0)).to_have_attribute("data-slice", str(MIDDLE))
    page.keyboard.press("Control+ArrowRight")
    expect(pane(page, 2)).to_have_attribute("data-viewer", "true")
    expect(pane(page, 2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(pane(page, 3)).to_have_attribute("data-viewer", "true")
    page.keyboard.press("Control+ArrowRight")
    expect(pane(page, 0)).to_be_focused()
    # The arrows to the side alone do the same, and leave the slices as they are.
    page.keyboard.press("ArrowRight")
    expect(pane(page, 1)).to_be_focused()
    expect_slice(page, 1)
    page.keyboard.press("ArrowLeft")
    expect(pane(page, 0)).to_be_focused()
    expect_slice(page, MIDDLE)
    page.keyboard.press("ArrowDown")
    expect_slice(page, MIDDLE + 1)
    assert_gray(page, AXIAL_GRID, 20, 12, gray(value(MIDDLE, 12, 20)))


def test_the_tabs_and_the_strip_show_a_series_in_the_active_pane(page: Page) -> None:
    choose_layout(page, 1, 2)
    activate(page, 1)
    show_series(page, "T2W coronal")
    expect(pane(page, 1)).to_have_attribute("data-loaded", f"{CORONAL_SLICES}/{CORONAL_SLICES}")
    activate(page, 0)
    expect(page.get_by_role("tab", selected=True)).to_have_text("T2W axial")
    expect(thumbnail(page, "T2W axial")).to_have_attribute("aria-pressed", "true")
    expect(thumbnail(page, "T2W coronal")).to_have_attribute("data-shown", "true")
    expect(thumbnail(page, "T1 axial")).not_to_have_attribute("data-shown", "true")
    for title in ("T2W axial", "T1 axial", "T2W coronal"):
        expect(thumbnail(page, title).locator("canvas")).to_have_attribute("data-painted", "true")
    thumbnail(page, "T1 axial").drag_to(pane(page, 1))
    expect(pane(page, 1)).to_have_attribute("data-loaded", f"{T1_SLICES}/{T1_SLICES}")
    expect(pane(page, 1)).to_have_attribute("data-viewer", "true")


def test_linked_panes_go_to_the_slice_at_the_same_height(page: Page) -> None:
    choose_layout(page, 1, 3)
    wait_for_panes(page, SLICES, CORONAL_SLICES, T1_SLICES)
    activate(page, 0)
    coronal = pane(page, 1).get_attribute("data-slice")
    page.get_by_role("button", name="Link panes").click()
    viewer(page).focus()
    page.keyboard.press("Home")
    expect_slice(page, 1)
    expect(pane(page, 2)).to_have_attribute("data-slice", "1")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    expect_slice(page, 11)
    # 20 mm above the lowest slice; the T1 has slices at 5, 8, ..., 20 mm.
    expect(pane(page, 2)).to_have_attribute("data-slice", "6")
    page.mouse.move(*center_of(page, 2))
    page.mouse.wheel(0, 100)
    expect(pane(page, 2)).to_have_attribute("data-slice", "7")
    # 23 mm is between the slices at 22 and 24 mm, and the first of equals is taken.
    expect(pane(page, 0)).to_have_attribute("data-slice", "12")
    expect(pane(page, 1)).to_have_attribute("data-slice", str(coronal))
    page.keyboard.press("g")
    page.keyboard.press("End")
    expect(pane(page, 2)).to_have_attribute("data-slice", str(T1_SLICES))
    expect(pane(page, 0)).to_have_attribute("data-slice", "12")


def test_a_pane_that_comes_to_linked_ones_goes_to_the_slice_of_the_active_one(page: Page) -> None:
    choose_layout(page, 1, 2)
    wait_for_panes(page, SLICES, CORONAL_SLICES)
    activate(page, 0)
    page.get_by_role("button", name="Link panes").click()
    viewer(page).focus()
    page.keyboard.press("End")
    expect_slice(page, SLICES)
    # By itself it would begin in its middle: it is sent on while it takes its images.
    choose_layout(page, 1, 3)
    wait_for_panes(page, SLICES, CORONAL_SLICES, T1_SLICES)
    expect(pane(page, 2)).to_have_attribute("data-slice", str(T1_SLICES))
    expect(pane(page, 2)).not_to_contain_text("loading")
    expect(pane(page, 2)).to_have_attribute("data-window", f"{CENTER:g}/{WIDTH:g}")
    activate(page, 0)
    page.keyboard.press("Home")
    expect(pane(page, 2)).to_have_attribute("data-slice", "1")


def center_of(page: Page, place: int) -> tuple[float, float]:
    box = pane(page, place).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pane_rect(page: Page, place: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of a pane's image, from the pane's corner."""
    rect = pane(page, place).get_attribute("data-image-rect")
    assert rect is not None
    left, top, width, height = (float(part) for part in rect.split(","))
    return left, top, width, height


def test_a_line_shows_where_the_active_slice_cuts_the_other_pane(page: Page) -> None:
    choose_layout(page, 1, 2)
    show_in(page, 1, "T2W coronal", CORONAL_SLICES)
    activate(page, 0)
    page.keyboard.press("Home")
    expect_slice(page, 1)
    # The coronal image begins half a millimeter above the lowest slice.
    page.keyboard.press("ArrowDown")
    line = pane(page, 1).locator("[data-reference-line]")
    expect(line).to_have_attribute("data-reference-line", "axial")
    expect(pane(page, 0).locator("[data-reference-line]")).to_have_count(0)
    for slice_number in (2, 11):
        page.keyboard.press("Home")
        for _ in range(slice_number - 1):
            page.keyboard.press("ArrowDown")
        expect_slice(page, slice_number)
        left, top, width, height = pane_rect(page, 1)
        # The middle of the first row lies 48 mm above the lowest slice; rows are 1 mm high.
        y = top + (48 - STEP_MM * (slice_number - 1) + 0.5) / 48 * height
        expect(line).to_have_attribute("y1", re.compile(rf"^{int(y)}\.|^{int(y - 1)}\.|^{int(y + 1)}\."))
        ends = sorted(float(line.get_attribute(end) or 0) for end in ("x1", "x2"))
        assert ends == pytest.approx([left, left + width], abs=WITHIN_PIXELS)
        for end in ("y1", "y2"):
            assert float(line.get_attribute(end) or 0) == pytest.approx(y, abs=WITHIN_PIXELS)
    page.get_by_role("button", name=re.compile("^Layout,")).click()
    page.get_by_role("menuitem", name="Hide lines of the active slice").click()
    expect(line).to_have_count(0)


def test_the_crosshair_brings_every_pane_to_the_place_clicked(page: Page) -> None:
    choose_layout(page, 1, 3)
    wait_for_panes(page, SLICES, CORONAL_SLICES, T1_SLICES)
    activate(page, 0)
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect_slice(page, MIDDLE - 3)
    left, top, width, height = image_rect(page)
    # The middle of column 16 and row 16: 16 mm behind the front, 18 mm above the lowest slice.
    page.mouse.click(left + 16.5 / COLUMNS * width, top + 16.5 / ROWS * height)
    expect(pane(page, 2)).to_have_attribute("data-slice", "5")
    expect(pane(page, 1)).to_have_attribute("data-slice", "5")
    expect(viewer(page)).to_have_attribute("data-window", f"{CENTER:g}/{WIDTH:g}")
    cross = pane(page, 1).locator("[data-crosshair]")
    expect(cross).to_have_count(1)
    x, y = (float(part) for part in (cross.get_attribute("data-crosshair") or "").split(","))
    left, top, width, height = pane_rect(page, 1)
    assert x == pytest.approx(left + 16.5 / COLUMNS * width, abs=WITHIN_PIXELS)
    assert y == pytest.approx(top + (48 - 18 + 0.5) / 48 * height, abs=WITHIN_PIXELS)
    page.keyboard.press("x")
    expect(page.locator("[data-crosshair]")).to_have_count(0)


def test_a_double_click_enlarges_a_pane_and_puts_it_back(page: Page) -> None:
    choose_layout(page, 2, 2)
    small = pane(page, 1).bounding_box()
    assert small is not None
    pane(page, 1).dblclick(position={"x": 60, "y": 60})
    expect(pane(page, 1)).to_have_attribute("data-maximized", "true")
    expect(pane(page, 0)).to_be_hidden()
    large = pane(page, 1).bounding_box()
    assert large is not None
    assert large["width"] == pytest.approx(2 * small["width"], abs=2)
    page.wait_for_function(IS_CRISP).dispose()
    page.keyboard.press(".")
    expect(pane(page, 0)).to_be_visible()
    page.wait_for_function(IS_CRISP).dispose()
    choose_layout(page, 1, 1)
    expect(page.get_by_role("tab", selected=True)).to_have_text("T2W coronal")


# Every canvas has as many pixels as the screen shows of it.
IS_CRISP = """() => [...document.querySelectorAll("[data-viewer-canvas] canvas")].every((canvas) =>
    canvas.width === Math.round(canvas.clientWidth * devicePixelRatio)
    && canvas.height === Math.round(canvas.clientHeight * devicePixelRatio))"""


def test_canvases_stay_sharp_when_window_and_screen_change(page: Page) -> None:
    choose_layout(page, 1, 2)
    expect(pane(page, 1)).to_have_attribute("data-rendered", "true")
    session = page.context.new_cdp_session(page)
    for width, height, density in ((1920, 1080, 2), (1366, 768, 1.25), (3840, 2160, 1)):
        metrics = {"width": width, "height": height, "deviceScaleFactor": density, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", metrics)
        page.wait_for_function(f"() => devicePixelRatio === {density}").dispose()
        page.wait_for_function(IS_CRISP).dispose()
    session.send("Emulation.clearDeviceMetricsOverride")


def assert_plane(page: Page, grid: Grid, stored: NDArray[np.int64], *, inverted: bool = False) -> None:
    """The middles of blocks show their values."""
    for row in range(BLOCK // 2, grid.rows, BLOCK):
        for column in range(BLOCK // 2, grid.columns, BLOCK):
            expected = gray(float(stored[row, column]))
            assert_gray(page, grid, column, row, 255 - expected if inverted else expected)


def test_other_planes_show_the_stored_values(page_of_planes: Page) -> None:
    page = page_of_planes
    block = voxels().astype(np.int64)
    for title, inverted in (("T2W axial", False), ("T1 axial", True)):
        show_series(page, title)
        choose_plane(page, "Sagittal plane")
        expect(viewer(page)).to_have_attribute("data-plane", "sagittal")
        # From the patient's right; what is up is the head, so the last slice is the first row.
        at = COLUMNS // 2 + 1
        expect_slice(page, at)
        assert_plane(page, SAGITTAL_GRID, block[::-1, :, at - 1], inverted=inverted)
        page.keyboard.press("Home")
        expect_slice(page, 1)
        assert_plane(page, SAGITTAL_GRID, block[::-1, :, 0], inverted=inverted)
        choose_plane(page, "Coronal plane")
        page.keyboard.press("End")
        expect_slice(page, ROWS)
        assert_plane(page, CORONAL_GRID, block[::-1, -1, :], inverted=inverted)
        choose_plane(page, "Axial plane")
        expect_slice(page, MIDDLE)
        assert_plane(page, AXIAL_GRID, block[MIDDLE - 1], inverted=inverted)
        choose_plane(page, "As it was taken")
        assert_plane(page, AXIAL_GRID, block[MIDDLE - 1], inverted=inverted)


def test_three_planes_stand_side_by_side_with_their_lines(page_of_planes: Page) -> None:
    page = page_of_planes
    choose_plane(page, "Three planes side by side")
    for place, plane in ((1, "sagittal"), (2, "coronal")):
        expect(pane(page, place)).to_have_attribute("data-plane", plane)
        expect(pane(page, place)).to_have_attribute("data-rendered", "true")
        expect(pane(page, place).locator("[data-reference-line='axial']")).to_have_count(1)
    activate(page, 1)
    expect(pane(page, 2).locator("[data-reference-line='sagittal']")).to_have_count(1)
    before = viewer(page).get_attribute("data-image-rect")
    page.mouse.move(*center_of(page, 1))
    page.mouse.wheel(0, 100)
    expect_slice(page, COLUMNS // 2 + 2)
    # Nothing is drawn on slices that were not taken.
    page.keyboard.press("b")
    box = pane(page, 1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 160)
    page.mouse.up()
    expect(page.locator("[data-hint]")).to_contain_text("Drawings are made on the images as they were taken")
    expect(page.locator("[data-measurement]")).to_have_count(0)
    assert viewer(page).get_attribute("data-image-rect") == before


def test_the_probe_tells_the_voxel_in_planes_across_the_slices(page_of_planes: Page) -> None:
    page = page_of_planes
    choose_plane(page, "Sagittal")
    expect(viewer(page)).to_have_attribute("data-plane", "sagittal")
    column = int(viewer(page).get_attribute("data-slice") or 0) - 1
    page.keyboard.press("s")
    told = page.locator("[data-probe]")
    left, top, width, height = image_rect(page)
    for row, slice_number in ((4, 20), (19, 3)):
        # Rows of the image are slices from the head down.
        down = SLICES - slice_number + 0.5
        page.mouse.move(left + (row + 0.5) * width / ROWS, top + down * height / SLICES)
        expect(told).to_contain_text(
            f"{value(slice_number - 1, row, column)} slice {slice_number}, column {column + 1}, row {row + 1}"
        )
    page.mouse.move(left + width / 2, top + height + 8)
    expect(told).to_have_count(0)


def test_the_magnifier_says_that_it_shows_acquired_images_only(page_of_planes: Page) -> None:
    page = page_of_planes
    choose_plane(page, "Sagittal")
    window = viewer(page).get_attribute("data-window")
    page.keyboard.press("q")
    expect(page.locator("[data-hint]")).to_contain_text("The magnifier shows the images as they were taken")
    left, top, width, height = image_rect(page)
    drag(page, (left + width / 3, top + height / 3), (left + width / 2, top + height / 2))
    assert viewer(page).get_attribute("data-window") == window


def test_a_series_with_a_gap_is_shown_as_it_was_taken_only(page_of_planes: Page) -> None:
    page = page_of_planes
    show_series(page, "MR axial")
    page.get_by_role("button", name=re.compile("^Layout,")).click()
    expect(page.get_by_role("menuitem", name="Sagittal plane")).to_be_disabled()
    expect(page.get_by_role("menuitem", name="Three planes side by side")).to_be_disabled()
    expect(page.get_by_text("The distances between its slices differ.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer(page)).to_have_attribute("data-rendered", "true")
    assert_plane(page, AXIAL_GRID, voxels().astype(np.int64)[MIDDLE - 1])


def test_without_webgl_images_are_shown_as_they_were_taken_and_other_planes_say_why_not(
    tmp_path: Path, server: str, chromium: Browser
) -> None:
    write(tmp_path, 1, "t2_tse_tra")
    planes = [
        {"role": "T2W", "kind": kind, "plane": plane, "start": None, "window": None}
        for kind, plane in (("stack", None), ("mpr", "sagittal"))
    ]
    hanging = {"rows": 1, "columns": 2, "panes": planes, "linked": True}
    study_in_reading(tmp_path, now=timezone.now(), hanging=hanging)
    with without_webgl(chromium) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server}/sign-in")
        fill_sign_in(page, READER, PASSWORD)
        open_next(page)
        assert not page.evaluate("() => document.createElement('canvas').getContext('webgl2')")
        expect_slice(page, MIDDLE)
        assert_plane(page, AXIAL_GRID, voxels().astype(np.int64)[MIDDLE - 1])
        expect(pane(page, 1).get_by_role("alert")).to_contain_text(NO_WEBGL)
        expect(
            page.get_by_text("No WebGL in this browser: images are drawn by the processor.")
        ).to_be_visible()
        page.get_by_role("button", name=re.compile("^Layout,")).click()
        for item in ("Sagittal plane", "Coronal plane", "Three planes side by side"):
            expect(page.get_by_role("menuitem", name=item)).to_be_disabled()
        expect(page.get_by_role("menu").get_by_text(NO_WEBGL)).to_be_visible()
        page.keyboard.press("Escape")
        # The pane can be used for what was taken.
        pane(page, 1).get_by_role("button", name="Show it as it was taken").click()
        expect(pane(page, 1)).to_have_attribute("data-loaded", f"{SLICES}/{SLICES}")
        expect(pane(page, 1)).to_have_attribute("data-rendered", "true")
        expect(pane(page, 1).get_by_role("alert")).to_have_count(0)
