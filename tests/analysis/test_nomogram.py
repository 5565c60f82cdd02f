"""Nomograms against rms::nomogram, and against the models they stand for."""

import json
import math
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.logistic import LogisticFit, logistic_regression, predict
from backend.analysis.nomogram import (
    Baseline,
    CategoricalTerm,
    Nomogram,
    NumericTerm,
    cox_nomogram,
    logistic_nomogram,
    nomogram_of_fit,
    numeric_term,
    read_nomogram,
)
from backend.analysis.nomogram_json import nomogram_from_json
from backend.analysis.ticks import pretty
from tests.analysis.model_cases import expected, flags, numbers, predictors


def drawn(nomogram: Nomogram | NotEstimable) -> Nomogram:
    assert isinstance(nomogram, Nomogram), nomogram
    return nomogram


def fitted() -> LogisticFit:
    fit = logistic_regression(flags("y"), predictors(), with_profile=False)
    assert isinstance(fit, LogisticFit)
    return fit


def cox() -> Nomogram:
    want = expected()["nomogram_cox"]
    slopes = want["coefficients"]
    terms = [
        numeric_term("marker", slopes["marker"], min(numbers("marker")), max(numbers("marker"))),
        numeric_term("age", slopes["age"], min(numbers("age")), max(numbers("age"))),
        CategoricalTerm("stage", {"T1": 0.0, "T2": slopes["stage=T2"], "T3": slopes["stage=T3"]}),
    ]
    return drawn(
        cox_nomogram(
            terms,
            center=want["center"],
            baselines=[Baseline(3.0, want["baseline"])],
            time_unit="years",
            linear_predictor_range=(want["lp_at"][0], want["lp_at"][-1]),
            probabilities=want["s3_at"],
        )
    )


def assert_axes_are_those_of_rms(nomogram: Nomogram, want: dict[str, Any]) -> None:
    axes = {axis.name: axis for axis in nomogram.axes}
    assert axes.keys() == want["axes"].keys()
    for name, axis in want["axes"].items():
        assert [tick.label for tick in axes[name].ticks] == axis["values"]
        assert [tick.points for tick in axes[name].ticks] == pytest.approx(axis["points"], abs=1e-9)
    assert nomogram.points_per_unit == pytest.approx(want["sc"], rel=1e-12)
    assert nomogram.linear_predictor_at_zero == pytest.approx(want["intercept"], rel=1e-11)


def test_logistic_axes_are_those_of_rms() -> None:
    want = expected()["nomogram_logistic"]
    assert_axes_are_those_of_rms(drawn(nomogram_of_fit(fitted())), want)


def test_total_and_linear_predictor_axes_are_those_of_rms() -> None:
    want = expected()["nomogram_logistic"]
    slopes = want["coefficients"]
    terms = [
        numeric_term("marker", slopes["marker"], min(numbers("marker")), max(numbers("marker"))),
        numeric_term("age", slopes["age"], min(numbers("age")), max(numbers("age"))),
        CategoricalTerm("stage", {"T1": 0.0, "T2": slopes["stage=T2"], "T3": slopes["stage=T3"]}),
        NumericTerm("male", slopes["male"], (0.0, 1.0)),
    ]
    nomogram = drawn(
        logistic_nomogram(
            slopes["Intercept"],
            terms,
            linear_predictor_range=(-3, 3),
            probabilities=[0.05, 0.1, 0.25, 0.5, 0.75, 0.9],
        )
    )
    assert_axes_are_those_of_rms(nomogram, want)
    assert [tick.points for tick in nomogram.total] == want["total"]
    whole = [tick.points for tick in nomogram.linear_predictor if tick.value == round(tick.value)]
    assert whole == pytest.approx(want["lp"], abs=1e-9)
    # rms finds these ticks on a grid of 1,000 points; ours are exact.
    assert [tick.points for tick in nomogram.outcomes[0].ticks] == pytest.approx(want["risk"], abs=1e-3)


def test_cox_axes_are_those_of_rms() -> None:
    want = expected()["nomogram_cox"]
    nomogram = cox()
    assert_axes_are_those_of_rms(nomogram, want)
    assert [tick.points for tick in nomogram.total] == want["total"]
    assert [tick.points for tick in nomogram.linear_predictor] == pytest.approx(want["lp"], abs=1e-9)
    assert nomogram.outcomes[0].label == "Survival at 3 years"
    assert sorted(tick.points for tick in nomogram.outcomes[0].ticks) == pytest.approx(
        sorted(want["s3"]), abs=0.05
    )


def test_a_case_read_off_has_the_model_s_probability() -> None:
    fit = fitted()
    nomogram = drawn(nomogram_of_fit(fit))
    chances = predict(fit, predictors())
    for row in (0, 17, 101, 239):
        values = {name: column[row] for name, column in predictors().items()}
        values["male"] = float(values["male"])
        reading = read_nomogram(nomogram, values)
        assert reading.probabilities[0] == pytest.approx(chances[row], rel=1e-12)
        assert reading.total == pytest.approx(sum(reading.points.values()), rel=1e-14)


def test_a_case_read_off_the_cox_nomogram_has_the_survival_of_survest() -> None:
    reading = read_nomogram(cox(), {"marker": 3, "age": 60, "stage": "T2"})
    assert reading.probabilities[0] == pytest.approx(expected()["nomogram_cox"]["example"], rel=1e-8)


