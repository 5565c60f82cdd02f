"""Clustered areas against the program of Obuchowski's group, DeLong, and a slow second way."""

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

from backend.analysis.clustered_roc import clustered_auc, clustered_auc_paired, clustered_proportion
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from backend.analysis.roc import delong, delong_paired

CLUSTERED = Path(__file__).parents[1] / "reference/roc/clustered.csv"
Unit = tuple[int, bool, int, int]


def simulated() -> tuple[list[bool], list[float], list[float], list[str]]:
    with CLUSTERED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return (
        [row["truth"] == "1" for row in rows],
        [float(row["continuous"]) for row in rows],
        [float(row["five_point"]) for row in rows],
        [row["patient"] for row in rows],
    )


@pytest.mark.parametrize("name", ["continuous", "five_point"])
def test_area_matches_the_program_of_the_author(reference: Callable[[str], Any], name: str) -> None:
    """doAUCcluster of mitoticFigureCounts 5675b0b (DIDSR), after the Cleveland Clinic's clusteredROC."""
    expected = reference("roc/expected.json")["clustered"][name]
    truth, continuous, five_point, patients = simulated()
    result = clustered_auc(truth, continuous if name == "continuous" else five_point, patients)
    assert result.auc == pytest.approx(expected["auc"], rel=1e-12)
    assert result.variance == pytest.approx(expected["auc.var"], rel=1e-11)
    assert result.se == pytest.approx(expected["auc.se"], rel=1e-11)
    assert isinstance(result.ci, Interval)
    assert result.ci.low == pytest.approx(expected["ci.bot"], rel=1e-11)
    assert result.ci.high == pytest.approx(min(1.0, expected["ci.top"]), rel=1e-11)
    assert result.n_clusters == 40


def test_difference_matches_the_program_of_the_author(reference: Callable[[str], Any]) -> None:
    """It gives the absolute difference; ours is a minus b."""
    expected = reference("roc/expected.json")["clustered"]["paired"]
    result = clustered_auc_paired(*simulated())
    assert -result.difference == pytest.approx(expected["auc.AminusB"], rel=1e-11)  # type: ignore[operator]
    assert result.se == pytest.approx(expected["auc.se.AminusB"], rel=1e-10)
    assert isinstance(result.ci, Interval)
    assert (-result.ci.high, -result.ci.low) == pytest.approx(
        (expected["ci.bot.AminusB"], expected["ci.top.AminusB"]), rel=1e-10
    )
    assert result.p == pytest.approx(expected["p.value"], rel=1e-10)


