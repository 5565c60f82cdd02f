"""Server, browser, network, session and disks fail in the middle of a read: every stroke is found again.

The server is a process as an installation starts it, so that it can be killed; nothing here waits for a time to pass.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import global_settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from pytest_django.fixtures import Settings

from backend.accounts.models import User
from backend.audit.models import AuditEvent
from backend.predictions.release import read_open_next_with_aid
from backend.reads.models import Answer, Read, ReadStatus
from inference.phantom.node_box import NodeBox
from tests.factories.cases import person
from tests.factories.dicom import Original, write_examination
from tests.flows.servers import WebServer, running_server
from tests.flows.workers import wait_until

from . import painting, reading
from .conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS, SignIn, fill_sign_in
from .reading import Findings
from .studies import PASSWORD, READER, SLUG, study_in_reading
from .viewing import viewer

STRANGER = "stranger"
REMARK = "a remark that nobody should find again"
KEPT_SINCE = re.compile(r"^Offline – kept here since \d\d:\d\d$")
WRITES = "**/draft"
FULL_DISK = {
    "make": """
        CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER disk_is_full BEFORE UPDATE ON reads_read EXECUTE FUNCTION disk_is_full()
    """,
    "free": "DROP TRIGGER disk_is_full ON reads_read; DROP FUNCTION disk_is_full()",
}

Screenshot = Callable[[Page, str], None]


def make_study(folder: Path) -> None:
    write_examination(Original("PAT1", 1), folder)
    study_in_reading(folder, now=timezone.now())


@pytest.fixture
def web(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[WebServer]:
    """A server that can be killed, before a study of one case."""
    # The server's process knows no test settings: its people have passwords as everybody has.
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    make_study(tmp_path / "examination")
    person(STRANGER, password=PASSWORD)
    with running_server(tmp_path / "web.log") as server:
        yield server


@pytest.fixture
def node(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[tuple[WebServer, NodeBox]]:
    """The same before a study of one case that is painted on."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    folder = tmp_path / "examination"
    folder.mkdir()
    box = painting.study_of_a_node(folder)
    with running_server(tmp_path / "web.log") as server:
        yield server, box


class OwnBrowser:
    """A browser with a folder of its own: what it keeps outlives its end."""

    def __init__(self, chromium: Browser, folder: Path) -> None:
        self.kind = chromium.browser_type
        self.folder = folder
        self.context: BrowserContext | None = None

    def open(self, address: str) -> Page:
        self.context = self.kind.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            headless=True,
            args=ARGUMENTS,
            viewport={"width": 1366, "height": 768},
            locale="en-US",
            timezone_id="UTC",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        page = self.context.pages[0]
        page.goto(address)
        return page

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


@pytest.fixture
def browser(chromium: Browser, tmp_path: Path) -> Iterator[OwnBrowser]:
    one = OwnBrowser(chromium, tmp_path / "browser")
    yield one
    one.close()


@pytest.fixture
def pictures(screenshot: Screenshot) -> Screenshot:
    """Pictures at the smallest size that the reading room is made for, and at a common larger one."""

    def take(page: Page, name: str) -> None:
        screenshot(page, f"{name}-1366")
        page.set_viewport_size({"width": 1920, "height": 1080})
        screenshot(page, f"{name}-1920")
        page.set_viewport_size({"width": 1366, "height": 768})

    return take


@pytest.fixture
def page(web: WebServer, context: Callable[[], BrowserContext]) -> Page:
    """The case, opened by its reader."""
    return open_case(context().new_page(), web.url)


def open_case(page: Page, server: str) -> Page:
    page.goto(f"{server}/sign-in")
    fill_sign_in(page, READER, PASSWORD)
    # The last thing that the page asks for by itself: whose session is gone by then is sent to sign in.
    with page.expect_response("**/upcoming"):
        reading.open_next(page)
    return page


def state(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-save-state={kind}]")


def expect_saved(page: Page) -> None:
    expect(state(page, "saved")).to_have_text("Saved")


def rating(page: Page, value: int) -> Locator:
    return page.locator(f"input[name=rating][value='{value}']")


def rate(page: Page, value: int) -> None:
    rating(page, value).check(force=True)


