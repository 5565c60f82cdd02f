"""The study designer in the browser: from a template to a protocol that is changed, saved and found again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, member_enroll, study_create, study_freeze
from backend.studies.templates import CARDS, TEMPLATES
from tests.factories.bare import make_case
from tests.factories.cases import person
from tests.factories.studies import START

from .accessible import violations
from .desk import create, section

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-password"
Screenshot = Callable[[Page, str], None]


@pytest.fixture
def coordinator(server: str) -> User:
    user = person("designer", password=PASSWORD)
    user.user_permissions.add(Permission.objects.get(codename="add_readerstudy"))
    return user


def archive_of_cases(user: User, *, cases: int) -> ReaderStudy:
    """A study of the same coordinator whose cases another one can take."""
    study = study_create(slug="archive", title="Archive", template="blank", by=user, now=START)
    member_enroll(study=study, user=user, role=Role.COORDINATOR, by=user, now=START)
    for rank in range(cases):
        center = ("ULM", "GRAZ", "BERN")[rank % 3]
        case_add(study=study, case=make_case(f"{center}-{rank:04d}", center=center), by=user, now=START)
    return study


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_attribute("data-save", "saved")


def test_every_template_begins_a_study(sign_in: Any, coordinator: User, screenshot: Screenshot) -> None:
    page = sign_in(coordinator.username, PASSWORD)
    for card in CARDS:
        page.goto(page.url.split("/desk")[0].rstrip("/") + "/")
        slug = create(page, card.title, f"From {card.key}")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"From {card.key}")
        expect(page.get_by_label("Objective")).to_have_value(TEMPLATES[card.key]()["objective"])
        expect(page.get_by_test_id("design-sums")).to_contain_text("Reads per reader")
        screenshot(page, f"designer-template-{card.key}")
        assert ReaderStudy.objects.get(slug=slug).protocol == TEMPLATES[card.key]()


def test_a_study_is_designed_saved_and_found_again(
    sign_in: Any, coordinator: User, screenshot: Screenshot
) -> None:
    archive_of_cases(coordinator, cases=12)
    page = sign_in(coordinator.username, PASSWORD)
    slug = create(page, CARDS[0].title, "Nodes again")
    study = ReaderStudy.objects.get(slug=slug)
    for rank in range(4):
        reader = person(f"reader{rank}")
        member_enroll(study=study, user=reader, role=Role.READER, by=coordinator, now=START)

    section(page, "Cases")
    page.get_by_role("button", name="Add cases").click()
    page.get_by_label("All of these cases").check()
    screenshot(page, "designer-add-cases")
    page.get_by_role("button", name="Add 12 cases").click()
    expect(page.get_by_role("row", name="ULM-0000")).to_be_visible()
    expect(page.get_by_test_id("design-sums")).to_contain_text("Cases\n12", use_inner_text=True)
    expect(page.get_by_test_id("design-sums")).to_contain_text("Reads in all\n96", use_inner_text=True)

    section(page, "Arms and sessions")
    screenshot(page, "designer-design")
    page.get_by_role("button", name="Use the design Sequential reveal").click()
    page.get_by_role("button", name="Use this design").click()
    expect(page.get_by_label("Title of session 2")).to_have_count(0)
    expect(page.get_by_test_id("design-sums")).to_contain_text("Earliest end")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Title of session 2")).to_be_visible()

    page.get_by_role("button", name="Use the design Crossover AB/BA").click()
    page.get_by_label("Washout (days)").fill("56")
    page.get_by_role("button", name="Use this design").click()
    expect(page.get_by_label("Title of sequence 2")).to_have_value(
        "With the radiomics score → Without the model"
    )
    screenshot(page, "designer-crossover")

    section(page, "Order and washout")
    expect(page.get_by_label("Washout before Session 2, in days")).to_have_value("56")
    page.get_by_label("Repeat cases unseen").check()
    expect(page.get_by_text("5 repeats after 10 other cases do not fit").first).to_be_visible()
    page.get_by_label("Other cases in between, at least").fill("4")
    expect(page.get_by_text("5 repeats after")).to_have_count(0)
    expect(page.get_by_test_id("design-sums")).to_contain_text("Reads in all\n116", use_inner_text=True)
    screenshot(page, "designer-order")
    section(page, "Form")
    screenshot(page, "designer-form")
    page.get_by_role("button", name="Malignancy").first.click()
    page.get_by_label("Label", exact=True).first.fill("How malignant?")
    screenshot(page, "designer-form-question")
    expect_saved(page)
    section(page, "Order and washout")

    page.reload()
    expect(page.get_by_label("Other cases in between, at least")).to_have_value("4")
    study.refresh_from_db()
    assert study.protocol["design"]["kind"] == "crossover"
    assert study.protocol["hidden_repeats"] == {"count": 5, "min_lag": 4, "sessions": [1]}
    labels = [question["label"] for question in study.protocol["form"]["questions"]]
    assert "How malignant?" in labels
    for name in ("Training", "Adjudication", "Summary", "Outline"):
        section(page, name)
        screenshot(page, f"designer-{name.lower()}")


def test_the_analysis_is_planned_and_what_is_no_plan_is_not_kept(
    sign_in: Any, coordinator: User, screenshot: Screenshot
) -> None:
    page = sign_in(coordinator.username, PASSWORD)
    slug = create(page, CARDS[0].title, "Planned")
    margin, pairs = (
        page.get_by_label("Margin of non-inferiority"),
        page.get_by_label("Reclassification (NRI, IDI)"),
    )
    margin.fill("0.7")
    expect(page.get_by_text("Not kept: A margin is above 0 and below 0.5.")).to_be_visible()
    expect(margin).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Times", exact=True).fill("12, 24, 36")
    expect(page.get_by_text("Say in which unit the times are").first).to_be_visible()
    page.get_by_label("Unit of time").fill("months")
    expect(page.get_by_text("Say in which unit the times are")).to_have_count(0)
    page.get_by_label("Tests", exact=True).fill("sex: anova")
    expect(page.get_by_text("Not kept: “anova” is none of")).to_be_visible()
    page.get_by_label("Tests", exact=True).fill("center: fisher")
    page.get_by_label("Differences of areas").check()
    page.get_by_label("Intervals of survival curves").select_option("log")
    pairs.fill("clinical, nomogram")
    expect(page.get_by_text("so their answers must come after the lock").first).to_be_visible()
    page.get_by_label("Cohorts the models were made on").fill("")
    # Sums that are being computed again are dimmed.
    expect(page.locator(".rr-sums-old")).to_have_count(0)
    page.get_by_role("heading", name="Analysis plan").scroll_into_view_if_needed()
    screenshot(page, "designer-plan")
    assert violations(page) == []
    margin.fill("0.1")
    expect_saved(page)
    page.reload()
    expect(margin).to_have_value("0.1")
    expect(pairs).to_have_value("clinical, nomogram")
    assert ReaderStudy.objects.get(slug=slug).protocol["analysis"]["plan"] == {
        "margin": 0.1,
        "times": [12, 24, 36],
        "time_unit": "months",
        "reclassification": [["clinical", "nomogram"]],
        "tests": {"center": "fisher"},
        "bootstrap": ["differences"],
        "survival_interval": "log",
    }


def test_two_windows_cannot_overwrite_each_other(sign_in: Any, coordinator: User) -> None:
    page = sign_in(coordinator.username, PASSWORD)
    slug = create(page, "Blank", "Two windows")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Objective").fill("Written in the other window")
    expect_saved(other)
    page.get_by_label("Objective").fill("Written here, too late")
    expect(page.locator("[data-save=refused]")).to_contain_text("changed in another window")
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_label("Objective")).to_have_value("Written in the other window")
    assert ReaderStudy.objects.get(slug=slug).protocol["objective"] == "Written in the other window"


def test_a_frozen_protocol_is_read_and_not_changed(sign_in: Any, server: str, screenshot: Screenshot) -> None:
    user = person("designer", password=PASSWORD)
    study = archive_of_cases(user, cases=3)
    member_enroll(study=study, user=person("reader1"), role=Role.READER, by=user, now=START)
    frozen = study_freeze(study_id=study.pk, models={}, by=user, now=START)
    page = sign_in(user.username, PASSWORD)
    page.goto(f"{server}/desk/archive/design/design")
    expect(page.get_by_text(f"SHA-256 {frozen.protocol_sha256}")).to_be_visible()
    expect(page.get_by_label("Title of arm 1")).to_be_disabled()
    expect(page.get_by_role("button", name="Add arm")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    screenshot(page, "designer-frozen")
    section(page, "Summary")
    expect(page.get_by_role("heading", name="Work of a reader")).to_be_visible()
