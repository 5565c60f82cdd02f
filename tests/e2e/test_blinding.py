"""What a reader's browser holds while reading: every answer of the server, its stores, the page. No secret is in it."""

import base64
import gzip
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from backend.reads.models import Read, ReadStatus
from backend.studies.blinding import Kind
from tests.api.canaries import GZIP, Canary, canaries_of, is_allowed
from tests.factories.studies import StudyStory, aid_numbers, design, freeze

from . import reading
from .conftest import SignIn
from .reading import Findings
from .studies import PASSWORD
from .viewing import show_series, viewer

READER = "reader1"
HIDDEN = {
    Kind.AI_OUTPUT,
    Kind.TRUTH,
    Kind.CASE_NUMBER,
    Kind.CASE_IDENTITY,
    Kind.OTHER_RATING,
    Kind.STUDY_PROGRESS,
}
FINDINGS = Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)
# All that a script of this origin can read, caches and databases included.
STORES = """async () => {
    const held = { local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie };
    held.history = JSON.stringify(history.state);
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            held[request.url] = await (await cache.match(request)).text();
        }
    }
    const ask = (request) => new Promise((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
        const database = await ask(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            held[`${name}/${store}`] = await ask(database.transaction(store).objectStore(store).getAll());
        }
        database.close();
    }
    return JSON.stringify(held);
}"""
FIELDS = "() => Array.from(document.querySelectorAll('input, textarea'), (field) => field.value).join(' ')"


@dataclass
class Seen:
    """Every text that the browser was given, by the place it stood at."""

    answers: dict[str, bytes] = field(default_factory=dict)
    pages: list[bytes] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.route("**/*", self._pass_on)

    def look(self, page: Page) -> None:
        """Keep what the page and its stores hold now."""
        held = (page.content(), page.title(), page.url, page.evaluate(FIELDS), page.evaluate(STORES))
        self.pages.append("\n".join(held).encode())

    def _pass_on(self, route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        head = f"{answer.url}\n{answer.headers}\n".encode()
        body = answer.body()
        if body.startswith(GZIP):
            # Voxels are packed: looked at as they were, and as another answer would write them.
            body += gzip.decompress(body) + base64.b64encode(body)
        self.answers[f"{len(self.answers)} {route.request.method} {answer.url}"] = head + body
        route.fulfill(response=answer)

    def places_of(self, text: str) -> list[str]:
        sought = text.encode()
        places = [name for name, body in self.answers.items() if sought in body]
        return places + [f"page {number}" for number, page in enumerate(self.pages) if sought in page]


@pytest.fixture
def story(transactional_db: None) -> StudyStory:
    """A study whose every secret is a text found nowhere else; the second reader is ahead of the first."""
    story = freeze(design("ALFA", cases=2, with_images=True))
    story.people[READER].set_password(PASSWORD)
    story.people[READER].save()
    story.read_cases("reader2", 2)
    return story


def hidden_now(story: StudyStory) -> list[Canary]:
    reader = story.people[READER]
    hidden = [canary for canary in canaries_of(story) if not is_allowed(canary, reader)]
    assert {canary.kind for canary in hidden} >= HIDDEN
    return hidden


def assert_unseen(seen: Seen, hidden: list[Canary]) -> None:
    found = {canary.text: places for canary in hidden if (places := seen.places_of(canary.text))}
    assert found == {}


def read_case(page: Page, seen: Seen) -> None:
    """Read as a reader does, over every series and slice, and look into the browser before it is submitted."""
    reading.wait_for_image(page)
    for title in page.get_by_role("tab").all_inner_texts():
        show_series(page, title)
        expect(viewer(page)).to_have_attribute("data-loaded", re.compile(r"^(\d+)/\1$"))
    reading.answer(page, FINDINGS)
    expect(page.locator("[data-save-state=saved]")).to_have_text("Saved")
    seen.look(page)


def test_an_unaided_session_brings_no_secret_into_the_browser(story: StudyStory, sign_in: SignIn) -> None:
    seen = Seen()
    page = sign_in(f"{READER}-alfa-user", PASSWORD)
    seen.watch(page)
    page.reload()
    expect(page.get_by_role("button", name="Read next case")).to_be_visible()
    seen.look(page)
    reading.open_next(page)
    for _ in story.cases:
        read_case(page, seen)
        expect(page.get_by_label("Model output")).to_have_count(0)
        assert_unseen(seen, hidden_now(story))
        url = page.url
        reading.submit(page)
        page.wait_for_url(lambda address, before=url: address != before)
    expect(page.get_by_text(re.compile("opens on")).first).to_be_visible()
    seen.look(page)
    assert_unseen(seen, hidden_now(story))
    assert Read.objects.filter(reader=story.people[READER], status=ReadStatus.SUBMITTED).count() == 2
    # What was looked for is in places where it may be: the answers went out, and images and pages came in.
    assert len([name for name in seen.answers if "/frames/" in name]) >= 2 * (6 + 3)
    assert seen.places_of(story.study.title)
    assert not [name for name in seen.answers if "/aid" in name]


def test_in_an_aided_session_the_probability_comes_from_its_one_address(
    story: StudyStory, sign_in: SignIn
) -> None:
    story.read_cases(READER, 2)
    story.clock.pass_washout()
    seen = Seen()
    page = sign_in(f"{READER}-alfa-user", PASSWORD)
    seen.watch(page)
    page.reload()
    expect(page.get_by_role("button", name="Read next case")).to_be_visible()
    seen.look(page)
    reading.open_next(page)
    expect(page.get_by_label("Model output")).to_have_attribute("data-aid", "available")
    read_case(page, seen)
    case = Read.objects.get(reader=story.people[READER], status=ReadStatus.DRAFT).assignment.study_case.case
    _, probability = aid_numbers(story.name, story.cases.index(case))
    [place] = seen.places_of(repr(probability))
    assert place.endswith("/aid")
    voxels = f"AID{story.name}{story.cases.index(case)}"
    assert [name for name in seen.places_of(voxels) if name.endswith("/aid/overlays/influence")]
    shown = page.get_by_label("Model output").locator("[data-aid-probability]")
    expect(shown).to_have_text(f"{probability:.2f}")
    assert_unseen(seen, hidden_now(story))
