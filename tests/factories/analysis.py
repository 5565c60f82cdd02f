"""A finished analysis of a story's study, by the very run that the lock asked for, computed in this process."""

import uuid

from django.test import override_settings

from backend.reports import analysis_runner
from backend.reports.models import AnalysisRun
from backend.reports.run_states import RunState

from .studies import StudyStory


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
