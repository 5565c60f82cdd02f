"""The heatmap of kappas: symmetric, models last, averages apart."""

import random
from itertools import pairwise

import pytest

from backend.analysis.agreement import kappa_matrix, landis_koch
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.kappa_grid import LANDIS_KOCH_BANDS, kappa_grid
from tests.analysis.rating_data import number


def raters(n: int = 60) -> dict[str, dict[str, int | None]]:
    rng = random.Random(2)
    true = [rng.randint(1, 3) for _ in range(n)]
    return {
        name: {f"c{i:02d}": t if rng.random() < 0.7 else rng.randint(1, 3) for i, t in enumerate(true)}
        for name in ("zoe", "ann", "model", "bob")
    }


def test_square_of_readers_and_model() -> None:
    matrix = kappa_matrix(raters(), [1, 2, 3], "linear")
    grid = kappa_grid(matrix, models=["model"])
    assert grid.raters == ("ann", "bob", "zoe", "model")
    for i, row in enumerate(grid.raters):
        assert grid.cells[i][i] is None
        for j, column in enumerate(grid.raters):
            if i == j:
                continue
            cell = grid.cells[i][j]
            assert cell is not None
            assert cell == grid.cells[j][i]
            pair = matrix.pair(row, column).result
            assert (cell.kappa, cell.ci, cell.band, cell.n) == (pair.kappa, pair.ci, pair.band, 60)
            assert cell.text == f"{number(pair.kappa):.2f}"


def test_means_of_readers_are_apart_from_the_model() -> None:
    """Light's kappa is the mean over pairs of readers."""
    matrix = kappa_matrix(raters(), [1, 2, 3])
    grid = kappa_grid(matrix, models=["model"])
    among = [number(matrix.pair(*p).result.kappa) for p in (("ann", "bob"), ("ann", "zoe"), ("bob", "zoe"))]
    assert grid.among_readers.mean == pytest.approx(sum(among) / 3)
    assert (grid.among_readers.minimum, grid.among_readers.maximum) == (min(among), max(among))
    assert grid.among_readers.n_pairs == 3
    with_model = [number(matrix.pair("model", name).result.kappa) for name in ("ann", "bob", "zoe")]
    assert grid.models_with_readers[0].with_readers.mean == pytest.approx(sum(with_model) / 3)


def test_a_pair_without_kappa_is_a_dash_and_counted() -> None:
    same = {"ann": {"x": 1}, "bob": {"x": 1}, "model": {"x": 1}}
    grid = kappa_grid(kappa_matrix(same, [1, 2]), models=["model"])
    assert grid.cells[0][1] is not None
    assert grid.cells[0][1].text == "–"
    assert grid.among_readers.mean == NotEstimable("no pair has a kappa")
    assert grid.among_readers.n_undefined == 1
    alone = kappa_grid(kappa_matrix({"ann": {"x": 1}, "model": {"x": 2}}, [1, 2]), models=["model"])
    assert alone.among_readers.mean == NotEstimable("there are no two readers")
    grid.to_json()


def test_bands_are_those_of_the_words() -> None:
    assert LANDIS_KOCH_BANDS[0].low == -1.0
    for band, following in pairwise(LANDIS_KOCH_BANDS):
        assert band.high == following.low
        assert landis_koch((following.low + following.high) / 2) == following.name
    for band in LANDIS_KOCH_BANDS[1:]:
        assert landis_koch(band.high) == band.name


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no model robot"):
        kappa_grid(kappa_matrix(raters(), [1, 2, 3]), models=["robot"])
