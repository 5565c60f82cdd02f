"""What can be measured of any page that shows images, whoever made it: the same watches look at every viewer.

A watch reads the largest canvas of the page, shrunk to a few pixels, once in every frame that the browser paints.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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
    "--enable-precise-memory-info",
)
WINDOW = (1366, 768)
PATIENCE_MS = 120_000
MEGABYTE = 1_000_000

# Light and dark of the largest canvas in 24 x 24 places; null where there is none, or it shows one gray alone.
_LOOK = """() => {
    const area = ({ width, height }) => width * height;
    const largest = [...document.querySelectorAll("canvas")].sort((a, b) => area(b) - area(a))[0];
    if (largest === undefined || area(largest) === 0) return null;
    window.benchSmall ??= Object.assign(document.createElement("canvas"), { width: 24, height: 24 });
    const context = window.benchSmall.getContext("2d", { willReadFrequently: true });
    context.clearRect(0, 0, 24, 24);
    context.drawImage(largest, 0, 0, 24, 24);
    const { data } = context.getImageData(0, 0, 24, 24);
    const grays = Array.from({ length: 576 }, (_, at) => data[4 * at]);
    return Math.max(...grays) - Math.min(...grays) > 24 ? grays.join() : null;
}"""
# The frame in which an image was first there is on the screen with the one after it.
_FIRST_IMAGE = f"""(() => {{
    const look = {_LOOK};
    const watch = () => {{
        if (look() === null) requestAnimationFrame(watch);
        else requestAnimationFrame(() => {{ window.benchFirstImage = performance.now(); }});
    }};
    if (window === window.top) requestAnimationFrame(watch);
}})()"""
# Turns of the wheel, each when the one before has changed what is seen; the time that each took.
_SCROLL = f"""async ([selector, steps]) => {{
    const look = {_LOOK};
    const target = document.querySelector(selector), {{ left, top, width, height }} = target.getBoundingClientRect();
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const took = [];
    for (let step = 0; step < steps; step += 1) {{
        const before = look(), started = performance.now();
        target.dispatchEvent(new WheelEvent("wheel", {{
            bubbles: true, cancelable: true, deltaY: 100,
            clientX: left + width / 2, clientY: top + height / 2,
        }}));
        do await frame(); while (look() === before && performance.now() - started < 5000);
        took.push((performance.now() - started) / 1000);
    }}
    return took;
}}"""
_CAME = """([pattern, count]) => {
    const frames = performance.getEntriesByType("resource")
        .filter(({ name, responseEnd }) => new RegExp(pattern).test(name) && responseEnd > 0);
    return frames.length >= count && Math.max(...frames.map(({ responseEnd }) => responseEnd)) / 1000;
}"""


@dataclass(frozen=True)
class Memory:
    """What a page holds after its garbage was collected, in MB: objects, and array buffers beside them."""

    objects: float
    buffers: float

    @property
    def total(self) -> float:
        return self.objects + self.buffers


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that paints by the processor alone."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, state: Path | None = None) -> BrowserContext:
    """A browser without cache, with the cookies of `state`, that looks out for the first image of every page."""
    width, height = WINDOW
    context = browser.new_context(
        viewport={"width": width, "height": height}, storage_state=state, locale="en-US", timezone_id="UTC"
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(_FIRST_IMAGE)
    return context


def first_image_s(page: Page) -> float:
    """Seconds from the navigation to the first image on the screen."""
    page.wait_for_function("() => window.benchFirstImage !== undefined")
    return float(page.evaluate("() => window.benchFirstImage")) / 1000


def frames_came_s(page: Page, pattern: str, count: int) -> float:
    """Seconds from the navigation until `count` answers whose addresses match `pattern` had come."""
    return float(page.wait_for_function(_CAME, arg=[pattern, count]).json_value())


def scroll_steps_s(page: Page, selector: str, steps: int) -> list[float]:
    """Seconds from each turn of the wheel to another image on the screen."""
    return [float(one) for one in page.evaluate(_SCROLL, [selector, steps])]


def memory(page: Page) -> Memory:
    """What the page holds once everything that nothing refers to is gone."""
    session = page.context.new_cdp_session(page)
    try:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")
    finally:
        session.detach()
    return Memory(
        objects=used["usedSize"] / MEGABYTE,
        buffers=used["backingStorageSize"] / MEGABYTE,
    )
