"""The analysis of crossed studies: published output, the formulas as printed, invariances, awkward studies."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import NotEstimable
from backend.analysis.mrmc.cells import CellEstimates
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.figures_of_merit import Sensitivity
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import MrmcData, mrmc_from_array
from backend.analysis.roc import delong_paired
from tests.analysis.mrmc.or_studies import (
    FED_AUCS,
    FRANKEN_AUCS,
    VAN_DYKE_AUCS,
    VAN_DYKE_CALLS,
    published_cells,
    read_table,
    simulate,
    slow_or_random,
)


def van_dyke(**changes: Any) -> CellEstimates:
    """VanDyke, jackknife components of OR-DBM MRMC 2.51."""
    components: dict[str, Any] = {
        "cov1": 0.00034661,
        "cov3": 0.00023903,
        "error_by_modality": (0.00101410, 0.00059047),
        "cov2_by_modality": (0.00048396, 0.00020419),
    }
    return published_cells(VAN_DYKE_AUCS, n_cases=(45, 69), **components | changes)


def analyze(data: MrmcData, **options: Any) -> OrResult:
    return obuchowski_rockette(estimate_cells(data, **options))


def test_van_dyke_random_readers_and_cases() -> None:
    """OR-DBM MRMC 2.51, jackknife: five printed digits of the components give four of the rest."""
    result = obuchowski_rockette(van_dyke())
    assert result.anova.ms_modality == pytest.approx(0.004796171, rel=1e-6)  # MRMCaov, printed
    assert result.anova.ms_error == pytest.approx(0.0005510306, rel=1e-6)
    assert result.anova.ms_reader == pytest.approx(0.00383620, rel=2e-6)
    assert result.anova.ms_reader_by_modality == pytest.approx((0.00308263, 0.00130460), rel=5e-6)
    assert result.components.reader == pytest.approx(0.00153500, abs=1e-8)
    assert result.components.modality_by_reader == pytest.approx(0.00020040, abs=2e-8)
    analysis = result.random_readers_random_cases
    assert not isinstance(analysis.test, NotEstimable)
    assert analysis.test.statistic == pytest.approx(4.46, abs=0.005)
    assert analysis.test.df2 == pytest.approx(15.26, abs=0.005)
    assert analysis.test.p == pytest.approx(0.0517, abs=5e-5)
    (pair,) = analysis.differences
    assert pair.difference == pytest.approx(-0.04380032, abs=5e-9)
    assert pair.se == pytest.approx(0.02075, abs=5e-6)
    assert not isinstance(pair.ci, NotEstimable)
    assert (pair.ci.low, pair.ci.high) == pytest.approx((-0.08796, 0.00036), abs=5e-6)
    assert [mean.mean for mean in analysis.means] == pytest.approx([0.89703704, 0.94083736], abs=5e-9)
    intervals = [
        (mean.ci.low, mean.ci.high) for mean in analysis.means if not isinstance(mean.ci, NotEstimable)
    ]
    assert intervals[0] == pytest.approx((0.82522360, 0.96885048), abs=1e-6)
    assert intervals[1] == pytest.approx((0.89413783, 0.98753689), abs=1e-6)
    assert [mean.df for mean in analysis.means] == pytest.approx([12.74, 12.71], abs=0.005)


def test_van_dyke_by_mrmcaov() -> None:
    """MRMCaov 0.3.0, printed in its package article (Smith & Hillis): DeLong covariances to seven digits."""
    cells = van_dyke(
        cov1=0.0003420090,
        cov3=0.0002358497,
        error_by_modality=(0.0007921325,) * 2,
        cov2_by_modality=(0.0003395265,) * 2,
    )
    analysis = obuchowski_rockette(cells).random_readers_random_cases
    assert not isinstance(analysis.test, NotEstimable)
    assert analysis.test.statistic == pytest.approx(4.484854, rel=1e-6)
    assert analysis.test.df2 == pytest.approx(15.06611, rel=2e-6)
    assert analysis.test.p == pytest.approx(0.05123303, rel=1e-6)
    (pair,) = analysis.differences
    assert pair.se == pytest.approx(0.0206825, rel=1e-6)
    assert pair.statistic == pytest.approx(-2.117747, rel=1e-6)
    assert not isinstance(pair.ci, NotEstimable)
    assert (pair.ci.low, pair.ci.high) == pytest.approx((-0.0878671960, 0.0002665519), abs=3e-8)


def test_van_dyke_sensitivity_by_mrmcaov() -> None:
    """The same article, binary_sens with the jackknife: the cases without disease have no part in it."""
    calls = np.array([[[float(call) for call in own] for own in arm] for arm in VAN_DYKE_CALLS])
    ratings = np.concatenate([calls, np.zeros((2, 5, 69))], axis=2)
    data = mrmc_from_array(ratings, [True] * 45 + [False] * 69)
    result = obuchowski_rockette(estimate_cells(data, Sensitivity(1.0))).random_readers_random_cases
    assert [mean.mean for mean in result.means] == pytest.approx([0.8222222, 0.92], abs=5e-8)
    (pair,) = result.differences
    assert pair.difference == pytest.approx(-0.09777778, abs=5e-9)
    assert not isinstance(result.test, NotEstimable)
    assert result.test.statistic == pytest.approx(6.689493, abs=5e-7)
    assert result.test.df2 == pytest.approx(15.71732, abs=5e-6)
    assert result.test.p == pytest.approx(0.02008822, abs=5e-9)


def test_van_dyke_fixed_readers_and_fixed_cases() -> None:
    """OR-DBM MRMC 2.51, jackknife."""
    result = obuchowski_rockette(van_dyke())
    fixed = result.fixed_readers
    assert not isinstance(fixed.test, NotEstimable)
    assert fixed.test.statistic == pytest.approx(5.475953, rel=2e-5)
    assert (fixed.test.df1, fixed.test.df2) == (1, None)
    assert fixed.test.p == pytest.approx(0.01927984, rel=1e-4)
    (pair,) = fixed.differences
    assert pair.se == pytest.approx(0.01871748, rel=1e-5)
    assert not isinstance(pair.ci, NotEstimable)
    assert (pair.ci.low, pair.ci.high) == pytest.approx((-0.08048591, -0.00711473), abs=5e-7)
    means = [(mean.ci.low, mean.ci.high) for mean in fixed.means if not isinstance(mean.ci, NotEstimable)]
    assert means[0] == pytest.approx((0.84943008, 0.94464399), abs=5e-7)
    assert means[1] == pytest.approx((0.90795637, 0.97371835), abs=5e-7)
    cases = result.fixed_cases
    assert not isinstance(cases.test, NotEstimable)
    assert cases.test.statistic == pytest.approx(8.704, abs=5e-4)
    assert (cases.test.df1, cases.test.df2) == (1, 4)
    assert cases.test.p == pytest.approx(0.04195875, abs=5e-9)
    (pair,) = cases.differences
    assert not isinstance(pair.ci, NotEstimable)
    assert (pair.ci.low, pair.ci.high) == pytest.approx((-0.08502022, -0.00258042), abs=5e-9)
    singles = [(mean.se, mean.df) for mean in cases.means]
    assert singles == [(pytest.approx(0.02482994, abs=5e-9), 4), (pytest.approx(0.01615303, abs=5e-9), 4)]


def test_van_dyke_single_reader() -> None:
    """OR-DBM MRMC 2.51, VanDyke1R.txt: reader 1 alone has the analysis with fixed readers only."""
    cells = published_cells(
        VAN_DYKE_AUCS[:, :1],
        cov1=0.00037347,
        cov3=0.0,
        error_by_modality=(0.00090755, 0.00049025),
        cov2_by_modality=(0.0, 0.0),
        n_cases=(45, 69),
    )
    result = obuchowski_rockette(cells)
    assert not isinstance(result.fixed_readers.test, NotEstimable)
    assert result.fixed_readers.test.statistic == pytest.approx(1.22011, rel=5e-5)
    assert result.fixed_readers.test.p == pytest.approx(0.2693, abs=5e-5)
    assert [mean.se for mean in result.fixed_readers.means] == pytest.approx(
        [0.03012552, 0.02214169], rel=1e-5
    )
    assert not isinstance(result.random_readers_random_cases.test, NotEstimable)
    assert isinstance(result.random_readers_random_cases.test.statistic, NotEstimable)
    (reader,) = result.reader_differences
    assert reader.difference == pytest.approx(-0.02818035, abs=5e-9)
    assert reader.p == pytest.approx(0.26933885, rel=1e-4)
    json.dumps(result.to_json(), allow_nan=False)


def test_franken_truncates_also_with_fixed_readers() -> None:
    """OR-DBM MRMC 2.51 (goodValues361/Iowa/Franken1.txt): Cov2 < Cov3."""
    cells = published_cells(
        FRANKEN_AUCS,
        cov1=0.00079168,
        cov3=0.00051251,
        error_by_modality=(0.00152278, 0.00152877),
        cov2_by_modality=(0.00047230, 0.00049498),
        n_cases=(67, 33),
    )
    result = obuchowski_rockette(cells)
    random = result.random_readers_random_cases
    assert not isinstance(random.test, NotEstimable)
    assert (random.test.statistic, random.test.df2) == (pytest.approx(4.69, abs=0.005), pytest.approx(3.0))
    assert random.test.p == pytest.approx(0.1188, abs=5e-5)
    (pair,) = random.differences
    assert not isinstance(pair.ci, NotEstimable)
    assert (pair.ci.low, pair.ci.high) == pytest.approx((-0.00509, 0.02680), abs=5e-6)
    assert [mean.df for mean in random.means] == pytest.approx([70.12, 253.64], rel=2e-4)
    assert not isinstance(result.fixed_readers.test, NotEstimable)
    assert result.fixed_readers.test.statistic == pytest.approx(0.32101, rel=5e-5)
    assert result.fixed_readers.test.p == pytest.approx(0.5710, abs=5e-5)
    assert result.components.modality_by_reader == pytest.approx(-0.00071276, abs=2e-8)
    assert result.components.reader == pytest.approx(0.00003776, abs=2e-8)
    assert any("Cov2 - Cov3 is negative" in text for text in result.warnings)
    assert any("Var(T×R) is negative (−0.000713);" in text for text in result.warnings)


def test_five_modalities() -> None:
    """OR-DBM MRMC 2.51 (inst/Iowa/FedRoc.txt): five modalities, four readers, ten pairs."""
    cells = published_cells(
        FED_AUCS,
        cov1=0.00029480,
        cov3=0.00021213,
        error_by_modality=(0.00071053, 0.00075106, 0.00087587, 0.00072652, 0.00088163),
        cov2_by_modality=(0.00021119, 0.00026649, 0.00024646, 0.00022043, 0.00022200),
        n_cases=(100, 100),
    )
    result = obuchowski_rockette(cells)
    random = result.random_readers_random_cases
    assert not isinstance(random.test, NotEstimable)
    assert not isinstance(result.fixed_readers.test, NotEstimable)
    assert random.test.statistic == pytest.approx(3.47, abs=0.005)
    assert (random.test.df1, random.test.df2) == (4, pytest.approx(16.80, abs=0.005))
    assert random.test.p == pytest.approx(0.0305, abs=5e-5)
    assert [round(float(pair.p), 4) for pair in random.differences if not isinstance(pair.p, NotEstimable)] == [
        0.7616, 0.0477, 0.7475, 0.0402, 0.0258, 0.9851, 0.0216, 0.0249, 0.9312, 0.0208
    ]  # fmt: skip
    assert {(pair.modality_a, pair.modality_b) for pair in random.differences} == {
        (f"m{a}", f"m{b}") for a in range(1, 6) for b in range(a + 1, 6)
    }
    assert [mean.df for mean in random.means] == pytest.approx([5.46, 27.72, 7.04, 5.40, 6.78], abs=0.006)
    assert result.fixed_readers.test.statistic == pytest.approx(13.60126, rel=1e-4)
    assert result.fixed_readers.test.p == pytest.approx(0.0087, abs=5e-5)
    assert result.components.reader == pytest.approx(0.00128372, abs=2e-8)
    assert result.components.modality_by_reader == pytest.approx(-0.00001093, abs=3e-8)


@pytest.mark.parametrize("covariance", ["jackknife", "delong", "unbiased"])
def test_tables_follow_the_formulas_as_printed(shared_data: Any, covariance: Any) -> None:
    for name in ("08_PENEDO", "10_RUSCHIN", "14_FEDERICA"):
        data = read_table(shared_data / "tables" / "multireader" / f"rjafroc_dataset{name}_roc.csv")
        cells = estimate_cells(data, covariance=covariance)
        result = obuchowski_rockette(cells).random_readers_random_cases
        f, df2, se = slow_or_random(cells.values, cells.covariance)  # type: ignore[arg-type]
        assert not isinstance(result.test, NotEstimable)
        assert (result.test.statistic, result.test.df2) == (
            pytest.approx(f, rel=1e-10),
            pytest.approx(df2, rel=1e-10),
        )
        assert [pair.se for pair in result.differences] == pytest.approx(
            [se] * len(result.differences), rel=1e-10
        )


def test_two_modalities_with_fixed_cases_are_a_paired_t_test() -> None:
    from scipy.stats import ttest_rel

    data = simulate(readers=6, shift=0.4)
    cells = estimate_cells(data)
    expected = ttest_rel(cells.values[0], cells.values[1])
    (pair,) = obuchowski_rockette(cells).fixed_cases.differences
    assert pair.statistic == pytest.approx(expected.statistic, rel=1e-10)
    assert pair.p == pytest.approx(expected.pvalue, rel=1e-10)


def test_one_reader_is_the_paired_delong_test() -> None:
    data = simulate(readers=1, positives=20, negatives=25)
    result = analyze(data, covariance="delong")
    expected = delong_paired(data.truth.tolist(), data.ratings[0, 0].tolist(), data.ratings[1, 0].tolist())
    (pair,) = result.fixed_readers.differences
    (reader,) = result.reader_differences
    for found in (pair.statistic, reader.z):
        assert found == pytest.approx(expected.z, rel=1e-10)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.permutations(range(3)), st.permutations(range(12)))
def test_names_and_order_change_nothing(seed: int, readers: list[int], cases: list[int]) -> None:
    data = simulate(readers=3, positives=6, negatives=6, seed=seed, levels=6)
    moved = mrmc_from_array(data.ratings[:, readers][:, :, cases], data.truth[cases].tolist())
    one, other = analyze(data).random_readers_random_cases, analyze(moved).random_readers_random_cases
    assert not isinstance(one.test, NotEstimable)
    assert not isinstance(other.test, NotEstimable)
    if isinstance(one.test.statistic, NotEstimable):
        assert other.test.statistic == one.test.statistic
    else:
        assert other.test.statistic == pytest.approx(one.test.statistic, rel=1e-8, abs=1e-12)


def test_swapping_modalities_flips_the_sign() -> None:
    data = simulate(shift=0.5)
    swapped = analyze(data.only(("2", "1")))
    for one, other in zip(
        (analyze(data).random_readers_random_cases, analyze(data).fixed_readers),
        (swapped.random_readers_random_cases, swapped.fixed_readers),
        strict=True,
    ):
        assert other.differences[0].difference == pytest.approx(-one.differences[0].difference, rel=1e-12)  # type: ignore[operator]
        assert other.differences[0].p == pytest.approx(one.differences[0].p, rel=1e-9)


def test_complementary_ratings_give_the_complement() -> None:
    data = simulate()
    turned = mrmc_from_array(-data.ratings, data.truth.tolist())
    one, other = analyze(data), analyze(turned)
    assert [1 - m.mean for m in one.fixed_cases.means] == pytest.approx(
        [m.mean for m in other.fixed_cases.means]
    )  # type: ignore[operator]
    assert other.random_readers_random_cases.differences[0].p == pytest.approx(
        one.random_readers_random_cases.differences[0].p, rel=1e-9
    )


def test_identical_modalities_leave_nothing_to_judge_by() -> None:
    data = simulate()
    result = analyze(mrmc_from_array(np.repeat(data.ratings[:1], 2, axis=0), data.truth.tolist()))
    random = result.random_readers_random_cases
    assert not isinstance(random.test, NotEstimable)
    assert isinstance(random.test.statistic, NotEstimable)
    assert random.differences[0].difference == 0.0
    assert isinstance(random.differences[0].p, NotEstimable)
    assert isinstance(result.fixed_readers.differences[0].p, NotEstimable)
    assert all(isinstance(reader.p, NotEstimable) for reader in result.reader_differences)
    json.dumps(result.to_json(), allow_nan=False)


def test_readers_who_all_differ_alike_have_no_degrees_of_freedom() -> None:
    values = np.array([[0.8, 0.82, 0.84], [0.85, 0.87, 0.89]])
    cells = published_cells(
        values,
        cov1=2e-4,
        cov3=1e-4,
        error_by_modality=(6e-4,) * 2,
        cov2_by_modality=(3e-4,) * 2,
        n_cases=(50, 50),
    )
    result = obuchowski_rockette(cells)
    assert not isinstance(result.random_readers_random_cases.test, NotEstimable)
    found = result.random_readers_random_cases.test.statistic
    assert isinstance(found, NotEstimable)
    assert "infinite" in found.reason
    assert not isinstance(result.fixed_readers.test, NotEstimable)
    assert result.fixed_readers.test.p == pytest.approx(
        math.erfc(math.sqrt(3 * 0.05**2 / 2 / (6e-4 - 2e-4 + 2 * 2e-4) / 2))
    )


def test_perfect_separation_everywhere() -> None:
    truth = [True] * 5 + [False] * 6
    ratings = np.broadcast_to(np.array(truth, dtype=float), (2, 3, 11)).copy()
    result = analyze(mrmc_from_array(ratings, truth))
    assert all(isinstance(figure.se, NotEstimable) for figure in result.reader_figures)
    assert all(isinstance(mean.ci, NotEstimable) for mean in result.random_readers_random_cases.means)
    json.dumps(result.to_json(), allow_nan=False)


def test_all_tied_is_chance_and_said() -> None:
    result = analyze(mrmc_from_array(np.full((2, 3, 11), 3.0), [True] * 5 + [False] * 6))
    assert {figure.estimate for figure in result.reader_figures} == {0.5}
    assert len([text for text in result.warnings if "the same rating" in text]) == 6
    json.dumps(result.to_json(), allow_nan=False)


def test_one_positive_has_figures_and_the_readers_anova_only() -> None:
    data = simulate(positives=1, negatives=12)
    result = analyze(data)
    assert isinstance(result.components.error, NotEstimable)
    assert not isinstance(result.random_readers_random_cases.test, NotEstimable)
    assert isinstance(result.random_readers_random_cases.test.p, NotEstimable)
    assert not isinstance(result.fixed_cases.test, NotEstimable)
    assert isinstance(result.fixed_cases.test.p, float)
    json.dumps(result.to_json(), allow_nan=False)


def test_one_modality_has_its_mean_and_no_test() -> None:
    data = simulate()
    alone = analyze(data.only(("1",)))
    assert isinstance(alone.random_readers_random_cases.test, NotEstimable)
    assert alone.random_readers_random_cases.differences == ()
    both = analyze(data)
    for analysis in ("random_readers_random_cases", "fixed_readers", "fixed_cases"):
        one, other = getattr(alone, analysis).means[0], getattr(both, analysis).means[0]
        assert (one.mean, one.se) == pytest.approx((other.mean, other.se), rel=1e-10)
        assert one.df is other.df is None or one.df == pytest.approx(other.df, rel=1e-10)


def test_intervals_stay_within_the_range_of_the_figure() -> None:
    data = simulate(positives=4, negatives=4, readers=2, shift=3.0, seed=9)
    result = analyze(data)
    for analysis in (result.random_readers_random_cases, result.fixed_readers, result.fixed_cases):
        for mean in analysis.means:
            if not isinstance(mean.ci, NotEstimable):
                assert 0.0 <= mean.ci.low <= mean.ci.high <= 1.0


def test_small_p_values_do_not_stop() -> None:
    data = simulate(readers=8, positives=150, negatives=150, shift=-2.0)
    (pair,) = analyze(data).fixed_readers.differences
    assert isinstance(pair.p, float)
    assert 0.0 < pair.p < 1e-16


def test_same_bytes_again() -> None:
    data = simulate(levels=5)
    one = json.dumps(analyze(data, covariance="bootstrap", seed=4, n_resamples=50).to_json())
    assert one == json.dumps(analyze(data, covariance="bootstrap", seed=4, n_resamples=50).to_json())
