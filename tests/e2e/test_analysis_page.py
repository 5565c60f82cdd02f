"""The whole analysis of a locked study in the browser: asked for, followed, read, copied and taken along."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.factories.analysis import analyzed
from tests.factories.studies import Stage, StudyStory, study_in

from .accessible import Findings
from .conftest import SignIn
from .fits import check_fits
from .studies import PASSWORD
from .test_pages import account

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def findings() -> Iterator[Findings]:
    findings = Findings()
    yield findings
    assert not findings.found, findings.report()


def results_of(story: StudyStory, server: str, sign_in: SignIn, path: str = "") -> Page:
    """The results' page of the statistician, who asked the system for less motion."""
    page = sign_in(account(story, "statistician"), PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server}/desk/{story.slug}/results{path}")
    expect(page.get_by_role("navigation", name="Results")).to_be_visible()
    return page


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Results").get_by_role("link", name=name).click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=re.compile(name)).first).to_be_visible()


def test_an_analysis_is_followed_and_asked_for_again(
    server: str, sign_in: SignIn, findings: Findings
) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    page = results_of(story, server, sign_in, "/roc")
    heading(page, "The analysis is under way")
    expect(page.get_by_role("status").filter(has_text="Waiting for a free worker")).to_be_visible()
    findings.look(page, "an analysis that waits", both_schemes=True)
    analyzed(story)
    # The page asks again by itself.
    expect(page.get_by_role("heading", name="ROC analysis")).to_be_visible()
    page.get_by_role("button", name="Analyze again").click()
    form = page.get_by_role("form", name="Analyze again")
    form.get_by_label("Confidence level (%)").fill("100")
    form.get_by_role("button", name="Analyze again").click()
    expect(form.get_by_text("A number from 80 to 99.9.")).to_be_visible()
    findings.look(page, "an analysis asked for wrongly")
    form.get_by_label("Confidence level (%)").fill("90")
    form.get_by_role("button", name="Analyze again").click()
    page.wait_for_url(re.compile(r"\?run="))
    expect(page.get_by_text("As read, 90% intervals")).to_be_visible()


def test_the_pages_of_an_analysis(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    run = analyzed(story)
    page = results_of(story, server, sign_in, "/roc")
    chart = page.get_by_role("img", name=re.compile("^ROC curves"))
    expect(chart.locator("svg")).to_be_visible()
    findings.look(page, "ROC", both_schemes=True)
    findings.zoom(page, "ROC")
    check_fits(page)

    chart.focus()
    page.keyboard.press("ArrowRight")
    told = page.locator("[aria-live=polite]")
    expect(told.filter(has_text=re.compile(r"Threshold .*Sensitivity .*Specificity .*n = "))).to_be_attached()
    box = page.get_by_role("list", name="Shown in the figure").get_by_role("checkbox").first
    named = chart.get_attribute("aria-label") or ""
    box.uncheck()
    expect(chart).not_to_have_attribute("aria-label", named)
    for ending in ("SVG", "PNG", "CSV"):
        with page.expect_download() as saved:
            page.get_by_role("figure").first.get_by_role("button", name=ending).click()
        assert saved.value.suggested_filename == f"roc-roc-curves.{ending.lower()}"
        assert saved.value.path().stat().st_size > 100

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile("^Copy (?!the protocol)")).first.click()
    expect(page.get_by_text("Copied", exact=True).first).to_be_visible()
    copied = page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        const text = async (type) => (await item.getType(type)).text();
        return [await text("text/html"), await text("text/plain")];
    }""")
    assert "<table" in copied[0]
    assert "\t" in copied[1]

    for name, title in (
        ("Agreement", "Agreement"),
        ("Survival", "Survival: does not apply"),
        ("MRMC", "Multi-reader multi-case analysis"),
        ("Methods", "Statistical methods"),
        ("Checklists", "Reporting checklists"),
        ("Provenance & deviations", "Provenance and deviations"),
        ("Files", "Files"),
    ):
        go(page, name)
        heading(page, title)
        findings.look(page, name, both_schemes=True)
        findings.zoom(page, name)
        check_fits(page)
    # What hangs over a page while it is pointed at is part of the page too.
    off = page.get_by_role("navigation", name="Results").get_by_role("link", name="Survival")
    off.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    findings.look(page, "a tooltip held open", both_schemes=True)
    with page.expect_download() as report:
        page.get_by_role("link", name=re.compile("^Report, PDF")).click()
    assert report.value.path().read_bytes().startswith(b"%PDF")

    # The address holds section and run.
    page.goto(f"{server}/desk/{story.slug}/results/agreement?run={run}")
    heading(page, "Agreement")


def test_the_participant_flow_answers(server: str, sign_in: SignIn, findings: Findings) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    analyzed(story)
    page = results_of(story, server, sign_in, "/flow")
    chart = page.get_by_role("img", name=re.compile("^Cases, readers and reads. Cases enrolled: 6"))
    expect(chart.locator("svg")).to_be_visible()
    expect(chart.locator("text", has_text=re.compile("^Included: 6 cases"))).to_be_visible()
    chart.focus()
    page.keyboard.press("ArrowRight")
    told = page.locator("[aria-live=polite]")
    expect(told.filter(has_text=re.compile("^Cases enrolled: 6$"))).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(told.filter(has_text=re.compile("^Cases excluded: "))).to_be_attached()
    findings.look(page, "the participant flow", both_schemes=True)
    findings.zoom(page, "the participant flow")
    check_fits(page)
    for ending, begins in (
        ("SVG", b"<svg"),
        ("PNG", b"\x89PNG"),
        ("CSV", b"Step,Arm,Session,Reason,n,Names"),
    ):
        with page.expect_download() as saved:
            page.get_by_role("figure").get_by_role("button", name=ending).click()
        assert saved.value.path().read_bytes().lstrip(b"\xef\xbb\xbf").startswith(begins)


def test_nobody_is_shown_a_run_of_another_study(server: str, sign_in: SignIn) -> None:
    story = study_in(Stage.LOCKED, cases=2)
    page = results_of(story, server, sign_in, "/roc?run=00000000-0000-0000-0000-000000000001")
    expect(page.get_by_text("This study has no such analysis")).to_be_visible()
