"""From submitted reads to results: what is frozen, what is computed, what is given out and when."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from itertools import product

import pytest

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.analysis.study_report import study_report
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions import services as prediction_services
from backend.predictions.release import aid_for
from backend.predictions.selectors import models_for_freeze
from backend.reads.access import access_read
from backend.reads.services import read_open_next, read_submit
from backend.reports import services
from backend.reports.dataset import dataset_of
from backend.reports.models import FrozenDataset, ResultFile, ResultRun
from backend.reports.selectors import result_file, study_results
from backend.studies.models import ReaderStudy
from backend.studies.services import (
    case_add,
    member_enroll,
    study_create,
    study_freeze,
    study_lock_request,
    study_lock_withdraw,
)
from backend.truth.services import truth_enter
from tests.factories.bare import T0, fail_job, finished_job, make_case, make_mask, make_user, make_version
from tests.factories.reading import answers, submission

pytestmark = pytest.mark.django_db
LATER = T0 + timedelta(days=29)
LOCKED_AT = LATER + timedelta(days=1)
FILES = [
    "auc.csv",
    "comparisons.csv",
    "consensus.csv",
    "deviations.csv",
    "kappa.csv",
    "operating_points.csv",
    "reads.csv",
    "roc.png",
    "roc.svg",
    "roc_points.csv",
]

TRUTH = {"A-0001": True, "A-0002": True, "A-0003": True, "B-0001": False, "B-0002": False, "B-0003": False}
SCORES = {"A-0001": 1.0, "A-0002": -0.2, "A-0003": -0.6, "B-0001": -0.5, "B-0002": -1.5, "B-0003": -2.0}
RATINGS = {
    ("zoe", 1): {"A-0001": 5, "A-0002": 3, "A-0003": 2, "B-0001": 3, "B-0002": 1, "B-0003": 4},
    ("zoe", 2): {"A-0001": 5, "A-0002": 4, "A-0003": 4, "B-0001": 3, "B-0002": 1, "B-0003": 2},
    ("amy", 1): {"A-0001": 4, "A-0002": 4, "A-0003": 3, "B-0001": 2, "B-0002": 2, "B-0003": 5},
    ("amy", 2): {"A-0001": 5, "A-0002": 4, "A-0003": 3, "B-0001": 2, "B-0002": 1, "B-0003": 3},
}


@pytest.fixture
def study():
    """Six cases of two centers, two readers; zoe was enrolled first. The model's job for one case failed."""
    make_version()
    study = study_create(slug="nodes", title="Nodes", template="lpln-radiomics", by=None, now=T0)
    for offset, name in enumerate(("zoe", "amy")):
        member_enroll(
            study=study, user=make_user(name), role=Role.READER, by=None, now=T0 + timedelta(minutes=offset)
        )
    for number in TRUTH:
        case = make_case(number, center=number[0], is_synthetic=True)
        make_mask(case, content=number)
        case_add(study=study, case=case, by=None, now=T0)
        if number == "B-0003":
            job, _ = prediction_services.job_request(case=case, model_id="lpln-radiomics", by=None, now=T0)
            fail_job(job, code="mask_too_small", text="The node has 12 voxels of 1 mm.")
        else:
            finished_job(case, SCORES[number], probability=0.5 + SCORES[number] / 10)
    return study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=T0)


@pytest.fixture
def read_study(study):
    """The same, read completely by both readers in both sessions."""
    for reader, (ordinal, now) in product(readers(study), ((1, T0), (2, LATER))):
        for _ in TRUTH:
            read_one(study, reader, ordinal, now)
    return study


@pytest.fixture
def locked_study(read_study):
    enter_truth(read_study)
    lock(read_study)
    return ReaderStudy.objects.get()


def lock(study, reason=""):
    """One person asks, another confirms."""
    for part in ("first", "second"):
        User.objects.get_or_create(username=part)
    if ReaderStudy.objects.get().lock_requested_at is None:
        by = User.objects.get(username="first")
        study_lock_request(study_id=study.pk, reason=reason, by=by, now=LOCKED_AT)
    services.study_lock_and_report(study_id=study.pk, by=User.objects.get(username="second"), now=LOCKED_AT)


def readers(study):
    return [member.user for member in study.members.filter(role=Role.READER).select_related("user")]


def read_one(study, reader, ordinal, now):
    read = access_read(by=reader, read_id=read_open_next(slug=study.slug, by=reader, now=now).pk)
    number = read.assignment.study_case.case.number
    if ordinal == 2:
        aid_for(read=read, by=reader, now=now)
    given = answers(RATINGS[reader.username, ordinal][number], comment="=1+1" if number == "A-0001" else None)
    read_submit(read_id=read.pk, by=reader, now=now, **submission(given))


