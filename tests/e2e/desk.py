"""What the people at the desk do in the browser: design a study, enroll, freeze, and lock it by two."""

import re

from playwright.sync_api import Page, expect


def create(page: Page, template: str, title: str, **options: int) -> str:
    """From the home page to a new study; gives its short name. `options` are numbers by their label's key."""
    page.get_by_role("link", name="New study").click()
    page.get_by_role("button", name=template).click()
    page.get_by_label("Title").fill(title)
    for label, value in options.items():
        page.get_by_label(label.replace("_", " ")).fill(str(value))
    page.get_by_role("button", name="Create study").click()
    page.wait_for_url("**/design/outline")
    return page.url.split("/desk/")[1].split("/")[0]


def section(page: Page, name: str) -> None:
    """Open a part of the protocol in the designer."""
    page.get_by_role("navigation", name="Parts of the protocol").get_by_role("link", name=name).click()


def add_all_cases(page: Page, count: int) -> None:
    """Take every case of the coordinator's other studies."""
    section(page, "Cases")
    page.get_by_role("button", name="Add cases").click()
    page.get_by_label("All of these cases").check()
    page.get_by_role("button", name=f"Add {count} cases").click()
    expect(page.get_by_test_id("design-sums")).to_contain_text(f"Cases\n{count}", use_inner_text=True)


def enroll(page: Page, username: str, role: str = "Reader") -> None:
    """From the people's tab; the row of the person stands there afterward."""
    page.get_by_role("button", name="Enroll somebody").click()
    dialog = page.get_by_role("dialog", name="Enroll somebody")
    dialog.get_by_label("User name").fill(username)
    dialog.get_by_label("Role").select_option(label=role)
    dialog.get_by_role("button", name="Enroll", exact=True).click()
    expect(dialog).to_have_count(0)
    table = page.get_by_role("table", name="People of the study")
    expect(table.get_by_role("cell", name=username, exact=True)).to_be_visible()


def freeze(page: Page, password: str) -> None:
    """From the page of the freeze to the progress of a study that is read."""
    expect(page.get_by_role("heading", name="Nothing stands in the way")).to_be_visible()
    panel = page.get_by_role("form", name="Sign and freeze")
    panel.get_by_label("Your password").fill(password)
    panel.get_by_role("button", name="Sign and freeze the protocol").click()
    page.wait_for_url("**/progress")
    expect(page.get_by_text("Reading", exact=True).first).to_be_visible()


def request_lock(page: Page) -> None:
    """From the results' tab, by the first of the two people."""
    page.get_by_role("button", name=re.compile("^Request the lock")).click()
    dialog = page.get_by_role("dialog", name="Request the database lock")
    dialog.get_by_role("button", name="Request the lock").click()
    expect(
        page.get_by_text("It waits for a second person: another coordinator or a statistician.")
    ).to_be_visible()


def confirm_lock(page: Page, password: str) -> None:
    """From the results' tab, by the second person; the results stand there afterward."""
    page.get_by_role("button", name=re.compile("^Confirm and lock")).click()
    dialog = page.get_by_role("dialog", name="Lock the database")
    dialog.get_by_label("I understand that the lock is final.").check()
    dialog.get_by_label("Your password").fill(password)
    dialog.get_by_role("button", name="Lock database").click()
    expect(page.get_by_role("heading", name="Agreement")).to_be_visible()
