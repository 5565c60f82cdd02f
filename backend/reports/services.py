"""Freezing a study's data and computing its results. Each is one transaction with its audit event."""

import hashlib
import platform
from datetime import datetime
from importlib import metadata
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.adjudication.consensus import items_unsettled
from backend.analysis.errors import AnalysisError
from backend.analysis.figures import roc_figure_png, roc_figure_svg
from backend.analysis.study_report import StudyReport, study_report
from backend.analysis.tables import report_tables
from backend.audit.errors import RuleBroken
from backend.audit.services import record
from backend.reads.selectors import missing_reads
from backend.studies.conduct import deviation_record
from backend.studies.models import ReaderStudy
from backend.studies.protocols import canonical_json
from backend.studies.services import study_lock, study_lock_request
from backend.studies.session_states import DeviationKind, StudyPhase, check_is_reading
from backend.truth.selectors import cases_without_truth

from .analysis_runs import analysis_ask, check_locked
from .consensus import consensus_csv
from .content import study_content
from .dataset import dataset_of
from .deviations_csv import deviations_csv
from .models import FrozenDataset, ResultFile, ResultRun
from .reads_csv import reads_csv

PACKAGES = ("numpy", "scipy", "matplotlib")
CSV = "text/csv; charset=utf-8"
# Tables that are empty in a study without a rating.
OF_RATING = ("auc.csv", "comparisons.csv", "operating_points.csv", "roc_points.csv")


@transaction.atomic
def lock_request(*, study_id: UUID, reason: str, by: User, now: datetime) -> ReaderStudy:
    """Ask for the lock, once it could be confirmed as the study stands now.

    Raises
    ------
    RuleBroken
        `truth_missing`, when a case has no reference standard; `reads_missing` or `items_unsettled`, when reads of
        the design are not submitted or discordant cases are without a verdict and no `reason` is given; or what
        `study_lock_request` refuses.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    check_is_reading(StudyPhase(study.phase))
    _check_truth(study)
    _check_reads(study, reason, now)
    _check_items(study, reason)
    return study_lock_request(study_id=study_id, reason=reason.strip(), by=by, now=now)


@transaction.atomic
def study_lock_and_report(*, study_id: UUID, by: User, now: datetime) -> ResultRun:
    """Confirm the lock, freeze the data, compute the summary and queue the full analysis: all of it or none.

    Raises
    ------
    RuleBroken
        What `lock_request` refuses, as the study stands now, or what `study_lock` refuses.
    """
    study = ReaderStudy.objects.select_for_update().get(pk=study_id)
    incomplete: dict[str, int] = {}
    if study.phase == StudyPhase.READING and study.lock_requested_at is not None:
        _check_truth(study)
        incomplete = {
            "missing": _check_reads(study, study.lock_reason, now),
            "unsettled": _check_items(study, study.lock_reason),
        }
    study = study_lock(study_id=study_id, by=by, now=now)
    if any(incomplete.values()):
        deviation_record(
            study=study,
            kind=DeviationKind.LOCKED_INCOMPLETE,
            subject=study,
            reason=study.lock_reason,
            by=study.lock_requested_by,
            now=now,
            detail=incomplete,
        )
    dataset = dataset_freeze(study=study, by=by, now=now)
    run = results_run(dataset=dataset, by=by, now=now)
    analysis_ask(study=study, by=by, now=now)
    return run


def _check_truth(study: ReaderStudy) -> None:
    """A protocol without a rating that is compared with one has no reference standard."""
    analysis = study.protocol["analysis"]
    if analysis["rating_question"] is None or analysis["reference"] != "truth":
        return
    numbers = cases_without_truth(study)
    if numbers:
        text = f"The reference standard of {len(numbers)} cases is missing, {numbers[0]} the first."
        raise RuleBroken("truth_missing", text, missing=len(numbers))


def _check_reads(study: ReaderStudy, reason: str, now: datetime) -> int:
    """The number of missing reads, for which there is a reason."""
    missing = missing_reads(study, now=now)
    if missing and not reason.strip():
        text = (
            f"{missing} reads are not submitted. Give the reason for which the study is locked without them."
        )
        raise RuleBroken("reads_missing", text, missing=missing)
    return missing


def _check_items(study: ReaderStudy, reason: str) -> int:
    """The number of discordant cases without a verdict, for which there is a reason."""
    unsettled = items_unsettled(study)
    if unsettled and not reason.strip():
        text = (
            f"{unsettled} discordant cases are not adjudicated. Give the reason for which the study is locked "
            "without their verdicts."
        )
        raise RuleBroken("items_unsettled", text, unsettled=unsettled)
    return unsettled


@transaction.atomic
def dataset_freeze(*, study: ReaderStudy, by: User | None, now: datetime) -> FrozenDataset:
    """Write down everything that the results depend on, with its digest."""
    check_locked(study)
    content = canonical_json(study_content(study))
    dataset = FrozenDataset.objects.create(
        study=study,
        content=content,
        content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        frozen_at=now,
        frozen_by=by,
    )
    detail = {"sha256": dataset.content_sha256}
    record(event="dataset_frozen", by=by, at=now, subject=dataset, study_id=study.pk, detail=detail)
    return dataset


@transaction.atomic
def results_run(*, dataset: FrozenDataset, by: User | None, now: datetime) -> ResultRun:
    """Compute all results of a frozen dataset; the same dataset and software give the same bytes."""
    content = dataset.document
    try:
        report = study_report(dataset_of(content))
    except AnalysisError as error:
        raise RuleBroken("analysis_impossible", f"The results cannot be computed: {error.text}.") from error
    run = ResultRun.objects.create(
        dataset=dataset,
        report=canonical_json(report.to_json()),
        versions=software_versions(),
        created_at=now,
        created_by=by,
    )
    for name, (body, content_type) in _files(report, content).items():
        ResultFile.objects.create(run=run, name=name, content_type=content_type, body=body)
    detail = {"dataset": dataset.content_sha256, "versions": run.versions}
    record(event="results_computed", by=by, at=now, subject=run, study_id=dataset.study_id, detail=detail)
    return run


def software_versions() -> dict[str, str]:
    """What computes the results here: the product, Python and the packages that decide the numbers."""
    return {
        "reading-room": str(settings.SPECTACULAR_SETTINGS["VERSION"]),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def _files(report: StudyReport, content: dict[str, Any]) -> dict[str, tuple[bytes, str]]:
    tables = {
        **report_tables(report),
        "reads.csv": reads_csv(content),
        "deviations.csv": deviations_csv(content),
        "consensus.csv": consensus_csv(content),
    }
    files = {name: (text.encode(), CSV) for name, text in tables.items()}
    if not report.is_rated:
        return {name: file for name, file in files.items() if name not in OF_RATING}
    return {
        **files,
        "roc.svg": (roc_figure_svg(report), "image/svg+xml"),
        "roc.png": (roc_figure_png(report), "image/png"),
    }
