"""Nothing that a reader enters is lost, and nothing is submitted twice: reloads, tabs, networks, clicks, keys."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Locator, Page, Route, expect

from backend.audit.models import AuditEvent
from backend.reads.models import Answer, Measurement, Read, ReadStatus
from tests.factories.dicom import Original, write_examination
from tests.flows.workers import wait_until

from . import reading
from .conftest import SignIn
from .reading import Findings
from .studies import PASSWORD, READER, study_in_reading

FINDINGS = Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)
REMARK = "a remark that nobody should find again"
TAB_PRESSES = 40
KEPT_SINCE = re.compile(r"^Offline – kept here since \d\d:\d\d$")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before the worklist of two cases."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for number, folder in enumerate(folders, start=1):
        write_examination(Original(f"PAT{number}", number), folder)
    study_in_reading(*folders, now=timezone.now())
    return sign_in(READER, PASSWORD)


def save_state(page: Page, state: str) -> Locator:
    return page.locator(f"[data-save-state={state}]")


def expect_saved(page: Page) -> None:
    expect(save_state(page, "saved")).to_have_text("Saved")


def rating(page: Page, value: int) -> Locator:
    return page.locator(f"input[name=rating][value='{value}']")


def submitted_reads() -> int:
    return Read.objects.filter(status=ReadStatus.SUBMITTED).count()


def test_a_reload_brings_answers_and_measurement_back(page: Page) -> None:
    reading.open_next(page)
    reading.answer(
        page, Findings("Left obturator", 0, heterogeneous=True, margin=False, rating=4, drawn=True)
    )
    page.get_by_label("Comment").fill(REMARK)
    expect_saved(page)
    measured = page.get_by_label("Short axis", exact=True).input_value()
    drawn = page.get_by_role("list", name="Drawn measurements").inner_text()
    before = Read.objects.get().draft

    page.reload()
    reading.wait_for_image(page)
    expect(page.get_by_role("radio", name="Left obturator")).to_be_checked()
    expect(page.get_by_role("radio", name="Heterogeneous signal: yes")).to_be_checked()
    expect(rating(page, 4)).to_be_checked()
    expect(page.get_by_label("Comment")).to_have_value(REMARK)
    expect(page.get_by_label("Short axis", exact=True)).to_have_value(measured)
    expect(page.get_by_role("list", name="Drawn measurements")).to_have_text(drawn, use_inner_text=True)
    expect(page.locator("[data-viewer] [data-measurement]")).to_have_count(1)
    after = Read.objects.get().draft
    # Where the reader looks is saved under the name of the new page.
    assert {**after, "client_id": None} == {**before, "client_id": None}


def test_what_the_server_never_had_outlives_a_crash_of_the_tab(page: Page) -> None:
    reading.open_next(page)
    url = page.url
    page.context.route("**/draft", lambda route: route.abort())
    rating(page, 5).check()
    expect(save_state(page, "offline")).to_have_text(KEPT_SINCE)
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page.close()
    after = page.context.new_page()
    after.goto(url)
    reading.wait_for_image(after)
    expect(rating(after, 5)).to_be_checked()
    assert Read.objects.get().draft_revision == 0
    after.context.unroute("**/draft")
    expect_saved(after)
    assert Read.objects.get().draft["answers"]["rating"] == 5


def test_another_computer_is_told_of_the_first(page: Page, sign_in: SignIn) -> None:
    reading.open_next(page)
    other = sign_in(READER, PASSWORD)
    reading.open_next(other)
    looked_at = reading.slice_shown(other) + 1
    other.keyboard.press("ArrowDown")
    wait_until(
        lambda: Read.objects.get().view.get("slice") == looked_at,
        within_s=30,
        what="the server has the slice of the other computer",
    )
    rating(page, 4).check()
    expect_saved(page)
    rating(other, 1).check()
    expect(save_state(other, "elsewhere")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("on another computer")
    assert Read.objects.get().draft["answers"]["rating"] == 4

    other.get_by_role("button", name="Reload this case").click()
    expect(other.get_by_role("alert")).to_contain_text("differ from those saved elsewhere")
    expect(rating(other, 1)).to_be_disabled()
    other.get_by_role("button", name="Use those saved").click()
    reading.wait_for_image(other)
    expect(rating(other, 4)).to_be_checked()
    rating(other, 2).check()
    expect_saved(other)
    assert Read.objects.get().draft["answers"]["rating"] == 2


def test_answers_given_offline_reach_the_server_when_it_is_back(page: Page) -> None:
    reading.open_next(page)
    page.context.set_offline(True)
    rating(page, 3).check()
    expect(save_state(page, "offline")).to_have_text(KEPT_SINCE)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/draft")):
        page.get_by_label("Comment").fill(REMARK)
    page.context.set_offline(False)
    expect_saved(page)
    answers = Read.objects.get().draft["answers"]
    assert (answers["rating"], answers["comment"]) == (3, REMARK)


def test_a_failing_server_is_asked_again(page: Page) -> None:
    reading.open_next(page)

    def fail(route: Route) -> None:
        route.fulfill(status=500, content_type="application/json", body='{"code":"error","text":"Broken."}')

    page.route("**/draft", fail)
    rating(page, 3).check()
    expect(save_state(page, "offline")).to_be_visible()
    page.unroute("**/draft")
    expect_saved(page)
    assert Read.objects.get().draft["answers"]["rating"] == 3


def test_a_double_click_submits_once_and_the_read_stays_locked(page: Page) -> None:
    reading.open_next(page)
    url, read = page.url, Read.objects.get()
    reading.answer(page, FINDINGS)
    page.get_by_label("Comment").fill(REMARK)
    page.get_by_role("button", name="Submit", exact=False).last.dblclick()
    page.get_by_role("button", name="Submit and lock").dblclick()
    page.wait_for_url(lambda address: address != url)
    reading.wait_for_image(page)
    assert submitted_reads() == 1
    assert AuditEvent.objects.filter(event="read_submitted").count() == 1
    assert Answer.objects.get(read=read, question="comment").value == REMARK

    with page.expect_response(f"**/api/reader/reads/{read.pk}") as answered:
        page.goto(url)
    expect(page.locator("[data-read-state=locked]")).to_be_visible()
    body: dict[str, Any] = answered.value.json()
    assert body == {
        "id": str(read.pk),
        "alias": read.assignment.alias,
        "status": "submitted",
        "has_feedback": False,
    }
    expect(page.locator("[data-viewer]")).to_have_count(0)
    expect(page.locator("input, textarea")).to_have_count(0)
    assert REMARK not in page.content()
    assert REMARK not in page.evaluate("() => JSON.stringify(localStorage)")


def test_a_session_is_read_by_the_keyboard_alone(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="Read next case"))
    page.keyboard.press("Enter")
    for confirm in ("n", "Control+Enter"):
        reading.wait_for_image(page)
        url = page.url
        expect(page.locator("[data-viewer]")).to_be_focused()
        enter_by_keys(page)
        page.keyboard.press(confirm)
        expect(page.get_by_role("button", name="Submit and lock")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, before=url: address != before)
    expect(page.get_by_text(re.compile("opens on")).first).to_be_visible()
    for read in Read.objects.all():
        answers = {answer.question: answer.value for answer in Answer.objects.filter(read=read)}
        assert read.status == ReadStatus.SUBMITTED
        assert answers["side_region"] == "left_external_iliac"
        assert (answers["short_axis_mm"], answers["long_axis_mm"]) == (6.5, 9)
        assert (answers["criterion_heterogeneous"], answers["criterion_margin"]) == (True, False)
        assert (answers["suggestion"], answers["rating"]) == (4, 4)
    assert Measurement.objects.count() == 0


def enter_by_keys(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("Short axis", exact=True))
    page.keyboard.type("6.5")
    tab_to(page, page.get_by_label("Long axis", exact=True))
    page.keyboard.type("9")
    tab_to(page, page.get_by_role("radio", name="Heterogeneous signal: yes"))
    page.keyboard.press(" ")
    tab_to(page, page.get_by_role("radio", name="Ill-defined or spiculated margin: yes"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("4")
    expect(rating(page, 4)).to_be_checked()
    expect_saved(page)


def tab_to(page: Page, control: Locator) -> None:
    """Go there as somebody without a mouse does."""
    expect(control).to_be_visible()
    for _ in range(TAB_PRESSES):
        if control.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by the Tab key")
