"""A study's own files of the analysis and those of a supplement, put together. Pure.

The study's own rows stay as they are: a supplement adds rows, columns and models, and overrides no value.
"""

import json
from collections.abc import Mapping
from typing import Any

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import read_plan
from backend.analysis.formats.cells import Row, csv_text, read_rows
from backend.analysis.formats.dataset_additions import ADDITIONS
from backend.analysis.formats.dataset_csv import OUTCOMES, PREDICTIONS, DatasetFiles, read_dataset
from backend.analysis.formats.dataset_design import FILE, read_design
from backend.analysis.formats.dataset_extras import FEATURES, MASK_PLACES, MASKS, MODEL_ANSWERS, REFERENCE
from backend.analysis.formats.dataset_marks import LESION_COLUMNS, LESIONS, MARK_COLUMNS, MARKS
from backend.analysis.pipeline.plan_names import check_plan_names

from .dataset_marks import FILE as MARKS_FILE
from .dataset_plan import Added

CASES = "cases.csv"
ADDED_FILE = "additions.csv"
PLAN_FILE = "plan.json"
# The columns of each file, and by how many of the first of them a row is known.
TABLES: dict[str, tuple[tuple[str, ...], int]] = {
    "outcomes.csv": (OUTCOMES, 2),
    "features.csv": (FEATURES, 4),
    "masks.csv": (MASKS, 4),
    "reference.csv": (REFERENCE, 2),
    "model-answers.csv": (MODEL_ANSWERS, 3),
    "predictions.csv": (PREDICTIONS, 1),
    "lesions.csv": (LESIONS, 2),
    "marks.csv": (MARKS, 5),
}
# An outline is of a question in an arm too.
KEYS_FURTHER = ("question", "arm")
# Columns that may follow.
FURTHER = {"masks.csv": MASK_PLACES, "lesions.csv": LESION_COLUMNS, "marks.csv": MARK_COLUMNS}
ACCEPTED = (
    *("outcomes.csv", CASES, "features.csv", "masks.csv", "reference.csv", "model-answers.csv"),
    *("predictions.csv", "lesions.csv", "marks.csv", PLAN_FILE),
)

Files = Mapping[str, str]
Plan = Mapping[str, Any]


def check_supplement(own: Files, added: Files, plan: Plan) -> None:
    """Refuse a supplement that cannot be put together with the study's own files.

    Parameters
    ----------
    own
        The study's files.
    added, plan
        The supplement's files and keys of the plan.

    Raises
    ------
    AnalysisError
        The text names the file and its row as it was given, or the key of the plan.
    """
    for name in sorted(added):
        _check_own_rows(own, name, added[name])
    _check_plan(own, plan)
    # Alone first: a complaint then names the row of the file as it was given.
    read_dataset({**own, **added, FILE: with_plan(own[FILE], plan)})
    merged = read_dataset(supplemented(own, added, plan, number=1, reason="none yet"))
    _check_names(merged, added, plan)


def supplemented(own: Files, added: Files, plan: Plan, *, number: int, reason: str) -> dict[str, str]:
    """The study's files with those of the supplement, and with what was added on record."""
    merged = {**own, FILE: with_plan(own[FILE], plan)}
    for name in sorted(added):
        if name not in own:
            merged[name] = added[name]
        elif name == CASES:
            merged[name] = _with_columns(own[name], added[name])
        else:
            merged[name] = _with_rows(own[name], added[name], name)
    merged[ADDED_FILE] = _additions(added, plan, number, reason)
    return merged


def with_plan(design: str, plan: Plan) -> str:
    """`study.json` with the keys of a plan over its own; what the study calls categorical or positive stays so."""
    content = json.loads(design)
    own = content.get("analysis", {})
    changed = {**own, **plan}
    if "positive_answers" in plan:
        changed["positive_answers"] = {**own.get("positive_answers", {}), **plan["positive_answers"]}
    if "categorical" in plan:
        changed["categorical"] = list(dict.fromkeys([*own.get("categorical", []), *plan["categorical"]]))
    return json.dumps({**content, "analysis": changed}, indent=2, ensure_ascii=False) + "\n"


def added_names(files: Files) -> Added:
    """Which columns, questions of the reference standard and models the files of a supplement bring."""
    models = (
        {row.cells["model"] for row in _rows("predictions.csv", files["predictions.csv"])}
        if ("predictions.csv" in files)
        else set()
    )
    name = "reference.csv"
    questions = {row.cells["question"] for row in _rows(name, files[name])} if name in files else set()
    return Added(frozenset((*columns_of(files), *questions)), frozenset(models))


