"""The demonstration's predictions, computed here in the same steps as a worker takes them."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from threading import Event
from uuid import UUID

import django
from django.conf import settings

from backend.accounts.models import User
from backend.audit.errors import RuleBroken
from backend.cases.models import Case
from backend.predictions.job_states import JobStatus
from backend.predictions.runner import run
from backend.predictions.services import job_request, models_register

from .cases import Say

MODEL = "lpln-radiomics"
MAX_PROCESSES = 4


def predictions_make(cases: Sequence[Case], *, by: User, now: datetime, say: Say) -> None:
    """Ask the model about every case that it has not answered yet, and wait for the answers."""
    models_register(by=None, now=now)
    jobs = [job_request(case=case, model_id=MODEL, by=by, now=now)[0] for case in cases]
    _run_all([job.pk for job in jobs if job.status != JobStatus.DONE], say)
    for job in jobs:
        job.refresh_from_db()
    held = [job.pk for job in jobs if job.status == JobStatus.RUNNING]
    if held:
        # A start that was cut off leaves its runs with a lease; nobody may take them before it has run out.
        say(
            f"waiting up to {settings.JOB_LEASE_SECONDS} s for {len(held)} runs of a start that was interrupted"
        )
        Event().wait(settings.JOB_LEASE_SECONDS + 1)
        _run_all(held, say)
    for job in jobs:
        job.refresh_from_db()
        if job.status != JobStatus.DONE:
            text = f"The model gave no result for {job.case.number}: {job.reason_text}"
            raise RuleBroken("demo_prediction", text)


def _run_all(jobs: Sequence[UUID], say: Say) -> None:
    """Bias correction runs on one thread by design, so the jobs share the cores."""
    processes = min(MAX_PROCESSES, os.cpu_count() or 1, len(jobs))
    if not processes:
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        running = [pool.submit(run, job_id=job, owner=f"make_demo:{job}") for job in jobs]
        for done, future in enumerate(as_completed(running), start=1):
            future.result()
            say(f"model run {done} of {len(jobs)}")
