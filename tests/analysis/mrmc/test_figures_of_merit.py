"""AUC, partial AUC, sensitivity and specificity against pROC 1.18.0, pair counting and leaving out by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.figures_of_merit import Auc, ComputedFigure, PartialAuc, Sensitivity, Specificity
from tests.analysis.mrmc.or_studies import pair_counting_auc, read_table

SIMULATED = Path(__file__).parents[2] / "reference" / "mrmc" / "simulated.csv"
small_studies = st.tuples(
    st.lists(st.integers(1, 5), min_size=3, max_size=9), st.lists(st.integers(1, 5), min_size=3, max_size=9)
)


def arrays(study: tuple[list[int], list[int]]) -> tuple[Any, Any]:
    positive, negative = study
    truth = np.array([True] * len(positive) + [False] * len(negative))
    return truth, np.array(positive + negative, dtype=float)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(small_studies)
def test_auc_counts_pairs(study: tuple[list[int], list[int]]) -> None:
    truth, ratings = arrays(study)
    assert Auc().value(truth, ratings) == pytest.approx(
        pair_counting_auc(truth, ratings), rel=1e-13, abs=1e-14
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(small_studies)
def test_leaving_out_has_the_value_of_computing_again(study: tuple[list[int], list[int]]) -> None:
    truth, ratings = arrays(study)
    whole = np.ones(truth.size, dtype=bool)
    for figure, used in ((Auc(), whole), (Sensitivity(3.0), truth), (Specificity(3.0), ~truth)):
        by_hand = [
            figure.value(np.delete(truth, case), np.delete(ratings, case))
            for case in np.flatnonzero(used).tolist()
        ]
        np.testing.assert_allclose(figure.left_out(truth, ratings), by_hand, rtol=1e-12, atol=1e-14)
    for axis in ("specificity", "sensitivity"):
        partial = PartialAuc(axis, 0.6, 0.95)  # type: ignore[arg-type]
        again = [
            partial.value(np.delete(truth, case), np.delete(ratings, case)) for case in range(truth.size)
        ]
        np.testing.assert_allclose(partial.left_out(truth, ratings), again, rtol=1e-12, atol=1e-14)


def test_partial_areas_are_those_of_proc(reference: Callable[[str], Any]) -> None:
    data = read_table(SIMULATED)
    rows = reference("mrmc/expected.json")["partial"]
    assert len(rows) == 108
    for row in rows:
        ratings = data.ratings[data.modalities.index(row["modality"]), data.readers.index(row["reader"])]
        for standardized, key in ((False, "area"), (True, "standardized")):
            figure = PartialAuc(row["axis"], row["low"], row["high"], standardized)
            assert figure.value(data.truth, ratings) == pytest.approx(row[key], rel=1e-10), row


def test_whole_range_is_the_auc() -> None:
    truth, ratings = arrays(([3, 4, 5, 2, 4], [1, 2, 3, 4, 1, 2]))
    for axis in ("specificity", "sensitivity"):
        whole = PartialAuc(axis, 0.0, 1.0)  # type: ignore[arg-type]
        assert whole.value(truth, ratings) == pytest.approx(Auc().value(truth, ratings), rel=1e-14)


def test_sensitivity_and_specificity_count_at_or_above() -> None:
    truth, ratings = arrays(([3, 4, 2, 5], [1, 2, 3, 2, 1]))
    assert Sensitivity(3.0).value(truth, ratings) == 0.75
    assert Specificity(3.0).value(truth, ratings) == 0.8
    assert Sensitivity(3.0).name == "sensitivity, rating at or above 3"


def test_equal_cases_are_computed_once() -> None:
    calls = []

    def value(truth: Any, ratings: Any) -> float:
        calls.append(truth.size)
        return float(ratings[truth].mean())

    truth, ratings = arrays(([3, 3, 3, 4], [1, 1, 2, 2]))
    ComputedFigure("mean rating", "mean", value).left_out(truth, ratings)
    assert len(calls) == 4


@pytest.mark.parametrize(
    ("axis", "low", "high", "code"),
    [
        ("specificity", 0.9, 0.8, "range_out_of_order"),
        ("specificity", -0.1, 0.8, "range_out_of_order"),
        ("sensitivity", 0.5, 1.1, "range_out_of_order"),
        ("precision", 0.5, 1.0, "unknown_axis"),
    ],
)
def test_refuses_a_range_that_is_none(axis: Any, low: float, high: float, code: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        PartialAuc(axis, low, high)
    assert raised.value.code == code
