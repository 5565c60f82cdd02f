"""What every test of a table of counts needs: the checked counts, without empty rows and columns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.errors import AnalysisError, NotEstimable

Counts = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts in rows (groups) and columns (categories), all margins positive.

    ``empty_rows`` and ``empty_columns`` are the positions, in the table as given, that held no count and
    were left out: they change neither a chi-square nor an exact test.
    """

    counts: NDArray[np.int64]
    empty_rows: tuple[int, ...]
    empty_columns: tuple[int, ...]

    @property
    def n(self) -> int:
        """All counts together."""
        return int(self.counts.sum())

    @property
    def is_two_by_two(self) -> bool:
        """Whether two groups are compared on two categories."""
        return self.counts.shape == (2, 2)

    def expected(self) -> NDArray[np.float64]:
        """The counts expected under independence: row total times column total over all."""
        rows, columns = self.counts.sum(axis=1), self.counts.sum(axis=0)
        return np.outer(rows, columns) / self.n

    def why_not_testable(self) -> NotEstimable | None:
        """The reason when fewer than two rows or columns are left, else ``None``."""
        if min(self.counts.shape) >= 2:
            return None
        if self.n == 0:
            return NotEstimable("there is nothing to count")
        one = "group has" if self.counts.shape[0] < 2 else "category has"
        return NotEstimable(f"only one {one} any count")

    def warnings(self) -> tuple[str, ...]:
        """A sentence for empty rows and for empty columns that were left out."""
        told = []
        if self.empty_rows:
            told.append(f"{_places('row', self.empty_rows)} without any count left out of the test")
        if self.empty_columns:
            told.append(f"{_places('column', self.empty_columns)} without any count left out of the test")
        return tuple(told)


def read_counts(counts: Counts) -> Table:
    """The table of counts, rows being groups and columns categories.

    Raises
    ------
    AnalysisError
        ``table_not_rectangular``, ``count_not_whole`` (negative, fractional, NaN, not a number).
    """
    if len(counts) == 0 or len({len(row) for row in counts}) != 1 or len(counts[0]) == 0:
        raise AnalysisError("table_not_rectangular", "the rows of the table of counts differ in length")
    for number, row in enumerate(counts, start=1):
        for place, value in enumerate(row, start=1):
            if not _is_count(value):
                raise AnalysisError(
                    "count_not_whole", f"row {number}, column {place} of the table is {value!r}, not a count"
                )
    table = np.array([[int(value) for value in row] for row in counts], dtype=np.int64)
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    return Table(
        table[np.ix_(rows, columns)],
        tuple(int(i) for i in np.flatnonzero(~rows)),
        tuple(int(i) for i in np.flatnonzero(~columns)),
    )


def _is_count(value: object) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return False
    if isinstance(value, (int, np.integer)):
        return int(value) >= 0
    return isinstance(value, float) and math.isfinite(value) and value >= 0 and value == int(value)


def _places(what: str, positions: tuple[int, ...]) -> str:
    numbers = ", ".join(str(position + 1) for position in positions)
    return f"{what}{'s' if len(positions) > 1 else ''} {numbers}"
