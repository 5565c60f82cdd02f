"""The conduct of a study in the browser: freeze, people, amendment, deviations, unblinding, the lock by two."""

import re
from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from backend.studies.models import Deviation, ReaderStudy, Signature, Unblinding
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, study_in

from .conftest import SignIn
from .fits import SIZES, expect_fits
from .studies import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Screenshot = Callable[[Page, str], None]


def account(story: StudyStory, part: str) -> str:
    user = story.people[part]
    user.set_password(PASSWORD)
    user.save()
    return user.username


def at_desk(story: StudyStory, server: str, sign_in: SignIn, tab: str, part: str = "coordinator") -> Page:
    page = sign_in(account(story, part), PASSWORD)
    page.goto(f"{server}/desk/{story.slug}/{tab}")
    return page


def keep(page: Page, screenshot: Screenshot, name: str) -> None:
    """A picture at both sizes of screen; neither is wider than the screen."""
    for size in reversed(SIZES):
        expect_fits(page, size, name)
        screenshot(page, f"conduct-{name}-{size['width']}")


def test_the_coordinator_signs_and_freezes(server: str, sign_in: SignIn, screenshot: Screenshot) -> None:
    story = study_in(Stage.DESIGN)
    page = at_desk(story, server, sign_in, "freeze")
    expect(page.get_by_text("Nothing stands in the way")).to_be_visible()
    expect(page.get_by_text("I have read this protocol")).to_be_visible()
    keep(page, screenshot, "freeze")
    with page.expect_download() as download:
        page.get_by_role("link", name="The draft as PDF").click()
    assert download.value.suggested_filename == f"{story.slug}-protocol-draft.pdf"
    send = page.get_by_role("button", name="Sign and freeze the protocol")
    expect(send).to_be_disabled()
    page.get_by_label("Your password").fill("guessed")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("The password is not right")
    page.get_by_label("Your password").fill(PASSWORD)
    send.click()
    page.wait_for_url(re.compile("/progress$"))
    study = ReaderStudy.objects.get(pk=story.study.pk)
    assert Signature.objects.get().document_sha256 == study.protocol_sha256
    page.goto(f"{server}/desk/{story.slug}/freeze")
    expect(page.get_by_text("The protocol is frozen")).to_be_visible()


def test_a_faulty_protocol_says_what_stands_in_the_way(
    server: str, sign_in: SignIn, screenshot: Screenshot
) -> None:
    story = study_in(Stage.DESIGN)
    analysis = {**story.study.protocol["analysis"], "positive_from": 9}
    ReaderStudy.objects.update(protocol={**story.study.protocol, "analysis": analysis})
    page = at_desk(story, server, sign_in, "freeze")
    expect(page.get_by_text("1 problem stands in the way")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    expect(page.get_by_role("button", name="Sign and freeze the protocol")).to_be_disabled()
    keep(page, screenshot, "freeze-faulty")


def test_people_join_late_leave_and_are_let_through_with_a_reason(
    server: str, sign_in: SignIn, screenshot: Screenshot
) -> None:
    story = study_in(Stage.WASHOUT)
    for name in ("late", "successor"):
        person(name)
    with time_machine.travel(story.now, tick=True):
        walk_through_people(at_desk(story, server, sign_in, "people"), story, screenshot)
    assert list(Deviation.objects.order_by("recorded_at").values_list("kind", flat=True)) == [
        "READER_ENROLLED_LATE",
        "WASHOUT_OVERRIDDEN",
        "READER_REPLACED",
        "READER_WITHDRAWN",
    ]


def walk_through_people(page: Page, story: StudyStory, screenshot: Screenshot) -> None:
    people = page.get_by_role("table", name="People of the study")
    first, second = (story.people[part].shown_name for part in ("reader1", "reader2"))
    expect(people.get_by_text("Waits until")).to_have_count(2)
    keep(page, screenshot, "people")

    page.get_by_role("button", name="Enroll somebody…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("nobody-at-all")
    dialog.get_by_label("Reason").fill("More power.")
    dialog.get_by_role("button", name="Enroll").click()
    expect(dialog.get_by_text("There is no user nobody-at-all.")).to_be_visible()
    dialog.get_by_label("User name").fill("late")
    keep(page, screenshot, "enroll")
    dialog.get_by_role("button", name="Enroll").click()
    expect(dialog).to_have_count(0)
    expect(people.get_by_text("enrolled late")).to_be_visible()

    act(page, first, "Open the waiting case early…", "Open the case", "The reader leaves tomorrow.")
    expect(people.get_by_text("Waits until")).to_have_count(1)
    page.get_by_role("button", name=f"Actions for {second}").click()
    page.get_by_role("menuitem", name="Replace by another reader…").click()
    dialog.get_by_label("User name of the other reader").fill("successor")
    dialog.get_by_label("Reason").fill("Fell ill.")
    dialog.get_by_role("button", name="Replace the reader").click()
    expect(dialog).to_have_count(0)
    expect(people.get_by_text("enrolled late")).to_have_count(2)
    act(page, "Dr. Late", "Withdraw from the study…", "Withdraw", "Changed the hospital.")
    expect(people.get_by_text("Left ")).to_have_count(2)
    keep(page, screenshot, "people-after")

    page.get_by_role("link", name="Deviations").click()
    rows = page.get_by_role("table", name="Deviations").locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text(f"{first}, session 2, place 1")
    expect(rows.nth(2)).to_contain_text(f"{second}, replaced by Dr. Successor")
    keep(page, screenshot, "deviations")


def act(page: Page, name: str, item: str, button: str, reason: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=item).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=button)).to_be_disabled()
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_have_count(0)


