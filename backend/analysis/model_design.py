"""From named predictors to the columns of a regression: numbers as they are, categories as indicators.

A predictor is a column of numbers (or booleans, counted 0 and 1), or of words, which become one indicator
for each category but the reference. A missing value is ``None``; the case is then left out and named.
Cases are put into one order, so that a fit never depends on the order in which they came.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError
from backend.analysis.model_inputs import Booleans, Floats, case_names, check_outcomes
from backend.analysis.results import Result

Values: TypeAlias = Sequence[float | None] | Sequence[str | None] | Sequence[bool | None]
INTERCEPT = "Intercept"
MAX_DISTINCT = 10


@dataclass(frozen=True, slots=True)
class Predictor(Result):
    """A predictor as it was in the cases used: the range of numbers, or the categories, reference first.

    ``distinct`` lists the numbers where there are at most ten of them, as ``rms::datadist`` keeps them.
    """

    name: str
    kind: Literal["numeric", "categorical"]
    low: float | None
    high: float | None
    distinct: tuple[float, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column(Result):
    """One coefficient's column: the intercept, a number, or a category's indicator."""

    name: str
    predictor: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Design:
    """The matrix (n, p), ones first, with what its columns are and the cases left out."""

    matrix: Floats
    columns: tuple[Column, ...]
    outcome: Booleans
    predictors: tuple[Predictor, ...]
    dropped: tuple[str, ...]

    def only(self, names: Sequence[str]) -> "Design":
        """The same cases with these predictors alone."""
        kept = [
            k
            for k, column in enumerate(self.columns)
            if column.predictor is None or column.predictor in names
        ]
        return Design(
            self.matrix[:, kept],
            tuple(self.columns[k] for k in kept),
            self.outcome,
            tuple(item for item in self.predictors if item.name in names),
            self.dropped,
        )


def build_design(
    truth: Sequence[bool],
    predictors: Mapping[str, Values],
    *,
    reference: Mapping[str, str] | None = None,
    cases: Sequence[str] | None = None,
) -> Design:
    """The design of a regression on these predictors, sorted by name.

    Parameters
    ----------
    truth
        Shape (n,): True for a case with the outcome.
    predictors
        Values of shape (n,) by the predictor's name; ``None`` is missing.
    reference
        The reference category by predictor; the first in alphabetical order where none is given.
    cases
        Shape (n,): names, for those that are left out.

    Raises
    ------
    AnalysisError
        ``no_predictors``, ``lengths_differ``, ``not_boolean``, ``not_finite``, ``mixed_values``,
        ``reference_unknown``, ``no_cases`` (none is complete) or ``name_reserved``.
    """
    outcome = check_outcomes(truth)
    names = case_names(cases, n=len(outcome))
    if INTERCEPT in predictors:
        raise AnalysisError("name_reserved", f"a predictor cannot be called {INTERCEPT}")
    for name, values in predictors.items():
        _check_values(name, values, len(outcome))
    if unknown := set(reference or {}) - set(predictors):
        raise AnalysisError("reference_unknown", f"{min(unknown)} has a reference but is no predictor")
    complete = [
        row for row in range(len(outcome)) if all(values[row] is not None for values in predictors.values())
    ]
    if not complete:
        raise AnalysisError("no_cases", "no case has all the predictors")
    dropped = tuple(sorted(set(names) - {names[row] for row in complete}))
    columns, arrays, summaries = [Column(INTERCEPT, None, None)], [np.ones(len(complete))], []
    for name in sorted(predictors):
        used = [predictors[name][row] for row in complete]
        summary, its_columns, its_arrays = _encode(name, used, (reference or {}).get(name))
        summaries.append(summary)
        columns += its_columns
        arrays += its_arrays
    matrix, kept = np.column_stack(arrays), outcome[complete]
    order = np.lexsort((kept, *matrix.T))
    return Design(matrix[order], tuple(columns), kept[order], tuple(summaries), dropped)


def encode_rows(
    predictors: Sequence[Predictor], columns: Sequence[Column], rows: Mapping[str, Values]
) -> Floats:
    """The matrix (n, p) of new cases for a fitted design, in the order in which they are given.

    Raises
    ------
    AnalysisError
        ``predictor_missing``, ``value_missing``, ``unknown_category`` or ``not_finite`` (names the row).
    """
    for predictor in predictors:
        if predictor.name not in rows:
            raise AnalysisError("predictor_missing", f"the new cases lack {predictor.name}")
    lengths = {predictor.name: len(rows[predictor.name]) for predictor in predictors}
    if len(set(lengths.values())) > 1:
        raise AnalysisError("lengths_differ", f"the predictors have different numbers of rows: {lengths}")
    n = next(iter(lengths.values()), 0)
    encoded: dict[tuple[str | None, str | None], Floats] = {(None, None): np.ones(n)}
    for predictor in predictors:
        values = rows[predictor.name]
        _check_values(predictor.name, values, n)
        for row, value in enumerate(values):
            if value is None:
                raise AnalysisError("value_missing", f"row {row} lacks {predictor.name}")
            if predictor.kind == "categorical" and value not in predictor.categories:
                raise AnalysisError(
                    "unknown_category", f"row {row}: {predictor.name} has no category {value!r}"
                )
            if predictor.kind == "numeric" and isinstance(value, str):
                raise AnalysisError(
                    "not_a_number", f"row {row} of {predictor.name} is {value!r}, not a number"
                )
        if predictor.kind == "numeric":
            encoded[predictor.name, None] = np.asarray(values, dtype=np.float64)
        for category in predictor.categories[1:]:
            encoded[predictor.name, category] = np.array([float(value == category) for value in values])
    matrix: Floats = np.column_stack([encoded[column.predictor, column.category] for column in columns])
    return matrix


def _check_values(name: str, values: Values, n: int) -> None:
    if len(values) != n:
        raise AnalysisError("lengths_differ", f"{name} has {len(values)} rows, the outcomes have {n}")
    is_text: bool | None = None
    for row, value in enumerate(values):
        if value is None:
            continue
        if is_text is None:
            is_text = isinstance(value, str)
        if isinstance(value, str) is not is_text:
            raise AnalysisError(
                "mixed_values", f"row {row} of {name} is {value!r}: words and numbers are mixed"
            )
        if not isinstance(value, (str, bool, np.bool_, int, float, np.integer, np.floating)):
            raise AnalysisError("not_a_number", f"row {row} of {name} is {value!r}, not a number")
        if not isinstance(value, str) and not math.isfinite(value):
            raise AnalysisError("not_finite", f"row {row} of {name} is {value}, not a finite number")


def _encode(
    name: str, values: Sequence[object], reference: str | None
) -> tuple[Predictor, list[Column], list[Floats]]:
    if not isinstance(values[0], str):
        if reference is not None:
            raise AnalysisError("reference_unknown", f"{name} holds numbers and has no reference category")
        numbers = np.asarray(values, dtype=np.float64)
        distinct = np.unique(numbers).tolist()
        kept = tuple(distinct) if len(distinct) <= MAX_DISTINCT else ()
        summary = Predictor(name, "numeric", distinct[0], distinct[-1], kept, ())
        return summary, [Column(name, name, None)], [numbers]
    words = [str(value) for value in values]
    categories = sorted(set(words))
    if reference is not None:
        if reference not in categories:
            raise AnalysisError("reference_unknown", f"no case has {name} = {reference}, the reference")
        categories = [reference, *(category for category in categories if category != reference)]
    columns = [Column(f"{name}: {category}", name, category) for category in categories[1:]]
    arrays = [np.array([float(word == category) for word in words]) for category in categories[1:]]
    return Predictor(name, "categorical", None, None, (), tuple(categories)), columns, arrays
