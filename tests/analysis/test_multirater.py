"""Coefficients of many raters against irrCAC and Gwet's table, by definition, and on awkward input."""

import math
import random
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.agreement import cohen_kappa
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.multirater import (
    AgreementWeights,
    Coefficient,
    MultiraterAgreement,
    agreement_weights,
    multirater_agreement,
)
from backend.analysis.results import Interval
from tests.analysis.rating_data import GWET, Ratings, by_case, number, random_ratings, read_ratings

WEIGHTS: tuple[AgreementWeights, ...] = ("unweighted", "linear", "quadratic", "ordinal")
NAMES = ("percent_agreement", "brennan_prediger", "fleiss_kappa", "conger_kappa", "gwet_ac")


def coefficients(result: MultiraterAgreement) -> dict[str, Coefficient]:
    found = (result.percent_agreement, result.brennan_prediger, result.fleiss, result.conger, result.gwet)
    return {item.method: item for item in found}


def bounds(value: object) -> tuple[float, float]:
    assert isinstance(value, Interval)
    return value.low, value.high


def test_coefficients_match_gwets_published_table() -> None:
    """irrCAC::cac.raw4raters, as the package prints: coefficient, standard error, interval."""
    found = coefficients(multirater_agreement(by_case(GWET), range(1, 6)))
    published = {
        "percent_agreement": (0.81818, 0.12561, 0.542, 1.0),
        "gwet_ac": (0.77544, 0.14295, 0.461, 1.0),
        "fleiss_kappa": (0.76117, 0.15302, 0.424, 1.0),
        "conger_kappa": (0.76282, 0.14917, 0.435, 1.0),
        "brennan_prediger": (0.77273, 0.14472, 0.454, 1.0),
    }
    for name, (estimate, se, low, high) in published.items():
        assert found[name].estimate == pytest.approx(estimate, abs=5.1e-6)
        assert found[name].se == pytest.approx(se, abs=5.1e-6)
        assert bounds(found[name].ci) == pytest.approx((low, high), abs=5.1e-4)
    assert found["gwet_ac"].name == "Gwet AC1"
    assert found["gwet_ac"].band == "substantial"


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(("data", "file"), [("gaps", "ratings.csv"), ("complete", "ratings_complete.csv")])
def test_coefficients_match_irrcac(
    reference: Callable[[str], Any], data: str, file: str, weights: AgreementWeights
) -> None:
    """irrCAC 1.0 with categ.labels = 1:5, of which nobody used 4; its rounding switched off."""
    expected = reference("agreement/expected.json")["irrCAC"][data][weights]
    found = coefficients(multirater_agreement(read_ratings(file), range(1, 6), weights))
    for name in NAMES:
        ours, theirs = found[name], expected[name]
        for field in ("estimate", "se", "observed", "chance"):
            assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-12), (name, field)
        assert bounds(ours.ci) == pytest.approx(theirs["ci"], rel=1e-11)
        assert ours.p == pytest.approx(theirs["p"], abs=1e-14)  # R's 1 - pt() has no more digits


def test_conger_of_two_raters_is_cohens_kappa() -> None:
    raters = read_ratings("ratings_complete.csv")
    for first, second in combinations(raters, 2):
        both = {first: raters[first], second: raters[second]}
        cases = sorted(raters[first])
        for weights in ("unweighted", "linear", "quadratic"):
            cohen = cohen_kappa(
                [raters[first][c] for c in cases], [raters[second][c] for c in cases], range(1, 6), weights
            )
            conger = multirater_agreement(both, range(1, 6), weights).conger
            assert conger.estimate == pytest.approx(number(cohen.kappa), abs=1e-13)


def test_pabak_is_twice_the_agreement_minus_one() -> None:
    a, b = [1, 1, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 1, 0, 1, 0]
    result = multirater_agreement(by_case({"a": a, "b": b}), [0, 1])
    assert result.brennan_prediger.name == "PABAK (Brennan-Prediger)"
    assert result.brennan_prediger.estimate == pytest.approx(2 * 6 / 8 - 1)


