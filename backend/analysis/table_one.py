"""Table 1: what the groups of a study are like, by cohort, by outcome, by center.

A missing value is missing: it is counted beside the summary and is neither a category nor part of a share,
of a test or of an effect size. Groups are compared on the subjects that have the value. Shares are of those.
Quantiles are R's type 7. The table does not depend on the order of its subjects.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.difference_rules import (
    RANK_TESTS,
    ChosenTest,
    DifferenceRules,
    compare_counts,
    compare_values,
)
from backend.analysis.effect_sizes import CramersV, Smd, cramers_v, smd_of_counts, smd_of_values
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.reporting.words import within_sentence
from backend.analysis.results import Result, check_level

Value: TypeAlias = str | int | float | bool | None
Kind: TypeAlias = Literal["continuous", "ordered", "categorical"]


@dataclass(frozen=True, slots=True)
class Variable(Result):
    """A row of the table.

    ``categories`` is the full declared order of an ordered or categorical variable; left empty for a
    categorical one, the values found are sorted. ``labels`` gives what is printed for a category.
    """

    key: str
    label: str
    kind: Kind
    categories: tuple[str | int | bool, ...] = ()
    labels: tuple[str, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if self.labels and len(self.labels) != len(self.categories):
            raise AnalysisError("labels_do_not_fit", f"{self.key} has not one label for each category")
        if self.kind == "ordered" and len(self.categories) < 2:
            raise AnalysisError("no_order", f"the ordered variable {self.key} declares no order")


@dataclass(frozen=True, slots=True)
class ValueSummary(Result):
    """Values of one group; ``sd`` is the sample's, ``q1`` and ``q3`` the quartiles."""

    n: int
    missing: int
    mean: Estimate
    sd: Estimate
    median: Estimate
    q1: Estimate
    q3: Estimate
    low: Estimate
    high: Estimate


@dataclass(frozen=True, slots=True)
class CategorySummary(Result):
    """Counts of one group in the order of the row's categories; ``shares`` of the ``n`` with a value."""

    n: int
    missing: int
    counts: tuple[int, ...]
    shares: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class PairEffect(Result):
    """Standardized mean difference of two of the groups."""

    first: str
    second: str
    smd: Smd


@dataclass(frozen=True, slots=True)
class TableOneRow(Result):
    """One variable: a summary for each group and for all, the test with its reason, the effect sizes."""

    variable: Variable
    categories: tuple[str, ...]
    groups: tuple[ValueSummary | CategorySummary, ...]
    overall: ValueSummary | CategorySummary
    shows_mean: bool
    chosen: ChosenTest | NotEstimable
    effects: tuple[PairEffect, ...]
    cramers_v: CramersV | None
    warnings: tuple[str, ...]

    @property
    def largest_smd(self) -> Estimate:
        """The SMD of two groups; of more, the largest absolute one of all pairs."""
        estimates = [pair.smd.estimate for pair in self.effects]
        known = [value for value in estimates if not isinstance(value, NotEstimable)]
        if not known:
            return estimates[0] if estimates else NotEstimable("there is only one group")
        return known[0] if len(estimates) == 1 else max(abs(value) for value in known)


@dataclass(frozen=True, slots=True)
class TableOne(Result):
    """The whole table; ``dropped`` are the subjects that belong to no group."""

    group_label: str
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    n: int
    dropped: tuple[str, ...]
    rows: tuple[TableOneRow, ...]
    rules: DifferenceRules
    level: float
    methods: tuple[str, ...]
    warnings: tuple[str, ...]


def table_one(
    subjects: Mapping[str, Mapping[str, Value]],
    group_of: Mapping[str, str | None],
    variables: tuple[Variable, ...],
    *,
    group_label: str = "Cohort",
    groups: tuple[str, ...] = (),
    rules: DifferenceRules | None = None,
    level: float = 0.95,
) -> TableOne:
    """Describe and compare groups.

    Parameters
    ----------
    subjects
        Subject (case, patient) to its values by variable key; an absent key or ``None`` is missing.
    group_of
        Subject to its cohort, or to its outcome's name; a subject without one is left out, and named.
    groups
        The groups in the order of the columns; left empty, those found are sorted.
    rules
        How tests are chosen.
    level
        Confidence level of the SMDs' intervals.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``repeated`` (variable or group), ``unknown_group``, ``unknown_category``,
        ``value_not_finite``, ``value_not_number``: each names subject and variable.
    """
    check_level(level)
    rules = rules or DifferenceRules()
    names = _check_groups(subjects, group_of, groups)
    _check_variables(variables, rules)
    members = {
        name: [subject for subject in sorted(subjects) if group_of.get(subject) == name] for name in names
    }
    dropped = tuple(subject for subject in sorted(subjects) if group_of.get(subject) is None)
    rows = tuple(_row(variable, subjects, members, rules, level) for variable in variables)
    sizes = tuple(len(members[name]) for name in names)
    warnings = (f"{len(dropped)} without a {within_sentence(group_label)} left out",) if dropped else ()
    return TableOne(
        group_label, names, sizes, sum(sizes), dropped, rows, rules, level, _methods(rows), warnings
    )


