"""Who gets a model's output, and when. The same world stands behind every yes and every no."""

from datetime import timedelta

import pytest
from django.db import transaction

from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions import release, services
from backend.predictions.job_states import NOT_OF_THE_CASE, FailureKind
from backend.predictions.models import Disclosure
from backend.predictions.selectors import models_for_freeze
from backend.reads.access import access_read
from backend.reads.models import Read
from backend.reads.services import read_open_next, read_submit
from backend.studies.models import ReaderStudy, ReadingSession
from backend.studies.services import case_add, member_enroll, study_create, study_freeze
from tests.factories.bare import T0, finished_job, make_case, make_mask, make_user, make_version
from tests.factories.reading import answers, submission

pytestmark = pytest.mark.django_db
WASHOUT = timedelta(days=28)
LATER = T0 + WASHOUT + timedelta(hours=1)


@pytest.fixture
def reader():
    return make_user("reader")


@pytest.fixture
def study(reader):
    make_version()
    study = study_create(slug="nodes", title="Nodes", template="lpln-radiomics", by=None, now=T0)
    member_enroll(study=study, user=reader, role=Role.READER, by=None, now=T0)
    case = make_case("A-0001", is_synthetic=True)
    make_mask(case)
    case_add(study=study, case=case, by=None, now=T0)
    return study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=T0)


@pytest.fixture
def unaided(study, reader):
    return read_open_next(slug=study.slug, by=reader, now=T0)


@pytest.fixture
def aided(study, reader, unaided):
    read_submit(read_id=unaided.pk, by=reader, now=T0, **submission(answers(3)))
    return access_read(by=reader, read_id=read_open_next(slug=study.slug, by=reader, now=LATER).pk)


def aid(read, by, now=LATER):
    return release.aid_for(read=access_read(by=read.reader, read_id=read.pk), by=by, now=now)


def case_of(read):
    return read.assignment.study_case.case


def test_the_aided_reader_gets_the_output_with_all_that_qualifies_it(aided, reader):
    prediction = finished_job(case_of(aided), -0.3, probability=0.4256)
    shown = aid(aided, reader)
    assert shown == {
        "model": {
            "id": "lpln-radiomics",
            "semver": "1.0.0",
            "digest": prediction.model_version.digest,
            "title": "Lateral node score",
            "weights_status": "published-coefficients",
            "intended_use": "",
            "training_data": "",
            "positive_rule": "",
            "calibration_note": "",
            "limits": [],
            "references": [],
            "development_scores": None,
        },
        "status": "available",
        "score": -0.3,
        "probability": 0.4256,
        "probability_note": "Inverse logit of the score.",
        "cut_off": -0.47,
        "is_positive": True,
        "near_cut_off": True,
        "numeric_uncertainty": 0.1,
        "notes": ["Few voxels.", "ComBat: not applied."],
        "synthetic": True,
        "overlays": [],
    }


def test_a_missing_prediction_is_said_and_is_no_number(aided, reader):
    shown = aid(aided, reader)
    assert shown["status"] == "missing"
    assert [shown[key] for key in ("score", "probability", "is_positive", "near_cut_off")] == [None] * 4
    assert not Disclosure.objects.exists()


def test_the_first_look_is_logged_with_what_was_shown_and_later_looks_are_not(aided, reader):
    prediction = finished_job(case_of(aided), 0.8, probability=0.69)
    aid(aided, reader)
    aid(aided, reader, now=LATER + timedelta(minutes=1))
    disclosure = Disclosure.objects.get()
    assert (disclosure.read_id, disclosure.prediction_id, disclosure.at) == (aided.pk, prediction.pk, LATER)
    assert (disclosure.shown["score"], disclosure.shown["probability"]) == (0.8, 0.69)
    assert disclosure.shown["digest"] == prediction.model_version.digest
    event = AuditEvent.objects.get(event="aid_disclosed")
    assert event.actor_name == "reader"
    assert event.detail == {
        "model": "lpln-radiomics",
        "semver": "1.0.0",
        "digest": prediction.model_version.digest,
    }


