"""Two calls on the same case, before and after: McNemar, its combination over readers, clusters told.

A pair is one reader on one case. ``gained`` pairs turn from no to yes and ``lost`` ones from yes to no,
where yes is whatever the caller counts, for example a right call. Three questions are kept apart:

- one reader: McNemar's exact and mid-p test, Tango's score interval of the difference;
- several readers, strata told: the Mantel-Haenszel combination over readers, which takes every pair as
  independent of every other (R's ``mantelhaen.test`` with one stratum a pair, ``exact = TRUE``);
- several readers, clusters told: the mean difference with a variance that lets the pairs of one case
  depend on each other (the readers stay as they are), or those of one case and those of one reader
  (readers as a sample of readers). This last one is the answer that generalizes; with few readers its
  t test has few degrees of freedom, and that is the honest width.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backend.analysis.binary_tests import chi_square_p, mcnemar, tango_interval
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.proportions import clopper_pearson
from backend.analysis.results import (
    Interval,
    Result,
    check_level,
    normal_quantile,
    t_quantile,
    two_sided_p,
    two_sided_t_p,
)

NO_PAIR = NotEstimable("there is no pair")
NO_CHANGE = NotEstimable("no pair changed")


@dataclass(frozen=True, slots=True)
class PairedCall:
    """One reader on one case: yes or no before and after."""

    reader: str
    case: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class McNemarResult(Result):
    """Pairs of one reader, or of several taken as independent.

    Attributes
    ----------
    both, gained, lost, neither
        Yes twice; no then yes; yes then no; no twice.
    before, after, difference
        Shares of yes, and after minus before.
    ci
        Tango's score interval of the difference.
    odds_ratio, odds_ratio_ci
        gained / lost, with the exact conditional interval.
    p_exact, p_mid
        Two-sided exact (doubled smaller tail) and mid-p values of gained = lost.
    """

    method: str
    both: int
    gained: int
    lost: int
    neither: int
    n: int
    before: Estimate
    after: Estimate
    difference: Estimate
    ci: Interval | NotEstimable
    odds_ratio: Estimate
    odds_ratio_ci: Interval | NotEstimable
    p_exact: Estimate
    p_mid: Estimate
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusteredDifference(Result):
    """The mean change with a cluster-robust variance; ``df`` is ``None`` where the normal is used."""

    method: str
    clusters: str
    difference: Estimate
    se: Estimate
    df: int | None
    statistic: Estimate
    p: Estimate
    ci: Interval | NotEstimable
    n: int
    n_readers: int
    n_cases: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PooledPairs(Result):
    """Several readers: stratified McNemar, whether readers differ, and the two clustered tests."""

    stratified: McNemarResult
    heterogeneity_chi2: Estimate
    heterogeneity_df: int
    heterogeneity_p: Estimate
    fixed_readers: ClusteredDifference
    random_readers: ClusteredDifference


def mcnemar_test(pairs: Sequence[PairedCall], *, level: float = 0.95) -> McNemarResult:
    """McNemar's exact and mid-p test of the pairs, with the difference and the odds ratio.

    Without a pair nothing is estimable; without a changed pair the p-value and the odds ratio are not,
    while the difference is 0 with an interval.

    References
    ----------
    McNemar Q. Psychometrika 1947;12:153-157. Fagerland MW, Lydersen S, Laake P. BMC Med Res Methodol
    2013;13:91 (mid-p). Tango T. Stat Med 1998;17:891-908 (interval).
    """
    return _mcnemar("change_mcnemar", pairs, level)


def pooled_pairs(pairs: Sequence[PairedCall], *, level: float = 0.95) -> PooledPairs:
    """The pairs of several readers, by the three answers of the module's text.

    Raises
    ------
    AnalysisError
        ``duplicate_read``: a reader has a case twice (named).

    References
    ----------
    Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719-748. Obuchowski NA. Stat Med 1998;17:1495-1507
    (cases as clusters). Cameron AC, Gelbach JB, Miller DL. J Bus Econ Stat 2011;29:238-249 (two ways).
    """
    check_level(level)
    ordered = sorted(pairs, key=lambda pair: (pair.reader, pair.case))
    for first, second in pairwise(ordered):
        if (first.reader, first.case) == (second.reader, second.case):
            raise AnalysisError("duplicate_read", f"{first.reader} has case {first.case} twice")
    readers = sorted({pair.reader for pair in ordered})
    counts = {
        name: (
            sum(pair.after and not pair.before for pair in ordered if pair.reader == name),
            sum(pair.before and not pair.after for pair in ordered if pair.reader == name),
        )
        for name in readers
    }
    statistic, df, p = _heterogeneity(counts)
    return PooledPairs(
        _mcnemar("change_mcnemar_stratified", ordered, level),
        statistic,
        df,
        p,
        _clustered(ordered, level, random_readers=False),
        _clustered(ordered, level, random_readers=True),
    )


def _mcnemar(method: str, pairs: Sequence[PairedCall], level: float) -> McNemarResult:
    check_level(level)
    both = sum(pair.before and pair.after for pair in pairs)
    gained = sum(pair.after and not pair.before for pair in pairs)
    lost = sum(pair.before and not pair.after for pair in pairs)
    n, changed = len(pairs), gained + lost
    if n == 0:
        return McNemarResult(method, 0, 0, 0, 0, 0, *(NO_PAIR,) * 8, ())
    before, after = (both + lost) / n, (both + gained) / n
    difference, ci = (gained - lost) / n, tango_interval(gained, lost, n, level=level)
    counts = (both, gained, lost, n - both - changed, n)
    if changed == 0:
        return McNemarResult(method, *counts, before, after, difference, ci, *(NO_CHANGE,) * 4, ())
    tests = mcnemar(gained, lost)
    ratio, ratio_ci = _odds_ratio(gained, lost, level)
    p_values = (tests.p_exact, tests.p_mid)
    return McNemarResult(method, *counts, before, after, difference, ci, ratio, ratio_ci, *p_values, ())


def _odds_ratio(gained: int, lost: int, level: float) -> tuple[Estimate, Interval | NotEstimable]:
    if lost == 0:
        return NotEstimable("no pair was lost"), NotEstimable("no pair was lost")
    share = clopper_pearson(gained, gained + lost, level=level)
    return gained / lost, Interval(share.low / (1.0 - share.low), share.high / (1.0 - share.high), level)


def _heterogeneity(counts: Mapping[str, tuple[int, int]]) -> tuple[Estimate, int, Estimate]:
    """Pearson's chi-square of gained and lost by reader, over the readers with a changed pair."""
    used = [pair for pair in counts.values() if sum(pair)]
    gained, lost = sum(pair[0] for pair in used), sum(pair[1] for pair in used)
    df = len(used) - 1
    if df < 1 or gained == 0 or lost == 0:
        reason = NotEstimable("fewer than two readers have changed pairs, or all changes go one way")
        return reason, max(df, 0), reason
    share = gained / (gained + lost)
    statistic = math.fsum((g - (g + m) * share) ** 2 / ((g + m) * share * (1 - share)) for g, m in used)
    return statistic, df, chi_square_p(statistic, df)


