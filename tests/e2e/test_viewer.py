"""The viewer shows what is stored, and measures what is drawn: known pixels, real mouse and keyboard."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from backend.reads.models import Read
from tests.factories.dicom_files import CORONAL, ct_slice, mr_slice, save, set_pixels
from tests.flows.workers import wait_until

from .conftest import SignIn
from .reading import drag, image_rect, open_next, painted, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .viewing import (
    Grid,
    all_at_mm,
    assert_gray,
    at_mm,
    drag_mm,
    drag_with,
    expect_slice,
    letters,
    show_series,
    shown_window,
    take_tool,
    viewer,
    wait_for_mm,
    wait_for_rect,
    wait_until_narrower,
)

# Pixels that are not square: 96 rows of 0.5 mm and 64 columns of 0.75 mm are 48 mm by 48 mm.
GRID = Grid(rows=96, columns=64, row_spacing_mm=0.5, column_spacing_mm=0.75)
SLICES = 5
MIDDLE = SLICES // 2 + 1
BLOCK = 16
CENTER, WIDTH = 500.0, 800.0
WINDOW = {"WindowCenter": CENTER, "WindowWidth": WIDTH}
# The middles of blocks, as column and row.
PLACES = ((8, 8), (24, 40), (40, 24), (56, 88))
MIRRORED = (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CANVAS_MM = 0.5


def stored(slice_number: int) -> NDArray[np.int16]:
    """Flat blocks of 16 by 16 pixels, each of another value, 150 to 890 and 10 more with every slice."""
    rows, columns = np.indices((GRID.rows, GRID.columns)) // BLOCK
    return (150 + 30 * (rows * 4 + columns) + 10 * (slice_number - 1)).astype(np.int16)


def gray(value: float, center: float = CENTER, width: float = WIDTH) -> float:
    return float(np.clip((value - (center - width / 2)) / width, 0, 1)) * 255


def write_series(folder: Path, number: int, description: str, **attributes: Any) -> None:
    """One series of the examination, with the blocks in it."""
    for index in range(SLICES):
        pixels = stored(index + 1).astype(np.uint16)
        made = mr_slice(
            index,
            pixels=pixels,
            series=f"1.2.3.{number}",
            SeriesNumber=number,
            SeriesDescription=description,
            **{"PixelSpacing": [GRID.row_spacing_mm, GRID.column_spacing_mm], **WINDOW, **attributes},
        )
        save(made, folder / f"{number}-{index}.dcm")


def write_signed(folder: Path, number: int) -> None:
    """The same values by way of negative stored ones, slope and intercept."""
    for index in range(SLICES):
        made = ct_slice(index, series=f"1.2.3.{number}", SeriesNumber=number)
        set_pixels(made, ((stored(index + 1) - 700) // 2).astype(np.int16))
        made.RescaleSlope, made.RescaleIntercept = 2, 700
        made.PixelSpacing = [GRID.row_spacing_mm, GRID.column_spacing_mm]
        made.WindowCenter, made.WindowWidth = CENTER, WIDTH
        save(made, folder / f"{number}-{index}.dcm")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case of one axial series."""
    write_series(tmp_path, 1, "t2_tse_tra")
    return before_case(tmp_path, sign_in)


