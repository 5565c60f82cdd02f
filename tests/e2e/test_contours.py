"""A reader draws with the mouse what a form asks for: outlines slice by slice, marks, axes of named nodes."""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from backend.reads.models import Answer, Mark, MaskContour, Measurement, Read, ReadStatus
from tests.factories.dicom_files import mr_slice, save
from tests.flows.workers import wait_until

from .conftest import SignIn
from .reading import drag, open_next, painted, submit, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .viewing import Grid, all_at_mm, at_mm, expect_slice, show_series, take_tool, viewer, wait_for_mm

# Pixels that are not square: 96 rows of 0.5 mm and 64 columns of 0.75 mm are 48 mm by 48 mm.
GRID = Grid(rows=96, columns=64, row_spacing_mm=0.5, column_spacing_mm=0.75)
SLICES = 7
MIDDLE = SLICES // 2 + 1
MASK = "tumour"
CANVAS_MM = 0.4
FRAMES_AND_TEXTS = "(outlines) => outlines.map((one) => [one.dataset.frame, one.innerText])"

Places = list[tuple[float, float]]


def write_series(folder: Path, number: int, description: str) -> None:
    rows, columns = np.indices((GRID.rows, GRID.columns))
    for index in range(SLICES):
        pixels = (200 + 3 * rows + 2 * columns + 20 * index).astype(np.uint16)
        made = mr_slice(
            index,
            pixels=pixels,
            series=f"1.2.3.{number}",
            SeriesNumber=number,
            SeriesDescription=description,
            PixelSpacing=[GRID.row_spacing_mm, GRID.column_spacing_mm],
            WindowCenter=450,
            WindowWidth=600,
        )
        save(made, folder / f"{number}-{index}.dcm")


def axis_of(side: str) -> dict[str, Any]:
    return {
        "key": f"{side}_short_axis_mm",
        "kind": "measurement",
        "label": f"Short axis {side}",
        "of": side,
        "axis": "short",
        "unit": "mm",
        "min": 1,
        "max": 60,
        "step": 0.1,
        "required": True,
    }


# A node on either side, and deposits to be marked and rated.
NODES_AND_DEPOSITS: dict[str, Any] = {
    "version": 1,
    "questions": [
        axis_of("left"),
        axis_of("right"),
        {
            "key": "deposits",
            "kind": "mark",
            "label": "Deposits",
            "max_marks": 2,
            "required": True,
            "options": [{"value": 1, "label": "Unlikely"}, {"value": 2, "label": "Likely"}],
        },
    ],
}


@pytest.fixture
def page_of_marks(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case with two nodes to measure and deposits to mark."""
    write_series(tmp_path, 1, "t2_tse_tra")
    study_in_reading(tmp_path, now=timezone.now(), template="blank", form=NODES_AND_DEPOSITS)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case to delineate, the tumor seen."""
    write_series(tmp_path, 1, "t2_tse_tra")
    write_series(tmp_path, 2, "t1_tse_tra")
    study_in_reading(tmp_path, now=timezone.now(), template="larc-dm")
    page = sign_in(READER, PASSWORD)
    open_next(page)
    page.get_by_role("radio", name=re.compile("^Is the tumor visible.*yes$")).check()
    return page


def round_outline(radius: float, *, at: tuple[float, float] = (24.0, 24.0)) -> Places:
    angles = [2 * math.pi * step / 36 for step in range(36)]
    return [(at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)) for angle in angles]


def draw(page: Page, places: Places) -> None:
    """A stroke through places in mm from the image's left upper corner."""
    start, *others = all_at_mm(page, GRID, places)
    page.mouse.move(*start)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place)
    page.mouse.up()
    painted(page)


def expect_outlines(page: Page, *frames: int) -> None:
    """One outline on each of these slices, and none on another."""
    drawn = page.locator("[data-contour]")
    for frame in frames:
        expect(drawn.and_(page.locator(f"[data-frame='{frame}']"))).to_have_count(1)
    expect(drawn).to_have_count(len(frames))


def step_to(page: Page, key: str, slice_number: int) -> None:
    page.keyboard.press(key)
    expect_slice(page, slice_number)


