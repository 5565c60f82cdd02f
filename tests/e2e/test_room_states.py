"""The reading room in the states that a case passes through: read out, and whole however large the text is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from backend.accounts.models import User
from backend.accounts.preferences import preferences_of
from backend.reads.models import Read
from tests.factories.dicom_files import mr_slice, save
from tests.flows.workers import wait_until

from .accessible import Findings
from .conftest import SignIn
from .fits import FITS, cut_off, cut_words, double_text, out_of_reach, single_text
from .painting import Case, opened, study_of_a_node
from .reading import open_next, settle, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .test_bars import FORM
from .viewing import Grid, at_mm, take_tool, viewer

Screenshot = Callable[[Page, str], None]
SCREEN: ViewportSize = {"width": 1366, "height": 768}
# What a zoom of 200 % leaves of the width; all of the height, for the form goes under the images there.
NARROW: ViewportSize = {"width": 683, "height": 768}
GRID = Grid(rows=64, columns=64, row_spacing_mm=0.5, column_spacing_mm=0.5)


@dataclass
class Room:
    """Looks at a state of the page in every size, and keeps what is wrong with it."""

    screenshot: Screenshot
    findings: Findings = field(default_factory=Findings)

    def look(self, page: Page, name: str, within: str = "[role=alert]") -> None:
        """As it stands, in a narrow window and with its text doubled; ``within`` is what has just come up."""
        self.findings.look(page, name)
        for is_double in (False, True):
            if is_double:
                double_text(page)
            for size in (SCREEN, NARROW):
                page.set_viewport_size(size)
                settle(page)
                what = f"{name}, {size['width']}{', large text' if is_double else ''}"
                self._keep(what, cut_off(page) + cut_words(page) + out_of_reach(page, within))
                if not page.evaluate(FITS):
                    self._keep(what, ["wider than the window"])
                self.screenshot(page, f"room-{what.replace(', ', '-').replace(' ', '-')}")
        single_text(page)
        page.set_viewport_size(SCREEN)
        settle(page)

    def _keep(self, name: str, wrong: list[str]) -> None:
        if wrong:
            self.findings.found.setdefault(name, []).extend(wrong)


@pytest.fixture
def room(screenshot: Screenshot) -> Iterator[Room]:
    room = Room(screenshot)
    yield room
    assert not room.findings.found, room.findings.report()


def write_series(folder: Path) -> None:
    for index in range(3):
        made = mr_slice(
            index,
            pixels=np.full((GRID.rows, GRID.columns), 300, np.uint16),
            PixelSpacing=[GRID.row_spacing_mm, GRID.column_spacing_mm],
            SeriesDescription="t2_tse_tra",
            WindowCenter=500,
            WindowWidth=1000,
        )
        save(made, folder / f"{index}.dcm")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before a case with marks to set; nothing fades."""
    write_series(tmp_path)
    study_in_reading(tmp_path, now=timezone.now(), template="blank", form=FORM)
    page = sign_in(READER, PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    open_next(page)
    return page


def test_notes_and_marks_that_are_rated(page: Page, room: Room) -> None:
    for place, rating in ((10, "2"), (20, "1")):
        take_tool(page, "m", "mark")
        page.mouse.click(*at_mm(page, GRID, place, place))
        page.get_by_label(f"Rating of mark {place // 10}").select_option(rating)
    page.keyboard.press("Escape")
    viewer(page).focus()
    page.keyboard.press("t")
    page.mouse.click(*at_mm(page, GRID, 16, 8))
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.type("a note of some length, written beside the node")
    room.look(page, "note in hand", "[data-note-editor]")
    page.get_by_label("Note", exact=True).press("Enter")
    expect(page.get_by_role("list", name=re.compile("^Measurements and notes"))).to_contain_text(
        "a note of some"
    )
    room.look(page, "marks and note", "[data-viewer]")


def test_the_banners_of_a_draft(page: Page, sign_in: SignIn, room: Room) -> None:
    other = sign_in(READER, PASSWORD)
    other.emulate_media(reduced_motion="reduce")
    open_next(other)
    page.context.set_offline(True)
    mark(page, 10)
    expect(page.locator("[data-save-state=offline]")).to_be_visible()
    room.look(page, "offline")
    page.context.set_offline(False)
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    tab = page.context.new_page()
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(page.url)
    expect(tab.locator("[data-save-state=watching]")).to_be_visible()
    wait_for_image(tab)
    room.look(tab, "second tab")
    mark(other, 20)
    expect(other.locator("[data-save-state=elsewhere]")).to_be_visible()
    room.look(other, "elsewhere")
    other.get_by_role("button", name="Reload this case").click()
    expect(other.get_by_role("alert")).to_contain_text("differ from those saved elsewhere")
    wait_for_image(other)
    room.look(other, "conflict")
    assert len(Read.objects.get().draft["answers"]["deposits"]) == 1


def mark(page: Page, place: float) -> None:
    viewer(page).focus()
    take_tool(page, "m", "mark")
    page.mouse.click(*at_mm(page, GRID, place, place))
    expect(page.get_by_label("Rating of mark 1")).to_be_visible()


def test_what_is_remembered(page: Page, room: Room) -> None:
    viewer(page).focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys and mouse")
    sheet.get_by_role("tab", name="Remembered").click()
    sheet.get_by_role("switch", name="Remember windows").click()
    page.get_by_role("button", name="Close the keys").click()
    expect(sheet).to_have_count(0)
    viewer(page).focus()
    page.keyboard.press("4")
    wait_until(
        lambda: bool(preferences_of(User.objects.get(username=READER))["windows"]),
        within_s=30,
        what="a window is kept",
    )
    page.keyboard.press("?")
    sheet.get_by_role("tab", name="Remembered").click()
    expect(sheet.get_by_role("list", name="Windows remembered")).to_be_visible()
    room.look(page, "remembered", "[role=dialog] header")


def test_painting(tmp_path: Path, sign_in: SignIn, room: Room) -> None:
    box = study_of_a_node(tmp_path)
    page = sign_in(READER, PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    case = opened(page, box)
    _, row, column = box.seed
    page.keyboard.press("6")
    case.click(column, row)
    expect(page.locator("[data-segment]")).to_have_count(1)
    room.look(page, "grown", "[data-paint-bar]")
    threshold(case, (column, row))
    room.look(page, "threshold brush", "[data-paint-bar]")


def threshold(case: Case, place: tuple[float, float]) -> None:
    viewer(case.page).focus()
    take_tool(case.page, "8", "threshold")
    case.stroke(place, place)
    expect(case.page.get_by_label("Least value painted")).to_be_visible()