units = st.lists(
    st.tuples(st.integers(1, 6), st.booleans(), st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=30
).filter(lambda rows: all(len({row[0] for row in rows if row[1] == t}) > 1 for t in (True, False)))


def columns(rows: list[Unit]) -> tuple[list[bool], list[int], list[int], list[int]]:
    return [r[1] for r in rows], [r[2] for r in rows], [r[3] for r in rows], [r[0] for r in rows]


@settings(derandomize=True, max_examples=80, deadline=None)
@given(units)
def test_one_unit_a_cluster_is_delong(rows: list[Unit]) -> None:
    truth, a, b, _ = columns(rows)
    own = list(range(len(rows)))
    clustered, plain = clustered_auc(truth, a, own), delong(truth, a)
    assert clustered.auc == plain.auc
    if isinstance(plain.ci, Interval):
        assert clustered.variance == pytest.approx(plain.variance, rel=1e-12)
        assert clustered.design_effect == pytest.approx(1.0, rel=1e-12)
    paired, independent = clustered_auc_paired(truth, a, b, own), delong_paired(truth, a, b)
    assert paired.se == pytest.approx(independent.se, rel=1e-12)
    if isinstance(independent.p, NotEstimable):
        assert isinstance(paired.p, NotEstimable)
    else:
        assert paired.p == pytest.approx(independent.p, rel=1e-9)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(units)
def test_variance_is_the_papers_sums_pair_by_pair(rows: list[Unit]) -> None:
    """The slow obvious way: every kernel counted, Obuchowski's S10, S01, S11 as printed."""
    truth, scores, _, patients = columns(rows)
    x = [(c, s) for c, t, s, _ in rows if t]
    y = [(c, s) for c, t, s, _ in rows if not t]
    m, n, ids = len(x), len(y), sorted(set(patients))
    kernel = [[(s > r) + 0.5 * (s == r) for _, r in y] for _, s in x]
    area = sum(map(sum, kernel)) / (m * n)
    v10 = {i: sum(sum(k) / n - area for (c, _), k in zip(x, kernel, strict=True) if c == i) for i in ids}
    v01 = {i: sum(sum(k[j] for k in kernel) / m - area for j, (c, _) in enumerate(y) if c == i) for i in ids}
    i10, i01, number = len({c for c, _ in x}), len({c for c, _ in y}), len(ids)
    s10 = i10 / ((i10 - 1) * m) * sum(v**2 for v in v10.values())
    s01 = i01 / ((i01 - 1) * n) * sum(v**2 for v in v01.values())
    s11 = number / (number - 1) * sum(v10[i] * v01[i] for i in ids)
    expected = s10 / m + s01 / n + 2 * s11 / (m * n)
    result = clustered_auc(truth, scores, patients)
    if isinstance(result.variance, NotEstimable):
        assert expected < 0
    else:
        assert result.variance == pytest.approx(expected, abs=1e-13)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(units, st.randoms(use_true_random=False))
def test_order_and_names_change_no_bit_and_swaps_flip_the_sign(rows: list[Unit], rng: random.Random) -> None:
    truth, a, b, patients = columns(rows)
    mixed = columns(rng.sample(rows, len(rows)))
    assert clustered_auc(truth, a, patients) == clustered_auc(mixed[0], mixed[1], mixed[3])
    renamed = [f"patient {9 - cluster}" for cluster in patients]
    one, other = clustered_auc_paired(truth, a, b, patients), clustered_auc_paired(truth, b, a, renamed)
    assert one.difference == -other.difference  # type: ignore[operator]
    assert one.p == other.p


def test_every_unit_doubled_within_its_cluster_changes_nothing() -> None:
    """Copies of a unit tell nothing new: with one unit a patient doubled, DeLong of the singles stands."""
    truth, scores, _, _ = simulated()
    patients = list(range(len(truth)))
    plain = delong(truth, scores)
    doubled = clustered_auc(truth * 2, scores * 2, patients * 2)
    assert doubled.variance == pytest.approx(plain.variance, rel=1e-11)
    assert delong(truth * 2, scores * 2).variance < 0.6 * plain.variance  # type: ignore[operator]
    assert doubled.design_effect == pytest.approx(2.0, rel=0.05)


def test_variance_is_near_the_bootstrap_of_clusters() -> None:
    truth, scores, _, patients = simulated()
    positive, values = np.array(truth), np.array(scores)
    names = sorted(set(patients))
    members = {name: np.array([p == name for p in patients]).nonzero()[0] for name in names}
    rng = np.random.default_rng(1)
    areas = []
    for _ in range(400):
        rows = np.concatenate([members[names[i]] for i in rng.integers(0, len(names), len(names))])
        x, y = values[rows][positive[rows]], values[rows][~positive[rows]]
        areas.append(((x[:, None] > y) + 0.5 * (x[:, None] == y)).mean())
    assert clustered_auc(truth, scores, patients).se == pytest.approx(np.std(areas), rel=0.2)


def test_awkward_clusters_are_told() -> None:
    none = clustered_auc([False, False], [1, 2], ["a", "b"])
    assert none.auc == none.ci == NotEstimable("there is no positive case")
    one = clustered_auc([True, True, False, False], [1, 2, 0, 3], ["a", "a", "b", "c"])
    assert one.auc == 0.5
    assert one.se == one.ci_logit == NotEstimable("only one cluster has a positive unit")
    other = clustered_auc_paired([True, True, False], [1, 2, 0], [1, 2, 0], ["a", "b", "b"])
    assert other.p == NotEstimable("only one cluster has a negative unit")
    apart = clustered_auc([True, True, False, False], [3, 4, 1, 2], ["a", "b", "a", "b"])
    assert (apart.auc, apart.se) == (1.0, 0.0)
    assert apart.ci == NotEstimable("the variance between clusters is 0")
    assert apart.warnings
    same = clustered_auc_paired([True, True, False, False], [3, 1, 1, 2], [6, 2, 2, 4], ["a", "b", "a", "b"])
    assert (same.z, same.p) == (0.0, 1.0)
    assert isinstance(clustered_auc([], [], []).auc, NotEstimable)
    missing = clustered_auc_paired([True], [1], [1], ["a"])
    assert missing.difference == NotEstimable("there is no negative case")
    for result in (none, one, other, apart, same):
        result.to_json()


def test_bad_rows_are_refused_by_name() -> None:
    for cluster in (None, "", math.nan):
        with pytest.raises(AnalysisError, match="row 1 of clusters") as refused:
            clustered_auc([True, False], [1, 2], ["a", cluster])
        assert refused.value.code == "cluster_missing"
    with pytest.raises(AnalysisError, match="2 units, clusters 1"):
        clustered_auc([True, False], [1, 2], ["a"])
    with pytest.raises(AnalysisError, match="row 0 of scores_b is nan"):
        clustered_auc_paired([True], [1], [math.nan], ["a"])
    with pytest.raises(AnalysisError, match="row 0 of successes"):
        clustered_proportion([1], ["a"])  # type: ignore[list-item]


def test_proportion_of_single_units_is_binomial_and_copies_add_nothing() -> None:
    won = [True] * 7 + [False] * 5
    single = clustered_proportion(won, range(12))
    assert single.estimate == 7 / 12
    assert single.se == pytest.approx(math.sqrt(7 / 12 * 5 / 12 / 11), rel=1e-12)
    assert single.design_effect == pytest.approx(1.0)
    doubled = clustered_proportion(won * 2, [*range(12), *range(12)])
    assert doubled.se == pytest.approx(single.se, rel=1e-12)
    assert doubled.ci.low == pytest.approx(single.ci.low, rel=1e-12)  # type: ignore[union-attr]


def test_proportion_variance_is_the_ratio_estimators() -> None:
    """Three patients, 1/2, 3/3 and 0/1: p = 4/6, residuals 1 - 4/3, 3 - 2, 0 - 2/3."""
    won, patients = [True, False, True, True, True, False], ["a", "a", "b", "b", "b", "c"]
    result = clustered_proportion(won, patients)
    expected = 3 / 2 * ((1 - 4 / 3) ** 2 + 1 + (2 / 3) ** 2) / 36
    assert result.se == pytest.approx(math.sqrt(expected), rel=1e-12)
    assert clustered_proportion([True, True], ["a", "b"]).ci == NotEstimable(
        "the variance between clusters is 0"
    )
    assert clustered_proportion([True, False], ["a", "a"]).ci == NotEstimable("there is only one cluster")
    assert clustered_proportion([], []).estimate == NotEstimable("there is no unit")