def areas_mm2(page: Page) -> dict[int, float]:
    """What the viewer says of each outline, to whole square millimeters, by slice."""
    painted(page)
    return {
        int(frame): float(re.search(r"(\d+) mm²", text)[1])  # type: ignore[index]
        for frame, text in page.locator("[data-contour]").evaluate_all(FRAMES_AND_TEXTS)
    }


def shoelace_mm2(points: NDArray[np.float64]) -> float:
    """The area of a planar outline in space: half the length of the sum of cross products."""
    around = points - points[0]
    return float(np.linalg.norm(np.sum(np.cross(around, np.roll(around, -1, axis=0)), axis=0))) / 2


def rim_mm(places: Places) -> float:
    return sum(math.dist(one, other) for one, other in pairwise([*places, places[0]]))


def mm_per_css_pixel(page: Page) -> float:
    (left, _), (right, _) = all_at_mm(page, GRID, [(0, 0), (10, 0)])
    return 10 / (right - left)


def kept_contours() -> list[dict[str, Any]]:
    mask = Read.objects.get().draft.get("answers", {}).get(MASK) or {}
    return list(mask.get("contours", []))


def answer_the_rest(page: Page) -> None:
    for key in ("image_quality", "confidence"):
        page.locator(f"input[name={key}][value='4']").check()


def test_outlines_on_three_slices_are_kept_and_measured(page: Page, screenshot: Any) -> None:
    drawn = {
        MIDDLE: round_outline(10),
        MIDDLE + 1: [(14.0, 14.0), (34.0, 14.0), (34.0, 32.0), (14.0, 32.0)],
        MIDDLE + 2: round_outline(6, at=(20.0, 26.0)),
    }
    page.get_by_role("button", name="Draw: Tumor outline").click()
    expect(viewer(page)).to_have_attribute("data-armed", MASK)
    page.locator("[data-viewer]").focus()
    for place, (slice_number, places) in enumerate(drawn.items()):
        if place:
            step_to(page, "ArrowDown", slice_number)
        draw(page, places)
        expect(page.locator("[data-contour]")).to_have_count(place + 1)
    expect_outlines(page, *drawn)
    screenshot(page, "contours-three-slices")
    wait_until(lambda: len(kept_contours()) == 3, within_s=30, what="the draft has three outlines")
    before = areas_mm2(page)
    # A corner lies within a pixel of the screen of where the mouse was, and kept lines within a tenth of an image
    # pixel of drawn ones: the area moves by at most that along the whole rim.
    slack_mm = mm_per_css_pixel(page) + 0.1 * GRID.row_spacing_mm

    page.reload()
    wait_for_image(page)
    expect_outlines(page, *drawn)
    wait_until(lambda: areas_mm2(page) == before, within_s=30, what="the outlines have their areas again")
    expect(page.locator(f"[data-drawn-summary={MASK}]")).to_contain_text("3 slices")

    answer_the_rest(page)
    submit(page)
    wait_until(
        lambda: Read.objects.get().status == ReadStatus.SUBMITTED, within_s=30, what="the read is submitted"
    )
    rows = list(MaskContour.objects.all())
    assert len(rows) == 3
    for row in rows:
        assert row.area_mm2 == pytest.approx(shoelace_mm2(np.array(row.points_mm)), rel=1e-9)
    step_mm = Read.objects.get().assignment.study_case.case.series.get(role="T2W").slice_step_mm
    stored_ml = Answer.objects.get(question="volume_ml").value
    kept_ml = sum(row.area_mm2 for row in rows) * step_mm / 1000
    assert stored_ml == pytest.approx(kept_ml, abs=0.051)
    drawn_ml = sum(shoelace_mm2(np.array([(*place, 0.0) for place in places])) for places in drawn.values())
    drawn_ml *= step_mm / 1000
    assert abs(kept_ml - drawn_ml) <= sum(map(rim_mm, drawn.values())) * slack_mm * step_mm / 1000


