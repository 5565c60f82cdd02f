"""IPCW Brier score against survival:::brier (3.5.3, R 4.2.2), the plain score, and a numerical influence function."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival.brier import ONE_CASE, brier_at
from backend.analysis.survival.cox_baseline import cox_baseline, predicted_survival
from backend.analysis.survival.outcomes import Outcomes


def test_matches_survival(simulated: Any, expected: Any) -> None:
    """Predictions of the Cox model for its own cases; the null curve is Kaplan-Meier."""
    known = simulated.outcomes()
    covariates = simulated.covariates()
    baseline = cox_baseline(known, covariates)
    profiles = {case: {item.name: item.values[case] for item in covariates} for case in known.cases}
    for values in expected["brier"]:
        cases = predicted_survival(baseline, profiles, [values["time"]]).cases
        result = brier_at(known, {item.case: item.survival[0] for item in cases}, time=values["time"])
        assert result.brier == pytest.approx(values["model"], rel=1e-10)
        assert result.null_brier == pytest.approx(values["null"], rel=1e-12)
        assert result.scaled == pytest.approx(1 - values["model"] / values["null"], rel=1e-8)


def slow(known: Outcomes, survival: dict[str, float], at: float, weights: np.ndarray) -> float:
    """The sum case by case; G moves with its Nelson-Aalen hazard about the Kaplan-Meier of equal weights."""
    times, events = np.array(known.times), np.array(known.events)

    def g(before: float, *, included: bool) -> float:
        total = 0.0
        for time in np.unique(times[~events & ((times < before) | (included & (times == before)))]):
            at_risk, leaving = (times > time) | ((times == time) & ~events), (times == time) & ~events
            share = leaving.sum() / at_risk.sum()
            total += math.log1p(-share) - (weights[leaving].sum() / weights[at_risk].sum() - share)
        return math.exp(total)

    total = 0.0
    for case, time, event, weight in zip(known.cases, times, events, weights, strict=True):
        if time > at:
            total += weight * (1 - survival[case]) ** 2 / g(at, included=True)
        elif event:
            total += weight * survival[case] ** 2 / g(time, included=False)
    return total / weights.sum()


@pytest.mark.parametrize("at", [13.0, 24.0])
def test_sum_and_influence_case_by_case(simulated: Any, at: float) -> None:
    known = simulated.outcomes().only(set(list(simulated.rows)[:45]))
    survival = {
        case: 1 / (1 + math.exp(0.02 * age - 1))
        for case, age in simulated.numbers("age").items()
        if case in known.cases
    }
    result = brier_at(known, survival, time=at)
    ones = np.ones(known.n)
    assert result.brier == pytest.approx(slow(known, survival, at, ones), rel=1e-12)
    step, total = 1e-4, 0.0
    for row in range(known.n):
        moved = np.zeros(known.n)
        moved[row] = step
        up, down = slow(known, survival, at, ones + moved), slow(known, survival, at, ones - moved)
        total += ((up - down) / (2 * step)) ** 2
    # riskRegression::Score: the standard deviation of the influence, with n - 1 below, over the root of n.
    assert result.se == pytest.approx(math.sqrt(total * known.n / (known.n - 1)), rel=1e-6)


def test_without_censoring_it_is_the_plain_score(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, 4)
    result = brier_at(known, {"a": 0.1, "b": 0.7, "c": 0.8, "d": 0.9}, time=2.0)
    squares = (0.01, 0.49, 0.04, 0.01)
    assert result.brier == pytest.approx(sum(squares) / 4, rel=1e-14)
    assert result.se == pytest.approx(np.std(squares, ddof=1) / 2, rel=1e-13)
    assert result.null_brier == pytest.approx(0.25, rel=1e-14)
    assert (result.cases, result.controls) == (2, 2)


def test_awkward_data(make_outcomes: Callable[..., Outcomes]) -> None:
    censored = brier_at(make_outcomes(-1, -2, -5), {"a": 0.5, "b": 0.5, "c": 0.75}, time=3.0)
    assert censored.brier == pytest.approx(0.0625)
    assert (censored.cases, censored.controls) == (0, 1)
    assert censored.scaled == NotEstimable("the Kaplan-Meier estimate predicts every case right")
    beyond = brier_at(make_outcomes(1, -2), {"a": 0.5, "b": 0.5}, time=3.0)
    assert beyond.brier == beyond.scaled == NotEstimable("the last case was observed until 2")
    at_the_end = brier_at(make_outcomes(1, -2, -2), {"a": 0.5, "b": 0.5, "c": 0.5}, time=2.0)
    assert at_the_end.brier == at_the_end.null_brier == NotEstimable("the last case was observed until 2")
    perfect = brier_at(make_outcomes(1, 4, 5), {"a": 0.0, "b": 1.0}, time=3.0)
    assert (perfect.brier, perfect.se, perfect.scaled, perfect.dropped) == (0.0, 0.0, 1.0, ("c",))
    assert perfect.ci == NotEstimable("the standard error is 0")
    alike = brier_at(make_outcomes(1, 1, 1), dict.fromkeys("abc", 0.3), time=2.0)
    assert (alike.se, alike.ci) == (0.0, NotEstimable("the standard error is 0"))
    alone = brier_at(make_outcomes(1, 4), {"b": 0.9}, time=3.0)
    assert (alone.brier, alone.se, alone.ci) == (pytest.approx(0.01), ONE_CASE, ONE_CASE)
    with pytest.raises(AnalysisError, match=r"case a is 1\.5"):
        brier_at(make_outcomes(1, 2), {"a": 1.5, "b": 0.5}, time=1.0)
