"""Harrell's and Uno's C against survival::concordance (3.5.3, R 4.2.2) and every pair by hand."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival import concordance
from backend.analysis.survival.concordance import Concordance, compare_c, harrell_c, uno_c
from backend.analysis.survival.outcomes import Outcomes, outcomes

histories = st.lists(
    st.tuples(st.integers(1, 6), st.booleans(), st.integers(1, 4), st.integers(-3, 3)),
    min_size=2,
    max_size=25,
)


def scores_of(known: Outcomes, *scores: float) -> dict[str, float]:
    return dict(zip(known.cases, scores, strict=True))


@pytest.mark.parametrize("time", ["month", "exact"])
def test_harrell_matches_survival(simulated: Any, expected: Any, time: str) -> None:
    values = expected["concordance"][time]
    for name in ("score", "grade"):
        result = harrell_c(simulated.outcomes(time), simulated.numbers(name))
        assert (result.c, result.se) == pytest.approx((values[name]["c"], values[name]["se"]), rel=1e-12)
        # R counts pairs of one time and one score apart, in its fifth number.
        concordant, discordant, tied_scores, tied_times, both = values[name]["count"]
        counts = (result.concordant, result.discordant, result.tied_scores, result.tied_events)
        assert counts == (concordant, discordant, tied_scores, tied_times + both)


@pytest.mark.parametrize(
    ("time", "key", "tau"),
    [("month", "month_uno", 36.0), ("exact", "exact_uno", 36.0), ("month", "month_uno_all", None)],
)
def test_uno_matches_survival(simulated: Any, expected: Any, time: str, key: str, tau: float | None) -> None:
    values = expected["concordance"][key]
    for name in ("score", "grade"):
        result = uno_c(simulated.outcomes(time), simulated.numbers(name), tau=tau)
        assert (result.c, result.se) == pytest.approx((values[name]["c"], values[name]["se"]), rel=1e-12)
        assert result.tau == tau


@pytest.mark.parametrize(
    ("time", "key", "arguments"),
    [("month", "month", {}), ("exact", "exact", {}), ("month", "month_uno", {"kind": "uno", "tau": 36.0})],
)
def test_difference_matches_survival(
    simulated: Any, expected: Any, time: str, key: str, arguments: dict[str, Any]
) -> None:
    values = expected["concordance"][key]
    score, grade = simulated.numbers("score"), simulated.numbers("grade")
    result = compare_c(simulated.outcomes(time), score, grade, **arguments)
    difference = values["score"]["c"] - values["grade"]["c"]
    assert result.difference == pytest.approx(difference, abs=1e-13)
    assert result.se == pytest.approx(values["difference_se"], rel=1e-12)
    assert result.z == pytest.approx(difference / values["difference_se"], rel=1e-10)
    swapped = compare_c(simulated.outcomes(time), grade, score, **arguments)
    assert (swapped.difference, swapped.z, swapped.p) == (-result.difference, -result.z, result.p)
    assert (swapped.ci.low, swapped.ci.high) == pytest.approx((-result.ci.high, -result.ci.low), rel=1e-13)


Row = tuple[int, bool, int, int]


def pair_by_pair(rows: list[Row], weights: list[float], tau: float | None, cases: list[float]) -> float:
    """Concordance with each pair weighted by the product of its cases' weights ``cases``."""
    hits = pairs = 0.0
    for one, (time, event, score, _) in enumerate(rows):
        if not event or (tau is not None and time > tau):
            continue
        for other, (later, other_event, other_score, _) in enumerate(rows):
            if later > time or (later == time and not other_event):
                weight = weights[one] * cases[one] * cases[other]
                pairs += weight
                hits += weight * ((score > other_score) + 0.5 * (score == other_score))
    return hits / pairs if pairs else math.nan


