"""One attempt at one analysis, in a worker: claim, compute, store, whatever happens on the way."""

import hashlib
import logging
import threading
import traceback
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.study import AnalysisSet
from backend.predictions.lease import heartbeat

from . import analysis_runs
from .dataset_files import analysis_inputs
from .mask_comparisons import mask_comparisons_csv
from .models import AnalysisRun
from .run_states import AnalysisSetName
from .services import software_versions

log = logging.getLogger(__name__)

BUG = "bug"
SETS: dict[str, AnalysisSet] = {
    AnalysisSetName.AS_READ: "as-read",
    AnalysisSetName.PER_PROTOCOL: "per-protocol",
}


class RunLost(Exception):
    """The run is no longer this attempt's: another has taken it, or it has ended."""


def run(*, run_id: UUID, owner: str) -> None:
    """Analyze to the end, or do nothing when another worker holds the run or it has ended."""
    claimed = analysis_runs.analysis_claim(run_id=run_id, owner=owner, now=timezone.now())
    if claimed is None:
        log.info("Analysis %s is not to be had: it has ended, or another worker holds it.", run_id)
        return
    log.info("Analysis %s: attempt %d begins.", run_id, claimed.attempt)

    def extend() -> bool:
        return analysis_runs.analysis_heartbeat(run_id=run_id, owner=owner, now=timezone.now())

    with heartbeat(extend, name=f"analysis {run_id}") as lost:
        try:
            files = _compute(claimed, lost)
            is_kept = analysis_runs.analysis_finish(
                run_id=run_id, owner=owner, files=files, versions=software_versions(), now=timezone.now()
            )
        except (OperationalError, InterfaceError) as error:
            # The row keeps the lease of this attempt, which runs out; then the sweep wakes another.
            log.warning("Analysis %s: the database could not be reached (%s).", run_id, type(error).__name__)
        except RunLost:
            log.info("Analysis %s was given to another worker.", run_id)
        except Exception as error:
            # The boundary of the attempt: whatever went wrong is told in the row and audited.
            _fail(run_id, owner, error)
        else:
            end = "is done" if is_kept else "had been taken away; its results are dropped"
            log.info("Analysis %s %s.", run_id, end)


def _compute(run: AnalysisRun, lost: threading.Event) -> dict[str, bytes]:
    # Loaded here: whoever only asks for an analysis need not load every method.
    from backend.analysis.pipeline.output import analysis_files
    from backend.analysis.pipeline.run import run_analysis

    def on_section(index: int, total: int, title: str) -> None:
        if lost.is_set() or not analysis_runs.analysis_progress(
            run_id=run.pk, owner=run.owner, done=index, total=total, title=title
        ):
            raise RunLost

    document = _document(run)
    inputs = analysis_inputs(
        document,
        dataset_sha256=run.dataset.content_sha256,
        masks_csv=mask_comparisons_csv(run.dataset.study, document),
    )
    results = run_analysis(
        inputs, level=run.level, seed=run.seed, analysis_set=SETS[run.analysis_set], on_section=on_section
    )
    return analysis_files(results, inputs, on_section=on_section)


def _document(run: AnalysisRun) -> dict[str, object]:
    if hashlib.sha256(run.dataset.content.encode()).hexdigest() != run.dataset.content_sha256:
        raise AnalysisError(
            "dataset_damaged", "the frozen dataset is no longer the one that its digest names"
        )
    return run.dataset.document


def _fail(run_id: UUID, owner: str, error: Exception) -> None:
    code, text = _told(error)
    # Frames and the type, never the message of an unforeseen error: it may quote what was analyzed.
    trace = "".join(traceback.format_tb(error.__traceback__)) if code == BUG else ""
    log.warning("Analysis %s failed (%s, %s).\n%s", run_id, code, type(error).__name__, trace)
    analysis_runs.analysis_fail(run_id=run_id, owner=owner, code=code, text=text, now=timezone.now())


def _told(error: Exception) -> tuple[str, str]:
    if isinstance(error, AnalysisError):
        return error.code, f"The dataset cannot be analyzed: {error.text.rstrip('.')}."
    if isinstance(error, SoftTimeLimitExceeded):
        return "time_limit", "The analysis took longer than its time limit."
    if isinstance(error, MemoryError):
        return "resources", "The worker lacked memory."
    return BUG, f"The analysis broke off: {type(error).__name__}."
