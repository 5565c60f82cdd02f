"""The results as CSV tables: one row an item, one table for every list within it, full precision.

The columns of a table are the fields of its results; a field within a field is joined by a dot, an interval
is ``_low`` and ``_high``. A list of results within a result is a table of its own, led by the key of the item
that it belongs to. Lists of plain values and matrices stand in one cell as JSON. The tables of survival say the
unit of their times, where the dataset names one, in a column ``time_unit``.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.pipeline.results import AnalysisResults, Item
from backend.analysis.results import Interval, to_json_value
from backend.analysis.table_one import TableOne
from backend.analysis.table_one_text import manuscript_csv, smd_csv, table_one_csv

NOT_SHOWN = frozenset({"dropped", "dropped_cases", "warnings", "left_out"})


@dataclass(slots=True)
class _Table:
    columns: dict[str, None] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)

    def add(self, row: dict[str, Cell]) -> None:
        self.columns |= dict.fromkeys(row)
        self.rows.append(row)

    def text(self) -> str:
        return csv_text(list(self.columns), [[row.get(name) for name in self.columns] for row in self.rows])


def result_tables(results: AnalysisResults) -> dict[str, str]:
    """File name to CSV text of every table."""
    files = {
        "sections.csv": _sections(results),
        "items.csv": _items(results),
        "failures.csv": _failures(results),
        "exclusions.csv": _exclusions(results),
    }
    for section in results.sections:
        tables: dict[str, _Table] = {}
        is_timed = section.key == "survival" and results.time_unit
        units: dict[str, Cell] = {"time_unit": results.time_unit} if is_timed else {}
        for item in section.items:
            if isinstance(item.result, TableOne):
                files |= _table_one(_unused(files, f"table_one-{item.key}"), item.result)
            else:
                _add_item(tables, f"{section.key}-{item.key.split('/')[0]}", item, units)
        files |= {f"{_slug(name)}.csv": table.text() for name, table in tables.items()}
    return dict(sorted(files.items()))


def _add_item(tables: dict[str, _Table], name: str, item: Item, units: Mapping[str, Cell]) -> None:
    lead: dict[str, Cell] = {"item": item.key, "title": item.title, "n": item.n, "seed": item.seed, **units}
    several = item.result if isinstance(item.result, tuple) else (item.result,)
    for number, one in enumerate(several, start=1):
        own = lead | ({"number": number} if len(several) > 1 else {})
        if isinstance(one, NotEstimable):
            tables.setdefault(name, _Table()).add(own | {"result": one})
        else:
            _add_row(tables, name, own, one)


def _add_row(tables: dict[str, _Table], name: str, lead: dict[str, Cell], result: object) -> None:
    row, lists = dict(lead), {}
    for column, value in _leaves(result, ""):
        if isinstance(value, tuple) and value and all(map(_is_result, value)):
            lists[column] = value
        else:
            row[_free(column, lead)] = _cell(value)
    tables.setdefault(name, _Table()).add(row)
    inner = {key: lead[key] for key in lead if key not in ("title", "n", "seed")}
    for column, value in lists.items():
        for number, one in enumerate(value, start=1):
            place = f"{column}_number"
            _add_row(tables, f"{name}-{column}", {**inner, place: number}, one)


def _leaves(result: object, prefix: str) -> Iterator[tuple[str, Any]]:
    """Column and value of every field, nested results flattened."""
    for one in fields(result):  # type: ignore[arg-type]
        if one.name in NOT_SHOWN:
            continue
        name, value = f"{prefix}{one.name}", getattr(result, one.name)
        if isinstance(value, Interval):
            yield f"{name}_low", value.low
            yield f"{name}_high", value.high
        elif _is_result(value):
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value


def _is_result(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, (NotEstimable, Interval))


def _free(column: str, lead: Mapping[str, Cell]) -> str:
    return f"result.{column}" if column in lead else column


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (str, bool, int, float, NotEstimable)):
        return value
    return json.dumps(to_json_value(value), ensure_ascii=False, sort_keys=True)


def _unused(files: Mapping[str, str], name: str) -> str:
    """A name for files; cohorts whose names differ in signs alone are numbered."""
    plain, number = _slug(name), 2
    found = plain
    while f"{found}.csv" in files:
        found, number = f"{plain}-{number}", number + 1
    return found


def _table_one(name: str, table: TableOne) -> dict[str, str]:
    return {
        f"{name}.csv": table_one_csv(table),
        f"{name}-manuscript.csv": manuscript_csv(table),
        f"{name}-differences.csv": smd_csv(table),
    }


def _sections(results: AnalysisResults) -> str:
    return csv_text(
        ("section", "title", "state", "items", "failures", "reason", "warnings"),
        [
            [
                *(one.key, one.title, one.state, len(one.items), len(one.failures)),
                one.not_applicable.reason if one.not_applicable else None,
                " ".join(one.warnings),
            ]
            for one in results.sections
        ],
    )


def _items(results: AnalysisResults) -> str:
    return csv_text(
        ("section", "item", "title", "method", "n", "seed", "dropped", "warnings"),
        [
            [
                *(section.key, item.key, item.title, item.method, item.n, item.seed),
                "; ".join(f"{one.case}: {one.reason}" for one in item.dropped),
                " ".join(item.warnings),
            ]
            for section in results.sections
            for item in section.items
        ],
    )


def _failures(results: AnalysisResults) -> str:
    return csv_text(
        ("section", "item", "title", "code", "text"),
        [
            [section.key, one.key, one.title, one.code, one.text]
            for section in results.sections
            for one in section.failures
        ],
    )


def _exclusions(results: AnalysisResults) -> str:
    return csv_text(
        ("case", "reader", "session", "repeat", "set", "reason"),
        [
            [
                *(one.case, one.reader, one.session),
                None if one.is_repeat is None else int(one.is_repeat),
                *(one.excluded_from, one.reason),
            ]
            for one in results.provenance.exclusions
        ],
    )


def _slug(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in name)
