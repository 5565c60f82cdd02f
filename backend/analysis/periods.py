"""Sequential and crossover designs, analyzed as they were designed.

Two arms, earlier (A) and later (B) in the order of the design, and for each reader and case the sessions
in which they were read. The sessions decide what the design is, and with it what can be said:

- ``sequential reveal``: both arms of a case in one session, the model shown after the first answer. The
  difference is that of a second look with the model; period and carry-over cannot be told from it.
- ``fixed order``: A always in the earlier session. The difference between the arms contains the one
  between the sessions; what a washout does about it is not in the data.
- ``crossover by reader``: some readers read A first and the others B, each reader all cases alike.
- ``crossover by case``: every reader reads some cases A first and the others B first, the same for all.
- ``crossover mixed``: the order varies by reader and case.

In a crossover the effects of treatment (B minus A), period (second minus first) and carry-over are those
of Hills and Armitage: the first two from the differences of the two periods, the last from the sums. The
carry-over contrast cannot be told from a difference between the groups, nor from an interaction of
treatment and period, and is shown as that. It is not tested first to choose the analysis of the treatment
(Freeman): both are shown.

They are estimated twice. On the readers' figures of merit (empirical AUC in each cell): two-sample t
tests when the groups are readers, one-sample t tests of each reader's contrasts when each reader has both
orders. And per case, on right calls at the declared threshold, by a mixed model of the two periods'
difference (and sum) with random readers and random cases. What the second arm gains differs between readers
and between cases too: where they have both orders, their gains are random in the model of the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.change_of_mind import LeftOutPair
from backend.analysis.crossover import (
    CONFOUNDED,
    CrossoverEffects,
    CrossoverUnit,
    Effect,
    SequenceName,
    hills_armitage,
    one_sample,
)
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mixed_model import RandomTerm, fit_mixed_model
from backend.analysis.results import Interval, Result, check_level
from backend.analysis.roc import empirical_auc
from backend.analysis.study_dataset import ReadRecord, StudyDataset

DesignName: TypeAlias = Literal[
    "sequential reveal", "fixed order", "crossover by reader", "crossover by case", "crossover mixed"
]
PeriodMeasure: TypeAlias = Literal["auc", "right"]
DESIGN_TEXTS: dict[DesignName, str] = {
    "sequential reveal": (
        "Sequential reveal: each case was answered without and then with the model in one session. The "
        "difference is that of a second look with the model; period and carry-over are not separable."
    ),
    "fixed order": (
        "Fixed order: one arm was always read in the earlier session. The difference between the arms "
        "contains any difference between the sessions."
    ),
    "crossover by reader": "Crossover: readers were split into the two orders of the arms.",
    "crossover by case": "Crossover: cases were split into the two orders of the arms, alike for all readers.",
    "crossover mixed": "Crossover: the order of the arms varied by reader and case.",
}


@dataclass(frozen=True, slots=True)
class PeriodCell(Result):
    """One reader, order and period: what was read there and how well."""

    reader: str
    sequence: SequenceName
    period: int
    arm: str
    n_positive: int
    n_negative: int
    auc: Estimate
    right: Estimate


@dataclass(frozen=True, slots=True)
class PeriodMean(Result):
    """The mean of the readers in one order and period; ``ci`` is Student's, of other readers on these cases.

    The interval is clipped to [0, 1].

    Attributes
    ----------
    measure
        ``"auc"``, or ``"right"``, the share of right calls.
    readers
        Those with the value, of whom the mean is.
    """

    measure: PeriodMeasure
    sequence: SequenceName
    period: int
    arm: str
    readers: tuple[str, ...]
    mean: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class PeriodAnalysis(Result):
    """The design found, its cells, and what it lets be estimated.

    Attributes
    ----------
    means
        Of the readers, by measure, order and period.
    by_reader, by_case
        The effects on the readers' AUCs and on right calls; not estimable outside a crossover.
    n_ab, n_ba, n_together
        Pairs of reader and case read A first, B first, and both in one session.
    """

    method: str
    first_arm: str
    second_arm: str
    design: DesignName
    design_text: str
    cells: tuple[PeriodCell, ...]
    means: tuple[PeriodMean, ...]
    by_reader: CrossoverEffects | NotEstimable
    by_case: CrossoverEffects | NotEstimable
    n_ab: int
    n_ba: int
    n_together: int
    left_out: tuple[LeftOutPair, ...]
    warnings: tuple[str, ...]


def period_analysis(
    dataset: StudyDataset, *, first_arm: str, second_arm: str, level: float = 0.95
) -> PeriodAnalysis:
    """What the sessions of the reads say about the order of the arms.

    Parameters
    ----------
    first_arm, second_arm
        A and B; the treatment effect is B minus A.

    Raises
    ------
    AnalysisError
        ``unknown_arm``, ``same_arm``, ``score_without_rating``, ``no_pairs``, ``level_out_of_range``.
    """
    check_level(level)
    _check_arms(dataset, first_arm, second_arm)
    pairs, left_out = _paired_reads(dataset, first_arm, second_arm)
    if not pairs:
        raise AnalysisError(
            "no_pairs", f"no reader has a case with truth in both {first_arm} and {second_arm}"
        )
    design = _design(pairs)
    orders = [pair.sequence for pair in pairs]
    together = orders.count("together")
    warnings = []
    if together and design != "sequential reveal":
        warnings.append(f"{together} pairs were read in one session and have no part in the effects.")
    pairs = [pair for pair in pairs if pair.sequence != "together" or design == "sequential reveal"]
    cells = _cells(dataset, pairs, first_arm, second_arm)
    by_reader: CrossoverEffects | NotEstimable = NotEstimable(DESIGN_TEXTS[design])
    by_case = by_reader
    if design.startswith("crossover"):
        by_reader = _by_reader(cells, level)
        by_case = _by_case(dataset, pairs, level)
    return PeriodAnalysis(
        "periods",
        first_arm,
        second_arm,
        design,
        DESIGN_TEXTS[design],
        cells,
        _means(cells, level),
        by_reader,
        by_case,
        orders.count("AB"),
        orders.count("BA"),
        together,
        tuple(left_out),
        tuple(warnings),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    reader: str
    case: str
    sequence: Literal["AB", "BA", "together"]
    a: int
    b: int


def _check_arms(dataset: StudyDataset, first: str, second: str) -> None:
    for arm in (first, second):
        if arm not in dataset.arms:
            raise AnalysisError("unknown_arm", f"the arm {arm} is not of the design {list(dataset.arms)}")
    if first == second:
        raise AnalysisError("same_arm", f"an order needs two arms, not {first} twice")
    if not dataset.is_rated:
        raise AnalysisError("score_without_rating", "the study has no rating to compare between periods")


def _paired_reads(dataset: StudyDataset, first: str, second: str) -> tuple[list[_Pair], list[LeftOutPair]]:
    reads: Mapping[tuple[str, str, str], ReadRecord] = {(r.reader, r.arm, r.case): r for r in dataset.reads}
    pairs, left_out = [], []
    for reader in dataset.readers:
        for case in sorted(dataset.truth):
            a, b = reads.get((reader, first, case)), reads.get((reader, second, case))
            lacking = [
                f"no score in {arm}"
                for arm, read in ((first, a), (second, b))
                if read is None or read.score is None
            ]
            if dataset.truth[case] is None:
                lacking.append("no truth")
            if lacking or a is None or b is None or a.score is None or b.score is None:
                left_out.append(LeftOutPair(reader, case, "; ".join(lacking)))
                continue
            order: Literal["AB", "BA", "together"] = "together"
            if a.session != b.session:
                order = "AB" if a.session < b.session else "BA"
            pairs.append(_Pair(reader, case, order, a.score, b.score))
    return pairs, left_out


def _design(pairs: list[_Pair]) -> DesignName:
    orders = {pair.sequence for pair in pairs} - {"together"}
    if not orders:
        return "sequential reveal"
    if len(orders) == 1:
        return "fixed order"
    apart = [pair for pair in pairs if pair.sequence != "together"]
    if _one_order_each([(pair.reader, pair.sequence) for pair in apart]):
        return "crossover by reader"
    if _one_order_each([(pair.case, pair.sequence) for pair in apart]):
        return "crossover by case"
    return "crossover mixed"


def _one_order_each(orders: list[tuple[str, str]]) -> bool:
    return len({name for name, _ in orders}) == len(set(orders))


def _cells(dataset: StudyDataset, pairs: list[_Pair], first: str, second: str) -> tuple[PeriodCell, ...]:
    cells = []
    for reader in sorted({pair.reader for pair in pairs}):
        orders: tuple[SequenceName, SequenceName] = ("AB", "BA")
        for order in orders:
            # Within one session A came first: a reveal never shows the model before the first answer.
            wanted = (order, "together") if order == "AB" else (order,)
            own = [pair for pair in pairs if pair.reader == reader and pair.sequence in wanted]
            if not own:
                continue
            truth = [dataset.truth[pair.case] is True for pair in own]
            for period in (1, 2):
                is_a = (order == "AB") == (period == 1)
                scores = [pair.a if is_a else pair.b for pair in own]
                right = [(s >= dataset.positive_from) == t for s, t in zip(scores, truth, strict=True)]
                cells.append(
                    PeriodCell(
                        reader,
                        order,
                        period,
                        first if is_a else second,
                        sum(truth),
                        len(truth) - sum(truth),
                        empirical_auc(truth, scores),
                        sum(right) / len(right),
                    )
                )
    return tuple(cells)


def _means(cells: tuple[PeriodCell, ...], level: float) -> tuple[PeriodMean, ...]:
    measures: tuple[PeriodMeasure, ...] = ("auc", "right")
    found = []
    for measure in measures:
        for sequence, period, arm in sorted({(cell.sequence, cell.period, cell.arm) for cell in cells}):
            own = [cell for cell in cells if (cell.sequence, cell.period) == (sequence, period)]
            given = {cell.reader: cell.auc if measure == "auc" else cell.right for cell in own}
            known = {reader: one for reader, one in given.items() if not isinstance(one, NotEstimable)}
            mean: Estimate = NotEstimable("no reader has a value there")
            ci: Interval | NotEstimable = NotEstimable("no reader has a value there")
            if known:
                effect = one_sample(list(known.values()), level)
                mean, ci = effect.estimate, _of_shares(effect.ci)
            found.append(PeriodMean(measure, sequence, period, arm, tuple(known), mean, ci))
    return tuple(found)


def _of_shares(ci: Interval | NotEstimable) -> Interval | NotEstimable:
    """Areas and shares lie between 0 and 1, and Student's interval of a few of them may not."""
    if isinstance(ci, NotEstimable):
        return ci
    return Interval(max(0.0, ci.low), min(1.0, ci.high), ci.level)


