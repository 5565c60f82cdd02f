"""Krippendorff's alpha against the paper, irrCAC, the pairwise definition, and awkward input."""

import math
import random
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.krippendorff import Measurement, krippendorff_alpha
from backend.analysis.results import Interval
from tests.analysis.rating_data import GWET, by_case, number, random_ratings, read_ratings

LEVELS: tuple[Measurement, ...] = ("nominal", "ordinal", "interval", "ratio")


@pytest.mark.parametrize(
    ("level", "alpha"),
    list(zip(LEVELS, (0.7434211, 0.8153875, 0.8491071, 0.7974028), strict=True)),
)
def test_alpha_matches_krippendorff_2011(level: Measurement, alpha: float) -> None:
    """Krippendorff 2011, 4 observers x 12 units with gaps: .743, .815, .849, .797; digits of irr 0.84.1."""
    result = krippendorff_alpha(by_case(GWET), level, categories=range(1, 6))
    assert result.alpha == pytest.approx(alpha, abs=5e-8)
    assert (result.n, result.n_ratings, result.unpaired_cases) == (11, 40, ("u11",))


def test_standard_error_matches_gwets_published_value() -> None:
    """irrCAC::cac.raw4raters: Krippendorff .74342, standard error .14557, interval .419 to 1."""
    result = krippendorff_alpha(by_case(GWET), "nominal", categories=range(1, 6))
    assert result.se == pytest.approx(0.14557, abs=5.1e-6)
    assert isinstance(result.ci, Interval)
    assert (result.ci.low, result.ci.high) == pytest.approx((0.419, 1.0), abs=5.1e-4)
    assert result.se_method == "gwet"


@pytest.mark.parametrize(
    ("level", "weights"), [("nominal", "unweighted"), ("interval", "quadratic"), ("ratio", "ratio")]
)
def test_alpha_and_standard_error_match_irrcac(
    reference: Callable[[str], Any], level: Measurement, weights: str
) -> None:
    """irrCAC 1.0, krippen.alpha.raw(x, weights, categ.labels = 1:5), its rounding switched off."""
    expected = reference("agreement/expected.json")["krippendorff"][weights]
    result = krippendorff_alpha(read_ratings("ratings.csv"), level, categories=range(1, 6))
    assert result.alpha == pytest.approx(expected["estimate"], rel=1e-12)
    assert result.se == pytest.approx(expected["se"], rel=1e-12)
    assert isinstance(result.ci, Interval)
    assert (result.ci.low, result.ci.high) == pytest.approx(expected["ci"], rel=1e-11)
    assert result.p == pytest.approx(expected["p"], abs=1e-14)


def obvious(raters: dict[str, dict[str, Any]], level: Measurement, scale: list[int]) -> float:
    """Alpha by loops over ordered pairs of values, from the definition."""
    units: dict[str, list[int]] = {}
    for ratings in raters.values():
        for case, value in ratings.items():
            if value is not None:
                units.setdefault(case, []).append(value)
    units = {case: values for case, values in units.items() if len(values) > 1}
    pooled = [value for values in units.values() for value in values]
    counts = Counter(pooled)

    def distance(a: int, b: int) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return float((a - b) ** 2)
        if level == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = sorted((scale.index(a), scale.index(b)))
        between = sum(counts[scale[g]] for g in range(low, high + 1))
        return (between - (counts[a] + counts[b]) / 2) ** 2

    n = len(pooled)
    observed = sum(
        distance(a, b) / (len(values) - 1) for values in units.values() for a, b in permutations(values, 2)
    )
    expected = sum(distance(a, b) for a, b in permutations(pooled, 2))
    return 1 - observed / n / (expected / (n * (n - 1)))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(3))
def test_alpha_equals_its_definition(seed: int, level: Measurement) -> None:
    raters = random_ratings(seed)
    result = krippendorff_alpha(raters, level, categories=[1, 2, 3, 4])
    assert result.alpha == pytest.approx(obvious(raters, level, [1, 2, 3, 4]), abs=1e-12)


def test_ordinal_standard_error_is_the_jackknife() -> None:
    raters = random_ratings(5, n=15)
    cases = sorted(raters["r0"])
    rated = [c for c in cases if sum(r[c] is not None for r in raters.values()) > 1]
    without = [
        obvious(
            {n: {c: v for c, v in r.items() if c != out} for n, r in raters.items()}, "ordinal", [1, 2, 3, 4]
        )
        for out in rated
    ]
    mean = sum(without) / len(without)
    se = math.sqrt(sum((value - mean) ** 2 for value in without) * (len(rated) - 1) / len(rated))
    result = krippendorff_alpha(raters, "ordinal", categories=[1, 2, 3, 4])
    assert result.se == pytest.approx(se, rel=1e-10)
    assert result.se_method == "jackknife"


