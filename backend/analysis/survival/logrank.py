"""Comparison of survival between groups: log-rank, its Fleming-Harrington weights, strata, and trend.

The variance is hypergeometric, so ties need no correction. The weight at a time is S(t-)^rho (1 -
S(t-))^gamma, S being the Kaplan-Meier curve of all groups of the stratum together: rho = 1, gamma = 0 is what
R calls Peto and Peto's modification of Gehan's Wilcoxon test. Groups nobody of whom was at risk at an event
time bear no information and take no degree of freedom, as in ``survdiff``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Result
from backend.analysis.survival.outcomes import NO_EVENT, Floats, Matrix, Outcomes, check_number, labelled
from backend.analysis.survival.risk_table import product_limit, risk_table

SINGLE = "Group {group} is one case: the test rests on it, and its chi-square distribution does not hold."


@dataclass(frozen=True, slots=True)
class GroupEvents(Result):
    """Observed and expected events of one group; weighted ones where the test is weighted."""

    group: str
    n: int
    events: int
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class LogrankResult(Result):
    """Test of equal survival in all groups, chi-square with ``df`` degrees of freedom.

    Attributes
    ----------
    groups
        Sorted by name, or in the order given.
    rho, gamma
        Exponents of the Fleming-Harrington weights; 0 and 0 is the log-rank test.
    trend_scores
        Score of each group where the test is for trend, else empty.
    n_strata
        Strata within which groups were compared; 1 without stratification.
    """

    method: str
    groups: tuple[GroupEvents, ...]
    chi_square: Estimate
    df: int
    p: Estimate
    rho: float
    gamma: float
    trend_scores: tuple[float, ...]
    n_strata: int
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Over all strata: events and weighted observed and expected by group, covariance of their difference."""

    sizes: list[int]
    events: list[int]
    observed: Floats
    expected: Floats
    covariance: Matrix


