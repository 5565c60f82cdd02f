"""The kernel: checked columns, exact sums, covariance against numpy."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from backend.analysis.errors import AnalysisError
from backend.analysis.placements import (
    check_booleans,
    check_scores,
    delong_covariance_of,
    doubled_midranks,
    placements,
    sum_of_products,
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=30))
def test_midranks_are_scipys(values: list[int]) -> None:
    array = np.array(values, dtype=float)
    assert doubled_midranks(array).tolist() == (2 * rankdata(array)).tolist()


def test_placements_count_the_opponents_beaten() -> None:
    placed = placements([True, False, True, False], [3.0, 3.0, 1.0, 2.0])
    assert placed.positive.tolist() == [3, 0]
    assert placed.negative.tolist() == [1, 2]
    assert (placed.wins(), placed.auc()) == (3, 3 / 8)


def test_sums_are_exact_beyond_the_machine_word() -> None:
    large = np.array([2**40, -(2**41), 2**40 + 1], dtype=np.int64)
    numbers = large.tolist()
    assert sum_of_products(large, large) == 3 * sum(x * x for x in numbers) - sum(numbers) ** 2
    assert sum_of_products(large[:0], large[:0]) == 0


def test_covariance_is_numpys() -> None:
    rng = np.random.default_rng(8)
    truth = rng.random(60) < 0.4
    a, b = np.round(rng.normal(size=60) + truth, 1), np.round(rng.normal(size=60) + truth, 1)

    def parts(scores: Any) -> tuple[Any, Any]:
        wins = (scores[truth][:, None] > scores[~truth]) + 0.5 * (scores[truth][:, None] == scores[~truth])
        return wins.mean(axis=1), wins.mean(axis=0)

    (v10, v01), (w10, w01) = parts(a), parts(b)
    expected = np.cov(v10, w10)[0, 1] / truth.sum() + np.cov(v01, w01)[0, 1] / (~truth).sum()
    found = delong_covariance_of(placements(truth, a), placements(truth, b))
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "values", [[True, False], (np.True_, np.False_), np.array([True, False]), [np.True_, False]]
)
def test_booleans_of_any_container_are_taken(values: Any) -> None:
    assert check_booleans(values, "truth").tolist() == [True, False]


@pytest.mark.parametrize("values", [[1, 2], np.array([1, 2]), [1.0, np.float32(2)], (np.int8(1), 2)])
def test_numbers_of_any_kind_are_taken(values: Any) -> None:
    assert check_scores(values, "scores").tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("values", "code", "named"),
    [
        ([1.0, True], "score_not_a_number", "row 1 of scores is True"),
        ([np.True_], "score_not_a_number", "row 0"),
        (["2"], "score_not_a_number", "row 0 of scores is '2'"),
        ([[1.0], [2.0]], "score_not_a_number", "row 0"),
        (np.array([[1.0], [2.0]]), "score_not_a_number", "row 0"),
        ([1.0, -math.inf], "score_not_finite", "row 1 of scores is -inf"),
        (np.array([math.nan, 1.0]), "score_not_finite", "row 0 of scores is nan"),
    ],
)
def test_what_is_no_finite_number_is_refused_by_its_row(values: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        check_scores(values, "scores")
    assert refused.value.code == code
