"""What a run analyzes: the files of its study's frozen dataset, with its supplement, or of the dataset it was given."""

import hashlib

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset

from .dataset_files import analysis_inputs, dataset_files
from .models import AnalysisRun, AnalysisSupplement, FrozenDataset, OutsideDataset
from .supplement_merge import supplemented


def run_inputs(run: AnalysisRun) -> DatasetFiles:
    """The dataset of the run as the analysis reads it.

    Raises
    ------
    AnalysisError
        `dataset_damaged` where what is stored is no longer what its digest names; those of `read_dataset`.
    """
    source = run.source
    _check_digest(source)
    if isinstance(source, OutsideDataset):
        return read_dataset(source.files)
    if run.supplement is None:
        return analysis_inputs(source.document, dataset_sha256=source.content_sha256)
    _check_digest(run.supplement)
    own = dataset_files(source.document, dataset_sha256=source.content_sha256)
    added = run.supplement.document
    number, reason = run.supplement.number, run.supplement.reason
    return read_dataset(supplemented(own, added["files"], added["plan"], number=number, reason=reason))


def _check_digest(row: FrozenDataset | OutsideDataset | AnalysisSupplement) -> None:
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_sha256:
        text = "what was stored for the analysis is no longer what its digest names"
        raise AnalysisError("dataset_damaged", text)
