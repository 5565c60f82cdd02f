"""The model's output in the reading room: released by the protocol alone, and logged when it is shown."""

import gzip
import hashlib
import math
import uuid

import pytest

from backend.audit.models import AuditEvent
from backend.predictions.models import Disclosure
from backend.predictions.services import job_request
from backend.reads.access import shown_series
from backend.reads.models import Read
from tests.factories.bare import make_mask
from tests.factories.model import CARD, CUT_OFF, MODEL_ID, model_output, predicted, shown_on
from tests.factories.studies import START, Stage, StudyStory, aid_numbers, lock, study_in

from .observers import ask, at, client_of
from .test_draft import open_read

pytestmark = pytest.mark.django_db


def aid(story: StudyStory, read: Read, part: str = "reader1"):
    with at(story.now):
        return ask(client_of(story.people[part]), "GET", f"/api/reader/reads/{read.pk}/aid")


def session_2_open(story: StudyStory) -> Read:
    story.clock.pass_washout()
    return story.open_next("reader1")


def test_the_aid_of_an_aided_read_is_the_prediction_of_its_case() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    score, probability = aid_numbers(story.name, story.cases.index(read.assignment.study_case.case))
    shown = aid(story, read)
    assert shown.headers["Cache-Control"] == "no-store"
    body = shown.json()
    assert body["status"] == "available"
    assert (body["score"], body["probability"], body["cut_off"]) == (score, probability, CUT_OFF)
    assert body["is_positive"] is (score > CUT_OFF)
    assert body["model"] == {
        "id": MODEL_ID,
        "semver": CARD.semver,
        "title": CARD.title,
        "weights_status": CARD.weights_status,
        "digest": "d" * 64,
        "intended_use": CARD.intended_use,
        "training_data": CARD.training_data,
        "positive_rule": CARD.positive_rule,
        "calibration_note": CARD.calibration_note,
        "limits": list(CARD.limits),
        "references": [],
        "development_scores": {
            "source": "20 cases of the tests",
            "bin_edges": [-2.0, 0.0, 0.5, 2.0],
            "counts": [8, 4, 8],
            "counts_by_class": {},
            "is_demonstration": True,
        },
    }


def test_the_first_look_is_disclosed_and_later_ones_are_not_told_apart() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    assert not Disclosure.objects.exists()
    first, again = aid(story, read).json(), aid(story, read).json()
    assert first == again
    disclosure = Disclosure.objects.get()
    assert (disclosure.read, disclosure.at) == (read, story.now)
    assert disclosure.shown["probability"] == first["probability"]
    event = AuditEvent.objects.get(event="aid_disclosed")
    assert event.actor_name == read.reader.username
    assert str(first["probability"]) not in str(event.detail)


def test_a_later_prediction_does_not_change_what_was_shown() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    first = aid(story, read).json()
    case = read.assignment.study_case.case
    make_mask(case, content="drawn anew", at=story.clock.tick())
    predicted(case, model_output(1.5, probability=0.99), by=None, now=story.clock.tick())
    assert aid(story, read).json() == first


def overlay(story: StudyStory, read: Read, name: str = "influence", part: str = "reader1"):
    with at(story.now):
        address = f"/api/reader/reads/{read.pk}/aid/overlays/{name}"
        return ask(client_of(story.people[part]), "GET", address)


def mark_of(story: StudyStory, read: Read) -> bytes:
    return f"AID{story.name}{story.cases.index(read.assignment.study_case.case)}".encode()


def assert_as_unknown(story: StudyStory, answer, read: Read) -> None:
    """Not a byte tells it from the overlay of a read that never was."""
    with at(story.now):
        address = f"/api/reader/reads/{uuid.UUID(int=9)}/aid/overlays/influence"
        unknown = ask(client_of(story.people["reader1"]), "GET", address)
    assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    assert answer.status_code == 404
    nonce = "Content-Security-Policy"
    assert {**answer.headers, nonce: ""} == {**unknown.headers, nonce: ""}
    assert mark_of(story, read) not in answer.content


