"""Covariates of a Cox model: numbers as they are, categories as indicator columns against a reference
level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Result
from backend.analysis.survival.outcomes import Floats, Outcomes, check_number

CovariateValue: TypeAlias = float | str | bool | None


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate.

    Attributes
    ----------
    name
        As it stands in tables.
    values
        By case: numbers (or booleans, 1 where true), or texts for a category; ``None`` where missing.
    reference
        Reference level of a category; the first in the order when not given.
    clinical
        Enters the multivariate model for clinical relevance, whatever its univariate P.
    order
        Levels of a category, the lowest first; those that are not named, or all, follow in alphabetical order.
    """

    name: str
    values: Mapping[str, CovariateValue]
    reference: str | None = None
    clinical: bool = False
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Column(Result):
    """One column of the model: a number (``level`` is ``None``), or ``level`` against ``reference``."""

    covariate: str
    level: str | None
    reference: str | None

    @property
    def label(self) -> str:
        """For example ``age`` or ``stage: T4 vs T2``."""
        return self.covariate if self.level is None else f"{self.covariate}: {self.level} vs {self.reference}"

    def value(self, raw: CovariateValue, case: str, levels: frozenset[str]) -> float:
        """The column's entry for one case; ``levels`` are all levels known of the covariate."""
        if self.level is None:
            return _number(raw, self.covariate, case)
        if not isinstance(raw, str):
            text = f"{self.covariate} of case {case} is {raw!r}, not a level"
            raise AnalysisError("covariate_not_text", text)
        if raw not in levels:
            text = f"{self.covariate} of case {case} is {raw}, a level the model has not seen"
            raise AnalysisError("unknown_level", text)
        return 1.0 if raw == self.level else 0.0


@dataclass(frozen=True, slots=True)
class Design:
    """Outcomes of the complete cases and their columns, each of length n in the order of the outcomes."""

    kept: Outcomes
    columns: tuple[Column, ...]
    values: tuple[tuple[float, ...], ...]

    def rows_of(self, covariate: str) -> list[int]:
        """Positions of the covariate's columns."""
        return [row for row, column in enumerate(self.columns) if column.covariate == covariate]


def design(known: Outcomes, covariates: Sequence[Covariate]) -> Design | NotEstimable:
    """Columns over the cases that lack none of the covariates; the others are dropped by name.

    Not estimable where a category has one level left, or its reference none.

    Raises
    ------
    AnalysisError
        ``no_covariates``, ``duplicate_covariate``, ``covariate_mixed`` (numbers and texts in one covariate),
        ``covariate_not_a_number``, ``covariate_not_finite`` (name the case), ``no_cases``.
    """
    _check(covariates)
    complete = [case for case in known.cases if all(item.values.get(case) is not None for item in covariates)]
    kept = known.only(set(complete))
    columns: list[Column] = []
    values: list[tuple[float, ...]] = []
    for item in covariates:
        own = _columns(item, [item.values[case] for case in kept.cases])
        if isinstance(own, NotEstimable):
            return own
        levels = levels_of(item.name, own)
        columns += own
        values += [
            tuple(column.value(item.values[case], case, levels) for case in kept.cases) for column in own
        ]
    return Design(kept, tuple(columns), tuple(values))


def levels_of(covariate: str, columns: Sequence[Column]) -> frozenset[str]:
    """All levels of a category, its reference among them; empty for a number."""
    own = [column for column in columns if column.covariate == covariate]
    return frozenset(name for column in own for name in (column.level, column.reference) if name is not None)


def linear_predictor(values: Sequence[Sequence[float]], coefficients: Sequence[float]) -> Floats:
    """Sum of column times coefficient, in the order of the columns: equal rows give equal bits."""
    total = np.zeros(len(values[0]), dtype=np.float64)
    for column, coefficient in zip(values, coefficients, strict=True):
        total = total + np.asarray(column, dtype=np.float64) * coefficient
    return total


def _check(covariates: Sequence[Covariate]) -> None:
    if not covariates:
        raise AnalysisError("no_covariates", "there is no covariate to model")
    names: set[str] = set()
    for item in covariates:
        if item.name in names:
            raise AnalysisError("duplicate_covariate", f"covariate {item.name} stands twice")
        names.add(item.name)
        present = {case: value for case, value in item.values.items() if value is not None}
        texts = [case for case, value in present.items() if isinstance(value, str)]
        if texts and len(texts) < len(present):
            other = next(case for case, value in present.items() if not isinstance(value, str))
            text = f"{item.name} is a text for case {texts[0]} and {present[other]!r} for case {other}"
            raise AnalysisError("covariate_mixed", text)
        if not texts:
            for case, value in present.items():
                _number(value, item.name, case)


def _columns(item: Covariate, values: Sequence[CovariateValue]) -> list[Column] | NotEstimable:
    if not isinstance(values[0], str):
        return [Column(item.name, None, None)]
    places = {level: place for place, level in enumerate(item.order)}
    levels = sorted(
        {str(value) for value in values}, key=lambda level: (places.get(level, len(places)), level)
    )
    reference = levels[0] if item.reference is None else item.reference
    if reference not in levels:
        return NotEstimable(f"no case has the reference level {reference} of {item.name}")
    if len(levels) == 1:
        return NotEstimable(f"{item.name} is {reference} in every case")
    return [Column(item.name, level, reference) for level in levels if level != reference]


def _number(raw: CovariateValue, covariate: str, case: str) -> float:
    if isinstance(raw, (bool, np.bool_)):
        return float(raw)
    return check_number(raw, f"{covariate} of case {case}", "covariate")
