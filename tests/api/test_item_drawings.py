"""What readers drew beside their answers, as the adjudicator is shown it: axes, annotations, overlap, panes."""

import uuid
from typing import Any

import pytest

from backend.adjudication.panels import overlaps_of
from backend.reads.models import MaskContour, Measurement, Read, ReadAnnotation
from backend.reads.services import read_open_next, read_submit
from tests.factories.adjudication import AGREED, PanelStory, panel_story, square_at
from tests.factories.dicom import STEP_MM

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
Z = 2 * STEP_MM
PANE = {"role": "T2W", "kind": "stack", "plane": None, "start": "middle", "window": None}
OTHER_PANE = {"role": "DWI", "kind": "stack", "plane": None, "start": None, "window": None}
WORDS = "CANARY-NOTE of reader"


def hung_story() -> PanelStory:
    def hang(document: dict[str, Any]) -> None:
        panes = [PANE, OTHER_PANE]
        document["hanging"] = {"rows": 1, "columns": 2, "panes": panes, "linked": True}

    return panel_story(cases=1, readers=3, with_images=True, name="drawn", design=hang)


def drawing(number: int, **changes: Any) -> dict[str, Any]:
    return {"uuid": str(uuid.UUID(int=number)), "series": 0, "frame": 3, **changes}


def axes(number: int, half_mm: float) -> dict[str, Any]:
    ends = [[-half_mm, 0.0, Z], [half_mm, 0.0, Z], [0.0, -2.0, Z], [0.0, 2.0, Z]]
    return drawing(number, tool="bidirectional", points_mm=ends, long_axis_mm=2 * half_mm, short_axis_mm=4.0)


def annotations(number: int) -> list[dict[str, Any]]:
    line = [[-4.0, 0.0, Z], [4.0, 0.0, Z]]
    return [
        drawing(number + 1, tool="length", points_mm=line, text=None, values={}),
        drawing(number + 2, tool="arrow", points_mm=line, text=f"{WORDS} {number}", values={}),
        drawing(number + 3, tool="text", points_mm=line[:1], text=f"{WORDS} {number}", values={}),
    ]


def read_it(story: PanelStory, part: str) -> Read:
    """The third reader draws no outline."""
    reader = story.readers.index(part)
    read = read_open_next(slug=story.study.slug, by=story.people[part], now=story.clock.tick())
    drawn = {} if reader == 2 else {"tumor": {"contours": [square_at(read, 8 + 3 * reader, 8)]}}
    number = 100 * (reader + 1)
    return read_submit(
        read_id=read.pk,
        idempotency_key=uuid.uuid4(),
        answers={**AGREED, "region": "right" if reader else "left", **drawn},
        measurements=[axes(number, 5.0 + reader)],
        annotations=annotations(number),
        timing={},
        by=read.reader,
        now=story.clock.tick(),
    ).read


@pytest.fixture
def story(db: None) -> PanelStory:
    story = hung_story()
    for part in story.readers:
        read_it(story, part)
    return story


def item_of(story: PanelStory, part: str = "adjudicator") -> Any:
    with at(story.clock.tick()):
        client = client_of(story.people[part])
        opened = ask(client, "POST", f"/api/adjudicator/studies/{story.study.slug}/next").json()
        return ask(client, "GET", f"/api/adjudicator/items/{opened['item_id']}")


def test_axes_and_annotations_come_under_the_letter_without_words(story: PanelStory) -> None:
    answer = item_of(story)
    originals = answer.json()["originals"]
    for original in originals:
        (measured,) = original["measurements"]
        assert (measured["series"], measured["frame"], len(measured["points_mm"])) == (0, 3, 4)
        assert sorted(one["tool"] for one in original["annotations"]) == ["arrow", "length"]
        (length,) = (one for one in original["annotations"] if one["tool"] == "length")
        assert length["values"] == {"length_mm": 8.0}
        assert all("text" not in one for one in original["annotations"])
    assert sorted(one["measurements"][0]["long_axis_mm"] for one in originals) == [10.0, 12.0, 14.0]
    # The names that readers' browsers gave their drawings would tell two items of one reader apart from the others.
    secrets = [WORDS]
    for kind in (Measurement, ReadAnnotation):
        secrets += [str(one) for row in kind._default_manager.values_list("uuid", "pk") for one in row]
    assert len(secrets) == 1 + 2 * (3 + 9)
    assert [one for one in secrets if one in answer.content.decode()] == []


def test_overlap_is_told_of_each_two_readings_that_drew(story: PanelStory) -> None:
    body = item_of(story).json()
    (told,) = body["agreement"]
    drew = [one["letter"] for one in body["originals"] if one["contours"]]
    assert (told["question"], told["letters"]) == ("tumor", drew)
    # Squares of 10 pixels, one 3 pixels beside the other: 7 of 10 columns are shared.
    assert told["dice"] == pytest.approx(0.7)
    contours = [{"contours": list(MaskContour.objects.filter(pk=pk))} for pk in contour_keys()]
    assert overlaps_of([contours[0], None, contours[1], {"contours": []}]) == {(0, 2): pytest.approx(0.7)}
    why = {one["question"]: one["words"] for one in body["discordant"]}
    assert why["tumor"] == "Some readers drew something and some did not."


def contour_keys() -> list[uuid.UUID]:
    return list(MaskContour.objects.order_by("read__submitted_at").values_list("pk", flat=True))


def test_the_case_hangs_as_its_readers_found_it_without_panes_for_what_it_has_not(story: PanelStory) -> None:
    body = item_of(story).json()
    assert [one["role"] for one in body["series"]] == ["T2W", "ADC"]
    assert body["hanging"] == {"rows": 1, "columns": 1, "panes": [PANE], "linked": True}


def test_a_study_that_says_nothing_of_panes_has_none(db: None) -> None:
    story = panel_story(cases=1, readers=2, with_images=True, name="plain")
    story.read_all(lambda read, reader, rank: {**AGREED, "region": "right" if reader else "left"})
    body = item_of(story).json()
    assert (body["hanging"], body["agreement"]) == (None, [])
