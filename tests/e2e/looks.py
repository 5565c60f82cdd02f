"""What all panes have on the screen: their gray, their words, their canvases."""

import base64
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from .reading import painted, settle

IS_SCREEN = """([width, height, density]) =>
    devicePixelRatio === density && innerWidth === width && innerHeight === height"""
# The gray of the inner part of a pane's image, where neither words nor lines lie over most of it.
GRAYS = """(pane) => {
    const canvas = pane.querySelector("canvas");
    const across = canvas.width / canvas.clientWidth, down = canvas.height / canvas.clientHeight;
    const [left, top, width, height] = pane.dataset.imageRect.split(",").map(Number);
    const { clientWidth, clientHeight } = canvas;
    const from = [Math.max(left + width / 6, 0), Math.max(top + height / 6, 0)];
    const to = [Math.min(left + width * 5 / 6, clientWidth), Math.min(top + height * 5 / 6, clientHeight)];
    const box = [from[0] * across, from[1] * down, (to[0] - from[0]) * across, (to[1] - from[1]) * down];
    const { data } = canvas.getContext("2d").getImageData(...box.map(Math.floor));
    const counts = new Array(256).fill(0);
    for (let at = 0; at < data.length; at += 4) counts[data[at]] += 1;
    return counts;
}"""
# Every canvas has as many pixels as the screen shows of it.
IS_CRISP = """() => [...document.querySelectorAll("[data-viewer-canvas] canvas")].every((canvas) =>
    Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1
    && Math.abs(canvas.height - canvas.clientHeight * devicePixelRatio) <= 1)"""
# The lines of text over a pane, by what is painted: a box may be larger than its words.
WORDS = """(pane) => {
    const place = pane.getBoundingClientRect(), found = [], lines = [];
    const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { textContent: text, parentElement: parent } = walker.currentNode;
        if (text.trim() === "" || !parent.checkVisibility()) continue;
        if (parent.closest("[role=status], [class*=srOnly]")) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const { left, top, right, bottom } of range.getClientRects()) {
            const leading = (bottom - top) / 8;
            lines.push({ text, left, right, top: top + leading, bottom: bottom - leading });
        }
    }
    for (const [at, one] of lines.entries()) {
        if (one.left < place.left || one.right > place.right || one.top < place.top || one.bottom > place.bottom)
            found.push(`${one.text} leaves its pane`);
        for (const other of lines.slice(at + 1)) {
            const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
            if (across > 0.5 && down > 0.5) found.push(`${one.text} lies on ${other.text}`);
        }
    }
    const bar = pane.querySelector("[data-scale-bar]")?.getBoundingClientRect();
    if (bar) for (const one of lines)
        if (one.right > bar.left && one.left < bar.right && one.bottom > bar.top && one.top < bar.bottom)
            found.push(`${one.text} lies on the scale bar`);
    return found;
}"""
SMALLEST = """(pane) => Math.min(...[...pane.querySelectorAll("[data-words] *")]
    .filter((one) => [...one.childNodes].some(({ nodeType }) => nodeType === Node.TEXT_NODE))
    .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


def show_on_screen(page: Page, width: int, height: int, density: float = 1) -> None:
    """A window of so many CSS pixels on a screen of this density."""
    session = page.context.new_cdp_session(page)
    metrics = {"width": width, "height": height, "deviceScaleFactor": density, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", metrics)
    page.wait_for_function(IS_SCREEN, arg=[width, height, density]).dispose()
    settle(page)
    page.wait_for_function(IS_CRISP).dispose()


def picture(page: Page, name: str) -> None:
    """As the fixture `screenshot`, which would leave the screen of `show_on_screen`."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "png"})
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}.png").write_bytes(base64.b64decode(taken["data"]))


def shown_panes(page: Page, count: int) -> list[Locator]:
    """The panes with images, once there are so many and each has painted."""
    panes = page.locator("[data-pane]:not([data-status=empty])")
    expect(panes).to_have_count(count)
    for pane in panes.all():
        expect(pane).to_have_attribute("data-rendered", "true")
    settle(page)
    page.wait_for_function(IS_CRISP).dispose()
    painted(page)
    return panes.all()


def gray_counts(pane: Locator) -> NDArray[np.int64]:
    """How often each gray (0 to 255) is there in the inner part of the image."""
    counts: Any = pane.evaluate(GRAYS)
    return np.asarray(counts)


def assert_readable(panes: list[Locator]) -> None:
    """In each the image is neither dark, nor pale, nor flat; and no word lies on another."""
    for pane in panes:
        name = pane.get_attribute("aria-label")
        shares = np.cumsum(counts := gray_counts(pane)) / counts.sum()
        bright, dark = int(np.searchsorted(shares, 0.99)), int(np.searchsorted(shares, 0.05))
        assert bright >= 120, f"{name} is dark: a hundredth is above {bright}"
        assert dark <= 100, f"{name} is pale: a twentieth is below {dark}"
        assert shares[254] > 0.8, f"{name} is white"
        assert np.count_nonzero(counts) > 60, f"{name} is flat"
        assert pane.evaluate(WORDS) == [], name


def smallest_words(pane: Locator) -> float:
    """Size of the smallest text over the image, in CSS pixels."""
    size: float = pane.evaluate(SMALLEST)
    return size
