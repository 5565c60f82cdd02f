"""McNemar, strata and clusters against R, Fagerland's published interval and slow second implementations."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from backend.analysis.binary_tests import tango_interval
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.paired_calls import PairedCall, mcnemar_test, pooled_pairs
from backend.analysis.results import normal_quantile

DESIGNS = Path(__file__).parents[1] / "reference" / "designs"


@pytest.fixture(scope="module")
def pairs() -> list[PairedCall]:
    with (DESIGNS / "pairs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [PairedCall(r["reader"], r["case"], r["before"] == "1", r["after"] == "1") for r in rows]


def made(both: int, gained: int, lost: int, neither: int, reader: str = "r") -> list[PairedCall]:
    kinds = (
        [(True, True)] * both + [(False, True)] * gained + [(True, False)] * lost + [(False, False)] * neither
    )
    return [PairedCall(reader, f"c{i:03d}", *kind) for i, kind in enumerate(kinds)]


def test_each_reader_matches_r(reference: Callable[[str], Any], pairs: list[PairedCall]) -> None:
    for reader, expected in reference("designs/expected.json")["mcnemar"].items():
        result = mcnemar_test([pair for pair in pairs if pair.reader == reader])
        assert (result.gained, result.lost) == (expected["gained"], expected["lost"])
        assert result.p_exact == pytest.approx(expected["p_exact"], rel=1e-12)
        assert not isinstance(result.odds_ratio_ci, NotEstimable)
        bounds = (result.odds_ratio_ci.low, result.odds_ratio_ci.high)
        assert bounds == pytest.approx((expected["odds_low"], expected["odds_high"]), rel=1e-9)


def test_strata_and_clusters_match_r(reference: Callable[[str], Any], pairs: list[PairedCall]) -> None:
    """mantelhaen.test(exact = TRUE), chisq.test, and sandwich::vcovCL(type = "HC0", cadjust = TRUE)."""
    expected = reference("designs/expected.json")
    pooled = pooled_pairs(pairs)
    assert pooled.stratified.p_exact == pytest.approx(expected["stratified"]["p_exact"], rel=1e-12)
    assert pooled.heterogeneity_chi2 == pytest.approx(expected["homogeneity"]["chi2"], rel=1e-12)
    assert pooled.heterogeneity_p == pytest.approx(expected["homogeneity"]["p"], rel=1e-10)
    assert pooled.fixed_readers.difference == pytest.approx(expected["clustered"]["mean"], rel=1e-12)
    assert pooled.fixed_readers.se == pytest.approx(expected["clustered"]["by_case"], rel=1e-12)
    assert pooled.fixed_readers.df is None
    assert pooled.random_readers.se == pytest.approx(expected["clustered"]["both"], rel=1e-12)
    assert pooled.random_readers.df == 3
    assert (pooled.random_readers.n_readers, pooled.random_readers.n_cases) == (4, 60)


def test_p_values_match_statsmodels_and_the_mid_p_of_fagerland() -> None:
    """Fagerland, Lydersen, Laake 2013, airway hyper-responsiveness (1, 1, 7, 12): exact .0703, mid-p .0391."""
    result = mcnemar_test(made(1, 1, 7, 12))
    assert result.p_exact == pytest.approx(0.0703125, rel=1e-12)
    assert result.p_mid == pytest.approx(0.0390625, rel=1e-12)
    for gained, lost in ((12, 2), (3, 3), (0, 5), (9, 8)):
        theirs = statsmodels_mcnemar([[4, lost], [gained, 6]], exact=True).pvalue
        assert mcnemar_test(made(4, gained, lost, 6)).p_exact == pytest.approx(min(theirs, 1.0), rel=1e-12)


def test_tango_interval_matches_the_published_example() -> None:
    """Fagerland, Lydersen, Laake. Stat Med 2014;33:2850-2875: -0.517 to -0.026 for 1 and 7 of 21."""
    interval = tango_interval(1, 7, 21)
    assert (interval.low, interval.high) == pytest.approx((-0.517, -0.026), abs=5.1e-4)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 30))
def test_tango_bounds_solve_the_score_equation(gained: int, lost: int, same: int) -> None:
    n = gained + lost + same

    def score(delta: float) -> float:
        """The score statistic with the nuisance share found by maximizing the likelihood numerically."""

        def minus_log_likelihood(q: float) -> float:
            rest = n - gained - lost
            return -(gained * math.log(q + delta) + lost * math.log(q) + rest * math.log(1 - 2 * q - delta))

        bounds = (max(0.0, -delta) + 1e-12, (1 - delta) / 2 - 1e-12)
        q = minimize_scalar(minus_log_likelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
        return (gained - lost - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta)))

    interval = tango_interval(gained, lost, n)
    assert score(interval.low) == pytest.approx(normal_quantile(0.95), abs=1e-5)
    assert score(interval.high) == pytest.approx(-normal_quantile(0.95), abs=1e-5)
    swapped = tango_interval(lost, gained, n)
    assert (swapped.low, swapped.high) == pytest.approx((-interval.high, -interval.low), abs=1e-12)


def test_two_way_variance_by_double_loop(pairs: list[PairedCall]) -> None:
    """The sum of products over all pairs of pairs that share a case or a reader, without the G / (G - 1)."""
    changes = [float(p.after) - float(p.before) for p in pairs]
    mean = sum(changes) / len(changes)
    total = {"case": 0.0, "reader": 0.0, "both": 0.0}
    for p, x in zip(pairs, changes, strict=True):
        for q, y in zip(pairs, changes, strict=True):
            product = (x - mean) * (y - mean) / len(pairs) ** 2
            total["case"] += product * (p.case == q.case)
            total["reader"] += product * (p.reader == q.reader)
            total["both"] += product * (p.case == q.case and p.reader == q.reader)
    n = len(pairs)
    expected = total["case"] * 60 / 59 + total["reader"] * 4 / 3 - total["both"] * n / (n - 1)
    assert pooled_pairs(pairs).random_readers.se == pytest.approx(math.sqrt(expected), rel=1e-10)


def test_order_changes_nothing_and_swapped_arms_change_the_sign(pairs: list[PairedCall]) -> None:
    pooled, shuffled = pooled_pairs(pairs), pooled_pairs(pairs[::-1])
    assert pooled == shuffled
    swapped = pooled_pairs([PairedCall(p.reader, p.case, p.after, p.before) for p in pairs])
    assert swapped.random_readers.difference == -pooled.random_readers.difference
    assert swapped.random_readers.p == pytest.approx(pooled.random_readers.p, rel=1e-12)
    assert swapped.stratified.p_mid == pooled.stratified.p_mid
    assert (swapped.stratified.gained, swapped.stratified.lost) == (
        pooled.stratified.lost,
        pooled.stratified.gained,
    )


def test_nothing_changed_nothing_paired_one_way_only() -> None:
    still = mcnemar_test(made(5, 0, 0, 3))
    assert (still.difference, still.p_exact) == (0.0, NotEstimable("no pair changed"))
    assert not isinstance(still.ci, NotEstimable)
    assert still.ci.low == pytest.approx(-still.ci.high, abs=1e-12)
    nothing = mcnemar_test([])
    assert nothing.difference == nothing.p_mid == NotEstimable("there is no pair")
    gain = mcnemar_test(made(0, 6, 0, 0))
    assert gain.odds_ratio == NotEstimable("no pair was lost")
    assert (gain.difference, gain.p_exact) == (1.0, 2 * 0.5**6)
    assert not isinstance(gain.ci, NotEstimable)
    assert gain.ci.high == 1.0
    for result in (still, nothing, gain):
        assert result.to_json()["method"] == "change_mcnemar"


def test_clusters_that_cannot_be_compared_say_why() -> None:
    one = pooled_pairs(made(2, 3, 1, 4))
    assert one.random_readers.se == NotEstimable("one reader is no sample")
    assert isinstance(one.fixed_readers.se, float)
    assert isinstance(one.heterogeneity_chi2, NotEstimable)
    assert pooled_pairs([]).fixed_readers.difference == NotEstimable("there is no pair")
    single = pooled_pairs([PairedCall("r", "c", before=True, after=False), PairedCall("s", "c", True, True)])
    assert single.fixed_readers.se == NotEstimable("one case is no sample")
    still = pooled_pairs(made(3, 0, 0, 3) + made(2, 0, 0, 4, "s"))
    assert still.random_readers.p == NotEstimable("the variance over the clusters is 0")


def test_a_two_way_variance_below_a_one_way_one_is_not_believed() -> None:
    # Readers who contradict each other on every case: the cases' sums vanish.
    pairs = [PairedCall("r", f"c{k}", k % 2 == 0, k % 2 == 1) for k in range(8)]
    pairs += [PairedCall("s", f"c{k}", k % 2 == 1, k % 2 == 0) for k in range(8)]
    result = pooled_pairs(pairs).random_readers
    assert result.p == NotEstimable("the variance over the clusters is 0")
    pairs[0] = PairedCall("r", "c0", before=False, after=False)
    clamped = pooled_pairs(pairs).random_readers
    assert clamped.warnings == (
        "The two-way variance fell below a one-way variance: the larger one-way is used.",
    )


def test_wrong_counts_and_a_case_twice_are_refused() -> None:
    with pytest.raises(AnalysisError, match="r has case c000 twice") as refused:
        pooled_pairs([*made(1, 0, 0, 0), *made(1, 0, 0, 0)])
    assert refused.value.code == "duplicate_read"
    with pytest.raises(AnalysisError, match="3 and 2 of 4 pairs cannot differ"):
        tango_interval(3, 2, 4)
    with pytest.raises(AnalysisError, match="confidence level"):
        mcnemar_test(made(1, 1, 1, 1), level=1.0)
