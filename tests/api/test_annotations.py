"""Measurements and notes beside the form: kept with the draft, locked with the read, carried on and corrected."""

import uuid
from typing import Any

import pytest

from backend.reads.corrections import correction_submit, reopening_grant, reopening_request
from backend.reads.entered import as_sent
from backend.reads.models import Read, ReadAnnotation
from tests.factories.dicom import STEP_MM
from tests.factories.studies import Stage, StudyStory, study_in

from .observers import ask, at, client_of
from .test_draft import open_read
from .test_submit import submit

pytestmark = pytest.mark.django_db


def annotation(tool: str = "length", *, number: int = 31, frame: int = 3, **changes: Any) -> dict[str, Any]:
    """A length of 8 mm on the slice at `frame`."""
    z = (frame - 1) * STEP_MM
    return {
        "uuid": str(uuid.UUID(int=number)),
        "tool": tool,
        "series": 0,
        "frame": frame,
        "points_mm": [[-4.0, 0.0, z], [4.0, 0.0, z]],
        "text": None,
        "values": {"length_mm": 8.0},
        **changes,
    }


def note() -> dict[str, Any]:
    changes = {"points_mm": [[0.0, 0.0, 2 * STEP_MM]], "text": "see the left side", "values": {}}
    return annotation("text", number=32, **changes)


def save(story: StudyStory, read: Read, revision: int, annotations: list[dict[str, Any]] | None):
    sent = {} if annotations is None else {"annotations": annotations}
    body = {"revision": revision, "answers": {}, "measurements": [], "client_id": "tab", **sent}
    with at(story.now):
        return ask(client_of(read.reader), "PUT", f"/api/reader/reads/{read.pk}/draft", body)


def draft_of(read: Read) -> dict[str, Any]:
    draft: dict[str, Any] = ask(client_of(read.reader), "GET", f"/api/reader/reads/{read.pk}").json()["draft"]
    return draft


def test_a_draft_keeps_annotations_with_the_values_of_the_server() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    saved = save(story, read, 1, [annotation(values={"length_mm": 8.02}), note()])
    assert saved.status_code == 200, saved.content
    assert saved.json()["annotations"] == [annotation(), note()]
    (told,) = saved.json()["differences"]
    assert told == {"uuid": annotation()["uuid"], "field": "length_mm", "here": 8.02, "server": 8.0}
    assert draft_of(read)["annotations"] == [annotation(), note()]


def test_a_browser_that_sends_none_leaves_them_and_an_empty_list_removes_them() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    save(story, read, 1, [annotation()])
    assert save(story, read, 2, None).json()["annotations"] == [annotation()]
    assert save(story, read, 3, []).json()["annotations"] == []
    assert draft_of(read)["annotations"] == []


def test_what_cannot_be_is_refused_and_named() -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    refused = save(story, read, 1, [annotation(), annotation(number=5, frame=99)])
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["annotations[1]"])


@pytest.mark.parametrize("text", ["a\ud800b", "a\0b"])
def test_a_text_that_no_database_keeps_is_refused_in_a_draft_and_in_a_submission(text: str) -> None:
    story = study_in(Stage.SESSION_1, cases=2, with_images=True)
    read = open_read(story)
    sent = [{**note(), "text": text}]
    for refused in (
        save(story, read, 1, sent),
        submit(story, read, story.answers_of(read), annotations=sent),
    ):
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["annotations[0]"])
    assert not ReadAnnotation.objects.filter(read=read).exists()


def test_a_submitted_read_has_its_annotations_and_a_correction_those_of_its_own() -> None:
    story = study_in(Stage.SESSION_1, cases=3, with_images=True)
    read, now = open_read(story), story.now
    done = submit(story, read, story.answers_of(read), annotations=[annotation(), note()])
    assert done.status_code == 200, done.content
    length, text = ReadAnnotation.objects.filter(read=read).order_by("uuid")
    assert (length.tool, length.values, length.text) == ("length", {"length_mm": 8.0}, "")
    assert (text.tool, text.values, text.text) == ("text", {}, "see the left side")
    image = read.assignment.study_case.case.series.get(role="T2W").images.get(index=2)
    assert {length.sop_uid, text.sop_uid} == {image.sop_uid}

    read.refresh_from_db()
    assert as_sent(read, into=read)["annotations"] == [annotation(), note()]
    asked = reopening_request(read_id=read.pk, reason="Wrong side.", by=read.reader, now=now)
    reopening_grant(reopening_id=asked.pk, decision="Granted.", by=story.people["coordinator"], now=now)
    assert draft_of(read)["annotations"] == [annotation(), note()]
    correction = correction_submit(
        read_id=read.pk,
        idempotency_key=uuid.UUID(int=77),
        answers=story.answers_of(read),
        measurements=[],
        annotations=[note()],
        reason="Wrong side.",
        by=read.reader,
        now=now,
    )
    assert [one.tool for one in ReadAnnotation.objects.filter(correction=correction)] == ["text"]
    assert ReadAnnotation.objects.filter(read=read, correction=None).count() == 2
    assert as_sent(read, into=read)["annotations"] == [note()]
