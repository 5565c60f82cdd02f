"""The benchmark of the statistics: its simulated studies are what they are said to be, its rows say what was found."""

import numpy as np
import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.roc import empirical_auc
from scripts.bench_report import study_files
from scripts.bench_rows import Row
from scripts.bench_statistics import NULLS, Null, null_row, simulated_study


def test_both_modalities_of_a_simulated_study_have_the_same_area() -> None:
    draw = np.random.default_rng(1)
    areas = np.zeros(2)
    for _ in range(60):
        truth, ratings = simulated_study(draw, readers=2, cases=80)
        assert ratings.shape == (2, 2, 80)
        for modality in range(2):
            for reader in range(2):
                areas[modality] += float(empirical_auc(truth, ratings[modality, reader])) / 120  # type: ignore[arg-type]
    assert areas == pytest.approx([0.85, 0.85], abs=0.02)


@pytest.mark.parametrize(("readers_differ", "cases_differ", "kept"), [(True, False, 0.2), (False, True, 0.5)])
def test_what_does_not_differ_between_modalities_leaves_their_difference(
    readers_differ: bool, cases_differ: bool, kept: float
) -> None:
    """The variance of a - b over cases is twice that of what differs: readings (0.2), and cases (0.3) if they do."""
    _, ratings = simulated_study(
        np.random.default_rng(2),
        readers=3,
        cases=4000,
        readers_differ=readers_differ,
        cases_differ=cases_differ,
    )
    by_class = (ratings[0] - ratings[1]).reshape(3, 2, 2000)
    assert by_class.var(axis=2) == pytest.approx(np.full((3, 2), 2 * kept), rel=0.12)


@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.name)
def test_a_row_says_how_many_were_rejected_and_the_aim(null: Null) -> None:
    row = null_row(null, 3)
    assert row.seconds[0] in {100 * k / 3 for k in range(4)}
    assert str(row).endswith("| aim 4 to 6 %: missed |")
    assert null.name in row.name


def test_a_note_stands_where_a_rate_has_no_place() -> None:
    assert str(Row("this", [2.0], note="aim 1")).endswith("| 2 s | 2 – 2 | aim 1 |")
    assert str(Row("this", [2.0], 4, "cases", note="aim 1")).endswith("| 2 cases/s |")


def test_the_study_of_the_report_is_of_the_size_that_the_row_names() -> None:
    study = read_dataset(study_files()).study
    assert study is not None
    assert (len(study.readers), len(study.arms), len(study.truth)) == (5, 2, 200)
    assert len(study.reads) == 5 * 2 * 200
    assert sum(value is True for value in study.truth.values()) == 80
    assert study_files() == study_files()
