"""Each of the four templates in the browser: designed, frozen, read to the end, settled, locked by two, reported."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.adjudication.models import AdjudicationItem
from backend.cases.models import Case
from backend.cases.services import import_paths
from backend.reads.models import MaskContour, Read
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.services import case_add, member_enroll, study_create
from backend.truth.services import truth_enter
from tests.factories.cases import center, person
from tests.factories.model import model_output, model_registered, predicted
from tests.factories.phantoms import cut_phantom

from . import desk, reading
from .conftest import SignIn
from .studies import PASSWORD
from .viewing import take_tool

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PATIENTS = (("A", 7), ("B", 3))
# The first case is positive, the second one negative.
TRUTH = (True, False)
READERS = ("reader1", "reader2", "reader3")

# By the key of the question: yes or no, an option's words, a number to type, a point of a scale.
Answers = Mapping[str, "bool | str | float | Point"]
# Makes a reader's answers to a case by its rank among the study's cases.
Answering = Callable[[int], Answers]
Screenshot = Callable[[Page, str], None]


@dataclass(frozen=True)
class Point:
    """A point of an ordinal scale."""

    value: int


@dataclass
class House:
    """The signed-in coordinator of an archive with two cases, and the way to a page of everybody else."""

    server: str
    sign_in: SignIn
    coordinator: Page
    cases: list[Case]

    def page_of(self, username: str) -> Page:
        return self.sign_in(username, PASSWORD)

    def goto(self, page: Page, slug: str, place: str) -> None:
        page.goto(f"{self.server}/desk/{slug}/{place}")

    def freeze_study(
        self,
        template: str,
        title: str,
        *,
        readers: Sequence[str],
        adjudicator: str = "",
        with_truth: bool = False,
        **options: int,
    ) -> ReaderStudy:
        """From the template to a frozen study of both cases."""
        page = self.coordinator
        page.goto(f"{self.server}/")
        slug = desk.create(page, template, title, **options)
        desk.add_all_cases(page, len(self.cases))
        self.goto(page, slug, "people")
        for username in readers:
            desk.enroll(page, username)
        if adjudicator:
            desk.enroll(page, adjudicator, "Adjudicator")
        desk.enroll(page, "statistician", "Statistician")
        study = ReaderStudy.objects.get(slug=slug)
        if with_truth:
            self._enter_truth(study)
        self.goto(page, slug, "freeze")
        desk.freeze(page, PASSWORD)
        return ReaderStudy.objects.get(slug=slug)

    def _enter_truth(self, study: ReaderStudy) -> None:
        for case, is_positive in zip(self.cases, TRUTH, strict=True):
            study_case = StudyCase.objects.get(study=study, case=case)
            truth_enter(
                study_case=study_case, is_positive=is_positive, source="test", by=None, now=timezone.now()
            )

    def rank_on(self, page: Page) -> int:
        """Which of the cases is on the screen; only the test can look that up."""
        read = Read.objects.get(pk=page.url.rsplit("/", 1)[1])
        return self.cases.index(read.assignment.study_case.case)

    def read_session(
        self,
        study: ReaderStudy,
        username: str,
        answering: Answering,
        *,
        cases: int = len(PATIENTS),
        before_answer: Callable[[Page], None] | None = None,
        before_submit: Callable[[Page], None] | None = None,
    ) -> Page:
        """Read the cases of a session one after the other; gives the page at the worklist."""
        page = self.page_of(username)
        page.goto(f"{self.server}/read/{study.slug}")
        reading.open_next(page)
        for _ in range(cases):
            reading.wait_for_image(page)
            url = page.url
            if before_answer:
                before_answer(page)
            answer(page, answering(self.rank_on(page)))
            if before_submit:
                before_submit(page)
            reading.submit(page)
            page.wait_for_url(lambda address, before=url: address != before)
        return page

    def lock_by_two(self, study: ReaderStudy) -> Page:
        """The coordinator asks, the statistician confirms; gives the statistician's page with the results."""
        first, second = self.page_of("coordinator"), self.page_of("statistician")
        self.goto(first, study.slug, "results")
        desk.request_lock(first)
        self.goto(second, study.slug, "results")
        desk.confirm_lock(second, PASSWORD)
        return second


@pytest.fixture
def house(server: str, sign_in: SignIn, tmp_path: Path) -> House:
    now = timezone.now()
    coordinator = person("coordinator", password=PASSWORD)
    coordinator.user_permissions.add(
        Permission.objects.get(content_type__app_label="studies", codename="add_readerstudy")
    )
    for username in (*READERS, "adjudicator", "statistician"):
        person(username, password=PASSWORD)
    archive = study_create(slug="archive", title="Archive", template="blank", by=coordinator, now=now)
    member_enroll(study=archive, user=coordinator, role=Role.COORDINATOR, by=coordinator, now=now)
    cases = [take_in(archive, tmp_path / code, code, seed, by=coordinator) for code, seed in PATIENTS]
    return House(server, sign_in, sign_in("coordinator", PASSWORD), cases)


