"""Calibration against rms::val.prob and glm, a plain lowess, and the awkward inputs."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings

from backend.analysis.calibration import calibration
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.lowess import lowess
from tests.analysis.model_cases import case_lists, expected, flags, numbers, rows

CLOSED = {"rel": 1e-10, "abs": 1e-12}


@pytest.mark.parametrize("model", ["old", "new", "coarse"])
def test_every_number_is_that_of_val_prob_and_glm(model: str) -> None:
    found = calibration(flags("y"), numbers(model))
    want = expected()["calibration"][model]
    val_prob = want["val.prob"]
    assert found.brier == pytest.approx(val_prob["Brier"], **CLOSED)
    assert found.brier_scaled == pytest.approx(want["brier_scaled"], **CLOSED)
    assert found.spiegelhalter_z == pytest.approx(val_prob["S:z"], **CLOSED)
    assert found.spiegelhalter_p == pytest.approx(val_prob["S:p"], **CLOSED)
    assert [found.ici, found.e50, found.e90, found.emax] == pytest.approx(
        [want["ici"], want["e50"], want["e90"], want["emax"]], **CLOSED
    )
    assert [found.ici, found.e90, found.emax] == pytest.approx(
        [val_prob["Eavg"], val_prob["E90"], val_prob["Emax"]], **CLOSED
    )
    assert [point.predicted for point in found.curve] == want["x"]
    assert [point.smoothed for point in found.curve] == pytest.approx(want["smooth"], **CLOSED)


@pytest.mark.parametrize("model", ["old", "new", "coarse"])
def test_slope_and_both_intercepts_are_those_of_glm(model: str) -> None:
    found = calibration(flags("y"), numbers(model)).recalibration
    want = expected()["calibration"][model]
    assert [found.intercept.estimate, found.slope.estimate] == pytest.approx(want["joint"], rel=1e-9)
    assert [found.intercept.se, found.slope.se] == pytest.approx(want["joint_se"], rel=1e-10)
    assert found.in_the_large.estimate == pytest.approx(want["large"], rel=1e-9)
    assert found.in_the_large.se == pytest.approx(want["large_se"], rel=1e-10)
    assert found.unreliability_chi2 == pytest.approx(want["U"], rel=1e-9)
    assert found.unreliability_p == pytest.approx(math.exp(-want["U"] / 2), rel=1e-9)
    assert found.slope.null == 1.0
    assert found.slope.ci.low < found.slope.estimate < found.slope.ci.high
    assert found.intercept.estimate != pytest.approx(found.in_the_large.estimate, abs=0.01)


def plain_lowess(x: list[float], y: list[float]) -> list[float]:
    """The slow obvious way, without interpolation: weighted least squares at every point."""
    n = len(x)
    fits = []
    for here in x:
        nearest = sorted(abs(other - here) for other in x)[max(2, int(2 / 3 * n + 1e-7)) - 1]
        weights = [max(0.0, 1 - (abs(other - here) / nearest) ** 3) ** 3 for other in x]
        root = np.sqrt(weights)
        design = np.column_stack([np.ones(n), np.array(x) - here]) * root[:, None]
        fits.append(float(np.linalg.lstsq(design, np.array(y) * root, rcond=None)[0][0]))
    return fits


def test_lowess_is_local_weighted_least_squares() -> None:
    rng = random.Random(4)
    x = sorted(rng.uniform(0, 1) for _ in range(40))
    # Wider apart than the 1 % within which points are interpolated.
    x = [value + 0.02 * place for place, value in enumerate(x)]
    y = [float(rng.random() < value / 2) for value in x]
    assert lowess(np.array(x), np.array(y)) == pytest.approx(plain_lowess(x, y), abs=1e-9)


def test_a_line_stays_a_line() -> None:
    x = np.linspace(0.1, 0.9, 37)
    assert lowess(x, 0.2 + 0.5 * x) == pytest.approx(0.2 + 0.5 * x, abs=1e-12)


def test_bins_hold_all_cases_in_order_of_probability() -> None:
    found = calibration(flags("y"), numbers("new"), bins=5)
    assert len(found.bins) == 5
    assert sum(item.observed.n for item in found.bins) == found.n == 240
    assert sum(item.observed.successes for item in found.bins) == found.n_positive
    means = [item.mean_predicted for item in found.bins]
    assert means == sorted(means)
    assert all(item.low <= item.mean_predicted <= item.high for item in found.bins)


def test_a_curve_beyond_0_and_1_is_told_and_measured_as_it_is() -> None:
    predicted = [number / 30 for number in range(1, 30)]
    result = calibration([number > 12 for number in range(29)], predicted)
    smoothed = [point.smoothed for point in result.curve]
    assert min(smoothed) < 0.0
    assert max(smoothed) > 1.0
    distances = [abs(p - s) for p, s in zip(predicted, smoothed, strict=True)]
    assert result.ici == pytest.approx(sum(distances) / 29, rel=1e-12)
    assert result.emax == pytest.approx(max(distances), rel=1e-12)
    assert any("the figure ends it there" in warning for warning in result.warnings)


def test_certain_predictions_leave_the_recalibration_and_are_named() -> None:
    truth, predicted = [*flags("y"), True, False], [*numbers("new"), 1.0, 0.0]
    names = [*(row["case"] for row in rows()), "sure", "never"]
    found = calibration(truth, predicted, cases=names)
    assert found.recalibration.dropped == ("never", "sure")
    assert found.recalibration.n == 240
    assert "2 cases are left out" in found.warnings[0]
    without = calibration(flags("y"), numbers("new")).recalibration
    assert found.recalibration.slope == without.slope


def test_constant_predictions_have_no_slope_but_an_intercept() -> None:
    found = calibration([True, False, False, False], [0.5] * 4)
    assert found.recalibration.slope.estimate == NotEstimable("all predicted probabilities are equal")
    # logit(1/4) against log odds 0
    assert found.recalibration.in_the_large.estimate == pytest.approx(math.log(1 / 3), rel=1e-12)
    assert found.ici == found.emax == pytest.approx(0.25, abs=1e-15)
    assert found.spiegelhalter_z == NotEstimable("every predicted probability is 0, 0.5 or 1")
    assert len(found.curve) == len(found.bins) == 1


@pytest.mark.parametrize(("value", "reason"), [(True, "every case"), (False, "no case")])
def test_one_outcome_leaves_only_what_needs_no_other(value: bool, reason: str) -> None:
    found = calibration([value] * 5, [0.1, 0.2, 0.3, 0.4, 0.5])
    assert isinstance(found.recalibration.slope.estimate, NotEstimable)
    assert isinstance(found.recalibration.in_the_large.estimate, NotEstimable)
    assert found.brier_scaled == NotEstimable(f"{reason} has the outcome")
    assert found.brier == pytest.approx(sum((p - value) ** 2 for p in (0.1, 0.2, 0.3, 0.4, 0.5)) / 5)
    assert found.to_json()["brier_scaled"] == {"not_estimable": f"{reason} has the outcome"}


def test_separated_outcomes_have_no_slope() -> None:
    found = calibration([False] * 4 + [True] * 4, [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9]).recalibration
    assert isinstance(found.slope.estimate, NotEstimable)
    assert "separate" in found.slope.estimate.reason
    assert found.in_the_large.estimate == pytest.approx(0.0, abs=1e-12)


def test_all_certain_predictions_leave_no_recalibration() -> None:
    found = calibration([True, False], [1.0, 0.0])
    assert found.recalibration.in_the_large.estimate == NotEstimable("every predicted probability is 0 or 1")
    assert found.brier == 0.0
    assert found.brier_scaled == 1.0


@pytest.mark.parametrize(
    ("truth", "predicted", "code"),
    [
        ([], [], "no_cases"),
        ([True], [0.1, 0.2], "lengths_differ"),
        ([True, 1], [0.1, 0.2], "not_boolean"),
        ([True, False], [0.1, math.nan], "not_finite"),
        ([True, False], [0.1, "high"], "not_a_number"),
        ([True, False], [0.1, 1.2], "probability_out_of_range"),
    ],
)
def test_bad_input_is_refused_by_name(truth: list[bool], predicted: list[float], code: str) -> None:
    with pytest.raises(AnalysisError) as error:
        calibration(truth, predicted)
    assert error.value.code == code


def test_bad_options_are_refused_by_name() -> None:
    for code, options in (
        ("groups_too_few", {"bins": 1}),
        ("level_out_of_range", {"level": 1.0}),
        ("duplicate_case", {"cases": ["a", "a"]}),
        ("lengths_differ", {"cases": ["a"]}),
    ):
        with pytest.raises(AnalysisError) as error:
            calibration([True, False], [0.3, 0.4], **options)
        assert error.value.code == code


@settings(derandomize=True, max_examples=60, deadline=None)
@given(case_lists)
def test_order_does_not_change_a_bit_and_json_holds_no_nan(cases: list[tuple[bool, float, float]]) -> None:
    truth, predicted = [case[0] for case in cases], [case[1] for case in cases]
    found = calibration(truth, predicted)
    back = calibration(truth[::-1], predicted[::-1])
    assert found.to_json()["curve"] == back.to_json()["curve"]
    assert (found.brier, found.ici, found.spiegelhalter_z) == (back.brier, back.ici, back.spiegelhalter_z)
    assert found.recalibration.slope == back.recalibration.slope
    assert 0.0 <= found.brier <= 1.0


@settings(derandomize=True, max_examples=40, deadline=None)
@given(case_lists)
def test_the_opposite_outcome_mirrors_the_measures(cases: list[tuple[bool, float, float]]) -> None:
    truth, predicted = [case[0] for case in cases], [case[1] for case in cases]
    found = calibration(truth, predicted)
    other = calibration([not value for value in truth], [1.0 - value for value in predicted])
    assert other.brier == pytest.approx(found.brier, abs=1e-12)
    if isinstance(found.recalibration.slope.estimate, NotEstimable):
        assert isinstance(other.recalibration.slope.estimate, NotEstimable)
    else:
        assert other.recalibration.slope.estimate == pytest.approx(
            found.recalibration.slope.estimate, rel=1e-6, abs=1e-7
        )
