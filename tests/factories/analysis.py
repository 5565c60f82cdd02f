"""Finished analyses: of a story's study, computed in this process by the run that the lock asked for; of a dataset
from outside."""

import uuid
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from backend.accounts.models import User
from backend.reports import analysis_runner, analysis_runs
from backend.reports.models import AnalysisRun, OutsideDataset
from backend.reports.outside import outside_give
from backend.reports.run_states import RunState

from .studies import StudyStory

RATINGS = "reader,modality,case,truth,rating\n" + "".join(
    f"R{reader},M{modality},C{case},{case % 2},{(case * reader + modality + case % 2 * 2) % 5 + 1}\n"
    for reader in (1, 2)
    for modality in (1, 2)
    for case in range(1, 9)
)


def analyzed(story: StudyStory) -> uuid.UUID | None:
    """The id of the run that the lock asked for, brought to its end; None where the study is not locked."""
    run = AnalysisRun.objects.filter(dataset__study=story.study).order_by("asked_at").first()
    if run is None:
        return None
    # The test's transaction holds the database, so the thread that extends a lease could not write.
    with override_settings(JOB_LEASE_SECONDS=86_400):
        analysis_runner.run(run_id=run.pk, owner="the test")
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    return run.pk


def upload(name: str, body: str | bytes) -> SimpleUploadedFile:
    """A file as a request holds it."""
    return SimpleUploadedFile(name, body.encode() if isinstance(body, str) else body)


def given_from_outside(by: User, now: datetime) -> OutsideDataset:
    """A small dataset of ratings that this account gave; its analysis waits."""
    return outside_give(uploads=[upload("mrmc.csv", RATINGS)], title="Ratings", by=by, now=now).dataset


def ended(dataset: OutsideDataset, now: datetime) -> uuid.UUID:
    """The waiting run of the dataset, ended with two files that stand for all."""
    return _ended(AnalysisRun.objects.get(outside=dataset), now)


def ended_of(story: StudyStory) -> uuid.UUID | None:
    """As :func:`analyzed`, with two files that stand for all: enough where who may have them is in question."""
    run = AnalysisRun.objects.filter(dataset__study=story.study).order_by("asked_at").first()
    return None if run is None else _ended(run, story.now)


def _ended(run: AnalysisRun, now: datetime) -> uuid.UUID:
    analysis_runs.analysis_claim(run_id=run.pk, owner="the test", now=now)
    files = {"results.json": b"{}\n", "report.json": b"{}\n"}
    assert analysis_runs.analysis_finish(run_id=run.pk, owner="the test", files=files, versions={}, now=now)
    return run.pk
