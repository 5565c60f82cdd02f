"""An adjudicator in the browser: from the home page over the readings side by side to the verdict."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from backend.adjudication.models import AdjudicationItem, ItemOriginal, Verdict, VerdictAnswer
from backend.reads.models import Read
from backend.reads.services import read_open_next, read_submit
from tests.factories.adjudication import AGREED, PanelStory, mark_at, panel_story, square_at
from tests.factories.dicom import SIZE, STEP_MM
from tests.factories.painting import NODES, blank, disk, labelmap, segment

from .accessible import violations
from .conftest import SignIn
from .fits import SIZES, check_fits
from .studies import PASSWORD
from .viewing import expect_slice, viewer

Screenshot = Callable[[Page, str], None]


# The rows and columns of the middle of each reader's node; they share no pixel.
CENTERS = ((16, 9), (16, 22))
COLORS = {"A": [0x56, 0xB4, 0xE9], "B": [0xE6, 0x9F, 0x00]}
# What a reading's mask has at a pixel of the image: red, green, blue, and how opaque it is, each from 0 to 255.
MASK_AT = """([letter, row, column, size]) => {
    const viewer = document.querySelector("[data-viewer]");
    const canvas = viewer.querySelector(`[data-mask-layer="${letter}/nodes/0"]`);
    if (!canvas || !viewer.dataset.imageRect) return null;
    const [left, top, width, height] = viewer.dataset.imageRect.split(",").map(Number);
    const x = left + (column + 0.5) * width / size, y = top + (row + 0.5) * height / size;
    const across = canvas.width / canvas.clientWidth, down = canvas.height / canvas.clientHeight;
    const pixel = canvas.getContext("2d").getImageData(Math.floor(x * across), Math.floor(y * down), 1, 1);
    return Array.from(pixel.data);
}"""
MASK_IS = f"""([place, expected]) => {{
    const seen = ({MASK_AT})(place);
    return seen !== null && seen.every((value, at) => Math.abs(value - expected[at]) <= 4);
}}"""


def disagreeing(read: Read, reader: int, rank: int) -> dict[str, Any]:
    return {
        **AGREED,
        "region": "right" if reader == 1 else "left",
        "findings": [mark_at(read, 10, 12)],
        "tumor": {"contours": [square_at(read, 6 + 7 * reader, 8)]},
    }


def with_password(story: PanelStory, part: str) -> str:
    user = story.people[part]
    user.set_password(PASSWORD)
    user.save()
    return user.username


def test_an_adjudicator_settles_a_case(sign_in: SignIn, screenshot: Screenshot) -> None:
    story = panel_story(cases=1, readers=3, with_images=True)
    page = sign_in(with_password(story, "adjudicator"), PASSWORD)
    expect(page.get_by_role("heading", name="Nothing to adjudicate now")).to_be_visible()
    screenshot(page, "adjudication-nothing")
    story.read_all(disagreeing)
    page.reload()
    expect(page.get_by_role("heading", name="1 case waits")).to_be_visible()
    check_fits(page)
    screenshot(page, "adjudication-worklist")

    page.get_by_role("button", name="Open the next case").click()
    page.wait_for_url(re.compile("/item/"))
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Reading B")).to_be_visible()
    expect(table.locator("tr[data-discordant]")).to_have_count(2)
    check_fits(page)
    page.get_by_role("radio", name="Reading A", exact=True).first.check()
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    screenshot(page, "adjudication-item")

    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please choose the reading whose drawing stands.")).to_be_visible()
    page.get_by_role("radio", name="Right").check()
    page.get_by_role("group", name=re.compile("whose drawing stands")).get_by_role(
        "radio", name="Reading C"
    ).check()
    page.get_by_label("Reason").fill("The node lies right of the vessel.")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    page.reload()
    expect(page.get_by_label("Reason")).to_have_value("The node lies right of the vessel.")
    expect(page.get_by_role("radio", name="Right")).to_be_checked()
    page.get_by_role("button", name="Settle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("final")
    screenshot(page, "adjudication-confirm")
    item_url = page.url
    dialog.get_by_role("button", name="Settle").click()
    page.wait_for_url(re.compile(f"/adjudicate/{story.study.slug}$"))
    expect(page.get_by_role("heading", name="Nothing to adjudicate now")).to_be_visible()
    verdict = Verdict.objects.get()
    answers = {row.question: row for row in VerdictAnswer.objects.filter(verdict=verdict)}
    assert (verdict.reason, answers["region"].value) == ("The node lies right of the vessel.", "right")
    assert answers["tumor"].original.place == 3

    page.goto(item_url)
    expect(page.get_by_role("heading", name=re.compile("Settled"))).to_be_visible()
    screenshot(page, "adjudication-settled")


def test_a_meeting_names_who_took_part(sign_in: SignIn, screenshot: Screenshot) -> None:
    story = panel_story(cases=1, readers=2, mode="consensus", with_images=True)
    story.read_all(disagreeing)
    page = sign_in(with_password(story, "adjudicator"), PASSWORD)
    page.get_by_role("button", name="Open the next case").click()
    page.wait_for_url(re.compile("/item/"))
    expect(page.locator("[data-rendered='true']")).to_be_visible()
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please name who took part in the meeting.")).to_be_visible()
    page.get_by_role("checkbox", name="R1").check()
    page.get_by_role("checkbox", name="R2").check()
    expect(page.get_by_text("Please name who took part in the meeting.")).to_be_hidden()
    screenshot(page, "adjudication-consensus")


def painted_story() -> PanelStory:
    """Two readers painted one node each, in different places and under different names, and measured beside it."""

    def ask_for_nodes(document: dict[str, Any]) -> None:
        document["form"]["questions"].append(NODES)
        document["adjudication"]["rules"].append({"question": "nodes", "when": "dice", "less_than": 0.7})
        panes = [
            {"role": role, "kind": "stack", "plane": None, "start": "middle", "window": None}
            for role in ("T2W", "ADC")
        ]
        document["hanging"] = {"rows": 1, "columns": 2, "panes": panes, "linked": True}

    story = panel_story(cases=1, readers=2, with_images=True, name="masks", design=ask_for_nodes)
    for reader, part in enumerate(story.readers):
        read = read_open_next(slug=story.study.slug, by=story.people[part], now=story.clock.tick())
        word = "right_obturator" if reader else "left_obturator"
        length = {
            "uuid": str(uuid.UUID(int=reader + 1)),
            "tool": "length",
            "series": 0,
            "frame": 2,
            "points_mm": [[-4.0, 0.0, STEP_MM], [4.0, 0.0, STEP_MM]],
            "text": None,
            "values": {},
        }
        read_submit(
            read_id=read.pk,
            idempotency_key=uuid.uuid4(),
            answers=AGREED,
            measurements=[],
            annotations=[length],
            labelmaps=[labelmap(disk(blank(), radius=5, at=CENTERS[reader]), segment(label=word))],
            timing={},
            by=read.reader,
            now=story.clock.tick(),
        )
    return story


def expect_mask(page: Page, letter: str, center: tuple[int, int], color: list[int]) -> None:
    page.wait_for_function(MASK_IS, arg=[[letter, *center, SIZE], color]).dispose()


def test_the_masks_of_the_readings_are_compared_on_the_images_and_one_stands(
    sign_in: SignIn, screenshot: Screenshot
) -> None:
    story = painted_story()
    page = sign_in(with_password(story, "adjudicator"), PASSWORD)
    page.get_by_role("button", name="Open the next case").click()
    page.wait_for_url(re.compile("/item/"))
    item = AdjudicationItem.objects.get()
    centers = {story.letter_of(item, part): CENTERS[reader] for reader, part in enumerate(story.readers)}

    # The case hangs as its readers found it.
    expect(page.locator("[data-layout]")).to_have_attribute("data-layout", "1x2")
    expect(page.locator("[data-rendered='true']")).to_have_count(2)
    table = page.get_by_role("table")
    row = table.locator("[data-question-row=nodes]")
    expect(row).to_contain_text("Overlap (Dice) of A and B: 0.00")
    expect(row.get_by_text("obturator, positive")).to_have_count(2)
    expect(page.locator("[data-mask-layer]")).to_have_count(0)

    for letter, center in centers.items():
        page.get_by_role("checkbox", name=f"Mask of Reading {letter}").check()
        segments = page.get_by_role("list", name=f"Segments of Reading {letter}")
        segments.get_by_role("button", name=re.compile("Lymph nodes")).click()
        expect_slice(page, 3)
        expect_mask(page, letter, center, [*COLORS[letter], 77])
    for letter, other in (("A", "B"), ("B", "A")):
        expect_mask(page, letter, centers[letter], [*COLORS[letter], 77])
        expect_mask(page, letter, centers[other], [0, 0, 0, 0])
    opacity = page.get_by_role("slider", name="Opacity")
    opacity.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect_mask(page, "A", centers["A"], [*COLORS["A"], 153])
    assert violations(page) == []
    check_fits(page)
    for size in SIZES:
        page.set_viewport_size(size)
        screenshot(page, f"adjudication-masks-{size['width']}")
    page.set_viewport_size(SIZES[0])
    page.get_by_role("checkbox", name="Mask of Reading A").uncheck()
    expect(page.locator("[data-mask-layer^='A/']")).to_have_count(0)
    expect_mask(page, "B", centers["B"], [*COLORS["B"], 153])

    # The other drawings of one reading come beside the masks that are in sight.
    drawings = page.get_by_role("group", name="Drawings on the images")
    drawings.get_by_role("radio", name="Reading A").check()
    page.get_by_role("button", name="Measured, slice 2").click()
    expect_slice(page, 2)
    expect(viewer(page)).to_contain_text("8.0 mm")

    page.get_by_label("Reason").fill("The node lies there.")
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Please choose the reading whose mask stands.")).to_be_visible()
    choice = page.get_by_role("group", name="Lymph nodes: whose mask stands")
    choice.get_by_role("radio", name="Reading B").check()
    page.get_by_role("button", name="Settle").click()
    page.get_by_role("dialog").get_by_role("button", name="Settle").click()
    page.wait_for_url(re.compile(f"/adjudicate/{story.study.slug}$"))
    answer = VerdictAnswer.objects.get(question="nodes")
    assert answer.original == ItemOriginal.objects.get(item=item, place=2)
