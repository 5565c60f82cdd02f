"""Agreement of two raters or more corrected for chance, with standard errors and missing ratings.

Percent agreement, Brennan-Prediger (for two categories: PABAK), Fleiss' kappa, Conger's kappa and Gwet's AC1
(weighted: AC2) share the observed agreement and differ in the agreement that they expect by chance. All
follow Gwet's Handbook (4th edition, 2014): a case with one rating has no part in the observed agreement but
counts in the shares of the categories; a case without any rating is left out and named; the variance is that
of the linearized coefficient over cases, and the interval takes Student's t with n - 1 degrees of freedom.

Reference is irrCAC 1.0, which rounds to five digits; these functions do not. Unlike irrCAC, a category of the
declared scale that nobody used still counts, and an interval ends at -1 (percent agreement: 0) as well as at 1.
Weights go by the position on the declared scale, as those of Cohen's kappa do.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from backend.analysis.agreement import Category, landis_koch
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.rater_table import Ratings, RatingTable, dropped_warnings, rating_table
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_t_p

AgreementWeights: TypeAlias = Literal["unweighted", "linear", "quadratic", "ordinal"]
Array: TypeAlias = NDArray[np.float64]

# The linearized values of the cases are of order 1: less than this between them is rounding.
ROUNDING = 1e-12

NO_PAIR = NotEstimable("no case was rated by two raters")


@dataclass(frozen=True, slots=True)
class Coefficient(Result):
    """One coefficient of agreement.

    Attributes
    ----------
    method, name
        Key of the method, and the name for tables, for example ``"Gwet AC1"``.
    estimate, se, ci, p
        The coefficient, Gwet's standard error, the t interval, and the two-sided p-value of coefficient = 0.
    observed, chance
        Agreement that was observed and that is expected by chance, both between 0 and 1.
    band
        Band of Landis and Koch, which were made for kappa; not estimable for percent agreement.
    """

    method: str
    name: str
    estimate: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    p: Estimate
    observed: Estimate
    chance: Estimate
    band: str | NotEstimable
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MultiraterAgreement(Result):
    """All coefficients over the same ratings.

    Attributes
    ----------
    n, n_pairable
        Cases with one rating or more; of these, cases with two or more, on which agreement is seen.
    dropped_cases
        Cases that nobody rated.
    """

    method: str
    weights: AgreementWeights
    raters: tuple[str, ...]
    categories: tuple[Category, ...]
    n: int
    n_pairable: int
    dropped_cases: tuple[str, ...]
    percent_agreement: Coefficient
    brennan_prediger: Coefficient
    fleiss: Coefficient
    conger: Coefficient
    gwet: Coefficient
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a coefficient needs: agreement by case, chance agreement, and chance agreement by case."""

    by_case: Array
    pairable: NDArray[np.bool_]
    chance: float
    chance_by_case: Array


def agreement_weights(n_categories: int, weights: AgreementWeights) -> Array:
    """The q x q agreement weights, 1 on the diagonal.

    ``ordinal`` is Gwet's: 1 - C(|i - j| + 1, 2) / C(q, 2).
    """
    if weights not in get_args(AgreementWeights):
        raise AnalysisError(
            "unknown_weights", f"weights are {', '.join(get_args(AgreementWeights))}, not {weights!r}"
        )
    if weights == "unweighted":
        return np.eye(n_categories)
    position = np.arange(n_categories, dtype=np.float64)
    steps = np.abs(position[:, np.newaxis] - position)
    if weights == "linear":
        return 1.0 - steps / (n_categories - 1)
    if weights == "quadratic":
        return 1.0 - steps**2 / (n_categories - 1) ** 2
    return 1.0 - steps * (steps + 1.0) / (n_categories * (n_categories - 1))


