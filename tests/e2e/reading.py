"""What a reader does in the reading room, with mouse and keyboard."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect


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
    expect(page.locator("[data-viewer][data-rendered=true]")).to_be_visible()


def slice_shown(page: Page) -> int:
    return int(page.locator("[data-viewer]").get_attribute("data-slice") or 0)


def answer(page: Page, findings: Findings) -> None:
    page.get_by_role("radio", name=findings.location).check(force=True)
    if findings.drawn:
        draw_bidirectional(page)
    else:
        page.get_by_label("Short axis", exact=True).fill(f"{findings.short_axis_mm:g}")
    page.get_by_role("radio", name=_yes_no("Heterogeneous signal", findings.heterogeneous)).check(force=True)
    page.get_by_role("radio", name=_yes_no("Ill-defined or spiculated margin", findings.margin)).check(
        force=True
    )
    page.locator(f"input[name=rating][value='{findings.rating}']").check(force=True)


def draw_bidirectional(page: Page) -> None:
    """Long axis by a drag over the middle of the image; then the ends of the short axis are pulled in."""
    left, top, width, height = image_rect(page)
    page.locator("[data-viewer]").focus()
    page.keyboard.press("b")
    drag(page, (left + 0.50 * width, top + 0.50 * height), (left + 0.54 * width, top + 0.50 * height))
    expect(page.get_by_role("list", name="Drawn measurements").get_by_role("button").first).to_be_visible()


def image_rect(page: Page) -> tuple[float, float, float, float]:
    """Left, top, width and height of the image on the page, in CSS pixels."""
    viewer = page.locator("[data-viewer]")
    box = viewer.bounding_box()
    rect = viewer.get_attribute("data-image-rect")
    assert box is not None
    assert rect is not None
    left, top, width, height = (float(value) for value in rect.split(","))
    return box["x"] + left, box["y"] + top, width, height


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(start[0] + (end[0] - start[0]) * step / 5, start[1] + (end[1] - start[1]) * step / 5)
    page.mouse.up()
    # The page handles moves frame by frame: what was drawn stands once two more frames are painted.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=False).last.click()
    page.get_by_role("button", name="Submit and lock").click()


def _yes_no(question: str, value: bool) -> str:
    return f"{question}: {'yes' if value else 'no'}"
