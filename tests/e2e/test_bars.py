"""The bars of the reading room: nothing of them is cut off, however many tools and series a study has."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories.dicom_files import mr_slice, save

from .conftest import SignIn
from .fits import SIZES, cut_off, cut_words, double_text
from .reading import open_next, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .viewing import viewer

Screenshot = Callable[[Page, str], None]
SERIES = (
    "t2_tse_tra",
    "t2_tse_sag",
    "t2_tse_cor",
    "t1_tse_tra",
    "t1_vibe_dyn",
    "stir_tra",
    "t1_tse_sag",
    "t1_tse_cor",
    "t2_haste_cor",
    "stir_cor",
)
# Every tool that a form can put into the toolbar.
FORM: dict[str, Any] = {
    "version": 1,
    "questions": [
        {
            "key": "short_axis_mm",
            "kind": "measurement",
            "label": "Short axis",
            "of": "node",
            "axis": "short",
            "unit": "mm",
            "min": 1,
            "max": 60,
            "step": 0.1,
            "required": True,
        },
        {
            "key": "deposits",
            "kind": "mark",
            "label": "Deposits",
            "max_marks": 2,
            "required": True,
            "options": [{"value": 1, "label": "Unlikely"}, {"value": 2, "label": "Likely"}],
        },
        {"key": "tumor", "kind": "mask", "label": "Tumor", "required": True},
    ],
}


def write_series(folder: Path, number: int, description: str) -> None:
    for index in range(3):
        made = mr_slice(
            index,
            pixels=np.full((64, 64), 100 * number, np.uint16),
            series=f"1.2.3.{number}",
            SeriesNumber=number,
            SeriesDescription=description,
            WindowCenter=500,
            WindowWidth=1000,
        )
        save(made, folder / f"{number}-{index}.dcm")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case of many series, with every tool in the toolbar."""
    for number, description in enumerate(SERIES, start=1):
        write_series(tmp_path, number, description)
    study_in_reading(tmp_path, now=timezone.now(), template="blank", form=FORM)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    for tool in ("Measure", "Mark", "Outline"):
        expect(page.get_by_role("toolbar").get_by_role("button", name=tool, exact=True)).to_be_visible()
    return page


def choose_layout(page: Page, rows: int, columns: int) -> None:
    page.get_by_role("button", name=re.compile("^Layout,")).click()
    page.get_by_role("menuitem", name=f"{rows} by {columns}").click()
    expect(page.locator("[data-pane]")).to_have_count(rows * columns)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 2), (2, 3)])
def test_no_tool_is_cut_off_and_no_tab_lies_on_anything(
    page: Page, screenshot: Screenshot, rows: int, columns: int
) -> None:
    if rows * columns > 1:
        choose_layout(page, rows, columns)
    for size in SIZES:
        page.set_viewport_size(size)
        wait_for_image(page)
        assert cut_off(page) == [], size
        screenshot(page, f"bars-{rows}x{columns}-{size['width']}")


def test_no_tool_is_cut_off_where_text_is_twice_as_large(page: Page, screenshot: Screenshot) -> None:
    choose_layout(page, 1, 2)
    double_text(page)
    for size in SIZES:
        page.set_viewport_size(size)
        wait_for_image(page)
        assert cut_off(page) == [], size
        assert cut_words(page) == [], size
        screenshot(page, f"bars-large-text-{size['width']}")


def test_what_the_toolbar_has_no_room_for_is_in_its_menu(page: Page) -> None:
    page.set_viewport_size({"width": 683, "height": 768})
    wait_for_image(page)
    assert cut_off(page) == []
    expect(page.get_by_role("button", name="Invert")).to_have_count(0)
    page.get_by_role("button", name="More tools").click()
    page.get_by_role("menuitem", name="Invert").click()
    expect(viewer(page)).to_contain_text("inverted")


def test_playing_the_slices_moves_no_other_button(page: Page) -> None:
    keys = page.get_by_role("button", name="Keys")
    tools = page.get_by_role("toolbar").get_by_role("button", name="Mark", exact=True)
    before = keys.bounding_box(), tools.bounding_box()
    viewer(page).focus()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Pause the slices")).to_be_visible()
    assert cut_off(page) == []
    assert (keys.bounding_box(), tools.bounding_box()) == before


def test_all_series_are_in_a_menu_where_their_tabs_do_not_fit(page: Page) -> None:
    last = page.get_by_role("tab").last
    title = last.inner_text()
    page.get_by_role("button", name=f"All {len(SERIES)} series").click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    expect(last).to_have_attribute("aria-selected", "true")
    expect(last).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("tab", selected=True)).to_have_text(title)
