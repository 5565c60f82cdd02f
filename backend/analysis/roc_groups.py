"""ROC by reader, arm, center or subgroup: areas of every group of long records, and tests between them.

Records are split by the factors named in ``by``; within a group a case may stand once. The levels of one
factor are then compared while all other factors are held: two groups that share no case by the unpaired
test, groups that share cases by DeLong's paired test on the cases they share, whatever else they hold being
left out and named. More than two levels are tested at once too. The pairwise p-values of one call are
adjusted together by Holm's method. Readers taken as a random sample need the multi-reader analysis; here
every reader stands for himself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from backend.analysis.auc_tests import (
    EqualAreasTest,
    delong_unpaired,
    equal_areas_paired,
    equal_areas_unpaired,
)
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level
from backend.analysis.roc import RocCurve, delong_paired, roc_curve
from backend.analysis.roc_intervals import AucIntervals, auc_intervals

Cases = dict[str, tuple[bool, float]]
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RocRecord(Result):
    """One score of one case; ``factors`` names its reader, arm, center, subgroup or anything else."""

    case: str
    truth: bool | None
    score: float | None
    factors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GroupAuc(Result):
    """A group's area with intervals; ``without_truth`` and ``without_score`` name cases left out.

    ``curve`` is ``None`` unless the curves were asked for.
    """

    labels: dict[str, str]
    result: AucIntervals
    without_truth: tuple[str, ...]
    without_score: tuple[str, ...]
    curve: RocCurve | NotEstimable | None = None


@dataclass(frozen=True, slots=True)
class GroupComparison(Result):
    """Level a minus level b of a factor within ``stratum``; ``df`` stands for unpaired designs alone.

    ``left_out`` names the cases that only one of two overlapping groups holds.
    """

    method: str
    stratum: dict[str, str]
    factor: str
    level_a: str
    level_b: str
    auc_a: Estimate
    auc_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    statistic: Estimate
    df: Estimate | None
    p: Estimate
    p_holm: Estimate
    n_positive: tuple[int, ...]
    n_negative: tuple[int, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupEquality(Result):
    """The test that all levels of the factor have one area within ``stratum``."""

    stratum: dict[str, str]
    factor: str
    test: EqualAreasTest | NotEstimable
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RocByGroup(Result):
    """Areas of all groups in the order of their labels, and the tests between levels of ``compare``."""

    method: str
    by: tuple[str, ...]
    compare: str | None
    groups: tuple[GroupAuc, ...]
    comparisons: tuple[GroupComparison, ...]
    equality: tuple[GroupEquality, ...]
    warnings: tuple[str, ...]


def roc_by_group(
    records: Sequence[RocRecord],
    *,
    by: Sequence[str],
    compare: str | None = None,
    order: Sequence[str] = (),
    has_curves: bool = False,
    level: float = 0.95,
) -> RocByGroup:
    """Areas by group and, with ``compare``, tests between the levels of that factor.

    Parameters
    ----------
    by
        Factors that make the groups, for example ``("reader", "arm")``; each record must name them all.
    compare
        One of ``by``; None for areas alone.
    order
        Levels of ``compare``: of two, the one that stands first here is level a. Levels not named come last, by name.
    has_curves
        Whether each group's result holds its empirical curve, for a figure.

    Raises
    ------
    AnalysisError
        ``no_cases``, ``no_factor``, ``unknown_factor``, ``factor_missing``, ``duplicate_read`` (a case twice
        in a group), ``truth_conflict`` (a case positive here and negative there), a bad score, the level.
    """
    check_level(level)
    factors = tuple(by)
    _check(records, factors, compare)
    split: dict[Labels, list[RocRecord]] = {}
    for record in records:
        split.setdefault(tuple(record.factors[name] for name in factors), []).append(record)
    cases: dict[Labels, Cases] = {}
    groups = []
    for labels in sorted(split):
        found, group = _group(factors, labels, split[labels], level, has_curve=has_curves)
        cases[labels] = found
        groups.append(group)
    comparisons, equality = _compare_all(factors, compare, order, cases, level) if compare else ((), ())
    warnings = tuple(
        f"{_name(group.labels)}: {number} of its cases have no {what} and were left out."
        for group in groups
        for what, number in (("truth", len(group.without_truth)), ("score", len(group.without_score)))
        if number
    )
    return RocByGroup("roc_by_group", factors, compare, tuple(groups), comparisons, equality, warnings)


def holm(p_values: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """Holm's step-down adjustment; undefined p-values stay undefined and do not count.

    References
    ----------
    Holm S. Scand J Stat 1979;6:65-70.
    """
    order = sorted((p, i) for i, p in enumerate(p_values) if not isinstance(p, NotEstimable))
    adjusted: list[Estimate] = list(p_values)
    largest = 0.0
    for rank, (p, i) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p))
        adjusted[i] = largest
    return tuple(adjusted)


def _check(records: Sequence[RocRecord], factors: Labels, compare: str | None) -> None:
    if not records:
        raise AnalysisError("no_cases", "there is no record to make a curve of")
    if not factors:
        raise AnalysisError("no_factor", "name one factor or more that makes the groups")
    if compare is not None and compare not in factors:
        raise AnalysisError("unknown_factor", f"{compare} is compared but is not among {', '.join(factors)}")
    truths: dict[str, bool] = {}
    for record in records:
        for name in factors:
            if name not in record.factors:
                raise AnalysisError("factor_missing", f"case {record.case} has no {name}")
        if record.truth is not None and truths.setdefault(record.case, record.truth) != record.truth:
            raise AnalysisError("truth_conflict", f"case {record.case} is positive and negative")


def _group(
    factors: Labels, labels: Labels, records: Sequence[RocRecord], level: float, *, has_curve: bool
) -> tuple[Cases, GroupAuc]:
    """The usable cases of a group in the order of their names, and its area."""
    named = dict(zip(factors, labels, strict=True))
    seen: set[str] = set()
    for record in records:
        if record.case in seen:
            raise AnalysisError(
                "duplicate_read", f"case {record.case} stands twice in the group {_name(named)}"
            )
        seen.add(record.case)
    usable = {
        record.case: (record.truth, record.score)
        for record in sorted(records, key=lambda record: record.case)
        if record.truth is not None and record.score is not None
    }
    without_truth = tuple(sorted(record.case for record in records if record.truth is None))
    without_score = tuple(
        sorted(record.case for record in records if record.truth is not None and record.score is None)
    )
    columns = _columns(usable, usable)
    try:
        area = auc_intervals(*columns, level=level)
    except AnalysisError as error:
        raise AnalysisError(error.code, f"{_name(named)}: {error.text}") from error
    curve = roc_curve(*columns) if has_curve else None
    return usable, GroupAuc(named, area, without_truth, without_score, curve)


def _compare_all(
    factors: Labels, compare: str, order: Sequence[str], cases: dict[Labels, Cases], level: float
) -> tuple[tuple[GroupComparison, ...], tuple[GroupEquality, ...]]:
    """All pairs of levels within each stratum of the other factors, and each stratum's common test."""
    at = factors.index(compare)
    held: dict[Labels, dict[str, Cases]] = {}
    for labels, group in cases.items():
        held.setdefault(labels[:at] + labels[at + 1 :], {})[labels[at]] = group
    others = factors[:at] + factors[at + 1 :]
    places = {name: place for place, name in enumerate(order)}
    pairs, equality = [], []
    for rest, levels in held.items():
        stratum = dict(zip(others, rest, strict=True))
        pairs += [
            _pair(stratum, compare, (a, b), (levels[a], levels[b]), level)
            for a, b in combinations(
                sorted(levels, key=lambda name: (places.get(name, len(places)), name)), 2
            )
        ]
        if len(levels) > 2:
            equality.append(_equality(stratum, compare, levels))
    adjusted = holm([pair.p for pair in pairs])
    return tuple(_with_holm(pair, p) for pair, p in zip(pairs, adjusted, strict=True)), tuple(equality)


