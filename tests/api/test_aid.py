"""The model's output in the reading room: released by the protocol alone, and logged when it is shown."""

import pytest

from backend.audit.models import AuditEvent
from backend.predictions.models import Disclosure
from backend.predictions.services import job_request
from backend.reads.models import Read
from tests.factories.bare import make_mask
from tests.factories.model import CARD, CUT_OFF, MODEL_ID, model_output, predicted
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