def kept_in(page: Page) -> str:
    """Everything that this browser keeps for the site."""
    return str(
        page.evaluate(
            """async () => {
                const open = indexedDB.open('reading-room');
                await new Promise((done) => { open.onsuccess = done; });
                const stores = [...open.result.objectStoreNames];
                const found = await Promise.all(stores.map((name) => new Promise((done) => {
                    const all = open.result.transaction(name).objectStore(name).getAll();
                    all.onsuccess = () => done(all.result);
                })));
                open.result.close();
                return JSON.stringify([found, {...localStorage}, {...sessionStorage}]);
            }"""
        )
    )


def test_a_server_killed_in_the_middle_of_a_save_leaves_no_half_of_it(
    web: WebServer, page: Page, pictures: Screenshot
) -> None:
    rate(page, 3)
    expect_saved(page)
    read = Read.objects.get()
    with transaction.atomic(), page.expect_request(WRITES):
        # The server's transaction has to wait for this one, and dies waiting.
        Read.objects.select_for_update().get(pk=read.pk)
        rate(page, 5)
        expect(state(page, "saving")).to_have_text("Saving…")
        web.kill()
    expect(state(page, "offline")).to_have_text(KEPT_SINCE)
    pictures(page, "nothing-lost-offline")
    after = Read.objects.get()
    assert (after.draft, after.draft_revision) == (read.draft, read.draft_revision)

    page.get_by_label("Comment").fill(REMARK)
    web.start()
    expect_saved(page)
    answers = Read.objects.get().draft["answers"]
    assert (answers["rating"], answers["comment"]) == (5, REMARK)
    assert REMARK not in kept_in(page)


@pytest.mark.parametrize("lost", ["server", "network"])
def test_what_was_entered_outlives_the_end_of_the_browser(
    web: WebServer, browser: OwnBrowser, lost: str
) -> None:
    page = open_case(browser.open(web.url), web.url)
    rate(page, 4)
    expect_saved(page)
    acknowledged = Read.objects.get()
    if lost == "server":
        web.kill()
    else:
        page.context.set_offline(True)
    reading.draw_bidirectional(page)
    page.get_by_label("Comment").fill(REMARK)
    expect(state(page, "offline")).to_have_text(KEPT_SINCE)
    measured = page.get_by_label("Short axis", exact=True).input_value()
    drawn = page.get_by_role("list", name="Drawn measurements").inner_text()
    wait_until(lambda: REMARK in kept_in(page), within_s=30, what="the comment is kept here")
    url = page.url
    browser.close()
    assert Read.objects.get().draft == acknowledged.draft

    if lost == "server":
        web.start()
    page = browser.open(url)
    reading.wait_for_image(page)
    expect(rating(page, 4)).to_be_checked()
    expect(page.get_by_label("Comment")).to_have_value(REMARK)
    expect(page.get_by_label("Short axis", exact=True)).to_have_value(measured)
    assert page.get_by_role("list", name="Drawn measurements").inner_text() == drawn
    expect_saved(page)
    draft = Read.objects.get().draft
    assert (draft["answers"]["rating"], draft["answers"]["comment"]) == (4, REMARK)
    assert len(draft["measurements"]) == 1


def take_the_brush(page: Page, server: str, box: NodeBox) -> painting.Case:
    page.goto(f"{server}/sign-in")
    fill_sign_in(page, READER, PASSWORD)
    case = painting.opened(page, box)
    viewer(page).focus()
    page.keyboard.press("7")
    expect(viewer(page)).to_have_attribute("data-tool", "brush")
    return case


def hold_a_stroke(case: painting.Case) -> None:
    """Begin one, with the button still down."""
    case.page.mouse.move(*case.at(12, 46))
    case.page.mouse.down()
    case.page.mouse.move(*case.at(16, 46))


def strokes_in(case: painting.Case) -> list[int]:
    """How many strokes the server has of each segment."""
    return [
        sum(step["parameters"].get("strokes", 1) for step in segment["origin"]) for segment in case.segments()
    ]


