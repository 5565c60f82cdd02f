"""What columns and covariates are called in titles, tables and figures; keys of results stay the names themselves."""

from collections.abc import Collection

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles

TRUTH_COLUMN = "truth"
REFERENCE_STANDARD = "Reference standard"


def label_of(files: DatasetFiles, name: str) -> str:
    """As the plan calls it; else a question of ``reference.csv`` by its title, a column with spaces for underscores.

    A model keeps its name, and the truth is the reference standard.
    """
    declared = files.design.analysis.labels.get(name)
    if declared is not None:
        return declared
    if name in _models(files):
        return name
    if name not in _columns(files):
        if name == TRUTH_COLUMN:
            return REFERENCE_STANDARD
        titles = {one.key: one.label for one in files.design.questions if one.key in files.extras.reference}
        return titles.get(name, name)
    return name.replace("_", " ").strip() or name


def column_labels(files: DatasetFiles) -> dict[str, str]:
    """Column, question or model to its label, for those that differ.

    Raises
    ------
    AnalysisError
        ``unknown_column`` where the plan labels what the dataset does not hold.
    """
    names = {*_columns(files), *files.extras.reference}
    if files.outcomes:  # survival is compared by it
        names.add(TRUTH_COLUMN)
    for name in files.design.analysis.labels:
        if name not in names | _models(files) | {TRUTH_COLUMN}:
            raise AnalysisError(
                "unknown_column",
                f"study.json names {name} in labels, no column of cases.csv, question of reference.csv or model",
            )
    labels = {name: label_of(files, name) for name in sorted(names | set(files.design.analysis.labels))}
    return {name: label for name, label in labels.items() if label != name}


def _columns(files: DatasetFiles) -> Collection[str]:
    """The columns of ``cases.csv``, which every row of it has."""
    return next(iter(files.covariates.values()), {}).keys()


def _models(files: DatasetFiles) -> set[str]:
    return set() if files.study is None else {model.name for model in files.study.models}