def obvious(raters: Ratings, scale: list[int], weights: AgreementWeights) -> dict[str, float]:
    """Each coefficient by loops over pairs of ratings, from the definitions."""
    weight = agreement_weights(len(scale), weights)
    names = sorted(raters)
    given_by_case: dict[str, list[tuple[str, int]]] = {}
    for name in names:
        for case, value in raters[name].items():
            if value is not None:
                given_by_case.setdefault(case, []).append((name, scale.index(value)))
    agreeing = []
    shares = [0.0] * len(scale)
    for given_here in given_by_case.values():
        for _, k in given_here:
            shares[k] += 1 / len(given_here) / len(given_by_case)
        found = [weight[k, j] for (_, k), (_, j) in combinations(given_here, 2)]
        if found:
            agreeing.append(sum(found) / len(found))
    q = len(scale)
    own = {name: [sum(v == s for v in raters[name].values()) for s in scale] for name in names}
    own_share = {name: [c / sum(counts) for c in counts] for name, counts in own.items() if sum(counts)}
    cross = [
        sum(own_share[g][k] * own_share[h][j] * weight[k, j] for k in range(q) for j in range(q))
        for g, h in combinations(own_share, 2)
    ]
    observed = sum(agreeing) / len(agreeing)
    chance = {
        "percent_agreement": 0.0,
        "brennan_prediger": weight.sum() / q**2,
        "fleiss_kappa": sum(shares[k] * shares[j] * weight[k, j] for k in range(q) for j in range(q)),
        "conger_kappa": sum(cross) / len(cross),
        "gwet_ac": weight.sum() / (q * (q - 1)) * sum(s * (1 - s) for s in shares),
    }
    return {name: (observed - pe) / (1 - pe) for name, pe in chance.items() if 1 - pe > 1e-9}


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("seed", range(4))
def test_coefficients_equal_their_definitions(seed: int, weights: AgreementWeights) -> None:
    raters = random_ratings(seed)
    found = coefficients(multirater_agreement(raters, [1, 2, 3, 4], weights))
    for name, value in obvious(raters, [1, 2, 3, 4], weights).items():
        assert found[name].estimate == pytest.approx(value, abs=1e-12)


def test_standard_error_is_that_of_the_infinitesimal_jackknife() -> None:
    """Gwet's variance is that of the coefficient's derivative by the weight of a case, over n (n - 1).

    The derivative is taken by one copy more and one less of a case among 50 copies of all.
    """
    raters = random_ratings(3, n=7, gap=0.0)
    base = coefficients(multirater_agreement(raters, [1, 2, 3, 4]))
    cases, copies = sorted(raters["r0"]), 50
    squares = dict.fromkeys(NAMES, 0.0)
    for extra in cases:
        values = []
        for change in (1, -1):
            times = {case: copies + change * (case == extra) for case in cases}
            repeated = {
                name: {f"{c}-{k}": row[c] for c in cases for k in range(times[c])}
                for name, row in raters.items()
            }
            values.append(coefficients(multirater_agreement(repeated, [1, 2, 3, 4])))
        for name in NAMES:
            step = number(values[0][name].estimate) - number(values[1][name].estimate)
            squares[name] += (step * copies * len(cases) / 2) ** 2
    for name in NAMES:
        se = math.sqrt(squares[name] / (len(cases) * (len(cases) - 1)))
        assert se == pytest.approx(number(base[name].se), rel=2e-3), name


def test_one_category_everywhere() -> None:
    result = multirater_agreement(by_case({"a": [2, 2, 2], "b": [2, 2, 2], "c": [2, None, 2]}), [1, 2, 3])
    assert isinstance(result.fleiss.estimate, NotEstimable)
    assert isinstance(result.conger.estimate, NotEstimable)
    assert result.fleiss.observed == 1.0
    assert (
        result.gwet.estimate == result.brennan_prediger.estimate == result.percent_agreement.estimate == 1.0
    )
    assert result.gwet.ci == NotEstimable("the estimated variance is 0")
    assert result.gwet.warnings


def test_one_constant_rater_has_conger_zero() -> None:
    result = multirater_agreement(by_case({"a": [1, 2, 1, 2], "b": [1, 1, 1, 1]}), [1, 2])
    assert result.conger.estimate == pytest.approx(0.0, abs=1e-15)


