"""Concordance of a risk score with survival: Harrell's C, Uno's C, and the difference of two.

A pair is comparable when the one with the earlier time had the event; a case censored at that very time
counts as the later one, and two events at one time are not compared. Concordant: the earlier one has the
higher score; tied scores count one half. Standard errors are by the infinitesimal jackknife, as
``survival::concordance`` has them.

Uno's C weights each pair by 1/G(t-)^2, t being the earlier time and G the Kaplan-Meier survival of the
censoring, and looks at events up to and with tau: the convention of ``concordance(timewt = "n/G2", ymax =
tau)``. scikit-survival takes G(t) and events before tau, and differs in the third decimal. The standard error
takes the weights as known, as there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval, Result, check_level, normal_interval, two_sided_p
from backend.analysis.survival.outcomes import (
    NO_EVENT,
    Floats,
    Outcomes,
    Sorted,
    as_sorted,
    check_time,
    scored,
    values_of,
)
from backend.analysis.survival.risk_table import censoring_survival, risk_table, step_before

ConcordanceKind: TypeAlias = Literal["harrell", "uno"]
BLOCK = 4_000_000  # comparisons held at a time
NO_PAIR = NotEstimable("no pair of cases can be ordered in time")
ONE_EVENT = NotEstimable("there is only one event")
ALL_TIED = "All comparable cases have the same score."
PERFECT = "The score orders every comparable pair alike: its standard error is 0."


@dataclass(frozen=True, slots=True)
class Concordance(Result):
    """A concordance index with its interval clipped to [0, 1].

    Attributes
    ----------
    tau
        Uno's horizon; ``None`` for Harrell's, or where all events count.
    concordant, discordant, tied_scores
        Comparable pairs, counted without weights.
    tied_events
        Pairs of events at one time, which are not compared.
    """

    method: str
    c: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    tau: float | None
    concordant: int
    discordant: int
    tied_scores: int
    tied_events: int
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcordanceDifference(Result):
    """``c_a - c_b`` of two scores on the same cases, with the paired z test."""

    method: str
    c_a: Estimate
    c_b: Estimate
    difference: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    z: Estimate
    p: Estimate
    tau: float | None
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Weighted pairs of each case (n,): concordant minus discordant, and all; plain counts of the three
    kinds."""

    net: Floats
    total: Floats
    concordant: int
    discordant: int
    tied: int

    def index(self) -> float:
        return (math.fsum(self.net.tolist()) / math.fsum(self.total.tolist()) + 1.0) / 2.0

    def influence(self) -> Floats:
        """Derivative of the index in the weight of each case."""
        pairs = math.fsum(self.total.tolist()) / 2.0
        somers = 2.0 * self.index() - 1.0
        values: Floats = (self.net - somers * self.total) / (2.0 * pairs)
        return values


def harrell_c(known: Outcomes, scores: Mapping[str, float | None], *, level: float = 0.95) -> Concordance:
    """Harrell's C of a score; a higher score means a higher risk.

    Parameters
    ----------
    scores
        By case; a case without a score is dropped and named.

    Raises
    ------
    AnalysisError
        ``score_not_a_number``, ``score_not_finite`` (name the case), ``no_cases``, ``level_out_of_range``.

    References ---------- Harrell FE, Lee KL, Mark DB. Stat Med 1996;15:361-387. Therneau TM, Atkinson E.
    Concordance; vignette of R's survival.
    """
    check_level(level)
    kept = scored(known, scores)
    return _concordance("concordance_harrell", kept, scores, None, level)


def uno_c(
    known: Outcomes, scores: Mapping[str, float | None], *, tau: float | None = None, level: float = 0.95
) -> Concordance:
    """Uno's C of a score, events up to and with ``tau``; ``None`` takes all. Parameters and errors as
    :func:`harrell_c`.

    References
    ----------
    Uno H, Cai T, Pencina MJ, D'Agostino RB, Wei LJ. Stat Med 2011;30:1105-1117.
    """
    check_level(level)
    kept = scored(known, scores)
    horizon = None if tau is None else check_time(tau, "tau")
    return _concordance("concordance_uno", kept, scores, horizon, level)


