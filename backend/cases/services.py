"""Writing cases: import of files, and masks drawn on them."""

import io
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from backend.accounts.models import Center, User
from backend.audit.errors import RuleBroken
from backend.audit.services import record
from inference.contracts import mask_digest

from .door import find_files
from .intake import Examination, Progress, decode_series, read_headers
from .keys import Pseudonymizer, load_key
from .models import Case, CaseMask, CaseSeries, MaskRole, Plane, SeriesRole
from .paths import deid_key_path, mask_file, staging_root
from .pixels import MASK_KEY, read_geometry
from .reports import AcceptedSeries, Finding, ImportReport, PathFinding
from .series_prep import PreparedSeries, SeriesRefused, prepare
from .storage import Staging, staging, storage_lock, sweep_orphans, write_synced
from .store import StoredSeries, new_series_uid, new_sop_uids, write_series
from .zips import ZipLimits

SHARE_OF_FREE_DISK = 0.8
ROLE_ORDER = [role.value for role in SeriesRole]
PLANE_ORDER = [plane.value for plane in Plane]

EachCase = Callable[[Case, int], None]
"""Told every case that was sent and how many series are new to it, inside the case's transaction."""


def import_paths(
    *,
    paths: Iterable[Path],
    center: Center,
    by: User | None,
    now: datetime,
    progress: Progress | None = None,
    each_case: EachCase | None = None,
    limits: ZipLimits | None = None,
) -> ImportReport:
    """Take folders, files and zips of DICOM in as cases of a center.

    Every examination is one transaction with its audit event: it is there with all series that were accepted,
    or nothing of it is. `each_case` may break a rule; the examination then stays out, with the rule's code.
    """
    with storage_lock():
        sweep_orphans()
        pseudonymizer = Pseudonymizer(load_key(deid_key_path()))
        with staging() as door:
            found = find_files(paths, staging=door.folder, limits=limits or _limits_of_disk())
            report = ImportReport(refused=found.refused, skipped=found.skipped)
            intake = read_headers(found.files, progress or _silent)
            report.refused += intake.refused
            total = sum(_count(examination) for examination in intake.examinations)
            counter = _Counter(progress or _silent, total)
            for examination in intake.examinations:
                prepared = _prepare(examination, report, counter)
                writer = _CaseWriter(center, examination, pseudonymizer, by, now)
                writer.write(prepared, report, each_case or _unobserved)
    return report


def _silent(step: str, done: int, total: int) -> None:
    """Nobody asked for progress."""


def _unobserved(case: Case, added: int) -> None:
    """Nobody asked to be told of cases."""


def _limits_of_disk() -> ZipLimits:
    free = shutil.disk_usage(staging_root()).free
    return ZipLimits(total_bytes=min(ZipLimits().total_bytes, int(free * SHARE_OF_FREE_DISK)))


def _count(examination: Examination) -> int:
    return sum(len(series.images) for series in examination.series.values())


class _Counter:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self) -> None:
        self._done += 1
        self._progress("Decoding images", self._done, self._total)


def _prepare(examination: Examination, report: ImportReport, counter: _Counter) -> list[PreparedSeries]:
    prepared: list[PreparedSeries] = []
    for series in examination.series.values():
        skipped: list[PathFinding] = []
        images, lost = decode_series(series, skipped, counter)
        try:
            prepared += prepare(series, images, lost, skipped)
        except SeriesRefused as refusal:
            report.refused.append(PathFinding(refusal.shown, refusal.code, refusal.reason))
            lost = [missing for missing in lost if missing.found.shown != refusal.shown]
        report.refused += [
            PathFinding(missing.found.shown, missing.refusal.code, missing.refusal.reason) for missing in lost
        ]
        report.skipped += skipped
    return sorted(prepared, key=_display_order)


def _display_order(prepared: PreparedSeries) -> tuple[int, int, int, float]:
    kind = prepared.kind
    return (
        ROLE_ORDER.index(kind.role) + len(ROLE_ORDER) * kind.is_localizer,
        PLANE_ORDER.index(prepared.plane),
        prepared.series_number,
        kind.b_value or 0.0,
    )


