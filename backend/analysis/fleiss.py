"""Fleiss' kappa as a whole and for each category, with the z of kappa = 0 and an interval.

Two standard errors are given, for two purposes. ``se0`` holds under kappa = 0 and serves the z test (Fleiss,
Nee, Landis 1979; irr::kappam.fleiss prints this z). ``se`` and ``ci`` are Gwet's, which do not assume
kappa = 0; an interval made from ``se0``, as some programs print, is wrong. ``se0`` needs the same number of
ratings for every case; where it differs, z and its p-value are not estimable and the rest stands.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.agreement import Category
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.multirater import (
    NO_PAIR,
    AgreementWeights,
    Array,
    Coefficient,
    agreement_weights,
    category_shares,
    coefficient,
    fleiss_parts,
)
from backend.analysis.rater_table import Ratings, dropped_warnings, rating_table
from backend.analysis.results import Interval, Result, check_level, two_sided_p


@dataclass(frozen=True, slots=True)
class FleissCategory(Result):
    """Kappa of one category against all others; ``share`` is the share of ratings in it."""

    category: Category
    share: Estimate
    kappa: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    se0: Estimate
    z: Estimate
    p: Estimate
    band: str | NotEstimable


@dataclass(frozen=True, slots=True)
class FleissKappa(Result):
    """Fleiss' kappa; ``overall.se``, ``ci`` and ``p`` are Gwet's, ``se0``, ``z`` and ``p0`` those of kappa = 0."""

    method: str
    weights: AgreementWeights
    overall: Coefficient
    se0: Estimate
    z: Estimate
    p0: Estimate
    by_category: tuple[FleissCategory, ...]
    raters: tuple[str, ...]
    categories: tuple[Category, ...]
    n: int
    n_pairable: int
    dropped_cases: tuple[str, ...]
    warnings: tuple[str, ...]


def fleiss_kappa(
    raters: Ratings,
    categories: Sequence[Category],
    weights: AgreementWeights = "unweighted",
    *,
    level: float = 0.95,
) -> FleissKappa:
    """Fleiss' kappa and its values by category.

    Parameters
    ----------
    raters, categories, weights, level
        As for :func:`~backend.analysis.multirater.multirater_agreement`. The values by category are
        unweighted whatever the weights; z under kappa = 0 exists without weights only.

    Returns
    -------
    FleissKappa
        A category that nobody used, or that everybody used always, has no kappa.

    References
    ----------
    Fleiss JL. Psychol Bull 1971;76:378-382. Fleiss JL, Nee JCM, Landis JR. Psychol Bull 1979;86:974-977.
    """
    check_level(level)
    table = rating_table(raters, categories)
    counts = table.counts()
    weight = agreement_weights(len(table.categories), weights)
    overall = coefficient(
        "fleiss_kappa", "Fleiss' kappa", counts, lambda: fleiss_parts(counts, weight), level=level
    )
    se0 = _null_se(counts, weights)
    z, p0 = _null_test(overall.estimate, se0)
    return FleissKappa(
        method="fleiss_kappa",
        weights=weights,
        overall=overall,
        se0=se0,
        z=z,
        p0=p0,
        by_category=tuple(
            _category(counts, position, category, level=level)
            for position, category in enumerate(table.categories)
        ),
        raters=table.raters,
        categories=table.categories,
        n=len(table.cases),
        n_pairable=int((counts.sum(axis=1) >= 2).sum()),
        dropped_cases=table.unrated,
        warnings=dropped_warnings(table),
    )


def _category(counts: Array, position: int, category: Category, *, level: float) -> FleissCategory:
    """Fleiss' kappa of the category against the rest, which is his kappa of a category."""
    weight = agreement_weights(2, "unweighted")
    ratings = counts.sum(axis=1)
    binary = counts[:, [position, position]].copy()
    binary[:, 1] = ratings - binary[:, 0]
    share: Estimate = float(category_shares(binary)[0]) if len(counts) else NO_PAIR
    if share == 0.0:
        unused = NotEstimable("nobody used this category")
        return FleissCategory(category, share, *(unused,) * 7)
    result = coefficient(
        "fleiss_kappa", f"{category}", binary, lambda: fleiss_parts(binary, weight), level=level
    )
    se0 = _equal_ratings(counts)
    if not isinstance(se0, NotEstimable):
        n, m = len(counts), se0
        se0 = math.sqrt(2.0 / (n * m * (m - 1.0)))
    z, p0 = _null_test(result.estimate, se0)
    return FleissCategory(category, share, result.estimate, result.se, result.ci, se0, z, p0, result.band)


def _equal_ratings(counts: Array) -> Estimate:
    """The number of ratings that every case has."""
    ratings = counts.sum(axis=1)
    if not len(ratings) or float(ratings.max()) < 2.0:
        return NO_PAIR
    low, high = int(ratings.min()), int(ratings.max())
    if low != high:
        return NotEstimable(
            f"cases have {low} to {high} ratings; the test of kappa = 0 needs the same number for each"
        )
    return float(high)


def _null_se(counts: Array, weights: AgreementWeights) -> Estimate:
    if weights != "unweighted":
        return NotEstimable("the standard error under kappa = 0 is known without weights only")
    ratings = _equal_ratings(counts)
    if isinstance(ratings, NotEstimable):
        return ratings
    share = category_shares(counts)
    spread = float((share * (1.0 - share)).sum())
    if spread == 0.0:
        return NotEstimable("every rating is the same category, so that chance alone agrees fully")
    skew = float((share * (1.0 - share) * (1.0 - 2.0 * share)).sum())
    pairs = len(counts) * ratings * (ratings - 1.0)
    return math.sqrt(2.0 * (spread**2 - skew) / pairs) / spread


def _null_test(estimate: Estimate, se0: Estimate) -> tuple[Estimate, Estimate]:
    if isinstance(estimate, NotEstimable):
        return estimate, estimate
    if isinstance(se0, NotEstimable):
        return se0, se0
    z = estimate / se0
    return z, two_sided_p(z)
