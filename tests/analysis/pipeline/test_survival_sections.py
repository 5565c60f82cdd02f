"""Survival by the plan: fits on the development cases, results by cohort, horizon, means, trend, predicted risks."""

import math
from typing import Any

import pytest

from backend.analysis.decision_curve import survival_decision_curve
from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.outcomes import TRUTH_IS_THE_EVENT, survival
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.survival_decisions import FITTED_HERE, NO_RISK, NOT_REACHED
from backend.analysis.results import Interval

from .two_cohorts import Rows, only_cohort, study_of_rows, two_cohorts

PLAN: dict[str, Any] = {
    "cohort": "cohort",
    "development": ["development"],
    "covariates": ["age", "stage"],
    "clinical": ["age", "stage"],
    "survival_groups": ["stage"],
    "times": [12, 24],
}
NET_BY_24 = [{"endpoint": "OS", "models": ["net"], "by": 24}]


def survival_of(rows: Rows, **more: object) -> Section:
    return survival(study_of_rows(rows, {**PLAN, **more}))


def concordance(rows: list[dict[str, Any]], scores: list[float]) -> float:
    """Harrell's C, every pair by itself."""
    right = total = 0.0
    for a, first in zip(scores, rows, strict=True):
        for b, second in zip(scores, rows, strict=True):
            is_later = second["time"] > first["time"] or (
                second["time"] == first["time"] and not second["event"]
            )
            if first["event"] and first is not second and is_later:
                total += 1
                right += (a > b) + 0.5 * (a == b)
    return right / total


def equation(section: Section, row: dict[str, Any]) -> float:
    terms = section.item("cox_baseline/OS").result.model.terms
    return sum(
        term.coefficient * (row["age"] if term.level is None else float(row["stage"] == term.level))
        for term in terms
    )


def survival_predicted(section: Section, row: dict[str, Any], time: float) -> float:
    baseline = section.item("cox_baseline/OS").result
    steps = zip(baseline.times, baseline.cumulative_hazard, strict=True)
    hazard = max(own for at, own in steps if at <= time)
    center = sum(b * c for b, c in zip(baseline.coefficients, baseline.center, strict=True))
    return math.exp(-hazard * math.exp(equation(section, row) - center))


def test_a_settled_question_groups_cases_as_a_column_does() -> None:
    rows, plan = two_cohorts(), {**PLAN, "subgroups": ["stage"]}
    of_column = survival(study_of_rows(rows, plan))
    of_question = survival(study_of_rows(rows, plan, settled="stage"))
    assert {"logrank/OS/stage", "cox/OS", "logrank/OS/net/stage/T3"} <= {one.key for one in of_question.items}
    assert of_question == of_column


def test_cox_models_are_those_of_a_dataset_of_the_development_cases() -> None:
    rows = two_cohorts()
    section = survival_of(rows)
    alone = survival_of(only_cohort(rows, "development"), development=["development"])
    for kind in ("cox", "hazards", "cox_baseline", "cox_nomogram"):
        item = section.item(f"{kind}/OS")
        assert item.result == alone.item(f"{kind}/OS").result
        assert item.n == 70
        assert item.title.endswith("fitted on development")


def test_cases_without_a_cohort_are_in_no_cox_model_and_named() -> None:
    rows = two_cohorts()
    alone = survival_of(only_cohort(rows, "development"), development=["development"])
    for row in only_cohort(rows, "validation").values():
        row["cohort"] = None
    section = survival_of(rows)
    unknown = {(case, "no cohort") for case in rows if case.startswith("V")}
    for kind in ("cox", "cox_baseline", "cox_nomogram"):
        item = section.item(f"{kind}/OS")
        assert item.result == alone.item(f"{kind}/OS").result
        assert unknown <= {(one.case, one.reason) for one in item.dropped}
    own = section.item("harrell/OS/net/development")
    assert own.result == alone.item("harrell/OS/net").result
    assert unknown <= {(one.case, one.reason) for one in own.dropped}
    assert not any(item.key.startswith("cox_calibration/") for item in section.items)


def test_the_axis_of_the_nomogram_covers_the_fitted_cases_alone() -> None:
    rows = two_cohorts()
    rows["V00"]["age"] = 300.0
    rows["D00"] |= {"age": 400.0, "stage": None}
    ages = [row["age"] for case, row in rows.items() if case.startswith("D") and case != "D00"]
    axes = {axis.name: axis for axis in survival_of(rows).item("cox_nomogram/OS").result.axes}
    ticks = [tick.value for tick in axes["age"].ticks]
    assert min(ticks) <= min(ages)
    assert max(ages) <= max(ticks) < 110.0