def test_an_amendment_is_looked_at_reasoned_and_signed(
    server: str, sign_in: SignIn, screenshot: Screenshot
) -> None:
    story = study_in(Stage.SESSION_1)
    page = at_desk(story, server, sign_in, "amendments")
    expect(page.get_by_role("heading", name="Version 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Write an amendment…").click()
    look = page.get_by_role("button", name="See the changes")
    look.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    page.get_by_label("Instructions to the readers").fill("Look at every slice, twice.")
    page.get_by_label("Washout days before Session 2").fill("42")
    look.click()
    changes = page.get_by_role("table", name="Changes of this amendment")
    expect(changes.locator("tbody tr")).to_have_count(2)
    expect(changes).to_contain_text("design.sessions[2].washout_days")
    keep(page, screenshot, "amendment")
    page.get_by_label("Reason for the amendment").fill("The ethics committee asked for it.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the amendment").click()
    expect(page.get_by_role("heading", name="Version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("The ethics committee asked for it.")).to_be_visible()
    expect(page.get_by_role("link", name="PDF")).to_have_count(2)
    keep(page, screenshot, "versions")
    assert ReaderStudy.objects.get(pk=story.study.pk).protocol_version == 2


def test_a_case_is_unblinded_in_two_steps(server: str, sign_in: SignIn, screenshot: Screenshot) -> None:
    story = study_in(Stage.SESSION_2)
    number, name = story.cases[0].number, story.people["coordinator"].shown_name
    page = at_desk(story, server, sign_in, "deviations")
    page.get_by_role("link", name="Unblind a case in an emergency…").click()
    expect(page.get_by_text("Only when a patient's care depends on it")).to_be_visible()
    page.get_by_label("Number of the case").fill(number)
    expect(page.get_by_role("button", name="Continue")).to_be_disabled()
    page.get_by_label("Reason").fill("Fever of unknown origin.")
    keep(page, screenshot, "unblind-1")
    page.get_by_role("button", name="Continue").click()
    send = page.get_by_role("button", name=f"Unblind {number} to me")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Type your name").fill(name[:-1])
    expect(send).to_be_disabled()
    page.get_by_label("Type your name").fill(name)
    keep(page, screenshot, "unblind-2")
    send.click()
    expect(page.get_by_role("heading", name=f"Case {number}, unblinded")).to_be_visible()
    expect(page.get_by_text("positive", exact=True)).to_be_visible()
    keep(page, screenshot, "unblinded")
    assert Unblinding.objects.get().unblinded_by == story.people["coordinator"]
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name=number)).to_be_visible()


def test_the_lock_takes_two_people(server: str, sign_in: SignIn, screenshot: Screenshot) -> None:
    story = study_in(Stage.SESSION_2)
    first = at_desk(story, server, sign_in, "results")
    expect(first.get_by_text("Nobody has requested the lock.")).to_be_visible()
    first.get_by_role("button", name="Request the lock…").click()
    dialog = first.get_by_role("dialog")
    dialog.get_by_label("Reason for locking").fill("Two readers left.")
    keep(first, screenshot, "lock-request")
    dialog.get_by_role("button", name="Request the lock", exact=True).click()
    expect(first.get_by_text("Requested by you")).to_be_visible()
    expect(first.get_by_role("button", name="Confirm and lock…")).to_have_count(0)
    keep(first, screenshot, "lock-waits")
    second = at_desk(story, server, sign_in, "results", "statistician")
    expect(second.get_by_text(f"Requested by {story.people['coordinator'].shown_name}")).to_be_visible()
    second.get_by_role("button", name="Confirm and lock…").click()
    second.get_by_label("I understand that the lock is final.").check()
    second.get_by_label("Your password").fill(PASSWORD)
    keep(second, screenshot, "lock-confirm")
    second.get_by_role("dialog").get_by_role("button", name="Lock database").click()
    expect(second.get_by_role("table", name="Area under the ROC curve")).to_be_visible()
    study = ReaderStudy.objects.get(pk=story.study.pk)
    assert (study.lock_requested_by, study.locked_by) == (
        story.people["coordinator"],
        story.people["statistician"],
    )
    assert Deviation.objects.get().kind == "LOCKED_INCOMPLETE"
