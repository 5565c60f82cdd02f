"""Rows into tables: duplicates, unknown raters, gaps."""

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.rater_table import by_rater, measurement_table, rating_table


def test_rows_become_a_table() -> None:
    table = by_rater([("zoe", "x", 1), ("ann", "x", 2), ("zoe", "y", 2)], known_raters=["ann", "zoe"])
    assert table == {"ann": {"x": 2}, "zoe": {"x": 1, "y": 2}}
    ratings = rating_table(table, [1, 2])
    assert (ratings.cases, ratings.raters) == (("x", "y"), ("ann", "zoe"))
    assert ratings.codes.tolist() == [[1, 0], [-1, 1]]
    assert ratings.counts().tolist() == [[1.0, 1.0], [0.0, 1.0]]
    measured = measurement_table(table)
    assert measured.values.tolist() == [[2.0, 1.0]]
    assert measured.dropped_cases == ("y",)


def test_a_duplicate_read_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="zoe has case x more than once") as refused:
        by_rater([("zoe", "x", 1), ("zoe", "x", 1)])
    assert refused.value.code == "duplicate_read"


def test_an_unknown_rater_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match="case x: eve is not one") as refused:
        by_rater([("eve", "x", 1)], known_raters=["ann"])
    assert refused.value.code == "unknown_rater"
