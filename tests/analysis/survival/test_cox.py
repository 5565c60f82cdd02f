"""Cox's model against coxph (survival 3.5.3, R 4.2.2) and a partial likelihood written out; what has no estimate."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import MONOTONE, CoxModel, cox
from backend.analysis.survival.cox_baseline import cox_baseline
from backend.analysis.survival.cox_screen import cox_screen
from backend.analysis.survival.outcomes import Outcomes, outcomes


def column(known: Outcomes, *values: float | str) -> dict[str, float | str]:
    return dict(zip(known.cases, values, strict=True))


def fitted(known: Outcomes, covariates: list[Covariate]) -> CoxModel:
    model = cox(known, covariates)
    assert isinstance(model, CoxModel)
    return model


@pytest.mark.parametrize(("name", "time"), [("month", "month"), ("exact", "exact"), ("one", "month")])
def test_matches_coxph(simulated: Any, expected: Any, name: str, time: str) -> None:
    values = {key: np.atleast_1d(value) for key, value in expected["cox"][name].items() if key != "versions"}
    covariates = simulated.covariates()
    model = fitted(simulated.outcomes(time), covariates[1:2] if name == "one" else covariates)
    assert [term.coefficient for term in model.terms] == pytest.approx(values["coef"], rel=1e-11)
    assert [term.se for term in model.terms] == pytest.approx(values["se"], rel=1e-11)
    assert [term.p for term in model.terms] == pytest.approx(values["p"], rel=1e-10)
    assert [term.ci.low for term in model.terms] == pytest.approx(values["low"], rel=1e-11)
    assert [term.ci.high for term in model.terms] == pytest.approx(values["high"], rel=1e-11)
    assert model.covariance == tuple(pytest.approx(row, rel=1e-10) for row in np.atleast_2d(values["var"]))
    assert [model.null_log_likelihood, model.log_likelihood] == pytest.approx(values["loglik"], rel=1e-13)
    ratio, score = model.likelihood_ratio, model.score
    assert [ratio.chi_square, ratio.df, ratio.p] == pytest.approx(values["lrt"], rel=1e-10)
    assert [score.chi_square, score.df, score.p] == pytest.approx(values["score"], rel=1e-10)
    assert model.wald.chi_square == pytest.approx(values["wald"][0], rel=1e-10)
    assert model.aic == pytest.approx(values["aic"][0], rel=1e-13)
    found = [model.concordance.c, model.concordance.se]
    assert found == pytest.approx(values["concordance"], rel=1e-10)


def test_freireich_trial(gehan: Any) -> None:
    """coxph(Surv(time, cens) ~ treat, MASS::gehan): Efron 1.572125 (0.4123967)."""
    model = fitted(gehan.outcomes(), [Covariate("arm", gehan.labels("arm"))])
    (term,) = model.terms
    assert (term.level, term.reference) == ("control", "6-MP")
    assert term.coefficient == pytest.approx(1.5721251488290655, rel=1e-12)
    assert term.se == pytest.approx(0.4123967177094553, rel=1e-12)
    assert model.likelihood_ratio.chi_square == pytest.approx(16.35169083895215, rel=1e-12)
    assert model.score.chi_square == pytest.approx(17.24653679571658, rel=1e-12)
    assert model.aic == pytest.approx(172.0168491547433, rel=1e-13)
    assert model.concordance.c == pytest.approx(0.69004207573632537, rel=1e-13)
    assert model.concordance.se == pytest.approx(0.04113538894787913, rel=1e-12)
    other = fitted(gehan.outcomes(), [Covariate("arm", gehan.labels("arm"), reference="control")]).terms[0]
    assert (other.level, other.reference) == ("6-MP", "control")
    assert other.coefficient == pytest.approx(-term.coefficient, rel=1e-12)


def efron_by_hand(rows: list[tuple[int, bool, int]], beta: float) -> float:
    total = 0.0
    for time in sorted({own for own, event, _ in rows if event}):
        failing = [beta * x for own, event, x in rows if own == time and event]
        at_risk = math.fsum(math.exp(beta * x) for own, _, x in rows if own >= time)
        tied = math.fsum(map(math.exp, failing))
        total += math.fsum(failing)
        total -= sum(math.log(at_risk - step / len(failing) * tied) for step in range(len(failing)))
    return total


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.integers(-3, 3)), min_size=6, max_size=30),
    st.randoms(use_true_random=False),
)
def test_maximum_of_the_likelihood_written_out(rows: list[tuple[int, bool, int]], random: Any) -> None:
    known = outcomes([float(time) for time, _, _ in rows], [event for _, event, _ in rows])
    values = {case: float(x) for case, (_, _, x) in zip(known.cases, rows, strict=True)}
    model = cox(known, [Covariate("x", values)])
    if isinstance(model, NotEstimable):
        assert not any(event for _, event, _ in rows) or model.reason.startswith("x ")
        return
    (term,) = model.terms
    if isinstance(term.coefficient, NotEstimable):
        # The likelihood still rises far out, on one side, to the limit that was found.
        far = max(efron_by_hand(rows, 25.0), efron_by_hand(rows, -25.0))
        assert model.log_likelihood == pytest.approx(far, abs=1e-6)
        return
    beta, step = term.coefficient, 1e-3
    here, left, right = (efron_by_hand(rows, beta + move) for move in (0.0, -step, step))
    assert model.log_likelihood == pytest.approx(here, abs=1e-9)
    assert here >= max(left, right)
    assert term.se == pytest.approx(((2 * here - left - right) / step**2) ** -0.5, rel=1e-3)
    shuffled = list(known.cases)
    random.shuffle(shuffled)
    index = {case: row for row, case in enumerate(known.cases)}
    again = outcomes(
        [known.times[index[case]] for case in shuffled],
        [known.events[index[case]] for case in shuffled],
        cases=shuffled,
    )
    assert cox(again, [Covariate("x", values)]) == model


def test_units_and_order_of_covariates_do_not_matter(simulated: Any) -> None:
    covariates = simulated.covariates()
    model = fitted(simulated.outcomes(), covariates)
    days = Covariate("age", {case: 365.25 * age for case, age in covariates[0].values.items()})
    other = fitted(simulated.outcomes(), [covariates[3], days, *covariates[1:3]])
    assert other.log_likelihood == pytest.approx(model.log_likelihood, rel=1e-13)
    found = {(term.covariate, term.level): term for term in other.terms}
    for term in model.terms:
        scale = 365.25 if term.covariate == "age" else 1.0
        same = found[term.covariate, term.level]
        assert same.coefficient * scale == pytest.approx(term.coefficient, rel=1e-10)
        assert same.z == pytest.approx(term.z, rel=1e-10)


def test_nearly_dependent_covariates_are_not_taken_for_separation(simulated: Any) -> None:
    known, (age, _, cea, _) = simulated.outcomes(), simulated.covariates()
    near = Covariate("near", {case: age.values[case] + 1e-3 * cea.values[case] for case in known.cases})
    apart, together = fitted(known, [age, cea]), fitted(known, [age, near])
    assert together.terms[1].coefficient == pytest.approx(1e3 * apart.terms[1].coefficient, rel=1e-5)
    assert together.terms[1].p == pytest.approx(apart.terms[1].p, rel=1e-5)
    assert together.log_likelihood == pytest.approx(apart.log_likelihood, rel=1e-10)


def test_booleans_are_0_and_1(simulated: Any) -> None:
    flags = {case: value == 1.0 for case, value in simulated.numbers("ulcer").items()}
    one = fitted(simulated.outcomes(), [Covariate("ulcer", flags)])
    assert one == fitted(simulated.outcomes(), [Covariate("ulcer", simulated.numbers("ulcer"))])


def test_separated_events_have_no_hazard_ratio_but_a_likelihood(simulated: Any) -> None:
    """Nobody without the mark has the event: coxph warns and prints a coefficient near 20."""
    known = simulated.outcomes()
    mark = {case: float(event) for case, event in zip(known.cases, known.events, strict=True)}
    age = Covariate("age", simulated.numbers("age"))
    model = fitted(known, [age, Covariate("mark", mark)])
    by_age, by_mark = model.terms
    assert isinstance(by_mark.coefficient, NotEstimable)
    assert "rises without bound" in by_mark.hazard_ratio.reason
    assert isinstance(model.wald.p, NotEstimable)
    assert isinstance(model.covariance, NotEstimable)
    assert isinstance(model.concordance, NotEstimable)
    assert "mark: the events are separated along it" in model.warnings[0]
    # At the limit only the marked are at risk: the other coefficient is that of their own model.
    alone = fitted(known.only({case for case, value in mark.items() if value}), [age])
    assert by_age.coefficient == pytest.approx(alone.terms[0].coefficient, rel=1e-6)
    assert by_age.se == pytest.approx(alone.terms[0].se, rel=1e-6)
    assert model.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-8)
    assert model.likelihood_ratio.p < 1e-10
    assert model.to_json()["terms"][1]["p"]["not_estimable"].startswith("the likelihood")


@pytest.mark.filterwarnings("error")
def test_events_told_by_a_wide_covariate_do_not_overflow_on_the_way() -> None:
    """Each event has the highest value of those at risk, two of them 1 apart of 266: coxph 3.5.3 gives up at 3.65
    (standard error 5.5), "one or more coefficients may be infinite"."""
    times = [33.8, 29.7, 32.3, 23.3, 11.7, 1.7, 25.3, 16.4, 12.7]
    known = outcomes([*times, *map(float, range(1, 47, 2))], [*[True] * 9, *[False] * 23])
    values = [*(float(round(300 - time)) for time in times), *[40.0] * 23]
    model = fitted(known, [Covariate("age", column(known, *values))])
    for name in ("coefficient", "se", "hazard_ratio", "ci", "z", "p"):
        assert getattr(model.terms[0], name) == MONOTONE
    assert model.log_likelihood == pytest.approx(0.0, abs=1e-8)
    assert cox_baseline(known, [Covariate("age", column(known, *values))]) == MONOTONE


def is_monotone(known: Outcomes, x: Any) -> bool:
    """Written out over all pairs: some direction errs on no event beside anybody at risk, and is not constant."""
    pairs = [
        x[i] - x[j]
        for i, event in enumerate(known.events)
        for j in range(known.n)
        if event and known.times[j] >= known.times[i]
    ]
    apart = np.array(pairs) / np.abs(pairs).max(axis=0)
    found = linprog(-apart.sum(axis=0), A_ub=-apart, b_ub=np.zeros(len(apart)), bounds=(-1.0, 1.0))
    return bool(-found.fun > 1e-7)


@pytest.mark.filterwarnings("error")
def test_infinite_exactly_where_a_direction_separates() -> None:
    random, seen = np.random.default_rng(20260101), set()
    for place in range(120):
        n = int(random.integers(4, 11))
        times, events = random.integers(1, 8, n).astype(float), random.random(n) < 0.5
        x = (
            random.integers(0, 3, (n, 2)).astype(float)
            if place % 2
            else np.exp(3 * random.normal(size=(n, 2)))
        )
        if place % 3 == 0:
            x[:, 0] = np.where(events, 300.0 - times * random.integers(1, 30), random.integers(0, 50, n))
        known = outcomes(times.tolist(), events.tolist())
        model = cox(known, [Covariate(name, column(known, *x[:, k])) for k, name in enumerate("ab")])
        if isinstance(model, NotEstimable):
            continue
        infinite = any(term.coefficient == MONOTONE for term in model.terms)
        assert infinite == is_monotone(known, x), place
        seen.add(infinite)
    assert seen == {True, False}


@pytest.mark.filterwarnings("error")
def test_a_case_far_out_that_was_never_at_risk_changes_nothing(simulated: Any) -> None:
    """Its weight would be beyond every number, and all others vanish beside it."""
    known, (age, *_) = simulated.outcomes(), simulated.covariates()
    early = outcomes([*known.times, 1e-6], [*known.events, False], cases=[*known.cases, "early"])
    far = Covariate("age", {**age.values, "early": 1e6})
    term, plain = fitted(early, [far]).terms[0], fitted(known, [age]).terms[0]
    assert term.coefficient == pytest.approx(plain.coefficient, rel=1e-6)
    assert term.se == pytest.approx(plain.se, rel=1e-6)


def test_a_level_without_events_has_no_hazard_ratio(simulated: Any) -> None:
    known = simulated.outcomes()
    stage = {
        case: ("T1" if not event and number % 2 else simulated.rows[case]["stage"])
        for number, (case, event) in enumerate(zip(known.cases, known.events, strict=True))
    }
    terms = {term.level: term for term in fitted(known, [Covariate("stage", stage, reference="T2")]).terms}
    assert isinstance(terms["T1"].hazard_ratio, NotEstimable)
    kept = known.only({case for case, level in stage.items() if level != "T1"})
    without = fitted(kept, [Covariate("stage", stage)])
    for term in without.terms:
        assert terms[term.level].coefficient == pytest.approx(term.coefficient, rel=1e-6)
        assert terms[term.level].se == pytest.approx(term.se, rel=1e-6)
    # Against a reference without events every ratio is infinite.
    assert all(
        isinstance(term.hazard_ratio, NotEstimable)
        for term in fitted(known, [Covariate("stage", stage)]).terms
    )


def test_perfect_order_of_all_events(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, 4, 5)
    model = fitted(known, [Covariate("x", column(known, 5.0, 4.0, 3.0, 2.0, 1.0))])
    assert isinstance(model.terms[0].hazard_ratio, NotEstimable)
    assert model.log_likelihood == pytest.approx(0.0, abs=1e-6)


def test_what_cannot_be_fitted_has_a_reason(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, -3, 4)
    x = Covariate("x", column(known, 1.0, 2.0, 1.0, 2.0))
    reasons = {
        cox(make_outcomes(-1, -2, -3, -4), [x]).reason: "no case had the event",
        cox(known, [Covariate("y", column(known, 7.0, 7.0, 7.0, 7.0))]).reason: "y is the same in every case",
        cox(known, [Covariate("s", column(known, "T2", "T2", "T2", "T2"))]).reason: "s is T2 in every case",
        cox(
            known, [Covariate("s", column(known, "T2", "T3", "T2", "T2"), reference="T1")]
        ).reason: "no case has the reference level T1 of s",
        cox(
            known, [x, Covariate("twice", column(known, 2.0, 4.0, 2.0, 4.0))]
        ).reason: "x and twice are linearly dependent in the cases at risk",
    }
    assert list(reasons) == list(reasons.values())
    # y differs only in the case that was censored before the first event.
    late = make_outcomes(-1, 2, 3, 4)
    assert cox(late, [Covariate("y", column(late, 9.0, 7.0, 7.0, 7.0))]) == NotEstimable(
        "y does not vary among the cases at risk when events happened"
    )


def test_one_event_is_fitted_and_told(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(-1, 2, -3, -4)
    model = fitted(known, [Covariate("x", column(known, 1.0, 2.0, 3.0, 1.0))])
    # By hand: e^b (3 - 2) + (1 - 2) e^-b = 0 at b = 0.
    assert model.terms[0].coefficient == pytest.approx(0.0, abs=1e-12)
    assert model.warnings == ("1 events for 1 coefficients: fewer than 10 events a coefficient.",)


@pytest.mark.parametrize(
    ("covariates", "code", "named"),
    [
        ([], "no_covariates", "no covariate"),
        ([Covariate("x", {"a": 1.0, "b": 2.0}), Covariate("x", {})], "duplicate_covariate", "x stands twice"),
        ([Covariate("x", {"a": 1.0, "b": "T2"})], "covariate_mixed", "case b"),
        ([Covariate("x", {"a": 1.0, "b": math.nan})], "covariate_not_finite", "x of case b"),
        ([Covariate("x", {"a": 1.0, "b": [2]})], "covariate_not_a_number", "x of case b"),  # type: ignore[dict-item]
        ([Covariate("x", {"z": 1.0})], "no_cases", "no case"),
    ],
)
def test_malformed_covariates_are_refused(
    make_outcomes: Callable[..., Outcomes], covariates: list[Covariate], code: str, named: str
) -> None:
    with pytest.raises(AnalysisError, match=named) as raised:
        cox(make_outcomes(1, 2), covariates)
    assert raised.value.code == code


def test_screen_enters_by_threshold_or_relevance(simulated: Any) -> None:
    age, ulcer, cea, stage = simulated.covariates()
    cea = Covariate("cea", cea.values, clinical=True)
    gaps = Covariate("age", {case: (None if case == "C007" else value) for case, value in age.values.items()})
    screen = cox_screen(simulated.outcomes(), [gaps, ulcer, cea, stage], threshold=0.05)
    alone = {item.covariate: item for item in screen.univariate}
    for name, item in alone.items():
        assert item.p == item.model.wald.p
        assert item.entered == (item.p < 0.05 or name == "cea")
    assert alone["age"].entered
    assert alone["age"].model.dropped == ("C007",)
    assert alone["stage"].model.wald.df == 2
    assert screen.entered == tuple(name for name, item in alone.items() if item.entered)
    assert [term.covariate for term in screen.multivariate.terms] == list(screen.entered)
    assert screen.multivariate.dropped == ("C007",)
    assert screen.multivariate == fitted(
        simulated.outcomes(), [item for item in (gaps, ulcer, cea) if alone[item.name].entered]
    )
    assert "do not account for that choice" in screen.warnings[0]
    ratio = cox_screen(simulated.outcomes(), [stage], threshold=1.0, test="likelihood_ratio").univariate[0]
    assert ratio.p == ratio.model.likelihood_ratio.p
    assert ratio.reason == "univariate likelihood-ratio P below 1"


def test_screen_says_what_could_not_enter(make_outcomes: Callable[..., Outcomes]) -> None:
    known = make_outcomes(1, 2, 3, 4, 5, -6)
    flat = Covariate("flat", column(known, *[1.0] * 6))
    noise = Covariate("noise", column(known, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0))
    screen = cox_screen(known, [flat, noise], threshold=0.01)
    assert screen.entered == ()
    assert screen.multivariate.reason.startswith("no covariate passed")
    assert screen.univariate[0].reason == "no univariate model: flat is the same in every case"
    assert screen.warnings == ()
    # A separated covariate has no Wald P; its likelihood-ratio P decides.
    order = Covariate("order", column(known, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0))
    (separated,) = cox_screen(known, [order], threshold=0.05).univariate
    assert separated.entered
    assert separated.reason == "univariate likelihood-ratio P below 0.05"
    with pytest.raises(AnalysisError, match="threshold"):
        cox_screen(known, [noise], threshold=0.0)
    with pytest.raises(AnalysisError, match="score"):
        cox_screen(known, [noise], test="score")  # type: ignore[arg-type]
