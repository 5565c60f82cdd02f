"""A page that reads one case after the other holds the open one and the next, and nothing of those before."""

import json
import re

import pytest
from playwright.sync_api import Page

from tests.factories.flow import PASSWORD, flow_story

from . import reading
from .conftest import SignIn
from .test_next_case import came_ahead, read_id

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

CASES = 9
EARLY = 3
FINDINGS = reading.Findings("Left obturator", 6.5, True, False, 4)
IMAGE = re.compile(r"^wadors:.*/reads/([0-9a-f-]{36})/series/\d+/frames/\d+$")
# What is made for every case and must go with it, by the name of what made it.
COUNTED = (
    "HTMLCanvasElement",
    "WebGL2RenderingContext",
    "Worker",
    "IDBDatabase",
    "BroadcastChannel",
    "ResizeObserver",
)


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    story = flow_story(cases=CASES, with_images=True)
    page = sign_in(story.people["reader1"].username, PASSWORD)
    page.wait_for_url(f"**/read/{story.slug}")
    return page


def held(page: Page) -> tuple[dict[str, int], set[str]]:
    """How many of each counted thing the page holds, and the reads whose images it knows, after its garbage went."""
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda chunk: parts.append(chunk["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    counts = {name: _count(session, name) for name in COUNTED}
    session.detach()
    strings = json.loads("".join(parts))["strings"]
    return counts, {match[1] for text in strings if (match := IMAGE.match(text))}


def _count(session: object, name: str) -> int:
    send = session.send  # type: ignore[attr-defined]
    made = send("Runtime.evaluate", {"expression": f"{name}.prototype"})["result"]["objectId"]
    found = send("Runtime.queryObjects", {"prototypeObjectId": made})["objects"]["objectId"]
    length = {
        "objectId": found,
        "functionDeclaration": "function () { return this.length; }",
        "returnByValue": True,
    }
    count = int(send("Runtime.callFunctionOn", length)["result"]["value"])
    send("Runtime.releaseObject", {"objectId": found})
    return count


def test_nothing_of_the_cases_before_is_held(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/upcoming")) as told:
        reading.open_next(page)
    early: dict[str, int] = {}
    for number in range(1, CASES):
        ahead = told.value.json()
        came_ahead(page, ahead)
        if number in (EARLY, CASES - 1):
            counts, reads = held(page)
            assert reads == {read_id(page), ahead["read_id"]}, f"case {number}"
            early = early or counts
            assert counts == early, f"case {number}"
        if number < CASES - 1:
            reading.answer(page, FINDINGS)
            with page.expect_response(lambda answer: answer.url.endswith("/upcoming")) as told:
                reading.submit(page)
                page.wait_for_url(f"**/case/{ahead['read_id']}")
                reading.wait_for_image(page)
