"""The bootstrap against pROC, a bootstrap in plain Python, and its drawn cases written out."""

import csv
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.partial_auc import partial_auc, partial_auc_paired
from backend.analysis.placements import placements
from backend.analysis.results import Interval
from backend.analysis.roc import delong, empirical_auc
from backend.analysis.roc_bootstrap import (
    acceleration,
    bca_interval,
    bootstrap_auc,
    bootstrap_aucs,
    bootstrap_band,
    bootstrap_difference,
)
from backend.analysis.roc_resampling import bootstrap, strata

SIMULATED = Path(__file__).parents[1] / "reference/proc/simulated.csv"


def simulated(*names: str) -> tuple[list[bool], list[list[float]]]:
    with SIMULATED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["truth"] == "1" for row in rows], [[float(row[name]) for row in rows] for name in names]


def ends(interval: Interval | NotEstimable) -> tuple[float, float]:
    assert isinstance(interval, Interval)
    return interval.low, interval.high


def test_auc_interval_is_procs_within_monte_carlo_error(reference: Callable[[str], Any]) -> None:
    """pROC ci.auc(method = "bootstrap", boot.n = 20000); a limit varies by about 0.001 between seeds."""
    expected = reference("roc/expected.json")["bootstrap"]
    truth, (a,) = simulated("continuous_a")
    result = bootstrap_auc(truth, a, seed=1, replicates=20_000)
    assert ends(result.percentile) == pytest.approx(expected["auc_ci"], abs=0.003)
    assert result.se == pytest.approx(delong(truth, a).se, rel=0.03)
    assert result.auc == empirical_auc(truth, a)


def test_difference_is_procs_within_monte_carlo_error(reference: Callable[[str], Any]) -> None:
    expected = reference("roc/expected.json")["bootstrap"]
    truth, (a, b) = simulated("continuous_a", "continuous_b")
    result = bootstrap_difference(truth, a, b, seed=1, replicates=20_000)
    assert result.z == pytest.approx(expected["difference_z"], rel=0.02)
    assert result.p == pytest.approx(expected["difference_p"], abs=0.006)
    assert result.difference == pytest.approx(result.auc_a - result.auc_b, abs=1e-15)  # type: ignore[operator]


def test_band_is_procs(reference: Callable[[str], Any]) -> None:
    """pROC ci.se: the limits are multiples of 1/32 here, so they agree to the digit."""
    expected = reference("roc/expected.json")["bootstrap"]["se_at"]
    truth, (a,) = simulated("continuous_a")
    band = bootstrap_band(truth, a, specificities=expected["specificity"], seed=1, replicates=5_000)
    assert not isinstance(band, NotEstimable)
    assert [point.ci.low for point in band.points] == pytest.approx(expected["low"], abs=1e-9)
    assert [point.ci.high for point in band.points] == pytest.approx(expected["high"], abs=1e-9)


def test_band_height_is_the_curve_between_its_points() -> None:
    truth, scores = [True, True, False, False], [4.0, 2.0, 2.0, 1.0]
    band = bootstrap_band(truth, scores, specificities=[1.0, 0.75, 0.5, 0.0], seed=2, replicates=100)
    assert not isinstance(band, NotEstimable)
    assert [point.sensitivity for point in band.points] == [0.5, 0.75, 1.0, 1.0]


def test_replicates_are_the_areas_of_the_drawn_cases() -> None:
    """The slow obvious way: write every drawn case out and count its pairs."""
    truth, (a, b) = simulated("five_point_a", "continuous_b")
    positive = np.array(truth)
    columns = [np.array(a), np.array(b)]
    fast = bootstrap_aucs(positive, columns, replicates=100, seed=7)
    cases_of, controls_of = strata(positive, columns)
    counts = bootstrap(
        cases_of, controls_of, lambda x, y: np.hstack([x, y]).astype(float), replicates=100, seed=7
    )
    split = cases_of.frequencies.size
    for row, areas in list(zip(counts.astype(int), fast, strict=True))[:10]:
        drawn = np.repeat(cases_of.patterns, row[:split], axis=0)
        others = np.repeat(controls_of.patterns, row[split:], axis=0)
        assert (len(drawn), len(others)) == (cases_of.size, controls_of.size)
        for curve in range(2):
            x, y = drawn[:, curve][:, None], others[:, curve]
            assert areas[curve] == pytest.approx(((x > y) + 0.5 * (x == y)).mean(), abs=1e-14)
    assert counts[:, :split].mean(axis=0) == pytest.approx(cases_of.frequencies, abs=5)


