"""An analysis run moves by its table: asked for once, held by one worker, ended once, never lost."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions.sweep import Swept
from backend.reports import analysis_runner, analysis_runs, analysis_sweep, services
from backend.reports.analysis_selectors import (
    MAX_RUNS,
    analysis_file,
    analysis_file_rows,
    analysis_runs_of,
    is_default,
)
from backend.reports.models import AnalysisFile, AnalysisRun, FrozenDataset, ResultRun
from backend.reports.run_states import ATTEMPTS, ENDED, TRANSITIONS, RunState
from tests.factories.studies import Stage, study_in

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
PATIENCE = timedelta(seconds=settings.JOB_SWEEP_SECONDS)
FILES = {"results.json": b"{}", "figures/one.svg": b"<svg/>", "SHA256SUMS": b"0  results.json\n"}


@pytest.fixture
def story():
    return study_in(Stage.LOCKED, cases=2)


@pytest.fixture
def run(story):
    """The run that the lock asked for."""
    return AnalysisRun.objects.get()


@pytest.fixture
def messages(monkeypatch):
    """Notes whom a message would wake, in place of the broker that the worker tests use for real."""
    sent = []

    def note(run, *, now):
        sent.append(run.pk)
        return True

    monkeypatch.setattr(analysis_sweep, "wake", note)
    return sent


def claim(run, now, owner="one"):
    return analysis_runs.analysis_claim(run_id=run.pk, owner=owner, now=now)


def finish(run, now, owner="one", files=FILES):
    return analysis_runs.analysis_finish(
        run_id=run.pk, owner=owner, files=files, versions={"python": "3"}, now=now
    )


def fail(run, now, owner="one", text="It broke."):
    return analysis_runs.analysis_fail(run_id=run.pk, owner=owner, code="bug", text=text, now=now)


def state(run):
    run.refresh_from_db()
    return run.state


def events():
    found = AuditEvent.objects.filter(event__startswith="analysis_").order_by("id")
    return list(found.values_list("event", flat=True))


def test_the_lock_asks_for_the_default_run(story, run):
    assert (run.state, run.analysis_set, run.level) == (RunState.QUEUED, "as-read", 0.95)
    assert is_default(run)
    assert run.asked_by == story.people["statistician"]
    assert run.dataset == FrozenDataset.objects.get()
    assert events() == ["analysis_asked"]


def test_a_lock_that_cannot_ask_is_no_lock(monkeypatch):
    story = study_in(Stage.SESSION_2, cases=2)

    def refuse(**_):
        raise RuntimeError

    monkeypatch.setattr(services, "analysis_ask", refuse)
    by, now = story.people["coordinator"], story.clock.tick()
    services.study_lock_request(study_id=story.study.pk, reason="Drafts are left.", by=by, now=now)
    with pytest.raises(RuntimeError):
        services.study_lock_and_report(study_id=story.study.pk, by=story.people["statistician"], now=now)
    assert story.refresh().study.phase == "READING"
    assert not ResultRun.objects.exists()


def test_the_same_question_is_the_same_run_while_it_is_open(story, run):
    def ask(**options):
        return analysis_runs.analysis_ask(study=story.study, by=None, now=story.clock.tick(), **options)

    assert ask() == run
    claim(run, story.now)
    assert ask() == run
    others = [ask(level=0.9), ask(seed=1), ask(analysis_set="per-protocol")]
    assert len({run.pk, *(one.pk for one in others)}) == 4
    assert not any(is_default(one) for one in others)
    finish(run, story.now)
    again = ask()
    assert again != run
    assert analysis_runs_of(story.study)[0].pk == again.pk
    rows = {"dataset": run.dataset, "level": again.level, "seed": again.seed, "analysis_set": "as-read"}
    with pytest.raises(IntegrityError), transaction.atomic():
        AnalysisRun.objects.create(**rows, asked_at=story.now)


@pytest.mark.parametrize(
    "asked",
    [
        {"level": 0.79},
        {"level": 0.9991},
        {"level": float("nan")},
        {"seed": -1},
        {"seed": 2**31},
        {"analysis_set": "all"},
    ],
)
def test_what_may_not_be_asked_for_is_refused(story, asked):
    with pytest.raises(RuleBroken, match="analysis_out_of_range"):
        analysis_runs.analysis_ask(study=story.study, by=None, now=story.now, **asked)


def test_nothing_is_asked_of_a_study_that_is_not_locked():
    story = study_in(Stage.WASHOUT, cases=2)
    with pytest.raises(RuleBroken, match="not_locked"):
        analysis_runs.analysis_ask(study=story.study, by=None, now=story.now)
    with pytest.raises(RuleBroken, match="not_locked"):
        analysis_runs_of(story.study)


def test_one_worker_gets_the_run_and_keeps_it_by_its_lease(story, run):
    now = story.now
    assert claim(run, now).attempt == 1
    assert claim(run, now + LEASE, owner="two") is None
    assert analysis_runs.analysis_heartbeat(run_id=run.pk, owner="one", now=now + LEASE)
    assert claim(run, now + 2 * LEASE, owner="two") is None
    assert claim(run, now + 2 * LEASE + SECOND, owner="two").attempt == 2
    assert not analysis_runs.analysis_heartbeat(run_id=run.pk, owner="one", now=now)
    assert not analysis_runs.analysis_progress(run_id=run.pk, owner="one", done=1, total=2, title="ROC")
    assert not finish(run, now)
    assert not fail(run, now)
    assert not AnalysisFile.objects.exists()
    assert finish(run, now, owner="two")
    assert events() == ["analysis_asked", "analysis_done"]


def test_progress_is_in_the_row(story, run):
    claim(run, story.now)
    assert analysis_runs.analysis_progress(run_id=run.pk, owner="one", done=3, total=13, title="ROC analysis")
    run.refresh_from_db()
    assert (run.sections_done, run.sections_total, run.section) == (3, 13, "ROC analysis")
    finish(run, story.now)
    run.refresh_from_db()
    assert (run.sections_done, run.section) == (13, "")


def test_files_are_given_out_once_the_run_is_done_and_never_change(story, run):
    with pytest.raises(RuleBroken, match="not_done"):
        analysis_file_rows(story.study, run.pk)
    claim(run, story.now)
    finish(run, story.now)
    rows = analysis_file_rows(story.study, run.pk)
    assert [(one["path"], one["bytes"], one["content_type"]) for one in rows] == [
        ("SHA256SUMS", 16, "text/plain; charset=utf-8"),
        ("figures/one.svg", 6, "image/svg+xml"),
        ("results.json", 2, "application/json"),
    ]
    assert analysis_file(story.study, run.pk, "results.json").body == b"{}"
    for path in ("results", "../results.json", "figures"):
        with pytest.raises(NotFound):
            analysis_file(story.study, run.pk, path)
    with pytest.raises(TypeError, match="never changed"):
        AnalysisFile.objects.first().save()
    with pytest.raises(IntegrityError), transaction.atomic():
        AnalysisFile.objects.update(body=b"")


def test_a_run_of_another_study_is_not_found(story, run):
    other = study_in(Stage.LOCKED, name="BETA", cases=2)
    claim(run, story.now)
    finish(run, story.now)
    with pytest.raises(NotFound):
        analysis_file(other.study, run.pk, "results.json")


def test_files_and_their_event_stand_or_fall_together(story, run, monkeypatch):
    claim(run, story.now)

    def refuse(**_):
        raise RuntimeError

    monkeypatch.setattr(analysis_runs, "record", refuse)
    with pytest.raises(RuntimeError):
        finish(run, story.now)
    assert state(run) == RunState.RUNNING
    assert not AnalysisFile.objects.exists()


def test_a_failed_run_says_why_and_its_trail_says_the_kind_alone(story, run):
    claim(run, story.now)
    assert fail(run, story.now, text="The dataset cannot be analyzed: case A-0001 stands there twice.")
    assert state(run) == RunState.FAILED
    assert (run.error_code, run.error[:11]) == ("bug", "The dataset")
    event = AuditEvent.objects.get(event="analysis_failed")
    assert event.detail == {"dataset": run.dataset.content_sha256, "set": "as-read", "reason": "bug"}
    with pytest.raises(RuleBroken, match="failed"):
        analysis_file(story.study, run.pk, "results.json")
    assert claim(run, story.now) is None


def test_the_list_is_short(story, run):
    rows = [
        AnalysisRun(dataset=run.dataset, level=0.9, seed=seed, analysis_set="as-read", asked_at=story.now)
        for seed in range(MAX_RUNS + 5)
    ]
    AnalysisRun.objects.bulk_create(rows)
    assert len(analysis_runs_of(story.study)) == MAX_RUNS


# ------------------------------------------------------------------------------------------------ the runner
def broken(story, content, *, sha=None):
    """A run of a dataset that does not hold together."""
    dataset = FrozenDataset.objects.create(
        study=story.study,
        content=content,
        content_sha256=sha or services.hashlib.sha256(content.encode()).hexdigest(),
        frozen_at=story.clock.tick(),
    )
    run = analysis_runs.analysis_ask(study=story.study, by=None, now=story.now)
    assert run.dataset == dataset
    analysis_runner.run(run_id=run.pk, owner="one")
    run.refresh_from_db()
    return run


def test_a_dataset_that_contradicts_itself_is_a_failed_run_in_plain_words(story, run):
    document = run.dataset.document
    number = document["reads"][0]["case"]
    del document["truth"][number]
    failed = broken(story, services.canonical_json(document))
    assert (failed.state, failed.error_code) == (RunState.FAILED, "unknown_case")
    assert failed.error.startswith("The dataset cannot be analyzed: ")
    assert failed.error.endswith(f"case {number} is not in truth.csv.")


def test_a_dataset_that_is_not_what_was_frozen_is_not_analyzed(story, run):
    failed = broken(story, run.dataset.content, sha="0" * 64)
    assert failed.error_code == "dataset_damaged"


def test_an_unforeseen_error_is_told_by_its_type_and_logged_without_words(story, run, caplog):
    document = run.dataset.document
    document["form"] = "CANARY"
    failed = broken(story, services.canonical_json(document))
    assert (failed.error_code, failed.error) == ("bug", "The analysis broke off: TypeError.")
    assert "TypeError" in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize(
    ("error", "code"), [(MemoryError(), "resources"), (SoftTimeLimitExceeded(), "time_limit")]
)
def test_a_want_of_resources_is_told(story, run, monkeypatch, error, code):
    def refuse(*_):
        raise error

    monkeypatch.setattr(analysis_runner, "_compute", refuse)
    analysis_runner.run(run_id=run.pk, owner="one")
    assert (state(run), run.error_code) == (RunState.FAILED, code)


def test_a_database_that_is_away_leaves_the_run_to_its_lease(story, run, monkeypatch):
    def away(*_):
        raise OperationalError

    monkeypatch.setattr(analysis_runner, "_compute", away)
    analysis_runner.run(run_id=run.pk, owner="one")
    assert state(run) == RunState.RUNNING
    assert claim(run, run.lease_expires_at + SECOND, owner="two") is not None


def test_an_attempt_that_lost_its_run_stops_and_stores_nothing(story, run, monkeypatch):
    """Another worker takes the run between two sections."""
    progress = analysis_runs.analysis_progress

    def taken(**options):
        AnalysisRun.objects.update(owner="two")
        return progress(**options)

    monkeypatch.setattr(analysis_runs, "analysis_progress", taken)
    analysis_runner.run(run_id=run.pk, owner="one")
    assert (state(run), run.owner) == (RunState.RUNNING, "two")
    assert not AnalysisFile.objects.exists()


def test_a_run_that_has_ended_is_not_run_again(story, run):
    claim(run, story.now)
    finish(run, story.now)
    analysis_runner.run(run_id=run.pk, owner="two")
    assert AnalysisFile.objects.count() == len(FILES)


# ------------------------------------------------------------------------------------------------ the sweep
def sent(run, at):
    AnalysisRun.objects.filter(pk=run.pk).update(sent_at=at)


def test_a_run_whose_message_could_not_be_sent_is_woken(story, run, messages):
    assert analysis_sweep.analyses_sweep(now=story.now) == Swept(woken=1, given_up=0)
    assert messages == [run.pk]


def test_a_queued_run_is_woken_once_a_patience(story, run, messages):
    sent(run, story.now)
    assert analysis_sweep.analyses_sweep(now=story.now + PATIENCE - SECOND).woken == 0
    assert analysis_sweep.analyses_sweep(now=story.now + PATIENCE).woken == 1
    assert analysis_sweep.analyses_sweep(now=story.now + PATIENCE + SECOND).woken == 0


def test_runs_wait_while_one_is_analyzed(story, run, messages):
    claim(run, story.now)
    analysis_runs.analysis_ask(study=story.study, by=None, now=story.now, seed=1)
    assert analysis_sweep.analyses_sweep(now=story.now + LEASE).woken == 0
    assert analysis_sweep.analyses_sweep(now=story.now + LEASE + SECOND).woken == 2


def test_a_run_whose_worker_died_is_woken_and_in_the_end_given_up(story, run, messages):
    now = story.now
    for attempt in range(1, ATTEMPTS + 1):
        assert claim(run, now, owner=f"worker {attempt}").attempt == attempt
        sent(run, now)
        now += LEASE + SECOND
        swept = analysis_sweep.analyses_sweep(now=now)
        assert (swept.woken, swept.given_up) == ((1, 0) if attempt < ATTEMPTS else (0, 1))
    assert (state(run), run.error_code) == (RunState.FAILED, "worker_lost")
    assert run.error == "The worker died in each of 3 attempts."
    assert events() == ["analysis_asked", "analysis_failed"]


def test_a_wake_that_does_not_reach_the_broker_is_tried_again(story, run, monkeypatch):
    monkeypatch.setattr(analysis_sweep, "wake", lambda run, now: False)
    assert analysis_sweep.analyses_sweep(now=story.now).woken == 0
    assert AnalysisRun.objects.get().sent_at is None


def test_every_state_has_its_line():
    assert TRANSITIONS.keys() == set(RunState)
    assert {one for one in RunState if not TRANSITIONS[one]} == ENDED
