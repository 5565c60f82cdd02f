"""Whatever small, odd data come in: a number, or a reason; never NaN, infinity or a warning in a log."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import NotEstimable
from backend.analysis.survival.brier import brier_at
from backend.analysis.survival.concordance import compare_c, harrell_c, uno_c
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import cox
from backend.analysis.survival.cox_baseline import cox_baseline
from backend.analysis.survival.cox_hazards import proportional_hazards
from backend.analysis.survival.cox_screen import cox_screen
from backend.analysis.survival.kaplan_meier import kaplan_meier, restricted_mean
from backend.analysis.survival.logrank import logrank, logrank_trend
from backend.analysis.survival.outcomes import outcomes
from backend.analysis.survival.time_roc import compare_time_auc, time_dependent_roc

odd = st.lists(
    st.tuples(
        st.integers(0, 4), st.booleans(), st.sampled_from("xyz"), st.integers(0, 2), st.sampled_from("no")
    ),
    min_size=1,
    max_size=12,
)
SCORES = {"x": 0, "y": 1, "z": 2}

CALLS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "kaplan_meier": lambda known, groups, score, other: kaplan_meier(known, at=[0, 2, 9]),
    "log": lambda known, groups, score, other: kaplan_meier(known, ci="log"),
    "rmst": lambda known, groups, score, other: restricted_mean(known, tau=3.0),
    "logrank": lambda known, groups, score, other: logrank(known, groups, strata=other, rho=0.5),
    "trend": lambda known, groups, score, other: logrank_trend(known, groups, SCORES),
    "cox": lambda known, groups, score, other: cox(known, [Covariate("g", groups), Covariate("s", score)]),
    "screen": lambda known, groups, score, other: cox_screen(
        known,
        [Covariate("g", groups), Covariate("o", other, clinical=True), Covariate("s", score)],
        threshold=0.5,
    ),
    "hazards": lambda known, groups, score, other: proportional_hazards(
        known, [Covariate("s", score), Covariate("o", other)]
    ),
    "baseline": lambda known, groups, score, other: cox_baseline(known, [Covariate("s", score)]),
    "harrell": lambda known, groups, score, other: harrell_c(known, score),
    "uno": lambda known, groups, score, other: uno_c(known, score, tau=2.0),
    "compare": lambda known, groups, score, other: compare_c(
        known, score, {case: -value for case, value in score.items()}, kind="uno"
    ),
    "brier": lambda known, groups, score, other: brier_at(
        known, {case: value / 2 for case, value in score.items()}, time=2.0
    ),
    "time_roc": lambda known, groups, score, other: time_dependent_roc(known, score, at=[0.0, 2.0])[1],
    "compare_auc": lambda known, groups, score, other: compare_time_auc(
        known, score, {case: value % 2 for case, value in score.items()}, at=[2.0]
    )[0],
}


@pytest.mark.parametrize("name", CALLS)
@settings(derandomize=True, max_examples=40, deadline=None)
@given(odd)
def test_a_number_or_a_reason(name: str, rows: list[tuple[int, bool, str, int, str]]) -> None:
    known = outcomes([row[0] for row in rows], [row[1] for row in rows])
    columns = [dict(zip(known.cases, column, strict=True)) for column in list(zip(*rows, strict=True))[2:]]
    result = CALLS[name](known, *columns)
    if isinstance(result, NotEstimable):
        assert result.reason
    else:
        assert result.to_json()