def enter_truth(study, *, without=()):
    for study_case in study.study_cases.select_related("case"):
        number = study_case.case.number
        if number not in without:
            truth_enter(
                study_case=study_case, is_positive=TRUTH[number], source="pathology", by=None, now=LATER
            )


def auc_by_counting(scores):
    """Pairs of a positive and a negative case, the positive higher; ties one half."""
    pairs = [(scores[p], scores[n]) for p in scores if TRUTH[p] for n in scores if not TRUTH[n]]
    return sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs) / len(pairs)


def reads_rows(study):
    body, _ = result_file(study, "reads.csv")
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_the_curves_are_those_of_the_readers_and_the_model(locked_study):
    codes = {"zoe": "R1", "amy": "R2"}
    arms = {1: "unaided", 2: "aided"}
    expected = {
        (codes[name], arms[ordinal]): auc_by_counting(ratings) for (name, ordinal), ratings in RATINGS.items()
    }
    predicted = {number: score for number, score in SCORES.items() if number != "B-0003"}
    expected["lpln-radiomics", None] = auc_by_counting(predicted)
    report = study_results(locked_study)
    found = {
        (curve["curve"]["name"], curve["curve"]["arm"]): curve["auc"]["auc"] for curve in report["curves"]
    }
    assert found == pytest.approx(expected)
    assert report["is_synthetic"] is True
    assert (report["n_positive"], report["n_negative"]) == (3, 3)


def test_a_failed_prediction_is_missing_with_its_reason_and_never_a_number(locked_study):
    (model,) = FrozenDataset.objects.get().document["models"]
    assert model["missing"] == [{"case": "B-0003", "reason": "The node has 12 voxels of 1 mm."}]
    assert [one["case"] for one in model["predictions"]] == sorted(set(TRUTH) - {"B-0003"})
    curve = next(
        one for one in study_results(locked_study)["curves"] if one["curve"]["name"] == "lpln-radiomics"
    )
    assert curve["dropped"] == [{"case": "B-0003", "reason": "no prediction of lpln-radiomics"}]


def test_nobody_is_named_in_what_is_frozen_or_given_out(locked_study):
    secrets = [b"zoe", b"amy", b"Zoe", b"Amy"]
    # Compressed pixels hold any three letters by chance; the SVG beside them has the same words as outlines.
    texts = [name for name in ["results.json", *FILES] if not name.endswith(".png")]
    bodies = [result_file(locked_study, name)[0] for name in texts]
    bodies.append(FrozenDataset.objects.get().content.encode())
    assert not [secret for secret in secrets for body in bodies if secret in body]


def test_the_digest_is_that_of_the_frozen_bytes_and_everything_bears_it(locked_study):
    dataset = FrozenDataset.objects.get()
    assert dataset.content_sha256 == hashlib.sha256(dataset.content.encode()).hexdigest()
    provenance = study_results(locked_study)["provenance"]
    assert provenance["frozen_dataset_sha256"] == dataset.content_sha256
    assert provenance["protocol_sha256"] == locked_study.protocol_sha256
    assert set(provenance["versions"]) == {"reading-room", "python", "numpy", "scipy", "matplotlib"}
    event = AuditEvent.objects.get(event="dataset_frozen")
    assert event.detail == {"sha256": dataset.content_sha256}


def test_computing_again_gives_the_same_bytes(locked_study):
    first = ResultRun.objects.get()
    second = services.results_run(
        dataset=FrozenDataset.objects.get(), by=None, now=LOCKED_AT + timedelta(days=1)
    )
    assert second.report == first.report
    for name in FILES:
        bodies = {bytes(one.body) for one in ResultFile.objects.filter(name=name)}
        assert len(bodies) == 1, name


def test_reads_csv_is_tidy_and_holds_what_was_answered_and_shown(locked_study):
    rows = reads_rows(locked_study)
    questions = [question["key"] for question in locked_study.protocol["form"]["questions"]]
    assert len(rows) == 2 * 2 * len(TRUTH) * len(questions)
    rating = {
        (row["reader"], row["session"], row["case"]): row for row in rows if row["question"] == "rating"
    }
    for (name, ordinal), ratings in RATINGS.items():
        code = "R1" if name == "zoe" else "R2"
        for number, value in ratings.items():
            assert rating[code, str(ordinal), number]["value"] == str(value)
    unaided, aided, unshown = (
        rating["R1", "1", "A-0002"],
        rating["R1", "2", "A-0002"],
        rating["R1", "2", "B-0003"],
    )
    assert (unaided["arm"], unaided["disclosed_model"], unaided["disclosed_value"]) == ("unaided", "", "")
    assert (aided["arm"], aided["disclosed_model"], aided["disclosed_value"]) == (
        "aided",
        "lpln-radiomics",
        "0.48",
    )
    assert (unshown["disclosed_model"], unshown["disclosed_value"]) == ("", "")
    assert unaided["label"] == "Possibly malignant"
    assert (unaided["active_s"], unaided["wall_s"], unaided["clicks"]) == ("41.25", "60.5", "12")
    derived = next(row for row in rows if row["question"] == "criterion_short_axis")
    assert (derived["value"], derived["label"]) == ("true", "yes")
    assert {row["value"] for row in rows if row["question"] == "comment"} == {"", "'=1+1"}


