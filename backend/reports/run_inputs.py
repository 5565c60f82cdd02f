"""What a run analyzes: the files of its study's frozen dataset, with its supplement, or of the dataset it was given."""

import hashlib

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset

from .dataset_files import analysis_inputs, dataset_files
from .mask_comparisons import mask_comparisons_csv
from .models import AnalysisRun, AnalysisSupplement, FrozenDataset, OutsideDataset
from .supplement_merge import added_names, supplemented


def run_inputs(run: AnalysisRun) -> DatasetFiles:
    """The dataset of the run as the analysis reads it.

    Raises
    ------
    AnalysisError
        `dataset_damaged` where what is stored is no longer what its digest names; those of `read_dataset` and
        `mask_comparisons_csv`.
    """
    source = run.source
    _check_digest(source)
    if isinstance(source, OutsideDataset):
        return read_dataset(source.files)
    document = source.document
    masks_csv = mask_comparisons_csv(source.study, document)
    if run.supplement is None:
        return analysis_inputs(document, dataset_sha256=source.content_sha256, masks_csv=masks_csv)
    _check_digest(run.supplement)
    added = run.supplement.document
    own = dataset_files(
        document,
        dataset_sha256=source.content_sha256,
        masks_csv=masks_csv,
        added=added_names(added["files"]),
    )
    number, reason = run.supplement.number, run.supplement.reason
    return read_dataset(supplemented(own, added["files"], added["plan"], number=number, reason=reason))


def _check_digest(row: FrozenDataset | OutsideDataset | AnalysisSupplement) -> None:
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_sha256:
        text = "what was stored for the analysis is no longer what its digest names"
        raise AnalysisError("dataset_damaged", text)