def test_strokes_that_follow_each_other_outlive_the_end_of_the_browser(
    node: tuple[WebServer, NodeBox], browser: OwnBrowser
) -> None:
    web, box = node
    case = take_the_brush(browser.open(web.url), web.url, box)
    page, url = case.page, case.page.url
    web.kill()
    for column in (20, 24, 28, 32):
        case.click(column, 20)
    # The next stroke has begun: those before it are kept all the same.
    hold_a_stroke(case)
    wait_until(lambda: '"strokes":4' in kept_in(page), within_s=30, what="four strokes are kept here")
    browser.close()

    web.start()
    again = painting.Case(browser.open(url), box.grid, box)
    reading.wait_for_image(again.page)
    expect(again.page.locator("[data-segment]")).to_have_count(1)
    labels = again.wait_for(lambda kept: bool(kept.any()), "the strokes lie on the server").any(axis=0)
    assert all(labels[20, column] for column in (20, 24, 28, 32))
    assert not labels[46].any()
    assert strokes_in(again) == [4]


def test_a_stroke_is_not_called_saved_before_it_is_and_comes_though_the_page_is_left(
    node: tuple[WebServer, NodeBox], context: Callable[[], BrowserContext]
) -> None:
    web, box = node
    case = take_the_brush(context().new_page(), web.url, box)
    page = case.page
    case.click(20, 20)
    expect_saved(page)
    waiting: list[Route] = []
    is_held = True
    page.route(WRITES, lambda route: waiting.append(route) if is_held else route.continue_())
    case.click(24, 20)
    assert page.locator("[data-save-state]").get_attribute("data-save-state") in {"unsaved", "saving"}
    hold_a_stroke(case)
    is_held = False
    for route in waiting:
        route.continue_()
    page.unroute(WRITES)
    page.go_back()
    expect(page.locator("[data-read-state]")).to_have_count(0)
    wait_until(lambda: strokes_in(case) == [2], within_s=30, what="both strokes lie on the server")
    assert not case.labels()[:, 46].any()


def test_a_save_whose_answer_is_lost_with_browser_and_server_is_known_again(
    web: WebServer, browser: OwnBrowser
) -> None:
    page = open_case(browser.open(web.url), web.url)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        web.kill()
        route.abort()

    page.route(WRITES, lose_the_answer, times=1)
    rate(page, 4)
    expect(state(page, "offline")).to_have_text(KEPT_SINCE)
    page.get_by_label("Comment").fill(REMARK)
    wait_until(lambda: REMARK in kept_in(page), within_s=30, what="the comment is kept here")
    url = page.url
    browser.close()
    saved = Read.objects.get()
    assert saved.draft["answers"] == {"rating": 4}

    web.start()
    page = browser.open(url)
    reading.wait_for_image(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect_saved(page)
    answers = Read.objects.get().draft["answers"]
    assert (answers["rating"], answers["comment"]) == (4, REMARK)


def test_a_session_that_ends_in_the_middle_of_a_read_costs_a_sign_in_and_no_more(page: Page) -> None:
    rate(page, 3)
    expect_saved(page)
    url = page.url
    Session.objects.all().delete()
    page.get_by_label("Comment").fill(REMARK)
    page.wait_for_url("**/sign-in?next=*")
    fill_sign_in(page, READER, PASSWORD)
    assert page.url == url
    reading.wait_for_image(page)
    expect(page.get_by_label("Comment")).to_have_value(REMARK)
    expect_saved(page)
    answers = Read.objects.get().draft["answers"]
    assert (answers["rating"], answers["comment"]) == (3, REMARK)


def test_somebody_else_who_signs_in_here_is_shown_nothing_and_takes_nothing_away(page: Page) -> None:
    url = page.url
    Session.objects.all().delete()
    page.get_by_label("Comment").fill(REMARK)
    page.wait_for_url("**/sign-in?next=*")
    fill_sign_in(page, STRANGER, PASSWORD)
    expect(page.locator("[data-read-state=lost]")).to_be_visible()
    assert REMARK not in page.content()
    expect(page.locator("input, textarea")).to_have_count(0)
    assert Read.objects.get().draft_revision == 0

    page.context.clear_cookies()
    page.goto(url)
    page.wait_for_url("**/sign-in?next=*")
    fill_sign_in(page, READER, PASSWORD)
    reading.wait_for_image(page)
    expect(page.get_by_label("Comment")).to_have_value(REMARK)
    expect_saved(page)
    assert Read.objects.get().draft["answers"] == {"comment": REMARK}


def test_a_case_on_the_screen_goes_when_somebody_else_signs_in_beside_it(web: WebServer, page: Page) -> None:
    page.get_by_label("Comment").fill(REMARK)
    expect_saved(page)
    page.context.clear_cookies()
    beside = page.context.new_page()
    beside.goto(f"{web.url}/sign-in")
    fill_sign_in(beside, STRANGER, PASSWORD)
    rate(page, 2)
    expect(page.locator("[data-read-state=lost]")).to_be_visible()
    assert REMARK not in page.content()
    assert Read.objects.get().draft["answers"] == {"comment": REMARK}


def test_a_second_tab_only_shows_the_case_until_it_goes_on_with_it(page: Page, pictures: Screenshot) -> None:
    page.route(WRITES, lambda route: route.abort())
    rate(page, 4)
    expect(state(page, "offline")).to_have_text(KEPT_SINCE)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("alert")).to_contain_text("open in another tab or window of this browser")
    expect(state(other, "watching")).to_have_text("Open in another tab")
    expect(rating(other, 1)).to_be_disabled()
    expect(other.get_by_role("button", name="Submit", exact=True)).to_be_disabled()
    pictures(other, "nothing-lost-second-tab")

    other.get_by_role("button", name="Continue here").click()
    expect(rating(other, 4)).to_be_checked()
    expect_saved(other)
    expect(page.get_by_role("alert")).to_contain_text("You went on with this case in another tab or window")
    expect(rating(page, 1)).to_be_disabled()
    pictures(page, "nothing-lost-taken")
    rate(other, 2)
    expect_saved(other)

    page.unroute(WRITES)
    page.get_by_role("button", name="Continue here").click()
    expect(rating(page, 2)).to_be_checked()
    rate(page, 5)
    expect_saved(page)
    expect(other.get_by_role("alert")).to_contain_text("You went on with this case in another tab or window")
    assert Read.objects.get().draft["answers"] == {"rating": 5}


