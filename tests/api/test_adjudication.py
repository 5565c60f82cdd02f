"""The adjudicator's pages: what is shown, what is taken, and that nothing tells whose a reading is."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from backend.adjudication.models import AdjudicationItem, Verdict
from backend.cases.models import CaseImage
from backend.reads.models import Read
from backend.studies.models import Assignment
from tests.factories.adjudication import AGREED, PanelStory, mark_at, panel_story, square_at

from .observers import ask, at, client_of
from .schema_fields import field_lines

ALLOWED = Path(__file__).with_name("adjudicator-schema.txt")


def disagreeing(read: Read, reader: int, rank: int) -> dict[str, Any]:
    """Region and outline differ; everything else is the same."""
    return {
        **AGREED,
        "region": "right" if reader == 1 else "left",
        "comment": f"CANARY-COMMENT-{reader}",
        "findings": [mark_at(read, 10, 12)],
        "tumor": {"contours": [square_at(read, 8 + 6 * reader, 8)]},
    }


@pytest.fixture
def story(db: None) -> PanelStory:
    story = panel_story(cases=1, readers=2, with_images=True)
    story.read_all(disagreeing)
    return story


def asked(
    story: PanelStory, method: str, path: str, body: Any = None, part: str = "adjudicator"
) -> HttpResponse:
    with at(story.clock.tick()):
        return ask(client_of(story.people[part]), method, f"/api/adjudicator/{path}", body)


def opened(story: PanelStory) -> str:
    answer = asked(story, "POST", f"studies/{story.study.slug}/next")
    assert answer.status_code == 200
    return str(answer.json()["item_id"])


def verdict(**changes: Any) -> dict[str, Any]:
    answers = {"region": "left", "tumor": {"reading": "A"}}
    return {
        "idempotency_key": str(uuid.uuid4()),
        "answers": answers,
        "reason": "Seen on two slices.",
        **changes,
    }


def test_the_fields_of_the_adjudicator_api_are_the_listed_ones() -> None:
    allowed, found = ALLOWED.read_text().splitlines(), field_lines("/api/adjudicator/")
    assert found == allowed, (
        "Could a new field tell the adjudicator whose a reading is, in which arm or when it was made, or anything of "
        "truth or model? If not, bring tests/api/adjudicator-schema.txt up to date:\n"
        + "\n".join(
            [f"+ {line}" for line in found if line not in allowed]
            + [f"- {line}" for line in allowed if line not in found]
        )
    )


def test_the_worklist_counts_what_waits_and_leads_to_the_open_item(story: PanelStory) -> None:
    path = f"studies/{story.study.slug}/worklist"
    before = asked(story, "GET", path).json()
    assert before == {
        "study": {"slug": story.study.slug, "title": story.study.title},
        "status": "open",
        "mode": "third_reader",
        "open_item": None,
        "waiting": 1,
        "settled": 0,
        "minutes_per_item": 4.0,
    }
    item_id = opened(story)
    during = asked(story, "GET", path).json()
    assert (during["open_item"], during["waiting"], during["status"]) == (item_id, 0, "open")
    assert opened(story) == item_id
    answer = asked(story, "POST", f"items/{item_id}/settle", verdict())
    assert (answer.status_code, answer.json()) == (200, {"status": "settled", "waiting": 0})
    after = asked(story, "GET", path).json()
    assert (after["open_item"], after["settled"], after["status"]) == (None, 1, "nothing_now")
    (row,) = asked(story, "GET", "studies").json()
    assert row == {**after["study"], "phase": "READING", "waiting": 0}


def test_an_item_shows_readings_by_letter_and_nothing_of_their_readers(story: PanelStory) -> None:
    item_id = opened(story)
    answer = asked(story, "GET", f"items/{item_id}")
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert [one["letter"] for one in body["originals"]] == ["A", "B"]
    assert {one["answers"]["region"] for one in body["originals"]} == {"left", "right"}
    assert all(one["answers"]["tumor"] == {"count": 1} for one in body["originals"])
    assert all(len(one["contours"]) == len(one["marks"]) == 1 for one in body["originals"])
    assert body["to_settle"] == ["region", "tumor"]
    assert [one["question"] for one in body["discordant"]] == ["region", "tumor"]
    fixed = {one["question"]: (one["value"], one["how"]) for one in body["fixed"]}
    assert fixed == {
        "length_mm": (8.0, "unanimous"),
        "margin": (True, "unanimous"),
        "signal": (False, "unanimous"),
        "findings": (None, "concordant"),
    }
    secrets = ["CANARY-COMMENT", story.cases[0].number, str(story.cases[0].pk), "unaided"]
    secrets += [user.username for user in story.people.values()]
    secrets += [str(pk) for pk in Read.objects.values_list("pk", flat=True)]
    secrets += Assignment.objects.values_list("alias", flat=True)
    secrets += CaseImage.objects.values_list("sop_uid", flat=True)
    secrets += [f"{read.submitted_at:%H:%M:%S.%f}" for read in Read.objects.all()]
    assert [secret for secret in secrets if secret in answer.content.decode()] == []


def test_the_drawings_lie_on_the_images_of_the_item(story: PanelStory) -> None:
    item_id = opened(story)
    body = asked(story, "GET", f"items/{item_id}").json()
    metadata = asked(story, "GET", f"items/{item_id}/series/0/metadata").json()
    shown = {one["00080018"]["Value"][0] for one in metadata}
    stored = set(CaseImage.objects.values_list("sop_uid", flat=True))
    assert shown.isdisjoint(stored)
    drawn = [one for original in body["originals"] for one in original["contours"] + original["marks"]]
    assert {one["sop_uid"] for one in drawn} <= shown
    frame = asked(story, "GET", f"items/{item_id}/series/0/frames/1")
    assert (frame.status_code, frame.headers["Vary"]) == (200, "Cookie")
    assert asked(story, "GET", f"items/{item_id}/series/9/metadata").status_code == 404
    assert asked(story, "GET", f"items/{item_id}/series/0/frames/99").status_code == 404


def test_a_draft_is_kept_and_comes_back(story: PanelStory) -> None:
    item_id = opened(story)
    draft = {"revision": 0, "answers": {"region": "left"}, "reason": "So far ", "attendees": []}
    saved = asked(story, "PUT", f"items/{item_id}/draft", draft)
    assert (saved.status_code, saved.json()["revision"], saved.json()["derived"]) == (200, 1, {"points": 1})
    kept = asked(story, "GET", f"items/{item_id}").json()["draft"]
    assert (kept["revision"], kept["answers"], kept["reason"]) == (1, {"region": "left"}, "So far ")
    stale = asked(story, "PUT", f"items/{item_id}/draft", draft)
    assert (stale.status_code, stale.json()["code"], stale.json()["revision"]) == (409, "stale_draft", 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": {"region": "left"}}, "tumor"),
        ({"answers": {"region": "left", "tumor": {"reading": "Z"}}}, "tumor"),
        ({"answers": {"region": "left", "tumor": {"contours": []}}}, "tumor"),
        ({"answers": {"region": ["left"], "tumor": {"reading": "A"}}}, "region"),
        ({"answers": {"region": "left", "tumor": {"reading": "A"}, "margin": False}}, "margin"),
        ({"reason": " "}, "reason"),
        ({"attendees": ["R1"]}, "attendees"),
        ({"answers": 7}, "answers"),
        ({"idempotency_key": "no uuid"}, "idempotency_key"),
    ],
)
def test_a_verdict_that_does_not_fit_is_refused_by_field(
    story: PanelStory, changes: dict[str, Any], field: str
) -> None:
    item_id = opened(story)
    answer = asked(story, "POST", f"items/{item_id}/settle", verdict(**changes))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Verdict.objects.exists()


def test_a_verdict_sent_twice_is_one_and_the_item_is_closed(story: PanelStory) -> None:
    item_id = opened(story)
    body = verdict()
    for _ in range(2):
        assert asked(story, "POST", f"items/{item_id}/settle", body).status_code == 200
    assert Verdict.objects.count() == 1
    closed = asked(story, "GET", f"items/{item_id}").json()
    alias = AdjudicationItem.objects.get(pk=item_id).alias
    assert closed == {"id": item_id, "alias": alias, "status": "settled"}
    assert asked(story, "GET", f"items/{item_id}/series/0/metadata").status_code == 404
    refused = asked(story, "POST", f"items/{item_id}/settle", verdict())
    assert (refused.status_code, refused.json()["code"]) == (409, "item_settled")


def test_nobody_but_its_adjudicator_reaches_an_item(story: PanelStory) -> None:
    item_id = opened(story)
    for part in ("reader1", "coordinator"):
        for path in (f"items/{item_id}", f"items/{item_id}/series/0/frames/1"):
            assert asked(story, "GET", path, part=part).status_code == 404
        assert asked(story, "POST", f"items/{item_id}/settle", verdict(), part=part).status_code == 404
        assert asked(story, "POST", f"studies/{story.study.slug}/next", part=part).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["consensus", "majority"])
def test_the_codes_of_the_readers_are_told_for_a_meeting_alone(mode: str) -> None:
    story = panel_story(cases=1, readers=2, mode=mode)
    story.read_all(lambda read, reader, rank: {**AGREED, "region": "right" if reader else "left"})
    body = asked(story, "GET", f"items/{opened(story)}").json()
    assert body["attendee_codes"] == (["R1", "R2"] if mode == "consensus" else [])


@pytest.mark.django_db
def test_where_nothing_can_be_done_the_worklist_says_why() -> None:
    story = panel_story(cases=1, design=lambda document: document.update(adjudication=None))
    worklist = asked(story, "GET", f"studies/{story.study.slug}/worklist").json()
    assert (worklist["status"], worklist["mode"], worklist["minutes_per_item"]) == (
        "no_adjudication",
        None,
        None,
    )
    refused = asked(story, "POST", f"studies/{story.study.slug}/next")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_adjudication")
