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
from .studies import PASSWORD
from .test_blinding import STORES, Seen
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


def shot(page: Page) -> Pixels:
    """The image as it is on the screen, with all that lies over it; shape (height, width, 3)."""
    reading.settle(page)
    reading.painted(page)
    left, top, width, height = reading.image_rect(page)
    clip: Any = {"x": left, "y": top, "width": width, "height": height}
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.int16)


def cell(pixels: NDArray[Any], row: int, column: int) -> NDArray[Any]:
    """What one pixel of the image has of the screen, without its edge."""
    height, width = pixels.shape[0] / SIZE, pixels.shape[1] / SIZE
    down = slice(round(row * height) + EDGE_PX, round((row + 1) * height) - EDGE_PX)
    across = slice(round(column * width) + EDGE_PX, round((column + 1) * width) - EDGE_PX)
    return pixels[down, across]


def changed(before: Pixels, after: Pixels) -> NDArray[np.float64]:
    """How much of each pixel of the image looks otherwise; shape (rows, columns), 0 to 1."""
    differs = np.abs(before - after).max(axis=2) > 2
    return np.array([[cell(differs, row, column).mean() for column in range(SIZE)] for row in range(SIZE)])


def assert_covers(before: Pixels, after: Pixels, columns: slice) -> None:
    """These columns look otherwise now, and nothing else does."""
    covered = changed(before, after)
    outside = np.ones((SIZE, SIZE), dtype=bool)
    outside[ROWS, columns] = False
    assert covered[outside].max() == 0
    # Letters of the viewer lie over the first and the last rows.
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
