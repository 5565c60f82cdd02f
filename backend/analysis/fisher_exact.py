"""Fisher's exact test of a table with any number of rows and columns; odds ratio of a 2 x 2 table.

The p-value is that of R's ``fisher.test``: the probability, given both margins, of all tables that are no
more probable than the observed one; two tables whose probabilities differ by less than 1e-7 of themselves
are equally probable. It is exact by enumeration (2 x 2) or by the network algorithm, never sampled:
``scipy.stats.fisher_exact`` samples beyond 2 x 2 and gives another number at every call. What a table costs
is counted, and beyond ``max_work`` the result is not estimable and says so; ``fisher_monte_carlo`` then
gives R's ``simulate.p.value`` at a stated seed.

The odds ratio of a 2 x 2 table is the conditional maximum likelihood estimate with the exact (Cornfield)
interval, not the cross product. Stock ``fisher.test`` finds it to four digits only; the numbers here agree
with R's at a tight tolerance of its root finder.

References
----------
Fisher RA. J R Stat Soc 1935;98:39-82. Mehta CR, Patel NR. J Am Stat Assoc 1983;78:427-434.
Cornfield J. Proc Third Berkeley Symp 1956;4:135-148. Patefield WM. Appl Stat 1981;30:91-97.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq  # type: ignore[import-untyped, unused-ignore]
from scipy.special import gammaln, logsumexp  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.contingency import Counts, Table, read_counts
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.fisher_network import RELATIVE_TIE, Network, TooMuchWork
from backend.analysis.results import Result, check_level

MAX_WORK = 3_000_000
MAX_COUNT = 1_000_000
_LOG_ODDS_BOUND = 700.0


@dataclass(frozen=True, slots=True)
class OddsRatio(Result):
    """Conditional odds ratio of a 2 x 2 table, first row's odds of the first column over the second row's.

    A bound is ``NotEstimable`` where it is infinite, which JSON and a printed table have no number for.
    """

    method: str
    estimate: Estimate
    low: Estimate
    high: Estimate
    level: float


@dataclass(frozen=True, slots=True)
class FisherResult(Result):
    """Fisher's exact test; ``seed`` and ``replicates`` only where the p-value was drawn."""

    method: str
    p: Estimate
    odds_ratio: OddsRatio | None
    shape: tuple[int, int]
    n: int
    seed: int | None
    replicates: int | None
    warnings: tuple[str, ...]


def fisher_exact(counts: Counts, *, level: float = 0.95, max_work: int = MAX_WORK) -> FisherResult:
    """Fisher's exact test, two-sided.

    Parameters
    ----------
    counts
        Groups in rows, categories in columns. Rows and columns without any count are left out, and named.
    level
        Confidence level of the odds ratio's interval.
    max_work
        How many arcs of the network may be made and paths continued; about 1e6 a second. Beyond it ``p`` is
        ``NotEstimable``.

    Returns
    -------
    FisherResult
        ``odds_ratio`` is ``None`` but for a 2 x 2 table.
    """
    check_level(level)
    table = read_counts(counts)
    _check_size(table)
    reason = table.why_not_testable()
    p: Estimate = _exact_p(table.counts, max_work) if reason is None else reason
    ratio = conditional_odds_ratio(counts, level=level) if np.shape(counts) == (2, 2) else None
    return FisherResult("fisher_exact", p, ratio, _shape(table), table.n, None, None, table.warnings())


def fisher_monte_carlo(
    counts: Counts, *, seed: int, replicates: int = 100_000, level: float = 0.95
) -> FisherResult:
    """Fisher's test from tables drawn with the observed margins, for what is too large for the network.

    ``p`` is ``(1 + m)/(1 + replicates)``, m being the drawn tables that are no more probable than the
    observed one. Its standard error is ``sqrt(p (1 - p)/replicates)``. The order of rows and columns has no
    part in the draw.
    """
    check_level(level)
    if replicates < 1:
        raise AnalysisError("too_few_replicates", f"{replicates} tables cannot be drawn")
    table = read_counts(counts)
    _check_size(table)
    p: Estimate | None = table.why_not_testable()
    if p is None:
        p = _sampled_p(table.counts, seed, replicates)
    ratio = conditional_odds_ratio(counts, level=level) if np.shape(counts) == (2, 2) else None
    return FisherResult(
        "fisher_monte_carlo", p, ratio, _shape(table), table.n, seed, replicates, table.warnings()
    )


