"""Clinical impact and ROC components: plain counting, and agreement with the decision curve."""

import pytest
from hypothesis import given, settings

from backend.analysis.clinical_impact import clinical_impact, odds_text, roc_components
from backend.analysis.decision_curve import decision_curve
from backend.analysis.errors import AnalysisError, NotEstimable
from tests.analysis.model_cases import case_lists, expected, flags, numbers

AT = [0.0, 0.1, 0.25, 0.5, 0.9]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(case_lists)
def test_counts_are_plain_counts(cases: list[tuple[bool, float, float]]) -> None:
    truth, predicted = [case[0] for case in cases], [case[1] for case in cases]
    impact = clinical_impact(truth, predicted, thresholds=AT, population=500)
    components = roc_components(truth, predicted, thresholds=AT)
    for point, part in zip(impact.points, components.points, strict=True):
        high = [y for y, p, _ in cases if p >= point.threshold]
        assert point.high_risk.successes == len(high)
        assert point.true_high_risk.successes == part.sensitivity.successes == sum(high)
        assert part.false_positive_rate.successes == len(high) - sum(high)
        assert point.high_risk_number == pytest.approx(500 * len(high) / len(cases))
        assert point.high_risk_number_ci.low <= point.high_risk_number + 1e-9
        assert point.high_risk_number_ci.high >= point.high_risk_number - 1e-9
    impact.to_json()
    components.to_json()


def test_net_benefit_follows_from_the_components() -> None:
    want = expected()["decision"]
    found = roc_components(flags("y"), numbers("new"), thresholds=want["thresholds"])
    prevalence = found.n_positive / found.n
    benefit = [
        point.sensitivity.estimate * prevalence
        - point.false_positive_rate.estimate * (1 - prevalence) * point.threshold / (1 - point.threshold)
        for point in found.points
    ]
    assert benefit == pytest.approx(want["new"], rel=1e-12)


def test_true_high_risk_is_the_true_positive_rate_of_the_decision_curve() -> None:
    impact = clinical_impact(flags("y"), numbers("new"), thresholds=AT)
    decision = decision_curve(flags("y"), {"new": numbers("new")}, thresholds=AT)
    for a, b in zip(impact.points, decision.models[0].points, strict=True):
        assert a.true_high_risk_number == pytest.approx(1000 * b.true_positive_rate, rel=1e-13)
        assert a.odds == pytest.approx(b.threshold / (1 - b.threshold))


def test_odds_read_as_harm_to_benefit() -> None:
    assert [odds_text(value) for value in (0.2, 0.25, 0.5, 0.8, 0.01, 2 / 3)] == [
        "1:4", "1:3", "1:1", "4:1", "1:99", "2:1",
    ]  # fmt: skip
    assert odds_text(0.999999) == "999:1"
    with pytest.raises(AnalysisError):
        odds_text(0.0)


def test_one_outcome_has_no_sensitivity() -> None:
    found = roc_components([False, False], [0.1, 0.8], thresholds=[0.5])
    assert found.points[0].sensitivity.estimate == NotEstimable("there is no positive case")
    assert found.points[0].false_positive_rate.estimate == 0.5
    assert found.warnings == ("No case has the outcome.",)


@pytest.mark.parametrize(
    ("code", "truth", "predicted", "options"),
    [
        ("no_cases", [], [], {}),
        ("not_finite", [True], [float("nan")], {}),
        ("probability_out_of_range", [True], [1.5], {}),
        ("thresholds_invalid", [True], [0.5], {"thresholds": [0.5, 0.5]}),
        ("population_invalid", [True], [0.5], {"population": 0}),
        ("level_out_of_range", [True], [0.5], {"level": 2.0}),
    ],
)
def test_bad_input_is_refused(
    code: str, truth: list[bool], predicted: list[float], options: dict[str, object]
) -> None:
    with pytest.raises(AnalysisError) as error:
        clinical_impact(truth, predicted, **options)  # type: ignore[arg-type]
    assert error.value.code == code
