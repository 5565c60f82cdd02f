"""The demonstration's predictions, computed here in the same steps as a worker takes them."""

from collections.abc import Sequence
from datetime import datetime

from backend.accounts.models import User
from backend.audit.errors import RuleBroken
from backend.cases.models import Case
from backend.predictions.job_states import JobStatus
from backend.predictions.runner import run
from backend.predictions.services import job_request, models_register

from .cases import Say

MODEL = "lpln-radiomics"
OWNER = "make_demo"


def predictions_make(cases: Sequence[Case], *, by: User, now: datetime, say: Say) -> None:
    """Ask the model about every case that it has not answered yet, and wait for the answers."""
    models_register(by=None, now=now)
    for place, case in enumerate(cases, start=1):
        job, _ = job_request(case=case, model_id=MODEL, by=by, now=now)
        if job.status != JobStatus.DONE:
            run(job_id=job.pk, owner=OWNER)
            job.refresh_from_db()
        if job.status != JobStatus.DONE:
            raise RuleBroken(
                "demo_prediction", f"The model gave no result for {case.number}: {job.reason_text}"
            )
        say(f"model run {place} of {len(cases)}: {case.number}")
