"""Nested and split-plot designs: mean squares by R's aov, multiples of the covariances by expectation, limits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.mrmc.anova import anova, case_weights
from backend.analysis.mrmc.components import components
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.design import Design, DesignName
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from tests.analysis.mrmc.or_studies import Array, cells_of, read_table, restrict, simulate

SIMULATED = Path(__file__).parents[2] / "reference" / "mrmc" / "simulated.csv"


def design(name: DesignName, groups: tuple[int, ...]) -> Design:
    """A design with these groups of readers."""
    return Design(name, name, groups, tuple(sorted(set(groups))), len(set(groups)))


def table_of(reference: Any) -> Array:
    """The 3 x 6 AUCs of the simulated study."""
    return np.array(reference("mrmc/expected.json")["auc"]).reshape(3, 6)


def test_mean_squares_are_those_of_aov(reference: Callable[[str], Any]) -> None:
    values, expected = table_of(reference), reference("mrmc/expected.json")
    crossed = anova(values, design("fully_crossed", (0,) * 6))
    assert (crossed.ms_modality, crossed.ms_reader, crossed.ms_error) == pytest.approx(
        (expected["crossed"]["m"], expected["crossed"]["r"], expected["crossed"]["m:r"]), rel=1e-10
    )
    split = anova(values, design("split_plot", (0, 0, 1, 1, 1, 1)))
    assert (split.ms_modality, split.ms_reader, split.ms_error) == pytest.approx(
        (expected["split_plot"]["m"], expected["split_plot"]["g:r"], expected["split_plot"]["g:m:r"]),
        rel=1e-10,
    )
    assert (split.error_name, split.df_error) == ("MS(T*R(G))", 8)
    nested_values = np.full((3, 6), np.nan)
    for i, readers in enumerate(((0, 1), (2, 3, 4), (5,))):
        nested_values[i, readers] = values[i, readers]
    nested = anova(nested_values, design("readers_nested", (0,) * 6))
    assert (nested.ms_modality, nested.ms_error) == pytest.approx(
        (expected["nested"]["m"], expected["nested"]["m:r"]), rel=1e-10
    )
    assert (nested.df_error, nested.df_reader_by_modality) == (3, (1, 2, 0))


def masks() -> dict[DesignName, tuple[np.ndarray[Any, Any], tuple[int, ...]]]:
    """Unbalanced patterns of cells, shape (3 modalities, 9 readers), with the readers' groups."""
    full = np.ones((3, 9), dtype=bool)
    own = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2])[None, :] == np.arange(3)[:, None]
    return {
        "fully_crossed": (full, (0,) * 9),
        "cases_nested": (full, (0,) * 9),
        "split_plot": (full, (0, 0, 0, 0, 1, 1, 1, 2, 2)),
        "readers_nested": (own, (0,) * 9),
        "both_nested": (own, (0, 0, 1, 1, 1, 2, 2, 2, 2)),
        "split_plot_readers_nested": (own, (0, 1, 0, 0, 1, 0, 1, 1, 1)),
    }


def error_covariance(
    mask: np.ndarray[Any, Any], name: DesignName, groups: tuple[int, ...], parts: dict[str, float]
) -> Array:
    """Covariance of the cells present in the model of the design, reader effects included."""
    cells = np.argwhere(mask)
    matrix = np.zeros((len(cells), len(cells)))
    apart = name in ("cases_nested", "both_nested")
    for a, (i, j) in enumerate(cells):
        for b, (k, m) in enumerate(cells):
            same_group = name == "both_nested" or groups[j] == groups[m]
            cases_shared = same_group and not (apart and i != k)
            if j == m:
                matrix[a, b] += parts["reader"] + (parts["interaction"] if i == k else 0.0)
            kind = ("error" if i == k else "cov1") if j == m else ("cov2" if i == k else "cov3")
            matrix[a, b] += parts[kind] if cases_shared else 0.0
    return matrix


PARTS = {"reader": 5e-4, "interaction": 3e-4, "error": 9e-4, "cov1": 5e-4, "cov2": 4e-4, "cov3": 2.5e-4}


def expectation(square: Callable[[Array], float], matrix: Array) -> float:
    """The mean of a quadratic form of variables with mean 0 and that covariance, exactly: by its eigenvectors."""
    values, vectors = np.linalg.eigh(matrix)
    return sum(value * square(vector) for value, vector in zip(values, vectors.T, strict=True))


