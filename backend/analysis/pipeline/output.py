"""The folder that an analysis leaves: results, report, tables, figures, exports, dataset, checksums, one archive."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.analysis.errors import AnalysisError
from backend.analysis.figure_style import FileFormat
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.collecting import collecting_rarely
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import FILES_TITLE, STEPS, OnSection
from backend.analysis.pipeline.study import AnalysisSet, study_of

RESULTS, SUMS, ARCHIVE = "results.json", "SHA256SUMS", "analysis.zip"
BOTH_FORMATS: tuple[FileFormat, ...] = ("svg", "png")
# Compressed already: a second time costs time and gains nothing.
PACKED = (".png", ".pdf", ".xlsx")
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def results_json(results: AnalysisResults) -> bytes:
    """The results as canonical JSON: keys sorted, no spaces, no NaN, UTF-8."""
    text = json.dumps(
        results.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return f"{text}\n".encode()


@collecting_rarely()
def analysis_files(
    results: AnalysisResults,
    inputs: DatasetFiles,
    *,
    formats: Sequence[FileFormat] = BOTH_FORMATS,
    on_section: OnSection | None = None,
) -> dict[str, bytes]:
    """Path within the folder to bytes of every file, the same for the same dataset, level and seed.

    Parameters
    ----------
    inputs
        The dataset that the results were computed from.
    formats
        Of the figures; none: no figures. The report shows figures where both formats are drawn.
    on_section
        Called once, before the last step (:data:`~backend.analysis.pipeline.run.OnSection`).
    """
    from backend.analysis.pipeline.exports import export_files
    from backend.analysis.pipeline.figures import figure_files
    from backend.analysis.pipeline.report_files import report_files
    from backend.analysis.pipeline.tables import result_tables

    if on_section is not None:
        on_section(STEPS - 1, STEPS, FILES_TITLE)
    study = None
    if inputs.study is not None:
        chosen: AnalysisSet = "per-protocol" if results.analysis_set == "per-protocol" else "as-read"
        study = study_of(inputs, level=results.level, seed=results.seed, analysis_set=chosen)
    tables = {name: text.encode() for name, text in result_tables(results).items()}
    figures = figure_files(results, study.study if study else None, formats)
    files = {
        RESULTS: results_json(results),
        **_under("tables", tables),
        **_under("figures", figures),
        **_under("exports", export_files(results, inputs, study)),
        **_under("dataset", {name: text.encode() for name, text in inputs.texts.items()}),
        **report_files(results, inputs, figures),
    }
    files[SUMS] = checksums(files)
    files[ARCHIVE] = archive(files)
    return files


def write_analysis(
    results: AnalysisResults,
    inputs: DatasetFiles,
    folder: Path,
    *,
    formats: Sequence[FileFormat] = BOTH_FORMATS,
) -> tuple[str, ...]:
    """Write :func:`analysis_files`; files of an earlier run that are no longer among them are removed.

    Returns
    -------
    The paths within the folder, sorted.

    Raises
    ------
    AnalysisError
        ``cannot_write`` where the folder cannot be written.
    """
    files = analysis_files(results, inputs, formats=formats)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_earlier(folder, files)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise AnalysisError("cannot_write", f"{folder} cannot be written ({error.strerror})") from error
    return tuple(sorted(files))


def checksums(files: Mapping[str, bytes]) -> bytes:
    """What ``sha256sum --check`` takes, sorted by path."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip archive without a date of its making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            is_packed = name.endswith(PACKED)
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return buffer.getvalue()


def _under(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def _remove_earlier(folder: Path, files: Mapping[str, bytes]) -> None:
    """Only what an earlier run's checksums name, unchanged since, and only below the folder."""
    sums = folder / SUMS
    for line in sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else ():
        digest, _, name = line.partition("  ")
        path = folder / name
        is_below = folder.resolve() in path.resolve().parents
        if name in files or not is_below or not path.is_file():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
