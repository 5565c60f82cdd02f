"""Proportional-hazards test against cox.zph and predicted survival against survfit.coxph (survival 3.5.3, R 4.2.2)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox_baseline import CoxBaseline, cox_baseline, predicted_survival
from backend.analysis.survival.cox_hazards import ProportionalHazards, TimeTransform, proportional_hazards
from backend.analysis.survival.outcomes import Outcomes

PROFILES = {
    "first": {"age": 50.0, "ulcer": 0.0, "cea": 2.5, "stage": "T2"},
    "second": {"age": 70.0, "ulcer": 1.0, "cea": 9.0, "stage": "T4"},
}


@pytest.mark.parametrize("time", ["month", "exact"])
@pytest.mark.parametrize("transform", ["km", "identity", "log", "rank"])
def test_matches_cox_zph(simulated: Any, expected: Any, time: str, transform: TimeTransform) -> None:
    values = expected["cox"][time][f"zph_{transform}"]
    result = proportional_hazards(simulated.outcomes(time), simulated.covariates(), transform=transform)
    assert isinstance(result, ProportionalHazards)
    tests = [*(item.test for item in result.covariates), result.overall]
    found = [[test.chi_square, test.df, test.p] for test in tests]
    assert np.array(found) == pytest.approx(np.array(values), rel=1e-9)
    assert [item.covariate for item in result.covariates] == ["age", "ulcer", "cea", "stage"]


def test_freireich_trial(gehan: Any) -> None:
    """cox.zph(coxph(Surv(time, cens) ~ treat, MASS::gehan))."""
    result = proportional_hazards(gehan.outcomes(), [Covariate("arm", gehan.labels("arm"))])
    assert result.overall.chi_square == pytest.approx(0.02286337805282202, rel=1e-9)
    assert result.overall.p == pytest.approx(0.8798128949572568, rel=1e-9)


def test_undefined_tests_of_hazards_have_a_reason(make_outcomes: Callable[..., Outcomes]) -> None:
    tied = make_outcomes(2, 2, 2, -2)
    x = Covariate("x", dict(zip(tied.cases, (1.0, 2.0, 4.0, 2.0), strict=True)))
    assert proportional_hazards(tied, [x]) == NotEstimable(
        "all events happened at one time: no change with time can be seen"
    )
    order = make_outcomes(1, 2, 3, -4)
    falling = Covariate("x", dict(zip(order.cases, (4.0, 3.0, 2.0, 1.0), strict=True)))
    assert "rises without bound" in proportional_hazards(order, [falling]).reason
    assert proportional_hazards(make_outcomes(-1, -2, -3, -4), [x]) == NotEstimable("no case had the event")
    two = make_outcomes(1, 1, 2, -2)
    single = Covariate("x", dict(zip(two.cases, (1.0, 2.0, 1.0, 1.0), strict=True)))
    only = proportional_hazards(two, [single])
    assert only.overall.p == NotEstimable(
        "the change with time cannot be told from the covariates themselves"
    )
    at_zero = make_outcomes(1, 2, -3, 5)
    zero = Outcomes(at_zero.cases, (0.0, *at_zero.times[1:]), (True, *at_zero.events[1:]))
    with pytest.raises(AnalysisError, match="time 0"):
        proportional_hazards(
            zero, [Covariate("x", dict(zip("abcd", (2.0, 1.0, 4.0, 2.0), strict=True)))], transform="log"
        )
    with pytest.raises(AnalysisError, match="sqrt"):
        proportional_hazards(two, [x], transform="sqrt")  # type: ignore[arg-type]


@pytest.mark.parametrize("time", ["month", "exact"])
def test_predictions_match_survfit(simulated: Any, expected: Any, time: str) -> None:
    values = expected["cox"][time]
    baseline = cox_baseline(simulated.outcomes(time), simulated.covariates())
    assert isinstance(baseline, CoxBaseline)
    predicted = predicted_survival(baseline, PROFILES, values["at"])
    found = [item.survival for item in predicted.cases]
    assert np.array(found) == pytest.approx(np.array(values["predicted"]), rel=1e-12)


def test_baseline_is_a_step_function_within_the_follow_up(simulated: Any) -> None:
    baseline = cox_baseline(simulated.outcomes(), simulated.covariates())
    first, last = baseline.times[0], baseline.last_time
    times = [0.0, first - 0.5, first, first + 0.5, last, last + 1.0]
    (item, _) = predicted_survival(baseline, PROFILES, times).cases
    assert item.survival[:2] == (1.0, 1.0)
    assert item.survival[2] == item.survival[3] < 1.0
    assert item.survival[5] == NotEstimable(f"follow-up ended at {last:g}")
    # At the center of all columns the curve is the baseline itself.
    assert math.exp(-baseline.cumulative_hazard[0]) == pytest.approx(
        item.survival[2] ** math.exp(-item.linear_predictor), rel=1e-12
    )


def test_new_cases_are_checked(simulated: Any) -> None:
    baseline = cox_baseline(simulated.outcomes(), simulated.covariates())
    partly = predicted_survival(baseline, PROFILES | {"third": {"age": 60.0}}, [12.0])
    assert partly.dropped == ("third",)
    for change, code in (
        ({"stage": "T1"}, "unknown_level"),
        ({"stage": 2.0}, "covariate_not_text"),
        ({"age": math.nan}, "covariate_not_finite"),
        ({"age": "old"}, "covariate_not_a_number"),
        ({"age": None}, "no_cases"),
    ):
        with pytest.raises(AnalysisError) as raised:
            predicted_survival(baseline, {"x": PROFILES["first"] | change}, [12.0])
        assert raised.value.code == code


def test_extreme_new_cases_saturate(simulated: Any) -> None:
    baseline = cox_baseline(simulated.outcomes(), simulated.covariates())
    extreme = {
        "high": PROFILES["first"] | {"age": 1e6},
        "low": PROFILES["first"] | {"age": -1e6},
    }
    assert [item.survival for item in predicted_survival(baseline, extreme, [12.0]).cases] == [(0.0,), (1.0,)]


def test_no_baseline_without_a_finite_model(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, -4)
    falling = Covariate("x", dict(zip(known.cases, (4.0, 3.0, 2.0, 1.0), strict=True)))
    assert "rises without bound" in cox_baseline(known, [falling]).reason
    assert cox_baseline(make_outcomes(-1, -2, -3, -4), [falling]).reason == "no case had the event"
