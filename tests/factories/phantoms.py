"""Phantom examinations cut to the slices around the index node: real enough to read and to compute on, and quick."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from backend.cases.models import Case, CaseMask, MaskRole, SeriesRole
from backend.cases.services import mask_add
from inference.phantom import make_case, write_dicom


@dataclass(frozen=True)
class CutPhantom:
    """A folder of DICOM and the index node's mask on its slices, shape (slices, rows, columns)."""

    folder: Path
    node_mask: NDArray[np.bool_]


def cut_phantom(
    folder: Path, *, seed: int, center: str, slices: int = 8, with_adc: bool = False
) -> CutPhantom:
    """Write a small phantom of `center` and keep only `slices` of its T2W series, the node in their middle."""
    whole = make_case(seed, center, size="small")
    write_dicom(whole, folder, patient_id=f"PHANTOM-{center}-{seed}")
    if not with_adc:
        shutil.rmtree(folder / "ADC")
    depth = int(np.argwhere(whole.node_mask).mean(axis=0)[0])
    first = min(max(depth - slices // 2, 0), whole.node_mask.shape[0] - slices)
    kept = slice(first, first + slices)
    files = sorted((folder / "T2W").iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[2])
    for path in {*files} - {*files[kept]}:
        path.unlink()
    return CutPhantom(folder=folder, node_mask=whole.node_mask[kept])


def add_index_mask(case: Case, array: NDArray[np.bool_], *, at: datetime) -> CaseMask:
    series = case.series.get(role=SeriesRole.T2W)
    return mask_add(case=case, series=series, role=MaskRole.INDEX_NODE, array=array, by=None, now=at)
