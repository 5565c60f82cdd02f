"""Masks by voxels: kept with the draft, locked with the read, carried from step to step, corrected beside."""

import uuid
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEvent
from backend.predictions.release import aid_for
from backend.reads.answers import answers_of, drawn_of
from backend.reads.corrections import reopening_grant, reopening_request
from backend.reads.labelmap_bytes import packed
from backend.reads.models import DraftLabelmap, MaskVolume, Read
from backend.reads.signing import session_document
from backend.reads.volumes import stored_volume, voxels_of
from tests.factories.flow import flow_story
from tests.factories.painting import blank, disk, labelmap, painted_form, segment
from tests.factories.reading import answers, submission
from tests.factories.studies import StudyStory

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db

TUMOR = {"value": 2, "question": "tumor", "label": None, "status": None, "origin": [], "edited_voxels": 0}


@pytest.fixture
def story() -> StudyStory:
    return flow_story(cases=2, with_images=True, form=painted_form())


def asked(story: StudyStory, read: Read, method: str, what: str = "", body: Any = None) -> HttpResponse:
    with at(story.clock.tick()):
        return ask(client_of(read.reader), method, f"/api/reader/reads/{read.pk}{what}", body)


def save(story: StudyStory, read: Read, revision: int, given: dict[str, Any], **more: Any) -> HttpResponse:
    body = {"revision": revision, "answers": given, "measurements": [], **more}
    return asked(story, read, "PUT", "/draft", body)


def submit(story: StudyStory, read: Read, given: dict[str, Any], **more: Any) -> HttpResponse:
    return asked(story, read, "POST", "/submit", {**submission(given), **more})


def drafted(story: StudyStory, read: Read) -> dict[str, Any]:
    body: dict[str, Any] = asked(story, read, "GET").json()["draft"]
    return body


def painted(*, label: str | None = "left_obturator") -> dict[str, Any]:
    """A node on frames 3 and 4 and a tumor on frame 2."""
    voxels = disk(disk(blank(), radius=5, frame=3), radius=4, frame=4)
    disk(voxels, value=2, radius=6, frame=2)
    return labelmap(voxels, segment(1, label=label), TUMOR)


def test_a_draft_keeps_its_masks_until_others_are_sent(story: StudyStory) -> None:
    read = story.open_next("reader1")
    assert drafted(story, read)["labelmaps"] == []
    sent = painted()
    saved = save(story, read, 0, {"rating": 2}, labelmaps=[sent])
    assert saved.status_code == 200, saved.content
    node, tumor = saved.json()["segments"]
    assert (node["value"], node["question"], node["label"], node["slices"]) == (
        1,
        "nodes",
        "left_obturator",
        [3, 4],
    )
    assert node["short_axis_mm"] == pytest.approx(7.5, abs=0.6)
    assert (node["borderline"], tumor["borderline"], tumor["slices"]) == (True, None, [2])
    assert saved.json()["derived"]["node_size"] == node["short_axis_mm"]
    row = DraftLabelmap.objects.get(read=read)

    # The next answer is saved without a voxel, and nothing of the mask is written again.
    again = save(story, read, 1, {"rating": 3}).json()
    assert again["segments"] == saved.json()["segments"]
    assert again["derived"]["node_size"] == node["short_axis_mm"]
    assert DraftLabelmap.objects.get(read=read).pk == row.pk
    draft = drafted(story, read)
    assert draft["labelmaps"] == [sent]
    assert (draft["revision"], draft["answers"]) == (2, {"rating": 3})

    assert save(story, read, 2, {}, labelmaps=[]).json()["segments"] == []
    assert drafted(story, read)["labelmaps"] == []
    assert not DraftLabelmap.objects.exists()


