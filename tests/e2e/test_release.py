"""The model's output in the browser's memory: nothing of it before it is released, and found at once after."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.flow import PASSWORD, flow_story
from tests.factories.studies import StudyStory, aid_numbers

from . import reading
from .accessible import PAINTED, violations
from .conftest import SignIn
from .reading import Findings
from .test_blinding import Seen
from .test_next_case import came_ahead

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FINDINGS = Findings("Left obturator", short_axis_mm=6.5, heterogeneous=True, margin=False, rating=4)


def memory_of(page: Page) -> str:
    """Every text and number that the page's JavaScript holds, as its heap is written down by the browser."""
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda chunk: parts.append(chunk["chunk"]))
    session.send("HeapProfiler.enable")
    options: dict[str, Any] = {"reportProgress": False, "captureNumericValue": True}
    session.send("HeapProfiler.takeHeapSnapshot", options)
    session.detach()
    return "".join(parts)


def outputs_of(story: StudyStory) -> list[str]:
    """Words and numbers of the model's outputs that are found nowhere else."""
    texts = []
    for rank in range(len(story.cases)):
        score, probability = aid_numbers(story.name, rank)
        texts += [f"AID{story.name}{rank}", repr(abs(score)), repr(probability)]
    return texts


def held_by(page: Page, seen: Seen, story: StudyStory) -> set[str]:
    """Which outputs are in the answers of the server, the page, its stores and caches, or its memory."""
    seen.look(page)
    memory = memory_of(page)
    # The snapshot is one of this page, and whole.
    assert story.study.title in memory
    return {text for text in outputs_of(story) if seen.places_of(text) or text in memory}


def case_is_shown(page: Page) -> None:
    """The images of this case are there, and those of the next one have come ahead."""
    with page.expect_response(lambda answer: answer.url.endswith("/upcoming")) as told:
        reading.wait_for_image(page)
    came_ahead(page, told.value.json())


def test_an_output_is_held_by_the_page_only_once_it_is_released(sign_in: SignIn) -> None:
    story = flow_story(cases=2, with_images=True, in_steps=True)
    seen = Seen()
    page = sign_in(story.people["reader1"].username, PASSWORD)
    seen.watch(page)
    page.reload()
    page.get_by_role("button", name="Read next case").click()
    case_is_shown(page)
    reading.answer(page, FINDINGS)
    assert held_by(page, seen, story) == set(), "in the step without the model"

    page.get_by_role("button", name="Commit step 1 of 2").click()
    expect(page.get_by_role("button", name="Commit and go on")).to_be_visible()
    assert held_by(page, seen, story) == set(), "in the step without the model, about to be committed"

    page.get_by_role("button", name="Commit and go on").click()
    expect(page.locator("[data-aid=available]")).to_be_visible()
    held = held_by(page, seen, story)
    assert len([text for text in held if text.startswith("AID")]) == 1, "the case's own output alone"
    assert len(held) == 3


def test_an_unaided_session_leaves_no_output_in_memory(sign_in: SignIn) -> None:
    story = flow_story(cases=2, with_images=True)
    seen = Seen()
    page = sign_in(story.people["reader1"].username, PASSWORD)
    seen.watch(page)
    page.reload()
    page.get_by_role("button", name="Read next case").click()
    for _ in story.cases:
        case_is_shown(page)
        reading.answer(page, FINDINGS)
        assert held_by(page, seen, story) == set()
        url = page.url
        reading.submit(page)
        page.wait_for_url(lambda address, before=url: address != before)
    assert held_by(page, seen, story) == set()


def test_the_card_of_the_model_opens_in_a_click_and_the_output_is_logged_once(
    sign_in: SignIn, screenshot: Any
) -> None:
    from backend.predictions.models import Disclosure

    story = flow_story(cases=2, with_images=True, in_steps=True)
    page = sign_in(story.people["reader1"].username, PASSWORD)
    page.emulate_media(reduced_motion="reduce")
    reading.open_next(page)
    reading.answer(page, FINDINGS)
    page.get_by_role("button", name="Commit step 1 of 2").click()
    page.get_by_role("button", name="Commit and go on").click()
    panel = page.get_by_role("region", name="Model output")
    expect(panel.get_by_text("Demonstration: not trained on patients")).to_be_visible()
    expect(panel.get_by_text("of 20 cases of the tests (demonstration)")).to_be_visible()
    reading.wait_for_image(page)
    screenshot(page, "aid-panel")
    panel.get_by_role("button", name="Model card").click()
    card = page.get_by_role("dialog", name="Node score for tests")
    page.evaluate(PAINTED)
    expect(card.get_by_text("Not for people.")).to_be_visible()
    screenshot(page, "aid-card")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.reload()
    expect(panel.get_by_text("Demonstration: not trained on patients")).to_be_visible()
    assert Disclosure.objects.count() == 1