def censoring_before(rows: list[Row], time: int) -> float:
    """G(time-), one factor a censoring time; the events of that time have left."""
    return math.prod(
        1
        - sum(own == at and not event for own, event, *_ in rows)
        / sum(own > at or (own == at and not event) for own, event, *_ in rows)
        for at in sorted({own for own, event, *_ in rows if own < time and not event})
    )


@settings(derandomize=True, max_examples=60, deadline=None)
@given(histories, st.sampled_from([None, 3.0, 4.0]), st.randoms(use_true_random=False))
def test_every_pair_by_hand(rows: list[Row], tau: float | None, random: Any) -> None:
    known = outcomes([float(row[0]) for row in rows], [row[1] for row in rows])
    scores = {case: float(row[2]) for case, row in zip(known.cases, rows, strict=True)}
    ones = [1.0] * len(rows)
    g2 = [censoring_before(rows, row[0]) ** -2 if row[1] else 0.0 for row in rows]
    for result, weights, horizon in (
        (harrell_c(known, scores), ones, None),
        (uno_c(known, scores, tau=tau), g2, tau),
    ):
        slow = pair_by_pair(rows, weights, horizon, ones)
        if isinstance(result.c, NotEstimable):
            assert math.isnan(slow)
            continue
        assert result.c == pytest.approx(slow, abs=1e-13)
        if isinstance(result.se, NotEstimable) or isinstance(result.ci, NotEstimable):
            continue
        # The infinitesimal jackknife: the derivative of C in each case's weight.
        step, total = 1e-5, 0.0
        for row in range(len(rows)):
            up, down = ones.copy(), ones.copy()
            up[row], down[row] = 1 + step, 1 - step
            slope = pair_by_pair(rows, weights, horizon, up) - pair_by_pair(rows, weights, horizon, down)
            total += (slope / (2 * step)) ** 2
        assert result.se == pytest.approx(math.sqrt(total), rel=1e-5, abs=1e-8)
    order = list(range(len(rows)))
    random.shuffle(order)
    again = outcomes(
        [known.times[row] for row in order],
        [known.events[row] for row in order],
        cases=[known.cases[row] for row in order],
    )
    assert harrell_c(again, scores) == harrell_c(known, scores)
    assert uno_c(again, scores, tau=tau) == uno_c(known, scores, tau=tau)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(histories)
def test_turned_score_turns_the_index(rows: list[Row]) -> None:
    known = outcomes([float(row[0]) for row in rows], [row[1] for row in rows])
    scores = {case: float(row[2]) for case, row in zip(known.cases, rows, strict=True)}
    one, turned = (
        harrell_c(known, {case: sign * score for case, score in scores.items()}) for sign in (1, -1)
    )
    if isinstance(one.c, NotEstimable):
        assert turned.c == one.c
    else:
        assert turned.c == pytest.approx(1 - one.c, abs=1e-14)
        assert (turned.concordant, turned.discordant) == (one.discordant, one.concordant)
        if not isinstance(one.se, NotEstimable):
            assert turned.se == pytest.approx(one.se, abs=1e-14)