def _row(
    variable: Variable,
    subjects: Mapping[str, Mapping[str, Value]],
    members: Mapping[str, list[str]],
    rules: DifferenceRules,
    level: float,
) -> TableOneRow:
    values = {
        name: [_value(variable, subject, subjects[subject].get(variable.key)) for subject in own]
        for name, own in members.items()
    }
    if variable.kind == "continuous":
        return _continuous(variable, values, rules, level)
    return _categorical(variable, values, rules, level)


def _continuous(
    variable: Variable, values: Mapping[str, list[Value]], rules: DifferenceRules, level: float
) -> TableOneRow:
    present = {name: [float(v) for v in own if v is not None] for name, own in values.items()}
    missing = {name: len(values[name]) - len(own) for name, own in present.items()}
    chosen, warnings = _compare(list(present.values()), variable, rules)
    effects = tuple(
        PairEffect(a, b, smd_of_values(present[a], present[b], level=level))
        for a, b in combinations(present, 2)
    )
    everyone = [value for own in present.values() for value in own]
    return TableOneRow(
        variable=variable,
        categories=(),
        groups=tuple(_summary(own, missing[name]) for name, own in present.items()),
        overall=_summary(everyone, sum(missing.values())),
        shows_mean=isinstance(chosen, NotEstimable) or not chosen.is_by_ranks,
        chosen=chosen,
        effects=effects,
        cramers_v=None,
        warnings=warnings,
    )


def _categorical(
    variable: Variable, values: Mapping[str, list[Value]], rules: DifferenceRules, level: float
) -> TableOneRow:
    categories = _categories(variable, values)
    counts = {name: [_count(own, one) for one in categories] for name, own in values.items()}
    table = list(counts.values())
    chosen: ChosenTest | NotEstimable
    if variable.kind == "ordered" and rules.overrides.get(variable.key) in (None, *RANK_TESTS):
        grades = [[float(grade) for grade, count in enumerate(row) for _ in range(count)] for row in table]
        chosen, warnings = _compare(grades, variable, rules)
    elif sum(1 for row in table if sum(row)) < 2:
        chosen, warnings = NotEstimable("fewer than two groups have a value"), ()
    else:
        chosen = compare_counts(table, rules, key=variable.key)
        warnings = chosen.test.warnings
    effects = tuple(
        PairEffect(a, b, smd_of_counts(counts[a], counts[b], level=level))
        for a, b in combinations(counts, 2)
        if categories
    )
    missing = {name: sum(value is None for value in own) for name, own in values.items()}
    overall = [sum(column) for column in zip(*table, strict=True)]
    return TableOneRow(
        variable=variable,
        categories=variable.labels or tuple(_label(one) for one in categories),
        groups=tuple(_shares(row, missing[name]) for name, row in counts.items()),
        overall=_shares(overall, sum(missing.values())),
        shows_mean=False,
        chosen=chosen,
        effects=effects,
        cramers_v=cramers_v(table) if categories else None,
        warnings=warnings,
    )


def _compare(
    groups: list[list[float]], variable: Variable, rules: DifferenceRules
) -> tuple[ChosenTest | NotEstimable, tuple[str, ...]]:
    """Test the groups that have a value; a group without any is left out, and that is said."""
    filled = [group for group in groups if group]
    if len(filled) < 2:
        return NotEstimable("fewer than two groups have a value"), ()
    chosen = compare_values(filled, rules, key=variable.key, is_ordered=variable.kind == "ordered")
    empty = len(groups) - len(filled)
    said = (f"{empty} of {len(groups)} groups without a value left out of the test",) if empty else ()
    return chosen, (*said, *chosen.test.warnings)


