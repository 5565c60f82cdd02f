"""Images in one window, the form in another: opened, used and closed with mouse and keyboard, and nothing lost."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Error, Locator, Page, expect

from backend.predictions.models import Disclosure
from backend.reads.answers import answers_of
from backend.reads.models import Read, ReadStatus
from tests.factories.dicom_files import mr_slice, save
from tests.factories.flow import PASSWORD as STORY_PASSWORD
from tests.factories.flow import flow_story
from tests.flows.workers import wait_until

from . import reading
from .accessible import PAINTED, violations
from .conftest import SignIn
from .fits import SIZES, expect_fits
from .reading import open_next, painted, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .viewing import Grid, at_mm, drag_mm, expect_slice, take_tool, viewer, wait_for_mm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

GRID = Grid(rows=96, columns=96, row_spacing_mm=0.5, column_spacing_mm=0.5)
SLICES = 5
MIDDLE = SLICES // 2 + 1
FORM: dict[str, Any] = {
    "version": 1,
    "questions": [
        {
            "key": "short_axis_mm",
            "kind": "measurement",
            "label": "Short axis",
            "of": "node",
            "axis": "short",
            "unit": "mm",
            "min": 1,
            "max": 60,
            "step": 0.1,
            "required": True,
        },
        {
            "key": "deposits",
            "kind": "mark",
            "label": "Deposits",
            "max_marks": 2,
            "required": True,
            "options": [{"value": 1, "label": "Unlikely"}, {"value": 2, "label": "Likely"}],
        },
        {
            "key": "rating",
            "kind": "ordinal",
            "label": "Malignancy",
            "required": True,
            "options": [{"value": value, "label": f"Step {value}"} for value in range(1, 6)],
        },
        {"key": "comment", "kind": "text", "label": "Comment", "max_length": 200, "required": False},
    ],
}
# What this reader enters: a node of 16 by 8 mm, one deposit, a rating.
FINDINGS = reading.Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)

Screenshot = Callable[[Page, str], None]


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before the first of two cases."""
    rows, columns = np.indices((GRID.rows, GRID.columns))
    x, y = (columns + 0.5) * GRID.column_spacing_mm, (rows + 0.5) * GRID.row_spacing_mm
    node = ((x - 32) / 8) ** 2 + ((y - 12) / 4) ** 2 <= 1
    folders = [tmp_path / "one", tmp_path / "two"]
    for number, folder in enumerate(folders, start=1):
        folder.mkdir()
        for index in range(SLICES):
            made = mr_slice(
                index,
                pixels=np.where(node, 600, 200).astype(np.uint16),
                patient=f"P{number}",
                series=f"1.2.3.{number}",
                SeriesNumber=1,
                SeriesDescription="t2_tse_tra",
                PixelSpacing=[GRID.row_spacing_mm, GRID.column_spacing_mm],
                WindowCenter=450,
                WindowWidth=900,
            )
            save(made, folder / f"{index}.dcm")
    study_in_reading(*folders, now=timezone.now(), template="blank", form=FORM)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


@pytest.fixture
def two_windows(problems: list[str]) -> Callable[[Page], Page]:
    """Open the second window by its key; what it complains of fails the test too."""

    def open_with_key(page: Page) -> Page:
        with page.expect_popup() as opened:
            page.keyboard.press("Shift+F")
        second = opened.value
        second.on(
            "console", lambda message: problems.append(message.text) if message.type == "error" else None
        )
        second.on("pageerror", lambda error: problems.append(str(error)))
        expect(form(second)).to_be_visible()
        expect(form(page)).to_have_count(0)
        return second

    return open_with_key