def test_validation_of_the_cox_model_is_that_of_its_equation() -> None:
    rows = two_cohorts()
    section = survival_of(rows)
    for group in ("development", "validation"):
        own = list(only_cohort(rows, group).values())
        scores = [equation(section, row) for row in own]
        found = section.item(f"cox_c/OS/{group}")
        assert found.result.c == pytest.approx(concordance(own, scores), abs=1e-12)
        assert found.n == len(own)
    calibrated = section.item("cox_calibration/OS/validation").result
    for at in calibrated.at:
        mean = math.fsum(1 - survival_predicted(section, row, at.time) for row in own) / len(own)
        assert at.predicted == pytest.approx(mean, rel=1e-12)
    assert "cox_calibration/OS/development" not in {item.key for item in section.items}


def test_n_of_a_cox_item_is_that_of_the_fit_and_the_others_are_named() -> None:
    rows = two_cohorts()
    rows["D01"]["age"] = None
    rows["D02"]["time"] = None
    rows["V01"]["age"] = None
    section = survival_of(rows)
    for kind in ("cox", "hazards", "cox_baseline", "cox_nomogram"):
        item = section.item(f"{kind}/OS")
        assert item.n == 68
        assert [(one.case, one.reason) for one in item.dropped] == [
            ("D02", "no follow-up of OS"),
            ("D01", "no age"),
        ]
    assert section.item("cox/OS").result.multivariate.n == 68
    assert [(one.case, one.reason) for one in section.item("cox_c/OS/validation").dropped] == [
        ("V01", "no age")
    ]


@pytest.mark.parametrize("kind", ["harrell", "uno", "time_roc"])
def test_scores_are_judged_by_cohort_as_in_a_dataset_of_that_cohort(kind: str) -> None:
    rows = two_cohorts()
    rows["V04"]["net"] = None
    section = survival_of(rows, tau=20)
    alone = survival_of(only_cohort(rows, "validation"), development=["validation"], tau=20)
    own = section.item(f"{kind}/OS/net/validation")
    assert own.result == alone.item(f"{kind}/OS/net").result
    assert (own.n, section.item(f"{kind}/OS/net").n) == (49, 119)
    assert [(one.case, one.reason) for one in own.dropped] == [("V04", "no score by net")]


def test_calls_are_followed_by_cohort() -> None:
    rows = two_cohorts()
    item = survival_of(rows).item("logrank/OS/net/cohort/validation")
    counts = {group.label: group.curve.n for group in item.result.groups}
    called = sum(row["net"] >= 0.5 for row in only_cohort(rows, "validation").values())
    assert counts == {"called negative": 50 - called, "called positive": called}
    assert all(group.curve.dropped == () for group in item.result.groups)


@pytest.mark.parametrize(
    ("plan", "tau"),
    [({"tau": 18}, 18.0), ({}, 24.0), ({"times": []}, None)],
    ids=["declared", "last time", "a tenth at risk"],
)
def test_unos_horizon(plan: dict[str, object], tau: float | None) -> None:
    rows = two_cohorts()
    section = survival_of(rows, **plan)
    if tau is None:
        times = [row["time"] for row in rows.values()]
        tau = max(one for one in times if sum(other >= one for other in times) >= 0.1 * len(times))
    for key in ("uno/OS/net", "uno/OS/net/validation", "compare_uno/OS/net - old"):
        assert section.item(key).result.tau == tau
    pair = section.item("compare_uno/OS/net - old").result
    alone = [section.item(f"uno/OS/{model}").result.c for model in ("net", "old")]
    assert (pair.c_a, pair.c_b) == pytest.approx(alone, rel=1e-12)
    assert pair.method == "concordance_uno_difference"


def test_restricted_means_are_the_areas_under_the_curves() -> None:
    section = survival_of(two_cohorts(), tau=20)
    curves = {group.label: group.curve for group in section.item("logrank/OS/stage").result.groups}
    item = section.item("rmst/OS/stage")
    assert (item.method, item.result.tau, item.n) == ("rmst", 20.0, 120)
    for group in item.result.groups:
        steps = [point for point in curves[group.label].points if point.time < 20.0]
        edges = [0.0, *(point.time for point in steps), 20.0]
        heights = [1.0, *(point.survival for point in steps)]
        area = sum(h * (right - left) for h, left, right in zip(heights, edges[:-1], edges[1:], strict=True))
        assert group.mean.mean == pytest.approx(area, rel=1e-12)
        assert isinstance(group.mean.ci, Interval)


