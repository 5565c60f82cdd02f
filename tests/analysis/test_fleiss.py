"""Fleiss' kappa against irr and the paper of 1971, statsmodels, and on awkward input."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from backend.analysis.errors import NotEstimable
from backend.analysis.fleiss import fleiss_kappa
from backend.analysis.multirater import multirater_agreement

FOLDER = Path(__file__).parents[1] / "reference/agreement"


def read(path: Path, index: str | None) -> dict[str, dict[str, str | None]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    readers = [key for key in rows[0] if key != index]
    return {
        r: {row[index] if index else f"{i:03d}": row[r] or None for i, row in enumerate(rows)}
        for r in readers
    }


def test_fleiss_1971_psychiatric_diagnoses(shared_data: Path) -> None:
    """Fleiss JL. Psychol Bull 1971;76:378-382: 30 patients x 6 raters, kappa .430; irr 0.84.1 gives z 17.7.

    By category the paper prints .248, .245, .520, .471, .566.
    """
    raters = read(shared_data / "tables/agreement/irr_diagnoses.csv", None)
    scale = sorted({value for ratings in raters.values() for value in ratings.values() if value})
    result = fleiss_kappa(raters, scale)
    assert result.overall.estimate == pytest.approx(0.4302445, abs=5e-8)
    assert result.z == pytest.approx(17.7, abs=0.05)
    assert [item.kappa for item in result.by_category] == pytest.approx(
        [0.245, 0.245, 0.520, 0.471, 0.566], abs=6e-4
    )
    # irr::kappam.fleiss(diagnoses, exact = TRUE) is Conger's: .4418085
    assert multirater_agreement(raters, scale).conger.estimate == pytest.approx(0.4418085, abs=5e-8)


def test_fleiss_matches_irr(reference: Callable[[str], Any]) -> None:
    """irr 0.84.1, kappam.fleiss(x, detail = TRUE), its rounding switched off."""
    expected = reference("agreement/expected.json")["fleiss"]
    raters = read(FOLDER / "ratings_complete.csv", "case")
    result = fleiss_kappa(raters, ["1", "2", "3", "4", "5"])
    assert result.overall.estimate == pytest.approx(expected["kappa"], rel=1e-13)
    assert result.z == pytest.approx(expected["z"], rel=1e-12)
    assert result.p0 == pytest.approx(expected["p"], abs=1e-14)
    used = [item for item in result.by_category if item.category in expected["categories"]]
    assert [item.kappa for item in used] == pytest.approx(expected["by_category"], rel=1e-12)
    assert [item.z for item in used] == pytest.approx(expected["z_by_category"], rel=1e-12)
    unused = [item for item in result.by_category if item not in used]
    assert [item.category for item in unused] == ["4"]
    assert unused[0].kappa == NotEstimable("nobody used this category")
    assert unused[0].share == 0.0


def test_fleiss_matches_statsmodels() -> None:
    raters = read(FOLDER / "ratings_complete.csv", "case")
    matrix = np.array([[int(v or 0) for v in ratings.values()] for ratings in raters.values()]).T
    table, _ = aggregate_raters(matrix)
    result = fleiss_kappa(raters, ["1", "2", "3", "4", "5"])
    assert result.overall.estimate == pytest.approx(statsmodels_kappa(table), rel=1e-13)


def test_overall_is_the_weighted_mean_of_the_categories() -> None:
    """Fleiss 1971: kappa is the mean of the categories' kappas with weights share (1 - share)."""
    result = fleiss_kappa(read(FOLDER / "ratings_complete.csv", "case"), ["1", "2", "3", "4", "5"])
    used = [item for item in result.by_category if isinstance(item.kappa, float)]
    shares = np.array([item.share for item in used])
    weights = shares * (1 - shares)
    mean = (weights * np.array([item.kappa for item in used])).sum() / weights.sum()
    assert result.overall.estimate == pytest.approx(mean, rel=1e-12)


def test_gaps_leave_kappa_and_take_the_test() -> None:
    result = fleiss_kappa(read(FOLDER / "ratings.csv", "case"), ["1", "2", "3", "4", "5"])
    assert isinstance(result.overall.estimate, float)
    assert isinstance(result.se0, NotEstimable)
    assert "the same number" in result.se0.reason
    assert result.z == result.p0 == result.se0
    assert result.by_category[0].z == result.se0


def test_weights_have_no_test_of_kappa_zero() -> None:
    result = fleiss_kappa(read(FOLDER / "ratings_complete.csv", "case"), ["1", "2", "3", "4", "5"], "linear")
    assert isinstance(result.z, NotEstimable)


def test_one_category_everywhere_and_no_pair() -> None:
    same = {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 1}}
    result = fleiss_kappa(same, [1, 2])
    assert isinstance(result.overall.estimate, NotEstimable)
    assert isinstance(result.z, NotEstimable)
    assert isinstance(result.by_category[0].kappa, NotEstimable)
    result.to_json()
    apart = fleiss_kappa({"a": {"x": 1}, "b": {"y": 1}}, [1, 2])
    assert apart.overall.estimate == NotEstimable("no case was rated by two raters")
    nothing = fleiss_kappa({"a": {}, "b": {}}, [1, 2])
    assert nothing.n == 0
    nothing.to_json()