def _pair(
    stratum: dict[str, str], factor: str, names: tuple[str, str], groups: tuple[Cases, Cases], level: float
) -> GroupComparison:
    a, b = groups
    common = sorted(a.keys() & b.keys())
    head = (stratum, factor, *names)
    if not common:
        apart = delong_unpaired(*_columns(a, a), *_columns(b, b), level=level)
        return GroupComparison(
            apart.method,
            *head,
            apart.auc_a,
            apart.auc_b,
            apart.difference,
            apart.se,
            apart.ci,
            apart.t,
            apart.df,
            apart.p,
            apart.p,
            (apart.n_positive_a, apart.n_positive_b),
            (apart.n_negative_a, apart.n_negative_b),
            (),
            apart.warnings,
        )
    truth, scores_a = _columns(a, common)
    together = delong_paired(truth, scores_a, _columns(b, common)[1], level=level)
    left_out = tuple(sorted(a.keys() ^ b.keys()))
    told = (
        (f"Compared on the {len(common)} cases of both; {len(left_out)} were left out.",) if left_out else ()
    )
    return GroupComparison(
        together.method,
        *head,
        together.auc_a,
        together.auc_b,
        together.difference,
        together.se,
        together.ci,
        together.z,
        None,
        together.p,
        together.p,
        (together.n_positive,),
        (together.n_negative,),
        left_out,
        (*told, *together.warnings),
    )


def _equality(stratum: dict[str, str], factor: str, levels: dict[str, Cases]) -> GroupEquality:
    """Paired on the cases of all levels, unpaired where no two levels share a case."""
    every = set().union(*levels.values())
    if sum(map(len, levels.values())) == len(every):
        samples = {name: _columns(group, group) for name, group in levels.items()}
        return GroupEquality(stratum, factor, equal_areas_unpaired(samples), ())
    common = sorted(set.intersection(*(set(group) for group in levels.values())))
    if not common:
        mixed = NotEstimable("some levels share cases, but no case is common to all")
        return GroupEquality(stratum, factor, mixed, tuple(sorted(every)))
    truth = next(iter(levels.values()))
    scores = {name: _columns(group, common)[1] for name, group in levels.items()}
    test = equal_areas_paired(_columns(truth, common)[0], scores)
    return GroupEquality(stratum, factor, test, tuple(sorted(every - set(common))))


def _columns(group: Cases, names: Sequence[str] | Cases) -> tuple[list[bool], list[float]]:
    return [group[name][0] for name in names], [group[name][1] for name in names]


def _with_holm(pair: GroupComparison, p: Estimate) -> GroupComparison:
    return replace(pair, p_holm=p)


def _name(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{factor} {label}" for factor, label in labels.items())