def logrank(
    known: Outcomes,
    groups: Mapping[str, str | None],
    *,
    strata: Mapping[str, str | None] | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogrankResult:
    """The log-rank test of k groups, stratified when ``strata`` is given.

    Parameters
    ----------
    groups, strata
        Label of each case; a case without one is dropped and named.
    rho, gamma
        Fleming-Harrington exponents, finite and not negative.

    Raises
    ------
    AnalysisError
        ``label_not_text``, ``weight_out_of_range``, ``no_cases``.

    References
    ----------
    Mantel N. Cancer Chemother Rep 1966;50:163-170. Harrington DP, Fleming TR. Biometrika 1982;69:553-566.
    """
    kept, stratum_of = _kept(known, groups, strata, rho, gamma)
    names = sorted({label for case in kept.cases if (label := groups[case]) is not None})
    sums = _sums(kept, groups, names, stratum_of, rho, gamma)
    informed = [row for row in range(len(names)) if sums.expected[row] > 0.0]
    chi_square: Estimate
    p: Estimate
    if undefined := _undefined(kept, len(names), len(informed)):
        chi_square = p = undefined
    else:
        chi_square = _quadratic_form(sums, informed)
        p = (
            chi_square
            if isinstance(chi_square, NotEstimable)
            else float(chdtrc(len(informed) - 1, chi_square))
        )
    df = max(0, len(informed) - 1)
    return _result("logrank", kept, names, sums, (chi_square, df, p), (rho, gamma), (), stratum_of)


def logrank_trend(
    known: Outcomes,
    groups: Mapping[str, str | None],
    scores: Mapping[str, float],
    *,
    strata: Mapping[str, str | None] | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogrankResult:
    """The log-rank test against an ordered alternative, 1 degree of freedom.

    ``scores`` gives each group its place, for example ``{"T2": 2, "T3": 3, "T4": 4}``; the result holds the
    groups in that order. The statistic is (sum s (O - E))^2 / (s' V s).

    Raises
    ------
    AnalysisError
        As :func:`logrank`, and ``group_without_score`` for a group that ``scores`` does not name.

    References
    ----------
    Tarone RE. Biometrika 1975;62:679-682.
    """
    kept, stratum_of = _kept(known, groups, strata, rho, gamma)
    present = {label for case in kept.cases if (label := groups[case]) is not None}
    if unscored := sorted(present - set(scores)):
        raise AnalysisError("group_without_score", f"group {unscored[0]} has no score for the trend")
    checked = {name: check_number(scores[name], f"the score of group {name}", "score") for name in present}
    names = sorted(present, key=lambda name: (checked[name], name))
    sums = _sums(kept, groups, names, stratum_of, rho, gamma)
    values = np.array([checked[name] for name in names])
    chi_square: Estimate
    p: Estimate
    if undefined := _undefined(kept, len(names), int((sums.expected > 0.0).sum())):
        chi_square = p = undefined
    else:
        centered = values - values.mean()
        variance = float(centered @ sums.covariance @ centered)
        if variance <= 1e-12 * float(centered @ centered):
            chi_square = p = NotEstimable("the groups that were at risk together all have the same score")
        else:
            chi_square = float(centered @ (sums.observed - sums.expected)) ** 2 / variance
            p = float(chdtrc(1, chi_square))
    return _result(
        "logrank_trend",
        kept,
        names,
        sums,
        (chi_square, 1, p),
        (rho, gamma),
        tuple(values.tolist()),
        stratum_of,
    )


def _kept(
    known: Outcomes,
    groups: Mapping[str, str | None],
    strata: Mapping[str, str | None] | None,
    rho: float,
    gamma: float,
) -> tuple[Outcomes, dict[str, str]]:
    for name, value in (("rho", rho), ("gamma", gamma)):
        if not (math.isfinite(value) and value >= 0.0):
            raise AnalysisError("weight_out_of_range", f"{name} must be 0 or more, not {value}")
    kept = labelled(known, groups, "group")
    if strata is None:
        return kept, dict.fromkeys(kept.cases, "")
    kept = labelled(kept, strata, "stratum")
    return kept, {case: label for case in kept.cases if (label := strata[case]) is not None}


def _sums(
    kept: Outcomes,
    groups: Mapping[str, str | None],
    names: list[str],
    stratum_of: Mapping[str, str],
    rho: float,
    gamma: float,
) -> _Sums:
    position = {name: row for row, name in enumerate(names)}
    group = np.array([position[str(groups[case])] for case in kept.cases])
    stratum = np.array([stratum_of[case] for case in kept.cases])
    times = np.asarray(kept.times, dtype=np.float64)
    events = np.asarray(kept.events, dtype=bool)
    k = len(names)
    observed, expected, covariance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for label in sorted(set(stratum_of.values())):
        rows = stratum == label
        part = _stratum(times[rows], events[rows], group[rows], k, rho, gamma)
        observed, expected, covariance = observed + part[0], expected + part[1], covariance + part[2]
    return _Sums(
        np.bincount(group, minlength=k).tolist(),
        np.bincount(group[events], minlength=k).tolist(),
        observed,
        expected,
        covariance,
    )


def _stratum(
    times: Floats,
    events: np.ndarray[tuple[int], np.dtype[np.bool_]],
    group: np.ndarray[tuple[int], np.dtype[np.int_]],
    k: int,
    rho: float,
    gamma: float,
) -> tuple[Floats, Floats, Matrix]:
    table = risk_table(times, events)
    before = np.concatenate(([1.0], product_limit(table)[:-1]))
    happened = table.events > 0
    weights = (before**rho * (1.0 - before) ** gamma)[happened]
    at, n, d = table.times[happened], table.at_risk[happened], table.events[happened]
    at_risk, own = np.zeros((len(at), k)), np.zeros((len(at), k))
    for row in range(k):
        ordered = np.sort(times[group == row])
        at_risk[:, row] = len(ordered) - np.searchsorted(ordered, at, side="left")
        failed = np.sort(times[(group == row) & events])
        own[:, row] = np.searchsorted(failed, at, side="right") - np.searchsorted(failed, at, side="left")
    share = at_risk / n[:, None]
    spread = weights**2 * d * np.divide(n - d, n - 1.0, out=np.zeros_like(n), where=n > 1)
    covariance = np.diag((spread[:, None] * share).sum(axis=0)) - (spread[:, None] * share).T @ share
    return weights @ own, (weights * d) @ share, covariance


def _undefined(kept: Outcomes, k: int, informed: int) -> NotEstimable | None:
    if k < 2:
        return NotEstimable("there is only one group")
    if kept.n_events == 0:
        return NO_EVENT
    return NotEstimable("only one group was at risk when events happened") if informed < 2 else None


def _quadratic_form(sums: _Sums, informed: list[int]) -> Estimate:
    rows = informed[1:]
    difference = (sums.observed - sums.expected)[rows]
    matrix = sums.covariance[np.ix_(rows, rows)]
    scale = np.sqrt(np.diag(matrix))
    if (scale == 0.0).any() or np.linalg.matrix_rank(matrix / np.outer(scale, scale), tol=1e-9) < len(rows):
        return NotEstimable("the groups were never at risk together when events happened")
    return float(difference @ np.linalg.solve(matrix, difference))


def _result(
    method: str,
    kept: Outcomes,
    names: list[str],
    sums: _Sums,
    test: tuple[Estimate, int, Estimate],
    exponents: tuple[float, float],
    trend_scores: tuple[float, ...],
    stratum_of: Mapping[str, str],
) -> LogrankResult:
    groups = tuple(
        GroupEvents(name, size, events, observed, expected)
        for name, size, events, observed, expected in zip(
            names, sums.sizes, sums.events, sums.observed.tolist(), sums.expected.tolist(), strict=True
        )
    )
    warnings = [SINGLE.format(group=group.group) for group in groups if group.n == 1]
    warnings += [f"Group {group.group} has no event." for group in groups if group.events == 0]
    return LogrankResult(
        method,
        groups,
        *test,
        *exponents,
        trend_scores,
        len(set(stratum_of.values())),
        kept.n,
        kept.n_events,
        kept.dropped,
        tuple(warnings),
    )
