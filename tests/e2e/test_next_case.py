"""From one case to the next: its images are there before it is opened, and no hand leaves the keyboard."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from backend.reads.models import Read
from tests.factories.flow import PASSWORD, flow_story

from . import reading
from .conftest import SignIn
from .test_bars import cut_off
from .test_drafts import enter_by_keys, tab_to

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


FETCHED = """([read, count]) => performance.getEntriesByType("resource")
    .filter(({ name, responseEnd }) => name.includes(`${read}/series/`) && responseEnd > 0).length === count"""


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    story = flow_story(cases=3, with_images=True)
    page = sign_in(story.people["reader1"].username, PASSWORD)
    page.wait_for_url(f"**/read/{story.slug}")
    return page


def images_asked_for(page: Page) -> list[str]:
    """Every request for metadata or a frame from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if re.search(r"/series/\d+/(metadata|frames/\d+)$", request.url):
            asked.append(request.url)

    page.on("request", note)
    return asked


def came_ahead(page: Page, ahead: dict[str, Any]) -> None:
    """Wait until metadata and frames of the case that was told have come; at once where none was."""
    count = sum(series["slices"] + 1 for series in ahead["series"])
    page.wait_for_function(FETCHED, arg=[ahead["read_id"], count])


def read_id(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def test_the_next_case_is_shown_from_memory_and_opened_no_earlier(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/upcoming")) as told:
        reading.open_next(page)
    ahead = told.value.json()
    came_ahead(page, ahead)
    assert Read.objects.count() == 1, "fetched, and not opened"
    asked = images_asked_for(page)
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    reading.submit(page)
    page.wait_for_url(f"**/case/{ahead['read_id']}")
    reading.wait_for_image(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(page.locator("[data-viewer]")).to_have_attribute("data-loaded", re.compile(r"^(\d+)/\1$"))
    assert [url for url in asked if ahead["read_id"] in url] == []


def test_a_case_is_left_and_nothing_of_the_next_one_stays(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/upcoming")) as told:
        reading.open_next(page)
    page.get_by_role("link", name="Back to the worklist").click()
    page.get_by_role("button", name="Resume case").click()
    reading.wait_for_image(page)
    assert read_id(page) != told.value.json()["read_id"]
    assert Read.objects.count() == 1


def test_undo_does_not_reach_into_the_case_before(page: Page) -> None:
    reading.open_next(page)
    first = read_id(page)
    left, top, width, height = reading.image_rect(page)
    page.keyboard.press("d")
    middle = top + height / 2
    reading.drag(page, (left + 0.4 * width, middle), (left + 0.6 * width, middle))
    undo = page.get_by_role("button", name="Undo")
    drawn = page.get_by_role("list", name="Measurements and notes beside the form")
    expect(drawn.get_by_role("listitem")).to_have_count(1)
    expect(undo).to_be_enabled()
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    reading.submit(page)
    page.wait_for_url(lambda address: first not in address)
    reading.wait_for_image(page)
    expect(undo).to_be_disabled()
    for key in ("Control+z", "Control+y"):
        page.keyboard.press(key)
        reading.painted(page)
        expect(drawn).to_have_count(0)


def test_a_submission_under_way_is_neither_left_nor_made_twice(page: Page) -> None:
    reading.open_next(page)
    first = read_id(page)
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    held: list[Route] = []
    page.route("**/submit", lambda route: held.append(route))
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Submit and lock")
    expect(confirm).to_be_focused()
    for key in ("Enter", "Enter", "Escape"):
        page.keyboard.press(key)
    expect(dialog.get_by_role("status")).to_have_text("Submitting…")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.mouse.click(1200, 400)
    expect(dialog).to_be_visible()
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_url(lambda address: first not in address)
    reading.wait_for_image(page)
    assert len(held) == 1
    expect(dialog).to_have_count(0)
    expect(page.locator("input[name=rating][value='4']")).not_to_be_checked()
    assert sorted(Read.objects.values_list("status", flat=True)) == ["DRAFT", "SUBMITTED"]


def test_the_bars_of_the_next_case_fit_a_window_that_has_changed(page: Page) -> None:
    """They come as those before them stood, but for what has changed since."""
    reading.open_next(page)
    first = read_id(page)
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    held: list[Route] = []
    page.route("**/submit", lambda route: held.append(route))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Submit and lock")).to_be_focused()
    fit = page.get_by_role("toolbar", name="Viewer tools").get_attribute("data-fit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Submitting…")
    page.set_viewport_size({"width": 683, "height": 768})
    held[0].continue_()
    page.wait_for_url(lambda address: first not in address)
    reading.wait_for_image(page)
    expect(page.get_by_role("toolbar", name="Viewer tools")).not_to_have_attribute("data-fit", fit or "")
    expect(page.get_by_role("button", name="Invert")).to_have_count(0)
    assert cut_off(page) == []


def test_a_submission_that_fails_gives_the_form_back(page: Page) -> None:
    reading.open_next(page)
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    page.route("**/submit", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Submit and lock")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Not submitted")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("input[name=rating][value='5']").check()
    before = reading.slice_shown(page)
    page.locator("[data-viewer]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-viewer]")).to_have_attribute("data-slice", str(before + 1))
    page.unroute("**/submit")
    reading.submit(page)
    expect(page.get_by_role("banner").locator("[data-position]")).to_have_text("2 of 3")
    expect(page.locator("[data-read-state=ready]")).to_be_visible()


def test_the_form_does_not_wait_for_an_image_that_never_comes(page: Page) -> None:
    page.context.route(re.compile(r"/frames/\d+$"), lambda route: route.abort())
    page.get_by_role("button", name=re.compile("Read next")).click()
    expect(page.get_by_role("toolbar", name="Viewer tools")).to_be_visible()
    page.reload()
    expect(page.get_by_role("toolbar", name="Viewer tools")).to_be_visible()
    page.locator("input[name=rating][value='4']").check()
    expect(page.locator("[data-viewer]")).to_have_attribute("data-rendered", "false")


def test_three_cases_are_read_without_a_mouse(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="Read next case"))
    page.keyboard.press("Enter")
    for _ in range(3):
        reading.wait_for_image(page)
        url = page.url
        expect(page.locator("[data-viewer]")).to_be_focused()
        enter_by_keys(page)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("button", name="Submit and lock")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, before=url: address != before)
    assert Read.objects.filter(status="SUBMITTED").count() == 3


def test_focus_goes_through_the_room_in_the_order_it_is_read(page: Page) -> None:
    """From the bar over the images to the form, every control with a ring or a mark of its own."""
    page.emulate_media(reduced_motion="reduce")
    reading.open_next(page)
    page.get_by_role("link", name="Back to the worklist").focus()
    places: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        where, is_seen = page.evaluate(FOCUS)
        assert is_seen is True, f"the focus cannot be seen on {is_seen}"
        if where == "":
            break
        if not places or places[-1] != where:
            places.append(where)
        if where == "form" and page.evaluate("() => document.activeElement.textContent === 'Submit'"):
            break
    assert places == ["bar", "viewer", "form"]


# Which part of the room has the focus, and whether anything about it looks otherwise without.
FOCUS = """async () => {
    const one = document.activeElement;
    const part = one.closest("header") ? "bar" : one.closest("[data-reading-panel]") ? "form"
        : one.closest("main") ? "viewer" : "";
    const marks = [one, one.nextElementSibling, one.parentElement, one.closest("label")].filter(Boolean);
    const look = async () => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
        const styles = marks.flatMap((mark) => [getComputedStyle(mark), getComputedStyle(mark, "::after")]);
        return JSON.stringify(styles.map(({ outline, boxShadow, borderColor, opacity }) =>
            [outline, boxShadow, borderColor, opacity]));
    };
    const focused = await look();
    one.blur();
    const left = await look();
    one.focus({ preventScroll: true });
    const name = one.getAttribute("aria-label") ?? one.textContent;
    return [part, part === "" || focused !== left || `${one.tagName} ${one.className} ${name}`];
}"""