def test_blocks_do_not_show(simulated: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = uno_c(simulated.outcomes(), simulated.numbers("grade"), tau=36.0)
    harrell = harrell_c(simulated.outcomes(), simulated.numbers("grade"))
    monkeypatch.setattr(concordance, "BLOCK", 500)
    assert harrell_c(simulated.outcomes(), simulated.numbers("grade")) == harrell
    parts = uno_c(simulated.outcomes(), simulated.numbers("grade"), tau=36.0)
    assert (parts.c, parts.se) == pytest.approx((whole.c, whole.se), rel=1e-14)


@pytest.mark.parametrize(
    ("signed", "scores", "c", "reason"),
    [
        ((-1, -2, -3), (1, 2, 3), "no case had the event", "no case had the event"),
        (
            (-1, -2, 3),
            (1, 2, 3),
            "no pair of cases can be ordered in time",
            "no pair of cases can be ordered in time",
        ),
        (
            (2, 2),
            (1, 2),
            "no pair of cases can be ordered in time",
            "no pair of cases can be ordered in time",
        ),
        ((1, -2, -3), (1, 2, 0), 0.5, "there is only one event"),
        ((1, 2, -3), (7, 7, 7), 0.5, "all scores are tied"),
        ((1, 2, -3), (3, 2, 1), 1.0, "the score orders every comparable pair alike"),
        ((1, 2, -3), (1, 2, 3), 0.0, "the score orders every comparable pair alike"),
    ],
)
def test_undefined_indexes_and_intervals_have_a_reason(
    make_outcomes: Callable[..., Outcomes],
    signed: tuple[int, ...],
    scores: tuple[float, ...],
    c: float | str,
    reason: str,
) -> None:
    known = make_outcomes(*signed)
    for result in (harrell_c(known, scores_of(known, *scores)), uno_c(known, scores_of(known, *scores))):
        assert result.c == (NotEstimable(c) if isinstance(c, str) else c)
        assert result.ci == NotEstimable(reason)
        assert result.to_json()["ci"] == {"not_estimable": reason}
        assert len(result.warnings) == (1 if result.se == 0.0 else 0)


def test_no_event_within_tau_is_told(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(5, 6, -7)
    assert isinstance(uno_c(known, scores_of(known, 1, 2, 3), tau=4.0).c, NotEstimable)
    with pytest.raises(AnalysisError, match="tau"):
        uno_c(known, scores_of(known, 1, 2, 3), tau=-1.0)


def test_differences_without_spread(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, -4)
    mixed = scores_of(known, 2, 4, 1, 3)
    same = compare_c(known, mixed, {case: 10 * score for case, score in mixed.items()})
    assert (same.difference, same.se, same.z, same.p) == (0.0, 0.0, 0.0, 1.0)
    assert isinstance(same.ci, NotEstimable)
    opposite = compare_c(known, scores_of(known, 4, 3, 2, 1), scores_of(known, 1, 2, 3, 4))
    assert opposite.difference == 1.0
    assert opposite.p == NotEstimable("the standard error of the difference is 0")
    none = make_outcomes(-1, -2, -3, -4)
    assert compare_c(none, mixed, mixed).difference == NotEstimable("no case had the event")
    single = make_outcomes(1, -2, -3, -4)
    assert compare_c(single, mixed, scores_of(known, 1, 1, 2, 2)).se == NotEstimable(
        "there is only one event"
    )
    with pytest.raises(AnalysisError, match="gonen"):
        compare_c(known, mixed, mixed, kind="gonen")  # type: ignore[arg-type]


def test_cases_without_a_score_are_named(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, -4)
    result = compare_c(known, scores_of(known, 2, 4, 1, 3), {"a": 1.0, "b": 3.0, "d": 2.0, "q": 0.0})
    assert (result.n, result.dropped) == (3, ("c", "q"))


def test_large_samples_are_near_the_truth() -> None:
    """Exponential times with log hazard ratio b on a normal score, uncensored by tau: C stays above its null."""
    rng = np.random.default_rng(5)
    score = rng.normal(size=3000)
    time = rng.exponential(np.exp(-score))
    end = rng.exponential(1.5, size=3000)
    known = outcomes(np.minimum(time, end).tolist(), (time <= end).tolist())
    scores = dict(zip(known.cases, score.tolist(), strict=True))
    # P(T_a < T_b | x_a > x_b) = E[1 / (1 + exp(-|x_a - x_b|))], without censoring; Uno's C estimates it up to tau.
    difference = np.abs(np.random.default_rng(6).normal(scale=math.sqrt(2), size=400_000))
    truth = float((1 / (1 + np.exp(-difference))).mean())
    result = uno_c(known, scores)
    assert isinstance(result, Concordance)
    assert result.c == pytest.approx(truth, abs=0.02)
