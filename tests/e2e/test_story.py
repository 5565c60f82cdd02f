"""The whole story in the browser: import, two readers, the washout, the model's output, the lock, the results."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from sklearn.metrics import roc_auc_score
from statsmodels.stats.inter_rater import cohens_kappa

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.cases.models import Case
from backend.predictions.models import Disclosure, Prediction
from backend.predictions.services import models_register
from backend.reads.models import Read
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.services import member_enroll
from backend.truth.services import truth_enter
from tests.factories.phantoms import add_index_mask, cut_phantom
from tests.flows.workers import running_worker

from . import reading
from .conftest import SignIn, fill_sign_in
from .reading import Findings

PASSWORD = "a-long-enough-password"
SLUG = "nodes"
# All cases by the model, on a slow machine.
MODELS_WITHIN_MS = 240_000
PATIENTS = (("A", 7), ("A", 8), ("B", 3), ("B", 5))
TRUTH = (True, False, True, False)
# Per reader and session, a rating for each patient.
RATINGS = {
    ("reader1", 1): (4, 2, 3, 3),
    ("reader2", 1): (5, 4, 2, 1),
    ("reader1", 2): (5, 2, 4, 3),
    ("reader2", 2): (5, 3, 4, 1),
}


@pytest.fixture
def study(tmp_path: Path, transactional_db: None) -> ReaderStudy:
    """Two centers' DICOM taken in by the command, people enrolled, truth entered; nothing frozen yet."""
    now = timezone.now()
    call_command("create_study", SLUG, "--title", "Lateral pelvic nodes", stdout=StringIO())
    study = ReaderStudy.objects.get(slug=SLUG)
    roles = {
        "reader1": Role.READER,
        "reader2": Role.READER,
        "coordinator": Role.COORDINATOR,
        "statistician": Role.STATISTICIAN,
    }
    for minute, (username, role) in enumerate(roles.items()):
        user = User.objects.create_user(username, password=PASSWORD, display_name=username.title())
        member_enroll(study=study, user=user, role=role, by=None, now=now + timedelta(seconds=minute))
    for code in ("A", "B"):
        call_command("create_center", code, "--name", f"Center {code}", stdout=StringIO())
    for (code, seed), positive in zip(PATIENTS, TRUTH, strict=True):
        phantom = cut_phantom(tmp_path / f"{code}{seed}", seed=seed, center=code)
        out = StringIO()
        call_command(
            "import_cases", str(phantom.folder), "--study", SLUG, "--center", code, "--json", stdout=out
        )
        report = json.loads(out.getvalue())
        assert report["refused"] == []
        case = Case.objects.get(number=report["accepted"][0]["case"])
        add_index_mask(case, phantom.node_mask, at=now)
        study_case = StudyCase.objects.get(study=study, case=case)
        truth_enter(study_case=study_case, is_positive=positive, source="pathology", by=None, now=now)
    models_register(by=None, now=now)
    return study


def findings_for(username: str, session: int, page: Page, *, drawn: bool) -> Findings:
    """The answers planned for the case that is on the screen, whose number only the test can look up."""
    read_id = page.url.rsplit("/", 1)[1]
    number = Read.objects.get(pk=read_id).assignment.study_case.case.number
    numbers = sorted(StudyCase.objects.values_list("case__number", flat=True))
    rating = RATINGS[(username, session)][numbers.index(number)]
    met = max(0, rating - 2)
    return Findings(
        location="Left obturator",
        short_axis_mm=6.5 if met > 0 else 4.0,
        heterogeneous=met > 1,
        margin=met > 2,
        rating=rating,
        drawn=drawn,
    )


def read_session(page: Page, username: str, session: int, *, sees_model: bool) -> None:
    """Read every case of a session; the first is measured on the image."""
    reading.open_next(page)
    for place in range(len(PATIENTS)):
        reading.wait_for_image(page)
        url = page.url
        if sees_model:
            check_model_is_shown(page)
        else:
            expect(page.get_by_label("Model output")).to_have_count(0)
        reading.answer(page, findings_for(username, session, page, drawn=place == 0))
        expect(page.locator("[data-save-state=saved]")).to_be_visible()
        reading.submit(page)
        page.wait_for_url(lambda address, before=url: address != before)


def check_model_is_shown(page: Page) -> None:
    read_id = page.url.rsplit("/", 1)[1]
    panel = page.get_by_label("Model output")
    expect(panel).to_have_attribute("data-aid", "available")
    case = Read.objects.get(pk=read_id).assignment.study_case.case
    prediction = Prediction.objects.get(case=case)
    expect(panel.locator("[data-aid-probability]")).to_have_text(f"{prediction.probability:.2f}")
    # Once opened it stays open from case to case.
    details = panel.get_by_role("button", name="Details")
    if details.get_attribute("aria-expanded") == "false":
        details.click()
    expect(panel).to_contain_text("ComBat: not applied")
    assert Disclosure.objects.get(read_id=read_id).shown["probability"] == prediction.probability


