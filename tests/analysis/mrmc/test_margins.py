"""Non-inferiority of modalities: R's pt on published numbers, the interval, the t test of readers, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as t_distribution
from scipy.stats import ttest_1samp

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.figures_of_merit import (
    FigureOfMerit,
    PartialAuc,
    Sensitivity,
    Specificity,
    used_cases,
)
from backend.analysis.mrmc.margins import margin_tests
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from backend.analysis.results import Interval

TRUTH = [True] * 20 + [False] * 30


def result_of(seed: int, *, shift: float = 0.0, level: float = 0.95, t: int = 2) -> OrResult:
    rng = np.random.default_rng(seed)
    ratings = rng.standard_normal((t, 5, 50)) + 1.2 * np.array(TRUTH) + rng.standard_normal(50)
    ratings[0] += shift * np.array(TRUTH)
    return obuchowski_rockette(estimate_cells(mrmc_from_array(ratings, TRUTH)), level=level)


def test_van_dyke_with_a_margin_is_that_of_r() -> None:
    """The published difference, standard error and df (MRMCaov, DeLong: SE .0206825, df 15.06611), signs turned.

    R 4.2.2: pt((0.04380032 + 0.01)/0.0206825, 15.06611, lower.tail = FALSE) = 0.009997813; superiority is
    half of the published p .05123303.
    """
    found = result_of(1)
    pair = replace(
        found.random_readers_random_cases.differences[0],
        difference=0.04380032,
        se=0.0206825,
        df=15.06611,
        statistic=0.04380032 / 0.0206825,
    )
    published = replace(found.random_readers_random_cases, differences=(pair,))
    test = margin_tests(replace(found, random_readers_random_cases=published), margin=0.01).tests[0]
    assert test.p_superior == pytest.approx(0.05123303 / 2, abs=2e-7)
    assert test.p_noninferior == pytest.approx(0.009997813, abs=1e-9)
    assert (test.is_noninferior, test.is_superior) == (True, False)
    assert test.conclusion == "1 is non-inferior to 2; superiority is not shown"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("shift", [-0.6, 0.0, 0.9])
def test_what_is_shown_is_what_the_interval_says(seed: int, level: float, shift: float) -> None:
    margin = 0.06
    for test in margin_tests(result_of(seed, shift=shift, level=level), margin=margin).tests:
        assert isinstance(test.ci, Interval)
        assert test.is_superior == (test.ci.low > 0.0)
        assert test.is_noninferior == (test.ci.low > -margin)
        assert test.is_noninferior or not test.is_superior


def test_fixed_cases_are_a_t_test_of_the_readers() -> None:
    result = result_of(3)
    figures = {(one.reader, one.modality): one.estimate for one in result.reader_figures}
    own = [figures[reader, "1"] - figures[reader, "2"] for reader in result.readers]
    test = next(
        one for one in margin_tests(result, margin=0.1).tests if "for these cases" in one.generalizes_to
    )
    assert test.p_noninferior == pytest.approx(
        ttest_1samp(own, -0.1, alternative="greater").pvalue, abs=1e-12
    )
    assert test.p_superior == pytest.approx(ttest_1samp(own, 0.0, alternative="greater").pvalue, abs=1e-12)


def test_the_side_is_named_and_turned_arms_turn_it() -> None:
    rng = np.random.default_rng(5)
    ratings = rng.standard_normal((2, 5, 50)) + np.array([2.5, 0.4])[:, None, None] * np.array(TRUTH)
    turned = [
        margin_tests(
            obuchowski_rockette(
                estimate_cells(mrmc_from_array(ratings[order], TRUTH, modalities=("AIDED", "UNAIDED")))
            ),
            margin=0.05,
        ).tests[0]
        for order in ([0, 1], [1, 0])
    ]
    assert turned[0].conclusion == "AIDED is superior to UNAIDED"
    assert turned[1].conclusion == "neither non-inferiority nor superiority of AIDED to UNAIDED is shown"
    assert isinstance(turned[0].p_superior, float)
    assert turned[1].p_superior == pytest.approx(1.0 - turned[0].p_superior, abs=1e-12)


def test_every_pair_of_three_arms_under_every_generalization() -> None:
    tests = margin_tests(result_of(2, t=3), margin=0.05).tests
    assert [(one.modality_a, one.modality_b) for one in tests[:3]] == [("1", "2"), ("1", "3"), ("2", "3")]
    assert len(tests) == 9


def test_one_reader_has_the_test_of_fixed_readers_alone() -> None:
    rng = np.random.default_rng(6)
    data = mrmc_from_array(rng.standard_normal((2, 1, 50)) + 1.2 * np.array(TRUTH), TRUTH)
    tests = margin_tests(obuchowski_rockette(estimate_cells(data)), margin=0.05).tests
    shown = [isinstance(one.p_noninferior, float) for one in tests]
    assert shown == [False, True, False]
    assert isinstance(tests[0].p_superior, NotEstimable)
    assert tests[0].conclusion.startswith("1 against 2: not estimable")


def slow_test(ratings: np.ndarray, figure: FigureOfMerit, margin: float) -> tuple[float, float, float, float]:
    """Difference, SE, df and the one-sided P of Hillis (2007), each figure computed anew without each case in turn."""
    truth = np.array(TRUTH)
    r, used = ratings.shape[1], np.flatnonzero(used_cases(figure.uses, truth))
    theta = np.array([[figure.value(truth, own) for own in arm] for arm in ratings])
    without = np.array(
        [
            [[figure.value(np.delete(truth, k), np.delete(own, k)) for own in arm] for arm in ratings]
            for k in used
        ]
    )
    away = (without - without.mean(axis=0)).reshape(used.size, 2 * r)
    covariance = (used.size - 1) / used.size * away.T @ away
    covariance = covariance.reshape(2, r, 2, r)
    readers = [(one, other) for one in range(r) for other in range(r) if one != other]
    cov2 = [covariance[arm, one, arm, other] for arm in range(2) for one, other in readers]
    cov3 = [covariance[arm, one, 1 - arm, other] for arm in range(2) for one, other in readers]
    change = theta[0] - theta[1]
    ms = ((change - change.mean()) ** 2).sum() / 2 / (r - 1)
    whole = ms + r * max(np.mean(cov2) - np.mean(cov3), 0.0)
    se, df = np.sqrt(2 * whole / r), whole**2 / (ms**2 / (r - 1))
    return change.mean(), se, df, t_distribution.sf((change.mean() + margin) / se, df)


@pytest.mark.parametrize(
    "figure",
    [
        Sensitivity(0.8),
        Specificity(0.8),
        PartialAuc("specificity", 0.7, 1.0),
        PartialAuc("sensitivity", 0.6, 0.9),
    ],
    ids=lambda figure: figure.name,
)
@pytest.mark.parametrize("seed", [11, 12])
def test_other_figures_are_those_of_the_formulas_written_out(figure: FigureOfMerit, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ratings = rng.standard_normal((2, 4, 50)) + np.array([1.6, 1.1])[:, None, None] * np.array(TRUTH)
    ratings = np.round(ratings + rng.standard_normal(50), 1)
    result = obuchowski_rockette(estimate_cells(mrmc_from_array(ratings, TRUTH), figure))
    test = margin_tests(result, margin=0.04).tests[0]
    expected = slow_test(ratings, figure, 0.04)
    assert (test.difference, test.se, test.df, test.p_noninferior) == pytest.approx(expected, rel=1e-9)
    assert margin_tests(result, margin=0.04).figure == figure.name


@pytest.mark.parametrize("margin", [0.0, -0.1, float("nan"), float("inf")])
def test_refuses_a_margin_that_is_none(margin: float) -> None:
    with pytest.raises(AnalysisError) as raised:
        margin_tests(result_of(1), margin=margin)
    assert raised.value.code == "margin_not_positive"


def test_refuses_one_modality() -> None:
    rng = np.random.default_rng(7)
    data = mrmc_from_array(rng.standard_normal((1, 3, 50)), TRUTH)
    with pytest.raises(AnalysisError) as raised:
        margin_tests(obuchowski_rockette(estimate_cells(data)), margin=0.05)
    assert raised.value.code == "no_difference"