def test_the_next_tab_goes_on_when_the_one_before_is_closed(page: Page) -> None:
    rate(page, 4)
    expect_saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(rating(other, 4)).to_be_disabled()
    page.close()
    expect(rating(other, 4)).to_be_enabled()
    expect(other.get_by_role("alert")).to_have_count(0)
    rate(other, 3)
    expect_saved(other)
    assert Read.objects.get().draft["answers"] == {"rating": 3}


def test_a_tab_that_could_save_nowhere_keeps_the_case(page: Page, web: WebServer) -> None:
    fill_storage(page, web.url)
    page.route(WRITES, lambda route: route.abort())
    rate(page, 4)
    expect(state(page, "offline")).to_have_text("Offline – this browser's storage is full")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Continue here").click()
    expect(other.get_by_role("alert")).to_contain_text(
        "could be saved neither on the server nor in this browser"
    )
    page.unroute(WRITES)
    rate(page, 5)
    expect_saved(page)
    other.get_by_role("button", name="Continue here").click()
    expect(rating(other, 5)).to_be_checked()
    expect(rating(other, 5)).to_be_enabled()


def test_a_full_storage_of_the_browser_is_told_and_the_server_still_saves(
    page: Page, web: WebServer, pictures: Screenshot
) -> None:
    fill_storage(page, web.url)
    rate(page, 3)
    expect_saved(page)
    page.context.set_offline(True)
    page.get_by_label("Comment").fill(REMARK)
    expect(state(page, "offline")).to_have_text("Offline – this browser's storage is full")
    expect(page.get_by_role("alert")).to_contain_text("Please keep it open")
    # Told where the reader is looking, though the form is scrolled to its end.
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    pictures(page, "nothing-lost-storage-full")
    page.context.set_offline(False)
    expect_saved(page)
    assert Read.objects.get().draft["answers"] == {"rating": 3, "comment": REMARK}