def test_restricted_means_end_where_every_group_is_still_known() -> None:
    rows = two_cohorts()
    for row in rows.values():
        if row["stage"] == "T2":
            row |= {"time": min(row["time"], 15.0), "event": 0 if row["time"] > 15.0 else row["event"]}
    section = survival_of(rows)
    assert section.item("rmst/OS").result.tau == 24.0
    assert section.item("rmst/OS/stage").result.tau == 15.0
    declared = survival_of(rows, tau=24).item("rmst/OS/stage").result
    assert [isinstance(group.mean.mean, NotEstimable) for group in declared.groups] == [True, False, False]


def test_a_declared_order_is_tested_for_trend() -> None:
    section = survival_of(two_cohorts(), ordered={"stage": ["T2", "T3", "T4"]})
    trend = section.item("trend/OS/stage").result
    assert [group.group for group in trend.groups] == ["T2", "T3", "T4"]
    backwards = survival_of(two_cohorts(), ordered={"stage": ["T4", "T3", "T2"]})
    turned = backwards.item("trend/OS/stage").result
    for key in ("logrank/OS/stage", "rmst/OS/stage"):
        assert [group.label for group in backwards.item(key).result.groups] == ["T4", "T3", "T2"]
    assert trend.df == 1
    assert turned.chi_square == pytest.approx(trend.chi_square, rel=1e-12)
    assert "trend/OS/stage" not in {item.key for item in survival_of(two_cohorts()).items}
    refused = survival_of(two_cohorts(), ordered={"stage": ["T2", "T3"]}).failures
    assert [(one.key, one.code) for one in refused] == [("trend/OS/stage", "group_without_score")]


def test_the_scale_of_the_curves_intervals_is_chosen_by_the_plan() -> None:
    default = survival_of(two_cohorts()).item("kaplan_meier/OS").result.groups[0].curve
    chosen = (
        survival_of(two_cohorts(), survival_interval="log").item("kaplan_meier/OS").result.groups[0].curve
    )
    assert (default.ci_kind, chosen.ci_kind) == ("log-log", "log")
    at = chosen.at[0]
    z = 1.959963984540054
    assert at.ci.low == pytest.approx(at.survival * math.exp(-z * at.se / at.survival), rel=1e-12)


def test_brier_scores_of_the_cox_model_and_of_declared_probabilities() -> None:
    rows = two_cohorts()
    for row in rows.values():
        if not row["event"]:
            row["time"] = 60.0
    section = survival_of(rows, event_probabilities=NET_BY_24)
    own = list(only_cohort(rows, "validation").values())
    happened = [float(row["event"] == 1 and row["time"] <= 24) for row in own]
    plain = sum((row["net"] - y) ** 2 for row, y in zip(own, happened, strict=True)) / len(own)
    assert section.item("brier/OS/net/validation").result[0].brier == pytest.approx(plain, rel=1e-12)
    found = {one.time: one for one in section.item("brier/OS/Cox model/validation").result}
    risks = [1 - survival_predicted(section, row, 24) for row in own]
    plain = sum((risk - y) ** 2 for risk, y in zip(risks, happened, strict=True)) / len(own)
    assert found[24.0].brier == pytest.approx(plain, rel=1e-12)
    assert section.item("brier/OS/Cox model").warnings == (FITTED_HERE.format(label="development"),)
    assert section.item("brier/OS/Cox model/validation").warnings == ()


def test_decision_curves_take_only_risks_of_the_endpoint_and_have_intervals() -> None:
    rows = two_cohorts()
    section = survival_of(rows, event_probabilities=NET_BY_24)
    item = section.item("decision_curve/OS/validation")
    own = list(only_cohort(rows, "validation").values())
    by_hand = survival_decision_curve(
        [row["time"] for row in own],
        [row["event"] == 1 for row in own],
        {
            "net": [row["net"] for row in own],
            "Cox model": [1 - survival_predicted(section, r, 24) for r in own],
        },
        at=24.0,
    )
    assert [curve.name for curve in item.result.models] == ["Cox model", "net"]
    for curve, plain in zip(item.result.models, by_hand.models, strict=True):
        assert [point.net_benefit for point in curve.points] == pytest.approx(
            [point.net_benefit for point in plain.points], abs=1e-12
        )
        point = curve.points[19]
        assert point.net_benefit_ci.low <= point.net_benefit <= point.net_benefit_ci.high
    assert (item.result.resamples, item.seed is not None) == (500, True)
    again = survival_of(rows, event_probabilities=NET_BY_24).item("decision_curve/OS/validation")
    assert again == item


