"""DBM: the same test as OR with jackknife covariance, the authors' components, both ways of writing them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.dbm import (
    DbmComponents,
    PilotComponents,
    dbm,
    dbm_equivalence,
    dbm_to_or,
    or_to_dbm,
)
from backend.analysis.mrmc.figures_of_merit import PartialAuc, Sensitivity
from backend.analysis.mrmc.inference import OverallTest
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from tests.analysis.mrmc.or_studies import VAN_DYKE_AUCS, published_cells, restrict, simulate


@pytest.mark.parametrize(
    "figure",
    [None, PartialAuc("specificity", 0.5, 1.0), PartialAuc("sensitivity", 0.6, 1.0), Sensitivity(3.0)],
)
@pytest.mark.parametrize("modalities", [2, 3])
def test_random_readers_are_those_of_or(figure: Sensitivity | None, modalities: int) -> None:
    data = simulate(modalities=modalities, positives=12, negatives=11, levels=5, shift=0.4, seed=12)
    by_dbm = dbm(data, figure)
    cells = estimate_cells(data, figure)
    by_or = obuchowski_rockette(cells)
    for name in ("random_readers_random_cases", "fixed_cases"):
        one, other = getattr(by_dbm, name), getattr(by_or, name).test
        assert (one.statistic, one.df2, one.p) == pytest.approx(
            (other.statistic, other.df2, other.p), rel=1e-8
        )
    converted = or_to_dbm(by_or.components, by_dbm.n_cases)
    for part in ("reader", "case", "modality_by_reader", "modality_by_case", "reader_by_case", "error"):
        assert getattr(by_dbm.components, part) == pytest.approx(
            getattr(converted, part), rel=1e-7, abs=1e-12
        )


def test_van_dyke_components() -> None:
    """OR-DBM MRMC 2.51 prints both parametrizations (inst/Iowa/VanDyke.txt of RJafroc)."""
    cells = published_cells(
        VAN_DYKE_AUCS,
        cov1=0.00034661,
        cov3=0.00023903,
        error_by_modality=(0.00101410, 0.00059047),
        cov2_by_modality=(0.00048396, 0.00020419),
        n_cases=(45, 69),
    )
    found = or_to_dbm(obuchowski_rockette(cells).components, 114)
    # 114 times the rounding of the eighth digit.
    assert found.reader == pytest.approx(0.00153500, abs=2e-8)
    assert found.modality_by_reader == pytest.approx(0.00020040, abs=3e-8)
    assert (found.case, found.modality_by_case, found.reader_by_case, found.error) == pytest.approx(
        (0.02724923, 0.01197530, 0.01226473, 0.03997160), abs=2e-6
    )


def test_mean_squares_by_effect_coding() -> None:
    """A slow second way: each effect's sum of squares as the projection on its own contrasts."""
    data = simulate(readers=3, positives=5, negatives=6, seed=4)
    squares = dbm(data).mean_squares
    t, j, k = 2, 3, 11
    from backend.analysis.mrmc.covariance import left_out_figures
    from backend.analysis.mrmc.figures_of_merit import Auc

    values, left_out = left_out_figures(data, Auc())
    y = (k * values[:, :, None] - (k - 1) * left_out).reshape(-1)

    def centering(n: int) -> np.ndarray:  # type: ignore[type-arg]
        return np.eye(n) - np.full((n, n), 1 / n)

    def mean(n: int) -> np.ndarray:  # type: ignore[type-arg]
        return np.full((n, n), 1 / n)

    sources = {
        "modality": (True, False, False),
        "reader": (False, True, False),
        "case": (False, False, True),
        "modality_by_reader": (True, True, False),
        "modality_by_case": (True, False, True),
        "reader_by_case": (False, True, True),
        "modality_by_reader_by_case": (True, True, True),
    }
    for name, involved in sources.items():
        projection = np.eye(1)
        for n, inside in zip((t, j, k), involved, strict=True):
            projection = np.kron(projection, centering(n) if inside else mean(n))
        df = np.prod([n - 1 for n, inside in zip((t, j, k), involved, strict=True) if inside])
        assert getattr(squares, name) == pytest.approx(float(y @ projection @ y / df), rel=1e-9)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.floats(1e-5, 1e-1), min_size=6, max_size=6), st.integers(10, 500))