def _value(variable: Variable, subject: str, value: Value) -> Value:
    where = f"{variable.key} of {subject}"
    if value is None:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        raise AnalysisError("value_not_finite", f"{where} is {value}; a missing value is left empty")
    if variable.kind == "continuous":
        if isinstance(value, (bool, str)):
            raise AnalysisError("value_not_number", f"{where} is {value!r}, not a number")
        return value
    if variable.categories and not any(_same(value, one) for one in variable.categories):
        raise AnalysisError("unknown_category", f"{where} is {value!r}, none of {list(variable.categories)}")
    return value


def _same(value: object, category: object) -> bool:
    """Equal, and a truth value only to a truth value: True is not 1."""
    return isinstance(value, bool) == isinstance(category, bool) and value == category


def _count(values: list[Value], category: Value) -> int:
    return sum(value is not None and _same(value, category) for value in values)


def _categories(variable: Variable, values: Mapping[str, list[Value]]) -> tuple[Value, ...]:
    if variable.categories:
        return variable.categories
    found: list[Value] = []
    for own in values.values():
        for value in own:
            if value is not None and not any(_same(value, one) for one in found):
                found.append(value)
    return tuple(sorted(found, key=_order))


def _order(value: Value) -> tuple[int, float, str]:
    if isinstance(value, str):
        return 1, 0.0, value
    return 0, float(value or 0), str(value)


def _label(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _summary(values: list[float], missing: int) -> ValueSummary:
    n = len(values)
    if n == 0:
        nothing = NotEstimable("there is no value")
        return ValueSummary(0, missing, *([nothing] * 7))
    ordered = sorted(values)
    mean = math.fsum(ordered) / n
    sd: Estimate = NotEstimable("there is one value only")
    if n > 1:
        is_equal = ordered[0] == ordered[-1]
        sd = 0.0 if is_equal else math.sqrt(math.fsum((v - mean) ** 2 for v in ordered) / (n - 1))
    q1, median, q3 = (float(q) for q in np.quantile(ordered, [0.25, 0.5, 0.75]))
    return ValueSummary(n, missing, mean, sd, median, q1, q3, ordered[0], ordered[-1])


def _shares(counts: list[int], missing: int) -> CategorySummary:
    n = sum(counts)
    nothing = NotEstimable("there is no value")
    return CategorySummary(n, missing, tuple(counts), tuple(count / n if n else nothing for count in counts))


def _methods(rows: tuple[TableOneRow, ...]) -> tuple[str, ...]:
    """Keys of all methods the table used, sorted."""
    keys: set[str] = set()
    for row in rows:
        if not isinstance(row.chosen, NotEstimable):
            keys.add(row.chosen.test.method)
            if row.variable.kind == "continuous" and "Shapiro" in row.chosen.reason:
                keys.add("shapiro_wilk")
        keys.update(pair.smd.method for pair in row.effects)
        if row.cramers_v is not None:
            keys.add(row.cramers_v.method)
    return tuple(sorted(keys))


def _check_groups(
    subjects: Mapping[str, Mapping[str, Value]],
    group_of: Mapping[str, str | None],
    groups: tuple[str, ...],
) -> tuple[str, ...]:
    if not subjects:
        raise AnalysisError("no_cases", "there is no subject to describe")
    unknown = sorted(set(group_of) - set(subjects))
    if unknown:
        raise AnalysisError("unknown_case", f"{unknown[0]} has a group, but is no subject of the table")
    found = sorted({name for name in group_of.values() if name is not None})
    if not found:
        raise AnalysisError("no_groups", "no subject belongs to a group")
    if not groups:
        return tuple(found)
    if len(set(groups)) != len(groups):
        raise AnalysisError("repeated", "a group is named twice")
    for name in found:
        if name not in groups:
            raise AnalysisError("unknown_group", f"the group {name} is none of {list(groups)}")
    return groups


def _check_variables(variables: tuple[Variable, ...], rules: DifferenceRules) -> None:
    keys = [variable.key for variable in variables]
    for key in keys:
        if keys.count(key) > 1:
            raise AnalysisError("repeated", f"variable {key} is named twice")
    for key in rules.overrides:
        if key not in keys:
            raise AnalysisError(
                "unknown_variable", f"the rules name a test of {key}, no variable of the table"
            )
