"""The analysis runs of a locked study or a dataset from outside, and the files of those that are done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from backend.analysis.pipeline.run import DEFAULT_SEED
from backend.audit.errors import NotFound, RuleBroken
from backend.studies.models import ReaderStudy

from .analysis_runs import SOURCES, check_locked
from .models import AnalysisFile, AnalysisRun, OutsideDataset
from .run_states import DEFAULT_LEVEL, AnalysisSetName, RunState

MAX_RUNS = 50
RESULTS, REPORT = "results.json", "report.json"


@dataclass(frozen=True)
class RunFile:
    """A stored file as it is given out."""

    path: str
    content_type: str
    body: bytes


def analysis_runs_of(analyzed: ReaderStudy | OutsideDataset) -> Sequence[AnalysisRun]:
    """The runs of a locked study or of a dataset, newest first, at most `MAX_RUNS`."""
    runs = _runs(analyzed).select_related("asked_by", *SOURCES)
    large = ("dataset__content", "supplement__content", "outside__content")
    return list(runs.defer(*large).order_by("-asked_at", "-id")[:MAX_RUNS])


def _runs(analyzed: ReaderStudy | OutsideDataset) -> QuerySet[AnalysisRun]:
    if isinstance(analyzed, OutsideDataset):
        return AnalysisRun.objects.filter(outside=analyzed)
    check_locked(analyzed)
    return AnalysisRun.objects.filter(dataset__study=analyzed)


def is_default(run: AnalysisRun) -> bool:
    """Whether the run was asked for as the lock asks for one, or as a dataset from outside is analyzed at once."""
    asked = (run.analysis_set, run.level, run.seed)
    return run.supplement_id is None and asked == (AnalysisSetName.AS_READ, DEFAULT_LEVEL, DEFAULT_SEED)


def analysis_file_rows(analyzed: ReaderStudy | OutsideDataset, run_id: UUID) -> list[dict[str, Any]]:
    """Path, size, digest and type of every file of a run, by path; the bytes stay where they are."""
    run = _done(analyzed, run_id)
    rows = AnalysisFile.objects.filter(run=run).order_by("path")
    return [
        {"path": path, "bytes": size, "sha256": sha256, "content_type": content_type}
        for path, size, sha256, content_type in rows.values_list("path", "size", "sha256", "content_type")
    ]


def analysis_file(analyzed: ReaderStudy | OutsideDataset, run_id: UUID, path: str) -> RunFile:
    """One file of a run that is done."""
    file = AnalysisFile.objects.filter(run=_done(analyzed, run_id), path=path).first()
    if file is None:
        raise NotFound
    return RunFile(file.path, file.content_type, bytes(file.body))


def _done(analyzed: ReaderStudy | OutsideDataset, run_id: UUID) -> AnalysisRun:
    run = _runs(analyzed).filter(pk=run_id).first()
    if run is None:
        raise NotFound
    if run.state == RunState.FAILED:
        raise RuleBroken("not_done", "This analysis failed and has no results.")
    if run.state != RunState.DONE:
        raise RuleBroken("not_done", "This analysis is not done yet.")
    return run