def test_every_file_comes_with_its_type(locked_study):
    assert sorted(ResultFile.objects.values_list("name", flat=True)) == FILES
    body, content_type = result_file(locked_study, "results.json")
    assert content_type == "application/json"
    assert json.loads(body) == study_results(locked_study)
    assert result_file(locked_study, "roc.png")[0].startswith(b"\x89PNG")
    assert result_file(locked_study, "roc.svg")[1] == "image/svg+xml"
    with pytest.raises(NotFound):
        result_file(locked_study, "truth.csv")


def test_the_report_is_the_one_of_the_frozen_document_alone(locked_study):
    document = FrozenDataset.objects.get().document
    again = study_report(dataset_of(document))
    shuffled = study_report(dataset_of({**document, "reads": document["reads"][::-1]}))
    assert again == shuffled
    assert json.loads(ResultRun.objects.get().report)["dataset_sha256"] == again.dataset_sha256


def test_frozen_rows_are_never_changed_or_deleted(locked_study):
    for row in (FrozenDataset.objects.get(), ResultRun.objects.get(), ResultFile.objects.first()):
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            row.delete()


def test_there_are_no_results_before_the_lock(read_study):
    enter_truth(read_study)
    for ask in (lambda: study_results(read_study), lambda: result_file(read_study, "auc.csv")):
        with pytest.raises(RuleBroken, match="not_locked"):
            ask()
    with pytest.raises(RuleBroken, match="not_locked"):
        services.dataset_freeze(study=read_study, by=None, now=LATER)
    assert not FrozenDataset.objects.exists()


def test_a_study_is_not_locked_without_the_truth_of_every_case(read_study):
    enter_truth(read_study, without={"A-0002", "B-0001"})
    with pytest.raises(RuleBroken, match="truth_missing") as caught:
        lock(read_study, "time is up")
    assert caught.value.extra == {"missing": 2}
    assert ReaderStudy.objects.get().phase == "READING"


def test_missing_reads_need_a_reason_which_the_results_repeat(study):
    enter_truth(study)
    reader = readers(study)[0]
    for _ in range(4):
        read_one(study, reader, 1, T0)
    for reason in ("", "  "):
        with pytest.raises(RuleBroken, match="reads_missing") as caught:
            lock(study, reason)
        assert caught.value.extra == {"missing": 20}
        study_lock_withdraw(study_id=study.pk, by=User.objects.get(username="first"), now=LOCKED_AT)
    lock(study, "The second reader fell ill.")
    locked = ReaderStudy.objects.get()
    report = study_results(locked)
    assert report["provenance"]["lock_reason"] == "The second reader fell ill."
    assert report["readers"] == ["R1" if reader.username == "zoe" else "R2"]


def test_locking_twice_is_refused(locked_study):
    with pytest.raises(RuleBroken, match="study_phase"):
        lock(locked_study)
    assert FrozenDataset.objects.count() == 1


def test_a_lock_whose_results_cannot_be_computed_does_not_stand(read_study, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("the disk is full")

    enter_truth(read_study)
    monkeypatch.setattr(services, "results_run", broken)
    with pytest.raises(RuntimeError):
        lock(read_study)
    assert ReaderStudy.objects.get().phase == "READING"
    assert not FrozenDataset.objects.exists()


def test_a_document_that_contradicts_itself_is_refused_by_name(locked_study):
    document = FrozenDataset.objects.get().document
    document["reads"][0]["answers"]["rating"] = 9
    dataset = FrozenDataset.objects.create(
        study=locked_study, content=json.dumps(document), content_sha256="x", frozen_at=LOCKED_AT
    )
    with pytest.raises(RuleBroken, match="score 9 is not on") as caught:
        services.results_run(dataset=dataset, by=None, now=LOCKED_AT)
    assert caught.value.code == "analysis_impossible"
    assert ResultRun.objects.count() == 1
