"""The outlines of a frozen dataset compared pairwise, from the stored masks that its digests name."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_extras import MASK_PLACES, MASKS
from backend.analysis.mask_agreement import MEASURES, CaseMasks, MaskPair, mask_agreement
from backend.cases.models import CaseImage
from backend.reads.contours import stored_mask
from backend.reads.geometry import BadMeasurement
from backend.reads.models import MaskContour, MaskVolume
from backend.reads.volumes import voxels_of
from backend.studies.models import ReaderStudy

from .content_masks import contours_sha256
from .dataset_reads import Content
from .mask_pairs import MaskGroup, mask_groups
from .mask_planes import Planes, boxed_planes, on_one_grid

# The place of a series among the case's, and a digest.
Key = tuple[int, str]


def mask_comparisons_csv(study: ReaderStudy, content: Content) -> str:
    """`masks.csv` of a locked study: every measure of every pair, by case, question and arm.

    Raises
    ------
    AnalysisError
        `mask_missing`, `mask_changed`, naming reader, case, question and arm: a stored mask is not what the frozen
        dataset names.
    """
    rows: list[tuple[Cell, ...]] = []
    for case, groups in groupby(mask_groups(content), key=lambda group: group.case):
        # Case by case: the voxels of a whole study would not fit into memory.
        rows += _rows_of_case(study, case, list(groups))
    return csv_text((*MASKS, *MASK_PLACES), rows)


def unmeasured_csv(content: Content) -> str:
    """The rows of `mask_comparisons_csv` without their values: what is going to be compared."""
    return csv_text(
        (*MASKS, *MASK_PLACES),
        [
            (
                *(group.case, one.reader, other.reader, measure, None),
                *(group.question, group.arm, one.session, other.session),
            )
            for group in mask_groups(content)
            for one, other in combinations(sorted(group.masks, key=lambda mask: mask.reader), 2)
            for measure in MEASURES
        ],
    )


def _rows_of_case(study: ReaderStudy, case: str, groups: Sequence[MaskGroup]) -> list[tuple[Cell, ...]]:
    stored = _stored(study, case, {(group.series, mask.sha256) for group in groups for mask in group.masks})
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        planes = {
            mask.reader: _of_reader(group, mask.reader, stored.get((group.series, mask.sha256)))
            for mask in group.masks
        }
        found = mask_agreement([CaseMasks(case, group.spacing_mm, on_one_grid(planes))], tolerances_mm=())
        sessions = {mask.reader: mask.session for mask in group.masks}
        rows += [row for pair in found.pairs for row in _rows_of_pair(group, pair, sessions)]
    return rows


def _rows_of_pair(group: MaskGroup, pair: MaskPair, sessions: Mapping[str, int]) -> list[tuple[Cell, ...]]:
    values = {measure: getattr(pair.comparison, measure) for measure in MEASURES}
    places = (group.question, group.arm, sessions[pair.reader_a], sessions[pair.reader_b])
    return [
        (
            *(group.case, pair.reader_a, pair.reader_b, measure),
            None if isinstance(value, NotEstimable) else float(value),
            *places,
        )
        for measure, value in values.items()
    ]


def _stored(study: ReaderStudy, case: str, wanted: set[Key]) -> dict[Key, Planes]:
    """The stored masks of a case by series and digest, whichever read or correction they are of.

    Raises
    ------
    AnalysisError
        `mask_changed`, for voxels that are not those of their digest.
    """
    of_case = {"read__study": study, "read__assignment__study_case__case__number": case}
    found: dict[Key, Planes] = {}
    volumes = MaskVolume.objects.filter(**of_case, sha256__in={sha256 for _, sha256 in wanted})
    for volume in volumes.select_related("series").order_by("pk"):
        key = (volume.series.position, volume.sha256)
        if key in wanted - found.keys():
            found[key] = _planes_of_volume(volume, case)
    drawn: dict[tuple[Any, ...], list[MaskContour]] = {}
    rows = MaskContour.objects.filter(**of_case).select_related("read__assignment__study_case")
    for one in rows.order_by("pk"):
        drawn.setdefault((one.read_id, one.correction_id, one.question), []).append(one)
    for contours in drawn.values():
        sha256 = contours_sha256(contours)
        for key in wanted - found.keys():
            if key[1] == sha256:
                found[key] = _planes_of_contours(contours, key[0])
    return found


def _planes_of_volume(volume: MaskVolume, case: str) -> Planes:
    try:
        voxels = voxels_of(volume)
        is_same = hashlib.sha256(voxels.tobytes()).hexdigest() == volume.sha256
    except BadMeasurement:
        is_same = False
    if not is_same:
        raise AnalysisError(
            "mask_changed",
            f"the voxels of the outline {volume.question} of case {case} are not those of their digest",
        )
    return boxed_planes(enumerate(voxels))


def _planes_of_contours(contours: Sequence[MaskContour], series: int) -> Planes:
    masks = stored_mask(contours)
    images = CaseImage.objects.filter(
        series__case=contours[0].read.assignment.study_case.case_id,
        series__position=series,
        sop_uid__in=masks,
    )
    return boxed_planes((index, masks[sop_uid]) for index, sop_uid in images.values_list("index", "sop_uid"))


def _of_reader(group: MaskGroup, reader: str, planes: Planes | None) -> Planes:
    if planes is None:
        raise AnalysisError(
            "mask_missing",
            f"the outline {group.question} of {reader} of case {group.case} in the arm {group.arm} is no longer stored "
            "as the frozen dataset names it",
        )
    return planes
