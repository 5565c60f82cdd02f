"""Confusion matrices with both margins, and what follows from them with each class as the positive one.

Rows are the reference standard, columns the rater. Sensitivity, specificity and the predictive values mean
nothing without the class that is called positive, and a paper that names the wrong one swaps them in pairs:
every result here names its positive class, shows its four counts, and says what the same counts give with the
other class as positive.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.rater_table import checked_scale
from backend.analysis.results import Result, check_level, format_estimate

Reading: TypeAlias = Literal["as stated", "classes swapped", "both ways", "neither way"]


@dataclass(frozen=True, slots=True)
class OneVersusRest(Result):
    """One class as the positive one against all others.

    Attributes
    ----------
    positive, negative
        The class that is called positive, and what negative stands for, in words.
    true_positives, false_negatives, false_positives, true_negatives
        The four counts.
    f1, youden, matthews
        F1 score; sensitivity + specificity - 1; Matthews' correlation.
    statement
        Positive class and four counts in one sentence.
    swapped
        What sensitivity and specificity would be with negative as the positive class.
    """

    positive: Category
    negative: str
    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int
    sensitivity: Proportion
    specificity: Proportion
    positive_predictive_value: Proportion
    negative_predictive_value: Proportion
    accuracy: Proportion
    balanced_accuracy: Estimate
    f1: Estimate
    youden: Estimate
    matthews: Estimate
    statement: str
    swapped: str


@dataclass(frozen=True, slots=True)
class ConfusionMatrix(Result):
    """Reference against rater over the declared classes.

    Attributes
    ----------
    table
        Counts, rows the reference, columns the rater, in the order of ``categories``.
    reference_totals, rater_totals
        The margins: sums of rows and of columns.
    accuracy
        Cases on the diagonal.
    one_vs_rest
        Each class as the positive one.
    positive
        The declared positive class of two, with its entry in ``one_vs_rest``; ``None`` for more classes
        unless declared.
    """

    method: str
    rater: str
    categories: tuple[Category, ...]
    positive: Category | None
    table: tuple[tuple[int, ...], ...]
    reference_totals: tuple[int, ...]
    rater_totals: tuple[int, ...]
    n: int
    dropped_cases: tuple[str, ...]
    accuracy: Proportion
    one_vs_rest: tuple[OneVersusRest, ...]
    warnings: tuple[str, ...]

    def for_class(self, positive: Category) -> OneVersusRest:
        """The four counts and what follows, with this class as the positive one."""
        for item in self.one_vs_rest:
            if item.positive == positive:
                return item
        raise AnalysisError("unknown_category", f"{positive!r} is not of the classes {list(self.categories)}")


def confusion_matrix(
    reference: Mapping[str, Category | None],
    ratings: Mapping[str, Category | None],
    categories: Sequence[Category],
    *,
    rater: str,
    positive: Category | None = None,
    level: float = 0.95,
) -> ConfusionMatrix:
    """Cross a rater's classes with the reference standard.

    Parameters
    ----------
    reference, ratings
        Case -> class, ``None`` or no entry where there is none. Cases that lack either are left out and named.
    categories
        The full declared scale.
    rater
        Name of the rater or model.
    positive
        The positive class; required where there are two.

    Raises
    ------
    AnalysisError
        A class that is not of the scale (names the case), a rating of a case that the reference does not
        know, a bad scale, two classes without a positive one, a positive class that is not of the scale.
    """
    check_level(level)
    scale = checked_scale(categories)
    if positive is None and len(scale) == 2:
        raise AnalysisError("positive_class_missing", f"which of {list(scale)} is positive must be said")
    if positive is not None and positive not in scale:
        raise AnalysisError("unknown_category", f"positive class {positive!r} is not of {list(scale)}")
    for name, classes in (("the reference", reference), (rater, ratings)):
        for case, value in classes.items():
            if value is not None and value not in scale:
                raise AnalysisError(
                    "unknown_category", f"{name}, case {case}: {value!r} is not of {list(scale)}"
                )
    unknown = sorted(set(ratings) - set(reference))
    if unknown:
        raise AnalysisError("unknown_case", f"{rater}, case {unknown[0]}: the reference has no such case")
    index = {category: position for position, category in enumerate(scale)}
    table = [[0] * len(scale) for _ in scale]
    dropped = []
    for case in sorted(reference):
        truth, rating = reference[case], ratings.get(case)
        if truth is None or rating is None:
            dropped.append(case)
        else:
            table[index[truth]][index[rating]] += 1
    return from_table(table, scale, rater=rater, positive=positive, dropped_cases=dropped, level=level)


def from_table(
    table: Sequence[Sequence[int]],
    categories: Sequence[Category],
    *,
    rater: str,
    positive: Category | None = None,
    dropped_cases: Sequence[str] = (),
    level: float = 0.95,
) -> ConfusionMatrix:
    """The same from counts: rows the reference, columns the rater, in the order of the classes."""
    check_level(level)
    scale = checked_scale(categories)
    k = len(scale)
    if len(table) != k or any(len(row) != k for row in table):
        raise AnalysisError("table_not_square", f"{k} classes need a table of {k} rows and {k} columns")
    for truth, row in zip(scale, table, strict=True):
        for count in row:
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise AnalysisError("count_impossible", f"row {truth!r}: {count!r} is not a count")
    rows = tuple(sum(row) for row in table)
    columns = tuple(sum(column) for column in zip(*table, strict=True))
    n = sum(rows)
    warnings = [
        f"The reference has no case of class {c!r}."
        for c, total in zip(scale, rows, strict=True)
        if not total
    ]
    return ConfusionMatrix(
        method="confusion_matrix",
        rater=rater,
        categories=scale,
        positive=positive,
        table=tuple(tuple(row) for row in table),
        reference_totals=rows,
        rater_totals=columns,
        n=n,
        dropped_cases=tuple(dropped_cases),
        accuracy=proportion(sum(table[i][i] for i in range(k)), n, level=level),
        one_vs_rest=tuple(
            one_versus_rest(
                category,
                _rest(scale, category),
                table[i][i],
                rows[i] - table[i][i],
                columns[i] - table[i][i],
                n - rows[i] - columns[i] + table[i][i],
                level=level,
            )
            for i, category in enumerate(scale)
        ),
        warnings=tuple(warnings),
    )


def one_versus_rest(
    positive: Category,
    negative: str,
    tp: int,
    fn: int,
    fp: int,
    tn: int,
    *,
    level: float = 0.95,
) -> OneVersusRest:
    """What follows from the four counts with this class as the positive one."""
    sensitivity = proportion(tp, tp + fn, level=level, of_what=f"case of class {positive}")
    specificity = proportion(tn, tn + fp, level=level, of_what=f"case of class {negative}")
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    matthews: Estimate = NotEstimable("a margin of the four counts is 0")
    if product:
        matthews = (tp * tn - fp * fn) / math.sqrt(product)
    balanced = _mean(sensitivity.estimate, specificity.estimate)
    return OneVersusRest(
        positive=positive,
        negative=negative,
        true_positives=tp,
        false_negatives=fn,
        false_positives=fp,
        true_negatives=tn,
        sensitivity=sensitivity,
        specificity=specificity,
        positive_predictive_value=proportion(tp, tp + fp, level=level, of_what=f"case called {positive}"),
        negative_predictive_value=proportion(tn, tn + fn, level=level, of_what=f"case called {negative}"),
        accuracy=proportion(tp + tn, tp + fn + fp + tn, level=level),
        balanced_accuracy=balanced,
        f1=2 * tp / (2 * tp + fp + fn)
        if tp + fp + fn
        else NotEstimable(f"{positive} neither is nor is called"),
        youden=balanced if isinstance(balanced, NotEstimable) else 2.0 * balanced - 1.0,
        matthews=matthews,
        statement=(
            f"Positive is {positive}, negative is {negative}: "
            f"TP {tp}, FN {fn}, FP {fp}, TN {tn} of {tp + fn + fp + tn}."
        ),
        swapped=(
            f"With {negative} as positive, sensitivity would be {format_estimate(specificity.estimate)} "
            f"and specificity {format_estimate(sensitivity.estimate)}."
        ),
    )


def _rest(scale: tuple[Category, ...], positive: Category) -> str:
    others = [category for category in scale if category != positive]
    return f"{others[0]}" if len(others) == 1 else f"any class but {positive}"


def _mean(a: Estimate, b: Estimate) -> Estimate:
    if isinstance(a, NotEstimable):
        return a
    return b if isinstance(b, NotEstimable) else (a + b) / 2.0


def reported_orientation(
    result: OneVersusRest, sensitivity: float, specificity: float, *, digits: int
) -> Reading:
    """Whether reported values fit the counts as stated, with the classes swapped, both ways or neither.

    Parameters
    ----------
    sensitivity, specificity
        As reported, between 0 and 1, rounded to ``digits`` decimals: 73.77 % is 0.7377 with 4.

    Raises
    ------
    AnalysisError
        A reported value outside [0, 1]: a percentage has to be divided by 100.
    """
    for name, value in (("sensitivity", sensitivity), ("specificity", specificity)):
        if not 0.0 <= value <= 1.0:
            raise AnalysisError("share_out_of_range", f"the reported {name} is a share of 1, not {value}")
    ours, other = result.sensitivity.estimate, result.specificity.estimate
    if isinstance(ours, NotEstimable) or isinstance(other, NotEstimable):
        return "neither way"
    reach = 0.5 * 10.0**-digits + 1e-12

    def fits(a: float, b: float) -> bool:
        return abs(a - sensitivity) <= reach and abs(b - specificity) <= reach

    if fits(ours, other):
        return "both ways" if fits(other, ours) else "as stated"
    return "classes swapped" if fits(other, ours) else "neither way"
