"""What columns and covariates are called in titles, tables and figures; keys of results stay the names themselves."""

from collections.abc import Collection

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles

TRUTH_COLUMN = "truth"
REFERENCE_STANDARD = "Reference standard"


def label_of(files: DatasetFiles, name: str) -> str:
    """As the plan calls it; else a question of ``reference.csv`` by its title, a column with spaces for underscores.

    The truth is the reference standard. A model keeps its name, and so does what would else be called as another is.
    """
    declared = files.design.analysis.labels
    if name in declared:
        return declared[name]
    found = _undeclared(files, name)
    yields = found != name and name != TRUTH_COLUMN
    others = _all_names(files) - {name} if yields else set()
    is_taken = any(found in (other, declared.get(other, _undeclared(files, other))) for other in others)
    return name if is_taken else found


def _undeclared(files: DatasetFiles, name: str) -> str:
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
        ``unknown_column`` where the plan labels what the dataset does not hold, ``repeated`` where it calls one as
        another is called.
    """
    names = _all_names(files)
    for name, label in files.design.analysis.labels.items():
        if name not in names:
            raise AnalysisError(
                "unknown_column",
                f"study.json names {name} in labels, no column of cases.csv, question of reference.csv or model",
            )
        for other in sorted(names - {name}):
            if label_of(files, other) == label:
                raise AnalysisError(
                    "repeated", f"study.json calls {name} {label} in labels, as {other} is called"
                )
    if not files.outcomes and TRUTH_COLUMN not in files.design.analysis.labels:
        names.discard(TRUTH_COLUMN)  # only survival is compared by it
    labels = {name: label_of(files, name) for name in sorted(names)}
    return {name: label for name, label in labels.items() if label != name}


def _all_names(files: DatasetFiles) -> set[str]:
    return {*_columns(files), *files.extras.reference, *_models(files), TRUTH_COLUMN}


def _columns(files: DatasetFiles) -> Collection[str]:
    """The columns of ``cases.csv``, which every row of it has."""
    return next(iter(files.covariates.values()), {}).keys()


def _models(files: DatasetFiles) -> set[str]:
    return set() if files.study is None else {model.name for model in files.study.models}
