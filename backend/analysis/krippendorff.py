"""Krippendorff's alpha for nominal, ordinal, interval and ratio ratings, with gaps and an interval.

Alpha is 1 - D_o / D_e over the cases with two ratings or more, each weighing as its ratings (Krippendorff
2011). The squared distance of two values is 0 or 1 (nominal), the square of the ratings between them
(ordinal), of their difference (interval), or of their difference over their sum (ratio).

Standard error: Gwet's, linearized over cases, with t and n - 1 degrees of freedom (Handbook, 4th ed., as
irrCAC does), for nominal, interval and ratio. Ordinal distances themselves depend on the ratings, which his
formula leaves out: there the standard error is the jackknife over cases. The bootstrap of Hayes and
Krippendorff is not used: it draws pairs of values as though those of one case were independent.
irr::kripp.alpha 0.84.1 is wrong by about 1e-4 on complete data of more than two raters and is not followed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.multirater import ROUNDING, Array, t_inference
from backend.analysis.rater_table import (
    RatingTable,
    Values,
    check_finite,
    code_ratings,
    dropped_warnings,
    rating_table,
)
from backend.analysis.results import Interval, Result, check_level

Measurement: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]

ONE_VALUE = NotEstimable("every rating is the same value, so that disagreement by chance is 0")
NO_PAIR = NotEstimable("no case was rated by two raters")
# Rows of the table of distances that are held at once: 1,000 x 5,000 numbers take 40 MB.
BLOCK = 1_000


@dataclass(frozen=True, slots=True)
class KrippendorffAlpha(Result):
    """Krippendorff's alpha.

    Attributes
    ----------
    alpha, se, ci, p
        The coefficient, its standard error, the t interval clipped to [-1, 1], the p-value of alpha = 0.
    se_method
        ``"gwet"`` or, for ordinal ratings, ``"jackknife"``.
    observed_disagreement, expected_disagreement
        D_o and D_e in the units of the squared distance.
    n, n_ratings
        Cases with two ratings or more, and their ratings.
    unpaired_cases, dropped_cases
        Cases with one rating, which have no part in alpha; cases without any.
    """

    method: str
    measurement: Measurement
    alpha: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    p: Estimate
    se_method: str
    observed_disagreement: Estimate
    expected_disagreement: Estimate
    raters: tuple[str, ...]
    n: int
    n_ratings: int
    unpaired_cases: tuple[str, ...]
    dropped_cases: tuple[str, ...]
    warnings: tuple[str, ...]


def krippendorff_alpha(
    raters: Values,
    measurement: Measurement,
    *,
    categories: Sequence[Category] | None = None,
    level: float = 0.95,
) -> KrippendorffAlpha:
    """Krippendorff's alpha.

    Parameters
    ----------
    raters
        Rater -> case -> value, ``None`` or no entry where the rater gave none.
    measurement
        Level of measurement. Nominal and ordinal need ``categories``, the declared scale in its order;
        interval and ratio take numbers, which with ``categories`` must be of the scale.
    level
        Confidence level.

    Raises
    ------
    AnalysisError
        Fewer than two raters, a value that is not of the scale or not a finite number, a negative value
        on a ratio scale (each names rater and case), nominal or ordinal without a scale.

    References
    ----------
    Krippendorff K. Computing Krippendorff's alpha-reliability. University of Pennsylvania 2011.
    Gwet KL. Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics 2014.
    """
    check_level(level)
    if measurement not in get_args(Measurement):
        known = ", ".join(get_args(Measurement))
        raise AnalysisError("unknown_measurement", f"levels of measurement are {known}, not {measurement!r}")
    table, values = _prepared(raters, measurement, categories)
    counts = table.counts()
    ratings = counts.sum(axis=1)
    paired = counts[ratings >= 2]
    se_method = "jackknife" if measurement == "ordinal" else "gwet"
    alpha, observed, expected, se = _estimate(paired, values, measurement)
    ci: Interval | NotEstimable
    p: Estimate
    if isinstance(alpha, NotEstimable):
        ci, p = alpha, alpha
    else:
        ci, p = t_inference(alpha, se, len(paired) - 1, level=level, low=-1.0, high=1.0)
    return KrippendorffAlpha(
        method="krippendorff_alpha",
        measurement=measurement,
        alpha=alpha,
        se=se,
        ci=ci,
        p=p,
        se_method=se_method,
        observed_disagreement=observed,
        expected_disagreement=expected,
        raters=table.raters,
        n=len(paired),
        n_ratings=int(paired.sum()),
        unpaired_cases=tuple(c for c, m in zip(table.cases, ratings, strict=True) if m == 1),
        dropped_cases=table.unrated,
        warnings=dropped_warnings(table),
    )


def _prepared(
    raters: Values, measurement: Measurement, categories: Sequence[Category] | None
) -> tuple[RatingTable, Array]:
    """The table and the value of each of its columns."""
    if measurement in ("nominal", "ordinal"):
        if categories is None:
            raise AnalysisError("scale_missing", f"{measurement} ratings need their declared scale")
        table = rating_table(raters, categories)
        return table, np.arange(len(table.categories), dtype=np.float64)
    declared = None if categories is None else {_number(v, measurement, "the scale") for v in categories}
    numbers: dict[str, dict[str, float | None]] = {}
    for name, ratings in sorted(raters.items()):
        numbers[name] = {}
        for case, value in ratings.items():
            where = f"{name}, case {case}"
            number = None if value is None else _number(value, measurement, where)
            if number is not None and declared is not None and number not in declared:
                raise AnalysisError("unknown_category", f"{where}: {value!r} is not of the scale")
            numbers[name][case] = number
    values = sorted({v for ratings in numbers.values() for v in ratings.values() if v is not None})
    position = {value: index for index, value in enumerate(values)}
    coded = {
        name: {case: None if v is None else position[v] for case, v in ratings.items()}
        for name, ratings in numbers.items()
    }
    return code_ratings(coded, tuple(range(len(values)))), np.array(values)


def _number(value: Category | float, measurement: Measurement, where: str) -> float:
    check_finite(value, where)
    number = float(value)
    if measurement == "ratio" and number < 0.0:
        raise AnalysisError("negative_ratio", f"{where}: a ratio scale has no {value}")
    return number


def _distances(rows: Array, columns: Array, measurement: Measurement) -> Array:
    """Squared distances of the values; ordinal values come as middle ranks."""
    left, right = rows[:, np.newaxis], columns[np.newaxis, :]
    if measurement == "nominal":
        unequal: Array = (left != right).astype(np.float64)
        return unequal
    difference = left - right
    if measurement == "ratio":
        total = left + right
        difference = np.divide(difference, total, out=np.zeros_like(difference), where=total > 0.0)
    squared: Array = difference**2
    return squared


def _middle_ranks(margin: Array) -> Array:
    """The square of the difference of these is the ordinal distance: ratings between, ends counted half."""
    ranks: Array = np.cumsum(margin) - margin / 2.0
    return ranks


def _by_case(counts: Array, values: Array, measurement: Measurement) -> tuple[Array, Array]:
    """For each case the mean distance of its ratings to each other (times m), and to all ratings (times m)."""
    margin = counts.sum(axis=0)
    if measurement == "ordinal":
        values = _middle_ranks(margin)
    used = np.flatnonzero(margin > 0.0)
    counts, margin, values = counts[:, used], margin[used], values[used]
    within, across = np.zeros(len(counts)), np.zeros(len(counts))
    for start in range(0, len(values), BLOCK):
        part = slice(start, start + BLOCK)
        distance = _distances(values[part], values, measurement)
        within += (counts[:, part] * (counts @ distance.T)).sum(axis=1)
        across += counts[:, part] @ (distance @ margin)
    return within / (counts.sum(axis=1) - 1.0), across / margin.sum()


def _estimate(
    counts: Array, values: Array, measurement: Measurement
) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Alpha, D_o, D_e, and the standard error of alpha."""
    if not len(counts):
        return NO_PAIR, NO_PAIR, NO_PAIR, NO_PAIR
    within, across = _by_case(counts, values, measurement)
    total = float(counts.sum())
    observed, expected = math.fsum(within) / total, math.fsum(across) / (total - 1.0)
    if expected == 0.0:
        return ONE_VALUE, observed, expected, ONE_VALUE
    alpha = 1.0 - observed / expected
    if len(counts) < 2:
        return alpha, observed, expected, NotEstimable("one case has no variance")
    if measurement == "ordinal":
        return alpha, observed, expected, _jackknife_se(counts)
    return alpha, observed, expected, _gwet_se(counts, within, across)


