"""Predictive values of two calls against DTComPair and the two-sample test."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.predictive_comparison import compare_predictive_values
from backend.analysis.results import Interval


def spread(cells: list[int], positive: bool) -> list[tuple[bool, bool, bool]]:
    """Truth, call 1, call 2 of each case; cells in DTComPair's order: both, only 2, only 1, neither."""
    calls = [(True, True), (False, True), (True, False), (False, False)]
    return [(positive, *call) for call, n in zip(calls, cells, strict=True) for _ in range(n)]


@pytest.mark.parametrize("entry", [0, 1])
def test_predictive_values_match_dtcompair(reference: Callable[[str], Any], entry: int) -> None:
    expected = reference("roc/expected.json")["predictive"][entry]
    rows = spread(expected["diseased"], True) + spread(expected["healthy"], False)
    truth, one, two = (list(column) for column in zip(*rows, strict=True))
    result = compare_predictive_values(truth, two, one)
    for ours, theirs in ((result.ppv, expected["ppv"]), (result.npv, expected["npv"])):
        assert (ours.b.estimate, ours.a.estimate) == pytest.approx(
            (theirs["test1"], theirs["test2"]), rel=1e-12
        )
        assert (ours.chi_square, ours.p) == pytest.approx((theirs["statistic"], theirs["p"]), rel=1e-10)
        assert (ours.ratio.estimate, ours.ratio.se_log) == pytest.approx(
            (theirs["ratio_2_to_1"], theirs["se_log"]), rel=1e-10
        )
        assert isinstance(ours.ratio.ci, Interval)
        assert (ours.ratio.ci.low, ours.ratio.ci.high) == pytest.approx(
            (theirs["low"], theirs["high"]), rel=1e-10
        )


def test_predictive_values_of_calls_that_share_no_case_are_two_samples() -> None:
    """Without a shared case the statistic is the pooled two-sample chi-square."""
    rows = [(True, True, False)] * 8 + [(False, True, False)] * 4
    rows += [(True, False, True)] * 5 + [(False, False, True)] * 9
    truth, a, b = (list(column) for column in zip(*rows, strict=True))
    pooled = 13 / 26
    expected = (8 / 12 - 5 / 14) ** 2 / (pooled * (1 - pooled) * (1 / 12 + 1 / 14))
    assert compare_predictive_values(truth, a, b).ppv.chi_square == pytest.approx(expected, rel=1e-12)


def test_predictive_values_without_calls_or_variance_are_told() -> None:
    truth = [True, True, False, False]
    none = compare_predictive_values(truth, [False] * 4, [True, True, False, False])
    assert none.ppv.p == NotEstimable("one of the calls has no case called positive")
    same = compare_predictive_values(truth, [True, True, False, True], [True, True, False, True])
    assert same.ppv.p == NotEstimable("the variance of the difference is 0")
    assert same.ppv.ratio.estimate == 1.0
    assert isinstance(same.ppv.ratio.ci, NotEstimable)
    wrong = compare_predictive_values(truth, [False, False, True, True], [True, True, False, False])
    assert wrong.ppv.ratio.estimate == 0.0
    assert wrong.ppv.ratio.ci == NotEstimable("the predictive value of a is 0")
    turned = compare_predictive_values(truth, [True, True, False, False], [False, False, True, True])
    assert isinstance(turned.ppv.ratio.estimate, NotEstimable)
