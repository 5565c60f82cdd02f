"""Log-rank tests against survdiff (survival 3.5.3, R 4.2.2), lifelines 0.30.3 and table-by-table sums."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival.logrank import SINGLE, logrank, logrank_trend
from backend.analysis.survival.outcomes import Outcomes, outcomes

rows_of_groups = st.lists(
    st.tuples(st.integers(1, 6), st.booleans(), st.sampled_from("xyz")), min_size=2, max_size=30
)


def groups_of(known: Outcomes, labels: str) -> dict[str, str]:
    return dict(zip(known.cases, labels, strict=True))


@pytest.mark.parametrize(
    ("name", "group", "arguments"),
    [
        ("two", "ulcer", {}),
        ("three", "stage", {}),
        ("strata", "stage", {"strata": "center"}),
        ("peto", "stage", {"rho": 1.0}),
        ("half", "ulcer", {"strata": "center", "rho": 0.5}),
    ],
)
def test_matches_survdiff(
    simulated: Any, expected: Any, name: str, group: str, arguments: dict[str, Any]
) -> None:
    values = expected["logrank"][name]
    if "strata" in arguments:
        arguments = arguments | {"strata": simulated.labels(arguments["strata"])}
    result = logrank(simulated.outcomes(), simulated.labels(group), **arguments)
    assert result.chi_square == pytest.approx(values["chisq"], rel=1e-12)
    assert result.p == pytest.approx(values["p"], rel=1e-11)
    assert [row.observed for row in result.groups] == pytest.approx(values["observed"], rel=1e-12)
    assert [row.expected for row in result.groups] == pytest.approx(values["expected"], rel=1e-12)
    assert result.n_strata == (2 if "strata" in arguments else 1)


def test_freireich_trial(gehan: Any) -> None:
    """survdiff(Surv(time, cens) ~ treat, MASS::gehan): 16.8 in print."""
    result = logrank(gehan.outcomes(), gehan.labels("arm"))
    assert result.chi_square == pytest.approx(16.79294098921654, rel=1e-13)
    assert result.groups[0].expected == pytest.approx(19.25050094803113, rel=1e-13)
    assert [(row.group, row.n, row.events) for row in result.groups] == [("6-MP", 21, 9), ("control", 21, 21)]


def test_trend_is_the_quadratic_form_of_survdiff(simulated: Any, expected: Any) -> None:
    stage = simulated.labels("stage")
    plain = logrank_trend(simulated.outcomes(), stage, {"T2": 1, "T3": 2, "T4": 3})
    assert plain.chi_square == pytest.approx(expected["trend"]["plain"], rel=1e-11)
    strata = logrank_trend(
        simulated.outcomes(), stage, {"T4": 3, "T3": 1, "T2": 0}, strata=simulated.labels("center")
    )
    assert strata.chi_square == pytest.approx(expected["trend"]["strata"], rel=1e-11)
    assert strata.trend_scores == (0, 1, 3)
    # Without ties it is the score test of a Cox model with the scores as its covariate.
    exact = logrank_trend(simulated.outcomes("exact"), stage, {"T2": 1, "T3": 2, "T4": 3})
    assert exact.chi_square == pytest.approx(expected["trend"]["score_test"], rel=1e-11)


def table_by_table(
    rows: list[tuple[int, bool, str]], names: list[str], weight: Callable[[float], float]
) -> tuple[np.ndarray, np.ndarray]:
    """O - E and its covariance, one hypergeometric table an event time."""
    difference, covariance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    survival = 1.0
    for time in sorted({own for own, event, _ in rows if event}):
        n = np.array([sum(own >= time and group == name for own, _, group in rows) for name in names])
        d = np.array([sum(own == time and e and group == name for own, e, group in rows) for name in names])
        share, total = n / n.sum(), d.sum()
        difference += weight(survival) * (d - total * share)
        if n.sum() > 1:
            factor = total * (n.sum() - total) / (n.sum() - 1) * weight(survival) ** 2
            covariance += factor * (np.diag(share) - np.outer(share, share))
        survival *= 1 - total / n.sum()
    return difference, covariance


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    rows_of_groups, st.sampled_from([(0.0, 0.0), (1.0, 0.0), (0.5, 1.0)]), st.randoms(use_true_random=False)
)
def test_sums_table_by_table_and_invariances(
    rows: list[tuple[int, bool, str]], exponents: tuple[float, float], random: Any
) -> None:
    known = outcomes([float(time) for time, _, _ in rows], [event for _, event, _ in rows])
    groups = groups_of(known, "".join(group for _, _, group in rows))
    rho, gamma = exponents
    result = logrank(known, groups, rho=rho, gamma=gamma)
    names = [row.group for row in result.groups]
    difference, covariance = table_by_table(rows, names, lambda s: s**rho * (1 - s) ** gamma)
    observed = [row.observed - row.expected for row in result.groups]
    assert observed == pytest.approx(difference.tolist(), abs=1e-12)
    if isinstance(result.chi_square, NotEstimable):
        assert result.p == result.chi_square
    else:
        slow = difference @ np.linalg.pinv(covariance, rcond=1e-9) @ difference
        assert result.chi_square == pytest.approx(slow, rel=1e-8, abs=1e-10)
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    again = outcomes(
        [known.times[row] for row in shuffled],
        [known.events[row] for row in shuffled],
        cases=[known.cases[row] for row in shuffled],
    )
    assert logrank(again, groups, rho=rho, gamma=gamma) == result
    renamed = {case: {"x": "b", "y": "a", "z": "c"}[group] for case, group in groups.items()}
    relabelled = logrank(known, renamed, rho=rho, gamma=gamma)
    assert isinstance(relabelled.chi_square, NotEstimable) == isinstance(result.chi_square, NotEstimable)
    if not isinstance(result.chi_square, NotEstimable):
        assert relabelled.chi_square == pytest.approx(result.chi_square, rel=1e-8, abs=1e-10)


def test_trend_of_two_groups_is_the_test_itself(simulated: Any) -> None:
    ulcer = simulated.labels("ulcer")
    one = logrank(simulated.outcomes(), ulcer)
    trend = logrank_trend(simulated.outcomes(), ulcer, {"0": 5.0, "1": -2.0})
    assert trend.chi_square == pytest.approx(one.chi_square, rel=1e-12)


def test_group_without_an_event_is_tested_and_told(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, -4, -5, -6)
    result = logrank(known, groups_of(known, "xxxyyy"))
    assert result.warnings == ("Group y has no event.",)
    # By hand: E(x) = 3/6 + 2/5 + 1/4, V = 1/4 + 6/25 + 3/16.
    assert result.chi_square == pytest.approx((3 - 1.15) ** 2 / (0.25 + 0.24 + 0.1875), rel=1e-13)


def test_group_of_one_case_is_tested_and_told(make_outcomes: Callable[..., Outcomes]) -> None:
    """survdiff 3.5-3 of times 4 | 1, 3+, 5, 6, 8+ has chi-square 1.04255319148936."""
    known = make_outcomes(4, 1, -3, 5, 6, -8)
    groups = groups_of(known, "xyyyyy")
    result = logrank(known, groups)
    assert result.chi_square == pytest.approx(1.04255319148936, rel=1e-12)
    assert result.warnings == (SINGLE.format(group="x"),)
    trend = logrank_trend(known, groups, {"x": 1.0, "y": 2.0})
    assert trend.warnings == result.warnings
    alone = logrank(make_outcomes(-9, 1, -3, 5, 6, -8), groups)
    assert alone.warnings == (SINGLE.format(group="x"), "Group x has no event.")


def test_group_gone_before_the_first_event_takes_no_degree_of_freedom(
    make_outcomes: Callable[..., Outcomes],
) -> None:
    known = make_outcomes(-1, -1, 3, 4, 5, -6)
    result = logrank(known, groups_of(known, "zzxyxy"))
    assert result.df == 1
    assert result.chi_square == pytest.approx(
        logrank(known, dict(zip("cdef", "xyxy", strict=True))).chi_square
    )


@pytest.mark.parametrize(
    ("signed", "labels", "reason"),
    [
        ((1, 2, -3), "xxx", "there is only one group"),
        ((-1, -2, -3), "xyx", "no case had the event"),
        ((-1, -1, 3, 4), "yyxx", "only one group was at risk when events happened"),
    ],
)
def test_undefined_tests_have_a_reason(
    make_outcomes: Callable[..., Outcomes], signed: tuple[int, ...], labels: str, reason: str
) -> None:
    known = make_outcomes(*signed)
    result = logrank(known, groups_of(known, labels))
    trend = logrank_trend(known, groups_of(known, labels), {"x": 0, "y": 1})
    assert result.chi_square == result.p == trend.p == NotEstimable(reason)
    assert result.to_json()["p"] == {"not_estimable": reason}


def test_strata_that_never_mix_groups_leave_the_test_undefined(
    make_outcomes: Callable[..., Outcomes],
) -> None:
    known = make_outcomes(1, 2, 3, 4)
    groups = groups_of(known, "xxyy")
    result = logrank(known, groups, strata=groups)
    assert result.p == NotEstimable("the groups were never at risk together when events happened")
    trend = logrank_trend(known, groups, {"x": 0, "y": 1}, strata=groups)
    assert trend.p == NotEstimable("the groups that were at risk together all have the same score")


def test_cases_without_group_or_stratum_are_dropped_by_name(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, 4, -5)
    groups = {"a": "x", "b": "y", "c": None, "d": "x", "e": "y"}
    result = logrank(known, groups, strata={"a": "s", "b": "s", "c": "s", "d": "s"})
    assert (result.n, result.dropped) == (3, ("c", "e"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"rho": -1.0}, "weight_out_of_range"), ({"gamma": math.nan}, "weight_out_of_range")],
)
def test_wrong_weights_are_refused(
    make_outcomes: Callable[..., Outcomes], arguments: dict[str, float], code: str
) -> None:
    known = make_outcomes(1, 2)
    with pytest.raises(AnalysisError) as raised:
        logrank(known, groups_of(known, "xy"), **arguments)
    assert raised.value.code == code


def test_every_group_needs_a_score(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2)
    with pytest.raises(AnalysisError, match="group y has no score"):
        logrank_trend(known, groups_of(known, "xy"), {"x": 1})
