"""The operating table against DTComPair, Bayes' theorem and counting."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.operating_table import (
    likelihood_ratio,
    operating_row,
    operating_table,
    predictive_values,
)
from backend.analysis.proportions import proportion
from backend.analysis.results import Interval
from backend.analysis.roc import RocCurve, roc_curve


@pytest.mark.parametrize("entry", [0, 1])
def test_likelihood_ratios_match_dtcompair(reference: Callable[[str], Any], entry: int) -> None:
    expected = reference("roc/expected.json")["one_test"][entry]
    row = operating_row(*(expected[name] for name in ("tp", "fn", "tn", "fp")))
    for ours, theirs in ((row.lr_positive, expected["pdlr"]), (row.lr_negative, expected["ndlr"])):
        assert isinstance(ours.ci, Interval)
        assert (ours.estimate, ours.se_log, ours.ci.low, ours.ci.high) == pytest.approx(
            (theirs["est"], theirs["se.ln"], theirs["lcl"], theirs["ucl"]), rel=1e-12
        )
    assert row.ppv.estimate == pytest.approx(expected["ppv"], rel=1e-12)
    assert row.npv.estimate == pytest.approx(expected["npv"], rel=1e-12)


@pytest.mark.parametrize("entry", [0, 1])
def test_predictive_values_at_a_prevalence_are_dtcompairs_projection(
    reference: Callable[[str], Any], entry: int
) -> None:
    """pv.prev of DTComPair: PPV = 1 / (1 + (1 / pi - 1) / LR+), at the ratio and at its limits."""
    expected = reference("roc/expected.json")["one_test"][entry]
    counts = tuple(expected[name] for name in ("tp", "fn", "tn", "fp"))
    for share in (0.02, 0.3, 0.8):
        ours = predictive_values(*counts, prevalence=share)
        assert isinstance(ours.ppv_ci, Interval)
        assert isinstance(ours.npv_ci, Interval)
        ppv = [1 / (1 + (1 / share - 1) / expected["pdlr"][key]) for key in ("est", "lcl", "ucl")]
        assert [ours.ppv, ours.ppv_ci.low, ours.ppv_ci.high] == pytest.approx(ppv, rel=1e-12)
        npv = [1 / (1 + expected["ndlr"][key] / (1 / share - 1)) for key in ("est", "ucl", "lcl")]
        assert [ours.npv, ours.npv_ci.low, ours.npv_ci.high] == pytest.approx(npv, rel=1e-12)


def test_predictive_interval_is_mercaldos_logit_interval() -> None:
    """The variance of logit PPV, Mercaldo 2007: (1 - Se) / (Se n1) + Sp / ((1 - Sp) n0)."""
    values = predictive_values(80, 20, 135, 15, prevalence=0.1)
    assert isinstance(values.ppv, float)
    assert isinstance(values.ppv_ci, Interval)
    variance = 0.2 / (0.8 * 100) + 0.9 / (0.1 * 150)
    low = math.log(values.ppv / (1 - values.ppv)) - 1.959963984540054 * math.sqrt(variance)
    assert values.ppv_ci.low == pytest.approx(1 / (1 + math.exp(-low)), rel=1e-12)


def test_at_the_prevalence_of_the_data_the_values_are_the_observed_ones() -> None:
    row = operating_row(80, 20, 135, 15, prevalences=(0.4,))
    assert row.at_prevalence[0].ppv == pytest.approx(row.ppv.estimate, rel=1e-13)
    assert row.at_prevalence[0].npv == pytest.approx(row.npv.estimate, rel=1e-13)


def test_zero_counts_are_told_and_never_patched() -> None:
    row = operating_row(5, 0, 4, 0, prevalences=(0.2,))
    assert row.lr_positive.estimate == NotEstimable("no negative case was called so: infinite")
    assert row.lr_negative.estimate == 0.0
    assert isinstance(row.lr_negative.ci, NotEstimable)
    assert (row.at_prevalence[0].ppv, row.at_prevalence[0].npv) == (1.0, 1.0)
    assert isinstance(row.at_prevalence[0].ppv_ci, NotEstimable)
    nothing = operating_row(0, 5, 4, 0, prevalences=(0.2,))
    assert nothing.lr_positive.estimate == NotEstimable("no case was called so")
    assert nothing.ppv.estimate == NotEstimable("there is no case called positive")
    assert nothing.at_prevalence[0].ppv == NotEstimable("no case was called so")
    assert nothing.at_prevalence[0].npv == pytest.approx(0.8)
    assert isinstance(nothing.lr_negative.ci, NotEstimable)
    assert isinstance(nothing.at_prevalence[0].npv_ci, NotEstimable)
    one_class = operating_row(0, 0, 4, 1, prevalences=(0.2,))
    assert one_class.youden == one_class.lr_positive.ci == NotEstimable("there is no positive case")
    assert isinstance(one_class.at_prevalence[0].ppv, NotEstimable)
    assert one_class.specificity.estimate == 0.8
    assert likelihood_ratio(1, 2, 0, 0).estimate == NotEstimable("there is no negative case")
    row.to_json()
    nothing.to_json()


cases = st.lists(st.tuples(st.booleans(), st.integers(1, 5)), min_size=1, max_size=25)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(cases, st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_rows_are_counted(rows: list[tuple[bool, int]], thresholds: list[int]) -> None:
    truth, scores = [row[0] for row in rows], [float(row[1]) for row in rows]
    table = operating_table(truth, scores, thresholds=thresholds)
    assert [row.threshold for row in table.rows] == sorted(set(thresholds), reverse=True)
    for row in table.rows:
        assert row.threshold is not None
        tp = sum(s >= row.threshold and t for t, s in zip(truth, scores, strict=True))
        fp = sum(s >= row.threshold and not t for t, s in zip(truth, scores, strict=True))
        assert (row.true_positives, row.false_positives) == (tp, fp)
        assert row.true_positives + row.false_negatives == table.n_positive == sum(truth)
        assert row.true_negatives + row.false_positives == table.n_negative
        assert row.ppv == proportion(tp, tp + fp, of_what="case called positive")
    assert operating_table(truth[::-1], scores[::-1], thresholds=thresholds[::-1]) == table


@settings(derandomize=True, max_examples=40, deadline=None)
@given(cases.filter(lambda rows: len({row[0] for row in rows}) == 2))
def test_every_threshold_is_the_curve(rows: list[tuple[bool, int]]) -> None:
    truth, scores = [row[0] for row in rows], [float(row[1]) for row in rows]
    curve, table = roc_curve(truth, scores), operating_table(truth, scores)
    assert isinstance(curve, RocCurve)
    assert [(row.threshold, row.sensitivity.estimate, row.specificity.estimate) for row in table.rows] == [
        (point.threshold, point.sensitivity, point.specificity) for point in curve.points
    ]
    for row in table.rows:
        se, sp = (
            Fraction(row.true_positives, curve.n_positive),
            Fraction(row.true_negatives, curve.n_negative),
        )
        assert row.youden == pytest.approx(float(se + sp - 1), abs=1e-15)


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="row 1 of thresholds is nan"):
        operating_table([True, False], [1.0, 2.0], thresholds=[1.0, math.nan])
    with pytest.raises(AnalysisError, match="the prevalence must lie between 0 and 1"):
        operating_table([True, False], [1.0, 2.0], prevalences=[1.2])
    with pytest.raises(AnalysisError, match="no case"):
        operating_table([], [])
    with pytest.raises(AnalysisError, match="negative one"):
        operating_row(1, -1, 0, 0)
    with pytest.raises(AnalysisError, match="confidence level"):
        operating_table([True], [1.0], level=1.0)
