"""Repeatability against base R, its meaning in simulation, and awkward input."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.repeatability import repeatability
from backend.analysis.results import Interval
from tests.analysis.rating_data import number, read_replicates


def test_matches_base_r(reference: Callable[[str], Any]) -> None:
    expected = reference("agreement/expected.json")["repeatability"]
    result = repeatability(read_replicates()["a"])
    assert result.within_sd == pytest.approx(expected["sd"], rel=1e-11)
    assert isinstance(result.within_sd_ci, Interval)
    assert (result.within_sd_ci.low, result.within_sd_ci.high) == pytest.approx(expected["ci"], rel=1e-10)
    assert result.coefficient == pytest.approx(expected["coefficient"], rel=1e-11)
    assert number(result.coefficient) == pytest.approx(2.7718 * number(result.within_sd), rel=1e-4)
    assert result.within_cv == pytest.approx(expected["cv"], rel=1e-11)


def test_of_two_measurements_it_is_the_root_of_half_the_mean_squared_difference() -> None:
    pairs = {"a": [1.0, 1.4], "b": [3.0, 2.2], "c": [5.0, 5.1]}
    mean = sum((x - y) ** 2 for x, y in pairs.values()) / 3
    assert repeatability(pairs).within_sd == pytest.approx(math.sqrt(mean / 2), rel=1e-13)


def test_two_measurements_differ_by_less_in_95_percent() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(4000, 2)) + rng.normal(0, 5, size=(4000, 1))
    result = repeatability({f"{i:04d}": list(map(float, row)) for i, row in enumerate(values)})
    within = np.abs(values[:, 0] - values[:, 1]) < number(result.coefficient)
    assert within.mean() == pytest.approx(0.95, abs=0.01)


def test_awkward_input() -> None:
    none = repeatability({"a": [1.0], "b": []})
    assert none.within_sd == none.within_cv == NotEstimable("no case was measured twice")
    assert none.single_cases == ("a", "b")
    same = repeatability({"a": [0.1, 0.1], "b": [0.3, 0.3, 0.3]})
    assert same.within_sd == 0.0
    assert same.within_sd_ci == NotEstimable("repeated measurements never differ")
    signed = repeatability({"a": [-1.0, 1.0]})
    assert isinstance(signed.within_cv, NotEstimable)
    for result in (none, same, signed):
        result.to_json()
    with pytest.raises(AnalysisError, match="case a: the value is nan"):
        repeatability({"a": [math.nan, 1.0]})
