"""What the viewer has on the screen, read from its canvas, and what a hand does on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page, expect

from tests.flows.workers import wait_until

from .reading import RECT, drag, image_rect, painted, settle, wait_for_image

GRAY_WITHIN_MS = 30_000
GRAY_TOLERANCE = 2
# The picture on the screen is a 2D canvas: what it holds is what the reader sees. Where the pixel lies is asked
# together with its gray, so that an image that still moves is no other pixel.
READ_GRAY = """([column, row, columns, rows]) => {
    const viewer = document.querySelector("[data-viewer]"), canvas = viewer.querySelector("canvas");
    if (!viewer.dataset.imageRect) return null;
    const [left, top, width, height] = viewer.dataset.imageRect.split(",").map(Number);
    const x = left + (column + 0.5) * width / columns, y = top + (row + 0.5) * height / rows;
    const across = canvas.width / canvas.clientWidth, down = canvas.height / canvas.clientHeight;
    const pixel = canvas.getContext("2d").getImageData(Math.floor(x * across), Math.floor(y * down), 1, 1);
    return Array.from(pixel.data.slice(0, 3));
}"""
GRAY_IS = f"""([place, expected, tolerance]) => ({READ_GRAY})(place)
    ?.every((value) => Math.abs(value - expected) <= tolerance)"""
SHARES = """([left, top, width, height]) => {
    const canvas = document.querySelector("[data-viewer] canvas");
    const across = canvas.width / canvas.clientWidth, down = canvas.height / canvas.clientHeight;
    const box = [left * across, top * down, width * across, height * down].map(Math.floor);
    const { data } = canvas.getContext("2d").getImageData(...box);
    let dark = 0, white = 0;
    for (let at = 0; at < data.length; at += 4) {
        dark += data[at] < 24;
        white += data[at] > 250;
    }
    return [dark, white].map((count) => count / (data.length / 4));
}"""
RECT_IS = f"(rect) => ({RECT})()?.every((value, place) => Math.abs(value - rect[place]) <= 1)"
NARROWER = f"(width) => ({RECT})()?.[2] < width"
FILLS = """() => {
    const { clientWidth, clientHeight, dataset } = document.querySelector("[data-viewer]");
    if (!dataset.imageRect) return false;
    const [, , width, height] = dataset.imageRect.split(",").map(Number);
    const fraction = Math.max(width / clientWidth, height / clientHeight);
    return fraction > 0.85 && fraction < 1.05;
}"""


@dataclass(frozen=True)
class Grid:
    """Size of an image in pixels, and its spacing in mm."""

    rows: int
    columns: int
    row_spacing_mm: float
    column_spacing_mm: float


def viewer(page: Page) -> Locator:
    return page.locator("[data-viewer]")


def show_series(page: Page, title: str) -> None:
    page.get_by_role("tab", name=title, exact=True).click()
    expect(page.get_by_role("tab", name=title, exact=True)).to_have_attribute("aria-selected", "true")
    expect(viewer(page)).to_have_attribute(
        "data-series", page.get_by_role("tab", name=title, exact=True).get_attribute("data-series-tab") or ""
    )
    wait_for_image(page)


def expect_slice(page: Page, slice_number: int) -> None:
    expect(viewer(page)).to_have_attribute("data-slice", str(slice_number))


def take_tool(page: Page, key: str, tool: str) -> None:
    """By its key, with the focus anywhere but in the form."""
    page.keyboard.press(key)
    expect(viewer(page)).to_have_attribute("data-tool", tool)


def shown_window(page: Page) -> tuple[float, float]:
    """Center and width, as the input sent so far has set them."""
    painted(page)
    center, width = (viewer(page).get_attribute("data-window") or "").split("/")
    return float(center), float(width)


def letters(page: Page) -> dict[str, str]:
    """The orientation letters by the edge of the image that they stand at."""
    return {
        edge: viewer(page).locator(f"[data-edge={edge}]").inner_text()
        for edge in ("left", "right", "top", "bottom")
    }


def assert_gray(
    page: Page, grid: Grid, column: float, row: float, expected: float, tolerance: float = GRAY_TOLERANCE
) -> None:
    """The screen shows this gray (0 to 255) at the middle of a pixel of the image, as soon as it has painted."""
    place = [column, row, grid.columns, grid.rows]
    try:
        page.wait_for_function(GRAY_IS, arg=[place, expected, tolerance], timeout=GRAY_WITHIN_MS).dispose()
    except Error:
        seen = page.evaluate(READ_GRAY, place)
        raise AssertionError(f"pixel ({column}, {row}) is {seen}, not {expected:.1f}") from None


def shares(page: Page) -> tuple[float, float]:
    """How much of the image's middle is nearly black, and how much is fully white."""
    settle(page)
    left, top, width, height = (float(part) for part in _rect(page).split(","))
    middle = [left + width / 4, top + height / 4, width / 2, height / 2]
    dark, white = page.evaluate(SHARES, middle)
    return dark, white


def at_mm(page: Page, grid: Grid, x: float, y: float) -> tuple[float, float]:
    """Where on the page a place lies that is x and y mm from the image's left upper corner."""
    return all_at_mm(page, grid, [(x, y)])[0]


def all_at_mm(page: Page, grid: Grid, places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same of several places."""
    left, top, width, height = image_rect(page)
    across = width / (grid.columns * grid.column_spacing_mm)
    down = height / (grid.rows * grid.row_spacing_mm)
    return [(left + x * across, top + y * down) for x, y in places]


def drag_mm(page: Page, grid: Grid, start: tuple[float, float], end: tuple[float, float]) -> None:
    drag(page, *all_at_mm(page, grid, [start, end]))


def drag_with(page: Page, button: str, by: tuple[float, float]) -> None:
    """A drag from the middle of the viewer with another button than the left one."""
    settle(page)
    box = viewer(page).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down(button=button)  # type: ignore[arg-type]
    for step in range(1, 5):
        page.mouse.move(middle[0] + by[0] * step / 4, middle[1] + by[1] * step / 4)
    page.mouse.up(button=button)  # type: ignore[arg-type]
    painted(page)


def wait_for_rect(page: Page, rect: tuple[float, ...]) -> None:
    """Until the image lies here, to a CSS pixel: left, top, width, height."""
    page.wait_for_function(RECT_IS, arg=list(rect)).dispose()


def wait_for_mm(field: Locator, expected: float, within_mm: float) -> None:
    """Until a field of the form holds this length."""

    def is_there() -> bool:
        value = field.input_value()
        return value != "" and abs(float(value) - expected) <= within_mm

    wait_until(is_there, within_s=30, what=f"the form holds {expected} mm")


def wait_until_it_fills_the_viewer(page: Page) -> None:
    page.wait_for_function(FILLS).dispose()
    painted(page)


def wait_until_narrower(page: Page, width: float) -> None:
    """Until the image is narrower than this, and the last movement of the mouse is painted too."""
    page.wait_for_function(NARROWER, arg=width).dispose()
    painted(page)


def _rect(page: Page) -> str:
    rect = viewer(page).get_attribute("data-image-rect")
    assert rect is not None
    return rect
