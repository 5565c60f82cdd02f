"""The viewer as its reader likes it: keys, layouts and windows found again, and how a study hangs its cases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from backend.accounts.models import User
from backend.accounts.preferences import preferences_of
from backend.studies.models import ReaderStudy
from backend.studies.templates import CARDS
from tests.factories.cases import person
from tests.factories.dicom_files import ct_slice, mr_slice, save
from tests.flows.workers import wait_until

from .conftest import SignIn
from .desk import create
from .reading import image_rect, open_next, painted, submit, wait_for_image
from .studies import PASSWORD, READER, study_in_reading
from .test_panes import choose_layout, pane
from .viewing import shown_window, viewer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Screenshot = Callable[[Page, str], None]
SLICES, SIZE = 5, 24
# Of its two cases the second is three times as bright.
OWN_WINDOWS = {1: (300.0, 600.0), 3: (900.0, 1800.0)}


def values(index: int, factor: int) -> NDArray[np.uint16]:
    """Every value once, in no order."""
    order = np.random.default_rng(index).permutation(SIZE * SIZE)
    return (factor * order.reshape(SIZE, SIZE)).astype(np.uint16)


def write(folder: Path, factor: int, *descriptions: str) -> Path:
    """An examination of these series."""
    center, width = OWN_WINDOWS[factor]
    folder.mkdir()
    for number, description in enumerate(descriptions, start=1):
        for index in range(SLICES):
            made = mr_slice(
                index,
                pixels=values(index, factor),
                patient=f"PAT-{factor}",
                study=f"1.2.{factor}",
                series=f"1.2.{factor}.{number}",
                SeriesNumber=number,
                SeriesDescription=description,
                WindowCenter=center,
                WindowWidth=width,
            )
            save(made, folder / f"{number}-{index}.dcm")
    return folder


def hanging(*roles: str) -> dict[str, Any]:
    panes = [{"role": role, "kind": "stack", "plane": None, "start": None, "window": None} for role in roles]
    return {"rows": 1, "columns": len(roles), "panes": panes, "linked": True}


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before the first of two cases, each with a T2W and a T1, in a study that hangs a DWI between them."""
    series = ("t2_tse_tra", "t1_tse_tra")
    folders = [write(tmp_path / str(factor), factor, *series) for factor in OWN_WINDOWS]
    study_in_reading(*folders, now=timezone.now(), template="blank", hanging=hanging("T2W", "DWI", "T1"))
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def factor_of(page: Page) -> int:
    """Which of the two cases this is, by the window that its series brings."""
    return next(factor for factor, window in OWN_WINDOWS.items() if window == shown_window(page))


def next_case(page: Page) -> None:
    url = page.url
    page.locator("input[name=rating][value='3']").check(force=True)
    submit(page)
    page.wait_for_url(lambda now: now != url)
    wait_for_image(page)


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keys and mouse")


def open_sheet(page: Page) -> Locator:
    viewer(page).focus()
    page.keyboard.press("?")
    expect(sheet(page)).to_be_visible()
    return sheet(page)


def close_sheet(page: Page) -> None:
    page.get_by_role("button", name="Close the keys").click()
    expect(sheet(page)).to_have_count(0)
    viewer(page).focus()


def kept(**parts: Any) -> Callable[[], bool]:
    """Whether the server keeps these preferences of the reader."""
    return lambda: parts.items() <= preferences_of(User.objects.get(username=READER)).items()


def wait_for(**parts: Any) -> None:
    """Until the server keeps these preferences of the reader."""
    wait_until(kept(**parts), within_s=30, what=f"the server keeps {parts}")


def test_a_key_is_changed_at_once_and_found_again(page: Page, screenshot: Screenshot) -> None:
    dialog = open_sheet(page)
    screenshot(page, "keys-1366")
    page.set_viewport_size({"width": 1920, "height": 1080})
    screenshot(page, "keys-1920")
    page.set_viewport_size({"width": 1366, "height": 768})
    dialog.get_by_role("textbox", name="Search the keys").fill("invert")
    invert = dialog.locator("[data-action=invert]")
    expect(dialog.locator("[data-action]")).to_have_count(1)
    dialog.get_by_role("button", name="Another key for: Invert").click()
    page.keyboard.press("w")
    expect(invert).to_contain_text("W is a key of “Window with the left button”, which would lose it.")
    screenshot(page, "keys-conflict")
    dialog.get_by_role("button", name="Leave it").click()
    dialog.get_by_role("button", name="Another key for: Invert").click()
    page.keyboard.press("F5")
    expect(invert).to_contain_text("The function keys belong to the browser.")
    page.keyboard.press("Escape")
    expect(invert).not_to_contain_text("Press the key")
    dialog.get_by_role("button", name="Another key for: Invert").click()
    page.keyboard.press(",")
    expect(invert.locator("kbd")).to_have_text(",")
    close_sheet(page)

    page.keyboard.press("i")
    page.keyboard.press(",")
    expect(viewer(page)).to_contain_text("inverted")
    wait_for(keys={"invert": [","]})
    page.keyboard.press(",")
    expect(viewer(page)).not_to_contain_text("inverted")
    page.reload()
    wait_for_image(page)
    viewer(page).focus()
    expect(viewer(page)).not_to_contain_text("inverted")
    page.keyboard.press(",")
    expect(viewer(page)).to_contain_text("inverted")

    dialog = open_sheet(page)
    dialog.get_by_role("button", name="Reset all keys").click()
    close_sheet(page)
    page.keyboard.press("i")
    expect(viewer(page)).not_to_contain_text("inverted")
    wait_for(keys={})


