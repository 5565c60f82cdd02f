"""Intraclass correlations against Shrout and Fleiss, psych, irr, analysis of variance, and on awkward input."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f as f_distribution

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.icc import icc, icc_band
from backend.analysis.icc_core import IccForm
from backend.analysis.results import Interval
from tests.analysis.rating_data import number, read_measurements

# Shrout PE, Fleiss JL. Psychol Bull 1979;86:420-428, table 2: 6 targets x 4 judges.
SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
PSYCH: dict[str, IccForm] = {
    "ICC1": "ICC(1)", "ICC2": "ICC(A,1)", "ICC3": "ICC(C,1)",
    "ICC1k": "ICC(k)", "ICC2k": "ICC(A,k)", "ICC3k": "ICC(C,k)",
}  # fmt: skip
FORMS: tuple[IccForm, ...] = ("ICC(1)", "ICC(k)", "ICC(C,1)", "ICC(C,k)", "ICC(A,1)", "ICC(A,k)")


def raters_of(rows: list[list[float]]) -> dict[str, dict[str, float | None]]:
    return {f"j{j}": {f"t{i:02d}": row[j] for i, row in enumerate(rows)} for j in range(len(rows[0]))}


def bounds(value: object) -> tuple[float, float]:
    assert isinstance(value, Interval)
    return value.low, value.high


def test_ten_forms_of_shrout_and_fleiss() -> None:
    """The paper prints .17 .29 .71 .44 .62 .91; psych::ICC 2.2.9 the digits."""
    result = icc(raters_of(SHROUT))
    assert len(result.forms) == 10
    published = {
        "ICC(1,1)": 0.1657418, "ICC(2,1)": 0.2897638, "ICC(3,1)": 0.7148407,
        "ICC(1,k)": 0.4427971, "ICC(2,k)": 0.6200505, "ICC(3,k)": 0.9093155,
    }  # fmt: skip
    named = {form.shrout_fleiss: form for form in result.forms if form.shrout_fleiss}
    assert set(named) == set(published)
    for name, value in published.items():
        assert named[name].icc == pytest.approx(value, abs=5.1e-8)
    assert bounds(named["ICC(2,1)"].ci) == pytest.approx((0.01878651, 0.76108437), abs=5.1e-9)
    assert named["ICC(2,1)"].mcgraw_wong == "ICC(A,1)"
    assert named["ICC(3,1)"].band == "moderate"


def test_matches_psych(reference: Callable[[str], Any]) -> None:
    """psych 2.2.9, ICC(x, lmer = FALSE)."""
    result = icc(read_measurements("measurements.csv"))
    for expected in reference("agreement/expected.json")["psych_icc"]:
        form = result.form(PSYCH[expected["type"]])
        assert form.icc == pytest.approx(expected["icc"], rel=1e-11)
        assert bounds(form.ci) == pytest.approx((expected["low"], expected["high"]), rel=1e-9)
        assert (form.f, form.df1, form.df2) == pytest.approx(
            (expected["f"], expected["df1"], expected["df2"]), rel=1e-11
        )
        assert form.p == pytest.approx(expected["p"], abs=1e-14)


def test_matches_irr(reference: Callable[[str], Any]) -> None:
    """irr 0.84.1, icc(x, r0 = 0.3); of absolute agreement its F statistic and ICC(A,1) interval only."""
    expected = reference("agreement/expected.json")["irr_icc"]
    result = icc(read_measurements("measurements.csv"), tested_value=0.3)
    for name in FORMS:
        form, theirs = result.form(name), expected[name]
        assert form.icc == pytest.approx(theirs["icc"], rel=1e-11)
        assert form.f == pytest.approx(theirs["f"], rel=1e-11)
        if name != "ICC(A,k)":
            assert bounds(form.ci) == pytest.approx((theirs["low"], theirs["high"]), rel=1e-9)
        if not name.startswith("ICC(A"):
            assert (form.df1, form.df2) == (theirs["df1"], theirs["df2"])
            assert form.p == pytest.approx(theirs["p"], rel=1e-8)


def test_interval_of_a_mean_is_mcgraw_and_wongs_printed_formula() -> None:
    """Table 7 of McGraw and Wong for ICC(A,k), with a = rho / (n (1 - rho)) at rho = ICC(A,k)."""
    result = icc(raters_of(SHROUT))
    n, k = 6, 4
    msr, msc, mse = (
        number(value)
        for value in (result.mean_square_cases, result.mean_square_raters, result.mean_square_residual)
    )
    rho = number(result.form("ICC(A,k)").icc)
    a, b = rho / (n * (1 - rho)), 1 + rho * (n - 1) / (n * (1 - rho))
    df = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1)))
    below, above = f_distribution.ppf(0.975, n - 1, df), f_distribution.ppf(0.975, df, n - 1)
    low = n * (msr - below * mse) / (below * (msc - mse) + n * msr)
    high = n * (above * msr - mse) / (msc - mse + n * above * msr)
    assert bounds(result.form("ICC(A,k)").ci) == pytest.approx((low, high), rel=1e-10)


def test_bounds_are_the_values_that_the_test_just_rejects() -> None:
    """At the lower bound of the consistency forms the F test has p = 0.025."""
    raters = read_measurements("measurements.csv")
    for name in ("ICC(1)", "ICC(k)", "ICC(C,1)", "ICC(C,k)"):
        low = bounds(icc(raters).form(name).ci)[0]
        assert icc(raters, tested_value=low).form(name).p == pytest.approx(0.025, rel=1e-8)


def test_random_and_mixed_models_share_numbers_and_say_what_they_assume() -> None:
    result = icc(raters_of(SHROUT))
    for name in ("ICC(C,1)", "ICC(C,k)", "ICC(A,1)", "ICC(A,k)"):
        random_model = result.form(name, "two-way random")
        mixed = result.form(name, "two-way mixed")
        assert (random_model.icc, random_model.ci) == (mixed.icc, mixed.ci)
        assert (mixed.note is not None) == name.endswith("k)")
        assert random_model.note is None
    with pytest.raises(AnalysisError, match=r"no ICC\(A,1\) in a one-way random"):
        result.form("ICC(A,1)", "one-way random")


def test_weighted_kappa_nears_the_icc() -> None:
    """Fleiss and Cohen 1973: quadratic kappa is ICC(A,1) but for terms of 1/n."""
    from backend.analysis.agreement import cohen_kappa

    rng = random.Random(4)
    true = [rng.randint(1, 5) for _ in range(3000)]
    a = [min(5, max(1, t + rng.choice([-1, 0, 0, 1]))) for t in true]
    b = [min(5, max(1, t + rng.choice([-1, 0, 0, 0, 1]))) for t in true]
    raters: dict[str, dict[str, float | None]] = {
        "a": {str(i): v for i, v in enumerate(a)}, "b": {str(i): v for i, v in enumerate(b)}
    }  # fmt: skip
    kappa = number(cohen_kappa(a, b, range(1, 6), "quadratic").kappa)
    assert icc(raters).form("ICC(A,1)").icc == pytest.approx(kappa, abs=3e-4)


def test_missing_measurements_are_named() -> None:
    raters = raters_of(SHROUT)
    raters["j0"]["t03"] = None
    del raters["j2"]["t05"]
    result = icc(raters)
    assert (result.n, result.dropped_cases) == (4, ("t03", "t05"))


def test_full_agreement_and_constant_offset() -> None:
    full = icc(raters_of([[1.1, 1.1], [2.3, 2.3], [7.7, 7.7]]))
    for form in full.forms:
        assert form.icc == 1.0
        assert form.ci == form.f == NotEstimable("the residual variance is 0")
    offset = icc(raters_of([[1.0, 2.0], [2.0, 3.0], [7.0, 8.0]]))
    assert offset.form("ICC(C,1)").icc == 1.0
    assert number(offset.form("ICC(A,1)").icc) < 1.0


def test_awkward_input() -> None:
    flat = icc(raters_of([[0.1, 0.1], [0.1, 0.1]]))
    assert {form.icc for form in flat.forms} == {NotEstimable("all measurements are equal")}
    tied = icc(raters_of([[1.0, 3.0], [3.0, 1.0]]))
    assert tied.form("ICC(k)").icc == NotEstimable("the total variance is estimated as 0")
    assert tied.form("ICC(1)").icc == -1.0
    assert tied.warnings
    one = icc({"a": {"x": 1.0, "y": 2.0}, "b": {"x": 1.0}})
    assert isinstance(one.forms[0].icc, NotEstimable)
    assert one.dropped_cases == ("y",)
    none = icc({"a": {}, "b": {}})
    assert none.n == 0
    for result in (flat, tied, one, none):
        result.to_json()


@pytest.mark.parametrize(
    ("raters", "options", "code", "named"),
    [
        ({"a": {"x": 1.0}}, {}, "too_few_raters", "there are 1"),
        ({"a": {"x": 1.0}, "b": {"x": math.nan}}, {}, "not_finite", "b, case x"),
        ({"a": {"x": 1.0}, "b": {"x": math.inf}}, {}, "not_finite", "b, case x"),
        ({"a": {"x": 1.0}, "b": {"x": "2"}}, {}, "not_a_number", "b, case x"),
        ({"a": {"x": 1.0}, "b": {"x": True}}, {}, "not_a_number", "b, case x"),
        ({"a": {}, "b": {}}, {"tested_value": 1.0}, "tested_value_out_of_range", r"not 1\.0"),
        ({"a": {}, "b": {}}, {"level": 95.0}, "level_out_of_range", "confidence level"),
    ],
)
def test_bad_input_is_refused_by_name(raters: Any, options: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        icc(raters, **options)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "band"), [(0.49, "poor"), (0.5, "moderate"), (0.75, "good"), (0.9, "excellent")]
)
def test_bands_of_koo_and_li(value: float, band: str) -> None:
    assert icc_band(value) == band


table = st.lists(st.lists(st.integers(-20, 20).map(float), min_size=3, max_size=3), min_size=2, max_size=10)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(table, st.randoms(use_true_random=False))
def test_order_changes_no_bit_and_shift_and_scale_change_nothing(
    rows: list[list[float]], rng: random.Random
) -> None:
    raters = raters_of(rows)
    result = icc(raters)
    result.to_json()
    shuffled = {
        name: dict(rng.sample(list(raters[name].items()), len(rows))) for name in rng.sample(list(raters), 3)
    }
    assert icc(shuffled) == result
    moved = icc(raters_of([[value * 2.0 + 64.0 for value in row] for row in rows]))
    for ours, theirs in zip(result.forms, moved.forms, strict=True):
        assert type(ours.icc) is type(theirs.icc)
        if isinstance(ours.icc, float):
            assert theirs.icc == pytest.approx(ours.icc, abs=1e-9)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(table)
def test_mean_squares_are_those_of_sums_of_squares(rows: list[list[float]]) -> None:
    x = np.array(rows)
    n, k = x.shape
    result = icc(raters_of(rows))
    grand = x.mean()
    between = k * ((x.mean(axis=1) - grand) ** 2).sum()
    raters = n * ((x.mean(axis=0) - grand) ** 2).sum()
    rest = ((x - grand) ** 2).sum() - between - raters
    ours = (result.mean_square_cases, result.mean_square_raters, result.mean_square_residual)
    theirs = (between / (n - 1), raters / (k - 1), rest / ((n - 1) * (k - 1)))
    assert ours == pytest.approx(theirs, abs=1e-9)
