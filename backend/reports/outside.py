"""Datasets that an account gives the analysis from outside of every study. They are that account's alone.

A dataset is read whole before anything of it is stored: what is refused leaves nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.analysis.demo import DEMOS, demo_files
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import FILES, DatasetFiles, read_dataset
from backend.analysis.pipeline.plan_names import check_event_probabilities
from backend.audit.errors import NotFound, RuleBroken, Unfit
from backend.audit.services import record
from backend.studies.protocols import canonical_json

from .analysis_runs import outside_ask
from .given_files import TOO_LARGE, Upload, given_texts
from .models import AnalysisFile, AnalysisRun, OutsideDataset
from .run_states import OPEN

MOST_LISTED = 200
MAX_TITLE = 200


@dataclass(frozen=True)
class Given:
    """The row of a dataset, and whether this call made it."""

    dataset: OutsideDataset
    is_new: bool


def outside_give(*, uploads: Sequence[Upload], title: str, by: User, now: datetime) -> Given:
    """Store an uploaded dataset and queue its default analysis; the same content is the row that is there.

    Raises
    ------
    Unfit
        `dataset_too_large`, `dataset_refused`: the text names file and row.
    RuleBroken
        `too_many_analyses`.
    """
    try:
        files = given_texts(uploads, known=FILES, most_bytes=settings.DATASET_MAX_BYTES)
        read = read_dataset(files)
        _check_event_probabilities(read)
    except AnalysisError as error:
        code = "dataset_too_large" if error.code == TOO_LARGE else "dataset_refused"
        raise Unfit(code, f"The dataset cannot be taken: {error.text.rstrip('.')}.") from error
    return _store(files, read, title=title.strip(), demonstration="", by=by, now=now)


def outside_demonstrate(*, name: str, by: User, now: datetime) -> Given:
    """Store a demonstration dataset for this account and queue its default analysis.

    Raises
    ------
    Unfit
        `unknown_demonstration`.
    RuleBroken
        `too_many_analyses`.
    """
    if name not in DEMOS:
        raise Unfit("unknown_demonstration", f"The demonstrations are {', '.join(DEMOS)}.")
    files = demo_files(name)
    return _store(files, read_dataset(files), title="", demonstration=name, by=by, now=now)


def _check_event_probabilities(read: DatasetFiles) -> None:
    study = read.study
    models = set() if study is None else {model.name for model in study.models}
    endpoints = {one.endpoint for one in read.outcomes}
    check_event_probabilities(read.design.analysis, models=models, endpoints=endpoints)


@transaction.atomic
def _store(
    files: Mapping[str, str], read: DatasetFiles, *, title: str, demonstration: str, by: User, now: datetime
) -> Given:
    # Two of an account wait for each other, so that the same content is one row.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    content = canonical_json(files)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    found = OutsideDataset.objects.filter(given_by=by, content_sha256=sha256).first()
    if found is not None:
        return Given(found, is_new=False)
    cases, readers, models = counts_of(read)
    dataset = OutsideDataset.objects.create(
        title=(title or read.design.title)[:MAX_TITLE],
        demonstration=demonstration,
        is_synthetic=read.design.is_synthetic,
        content=content,
        content_sha256=sha256,
        cases=cases,
        readers=readers,
        prediction_models=models,
        given_at=now,
        given_by=by,
    )
    detail = {"sha256": sha256, "demonstration": demonstration}
    record(event="outside_dataset_given", by=by, at=now, subject=dataset, detail=detail)
    outside_ask(dataset=dataset, by=by, now=now)
    return Given(dataset, is_new=True)


@transaction.atomic
def outside_delete(*, by: User, dataset_id: UUID, now: datetime) -> None:
    """Take a dataset of this account back, with its runs and their files; the trail keeps that it was there.

    Raises
    ------
    NotFound
        It is none of this account.
    RuleBroken
        `analysis_under_way` while a run of it waits or runs.
    """
    # No run of this account is asked for in the meantime.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    dataset = outside_dataset(by=by, dataset_id=dataset_id)
    runs = AnalysisRun.objects.filter(outside=dataset)
    if runs.filter(state__in=OPEN).exists():
        text = "An analysis of this dataset waits or runs. It can be deleted once that has ended."
        raise RuleBroken("analysis_under_way", text)
    detail = {"sha256": dataset.content_sha256, "runs": runs.count()}
    record(event="outside_dataset_deleted", by=by, at=now, subject=dataset, detail=detail)
    AnalysisFile.objects.filter(run__in=runs).delete()
    runs.delete()
    OutsideDataset.objects.filter(pk=dataset.pk).delete()


def counts_of(read: DatasetFiles) -> tuple[int, int, int]:
    """Cases, readers and models of a dataset."""
    if read.study is not None:
        return len(read.study.truth), len(read.study.readers), len(read.study.models)
    if read.mrmc is not None:
        return len(read.mrmc.truth), len({one.reader for one in read.mrmc.ratings}), 0
    return 0, 0, 0


def outside_datasets(by: User) -> list[tuple[OutsideDataset, AnalysisRun | None]]:
    """The datasets of this account, newest first, each with its newest run."""
    datasets = list(
        OutsideDataset.objects.filter(given_by=by).defer("content").order_by("-given_at", "-id")[:MOST_LISTED]
    )
    runs = AnalysisRun.objects.filter(outside__in=datasets).select_related(
        "asked_by", "outside", "supplement"
    )
    newest = {run.outside_id: run for run in runs.defer("outside__content").order_by("asked_at", "id")}
    return [(dataset, newest.get(dataset.pk)) for dataset in datasets]


def outside_dataset(*, by: User, dataset_id: UUID) -> OutsideDataset:
    """A dataset of this account; anybody else's is not found."""
    dataset = OutsideDataset.objects.filter(pk=dataset_id, given_by=by).first()
    if dataset is None:
        raise NotFound
    return dataset


def newest_run(dataset: OutsideDataset) -> AnalysisRun | None:
    """The run of a dataset that was asked for last."""
    runs = AnalysisRun.objects.filter(outside=dataset).select_related("asked_by", "outside", "supplement")
    return runs.order_by("-asked_at", "-id").first()
