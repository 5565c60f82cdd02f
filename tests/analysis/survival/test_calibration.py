"""Calibration of predicted survival: 1 on the fitted cases, lifelines 0.30.3, and the plain share without censoring."""

import warnings
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival.calibration import survival_calibration
from backend.analysis.survival.cox_baseline import (
    CoxBaseline,
    PredictedSurvival,
    cox_baseline,
    predicted_survival,
)
from backend.analysis.survival.outcomes import outcomes

TIMES = (12.0, 24.0)


def halves(simulated: Any) -> tuple[Any, Any, PredictedSurvival, PredictedSurvival]:
    """Fitted on every other case: outcomes and predictions of the fitted cases and of the others."""
    known = simulated.outcomes()
    fitted, others = known.only(set(known.cases[::2])), known.only(set(known.cases[1::2]))
    covariates = simulated.covariates()[:3]
    baseline = cox_baseline(fitted, covariates)
    assert isinstance(baseline, CoxBaseline)
    predicted = [
        predicted_survival(
            baseline, {case: {one.name: one.values[case] for one in covariates} for case in own.cases}, TIMES
        )
        for own in (fitted, others)
    ]
    return fitted, others, predicted[0], predicted[1]


def test_the_slope_is_one_on_the_fitted_cases(simulated: Any) -> None:
    fitted, _, predicted, _ = halves(simulated)
    slope = survival_calibration(fitted, predicted).slope
    assert slope.estimate == pytest.approx(1.0, abs=1e-8)
    assert slope.p == pytest.approx(1.0, abs=1e-6)


def test_slope_and_observed_risk_are_those_of_lifelines(simulated: Any) -> None:
    _, others, _, predicted = halves(simulated)
    ours = survival_calibration(others, predicted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifelines
        import pandas as pd

        own = {one.case: one.linear_predictor for one in predicted.cases}
        frame = pd.DataFrame(
            {"lp": [own[case] for case in others.cases], "T": others.times, "E": others.events}
        )
        theirs = lifelines.CoxPHFitter().fit(frame, "T", "E", fit_options={"precision": 1e-12})
        curve = lifelines.KaplanMeierFitter().fit(others.times, others.events)
    assert ours.slope.estimate == pytest.approx(theirs.params_["lp"], rel=1e-7)
    assert ours.slope.se == pytest.approx(theirs.standard_errors_["lp"], rel=1e-6)
    for at in ours.at:
        assert at.observed == pytest.approx(1.0 - float(curve.predict(at.time)), rel=1e-12)
        assert at.ratio == pytest.approx(at.observed / at.predicted, rel=1e-12)


def test_without_censoring_the_groups_hold_plain_shares(simulated: Any) -> None:
    _, others, _, predicted = halves(simulated)
    everyone = outcomes(others.times, [True] * others.n, cases=others.cases)
    found = survival_calibration(everyone, predicted, groups=4).at[0]
    risk = {one.case: 1.0 - one.survival[0] for one in predicted.cases}
    ordered = sorted(risk, key=lambda case: risk[case])
    assert sum(group.n for group in found.groups) == len(ordered)
    start = 0
    time_of = dict(zip(others.cases, others.times, strict=True))
    for group in found.groups:
        own = ordered[start : start + group.n]
        start += group.n
        assert group.predicted == pytest.approx(sum(risk[case] for case in own) / len(own), rel=1e-12)
        assert group.observed == pytest.approx(
            sum(time_of[case] <= 12.0 for case in own) / len(own), abs=1e-12
        )


def test_the_order_of_cases_has_no_part(simulated: Any) -> None:
    _, others, _, predicted = halves(simulated)
    turned = outcomes(others.times[::-1], others.events[::-1], cases=others.cases[::-1])
    first, second = survival_calibration(others, predicted), survival_calibration(turned, predicted)
    assert (first.slope, first.at) == (second.slope, second.at)


def test_what_cannot_be_said_is_not_estimable_or_refused(simulated: Any) -> None:
    _, others, _, predicted = halves(simulated)
    nobody = outcomes(others.times, [False] * others.n, cases=others.cases)
    assert isinstance(survival_calibration(nobody, predicted).slope.estimate, NotEstimable)
    with pytest.raises(AnalysisError, match="0 groups"):
        survival_calibration(others, predicted, groups=0)