def test_a_stroke_across_redraws_and_keys_copy_delete_and_undo(page: Page) -> None:
    page.locator("[data-viewer]").focus()
    take_tool(page, "o", "outline")
    draw(page, [(14.0, 14.0), (34.0, 14.0), (34.0, 34.0), (14.0, 34.0)])
    expect_outlines(page, MIDDLE)
    square = areas_mm2(page)[MIDDLE]
    assert square == pytest.approx(400, rel=0.02)

    draw(page, [(32.0, 20.0), (40.0, 20.0), (40.0, 30.0), (32.0, 30.0)])
    expect(page.locator("[data-contour]")).not_to_contain_text(f"{square:.0f} mm²")
    assert areas_mm2(page)[MIDDLE] == pytest.approx(460, rel=0.02)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-contour]")).to_contain_text(f"{square:.0f} mm²")
    page.keyboard.press("Control+y")
    expect(page.locator("[data-contour]")).not_to_contain_text(f"{square:.0f} mm²")
    bulged = areas_mm2(page)[MIDDLE]

    page.keyboard.press("Control+ArrowDown")
    expect_slice(page, MIDDLE + 1)
    expect_outlines(page, MIDDLE, MIDDLE + 1)
    step_to(page, "k", MIDDLE + 2)
    expect_outlines(page, MIDDLE, MIDDLE + 1, MIDDLE + 2)
    assert set(areas_mm2(page).values()) == {bulged}
    page.keyboard.press("Control+ArrowUp")
    expect_slice(page, MIDDLE + 1)
    expect(page.locator("[data-hint]")).to_have_text("This slice has an outline already.")
    page.keyboard.press("Backspace")
    expect_outlines(page, MIDDLE, MIDDLE + 2)
    page.keyboard.press("Control+z")
    expect_outlines(page, MIDDLE, MIDDLE + 1, MIDDLE + 2)


def test_outlines_are_drawn_on_the_series_asked_for_and_only_while_asked(page: Page) -> None:
    page.locator("[data-viewer]").focus()
    take_tool(page, "o", "outline")
    draw(page, round_outline(8))
    expect_outlines(page, MIDDLE)
    show_series(page, "T1 axial")
    page.locator("[data-viewer]").focus()
    draw(page, round_outline(8))
    expect(page.locator("[data-hint]")).to_have_text("Tumor outline is drawn on T2W axial only.")
    expect_outlines(page, MIDDLE)

    page.get_by_role("radio", name=re.compile("^Is the tumor visible.*no$")).check()
    expect(page.get_by_role("button", name="Outline", exact=True)).to_have_count(0)
    expect(viewer(page)).to_have_attribute("data-tool", "window")
    answer_the_rest(page)
    submit(page)
    wait_until(
        lambda: Read.objects.get().status == ReadStatus.SUBMITTED, within_s=30, what="the read is submitted"
    )
    assert MaskContour.objects.count() == 0
    assert Answer.objects.get(question=MASK).value is None


def test_escape_forgets_the_stroke_and_keeps_the_tool(page: Page) -> None:
    page.locator("[data-viewer]").focus()
    take_tool(page, "o", "outline")
    start, *others = all_at_mm(page, GRID, round_outline(8))
    page.mouse.move(*start)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(viewer(page)).to_have_attribute("data-tool", "outline")
    draw(page, round_outline(5, at=(12.0, 12.0)))
    expect_outlines(page, MIDDLE)
    assert areas_mm2(page)[MIDDLE] == pytest.approx(math.pi * 25, rel=0.06)


def draw_axes(page: Page, node: str, places: Places) -> None:
    """Measure a node of the form."""
    drawn = page.get_by_role("list", name="Drawn measurements")
    drawn.get_by_role("button", name=node, exact=True).click()
    expect(viewer(page)).to_have_attribute("data-tool", "bidirectional")
    draw(page, places)
    expect(viewer(page)).to_have_attribute("data-tool", "window")


def set_mark(page: Page, place: tuple[float, float], number: int) -> None:
    page.mouse.click(*at_mm(page, GRID, *place))
    expect(page.locator("[data-mark]")).to_have_count(number)