def fill_storage(page: Page, server: str) -> None:
    """Leave the site no room in this browser, for as long as the page is open."""
    devices = page.context.new_cdp_session(page)
    devices.send("Storage.overrideQuotaForOrigin", {"origin": server, "quotaSize": 1})


def test_a_submission_whose_answer_is_lost_with_the_server_is_submitted_once(
    web: WebServer, page: Page
) -> None:
    reading.answer(page, Findings("Left obturator", 6.5, heterogeneous=True, margin=False, rating=4))
    page.get_by_label("Comment").fill(REMARK)
    expect_saved(page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        web.kill()
        route.abort()

    page.route("**/submit", lose_the_answer, times=1)
    # Nothing else may tell the page that the read is locked.
    page.route(WRITES, lambda route: route.abort())
    reading.submit(page)
    expect(page.get_by_text("Not submitted: the server cannot be reached.")).to_be_visible()
    submitted = Read.objects.get()
    assert submitted.status == ReadStatus.SUBMITTED

    web.start()
    reading.submit(page)
    page.wait_for_url(f"**/read/{SLUG}")
    assert Read.objects.get().submitted_at == submitted.submitted_at
    assert Answer.objects.get(read=submitted, question="comment").value == REMARK
    assert AuditEvent.objects.filter(event="read_submitted").count() == 1
    assert REMARK not in kept_in(page)


def test_a_draft_that_an_earlier_version_kept_is_taken_over(
    web: WebServer, context: Callable[[], BrowserContext]
) -> None:
    page = context().new_page()
    page.goto(f"{web.url}/sign-in")
    fill_sign_in(page, READER, PASSWORD)
    reader = User.objects.get(username=READER)
    read = read_open_next_with_aid(slug=SLUG, by=reader, now=timezone.now())
    page.evaluate(
        """([read, comment]) => {
            const content = { answers: { comment }, measurements: [] };
            const draft = { content, baseRevision: 0, keptAt: Date.now() };
            localStorage.setItem(`reading-room:draft:${read}`, JSON.stringify(draft));
        }""",
        [str(read.pk), REMARK],
    )
    page.goto(f"{web.url}/read/{SLUG}/case/{read.pk}")
    expect(page.get_by_label("Comment")).to_have_value(REMARK)
    expect_saved(page)
    assert Read.objects.get().draft["answers"] == {"comment": REMARK}
    assert REMARK not in kept_in(page)


def test_a_full_disk_of_the_server_is_told_and_survived(
    tmp_path: Path, sign_in: SignIn, pictures: Screenshot
) -> None:
    make_study(tmp_path / "examination")
    page = sign_in(READER, PASSWORD)
    reading.open_next(page)
    rate(page, 3)
    expect_saved(page)
    before, events = Read.objects.get(), AuditEvent.objects.count()
    # Letters that take more than a page of the database, so that it has to grow.
    remark = "é" * 2_000
    with full_disk():
        with page.expect_response(WRITES) as answered:
            page.get_by_label("Comment").fill(remark)
        expect(state(page, "offline")).to_have_text(
            re.compile(r"^The server's disk is full – kept here since \d\d:\d\d$")
        )
        expect(page.get_by_role("alert")).to_contain_text("please tell your coordinator")
        pictures(page, "nothing-lost-disk-full")
        after = Read.objects.get()
        assert (after.draft, after.draft_revision) == (before.draft, before.draft_revision)
        assert AuditEvent.objects.count() == events
    assert answered.value.status == 507
    assert answered.value.json() == {
        "code": "disk_full",
        "text": "The server's disk is full. Nothing of this was stored.",
    }
    expect_saved(page)
    assert Read.objects.get().draft["answers"] == {"rating": 3, "comment": remark}


@contextmanager
def full_disk() -> Iterator[None]:
    """No write finds room: SQLite may not grow, PostgreSQL says what it says when it cannot."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Pages that earlier tests left free would be room.
            cursor.execute("VACUUM")
        connection_created.connect(_may_not_grow)
        try:
            yield
        finally:
            connection_created.disconnect(_may_not_grow)
        return
    with connection.cursor() as cursor:
        cursor.execute(FULL_DISK["make"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(FULL_DISK["free"])


def _may_not_grow(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
