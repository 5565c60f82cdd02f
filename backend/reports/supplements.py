"""Supplements of a locked study's analysis: what its own records do not hold, added by name and with a reason.

A supplement is read together with the study's files before anything of it is stored: what is refused leaves nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from backend.accounts.models import User
from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.plan_names import PlanKey, plan_keys
from backend.audit.errors import RuleBroken, Unfit
from backend.audit.services import record
from backend.studies.access import hold_study
from backend.studies.models import ReaderStudy
from backend.studies.protocols import canonical_json

from .analysis_runs import check_locked
from .dataset_files import dataset_files
from .given_files import Upload, checked_json, given_texts
from .mask_comparisons import unmeasured_csv
from .models import AnalysisSupplement, FrozenDataset
from .supplement_merge import ACCEPTED, PLAN_FILE, added_names, check_supplement, columns_of, row_count

# Of how many supplements and datasets each process remembers what a listing says.
REMEMBERED = 256


@dataclass(frozen=True)
class AddedFile:
    """A file of a supplement: its name, size, and rows below the header."""

    path: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Told:
    """What a listing says of the content of a supplement."""

    files: Sequence[AddedFile]
    plan: Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """What a supplement of this study is added to."""

    columns: Sequence[str]
    cases: Sequence[str]
    models: Sequence[str]
    plan_keys: Sequence[PlanKey]


def supplement_add(
    *, study: ReaderStudy, uploads: Sequence[Upload], plan: str, reason: str, by: User, now: datetime
) -> AnalysisSupplement:
    """Store files and keys of the plan for the analysis of a locked study; the same once more is the row there.

    Raises
    ------
    Unfit
        `supplement_refused`: the text names file and row, or the key of the plan.
    RuleBroken
        `not_locked`.
    """
    check_locked(study)
    try:
        files, chosen = _given(uploads, plan)
        check_supplement(_own_files(study, files), files, chosen)
    except AnalysisError as error:
        text = f"The supplement cannot be taken: {error.text.rstrip('.')}."
        raise Unfit("supplement_refused", text) from error
    content = canonical_json({"files": files, "plan": chosen})
    return _store(study, content, reason=" ".join(reason.split()), by=by, now=now)


@transaction.atomic
def _store(study: ReaderStudy, content: str, *, reason: str, by: User, now: datetime) -> AnalysisSupplement:
    study = hold_study(study.pk)
    check_locked(study)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    mine = AnalysisSupplement.objects.filter(study=study)
    found = mine.filter(content_sha256=sha256, reason=reason).first()
    if found is not None:
        return found
    supplement = AnalysisSupplement.objects.create(
        study=study,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        reason=reason,
        content=content,
        content_sha256=sha256,
        added_at=now,
        added_by=by,
    )
    document = supplement.document
    detail = {
        "number": supplement.number,
        "sha256": sha256,
        "files": sorted(document["files"]),
        "plan": sorted(document["plan"]),
    }
    record(
        event="supplement_added",
        by=by,
        at=now,
        subject=supplement,
        study_id=study.pk,
        detail=detail,
        reason=reason,
    )
    return supplement


def supplements_of(study: ReaderStudy) -> Sequence[AnalysisSupplement]:
    """The supplements of a locked study, newest first."""
    check_locked(study)
    found = AnalysisSupplement.objects.filter(study=study).select_related("added_by").defer("content")
    return list(found.order_by("-number"))


@lru_cache(maxsize=REMEMBERED)
def told_of(supplement_id: UUID, _content_sha256: str) -> Told:
    """Files and plan of a stored supplement, which never change: parsed once by each process."""
    document = AnalysisSupplement.objects.get(pk=supplement_id).document
    files = [
        AddedFile(name, len(text.encode()), row_count(name, text))
        for name, text in sorted(document["files"].items())
    ]
    return Told(files, document["plan"])


def ground_of(study: ReaderStudy) -> Ground:
    """Columns, cases and models that the locked study has itself, and the keys of a plan."""
    check_locked(study)
    dataset = _datasets(study).defer("content").first()
    if dataset is None:
        raise _not_frozen()
    return _ground(dataset.pk, dataset.content_sha256)


@lru_cache(maxsize=REMEMBERED)
def _ground(dataset_id: UUID, _content_sha256: str) -> Ground:
    """That of a frozen dataset, which never changes."""
    dataset = FrozenDataset.objects.get(pk=dataset_id)
    document = dataset.document
    return Ground(
        columns=list(columns_of(_files_of(dataset, {}))),
        cases=sorted(document["truth"]),
        models=sorted(model["id"] for model in document["models"] if model["predictions"]),
        plan_keys=plan_keys(),
    )


def _datasets(study: ReaderStudy) -> QuerySet[FrozenDataset]:
    return FrozenDataset.objects.filter(study=study).order_by("-frozen_at")


def _not_frozen() -> RuleBroken:
    return RuleBroken("not_locked", "The study has no frozen dataset to analyze.")


def _own_files(study: ReaderStudy, added: Mapping[str, str]) -> dict[str, str]:
    dataset = _datasets(study).first()
    if dataset is None:
        raise _not_frozen()
    return _files_of(dataset, added)


def _files_of(dataset: FrozenDataset, added: Mapping[str, str]) -> dict[str, str]:
    """The study's files as the added ones meet them; of its outlines it is known what is compared, not how alike."""
    document = dataset.document
    return dataset_files(
        document,
        dataset_sha256=dataset.content_sha256,
        masks_csv=unmeasured_csv(document),
        added=added_names(added),
    )


def _given(uploads: Sequence[Upload], plan: str) -> tuple[dict[str, str], Mapping[str, Any]]:
    """The files, and the keys of the plan, whichever way it was given."""
    texts: dict[str, str] = {}
    if uploads:
        texts = given_texts(uploads, known=ACCEPTED, most_bytes=settings.DATASET_MAX_BYTES)
    if plan.strip():
        if PLAN_FILE in texts:
            raise AnalysisError("repeated", f"the plan was given twice, once as {PLAN_FILE}")
        texts[PLAN_FILE] = plan
    chosen = checked_json(PLAN_FILE, texts.pop(PLAN_FILE)) if PLAN_FILE in texts else {}
    if not isinstance(chosen, dict):
        raise AnalysisError("wrong_type", "the plan is not an object of keys and values")
    if not texts and not chosen:
        raise AnalysisError("no_file", "neither a file nor a key of the plan was given")
    return texts, chosen