def _by_reader(cells: tuple[PeriodCell, ...], level: float) -> CrossoverEffects | NotEstimable:
    units: dict[str, dict[SequenceName, CrossoverUnit]] = {}
    for one, two in zip(cells[::2], cells[1::2], strict=True):
        if isinstance(one.auc, NotEstimable) or isinstance(two.auc, NotEstimable):
            return NotEstimable(
                f"{one.reader} has no AUC in order {one.sequence}: one class is missing there"
            )
        unit = CrossoverUnit(one.reader, one.sequence, one.auc, two.auc)
        units.setdefault(one.reader, {})[one.sequence] = unit
    both = [own for own in units.values() if len(own) == 2]
    if not both:
        return hills_armitage([unit for own in units.values() for unit in own.values()], level=level)
    if len(both) < len(units):
        return NotEstimable("some readers have both orders and others one")
    later = [(own["AB"].period2 - own["AB"].period1, own["BA"].period2 - own["BA"].period1) for own in both]
    total = [(own["AB"].period2 + own["AB"].period1, own["BA"].period2 + own["BA"].period1) for own in both]
    return CrossoverEffects(
        "crossover_within_readers",
        one_sample([(ab - ba) / 2.0 for ab, ba in later], level),
        one_sample([(ab + ba) / 2.0 for ab, ba in later], level),
        one_sample([ab - ba for ab, ba in total], level),
        len(both),
        len(both),
        (CONFOUNDED,),
    )