def test_a_key_of_the_page_is_changed_too(page: Page) -> None:
    dialog = open_sheet(page)
    dialog.get_by_role("button", name="Another key for: Submit").click()
    page.keyboard.press("w")
    dialog.get_by_role("button", name="Use it here").click()
    expect(dialog.locator("[data-action='tool.window']")).to_contain_text("no key")
    close_sheet(page)
    page.locator("input[name=rating][value='3']").check(force=True)
    viewer(page).focus()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("w")
    expect(page.get_by_role("button", name="Submit and lock")).to_be_visible()


def test_a_case_hangs_as_the_study_has_it_until_its_reader_chooses_a_layout(page: Page) -> None:
    panes = page.locator("[data-pane]")
    expect(panes).to_have_count(2)
    expect(page.locator("[data-layout='1x2']")).to_be_visible()
    expect(pane(page, 0)).to_contain_text("T2W axial")
    expect(pane(page, 1)).to_contain_text("T1 axial")
    expect(pane(page, 0)).to_have_attribute("data-viewer", "true")
    expect(page.get_by_role("button", name="Link panes")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Home")
    expect(pane(page, 1)).to_have_attribute("data-slice", "1")
    expect(pane(page, 0)).to_contain_text("Slice 1 / 5 · H 10.0 mm3 mm thick")

    choose_layout(page, 2, 1)
    page.keyboard.press("g")
    wait_for(layouts={"T2W,T1": {"rows": 2, "columns": 1}}, linked=False)
    next_case(page)
    expect(page.locator("[data-layout='2x1']")).to_be_visible()
    expect(pane(page, 1)).to_contain_text("T1 axial")
    expect(page.get_by_role("button", name="Link panes")).to_have_attribute("aria-pressed", "false")


def test_a_window_is_remembered_for_its_sequence_in_the_next_case(page: Page, screenshot: Screenshot) -> None:
    first = factor_of(page)
    dialog = open_sheet(page)
    dialog.get_by_role("tab", name="Remembered").click()
    dialog.get_by_role("switch", name="Remember windows").click()
    close_sheet(page)
    page.keyboard.press("4")
    wait_for(remember_windows=True, windows={"T2W": {"low": 10, "high": 90}})
    page.keyboard.press(" ")
    wait_for(windows={})
    page.keyboard.press("3")
    wait_for(windows={"T2W": {"low": 5, "high": 95}})
    dialog = open_sheet(page)
    dialog.get_by_role("tab", name="Remembered").click()
    expect(dialog.get_by_role("list", name="Windows remembered")).to_contain_text("T2W5 to 95 %")
    screenshot(page, "remembered")
    close_sheet(page)

    next_case(page)
    second = next(factor for factor in OWN_WINDOWS if factor != first)
    low, high = np.percentile(values(SLICES // 2, second), [5, 95])
    center, width = shown_window(page)
    assert center == pytest.approx((low + high) / 2, abs=0.01)
    assert width == pytest.approx(high - low, abs=0.01)
    # The T1 was left as it was: it begins in its own window.
    expect(pane(page, 1)).to_have_attribute(
        "data-window", "/".join(f"{part:g}" for part in OWN_WINDOWS[second])
    )

    page.keyboard.press(" ")
    wait_for(windows={})


def test_no_window_is_kept_where_the_reader_has_not_asked_for_it(page: Page) -> None:
    first = factor_of(page)
    page.keyboard.press("3")
    page.keyboard.press("g")
    wait_for(linked=False)
    next_case(page)
    assert factor_of(page) != first
    assert kept(remember_windows=False, windows={})()


def test_the_mouse_buttons_drag_what_the_reader_chose(page: Page) -> None:
    dialog = open_sheet(page)
    dialog.get_by_role("tab", name="Remembered").click()
    for button, does in (("middle", "Window"), ("right", "Pan")):
        group = dialog.get_by_role("radiogroup", name=f"Drag with the {button} button")
        group.get_by_text(does, exact=True).click()
    wait_for(drags={"middle": "window", "right": "pan"})
    close_sheet(page)
    assert_dragged(page)
    next_case(page)
    assert_dragged(page)
    dialog = open_sheet(page)
    expect(dialog).to_contain_text("WindowMiddle drag")
    expect(dialog).to_contain_text("PanRight drag")


def assert_dragged(page: Page) -> None:
    """The middle button drags the window, the right one the image."""
    left, top, width, height = image_rect(page)
    window = shown_window(page)
    middle = (left + width / 2, top + height / 2)
    drag_with(page, "middle", middle, (40, 0))
    assert shown_window(page) != window
    assert image_rect(page) == pytest.approx((left, top, width, height))
    window = shown_window(page)
    drag_with(page, "right", middle, (40, 24))
    assert image_rect(page) == pytest.approx((left + 40, top + 24, width, height), abs=1)
    assert shown_window(page) == window


def drag_with(
    page: Page, button: Literal["middle", "right"], start: tuple[float, float], by: tuple[float, float]
) -> None:
    page.mouse.move(*start)
    page.mouse.down(button=button)
    for step in (1, 2, 3, 4):
        page.mouse.move(start[0] + by[0] * step / 4, start[1] + by[1] * step / 4)
    page.mouse.up(button=button)
    painted(page)


def test_ct_has_windows_in_hounsfield_units(tmp_path: Path, sign_in: SignIn) -> None:
    for index in range(SLICES):
        save(ct_slice(index), tmp_path / f"{index}.dcm")
    study_in_reading(tmp_path, now=timezone.now(), template="blank")
    page = sign_in(READER, PASSWORD)
    open_next(page)
    for key, window in (("2", (-600, 1500)), ("4", (480, 2500)), ("5", (40, 80)), ("1", (40, 400))):
        page.keyboard.press(key)
        expect(viewer(page)).to_have_attribute("data-window", f"{window[0]}/{window[1]}")
    expect(page.get_by_role("button", name="Window preset 2: Lung")).to_be_visible()


def test_a_coordinator_says_how_cases_hang(server: str, sign_in: Any, screenshot: Screenshot) -> None:
    user = person("designer", password=PASSWORD)
    user.user_permissions.add(Permission.objects.get(codename="add_readerstudy"))
    page = sign_in(user.username, PASSWORD)
    slug = create(page, CARDS[0].title, "Hung")
    grid = page.get_by_role("radiogroup", name="Grid of panes")
    expect(grid.get_by_role("radio", name="1 × 2")).to_be_checked()
    grid.get_by_text("2 × 2").click()
    expect(page.locator("[data-hanging-pane]")).to_have_count(4)
    choose(page, "Sequence of pane 3", "T2-weighted")
    choose(page, "How pane 3 shows it", "Sagittal plane")
    choose(page, "How pane 4 shows it", "Coronal, as taken")
    choose(page, "Where pane 2 begins", "First slice")
    choose(page, "Window of pane 2", "Percentiles")
    page.get_by_label("Upper percentile of pane 2").fill("0.5")
    expect(page.get_by_text("The lower percentile must be below the upper one.").first).to_be_visible()
    page.get_by_label("Upper percentile of pane 2").fill("95")
    expect(page.get_by_text("The lower percentile must be below the upper one.")).to_have_count(0)
    page.get_by_role("switch", name="Panes go together by position").click()
    expect(page.locator("[data-save]")).to_have_attribute("data-save", "saved")
    picture = page.get_by_role("img", name="2 by 2 panes: T2W, ADC, T2W, T1")
    picture.scroll_into_view_if_needed()
    screenshot(page, "designer-hanging-1366")
    page.set_viewport_size({"width": 1920, "height": 1080})
    screenshot(page, "designer-hanging-1920")
    plain = {"kind": "stack", "plane": None, "start": None, "window": None}
    assert ReaderStudy.objects.get(slug=slug).protocol["hanging"] == {
        "rows": 2,
        "columns": 2,
        "linked": False,
        "panes": [
            {**plain, "role": "T2W"},
            {**plain, "role": "ADC", "start": "first", "window": {"low": 1, "high": 95}},
            {**plain, "role": "T2W", "kind": "mpr", "plane": "sagittal"},
            {**plain, "role": "T1", "plane": "coronal"},
        ],
    }


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
