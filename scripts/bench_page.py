"""What can be measured of any page that shows images, whoever made it: the same watches look at every viewer.

An image counts as painted when a canvas of at least 200 x 200 CSS pixels, shrunk to 48 x 48, is light (32 of 255
or more) in at least a tenth of its pixels and shows at least 8 gray levels. The canvases are looked at after each
frame's callbacks, by a script that is in the page before the page's own (`bench_page.js`).
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from scripts.bench_rows import Row
from scripts.toolchain import need_chromium

SCRIPT = Path(__file__).with_suffix(".js")
# As the browser tests have them; and no name is resolved, so that nothing but this machine is reached.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WINDOW = ViewportSize(width=1366, height=768)
PATIENCE_MS = 120_000
NOTCH_PX = 100
MOST_STEPS = 12
MEGABYTE = 1_000_000

# Notes when an element is there for the first time; put into the page before its own scripts.
STANDS = """(() => {
    const watch = new MutationObserver(() => {
        if (document.querySelector(%s) === null) return;
        watch.disconnect();
        window.benchStoodMs = performance.now();
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true });
})()"""
# Answers without content, as from a preflight, are none; one slice asked for twice is one slice.
CAME = """([pattern, count]) => {
    const address = new RegExp(pattern);
    const ends = new Map();
    for (const { name, responseEnd, responseStatus } of performance.getEntriesByType("resource"))
        if (address.test(name) && responseStatus === 200 && !ends.has(name)) ends.set(name, responseEnd);
    return ends.size >= count && Math.max(...ends.values()) / 1000;
}"""


@dataclass(frozen=True)
class Memory:
    """What a page holds after its garbage was collected, in MB: objects, and array buffers beside them.

    Workers and the graphics process hold memory of their own, which is not in it.
    """

    objects: float
    buffers: float

    @property
    def total(self) -> float:
        return self.objects + self.buffers


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that paints by the processor alone and reaches this machine's own address only."""
    need_chromium()
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, state: Path | None = None) -> BrowserContext:
    """A browser without cache, with the cookies of `state`, that watches every page."""
    context = browser.new_context(viewport=WINDOW, storage_state=state, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(path=SCRIPT)
    return context


def first_image_s(page: Page) -> float:
    """Seconds from the start of the navigation to the first image on the page; waits for it."""
    page.wait_for_function("() => window.benchProbe.firstImageMs !== null")
    return float(page.evaluate("() => window.benchProbe.firstImageMs")) / 1000


def frames_came_s(page: Page, pattern: str, count: int) -> float:
    """Seconds from the start of the navigation to the end of the last of `count` answers; waits for them.

    `pattern` is a JavaScript regular expression that the addresses of these answers alone match.
    """
    return float(page.wait_for_function(CAME, arg=[pattern, count]).json_value())


def scroll_steps_s(page: Page, selector: str, steps: int) -> list[float]:
    """Seconds from each turn of the wheel to another picture: `steps` slices forward, as many back."""
    box = page.locator(selector).first.bounding_box()
    if box is None:
        raise LookupError(f"{page.url} shows no {selector} to turn the wheel over.")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return [_turn(page, direction * NOTCH_PX) for direction in (1, -1) for _ in range(steps)]


def _turn(page: Page, distance_px: int) -> float:
    page.evaluate("() => window.benchProbe.arm()")
    page.mouse.wheel(0, distance_px)
    page.wait_for_function("() => window.benchProbe.changeMs !== null")
    return float(page.evaluate("() => window.benchProbe.changeMs")) / 1000


def memory(page: Page) -> Memory:
    """What the page holds once everything that nothing refers to is gone."""
    session = page.context.new_cdp_session(page)
    try:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")
    finally:
        session.detach()
    return Memory(objects=used["usedSize"] / MEGABYTE, buffers=used["backingStorageSize"] / MEGABYTE)


# Kept by the browser's instruments, of which this program is one, for every request of the page.
_OF_INSTRUMENTS = ("blink::NetworkResourcesData::ResourceData", "blink::XHRReplayData")


def held_mb(page: Page) -> float:
    """What the page's own objects take, of a snapshot of the heap: everything but code and what instruments keep.

    A browser compiles what is called often anew, again and again, for as long as the page stands: that grows
    whatever the page holds, and is given back when memory is short.
    """
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    try:
        session.send("HeapProfiler.collectGarbage")
        session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    finally:
        session.detach()
    return own_bytes(json.loads("".join(parts))) / MEGABYTE


def own_bytes(snapshot: dict[str, Any]) -> int:
    """The sizes of a heap snapshot's nodes but code and what instruments keep, added up."""
    meta = snapshot["snapshot"]["meta"]
    kinds, fields = meta["node_types"][0], meta["node_fields"]
    of_instruments = {place for place, text in enumerate(snapshot["strings"]) if text in _OF_INSTRUMENTS}
    code, nodes, step = kinds.index("code"), snapshot["nodes"], len(fields)
    columns = (nodes[fields.index(name) :: step] for name in ("type", "name", "self_size"))
    return sum(
        size for kind, name, size in zip(*columns, strict=True) if kind != code and name not in of_instruments
    )


@dataclass(frozen=True)
class Visit:
    """What one visit took: seconds from the start of the navigation, seconds per turn of the wheel.

    `viewer_s` where the page paints its first image before its viewer has come: until the viewer shows it.
    """

    first_image_s: float
    viewer_s: float | None
    all_slices_s: float
    scroll_s: list[float]
    memory: Memory


def cold_visit(
    browser: Browser,
    url: str,
    *,
    frames: str,
    slices: int,
    selector: str,
    state: Path | None = None,
    drawn: str | None = None,
) -> Visit:
    """Open a page of a series with an empty cache, wait for every slice, scroll.

    Parameters
    ----------
    browser : Browser
    url : str
    frames : str
        Pattern of the addresses of the series' slices, as for `frames_came_s`.
    slices : int
        How many the series has.
    selector : str
        What the wheel is turned over.
    state : Path, optional
        Cookies to bring along, as Playwright stores them.
    drawn : str, optional
        Selects what is there once the viewer itself has drawn its first image.
    """
    context = new_context(browser, state)
    try:
        page = context.new_page()
        if drawn is not None:
            page.add_init_script(STANDS % json.dumps(drawn))
        page.goto(url, wait_until="commit")
        first = first_image_s(page)
        viewer = _stood_s(page) if drawn is not None else None
        came = frames_came_s(page, frames, slices)
        steps = min(MOST_STEPS, (slices - 1) // 2)
        # Once unmeasured: what came last may still be in the decoder.
        scroll_steps_s(page, selector, steps)
        return Visit(first, viewer, came, scroll_steps_s(page, selector, steps), memory(page))
    finally:
        context.close()


def _stood_s(page: Page) -> float:
    page.wait_for_function("() => window.benchStoodMs !== undefined")
    return float(page.evaluate("() => window.benchStoodMs")) / 1000


def visit_rows(name: str, slices: int, visits: list[Visit]) -> Iterator[Row]:
    """The rows of several visits to one series, in the same words for every page."""
    first, came = [one.first_image_s for one in visits], [one.all_slices_s for one in visits]
    yield Row(f"{name}: navigation to first image, empty cache", first)
    viewer = [one.viewer_s for one in visits if one.viewer_s is not None]
    if viewer:
        yield Row(f"{name}: navigation to the viewer's own first image, empty cache", viewer)
    yield Row(f"{name}: navigation to all {slices} slices, empty cache", came)
    turns = [seconds for one in visits for seconds in one.scroll_s]
    yield Row(f"{name}: from a turn of the wheel to the next slice", turns)
    held = [one.memory.total for one in visits]
    yield Row(f"{name}: memory of the page with all slices", held, quantity="MB")
