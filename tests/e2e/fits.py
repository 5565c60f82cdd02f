"""Whether a page is wider than its screen."""

from typing import Final

from playwright.sync_api import Error, Page, ViewportSize

SIZES: Final[tuple[ViewportSize, ...]] = ({"width": 1366, "height": 768}, {"width": 1920, "height": 1080})
FITS_WITHIN_MS = 30_000
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def expect_fits(page: Page, size: ViewportSize, what: str) -> None:
    """At this size, as soon as what the page draws itself has taken it too."""
    page.set_viewport_size(size)
    try:
        page.wait_for_function(FITS, timeout=FITS_WITHIN_MS).dispose()
    except Error:
        raise AssertionError(f"{what} is wider than {size['width']}") from None


def check_fits(page: Page) -> None:
    for size in SIZES:
        expect_fits(page, size, page.url)