def test_a_probability_of_the_truth_is_none_of_the_endpoint() -> None:
    alone = survival_of(two_cohorts()).item("decision_curve/OS").result
    assert [curve.name for curve in alone.models] == ["Cox model"]
    item = survival_of(two_cohorts(), covariates=[], clinical=[]).item("decision_curve/OS")
    assert item.result == NotEstimable(NO_RISK)
    declared = survival_of(two_cohorts(), covariates=[], clinical=[], event_probabilities=NET_BY_24)
    assert [one.name for one in declared.item("decision_curve/OS").result.models] == ["net"]


def test_a_time_that_the_cox_model_does_not_reach_leaves_it_out_of_the_curves() -> None:
    rows = two_cohorts()
    for row in only_cohort(rows, "development").values():
        row |= {"time": min(row["time"], 40.0), "event": 0 if row["time"] > 40.0 else row["event"]}
    late = [{"endpoint": "OS", "models": ["net"], "by": 45}]
    item = survival_of(rows, event_probabilities=late).item("decision_curve/OS/validation")
    assert [curve.name for curve in item.result.models] == ["net"]
    assert NOT_REACHED.format(time=45) in item.warnings


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"endpoint": "OS", "models": ["resnet"], "by": 24}, "unknown_model"),
        ({"endpoint": "PFS", "models": ["net"], "by": 24}, "unknown_endpoint"),
    ],
)
def test_a_declared_probability_that_is_not_there_is_refused(declared: dict[str, object], code: str) -> None:
    section = survival_of(two_cohorts(), event_probabilities=[declared])
    assert [one.code for one in section.failures] == [code]
    assert section.item("harrell/OS/net").n == 120


@pytest.mark.parametrize("models", [["resnet"], ["net", "resnet"]])
def test_an_unknown_model_takes_nothing_from_the_others(models: list[str]) -> None:
    known = [name for name in models if name == "net"]
    section = survival_of(two_cohorts(), event_probabilities=[{"endpoint": "OS", "models": models, "by": 12}])
    assert [(one.key, one.code) for one in section.failures] == [
        ("decision_curve/OS/resnet", "unknown_model")
    ]
    alone = survival_of(two_cohorts())
    for group in ("", "/validation"):
        key = f"brier/OS/Cox model{group}"
        assert section.item(key) == alone.item(key)
        item = section.item(f"decision_curve/OS{group}")
        assert [curve.name for curve in item.result.models] == ["Cox model", *known]
        assert item.title.endswith("at 12")
    assert {f"brier/OS/{name}" for name in known} <= {item.key for item in section.items}


def test_calibration_has_the_interval_of_the_plan() -> None:
    at = {
        scale: survival_of(two_cohorts(), survival_interval=scale).item("cox_calibration/OS/validation")
        for scale in ("log-log", "log")
    }
    for scale, item in at.items():
        curve = survival_of(
            only_cohort(two_cohorts(), "validation"), development=[], survival_interval=scale
        ).item("kaplan_meier/OS")
        for found, plain in zip(item.result.at, curve.result.groups[0].curve.at, strict=True):
            assert found.observed_ci.low == pytest.approx(1.0 - plain.ci.high, abs=1e-12)
            assert found.observed_ci.high == pytest.approx(1.0 - plain.ci.low, abs=1e-12)
    assert at["log"].result.at[0].observed_ci != at["log-log"].result.at[0].observed_ci


def test_survival_by_a_truth_that_is_the_event_is_not_estimable() -> None:
    rows = two_cohorts()
    for row in rows.values():
        row["truth"] = row["event"]
    section = survival_of(rows, strata="cohort", subgroups=["stage"])
    items = {item.key: item for item in section.items if "/truth" in item.key}
    assert list(items) == ["logrank/OS/truth"]
    assert items["logrank/OS/truth"].result == NotEstimable(TRUTH_IS_THE_EVENT.format(endpoint="OS"))
    case = next(case for case, row in rows.items() if row["event"])
    rows[case]["truth"] = 0
    other = survival_of(rows, strata="cohort", subgroups=["stage"])
    assert other.item("logrank/OS/truth").result.test.p < 0.001
    assert other.item("stratified/OS/truth").n == 120
    # A case without the truth tells nothing of the two, and one without follow-up neither.
    rows[case] |= {"truth": ""}
    assert isinstance(survival_of(rows).item("logrank/OS/truth").result, NotEstimable)
    rows[case] |= {"truth": 1, "time": None}
    assert isinstance(survival_of(rows).item("logrank/OS/truth").result, NotEstimable)


def test_one_class_of_truth_and_event_keeps_the_reason_of_the_test() -> None:
    rows = two_cohorts()
    for row in rows.values():
        row |= {"truth": 0, "event": 0}
    found = survival_of(rows).item("logrank/OS/truth").result
    assert len(found.groups) == 1
