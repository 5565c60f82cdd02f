"""A reader paints masks voxel by voxel: a node by one click, strokes of a brush, and what can be done with segments."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from backend.analysis.masks.calliper import MaskAxes, mask_axes
from backend.analysis.masks.grow import DEFAULTS as GROW_DEFAULTS
from backend.analysis.masks.grow import Grown, grow_in_series
from backend.reads.models import Answer, MaskVolume, Read, ReadStatus
from backend.reads.volumes import voxels_of
from tests.factories.dicom_files import mr_slice, save
from tests.flows.workers import wait_until

from .accessible import violations
from .conftest import PATIENCE_MS, SignIn, fill_sign_in, without_webgl
from .fits import cut_off
from .painting import MASK, Case, opened, study_of_a_node
from .reading import open_next, painted, submit, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .viewing import expect_slice, viewer

# Whether a place of the page is covered by what is painted.
COVERED = """([x, y]) => {
    const canvas = document.querySelector("[data-viewer] [data-mask-canvas]"), at = canvas.getBoundingClientRect();
    const across = canvas.width / at.width, down = canvas.height / at.height;
    const pixel = canvas.getContext("2d").getImageData((x - at.left) * across, (y - at.top) * down, 1, 1).data;
    return pixel[3] > 0;
}"""

# The same, once it is so, of a place and whether it is to be covered.
IS_COVERED = f"([place, wanted]) => ({COVERED})(place) === wanted"
# The same by the place of a pane, and by shares of its width and height.
COLOR_AT = """([place, x, y]) => {
    const canvas = document.querySelector(`[data-pane="${place}"] [data-mask-canvas]`);
    const { data } = canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1);
    return data[3] > 0;
}"""
HAS_COLOR = """(place) => {
    const canvas = document.querySelector(`[data-pane="${place}"] [data-mask-canvas]`);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 === 3 && value > 0);
}"""


def dice(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return 2 * float((one & other).sum()) / float(one.sum() + other.sum())


@pytest.fixture
def case(tmp_path: Path, sign_in: SignIn) -> Case:
    """A reader before a case with one node, the hand on the image."""
    box = study_of_a_node(tmp_path)
    return opened(sign_in(READER, PASSWORD), box)


def arm(case: Case) -> None:
    case.page.get_by_role("button", name="Paint: Lymph nodes").click()
    expect(viewer(case.page)).to_have_attribute("data-armed", MASK)
    expect(viewer(case.page)).to_have_attribute("data-tool", "grow")


def expect_segments(case: Case, count: int) -> None:
    expect(case.page.locator("[data-segment]")).to_have_count(count)


def expect_covered(page: Page, place: tuple[float, float], is_covered: bool) -> None:
    """What is painted covers the place, or leaves it free: masks are drawn in a frame of their own."""
    page.wait_for_function(IS_COVERED, arg=[list(place), is_covered])


def test_a_node_takes_one_click_a_name_and_a_status(case: Case, screenshot: Any) -> None:
    page, box = case.page, case.box
    slice_index, row, column = box.seed
    arm(case)
    expect_slice(page, slice_index + 1)
    case.click(column, row)
    expect_segments(case, 1)
    grown = case.wait_for(lambda labels: bool(labels.any()), "the node lies on the server") == 1
    assert dice(grown, box.truth) >= 0.85
    # The server's own twin grows the same voxels from the same click.
    twin = grow_in_series(box.values, box.grid.spacing_mm, box.seed)
    assert isinstance(twin.result, Grown)
    expected = np.zeros(box.grid.shape, bool)
    expected[twin.box] = twin.result.mask
    np.testing.assert_array_equal(grown, expected)
    (segment,) = case.segments()
    (step,) = segment["origin"]
    assert (step["tool"], step["version"], step["seed_ijk"]) == ("grow", "grow-1", [column, row, slice_index])
    assert step["parameters"]["strength"] == 0
    screenshot(page, "segmentation-grown")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()

    page.keyboard.press("+")
    expect(page.locator("[data-paint-bar] output").first).to_have_text("+1")
    more = case.wait_for(lambda labels: labels.sum() != grown.sum(), "more of it lies on the server") == 1
    assert (more & grown).sum() == grown.sum() < more.sum()
    page.keyboard.press("-")
    case.wait_for(lambda labels: bool((labels == grown).all()), "it is as it was grown first")

    # The short axis is within a pixel of the cut-off, and the form says so before anything is submitted.
    expect(page.get_by_text("Borderline: the short axis lies within a pixel of 7 mm.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Label of Segment 1")).to_be_focused()
    page.keyboard.type("r")
    page.keyboard.press("Tab")
    page.keyboard.type("n")
    page.keyboard.press("Enter")
    expect(viewer(page)).to_be_focused()
    wait_until(
        lambda: (
            [(one["label"], one["status"]) for one in case.segments()] == [("right_obturator", "negative")]
        ),
        within_s=30,
        what="the name lies on the server",
    )
    screenshot(page, "segmentation-named")
    size = page.locator("[data-segment]").inner_text()
    kept = case.draft()["labelmaps"]

    page.reload()
    wait_for_image(page)
    expect_segments(case, 1)
    assert page.locator("[data-segment]").inner_text() == size
    assert case.draft()["labelmaps"] == kept
    submit(page)
    wait_until(
        lambda: Read.objects.get().status == ReadStatus.SUBMITTED, within_s=30, what="the read is submitted"
    )
    row_kept = MaskVolume.objects.get()
    np.testing.assert_array_equal(voxels_of(row_kept) == 1, grown)
    (stored,) = row_kept.segments
    truth = mask_axes(box.truth, box.grid.spacing_mm[1:], box.grid.spacing_mm[0])
    assert isinstance(truth, MaskAxes)
    assert stored["short_axis_mm"] == pytest.approx(box.short_axis_mm, abs=0.5)
    assert stored["short_axis_mm"] == pytest.approx(truth.short_axis_mm, abs=0.5)
    assert (stored["label"], stored["borderline"]) == ("right_obturator", True)
    assert Answer.objects.get(question="size").value == round(stored["short_axis_mm"], 1)


def test_strokes_paint_erase_and_can_be_taken_back(case: Case, screenshot: Any) -> None:
    page, grid = case.page, case.grid
    middle = (20.0, 46.0)
    viewer(page).focus()
    page.keyboard.press("7")
    expect(viewer(page)).to_have_attribute("data-tool", "brush")
    slice_index = int(viewer(page).get_attribute("data-slice") or 0) - 1
    case.click(*middle)
    expect_segments(case, 1)
    first = case.wait_for(lambda labels: bool(labels.any()), "the stroke lies on the server")
    # A brush of 6 mm: the mouse is told in whole CSS pixels, a small part of a pixel of the image.
    rows, columns = np.indices((grid.rows, grid.columns))
    far = np.hypot((rows - middle[1]) * grid.row_spacing_mm, (columns - middle[0]) * grid.column_spacing_mm)
    slack = 0.2 * grid.row_spacing_mm
    assert (first[slice_index][far <= 3 - slack] == 1).all()
    assert not first[slice_index][far > 3 + slack].any()
    assert set(np.flatnonzero(first.any(axis=(1, 2)))) == {slice_index}
    painted(page)
    expect_covered(page, case.at(*middle), True)
    assert not page.evaluate(COVERED, list(case.at(40, 46)))

    # A hole by Shift, filled again; then back to the first stroke, step by step.
    for _ in range(4):
        page.keyboard.press("[")
    case.page.keyboard.down("Shift")
    case.click(*middle)
    case.page.keyboard.up("Shift")
    holed = case.wait_for(lambda labels: labels.sum() < first.sum(), "the hole lies on the server")
    assert holed[slice_index][round(middle[1]), round(middle[0])] == 0
    page.get_by_role("button", name="Fill holes").click()
    case.wait_for(lambda labels: bool((labels == first).all()), "the hole is filled")
    steps = [step["tool"] for step in case.segments()[0]["origin"]]
    assert steps == ["brush", "eraser", "fill"]
    assert case.segments()[0]["edited_voxels"] == first.sum() + (first.sum() - holed.sum())
    page.keyboard.press("Control+z")
    case.wait_for(lambda labels: bool((labels == holed).all()), "the hole is back")
    page.keyboard.press("Control+z")
    case.wait_for(lambda labels: bool((labels == first).all()), "the first stroke is back")
    page.keyboard.press("Control+z")
    expect_segments(case, 0)
    case.wait_for(lambda labels: not labels.any(), "nothing is left")
    page.keyboard.press("Control+y")
    expect_segments(case, 1)
    case.wait_for(lambda labels: bool((labels == first).all()), "the first stroke stands again")

    # Escape forgets a stroke while the button is down.
    page.mouse.move(*case.at(40, 20))
    page.mouse.down()
    page.mouse.move(*case.at(50, 20))
    page.keyboard.press("Escape")
    page.mouse.up()
    painted(page)
    assert not page.evaluate(COVERED, list(case.at(45, 20)))
    # The server has a stroke that was made after it, and nothing of what was forgotten.
    case.click(40, 46)
    last = case.wait_for(
        lambda labels: int((labels > 0).sum()) > int((first > 0).sum()), "the last stroke came"
    )
    beside = np.hypot((rows - 46) * grid.row_spacing_mm, (columns - 40) * grid.column_spacing_mm) > 3 + slack
    assert (last[slice_index][beside] == first[slice_index][beside]).all()
    assert set(np.flatnonzero(last.any(axis=(1, 2)))) == {slice_index}
    screenshot(page, "segmentation-brush")


def test_a_drag_from_the_node_makes_more_or_less_of_it_as_one_step(case: Case, screenshot: Any) -> None:
    page, box = case.page, case.box
    _, row, column = box.seed
    arm(case)
    x, y = case.at(column, row)
    page.mouse.move(x, y)
    page.mouse.down()
    expect_segments(case, 1)
    page.mouse.move(x + 40, y - 10, steps=3)
    strength = page.locator("[data-paint-bar] output").first
    expect(strength).to_have_text("+3")
    page.mouse.move(x - 70, y, steps=5)
    expect(strength).to_have_text("−4")
    page.mouse.up()
    page.mouse.move(x + 100, y)
    twin = grow_in_series(box.values, box.grid.spacing_mm, box.seed, replace(GROW_DEFAULTS, strength=-4))
    assert isinstance(twin.result, Grown)
    less = np.zeros(box.grid.shape, bool)
    less[twin.box] = twin.result.mask
    # A slow drag is saved on its way too.
    case.wait_for(lambda labels: bool(((labels == 1) == less).all()), "less of the node lies on the server")
    assert case.segments()[0]["origin"][0]["parameters"]["strength"] == -4
    # What stands beside the image then: nothing cut off, and readable by others than eyes.
    assert violations(page) == []
    assert cut_off(page) == []
    screenshot(page, "segmentation-dragged")
    page.get_by_role("button", name="Outlines").click()
    page.get_by_role("slider", name="Opacity").press("Home")
    painted(page)
    expect_covered(page, case.at(column, row), False)
    page.keyboard.press("Control+z")
    expect_segments(case, 0)


def test_slices_between_are_interpolated_and_segments_hidden_and_deleted(case: Case, screenshot: Any) -> None:
    page = case.page
    viewer(page).focus()
    page.keyboard.press("7")
    slice_index = int(viewer(page).get_attribute("data-slice") or 0) - 1
    case.stroke((20, 46), (26, 46))
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect_slice(page, slice_index + 3)
    case.stroke((20, 46), (26, 46))
    expect_segments(case, 1)
    page.get_by_role("button", name="Interpolate between slices").click()
    filled = case.wait_for(lambda labels: bool(labels[slice_index + 1].any()), "the slice between is painted")
    assert dice(filled[slice_index + 1] == 1, filled[slice_index] == 1) >= 0.95

    page.get_by_role("button", name="New segment with the next stroke").click()
    case.click(45, 20)
    expect_segments(case, 2)
    case.wait_for(lambda labels: set(np.unique(labels)) == {0, 1, 2}, "both segments lie on the server")
    painted(page)
    expect_covered(page, case.at(45, 20), True)
    page.get_by_role("button", name="Show Segment 2").click()
    painted(page)
    expect_covered(page, case.at(45, 20), False)
    screenshot(page, "segmentation-two")
    page.get_by_role("button", name="Delete Segment 2").click()
    expect_segments(case, 1)
    case.wait_for(lambda labels: set(np.unique(labels)) == {0, 1}, "the second segment is gone")

    # What is not named cannot be submitted.
    page.get_by_role("button", name="Submit", exact=False).last.click()
    expect(page.get_by_text("Please choose a label for each segment.").first).to_be_visible()


def test_a_ragged_edge_is_smoothed_undone_and_hidden(case: Case, screenshot: Any) -> None:
    page = case.page
    viewer(page).focus()
    page.keyboard.press("7")
    expect(viewer(page)).to_have_attribute("data-tool", "brush")
    slice_index = int(viewer(page).get_attribute("data-slice") or 0) - 1
    case.stroke((20, 46), (26, 46))
    for _ in range(6):
        page.keyboard.press("[")
    # Teeth along its upper edge, each as wide as the smallest brush.
    for column in (18, 21, 24, 27):
        case.click(column, 39)
    expect_segments(case, 1)
    ragged = case.wait_for(lambda labels: bool(labels[slice_index, 39, 27]), "the last tooth is painted")
    page.get_by_role("button", name="Smooth", exact=True).click()
    smooth = case.wait_for(lambda labels: bool((labels != ragged).any()), "the edge is smoothed")
    # It turns less often from painted to not painted along the rows of the teeth, and it stays as large as it was.
    turns = [int(np.abs(np.diff(one[slice_index, 36:41].astype(int))).sum()) for one in (ragged, smooth)]
    assert turns[1] < turns[0]
    assert abs(int(smooth.sum()) - int(ragged.sum())) <= 0.05 * ragged.sum()
    assert set(np.flatnonzero(smooth.any(axis=(1, 2)))) == {slice_index}
    assert [step["tool"] for step in case.segments()[0]["origin"]][-1] == "smooth"
    screenshot(page, "segmentation-smooth")
    page.keyboard.press("Control+z")
    case.wait_for(lambda labels: bool((labels == ragged).all()), "the ragged edge is back")

    # Hidden and shown again, whole; as an outline alone its middle is free.
    middle = case.at(23, 46)
    expect_covered(page, middle, True)
    for is_covered in (False, True):
        page.get_by_role("button", name="Show Segment 1").click()
        painted(page)
        expect_covered(page, middle, is_covered)
    page.get_by_role("slider", name="Opacity").press("Home")
    painted(page)
    expect_covered(page, middle, False)
    np.testing.assert_array_equal(case.labels(), ragged)


def test_the_threshold_brush_paints_the_values_under_its_first_click(case: Case) -> None:
    page, box = case.page, case.box
    slice_index, row, column = box.seed
    viewer(page).focus()
    page.keyboard.press("8")
    expect_slice(page, slice_index + 1)
    case.stroke((column, row), (column + 12, row), (column, row + 12))
    expect_segments(case, 1)
    labels = case.wait_for(lambda kept: bool(kept.any()), "the stroke lies on the server")
    low = float(page.get_by_label("Least value painted").input_value())
    high = float(page.get_by_label("Largest value painted").input_value())
    below = box.values[labels == 1]
    assert low <= below.min() <= below.max() <= high
    parameters = case.segments()[0]["origin"][0]["parameters"]
    assert (parameters["low"], parameters["high"]) == (low, high)
    around = box.values[slice_index, row - 2 : row + 3, column - 2 : column + 3]
    assert low <= np.median(around) <= high
    assert math.isclose(parameters["radius_mm"], 3)


def test_a_mask_is_seen_in_the_planes_across_its_slices(case: Case, screenshot: Any) -> None:
    page, box = case.page, case.box
    _, row, column = box.seed
    arm(case)
    case.click(column, row)
    expect_segments(case, 1)
    page.get_by_role("button", name="1 × 1").click()
    page.get_by_text("Three planes", exact=False).first.click()
    panes = page.locator("[data-pane]")
    expect(panes).to_have_count(3)
    for place in (1, 2):
        expect(panes.nth(place)).to_have_attribute("data-rendered", "true")
        page.wait_for_function(HAS_COLOR, arg=place).dispose()
        # The node lies in the middle of the box: there it is covered, at the edge of the pane it is not.
        assert page.evaluate(COLOR_AT, [place, 0.5, 0.5])
        assert not page.evaluate(COLOR_AT, [place, 0.1, 0.5])
    screenshot(page, "segmentation-planes")
    # Nothing is painted there.
    page.keyboard.press("7")
    at = panes.nth(1).bounding_box()
    assert at is not None
    page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    expect(page.locator("[data-hint]")).to_contain_text("on the images as they were taken")


def test_masks_are_painted_without_webgl_too(
    tmp_path: Path, server: str, chromium: Browser, screenshot: Any
) -> None:
    box = study_of_a_node(tmp_path)
    with without_webgl(chromium) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server}/sign-in")
        fill_sign_in(page, READER, PASSWORD)
        case = opened(page, box)
        assert not page.evaluate("() => document.createElement('canvas').getContext('webgl2')")
        _, row, column = box.seed
        arm(case)
        case.click(column, row)
        expect_segments(case, 1)
        grown = case.wait_for(lambda labels: bool(labels.any()), "the node lies on the server") == 1
        assert dice(grown, box.truth) >= 0.85
        painted(page)
        expect_covered(page, case.at(column, row), True)
        screenshot(page, "segmentation-without-webgl")


def test_without_a_mask_to_paint_there_are_no_painting_tools(tmp_path: Path, sign_in: SignIn) -> None:
    for index in range(5):
        save(mr_slice(index), tmp_path / f"{index}.dcm")
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    expect(page.locator("[data-paint-bar]")).to_have_count(0)
    viewer(page).focus()
    page.keyboard.press("7")
    expect(viewer(page)).to_have_attribute("data-tool", "window")
