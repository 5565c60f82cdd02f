"""The results of a locked study, as they were computed."""

import json
from typing import Any

from backend.audit.errors import NotFound, RuleBroken
from backend.studies.models import ReaderStudy

from .analysis_runs import check_locked
from .models import ResultFile, ResultRun

RESULTS_JSON = "results.json"


def study_results(study: ReaderStudy) -> dict[str, Any]:
    """The study's report with its provenance: dataset, protocol, software."""
    run = _latest_run(study)
    report: dict[str, Any] = json.loads(run.report)
    return {
        **report,
        "provenance": {
            "frozen_dataset_sha256": run.dataset.content_sha256,
            "frozen_at": run.dataset.frozen_at.isoformat(),
            "computed_at": run.created_at.isoformat(),
            "protocol_sha256": study.protocol_sha256,
            "lock_reason": study.lock_reason,
            "protocol_version": study.protocol_version,
            "deviations": run.dataset.document["deviations"],
            "versions": run.versions,
        },
    }


def result_file(study: ReaderStudy, name: str) -> tuple[bytes, str]:
    """A file of the results: its bytes and content type."""
    if name == RESULTS_JSON:
        text = json.dumps(study_results(study), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return f"{text}\n".encode(), "application/json"
    file = ResultFile.objects.filter(run=_latest_run(study), name=name).first()
    if file is None:
        raise NotFound
    return bytes(file.body), file.content_type


def _latest_run(study: ReaderStudy) -> ResultRun:
    check_locked(study)
    run = (
        ResultRun.objects.filter(dataset__study=study)
        .select_related("dataset")
        .order_by("-created_at", "-dataset__frozen_at")
        .first()
    )
    if run is None:
        raise RuleBroken("no_results", "No results have been computed for this study yet.")
    return run