def test_bca_matches_a_bootstrap_in_plain_python() -> None:
    """The same formula with the jackknife's acceleration, random.choices and statistics by hand."""
    truth, (scores,) = simulated("five_point_a")
    positive = [score for score, t in zip(scores, truth, strict=True) if t]
    negative = [score for score, t in zip(scores, truth, strict=True) if not t]
    rng = random.Random(11)
    auc = empirical_auc(truth, scores)
    drawn = []
    for _ in range(1500):
        x, y = rng.choices(positive, k=len(positive)), rng.choices(negative, k=len(negative))
        drawn.append(empirical_auc([True] * len(x) + [False] * len(y), x + y))
    influence = {True: [], False: []}
    for i, t in enumerate(truth):
        n = len(positive) if t else len(negative)
        without = empirical_auc(truth[:i] + truth[i + 1 :], scores[:i] + scores[i + 1 :])
        influence[t].append((n - 1) * (auc - without))  # type: ignore[operator]
    cubes = sum(sum(v**3 for v in values) / len(values) ** 3 for values in influence.values())
    squares = sum(sum(v**2 for v in values) / len(values) ** 2 for values in influence.values())
    skew = cubes / (6 * squares**1.5)
    assert acceleration(placements(truth, scores)) == pytest.approx(skew, rel=1e-9)
    slow = bca_interval(np.array(drawn), auc, skew, 0.95)  # type: ignore[arg-type]
    fast = bootstrap_auc(truth, scores, seed=3, replicates=20_000)
    assert ends(fast.bca) == pytest.approx(ends(slow), abs=0.015)


def test_bca_without_bias_or_skew_is_the_percentile_interval() -> None:
    drawn = norm.ppf((np.arange(10_001) + 0.5) / 10_001)
    found = bca_interval(drawn, 0.0, 0.0, 0.9)
    assert ends(found) == pytest.approx((-1.644853, 1.644853), abs=1e-3)
    assert isinstance(bca_interval(drawn, 99.0, 0.0, 0.9), NotEstimable)
    assert isinstance(bca_interval(drawn, 0.0, 5.0, 0.9), NotEstimable)


cases = st.lists(
    st.tuples(st.booleans(), st.integers(1, 5), st.integers(1, 9)), min_size=2, max_size=25
).filter(lambda rows: len({row[0] for row in rows}) == 2)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_no_bit(rows: list[tuple[bool, int, int]], rng: random.Random) -> None:
    first, second = (
        [list(c) for c in zip(*some, strict=True)] for some in (rows, rng.sample(rows, len(rows)))
    )
    assert bootstrap_auc(*first[:2], seed=5, replicates=100) == bootstrap_auc(
        *second[:2], seed=5, replicates=100
    )
    assert bootstrap_difference(*first, seed=5, replicates=100) == bootstrap_difference(
        *second, seed=5, replicates=100
    )
    assert partial_auc(*first[:2], low=0.5, high=1, seed=5, replicates=100) == partial_auc(
        *second[:2], low=0.5, high=1, seed=5, replicates=100
    )


def test_seed_is_kept_and_decides() -> None:
    truth, (a,) = simulated("continuous_a")
    one, other = bootstrap_auc(truth, a, seed=1), bootstrap_auc(truth, a, seed=2)
    assert (one.seed, other.seed, one.replicates) == (1, 2, 2000)
    assert one.percentile != other.percentile
    assert bootstrap_auc(truth, a, seed=1) == one


def test_awkward_cases_are_told() -> None:
    none = bootstrap_auc([False, False], [1.0, 2.0], seed=1)
    assert none.auc == none.percentile == none.bca == NotEstimable("there is no positive case")
    one = bootstrap_difference([True, False, False], [2.0, 1.0, 3.0], [3.0, 1.0, 2.0], seed=1)
    assert one.difference == -0.5
    assert one.p == one.percentile == NotEstimable("there is only one positive case")
    for scores, auc in (([1.0, 2.0, 3.0, 4.0], 1.0), ([3.0] * 4, 0.5)):
        flat = bootstrap_auc([False, False, True, True], scores, seed=1)
        assert (flat.auc, flat.se) == (auc, 0.0)
        assert flat.percentile == flat.bca == NotEstimable("all replicates are equal")
        assert "says nothing" in flat.warnings[0]
    truth, (a,) = simulated("continuous_a")
    same = bootstrap_difference(truth, a, [2 * score for score in a], seed=1)
    assert (same.difference, same.z, same.p) == (0.0, 0.0, 1.0)
    apart = bootstrap_difference([False, False, True, True], [1, 2, 3, 4], [1, 1, 1, 1], seed=1)
    assert isinstance(apart.z, NotEstimable)
    assert bootstrap_band([True], [1.0], specificities=[0.5], seed=1) == NotEstimable(
        "there is no negative case"
    )
    lone = partial_auc([True, False, False], [1, 2, 0], low=0, high=1, seed=1)
    assert lone.area == pytest.approx(0.5)
    assert lone.ci == NotEstimable("there is only one positive case")
    assert partial_auc([], [], low=0, high=1).area == NotEstimable("there is no positive case")
    assert isinstance(partial_auc_paired([True], [1], [1], low=0, high=1, seed=1).p, NotEstimable)
    lone_pair = partial_auc_paired([True, False, False], [1, 2, 0], [1, 2, 0], low=0, high=1, seed=1)
    assert lone_pair.z == NotEstimable("there is only one positive case")


def test_bad_rows_are_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="row 1 of scores_b is nan"):
        bootstrap_difference([True, False], [1.0, 2.0], [1.0, math.nan], seed=1)
    with pytest.raises(AnalysisError, match="truth has 2 rows, scores_b 1"):
        partial_auc_paired([True, False], [1.0, 2.0], [1.0], low=0, high=1, seed=1)
    with pytest.raises(AnalysisError, match=r"specificity must lie in \[0, 1\]"):
        bootstrap_band([True, False], [1.0, 2.0], specificities=[1.5], seed=1)