def test_marks_are_rated_and_each_side_has_its_own_measurement(page_of_marks: Page, screenshot: Any) -> None:
    page = page_of_marks
    page.get_by_role("button", name="Mark: Deposits").click()
    expect(viewer(page)).to_have_attribute("data-tool", "mark")
    set_mark(page, (12.0, 12.0), 1)
    set_mark(page, (36.0, 30.0), 2)
    # Both marks that the form takes are set.
    expect(viewer(page)).to_have_attribute("data-tool", "window")
    page.get_by_label("Rating of mark 1").select_option("2")
    page.get_by_label("Rating of mark 2").select_option("1")

    left, right = (page.get_by_label(f"Short axis {side}", exact=True) for side in ("left", "right"))
    draw_axes(page, "Right", [(20.0, 20.0), (23.0, 20.0), (26.0, 20.0)])
    wait_for_mm(right, 4, CANVAS_MM)
    expect(left).to_have_value("")
    draw_axes(page, "Left", [(20.0, 40.0), (26.0, 40.0), (32.0, 40.0)])
    wait_for_mm(left, 8, CANVAS_MM)
    wait_for_mm(right, 4, CANVAS_MM)
    screenshot(page, "marks-and-pairs")

    def is_kept() -> bool:
        draft = Read.objects.get().draft
        ratings = [mark["rating"] for mark in draft.get("answers", {}).get("deposits") or []]
        axes = [one["short_axis_mm"] for one in draft.get("measurements", [])]
        return ratings == [2, 1] and sorted(axes) == pytest.approx([4, 8], abs=CANVAS_MM)

    wait_until(is_kept, within_s=30, what="the draft has both marks and both measurements")
    page.reload()
    wait_for_image(page)
    expect(page.locator("[data-mark]")).to_have_count(2)
    expect(page.get_by_label("Rating of mark 1")).to_have_value("2")
    submit(page)
    wait_until(
        lambda: Read.objects.get().status == ReadStatus.SUBMITTED, within_s=30, what="the read is submitted"
    )
    assert_stored()


def test_a_mark_is_moved_rated_and_removed_and_every_step_is_taken_back(page_of_marks: Page) -> None:
    page = page_of_marks
    page.get_by_role("button", name="Mark: Deposits").click()
    set_mark(page, (12.0, 12.0), 1)
    viewer(page).focus()
    page.keyboard.press("w")
    rating = page.get_by_label("Rating of mark 1")
    rating.select_option("1")
    rating.select_option("2")
    wait_until(lambda: mark_at() is not None, within_s=30, what="the mark is kept")
    set_at = mark_at()
    assert set_at is not None
    drag(page, at_mm(page, GRID, 12.0, 12.0), at_mm(page, GRID, 20.0, 16.0))
    # A draft may have been kept on the way; the last one has the mark where it was let go.
    there = pytest.approx(np.add(set_at, [8.0, 4.0, 0.0]), abs=CANVAS_MM)
    wait_until(lambda: np.array(mark_at()) == there, within_s=30, what="the mark was moved")
    viewer(page).focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-mark]")).to_have_count(0)

    page.keyboard.press("Control+z")
    expect(page.locator("[data-mark]")).to_have_count(1)
    expect(rating).to_have_value("2")
    page.keyboard.press("Control+z")
    wait_until(lambda: mark_at() == set_at, within_s=30, what="the mark is where it was set")
    page.keyboard.press("Control+z")
    expect(rating).to_have_value("1")
    page.keyboard.press("Control+z")
    expect(rating).to_have_value("")
    page.keyboard.press("Control+y")
    expect(rating).to_have_value("1")
    page.keyboard.press("Control+y")
    expect(rating).to_have_value("2")


def mark_at() -> list[float] | None:
    """Where the server keeps the only mark."""
    marks = Read.objects.get().draft.get("answers", {}).get("deposits") or []
    return marks[0]["point_mm"] if marks else None


def assert_stored() -> None:
    """The rows hold the places clicked in patient coordinates, and the side of each measurement."""
    read = Read.objects.get()
    image = read.assignment.study_case.case.series.get().images.get(index=MIDDLE - 1)
    x, y, z = image.metadata["00200032"]["Value"]
    # The corner of the image lies half a pixel before the center of the first one.
    corner = np.array([x - GRID.column_spacing_mm / 2, y - GRID.row_spacing_mm / 2, z])
    marks = {mark.rating: np.array(mark.point_mm) - corner for mark in Mark.objects.all()}
    assert marks[2] == pytest.approx([12, 12, 0], abs=0.3)
    assert marks[1] == pytest.approx([36, 30, 0], abs=0.3)
    axes = {one.question: one.short_axis_mm for one in Measurement.objects.all()}
    assert axes["left_short_axis_mm"] == pytest.approx(8, abs=CANVAS_MM)
    assert axes["right_short_axis_mm"] == pytest.approx(4, abs=CANVAS_MM)
