"""What a model shows on the images: seen over them once it is released, and held by nothing before and after."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from backend.reads.models import Read, ReadStatus
from tests.factories.studies import StudyStory, design, freeze

from . import reading
from .conftest import SignIn
from .fits import SIZES, cut_words, double_text
from .studies import PASSWORD
from .test_blinding import STORES, Seen
from .test_panes import activate, choose_layout, choose_plane, pane, pane_rect, show_in
from .viewing import expect_slice, viewer

READER = "reader1"
SIZE, SLICES = 32, 6
SLICE = 4
OVERLAYS = ("region", "influence")
REGION, INFLUENCE = "Region", "Map"
# Of the factory's output: rows, and columns of the region and of the map on their slice.
ROWS, REGION_COLUMNS, MAP_COLUMNS = slice(1, -1), slice(8, 16), slice(16, 24)
REGION_COLOR = (0xFF, 0x5A, 0xD1)
# Value 200 of 1 to 255 in the ten places of plasma, at 199/254 of the way.
MAP_COLOR = (0xFB, 0xA0, 0x3A)
EDGE_PX = 3
FINDINGS = reading.Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)
BUFFER = "system / JSArrayBufferData"
Pixels = NDArray[np.int16]


@pytest.fixture
def story(transactional_db: None) -> StudyStory:
    story = freeze(design("ALFA", cases=2, with_images=True))
    story.people[READER].set_password(PASSWORD)
    story.people[READER].save()
    return story


@pytest.fixture
def aided(story: StudyStory, sign_in: SignIn) -> Page:
    """A reader before an aided case, its overlays there."""
    story.read_cases(READER, 2)
    story.clock.pass_washout()
    page = sign_in(f"{READER}-alfa-user", PASSWORD)
    reading.open_next(page)
    wait_for_overlays(page)
    return page


def wait_for_overlays(page: Page) -> None:
    for name in OVERLAYS:
        expect(page.locator(f"[data-overlay={name}]")).to_have_attribute("data-state", "ready")


def mark_of_open_case(story: StudyStory) -> str:
    read = Read.objects.get(reader=story.people[READER], status=ReadStatus.DRAFT)
    return f"AID{story.name}{story.cases.index(read.assignment.study_case.case)}"


def shot(page: Page, place: int | None = None) -> Pixels:
    """The image as it is on the screen, with all that lies over it, of the active pane or of another one.

    Shape (height, width, 3).
    """
    reading.settle(page)
    reading.painted(page)
    left, top, width, height = reading.image_rect(page) if place is None else rect_of(page, place)
    clip: Any = {"x": left, "y": top, "width": width, "height": height}
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.int16)


def rect_of(page: Page, place: int) -> tuple[float, float, float, float]:
    """Where a pane's image lies on the page: left, top, width and height."""
    box = pane(page, place).bounding_box()
    assert box is not None
    left, top, width, height = pane_rect(page, place)
    return box["x"] + left, box["y"] + top, width, height


def cell(pixels: NDArray[Any], row: int, column: int, grid: tuple[int, int] = (SIZE, SIZE)) -> NDArray[Any]:
    """What one pixel of an image of so many rows and columns has of the screen, without its edge."""
    height, width = pixels.shape[0] / grid[0], pixels.shape[1] / grid[1]
    down = slice(round(row * height) + EDGE_PX, round((row + 1) * height) - EDGE_PX)
    across = slice(round(column * width) + EDGE_PX, round((column + 1) * width) - EDGE_PX)
    return pixels[down, across]


def changed(before: Pixels, after: Pixels, grid: tuple[int, int] = (SIZE, SIZE)) -> NDArray[np.float64]:
    """How much of each pixel of the image looks otherwise; shape (rows, columns), 0 to 1."""
    differs = np.abs(before - after).max(axis=2) > 2
    rows, columns = range(grid[0]), range(grid[1])
    return np.array([[cell(differs, row, column, grid).mean() for column in columns] for row in rows])


