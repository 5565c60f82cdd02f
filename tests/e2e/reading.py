"""What a reader does in the reading room, with mouse and keyboard."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

# The viewer has the size that the page gives it, with the fonts that the page is written in.
LAID_OUT = """() => {
    const canvas = document.querySelector("[data-viewer] canvas");
    if (canvas === null || document.fonts.status !== "loaded") return false;
    const wide = canvas.clientWidth * devicePixelRatio, high = canvas.clientHeight * devicePixelRatio;
    return Math.abs(canvas.width - wide) <= 1 && Math.abs(canvas.height - high) <= 1;
}"""
# The page answers input in frames, and React tells of a frame in a message after it; a second message comes later.
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done();
    port2.postMessage(null);
})))"""
RECT = """() => {
    const viewer = document.querySelector("[data-viewer]"), at = viewer.getBoundingClientRect();
    if (!viewer.dataset.imageRect) return null;
    const [left, top, width, height] = viewer.dataset.imageRect.split(",").map(Number);
    return [at.left + left, at.top + top, width, height];
}"""


@dataclass(frozen=True)
class Findings:
    """What the reader will answer. The short axis is drawn where `drawn`, else typed."""

    location: str
    short_axis_mm: float
    heterogeneous: bool
    margin: bool
    rating: int
    drawn: bool = False


def open_next(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Read next|Resume) case$")).click()
    wait_for_image(page)


def wait_for_image(page: Page) -> None:
    """Until an image is on the screen, where it stays; of the read that the address names, where it names one."""
    # The address changes a moment before the page does.
    read = f'[data-read="{page.url.rsplit("/", 1)[1]}"] ' if "/case/" in page.url else ""
    expect(page.locator(f"{read}[data-viewer][data-rendered=true]")).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    """Until the viewer has its size, and shows what was asked of it so far."""
    page.wait_for_function(LAID_OUT).dispose()
    painted(page)


def painted(page: Page) -> None:
    """Until the page shows what the input sent so far has led to."""
    page.evaluate(PAINTED)


def slice_shown(page: Page) -> int:
    return int(page.locator("[data-viewer]").get_attribute("data-slice") or 0)


def answer(page: Page, findings: Findings) -> None:
    page.get_by_role("radio", name=findings.location).check()
    if findings.drawn:
        draw_bidirectional(page)
    else:
        page.get_by_label("Short axis", exact=True).fill(f"{findings.short_axis_mm:g}")
    page.get_by_role("radio", name=_yes_no("Heterogeneous signal", findings.heterogeneous)).check()
    page.get_by_role("radio", name=_yes_no("Ill-defined or spiculated margin", findings.margin)).check()
    page.locator(f"input[name=rating][value='{findings.rating}']").check()


def draw_bidirectional(page: Page) -> None:
    """Long axis by a drag over the middle of the image; then the ends of the short axis are pulled in."""
    left, top, width, height = image_rect(page)
    viewer = page.locator("[data-viewer]")
    viewer.focus()
    page.keyboard.press("b")
    expect(viewer).to_have_attribute("data-tool", "bidirectional")
    drag(page, (left + 0.50 * width, top + 0.50 * height), (left + 0.54 * width, top + 0.50 * height))
    expect(viewer).to_have_attribute("data-tool", "window")
    expect(page.get_by_role("list", name="Drawn measurements").get_by_role("button").first).to_be_visible()


def image_rect(page: Page) -> tuple[float, float, float, float]:
    """Left, top, width and height of the image on the page, in CSS pixels, once it has come to rest."""
    settle(page)
    rect = page.evaluate(RECT)
    assert rect is not None
    left, top, width, height = rect
    return left, top, width, height


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(start[0] + (end[0] - start[0]) * step / 5, start[1] + (end[1] - start[1]) * step / 5)
    page.mouse.up()
    painted(page)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=False).last.click()
    page.get_by_role("button", name="Submit and lock").click()


def _yes_no(question: str, value: bool) -> str:
    return f"{question}: {'yes' if value else 'no'}"
