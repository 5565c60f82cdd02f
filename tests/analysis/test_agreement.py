"""Cohen's kappa against vcd, statsmodels and scikit-learn, its properties and its awkward inputs."""

import csv
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from backend.analysis.agreement import Weights, cohen_kappa, kappa_matrix, landis_koch
from backend.analysis.errors import AnalysisError, NotEstimable

WEIGHTS: tuple[Weights, ...] = ("unweighted", "linear", "quadratic")
# Agresti, Categorical Data Analysis, 2nd ed. (2002), section 10.5: answers of 91 couples; vcd::SexualFun.
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


def ratings_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


def assert_matches_vcd(result: Any, expected: dict[str, Any]) -> None:
    # vcd's interval is not clipped; none of these reaches a bound. The reference has 15 digits.
    assert result.kappa == pytest.approx(expected["kappa"], abs=1e-13)
    assert result.se == pytest.approx(expected["se"], abs=1e-13)
    assert [result.ci.low, result.ci.high] == pytest.approx(expected["ci"], abs=1e-13)


def test_kappa_matches_the_published_sexual_fun_values() -> None:
    """vcd::Kappa(SexualFun) as its example prints: .1293303 (ASE .06859853), .2373806 (.07831633)."""
    a, b = ratings_of(SEXUAL_FUN)
    plain, linear = (cohen_kappa(a, b, range(4), weights) for weights in ("unweighted", "linear"))
    assert plain.kappa == pytest.approx(0.1293303, abs=5e-8)
    assert plain.se == pytest.approx(0.06859853, abs=5e-9)
    assert linear.kappa == pytest.approx(0.2373806, abs=5e-8)
    assert linear.se == pytest.approx(0.07831633, abs=5e-9)
    assert plain.n == 91
    assert plain.band == "slight"
    assert plain.percent_agreement == pytest.approx(100 * 33 / 91, rel=1e-15)
    assert [list(row) for row in plain.table] == SEXUAL_FUN


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("name", ["sexual_fun", "unused_category"])
def test_kappa_matches_vcd(reference: Callable[[str], Any], name: str, weights: Weights) -> None:
    expected = reference("vcd/expected.json")[name]
    table = expected.get("table", SEXUAL_FUN)
    a, b = ratings_of(table)
    assert_matches_vcd(cohen_kappa(a, b, range(len(table)), weights), expected[weights])


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_of_stuarts_vision_data_matches_vcd(
    reference: Callable[[str], Any], shared_data: Path, weights: Weights
) -> None:
    expected = reference("vcd/expected.json")["vision"]
    with (shared_data / "tables/agreement/irr_vision.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    result = cohen_kappa(
        [row["r.eye"] for row in rows], [row["l.eye"] for row in rows], expected["grades"], weights
    )
    assert result.n == expected["n"] == 7477
    assert_matches_vcd(result, expected[weights])


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_matrix_of_four_readers_matches_vcd(
    reference: Callable[[str], Any], shared_data: Path, weights: Weights
) -> None:
    """RJafroc dataset14 (Federica), first modality: 4 readers x 200 cases on a six-point scale."""
    expected = reference("vcd/expected.json")["federica"]
    raters: dict[str, dict[str, int | None]] = {}
    with (shared_data / "tables/multireader/rjafroc_dataset14_FEDERICA_roc.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["modality"] == "4":
                raters.setdefault(row["reader"], {})[row["case"]] = int(float(row["rating"]))
    matrix = kappa_matrix(raters, range(1, 7), weights)
    assert {f"{pair.rater_a} {pair.rater_b}" for pair in matrix.pairs} == set(expected)
    for pair in matrix.pairs:
        assert_matches_vcd(pair.result, expected[f"{pair.rater_a} {pair.rater_b}"][weights])


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("seed", range(5))
def test_kappa_matches_statsmodels_and_scikit_learn(weights: Weights, seed: int) -> None:
    rng = random.Random(seed)
    scale = [1, 2, 3, 4, 5, 6]
    a = [rng.choice(scale[:5]) for _ in range(60)]
    b = [x if rng.random() < 0.4 else rng.choice(scale[:5]) for x in a]
    result = cohen_kappa(a, b, scale, weights)
    weighting = {"unweighted": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    # statsmodels: Fleiss, Cohen, Everitt 1969; with wt it names linear "linear" and quadratic "quadratic".
    theirs = cohens_kappa([list(row) for row in result.table], wt=weighting)
    assert result.kappa == pytest.approx(cohen_kappa_score(a, b, labels=scale, weights=weighting), abs=1e-14)
    assert result.kappa == pytest.approx(theirs.kappa, abs=1e-14)
    assert result.se == pytest.approx(theirs.std_kappa, abs=1e-14)
    assert result.se0 == pytest.approx(theirs.std_kappa0, abs=1e-14)
    assert result.z == pytest.approx(theirs.z_value, abs=1e-11)
    assert result.p == pytest.approx(theirs.pvalue_two_sided, abs=1e-13)


def test_an_unused_category_keeps_its_place_on_the_scale() -> None:
    a, b = [1, 1, 2, 5, 5, 2], [1, 2, 2, 5, 2, 1]
    declared = cohen_kappa(a, b, [1, 2, 3, 4, 5], "linear")
    reindexed = cohen_kappa(a, b, [1, 2, 5], "linear")
    assert declared.kappa == pytest.approx(cohen_kappa_score(a, b, labels=[1, 2, 3, 4, 5], weights="linear"))
    assert declared.kappa != pytest.approx(reindexed.kappa, abs=1e-3)


def test_both_raters_constant_and_equal_is_undefined_but_shows_percent_agreement() -> None:
    result = cohen_kappa([2, 2, 2], [2, 2, 2], [1, 2, 3], "linear")
    assert result.kappa == NotEstimable("both raters used one and the same category for every case")
    assert result.ci == result.se == result.p == result.band == result.kappa
    assert result.percent_agreement == 100.0


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("b", [[1, 2, 3, 1], [3, 3, 3, 3]])
def test_one_constant_rater_gives_kappa_zero_without_interval(weights: Weights, b: list[int]) -> None:
    result = cohen_kappa([2, 2, 2, 2], b, [1, 2, 3], weights)
    assert result.kappa == 0.0
    assert result.ci == result.se == result.p == NotEstimable("one rater used one category for every case")
    assert result.warnings


@pytest.mark.parametrize(("b", "kappa"), [([1, 2, 1, 2], 1.0), ([2, 1, 2, 1], -1.0)])
def test_full_agreement_and_full_disagreement_offer_no_interval(b: list[int], kappa: float) -> None:
    result = cohen_kappa([1, 2, 1, 2], b, [1, 2])
    assert result.kappa == kappa
    assert result.se == 0.0
    assert isinstance(result.ci, NotEstimable)
    assert result.z == pytest.approx(2 * kappa)  # z = kappa * sqrt(n) for even margins
    assert result.warnings


def test_raters_who_share_no_category_have_kappa_zero_without_test() -> None:
    result = cohen_kappa([1, 2], [3, 4], [1, 2, 3, 4])
    assert (result.kappa, result.se, result.se0, result.percent_agreement) == (0.0, 0.0, 0.0, 0.0)
    assert result.z == result.p == NotEstimable("the variance under kappa = 0 is 0")


def test_no_common_case_is_not_estimable() -> None:
    result = cohen_kappa([1, None], [None, 2], [1, 2])
    assert result.kappa == result.percent_agreement == NotEstimable("no case was rated by both raters")
    assert (result.n, result.n_dropped) == (0, 2)


def test_interval_is_clipped_to_the_range_of_kappa() -> None:
    a, b = [0] * 10 + [1], [0] * 9 + [1, 1]
    result = cohen_kappa(a, b, [0, 1])
    assert not isinstance(result.ci, NotEstimable)
    assert result.ci.high == 1.0


def test_matrix_uses_pairwise_complete_cases_and_names_the_dropped() -> None:
    raters = {
        "zoe": {"c1": True, "c2": False, "c3": True, "c4": None},
        "ann": {"c1": True, "c2": False, "c4": True},
        "model": {"c1": True, "c2": True, "c3": False, "c4": True},
    }
    matrix = kappa_matrix(raters, [False, True])
    assert matrix.raters == ("ann", "model", "zoe")
    assert [(pair.rater_a, pair.rater_b) for pair in matrix.pairs] == [
        ("ann", "model"), ("ann", "zoe"), ("model", "zoe"),
    ]  # fmt: skip
    assert matrix.pair("zoe", "ann").dropped_cases == ("c3", "c4")
    assert matrix.pair("zoe", "ann").result.n == 2
    assert matrix.pair("zoe", "model").dropped_cases == ("c4",)
    assert matrix.pair("ann", "zoe") is matrix.pair("zoe", "ann")
    with pytest.raises(AnalysisError, match="ann and bob"):
        matrix.pair("ann", "bob")


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (([1, 7], [1, 2], [1, 2]), "unknown_category", "row 1 of rater a"),
        (([1, 2], [1], [1, 2]), "lengths_differ", "rater b 1"),
        (([1], [1], [1]), "scale_too_short", "this one 1"),
        (([1], [1], [1, 2, 1]), "category_repeated", "names 1"),
        (([1], [1], [1, 2], "cubic"), "unknown_weights", "cubic"),
    ],
)
def test_kappa_refuses_bad_input_by_name(arguments: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        cohen_kappa(*arguments)
    assert refused.value.code == code


def test_matrix_refuses_a_wrong_category_naming_reader_and_case() -> None:
    with pytest.raises(AnalysisError, match="ann, case A-0007: 6"):
        kappa_matrix({"ann": {"A-0007": 6}, "bob": {"A-0007": 1}}, [1, 2, 3, 4, 5])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.1])
