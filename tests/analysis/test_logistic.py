"""Logistic regression against R's glm, exact profile limits, stepAIC, and separated data."""

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.logistic import (
    BackwardElimination,
    LogisticFit,
    backward_elimination,
    linear_predictor,
    logistic_regression,
    predict,
)
from backend.analysis.logistic_core import find_separation, maximize
from tests.analysis.model_cases import expected, flags, numbers, predictors, rows

NAMES = {"(Intercept)": "Intercept", "stageT2": "stage: T2", "stageT3": "stage: T3"}


def fitted(*args: Any, **options: Any) -> LogisticFit:
    fit = logistic_regression(*args, **options)
    assert isinstance(fit, LogisticFit), fit
    return fit


def reason(*args: Any, **options: Any) -> str:
    found = logistic_regression(*args, **options)
    assert isinstance(found, NotEstimable)
    return found.reason


def test_every_number_is_that_of_glm() -> None:
    want = expected()["logistic"]
    fit = fitted(flags("y"), predictors())
    terms = {term.column.name: term for term in fit.terms}
    for place, name in enumerate(want["names"]):
        term = terms[NAMES.get(name, name)]
        assert term.coefficient.estimate == pytest.approx(want["coefficients"][place], rel=1e-11)
        assert term.coefficient.se == pytest.approx(want["se"][place], rel=1e-11)
        assert term.coefficient.se == pytest.approx(want["glm_se"][place], rel=1e-8)
        assert term.coefficient.p == pytest.approx(want["p"][place], rel=1e-9)
        assert term.odds_ratio == pytest.approx(math.exp(want["coefficients"][place]), rel=1e-11)
        # R's script finds the roots with tol 1e-13 (absolute, on the coefficient).
        profile = [term.profile_ci.low, term.profile_ci.high]
        assert profile == pytest.approx(want["profile"][place], rel=1e-9, abs=1e-11)
        assert profile == pytest.approx(want["mass"][place], rel=2e-4, abs=1e-5)
        assert term.odds_ratio_profile_ci.low == pytest.approx(math.exp(profile[0]), rel=1e-12)
    assert (fit.deviance, fit.null_deviance) == pytest.approx((want["deviance"], want["null"]), rel=1e-12)
    assert fit.aic == pytest.approx(want["aic"], rel=1e-12)
    order = [want["names"].index({v: k for k, v in NAMES.items()}.get(t, t)) for t in terms]
    assert np.array(fit.covariance) == pytest.approx(
        np.array(want["covariance"])[np.ix_(order, order)], rel=1e-10
    )
    first = {name: values[:5] for name, values in predictors().items()}
    assert predict(fit, first) == pytest.approx(want["fitted"], rel=1e-10)


def test_backward_elimination_is_step_aic() -> None:
    want = expected()["logistic"]
    found = backward_elimination(flags("y"), predictors())
    assert isinstance(found, BackwardElimination)
    assert list(found.removed) == [want["step_removed"]]
    assert [step.aic for step in found.steps] == pytest.approx(want["step_aic"], rel=1e-12)
    terms = {term.column.name: term.coefficient.estimate for term in found.fit.terms}
    for name, value in zip(want["step_names"], want["step_coefficients"], strict=True):
        assert terms[NAMES.get(name, name)] == pytest.approx(value, rel=1e-11)
    assert "chosen on these same cases" in found.warnings[0]
    assert found.steps[-1].removed is None
    assert min(found.steps[-1].without.values()) > found.steps[-1].aic


def test_backward_elimination_keeps_what_it_is_told_to() -> None:
    found = backward_elimination(flags("y"), predictors(), keep=["male"])
    assert isinstance(found, BackwardElimination)
    assert "male" not in found.removed
    assert all("male" not in step.without for step in found.steps)
    with pytest.raises(AnalysisError, match="nobody is to be kept"):
        backward_elimination(flags("y"), predictors(), keep=["nobody"])


