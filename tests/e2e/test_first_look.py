"""The first image stands on the screen before the viewer has come, as the viewer shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.reads.models import Read
from tests.flows.workers import wait_until

from .conftest import SignIn
from .first_look import FIRST_LOOK, assert_same, compare, without_the_page
from .painting import opened, study_of_a_node
from .reading import Findings, answer, open_next, submit, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .test_panes import write, write_coronal, write_shifted
from .viewing import expect_slice, shown_window

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FINDINGS = Findings(location="Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)


def pane_of(role: str, **settings: Any) -> dict[str, Any]:
    return {"role": role, "kind": "stack", **settings}


HANGINGS = {
    "one pane": None,
    "two panes": {
        "rows": 1,
        "columns": 2,
        "panes": [pane_of("T1", start="last"), pane_of("T2W", window={"low": 5, "high": 80})],
        "linked": False,
    },
}


@pytest.mark.parametrize("hanging", HANGINGS.values(), ids=HANGINGS.keys())
def test_the_first_look_is_what_the_viewer_shows(
    hanging: dict[str, Any] | None, tmp_path: Path, sign_in: SignIn
) -> None:
    write(tmp_path, 1, "t2_tse_tra")
    write_shifted(tmp_path)
    write_coronal(tmp_path)
    study_in_reading(tmp_path, now=timezone.now(), hanging=hanging)
    page = sign_in(READER, PASSWORD)
    open_next(page)
    assert_same(*compare(page))


def test_an_image_whose_high_values_are_dark_is_no_negative(tmp_path: Path, sign_in: SignIn) -> None:
    write(tmp_path, 1, "t2_tse_tra", PhotometricInterpretation="MONOCHROME1")
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    assert_same(*compare(page))


def test_bars_that_paint_have_their_place(tmp_path: Path, sign_in: SignIn) -> None:
    box = study_of_a_node(tmp_path)
    page = sign_in(READER, PASSWORD)
    opened(page, box)
    expect(page.locator("[data-paint-bar]")).to_be_visible()
    assert_same(*compare(page))


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    write(tmp_path, 1, "t2_tse_tra")
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def wait_until_kept(holds: Callable[[dict[str, Any]], bool]) -> None:
    """Until the server keeps how the image stands."""
    wait_until(lambda: holds(Read.objects.get().view), within_s=30, what="the view is kept")


def test_the_first_look_is_the_image_that_the_reader_left(page: Page) -> None:
    for key in ("Home", "4", "i"):
        page.keyboard.press(key)
    expect_slice(page, 1)
    wait_until_kept(lambda view: view.get("inverted") == 1 and view.get("slice") == 1)
    before, _ = shown_window(page)
    assert_same(*compare(page))
    assert shown_window(page)[0] == pytest.approx(before)


def test_an_image_that_was_turned_waits_for_the_viewer(page: Page) -> None:
    page.keyboard.press("r")
    wait_until_kept(lambda view: view.get("rotation") == 90)
    assert_no_first_look(page)


def test_a_page_whose_bars_grow_with_what_they_hold_waits_for_the_viewer(page: Page) -> None:
    page.set_viewport_size({"width": 683, "height": 768})
    assert_no_first_look(page)


def assert_no_first_look(page: Page) -> None:
    with without_the_page(page):
        with page.expect_response(lambda answer: "/frames/" in answer.url):
            page.reload(wait_until="commit")
        assert page.locator(FIRST_LOOK).count() == 0
    wait_for_image(page)


def test_a_read_that_is_locked_has_no_first_look(page: Page) -> None:
    case = page.url
    answer(page, FINDINGS)
    submit(page)
    page.wait_for_url(lambda url: "/case/" not in url)
    with without_the_page(page):
        with page.expect_response(lambda answer: "/api/reader/reads/" in answer.url):
            page.goto(case, wait_until="commit")
        assert page.locator(FIRST_LOOK).count() == 0
    expect(page.locator("[data-read-state=locked]")).to_be_visible()
    assert page.locator(FIRST_LOOK).count() == 0
