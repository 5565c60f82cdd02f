"""The pages around the reading room: the door, what does not exist, and the desk, at both sizes of screen."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories.studies import Stage, StudyStory, study_in

from . import reading
from .conftest import SignIn, fill_sign_in
from .fits import check_fits
from .studies import PASSWORD


def account(story: StudyStory, part: str) -> str:
    """The user name of a person of the story, who can sign in from now on."""
    user = story.people[part]
    user.set_password(PASSWORD)
    user.save()
    return user.username


def test_the_door_names_a_wrong_password_and_leads_to_the_page_that_was_asked_for(
    server: str, context: Callable[[], BrowserContext]
) -> None:
    story = study_in(Stage.SESSION_1)
    coordinator = account(story, "coordinator")
    page = context().new_page()
    asked = f"{server}/desk/{story.slug}/cases"
    page.goto(asked)
    page.wait_for_url(re.compile("/sign-in"))
    check_fits(page)
    page.get_by_label("User name").fill(coordinator)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The user name or the password is not right.")
    assert [cookie for cookie in page.context.cookies() if cookie.get("name") == "sessionid"] == []
    fill_sign_in(page, coordinator, PASSWORD)
    page.wait_for_url(asked)
    expect(page.get_by_text(story.cases[0].number)).to_be_visible()


def test_nobody_is_led_off_this_site(server: str, sign_in: SignIn, problems: list[str]) -> None:
    story = study_in(Stage.SESSION_1)
    reader = account(story, "reader1")
    page = sign_in(reader, PASSWORD)
    page.goto(f"{server}/sign-in?next=//example.org/")
    fill_sign_in(page, reader, PASSWORD)
    page.wait_for_url(f"{server}/read/{story.slug}")


def test_what_is_not_there_and_what_is_not_yours_look_alike(server: str, sign_in: SignIn) -> None:
    story = study_in(Stage.SESSION_1)
    page = sign_in(account(story, "reader1"), PASSWORD)
    page.goto(f"{server}/no/such/page")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    check_fits(page)
    texts = []
    for slug in (story.slug, "no-such-study"):
        page.goto(f"{server}/desk/{slug}/results")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        texts.append(page.locator("main").inner_text())
    assert texts[0] == texts[1]


def test_the_desk_fits_and_breaks_no_policy(server: str, sign_in: SignIn) -> None:
    reading_story = study_in(Stage.SESSION_1, cases=6)
    page = sign_in(account(reading_story, "coordinator"), PASSWORD)
    for tab, text in (
        ("progress", "reads submitted"),
        ("cases", reading_story.cases[-1].number),
        ("results", "Results are hidden until the database lock"),
        ("audit", "coordinator"),
    ):
        page.goto(f"{server}/desk/{reading_story.slug}/{tab}")
        expect(page.locator("main").get_by_text(re.compile(text, re.IGNORECASE)).first).to_be_visible()
        check_fits(page)


def test_results_of_a_locked_study_fit_and_break_no_policy(server: str, sign_in: SignIn) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    page = sign_in(account(story, "statistician"), PASSWORD)
    page.goto(f"{server}/desk/{story.slug}/results")
    expect(page.get_by_role("heading", name="Agreement").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^ROC curves")).locator("svg")).to_be_visible()
    check_fits(page)


def test_the_reader_s_pages_fit_and_break_no_policy(server: str, sign_in: SignIn) -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    page = sign_in(account(story, "reader1"), PASSWORD)
    page.wait_for_url(f"{server}/read/{story.slug}")
    expect(page.get_by_role("button", name="Resume case")).to_be_visible()
    check_fits(page)
    reading.open_next(page)
    check_fits(page)


def test_a_broken_policy_would_be_noticed(server: str, sign_in: SignIn, problems: list[str]) -> None:
    story = study_in(Stage.DESIGN)
    page = sign_in(account(story, "reader1"), PASSWORD)
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.isBroken = true";
            document.head.append(script);
        }""")
    assert page.evaluate("() => window.isBroken") is None
    assert any("Content Security Policy" in problem for problem in problems)
    problems.clear()
