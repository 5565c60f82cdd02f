"""The image that is painted before the viewer has come, beside the one that the viewer paints in its place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, Route, expect

from .reading import wait_for_image

PAGE_CODE = re.compile(r"/assets/main-[^/]+\.js$")
FIRST_LOOK = "[data-first-look] canvas"
VIEWER = "[data-viewer] canvas"
# Gray of every third pixel across and down, and where the canvas stands on the page.
READ = """(selector) => {
    const canvas = document.querySelector(selector);
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const gray = [];
    for (let y = 0; y < canvas.height; y += 3)
        for (let x = 0; x < canvas.width; x += 3) {
            const at = 4 * (y * canvas.width + x);
            gray.push(data[at + 3] === 0 ? -1 : data[at]);
        }
    return { place: [left, top, width, height], pixels: [canvas.width, canvas.height], gray };
}"""


@dataclass(frozen=True)
class Painted:
    """What a canvas shows: gray (0 to 255), -1 where nothing is painted."""

    place: tuple[float, ...]
    pixels: tuple[int, ...]
    gray: NDArray[np.int_]


@contextmanager
def without_the_page(page: Page) -> Iterator[None]:
    """The code of the page does not come: what is on the screen was painted before it."""
    held: list[Route] = []
    page.route(PAGE_CODE, lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    page.unroute(PAGE_CODE)


def compare(page: Page) -> tuple[Painted, Painted]:
    """Open the page of a case anew: its first look, and then what the viewer shows."""
    with without_the_page(page):
        page.reload(wait_until="commit")
        expect(page.locator(FIRST_LOOK)).to_be_visible()
        first = _painted(page, FIRST_LOOK)
    wait_for_image(page)
    expect(page.locator("[data-first-look]")).to_have_count(0)
    return first, _painted(page, VIEWER)


def assert_same(first: Painted, viewer: Painted) -> None:
    """The image neither moves nor changes its gray when the viewer takes over.

    What is between pixels is painted by the processor there and by WebGL here, which differ at edges.
    """
    assert first.place == viewer.place
    assert first.pixels == viewer.pixels
    shown = first.gray >= 0
    assert shown.mean() > 0.2
    one, other = first.gray[shown], viewer.gray[shown]
    assert np.ptp(one) > 50
    assert abs(np.mean(one - other)) < 1
    assert np.median(np.abs(one - other)) <= 2
    assert np.corrcoef(one, other)[0, 1] > 0.99


def _painted(page: Page, selector: str) -> Painted:
    found = page.evaluate(READ, selector)
    return Painted(tuple(found["place"]), tuple(found["pixels"]), np.array(found["gray"]))
