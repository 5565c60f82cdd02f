"""The four covariances: pROC 1.18.0, leaving out by hand, the definition over pairs of pairs, Monte Carlo error."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.cells import CellEstimates, cells_from_jackknife
from backend.analysis.mrmc.covariance import CovarianceMethod, estimate_cells, left_out_figures
from backend.analysis.mrmc.figures_of_merit import Auc, ComputedFigure, PartialAuc, Sensitivity
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from tests.analysis.mrmc.or_studies import (
    Array,
    pair_counting_auc,
    read_table,
    restrict,
    simulate,
    slow_jackknife,
    slow_unbiased,
)

SIMULATED = Path(__file__).parents[2] / "reference" / "mrmc" / "simulated.csv"


def matrix_of(cells: CellEstimates) -> Array:
    """The covariance of the cells present, as a square matrix."""
    assert not isinstance(cells.covariance, NotEstimable)
    present = cells.present().reshape(-1)
    size = present.size
    return cells.covariance.reshape(size, size)[np.ix_(present, present)]


def test_delong_is_that_of_proc(reference: Callable[[str], Any]) -> None:
    expected = reference("mrmc/expected.json")
    data = read_table(SIMULATED)
    cells = estimate_cells(data, covariance="delong")
    np.testing.assert_allclose(cells.values.reshape(-1), expected["auc"], rtol=1e-12)
    np.testing.assert_allclose(matrix_of(cells), np.array(expected["delong"]), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("levels", [None, 4])
def test_jackknife_is_leaving_out_by_hand(levels: int | None) -> None:
    data = simulate(positives=9, negatives=11, readers=3, levels=levels)
    np.testing.assert_allclose(
        matrix_of(estimate_cells(data)), slow_jackknife(data, pair_counting_auc), rtol=1e-10, atol=1e-16
    )


def test_jackknife_of_other_figures_is_leaving_out_by_hand() -> None:
    data = simulate(positives=8, negatives=9, readers=2, levels=5)
    partial = PartialAuc("sensitivity", 0.6, 1.0)
    expected = slow_jackknife(data, partial.value)
    np.testing.assert_allclose(matrix_of(estimate_cells(data, partial)), expected, rtol=1e-10, atol=1e-16)
    computed = ComputedFigure("AUC", "fom_auc", pair_counting_auc)
    expected = slow_jackknife(data, pair_counting_auc)
    np.testing.assert_allclose(matrix_of(estimate_cells(data, computed)), expected, rtol=1e-10, atol=1e-16)
    sensitivity = Sensitivity(3.0)
    expected = slow_jackknife(data, sensitivity.value, used=data.truth)
    np.testing.assert_allclose(matrix_of(estimate_cells(data, sensitivity)), expected, rtol=1e-10, atol=1e-16)


def test_jackknife_of_sensitivity_is_the_covariance_of_proportions() -> None:
    data = simulate(positives=20, negatives=5, readers=3, levels=5)
    hits = (data.ratings[:, :, data.truth] >= 3.0).reshape(6, 20).astype(float)
    np.testing.assert_allclose(
        matrix_of(estimate_cells(data, Sensitivity(3.0))), np.cov(hits) / 20, rtol=1e-12
    )


@pytest.mark.parametrize("gaps", [False, True])
def test_unbiased_is_its_definition_over_pairs_of_pairs(gaps: bool) -> None:
    data = simulate(positives=6, negatives=7, readers=2, levels=5)
    if gaps:
        mask = np.random.default_rng(2).random(data.read.shape) > 0.15
        data = restrict(data, mask)
        assert data.missing
    cells = estimate_cells(data, covariance="unbiased")
    np.testing.assert_allclose(matrix_of(cells), slow_unbiased(data), rtol=1e-9, atol=1e-15)


def test_missing_reads_use_the_cases_read_and_say_so() -> None:
    data = simulate(positives=9, negatives=8, readers=3)
    mask = np.ones_like(data.read)
    mask[0, 1, 2] = mask[1, 2, 10] = False
    data = restrict(data, mask)
    cells = estimate_cells(data)
    np.testing.assert_allclose(
        matrix_of(cells), slow_jackknife(data, pair_counting_auc), rtol=1e-10, atol=1e-16
    )
    assert [(m.modality, m.reader, m.case) for m in cells.missing] == [("1", "2", "03"), ("2", "3", "11")]
    assert cells.warnings[0].startswith("2 reads are missing")
    assert (cells.n_positive[0], cells.n_negative[1]) == ((9, 8, 9), (8, 8, 7))
    with pytest.raises(AnalysisError, match="share only some") as raised:
        estimate_cells(data, covariance="delong")
    assert raised.value.code == "incomplete_for_delong"


def test_delong_of_cells_without_common_cases_is_zero() -> None:
    data = simulate(positives=12, negatives=12, readers=2)
    mask = np.broadcast_to(
        (np.arange(24) % 2 == 0)[None, None, :] == np.array([True, False])[:, None, None], (2, 2, 24)
    )
    data = restrict(data, mask)
    assert data.design.name == "cases_nested"
    matrix = matrix_of(estimate_cells(data, covariance="delong"))
    assert (matrix[:2, 2:] == 0.0).all()
    alone = estimate_cells(data.only(("1",)), covariance="delong")
    np.testing.assert_allclose(matrix[:2, :2], matrix_of(alone), rtol=1e-13)


@pytest.mark.parametrize(
    "figure",
    [Auc(), Sensitivity(3.0), PartialAuc("specificity", 0.3, 1.0), PartialAuc("sensitivity", 0.3, 1.0)],
)
def test_bootstrap_is_near_the_jackknife_and_repeats_itself(figure: Any) -> None:
    data = simulate(positives=40, negatives=45, readers=2, levels=5)
    n_resamples = 3000
    drawn = estimate_cells(data, figure, covariance="bootstrap", seed=11, n_resamples=n_resamples)
    again = estimate_cells(data, figure, covariance="bootstrap", seed=11, n_resamples=n_resamples)
    assert matrix_of(drawn).tobytes() == matrix_of(again).tobytes()
    assert (drawn.seed, drawn.n_resamples) == (11, n_resamples)
    jackknife = matrix_of(estimate_cells(data, figure))
    # Monte Carlo error of a variance is about v sqrt(2/B), 2.6 % here; the plug-in itself is smaller by a share 1/n.
    np.testing.assert_allclose(np.diag(matrix_of(drawn)), np.diag(jackknife), rtol=4 * 0.026 + 1 / 40)


def test_weighted_bootstrap_is_repeating_the_cases() -> None:
    data = simulate(positives=7, negatives=6, readers=2, levels=4)

    slow = ComputedFigure("AUC", "fom_auc", pair_counting_auc)
    fast = matrix_of(estimate_cells(data, covariance="bootstrap", seed=3, n_resamples=40))
    np.testing.assert_allclose(
        fast,
        matrix_of(estimate_cells(data, slow, covariance="bootstrap", seed=3, n_resamples=40)),
        rtol=1e-10,
    )


@pytest.mark.parametrize("axis", ["specificity", "sensitivity"])
@pytest.mark.parametrize("gaps", [False, True])
def test_weighted_partial_areas_are_those_of_repeated_cases(*, axis: Any, gaps: bool) -> None:
    """The slow second way draws every case as often as it was drawn, and integrates that curve again."""
    data = simulate(positives=9, negatives=8, readers=2, levels=4)
    if gaps:
        data = restrict(data, np.random.default_rng(5).random(data.read.shape) > 0.1)
        assert data.missing
    for standardized in (False, True):
        figure = PartialAuc(axis, 0.55, 0.9, standardized)
        slow = ComputedFigure(figure.name, figure.method, figure.value, bounds=figure.bounds)
        fast, expected = (
            estimate_cells(data, one, covariance="bootstrap", seed=3, n_resamples=300)
            for one in (figure, slow)
        )
        np.testing.assert_allclose(matrix_of(fast), matrix_of(expected), rtol=1e-10, atol=1e-16)
    drawn = np.random.default_rng(1).multinomial(
        data.truth.size, [1 / data.truth.size] * data.truth.size, size=3
    )
    truth, ratings = data.truth, np.arange(data.truth.size) % 5 + 0.5
    assert figure.resampled(truth, ratings, drawn) == pytest.approx(
        [figure.value(np.repeat(truth, own), np.repeat(ratings, own)) for own in drawn], rel=1e-12
    )


def test_a_figure_computed_elsewhere_is_analyzed_like_one_computed_here() -> None:
    data = simulate(positives=9, negatives=8, readers=3)
    values, left_out = left_out_figures(data, Auc())
    cells = cells_from_jackknife(
        figure="AUC",
        figure_method="fom_auc",
        modalities=data.modalities,
        readers=data.readers,
        truth=data.truth,
        read=data.read,
        values=values,
        left_out=left_out,
    )
    here = estimate_cells(data)
    assert matrix_of(cells).tobytes() == matrix_of(here).tobytes()
    assert cells.n_positive == here.n_positive
    with pytest.raises(AnalysisError) as raised:
        cells_from_jackknife(
            figure="AUC",
            figure_method="fom_auc",
            modalities=data.modalities,
            readers=data.readers,
            truth=data.truth,
            read=data.read,
            values=values,
            left_out=np.full_like(left_out, np.nan),
        )
    assert raised.value.code == "figure_undefined"


@pytest.mark.parametrize(
    ("covariance", "figure", "options", "code"),
    [
        ("sandwich", None, {}, "unknown_covariance"),
        ("delong", Sensitivity(3.0), {}, "covariance_needs_auc"),
        ("unbiased", PartialAuc("specificity", 0.5, 1.0), {}, "covariance_needs_auc"),
        ("bootstrap", None, {}, "seed_missing"),
        ("bootstrap", None, {"seed": 1, "n_resamples": 1}, "too_few_resamples"),
    ],
)
def test_refuses_what_it_cannot_do(
    covariance: CovarianceMethod, figure: Any, options: Any, code: str
) -> None:
    with pytest.raises(AnalysisError) as raised:
        estimate_cells(simulate(), figure, covariance=covariance, **options)
    assert raised.value.code == code


def test_one_class_is_refused_and_one_case_of_a_class_has_no_covariance() -> None:
    ratings = np.random.default_rng(1).normal(size=(2, 3, 6))
    with pytest.raises(AnalysisError, match="reader 1 under modality 1 read no positive case") as raised:
        estimate_cells(mrmc_from_array(ratings, [False] * 6))
    assert raised.value.code == "one_class"
    # A name that says what it names is not said twice.
    for names, said in (
        (["Reader 1", "Reader 2", "Reader 3"], "^Reader 1 under"),
        (list("ABC"), "^reader A under"),
    ):
        with pytest.raises(AnalysisError, match=said):
            estimate_cells(mrmc_from_array(ratings, [False] * 6, readers=names))
    single = mrmc_from_array(ratings, [True] + [False] * 5)
    for covariance in ("jackknife", "delong", "unbiased"):
        cells = estimate_cells(single, covariance=covariance)  # type: ignore[arg-type]
        assert isinstance(cells.covariance, NotEstimable)
        assert "only one positive case" in cells.covariance.reason
    with pytest.raises(AnalysisError) as raised:
        left_out_figures(single, Auc())
    assert raised.value.code == "single_case"


def test_a_class_that_the_figure_does_not_use_may_be_absent() -> None:
    ratings = np.random.default_rng(1).normal(size=(2, 3, 6))
    cells = estimate_cells(mrmc_from_array(ratings, [True] * 6), Sensitivity(0.0))
    assert not isinstance(cells.covariance, NotEstimable)


def test_a_constant_reader_is_said() -> None:
    data = simulate(readers=2)
    ratings = data.ratings.copy()
    ratings[0, 1] = 3.0
    cells = estimate_cells(mrmc_from_array(ratings, data.truth.tolist()))
    assert cells.values[0, 1] == 0.5
    assert "Every case of modality 1 has the same rating by reader 2: a figure of 0.5" in cells.warnings[0]


def test_a_component_of_nothing_but_rounding_is_zero() -> None:
    """Var(R) of these calls is 0 by the formulas in whole fractions; it once was "negative (-3.47e-18)"."""
    calls = (
        ("0011101011001101011111111101010", "1010101011111100011111111111110"),
        ("0001101000000001011101010110011", "0010001010010001011001101111100"),
    )
    n = len(calls[0][0])
    share = [[Fraction(own.count("1"), n) for own in arm] for arm in calls]

    def covariance(one: str, other: str) -> Fraction:
        both = sum(a == b == "1" for a, b in zip(one, other, strict=True))
        return (Fraction(both, n) - Fraction(one.count("1"), n) * Fraction(other.count("1"), n)) / (n - 1)

    (a, b), (c, d) = share
    ms_reader = (a + c - b - d) ** 2 / 4
    ms_error = (a - b - c + d) ** 2 / 4
    cov1 = (covariance(calls[0][0], calls[1][0]) + covariance(calls[0][1], calls[1][1])) / 2
    cov3 = (covariance(calls[0][0], calls[1][1]) + covariance(calls[0][1], calls[1][0])) / 2
    assert (ms_reader - ms_error) / 2 - cov1 + cov3 == 0
    ratings = np.array([[[float(call) for call in own] + [0.0, 0.0] for own in arm] for arm in calls])
    data = mrmc_from_array(ratings, [True] * n + [False] * 2)
    result = obuchowski_rockette(estimate_cells(data, Sensitivity(1.0)))
    assert result.components.reader == 0.0
    assert not any("Var(R)" in warning for warning in result.warnings)