@pytest.mark.parametrize("level", ["nominal", "interval", "ratio"])
def test_gwets_standard_error_is_near_the_jackknife(level: Measurement) -> None:
    raters = random_ratings(8, n=60, gap=0.1)
    cases = sorted(raters["r0"])
    without = [
        obvious({n: {c: v for c, v in r.items() if c != out} for n, r in raters.items()}, level, [1, 2, 3, 4])
        for out in cases
    ]
    mean = sum(without) / len(without)
    jackknife = math.sqrt(sum((value - mean) ** 2 for value in without) * 59 / 60)
    result = krippendorff_alpha(raters, level, categories=[1, 2, 3, 4])
    assert number(result.se) == pytest.approx(jackknife, rel=0.06)


def test_two_values_give_the_same_alpha_at_every_level_but_ratio() -> None:
    raters = by_case({"a": [1, 2, 2, 1, 2], "b": [1, 2, 1, 1, 2], "c": [1, 2, 2, 2, 2]})
    values = [krippendorff_alpha(raters, level, categories=[1, 2]).alpha for level in LEVELS]
    assert values == pytest.approx([values[0]] * 4, abs=1e-13)


def test_measurements_need_no_scale() -> None:
    raters = {"a": {"x": 1.5, "y": 2.25, "z": 9.0}, "b": {"x": 1.75, "y": 2.0, "z": 8.5}}
    shifted = {name: {c: v * 3 + 7 for c, v in row.items()} for name, row in raters.items()}
    alpha = number(krippendorff_alpha(raters, "interval").alpha)
    assert krippendorff_alpha(shifted, "interval").alpha == pytest.approx(alpha, abs=1e-12)
    scaled = {name: {c: v * 3 for c, v in row.items()} for name, row in raters.items()}
    ratio = number(krippendorff_alpha(raters, "ratio").alpha)
    assert krippendorff_alpha(scaled, "ratio").alpha == pytest.approx(ratio, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_awkward_input(level: Measurement) -> None:
    same = krippendorff_alpha(by_case({"a": [2, 2], "b": [2, 2]}), level, categories=[1, 2, 3])
    assert isinstance(same.alpha, NotEstimable)
    assert "disagreement by chance is 0" in same.alpha.reason
    apart = krippendorff_alpha(by_case({"a": [1, None], "b": [None, 2]}), level, categories=[1, 2])
    assert apart.alpha == apart.ci == NotEstimable("no case was rated by two raters")
    assert apart.unpaired_cases == ("u00", "u01")
    nothing = krippendorff_alpha({"a": {}, "b": {}}, level, categories=[1, 2])
    assert nothing.n == 0
    lone = krippendorff_alpha(by_case({"a": [1], "b": [2]}), level, categories=[1, 2])
    assert lone.alpha == pytest.approx(0.0)
    assert lone.se == NotEstimable("one case has no variance")
    full = krippendorff_alpha(by_case({"a": [1, 2, 1, 2], "b": [1, 2, 1, 2]}), level, categories=[1, 2])
    assert (full.alpha, full.se) == (1.0, 0.0)
    assert full.ci == NotEstimable("the estimated variance is 0")


@pytest.mark.parametrize(
    ("level", "value", "scale", "code", "named"),
    [
        ("interval", math.nan, None, "not_finite", "b, case u00"),
        ("interval", "high", None, "not_a_number", "b, case u00"),
        ("ratio", -1, None, "negative_ratio", "b, case u00"),
        ("ratio", 7, [1, 2], "unknown_category", "b, case u00: 7"),
        ("nominal", 7, [1, 2], "unknown_category", "b, case u00: 7"),
        ("ordinal", 1, None, "scale_missing", "ordinal"),
        ("cardinal", 1, None, "unknown_measurement", "cardinal"),
    ],
)
def test_bad_input_is_refused_by_name(level: Any, value: Any, scale: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        krippendorff_alpha(by_case({"a": [1], "b": [value]}), level, categories=scale)
    assert refused.value.code == code


grid = st.lists(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=3, max_size=3), min_size=1, max_size=12)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(grid, st.sampled_from(LEVELS), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit_and_nothing_is_nan(
    rows: list[list[int | None]], level: Measurement, rng: random.Random
) -> None:
    raters = {f"r{j}": {f"c{i:02d}": row[j] for i, row in enumerate(rows)} for j in range(3)}
    result = krippendorff_alpha(raters, level, categories=[1, 2, 3])
    result.to_json()
    shuffled = {
        name: dict(rng.sample(list(raters[name].items()), len(rows))) for name in rng.sample(list(raters), 3)
    }
    assert krippendorff_alpha(shuffled, level, categories=[1, 2, 3]) == result