def compare_c(
    known: Outcomes,
    scores_a: Mapping[str, float | None],
    scores_b: Mapping[str, float | None],
    *,
    kind: ConcordanceKind = "harrell",
    tau: float | None = None,
    level: float = 0.95,
) -> ConcordanceDifference:
    """The difference of two concordances on the cases that have both scores, a minus b.

    Scores that order every pair alike give z = 0 and p = 1 without interval. Errors as :func:`harrell_c`, and
    ``unknown_concordance``.

    References
    ----------
    Kang L, Chen W, Petrick NA, Gallas BD. Stat Med 2015;34:685-703.
    """
    check_level(level)
    if kind not in ("harrell", "uno"):
        raise AnalysisError("unknown_concordance", f"the concordance is harrell or uno, not {kind!r}")
    kept = scored(scored(known, scores_a, "first score"), scores_b, "second score")
    horizon = None if tau is None or kind == "harrell" else check_time(tau, "tau")
    counts = (horizon, kept.n, kept.n_events, kept.dropped)
    method = f"concordance_{kind}_difference"
    rows = as_sorted(kept, [values_of(kept, scores_a), values_of(kept, scores_b)])
    a, b = (_pairs(rows, column, _weights(rows, method, horizon)) for column in (0, 1))
    if undefined := _undefined(kept, a):
        return ConcordanceDifference(method, *(undefined,) * 4, undefined, undefined, undefined, *counts, ())
    c_a, c_b = a.index(), b.index()
    if kept.n_events == 1:
        return ConcordanceDifference(
            method, c_a, c_b, c_a - c_b, ONE_EVENT, ONE_EVENT, ONE_EVENT, ONE_EVENT, *counts, ()
        )
    contrast = a.influence() - b.influence()
    se = math.sqrt(math.fsum((contrast**2).tolist()))
    if se > 1e-14:
        z = (c_a - c_b) / se
        ci = normal_interval(c_a - c_b, se, level=level, low=-1.0, high=1.0)
        return ConcordanceDifference(method, c_a, c_b, c_a - c_b, se, ci, z, two_sided_p(z), *counts, ())
    flat = NotEstimable("the standard error of the difference is 0")
    warning = ("The standard error of the difference is 0: no confidence interval is offered.",)
    if abs(c_a - c_b) < 1e-14:
        return ConcordanceDifference(method, c_a, c_b, 0.0, 0.0, flat, 0.0, 1.0, *counts, warning)
    return ConcordanceDifference(method, c_a, c_b, c_a - c_b, 0.0, flat, flat, flat, *counts, warning)


def _concordance(
    method: str, kept: Outcomes, scores: Mapping[str, float | None], tau: float | None, level: float
) -> Concordance:
    rows = as_sorted(kept, [values_of(kept, scores)])
    pairs = _pairs(rows, 0, _weights(rows, method, tau))
    within = rows.events if tau is None else rows.events & (rows.times <= tau)
    _, deaths = np.unique(rows.times[within], return_counts=True)
    counts = (pairs.concordant, pairs.discordant, pairs.tied, int((deaths * (deaths - 1) // 2).sum()))
    result = Concordance(
        method, NO_PAIR, NO_PAIR, NO_PAIR, tau, *counts, kept.n, kept.n_events, kept.dropped, ()
    )
    if undefined := _undefined(kept, pairs):
        return replace(result, c=undefined, se=undefined, ci=undefined)
    c = pairs.index()
    if kept.n_events == 1:
        return replace(result, c=c, se=ONE_EVENT, ci=ONE_EVENT)
    if pairs.concordant + pairs.discordant == 0:
        return replace(result, c=c, se=0.0, ci=NotEstimable("all scores are tied"), warnings=(ALL_TIED,))
    if pairs.tied == 0 and 0 in (pairs.concordant, pairs.discordant):
        flat = NotEstimable("the score orders every comparable pair alike")
        return replace(result, c=c, se=0.0, ci=flat, warnings=(PERFECT,))
    se = math.sqrt(math.fsum((pairs.influence() ** 2).tolist()))
    return replace(result, c=c, se=se, ci=normal_interval(c, se, level=level, low=0.0, high=1.0))


def _undefined(kept: Outcomes, pairs: _Pairs) -> NotEstimable | None:
    if kept.n_events == 0:
        return NO_EVENT
    return NO_PAIR if pairs.concordant + pairs.discordant + pairs.tied == 0 else None


def _weights(rows: Sorted, method: str, tau: float | None) -> Floats:
    """Weight of the pairs that each case's event opens (n,); 0 where it had none within the horizon."""
    counted = rows.events if tau is None else rows.events & (rows.times <= tau)
    if "harrell" in method:
        return counted.astype(np.float64)
    table = risk_table(rows.times, rows.events)
    g = step_before(table.times, censoring_survival(table), rows.times)
    weights: Floats = np.where(counted, 1.0, 0.0) / np.where(counted, g, 1.0) ** 2
    return weights


def _pairs(rows: Sorted, column: int, weights: Floats) -> _Pairs:
    """Compare each event with everyone after it; rows are sorted, so those stand together at the end."""
    score = np.ascontiguousarray(rows.values[:, column])
    n = len(score)
    opening = np.flatnonzero(weights)
    event_times, deaths = np.unique(rows.times[rows.events], return_counts=True)
    begins = np.searchsorted(rows.times, event_times, side="left") + deaths
    after = begins[np.searchsorted(event_times, rows.times[opening])]
    net, total = np.zeros(n), np.zeros(n)
    concordant = discordant = tied = 0
    size = max(1, BLOCK // max(1, n))
    for start in range(0, len(opening), size):
        mine, begin = opening[start : start + size], after[start : start + size]
        low = int(begin.min())
        compared = np.arange(low, n)[None, :] >= begin[:, None]
        above = compared & (score[mine][:, None] > score[None, low:])
        below = compared & (score[mine][:, None] < score[None, low:])
        weight = weights[mine]
        wins, losses, pairs = above.sum(axis=1), below.sum(axis=1), compared.sum(axis=1)
        net[mine] += weight * (wins - losses)
        total[mine] += weight * pairs
        net[low:] += weight @ above - weight @ below
        total[low:] += weight @ compared
        concordant, discordant = concordant + int(wins.sum()), discordant + int(losses.sum())
        tied += int((pairs - wins - losses).sum())
    return _Pairs(net, total, concordant, discordant, tied)
