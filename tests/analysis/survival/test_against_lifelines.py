"""The same simulated cases through lifelines 0.30.3, a second implementation in this language."""

import warnings
from typing import Any

import pytest

from backend.analysis.survival.concordance import harrell_c
from backend.analysis.survival.cox import cox
from backend.analysis.survival.kaplan_meier import kaplan_meier
from backend.analysis.survival.logrank import logrank


@pytest.fixture(scope="module")
def lifelines() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifelines
        import lifelines.statistics
        import lifelines.utils
    return lifelines


def test_kaplan_meier_and_its_log_log_interval(lifelines: Any, simulated: Any) -> None:
    known = simulated.outcomes()
    theirs = lifelines.KaplanMeierFitter().fit(known.times, known.events)
    points = kaplan_meier(known).points
    survival = theirs.survival_function_["KM_estimate"]
    limits = theirs.confidence_interval_
    for point in points:
        assert point.survival == pytest.approx(survival[point.time], rel=1e-12)
        low, high = limits.loc[point.time]
        assert (point.ci.low, point.ci.high) == pytest.approx((low, high), rel=1e-11)


def test_logrank_and_weights(lifelines: Any, simulated: Any) -> None:
    known, stage = simulated.outcomes(), simulated.labels("stage")
    labels = [stage[case] for case in known.cases]
    test = lifelines.statistics.multivariate_logrank_test
    plain = test(known.times, labels, known.events)
    assert logrank(known, stage).chi_square == pytest.approx(plain.test_statistic, rel=1e-10)
    for rho, gamma in ((1.0, 0.0), (0.5, 0.5)):
        theirs = test(known.times, labels, known.events, weightings="fleming-harrington", p=rho, q=gamma)
        ours = logrank(known, stage, rho=rho, gamma=gamma)
        assert ours.chi_square == pytest.approx(theirs.test_statistic, rel=1e-10)


def test_cox_and_concordance(lifelines: Any, simulated: Any) -> None:
    import pandas as pd

    known = simulated.outcomes()
    frame = pd.DataFrame({name: simulated.numbers(name) for name in ("age", "ulcer", "cea")}).loc[
        list(known.cases)
    ]
    frame["T"], frame["E"] = list(known.times), list(known.events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = lifelines.CoxPHFitter().fit(frame, "T", "E", fit_options={"precision": 1e-12})
    ours = cox(known, simulated.covariates()[:3])
    assert [term.coefficient for term in ours.terms] == pytest.approx(theirs.params_.tolist(), rel=1e-8)
    assert [term.se for term in ours.terms] == pytest.approx(theirs.standard_errors_.tolist(), rel=1e-8)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, rel=1e-10)
    score = simulated.numbers("score")
    c = lifelines.utils.concordance_index(known.times, [-score[case] for case in known.cases], known.events)
    assert harrell_c(known, score).c == pytest.approx(c, rel=1e-12)