def test_a_refused_save_leaves_masks_answers_and_revision_as_they_were(story: StudyStory) -> None:
    read = story.open_next("reader1")
    assert save(story, read, 0, {"rating": 2}, labelmaps=[painted()]).status_code == 200
    row = DraftLabelmap.objects.get()
    other = labelmap(disk(blank()), segment(1))
    wrong_mask = save(story, read, 1, {"rating": 3}, labelmaps=[{**other, "shape": [1, 2, 3]}])
    assert (wrong_mask.status_code, list(wrong_mask.json()["fields"])) == (400, ["labelmaps[0]"])
    wrong_answer = save(story, read, 1, {"rating": 9}, labelmaps=[other])
    assert (wrong_answer.status_code, list(wrong_answer.json()["fields"])) == (400, ["rating"])
    stale = save(story, read, 0, {"rating": 3}, labelmaps=[other])
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_draft")
    for odd in ("none", {"0": other}, [7], None):
        assert save(story, read, 1, {}, labelmaps=odd).status_code == 400
    assert DraftLabelmap.objects.get().pk == row.pk
    read.refresh_from_db()
    assert (read.draft_revision, read.draft["answers"]) == (1, {"rating": 2})


def test_what_the_answers_say_of_a_painted_mask_is_not_believed(story: StudyStory) -> None:
    read = story.open_next("reader1")
    claimed = {"segments": [{"label": None, "status": None}] * 7}
    assert save(story, read, 0, {"nodes": claimed}).status_code == 200
    assert drafted(story, read)["answers"] == {"nodes": None}
    assert save(story, read, 1, {"nodes": None}, labelmaps=[painted()]).status_code == 200
    held = {"segments": [{"label": "left_obturator", "status": "positive"}]}
    assert drafted(story, read)["answers"] == {"nodes": held}


def test_a_commit_locks_the_masks_of_what_was_asked(story: StudyStory) -> None:
    read = story.open_next("reader1")
    assert save(story, read, 0, {}, labelmaps=[painted(label=None)]).status_code == 200
    # No label yet: a draft may wait for it, a commit may not.
    refused = submit(story, read, answers(4))
    assert (refused.status_code, refused.json()["fields"]) == (
        400,
        {"nodes": "Please choose a label for each segment."},
    )
    assert save(story, read, 1, {}, labelmaps=[painted()]).status_code == 200
    # The margin is not ill-defined, so the tumor is not asked for. The voxels are those of the draft.
    accepted = submit(story, read, answers(4, criterion_margin=False), revision=2)
    assert accepted.status_code == 200, accepted.content
    (row,) = MaskVolume.objects.filter(read=read)
    expected = np.where(disk(disk(blank(), radius=5, frame=3), radius=4, frame=4) == 1, 1, 0)
    np.testing.assert_array_equal(voxels_of(row), expected)
    assert (row.question, row.shape, row.correction) == ("nodes", [6, 32, 32], None)
    assert not DraftLabelmap.objects.exists()
    kept = answers_of([read])[read.pk].effective
    (own,) = kept["nodes"]["segments"]
    assert (own["label"], own["status"], own["slices"]) == ("left_obturator", "positive", [3, 4])
    assert (kept["node_size"], kept["tumor"]) == (own["short_axis_mm"], None)
    with CaptureQueriesContext(connection) as captured:
        (drawing,) = session_document(read.assignment.reading_session)["reads"][0]["drawings"]
    # The digest stands for the voxels, which are not fetched for it.
    column = f'"{MaskVolume._meta.db_table}"."data"'
    assert [one["sql"] for one in captured if column in one["sql"]] == []
    assert any(f'"{MaskVolume._meta.db_table}"."sha256"' in one["sql"] for one in captured)
    assert (drawing["question"], drawing["sha256"]) == ("nodes", row.sha256)
    assert len(stored_volume([row])) == 2
    # Once it is locked nothing of it is shown, and nothing of it stands in the trail.
    assert asked(story, read, "GET").json().keys() == {"id", "alias", "status", "has_feedback"}
    assert "labelmap" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_masks_sent_with_the_commit_take_the_place_of_the_drafts(story: StudyStory) -> None:
    read = story.open_next("reader1")
    assert save(story, read, 0, {}, labelmaps=[painted()]).status_code == 200
    given = answers(4, criterion_margin=True)
    assert submit(story, read, given, labelmaps=[painted()]).status_code == 200
    assert [row.question for row in drawn_of(MaskVolume, [read])[read.pk]] == ["nodes", "tumor"]
    second = story.open_next("reader1")
    assert submit(story, second, given, labelmaps=[]).status_code == 200
    assert not MaskVolume.objects.filter(read=second).exists()