def row_count(name: str, text: str) -> int:
    """The rows of a file below its header."""
    return len(_rows(name, text))


def columns_of(files: Files) -> dict[str, set[str]]:
    """The columns of `cases.csv`, each with the values that it holds."""
    found: dict[str, set[str]] = {}
    for row in _rows(CASES, files[CASES]) if CASES in files else []:
        for column, value in row.cells.items():
            if column != "case":
                found.setdefault(column, set()).update([value] if value else [])
    return found


def _rows(name: str, text: str) -> list[Row]:
    return list(read_rows(text, file=name, required=("case",) if name == CASES else TABLES[name][0]))


def _check_own_rows(own: Files, name: str, text: str) -> None:
    """No row, column or model that the study has itself."""
    if name == MARKS_FILE and name in own:
        # By place and by lesion do not mix, and what readers marked is on record.
        raise AnalysisError("repeated", f"{name}: the study itself has the marks of its readers")
    rows = _rows(name, text)
    if not rows:
        raise AnalysisError("no_rows", f"{name} has no row below its header")
    if name == CASES:
        _check_columns(own, rows[0])
        return
    columns, length = TABLES[name]
    key = (*columns[:length], *(KEYS_FURTHER if name == "masks.csv" else ()))
    known = {_key(row, key) for row in _rows(name, own[name])} if name in own else set()
    for row in rows:
        if _key(row, key) in known:
            told = ", ".join(f"{column} {row.cells.get(column, '')}".strip() for column in key)
            raise AnalysisError("repeated", f"{row.where}: the study itself has {told}")


def _key(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row.cells.get(column, "") for column in columns)


def _check_columns(own: Files, first: Row) -> None:
    if len(first.cells) == 1:
        raise AnalysisError("column_missing", f"{CASES}: there is no column beside the case")
    taken = set(columns_of(own))
    for column in first.cells:
        if not column:
            raise AnalysisError("column_missing", f"{CASES}: a column has no name")
        if column in taken or column == "truth":
            raise AnalysisError("column_repeated", f"{CASES}: the study itself has a column {column}")


def _check_plan(own: Files, plan: Plan) -> None:
    try:
        read_plan(dict(plan))
        read_design(with_plan(own[FILE], plan))
    except AnalysisError as error:
        raise AnalysisError(error.code, error.text.replace(f"{FILE}:", "plan:", 1)) from error


def _check_names(merged: DatasetFiles, added: Files, plan: Plan) -> None:
    columns = columns_of(merged.texts)
    models = {model.name for model in merged.study.models} if merged.study else set()
    for name in sorted(models & set(columns)):
        where = CASES if CASES in added else "predictions.csv"
        raise AnalysisError("repeated", f"{where}: {name} is the name of a column and of a model")
    endpoints = {one.endpoint for one in merged.outcomes}
    check_plan_names(merged.design.analysis, plan, columns=columns, models=models, endpoints=endpoints)


def _with_columns(own: str, added: str) -> str:
    """The cases with further columns; a case that the supplement does not name has no value there."""
    mine, further = _rows(CASES, own), {row.cells["case"]: row for row in _rows(CASES, added)}
    columns = [column for column in mine[0].cells if column != "case"] if mine else []
    new = [column for column in next(iter(further.values())).cells if column != "case"]
    by_case = {row.cells["case"]: row for row in mine}
    return csv_text(
        ["case", *columns, *new],
        [
            [
                case,
                *(by_case[case].cells[one] if case in by_case else "" for one in columns),
                *(further[case].cells[one] if case in further else "" for one in new),
            ]
            for case in sorted({*by_case, *further})
        ],
    )


def _with_rows(own: str, added: str, name: str) -> str:
    rows = [*_rows(name, own), *_rows(name, added)]
    further = [one for one in FURTHER.get(name, ()) if any(one in row.cells for row in rows)]
    columns = [*TABLES[name][0], *further]
    return csv_text(columns, [[row.cells.get(column, "") for column in columns] for row in rows])


def _additions(added: Files, plan: Plan, number: int, reason: str) -> str:
    rows = [(number, reason, name, _detail(name, added[name])) for name in sorted(added)]
    rows += [
        (number, reason, f"plan: {key}", json.dumps(plan[key], ensure_ascii=False)) for key in sorted(plan)
    ]
    return csv_text(ADDITIONS, rows)


def _detail(name: str, text: str) -> str:
    rows = _rows(name, text)
    counted = f"{len(rows)} rows"
    if name == CASES:
        return f"{counted}: {', '.join(column for column in rows[0].cells if column != 'case')}"
    return counted
