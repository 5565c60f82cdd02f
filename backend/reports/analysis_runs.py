"""Writes to analysis runs. A change of state is one transaction with its audit event.

A run moves by single conditional updates, so of two workers that want the same one exactly one gets it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from backend.accounts.models import User
from backend.analysis.pipeline.run import DEFAULT_SEED
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.services import record
from backend.predictions.lease import lease_end
from backend.studies.access import hold_study
from backend.studies.models import ReaderStudy
from backend.studies.session_states import StudyPhase

from .analysis_wakeup import wake_on_commit
from .models import AnalysisFile, AnalysisRun, AnalysisSupplement, FrozenDataset, OutsideDataset
from .run_states import ATTEMPTS, DEFAULT_LEVEL, LEVELS, MAX_SEED, OPEN, AnalysisSetName, RunState

# Of one study, and of all datasets of an account; each takes the worker for minutes.
MOST_OPEN = 5
MOST_OPEN_OF_ACCOUNT = 10
SOURCES = ("dataset", "supplement", "outside")
MAX_ERROR = 500
# SQLite takes few values a statement, and a file may be large.
FILES_PER_INSERT = 20
BINARY = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".imrmc": TEXT,
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": TEXT,
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
WITHOUT_SUFFIX = {"SHA256SUMS": TEXT}


@transaction.atomic
def analysis_ask(
    *,
    study: ReaderStudy,
    by: User | None,
    now: datetime,
    analysis_set: str = AnalysisSetName.AS_READ,
    level: float = DEFAULT_LEVEL,
    seed: int = DEFAULT_SEED,
    supplement_id: UUID | None = None,
) -> AnalysisRun:
    """Put an analysis of the locked study on the queue; the same one, where it waits or runs already.

    Raises
    ------
    NotFound
        The supplement is none of this study.
    RuleBroken
        `not_locked`; `analysis_out_of_range` where set, level or seed are none that may be asked for;
        `too_many_analyses` while as many as a study may have wait or run.
    """
    _check_asked(analysis_set, level, seed)
    study = hold_study(study.pk)
    check_locked(study)
    dataset = FrozenDataset.objects.filter(study=study).order_by("-frozen_at").first()
    if dataset is None:
        raise RuleBroken("not_locked", "The study has no frozen dataset to analyze.")
    asked = {"dataset": dataset, "analysis_set": analysis_set, "level": level, "seed": seed}
    asked["supplement"] = None if supplement_id is None else _supplement(study, supplement_id)
    of_study = AnalysisRun.objects.filter(dataset__study=study)
    return _ask(asked, of_study, most=MOST_OPEN, whose="of this study", by=by, now=now)


@transaction.atomic
def outside_ask(
    *,
    dataset: OutsideDataset,
    by: User,
    now: datetime,
    analysis_set: str = AnalysisSetName.AS_READ,
    level: float = DEFAULT_LEVEL,
    seed: int = DEFAULT_SEED,
) -> AnalysisRun:
    """Put an analysis of a dataset from outside on the queue; the same one, where it waits or runs already.

    Raises
    ------
    NotFound
        The dataset was taken back meanwhile.
    RuleBroken
        `analysis_out_of_range`; `too_many_analyses` while as many as an account may have wait or run.
    """
    _check_asked(analysis_set, level, seed)
    User.objects.select_for_update(no_key=True).get(pk=dataset.given_by_id)
    if not OutsideDataset.objects.filter(pk=dataset.pk).exists():
        raise NotFound
    asked = {"outside": dataset, "analysis_set": analysis_set, "level": level, "seed": seed}
    of_account = AnalysisRun.objects.filter(outside__given_by=dataset.given_by_id)
    return _ask(asked, of_account, most=MOST_OPEN_OF_ACCOUNT, whose="of your datasets", by=by, now=now)


def _ask(
    asked: Mapping[str, Any],
    counted: QuerySet[AnalysisRun],
    *,
    most: int,
    whose: str,
    by: User | None,
    now: datetime,
) -> AnalysisRun:
    """The open run of this question, or a new one; the caller holds what runs are counted by."""
    is_open = Q(state__in=sorted(OPEN))
    run = AnalysisRun.objects.filter(is_open, **asked).select_related(*SOURCES).first()
    if run is not None:
        return run
    if counted.filter(is_open).count() >= most:
        text = f"{most} analyses {whose} wait or run. Ask again when one has ended."
        raise RuleBroken("too_many_analyses", text)
    run = AnalysisRun.objects.create(**asked, asked_at=now, asked_by=by)
    _record("analysis_asked", run, by=by, now=now, detail={"level": run.level, "seed": run.seed})
    wake_on_commit(run, now=now)
    return run


def _supplement(study: ReaderStudy, supplement_id: UUID) -> AnalysisSupplement:
    found = AnalysisSupplement.objects.filter(pk=supplement_id, study=study).first()
    if found is None:
        raise NotFound
    return found


def check_locked(study: ReaderStudy) -> None:
    """Refuse what exists for a locked study alone."""
    if study.phase != StudyPhase.LOCKED:
        raise RuleBroken("not_locked", "Results exist once the study is locked.")


def _check_asked(analysis_set: str, level: float, seed: int) -> None:
    if analysis_set not in list(AnalysisSetName):
        raise RuleBroken("analysis_out_of_range", "The set is as-read or per-protocol.")
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise RuleBroken("analysis_out_of_range", f"The level is from {LEVELS[0]} to {LEVELS[1]}.")
    if not 0 <= seed <= MAX_SEED:
        raise RuleBroken("analysis_out_of_range", f"The seed is from 0 to {MAX_SEED}.")


@transaction.atomic
def analysis_claim(*, run_id: UUID, owner: str, now: datetime) -> AnalysisRun | None:
    """Take the run if it is queued or its worker has fallen silent; None when it is not to be had.

    `owner` names this attempt and no other: it is the proof by which the attempt later extends and ends the run.
    """
    changed = (
        AnalysisRun.objects.filter(pk=run_id, attempt__lt=ATTEMPTS)
        .filter(Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_expires_at__lt=now))
        .update(
            state=RunState.RUNNING,
            owner=owner,
            lease_expires_at=lease_end(now),
            attempt=F("attempt") + 1,
            started_at=now,
            sections_done=0,
            section="",
        )
    )
    if not changed:
        return None
    return AnalysisRun.objects.select_related(*SOURCES).get(pk=run_id)


def analysis_heartbeat(*, run_id: UUID, owner: str, now: datetime) -> bool:
    """Extend the lease; False when the run is no longer this attempt's."""
    return bool(_held(run_id, owner).update(lease_expires_at=lease_end(now)))