@pytest.mark.parametrize("name", list(masks()))
def test_error_term_has_the_expectation_of_the_modality_mean_square(name: DesignName) -> None:
    """Without a difference E MS(T) = E MS(error) + multiple of Cov2 - multiple of Cov3, in unbalanced designs too."""
    mask, groups = masks()[name]
    matrix = error_covariance(mask, name, groups, PARTS)
    plan = design(name, groups)

    def fill(y: Array) -> Array:
        values = np.full(mask.shape, np.nan)
        values[mask] = y
        return values

    def modality(y: Array) -> float:
        return anova(fill(y), plan).ms_modality  # type: ignore[return-value]

    def error(y: Array) -> float:
        return anova(fill(y), plan).ms_error  # type: ignore[return-value]

    def squared_difference(y: Array) -> float:
        means = np.nanmean(fill(y), axis=1)
        return float((means[0] - means[2]) ** 2)

    weights = case_weights(mask, plan)
    cov3 = 0.0 if name in ("cases_nested", "both_nested") else PARTS["cov3"]
    case_part = weights.omnibus[0] * PARTS["cov2"] - weights.omnibus[1] * cov3
    expected_error = expectation(error, matrix)
    assert expectation(modality, matrix) == pytest.approx(expected_error + case_part, rel=1e-9)
    of_pair = (weights.within[0] + weights.within[2]) * PARTS["cov2"] - 2 * weights.between[0, 2] * cov3
    assert expectation(squared_difference, matrix) == pytest.approx(
        weights.reader[0, 2] * expected_error + of_pair, rel=1e-9
    )


@pytest.mark.parametrize("name", list(masks()))
def test_components_are_those_of_the_model(name: DesignName) -> None:
    """The averaged covariances, and the reader components from expected mean squares, come back."""
    mask, groups = masks()[name]
    without = error_covariance(mask, name, groups, PARTS | {"reader": 0.0, "interaction": 0.0})
    values = np.where(mask, np.random.default_rng(3).uniform(0.7, 0.9, mask.shape), np.nan)
    plan = design(name, groups)
    cells = cells_of(values, without, plan)
    table = anova(values, plan)
    found = components(cells, table)
    assert found.error == pytest.approx(PARTS["error"])
    assert found.cov2 == pytest.approx(PARTS["cov2"])
    assert found.cov3 == pytest.approx(0.0 if name in ("cases_nested", "both_nested") else PARTS["cov3"])
    if "readers" in name or name == "both_nested":
        assert isinstance(found.cov1, NotEstimable)
        assert found.reader == pytest.approx(table.ms_error - PARTS["error"] + PARTS["cov2"])  # type: ignore[operator]
    else:
        assert found.cov1 == pytest.approx(0.0 if name == "cases_nested" else PARTS["cov1"])


@pytest.mark.parametrize("readers", [2, 5])
def test_readers_nested_with_equal_numbers_are_hillis(readers: int) -> None:
    """F = MS(T)/(MS(R(T)) + r max(Cov2 - Cov3, 0)), df = error^2/(MS(R(T))^2/(t(r-1))) (Hillis 2014, p. 344-345)."""
    data = simulate(readers=2 * readers, positives=20, negatives=20, seed=8)
    mask = np.broadcast_to(
        (np.arange(2 * readers) < readers)[None, :, None] == np.array([True, False])[:, None, None],
        data.read.shape,
    )
    nested = restrict(data, mask)
    result = obuchowski_rockette(estimate_cells(nested))
    assert result.design == "readers_nested"
    table, parts = result.anova, result.components
    contrast = max(parts.cov2 - parts.cov3, 0.0)  # type: ignore[operator]
    error = table.ms_error + readers * contrast  # type: ignore[operator]
    test = result.random_readers_random_cases.test
    assert not isinstance(test, NotEstimable)
    assert test.statistic == pytest.approx(table.ms_modality / error, rel=1e-10)  # type: ignore[operator]
    assert test.df2 == pytest.approx(error**2 / (table.ms_error**2 / (2 * (readers - 1))), rel=1e-10)  # type: ignore[operator]
    (pair,) = result.random_readers_random_cases.differences
    assert pair.statistic**2 == pytest.approx(test.statistic, rel=1e-9)  # type: ignore[operator]
    assert pair.p == pytest.approx(test.p, rel=1e-9)


def test_split_plot_of_one_group_is_the_crossed_study() -> None:
    values = np.random.default_rng(1).uniform(0.7, 0.9, (2, 4))
    matrix = error_covariance(np.ones((2, 4), dtype=bool), "fully_crossed", (0,) * 4, PARTS)
    one = obuchowski_rockette(cells_of(values, matrix, design("fully_crossed", (0,) * 4)))
    other = obuchowski_rockette(cells_of(values, matrix, design("split_plot", (0,) * 4)))
    assert one.random_readers_random_cases == other.random_readers_random_cases


