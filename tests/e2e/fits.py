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


# A bar is a toolbar, or the header of a room; its parts are what is pressed, read or chosen in it.
CUT_OFF = """() => {
    const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;
    const words = (one) => one.ariaLabel || one.innerText || one.className;
    const isIn = (part, bar) => part.left >= bar.left - 1 && part.right <= bar.right + 1
        && part.top >= bar.top - 1 && part.bottom <= bar.bottom + 1;
    const found = [];
    for (const bar of document.querySelectorAll("[role=toolbar], header")) {
        const list = bar.querySelector("[role=tablist]"), place = bar.getBoundingClientRect();
        const parts = Array.from(bar.querySelectorAll("button, a, h1, output, [data-position], [role=tablist]"))
            .filter((one) => shown(one) && one.role !== "tab");
        for (const part of parts)
            if (!isIn(part.getBoundingClientRect(), place)) found.push(`${words(part)} is cut off`);
        for (const [at, one] of parts.entries()) for (const other of parts.slice(at + 1)) {
            const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && down > 1 && !one.contains(other)) found.push(`${words(one)} lies on ${words(other)}`);
        }
        if (!list || list.scrollWidth <= list.clientWidth) continue;
        const all = Array.from(bar.querySelectorAll("button")).some((one) => /^All \\d+ series$/.test(one.ariaLabel));
        if (!all) found.push("tabs are cut off, and no menu has them all");
    }
    return found;
}"""
# Of buttons in the column of the form or in a dialog, and of what is chosen there: a word is cut off where the button
# or its column hides a part of it.
CUT_WORDS = """() => {
    const found = [], rooms = "[data-reading-panel], [role=dialog]";
    // Places on a drawing are labels too, whose words are meant for the ear.
    const pressed = document.querySelectorAll(`:is(${rooms}) button, [role=dialog] [role=radiogroup] label`);
    for (const button of pressed) {
        if (!button.checkVisibility()) continue;
        if (button.scrollHeight - button.clientHeight > 1 && getComputedStyle(button).overflowY === "visible")
            found.push(`${button.ariaLabel || button.innerText} spills over what follows it`);
        for (let one = button; one && !one.matches(rooms); one = one.parentElement) {
            const [x, y] = [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight];
            const { overflowX, overflowY, display } = getComputedStyle(one);
            if (display === "inline") continue;
            if ((overflowX === "hidden" && x > 1) || (overflowY === "hidden" && y > 1))
                found.push(`${button.ariaLabel || button.innerText} is cut off`);
        }
        const place = button.getBoundingClientRect();
        for (const part of button.querySelectorAll("*")) {
            if (part.clientWidth === 0 || part.tagName === "svg" || part.closest("svg")) continue;
            const { overflow } = getComputedStyle(part), at = part.getBoundingClientRect();
            const isCut = overflow === "hidden" && (part.scrollHeight - part.clientHeight > 1
                || part.scrollWidth - part.clientWidth > 1);
            if (isCut || at.bottom > place.bottom + 1 || at.top < place.top - 1)
                found.push(`${button.ariaLabel || button.innerText} is cut off`);
        }
    }
    for (const typed of document.querySelectorAll("[role=toolbar] input[type=number]"))
        if (typed.scrollWidth - typed.clientWidth > 1) found.push(`${typed.ariaLabel} is cut off`);
    return found;
}"""
# What is in the way of the hand: whether its middle lies outside the window, or something else lies on it.
OUT_OF_REACH = """(where) => {
    const found = [];
    for (const one of document.querySelectorAll(`${where} :is(button, input, select)`)) {
        if (!one.checkVisibility()) continue;
        one.scrollIntoView({ block: "nearest", behavior: "instant" });
        const at = one.getBoundingClientRect();
        const hit = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
        const isReached = hit && (one.contains(hit) || hit.closest("label")?.control === one);
        const isWhole = at.left >= -1 && at.right <= innerWidth + 1;
        if (!isReached || !isWhole) found.push(`${one.ariaLabel || one.innerText || one.name} is out of reach`);
    }
    window.scrollTo(0, 0);
    return found;
}"""
TEXT_TWICE = """() => {
    const sizes = Array.from(document.querySelectorAll("body *"))
        .map((one) => [one, parseFloat(getComputedStyle(one).fontSize), one.style.fontSize]);
    for (const [one, size] of sizes) one.style.fontSize = `${2 * size}px`;
    window.sizesBefore = sizes;
}"""
TEXT_AS_IT_WAS = """() => {
    for (const [one, , before] of window.sizesBefore) one.style.fontSize = before;
}"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def cut_off(page: Page) -> list[str]:
    """What of the page's bars is cut off or lies on something else, in words."""
    # A bar that is measured anew is measured in a frame of its own.
    page.evaluate(PAINTED)
    page.evaluate(PAINTED)
    found: list[str] = page.evaluate(CUT_OFF)
    return found


def cut_words(page: Page) -> list[str]:
    """Which buttons beside the images do not show all of their words."""
    found: list[str] = page.evaluate(CUT_WORDS)
    return found


def double_text(page: Page) -> None:
    """All text at 200 %, and nothing else, as a browser does that enlarges text alone."""
    page.evaluate(TEXT_TWICE)


def single_text(page: Page) -> None:
    """All text as it was before it was doubled."""
    page.evaluate(TEXT_AS_IT_WAS)


def out_of_reach(page: Page, where: str) -> list[str]:
    """What of a bar or box over the page, found by its selector, no mouse can press."""
    found: list[str] = page.evaluate(OUT_OF_REACH, where)
    return found
