"""Every page in its main states, as axe-core sees it, at a zoom of 200 % and by the Tab key."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from backend.studies.models import ReaderStudy
from tests.factories.adjudication import panel_story
from tests.factories.flow import PASSWORD as FLOW_PASSWORD
from tests.factories.flow import commit, flow_story
from tests.factories.studies import Stage, study_in

from . import reading
from .accessible import Findings, violations
from .conftest import SignIn
from .studies import PASSWORD
from .test_adjudication import disagreeing, with_password
from .test_pages import account

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DESIGNER = (
    "outline",
    "cases",
    "design",
    "order",
    "form",
    "training",
    "adjudication",
    "summary",
)


@pytest.fixture
def findings() -> Iterator[Findings]:
    findings = Findings()
    yield findings
    assert not findings.found, findings.report()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=re.compile(name)).first).to_be_visible()


def named_dialog(page: Page) -> None:
    """Wait for the dialog with its title: the library gives it its name a moment after it stands."""
    expect(page.get_by_role("dialog", name=re.compile(r"\w"))).to_be_visible()


def calm(page: Page) -> Page:
    """A person who asked the system for less motion: nothing fades while it is looked at."""
    page.emulate_media(reduced_motion="reduce")
    return page


def test_a_fault_would_be_found(server: str, sign_in: SignIn) -> None:
    story = study_in(Stage.DESIGN)
    page = calm(sign_in(account(story, "coordinator"), PASSWORD))
    heading(page, story.study.title)
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<button></button><p style="color:#444;background:#333">Hardly to be read</p>')""")
    found = " ".join(violations(page))
    assert "button-name" in found
    assert "color-contrast" in found


def test_the_door_and_what_is_not_there(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.DESIGN)
    coordinator = account(story, "coordinator")
    page = calm(sign_in(coordinator, PASSWORD))
    page.goto(f"{server}/no/such/page")
    heading(page, "Not found")
    findings.look(page, "not found", both_schemes=True)
    page.goto(f"{server}/sign-in")
    page.get_by_label("User name").fill(coordinator)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    findings.look(page, "sign-in refused", both_schemes=True)
    findings.zoom(page, "sign-in refused")


def test_the_home_page_and_the_designer(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.DESIGN)
    may_create = Permission.objects.get(codename="add_readerstudy")
    story.people["coordinator"].user_permissions.add(may_create)
    page = calm(sign_in(account(story, "coordinator"), PASSWORD))
    page.goto(f"{server}/")
    heading(page, "My studies")
    findings.look(page, "home", both_schemes=True)
    page.get_by_role("button", name=re.compile("coordinator", re.IGNORECASE)).first.click()
    expect(page.get_by_role("menu")).to_be_visible()
    findings.look(page, "home, menu")
    page.keyboard.press("Escape")
    page.goto(f"{server}/desk/new")
    heading(page, "New study")
    findings.look(page, "new study", both_schemes=True)
    for part in DESIGNER:
        page.goto(f"{server}/desk/{story.slug}/design/{part}")
        expect(page.get_by_test_id("design-sums")).to_be_visible()
        findings.look(page, f"designer, {part}", both_schemes=True)
        findings.zoom(page, f"designer, {part}")
    page.goto(f"{server}/desk/{story.slug}/design/form")
    page.get_by_role("button", name="Malignancy").first.click()
    expect(page.get_by_label("Label", exact=True).first).to_be_visible()
    findings.look(page, "designer, a question")
    page.goto(f"{server}/desk/{story.slug}/freeze")
    expect(page.get_by_label("Your password")).to_be_visible()
    findings.look(page, "freeze", both_schemes=True)


def test_a_faulty_protocol(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.DESIGN)
    analysis = {**story.study.protocol["analysis"], "positive_from": 9}
    ReaderStudy.objects.update(protocol={**story.study.protocol, "analysis": analysis})
    page = calm(sign_in(account(story, "coordinator"), PASSWORD))
    page.goto(f"{server}/desk/{story.slug}/freeze")
    expect(page.get_by_text("1 problem stands in the way")).to_be_visible()
    findings.look(page, "freeze, faulty", both_schemes=True)


def test_the_desk_of_a_study_that_is_read(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.SESSION_2)
    page = calm(sign_in(account(story, "coordinator"), PASSWORD))
    for tab, text in (
        ("progress", "reads submitted"),
        ("cases", story.cases[-1].number),
        ("people", "People"),
        ("design/outline", "frozen"),
        ("deviations", "Unblind a case"),
        ("unblind", "Only when a patient's care"),
        ("results", "Results are hidden until the database lock"),
        ("audit", "coordinator"),
    ):
        page.goto(f"{server}/desk/{story.slug}/{tab}")
        expect(page.locator("main").get_by_text(re.compile(text, re.IGNORECASE)).first).to_be_visible()
        findings.look(page, f"desk, {tab}", both_schemes=True)
        findings.zoom(page, f"desk, {tab}")
    page.goto(f"{server}/desk/{story.slug}/people")
    page.get_by_role("button", name="Enroll somebody…").click()
    named_dialog(page)
    findings.look(page, "desk, enroll")
    page.goto(f"{server}/desk/{story.slug}/amendments")
    page.get_by_role("button", name="Write an amendment…").click()
    page.get_by_role("button", name="See the changes").click()
    expect(page.get_by_role("alert")).to_be_visible()
    findings.look(page, "desk, amendment", both_schemes=True)
    page.goto(f"{server}/desk/{story.slug}/results")
    page.get_by_role("button", name="Request the lock…").click()
    named_dialog(page)
    findings.look(page, "desk, lock")


