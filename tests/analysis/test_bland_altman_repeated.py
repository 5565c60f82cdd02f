"""Limits of agreement with replicates against base R, epiR, published data, simulation, and awkward input."""

import csv
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backend.analysis.bland_altman_repeated import (
    RepeatedBlandAltman,
    bland_altman_pairs,
    bland_altman_replicates,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from tests.analysis.rating_data import FOLDER, number, read_replicates

Pairs = dict[str, list[tuple[float, float]]]

# Bland JM, Altman DG. Stat Methods Med Res 1999;8:135-160, table 4: cardiac output by radionuclide
# ventriculography and by impedance cardiography, 60 pairs on 12 people.
CARDIAC = """
7.83 6.57 7.42 5.62 7.89 6.90 7.12 6.57 7.88 6.35 | 6.16 4.06 7.26 4.29 6.71 4.26 6.54 4.09
4.75 4.71 5.24 5.50 4.86 5.08 4.78 5.02 6.05 6.01 5.42 5.67 | 4.21 4.14 3.61 4.20 3.72 4.61 3.87 4.68 3.92 5.04
3.13 3.03 2.98 2.86 2.85 2.77 3.17 2.46 3.09 2.32 3.12 2.43 | 5.92 5.90 6.42 5.81 5.92 5.70 6.27 5.76
7.13 5.09 6.62 4.63 6.58 4.61 6.93 5.09 | 4.54 4.72 4.81 4.61 5.11 4.36 5.29 4.20 5.39 4.36 5.57 4.20
4.48 3.17 4.92 3.12 3.97 2.96 | 4.22 4.35 4.65 4.62 4.74 3.16 4.44 3.53 4.50 3.53
6.78 7.20 6.07 6.09 6.52 7.00 6.42 7.10 6.41 7.40 5.76 6.80
5.06 4.50 4.72 4.20 4.90 3.80 4.80 3.80 4.90 4.20 5.10 4.50
"""


def cardiac() -> Pairs:
    found: Pairs = {}
    for i, text in enumerate(CARDIAC.strip().replace("\n", "|").split("|")):
        values = [float(word) for word in text.split()]
        found[f"{i:02d}"] = list(zip(values[::2], values[1::2], strict=True))
    return found


def read_pairs() -> Pairs:
    found: Pairs = {}
    with (FOLDER / "pairs.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["case"], []).append((float(row["a"]), float(row["b"])))
    return found


def bounds(value: object) -> tuple[float, float]:
    assert isinstance(value, Interval)
    return value.low, value.high


def assert_limits(result: RepeatedBlandAltman, expected: dict[str, Any]) -> None:
    for name in ("bias", "sd", "lower", "upper"):
        assert getattr(result, name) == pytest.approx(expected[name], rel=1e-11)
    for name in ("bias_ci", "lower_ci", "upper_ci"):
        assert bounds(getattr(result, name)) == pytest.approx(expected[name], rel=1e-9)


def test_pairs_match_base_r_and_epir(reference: Callable[[str], Any]) -> None:
    """anova(lm(d ~ case)), qchisq; the SD also epiR::epi.ccc(rep.measure = TRUE) 2.0.94."""
    expected = reference("agreement/expected.json")["pairs"]
    result = bland_altman_pairs(read_pairs())
    assert_limits(result, expected)
    assert result.variance_between == pytest.approx(expected["between"], rel=1e-11)
    assert result.variance_within == pytest.approx(expected["within"], rel=1e-11)
    assert result.sd == pytest.approx(expected["epiR_sd"], rel=1e-11)
    assert (result.n, result.n_measurements) == (12, 54)


def test_replicates_match_base_r(reference: Callable[[str], Any]) -> None:
    expected = reference("agreement/expected.json")["replicates"]
    both = read_replicates()
    result = bland_altman_replicates(both["a"], both["b"])
    assert_limits(result, expected)
    assert number(result.within_sd_a) ** 2 == pytest.approx(expected["within_a"], rel=1e-11)
    assert number(result.within_sd_b) ** 2 == pytest.approx(expected["within_b"], rel=1e-11)


def test_cardiac_output_of_1999() -> None:
    """Values by base R 4.2.2: anova(lm(...)) of the pairs' differences and of each method, m0 = 4.92."""
    pairs = cardiac()
    rv = {case: [a for a, _ in rows] for case, rows in pairs.items()}
    ic = {case: [b for _, b in rows] for case, rows in pairs.items()}
    paired = bland_altman_pairs(pairs)
    assert (paired.n, paired.n_measurements) == (12, 60)
    ours = (paired.bias, paired.variance_between, paired.variance_within, paired.sd)
    theirs = (0.602166666666667, 0.81062213034773, 0.170713993055555, 0.990624108026493)
    assert ours == pytest.approx(theirs, rel=1e-11)
    unpaired = bland_altman_replicates(rv, ic)
    within = (number(unpaired.within_sd_a) ** 2, number(unpaired.within_sd_b) ** 2)
    assert within == pytest.approx((0.107227777777777, 0.1378740625), rel=1e-11)
    assert (unpaired.bias, unpaired.variance_between, unpaired.sd) == pytest.approx(
        (0.709236111111111, 0.912691153829966, 1.05185060321984), rel=1e-11
    )


def test_one_pair_a_case_but_one_is_nearly_the_plain_analysis() -> None:
    """With many cases of one pair each the total variance is that of the differences."""
    rng = np.random.default_rng(1)
    pairs: Pairs = {f"{i:03d}": [(float(v), 0.0)] for i, v in enumerate(rng.normal(size=200))}
    pairs["000"].append((pairs["000"][0][0] + 0.5, 0.0))
    values = [a - b for rows in pairs.values() for a, b in rows]
    assert number(bland_altman_pairs(pairs).sd) == pytest.approx(float(np.std(values, ddof=1)), rel=0.01)


def test_intervals_cover_as_they_say() -> None:
    """600 studies of 15 cases with 2 to 5 pairs: each interval covers in 95 % (MC error 0.9 %)."""
    rng = np.random.default_rng(3)
    sizes = [2, 3, 4, 5, 2, 3, 4, 5, 3, 3, 4, 2, 5, 4, 3]
    sd, hits = math.sqrt(1.0 + 0.5), {"bias_ci": 0, "lower_ci": 0, "upper_ci": 0}
    truth = {"bias_ci": 0.0, "lower_ci": -1.959964 * sd, "upper_ci": 1.959964 * sd}
    for _ in range(600):
        shift = rng.normal(size=15)
        pairs = {
            f"{i:02d}": [(float(v), 0.0) for v in shift[i] + rng.normal(0, math.sqrt(0.5), m)]
            for i, m in enumerate(sizes)
        }
        result = bland_altman_pairs(pairs)
        for name, value in truth.items():
            low, high = bounds(getattr(result, name))
            hits[name] += low <= value <= high
    for count in hits.values():
        assert count / 600 == pytest.approx(0.95, abs=0.03)


def test_variance_between_below_zero_is_taken_as_zero() -> None:
    pairs = {"a": [(0.0, 1.0), (1.0, 0.0)], "b": [(0.0, 1.0), (1.0, 0.0)], "c": [(2.0, 1.0), (0.0, 1.0)]}
    result = bland_altman_pairs(pairs)
    assert result.variance_between == 0.0
    assert result.sd == pytest.approx(math.sqrt(2.0))
    assert result.warnings == ("The variance between cases is estimated below 0 and taken as 0.",)


def test_swapping_flips_the_sign() -> None:
    pairs = read_pairs()
    one = bland_altman_pairs(pairs)
    other = bland_altman_pairs({case: [(b, a) for a, b in rows] for case, rows in pairs.items()})
    assert other.bias == pytest.approx(-number(one.bias), rel=1e-13)
    low, high = bounds(one.lower_ci)
    assert bounds(other.upper_ci) == pytest.approx((-high, -low), rel=1e-12)
    reordered = {case: rows[::-1] for case, rows in reversed(pairs.items())}
    assert bland_altman_pairs(reordered) == one


def test_awkward_input() -> None:
    single = bland_altman_pairs({"a": [(1.0, 2.0)], "b": [(1.0, 1.0)], "c": []})
    assert single.bias == -0.5
    assert isinstance(single.sd, NotEstimable)
    assert single.dropped_cases == ("c",)
    nothing = bland_altman_pairs({})
    assert isinstance(nothing.bias, NotEstimable)
    equal = bland_altman_pairs({"a": [(2.0, 1.0), (2.0, 1.0)], "b": [(3.0, 2.0)]})
    assert (equal.sd, equal.lower) == (0.0, 1.0)
    assert equal.lower_ci == NotEstimable("the differences are all equal")
    apart = bland_altman_replicates({"a": [1.0, 2.0]}, {"b": [1.0]})
    assert apart.bias == NotEstimable("no case was measured by both")
    assert apart.dropped_cases == ("a", "b")
    few = bland_altman_replicates({"a": [1.0, 2.0], "b": [3.0]}, {"a": [1.0], "b": [2.0]})
    assert few.bias == 0.75
    assert isinstance(few.sd, NotEstimable)
    for result in (single, nothing, equal, apart, few):
        result.to_json()


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="case x, pair 1: the value is nan"):
        bland_altman_pairs({"x": [(1.0, 2.0), (math.nan, 1.0)]})
    with pytest.raises(AnalysisError, match="calliper, case x"):
        bland_altman_replicates({"x": [math.inf]}, {"x": [1.0]}, rater_a="calliper")
    with pytest.raises(AnalysisError, match="coverage"):
        bland_altman_pairs({}, coverage=1.0)
