"""Agreement between raters: Cohen's kappa with its standard errors, and the matrix of all pairs."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_interval, two_sided_p

Category: TypeAlias = str | int | bool
Weights: TypeAlias = Literal["unweighted", "linear", "quadratic"]

# A variance term below this is cancellation error: its summands are of order 1, and the smallest
# that a table of a million cases can hold is six orders of magnitude larger.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class KappaResult(Result):
    """Cohen's kappa of two raters.

    Attributes
    ----------
    kappa, se, ci
        The coefficient, its standard error and its confidence interval clipped to [-1, 1].
    se0, z, p
        Standard error under the hypothesis kappa = 0, the statistic kappa / se0, its two-sided p-value.
    n, n_dropped
        Cases rated by both; cases left out because at least one rater gave no category.
    percent_agreement
        Share of cases in the same category, in percent (0-100).
    band
        Band of Landis and Koch, for example ``"moderate"``.
    categories, table
        The declared scale, and the counts: rows rater a, columns rater b, in the order of the scale.
    """

    method: str
    weights: Weights
    kappa: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    se0: Estimate
    z: Estimate
    p: Estimate
    n: int
    n_dropped: int
    percent_agreement: Estimate
    band: str | NotEstimable
    categories: tuple[Category, ...]
    table: tuple[tuple[int, ...], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KappaPair(Result):
    """One pair of the matrix, with the cases that the pair had to leave out."""

    rater_a: str
    rater_b: str
    dropped_cases: tuple[str, ...]
    result: KappaResult


@dataclass(frozen=True, slots=True)
class KappaMatrix(Result):
    """Kappa of every pair of raters; ``raters`` is sorted and each pair stands once, a before b."""

    raters: tuple[str, ...]
    weights: Weights
    categories: tuple[Category, ...]
    pairs: tuple[KappaPair, ...]

    def pair(self, rater_a: str, rater_b: str) -> KappaPair:
        """The pair in either order, as it is stored."""
        for pair in self.pairs:
            if {pair.rater_a, pair.rater_b} == {rater_a, rater_b}:
                return pair
        raise AnalysisError("unknown_pair", f"the matrix has no pair {rater_a} and {rater_b}")


def landis_koch(kappa: float) -> str:
    """The band of Landis and Koch (Biometrics 1977;33:159-174); a bound belongs to the band below it."""
    if not -1.0 <= kappa <= 1.0:
        raise AnalysisError("kappa_out_of_range", f"kappa lies between -1 and 1, not {kappa}")
    if kappa < 0.0:
        return "poor"
    bounds = ((0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))
    return next((band for bound, band in bounds if kappa <= bound), "almost perfect")


def cohen_kappa(
    a: Sequence[Category | None],
    b: Sequence[Category | None],
    categories: Sequence[Category],
    weights: Weights = "unweighted",
    *,
    level: float = 0.95,
) -> KappaResult:
    """Cohen's kappa, unweighted or weighted, of two raters over a declared scale.

    Parameters
    ----------
    a, b
        One category a case and rater, in the same order of cases; ``None`` where a rater gave none.
    categories
        The full declared scale in its order. A category that nobody used still spaces the weights.
    weights
        Agreement weights: identity, 1 - |i - j|/(k - 1), or 1 - (i - j)^2/(k - 1)^2.
    level
        Confidence level of the interval.

    Returns
    -------
    KappaResult
        Both raters constant and equal: kappa is not estimable. One rater constant: kappa is 0 without
        interval. Full agreement or full disagreement: kappa without interval, for its variance is 0.

    Raises
    ------
    AnalysisError
        Lengths differ, a category is not of the scale (names the row), the scale is shorter than two or
        repeats a category, unknown weights, a level outside (0, 1).

    References
    ----------
    Cohen J. Educ Psychol Meas 1960;20:37-46. Cohen J. Psychol Bull 1968;70:213-220.
    Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327 (both standard errors).
    """
    check_level(level)
    scale = _checked_scale(categories, weights)
    if len(a) != len(b):
        raise AnalysisError("lengths_differ", f"rater a has {len(a)} rows, rater b {len(b)}")
    for name, ratings in (("a", a), ("b", b)):
        for row, category in enumerate(ratings):
            _check_category(category, scale, f"row {row} of rater {name}")
    complete = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    return _kappa(complete, scale, weights, n_dropped=len(a) - len(complete), level=level)


def kappa_matrix(
    raters: Mapping[str, Mapping[str, Category | None]],
    categories: Sequence[Category],
    weights: Weights = "unweighted",
    *,
    level: float = 0.95,
) -> KappaMatrix:
    """Cohen's kappa of every pair of raters, each over the cases that both of the pair rated.

    Parameters
    ----------
    raters
        Rater name -> case -> category, ``None`` or no entry where the rater gave none. The cases that
        any rater names are the universe from which each pair counts its dropped cases.
    categories, weights, level
        As for :func:`cohen_kappa`.

    Raises
    ------
    AnalysisError
        As :func:`cohen_kappa`; a wrong category names rater and case.
    """
    check_level(level)
    scale = _checked_scale(categories, weights)
    for name, ratings in raters.items():
        for case, category in ratings.items():
            _check_category(category, scale, f"{name}, case {case}")
    names = tuple(sorted(raters))
    cases = sorted({case for ratings in raters.values() for case in ratings})
    pairs = []
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            both = {case: (raters[first].get(case), raters[second].get(case)) for case in cases}
            complete = [(x, y) for x, y in both.values() if x is not None and y is not None]
            dropped = tuple(case for case, (x, y) in both.items() if x is None or y is None)
            result = _kappa(complete, scale, weights, n_dropped=len(dropped), level=level)
            pairs.append(KappaPair(first, second, dropped, result))
    return KappaMatrix(names, weights, scale, tuple(pairs))


def _checked_scale(categories: Sequence[Category], weights: Weights) -> tuple[Category, ...]:
    scale = tuple(categories)
    if weights not in get_args(Weights):
        raise AnalysisError("unknown_weights", f"weights are {', '.join(get_args(Weights))}, not {weights!r}")
    if len(scale) < 2:
        raise AnalysisError("scale_too_short", f"a scale has two categories or more, this one {len(scale)}")
    repeated = [category for category, count in Counter(scale).items() if count > 1]
    if repeated:
        raise AnalysisError("category_repeated", f"the scale names {repeated[0]!r} more than once")
    return scale


def _check_category(category: Category | None, scale: tuple[Category, ...], where: str) -> None:
    if category is not None and category not in scale:
        raise AnalysisError("unknown_category", f"{where}: {category!r} is not of the scale {list(scale)}")


def _kappa(
    ratings: list[tuple[Category, Category]],
    scale: tuple[Category, ...],
    weights: Weights,
    *,
    n_dropped: int,
    level: float,
) -> KappaResult:
    index = {category: position for position, category in enumerate(scale)}
    counts = Counter((index[x], index[y]) for x, y in ratings)
    size = range(len(scale))
    table = tuple(tuple(counts[i, j] for j in size) for i in size)
    n = len(ratings)
    same = sum(table[i][i] for i in size)
    kappa, se, se0, warnings = _estimate(table, n, weights)
    ci: Interval | NotEstimable
    if isinstance(kappa, NotEstimable):
        ci = kappa
    elif isinstance(se, NotEstimable):
        ci = se
    elif se == 0.0:
        ci = NotEstimable("the estimated variance is 0")
    else:
        ci = normal_interval(kappa, se, level=level, low=-1.0, high=1.0)
    z = _z(kappa, se0)
    return KappaResult(
        method=f"kappa_{weights}",
        weights=weights,
        kappa=kappa,
        se=se,
        ci=ci,
        se0=se0,
        z=z,
        p=z if isinstance(z, NotEstimable) else two_sided_p(z),
        n=n,
        n_dropped=n_dropped,
        percent_agreement=100.0 * same / n if n else NotEstimable("no case was rated by both raters"),
        band=kappa if isinstance(kappa, NotEstimable) else landis_koch(kappa),
        categories=scale,
        table=table,
        warnings=warnings,
    )


def _z(kappa: Estimate, se0: Estimate) -> Estimate:
    if isinstance(kappa, NotEstimable):
        return kappa
    if isinstance(se0, NotEstimable):
        return se0
    return kappa / se0 if se0 > 0.0 else NotEstimable("the variance under kappa = 0 is 0")


def _estimate(
    table: tuple[tuple[int, ...], ...], n: int, weights: Weights
) -> tuple[Estimate, Estimate, Estimate, tuple[str, ...]]:
    """Kappa, its standard error, the standard error under kappa = 0, and warnings."""
    if n == 0:
        nothing = NotEstimable("no case was rated by both raters")
        return nothing, nothing, nothing, ()
    used_a = [i for i, row in enumerate(table) if any(row)]
    used_b = [j for j, column in enumerate(zip(*table, strict=True)) if any(column)]
    if len(used_a) == 1 and used_a == used_b:
        undefined = NotEstimable("both raters used one and the same category for every case")
        return undefined, undefined, undefined, ()
    if len(used_a) == 1 or len(used_b) == 1:
        undefined = NotEstimable("one rater used one category for every case")
        return (
            0.0,
            undefined,
            undefined,
            ("One rater used one category for every case: kappa is 0 by construction.",),
        )
    kappa, variance, variance0 = _fleiss_cohen_everitt(table, n, weights)
    warnings = (
        () if variance else ("The estimated variance of kappa is 0: no confidence interval is offered.",)
    )
    return kappa, math.sqrt(variance), math.sqrt(variance0), warnings


def _fleiss_cohen_everitt(
    table: tuple[tuple[int, ...], ...], n: int, weights: Weights
) -> tuple[float, float, float]:
    """Kappa and both large-sample variances; sums by ``fsum``, so that no order of raters or cases shows."""
    size = range(len(table))
    weight = [[_agreement_weight(i, j, len(table), weights) for j in size] for i in size]
    row = [sum(table[i]) / n for i in size]
    column = [sum(table[i][j] for i in size) / n for j in size]
    observed = math.fsum(table[i][j] * weight[i][j] for i in size for j in size) / n
    expected = math.fsum(row[i] * column[j] * weight[i][j] for i in size for j in size)
    kappa = max(-1.0, min(1.0, (observed - expected) / (1.0 - expected)))
    row_mean = [math.fsum(column[j] * weight[i][j] for j in size) for i in size]
    column_mean = [math.fsum(row[i] * weight[i][j] for i in size) for j in size]

    def spread(share: list[list[float]], shrink: float, center: float) -> float:
        terms = (
            share[i][j] * (weight[i][j] - (row_mean[i] + column_mean[j]) * shrink) ** 2
            for i in size
            for j in size
        )
        total = math.fsum([*terms, -(center**2)])
        return total / (n * (1.0 - expected) ** 2) if total > ROUNDING else 0.0

    joint = [[table[i][j] / n for j in size] for i in size]
    independent = [[row[i] * column[j] for j in size] for i in size]
    variance = spread(joint, 1.0 - kappa, kappa - expected * (1.0 - kappa))
    return kappa, variance, spread(independent, 1.0, expected)


def _agreement_weight(i: int, j: int, categories: int, weights: Weights) -> float:
    if weights == "unweighted":
        return float(i == j)
    distance = abs(i - j) / (categories - 1)
    return 1.0 - (distance if weights == "linear" else distance**2)
