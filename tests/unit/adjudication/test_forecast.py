import pytest
from scipy import stats

from backend.adjudication.forecast import PRIOR_PANELS, Observed, panels_planned, workload_forecast

PROTOCOL = {"expected_discordance": 0.25, "minutes_per_item": 4}


def test_before_the_study_the_protocol_is_believed() -> None:
    forecast = workload_forecast(PROTOCOL, panels=80)
    assert (forecast.share, forecast.items) == (0.25, 20.0)
    assert forecast.hours == pytest.approx(80 / 60)


def test_what_was_seen_counts_beside_the_prior() -> None:
    forecast = workload_forecast(PROTOCOL, panels=80, observed=Observed(complete=40, discordant=20))
    posterior = stats.beta(PRIOR_PANELS * 0.25 + 20, PRIOR_PANELS * 0.75 + 20)
    assert forecast.share == pytest.approx(posterior.mean())
    assert forecast.items == pytest.approx(20 + 40 * posterior.mean())


def test_at_the_end_the_forecast_is_what_happened() -> None:
    forecast = workload_forecast(PROTOCOL, panels=80, observed=Observed(complete=80, discordant=31))
    assert forecast.items == 31
    assert forecast.hours == pytest.approx(31 * 4 / 60)


@pytest.mark.parametrize("observed", [Observed(5, 6), Observed(81, 1), Observed(3, -1)])
def test_counts_that_cannot_be_are_refused(observed: Observed) -> None:
    with pytest.raises(ValueError, match="complete"):
        workload_forecast(PROTOCOL, panels=80, observed=observed)


@pytest.mark.parametrize(("arms", "expected"), [(None, 60), (["unaided"], 30), (["unaided", "aided"], 60)])
def test_every_case_is_a_panel_in_every_arm_that_is_adjudicated(
    arms: list[str] | None, expected: int
) -> None:
    protocol = {
        "adjudication": {**PROTOCOL, "arms": arms},
        "design": {"arms": [{"key": "unaided"}, {"key": "aided"}]},
    }
    assert panels_planned(protocol, 30) == expected
