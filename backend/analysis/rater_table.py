"""Ratings of several raters as an array: cases sorted, raters sorted, gaps kept, wrong rows refused by name.

Sorting first is what makes every coefficient independent of the order of rows to the last bit.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError

Ratings: TypeAlias = Mapping[str, Mapping[str, Category | None]]
"""Rater -> case -> category; ``None`` or no entry where the rater gave none."""

Measurements: TypeAlias = Mapping[str, Mapping[str, float | None]]
"""Rater -> case -> number; ``None`` or no entry where the rater gave none."""

Values: TypeAlias = Mapping[str, Mapping[str, Category | float | None]]
"""Either of the two."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RatingTable:
    """Categories as positions on the scale.

    Attributes
    ----------
    codes : int array of shape (cases, raters)
        Position on ``categories``, -1 where there is no rating.
    unrated
        Cases that were named but rated by nobody; they have no row.
    silent
        Raters who rated no case; they have no column.
    """

    cases: tuple[str, ...]
    raters: tuple[str, ...]
    categories: tuple[Category, ...]
    codes: NDArray[np.intp]
    unrated: tuple[str, ...]
    silent: tuple[str, ...]

    def counts(self) -> NDArray[np.float64]:
        """How many raters put each case into each category, of shape (cases, categories)."""
        positions = np.arange(len(self.categories))
        counted: NDArray[np.float64] = (self.codes[:, :, np.newaxis] == positions).sum(
            axis=1, dtype=np.float64
        )
        return counted


@dataclass(frozen=True, slots=True)
class MeasurementTable:
    """The cases that every rater measured, of shape (cases, raters), and the names of the others."""

    cases: tuple[str, ...]
    raters: tuple[str, ...]
    values: NDArray[np.float64]
    dropped_cases: tuple[str, ...]


def by_rater(
    rows: Iterable[tuple[str, str, Value]], *, known_raters: Sequence[str] | None = None
) -> dict[str, dict[str, Value]]:
    """Rows (rater, case, value) as the mapping that the functions of agreement take.

    Raises
    ------
    AnalysisError
        ``duplicate_read`` when a rater has a case twice, ``unknown_rater`` when one is not of ``known_raters``.
    """
    table: dict[str, dict[str, Value]] = {name: {} for name in known_raters or ()}
    for rater, case, value in rows:
        if known_raters is not None and rater not in table:
            raise AnalysisError("unknown_rater", f"case {case}: {rater} is not one of the study's raters")
        cases = table.setdefault(rater, {})
        if case in cases:
            raise AnalysisError("duplicate_read", f"{rater} has case {case} more than once")
        cases[case] = value
    return table


def checked_scale(categories: Sequence[Category]) -> tuple[Category, ...]:
    """The scale as a tuple, of two categories or more, none named twice."""
    scale = tuple(categories)
    if len(scale) < 2:
        raise AnalysisError("scale_too_short", f"a scale has two categories or more, this one {len(scale)}")
    repeated = [category for position, category in enumerate(scale) if category in scale[:position]]
    if repeated:
        raise AnalysisError("category_repeated", f"the scale names {repeated[0]!r} more than once")
    return scale


def rating_table(raters: Values, categories: Sequence[Category]) -> RatingTable:
    """The ratings over the full declared scale.

    Raises
    ------
    AnalysisError
        Fewer than two raters, a bad scale, or a category that is not of the scale (names rater and case).
    """
    return code_ratings(raters, checked_scale(categories))


def code_ratings(raters: Values, scale: tuple[Category, ...]) -> RatingTable:
    """As :func:`rating_table`, over a scale that was checked before and may be of one category."""
    check_rater_count(raters)
    position: dict[object, int] = {category: index for index, category in enumerate(scale)}
    coded: dict[str, dict[str, int]] = {}
    for name in sorted(raters):
        coded[name] = {}
        for case, category in raters[name].items():
            if category is None:
                continue
            if category not in position:
                raise AnalysisError(
                    "unknown_category", f"{name}, case {case}: {category!r} is not of the scale {list(scale)}"
                )
            coded[name][case] = position[category]
    named = sorted({case for ratings in raters.values() for case in ratings})
    active = tuple(name for name, ratings in coded.items() if ratings)
    rated = tuple(case for case in named if any(case in coded[name] for name in active))
    have = set(rated)
    codes = np.array([[coded[name].get(case, -1) for name in active] for case in rated], dtype=np.intp)
    return RatingTable(
        cases=rated,
        raters=active,
        categories=scale,
        codes=codes.reshape(len(rated), len(active)),
        unrated=tuple(case for case in named if case not in have),
        silent=tuple(name for name in coded if name not in active),
    )


def measurement_table(raters: Measurements) -> MeasurementTable:
    """The cases that every rater measured; the others are named.

    Raises
    ------
    AnalysisError
        Fewer than two raters, or a measurement that is not a finite number (names rater and case).
    """
    check_rater_count(raters)
    names = tuple(sorted(raters))
    for name in names:
        for case, value in raters[name].items():
            if value is not None:
                check_finite(value, f"{name}, case {case}")
    named = sorted({case for values in raters.values() for case in values})
    complete = tuple(case for case in named if all(raters[name].get(case) is not None for name in names))
    have = set(complete)
    values = np.array([[raters[name][case] for name in names] for case in complete], dtype=np.float64)
    return MeasurementTable(
        cases=complete,
        raters=names,
        values=values.reshape(len(complete), len(names)),
        dropped_cases=tuple(case for case in named if case not in have),
    )


def check_finite(value: object, where: str) -> None:
    """Raise ``AnalysisError`` unless the value is a finite number; truth values are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise AnalysisError("not_a_number", f"{where}: {value!r} is not a number")
    if not math.isfinite(value):
        raise AnalysisError("not_finite", f"{where}: the value is {value}")


def check_rater_count(raters: Mapping[str, object]) -> None:
    """Raise ``AnalysisError`` for fewer than two raters."""
    if len(raters) < 2:
        raise AnalysisError("too_few_raters", f"agreement takes two raters or more, there are {len(raters)}")


def dropped_warnings(table: RatingTable) -> tuple[str, ...]:
    """What was left out of the table, in sentences."""
    texts = []
    if table.unrated:
        texts.append(f"Left out, for nobody rated them: {', '.join(table.unrated)}.")
    if table.silent:
        texts.append(f"Left out, for they rated no case: {', '.join(table.silent)}.")
    return tuple(texts)