def test_a_disclosure_that_cannot_be_logged_is_not_made(aided, reader, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("the trail cannot be written")

    finished_job(case_of(aided), 0.8)
    monkeypatch.setattr(release, "record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        aid(aided, reader)
    assert not Disclosure.objects.exists()


def test_what_was_disclosed_first_is_shown_again_whatever_was_computed_since(aided, reader):
    finished_job(case_of(aided), 0.8)
    aid(aided, reader)
    make_mask(case_of(aided), content="redrawn", at=LATER)
    finished_job(case_of(aided), -2.0, now=LATER)
    assert aid(aided, reader)["score"] == 0.8
    assert Disclosure.objects.count() == 1


def test_the_version_is_the_one_that_the_protocol_froze(aided, reader):
    finished_job(case_of(aided), 0.8)
    make_version(semver="2.0.0", at=LATER)
    finished_job(case_of(aided), -2.0, now=LATER)
    shown = aid(aided, reader)
    assert (shown["score"], shown["model"]["semver"]) == (0.8, "1.0.0")


def test_the_unaided_read_gets_nothing(unaided, reader):
    finished_job(case_of(access_read(by=reader, read_id=unaided.pk)), 0.8)
    with pytest.raises(NotFound):
        aid(unaided, reader)
    assert not Disclosure.objects.exists()


def test_nobody_else_gets_the_output(aided):
    finished_job(case_of(aided), 0.8)
    with pytest.raises(NotFound):
        aid(aided, make_user("other"))


def test_a_submitted_read_gets_nothing_more(aided, reader):
    finished_job(case_of(aided), 0.8)
    read_submit(read_id=aided.pk, by=reader, now=LATER, **submission(answers(4)))
    with pytest.raises(NotFound):
        aid(aided, reader)


def test_a_locked_study_gives_nothing_to_its_readers(aided, reader):
    finished_job(case_of(aided), 0.8)
    ReaderStudy.objects.update(
        phase="LOCKED",
        lock_requested_at=LATER,
        lock_requested_by=make_user("first"),
        locked_at=LATER,
        locked_by=make_user("second"),
    )
    with pytest.raises(NotFound):
        aid(aided, reader)


def test_a_study_in_design_gives_nothing(aided, reader):
    finished_job(case_of(aided), 0.8)
    ReaderStudy.objects.update(phase="DESIGN", frozen_at=None, protocol_sha256="")
    with pytest.raises(NotFound):
        aid(aided, reader)


def test_a_session_that_is_not_open_gives_nothing(aided, reader):
    finished_job(case_of(aided), 0.8)
    ReadingSession.objects.filter(status="OPEN").update(status="VOIDED")
    with pytest.raises(NotFound):
        aid(aided, reader)


def test_a_session_without_a_model_gives_nothing(aided, reader):
    finished_job(case_of(aided), 0.8)
    Read.objects.update(arm="unaided")
    aided.refresh_from_db()
    with pytest.raises(NotFound):
        aid(aided, reader)


def test_jobs_request_for_study_asks_for_every_case_in_the_frozen_version(study):
    make_version(semver="2.0.0", at=LATER)
    requested = services.jobs_request_for_study(study=study, by=None, now=LATER)
    again = services.jobs_request_for_study(study=study, by=None, now=LATER)
    assert (requested.queued, requested.existing) == (1, 0)
    assert (again.queued, again.existing) == (0, 1)
    job = services.InferenceJob.objects.get()
    assert job.model_version.semver == "1.0.0"
    assert AuditEvent.objects.get(event="inference_requested").study_id == study.pk


def test_nothing_is_disclosed_in_a_read_that_was_submitted_meanwhile(aided, reader):
    finished_job(case_of(aided), -0.3)
    looked_up = access_read(by=reader, read_id=aided.pk)
    read_submit(read_id=aided.pk, by=reader, now=LATER, **submission(answers(3)))
    with pytest.raises(NotFound):
        release.aid_for(read=looked_up, by=reader, now=LATER)
    assert not Disclosure.objects.exists()


def opens_aided(study, reader):
    try:
        release.read_open_next_with_aid(slug=study.slug, by=reader, now=LATER)
    except RuleBroken as broken:
        return broken.code
    return "open"


@pytest.mark.parametrize(
    ("code", "is_answer"),
    [
        ("mask_too_small", True),
        ("not_a_volume", True),
        ("bug", True),
        ("worker_lost", True),
        *[(code, False) for code in sorted(NOT_OF_THE_CASE)],
    ],
)
def test_a_failure_opens_the_aided_case_only_if_it_is_one_of_the_case(
    study, reader, unaided, code, is_answer
):
    read_submit(read_id=unaided.pk, by=reader, now=T0, **submission(answers(3)))
    job, _ = services.job_request(case=case_of(unaided), model_id="lpln-radiomics", by=None, now=T0)
    services.job_claim(job_id=job.pk, owner="one", now=T0)
    services.job_fail(job_id=job.pk, owner="one", kind=FailureKind.INPUT, code=code, text="It is so.", now=T0)
    assert opens_aided(study, reader) == ("open" if is_answer else "model_output_pending")


def test_a_cancelled_run_does_not_open_the_aided_case(study, reader, unaided):
    read_submit(read_id=unaided.pk, by=reader, now=T0, **submission(answers(3)))
    job, _ = services.job_request(case=case_of(unaided), model_id="lpln-radiomics", by=None, now=T0)
    services.job_cancel(job_id=job.pk, by=None, now=T0)
    assert opens_aided(study, reader) == "model_output_pending"