def ask_for_next(page: Page) -> tuple[int, dict[str, str]]:
    """The reader's own browser asks the server for the next case, whatever the page would offer."""
    answer = page.evaluate(
        """async (slug) => {
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const path = `/api/reader/studies/${slug}/next`;
            const response = await fetch(path, { method: "POST", headers: { "X-CSRFToken": token } });
            return [response.status, await response.json()];
        }""",
        SLUG,
    )
    return answer[0], answer[1]


def test_from_dicom_to_the_roc_table(
    study: ReaderStudy,
    server: str,
    sign_in: SignIn,
    screenshot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    desk = sign_in("coordinator", PASSWORD)
    desk.goto(f"{server}/desk/{SLUG}/cases")
    desk.get_by_role("button", name="Run model").click()
    expect(desk.get_by_text("Queued", exact=True)).to_have_count(len(PATIENTS))
    desk.get_by_role("link", name="Freeze protocol").click()
    desk.get_by_label("Your password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign and freeze the protocol").click()
    expect(desk.get_by_text("Reading", exact=True).first).to_be_visible()
    with running_worker(tmp_path / "worker.log"):
        for username in ("reader1", "reader2"):
            page = sign_in(username, PASSWORD)
            read_session(page, username, 1, sees_model=False)
            page.goto(f"{server}/read/{SLUG}")
            expect(page.get_by_text(re.compile("opens on", re.IGNORECASE)).first).to_be_visible()
            status, refusal = ask_for_next(page)
            assert (status, refusal["code"]) == (409, "washout_running")
            screenshot(page, f"story-{username}-waiting")
        desk.goto(f"{server}/desk/{SLUG}/cases")
        expect(desk.get_by_text("Done", exact=True)).to_have_count(len(PATIENTS), timeout=MODELS_WITHIN_MS)
        screenshot(desk, "story-cases")

    with time_machine.travel(timezone.now() + timedelta(days=27, hours=23), tick=True):
        early = sign_in("reader1", PASSWORD)
        assert ask_for_next(early)[0] == 409
    with time_machine.travel(timezone.now() + timedelta(days=28, hours=1), tick=True):
        for username in ("reader1", "reader2"):
            page = sign_in(username, PASSWORD)
            read_session(page, username, 2, sees_model=True)
        desk.goto(f"{server}/sign-in")
        fill_sign_in(desk, "coordinator", PASSWORD)
        statistician = sign_in("statistician", PASSWORD)
        lock_in_browser(desk, statistician, server)
        desk.reload()
        check_results(desk, screenshot)


def lock_in_browser(first: Page, second: Page, server: str) -> None:
    """The coordinator requests the lock, the statistician confirms it."""
    first.goto(f"{server}/desk/{SLUG}/results")
    first.get_by_role("button", name="Request the lock…").click()
    first.get_by_role("dialog").get_by_role("button", name="Request the lock", exact=True).click()
    expect(first.get_by_text("It waits for a second person")).to_be_visible()
    second.goto(f"{server}/desk/{SLUG}/results")
    second.get_by_role("button", name="Confirm and lock…").click()
    second.get_by_label("I understand that the lock is final.").check()
    second.get_by_label("Your password").fill(PASSWORD)
    second.get_by_role("dialog").get_by_role("button", name="Lock database").click()
    expect(second.get_by_role("table", name="Area under the ROC curve")).to_be_visible()


def check_results(desk: Page, screenshot: Callable[[Page, str], None]) -> None:
    """The page shows what scikit-learn and statsmodels give for the ratings that were entered."""
    areas = desk.get_by_role("table", name="Area under the ROC curve")
    expect(areas).to_be_visible()
    for place, reader in enumerate(("reader1", "reader2"), start=1):
        cells = areas.get_by_role("row", name=re.compile(f"^R{place}")).get_by_role("cell")
        for session, column in ((1, 0), (2, 2)):
            expected = roc_auc_score(TRUTH, RATINGS[(reader, session)])
            expect(cells.nth(column)).to_have_text(f"{expected:.3f}")
    scores = [prediction.score for prediction in Prediction.objects.order_by("case__number")]
    model = areas.get_by_role("row", name=re.compile("^lpln-radiomics")).get_by_role("cell")
    expect(model.first).to_have_text(f"{roc_auc_score(TRUTH, scores):.3f}")
    for session, arm in ((1, "Unaided"), (2, "Aided")):
        matrix = desk.get_by_role("figure").filter(has_text=re.compile(f"^{arm}"))
        between_readers = matrix.locator(".rr-kappa-value").first
        expect(between_readers).to_have_text(f"{kappa_of_calls(session):.3f}".replace("-", "−"))
    screenshot(desk, "story-results")


def kappa_of_calls(session: int) -> float:
    """Cohen's kappa of the two readers' positive calls, by statsmodels."""
    calls = [[rating >= 4 for rating in RATINGS[(reader, session)]] for reader in ("reader1", "reader2")]
    table = [[sum((a, b) == (i, j) for a, b in zip(*calls, strict=True)) for j in (0, 1)] for i in (0, 1)]
    return float(cohens_kappa(table).kappa)