def _clustered(pairs: Sequence[PairedCall], level: float, *, random_readers: bool) -> ClusteredDifference:
    changes = np.array([float(pair.after) - float(pair.before) for pair in pairs])
    readers = sorted({pair.reader for pair in pairs})
    cases = sorted({pair.case for pair in pairs})
    clusters = "readers and cases" if random_readers else "cases"
    sizes = (len(pairs), len(readers), len(cases))

    def empty(reason: NotEstimable, difference: Estimate) -> ClusteredDifference:
        return ClusteredDifference(
            "change_clustered", clusters, difference, reason, None, reason, reason, reason, *sizes, ()
        )

    if not pairs:
        return empty(NO_PAIR, NO_PAIR)
    difference = math.fsum(changes) / len(pairs)
    if len(cases) < 2 or (random_readers and len(readers) < 2):
        return empty(NotEstimable(f"one {'case' if len(cases) < 2 else 'reader'} is no sample"), difference)
    rests = changes - difference
    by_case = _cluster_variance(rests, [pair.case for pair in pairs])
    warnings: tuple[str, ...] = ()
    variance, df = by_case, None
    if random_readers:
        by_reader = _cluster_variance(rests, [pair.reader for pair in pairs])
        alone = _cluster_variance(rests, [str(i) for i in range(len(pairs))])
        variance, df = by_case + by_reader - alone, min(len(readers), len(cases)) - 1
        if variance < max(by_case, by_reader):
            warnings = ("The two-way variance fell below a one-way variance: the larger one-way is used.",)
            variance = max(by_case, by_reader)
    if not variance > 0.0:
        return empty(NotEstimable("the variance over the clusters is 0"), difference)
    se = math.sqrt(variance)
    statistic = difference / se
    if df is None:
        margin, p = normal_quantile(level) * se, two_sided_p(statistic)
    else:
        margin = t_quantile(level, df) * se
        p = two_sided_t_p(statistic, df)
    ci = Interval(max(-1.0, difference - margin), min(1.0, difference + margin), level)
    return ClusteredDifference(
        "change_clustered", clusters, difference, se, df, statistic, p, ci, *sizes, warnings
    )


def _cluster_variance(rests: NDArray[np.float64], clusters: Sequence[str]) -> float:
    """G/(G - 1) times the sum over G clusters of squared sums, over n squared."""
    sums: dict[str, list[float]] = {}
    for rest, cluster in zip(rests, clusters, strict=True):
        sums.setdefault(cluster, []).append(float(rest))
    total = math.fsum(math.fsum(values) ** 2 for values in sums.values())
    return total * len(sums) / (len(sums) - 1) / len(rests) ** 2