def test_kappa_refuses_an_impossible_level(level: float) -> None:
    with pytest.raises(AnalysisError, match="confidence level"):
        cohen_kappa([1, 2], [1, 2], [1, 2], level=level)


@pytest.mark.parametrize(
    ("kappa", "band"),
    [(-0.01, "poor"), (0.0, "slight"), (0.2, "slight"), (0.21, "fair"), (0.4, "fair"), (0.41, "moderate"),
     (0.6, "moderate"), (0.61, "substantial"), (0.8, "substantial"), (0.81, "almost perfect"),
     (1.0, "almost perfect")],
)  # fmt: skip
def test_bands_are_those_of_landis_and_koch(kappa: float, band: str) -> None:
    assert landis_koch(kappa) == band


def test_landis_koch_refuses_a_kappa_out_of_range() -> None:
    with pytest.raises(AnalysisError, match=r"1\.2"):
        landis_koch(1.2)


pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=40)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(pairs, st.sampled_from(WEIGHTS), st.randoms(use_true_random=False))
def test_kappa_is_symmetric_and_blind_to_the_order_of_cases(
    rows: list[tuple[int, int]], weights: Weights, rng: random.Random
) -> None:
    a, b = zip(*rows, strict=True)
    result = cohen_kappa(a, b, range(1, 6), weights)
    shuffled = rng.sample(rows, len(rows))
    assert cohen_kappa(*zip(*shuffled, strict=True), range(1, 6), weights) == result
    swapped = cohen_kappa(b, a, range(1, 6), weights)
    assert replace(swapped, table=tuple(zip(*swapped.table, strict=True))) == result


