"""DeLong's interval on both scales against the formula on pROC's variance."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from backend.analysis.roc import delong
from backend.analysis.roc_intervals import auc_intervals, delong_ci, logit_interval

REFERENCE = Path(__file__).parents[1] / "reference"


def column(folder: str, file: str, name: str) -> list[float]:
    with (REFERENCE / folder / file).open(newline="") as opened:
        return [float(row[name]) for row in csv.DictReader(opened)]


def truth_of(folder: str, file: str) -> list[bool]:
    return [value == 1 for value in column(folder, file, "truth")]


@pytest.mark.parametrize("name", ["continuous_a", "five_point_a", "continuous_b"])
def test_logit_interval_matches_the_formula_on_procs_variance(
    reference: Callable[[str], Any], name: str
) -> None:
    expected = reference("roc/expected.json")["logit"][name]
    truth, scores = truth_of("proc", "simulated.csv"), column("proc", "simulated.csv", name)
    for level, key in ((0.95, "ci95"), (0.9, "ci90")):
        both = auc_intervals(truth, scores, level=level)
        assert isinstance(both.logit, Interval)
        assert [both.logit.low, both.logit.high] == pytest.approx(expected[key], rel=1e-12)
        assert both.plain == delong(truth, scores, level=level).ci
        assert delong_ci(truth, scores, scale="logit", level=level).ci == both.logit
    assert delong_ci(truth, scores) == delong(truth, scores)


def test_logit_interval_is_symmetric_in_the_log_odds_and_stays_inside() -> None:
    interval = logit_interval(0.97, 0.03)
    assert isinstance(interval, Interval)
    middle = math.log(0.97 / 0.03)
    low, high = math.log(interval.low / (1 - interval.low)), math.log(interval.high / (1 - interval.high))
    assert middle - low == pytest.approx(high - middle, rel=1e-12)
    assert 0 < interval.low < 0.97 < interval.high < 1


def test_logit_interval_is_refused_where_log_odds_or_variance_fail() -> None:
    assert isinstance(logit_interval(1.0, 0.01), NotEstimable)
    assert logit_interval(0.5, 0.0) == NotEstimable("the standard error is 0")
    separated = auc_intervals([False, False, True, True], [1, 2, 3, 4])
    assert separated.logit == separated.plain == NotEstimable("the scores separate the classes perfectly")
    assert auc_intervals([True, True], [1, 2]).logit == NotEstimable("there is no negative case")
    with pytest.raises(AnalysisError, match="'probit'") as refused:
        delong_ci([True, False], [1, 2], scale="probit")  # type: ignore[arg-type]
    assert refused.value.code == "unknown_scale"