@pytest.fixture
def page_of_six(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case of six series of the same pixels, each stored in another way."""
    write_series(tmp_path, 1, "t2_tse_tra")
    write_series(tmp_path, 2, "t1_tse_tra", PhotometricInterpretation="MONOCHROME1")
    write_series(tmp_path, 3, "t2_tse_cor", orientation=CORONAL)
    write_series(tmp_path, 4, "stir", orientation=MIRRORED)
    write_series(tmp_path, 5, "adc", PixelSpacing=None)
    write_signed(tmp_path, 6)
    return before_case(tmp_path, sign_in)


def before_case(folder: Path, sign_in: SignIn) -> Page:
    study_in_reading(folder, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def test_gray_values_are_those_of_the_stored_pixels(page_of_six: Page) -> None:
    page = page_of_six
    expect(page.get_by_role("tab", selected=True)).to_have_text("T2W axial")
    page.keyboard.press("PageDown")
    expect(page.get_by_role("tab", selected=True)).to_have_text("T2W coronal")
    for title in ("T2W coronal", "T2W axial", "CT axial", "MR axial"):
        show_series(page, title)
        assert_blocks(page, MIDDLE)
    show_series(page, "T1 axial")
    assert_blocks(page, MIDDLE, inverted=True)
    page.keyboard.press("i")
    assert_blocks(page, MIDDLE)


def assert_blocks(page: Page, slice_number: int, *, inverted: bool = False) -> None:
    pixels = stored(slice_number)
    center, width = shown_window(page)
    for column, row in PLACES:
        shown = gray(float(pixels[row, column]), center, width)
        assert_gray(page, GRID, column, row, 255 - shown if inverted else shown)


def test_letters_stand_at_the_sides_of_the_patient(page_of_six: Page) -> None:
    page = page_of_six
    shown = {}
    for title in ("T2W axial", "T2W coronal", "MR axial"):
        show_series(page, title)
        shown[title] = letters(page)
    assert shown["T2W axial"] == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert shown["T2W coronal"] == {"left": "R", "right": "L", "top": "H", "bottom": "F"}
    assert shown["MR axial"] == {"left": "L", "right": "R", "top": "A", "bottom": "P"}


def test_wheel_and_keys_go_through_the_slices(page: Page) -> None:
    expect_slice(page, MIDDLE)
    page.mouse.move(*at_mm(page, GRID, 24, 24))
    page.mouse.wheel(0, 100)
    expect_slice(page, MIDDLE + 1)
    assert_blocks(page, MIDDLE + 1)
    page.mouse.wheel(0, -100)
    expect_slice(page, MIDDLE)
    for key, reached in (
        ("End", SLICES),
        ("ArrowDown", SLICES),
        ("ArrowUp", SLICES - 1),
        ("Home", 1),
        ("ArrowDown", 2),
    ):
        page.keyboard.press(key)
        expect_slice(page, reached)
    assert_blocks(page, 2)


def test_window_zoom_and_pan_follow_the_mouse_and_reset(page: Page) -> None:
    expect(viewer(page)).to_have_attribute("data-window", f"{CENTER:g}/{WIDTH:g}")
    before = image_rect(page)
    middle = at_mm(page, GRID, 24, 24)
    drag(page, middle, (middle[0] + 60, middle[1] - 40))
    expect(viewer(page)).not_to_have_attribute("data-window", f"{CENTER:g}/{WIDTH:g}")
    center, width = shown_window(page)
    assert width > WIDTH
    assert center < CENTER
    assert_blocks(page, MIDDLE)

    drag_with(page, "right", (0, -60))
    wait_until_narrower(page, 0.9 * before[2])
    zoomed = image_rect(page)
    assert zoomed[2] / zoomed[3] == pytest.approx(before[2] / before[3], rel=0.01)
    drag_with(page, "middle", (40, 25))
    wait_for_rect(page, (zoomed[0] + 40, zoomed[1] + 25, *zoomed[2:]))

    page.keyboard.press("i")
    assert_blocks(page, MIDDLE, inverted=True)
    page.keyboard.press(" ")
    expect(viewer(page)).to_have_attribute("data-window", f"{CENTER:g}/{WIDTH:g}")
    assert_blocks(page, MIDDLE)
    wait_for_rect(page, before)


def test_the_view_is_found_again_after_a_reload(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    expect_slice(page, MIDDLE + 1)
    middle = at_mm(page, GRID, 24, 24)
    before = image_rect(page)
    drag(page, middle, (middle[0] + 60, middle[1] - 40))
    drag_with(page, "right", (0, -60))
    wait_until_narrower(page, 0.9 * before[2])
    zoomed = image_rect(page)
    drag_with(page, "middle", (40, 25))
    wait_for_rect(page, (zoomed[0] + 40, zoomed[1] + 25, *zoomed[2:]))
    left, center = image_rect(page), shown_window(page)
    mm = GRID.columns * GRID.column_spacing_mm / left[2]

    def is_kept() -> bool:
        view = Read.objects.get().view
        pan = view.get("pan_x", 0), view.get("pan_y", 0)
        return (view.get("slice"), view.get("width")) == (MIDDLE + 1, center[1]) and pan == pytest.approx(
            (40 * mm, 25 * mm), abs=mm
        )

    wait_until(is_kept, within_s=30, what="the server has the view")
    page.reload()
    wait_for_image(page)
    expect_slice(page, MIDDLE + 1)
    wait_for_rect(page, left)
    assert shown_window(page) == pytest.approx(center)


@pytest.mark.parametrize(
    ("keys", "kept"), [("h", (1, 0, 0)), ("hr", (1, 90, 0)), ("hrv", (0, 90, 0)), ("vli", (1, 90, 1))]
)
def test_an_image_that_was_turned_lies_so_after_a_reload(
    page: Page, keys: str, kept: tuple[int, int, int]
) -> None:
    for key in keys:
        page.keyboard.press(key)
    painted(page)
    lying, left = letters(page), image_rect(page)

    def is_kept() -> bool:
        view = Read.objects.get().view
        return tuple(view.get(name) for name in ("mirrored", "rotation", "inverted")) == kept

    wait_until(is_kept, within_s=30, what="the server knows how the image is turned")
    page.reload()
    wait_for_image(page)
    wait_for_rect(page, left)
    assert letters(page) == lying
    expect(viewer(page).get_by_text("inverted")).to_have_count(kept[2])


def test_an_image_that_was_turned_stays_so_when_the_window_changes(page: Page) -> None:
    for key in "hr":
        page.keyboard.press(key)
    painted(page)
    lying, left = letters(page), image_rect(page)
    page.set_viewport_size({"width": 1100, "height": 600})
    wait_until_narrower(page, left[2])
    assert letters(page) == lying
    page.keyboard.press("=")
    painted(page)
    assert letters(page) == lying


def test_presets_are_percentiles_of_the_middle_slice(page: Page) -> None:
    values = stored(MIDDLE)
    for key, (low, high) in {"1": (1, 99), "2": (2, 98), "3": (5, 95), "4": (10, 90), "5": (0, 100)}.items():
        page.keyboard.press(key)
        lower, upper = (float(value) for value in np.percentile(values, [low, high]))
        expect(viewer(page)).to_have_attribute("data-window", f"{(lower + upper) / 2:g}/{upper - lower:g}")
        assert_blocks(page, MIDDLE)


def stored_measurement(*, short_axis_mm: float) -> dict[str, Any]:
    """The one measurement of the draft, once the server has it with this short axis (shown to 0.1 mm)."""

    def stored() -> list[dict[str, Any]]:
        return list(Read.objects.get().draft.get("measurements", []))

    def is_there() -> bool:
        return [abs(one["short_axis_mm"] - short_axis_mm) <= 0.051 for one in stored()] == [True]

    wait_until(is_there, within_s=30, what="the server has the measurement")
    return stored()[0]


def test_a_drag_measures_both_axes_and_the_server_has_the_points(page: Page) -> None:
    take_tool(page, "b", "bidirectional")
    drag_mm(page, GRID, (12, 24), (36, 24))
    long, short = page.get_by_label("Long axis", exact=True), page.get_by_label("Short axis", exact=True)
    expect(long).not_to_have_value("")
    wait_for_mm(long, 24, CANVAS_MM)
    wait_for_mm(short, 16, CANVAS_MM)
    expect(page.get_by_text("adjust short axis")).to_be_visible()
    expect(viewer(page)).to_have_attribute("data-tool", "window")

    drag_mm(page, GRID, (24, 32), (24, 28))
    expect(page.get_by_text("adjust short axis")).to_have_count(0)
    wait_for_mm(short, 12, CANVAS_MM)
    adjusted = float(short.input_value())
    measurement = stored_measurement(short_axis_mm=adjusted)
    points = np.array(measurement["points_mm"])
    assert measurement["long_axis_mm"] == pytest.approx(np.linalg.norm(points[0] - points[1]), abs=0.01)
    assert measurement["short_axis_mm"] == pytest.approx(np.linalg.norm(points[2] - points[3]), abs=0.01)
    assert (measurement["series"], measurement["frame"]) == (0, MIDDLE)

    page.keyboard.press("Delete")
    expect(short).to_have_value("")
    expect(long).to_have_value("")
    page.keyboard.press("Control+z")
    expect(short).to_have_value(f"{adjusted:.1f}")
    restored = stored_measurement(short_axis_mm=adjusted)
    assert np.array(restored["points_mm"]) == pytest.approx(points, abs=0.01)


def test_escape_discards_what_is_being_drawn(page: Page) -> None:
    take_tool(page, "b", "bidirectional")
    start, end = all_at_mm(page, GRID, [(12, 24), (36, 24)])
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, start[1])
    page.mouse.move(*end)
    expect(page.get_by_label("Long axis", exact=True)).not_to_have_value("")
    page.keyboard.press("Escape")
    page.mouse.up()
    painted(page)
    expect(viewer(page)).to_have_attribute("data-tool", "window")
    expect(page.get_by_text(re.compile("^Slice .* × .* mm$"))).to_have_count(0)
    expect(page.get_by_label("Long axis", exact=True)).to_have_value("")


def test_without_spacing_nothing_is_measured(page_of_six: Page) -> None:
    page = page_of_six
    show_series(page, "ADC axial")
    box = viewer(page).bounding_box()
    assert box is not None
    page.keyboard.press("b")
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag(page, middle, (middle[0] + 90, middle[1]))
    expect(page.get_by_label("Long axis", exact=True)).to_have_value("")
    expect(page.get_by_label("Short axis", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="Measure")).to_be_disabled()
    expect(viewer(page)).not_to_contain_text(re.compile(r"\d mm"))
    show_series(page, "T2W axial")
    expect(page.get_by_role("button", name="Measure")).to_be_enabled()
