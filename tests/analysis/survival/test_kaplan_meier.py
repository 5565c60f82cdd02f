"""Kaplan-Meier and restricted mean against survfit (survival 3.5.3, R 4.2.2), by hand, and a slow product."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval
from backend.analysis.survival.kaplan_meier import (
    NO_INTERVAL,
    CiKind,
    KaplanMeier,
    kaplan_meier,
    restricted_mean,
)
from backend.analysis.survival.outcomes import Outcomes, outcomes

histories = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30)


def median(curve: KaplanMeier) -> list[Estimate]:
    return [curve.median.estimate, curve.median.low, curve.median.high]


def limits(curve: KaplanMeier, side: str) -> list[float]:
    """One limit at each event time; where survfit has none (survival 0) neither has the curve."""
    return [
        getattr(point.ci, side) for point in curve.points if point.events and isinstance(point.ci, Interval)
    ]


@pytest.mark.parametrize("time", ["month", "exact"])
def test_curve_matches_survfit(simulated: Any, expected: Any, time: str) -> None:
    known, values = simulated.outcomes(time), expected["km"][time]
    loglog, log = kaplan_meier(known, at=values["at"]), kaplan_meier(known, ci="log")
    points = [point for point in loglog.points if point.events]
    assert [point.time for point in points] == values["time"]
    assert [point.at_risk for point in points] == values["at_risk"]
    assert [point.survival for point in points] == pytest.approx(values["survival"], rel=1e-13)
    assert [point.se for point in points] == pytest.approx(values["se"], rel=1e-12)
    for curve, name in ((loglog, "loglog"), (log, "log")):
        assert limits(curve, "low") == pytest.approx(values[f"{name}_low"], rel=1e-12)
        assert limits(curve, "high") == pytest.approx(values[f"{name}_high"], rel=1e-12)
    assert median(loglog) == values["median"]
    assert median(log) == values["median_log"]
    assert median(kaplan_meier(known, level=0.9)) == values["median_90"]
    assert [at.survival for at in loglog.at] == pytest.approx(values["at_survival"], rel=1e-13)
    assert [at.at_risk for at in loglog.at] == values["at_n"]


@pytest.mark.parametrize("time", ["month", "exact"])
def test_restricted_mean_matches_survfit(simulated: Any, expected: Any, time: str) -> None:
    values = expected["km"][time]
    result = restricted_mean(simulated.outcomes(time), tau=values["tau"])
    assert result.mean == pytest.approx(values["rmean"], rel=1e-13)
    assert result.se == pytest.approx(values["rmean_se"], rel=1e-12)
    assert result.ci.low == pytest.approx(values["rmean"] - 1.959963984540054 * values["rmean_se"], rel=1e-12)


def test_freireich_trial(gehan: Any) -> None:
    """survfit(Surv(time, cens) ~ treat, MASS::gehan): medians with log and log-log limits, and restricted means."""
    known, arm = gehan.outcomes(), gehan.labels("arm")
    treated = known.only({case for case, name in arm.items() if name == "6-MP"})
    control = known.only({case for case, name in arm.items() if name == "control"})
    assert median(kaplan_meier(treated))[:2] == [23, 13]
    assert median(kaplan_meier(treated, ci="log"))[:2] == [23, 16]
    high = kaplan_meier(treated).median.high
    assert high == NotEstimable("the upper limit of survival does not fall to one half")
    assert median(kaplan_meier(control)) == [8, 4, 11]
    assert median(kaplan_meier(control, ci="log")) == [8, 4, 12]
    mean = restricted_mean(treated, tau=35.0)
    assert (mean.mean, mean.se) == pytest.approx((23.287394957983192, 2.827467623371439), rel=1e-13)
    mean = restricted_mean(control, tau=35.0)
    assert (mean.mean, mean.se) == pytest.approx((8.666666666666666, 1.377390041264548), rel=1e-13)


def test_median_in_the_middle_of_a_step_at_one_half(make_outcomes: Callable[..., Outcomes]) -> None:
    assert kaplan_meier(make_outcomes(1, 2, 5, 6)).median.estimate == 3.5
    assert kaplan_meier(make_outcomes(1, 2, -5, -6)).median.estimate == 2.0


@pytest.mark.parametrize("signed", [(5,), (5, 5, 5), (-3, 5), (-3, 5, 5)])
def test_a_curve_that_falls_at_once_has_a_median_without_limits(
    make_outcomes: Callable[..., Outcomes], signed: tuple[int, ...]
) -> None:
    """survfit 3.5-3, conf.type = "log-log", Surv(5, 1) ~ 1 and three such cases: median 5, limits NA and NA.

    A case that is censored before leaves the curve as it is.
    """
    assert median(kaplan_meier(make_outcomes(*signed))) == [5.0, NO_INTERVAL, NO_INTERVAL]


def test_a_single_case_without_the_event_reaches_no_median(make_outcomes: Callable[..., Outcomes]) -> None:
    """survfit 3.5-3, Surv(5, 0) ~ 1: NA, NA and NA. Two events, Surv(c(5, 7), c(1, 1)) ~ 1: 6, 5 and NA."""
    alone = kaplan_meier(make_outcomes(-5))
    assert alone.median.estimate == NotEstimable("survival does not fall to one half")
    assert NO_INTERVAL not in median(alone)
    beyond = NotEstimable("the upper limit of survival does not fall to one half")
    assert median(kaplan_meier(make_outcomes(5, 7))) == [6.0, 5.0, beyond]


def test_all_censored(make_outcomes: Callable[..., Outcomes]) -> None:
    curve = kaplan_meier(make_outcomes(-1, -2, -2), at=[0.0, 1.5, 3.0])
    assert [point.survival for point in curve.points] == [1.0, 1.0]
    assert curve.median.estimate == NotEstimable("survival does not fall to one half")
    assert curve.warnings == ("No case had the event: every case is censored.",)
    assert [at.at_risk for at in curve.at] == [3, 2, 0]
    assert curve.at[1].survival == 1.0
    assert curve.at[2].survival == NotEstimable("the last case was observed until 2")
    mean = restricted_mean(make_outcomes(-1, -2, -2), tau=1.5)
    assert mean.mean == 1.5
    assert mean.se == NotEstimable("no case had the event before 1.5")
    assert curve.to_json()["method"] == "kaplan_meier"
    assert mean.to_json()["se"] == {"not_estimable": "no case had the event before 1.5"}


def test_one_event_and_nobody_left(make_outcomes: Callable[..., Outcomes]) -> None:
    curve = kaplan_meier(make_outcomes(4.0), at=[2.0, 9.0])
    assert curve.points[0].survival == 0.0
    assert curve.points[0].se == NotEstimable("no case is left at risk: the estimate is 0")
    assert curve.median.estimate == 4.0
    assert curve.at[0].survival == 1.0
    assert curve.at[0].ci == NotEstimable("no event has happened yet")
    # A curve that has reached 0 stays there.
    assert curve.at[1].survival == 0.0
    assert restricted_mean(make_outcomes(1, 3), tau=10).mean == 2.0


def test_nothing_is_said_beyond_the_follow_up(make_outcomes: Callable[..., Outcomes]) -> None:
    result = restricted_mean(make_outcomes(1, -3), tau=5.0)
    assert result.mean == result.ci == NotEstimable("tau is 5, but the last case was observed until 3")
    assert restricted_mean(make_outcomes(1), tau=0).mean == NotEstimable(
        "tau is 0: there is no follow-up to average over"
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda known: kaplan_meier(known, ci="plain"), "unknown_interval"),
        (lambda known: kaplan_meier(known, level=1.0), "level_out_of_range"),
        (lambda known: kaplan_meier(known, at=[-1.0]), "time_negative"),
        (lambda known: kaplan_meier(known, at=[math.nan]), "time_not_finite"),
        (lambda known: restricted_mean(known, tau=math.inf), "time_not_finite"),
    ],
)
def test_wrong_arguments_are_refused(
    make_outcomes: Callable[..., Outcomes], call: Callable[[Outcomes], Any], code: str
) -> None:
    with pytest.raises(AnalysisError) as raised:
        call(make_outcomes(1, -2))
    assert raised.value.code == code


@settings(derandomize=True, max_examples=60, deadline=None)
@given(histories, st.sampled_from(["log-log", "log"]), st.randoms(use_true_random=False))
def test_slow_product_and_order(rows: list[tuple[int, bool]], ci: CiKind, random: Any) -> None:
    known = outcomes([float(time) for time, _ in rows], [event for _, event in rows])
    curve = kaplan_meier(known, ci=ci)
    for point in curve.points:
        product = math.prod(
            1 - sum(own == time and event for own, event in rows) / sum(own >= time for own, _ in rows)
            for time in sorted({own for own, _ in rows if own <= point.time})
        )
        assert point.survival == pytest.approx(product, abs=1e-14)
        if isinstance(point.ci, Interval):
            assert 0.0 <= point.ci.low <= point.survival <= point.ci.high <= 1.0
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = kaplan_meier(
        outcomes([float(time) for time, _ in shuffled], [event for _, event in shuffled]), ci=ci
    )
    assert again == curve


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=30))
def test_without_censoring_it_is_the_empirical_distribution(times: list[int]) -> None:
    known = outcomes([float(time) for time in times], [True] * len(times))
    curve, n = kaplan_meier(known), len(times)
    for point in curve.points:
        share = sum(time > point.time for time in times) / n
        assert point.survival == pytest.approx(share, abs=1e-14)
        if share:
            assert point.se == pytest.approx(math.sqrt(share * (1 - share) / n), rel=1e-10)
    mean = restricted_mean(known, tau=float(max(times)))
    assert mean.mean == pytest.approx(np.mean(times), rel=1e-13)
    if len(set(times)) > 1:
        assert mean.se == pytest.approx(np.std(times) / math.sqrt(n), rel=1e-10)