@settings(derandomize=True, max_examples=150, deadline=None)
@given(pairs, st.permutations(list(range(1, 6))))
def test_unweighted_kappa_ignores_the_names_of_categories(
    rows: list[tuple[int, int]], names: list[int]
) -> None:
    a, b = zip(*rows, strict=True)
    renamed = cohen_kappa([names[x - 1] for x in a], [names[y - 1] for y in b], range(1, 6))
    original = cohen_kappa(a, b, range(1, 6))
    if isinstance(original.kappa, NotEstimable):
        assert renamed.kappa == original.kappa
    else:
        assert renamed.kappa == pytest.approx(original.kappa, abs=1e-13)


def kappa_by_definition(a: Sequence[int], b: Sequence[int], weights: Weights) -> float:
    """One minus the mean observed disagreement over the mean disagreement of every cross pair."""

    def disagreement(x: int, y: int) -> int:
        return {"unweighted": int(x != y), "linear": abs(x - y), "quadratic": (x - y) ** 2}[weights]

    observed = sum(disagreement(x, y) for x, y in zip(a, b, strict=True)) / len(a)
    by_chance = sum(disagreement(x, y) for x in a for y in b) / len(a) ** 2
    return 1.0 - observed / by_chance


@settings(derandomize=True, max_examples=150, deadline=None)
@given(pairs, st.sampled_from(WEIGHTS))
def test_kappa_equals_its_definition(rows: list[tuple[int, int]], weights: Weights) -> None:
    a, b = zip(*rows, strict=True)
    result = cohen_kappa(a, b, range(1, 6), weights)
    if isinstance(result.kappa, NotEstimable):
        assert set(a) == set(b)
        assert len(set(a)) == 1
    else:
        assert result.kappa == pytest.approx(kappa_by_definition(a, b, weights), abs=1e-13)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_standard_error_is_near_the_jackknife(weights: Weights) -> None:
    """Leaving out one case at a time has the same large-sample limit; they differ by under 5% at n = 90."""
    rng = random.Random(11)
    a = [rng.randint(1, 5) for _ in range(90)]
    b = [min(5, max(1, x + rng.choice([-1, 0, 0, 0, 1, 2]))) for x in a]
    without = [kappa_by_definition(a[:i] + a[i + 1 :], b[:i] + b[i + 1 :], weights) for i in range(90)]
    jackknife = statistics.pstdev(without) * 89**0.5
    assert cohen_kappa(a, b, range(1, 6), weights).se == pytest.approx(jackknife, rel=0.05)