def test_split_plot_adds_groups_up() -> None:
    """Balanced: MS(T)/(MS(T*R(G)) + r (Cov2 - Cov3)) with r readers a group, and fixed readers likewise."""
    groups = (0, 0, 0, 1, 1, 1)
    values = np.random.default_rng(6).uniform(0.7, 0.9, (2, 6))
    matrix = error_covariance(
        np.ones((2, 6), dtype=bool), "split_plot", groups, PARTS | {"reader": 0.0, "interaction": 0.0}
    )
    result = obuchowski_rockette(cells_of(values, matrix, design("split_plot", groups)))
    contrast = PARTS["cov2"] - PARTS["cov3"]
    random, fixed = result.random_readers_random_cases.test, result.fixed_readers.test
    assert not isinstance(random, NotEstimable)
    assert not isinstance(fixed, NotEstimable)
    assert random.error_term == pytest.approx(result.anova.ms_error + 3 * contrast)  # type: ignore[operator]
    assert fixed.error_term == pytest.approx(PARTS["error"] - PARTS["cov1"] + 2 * contrast)
    # With fixed readers the difference of the means has just the variance that the covariance matrix gives it.
    (pair,) = result.fixed_readers.differences
    signs = np.repeat([1.0, -1.0], 6) / 6
    assert pair.se == pytest.approx(np.sqrt(signs @ matrix @ signs), rel=1e-10)


@pytest.mark.parametrize("name", ["fully_crossed", "cases_nested", "split_plot", "split_plot_readers_nested"])
def test_fixed_readers_have_the_variance_of_the_matrix(name: DesignName) -> None:
    """When every kind of pair has one covariance, averaging loses nothing."""
    mask, groups = masks()[name]
    values = np.where(mask, np.random.default_rng(2).uniform(0.7, 0.9, mask.shape), np.nan)
    matrix = error_covariance(mask, name, groups, PARTS | {"reader": 0.0, "interaction": 0.0})
    result = obuchowski_rockette(cells_of(values, matrix, design(name, groups)))
    rows = np.argwhere(mask)[:, 0]
    for pair in result.fixed_readers.differences:
        i, k = int(pair.modality_a[1:]) - 1, int(pair.modality_b[1:]) - 1
        contrast = (rows == i) / (rows == i).sum() - (rows == k) / (rows == k).sum()
        assert pair.se == pytest.approx(np.sqrt(contrast @ matrix @ contrast), rel=1e-9)
    for i, mean in enumerate(result.fixed_readers.means):
        average = (rows == i) / (rows == i).sum()
        assert mean.se == pytest.approx(np.sqrt(average @ matrix @ average), rel=1e-9)


def test_cases_nested_use_cov2_alone() -> None:
    data = simulate(readers=4, positives=24, negatives=24, seed=2)
    mask = np.broadcast_to(
        (np.arange(48) % 2 == 0)[None, None, :] == np.array([True, False])[:, None, None], (2, 4, 48)
    )
    result = obuchowski_rockette(estimate_cells(restrict(data, mask), covariance="unbiased"))
    assert result.design == "cases_nested"
    assert (result.components.cov1, result.components.cov3) == (0.0, 0.0)
    test = result.random_readers_random_cases.test
    assert not isinstance(test, NotEstimable)
    assert test.error_term == pytest.approx(result.anova.ms_error + 4 * max(result.components.cov2, 0.0))  # type: ignore[operator, type-var]


def test_cases_nested_in_readers_are_the_readers_anova() -> None:
    data = simulate(readers=4, positives=24, negatives=24, seed=2)
    mask = np.broadcast_to((np.arange(48) % 4)[None, None, :] == np.arange(4)[None, :, None], (2, 4, 48))
    result = obuchowski_rockette(estimate_cells(restrict(data, mask)))
    assert result.design == "cases_nested_in_readers"
    assert (result.components.cov2, result.components.cov3) == (0.0, 0.0)
    random, cases = result.random_readers_random_cases.test, result.fixed_cases.test
    assert not isinstance(random, NotEstimable)
    assert not isinstance(cases, NotEstimable)
    assert (random.statistic, random.df2) == (cases.statistic, 3.0)


def test_groups_of_one_reader_a_modality_are_not_estimable() -> None:
    groups = (0, 0, 1, 1)
    mask = np.array([[True, False, True, False], [False, True, False, True]])
    values = np.where(mask, 0.8, np.nan)
    matrix = error_covariance(mask, "split_plot_readers_nested", groups, PARTS)
    result = obuchowski_rockette(cells_of(values, matrix, design("split_plot_readers_nested", groups)))
    test = result.random_readers_random_cases.test
    assert not isinstance(test, NotEstimable)
    assert isinstance(test.statistic, NotEstimable)
    assert any("cannot be told from a difference between their readers" in text for text in result.warnings)
    result.to_json()


def test_simulated_file_is_crossed() -> None:
    data = read_table(SIMULATED)
    assert (data.design.name, data.n_positive, data.n_negative) == ("fully_crossed", 24, 36)
