"""Agreement of a reader with themself, from cases that came back without the reader knowing.

For categories: Cohen's kappa of the second read against the first, and the coefficients of many raters with the
occasions in the place of raters. For measurements: intraclass correlation over the occasions (ICC(A,1), the
form that Koo and Li 2016 advise for one reader), Bland and Altman's differences second minus first, and
repeatability. Each reader stands alone: pooled over readers, agreement within would mix with that between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from backend.analysis.agreement import Category, KappaResult, Weights, cohen_kappa
from backend.analysis.bland_altman import BlandAltman, bland_altman
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.icc import IccResult, icc
from backend.analysis.multirater import MultiraterAgreement, multirater_agreement
from backend.analysis.rater_table import Value, check_finite, checked_scale
from backend.analysis.repeatability import Repeatability, repeatability
from backend.analysis.results import Result, check_level

RepeatedReads: TypeAlias = Mapping[str, Mapping[str, Sequence[Category | None]]]
"""Reader -> case -> the reader's answers in the order of reading."""

RepeatedMeasurements: TypeAlias = Mapping[str, Mapping[str, Sequence[float | None]]]
"""Reader -> case -> the reader's measurements in the order of reading."""

NOT_TWICE = NotEstimable("no case was read twice")


@dataclass(frozen=True, slots=True)
class ChangedRead(Result):
    """A case that the reader put into another category later."""

    case: str
    answers: tuple[Category | None, ...]


@dataclass(frozen=True, slots=True)
class IntraReaderCategories(Result):
    """One reader's categories at two occasions or more.

    Attributes
    ----------
    n, single_cases
        Cases with two answers or more; cases of the repeats that have fewer.
    kappa
        Second against first, rows of the table the first.
    coefficients
        Percent agreement, Brennan-Prediger, Fleiss, Conger and Gwet over all occasions.
    changed
        Cases whose answers differ.
    """

    method: str
    reader: str
    n: int
    n_occasions: int
    single_cases: tuple[str, ...]
    kappa: KappaResult
    coefficients: MultiraterAgreement | NotEstimable
    changed: tuple[ChangedRead, ...]


@dataclass(frozen=True, slots=True)
class IntraReaderMeasurements(Result):
    """One reader's measurements at two occasions or more; ``bland_altman`` is second minus first."""

    method: str
    reader: str
    n: int
    n_occasions: int
    single_cases: tuple[str, ...]
    icc: IccResult | NotEstimable
    bland_altman: BlandAltman | NotEstimable
    repeatability: Repeatability


def intra_reader_categories(
    reads: RepeatedReads,
    categories: Sequence[Category],
    weights: Weights = "unweighted",
    *,
    level: float = 0.95,
) -> tuple[IntraReaderCategories, ...]:
    """Agreement of each reader with themself on a categorical or ordinal answer.

    Parameters
    ----------
    reads
        Reader -> case -> answers in the order of reading, ``None`` where one was left open.
    categories
        The full declared scale.
    weights
        ``"linear"`` or ``"quadratic"`` for an ordinal scale.

    Returns
    -------
    One result a reader, sorted by name.

    Raises
    ------
    AnalysisError
        No reader, an answer that is not of the scale (names reader, case and occasion), a bad scale.
    """
    check_level(level)
    scale = checked_scale(categories)
    _check_readers(reads)
    for reader, cases in reads.items():
        for case, answers in cases.items():
            for occasion, answer in enumerate(answers, start=1):
                if answer is not None and answer not in scale:
                    raise AnalysisError(
                        "unknown_category",
                        f"{reader}, case {case}, read {occasion}: {answer!r} is not of the scale {list(scale)}",
                    )
    return tuple(_categories(reader, reads[reader], scale, weights, level) for reader in sorted(reads))


def intra_reader_measurements(
    reads: RepeatedMeasurements, *, coverage: float = 0.95, level: float = 0.95
) -> tuple[IntraReaderMeasurements, ...]:
    """Agreement of each reader with themself on a measurement.

    Parameters
    ----------
    reads
        Reader -> case -> measurements in the order of reading, ``None`` where one was left open.
    coverage
        Of the limits of agreement and of the repeatability coefficient.

    Raises
    ------
    AnalysisError
        No reader, a measurement that is not a finite number (names reader, case and occasion).
    """
    check_level(level)
    _check_readers(reads)
    for reader, cases in reads.items():
        for case, values in cases.items():
            for occasion, value in enumerate(values, start=1):
                if value is not None:
                    check_finite(value, f"{reader}, case {case}, read {occasion}")
    return tuple(_measurements(reader, reads[reader], coverage, level) for reader in sorted(reads))


def _check_readers(reads: Mapping[str, object]) -> None:
    if not reads:
        raise AnalysisError("no_readers", "no reader read a case twice")


def _categories(
    reader: str,
    cases: Mapping[str, Sequence[Category | None]],
    scale: tuple[Category, ...],
    weights: Weights,
    level: float,
) -> IntraReaderCategories:
    given = {case: [answer for answer in cases[case] if answer is not None] for case in sorted(cases)}
    twice = [case for case, answers in given.items() if len(answers) >= 2]
    occasions = max((len(cases[case]) for case in twice), default=0)
    first = [given[case][0] for case in twice]
    second = [given[case][1] for case in twice]
    coefficients: MultiraterAgreement | NotEstimable = NOT_TWICE
    if twice:
        coefficients = multirater_agreement(_by_occasion(cases, twice), scale, weights, level=level)
    return IntraReaderCategories(
        method="intra_reader_categories",
        reader=reader,
        n=len(twice),
        n_occasions=occasions,
        single_cases=tuple(case for case, answers in given.items() if len(answers) < 2),
        kappa=cohen_kappa(first, second, scale, weights, level=level),
        coefficients=coefficients,
        changed=tuple(ChangedRead(c, tuple(cases[c])) for c in twice if len(set(given[c])) > 1),
    )


def _measurements(
    reader: str, cases: Mapping[str, Sequence[float | None]], coverage: float, level: float
) -> IntraReaderMeasurements:
    given = {case: [float(v) for v in cases[case] if v is not None] for case in sorted(cases)}
    twice = [case for case, values in given.items() if len(values) >= 2]
    correlation: IccResult | NotEstimable = NOT_TWICE
    differences: BlandAltman | NotEstimable = NOT_TWICE
    if twice:
        correlation = icc(_by_occasion(cases, twice), level=level)
        pair = {
            "first read": {case: given[case][0] for case in twice},
            "second read": {case: given[case][1] for case in twice},
        }
        differences = bland_altman(pair, "second read", "first read", coverage=coverage, level=level)
    return IntraReaderMeasurements(
        method="intra_reader_measurements",
        reader=reader,
        n=len(twice),
        n_occasions=max((len(cases[case]) for case in twice), default=0),
        single_cases=tuple(case for case, answers in given.items() if len(answers) < 2),
        icc=correlation,
        bland_altman=differences,
        repeatability=repeatability(given, coverage=coverage, level=level),
    )


def _by_occasion(
    cases: Mapping[str, Sequence[Value | None]], twice: list[str]
) -> dict[str, dict[str, Value | None]]:
    """Occasion -> case -> answer, with a name for each occasion that sorts as it was read."""
    occasions = max(len(cases[case]) for case in twice)
    return {
        f"read {occasion + 1:02d}": {
            case: cases[case][occasion] for case in twice if occasion < len(cases[case])
        }
        for occasion in range(occasions)
    }