def test_there_and_back(parts: list[float], n_cases: int) -> None:
    components = DbmComponents(*parts, n_cases)
    there = dbm_to_or(components)
    assert isinstance(there, PilotComponents)
    assert n_cases * there.cov3 == pytest.approx(components.case)
    assert n_cases * (there.cov2 - there.cov3) == pytest.approx(
        components.modality_by_case, rel=1e-6, abs=1e-12
    )
    assert n_cases * (there.cov1 - there.cov3) == pytest.approx(
        components.reader_by_case, rel=1e-6, abs=1e-12
    )
    residual = n_cases * (there.error - there.cov1 - there.cov2 + there.cov3)
    assert residual == pytest.approx(components.error, rel=1e-6, abs=1e-12)


def test_undefined_components_stay_undefined() -> None:
    why = NotEstimable("there is only one case")
    assert dbm_to_or(DbmComponents(why, why, why, why, why, why, 10)) == why
    single = obuchowski_rockette(estimate_cells(simulate(positives=1)))
    assert or_to_dbm(single.components, 18).error == single.components.error


def test_needs_a_complete_crossed_study() -> None:
    data = simulate(readers=3)
    mask = np.ones_like(data.read)
    mask[0, 0, 0] = False
    for unfit in (restrict(data, mask), data.only(("1",)), data.only_readers(("1",))):
        with pytest.raises(AnalysisError) as raised:
            dbm(unfit)
        assert raised.value.code == "needs_crossed"
    with pytest.raises(AnalysisError) as raised:
        dbm(simulate(positives=1))
    assert raised.value.code == "single_case"
    with pytest.raises(AnalysisError) as raised:
        dbm_to_or(DbmComponents(*(0.1,) * 6, 1))  # type: ignore[arg-type]
    assert raised.value.code == "n_cases_too_small"


def test_identical_modalities_leave_nothing_to_judge_by() -> None:
    data = simulate()
    found = dbm(mrmc_from_array(np.repeat(data.ratings[:1], 2, axis=0), data.truth.tolist()))
    for test in (found.random_readers_random_cases, found.fixed_readers, found.fixed_cases):
        assert isinstance(test.statistic, NotEstimable)
    found.to_json()


def test_components_of_both_analyses_stand_side_by_side_and_are_the_same() -> None:
    data = simulate(seed=11)
    either = dbm_equivalence(dbm(data), obuchowski_rockette(estimate_cells(data)))
    assert either.largest_difference == pytest.approx(0.0, abs=1e-10)
    assert isinstance(either.or_test, OverallTest)
    assert either.dbm_test.statistic == pytest.approx(either.or_test.statistic, rel=1e-9)
    assert either.dbm_test.df2 == pytest.approx(either.or_test.df2, rel=1e-9)
    # K times the averaged jackknife covariances, by hand (Hillis 2005, Table IV).
    parts = obuchowski_rockette(estimate_cells(data)).components
    assert isinstance(parts.cov3, float)
    assert either.of_pseudovalues.case == pytest.approx(either.n_cases * parts.cov3, rel=1e-9)


def test_refuses_to_compare_with_another_covariance_or_figure() -> None:
    data = simulate(seed=11)
    for other in (
        obuchowski_rockette(estimate_cells(data, covariance="delong")),
        obuchowski_rockette(estimate_cells(data, Sensitivity(0.5))),
    ):
        with pytest.raises(AnalysisError) as raised:
            dbm_equivalence(dbm(data), other)
        assert raised.value.code == "analyses_differ"