def multirater_agreement(
    raters: Ratings,
    categories: Sequence[Category],
    weights: AgreementWeights = "unweighted",
    *,
    level: float = 0.95,
) -> MultiraterAgreement:
    """Percent agreement, Brennan-Prediger, Fleiss, Conger and Gwet's AC1 or AC2 of two raters or more.

    Parameters
    ----------
    raters
        Rater -> case -> category, ``None`` or no entry where the rater gave none.
    categories
        The full declared scale in its order; a category that nobody used counts.
    weights
        Agreement weights by position on the scale.

    Returns
    -------
    MultiraterAgreement
        One category everywhere: Fleiss and Conger are not estimable, AC1 and Brennan-Prediger are 1 without
        interval. A rater without any rating is left out with a warning.

    Raises
    ------
    AnalysisError
        Fewer than two raters, a bad scale, a category that is not of the scale (names rater and case),
        unknown weights, a level outside (0, 1).

    References
    ----------
    Gwet KL. Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics 2014. Gwet KL. Br J Math Stat
    Psychol 2008;61:29-48. Brennan RL, Prediger DJ. Educ Psychol Meas 1981;41:687-699. Conger AJ. Psychol
    Bull 1980;88:322-328. Fleiss JL. Psychol Bull 1971;76:378-382.
    """
    check_level(level)
    table = rating_table(raters, categories)
    weight = agreement_weights(len(table.categories), weights)
    counts = table.counts()
    is_weighted = weights != "unweighted"
    binary = len(table.categories) == 2
    named: tuple[tuple[str, str, Callable[[], Parts]], ...] = (
        ("percent_agreement", "Percent agreement", lambda: _percent(counts, weight)),
        (
            "brennan_prediger",
            "PABAK (Brennan-Prediger)" if binary and not is_weighted else "Brennan-Prediger",
            lambda: _brennan_prediger(counts, weight),
        ),
        ("fleiss_kappa", "Fleiss' kappa", lambda: fleiss_parts(counts, weight)),
        ("conger_kappa", "Conger's kappa", lambda: _conger(table, counts, weight)),
        ("gwet_ac", "Gwet AC2" if is_weighted else "Gwet AC1", lambda: _gwet(counts, weight)),
    )
    percent, brennan, fleiss, conger, gwet = (
        coefficient(method, name, counts, parts, level=level) for method, name, parts in named
    )
    return MultiraterAgreement(
        method="multirater_agreement",
        weights=weights,
        raters=table.raters,
        categories=table.categories,
        n=len(table.cases),
        n_pairable=int((counts.sum(axis=1) >= 2).sum()),
        dropped_cases=table.unrated,
        percent_agreement=percent,
        brennan_prediger=brennan,
        fleiss=fleiss,
        conger=conger,
        gwet=gwet,
        warnings=dropped_warnings(table),
    )


def coefficient(
    method: str, name: str, counts: Array, parts: Callable[[], Parts], *, level: float
) -> Coefficient:
    """The coefficient of these parts, or its reason where no case has two ratings."""
    if not (counts.sum(axis=1) >= 2).any():
        return _undefined(method, name, NO_PAIR, NO_PAIR, NO_PAIR)
    part = parts()
    observed = float(part.by_case[part.pairable].mean())
    if 1.0 - part.chance < ROUNDING:
        reason = NotEstimable("every rating is the same category, so that chance alone agrees fully")
        return _undefined(method, name, reason, observed, 1.0)
    estimate = (observed - part.chance) / (1.0 - part.chance)
    estimate = max(-1.0, min(1.0, estimate))
    se = _gwet_se(part, estimate)
    lowest = 0.0 if method == "percent_agreement" else -1.0
    ci, p = t_inference(estimate, se, len(counts) - 1, level=level, low=lowest, high=1.0)
    warnings = ("The estimated variance is 0: no confidence interval is offered.",) if se == 0.0 else ()
    band: str | NotEstimable = landis_koch(estimate)
    if method == "percent_agreement":
        band = NotEstimable("the bands of Landis and Koch are for agreement beyond chance")
    return Coefficient(method, name, estimate, se, ci, p, observed, part.chance, band, warnings)