def _by_case(dataset: StudyDataset, pairs: list[_Pair], level: float) -> CrossoverEffects:
    """Right calls: the difference and the sum of the two periods by the order, +1/2 for AB and -1/2 for BA."""
    cut = dataset.positive_from

    def right(pair: _Pair, score: int) -> float:
        return float((score >= cut) == (dataset.truth[pair.case] is True))

    signs = [0.5 if pair.sequence == "AB" else -0.5 for pair in pairs]
    gains = [right(pair, pair.b) - right(pair, pair.a) for pair in pairs]
    later = [2.0 * sign * gain for sign, gain in zip(signs, gains, strict=True)]
    total = [right(pair, pair.a) + right(pair, pair.b) for pair in pairs]
    names = {"reader": [pair.reader for pair in pairs], "case": [pair.case for pair in pairs]}
    levels = [RandomTerm(factor, labels) for factor, labels in names.items()]
    # What the second arm gains differs between readers and between cases, and enters the difference of the periods
    # with the sign of the order. Where each has one order, that is the same as a level of its own.
    gained = [
        RandomTerm(f"{factor}, gain", labels, [2.0 * sign for sign in signs])
        for factor, labels in names.items()
        if not _one_order_each(list(zip(labels, (pair.sequence for pair in pairs), strict=True)))
    ]
    ones = [1.0] * len(pairs)

    warnings = [CONFOUNDED]

    def effect(y: list[float], name: str, scale: float, random: list[RandomTerm]) -> Effect:
        columns = {"constant": ones, "order": [scale * sign for sign in signs]}
        fit = fit_mixed_model(y, columns, random, level=level)
        if isinstance(fit, NotEstimable):
            return Effect(*(fit,) * 6)
        warnings.extend(warning for warning in fit.warnings if warning not in warnings)
        found = fit.coefficient(name)
        return Effect(found.estimate, found.se, found.df, found.t, found.p, found.ci)

    of_gains = [*levels, *gained]
    treatment, period = effect(later, "order", 2.0, of_gains), effect(later, "constant", 2.0, of_gains)
    carry_over = effect(total, "order", 1.0, levels)
    return CrossoverEffects(
        "crossover_mixed_model",
        treatment,
        period,
        carry_over,
        signs.count(0.5),
        signs.count(-0.5),
        tuple(warnings),
    )