def take_in(archive: ReaderStudy, folder: Path, code: str, seed: int, *, by: User) -> Case:
    now = timezone.now()
    phantom = cut_phantom(folder, seed=seed, center=code)
    cases: list[Case] = []
    report = import_paths(
        paths=[phantom.folder],
        center=center(code),
        by=by,
        now=now,
        each_case=lambda case, added: cases.append(case),
    )
    assert report.refused == []
    (case,) = cases
    case_add(study=archive, case=case, by=by, now=now)
    return case


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(days=days, hours=1), tick=True):
        yield


def answer(page: Page, answers: Answers) -> None:
    """Answer questions by their labels, each within its own part of the form, in the order given."""
    for key, value in answers.items():
        field = page.locator(f"[data-question={key}]")
        if isinstance(value, bool):
            field.get_by_role("radio", name=re.compile(f": {'yes' if value else 'no'}$")).check()
        elif isinstance(value, Point):
            field.get_by_role("radio", name=re.compile(f"^{value.value} ")).check()
        elif isinstance(value, str):
            field.get_by_role("radio", name=value, exact=True).check()
        else:
            field.get_by_role("textbox").fill(f"{value:g}")


def settle(house: House, study: ReaderStudy, answers: Answers, *, attendees: Sequence[str] = ()) -> None:
    """The adjudicator settles the one item there is."""
    page = house.page_of("adjudicator")
    page.goto(f"{house.server}/adjudicate/{study.slug}")
    page.get_by_role("button", name="Open the next case").click()
    reading.wait_for_image(page)
    answer(page, answers)
    for code in attendees:
        page.get_by_role("checkbox", name=code).check()
    page.get_by_label("Reason").fill("Seen on two slices.")
    page.get_by_role("button", name="Settle", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Settle", exact=True).click()
    page.wait_for_url(f"**/adjudicate/{study.slug}")
    assert [item.status for item in AdjudicationItem.objects.filter(study=study)] == ["SETTLED"]


def draw_outline(page: Page) -> None:
    """One closed stroke of the mouse around the middle of the image."""
    page.locator("[data-viewer]").focus()
    take_tool(page, "o", "outline")
    left, top, width, height = reading.image_rect(page)
    corners = [(0.45, 0.45), (0.55, 0.45), (0.55, 0.55), (0.45, 0.55), (0.45, 0.47)]
    places = [(left + across * width, top + down * height) for across, down in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    reading.painted(page)
    expect(page.locator("[data-contour]")).to_have_count(1)


def areas(page: Page, reader: str) -> Locator:
    """The cells of a reader's row: area and interval by arm."""
    table = page.get_by_role("table", name="Area under the ROC curve")
    return table.get_by_role("row", name=re.compile(f"^{reader}")).get_by_role("cell")


def expect_kappas(page: Page, question: str, *kappas: str) -> None:
    """The kappas of the pairs of readers, row by row, of the question that begins with these words."""
    choice = page.get_by_label("Question")
    option = choice.locator("option", has_text=re.compile(f"^{re.escape(question)}")).filter(
        has_not_text="weights"
    )
    expect(option).to_have_count(1)
    choice.select_option(label=option.inner_text())
    expect(page.locator(".rr-kappa-value")).to_have_text(list(kappas))


def test_lpln_radiomics(house: House, screenshot: Screenshot) -> None:
    now = timezone.now()
    model_registered(now=now)
    for case, score in zip(house.cases, (0.7, 0.1), strict=True):
        predicted(case, model_output(score, probability=score), by=None, now=now)
    readers = READERS[:2]
    study = house.freeze_study(
        "Lateral pelvic lymph node: is it metastatic?", "Nodes", readers=readers, with_truth=True
    )
    for username in readers:
        rated = (5, 1) if username == "reader1" else (2, 4)
        house.read_session(study, username, lambda rank, rated=rated: lpln(rated[rank]))
    with days_later(28):
        for username in readers:
            house.read_session(study, username, lambda rank: lpln((4, 2)[rank]), before_answer=expect_model)
        page = house.lock_by_two(study)
        expect(page.get_by_role("heading", name="ROC curves")).to_be_visible()
        # Alone the second reader is wrong about both cases; with the model both readers are right.
        for reader, aucs in (("R1", ("1.000", "1.000")), ("R2", ("0.000", "1.000"))):
            for column, auc in zip((0, 2), aucs, strict=True):
                expect(areas(page, reader).nth(column)).to_contain_text(auc)
        expect(areas(page, "lpln-radiomics").first).to_have_text("1.000")
        screenshot(page, "templates-lpln-results")


def lpln(rating: int) -> Answers:
    return {
        "side_region": "Left obturator",
        "short_axis_mm": 6.5,
        "criterion_heterogeneous": rating > 3,
        "criterion_margin": rating > 4,
        "rating": Point(rating),
    }


def expect_model(page: Page) -> None:
    expect(page.get_by_label("Model output")).to_have_attribute("data-aid", "available")


def test_lln_segmentation(house: House, screenshot: Screenshot) -> None:
    study = house.freeze_study(
        "Lateral lymph nodes: find, place and size them",
        "Regions",
        readers=READERS,
        adjudicator="adjudicator",
    )
    for username in READERS:
        # All find the large node of the first case; only the third reader finds that of the second one large.
        second = 7.5 if username == "reader3" else 6.0
        house.read_session(study, username, lambda rank, second=second: lln((9.0, second)[rank]))
    settle(house, study, {"left_short_axis_mm": 6.2}, attendees=["R1", "R2", "R3"])
    page = house.lock_by_two(study)
    expect(page.get_by_text("2 cases: 1 positive (positive node), 1 negative")).to_be_visible()
    for reader, auc in (("R1", "1.000"), ("R2", "1.000"), ("R3", "0.500")):
        expect(areas(page, reader).first).to_contain_text(auc)
    # The third reader calls both cases positive: half of the calls agree, as many as by chance.
    expect_kappas(page, "Called positive", "1.000", "0.000", "0.000")
    expect_kappas(page, "Region of the positive node", "1.000", "0.000", "0.000")
    expect_kappas(page, "Diameter class", "1.000", "0.000", "0.000")
    screenshot(page, "templates-lln-results")


def lln(left_short_axis_mm: float) -> Answers:
    return {
        "left_node": True,
        "left_region": "Left obturator",
        "left_short_axis_mm": left_short_axis_mm,
        "left_irregular_border": False,
        "left_heterogeneous_signal": False,
        "right_node": False,
    }


def test_cervix_dlrc(house: House, screenshot: Screenshot) -> None:
    readers = READERS[:2]
    study = house.freeze_study(
        "Cervical cancer: standardized assessment of pelvic nodes",
        "Cervix",
        readers=readers,
        adjudicator="adjudicator",
        with_truth=True,
        Cases_read_again=1,
    )
    for username in readers:
        is_wrong = username == "reader2"
        house.read_session(
            study, username, lambda rank, is_wrong=is_wrong: cervix(is_necrotic=rank == 0 or is_wrong)
        )
    settle(house, study, {"central_necrosis": False})
    with days_later(60):
        # Read again, every case is called what it is not: none of that may reach the primary analysis.
        for username in readers:
            house.read_session(study, username, lambda rank: cervix(is_necrotic=rank == 1), cases=1)
        page = house.lock_by_two(study)
        assert Read.objects.filter(study=study, status="SUBMITTED").count() == 6
        expect(page.get_by_text("2 cases: 1 positive (pelvic node metastasis), 1 negative")).to_be_visible()
        for reader, auc in (("R1", "1.000"), ("R2", "0.500")):
            expect(areas(page, reader).first).to_contain_text(auc)
        expect_kappas(page, "Called positive", "0.000")
        expect_kappas(page, "Central necrosis", "0.000")
        screenshot(page, "templates-cervix-results")


def cervix(*, is_necrotic: bool) -> Answers:
    return {
        "node_visible": True,
        "short_axis_mm": 6.0,
        "long_axis_mm": 9.0,
        "central_necrosis": is_necrotic,
    }


def test_larc_dm(house: House, screenshot: Screenshot) -> None:
    readers = READERS[:2]
    study = house.freeze_study("Rectal cancer: delineate the tumor", "Outlines", readers=readers)
    for place, username in enumerate(readers):
        house.read_session(
            study,
            username,
            lambda rank, place=place: larc(confidence=3 + rank + place),
            before_submit=draw_outline,
        )
    assert MaskContour.objects.count() == 4
    page = house.lock_by_two(study)
    expect(page.get_by_text("so there are no ROC curves")).to_be_visible()
    expect(page.get_by_role("heading", name="ROC curves")).to_have_count(0)
    # One reader's 3 and 4 beside the other's 4 and 5: none agrees, a quarter would by chance.
    expect_kappas(page, "Confidence in the outline", "−0.333")
    screenshot(page, "templates-larc-results")


def larc(*, confidence: int) -> Answers:
    return {"tumour_visible": True, "image_quality": Point(4), "confidence": Point(confidence)}