def assert_covers(before: Pixels, after: Pixels, columns: slice) -> None:
    """These columns look otherwise now, and nothing else does."""
    covered = changed(before, after)
    outside = np.ones((SIZE, SIZE), dtype=bool)
    outside[ROWS, columns] = False
    assert covered[outside].max() == 0
    # Letters of the viewer lie over the first and the last rows, and beside the middle ones.
    assert covered[4:-4, columns].min() > 0.95


def set_opacity(page: Page, title: str, key: str) -> None:
    """With the keyboard, to one of its ends."""
    page.get_by_role("slider", name=f"Opacity: {title}").press(key)


def toggle_all(page: Page) -> None:
    """With its key, the hand on the image."""
    viewer(page).focus()
    page.keyboard.press("Y")


def test_mask_and_map_lie_on_the_image_where_their_voxels_are_and_only_there(
    aided: Page, screenshot: Callable[[Page, str], None]
) -> None:
    page = aided
    page.get_by_role("button", name=f"Go to the slice with most of it: {REGION}").click()
    expect_slice(page, SLICE)
    page.set_viewport_size({"width": 1920, "height": 1080})
    canvases = viewer(page).locator("[data-overlay-canvas]")
    expect(canvases).to_have_count(1)
    toggle_all(page)
    expect(canvases).to_have_count(0)
    bare = shot(page)
    toggle_all(page)
    expect(viewer(page).locator('[data-overlay-canvas=region][data-painted="4"]')).to_be_visible()

    outlined = shot(page)
    assert changed(bare, outlined).max() == 0, "the image within and without the outline is as it was"
    assert np.abs(bare - outlined).max() > 40, "the outline itself is seen"

    page.get_by_role("checkbox", name=f"Fill: {REGION}").click()
    filled = shot(page)
    assert_covers(bare, filled, REGION_COLUMNS)
    np.testing.assert_allclose(np.median(cell(filled, 10, 11), axis=(0, 1)), REGION_COLOR, atol=2)

    set_opacity(page, REGION, "Home")
    assert changed(bare, shot(page)).max() == 0
    set_opacity(page, REGION, "End")
    assert_covers(bare, shot(page), REGION_COLUMNS)

    page.get_by_role("switch", name=REGION).click()
    page.get_by_role("switch", name=INFLUENCE).click()
    assert_covers(bare, shot(page), MAP_COLUMNS)
    set_opacity(page, INFLUENCE, "End")
    np.testing.assert_allclose(np.median(cell(shot(page), 10, 20), axis=(0, 1)), MAP_COLOR, atol=3)
    expect(page.get_by_role("img", name="Colors from low to high")).to_be_visible()
    screenshot(page, "overlays-map-1920")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("switch", name=REGION).click()
    screenshot(page, "overlays-both-1366")


# How far below the top of its column the form begins, as a share of what is seen of that.
FORM_BEGINS = """() => {
    const form = document.querySelector("[data-reading-panel] [data-question]").getBoundingClientRect();
    const column = document.querySelector("[data-reading-panel] > :nth-child(2)").getBoundingClientRect();
    return (form.top - column.top) / column.height;
}"""


def test_the_form_is_in_view_below_the_output_whose_details_stay_as_they_were_put(
    aided: Page, screenshot: Callable[[Page, str], None]
) -> None:
    page = aided
    for size, share in zip(SIZES, (0.6, 0.4), strict=True):
        page.set_viewport_size(size)
        reading.settle(page)
        assert page.evaluate(FORM_BEGINS) < share
        screenshot(page, f"aided-{size['width']}")
    details = page.get_by_role("button", name="Details")
    note = page.get_by_text(re.compile("^Overlay note")).first
    expect(note).to_have_count(0)
    details.click()
    expect(note).to_be_visible()
    screenshot(page, "aided-details")
    page.reload()
    wait_for_overlays(page)
    expect(details).to_have_attribute("aria-expanded", "true")
    expect(note).to_be_visible()
    details.press("Enter")
    expect(note).to_have_count(0)
    double_text(page)
    reading.settle(page)
    screenshot(page, "aided-large-text")
    assert cut_words(page) == []


