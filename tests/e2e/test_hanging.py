"""How a case stands when it is opened: series by role and acquired plane, each at its slice and in its window."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pydicom import dcmread

from backend.accounts.models import User
from backend.accounts.preferences import preferences_of
from tests.factories.dicom_files import ct_slice, save
from tests.flows.workers import wait_until

from .conftest import SignIn
from .first_look import assert_same, compare
from .reading import open_next, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .test_panes import (
    AXIAL_GRID,
    BLOCK,
    COLUMNS,
    CORONAL_SLICES,
    SLICES,
    activate,
    center_of,
    choose_layout,
    gray,
    pane,
    value,
    wait_for_panes,
    write,
    write_coronal,
    write_shifted,
)
from .viewing import Grid, assert_gray, at_mm, expect_slice, letters, shown_window, viewer

Screenshot = Callable[[Page, str], None]
SIEMENS = "prostatex-0000-siemens"
TAKEN_CORONAL_GRID = Grid(rows=48, columns=COLUMNS, row_spacing_mm=1.0, column_spacing_mm=0.75)
CT_GRID = Grid(rows=12, columns=10, row_spacing_mm=0.5, column_spacing_mm=0.75)
CT_SLICES, CT_MIDDLE = 5, 2


def hung(*panes: dict[str, Any]) -> dict[str, Any]:
    """Panes side by side that are scrolled one by one."""
    plain = {"role": "T2W", "kind": "stack", "plane": None, "start": None, "window": None}
    return {
        "rows": 1,
        "columns": len(panes),
        "panes": [{**plain, **one} for one in panes],
        "linked": False,
    }


def opened(sign_in: SignIn, folder: Path, hanging: dict[str, Any]) -> Page:
    study_in_reading(folder, now=timezone.now(), hanging=hanging)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def test_a_case_opens_by_plane_slice_and_window(tmp_path: Path, sign_in: SignIn) -> None:
    write(tmp_path, 1, "t2_tse_tra")
    write_shifted(tmp_path)
    write_coronal(tmp_path)
    window = {"center": 250, "width": 400}
    page = opened(
        sign_in,
        tmp_path,
        hung(
            {"plane": "coronal", "start": "first", "window": window},
            {"plane": "sagittal"},
            {"plane": "axial", "start": "last"},
        ),
    )
    # No T2W was taken in the sagittal plane, and the others close up.
    expect(page.locator("[data-pane]")).to_have_count(2)
    wait_for_panes(page, CORONAL_SLICES, SLICES)
    expect(pane(page, 0)).to_contain_text("T2W coronal")
    expect(pane(page, 1)).to_contain_text("T2W axial")
    expect(pane(page, 0)).to_have_attribute("data-slice", "1")
    expect(pane(page, 0)).to_have_attribute("data-window", "250/400")
    # The series shown first is the one to begin with, wherever it hangs.
    expect(pane(page, 1)).to_have_attribute("data-viewer", "true")
    expect_slice(page, SLICES)
    middle = BLOCK // 2
    assert_gray(page, AXIAL_GRID, middle, middle, gray(value(SLICES - 1, middle, middle)))

    page.mouse.move(*center_of(page, 0))
    page.mouse.wheel(0, 100)
    expect(pane(page, 0)).to_have_attribute("data-viewer", "true")
    expect_slice(page, 2)
    assert_gray(page, TAKEN_CORONAL_GRID, 16, 24, (250 - 50) / 400 * 255)
    page.keyboard.press("Home")
    assert_gray(page, TAKEN_CORONAL_GRID, 16, 24, (200 - 50) / 400 * 255)


def test_a_layout_is_found_again_for_the_planes_it_was_chosen_for(tmp_path: Path, sign_in: SignIn) -> None:
    write(tmp_path, 1, "t2_tse_tra")
    write_coronal(tmp_path)
    page = opened(sign_in, tmp_path, hung({"plane": "coronal"}, {"plane": "axial"}))
    choose_layout(page, 2, 1)
    chosen = {"T2W@coronal,T2W@axial": {"rows": 2, "columns": 1}}
    reader = User.objects.get(username=READER)
    wait_until(
        lambda: preferences_of(reader)["layouts"] == chosen, within_s=30, what="the server keeps the layout"
    )
    page.reload()
    wait_for_image(page)
    expect(page.locator("[data-layout='2x1']")).to_be_visible()
    expect(pane(page, 0)).to_contain_text("T2W coronal")
    expect(pane(page, 1)).to_contain_text("T2W axial")


def test_three_planes_of_a_real_pelvis_hang_as_they_were_taken(
    tmp_path: Path, shared_data: Path, sign_in: SignIn, screenshot: Screenshot
) -> None:
    for folder in (shared_data / SIEMENS).glob("*_t2_tse_*"):
        shutil.copytree(folder, tmp_path / folder.name)
    page = opened(
        sign_in,
        tmp_path,
        hung(
            {"plane": "axial", "start": "middle"},
            {"plane": "sagittal", "start": "first"},
            {"plane": "coronal", "start": "last", "window": {"low": 5, "high": 95}},
        ),
    )
    wait_for_panes(page, 19, 19, 15)
    low, high = middle_percentiles(tmp_path, "cor", 5, 95)
    hung_as = (("T2W axial", 10, "RLAP"), ("T2W sagittal", 1, "APHF"), ("T2W coronal", 15, "RLHF"))
    for place, (title, slice_number, edges) in enumerate(hung_as):
        activate(page, place)
        expect(viewer(page)).to_contain_text(title)
        expect_slice(page, slice_number)
        shown = letters(page)
        assert "".join(shown[edge][0] for edge in ("left", "right", "top", "bottom")) == edges
    center, width = shown_window(page)
    assert center == pytest.approx((low + high) / 2, abs=1)
    assert width == pytest.approx(high - low, abs=1)
    screenshot(page, "hung-by-plane-1366")
    page.set_viewport_size({"width": 1920, "height": 1080})
    screenshot(page, "hung-by-plane-1920")


def middle_percentiles(folder: Path, plane: str, *percentiles: float) -> list[float]:
    """Of the middle slice of the series whose folder ends so."""
    [series] = folder.glob(f"*_{plane}")
    slices = sorted((dcmread(path) for path in series.glob("*.dcm")), key=lambda one: one.InstanceNumber)
    pixels = slices[len(slices) // 2].pixel_array
    return [float(one) for one in np.percentile(pixels, percentiles)]


def test_the_first_look_is_of_the_plane_that_hangs(tmp_path: Path, sign_in: SignIn) -> None:
    write_coronal(tmp_path)
    write(tmp_path, 1, "t2_tse_tra")
    window = {"center": 400, "width": 700}
    panes = ({"plane": "coronal", "start": "last"}, {"plane": "axial", "start": "last", "window": window})
    page = opened(sign_in, tmp_path, hung(*panes))
    assert_same(*compare(page))


def test_the_probe_tells_hounsfield_units(tmp_path: Path, sign_in: SignIn) -> None:
    for index in range(CT_SLICES):
        save(ct_slice(index), tmp_path / f"{index}.dcm")
    study_in_reading(tmp_path, now=timezone.now(), template="blank")
    page = sign_in(READER, PASSWORD)
    open_next(page)
    expect_slice(page, CT_MIDDLE + 1)
    page.keyboard.press("s")
    shown = ct_slice(CT_MIDDLE)
    for column, row in ((4, 5), (1, 10)):
        page.mouse.move(*at_mm(page, CT_GRID, (column + 0.5) * 0.75, (row + 0.5) * 0.5))
        value_there = float(shown.RescaleSlope * shown.pixel_array[row, column] + shown.RescaleIntercept)
        place = f"column {column + 1}, row {row + 1}"
        expect(page.locator("[data-probe]")).to_have_text(f"{value_there:g} HU {place}")
