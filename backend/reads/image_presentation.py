"""How images are shown to somebody who is blinded: in one order, under identifiers that hold for one thing opened.

What is opened is a read, or an item of adjudication; its id is the `scope` of the identifiers.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from backend.cases.models import CaseImage, CaseSeries
from backend.cases.reformats import why_no_reformats

from .image_uids import uid_in_read

ROLE_ORDER = ("T2W", "DWI", "ADC", "T1", "CT", "OTHER")
# (0008,0018) SOP instance, (0020,000D) study, (0020,000E) series, (0020,0052) frame of reference
UID_TAGS = ("00080018", "0020000D", "0020000E", "00200052")


def series_in_order(case_id: UUID, *, primary_role: str) -> list[CaseSeries]:
    """The series of a case as readers find them: the protocol's sequence first."""
    series = CaseSeries.objects.filter(case_id=case_id)
    return sorted(
        series, key=lambda one: (one.role != primary_role, _rank(one), one.plane != "axial", one.position)
    )


def series_body(index: int, series: CaseSeries) -> dict[str, Any]:
    return {
        "index": index,
        "title": series.title,
        "role": series.role,
        "plane": series.plane,
        "slices": series.slices,
        "rows": series.rows,
        "columns": series.columns,
        "row_spacing_mm": series.row_spacing_mm,
        "column_spacing_mm": series.column_spacing_mm,
        "slice_step_mm": series.slice_step_mm,
        "initial_slice": series.slices // 2 + 1,
        "window": series.window or None,
        "warnings": [warning["reason"] for warning in series.warnings],
        "is_synthetic": series.is_synthetic,
        "mpr": _mpr_body(series),
    }


def _mpr_body(series: CaseSeries) -> dict[str, Any]:
    reason = why_no_reformats(
        slices=series.slices,
        is_uniform=series.is_uniform,
        slice_step_mm=series.slice_step_mm,
        spacing_mm=(series.row_spacing_mm, series.column_spacing_mm),
        geometry=series.geometry,
        warnings=[warning["code"] for warning in series.warnings],
    )
    return {"allowed": reason is None, "reason": reason}


def metadata_body(scope: UUID, images: Iterable[CaseImage]) -> list[dict[str, Any]]:
    """DICOM JSON of every slice, with UIDs that hold for the scope."""
    return [_renamed(scope, image.metadata) for image in images]


def _renamed(scope: UUID, metadata: Mapping[str, Any]) -> dict[str, Any]:
    renamed = dict(metadata)
    for tag in UID_TAGS:
        if tag in renamed:
            renamed[tag] = {"vr": "UI", "Value": [uid_in_read(scope, uid) for uid in renamed[tag]["Value"]]}
    return renamed


def _rank(series: CaseSeries) -> int:
    return ROLE_ORDER.index(series.role) if series.role in ROLE_ORDER else len(ROLE_ORDER)