def test_another_slice_has_nothing_and_another_series_neither(aided: Page) -> None:
    page = aided
    page.get_by_role("button", name=f"Go to the slice with most of it: {REGION}").click()
    expect_slice(page, SLICE)
    page.get_by_role("checkbox", name=f"Fill: {REGION}").click()
    viewer(page).focus()
    page.keyboard.press("ArrowDown")
    expect_slice(page, SLICE + 1)
    shown = shot(page)
    toggle_all(page)
    assert changed(shot(page), shown).max() == 0
    toggle_all(page)
    page.keyboard.press("PageDown")
    expect(viewer(page)).to_have_attribute("data-series", "1")
    expect(viewer(page).locator("[data-overlay-canvas]")).to_have_count(0)


def test_in_other_planes_they_lie_where_their_voxels_are(
    aided: Page, screenshot: Callable[[Page, str], None]
) -> None:
    page = aided
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("checkbox", name=f"Fill: {REGION}").click()
    page.get_by_role("switch", name=INFLUENCE).click()
    choose_plane(page, "Three planes side by side")
    for place in (1, 2):
        expect(pane(page, place)).to_have_attribute("data-rendered", "true")
    # Slices from the head down; the one with the overlays alone is covered.
    row, grid = SLICES - SLICE, (SLICES, SIZE)
    activate(page, 1)
    page.keyboard.press("Home")
    for _ in range(REGION_COLUMNS.start + 1):
        page.keyboard.press("ArrowDown")
    expect_slice(page, REGION_COLUMNS.start + 2)
    cut = {1: (ROWS, REGION_COLOR, 16), 2: (REGION_COLUMNS, REGION_COLOR, 11)}
    with_them = {place: shot(page, place) for place in cut}
    screenshot(page, "overlays-planes")
    toggle_all(page)
    expect(page.locator("[data-overlay-canvas]")).to_have_count(0)
    for place, (columns, color, column) in cut.items():
        covered = changed(shot(page, place), with_them[place], grid)
        inside = np.zeros(grid, dtype=bool)
        inside[row, columns] = True
        if place == 2:
            inside[row, MAP_COLUMNS] = True
        assert covered[~inside].max() == 0, f"pane {place}"
        assert np.median(covered[inside]) == 1, f"pane {place}"
        seen = np.median(cell(with_them[place], row, column, grid), axis=(0, 1))
        np.testing.assert_allclose(seen, color, atol=2)
    toggle_all(page)
    # Where neither has a voxel nothing is covered.
    activate(page, 1)
    page.keyboard.press("End")
    expect_slice(page, SIZE)
    bare = shot(page, 1)
    toggle_all(page)
    assert changed(bare, shot(page, 1), grid).max() == 0


def test_linked_panes_show_them_on_the_slices_that_they_go_to(aided: Page) -> None:
    page = aided
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("checkbox", name=f"Fill: {REGION}").click()
    choose_layout(page, 1, 2)
    show_in(page, 1, page.get_by_role("tab").first.inner_text(), SLICES)
    link = page.get_by_role("button", name="Link panes")
    if link.get_attribute("aria-pressed") != "true":
        link.click()
    expect(link).to_have_attribute("aria-pressed", "true")
    activate(page, 0)
    page.keyboard.press("Home")
    for shown in range(1, SLICES + 1):
        expect_slice(page, shown)
        expect(pane(page, 1)).to_have_attribute("data-slice", str(shown))
        for place in (0, 1):
            canvas = pane(page, place).locator("[data-overlay-canvas=region]")
            expect(canvas).to_have_attribute("data-painted", str(shown))
        with_it = {place: shot(page, place) for place in (0, 1)}
        toggle_all(page)
        expect(page.locator("[data-overlay-canvas]")).to_have_count(0)
        for place in (0, 1):
            if shown == SLICE:
                assert_covers(shot(page, place), with_it[place], REGION_COLUMNS)
            else:
                assert changed(shot(page, place), with_it[place]).max() == 0
        toggle_all(page)
        page.keyboard.press("ArrowDown")