def conditional_odds_ratio(counts: Counts, *, level: float = 0.95) -> OddsRatio:
    """Conditional maximum likelihood odds ratio of a 2 x 2 table with its exact interval.

    Raises
    ------
    AnalysisError
        ``not_two_by_two`` for another shape.
    """
    check_level(level)
    if np.shape(counts) != (2, 2):
        raise AnalysisError("not_two_by_two", f"an odds ratio needs a 2 x 2 table, not {np.shape(counts)}")
    table = read_counts(counts)
    _check_size(table)
    if not table.is_two_by_two:
        nothing = NotEstimable("a row or a column of the 2 x 2 table is empty")
        return OddsRatio("odds_ratio_conditional", nothing, nothing, nothing, level)
    observed, support, weights = _hypergeometric(table.counts)
    tail = (1.0 - level) / 2.0
    infinite = NotEstimable("infinite: a cell of the 2 x 2 table is 0")
    estimate: Estimate
    low: Estimate
    high: Estimate
    if observed == support[0]:
        estimate, low = 0.0, 0.0
    else:
        estimate = _odds(lambda t: _mean(support, weights, t) - observed)
        low = _odds(lambda t: _share(support, weights, t, support >= observed) - tail)
    if observed == support[-1]:
        estimate, high = infinite, infinite
    else:
        high = _odds(lambda t: tail - _share(support, weights, t, support <= observed))
    return OddsRatio("odds_ratio_conditional", estimate, low, high, level)


def two_by_two_p(counts: NDArray[np.int64]) -> float:
    """Two-sided p of Fisher's exact test of a 2 x 2 table; 1 where a row or a column is empty."""
    observed, support, weights = _hypergeometric(counts)
    at = weights[int(observed - support[0])]
    counted = weights <= at + np.log1p(RELATIVE_TIE)
    return min(1.0, float(np.exp(logsumexp(np.sort(weights[counted])))))


def _exact_p(counts: NDArray[np.int64], max_work: int) -> Estimate:
    if counts.shape == (2, 2):
        return two_by_two_p(counts)
    rows, columns = _margins(counts)
    try:
        return Network(rows, columns, max_work=max_work).tail(_length(counts))
    except TooMuchWork:
        return NotEstimable(
            f"a {counts.shape[0]} x {counts.shape[1]} table of {counts.sum()} needs more than the limit of "
            f"{max_work} steps of the exact test"
        )


def _sampled_p(counts: NDArray[np.int64], seed: int, replicates: int) -> float:
    from scipy.stats import random_table  # type: ignore[import-untyped, unused-ignore]

    rows, columns = _margins(counts)
    generator = np.random.default_rng(seed)
    limit = _length(counts) + np.log1p(RELATIVE_TIE)
    found = 0
    for start in range(0, replicates, 10_000):
        size = min(10_000, replicates - start)
        drawn = random_table(rows, columns).rvs(size=size, random_state=generator)
        found += int(np.sum(-gammaln(drawn + 1.0).sum(axis=(1, 2)) <= limit))
    return (1 + found) / (1 + replicates)


def _margins(counts: NDArray[np.int64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sorted totals, those of the fewer rows or columns first: the same for every order of the table."""
    rows = tuple(sorted(int(total) for total in counts.sum(axis=1)))
    columns = tuple(sorted(int(total) for total in counts.sum(axis=0)))
    return (rows, columns) if (len(rows), rows) <= (len(columns), columns) else (columns, rows)


def _length(counts: NDArray[np.int64]) -> float:
    return -float(np.sum(gammaln(np.sort(counts, axis=None) + 1.0)))


def _hypergeometric(counts: NDArray[np.int64]) -> tuple[int, NDArray[np.int64], NDArray[np.float64]]:
    """Observed first cell, the values it can take, and the log of their probabilities at odds ratio 1."""
    row, column, n = int(counts[0].sum()), int(counts[:, 0].sum()), int(counts.sum())
    support = np.arange(max(0, row + column - n), min(row, column) + 1, dtype=np.int64)
    cells = np.sort([support, row - support, column - support, n - row - column + support], axis=0)
    weights = -gammaln(cells + 1.0).sum(axis=0)
    return int(counts[0, 0]), support, weights - logsumexp(np.sort(weights))


def _tilted(support: NDArray[np.int64], weights: NDArray[np.float64], log_odds: float) -> NDArray[np.float64]:
    tilted = weights + log_odds * support
    shares: NDArray[np.float64] = np.exp(tilted - logsumexp(tilted))
    return shares


def _mean(support: NDArray[np.int64], weights: NDArray[np.float64], log_odds: float) -> float:
    return float(np.sum(support * _tilted(support, weights, log_odds)))


def _share(
    support: NDArray[np.int64],
    weights: NDArray[np.float64],
    log_odds: float,
    which: NDArray[np.bool_],
) -> float:
    return float(np.sum(_tilted(support, weights, log_odds)[which]))


def _odds(rising: Callable[[float], float]) -> float:
    """The odds ratio at which a function of its logarithm, rising from below 0 to above it, is 0."""
    root = brentq(rising, -_LOG_ODDS_BOUND, _LOG_ODDS_BOUND, xtol=1e-14, rtol=1e-14, maxiter=500)
    return float(np.exp(root))


def _shape(table: Table) -> tuple[int, int]:
    rows, columns = table.counts.shape
    return rows, columns


def _check_size(table: Table) -> None:
    if table.n > MAX_COUNT:
        raise AnalysisError(
            "table_too_large", f"the table counts {table.n}; the exact test takes {MAX_COUNT} at most"
        )
