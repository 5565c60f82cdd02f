"""Decision curves against the definition of dcurves evaluated by R, plain counting, and awkward inputs."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis import net_benefit
from backend.analysis.decision_curve import TREAT_ALL, decision_curve, survival_decision_curve
from backend.analysis.errors import AnalysisError, NotEstimable
from tests.analysis.model_cases import case_lists, expected, flags, numbers, probability

BOTH = {"old": "old", "new": "new"}


def models() -> dict[str, list[float]]:
    return {name: numbers(name) for name in BOTH}


def test_net_benefit_is_that_of_dcurves() -> None:
    want = expected()["decision"]
    found = decision_curve(flags("y"), models(), thresholds=want["thresholds"])
    curves = {curve.name: curve for curve in (*found.models, found.treat_all)}
    assert list(curves) == ["new", "old", TREAT_ALL]
    for name, key in (("new", "new"), ("old", "old"), (TREAT_ALL, "all")):
        assert [point.net_benefit for point in curves[name].points] == pytest.approx(want[key], rel=1e-12)
    prevalence = sum(flags("y")) / 240
    for point, all_point in zip(curves["new"].points, found.treat_all.points, strict=True):
        odds = point.threshold / (1 - point.threshold)
        assert point.standardized == pytest.approx(point.net_benefit / prevalence, rel=1e-13)
        avoided = 100 * (point.net_benefit - all_point.net_benefit) / odds
        assert point.avoided == pytest.approx(avoided, rel=1e-12)
        assert point.net_benefit_ci == NotEstimable("no bootstrap was asked for")
    assert found.seed is None
    assert found.prevalence == pytest.approx(prevalence, rel=1e-15)


def test_net_benefit_of_survival_is_that_of_dcurves() -> None:
    want = expected()["survival"]
    found = survival_decision_curve(
        numbers("time"), flags("event"), {"risk": numbers("risk")}, at=3, thresholds=want["thresholds"]
    )
    assert found.prevalence == pytest.approx(want["prevalence"], rel=1e-13)
    for curve, key in ((found.models[0], "risk"), (found.treat_all, "all")):
        assert [point.net_benefit for point in curve.points] == pytest.approx(want[key], rel=1e-11)


def test_a_prediction_equal_to_the_threshold_is_treated() -> None:
    point = decision_curve([True, False], {"m": [0.3, 0.3]}, thresholds=[0.3]).models[0].points[0]
    assert (point.true_positive_rate, point.false_positive_rate) == (0.5, 0.5)


def test_avoided_counts_the_unnecessary_interventions_saved() -> None:
    # A perfect model among 4 cases, one with the outcome, avoids treating the other 3: 75 in 100.
    found = decision_curve(
        [True, False, False, False], {"m": [0.9, 0.1, 0.1, 0.1]}, thresholds=[0.0, 0.2, 0.5]
    )
    assert found.models[0].points[0].avoided == NotEstimable("at threshold 0 no intervention is ever avoided")
    assert [point.avoided for point in found.models[0].points[1:]] == pytest.approx([75.0, 75.0], rel=1e-12)
    assert [point.net_benefit for point in found.models[0].points[1:]] == pytest.approx([0.25, 0.25])


def test_bootstrap_intervals_are_those_of_resampling_one_by_one() -> None:
    want = expected()["bootstrap"]
    found = decision_curve(
        flags("y"), {"new": numbers("new")}, thresholds=[want["threshold"]], resamples=20_000, seed=11
    )
    point = found.models[0].points[0]
    # R drew 4,000 samples: the Monte-Carlo standard error of a 2.5 % quantile of an SD of 0.036 is 0.0015.
    got = [point.net_benefit_ci.low, point.net_benefit_ci.high]
    assert got == pytest.approx(want["net_benefit"], abs=0.006)
    scaled = [point.standardized_ci.low, point.standardized_ci.high]
    assert scaled == pytest.approx(want["standardized"], abs=0.012)
    assert (found.resamples, found.seed) == (20_000, 11)


def test_bootstrap_depends_on_the_seed_alone() -> None:
    order = sorted(range(240), key=lambda row: (row * 7919) % 240)
    shuffled = {name: [values[row] for row in order] for name, values in models().items()}
    options: dict[str, Any] = {"thresholds": [0.1, 0.3], "resamples": 50}
    first = decision_curve(flags("y"), models(), seed=3, **options)
    again = decision_curve([flags("y")[row] for row in order], shuffled, seed=3, **options)
    assert first.to_json() == again.to_json()
    assert first.to_json() != decision_curve(flags("y"), models(), seed=4, **options).to_json()


def test_bootstrap_does_not_depend_on_the_portions_it_is_drawn_in(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: Any = (numbers("time"), flags("event"), {"risk": numbers("risk")})
    options: dict[str, Any] = {"at": 3, "thresholds": [0.1, 0.3], "resamples": 25, "seed": 5}
    whole = survival_decision_curve(*arguments, **options)
    monkeypatch.setattr(net_benefit, "PORTION", 1000)
    assert survival_decision_curve(*arguments, **options).to_json() == whole.to_json()


def test_a_given_prevalence_reweights_the_outcomes_and_keeps_them_in_the_bootstrap() -> None:
    truth, predicted = [True, True, False, False, False, False], [0.9, 0.2, 0.9, 0.2, 0.2, 0.2]
    found = decision_curve(truth, {"m": predicted}, thresholds=[0.5], prevalence=0.1, resamples=200, seed=1)
    point = found.models[0].points[0]
    assert point.true_positive_rate == pytest.approx(0.5 * 0.1)
    assert point.false_positive_rate == pytest.approx(0.25 * 0.9)
    # Treating all has no spread when the outcomes are held fixed.
    everyone = found.treat_all.points[0]
    assert everyone.net_benefit_ci.low == everyone.net_benefit_ci.high == pytest.approx(0.1 - 0.9)
    assert found.is_prevalence_given


def kaplan_meier_risk(cases: list[tuple[float, bool]], at: float) -> float | None:
    alive = 1.0
    for when in sorted({time for time, event in cases if event and time <= at}):
        at_risk = sum(time >= when for time, _ in cases)
        alive *= 1 - sum(event and time == when for time, event in cases) / at_risk
    followed = any(time >= at for time, _ in cases)
    return 1 - alive if followed or alive == 0 else None


survival_cases = st.lists(st.tuples(st.integers(0, 6), st.booleans(), probability), min_size=1, max_size=20)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(survival_cases)
def test_survival_net_benefit_is_plain_kaplan_meier(cases: list[tuple[int, bool, float]]) -> None:
    times, events, risks = (list(column) for column in zip(*cases, strict=True))
    found = survival_decision_curve(times, events, {"m": risks}, at=3, thresholds=[0.1, 0.25, 0.8])
    for point in found.models[0].points:
        treated = [(time, event) for time, event, risk in cases if risk >= point.threshold]
        risk = kaplan_meier_risk(treated, 3) if treated else 0.0
        if risk is None:
            assert isinstance(point.net_benefit, NotEstimable)
            continue
        share = len(treated) / len(cases)
        odds = point.threshold / (1 - point.threshold)
        assert point.net_benefit == pytest.approx(risk * share - (1 - risk) * share * odds, abs=1e-12)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(case_lists)
def test_net_benefit_is_plain_counting(cases: list[tuple[bool, float, float]]) -> None:
    truth, predicted = [case[0] for case in cases], [case[1] for case in cases]
    found = decision_curve(truth, {"m": predicted}, thresholds=[0.0, 0.1, 0.25, 0.9], resamples=5, seed=1)
    for point in found.models[0].points:
        true = sum(y and p >= point.threshold for y, p, _ in cases) / len(cases)
        false = sum(not y and p >= point.threshold for y, p, _ in cases) / len(cases)
        odds = point.threshold / (1 - point.threshold)
        assert point.net_benefit == pytest.approx(true - false * odds, abs=1e-13)
    found.to_json()


def test_uncensored_survival_is_the_binary_curve() -> None:
    events = [time <= 2 for time in numbers("time")]
    risk = {"risk": numbers("risk")}
    binary = decision_curve(events, risk, thresholds=[0.1, 0.3])
    survival = survival_decision_curve(numbers("time"), [True] * 240, risk, at=2, thresholds=[0.1, 0.3])
    for a, b in zip(binary.models[0].points, survival.models[0].points, strict=True):
        assert a.net_benefit == pytest.approx(b.net_benefit, abs=1e-13)


def test_events_count_up_to_the_time_and_nothing_after_it_matters() -> None:
    """At 3: two events (one at 3 itself), one last seen before; what came later is free of the event at 3."""
    times, events = [1, 2, 3, 3, 4, 5, 6], [True, False, True, False, True, True, False]
    risk, options = [0.9, 0.6, 0.5, 0.2, 0.8, 0.1, 0.3], {"at": 3.0, "thresholds": [0.2, 0.5]}
    found = survival_decision_curve(times, events, {"m": risk}, **options)  # type: ignore[arg-type]
    assert (found.n, found.n_events, found.n_censored) == (7, 2, 1)
    later = [time + 10 if time > 3 else time for time in times]
    turned = [not event if time > 3 else event for time, event in zip(times, events, strict=True)]
    assert survival_decision_curve(later, turned, {"m": risk}, **options).to_json() == found.to_json()  # type: ignore[arg-type]
    # By hand: 6/7 survive the event at 1, one is lost at 2, of the five left one has the event at 3.
    assert found.prevalence == pytest.approx(1 - (6 / 7) * (4 / 5), rel=1e-13)
    uncensored = survival_decision_curve(times, [True] * 7, {"m": risk}, **options)  # type: ignore[arg-type]
    binary = decision_curve([time <= 3 for time in times], {"m": risk}, thresholds=[0.2, 0.5])
    assert (uncensored.n_events, uncensored.n_censored) == (binary.n_events, binary.n_censored) == (4, 0)


def test_one_outcome_says_so() -> None:
    never = decision_curve([False, False], {"m": [0.2, 0.6]}, thresholds=[0.5], resamples=10, seed=1)
    point = never.models[0].points[0]
    assert point.net_benefit == -0.5
    assert point.standardized == NotEstimable("the prevalence is 0")
    assert point.standardized_ci == NotEstimable("the prevalence is 0")
    assert never.warnings == ("No case has the outcome: these curves say nothing about the models.",)
    always = decision_curve([True], {"m": [0.2]}, thresholds=[0.5])
    assert always.warnings == ("Every case has the outcome: these curves say nothing about the models.",)


def test_all_censored_has_no_event_and_no_standard() -> None:
    found = survival_decision_curve([5, 6, 7], [False] * 3, {"m": [0.1, 0.5, 0.9]}, at=3, thresholds=[0.2])
    assert found.prevalence == 0.0
    assert found.models[0].points[0].standardized == NotEstimable("the prevalence is 0")
    assert "No event is seen by time 3" in found.warnings[0]
    early = survival_decision_curve([1, 1], [False, True], {"m": [0.1, 0.5]}, at=3, thresholds=[0.2])
    # The case at or above the threshold had its event; of all cases one is lost before.
    assert early.models[0].points[0].net_benefit == pytest.approx(0.5)
    assert early.prevalence == NotEstimable("no case is followed to time 3")
    assert isinstance(early.treat_all.points[0].net_benefit, NotEstimable)
    assert isinstance(early.models[0].points[0].avoided, NotEstimable)


def test_bootstrap_samples_without_follow_up_are_told() -> None:
    times, events = [1, 1, 1, 1, 5], [False, False, True, False, False]
    found = survival_decision_curve(
        times, events, {"m": [0.5] * 5}, at=3, thresholds=[0.2], resamples=200, seed=2
    )
    assert "bootstrap samples have no estimate" in found.warnings[0]
    assert found.models[0].points[0].net_benefit_ci.low <= found.models[0].points[0].net_benefit


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("no_models", {"models": {}}),
        ("lengths_differ", {"models": {"m": [0.1]}}),
        ("probability_out_of_range", {"models": {"m": [0.1, 2.0]}}),
        ("not_finite", {"models": {"m": [0.1, math.nan]}}),
        ("name_reserved", {"models": {TREAT_ALL: [0.1, 0.2]}}),
        ("no_thresholds", {"thresholds": []}),
        ("thresholds_invalid", {"thresholds": [0.2, 0.1]}),
        ("thresholds_invalid", {"thresholds": [1.0]}),
        ("prevalence_invalid", {"prevalence": 1.0}),
        ("seed_missing", {"resamples": 10}),
        ("resamples_invalid", {"resamples": 1, "seed": 1}),
        ("avoided_per_invalid", {"avoided_per": 0}),
        ("level_out_of_range", {"level": 0.0}),
    ],
)
def test_bad_input_is_refused_by_name(code: str, options: dict[str, Any]) -> None:
    arguments = {"models": {"m": [0.1, 0.2]}} | options
    with pytest.raises(AnalysisError) as error:
        decision_curve([True, False], **arguments)
    assert error.value.code == code


def test_a_prevalence_needs_both_outcomes_and_times_are_checked() -> None:
    with pytest.raises(AnalysisError, match="needs both outcomes"):
        decision_curve([True], {"m": [0.5]}, prevalence=0.2)
    for code, times, at in (
        ("time_negative", [-1, 2], 1),
        ("time_invalid", [1, 2], 0),
        ("not_finite", [1, math.inf], 1),
    ):
        with pytest.raises(AnalysisError) as error:
            survival_decision_curve(times, [True, False], {"m": [0.1, 0.2]}, at=at)
        assert error.value.code == code
    with pytest.raises(AnalysisError, match="holds no case"):
        survival_decision_curve([], [], {"m": []}, at=1)