def test_cases_and_raters_without_ratings_are_named() -> None:
    raters = by_case({"a": [1, 2, None, 1], "b": [1, 2, None, None], "c": [None] * 4})
    result = multirater_agreement(raters, [1, 2])
    assert (result.n, result.n_pairable, result.dropped_cases) == (3, 2, ("u02",))
    assert result.raters == ("a", "b")
    assert any("c" in warning for warning in result.warnings)


@pytest.mark.parametrize("columns", [{"a": [1, None], "b": [None, 2]}, {"a": [], "b": []}])
def test_no_case_with_two_ratings_is_not_estimable(columns: dict[str, list[Any]]) -> None:
    result = multirater_agreement(by_case(columns), [1, 2])
    for item in coefficients(result).values():
        assert item.estimate == item.ci == NotEstimable("no case was rated by two raters")


def test_one_case_has_no_standard_error() -> None:
    result = multirater_agreement(by_case({"a": [1], "b": [2]}), [1, 2, 3])
    assert result.percent_agreement.estimate == 0.0
    assert result.percent_agreement.se == NotEstimable("one case has no variance")


@pytest.mark.parametrize(
    ("columns", "scale", "weights", "code", "named"),
    [
        ({"a": [1]}, [1, 2], "unweighted", "too_few_raters", "there are 1"),
        ({"a": [1], "b": [9]}, [1, 2], "unweighted", "unknown_category", "b, case u00: 9"),
        ({"a": [1], "b": [math.nan]}, [1, 2], "unweighted", "unknown_category", "b, case u00: nan"),
        ({"a": [1], "b": [1]}, [1], "unweighted", "scale_too_short", "this one 1"),
        ({"a": [1], "b": [1]}, [1, 2, 2], "unweighted", "category_repeated", "names 2"),
        ({"a": [1], "b": [1]}, [1, 2], "cubic", "unknown_weights", "cubic"),
    ],
)
def test_bad_input_is_refused_by_name(
    columns: dict[str, list[Any]], scale: list[int], weights: Any, code: str, named: str
) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        multirater_agreement(by_case(columns), scale, weights)
    assert refused.value.code == code


grid = st.lists(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=3, max_size=3), min_size=2, max_size=15)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(grid, st.sampled_from(WEIGHTS), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit_and_nothing_is_nan(
    rows: list[list[int | None]], weights: AgreementWeights, rng: random.Random
) -> None:
    raters = {f"r{j}": {f"c{i:02d}": row[j] for i, row in enumerate(rows)} for j in range(3)}
    result = multirater_agreement(raters, [1, 2, 3], weights)
    result.to_json()  # refuses NaN
    shuffled = {
        name: dict(rng.sample(list(raters[name].items()), len(rows))) for name in rng.sample(list(raters), 3)
    }
    assert multirater_agreement(shuffled, [1, 2, 3], weights) == result


@settings(derandomize=True, max_examples=60, deadline=None)
@given(grid, st.permutations([1, 2, 3]))
def test_names_of_raters_and_categories_do_not_matter(rows: list[list[int | None]], names: list[int]) -> None:
    raters = {f"r{j}": {f"c{i:02d}": row[j] for i, row in enumerate(rows)} for j in range(3)}
    renamed = {
        f"r{2 - j}": {c: None if v is None else names[v - 1] for c, v in raters[f"r{j}"].items()}
        for j in range(3)
    }
    ours = coefficients(multirater_agreement(raters, [1, 2, 3]))
    theirs = coefficients(multirater_agreement(renamed, [1, 2, 3]))
    for name in NAMES:
        assert type(ours[name].estimate) is type(theirs[name].estimate)
        if isinstance(ours[name].estimate, float):
            assert theirs[name].estimate == pytest.approx(ours[name].estimate, abs=1e-12)


def test_weights_are_one_on_the_diagonal_and_fall_with_distance() -> None:
    for weights in WEIGHTS:
        matrix = agreement_weights(5, weights)
        assert (np.diag(matrix) == 1.0).all()
        assert matrix[0, 4] == 0.0
        assert (np.diff(matrix[0]) <= 0.0).all()
