"""An adjudicator in the browser: from the home page over the readings side by side to the verdict."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from backend.adjudication.models import Verdict, VerdictAnswer
from backend.reads.models import Read
from tests.factories.adjudication import AGREED, PanelStory, mark_at, panel_story, square_at

from .conftest import SignIn
from .fits import check_fits
from .studies import PASSWORD

Screenshot = Callable[[Page, str], None]


def disagreeing(read: Read, reader: int, rank: int) -> dict[str, Any]:
    return {
        **AGREED,
        "region": "right" if reader == 1 else "left",
        "findings": [mark_at(read, 10, 12)],
        "tumor": {"contours": [square_at(read, 6 + 7 * reader, 8)]},
    }


def with_password(story: PanelStory, part: str) -> str:
    user = story.people[part]
    user.set_password(PASSWORD)
    user.save()
    return user.username


def test_an_adjudicator_settles_a_case(sign_in: SignIn, screenshot: Screenshot) -> None:
    story = panel_story(cases=1, readers=3, with_images=True)
    page = sign_in(with_password(story, "adjudicator"), PASSWORD)
    expect(page.get_by_role("heading", name="Nothing to adjudicate now")).to_be_visible()
    screenshot(page, "adjudication-nothing")
    story.read_all(disagreeing)
    page.reload()
    expect(page.get_by_role("heading", name="1 case waits")).to_be_visible()
    check_fits(page)
    screenshot(page, "adjudication-worklist")

    page.get_by_role("button", name="Open the next case").click()
    page.wait_for_url(re.compile("/item/"))
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Reading B")).to_be_visible()
    expect(table.locator("tr[data-discordant]")).to_have_count(2)
    check_fits(page)
    page.get_by_role("radio", name="Reading A", exact=True).first.check()
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    screenshot(page, "adjudication-item")

    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please choose the reading whose drawing stands.")).to_be_visible()
    page.get_by_role("radio", name="Right").check()
    page.get_by_role("group", name=re.compile("whose drawing stands")).get_by_role(
        "radio", name="Reading C"
    ).check()
    page.get_by_label("Reason").fill("The node lies right of the vessel.")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    page.reload()
    expect(page.get_by_label("Reason")).to_have_value("The node lies right of the vessel.")
    expect(page.get_by_role("radio", name="Right")).to_be_checked()
    page.get_by_role("button", name="Settle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("final")
    screenshot(page, "adjudication-confirm")
    item_url = page.url
    dialog.get_by_role("button", name="Settle").click()
    page.wait_for_url(re.compile(f"/adjudicate/{story.study.slug}$"))
    expect(page.get_by_role("heading", name="Nothing to adjudicate now")).to_be_visible()
    verdict = Verdict.objects.get()
    answers = {row.question: row for row in VerdictAnswer.objects.filter(verdict=verdict)}
    assert (verdict.reason, answers["region"].value) == ("The node lies right of the vessel.", "right")
    assert answers["tumor"].original.place == 3

    page.goto(item_url)
    expect(page.get_by_role("heading", name=re.compile("Settled"))).to_be_visible()
    screenshot(page, "adjudication-settled")


def test_a_meeting_names_who_took_part(sign_in: SignIn, screenshot: Screenshot) -> None:
    story = panel_story(cases=1, readers=2, mode="consensus", with_images=True)
    story.read_all(disagreeing)
    page = sign_in(with_password(story, "adjudicator"), PASSWORD)
    page.get_by_role("button", name="Open the next case").click()
    page.wait_for_url(re.compile("/item/"))
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please name who took part in the meeting.")).to_be_visible()
    page.get_by_role("checkbox", name="R1").check()
    page.get_by_role("checkbox", name="R2").check()
    expect(page.get_by_text("Please name who took part in the meeting.")).to_be_hidden()
    screenshot(page, "adjudication-consensus")