def test_the_results_of_a_locked_study(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    page = calm(sign_in(account(story, "statistician"), PASSWORD))
    page.goto(f"{server}/desk/{story.slug}/results")
    expect(page.get_by_role("img", name=re.compile("^ROC curves")).locator("svg")).to_be_visible()
    findings.look(page, "results", both_schemes=True)
    findings.zoom(page, "results")


def test_the_reader_s_pages(sign_in: SignIn, findings: Findings) -> None:
    story = flow_story(cases=2, training_cases=1, with_images=True, signature=True)
    page = calm(sign_in(story.people["reader1"].username, FLOW_PASSWORD))
    heading(page, "Training")
    findings.look(page, "worklist, training", both_schemes=True)
    findings.zoom(page, "worklist, training")
    reading.open_next(page)
    findings.look(page, "reading room, training")
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    reading.submit(page)
    expect(page.get_by_role("region", name="Feedback").get_by_role("table")).to_be_visible()
    findings.look(page, "feedback")
    findings.zoom(page, "feedback")
    page.get_by_role("link", name="To the worklist").click()
    expect(page.get_by_role("button", name="Read next case")).to_be_visible()
    findings.look(page, "worklist, to read", both_schemes=True)
    for _ in story.cases:
        commit(story)
    page.reload()
    page.get_by_role("button", name="Sign session").click()
    named_dialog(page)
    findings.look(page, "worklist, sign")


def test_the_reading_room(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    page = calm(sign_in(account(story, "reader1"), PASSWORD))
    expect(page.get_by_role("button", name="Resume case")).to_be_visible()
    findings.look(page, "worklist", both_schemes=True)
    reading.open_next(page)
    findings.look(page, "reading room")
    findings.zoom(page, "reading room")
    page.locator("[data-viewer]").focus()
    page.keyboard.press("?")
    named_dialog(page)
    findings.look(page, "reading room, keys")
    page.keyboard.press("Escape")
    reading.draw_bidirectional(page)
    findings.look(page, "reading room, drawn")
    for name in ("Layout", "More tools"):
        for button in page.get_by_role("button", name=name).all():
            button.click()
            findings.look(page, f"reading room, {name}")
            page.keyboard.press("Escape")
    page.get_by_label("Short axis", exact=True).fill("99")
    page.get_by_role("button", name="Submit").last.click()
    expect(page.get_by_text(re.compile("to correct$"))).to_be_visible()
    findings.look(page, "reading room, to correct")
    page.get_by_label("Short axis", exact=True).fill("6.5")
    page.get_by_label("Long axis", exact=True).fill("9")
    page.get_by_role("button", name="Submit").last.click()
    named_dialog(page)
    findings.look(page, "reading room, submit")


def test_the_reading_room_in_two_steps(sign_in: SignIn, findings: Findings) -> None:
    story = flow_story(cases=2, with_images=True, in_steps=True)
    page = calm(sign_in(story.people["reader1"].username, FLOW_PASSWORD))
    reading.open_next(page)
    page.get_by_role("button", name="Commit step 1 of 2").click()
    expect(page.get_by_text(re.compile("to correct$"))).to_be_visible()
    findings.look(page, "reading room, incomplete")
    reading.answer(page, reading.Findings("Left obturator", 6.5, True, False, 4))
    page.get_by_role("button", name="Commit step 1 of 2").click()
    page.get_by_role("button", name="Commit and go on").click()
    expect(page.locator("[data-aid=available]")).to_be_visible()
    reading.wait_for_image(page)
    findings.look(page, "reading room, with the model")


def test_the_adjudicator_s_pages(sign_in: SignIn, findings: Findings) -> None:
    story = panel_story(cases=1, readers=2, mode="consensus", with_images=True)
    page = calm(sign_in(with_password(story, "adjudicator"), PASSWORD))
    heading(page, "Nothing to discuss now")
    findings.look(page, "adjudication, nothing", both_schemes=True)
    story.read_all(disagreeing)
    page.reload()
    heading(page, "1 case waits")
    findings.look(page, "adjudication, worklist", both_schemes=True)
    page.get_by_role("button", name="Open the next case").click()
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    findings.look(page, "adjudication room")
    findings.zoom(page, "adjudication room")
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please name who took part in the meeting.")).to_be_visible()
    findings.look(page, "adjudication room, incomplete")