def _gwet_se(counts: Array, within: Array, across: Array) -> Estimate:
    """Gwet's standard error, written in distances: agreement is 1 - distance."""
    n = len(counts)
    ratings = counts.sum(axis=1)
    mean = ratings.mean()
    observed, expected = float(within.mean() / mean), float(across.mean() / mean)
    shrunk = observed * (1.0 - 1.0 / float(ratings.sum()))
    gained = (shrunk * (ratings / mean - 1.0) + expected - within / mean) / expected
    by_chance = (expected * ratings - across) / (mean * expected)
    plain = 1.0 - observed / expected
    deviation = gained - 2.0 * (1.0 - plain) * by_chance - plain
    if float(np.abs(deviation).max()) < ROUNDING:
        return 0.0
    return math.sqrt(math.fsum(deviation**2) / (n * (n - 1)))


def _jackknife_se(counts: Array) -> Estimate:
    """From alpha without each case in turn, the ordinal distances made anew each time."""
    n = len(counts)
    without = np.empty(n)
    ratings = counts.sum(axis=1)
    scaled = counts / (ratings - 1.0)[:, np.newaxis]
    coincidence = counts.T @ scaled - np.diag(scaled.sum(axis=0))
    margin = counts.sum(axis=0)
    for i in range(n):
        own = np.outer(counts[i], scaled[i]) - np.diag(scaled[i])
        rest = margin - counts[i]
        ranks = _middle_ranks(rest)
        distance = _distances(ranks, ranks, "ordinal")
        total = float(rest.sum())
        expected = float(rest @ distance @ rest) / (total * (total - 1.0))
        if expected == 0.0:
            return NotEstimable("without one case every rating is the same value")
        without[i] = 1.0 - float(((coincidence - own) * distance).sum()) / total / expected
    deviation = without - without.mean()
    if float(np.abs(deviation).max()) < ROUNDING:
        return 0.0
    return math.sqrt(math.fsum(deviation**2) * (n - 1) / n)