@dataclass(frozen=True, slots=True)
class _CaseWriter:
    center: Center
    examination: Examination
    pseudonymizer: Pseudonymizer
    by: User | None
    now: datetime

    def write(self, prepared: list[PreparedSeries], report: ImportReport, each_case: EachCase) -> None:
        """Store what is new of an examination; the report is told only what was committed."""
        if not prepared:
            return
        case = self._case()
        new = self._new_only(case, prepared, report)
        if not new and case._state.adding:
            return
        try:
            with staging() as stage:
                stored = self._write_files(case, new, stage)
                self._commit(case, stored, stage, each_case)
        except RuleBroken as broken:
            shown = ", ".join(sorted({series.shown for series in self.examination.series.values()}))
            report.refused.append(PathFinding(shown, broken.code, broken.text))
            return
        report.accepted += [_accepted(case, item) for item in stored]

    def _case(self) -> Case:
        """The case as it stands, or one that is not saved yet."""
        pseudonym = self.pseudonymizer.patient(
            center_code=self.center.code,
            patient_id=self.examination.patient,
            study_uid=self.examination.study_uid,
        )
        study_uid = self.pseudonymizer.uid(self.examination.study_uid)
        known = Case.objects.filter(
            center=self.center, patient_pseudonym=pseudonym, study_uid=study_uid
        ).first()
        return known or Case(
            center=self.center,
            number=_next_number(self.center),
            patient_pseudonym=pseudonym,
            study_uid=study_uid,
        )

    def _new_only(
        self, case: Case, prepared: list[PreparedSeries], report: ImportReport
    ) -> list[PreparedSeries]:
        new = []
        for item in prepared:
            known = case.series.filter(series_uid=new_series_uid(item, self.pseudonymizer)).first()
            if known is None:
                new.append(item)
                continue
            shown = self.examination.series[item.images[0].source.identity.series_uid].shown
            if set(known.images.values_list("sop_uid", flat=True)) == set(
                new_sop_uids(item, self.pseudonymizer)
            ):
                reason = f"Already there as {known.title} of case {case.number}."
                report.skipped.append(PathFinding(shown, "already_imported", reason))
            else:
                reason = f"{case.number} holds this series ({known.title}) with other images; it is kept."
                report.refused.append(PathFinding(shown, "differs_from_imported", reason))
        return new

    def _write_files(self, case: Case, new: list[PreparedSeries], stage: Staging) -> list[StoredSeries]:
        taken = list(case.series.values_list("title", flat=True))
        start = case.series.count()
        stored = []
        for offset, item in enumerate(new):
            title = _free_title(item.title, taken)
            taken.append(title)
            written = write_series(
                item,
                case=case,
                position=start + offset,
                title=title,
                pseudonymizer=self.pseudonymizer,
                staged=stage.path(f"series-{offset:03d}"),
            )
            stage.plan_move(written.staged, written.series.folder)
            stored.append(written)
        return stored

    @transaction.atomic
    def _commit(self, case: Case, stored: list[StoredSeries], stage: Staging, each_case: EachCase) -> None:
        is_new = case._state.adding
        if is_new:
            case.created_at, case.created_by = self.now, self.by
            case.full_clean()
            case.save(force_insert=True)
        for item in stored:
            item.series.full_clean()
            item.series.save(force_insert=True)
            item.series.images.bulk_create(item.images)
        if stored:
            detail = {"series": len(stored), "images": sum(len(item.images) for item in stored)}
            event = "case_imported" if is_new else "case_extended"
            record(event=event, by=self.by, at=self.now, subject=case, detail=detail)
        each_case(case, len(stored))
        stage.move()


def _next_number(center: Center) -> str:
    numbers = Case.objects.filter(center=center).values_list("number", flat=True)
    last = max((int(number.rpartition("-")[2]) for number in numbers), default=0)
    return f"{center.code}-{last + 1:04d}"


def _free_title(title: str, taken: list[str]) -> str:
    number = 1
    candidate = title
    while candidate in taken:
        number += 1
        candidate = f"{title} ({number})"
    return candidate


def _accepted(case: Case, stored: StoredSeries) -> AcceptedSeries:
    series = stored.series
    return AcceptedSeries(
        case=case.number,
        series=series.title,
        modality=series.dicom_modality,
        role=series.role,
        instances=series.slices,
        warnings=tuple(Finding(**warning) for warning in series.warnings),
    )


def mask_add(
    *,
    case: Case,
    series: CaseSeries,
    role: str,
    array: NDArray[np.bool_],
    by: User | None,
    now: datetime,
    label: str = "",
) -> CaseMask:
    """Store a mask on the grid of a series, shape (slices, rows, columns) in its slice order.

    Raises
    ------
    RuleBroken
        `mask_other_case`, `mask_role_unknown`, `mask_not_boolean`, `mask_wrong_shape` or `mask_empty`.
    """
    _check_mask(case, series, role, array)
    mask_id = uuid4()
    mask = CaseMask(
        id=mask_id,
        case=case,
        series=series,
        role=role,
        label=label,
        file=mask_file(case.pk, mask_id),
        voxels=int(np.count_nonzero(array)),
        digest=mask_digest(array),
        created_at=now,
        created_by=by,
    )
    with storage_lock(), staging() as stage:
        write_synced(stage.path("mask.npz"), _packed_mask(array, series))
        stage.plan_move(stage.path("mask.npz"), mask.file)
        with transaction.atomic():
            mask.full_clean()
            mask.save(force_insert=True)
            detail = {"role": role, "voxels": mask.voxels}
            record(event="mask_added", by=by, at=now, subject=mask, detail=detail)
            stage.move()
    return mask


def _packed_mask(array: NDArray[np.bool_], series: CaseSeries) -> bytes:
    """Compressed NPZ: the voxels as 0 and 1 with the grid they lie on, as the phantom writes them too."""
    packed = io.BytesIO()
    arrays: dict[str, Any] = {MASK_KEY: array.astype(np.uint8)}
    if series.is_uniform:
        volume = read_geometry(series)
        arrays |= {
            "spacing_mm": np.array(volume.spacing[::-1]),
            "origin_mm": np.array(volume.origin),
            "direction": np.array(volume.direction).reshape(3, 3),
        }
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _check_mask(case: Case, series: CaseSeries, role: str, array: NDArray[np.bool_]) -> None:
    if series.case_id != case.pk:
        raise RuleBroken("mask_other_case", "The series belongs to another case.")
    if role not in MaskRole.values:
        raise RuleBroken("mask_role_unknown", f"There is no mask role {role!r}.")
    if array.dtype != np.bool_:
        raise RuleBroken("mask_not_boolean", f"A mask is boolean, not {array.dtype}.")
    expected = (series.slices, series.rows, series.columns)
    if array.shape != expected:
        raise RuleBroken("mask_wrong_shape", f"The mask has shape {array.shape}, its series {expected}.")
    if not array.any():
        raise RuleBroken("mask_empty", "The mask holds no voxel.")
