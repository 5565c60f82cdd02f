"""Labelmaps as a browser would send them."""

import base64
import gzip
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.reads.labelmap_bytes import packed
from backend.studies.study_forms import lpln_form

from .dicom import SIZE, SLICES

SHAPE = (SLICES, SIZE, SIZE)
NODES: dict[str, Any] = {
    "key": "nodes",
    "kind": "mask",
    "label": "Lymph nodes",
    "drawn_by": "voxels",
    "role": "T2W",
    "labels": [
        {"key": "left_obturator", "label": "left obturator"},
        {"key": "right_obturator", "label": "right obturator"},
    ],
    "statuses": [{"key": "positive", "label": "positive"}, {"key": "negative", "label": "negative"}],
    "cut_off_mm": 7,
}
TUMOR: dict[str, Any] = {
    "key": "tumor",
    "kind": "mask",
    "label": "Tumor",
    "drawn_by": "voxels",
    "show_if": "criterion_margin",
}
SIZE_OF_NODES = {
    "key": "node_size",
    "kind": "derived",
    "label": "Largest short axis",
    "type": "number",
    "expr": "nodes_short_axis_mm",
}
GROWN = {
    "tool": "grow",
    "version": "grow-1",
    "seed_ijk": [15, 16, 2],
    "parameters": {"box_mm": 30, "strength": 2},
}
BRUSHED = {"tool": "brush", "version": "brush-1", "seed_ijk": None, "parameters": {}}


def painted_form() -> dict[str, Any]:
    """The form of the first template with two masks that are drawn by voxels, the second asked for on a condition."""
    form = lpln_form()
    return {**form, "questions": [*form["questions"], NODES, TUMOR, SIZE_OF_NODES]}


def blank() -> NDArray[np.uint8]:
    return np.zeros(SHAPE, np.uint8)


def disk(
    voxels: NDArray[np.uint8],
    *,
    value: int = 1,
    radius: float = 4.0,
    frame: int = 3,
    at: tuple[int, int] = (16, 15),
) -> NDArray[np.uint8]:
    """Paint a disk, radius in pixels, centered at (row, column) on the frame, which counts from 1."""
    rows, columns = np.ogrid[:SIZE, :SIZE]
    voxels[frame - 1][(rows - at[0]) ** 2 + (columns - at[1]) ** 2 <= radius**2] = value
    return voxels


def noise(seed: int) -> dict[str, Any]:
    """A labelmap of one node that nobody else has painted, as the server itself would pack it."""
    voxels = blank()
    voxels[2:4, 8:20, 8:20] = np.random.default_rng(seed).integers(0, 2, (2, 12, 12))
    return labelmap(voxels, segment(), data=base64.b64encode(packed(voxels)).decode())


def segment(value: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "value": value,
        "question": "nodes",
        "label": "left_obturator",
        "status": "positive",
        "origin": [GROWN, BRUSHED],
        "edited_voxels": 12,
        **changes,
    }


def labelmap(voxels: NDArray[np.uint8], *segments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "series": 0,
        "segments": list(segments),
        "shape": list(SHAPE),
        "data": base64.b64encode(gzip.compress(voxels.tobytes(), mtime=0)).decode(),
        **changes,
    }
