"""Measuring beside the form with a real mouse: known lengths, angles and pixels, and the same values on the server."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from backend.reads.models import Read
from tests.flows.workers import wait_until

from .conftest import SignIn
from .measuring import (
    BLOCK,
    CANVAS_MM,
    GRID,
    MIDDLE,
    SLICES,
    Sent,
    agree,
    draw_angle,
    draw_freehand,
    inside_of,
    kept,
    notes,
    open_measured,
    places,
)
from .reading import painted, wait_for_image
from .viewing import at_mm, drag_mm, expect_slice, letters, viewer


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    return open_measured(tmp_path, sign_in)


def test_a_length_is_measured_moved_undone_and_deleted(page: Page) -> None:
    sent = Sent(page)
    page.keyboard.press("d")
    expect(viewer(page)).to_have_attribute("data-tool", "length")
    drag_mm(page, GRID, (10, 44), (40, 44))
    expect(notes(page)).to_have_count(1)
    expect(viewer(page)).to_have_attribute("data-tool", "window")
    (one,) = kept("length")
    start, end = places(one)
    assert one["values"]["length_mm"] == pytest.approx(30, abs=CANVAS_MM)
    assert one["values"]["length_mm"] == pytest.approx(np.linalg.norm(start - end), abs=0.01)
    expect(notes(page)).to_contain_text(f"Slice {MIDDLE}: Length {one['values']['length_mm']:.1f} mm")
    agree(sent, one)

    drag_mm(page, GRID, (20, 44), (20, 41))
    wait_until(
        lambda: np.allclose(places(kept("length")[0])[:, 1], places(one)[:, 1] - 3, atol=CANVAS_MM),
        within_s=30,
        what="it moved by 3 mm",
    )
    (moved,) = kept("length")
    assert moved["values"]["length_mm"] == pytest.approx(one["values"]["length_mm"], abs=0.02)
    page.keyboard.press("Control+z")
    wait_until(
        lambda: np.allclose(kept("length")[0]["points_mm"], one["points_mm"], atol=0.01),
        within_s=30,
        what="the move is undone",
    )
    page.keyboard.press("Control+z")
    expect(notes(page)).to_have_count(0)
    kept("length", count=0)
    page.keyboard.press("Control+y")
    expect(notes(page)).to_have_count(1)
    page.get_by_role("button", name=f"Delete the length on slice {MIDDLE}").click()
    expect(notes(page)).to_have_count(0)
    kept("length", count=0)


def test_an_ellipse_is_moved_undone_deleted_and_brought_back(page: Page) -> None:
    page.keyboard.press("e")
    drag_mm(page, GRID, (20, 35), (28, 38))
    expect(notes(page)).to_have_count(1)
    (one,) = kept("ellipse")
    # By its edge, at the right end of it.
    drag_mm(
        page, GRID, (20 + 8 * np.cos(0.8), 35 + 3 * np.sin(0.8)), (24 + 8 * np.cos(0.8), 33 + 3 * np.sin(0.8))
    )
    wait_until(
        lambda: np.allclose(places(kept("ellipse")[0]), np.add(places(one), (4, -2)), atol=CANVAS_MM),
        within_s=30,
        what="it moved by 4 and -2 mm",
    )
    page.keyboard.press("Control+z")
    wait_until(
        lambda: np.allclose(kept("ellipse")[0]["points_mm"], one["points_mm"], atol=0.01),
        within_s=30,
        what="the move is undone",
    )
    viewer(page).focus()
    page.keyboard.press("Delete")
    expect(notes(page)).to_have_count(0)
    kept("ellipse", count=0)
    page.keyboard.press("Control+z")
    expect(notes(page)).to_have_count(1)
    (again,) = kept("ellipse")
    assert again["values"] == pytest.approx(one["values"])


def test_a_bidirectional_moves_as_one_and_is_brought_back(page: Page) -> None:
    page.keyboard.press("b")
    drag_mm(page, GRID, (10, 20), (30, 20))
    short = page.get_by_label("Short axis", exact=True)
    expect(short).not_to_have_value("")
    (one,) = measured(1)
    # By its long axis, beside the middle where the other crosses it.
    drag_mm(page, GRID, (13, 20), (15, 24))
    wait_until(
        lambda: np.allclose(
            np.array(measured(1)[0]["points_mm"])[:, :2],
            np.array(one["points_mm"])[:, :2] + (2, 4),
            atol=CANVAS_MM,
        ),
        within_s=30,
        what="it moved by 2 and 4 mm",
    )
    viewer(page).focus()
    page.keyboard.press("Delete")
    measured(0)
    for _ in range(2):
        page.keyboard.press("Control+z")
    wait_until(
        lambda: [place["points_mm"] for place in measured(1)] == [one["points_mm"]],
        within_s=30,
        what="it is where it was drawn",
    )
    expect(short).not_to_have_value("")


def measured(count: int) -> list[dict[str, Any]]:
    """The measurements of the form on the server, once there are so many."""

    def found() -> list[dict[str, Any]]:
        measurements: list[dict[str, Any]] = Read.objects.get().draft.get("measurements", [])
        return measurements

    wait_until(lambda: len(found()) == count, within_s=30, what=f"the server has {count} measurements")
    return found()


def test_an_angle_has_two_arms(page: Page) -> None:
    sent = Sent(page)
    draw_angle(page)
    expect(notes(page)).to_have_count(1)
    (one,) = kept("angle")
    assert one["values"]["angle_deg"] == pytest.approx(90, abs=1.5)
    expect(notes(page)).to_contain_text(f"Angle {one['values']['angle_deg']:.1f}°")
    agree(sent, one)


def test_regions_have_the_statistics_of_their_pixels(
    page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    sent = Sent(page)
    page.keyboard.press("e")
    drag_mm(page, GRID, (20, 35), (28, 38))
    expect(notes(page)).to_have_count(1)
    (ellipse,) = kept("ellipse")
    rows, columns = np.indices((GRID.rows, GRID.columns))
    x, y = (columns + 0.5) * GRID.column_spacing_mm, (rows + 0.5) * GRID.row_spacing_mm
    left, right, top, bottom = places(ellipse)
    middle = (left + right) / 2
    half_x, half_y = (right[0] - left[0]) / 2, (bottom[1] - top[1]) / 2
    assert (half_x, half_y) == (pytest.approx(8, abs=CANVAS_MM), pytest.approx(3, abs=CANVAS_MM))
    within = ((x - middle[0]) / half_x) ** 2 + ((y - middle[1]) / half_y) ** 2 <= 1
    expected = {"area_mm2": np.pi * half_x * half_y, **inside_of(within)}
    assert ellipse["values"] == {name: pytest.approx(value, rel=1e-4) for name, value in expected.items()}
    assert (ellipse["values"]["min"], ellipse["values"]["max"]) == BLOCK
    agree(sent, ellipse)

    draw_freehand(page, (12, 31), (28, 31), (28, 39), (12, 39), (12, 31.5))
    expect(notes(page)).to_have_count(2)
    (region,) = kept("freehand")
    assert region["values"]["area_mm2"] == pytest.approx(128, abs=6)
    assert region["values"]["mean"] == pytest.approx(705, abs=0.5)
    assert region["values"]["sd"] == pytest.approx(5, abs=0.1)
    assert region["values"]["pixels"] == pytest.approx(128 / 0.25, rel=0.06)
    agree(sent, region)
    page.reload()
    wait_for_image(page)
    expect(notes(page)).to_have_count(2)
    expect(notes(page).first).to_contain_text("mean 705")
    screenshot(page, "measuring")


def test_notes_and_arrows_are_written_where_they_stand(page: Page) -> None:
    page.keyboard.press("t")
    page.mouse.click(*at_mm(page, GRID, 20, 20))
    note = page.get_by_label("Note", exact=True)
    expect(note).to_be_focused()
    page.keyboard.type("dim zone")
    page.keyboard.press("Enter")
    expect(notes(page)).to_have_text([re.compile(f"^Slice {MIDDLE}: Note dim zone")])
    assert kept("text")[0]["text"] == "dim zone"
    # The letters were text, and no keys of the viewer.
    expect(viewer(page)).to_have_attribute("data-tool", "window")

    page.keyboard.press("u")
    drag_mm(page, GRID, (32, 12), (40, 22))
    expect(page.get_by_label("Label of the arrow")).to_be_focused()
    page.keyboard.type("node")
    page.keyboard.press("Enter")
    expect(notes(page).nth(1)).to_contain_text("Arrow node")

    page.keyboard.press("t")
    page.mouse.click(*at_mm(page, GRID, 8, 8))
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(notes(page)).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(notes(page).nth(1)).not_to_contain_text("node")
    page.keyboard.press("Control+y")
    expect(notes(page).nth(1)).to_contain_text("Arrow node")

    page.keyboard.press("Home")
    expect_slice(page, 1)
    page.get_by_role("button", name=re.compile(r"^Slice \d+: Note dim zone")).click()
    expect_slice(page, MIDDLE)


def test_escape_discards_a_region_for_good(page: Page) -> None:
    page.keyboard.press("e")
    page.mouse.move(*at_mm(page, GRID, 20, 35))
    page.mouse.down()
    page.mouse.move(*at_mm(page, GRID, 24, 37), steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    painted(page)
    page.keyboard.press("Control+y")
    painted(page)
    expect(notes(page)).to_have_count(0)
    expect(viewer(page)).to_have_attribute("data-tool", "window")


def test_the_short_axis_is_proposed_from_the_image_and_adjusted(page: Page) -> None:
    page.keyboard.press("b")
    drag_mm(page, GRID, (24, 12), (40, 12))
    short = page.get_by_label("Short axis", exact=True)
    expect(page.locator("[data-hint]")).to_contain_text("proposed from the image")
    expect(short).not_to_have_value("")
    assert float(short.input_value()) == pytest.approx(8, abs=CANVAS_MM)
    expect(page.get_by_text("adjust short axis")).to_have_count(0)
    drag_mm(page, GRID, (32, 16), (32, 14))
    wait_until(
        lambda: abs(float(short.input_value()) - 6) <= CANVAS_MM, within_s=30, what="the form holds 6 mm"
    )


def test_the_probe_tells_the_stored_value_under_the_mouse(page: Page) -> None:
    page.keyboard.press("s")
    told = page.locator("[data-probe]")
    page.mouse.move(*at_mm(page, GRID, 15.75, 35.25))
    expect(told).to_contain_text("710 column 32, row 71")
    page.mouse.move(*at_mm(page, GRID, 3, 3))
    expect(told).to_contain_text("200")
    page.keyboard.press("w")
    expect(told).to_have_count(0)
    assert Read.objects.get().draft.get("annotations", []) == []


def test_the_image_is_flipped_rotated_and_put_back(page: Page) -> None:
    axial = {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert letters(page) == axial
    for key, turned in (
        ("h", {"left": "L", "right": "R", "top": "A", "bottom": "P"}),
        ("h", axial),
        ("v", {"left": "R", "right": "L", "top": "P", "bottom": "A"}),
        ("v", axial),
        ("r", {"left": "P", "right": "A", "top": "R", "bottom": "L"}),
        ("l", axial),
        ("l", {"left": "A", "right": "P", "top": "L", "bottom": "R"}),
        ("h", {"left": "P", "right": "A", "top": "L", "bottom": "R"}),
        ("r", {"left": "R", "right": "L", "top": "P", "bottom": "A"}),
        (" ", axial),
    ):
        page.keyboard.press(key)
        for edge, letter in turned.items():
            expect(page.locator(f"[data-edge={edge}]")).to_have_text(letter)
    page.keyboard.press("h")
    expect(page.locator("[data-edge=left]")).to_have_text("L")
    page.keyboard.press("d")
    drag_mm(page, GRID, (10, 44), (40, 44))
    assert kept("length")[0]["values"]["length_mm"] == pytest.approx(30, abs=CANVAS_MM)


# Every slice that is shown from now on, however short.
NOTE_SLICES = """() => {
    const viewer = document.querySelector("[data-viewer]");
    window.slicesShown = new Set();
    new MutationObserver(() => slicesShown.add(viewer.dataset.slice))
        .observe(viewer, { attributes: true, attributeFilter: ["data-slice"] });
}"""


def test_cine_plays_until_the_reader_does_something(page: Page) -> None:
    expect_slice(page, MIDDLE)
    page.evaluate(NOTE_SLICES)
    page.keyboard.press("c")
    # Around the end, and back to the slice that it began with.
    page.wait_for_function("(count) => slicesShown.size === count", arg=SLICES).dispose()
    expect(page.get_by_role("button", name="Pause the slices")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="Pause the slices")).to_have_count(0)
    expect_slice(page, 1)


def test_the_magnifier_shows_the_image_larger_while_the_button_is_held(page: Page) -> None:
    page.keyboard.press("q")
    page.mouse.move(*at_mm(page, GRID, 20, 35))
    page.mouse.down()
    page.mouse.move(*at_mm(page, GRID, 21, 35), steps=3)
    expect(page.locator(".magnifyTool")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".magnifyTool")).to_have_count(0)
