"""An auditor reads the trail of a study in the browser, and takes it along to verify it elsewhere."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection
from playwright.sync_api import Page, expect

from backend.audit.chain import verify_file
from backend.audit.models import AuditEvent
from tests.database import guards_lifted
from tests.factories.studies import Stage, lock, study_in

from .conftest import SignIn
from .fits import check_fits
from .studies import PASSWORD
from .test_pages import account

REASON = "A reader is on leave; the rest is enough."


def test_an_auditor_verifies_the_trail_here_and_takes_it_along(
    server: str, sign_in: SignIn, screenshot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    story = lock(study_in(Stage.SESSION_1, cases=3), reason=REASON)
    page = sign_in(account(story, "auditor"), PASSWORD)
    page.goto(f"{server}/desk/{story.slug}/audit")
    expect(page.get_by_text("Chain verified up to event")).to_be_visible()
    locked = page.get_by_role("row").filter(has_text="Study locked")
    expect(locked).to_contain_text("READING → LOCKED")
    expect(locked).to_contain_text(REASON)
    check_fits(page)
    screenshot(page, "audit-intact")

    with page.expect_download() as download:
        page.get_by_role("link", name="Audit trail, JSON lines").click()
    file = tmp_path / "trail"
    download.value.save_as(file)
    assert download.value.suggested_filename == f"{story.slug}-audit.jsonl"
    shown = AuditEvent.objects.filter(study_id=story.study.pk).exclude(event="draft_saved").count()
    report = verify_file(file)
    assert (report.faults, report.count) == ([], shown)


def test_a_trail_that_was_changed_in_the_database_is_told_on_its_page(
    server: str, sign_in: SignIn, screenshot: Callable[[Page, str], None]
) -> None:
    story = lock(study_in(Stage.SESSION_1, cases=2), reason=REASON)
    event = AuditEvent.objects.get(event="study_locked")
    with guards_lifted(connection):
        AuditEvent.objects.filter(pk=event.pk).update(reason="Nobody knows.")
    page = sign_in(account(story, "coordinator"), PASSWORD)
    page.goto(f"{server}/desk/{story.slug}/audit")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The audit trail of this study was changed outside the product")
    expect(alert).to_contain_text(f"Event {event.link.sequence} is altered: what the event says")
    expect(page.get_by_text("the trail is not intact")).to_be_visible()
    check_fits(page)
    screenshot(page, "audit-altered")