def form(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Reading form")


def kept_answers() -> dict[str, Any]:
    answers: dict[str, Any] = Read.objects.get().draft.get("answers", {})
    return answers


def width_of(images: Locator) -> float:
    box = images.bounding_box()
    assert box is not None
    return box["width"]


def press_one_window(second: Page) -> None:
    """With the bare mouse: the window is gone before a locator's click has come to its end, and often the mouse's."""
    box = second.get_by_role("button", name="One window").bounding_box()
    assert box is not None
    try:
        second.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    except Error as error:
        # Whether it closed is what the caller waits for.
        if "has been closed" not in str(error):
            raise


def test_a_case_is_read_in_two_windows_and_the_next_one_comes_in_both(
    page: Page, two_windows: Callable[[Page], Page], screenshot: Screenshot
) -> None:
    narrow = width_of(viewer(page))
    second = two_windows(page)
    assert second.title() == "Form – Reading Room"
    assert width_of(viewer(page)) > narrow + 300, "the images have the room of the form"
    alias = page.get_by_role("heading", level=1).inner_text()
    expect(second.get_by_role("heading", level=1)).to_have_text(alias)

    # Keys reach the images from there, but for those that are typed into a field.
    second.keyboard.press("Home")
    expect_slice(page, 1)
    second.get_by_label("Comment").click()
    second.keyboard.type("id, 5 y")
    second.keyboard.press("Escape")
    expect_slice(page, 1)
    expect(viewer(page)).to_have_attribute("data-tool", "window")
    assert page.context.pages == [page, second]
    for _ in range(MIDDLE - 1):
        second.keyboard.press("ArrowDown")
    expect_slice(page, MIDDLE)

    # What is drawn in one window is entered in the other.
    second.keyboard.press("b")
    expect(viewer(page)).to_have_attribute("data-tool", "bidirectional")
    drag_mm(page, GRID, (24, 12), (40, 12))
    wait_for_mm(second.get_by_label("Short axis", exact=True), 8, 0.5)
    take_tool(page, "m", "mark")
    page.mouse.click(*at_mm(page, GRID, 12, 40))
    second.get_by_label("Rating of mark 1").select_option("2")
    wait_until(
        lambda: [mark["rating"] for mark in kept_answers().get("deposits") or []] == [2],
        within_s=30,
        what="the draft has the rating of the mark",
    )

    # Asked to submit, the other window shows what is open.
    page.keyboard.press("Control+Enter")
    expect(form(second).get_by_text("1 to correct")).to_be_visible()
    expect(second.locator("input[name=rating]").first).to_be_focused()
    second.keyboard.press("4")
    expect(second.locator("input[name=rating][value='4']")).to_be_checked()
    expect(second.locator("[data-save-state=saved]")).to_be_visible()
    screenshot(second, "two-windows-form")
    screenshot(page, "two-windows-images")

    # The question is asked where the key was pressed, with the rest of that window out of reach.
    second.keyboard.press("Control+Enter")
    confirm = second.get_by_role("button", name="Submit and lock")
    expect(confirm).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    screenshot(second, "two-windows-submit")
    for _ in range(4):
        second.keyboard.press("Tab")
        assert (
            second.evaluate("() => document.activeElement.closest('[role=dialog], body > main')?.tagName")
            != "MAIN"
        )
    second.keyboard.press("Escape")
    expect(confirm).to_have_count(0)
    second.keyboard.press("Control+Enter")
    expect(confirm).to_be_focused()
    first = page.url
    second.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    wait_for_image(page)
    expect(page.locator("[data-position]")).to_have_text("2 of 2")
    expect(second.get_by_role("heading", level=1)).not_to_have_text(alias)
    expect(second.get_by_label("Comment")).to_have_value("")
    second.keyboard.press("Home")
    expect_slice(page, 1)
    submitted = Read.objects.get(status=ReadStatus.SUBMITTED)
    answers = answers_of([submitted])[submitted.pk].effective
    assert (answers["rating"], answers["comment"]) == (4, "id, 5 y")
    assert answers["short_axis_mm"] == pytest.approx(8, abs=0.5)
    assert [mark["rating"] for mark in answers["deposits"]] == [2]

    # Leaving the room closes its second window.
    with second.expect_event("close"):
        page.get_by_role("link", name="Back to the worklist").click()


def test_closed_or_reloaded_the_second_window_gives_the_form_back_as_it_was(
    page: Page, two_windows: Callable[[Page], Page]
) -> None:
    page.get_by_label("Comment").fill("written in one window")
    viewer(page).focus()
    second = two_windows(page)
    comment = second.get_by_label("Comment")
    expect(comment).to_have_value("written in one window")
    comment.press("End")
    second.keyboard.type(", and in two")
    # Half of a number is no answer yet, and stays in its field.
    second.get_by_label("Short axis", exact=True).fill("7.")
    second.close()
    expect(page.get_by_label("Comment")).to_have_value("written in one window, and in two")
    expect(page.get_by_label("Short axis", exact=True)).to_have_value(re.compile(r"^7\."))
    expect(viewer(page)).to_be_focused()
    wait_until(
        lambda: kept_answers().get("comment") == "written in one window, and in two",
        within_s=30,
        what="the draft has the comment",
    )

    second = two_windows(page)
    with second.expect_event("close"):
        second.evaluate("() => void setTimeout(() => location.reload())")
    page.locator("input[name=rating][value='2']").check()

    second = two_windows(page)
    with second.expect_event("close"):
        press_one_window(second)
    expect(page.locator("input[name=rating][value='2']")).to_be_checked()

    page.get_by_role("button", name="Two windows").focus()
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    expect(form(opened.value)).to_be_visible()
    with opened.value.expect_event("close"):
        page.keyboard.press("Shift+F")
    expect(form(page)).to_be_visible()

    second = two_windows(page)
    with second.expect_event("close"):
        page.reload()
    wait_for_image(page)
    expect(page.get_by_label("Comment")).to_have_value("written in one window, and in two")
    expect(page.locator("input[name=rating][value='2']")).to_be_checked()


def test_a_browser_that_opens_no_window_is_told_of(page: Page, screenshot: Screenshot) -> None:
    page.evaluate("() => { window.open = () => null; }")
    page.get_by_role("button", name="Two windows").click()
    expect(page.get_by_role("alert")).to_contain_text("The browser did not open a second window.")
    screenshot(page, "two-windows-blocked")
    page.get_by_role("button", name="Stay in one window").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(form(page)).to_be_visible()


def test_the_models_output_is_shown_in_the_window_of_the_form(
    sign_in: SignIn, two_windows: Callable[[Page], Page], screenshot: Screenshot
) -> None:
    story = flow_story(cases=2, with_images=True, in_steps=True)
    page = sign_in(story.people["reader1"].username, STORY_PASSWORD)
    open_next(page)
    reading.answer(page, FINDINGS)
    viewer(page).focus()
    second = two_windows(page)
    second.get_by_role("button", name="Commit step 1 of 2").click()
    second.get_by_role("button", name="Commit and go on").click()
    output = second.get_by_role("region", name="Model output")
    expect(output.get_by_text("Demonstration: not trained on patients")).to_be_visible()
    wait_for_image(page)
    for size in SIZES:
        expect_fits(page, size, "the images")
        expect_fits(second, size, "the form")
        for one, name in ((page, "images"), (second, "form")):
            painted(one)
            one.evaluate(PAINTED)
            assert violations(one) == [], name
            screenshot(one, f"two-windows-aided-{name}-{size['width']}")
    output.get_by_role("button", name="Model card").click()
    card = second.get_by_role("dialog", name="Node score for tests")
    expect(card.get_by_text("Not for people.")).to_be_visible()
    assert violations(second) == []
    screenshot(second, "two-windows-card")
    second.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(output.get_by_role("button", name="Model card")).to_be_focused()

    # Moved from window to window the output is not asked for again.
    with second.expect_event("close"):
        press_one_window(second)
    expect(
        page.get_by_role("region", name="Model output").get_by_text("Probability", exact=True)
    ).to_be_visible()
    assert Disclosure.objects.count() == 1
