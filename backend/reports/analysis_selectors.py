"""The analysis runs of a locked study, and the files of those that are done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.analysis.pipeline.run import DEFAULT_SEED
from backend.audit.errors import NotFound, RuleBroken
from backend.studies.models import ReaderStudy

from .analysis_runs import check_locked
from .models import AnalysisFile, AnalysisRun
from .run_states import DEFAULT_LEVEL, AnalysisSetName, RunState

MAX_RUNS = 50
RESULTS, REPORT = "results.json", "report.json"


@dataclass(frozen=True)
class RunFile:
    """A stored file as it is given out."""

    path: str
    content_type: str
    body: bytes


def analysis_runs_of(study: ReaderStudy) -> Sequence[AnalysisRun]:
    """The runs of the study, newest first, at most `MAX_RUNS`."""
    check_locked(study)
    runs = AnalysisRun.objects.filter(dataset__study=study).select_related("asked_by", "dataset")
    return list(runs.defer("dataset__content").order_by("-asked_at", "-id")[:MAX_RUNS])


def is_default(run: AnalysisRun) -> bool:
    """Whether the run was asked for as the lock asks for one."""
    asked = (run.analysis_set, run.level, run.seed)
    return asked == (AnalysisSetName.AS_READ, DEFAULT_LEVEL, DEFAULT_SEED)


def analysis_file_rows(study: ReaderStudy, run_id: UUID) -> list[dict[str, Any]]:
    """Path, size, digest and type of every file of a run, by path; the bytes stay where they are."""
    run = _done(study, run_id)
    rows = AnalysisFile.objects.filter(run=run).order_by("path")
    return [
        {"path": path, "bytes": size, "sha256": sha256, "content_type": content_type}
        for path, size, sha256, content_type in rows.values_list("path", "size", "sha256", "content_type")
    ]


def analysis_file(study: ReaderStudy, run_id: UUID, path: str) -> RunFile:
    """One file of a run that is done."""
    file = AnalysisFile.objects.filter(run=_done(study, run_id), path=path).first()
    if file is None:
        raise NotFound
    return RunFile(file.path, file.content_type, bytes(file.body))


def _done(study: ReaderStudy, run_id: UUID) -> AnalysisRun:
    check_locked(study)
    run = AnalysisRun.objects.filter(pk=run_id, dataset__study=study).first()
    if run is None:
        raise NotFound
    if run.state == RunState.FAILED:
        raise RuleBroken("not_done", "This analysis failed and has no results.")
    if run.state != RunState.DONE:
        raise RuleBroken("not_done", "This analysis is not done yet.")
    return run