def analysis_progress(*, run_id: UUID, owner: str, done: int, total: int, title: str) -> bool:
    """Note which section is under way; False when the run is no longer this attempt's."""
    return bool(_held(run_id, owner).update(sections_done=done, sections_total=total, section=title[:100]))


@transaction.atomic
def analysis_finish(
    *,
    run_id: UUID,
    owner: str,
    files: Mapping[str, bytes],
    versions: Mapping[str, str],
    now: datetime,
) -> bool:
    """Store the files and end the run; False, and nothing stored, when it is not this attempt's."""
    changed = _held(run_id, owner).update(
        state=RunState.DONE,
        owner="",
        lease_expires_at=None,
        finished_at=now,
        sections_done=F("sections_total"),
        section="",
        versions=dict(versions),
    )
    if not changed:
        return False
    run = AnalysisRun.objects.select_related(*SOURCES).get(pk=run_id)
    rows = [
        AnalysisFile(
            run=run,
            path=path,
            content_type=content_type_of(path),
            size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            body=body,
        )
        for path, body in sorted(files.items())
    ]
    AnalysisFile.objects.bulk_create(rows, batch_size=FILES_PER_INSERT)
    detail = {"files": len(rows), "versions": dict(versions)}
    _record("analysis_done", run, by=None, now=now, detail=detail)
    return True


@transaction.atomic
def analysis_fail(*, run_id: UUID, owner: str, code: str, text: str, now: datetime) -> bool:
    """End the run without results; False when it is not this attempt's."""
    return fail_rows(_held(run_id, owner), run_id, code=code, text=text, now=now)


def fail_rows(rows: QuerySet[AnalysisRun], run_id: UUID, *, code: str, text: str, now: datetime) -> bool:
    """Fail the run where it is still among the rows, with its audit event; the caller holds the transaction."""
    changed = rows.update(
        state=RunState.FAILED,
        owner="",
        lease_expires_at=None,
        finished_at=now,
        section="",
        error_code=code[:60],
        error=text[:MAX_ERROR],
    )
    if changed:
        run = AnalysisRun.objects.select_related(*SOURCES).get(pk=run_id)
        # The text may name a case; the trail is told the kind of fault alone.
        _record("analysis_failed", run, by=None, now=now, detail={"reason": run.error_code})
    return bool(changed)


def content_type_of(path: str) -> str:
    """By the name of the file, as a browser is told."""
    name = PurePosixPath(path)
    return WITHOUT_SUFFIX.get(name.name) or CONTENT_TYPES.get(name.suffix, BINARY)


def _held(run_id: UUID, owner: str) -> QuerySet[AnalysisRun]:
    return AnalysisRun.objects.filter(pk=run_id, state=RunState.RUNNING, owner=owner)


def _record(
    event: str, run: AnalysisRun, *, by: User | None, now: datetime, detail: Mapping[str, object]
) -> None:
    about = {"dataset": run.source.content_sha256, "set": run.analysis_set, **detail}
    if run.supplement is not None:
        about["supplement"] = run.supplement.number
    study_id = None if run.dataset is None else run.dataset.study_id
    record(event=event, by=by, at=now, subject=run, study_id=study_id, detail=about)