def test_backward_elimination_may_leave_the_intercept_alone() -> None:
    rng = random.Random(8)
    truth = [place % 2 == 0 for place in range(60)]
    found = backward_elimination(truth, {"noise": [rng.gauss(0, 1) for _ in truth], "const": [1.0, 2.0] * 30})
    # "const" is the outcome itself: complete separation is told before anything is chosen.
    assert isinstance(found, NotEstimable)
    alone = backward_elimination(truth, {"noise": [float(place // 2 % 3) for place in range(60)]})
    assert isinstance(alone, BackwardElimination)
    assert [term.column.name for term in alone.fit.terms] == ["Intercept"]
    assert isinstance(alone.fit.lr_p, NotEstimable)


def test_two_by_two_table_gives_its_odds_ratio() -> None:
    # Closed form: log(ad / bc) with SE sqrt(1/a + 1/b + 1/c + 1/d).
    a, b, c, d = 14, 6, 9, 31
    truth = [True] * a + [False] * b + [True] * c + [False] * d
    exposed = [True] * (a + b) + [False] * (c + d)
    term = fitted(truth, {"exposed": exposed}).terms[1]
    assert term.odds_ratio == pytest.approx(a * d / (b * c), rel=1e-12)
    assert term.coefficient.se == pytest.approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=1e-8)


def test_profile_limits_lose_the_chi_square_quantile() -> None:
    fit = fitted(flags("y"), {"marker": numbers("marker")})
    outcome, marker = np.array(flags("y")), np.array(numbers("marker"))
    for limit in (fit.terms[1].profile_ci.low, fit.terms[1].profile_ci.high):
        # The best intercept for that slope, by a grid as fine as a flat top needs.
        log_odds = np.linspace(-5, 0, 5001)[:, None] + limit * marker
        best = -np.logaddexp(0, np.where(outcome, -log_odds, log_odds)).sum(axis=1).min()
        assert 2 * (fit.log_likelihood - best) == pytest.approx(3.841458820694124, abs=1e-4)


def test_complete_separation_is_named() -> None:
    text = reason([False] * 4 + [True] * 4, {"size": [1, 2, 3, 4, 5, 6, 7, 8.0]})
    assert text == (
        "complete separation: no finite coefficient for size, which tell the outcomes apart without error"
    )


def test_quasi_complete_separation_names_the_category_alone() -> None:
    # Every case with stage T3 has the outcome; T1 and T2 overlap, and so does age.
    stage = ["T1"] * 6 + ["T2"] * 6 + ["T3"] * 4
    truth = [False, True, False, True, False, False, True, False, True, False, True, True] + [True] * 4
    age = [50, 61, 43, 58, 66, 47, 52, 63, 45, 59, 68, 41, 50, 55, 60, 65]
    text = reason(truth, {"stage": stage, "age": age})
    assert text.startswith(
        "quasi-complete separation: no finite coefficient for stage: T3, which in part tell"
    )
    found = backward_elimination(truth, {"stage": stage, "age": age})
    assert isinstance(found, NotEstimable)


@pytest.mark.parametrize("unit", [1e47, 1e-47, 1e12])
def test_the_unit_of_a_predictor_has_no_part_in_the_estimates(unit: float) -> None:
    """With a predictor in units of 1e47 the steps had once lost the other columns, and the intercept was 0."""
    plain, given = fitted(flags("y"), predictors()), predictors()
    given["marker"] = [value * unit for value in given["marker"]]
    scaled = fitted(flags("y"), given)
    assert (scaled.aic, scaled.lr_p) == pytest.approx((plain.aic, plain.lr_p), rel=1e-9)
    for own, other in zip(plain.terms, scaled.terms, strict=True):
        by = unit if own.column.name == "marker" else 1.0
        values, expect = (
            [one.coefficient.estimate, one.coefficient.se, one.profile_ci.low, one.profile_ci.high]  # type: ignore[union-attr]
            for one in (other, own)
        )
        assert [value * by for value in values] == pytest.approx(expect, rel=1e-8)
        assert other.coefficient.p == pytest.approx(own.coefficient.p, rel=1e-8)
    units = np.array([unit if term.column.name == "marker" else 1.0 for term in plain.terms])
    assert np.array(scaled.covariance) * np.outer(units, units) == pytest.approx(
        np.array(plain.covariance), rel=1e-8, abs=1e-14
    )
    chosen = [backward_elimination(flags("y"), one) for one in (predictors(), given)]
    assert all(isinstance(one, BackwardElimination) for one in chosen)
    assert chosen[0].removed == chosen[1].removed  # type: ignore[union-attr]


def test_a_steep_but_finite_fit_is_not_taken_for_separation() -> None:
    # One pair of cases out of place among widely spread ones: the fitted log odds pass 30, yet a maximum exists.
    size = [*(float(k) for k in range(60)), -200.0, 260.0]
    truth = [*(k >= 30 for k in range(60)), False, True]
    truth[29], truth[30] = True, False
    fit = fitted(truth, {"size": size})
    assert max(abs(fit.log_odds_low), fit.log_odds_high) > 30


separable = st.lists(
    st.tuples(st.booleans(), st.integers(-2, 2), st.integers(-1, 1)), min_size=4, max_size=14
).filter(lambda cases: len({case[0] for case in cases}) == 2)


DIRECTIONS = np.array([(a, b) for a in range(-12, 13) for b in range(-12, 13)]).T


def separates(cases: list[tuple[bool, int, int]]) -> bool:
    """The slow obvious way: is there a direction that errs on no case and is right on one?"""
    scores = np.array([case[1:] for case in cases]) @ DIRECTIONS
    with_outcome, without = (scores[[case[0] is value for case in cases]] for value in (True, False))
    errs_never = with_outcome.min(axis=0) >= without.max(axis=0)
    return bool((errs_never & (with_outcome.max(axis=0) > without.min(axis=0))).any())


@settings(derandomize=True, max_examples=60, deadline=None)
@given(separable)
def test_separation_is_found_exactly(cases: list[tuple[bool, int, int]]) -> None:
    outcome = np.array([case[0] for case in cases])
    design = np.column_stack([np.ones(len(cases)), [case[1] for case in cases], [case[2] for case in cases]])
    if np.linalg.matrix_rank(design) < 3:
        return
    found = find_separation(design.astype(float), outcome)
    assert (found is not None) == separates(cases)
    fit = maximize(design.astype(float), outcome, np.zeros(len(cases)))
    if found is not None:
        assert fit.is_suspect()
    else:
        assert fit.converged


def test_dependent_and_constant_predictors_are_named() -> None:
    truth = flags("y")
    marker = numbers("marker")
    text = reason(truth, {"marker": marker, "twice": [2 * value + 1 for value in marker]})
    assert text == "twice: constant or determined by the other predictors"
    assert reason(truth, {"flat": [3.0] * 240}).startswith("flat: constant")


@pytest.mark.parametrize(("value", "text"), [(True, "every case"), (False, "no case")])
def test_one_outcome_is_not_estimable(value: bool, text: str) -> None:
    assert reason([value] * 5, {"x": [1, 2, 3, 4, 5]}) == f"{text} has the outcome"


def test_missing_values_leave_the_case_out_by_name() -> None:
    given_values = predictors()
    given_values["marker"] = [None, *given_values["marker"][1:]]
    given_values["stage"] = [*given_values["stage"][:-1], None]
    fit = fitted(flags("y"), given_values, cases=[row["case"] for row in rows()])
    assert fit.dropped == ("C001", "C240")
    assert fit.n == 238
    assert fit.warnings == ("2 cases lack a predictor and are left out.",)
    inside = {name: values[1:-1] for name, values in predictors().items()}
    assert fit.terms == fitted(flags("y")[1:-1], inside).terms


def test_reference_category_can_be_chosen() -> None:
    by_t1 = fitted(flags("y"), predictors())
    by_t3 = fitted(flags("y"), predictors(), reference={"stage": "T3"})
    t1, t3 = ({t.column.name: t.coefficient.estimate for t in fit.terms} for fit in (by_t1, by_t3))
    assert t3["stage: T1"] == pytest.approx(-t1["stage: T3"], rel=1e-10)
    assert by_t3.predictors[-1].categories == ("T3", "T1", "T2")
    assert by_t1.deviance == pytest.approx(by_t3.deviance, rel=1e-13)


def test_few_events_per_coefficient_are_warned_of() -> None:
    fit = fitted([True, False] * 6, {"x": [1, 2, 2, 3, 1, 1, 2, 2, 3, 1, 1, 3]}, with_profile=False)
    assert "6.0 cases of the rarer outcome" in fit.warnings[0]
    assert fit.terms[1].profile_ci == NotEstimable("no profile interval was asked for")


def test_order_and_scale_of_the_input_do_not_matter() -> None:
    order = sorted(range(240), key=lambda row: (row * 7919) % 240)
    shuffled = {name: [values[row] for row in order] for name, values in reversed(predictors().items())}
    truth = flags("y")
    there, back = fitted(truth, predictors()), fitted([truth[row] for row in order], shuffled)
    assert there.to_json() == back.to_json()
    scaled = fitted(truth, {"marker": [1e6 * value for value in numbers("marker")]}).terms[1]
    plain = fitted(truth, {"marker": numbers("marker")}).terms[1]
    assert 1e6 * scaled.coefficient.estimate == pytest.approx(plain.coefficient.estimate, rel=1e-10)
    assert 1e6 * scaled.profile_ci.low == pytest.approx(plain.profile_ci.low, rel=1e-8)


def test_the_opposite_outcome_flips_every_sign() -> None:
    there = fitted(flags("y"), predictors())
    back = fitted([not value for value in flags("y")], predictors())
    for a, b in zip(there.terms, back.terms, strict=True):
        assert a.coefficient.estimate == pytest.approx(-b.coefficient.estimate, rel=1e-10)
        assert a.profile_ci.low == pytest.approx(-b.profile_ci.high, rel=1e-8)


@pytest.mark.parametrize(
    ("code", "truth", "given_predictors"),
    [
        ("no_cases", [], {"x": []}),
        ("lengths_differ", [True, False], {"x": [1.0]}),
        ("not_boolean", [True, 0], {"x": [1.0, 2.0]}),
        ("not_finite", [True, False], {"x": [1.0, math.nan]}),
        ("mixed_values", [True, False], {"x": [1.0, "T2"]}),
        ("not_a_number", [True, False], {"x": [1.0, [2.0]]}),
        ("no_cases", [True, False], {"x": [None, 1.0], "z": [1.0, None]}),
        ("name_reserved", [True, False], {"Intercept": [1.0, 2.0]}),
    ],
)
def test_bad_input_is_refused(code: str, truth: list[bool], given_predictors: dict[str, Any]) -> None:
    with pytest.raises(AnalysisError) as error:
        logistic_regression(truth, given_predictors)
    assert error.value.code == code


def test_bad_references_and_cases_are_refused() -> None:
    truth, stage = [True, False, True], ["T1", "T2", "T1"]
    for code, options in (
        ("reference_unknown", {"reference": {"stage": "T9"}}),
        ("reference_unknown", {"reference": {"age": "T1"}}),
        ("reference_unknown", {"reference": {"size": "T1"}}),
        ("duplicate_case", {"cases": ["a", "b", "a"]}),
        ("level_out_of_range", {"level": 1.5}),
    ):
        with pytest.raises(AnalysisError) as error:
            logistic_regression(truth, {"stage": stage, "size": [1, 2, 3]}, **options)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("predictor_missing", {"age": "gone"}),
        ("value_missing", {"age": [None]}),
        ("unknown_category", {"stage": ["T4"]}),
        ("not_a_number", {"age": ["old"]}),
        ("not_finite", {"age": [math.inf]}),
        ("lengths_differ", {"age": [1.0, 2.0]}),
    ],
)
def test_bad_new_cases_are_refused(code: str, change: dict[str, Any]) -> None:
    fit = fitted(flags("y"), predictors(), with_profile=False)
    new: dict[str, Any] = {"marker": [3.0], "age": [60.0], "stage": ["T2"], "male": [True]} | change
    new = {name: values for name, values in new.items() if values != "gone"}
    with pytest.raises(AnalysisError) as error:
        linear_predictor(fit, new)
    assert error.value.code == code
