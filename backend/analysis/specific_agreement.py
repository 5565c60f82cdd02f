"""How often raters agree, plainly: all of them, two of them, and on each category.

Specific agreement of a category is the chance that a second rater gives it to a case to which a first one,
drawn at random, gave it: over all pairs of ratings of a case, twice the pairs that agree on it over the
ratings in it. For two raters and two categories these are the positive and the negative agreement,
2a/(2a+b+c) and 2d/(2d+b+c). The standard error is by the delta method over cases, which for two raters is
that of Graham and Bull 1998; the interval is Wald's, clipped to [0, 1].
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.multirater import Array, Coefficient, multirater_agreement
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.rater_table import Ratings, RatingTable, dropped_warnings, rating_table
from backend.analysis.results import Interval, Result, check_level, normal_interval


@dataclass(frozen=True, slots=True)
class CategoryAgreement(Result):
    """Specific agreement on one category, over ``n_ratings`` ratings of it in cases that two raters or more rated."""

    category: Category
    agreement: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    n_ratings: int


@dataclass(frozen=True, slots=True)
class SpecificAgreement(Result):
    """Plain agreement of two raters or more.

    Attributes
    ----------
    percent_agreement
        Mean share of agreeing pairs of raters, between 0 and 1, with Gwet's standard error.
    unanimous
        Of the cases that all raters rated, those in which all agree within ``tolerance`` steps of the scale.
    positive, negative
        Positive and negative agreement of a scale of two categories whose ``positive_class`` was named.
    """

    method: str
    raters: tuple[str, ...]
    categories: tuple[Category, ...]
    positive_class: Category | None
    tolerance: int
    percent_agreement: Coefficient
    unanimous: Proportion
    by_category: tuple[CategoryAgreement, ...]
    positive: CategoryAgreement | NotEstimable
    negative: CategoryAgreement | NotEstimable
    n: int
    n_pairable: int
    dropped_cases: tuple[str, ...]
    warnings: tuple[str, ...]


def specific_agreement(
    raters: Ratings,
    categories: Sequence[Category],
    *,
    positive: Category | None = None,
    tolerance: int = 0,
    level: float = 0.95,
) -> SpecificAgreement:
    """Percent agreement, unanimity, and agreement specific to each category.

    Parameters
    ----------
    raters, categories, level
        As for :func:`~backend.analysis.multirater.multirater_agreement`.
    positive
        The positive category of a scale of two; without it no class is called positive.
    tolerance
        Steps of the scale by which raters may differ and still count as unanimous.

    Raises
    ------
    AnalysisError
        As :func:`~backend.analysis.multirater.multirater_agreement`; a positive class that is not of the
        scale; a negative tolerance.

    References
    ----------
    Fleiss JL, Levin B, Paik MC. Statistical Methods for Rates and Proportions, 3rd ed. 2003, section 18.1.
    Graham P, Bull B. J Clin Epidemiol 1998;51:763-771. de Vet HCW, et al. BMJ 2013;346:f2125.
    """
    check_level(level)
    table = rating_table(raters, categories)
    if positive is not None and positive not in table.categories:
        raise AnalysisError("unknown_category", f"positive class {positive!r} is not of the scale")
    if isinstance(tolerance, bool) or not isinstance(tolerance, int) or tolerance < 0:
        raise AnalysisError("tolerance_impossible", f"a tolerance is 0 steps or more, not {tolerance!r}")
    counts = table.counts()
    by_category = tuple(
        _category(counts, position, category, level=level)
        for position, category in enumerate(table.categories)
    )
    chosen, other = _positive_negative(by_category, positive)
    agreement = multirater_agreement(raters, categories, level=level)
    return SpecificAgreement(
        method="specific_agreement",
        raters=table.raters,
        categories=table.categories,
        positive_class=positive,
        tolerance=tolerance,
        percent_agreement=agreement.percent_agreement,
        unanimous=_unanimous(table, tolerance, level=level),
        by_category=by_category,
        positive=chosen,
        negative=other,
        n=agreement.n,
        n_pairable=agreement.n_pairable,
        dropped_cases=table.unrated,
        warnings=dropped_warnings(table),
    )


def _unanimous(table: RatingTable, tolerance: int, *, level: float) -> Proportion:
    complete = table.codes[(table.codes >= 0).all(axis=1)]
    if complete.shape[1] < 2:
        complete = complete[:0]
    within = complete.max(axis=1, initial=0) - complete.min(axis=1, initial=10**9) if len(complete) else None
    agreeing = 0 if within is None else int((within <= tolerance).sum())
    return proportion(agreeing, len(complete), level=level, of_what="case that every rater rated")


def _category(counts: Array, position: int, category: Category, *, level: float) -> CategoryAgreement:
    ratings = counts.sum(axis=1)
    pairable = ratings >= 2
    used, ratings = counts[pairable, position], ratings[pairable]
    # Each case weighs as the ratings it has, so that a case rated by more raters does not count twice over.
    agreeing = used * (used - 1.0) / (ratings - 1.0)
    total = math.fsum(used)
    if total == 0.0:
        nothing = NotEstimable("nobody used this category in a case with two ratings")
        return CategoryAgreement(category, nothing, nothing, nothing, 0)
    agreement = math.fsum(agreeing) / total
    spread = math.fsum((agreeing - agreement * used) ** 2)
    se = math.sqrt(spread) / total
    if se < 1e-12:
        none = NotEstimable("the estimated variance is 0")
        return CategoryAgreement(category, agreement, 0.0, none, int(total))
    interval = normal_interval(agreement, se, level=level, low=0.0, high=1.0)
    return CategoryAgreement(category, agreement, se, interval, int(total))


def _positive_negative(
    by_category: tuple[CategoryAgreement, ...], positive: Category | None
) -> tuple[CategoryAgreement | NotEstimable, CategoryAgreement | NotEstimable]:
    if positive is None:
        unnamed = NotEstimable("no positive class was named")
        return unnamed, unnamed
    if len(by_category) != 2:
        many = NotEstimable("positive and negative agreement are for two categories; see each category")
        return many, many
    chosen = next(item for item in by_category if item.category == positive)
    other = next(item for item in by_category if item is not chosen)
    return chosen, other