def _undefined(
    method: str, name: str, reason: NotEstimable, observed: Estimate, chance: Estimate
) -> Coefficient:
    return Coefficient(method, name, reason, reason, reason, reason, observed, chance, reason, ())


def t_inference(
    estimate: float, se: Estimate, df: int, *, level: float, low: float, high: float
) -> tuple[Interval | NotEstimable, Estimate]:
    """The t interval clipped to [low, high], and the two-sided p-value of estimate = 0."""
    if isinstance(se, NotEstimable):
        return se, se
    if se == 0.0:
        none = NotEstimable("the estimated variance is 0")
        return none, none
    margin = t_quantile(level, df) * se
    p = two_sided_t_p(estimate / se, df)
    return Interval(max(low, estimate - margin), min(high, estimate + margin), level), p


def _gwet_se(part: Parts, estimate: float) -> Estimate:
    n = len(part.by_case)
    if n < 2:
        return NotEstimable("one case has no variance")
    share = n / int(part.pairable.sum())
    gained = np.where(part.pairable, part.by_case - part.chance, 0.0) * share / (1.0 - part.chance)
    linear = gained - 2.0 * (1.0 - estimate) * (part.chance_by_case - part.chance) / (1.0 - part.chance)
    deviation = linear - estimate
    if float(np.abs(deviation).max()) < ROUNDING:
        return 0.0
    return math.sqrt(math.fsum(deviation**2) / (n * (n - 1)))


def _observed(counts: Array, weight: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Agreement of each case (0 where it has one rating), and which cases have two ratings or more."""
    ratings = counts.sum(axis=1)
    agreeing = (counts * (counts @ weight - 1.0)).sum(axis=1)
    pairable = ratings >= 2
    return agreeing / np.where(pairable, ratings * (ratings - 1.0), 1.0), pairable


def category_shares(counts: Array) -> Array:
    """Mean over cases of the share of a case's ratings in each category."""
    shares: Array = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def _percent(counts: Array, weight: Array) -> Parts:
    by_case, pairable = _observed(counts, weight)
    return Parts(by_case, pairable, 0.0, np.zeros(len(counts)))


def _brennan_prediger(counts: Array, weight: Array) -> Parts:
    by_case, pairable = _observed(counts, weight)
    chance = float(weight.mean())
    return Parts(by_case, pairable, chance, np.full(len(counts), chance))


def fleiss_parts(counts: Array, weight: Array) -> Parts:
    """Chance agreement of two ratings drawn from the pooled shares of the categories."""
    by_case, pairable = _observed(counts, weight)
    shares = category_shares(counts)
    expected = weight @ shares
    return Parts(by_case, pairable, float(shares @ expected), counts @ expected / counts.sum(axis=1))


def _gwet(counts: Array, weight: Array) -> Parts:
    by_case, pairable = _observed(counts, weight)
    q = len(weight)
    shares = category_shares(counts)
    scale = float(weight.sum()) / (q * (q - 1))
    chance = scale * float((shares * (1.0 - shares)).sum())
    return Parts(by_case, pairable, chance, scale * (counts @ (1.0 - shares)) / counts.sum(axis=1))


def _conger(table: RatingTable, counts: Array, weight: Array) -> Parts:
    """Chance agreement of two different raters, each drawing from their own shares."""
    by_case, pairable = _observed(counts, weight)
    n, r = table.codes.shape
    given = (table.codes[:, :, np.newaxis] == np.arange(len(weight))).astype(np.float64)
    rated = given.sum(axis=2)
    totals = rated.sum(axis=0)
    shares = given.sum(axis=0) / totals[:, np.newaxis]
    pooled = shares.sum(axis=0)
    others = (pooled - shares) @ weight
    chance = float((shares * others).sum()) / (r * (r - 1))
    # By case: how far its ratings move each rater's shares, against what the other raters expect.
    moved = given - (rated - totals / n)[:, :, np.newaxis] * shares
    moved *= (n / totals)[np.newaxis, :, np.newaxis]
    return Parts(by_case, pairable, chance, np.einsum("igl,gl->i", moved, others) / (r * (r - 1)))
