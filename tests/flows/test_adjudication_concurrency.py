"""Adjudicators and readers at the same instant: one item for one adjudicator, one verdict, one item for a panel."""

import uuid
from functools import partial

import pytest

from backend.adjudication.item_states import ItemStatus
from backend.adjudication.models import AdjudicationItem, ItemOriginal, Verdict
from backend.adjudication.services import item_open_next, item_settle
from backend.reads.services import read_open_next, read_submit
from tests.factories.adjudication import AGREED, PanelStory, panel_story

from .test_adjudication import second_reader_says_right
from .test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 5
ADJUDICATORS = ("adjudicator", "adjudicator2", "adjudicator3", "adjudicator4")


def opening(story: PanelStory, part: str) -> uuid.UUID:
    return item_open_next(slug=story.study.slug, by=story.people[part], now=story.clock.now).pk


def test_adjudicators_who_ask_together_get_items_of_their_own() -> None:
    story = panel_story(cases=3, adjudicators=ADJUDICATORS)
    story.read_all(second_reader_says_right)
    asked = [part for part in ADJUDICATORS for _ in range(TABS)]
    given = at_once(*(partial(opening, story, part) for part in asked))
    by_part = {
        part: {one for who, one in zip(asked, given, strict=True) if who == part} for part in ADJUDICATORS
    }
    assert all(len(answers) == 1 for answers in by_part.values()), "the tabs of one adjudicator agree"
    answers = [next(iter(one)) for one in by_part.values()]
    assert sorted(map(str, answers)).count("nothing_to_adjudicate") == 1
    assert len(set(answers)) == len(ADJUDICATORS), "no two adjudicators hold the same item"
    assert AdjudicationItem.objects.filter(status=ItemStatus.OPEN).count() == 3


def test_of_verdicts_sent_together_one_is_kept() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    item = story.open_item()

    def settle(region: str) -> uuid.UUID:
        settled = item_settle(
            item_id=item.pk,
            idempotency_key=uuid.uuid4(),
            answers={"region": region},
            reason="Seen.",
            by=story.people["adjudicator"],
            now=story.clock.now,
        )
        return settled.pk

    given = at_once(*(partial(settle, region) for region in ("left", "right") * TABS))
    assert given.count(item.pk) == 1
    assert given.count("item_settled") == 2 * TABS - 1
    assert Verdict.objects.filter(item=item).count() == 1


def test_two_readers_who_complete_a_panel_together_raise_one_item() -> None:
    story = panel_story(cases=1, readers=2)
    reads = {
        part: read_open_next(slug=story.study.slug, by=story.people[part], now=story.clock.tick())
        for part in story.readers
    }

    def submit(part: str, region: str) -> None:
        read_submit(
            read_id=reads[part].pk,
            idempotency_key=uuid.uuid4(),
            answers={**AGREED, "region": region},
            measurements=[],
            timing={},
            by=story.people[part],
            now=story.clock.now,
        )

    at_once(partial(submit, "reader1", "left"), partial(submit, "reader2", "right"))
    item = AdjudicationItem.objects.get()
    assert ItemOriginal.objects.filter(item=item).count() == 2
