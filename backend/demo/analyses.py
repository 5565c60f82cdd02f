"""The demonstration's full analysis, computed here in the same steps as a worker takes them."""

from datetime import datetime
from threading import Event

from django.conf import settings

from backend.accounts.models import User
from backend.audit.errors import RuleBroken
from backend.reports import analysis_runner
from backend.reports.analysis_runs import analysis_ask
from backend.reports.models import AnalysisRun
from backend.reports.run_states import RunState
from backend.studies.models import ReaderStudy

from .cases import Say


def analysis_make(study: ReaderStudy, *, by: User, now: datetime, say: Say) -> None:
    """Bring the analysis that the lock asked for to its end; ask for one where the study has none that is done."""
    if AnalysisRun.objects.filter(dataset__study=study, state=RunState.DONE).exists():
        return
    run = analysis_ask(study=study, by=by, now=now)
    analysis_runner.run(run_id=run.pk, owner=f"make_demo:{run.pk}")
    run.refresh_from_db()
    if run.state == RunState.RUNNING:
        # A start that was cut off leaves its run with a lease; nobody may take it before it has run out.
        say(f"waiting up to {settings.JOB_LEASE_SECONDS} s for the analysis of a start that was interrupted")
        Event().wait(settings.JOB_LEASE_SECONDS + 1)
        analysis_runner.run(run_id=run.pk, owner=f"make_demo again:{run.pk}")
        run.refresh_from_db()
    if run.state != RunState.DONE:
        raise RuleBroken("demo_analysis", f"The analysis of {study.slug} gave no result: {run.error}")
