"""A dataset from outside of every study, and what is added to a locked study's records, in the browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from backend.reports import analysis_runner
from backend.reports.models import AnalysisRun, OutsideDataset
from tests.factories.analysis import analyzed
from tests.factories.studies import Stage, study_in

from .accessible import Findings
from .conftest import SignIn
from .fits import check_fits
from .studies import PASSWORD
from .test_pages import account

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HEADER = "reader,modality,case,truth,rating"
Screenshot = Callable[[Page, str], None]


@pytest.fixture
def findings() -> Iterator[Findings]:
    findings = Findings()
    yield findings
    assert not findings.found, findings.report()


def mrmc_rows(*, cases: int = 16) -> list[str]:
    """Two readers under two modalities; the ratings of positive and negative cases overlap."""
    return [
        f"R{reader},{modality},C{case:02d},{case % 2},{1 + (case * 3 + reader + 2 * (case % 2)) % 5}"
        for reader in (1, 2)
        for modality in ("CT", "MRI")
        for case in range(cases)
    ]


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "mrmc.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def look(findings: Findings, page: Page, name: str) -> None:
    findings.look(page, name, both_schemes=True)
    findings.zoom(page, name)
    check_fits(page)


def test_a_dataset_is_given_refused_and_analyzed(
    server: str, sign_in: SignIn, findings: Findings, tmp_path: Path, screenshot: Screenshot
) -> None:
    story = study_in(Stage.LOCKED, cases=2)
    page = sign_in(account(story, "statistician"), PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("link", name="Analyses", exact=True).click()
    expect(page.get_by_role("heading", name="No dataset yet")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Analyze .+")).first).to_be_visible()
    look(findings, page, "no dataset")
    screenshot(page, "analyses-empty")

    form = page.get_by_role("form", name="Give a dataset")
    form.get_by_role("button", name="Analyze").click()
    expect(form.get_by_text("Choose the files first.")).to_be_visible()
    files = form.locator("input[type=file]")
    rows = mrmc_rows()
    files.set_input_files(written(tmp_path, [rows[0], rows[1].rsplit(",", 1)[0] + ",high"]))
    form.get_by_role("button", name="Analyze").click()
    expect(form.get_by_role("alert").filter(has_text=re.compile("mrmc.csv.*row 3"))).to_be_visible()
    findings.look(page, "a refused dataset", both_schemes=True)
    screenshot(page, "analyses-refused")

    files.set_input_files(written(tmp_path, rows))
    form.get_by_label("Title").fill("Two modalities")
    form.get_by_role("button", name="Analyze").click()
    expect(page.get_by_role("heading", name="Two modalities")).to_be_visible()
    expect(page.get_by_role("heading", name="The dataset")).to_be_visible()
    screenshot(page, "dataset-waiting")
    run = AnalysisRun.objects.get(outside__title="Two modalities")
    # The test's thread computes, and the database takes one writer at a time.
    with override_settings(JOB_LEASE_SECONDS=86_400):
        analysis_runner.run(run_id=run.pk, owner="the test")
    expect(page.get_by_role("region", name="Analysis").get_by_text("Done")).to_be_visible()
    look(findings, page, "a dataset")
    screenshot(page, "dataset")
    results = page.get_by_role("navigation", name="Results")
    results.get_by_role("link", name="MRMC").click()
    expect(page.get_by_role("heading", name="Multi-reader multi-case analysis")).to_be_visible()
    results.get_by_role("link", name="Files").click()
    with page.expect_download() as report:
        page.get_by_role("link", name=re.compile("^Report, PDF")).click()
    assert report.value.path().read_bytes().startswith(b"%PDF")

    page.get_by_role("link", name="Analyses", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("Two modalities.*Done"))).to_be_visible()
    look(findings, page, "datasets")
    screenshot(page, "analyses")

    page.get_by_role("link", name="Two modalities").click()
    page.get_by_role("button", name="Delete the dataset").click()
    dialog = page.get_by_role("dialog", name="Delete Two modalities")
    # Its name comes a moment after it, with its title.
    expect(dialog).to_be_visible()
    findings.look(page, "a dataset that is to be deleted", both_schemes=True)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Delete the dataset").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="No dataset yet")).to_be_visible()
    assert not OutsideDataset.objects.exists()


def test_a_supplement_is_added_and_used(
    server: str, sign_in: SignIn, findings: Findings, screenshot: Screenshot
) -> None:
    story = study_in(Stage.LOCKED, cases=6)
    analyzed(story)
    page = sign_in(account(story, "statistician"), PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server}/desk/{story.slug}/results/provenance")
    page.get_by_role("button", name="Add data or a plan").click()
    form = page.get_by_role("form", name="Add data or a plan")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text("Say why it is added.")).to_be_visible()
    form.get_by_label("Key of the analysis plan").select_option("time_unit")
    form.get_by_label("time_unit", exact=True).fill("months")
    form.get_by_label("Reason").fill("Follow-up is counted in months")
    findings.look(page, "a supplement that is written", both_schemes=True)
    findings.zoom(page, "a supplement that is written")
    screenshot(page, "supplement")
    form.get_by_role("button", name="Add", exact=True).click()
    table = page.get_by_role("table", name="Supplements of this study")
    expect(
        table.get_by_role("row", name=re.compile("Follow-up is counted.*time_unit: months"))
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("Analyze again|analyses")).click()
    again = page.get_by_role("form", name="Analyze again")
    again.get_by_label("Supplement").select_option(label="1: Follow-up is counted in months")
    again.get_by_role("button", name="Analyze again").click()
    page.wait_for_url(re.compile(r"\?run="))
    expect(page.get_by_text("With supplement 1: Follow-up is counted in months")).to_be_visible()
    findings.look(page, "a run with a supplement", both_schemes=True)
    screenshot(page, "supplement-run")