def test_the_json_computes_by_its_own_numbers_alone() -> None:
    data = json.loads(json.dumps(drawn(nomogram_of_fit(fitted())).to_json()))
    values = {"marker": 2.5, "age": 71.0, "stage": "T3", "male": 1.0}
    total = 0.0
    for axis in data["axes"]:
        value = values[axis["name"]]
        if axis["kind"] == "numeric":
            total += (value - axis["zero_at"]) * axis["points_per_value"]
        else:
            total += next(tick["points"] for tick in axis["ticks"] if tick["label"] == value)
    log_odds = data["linear_predictor_at_zero"] + total / data["points_per_unit"]
    reading = read_nomogram(nomogram_from_json(data), values)
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(reading.probabilities[0], rel=1e-13)
    assert nomogram_from_json(data).to_json() == data


def test_ticks_are_those_of_r_pretty() -> None:
    for item in expected()["pretty"]:
        low, high = item["range"]
        if low < high:
            assert list(pretty(low, high, 10)) == pytest.approx(item["ticks"], rel=1e-12, abs=1e-300)
    assert pretty(5.0, 5.0, 10) == (5.0,)
    assert pretty(0.0, 1.0, 10)[3] == 0.3


def test_a_protective_predictor_has_zero_points_at_its_high_end() -> None:
    terms = [NumericTerm("dose", -2.0, (0.0, 1.0, 2.0)), NumericTerm("age", 0.1, (40.0, 60.0))]
    nomogram = drawn(logistic_nomogram(0.5, terms))
    assert [tick.points for tick in nomogram.axes[0].ticks] == [100.0, 50.0, 0.0]
    assert [tick.points for tick in nomogram.axes[1].ticks] == [0.0, 50.0]
    reading = read_nomogram(nomogram, {"dose": 2, "age": 40})
    assert reading.total == 0.0
    assert reading.linear_predictor == pytest.approx(0.5 - 4 + 4)


def test_no_effect_is_not_estimable() -> None:
    found = logistic_nomogram(0.0, [NumericTerm("x", 0.0, (0.0, 1.0))])
    assert found == NotEstimable("no predictor has an effect")


def test_extreme_linear_predictors_stay_probabilities() -> None:
    steep = drawn(logistic_nomogram(-900.0, [NumericTerm("x", 1800.0, (0.0, 1.0))]))
    assert [read_nomogram(steep, {"x": x}).probabilities[0] for x in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    frail = drawn(cox_nomogram([NumericTerm("x", 900.0, (0.0, 1.0))], center=0, baselines=[Baseline(1, 0.9)]))
    assert read_nomogram(frail, {"x": 1}).probabilities == (0.0,)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("predictor_missing", {"marker": 3}),
        ("predictor_unknown", {"marker": 3, "age": 60, "stage": "T1", "weight": 4}),
        ("unknown_category", {"marker": 3, "age": 60, "stage": "T4"}),
        ("not_a_number", {"marker": "high", "age": 60, "stage": "T1"}),
        ("not_a_number", {"marker": math.nan, "age": 60, "stage": "T1"}),
        ("outside_axis", {"marker": 3, "age": 90, "stage": "T1"}),
    ],
)
def test_a_case_that_does_not_fit_the_axes_is_refused(code: str, values: dict[str, Any]) -> None:
    with pytest.raises(AnalysisError) as error:
        read_nomogram(cox(), values)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("no_predictors", lambda: logistic_nomogram(0.0, [])),
        ("not_finite", lambda: logistic_nomogram(math.nan, [NumericTerm("x", 1.0, (0.0, 1.0))])),
        ("not_finite", lambda: logistic_nomogram(0.0, [NumericTerm("x", math.inf, (0.0, 1.0))])),
        ("not_finite", lambda: numeric_term("x", 1.0, 0.0, math.inf)),
        ("range_empty", lambda: numeric_term("x", 1.0, 2.0, 2.0)),
        ("duplicate_predictor", lambda: logistic_nomogram(0.0, [NumericTerm("x", 1.0, (0.0, 1.0))] * 2)),
        ("ticks_invalid", lambda: logistic_nomogram(0.0, [NumericTerm("x", 1.0, (1.0, 0.0))])),
        ("ticks_invalid", lambda: logistic_nomogram(0.0, [CategoricalTerm("x", {"a": 0.0})])),
        (
            "probability_out_of_range",
            lambda: logistic_nomogram(0.0, [NumericTerm("x", 1.0, (0.0, 1.0))], probabilities=[1.0]),
        ),
        (
            "baseline_invalid",
            lambda: cox_nomogram([NumericTerm("x", 1.0, (0.0, 1.0))], center=0, baselines=[Baseline(1, 1.0)]),
        ),
        ("nomogram_unreadable", lambda: nomogram_from_json({})),
        ("nomogram_unreadable", lambda: nomogram_from_json({"schema_version": 1, "model": "cox"})),
        ("nomogram_unreadable", lambda: nomogram_from_json(cox().to_json() | {"axes": [{"kind": "odd"}]})),
    ],
)
def test_an_impossible_nomogram_is_refused(code: str, make: Any) -> None:
    with pytest.raises(AnalysisError) as error:
        make()
    assert error.value.code == code
