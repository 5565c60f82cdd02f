"""Time-dependent ROC against timeROC 0.4.1 (R 4.2.2), the ordinary ROC, and a numerical influence function."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.roc import empirical_auc
from backend.analysis.survival.outcomes import Outcomes, outcomes
from backend.analysis.survival.time_roc import compare_time_auc, time_dependent_roc

Row = tuple[int, bool, int]


@pytest.mark.parametrize("time", ["exact", "month"])
@pytest.mark.parametrize("name", ["score", "grade"])
def test_area_and_counts_match_timeroc(simulated: Any, expected: Any, time: str, name: str) -> None:
    values = expected["time_roc"][time]
    results = time_dependent_roc(simulated.outcomes(time), simulated.numbers(name), at=values["at"])
    assert [result.auc for result in results] == pytest.approx(values[name]["auc"], rel=1e-12)
    assert [result.cases for result in results] == values[name]["cases"]
    assert [result.controls for result in results] == values[name]["controls"]
    points = results[0].points
    assert [point.sensitivity for point in points] == pytest.approx(values[name]["tp"], abs=1e-13)
    assert [1 - point.specificity for point in points] == pytest.approx(values[name]["fp"], abs=1e-13)


def test_standard_errors_match_timeroc_without_tied_times(simulated: Any, expected: Any) -> None:
    values = expected["time_roc"]["exact"]
    known, at = simulated.outcomes("exact"), values["at"]
    for name in ("score", "grade"):
        results = time_dependent_roc(known, simulated.numbers(name), at=at)
        assert [result.se for result in results] == pytest.approx(values[name]["se"], rel=1e-11)
    pairs = compare_time_auc(known, simulated.numbers("score"), simulated.numbers("grade"), at=at)
    assert [pair.se for pair in pairs] == pytest.approx(values["difference_se"], rel=1e-11)
    swapped = compare_time_auc(known, simulated.numbers("grade"), simulated.numbers("score"), at=at)
    assert [pair.z for pair in swapped] == [-pair.z for pair in pairs]
    assert [pair.p for pair in swapped] == [pair.p for pair in pairs]


def test_tied_times_are_near_timeroc(simulated: Any, expected: Any) -> None:
    """timeROC takes tied times in the order of the rows; the difference is of order 1/n of the standard error."""
    values = expected["time_roc"]["month"]
    results = time_dependent_roc(simulated.outcomes(), simulated.numbers("score"), at=values["at"])
    assert [result.se for result in results] == pytest.approx(values["score"]["se"], rel=1e-3)


def weighted_area(rows: list[Row], at: float, weights: np.ndarray) -> float:
    """Area with case weights; G moves with its Nelson-Aalen hazard about the Kaplan-Meier of equal weights."""
    times = np.array([float(row[0]) for row in rows])
    events = np.array([row[1] for row in rows])
    scores = np.array([row[2] for row in rows])

    def log_g(before: float) -> float:
        total = 0.0
        for time in np.unique(times[(times < before) & ~events]):
            at_risk = (times > time) | ((times == time) & ~events)
            leaving = (times == time) & ~events
            share = leaving.sum() / at_risk.sum()
            moved = weights[leaving].sum() / weights[at_risk].sum() - share
            total += math.log1p(-share) - moved
        return total

    case = np.where(events & (times <= at))[0]
    control = times > at
    hits = pairs = 0.0
    for row in case:
        weight = weights[row] * math.exp(-log_g(times[row]))
        won = (scores[row] > scores[control]) + 0.5 * (scores[row] == scores[control])
        hits += weight * (weights[control] * won).sum()
        pairs += weight * weights[control].sum()
    return hits / pairs


histories = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.integers(1, 4)), min_size=6, max_size=20)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(histories, st.sampled_from([3.0, 4.5]), st.randoms(use_true_random=False))
def test_influence_is_the_derivative_in_each_weight(rows: list[Row], at: float, random: Any) -> None:
    known = outcomes([float(row[0]) for row in rows], [row[1] for row in rows])
    scores = {case: float(row[2]) for case, row in zip(known.cases, rows, strict=True)}
    (result,) = time_dependent_roc(known, scores, at=[at])
    order = list(range(len(rows)))
    random.shuffle(order)
    again = outcomes(
        [known.times[row] for row in order],
        [known.events[row] for row in order],
        cases=[known.cases[row] for row in order],
    )
    assert time_dependent_roc(again, scores, at=[at]) == (result,)
    if isinstance(result.auc, NotEstimable):
        assert result.cases == 0 or result.controls == 0
        return
    n = len(rows)
    assert result.auc == pytest.approx(weighted_area(rows, at, np.ones(n)), abs=1e-13)
    if isinstance(result.ci, NotEstimable):
        return
    step, influence = 1e-5, []
    for row in range(n):
        moved = np.zeros(n)
        moved[row] = step
        up, down = (weighted_area(rows, at, 1 + sign * moved) for sign in (1, -1))
        influence.append(n * (up - down) / (2 * step))
    assert result.se == pytest.approx(np.std(influence, ddof=1) / math.sqrt(n), rel=1e-5, abs=1e-8)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 4)), min_size=2, max_size=25))
def test_without_censoring_it_is_the_ordinary_area(rows: list[tuple[int, int]]) -> None:
    known = outcomes([float(time) for time, _ in rows], [True] * len(rows))
    scores = {case: float(score) for case, (_, score) in zip(known.cases, rows, strict=True)}
    (result,) = time_dependent_roc(known, scores, at=[4.0])
    ordinary = empirical_auc([time <= 4 for time, _ in rows], [score for _, score in rows])
    if isinstance(ordinary, NotEstimable):
        assert isinstance(result.auc, NotEstimable)
    else:
        assert result.auc == pytest.approx(ordinary, abs=1e-13)


def test_an_event_exactly_at_the_time_is_a_case(make_outcomes: Callable[..., Outcomes]) -> None:
    """timeROC leaves it out of both classes."""
    known = make_outcomes(1, 3, 4, 5)
    scores = dict(zip("abcd", (1.0, 4.0, 2.0, 3.0), strict=True))
    (result,) = time_dependent_roc(known, scores, at=[3.0])
    assert (result.cases, result.controls) == (2, 2)
    assert result.auc == 0.5


@pytest.mark.parametrize(
    ("signed", "scores", "auc", "reason"),
    [
        ((-1, -2, -5, -6), (1, 2, 3, 4), None, "no case had the event by 3"),
        ((4, 5, 6, -7), (1, 2, 3, 4), None, "no case had the event by 3"),
        ((1, 2, -2, 3), (1, 2, 3, 4), None, "no case was observed beyond 3"),
        ((1, 4, 5, -6), (1, 2, 0, 4), 1 / 3, "there is only one case at 3"),
        ((1, 2, 3, -6), (1, 4, 5, 2), 2 / 3, "there is only one control at 3"),
        ((1, 2, 5, -6), (4, 3, 2, 1), 1.0, "the score separates cases from controls"),
        ((1, 2, 5, -6), (1, 2, 3, 4), 0.0, "the score separates cases from controls"),
        ((1, 2, 5, -6), (7, 7, 7, 7), 0.5, "all scores are tied"),
    ],
)
def test_undefined_areas_and_intervals_have_a_reason(
    make_outcomes: Callable[..., Outcomes],
    signed: tuple[int, ...],
    scores: tuple[float, ...],
    auc: float | None,
    reason: str,
) -> None:
    known = make_outcomes(*signed)
    own = dict(zip(known.cases, map(float, scores), strict=True))
    (result,) = time_dependent_roc(known, own, at=[3.0])
    assert result.ci == NotEstimable(reason)
    assert result.auc == (NotEstimable(reason) if auc is None else pytest.approx(auc))
    assert len(result.warnings) == (1 if result.se == 0.0 else 0)
    assert result.to_json()["ci"] == {"not_estimable": reason}
    (pair,) = compare_time_auc(known, own, own, at=[3.0])
    if auc is None:
        assert pair.difference == NotEstimable(reason)
    elif "only one" in reason:
        assert pair.se == NotEstimable(reason)
    else:
        assert (pair.difference, pair.se, pair.z, pair.p) == (0.0, 0.0, 0.0, 1.0)


def test_areas_that_differ_without_spread_have_no_test(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 5, -6)
    up, down = (
        dict(zip("abcd", values, strict=True)) for values in ((1.0, 2.0, 3.0, 4.0), (4.0, 3.0, 2.0, 1.0))
    )
    (pair,) = compare_time_auc(known, down, up, at=[3.0])
    assert pair.difference == 1.0
    assert pair.p == NotEstimable("the standard error of the difference is 0")


def test_wrong_times_are_refused_and_missing_scores_named(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 5, -6)
    scores = {"a": 1.0, "b": 0.0, "d": 3.0}
    with pytest.raises(AnalysisError, match="a time asked for"):
        time_dependent_roc(known, scores, at=[-3.0])
    (result,) = time_dependent_roc(known, scores, at=[3.0])
    assert (result.n, result.dropped) == (3, ("c",))
