"""CSV out and in: full precision, nothing that a spreadsheet runs, rows with their numbers."""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from backend.analysis.errors import AnalysisError, NotEstimable

Cell: TypeAlias = str | int | float | bool | NotEstimable | None

# Beyond what any study has; a text of short rows takes forty times its size once it is read.
MAX_ROWS = 500_000
MAX_COLUMNS = 10_000

_QUOTED = re.compile('[,"\n\r]')
_RUNS = ("=", "+", "-", "@", "\t", "\r")

SMALLEST, LARGEST = 1e-50, 1e50  # so that sums of fourth powers are still numbers


def inert(text: str) -> str:
    """A text that a spreadsheet would run as a formula, led by an apostrophe so that it stays text."""
    return f"'{text}" if text.startswith(_RUNS) else text


def as_written(text: str) -> str:
    """The text without the apostrophe of :func:`inert`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUNS) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as CSV with ``\\n`` line ends."""
    lines = [[inert(name) for name in header], *([cell_text(value) for value in row] for row in rows)]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    """The cell as it stands between commas; Python's writer leaves a lone carriage return bare."""
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def cell_text(value: Cell) -> str:
    """A value as every table writes it: nothing for ``None``, the shortest exact digits for a float."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    return inert(str(value)) if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a CSV file: ``where`` names file and row, for every complaint about it."""

    where: str
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell's text, which must not be empty."""
        value = self.cells.get(column, "")
        if not value:
            raise AnalysisError("cell_empty", f"{self.where}: {column} is empty")
        return value

    def number(self, column: str, *, smallest: float = SMALLEST) -> float:
        """The cell as a finite number; one that is not 0 has at least the size ``smallest``."""
        return finite_number(self.text(column), f"{self.where}: {column}", smallest=smallest)

    def whole(self, column: str) -> int:
        """The cell as a whole number."""
        value = self.number(column)
        if value != int(value):
            raise AnalysisError("not_whole", f"{self.where}: {column} is {value:g}, not a whole number")
        return int(value)

    def truth(self, column: str) -> bool:
        """The cell as 0 or 1 (``false`` and ``true`` do too)."""
        text = self.text(column)
        known = {"0": False, "1": True, "false": False, "true": True}
        if text.lower() not in known:
            raise AnalysisError("not_boolean", f"{self.where}: {column} is {text!r}, neither 0 nor 1")
        return known[text.lower()]


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def is_number(text: str) -> bool:
    """Whether the text is a finite decimal number."""
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def finite_number(text: str, where: str, *, smallest: float = SMALLEST) -> float:
    """The text as a finite number; ``where`` leads the complaint.

    ``smallest`` is the least size of a number that is not 0.
    """
    if _NUMBER.fullmatch(text) is None:
        code = (
            "value_not_finite"
            if text.lower().lstrip("+-") in ("nan", "na", "inf", "infinity")
            else "not_number"
        )
        raise AnalysisError(code, f"{where} is {text!r}, not a finite number")
    value = float(text)
    if not math.isfinite(value):
        raise AnalysisError("value_not_finite", f"{where} is {text!r}, beyond every number")
    if value != 0.0 and not smallest <= abs(value) <= LARGEST:
        beyond = (
            f"{where} is {text!r}: a number to compute with is 0 or from {smallest:g} to {LARGEST:g} in size"
        )
        raise AnalysisError("value_beyond_range", beyond)
    return value


def read_rows(text: str, *, file: str, required: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV text with a header; columns beyond the required ones come along.

    Rows are numbered as a spreadsheet does: the header is row 1. Wholly empty rows are passed over. Spaces
    around a cell are no part of it, nor is a byte order mark.

    Raises
    ------
    AnalysisError
        ``column_missing``, ``column_repeated``, ``too_many_columns``, ``row_length``, ``too_many_rows``,
        ``not_csv``, ``file_empty``.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise AnalysisError("not_csv", f"{file}, row {number}: not CSV ({error})") from error
        if row is None:
            break
        cells = [as_written(cell.strip()) for cell in row]
        if not any(cells):
            continue
        if header is None:
            header = _check_header(cells, file, required)
            continue
        if number > MAX_ROWS:
            raise AnalysisError("too_many_rows", f"{file} has more than {MAX_ROWS} rows")
        if len(cells) != len(header):
            raise AnalysisError(
                "row_length", f"{file}, row {number}: {len(cells)} cells under {len(header)} columns"
            )
        yield Row(f"{file}, row {number}", dict(zip(header, cells, strict=True)))
    if header is None:
        raise AnalysisError("file_empty", f"{file} is empty")


def _check_header(header: list[str], file: str, required: Sequence[str]) -> list[str]:
    for name in required:
        if name not in header:
            raise AnalysisError(
                "column_missing", f"{file}: the column {name} is missing; it needs {','.join(required)}"
            )
    if len(header) > MAX_COLUMNS:
        raise AnalysisError("too_many_columns", f"{file} has more than {MAX_COLUMNS} columns")
    repeated = sorted(name for name, count in Counter(header).items() if name and count > 1)
    if repeated:
        raise AnalysisError("column_repeated", f"{file}: the column {repeated[0]} stands there twice")
    return header
