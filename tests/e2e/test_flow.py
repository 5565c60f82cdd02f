"""A reader's day in the browser: training with feedback, a break, the signature, two steps, and a correction."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.predictions.models import Disclosure
from backend.reads.answers import answers_of
from backend.reads.corrections import reopening_grant
from backend.reads.models import Correction, Read, Reopening
from backend.studies.models import ReadingSession, Signature
from tests.factories.flow import KEY, PASSWORD, flow_story
from tests.factories.studies import StudyStory
from tests.flows.workers import wait_until

from . import reading
from .conftest import SignIn
from .reading import Findings
from .viewing import expect_slice, viewer

RIGHT = Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)
WRONG = Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=1)
SITTINGS = {"max_cases": 2, "max_minutes": None, "break_minutes": 15}
NARROW, WIDE = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}

pytestmark = pytest.mark.django_db(transaction=True)


def begin(sign_in: SignIn, story: StudyStory) -> Page:
    """The first reader before the worklist of the only study, where signing in leads."""
    page = sign_in(story.people["reader1"].username, PASSWORD)
    page.wait_for_url(f"**/read/{story.slug}")
    return page


def turn(page: Page, status: str) -> None:
    expect(page.locator(f"[data-turn={status}]")).to_be_visible()


def read_next(page: Page, findings: Findings) -> None:
    reading.open_next(page)
    reading.answer(page, findings)
    reading.submit(page)


def window_of(page: Page) -> str:
    """Center and width as the viewer writes them."""
    return viewer(page).get_attribute("data-window") or ""


def at_position(page: Page, words: str) -> None:
    """The next case has taken the place of the one that was submitted."""
    expect(page.get_by_role("banner").locator("[data-position]")).to_have_text(words)
    reading.wait_for_image(page)


def test_from_training_over_a_break_to_the_signature(sign_in: SignIn, screenshot) -> None:
    story = flow_story(cases=3, training_cases=1, with_images=True, signature=True, sittings=SITTINGS)
    page = begin(sign_in, story)

    # A first attempt that fails, with its feedback.
    expect(page.get_by_role("heading", name="Training")).to_be_visible()
    screenshot(page, "flow-worklist-training")
    read_next(page, WRONG)
    feedback = page.get_by_role("region", name="Feedback")
    expect(feedback.locator("[data-feedback-score]")).to_have_text("1 of 2 scored answers right")
    expect(feedback.get_by_text(KEY["text"])).to_be_visible()
    expect(feedback.get_by_role("row", name=re.compile("Malignancy"))).to_contain_text("wrong")
    screenshot(page, "flow-feedback")
    page.get_by_role("link", name="To the worklist").click()
    expect(page.get_by_text("Not passed: 50% right")).to_be_visible()
    expect(page.get_by_text("Attempt 2 of 2, passed from 75%")).to_be_visible()
    screenshot(page, "flow-worklist-second-attempt")

    # The second one passes; with it the sitting has two cases.
    read_next(page, RIGHT)
    expect(page.locator("[data-feedback-score]")).to_have_text("2 of 2 scored answers right")
    page.get_by_role("link", name="To the worklist").click()
    turn(page, "break")
    expect(page.get_by_role("heading", name=re.compile(r"^Break: 1[0-5]:\d\d$"))).to_be_visible()
    screenshot(page, "flow-break")
    page.set_viewport_size(WIDE)
    screenshot(page, "flow-break-wide")
    page.set_viewport_size(NARROW)
    expect(page.get_by_role("button", name=re.compile("Read next"))).to_have_count(0)

    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        page.reload()
        read_next(page, RIGHT)
        at_position(page, "2 of 3")
        reading.answer(page, RIGHT)
        reading.submit(page)
        turn(page, "break")
    with time_machine.travel(timezone.now() + timedelta(minutes=32), tick=True):
        page.reload()
        read_next(page, RIGHT)
        turn(page, "to_sign")
        page.get_by_role("button", name="Sign session").click()
        dialog = page.get_by_role("dialog", name="Sign Session 1")
        expect(dialog).to_contain_text("I have read these 3 cases of Session 1 myself")
        dialog.get_by_label("Your password").click()
        screenshot(page, "flow-sign")
        dialog.get_by_label("Your password").fill("another-long-password")
        dialog.get_by_role("button", name="Sign", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("The password is not right")
        dialog.get_by_label("Your password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign", exact=True).click()
        turn(page, "waiting")
        expect(page.get_by_text(re.compile(r"That is \d{4}-\d\d-\d\d \d\d:\d\d UTC\."))).to_be_visible()
        screenshot(page, "flow-waiting")
    signature = Signature.objects.get()
    assert signature.signed_by == story.people["reader1"]
    assert ReadingSession.objects.get(pk=signature.subject_id).status == "LOCKED"


def test_a_case_in_two_steps(sign_in: SignIn, screenshot) -> None:
    story = flow_story(cases=2, with_images=True, in_steps=True)
    page = begin(sign_in, story)
    reading.open_next(page)
    expect(page.locator("[data-step='1']")).to_have_text("Step 1 of 2: without the model")
    alias = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_role("region", name="Model output")).to_have_count(0)
    reading.answer(page, WRONG)
    viewer(page).focus()
    seen = reading.slice_shown(page) + 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect_slice(page, seen)
    window = window_of(page)
    screenshot(page, "flow-step-1")

    page.get_by_role("button", name="Commit step 1 of 2").click()
    page.get_by_role("button", name="Commit and go on").hover()
    screenshot(page, "flow-step-1-dialog")
    page.get_by_role("button", name="Commit and go on").click()
    expect(page.locator("[data-step='2']")).to_have_text("Step 2 of 2: with the model")
    expect(page.get_by_role("heading", level=1)).to_have_text(alias)
    reading.wait_for_image(page)
    expect(page.locator("[data-aid=available]")).to_be_visible()
    expect_slice(page, seen)
    expect(viewer(page)).to_have_attribute("data-window", window)
    expect(page.locator("input[name=rating][value='1']")).to_be_checked()
    expect(page.get_by_label("Short axis", exact=True)).to_have_value("6.5")
    screenshot(page, "flow-step-2")
    page.set_viewport_size(WIDE)
    screenshot(page, "flow-step-2-wide")
    page.set_viewport_size(NARROW)
    page.locator("input[name=rating][value='5']").check()
    page.get_by_role("button", name="Commit step 2 of 2").click()
    page.get_by_role("button", name="Commit and lock").click()
    expect(page.locator("[data-step='1']")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(alias)

    first, second = Read.objects.filter(status="SUBMITTED").order_by("step")
    found = answers_of([first, second])
    assert (found[first.pk].effective["rating"], found[second.pk].effective["rating"]) == (1, 5)
    assert Disclosure.objects.get().read_id == second.pk
    timing = second.timing
    assert timing["aid_open_ms"] > 0
    assert timing["active_ms"] + timing["idle_ms"] + timing["blur_ms"] == pytest.approx(
        timing["wall_ms"], abs=3
    )
    assert timing["clock_suspect"] is False
    assert first.timing["scrolls"] >= 1


def test_a_reload_comes_back_to_slice_and_window(sign_in: SignIn) -> None:
    story = flow_story(cases=2, with_images=True)
    page = begin(sign_in, story)
    reading.open_next(page)
    viewer(page).focus()
    seen, window = reading.slice_shown(page) + 1, window_of(page)
    page.keyboard.press("ArrowDown")
    wait_until(
        lambda: Read.objects.get().view.get("slice") == seen, within_s=30, what="the server has the slice"
    )
    expect(page.locator("[data-save-state=saved]")).to_have_text("Nothing entered yet")
    page.reload()
    reading.wait_for_image(page)
    expect_slice(page, seen)
    expect(viewer(page)).to_have_attribute("data-window", window)


def test_a_correction_from_the_request_to_the_answers(sign_in: SignIn, screenshot) -> None:
    story = flow_story(cases=2, with_images=True)
    page = begin(sign_in, story)
    worklist = page.url
    read_next(page, RIGHT)
    at_position(page, "2 of 2")
    page.goto(worklist)
    page.get_by_role("button", name="Ask to correct a case").click()
    dialog = page.get_by_role("dialog", name="Ask to correct a case")
    dialog.get_by_label("Case").first.click()
    page.get_by_role("option").first.click()
    dialog.get_by_label("Reason").fill("Right and left were mixed up.")
    screenshot(page, "flow-correction-request")
    dialog.get_by_role("button", name="Send request").click()
    expect(page.locator("[data-correction=requested]")).to_be_visible()
    reopening_grant(
        reopening_id=Reopening.objects.get().pk,
        decision="A plain slip.",
        by=story.people["coordinator"],
        now=timezone.now(),
    )
    page.reload()
    expect(page.locator("[data-correction=granted]")).to_contain_text("A plain slip.")
    screenshot(page, "flow-correction-granted")
    page.get_by_role("link", name="Correct case").click()
    reading.wait_for_image(page)
    expect(page.get_by_text("Your first answers stay on record", exact=False).first).to_be_visible()
    expect(page.locator("input[name=rating][value='4']")).to_be_checked()
    page.locator("input[name=rating][value='2']").check()
    expect(page.locator("[data-save-state=kept]")).to_be_visible()
    page.reload()
    expect(page.locator("input[name=rating][value='2']")).to_be_checked()
    screenshot(page, "flow-correction")
    page.get_by_role("button", name="Submit correction").click()
    confirm = page.get_by_role("dialog").get_by_role("button", name="Submit correction")
    expect(confirm).to_be_disabled()
    page.get_by_label("What is corrected, and why").fill("The rating of the other side.")
    screenshot(page, "flow-correction-dialog")
    confirm.click()
    expect(page.locator("[data-correction=corrected]")).to_be_visible()
    correction = Correction.objects.get()
    found = answers_of([correction.read])[correction.read_id]
    assert (found.first["rating"], found.effective["rating"]) == (4, 2)
