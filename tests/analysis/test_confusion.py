"""Confusion matrices against scikit-learn and the published counts with their swapped labels."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix as sklearn_matrix
from sklearn.metrics import f1_score, matthews_corrcoef, precision_score, recall_score

from backend.analysis.confusion import (
    OneVersusRest,
    confusion_matrix,
    from_table,
    one_versus_rest,
    reported_orientation,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from tests.analysis.rating_data import number

# Qiao 2025, Front Oncol 15:1681939: nodal status of 480 patients against the consensus.
NODES = [[375, 44], [16, 45]]


def nodes(positive: str = "positive") -> OneVersusRest:
    matrix = from_table(NODES, ["negative", "positive"], rater="model", positive=positive)
    assert matrix.positive == positive
    return matrix.for_class(positive)


def test_published_sensitivity_and_specificity_fit_the_counts_with_the_labels_swapped() -> None:
    """The paper: accuracy 87.5 %, 89.50 % and 73.77 %; TP 45, FN 16, TN 375, FP 44."""
    result = nodes()
    assert (result.true_positives, result.false_negatives) == (45, 16)
    assert (result.true_negatives, result.false_positives) == (375, 44)
    assert result.accuracy.estimate == pytest.approx(0.875)
    assert result.sensitivity.estimate == pytest.approx(0.7377, abs=5e-5)
    assert result.specificity.estimate == pytest.approx(0.8950, abs=5e-5)
    assert reported_orientation(result, 0.8950, 0.7377, digits=4) == "classes swapped"
    assert reported_orientation(result, 0.7377, 0.8950, digits=4) == "as stated"
    assert reported_orientation(result, 0.7377, 0.7377, digits=4) == "neither way"
    assert reported_orientation(nodes("negative"), 0.8950, 0.7377, digits=4) == "as stated"
    assert result.statement == (
        "Positive is positive, negative is negative: TP 45, FN 16, FP 44, TN 375 of 480."
    )
    assert result.swapped == "With negative as positive, sensitivity would be 0.895 and specificity 0.738."


def classes(n: int = 80, seed: int = 5) -> tuple[dict[str, str | None], dict[str, str | None]]:
    rng = random.Random(seed)
    truth: dict[str, str | None] = {f"c{i:02d}": rng.choice("abcc") for i in range(n)}
    return truth, {case: value if rng.random() < 0.6 else rng.choice("abc") for case, value in truth.items()}


def test_matches_scikit_learn() -> None:
    truth, ratings = classes()
    result = confusion_matrix(truth, ratings, ["a", "b", "c"], rater="ann")
    y, p = [truth[c] for c in sorted(truth)], [ratings[c] for c in sorted(truth)]
    assert [list(row) for row in result.table] == sklearn_matrix(y, p, labels=["a", "b", "c"]).tolist()
    assert result.accuracy.successes == sum(a == b for a, b in zip(y, p, strict=True))
    assert result.positive is None
    for item in result.one_vs_rest:
        is_true, is_called = [a == item.positive for a in y], [a == item.positive for a in p]
        assert item.sensitivity.estimate == pytest.approx(recall_score(is_true, is_called))
        assert item.positive_predictive_value.estimate == pytest.approx(precision_score(is_true, is_called))
        assert item.f1 == pytest.approx(f1_score(is_true, is_called))
        assert item.matthews == pytest.approx(matthews_corrcoef(is_true, is_called))
        assert item.negative == f"any class but {item.positive}"
        assert item.youden == pytest.approx(2 * number(item.balanced_accuracy) - 1)


def test_margins_are_sums_of_rows_and_columns() -> None:
    truth, ratings = classes()
    truth["c03"] = None
    del ratings["c07"]
    result = confusion_matrix(truth, ratings, ["a", "b", "c"], rater="ann", positive="b")
    assert result.reference_totals == tuple(sum(row) for row in result.table)
    assert result.rater_totals == tuple(sum(column) for column in zip(*result.table, strict=True))
    assert sum(result.reference_totals) == sum(result.rater_totals) == result.n == 78
    assert result.dropped_cases == ("c03", "c07")


def test_a_class_without_cases_says_so() -> None:
    result = from_table([[5, 1], [0, 0]], ["no", "yes"], rater="ann", positive="yes")
    item = result.for_class("yes")
    assert item.sensitivity.estimate == NotEstimable("there is no case of class yes")
    assert item.balanced_accuracy == item.sensitivity.estimate
    assert isinstance(item.matthews, NotEstimable)
    assert result.warnings == ("The reference has no case of class 'yes'.",)
    assert reported_orientation(item, 0.5, 0.5, digits=2) == "neither way"
    result.to_json()
    nothing = confusion_matrix({}, {}, ["no", "yes"], rater="ann", positive="yes")
    assert isinstance(nothing.accuracy.estimate, NotEstimable)
    assert isinstance(nothing.for_class("yes").f1, NotEstimable)
    nothing.to_json()


def test_equal_sensitivity_and_specificity_fit_both_ways() -> None:
    assert reported_orientation(one_versus_rest(True, "False", 9, 1, 1, 9), 0.9, 0.9, digits=2) == "both ways"


@pytest.mark.parametrize(
    ("truth", "ratings", "options", "code", "named"),
    [
        ({"x": "a"}, {"x": "q"}, {"positive": "a"}, "unknown_category", "ann, case x: 'q'"),
        ({"x": "q"}, {"x": "a"}, {"positive": "a"}, "unknown_category", "the reference, case x"),
        ({"x": "a"}, {"y": "a"}, {"positive": "a"}, "unknown_case", "case y"),
        ({"x": "a"}, {"x": "a"}, {}, "positive_class_missing", "is positive"),
        ({"x": "a"}, {"x": "a"}, {"positive": "q"}, "unknown_category", "positive class 'q'"),
    ],
)
def test_bad_input_is_refused_by_name(truth: Any, ratings: Any, options: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        confusion_matrix(truth, ratings, ["a", "b"], rater="ann", **options)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("table", "code"), [([[1, 2]], "table_not_square"), ([[1, -2], [0, 1]], "count_impossible")]
)
def test_bad_counts_are_refused(table: Any, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        from_table(table, ["a", "b"], rater="ann", positive="a")
    assert refused.value.code == code


def test_other_refusals() -> None:
    with pytest.raises(AnalysisError, match=r"73\.77"):
        reported_orientation(nodes(), 0.895, 73.77, digits=4)
    with pytest.raises(AnalysisError, match="'q'"):
        from_table(NODES, ["a", "b"], rater="ann", positive="a").for_class("q")


counts = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(counts)
def test_the_other_class_swaps_everything_in_pairs(table: list[list[int]]) -> None:
    matrix = from_table(table, ["no", "yes"], rater="ann", positive="yes")
    yes, no = matrix.for_class("yes"), matrix.for_class("no")
    assert yes.sensitivity == no.specificity
    assert yes.positive_predictive_value.wilson == no.negative_predictive_value.wilson
    assert (yes.true_positives, yes.false_positives) == (no.true_negatives, no.false_negatives)
    assert yes.matthews == no.matthews
    matrix.to_json()
