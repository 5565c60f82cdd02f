"""Measures any page that shows a series of images, as a reader would meet it: the same way for every page.

A visit is made in a browser profile of its own with nothing cached. The image counts as painted when a canvas
of at least 200 x 200 CSS pixels, shrunk to 48 x 48, is light (32 of 255 or more) in at least a tenth of its
pixels and shows at least 8 gray levels; it is looked at after each animation frame (`bench_page.js`).
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, StorageState, sync_playwright
from playwright.sync_api import TimeoutError as Overdue

from scripts.bench_rows import MemoryRow, Row
from scripts.toolchain import Problem, need_chromium

SCRIPT = Path(__file__).with_suffix(".js")
VIEWPORT = {"width": 1366, "height": 768}
# As the browser tests have them, and no name resolved: nothing but this machine is reached.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
PATIENCE_MS = 60_000
WHEEL_STEPS = 15
NOTCH_PX = 100
MEGABYTE = 1e6

SliceOf = Callable[[str], str | None]
"""A slice's own name from the address of a request, None for any other request."""


@dataclass(frozen=True)
class Visit:
    """What one visit took.

    Attributes
    ----------
    first_image_s : float
        From the start of the navigation to the first image painted.
    all_slices_s : float
        From the start of the navigation to the last byte of the last slice of the series.
    scroll_s : list of float
        For each turn of the wheel, from the event to the changed picture.
    memory_mb : float
        JavaScript heap of the page with its array buffers after a garbage collection, all slices loaded; 10^6
        bytes. Workers' heaps and the graphics process are not in it.
    """

    first_image_s: float
    all_slices_s: float
    scroll_s: list[float]
    memory_mb: float


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium as the browser tests start it, kept to this machine's own addresses."""
    need_chromium()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def cold_page(browser: Browser, *, signed_in: StorageState | None = None) -> Iterator[Page]:
    """A page with an empty cache; `signed_in` brings the cookies of a session along."""
    context = browser.new_context(
        viewport=VIEWPORT, locale="en-US", timezone_id="UTC", storage_state=signed_in
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


class PageProbe:
    """Watches one page from before its load. Make it before the navigation.

    Parameters
    ----------
    page : Page
        Not yet navigated.
    slice_of : callable
        Tells which requests bring slices of the series.
    slices : int
        How many slices the series has.
    """

    def __init__(self, page: Page, *, slice_of: SliceOf, slices: int) -> None:
        self._page = page
        self._slice_of = slice_of
        self._slices = slices
        self._ended_at_ms: dict[str, float] = {}
        page.add_init_script(path=SCRIPT)
        page.on("requestfinished", self._note)

    def visit(self, url: str) -> Visit:
        """Go there and measure everything once."""
        self._page.goto(url, wait_until="commit")
        return Visit(self.first_image_s(), self.all_slices_s(), self.scroll_s(), self.memory_mb())

    def first_image_s(self) -> float:
        """Seconds from the start of the navigation to the first image painted; waits for it."""
        try:
            self._page.wait_for_function("() => window.benchProbe.firstImageMs !== null")
        except Overdue as error:
            raise Problem(f"{self._page.url} painted no image within {PATIENCE_MS / 1000:.0f} s.") from error
        return float(self._page.evaluate("() => window.benchProbe.firstImageMs")) / 1000

    def all_slices_s(self) -> float:
        """Seconds from the start of the navigation to the end of the last slice's answer; waits for it."""
        try:
            while len(self._ended_at_ms) < self._slices:
                self._page.wait_for_event("requestfinished")
        except Overdue as error:
            raise Problem(
                f"{self._page.url} fetched {len(self._ended_at_ms)} of {self._slices} slices by itself."
            ) from error
        started_at = float(self._page.evaluate("() => performance.timeOrigin"))
        return (max(self._ended_at_ms.values()) - started_at) / 1000

    def scroll_s(self) -> list[float]:
        """Seconds from a turn of the wheel to the changed picture: some slices one way and as many back."""
        x, y = self._page.evaluate("() => window.benchProbe.target()")
        self._page.mouse.move(x, y)
        steps = min(WHEEL_STEPS, (self._slices - 1) // 2)
        return [self._turn(direction * NOTCH_PX) for direction in (1, -1) for _ in range(steps)]

    def memory_mb(self) -> float:
        """The page's JavaScript heap and array buffers now, after a garbage collection; 10^6 bytes."""
        session = self._page.context.new_cdp_session(self._page)
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        session.detach()
        return float(usage["usedSize"] + usage["backingStorageSize"]) / MEGABYTE

    def _turn(self, distance_px: int) -> float:
        self._page.evaluate("() => window.benchProbe.arm()")
        self._page.mouse.wheel(0, distance_px)
        try:
            self._page.wait_for_function("() => window.benchProbe.changeMs !== null")
        except Overdue as error:
            raise Problem(f"{self._page.url} showed no other slice after a turn of the wheel.") from error
        return float(self._page.evaluate("() => window.benchProbe.changeMs")) / 1000

    def _note(self, request: Request) -> None:
        name = self._slice_of(request.url)
        if name is not None:
            timing = request.timing
            self._ended_at_ms.setdefault(name, timing["startTime"] + timing["responseEnd"])


def visit_rows(page_name: str, series_name: str, visits: list[Visit]) -> Iterator[Row | MemoryRow]:
    """The rows of several visits to the same series, named alike for every page."""
    start = f"{page_name}, {series_name}"
    yield Row(f"{start}: navigation to first image", [one.first_image_s for one in visits])
    yield Row(f"{start}: navigation to all slices fetched", [one.all_slices_s for one in visits])
    yield Row(f"{start}: wheel to changed picture", [seconds for one in visits for seconds in one.scroll_s])
    yield MemoryRow(f"{start}: memory with all slices", [one.memory_mb for one in visits])