def test_the_overlays_of_the_output_lie_on_a_series_of_the_read() -> None:
    story = study_in(Stage.WASHOUT, with_images=True)
    read = session_2_open(story)
    region, heat = aid(story, read).json()["overlays"]
    series = shown_series(read)[heat["series"]]
    assert (region["name"], region["kind"], heat["name"], heat["kind"]) == (
        "region",
        "mask",
        "influence",
        "heat",
    )
    assert heat["shape"] == [series.slices, series.rows, series.columns]
    assert (heat["low"], heat["high"], heat["method"]) == ("low", "high", "tests/1")
    assert heat["note"] == f"Overlay note {mark_of(story, read).decode()}"
    shown = overlay(story, read)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Content-Type"] == "application/octet-stream"
    voxels = gzip.decompress(shown.content)
    assert len(voxels) == math.prod(heat["shape"])
    assert voxels.startswith(mark_of(story, read))
    disclosure = Disclosure.objects.get()
    assert disclosure.shown["overlay_digests"].keys() == {"region", "influence"}
    assert disclosure.shown["overlay_digests"]["influence"] == hashlib.sha256(voxels).hexdigest()


def test_no_overlay_before_the_output_itself_was_shown() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    assert_as_unknown(story, overlay(story, read), read)
    assert not Disclosure.objects.exists()
    assert aid(story, read).status_code == 200
    assert overlay(story, read).status_code == 200
    assert_as_unknown(story, overlay(story, read, "no-such-overlay"), read)


def test_an_overlay_is_of_the_output_that_was_shown_and_of_no_later_one() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    told, voxels = aid(story, read).json()["overlays"], overlay(story, read).content
    case = read.assignment.study_case.case
    make_mask(case, content="drawn anew", at=story.clock.tick())
    later = shown_on(case, model_output(1.5, probability=0.99), mark="LATER")
    predicted(case, later, by=None, now=story.clock.tick())
    assert aid(story, read).json()["overlays"] == told
    assert overlay(story, read).content == voxels


def test_no_overlay_in_the_unaided_arm() -> None:
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    assert_as_unknown(story, overlay(story, read), read)


def test_no_overlay_of_another_readers_read() -> None:
    story = study_in(Stage.SESSION_2)
    read = open_read(story, "reader2")
    assert Disclosure.objects.filter(read=read).exists()
    assert_as_unknown(story, overlay(story, read), read)


def test_no_overlay_once_the_read_is_submitted_or_the_study_locked() -> None:
    story = study_in(Stage.SESSION_2)
    read = open_read(story)
    assert overlay(story, read).status_code == 200
    story.submit(read, story.answers_of(read))
    assert_as_unknown(story, overlay(story, read), read)
    other = open_read(story, "reader2")
    assert overlay(story, other, part="reader2").status_code == 200
    lock(story, reason="The study ends early.")
    assert overlay(story, other, part="reader2").status_code == 404


def test_no_aid_in_the_unaided_arm() -> None:
    story = study_in(Stage.SESSION_1)
    assert aid(story, open_read(story)).status_code == 404
    assert not Disclosure.objects.exists()


def test_no_aid_of_another_readers_read() -> None:
    story = study_in(Stage.SESSION_2)
    count = Disclosure.objects.count()
    assert aid(story, open_read(story, "reader2"), "reader1").status_code == 404
    assert Disclosure.objects.count() == count


def test_no_aid_once_the_read_is_submitted() -> None:
    story = study_in(Stage.WASHOUT)
    read = session_2_open(story)
    assert aid(story, read).status_code == 200
    story.submit(read, story.answers_of(read))
    assert aid(story, read).status_code == 404


def test_no_aid_once_the_study_is_locked() -> None:
    story = study_in(Stage.SESSION_2)
    read = open_read(story)
    assert aid(story, read).status_code == 200
    lock(story, reason="The study ends early.")
    assert aid(story, read).status_code == 404


def test_an_aided_case_opens_once_the_model_has_answered() -> None:
    story = study_in(Stage.WASHOUT, cases=2)
    for case in story.cases:
        make_mask(case, content=f"anew {case.number}", at=story.clock.tick())
        job_request(case=case, model_id=MODEL_ID, by=None, now=START)
    story.clock.pass_washout()
    with at(story.now):
        answer = ask(client_of(story.people["reader1"]), "POST", f"/api/reader/studies/{story.slug}/next")
    assert (answer.status_code, answer.json()["code"]) == (409, "model_output_pending")
    assert Read.objects.filter(reader=story.people["reader1"]).count() == 2
