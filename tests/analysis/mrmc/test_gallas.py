"""Gallas's U-statistics against iMRMC's own code, a brute-force count of all pairs of pairs, and DeLong."""

import csv
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.gallas import gallas
from backend.analysis.mrmc.gallas_moments import Moments
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data, mrmc_from_array
from backend.analysis.results import normal_quantile
from backend.analysis.roc import delong, empirical_auc

REFERENCE = Path(__file__).parents[2] / "reference" / "imrmc"
SHARED = {"FEDERICA": "rjafroc_dataset14_FEDERICA_roc.csv", "PENEDO": "rjafroc_dataset08_PENEDO_roc.csv"}


def rows_of(name: str, shared: Path | None) -> list[dict[str, str]]:
    if shared is not None:
        with (shared / "tables" / "multireader" / SHARED[name]).open(newline="") as file:
            rows = list(csv.DictReader(file))
        return [row for row in rows if name == "FEDERICA" or row["modality"] in "012"]
    with (REFERENCE / "crossed.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    early = {"r1", "r2"}
    keep: dict[str, Callable[[dict[str, str]], bool]] = {
        "crossed": lambda row: True,
        "gaps": lambda row: row["gap"] == "0",
        "readers_nested": lambda row: (row["modality"] == "A") == (row["reader"] in early),
        "split_plot": lambda row: (int(row["case"][1:]) % 2 == 0) == (row["reader"] in early),
    }
    return [row for row in rows if keep[name](row)]


def study(rows: list[dict[str, str]]) -> MrmcData:
    return mrmc_data(
        RatingRecord(row["reader"], row["modality"], row["case"], row["truth"] == "1", float(row["rating"]))
        for row in rows
    )


@pytest.mark.parametrize("name", ["crossed", "gaps", "readers_nested", "split_plot"])
def test_matches_imrmc_on_simulated_designs(reference: Callable[[str], Any], name: str) -> None:
    assert_matches(study(rows_of(name, None)), reference("imrmc/expected.json")[name])


@pytest.mark.parametrize("name", ["FEDERICA", "PENEDO"])
def test_matches_imrmc_on_published_studies(
    reference: Callable[[str], Any], shared_data: Path, name: str
) -> None:
    assert_matches(study(rows_of(name, shared_data)), reference("imrmc/expected.json")[name])


def assert_matches(data: MrmcData, expected: dict[str, Any]) -> None:
    result = gallas(data)
    single = {m.modality: m for m in result.modalities}
    pairs = {(d.a, d.b): d for d in result.differences}
    assert len(expected["rows"]) == len(single) + len(pairs)
    for row in expected["rows"]:
        if row["a"] == row["b"]:
            one = single[row["a"]]
            assert one.auc == pytest.approx(row["auc_a"], rel=1e-12)
            assert one.variance == pytest.approx(row["covariance"], rel=1e-10)
            assert one.variance_biased == pytest.approx(row["covariance_biased"], rel=1e-10)
            assert one.df == pytest.approx(row["df"], rel=1e-9)
            bounds, moments = one.ci, one.moments
        else:
            pair = pairs[row["a"], row["b"]]
            assert pair.difference == pytest.approx(row["auc_a"] - row["auc_b"], abs=1e-13)
            assert pair.variance == pytest.approx(row["variance_difference"], rel=1e-10)
            assert pair.df == pytest.approx(row["df_difference"], rel=1e-9)
            assert pair.p == pytest.approx(row["p"], abs=1e-12)
            bounds, moments = pair.ci, pair.moments
        assert not isinstance(bounds, NotEstimable)
        assert (bounds.low, bounds.high) == pytest.approx((row["low"], row["high"]), abs=1e-10)
        assert isinstance(moments, Moments)
        assert_moments(moments, row)
    assert len(result.readers) == len(expected["readers"])
    own = {(r.reader, r.modality): r for r in result.readers}
    for reader in expected["readers"]:
        found = own[reader["reader"], reader["modality"]]
        assert found.auc == pytest.approx(reader["auc"], rel=1e-12)
        assert found.variance == pytest.approx(reader["variance"], rel=1e-10)


def assert_moments(found: Moments, row: dict[str, Any]) -> None:
    """iMRMC prints 0 for a moment without a pair of reads; here it is not estimable."""
    for ours, theirs in ((found.unbiased, "moments"), (found.biased, "biased")):
        shown = [0.0 if isinstance(value, NotEstimable) else value for value in ours]
        assert shown == pytest.approx(row[theirs], rel=1e-10)
        assert [value for value, m in zip(ours, row[theirs], strict=True) if m == 0.0] == [
            value for value in ours if isinstance(value, NotEstimable)
        ]
    assert found.coefficients == pytest.approx(row["coefficients"], rel=1e-12, abs=1e-15)
    assert found.components == pytest.approx(row["components"], abs=1e-12)


def brute_moments(a: np.ndarray, b: np.ndarray, truth: np.ndarray) -> tuple[list[float], list[int], float]:
    """M1 to M8 and their counts by running over every two (reader, negative, positive), and the variance."""
    negative, positive = np.flatnonzero(~truth), np.flatnonzero(truth)

    def success(ratings: np.ndarray, j: int, n: int, p: int) -> float:
        low, high = ratings[j, n], ratings[j, p]
        return math.nan if math.isnan(low + high) else float(high > low) + 0.5 * float(high == low)

    triples = list(itertools.product(range(a.shape[0]), negative, positive))
    first = {t: s for t in triples if not math.isnan(s := success(a, *t))}
    second = {t: s for t in triples if not math.isnan(s := success(b, *t))}
    sums, counts = [0.0] * 8, [0] * 8
    for (j, n, p), x in first.items():
        for (k, m, q), y in second.items():
            kind = (0 if j == k else 4) + {
                (True, True): 0,
                (False, True): 1,
                (True, False): 2,
                (False, False): 3,
            }[n == m, p == q]
            sums[kind] += x * y
            counts[kind] += 1
    total = len(first) * len(second)
    moments = [s / c if c else math.nan for s, c in zip(sums, counts, strict=True)]
    mean = sum(sums) / total
    # E[A B] estimated by all pairs of pairs, less E[A] E[B] estimated by those that share nothing.
    return moments, counts, mean - moments[7]


def test_moments_match_brute_force_with_gaps() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([True] * 4 + [False] * 5)
    ratings = np.round(rng.normal(size=(2, 3, 9)) + truth, 0)
    ratings[rng.random(ratings.shape) < 0.2] = np.nan
    result = gallas(mrmc_from_array(ratings, truth.tolist()))
    for moments, (i, j) in (
        (result.modalities[0].moments, (0, 0)),
        (result.modalities[1].moments, (1, 1)),
        (result.differences[0].moments, (0, 1)),
    ):
        expected, counts, _ = brute_moments(ratings[i], ratings[j], truth)
        assert isinstance(moments, Moments)
        assert moments.unbiased == pytest.approx(expected, rel=1e-12)
        shares = [c / sum(counts) - (n == 7) for n, c in enumerate(counts)]
        assert moments.coefficients == pytest.approx(shares, abs=1e-14)
    variances = [brute_moments(ratings[i], ratings[j], truth)[2] for i, j in ((0, 0), (1, 1), (0, 1))]
    whole = sum(variances[:2]) - 2 * variances[2]
    difference = result.differences[0]
    given = difference.variance if not isinstance(difference.variance, NotEstimable) else None
    assert given is None or given == pytest.approx(whole, rel=1e-10)
    assert (given is None) == (whole < 0)


def test_a_reader_who_lacks_one_modality_counts_in_the_other_as_brute_force_says() -> None:
    rng = np.random.default_rng(0)
    truth = np.array([True] * 4 + [False] * 5)
    ratings = np.round(rng.normal(size=(2, 4, 9)) + truth, 0)
    ratings[1, 0] = np.nan
    data = mrmc_from_array(ratings, truth.tolist())
    assert data.design.name == "irregular"
    result = gallas(data)
    variances = []
    for moments, (i, j) in (
        (result.modalities[0].moments, (0, 0)),
        (result.modalities[1].moments, (1, 1)),
        (result.differences[0].moments, (0, 1)),
    ):
        expected, _, variance = brute_moments(ratings[i], ratings[j], truth)
        assert isinstance(moments, Moments)
        assert moments.unbiased == pytest.approx(expected, rel=1e-12)
        variances.append(variance)
    assert [one.auc for one in result.modalities] == pytest.approx(
        [
            np.mean(
                [empirical_auc(truth.tolist(), row.tolist()) for row in ratings[i] if not np.isnan(row[0])]
            )
            for i in (0, 1)
        ],
        rel=1e-12,
    )
    assert result.differences[0].variance == pytest.approx(
        variances[0] + variances[1] - 2 * variances[2], rel=1e-10
    )


def test_crossed_variances_are_those_of_obuchowski_rockette_with_unbiased_covariances() -> None:
    """MS(R) / J + Cov2 for a modality, 2 / J (MS(TR) + J (Cov2 - Cov3)) for a difference, written out."""
    data = study(rows_of("crossed", None))
    cells = estimate_cells(data, covariance="unbiased")
    assert isinstance(cells.covariance, np.ndarray)
    values, covariance, n = cells.values, cells.covariance, 4
    result = gallas(data)
    other = ~np.eye(n, dtype=bool)
    cov2 = [covariance[i, :, i, :][other].mean() for i in (0, 1)]
    for i in (0, 1):
        assert result.modalities[i].variance == pytest.approx(values[i].var(ddof=1) / n + cov2[i], rel=1e-10)
    apart = (values[0] - values[1]).var(ddof=1)
    cov3 = covariance[0, :, 1, :][other].mean()
    assert result.differences[0].variance == pytest.approx(apart / n + sum(cov2) - 2 * cov3, rel=1e-10)


def test_readers_alone_are_auc_with_an_unbiased_variance_close_to_delong() -> None:
    rng = np.random.default_rng(11)
    truth = np.array([True] * 80 + [False] * 90)
    ratings = np.round(rng.normal(size=(1, 2, 170)) + truth, 1)
    result = gallas(mrmc_from_array(ratings, truth.tolist()))
    for index, reader in enumerate(result.readers):
        expected = delong(truth.tolist(), ratings[0, index].tolist())
        assert reader.auc == pytest.approx(expected.auc, rel=1e-13)
        # The unbiased variance takes the pairs' own variance off once, which DeLong leaves in.
        assert 0.95 < reader.variance / expected.variance < 1.0


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_order_changes_no_bit_and_swapped_modalities_change_the_sign(seed: int, gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.array([True] * 6 + [False] * 7))
    ratings = rng.integers(1, 6, size=(2, 3, 13)).astype(float)
    if gaps:
        ratings[0, 0, 3] = ratings[1, 2, 5] = np.nan
    records = [
        RatingRecord(f"r{j}", "AB"[i], f"c{k:02d}", bool(truth[k]), float(ratings[i, j, k]))
        for i, j, k in np.ndindex(*ratings.shape)
        if not np.isnan(ratings[i, j, k])
    ]
    result = gallas(mrmc_data(records))
    shuffled = [records[i] for i in rng.permutation(len(records))]
    assert gallas(mrmc_data(shuffled)).to_json() == result.to_json()
    swapped = gallas(mrmc_data(records, modalities=["B", "A"])).differences[0]
    before = result.differences[0]
    assert swapped.difference == -before.difference
    if not isinstance(before.variance, NotEstimable):
        assert swapped.variance == pytest.approx(before.variance, rel=1e-9, abs=1e-15)


def test_degrees_of_freedom_above_fifty_take_the_normal_quantile() -> None:
    rng = np.random.default_rng(5)
    truth = np.array([True] * 150 + [False] * 150)
    ratings = (rng.normal(size=300) * 2 + truth) + rng.normal(size=(1, 8, 300)) * 0.3
    one = gallas(mrmc_from_array(ratings, truth.tolist())).modalities[0]
    assert not isinstance(one.df, NotEstimable)
    assert not isinstance(one.ci, NotEstimable)
    assert one.df > 50
    assert one.ci.high - one.auc == pytest.approx(normal_quantile(0.95) * one.se)


def awkward(kind: str) -> MrmcData:
    rng = np.random.default_rng(2)
    truth = [True] * 5 + [False] * 6
    ratings = rng.integers(1, 6, size=(2, 3, 11)).astype(float)
    if kind == "all tied":
        ratings[:] = 3.0
    if kind == "constant reader":
        ratings[:, 0] = 2.0
    if kind == "separated":
        ratings[:] = np.array(truth, dtype=float)
    if kind == "one positive":
        truth = [True] + [False] * 10
    if kind == "identical":
        ratings[1] = ratings[0]
    if kind == "one reader":
        ratings = ratings[:, :1]
    return mrmc_from_array(ratings, truth)


def test_awkward_studies_say_what_is_not_estimable() -> None:
    tied = gallas(awkward("all tied"))
    assert tied.modalities[0].auc == 0.5
    assert tied.modalities[0].ci == NotEstimable("the variance is 0")
    assert (tied.differences[0].statistic, tied.differences[0].p) == (0.0, 1.0)
    separated = gallas(awkward("separated")).modalities[0]
    assert (separated.auc, separated.variance) == (1.0, 0.0)
    identical = gallas(awkward("identical")).differences[0]
    assert (identical.difference, identical.variance, identical.p) == (0.0, 0.0, 1.0)
    alone = gallas(awkward("one positive")).modalities[0]
    assert alone.variance == NotEstimable("there is only one positive case")
    assert isinstance(alone.auc, float)
    reader = gallas(awkward("one reader"))
    assert reader.modalities[0].variance == NotEstimable("there is only one reader")
    assert isinstance(reader.readers[0].variance, float)
    constant = gallas(awkward("constant reader"))
    assert (constant.readers[0].auc, constant.readers[0].variance) == (0.5, 0.0)
    for kind in ("all tied", "constant reader", "separated", "one positive", "identical", "one reader"):
        assert gallas(awkward(kind)).to_json()["method"] == "mrmc_gallas"


def test_negative_variance_is_told_with_the_biased_one_beside() -> None:
    for seed in range(200):
        rng = np.random.default_rng(seed)
        data = mrmc_from_array(rng.integers(1, 4, size=(1, 2, 8)).astype(float), [True] * 4 + [False] * 4)
        result = gallas(data)
        if isinstance(result.modalities[0].variance, NotEstimable):
            assert result.modalities[0].variance.reason.startswith("the unbiased variance is negative")
            assert isinstance(result.modalities[0].variance_biased, float)
            assert result.warnings == ("The unbiased variance of 1 is negative.",)
            return
    pytest.fail("no seed gave a negative variance")


@pytest.mark.parametrize(("truth", "code"), [([True] * 4, "no_negative"), ([False] * 4, "no_positive")])
def test_one_class_is_refused(truth: list[bool], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        gallas(mrmc_from_array(np.ones((1, 2, 4)), truth))
    assert refused.value.code == code
