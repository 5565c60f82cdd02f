"""The form builder in the browser: a question that is answered by painting, from the menu to the stored form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Locator, Page, expect

from backend.accounts.models import User
from backend.studies.models import ReaderStudy
from tests.factories.cases import person

from .desk import create, section
from .fits import check_fits
from .studies import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Screenshot = Callable[[Page, str], None]


@pytest.fixture
def coordinator(server: str) -> User:
    user = person("builder", password=PASSWORD)
    user.user_permissions.add(Permission.objects.get(codename="add_readerstudy"))
    return user


def write(page: Page, field: Locator, text: str) -> None:
    """Into a field as somebody would: a click, everything marked, and the keys."""
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_question_answered_by_painting_is_built_saved_and_found_again(
    sign_in: Any, coordinator: User, screenshot: Screenshot
) -> None:
    page = sign_in(coordinator.username, PASSWORD)
    slug = create(page, "Blank", "Painted nodes")
    section(page, "Form")

    page.get_by_role("button", name="Add question").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Painted mask").click()
    expect(page.get_by_label("Label", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Lymph nodes")
    expect(page.get_by_label("Key", exact=True)).to_have_value("lymph_nodes")

    cut_off = page.get_by_label("Cut-off of the short axis (mm)")
    write(page, cut_off, "0")
    refused = "Its cut-off must be a number of mm greater than 0."
    expect(page.get_by_role("group", name="Question 2").get_by_text(refused)).to_be_visible()
    expect(cut_off).to_have_attribute("aria-invalid", "true")
    screenshot(page, "form-builder-refused")
    write(page, cut_off, "7")
    expect(page.get_by_text(refused)).to_have_count(0)

    page.get_by_role("button", name="Labels from regions and sides").click()
    write(page, page.get_by_label("Regions", exact=True), "obturator, internal iliac")
    page.get_by_role("button", name="Add 4 labels").click()
    page.get_by_role("button", name="Use positive and negative").click()
    page.get_by_role("button", name="Delete label 4").click()
    write(page, page.get_by_label("Text of label 3"), "presacral")
    expect(page.get_by_label("Key of label 3")).to_have_value("presacral")

    preview = page.get_by_role("complementary", name="Preview")
    preview.get_by_role("button", name="Paint: Lymph nodes").click()
    expect(preview.get_by_text("Borderline: the short axis lies within a pixel of 7 mm.")).to_be_visible()
    chosen = preview.get_by_label("Label of Segment 1")
    chosen.focus()
    page.keyboard.type("pre")
    expect(chosen).to_have_value("presacral")
    preview.get_by_role("button", name="Check answers").click()
    expect(preview.get_by_text("Please choose a status for each segment.").first).to_be_visible()
    check_fits(page)
    screenshot(page, "form-builder-painted-mask")

    angle = page.get_by_role("group", name="Tools beside the form").get_by_role("checkbox", name="Angle")
    angle.focus()
    page.keyboard.press("Space")
    expect(angle).not_to_be_checked()
    screenshot(page, "form-builder-tools")
    expect(page.locator("[data-save]")).to_have_attribute("data-save", "saved")

    page.reload()
    page.get_by_role("button", name="Lymph nodes").first.click()
    expect(page.get_by_label("Drawn by")).to_have_value("voxels")
    expect(page.get_by_label("Text of label 2")).to_have_value("right obturator")
    expect(page.get_by_label("Text of status 2")).to_have_value("negative")
    expect(cut_off).to_have_value("7")
    expect(angle).not_to_be_checked()
    expect(preview.get_by_text("Nothing painted")).to_be_visible()
    protocol = ReaderStudy.objects.get(slug=slug).protocol
    assert protocol["form"]["questions"][1:] == [
        {
            "key": "lymph_nodes",
            "kind": "mask",
            "label": "Lymph nodes",
            "help": "",
            "required": True,
            "drawn_by": "voxels",
            "cut_off_mm": 7,
            "labels": [
                {"key": "left_obturator", "label": "left obturator"},
                {"key": "right_obturator", "label": "right obturator"},
                {"key": "presacral", "label": "presacral"},
            ],
            "statuses": [
                {"key": "positive", "label": "positive"},
                {"key": "negative", "label": "negative"},
            ],
        }
    ]
    assert protocol["tools"] == ["length", "ellipse", "freehand", "arrow", "text", "probe", "magnify"]