def test_the_next_step_of_a_case_begins_with_the_masks_of_the_step_before() -> None:
    story = flow_story(cases=2, with_images=True, in_steps=True, form=painted_form())
    first = story.open_next("reader1")
    sent = painted()
    assert submit(story, first, answers(4, criterion_margin=True), labelmaps=[sent]).status_code == 200
    second = story.open_next("reader1")
    assert second.step == 2
    (carried,) = drafted(story, second)["labelmaps"]
    assert (carried["segments"], carried["shape"]) == (sent["segments"], sent["shape"])
    assert carried["data"] != ""
    aid_for(read=second, by=second.reader, now=story.clock.tick())
    assert submit(story, second, answers(5, criterion_margin=True)).status_code == 200
    for question in ("nodes", "tumor"):
        one, other = (MaskVolume.objects.get(read=read, question=question) for read in (first, second))
        assert (one.sha256, one.segments) == (other.sha256, other.segments)


def test_a_correction_has_masks_of_its_own_and_the_first_ones_stay(story: StudyStory) -> None:
    read = story.open_next("reader1")
    given = answers(4, criterion_margin=True)
    assert submit(story, read, given, labelmaps=[painted()]).status_code == 200
    reopen(story, read)
    shown = drafted(story, read)["labelmaps"]
    assert shown[0]["segments"] == painted()["segments"]
    body = {"idempotency_key": uuid.uuid4(), "measurements": [], "reason": "The other side."}
    moved = labelmap(disk(blank(), at=(8, 8)), segment(1, label="right_obturator"))
    corrected = asked(story, read, "POST", "/correction", {**body, "answers": given, "labelmaps": [moved]})
    assert corrected.status_code == 200, corrected.content
    assert MaskVolume.objects.filter(read=read, correction=None).count() == 2
    (held,) = drawn_of(MaskVolume, [read])[read.pk]
    assert (held.question, held.segments[0]["label"]) == ("nodes", "right_obturator")

    # A second correction that speaks of no mask takes over what holds.
    reopen(story, read)
    body["idempotency_key"] = uuid.uuid4()
    assert asked(story, read, "POST", "/correction", {**body, "answers": given}).status_code == 200
    (taken,) = drawn_of(MaskVolume, [read])[read.pk]
    assert (taken.sha256, taken.pk != held.pk) == (held.sha256, True)


def reopen(story: StudyStory, read: Read) -> None:
    reopening = reopening_request(
        read_id=read.pk, reason="The other side.", by=read.reader, now=story.clock.tick()
    )
    by = story.people["coordinator"]
    reopening_grant(reopening_id=reopening.pk, decision="A slip.", by=by, now=story.clock.tick())


def test_no_other_reader_reaches_a_mask(story: StudyStory) -> None:
    read = story.open_next("reader1")
    assert save(story, read, 0, {}, labelmaps=[painted()]).status_code == 200
    other = client_of(story.people["reader2"])
    with at(story.clock.tick()):
        assert ask(other, "GET", f"/api/reader/reads/{read.pk}").status_code == 404
        body = {"revision": 1, "answers": {}, "measurements": [], "labelmaps": []}
        assert ask(other, "PUT", f"/api/reader/reads/{read.pk}/draft", body).status_code == 404
    assert DraftLabelmap.objects.filter(read=read).exists()
    # The other's own read of the same case knows nothing of it.
    own = story.open_next("reader2")
    assert drafted(story, own)["labelmaps"] == []


def test_packing_is_the_servers_own_in_what_is_locked(story: StudyStory) -> None:
    """A browser's gzip may carry a time or a name; what others may see later carries neither."""
    read = story.open_next("reader1")
    assert submit(story, read, answers(4), labelmaps=[painted()]).status_code == 200
    (row,) = MaskVolume.objects.filter(read=read)
    assert bytes(row.data) == packed(voxels_of(row))
