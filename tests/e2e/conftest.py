"""A real server, a real Chromium. The server runs in this process, so that a test can move its clock."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

# Playwright's synchronous calls run in a loop of their own; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
# A slow shared machine decodes and paints slowly; nothing waits this long when all is well.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

SignIn = Callable[..., Page]


def _as_it_is(application: WSGIHandler) -> WSGIHandler:
    """Static files come from the product's own middleware, with its headers, and not from a test server's."""
    return application


class RequestsUnderWay:
    """Counts them, so that none writes into the database of the next test."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def __enter__(self) -> Self:
        request_started.connect(self._started)
        request_finished.connect(self._finished)
        return self

    def __exit__(self, *error: object) -> None:
        request_started.disconnect(self._started)
        request_finished.disconnect(self._finished)

    def wait_for_none(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, PATIENCE_MS / 1000), "a request did not end"

    def _started(self, **signal: object) -> None:
        with self.changed:
            self.count += 1

    def _finished(self, **signal: object) -> None:
        with self.changed:
            self.count -= 1
            self.changed.notify_all()


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of the product, on the test's database and data folder."""
    assert (settings.FRONTEND_DIST / ".vite" / "manifest.json").is_file(), (
        "build the front end first: make test"
    )
    thread = LiveServerThread("127.0.0.1", static_handler=_as_it_is, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    with RequestsUnderWay() as requests:
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()
        requests.wait_for_none()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def without_webgl(chromium: Browser) -> Iterator[Browser]:
    """A browser in which no page gets WebGL."""
    others = [one for one in ARGUMENTS if "gl" not in one and "swiftshader" not in one]
    flags = ["--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, headless=True, args=[*others, *flags])
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def problems() -> list[str]:
    """What a page complained of: errors, failed policies. A test that ends with any has failed."""
    return []


@pytest.fixture
def context(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        one = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="en-US", timezone_id="UTC")
        one.set_default_timeout(PATIENCE_MS)
        made.append(one)
        return one

    yield make
    for one in made:
        # What the page fetches ahead may be under way still; nobody waits for it.
        for page in one.pages:
            page.unroute_all(behavior="ignoreErrors")
        one.close()


@pytest.fixture
def sign_in(server: str, context: Callable[[], BrowserContext], problems: list[str]) -> Iterator[SignIn]:
    """A page of a signed-in person, each in a browser of their own; it fails the test on any complaint."""

    def enter(username: str, password: str) -> Page:
        page = context().new_page()
        page.on("console", lambda message: _note(message, problems))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{server}/sign-in")
        fill_sign_in(page, username, password)
        return page

    yield enter
    assert problems == []


def fill_sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _note(message: ConsoleMessage, problems: list[str]) -> None:
    # An answer of 401 or 409 that the page expects is told by the browser as an error of the network.
    if message.type == "error" and "Failed to load resource" not in message.text:
        problems.append(message.text)


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keep a picture of the page where SCREENSHOTS names a folder; a person looks at them."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return take
