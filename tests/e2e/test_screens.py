"""Cases on the screens that they are read on: many panes and other planes, from a laptop to 4K, readable in each."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from inference.phantom import make_case, write_dicom

from . import reading
from .conftest import SignIn
from .fits import cut_off
from .looks import assert_readable, picture, show_on_screen, shown_panes, smallest_words
from .studies import PASSWORD, READER, SLUG, freeze, study_in_design, study_in_reading
from .test_panes import activate, choose_layout, choose_plane, pane
from .test_real_mri import PELVIS, SIEMENS, TOSHIBA, calm_places, originals
from .viewing import Grid, assert_gray, expect_slice, shown_window

# Width, height and density: a laptop, a desktop, 4K as it is and with everything twice as large.
DESKS = ((1366, 768, 1), (1920, 1080, 1))
LARGE = ((3840, 2160, 1), (1920, 1080, 2))
SERIES = {SIEMENS: 9, TOSHIBA: 2}
MOST_PANES = 6
# Across slices that are thick little is calm.
MOST_UNREST = 25


def open_real(name: str, shared_data: Path) -> None:
    now = timezone.now()
    study = study_in_design(now=now)
    call_command("create_center", "A", "--name", "Center A", stdout=StringIO())
    options = ["--study", SLUG, "--center", "A", "--json"]
    call_command("import_cases", str(shared_data / name), *options, stdout=StringIO())
    freeze(study, now=now)


@pytest.fixture(params=[SIEMENS, TOSHIBA])
def real(request: pytest.FixtureRequest, shared_data: Path, server: str, sign_in: SignIn) -> tuple[str, Page]:
    """Which study it is, and a reader before its case."""
    open_real(request.param, shared_data)
    return request.param, before_case(sign_in)


@pytest.fixture
def phantom(tmp_path: Path, server: str, sign_in: SignIn) -> Page:
    """A reader before a phantom: an axial T2W and an ADC."""
    write_dicom(make_case(7, "A", size="small"), tmp_path, patient_id="PHANTOM-A-7")
    study_in_reading(tmp_path, now=timezone.now())
    return before_case(sign_in)


def before_case(sign_in: SignIn) -> Page:
    page = sign_in(READER, PASSWORD)
    reading.open_next(page)
    return page


def test_real_mri_is_readable_in_six_panes_and_on_4k(real: tuple[str, Page]) -> None:
    name, page = real
    check_panes(page, name, min(SERIES[name], MOST_PANES))


def test_a_phantom_is_readable_in_six_panes_and_on_4k(phantom: Page) -> None:
    check_panes(phantom, "phantom", 2)


def check_panes(page: Page, name: str, series: int) -> None:
    choose_layout(page, 2, 3)
    for width, height, density in DESKS:
        show_on_screen(page, width, height, density)
        panes = shown_panes(page, series)
        assert_readable(panes)
        assert cut_off(page) == []
        picture(page, f"{name}-2x3-{width}")
    choose_layout(page, 1, 2)
    for width, height, density in LARGE:
        show_on_screen(page, width, height, density)
        panes = shown_panes(page, 2)
        assert_readable(panes)
        assert cut_off(page) == []
        # On a screen with twice as many pixels text may not be half as large.
        assert min(smallest_words(one) * density for one in panes) >= (17 if width > 1920 else 26)
        picture(page, f"{name}-1x2-{width}@{density}")


def test_real_mri_is_readable_in_its_three_planes(real: tuple[str, Page], shared_data: Path) -> None:
    name, page = real
    folder, _ = PELVIS[name]
    slices = originals(shared_data / name / folder)
    block = np.stack([one.pixel_array.astype(float) for one in slices])
    step = float(np.linalg.norm(np.subtract(slices[1].ImagePositionPatient, slices[0].ImagePositionPatient)))
    row_mm, column_mm = (float(value) for value in slices[0].PixelSpacing)
    check_planes(page, name, block, (step, row_mm, column_mm))


def test_a_phantom_is_readable_in_its_three_planes(phantom: Page) -> None:
    t2w = make_case(7, "A", size="small").t2w
    check_planes(phantom, "phantom", t2w.pixels.astype(float), t2w.geometry.spacing_mm)


def check_planes(
    page: Page, name: str, block: NDArray[np.float64], spacing_mm: tuple[float, float, float]
) -> None:
    """The planes across show the stored values: `block` has its slices from the feet, shape (slices, rows, columns)."""
    choose_plane(page, "Three planes side by side")
    for width, height, density in DESKS:
        show_on_screen(page, width, height, density)
        panes = shown_panes(page, 3)
        assert_readable(panes)
        assert cut_off(page) == []
        picture(page, f"{name}-planes-{width}")
    _, rows, columns = block.shape
    step, row_mm, column_mm = spacing_mm
    planes = (
        (1, "sagittal", block[::-1, :, columns // 2], columns // 2 + 1, row_mm),
        (2, "coronal", block[::-1, rows // 2, :], rows // 2 + 1, column_mm),
    )
    for place, plane, values, slice_number, across_mm in planes:
        activate(page, place)
        expect(pane(page, place)).to_have_attribute("data-plane", plane)
        expect_slice(page, slice_number)
        center, width = shown_window(page)
        gray = np.clip((values - (center - width / 2)) / width, 0, 1) * 255
        grid = Grid(*values.shape, row_spacing_mm=step, column_spacing_mm=across_mm)
        for column, row, tolerance in calm_places(gray, MOST_UNREST):
            assert_gray(page, grid, column, row, gray[row, column], tolerance)
