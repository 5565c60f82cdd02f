"""MRI of two vendors, from the scanner's files to the reading room: upright, with its sides marked rightly."""

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from numpy.lib.stride_tricks import sliding_window_view
from playwright.sync_api import Page, expect
from pydicom import Dataset, dcmread

from backend.reads.models import Read, ReadStatus
from backend.reads.services import read_submit
from tests.factories.reading import answers, submission

from . import reading
from .conftest import SignIn
from .first_look import assert_same, compare
from .studies import PASSWORD, READER, SLUG, freeze, study_in_design
from .viewing import (
    Grid,
    assert_gray,
    letters,
    shares,
    show_series,
    shown_window,
    viewer,
    wait_until_it_fills_the_viewer,
)

Screenshot = Callable[[Page, str], None]
SIEMENS = "prostatex-0000-siemens"
TOSHIBA = "cmb-crc-toshiba"
# Letters at left, right, top and bottom, an oblique by its largest part.
AXIAL, CORONAL, SAGITTAL = "RLAP", "RLHF", "APHF"
# Tab, slices, letters. The Siemens' diffusion series holds three b-values, which come apart.
SERIES = {
    SIEMENS: [
        ("T2W axial", 19, AXIAL),
        ("T2W coronal", 15, CORONAL),
        ("T2W sagittal", 19, SAGITTAL),
        ("DWI b50 axial", 19, AXIAL),
        ("DWI b400 axial", 19, AXIAL),
        ("DWI b800 axial", 19, AXIAL),
        ("DWI b1000 axial", 19, AXIAL),
        ("ADC axial", 19, AXIAL),
        ("MR axial", 16, AXIAL),
    ],
    TOSHIBA: [("T2W axial", 33, AXIAL), ("ADC axial", 36, AXIAL)],
}
# The T2W axial folder, and a slice through the pelvis counted from the feet.
PELVIS = {SIEMENS: ("s04_t2_tse_tra", 10), TOSHIBA: ("s901_ax_t2", 4)}


@pytest.fixture
def numbers(shared_data: Path, server: str) -> dict[str, str]:
    """Case number to folder: imported by the command as cases of two centers, the study frozen."""
    now = timezone.now()
    study = study_in_design(now=now)
    found = {}
    for code, name in (("SI", SIEMENS), ("TO", TOSHIBA)):
        call_command("create_center", code, "--name", f"Center {code}", stdout=StringIO())
        out = StringIO()
        options = ["--study", SLUG, "--center", code, "--json"]
        call_command("import_cases", str(shared_data / name), *options, stdout=out)
        [number] = {one["case"] for one in json.loads(out.getvalue())["accepted"]}
        found[number] = name
    freeze(study, now=now)
    return found


def test_real_mri_is_upright_and_its_sides_are_marked(
    numbers: dict[str, str], shared_data: Path, server: str, sign_in: SignIn, screenshot: Screenshot
) -> None:
    page = sign_in(READER, PASSWORD)
    for _ in numbers:
        page.goto(f"{server}/read/{SLUG}")
        reading.open_next(page)
        read = Read.objects.get(status=ReadStatus.DRAFT)
        name = numbers[read.assignment.study_case.case.number]
        assert_same(*compare(page))
        folder, slice_number = PELVIS[name]
        check_pixels(page, originals(shared_data / name / folder), slice_number)
        for width, height in ((1920, 1080), (1366, 768)):
            page.set_viewport_size({"width": width, "height": height})
            wait_until_it_fills_the_viewer(page)
            screenshot(page, f"real-{name}-{width}x{height}")
        check_series(page, name, screenshot)
        read_submit(read_id=read.pk, by=read.reader, now=timezone.now(), **submission(answers(3)))


def originals(folder: Path) -> list[Dataset]:
    """The slices as the scanner wrote them, from the feet to the head."""
    return sorted(
        (dcmread(path) for path in folder.glob("*.dcm")), key=lambda one: one.ImagePositionPatient[2]
    )


def check_pixels(page: Page, slices: list[Dataset], slice_number: int) -> None:
    """The screen shows the stored rows downward and the stored columns to the right, nothing turned or mirrored."""
    page.keyboard.press("Home")
    for _ in range(slice_number - 1):
        page.keyboard.press("ArrowDown")
    expect(viewer(page)).to_have_attribute("data-slice", str(slice_number))
    original = slices[slice_number - 1]
    pixels = original.pixel_array.astype(float)
    grid = Grid(*pixels.shape, *(float(value) for value in original.PixelSpacing))
    center, width = shown_window(page)
    gray = np.clip((pixels - (center - width / 2)) / width, 0, 1) * 255
    for column, row, tolerance in calm_places(gray):
        assert_gray(page, grid, column, row, gray[row, column], tolerance)


def calm_places(gray: np.ndarray, most_unrest: float = 10) -> list[tuple[int, int, float]]:
    """In each sixteenth of the image the bright pixel with the calmest surroundings, and how calm they are."""
    around = sliding_window_view(gray, (3, 3))
    unrest = np.full(gray.shape, np.inf)
    unrest[1:-1, 1:-1] = np.ptp(around, axis=(2, 3))
    unrest[(gray < 40) | (gray > 240)] = np.inf
    rows, columns = gray.shape[0] // 4, gray.shape[1] // 4
    places = []
    for top in range(0, 4 * rows, rows):
        for left in range(0, 4 * columns, columns):
            part = unrest[top : top + rows, left : left + columns]
            row, column = np.unravel_index(np.argmin(part), part.shape)
            if part[row, column] < most_unrest:
                places.append((left + int(column), top + int(row), 2 + float(part[row, column])))
    assert len(places) >= 8
    return places


def check_series(page: Page, name: str, screenshot: Screenshot) -> None:
    expected = SERIES[name]
    tabs = page.get_by_role("tab").all_inner_texts()
    assert sorted(tabs) == sorted(title for title, _, _ in expected)
    assert tabs[0] == "T2W axial"
    for title, slices, edges in expected:
        show_series(page, title)
        expect(viewer(page)).to_have_attribute("data-loaded", re.compile(f"/{slices}$"))
        shown = letters(page)
        assert "".join(shown[edge][0] for edge in ("left", "right", "top", "bottom")) == edges, title
        dark, white = shares(page)
        assert dark < 0.6, f"{title} is black"
        assert white < 0.2, f"{title} is white"
        screenshot(page, f"real-{name}-{title}")
