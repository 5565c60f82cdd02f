"""Where a dataset comes from: a folder, one file of ratings, or the generator of a demonstration."""

from pathlib import Path

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset, read_dataset_folder


def read_source(path: Path) -> DatasetFiles:
    """The dataset of a folder, or of one file of ratings (reader,modality,case,truth,rating).

    Raises
    ------
    AnalysisError
        ``not_utf8``, ``cannot_read``, and those of
        :func:`~backend.analysis.formats.dataset_csv.read_dataset_folder`.
    """
    try:
        if not path.is_file():
            return read_dataset_folder(path)
        return read_dataset({"mrmc.csv": path.read_bytes().decode("utf-8")})
    except UnicodeDecodeError as error:
        raise AnalysisError("not_utf8", f"{path.name} is not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise AnalysisError("cannot_read", f"{path} cannot be read ({error.strerror})") from error


def demo_dataset(name: str, folder: Path) -> DatasetFiles:
    """The demonstration dataset of this name, its files written to the folder.

    Raises
    ------
    AnalysisError
        ``unknown_demo``, ``cannot_write``.
    """
    from backend.analysis.demo import demo_files

    files = demo_files(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_bytes(text.encode())
    except OSError as error:
        raise AnalysisError("cannot_write", f"{folder} cannot be written ({error.strerror})") from error
    return read_dataset(files)