def test_the_second_window_switches_them_on_the_images_of_the_first(aided: Page) -> None:
    page = aided
    page.get_by_role("button", name=f"Go to the slice with most of it: {REGION}").click()
    expect_slice(page, SLICE)
    viewer(page).focus()
    with page.expect_popup() as opened:
        page.keyboard.press("Shift+F")
    second = opened.value
    row = second.locator("[data-overlay=region]")
    expect(row).to_have_attribute("data-state", "ready")
    toggle_all(page)
    bare = shot(page)
    toggle_all(page)
    second.get_by_role("checkbox", name=f"Fill: {REGION}").click()
    assert_covers(bare, shot(page), REGION_COLUMNS)
    second.get_by_role("switch", name=REGION).click()
    second.get_by_role("switch", name=INFLUENCE).click()
    assert_covers(bare, shot(page), MAP_COLUMNS)
    # The key means the same in both windows.
    second.locator("body").press("Y")
    expect(second.get_by_text("All hidden.")).to_be_visible()
    assert changed(bare, shot(page)).max() == 0
    with second.expect_event("close"):
        page.keyboard.press("Shift+F")
    expect(page.locator("[data-overlay=influence]")).to_have_attribute("data-state", "ready")


@dataclass(frozen=True)
class Heap:
    """What the page holds after its garbage went: its texts, and how many buffers as large as an overlay."""

    texts: str
    overlays: int


def heap_of(page: Page) -> Heap:
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda chunk: parts.append(chunk["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    snapshot = json.loads("".join(parts))
    fields, strings, nodes = (
        snapshot["snapshot"]["meta"]["node_fields"],
        snapshot["strings"],
        snapshot["nodes"],
    )
    names, sizes = (nodes[fields.index(field) :: len(fields)] for field in ("name", "self_size"))
    buffers = [size for name, size in zip(names, sizes, strict=True) if strings[name] == BUFFER]
    return Heap("\n".join(strings), buffers.count(SLICES * SIZE * SIZE))


def test_an_unaided_session_asks_for_no_overlay_and_holds_none(story: StudyStory, sign_in: SignIn) -> None:
    page = sign_in(f"{READER}-alfa-user", PASSWORD)
    seen = Seen()
    seen.watch(page)
    reading.open_next(page)
    expect(viewer(page)).to_have_attribute("data-loaded", re.compile(r"^(\d+)/\1$"))
    toggle_all(page)
    expect(page.locator("[data-overlay-canvas], [data-overlay]")).to_have_count(0)
    seen.look(page)
    heap = heap_of(page)
    assert heap.overlays == 0
    for rank in range(len(story.cases)):
        mark = f"AID{story.name}{rank}"
        assert seen.places_of(mark) == []
        assert mark not in heap.texts
    assert not [name for name in seen.answers if "/aid" in name]


def test_an_aided_case_that_was_left_leaves_nothing_of_its_overlays(story: StudyStory, aided: Page) -> None:
    page, mark = aided, mark_of_open_case(story)
    before = heap_of(page)
    assert before.overlays == len(OVERLAYS)
    assert mark in before.texts
    assert mark not in page.evaluate(STORES)
    reading.answer(page, FINDINGS)
    url = page.url
    reading.submit(page)
    page.wait_for_url(lambda address: address != url)
    reading.wait_for_image(page)
    wait_for_overlays(page)
    after = heap_of(page)
    assert mark_of_open_case(story) in after.texts
    assert mark not in after.texts
    assert after.overlays == len(OVERLAYS), "those of the case that is open now"
    assert mark not in page.evaluate(STORES)
