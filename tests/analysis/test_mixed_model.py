"""The crossed mixed model against nlme, the dense likelihood and the mean squares of balanced data."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mixed_model import MixedModelFit, RandomTerm, fit_mixed_model

DESIGNS = Path(__file__).parents[1] / "reference" / "designs"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DESIGNS / name).open(newline="") as file:
        return list(csv.DictReader(file))


def crossed(values: np.ndarray) -> MixedModelFit | NotEstimable:
    readers = [f"r{j}" for j, _ in np.ndindex(*values.shape)]
    cases = [f"c{k}" for _, k in np.ndindex(*values.shape)]
    random = [RandomTerm("reader", readers), RandomTerm("case", cases)]
    return fit_mixed_model(values.ravel().tolist(), {"mean": [1.0] * values.size}, random)


def simulated(seed: int, readers: int = 4, cases: int = 25) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.asarray(
        0.3
        + rng.normal(0, 0.5, (readers, 1))
        + rng.normal(0, 0.6, (1, cases))
        + rng.normal(0, 0.4, (readers, cases))
    )


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_balanced_data_give_the_mean_squares_their_variance_and_their_degrees_of_freedom(seed: int) -> None:
    values = simulated(seed)
    j, k = values.shape
    mean, by_reader, by_case = values.mean(), values.mean(axis=1), values.mean(axis=0)
    ms_reader = k * ((by_reader - mean) ** 2).sum() / (j - 1)
    ms_case = j * ((by_case - mean) ** 2).sum() / (k - 1)
    rest = values - by_reader[:, None] - by_case[None, :] + mean
    ms_rest = (rest**2).sum() / ((j - 1) * (k - 1))
    fit = crossed(values)
    assert isinstance(fit, MixedModelFit)
    if min(ms_reader, ms_case) <= ms_rest:
        assert 0.0 in fit.variances.values()
        return
    whole = ms_reader + ms_case - ms_rest
    df = whole**2 / (ms_reader**2 / (j - 1) + ms_case**2 / (k - 1) + ms_rest**2 / ((j - 1) * (k - 1)))
    assert fit.coefficients[0].estimate == pytest.approx(mean, abs=1e-12)
    assert fit.coefficients[0].se == pytest.approx(math.sqrt(whole / (j * k)), rel=1e-7)
    assert fit.coefficients[0].df == pytest.approx(max(df, j - 1), rel=1e-5)
    assert fit.variances == pytest.approx(
        {"reader": (ms_reader - ms_rest) / k, "case": (ms_case - ms_rest) / j, "residual": ms_rest}, rel=1e-6
    )


def test_unbalanced_crossed_effects_match_nlme(reference: Callable[[str], Any]) -> None:
    expected = reference("designs/expected.json")["crossed"]
    rows = rows_of("pairs.csv")
    y = [math.log(float(row["seconds_after"])) - math.log(float(row["seconds_before"])) for row in rows]
    random = [RandomTerm(name, [row[name] for row in rows]) for name in ("reader", "case")]
    fit = fit_mixed_model(y, {"mean": [1.0] * len(y)}, random)
    assert isinstance(fit, MixedModelFit)
    # nlme stops when the criterion no longer changes, at five digits of the variances.
    assert fit.reml_criterion == pytest.approx(expected["criterion"], abs=1e-6)
    assert fit.reml_criterion <= expected["criterion"] + 1e-9
    assert fit.coefficients[0].estimate == pytest.approx(expected["estimate"], rel=1e-5)
    assert fit.coefficients[0].se == pytest.approx(expected["se"], rel=1e-5)
    for name in ("reader", "case", "residual"):
        assert fit.variances[name] == pytest.approx(expected[name], rel=1e-5)


def test_random_trends_and_the_dense_likelihood() -> None:
    """Minimizes the restricted likelihood of the dense covariance matrix by Nelder-Mead, a second way."""
    rng = np.random.default_rng(8)
    n = 60
    reader, case = rng.integers(0, 4, n), rng.integers(0, 15, n)
    x = rng.normal(size=n)
    slope, level = rng.normal(0, 0.5, 4), rng.normal(0, 0.7, 15)
    y = 1.0 + 0.4 * x + slope[reader] * x + level[case] + rng.normal(0, 0.5, n)
    design = np.column_stack([np.ones(n), x])
    z_case, z_slope = np.eye(15)[case], np.eye(4)[reader] * x[:, None]

    def parts(logs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        v = math.exp(logs[0]) * z_case @ z_case.T + math.exp(logs[1]) * z_slope @ z_slope.T
        v += math.exp(logs[2]) * np.eye(n)
        inverse = np.linalg.inv(v)
        information = design.T @ inverse @ design
        beta = np.linalg.solve(information, design.T @ inverse @ y)
        rest = y - design @ beta
        criterion = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1] + rest @ inverse @ rest
        return criterion + (n - 2) * math.log(2 * math.pi), beta, np.linalg.inv(information)

    found = minimize(
        lambda logs: parts(logs)[0],
        np.zeros(3),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-13},
    )
    criterion, beta, covariance = parts(found.x)
    fit = fit_mixed_model(
        y.tolist(),
        {"mean": [1.0] * n, "x": x.tolist()},
        [
            RandomTerm("trend", [str(r) for r in reader], x.tolist()),
            RandomTerm("case", [str(c) for c in case]),
        ],
    )
    assert isinstance(fit, MixedModelFit)
    assert fit.reml_criterion == pytest.approx(criterion, abs=1e-9)
    assert [c.estimate for c in fit.coefficients] == pytest.approx(beta, rel=1e-6)
    assert [c.se for c in fit.coefficients] == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
    assert fit.variances == pytest.approx(
        {"case": math.exp(found.x[0]), "trend": math.exp(found.x[1]), "residual": math.exp(found.x[2])},
        rel=1e-6,
    )


def test_the_order_of_rows_changes_nothing() -> None:
    rows = rows_of("pairs.csv")
    results = []
    for chosen in (rows, rows[::-1]):
        y = [float(row["seconds_after"]) for row in chosen]
        random = [RandomTerm(name, [row[name] for row in chosen]) for name in ("reader", "case")]
        results.append(fit_mixed_model(y, {"mean": [1.0] * len(y)}, random))
    assert results[0] == results[1]


def test_a_component_that_would_be_negative_is_zero_and_said() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [1.0, 4.0, 2.0, 3.0]])
    fit = crossed(values)
    assert isinstance(fit, MixedModelFit)
    assert fit.variances["reader"] == 0.0
    assert "The variance of reader is estimated as 0." in fit.warnings
    assert fit.coefficients[0].df >= 2.0


def test_what_cannot_be_fitted_says_why() -> None:
    ones, cases, readers = [1.0] * 4, ["a", "a", "b", "b"], ["r", "s", "r", "s"]
    random = [RandomTerm("reader", readers), RandomTerm("case", cases)]
    assert crossed(np.ones((3, 4))) == NotEstimable("the model leaves no residual variance")
    exact = np.array([[1.0], [2.0], [4.0]]) + np.array([[0.0, 3.0, 5.0, 9.0]])
    assert crossed(exact) == NotEstimable("the model leaves no residual variance")
    one = [RandomTerm("reader", ["r"] * 4), RandomTerm("case", cases)]
    assert fit_mixed_model([1.0, 2.0, 3.0, 5.0], {"mean": ones}, one) == NotEstimable(
        "reader has fewer than two levels"
    )
    twice = fit_mixed_model([1.0, 2.0, 3.0, 5.0], {"mean": ones, "again": ones}, random)
    assert twice == NotEstimable("the fixed effects cannot be told apart in these data")
    own = [RandomTerm("case", ["a", "b", "c", "d"])]
    assert isinstance(fit_mixed_model([1.0, 2.0, 3.0, 5.0], {"mean": ones}, own), NotEstimable)
    few = fit_mixed_model([1.0, 2.0], {"mean": [1.0, 1.0], "x": [0.0, 1.0]}, [RandomTerm("case", ["a", "a"])])
    assert isinstance(few, NotEstimable)


def test_cases_of_one_row_each_leave_the_readers() -> None:
    y = [1.0, 2.5, 3.0, 5.5, 2.0, 4.0]
    readers, cases = ["r", "r", "s", "s", "t", "t"], list("abcdef")
    both = fit_mixed_model(y, {"mean": [1.0] * 6}, [RandomTerm("reader", readers), RandomTerm("case", cases)])
    alone = fit_mixed_model(y, {"mean": [1.0] * 6}, [RandomTerm("reader", readers)])
    assert isinstance(both, MixedModelFit)
    assert isinstance(alone, MixedModelFit)
    assert both.coefficients == alone.coefficients
    assert both.warnings[0] == "Each observation has a case of its own: its variance is part of the residual."


@pytest.mark.parametrize(
    ("y", "x", "code"),
    [
        ([1.0, math.nan, 2.0], [1.0, 1.0, 1.0], "not_finite"),
        ([1.0, 3.0, 2.0], [1.0, math.inf, 1.0], "not_finite"),
        ([1.0, 3.0, 2.0], [1.0, 1.0], "lengths_differ"),
    ],
)
def test_wrong_columns_are_refused(y: list[float], x: list[float], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        fit_mixed_model(y, {"x": x}, [RandomTerm("case", ["a", "b", "a"])])
    assert refused.value.code == code


def test_an_unknown_coefficient_is_refused() -> None:
    fit = crossed(simulated(1))
    assert isinstance(fit, MixedModelFit)
    assert fit.coefficient("mean") == fit.coefficients[0]
    with pytest.raises(AnalysisError, match="no fixed effect x"):
        fit.coefficient("x")
