"""What the viewer has on the screen, read from its canvas, and what a hand does on it."""

from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page, expect

from .reading import drag, image_rect, wait_for_image

GRAY_WITHIN_MS = 15_000
GRAY_TOLERANCE = 2
# The picture on the screen is a 2D canvas: what it holds is what the reader sees.
READ_GRAY = """([x, y]) => {
    const canvas = document.querySelector("[data-viewer] canvas");
    const across = canvas.width / canvas.clientWidth, down = canvas.height / canvas.clientHeight;
    const pixel = canvas.getContext("2d").getImageData(Math.floor(x * across), Math.floor(y * down), 1, 1);
    return Array.from(pixel.data.slice(0, 3));
}"""
GRAY_IS = f"""([x, y, expected, tolerance]) => ({READ_GRAY})([x, y])
    .every((value) => Math.abs(value - expected) <= tolerance)"""
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
RECT = """() => {
    const viewer = document.querySelector("[data-viewer]"), at = viewer.getBoundingClientRect();
    const [left, top, width, height] = viewer.dataset.imageRect.split(",").map(Number);
    return [at.left + left, at.top + top, width, height];
}"""
RECT_IS = f"(rect) => ({RECT})().every((value, place) => Math.abs(value - rect[place]) <= 1)"
NARROWER = f"(width) => ({RECT})()[2] < width"
FILLS = """() => {
    const { clientWidth, clientHeight, dataset } = document.querySelector("[data-viewer]");
    const [, , width, height] = dataset.imageRect.split(",").map(Number);
    const fraction = Math.max(width / clientWidth, height / clientHeight);
    return fraction > 0.85 && fraction < 1.05;
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


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


def shown_window(page: Page) -> tuple[float, float]:
    """Center and width."""
    center, width = (viewer(page).get_attribute("data-window") or "").split("/")
    return float(center), float(width)


def letters(page: Page) -> dict[str, str]:
    """The orientation letters by the edge of the image that they stand at."""
    return {
        edge: page.locator(f"[data-edge={edge}]").inner_text() for edge in ("left", "right", "top", "bottom")
    }


def assert_gray(
    page: Page, grid: Grid, column: float, row: float, expected: float, tolerance: float = GRAY_TOLERANCE
) -> None:
    """The screen shows this gray (0 to 255) at the middle of a pixel of the image, as soon as it has painted."""
    place = _on_canvas(page, grid, column, row)
    try:
        page.wait_for_function(GRAY_IS, arg=[*place, expected, tolerance], timeout=GRAY_WITHIN_MS).dispose()
    except Error:
        seen = page.evaluate(READ_GRAY, list(place))
        raise AssertionError(f"pixel ({column}, {row}) is {seen}, not {expected:.1f}") from None


def shares(page: Page) -> tuple[float, float]:
    """How much of the image's middle is nearly black, and how much is fully white."""
    left, top, width, height = (float(part) for part in _rect(page).split(","))
    middle = [left + width / 4, top + height / 4, width / 2, height / 2]
    dark, white = page.evaluate(SHARES, middle)
    return dark, white


def at_mm(page: Page, grid: Grid, x: float, y: float) -> tuple[float, float]:
    """Where on the page a place lies that is x and y mm from the image's left upper corner."""
    left, top, width, height = image_rect(page)
    across = width / (grid.columns * grid.column_spacing_mm)
    down = height / (grid.rows * grid.row_spacing_mm)
    return left + x * across, top + y * down


def drag_mm(page: Page, grid: Grid, start: tuple[float, float], end: tuple[float, float]) -> None:
    drag(page, at_mm(page, grid, *start), at_mm(page, grid, *end))


def drag_with(page: Page, button: str, by: tuple[float, float]) -> None:
    """A drag from the middle of the viewer with another button than the left one."""
    box = viewer(page).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down(button=button)  # type: ignore[arg-type]
    for step in range(1, 5):
        page.mouse.move(middle[0] + by[0] * step / 4, middle[1] + by[1] * step / 4)
    page.mouse.up(button=button)  # type: ignore[arg-type]


def wait_for_rect(page: Page, rect: tuple[float, ...]) -> None:
    """Until the image lies here, to a CSS pixel: left, top, width, height."""
    page.wait_for_function(RECT_IS, arg=list(rect)).dispose()


def wait_until_it_fills_the_viewer(page: Page) -> None:
    page.wait_for_function(FILLS).dispose()
    page.evaluate(TWO_FRAMES)


def wait_until_narrower(page: Page, width: float) -> None:
    """Until the image is narrower than this, and the last movement of the mouse is painted too."""
    page.wait_for_function(NARROWER, arg=width).dispose()
    page.evaluate(TWO_FRAMES)


def _on_canvas(page: Page, grid: Grid, column: float, row: float) -> tuple[float, float]:
    left, top, width, height = (float(part) for part in _rect(page).split(","))
    return left + (column + 0.5) * width / grid.columns, top + (row + 0.5) * height / grid.rows


def _rect(page: Page) -> str:
    rect = viewer(page).get_attribute("data-image-rect")
    assert rect is not None
    return rect
