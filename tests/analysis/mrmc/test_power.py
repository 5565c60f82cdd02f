"""Power and sample size: RJafroc's own tests, R's noncentral F, limits and refusals."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import ncfdtr

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.dbm import DbmComponents, PilotComponents, dbm
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.power import cases_needed, power, readers_needed, sample_size_table
from backend.analysis.mrmc.power_table import power_table
from tests.analysis.mrmc.or_studies import restrict, simulate

# Jackknife components of the VanDyke and the Franken study; they round to what OR-DBM MRMC 2.51 prints.
VAN_DYKE = PilotComponents(
    0.00020040252358145756,
    0.0008022882655720684,
    0.0003466137094407334,
    0.0003440748288608913,
    0.0002390283708921551,
    114,
)
FRANKEN = PilotComponents(
    -0.0007127629357437309,
    0.001525776249334464,
    0.0007916821469504741,
    0.0004836376726811719,
    0.0005125091474260411,
    100,
)
EFFECT = -0.043800322


@pytest.mark.parametrize(
    ("generalizes_to", "n_readers", "n_cases", "expected", "noncentrality", "df2"),
    [
        ("readers_and_cases", 10, 165, 0.805419947001519, 8.20959703275383, 62.7072797149567),
        ("cases", 10, 131, 0.80091813050382, 7.86727247384422, None),
        ("readers", 10, 53, 0.804966633682562, 10.0487163956274, 9.0),
        ("readers_and_cases", 6, 111, 0.5526116, None, None),
    ],
)
def test_van_dyke_is_that_of_rjafroc(
    generalizes_to: Any,
    n_readers: int,
    n_cases: int,
    expected: float,
    noncentrality: float | None,
    df2: float | None,
) -> None:
    """RJafroc 2.1.2, SsPowerGivenJK(dataset02, "Wilcoxon", method = "OR"): goodValues361/SsPower."""
    found = power(
        VAN_DYKE, n_readers=n_readers, n_cases=n_cases, effect=EFFECT, generalizes_to=generalizes_to
    )
    assert found.power == pytest.approx(expected, rel=1e-8 if noncentrality else 1e-7)
    if noncentrality:
        assert found.noncentrality == pytest.approx(noncentrality, rel=1e-10)
    if df2:
        assert found.df2 == pytest.approx(df2, rel=1e-10)


def test_cases_needed_are_those_of_rjafroc() -> None:
    """SsSampleSizeKGivenJ(dataset02, J = 6): 251; (dataset03, effectSize = 0.05, J = 6): 121."""
    assert cases_needed(VAN_DYKE, n_readers=6, effect=EFFECT).n_cases == 251
    franken = cases_needed(FRANKEN, n_readers=6, effect=0.05)
    assert (franken.n_cases, franken.power) == (121, pytest.approx(0.800446895987886, rel=1e-8))
    assert len(franken.warnings) == 2


def test_older_formulas_are_those_of_rjafroc() -> None:
    """SsPowerGivenJK(dataset03, effectSize = 0.05, J = 6, K = 121, method = "DBM", UseDBMHB2004 = TRUE)."""
    found = power(FRANKEN, n_readers=6, n_cases=121, effect=0.05, formulas="dbm_2004")
    assert found.power == pytest.approx(0.785745884028458, rel=1e-8)
    assert found.noncentrality == pytest.approx(11.8943767216214, rel=1e-10)
    assert found.df2 == pytest.approx(5.0)
    # With Cov2 above Cov3 they differ from the newer only in the test of fixed readers: F on K-1 instead of chi-square.
    arguments: dict[str, Any] = {"n_readers": 8, "n_cases": 120, "effect": 0.04}
    newer, older = power(VAN_DYKE, **arguments), power(VAN_DYKE, **arguments, formulas="dbm_2004")
    assert older.power == pytest.approx(newer.power, rel=1e-10)
    fixed = power(VAN_DYKE, **arguments, generalizes_to="cases", formulas="dbm_2004")
    assert fixed.df2 == 119


def test_noncentral_f_is_that_of_r(reference: Callable[[str], Any]) -> None:
    for row in reference("mrmc/expected.json")["noncentral_f"]:
        assert 1.0 - ncfdtr(1.0, row["df2"], row["ncp"], row["f"]) == pytest.approx(row["p"], rel=1e-7), row


def test_both_parametrizations_and_the_whole_result_agree() -> None:
    data = simulate(readers=5, positives=25, negatives=25, shift=0.3)
    result, by_dbm = obuchowski_rockette(estimate_cells(data)), dbm(data)
    arguments: dict[str, Any] = {"n_readers": 7, "n_cases": 90, "effect": 0.06}
    for generalizes_to in ("readers_and_cases", "cases", "readers"):
        one = power(result, **arguments, generalizes_to=generalizes_to)  # type: ignore[arg-type]
        other = power(by_dbm.components, **arguments, generalizes_to=generalizes_to)  # type: ignore[arg-type]
        assert one.power == pytest.approx(other.power, rel=1e-8)


def test_the_number_found_is_the_first() -> None:
    found = cases_needed(VAN_DYKE, n_readers=6, effect=EFFECT)
    assert power(VAN_DYKE, n_readers=6, n_cases=250, effect=EFFECT).power < 0.8  # type: ignore[operator]
    assert power(VAN_DYKE, n_readers=6, n_cases=251, effect=EFFECT).power == pytest.approx(found.power)
    readers = readers_needed(VAN_DYKE, n_cases=165, effect=EFFECT)
    assert readers.n_readers == 10
    assert power(VAN_DYKE, n_readers=9, n_cases=165, effect=EFFECT).power < 0.8  # type: ignore[operator]


def test_table_falls_with_the_readers() -> None:
    table = sample_size_table(VAN_DYKE, readers=range(5, 12), effect=EFFECT)
    numbers = [row.n_cases for row in table]
    assert numbers[1] == 251
    assert numbers == sorted(numbers, reverse=True)  # type: ignore[type-var]


def test_the_grid_is_power_and_cases_number_by_number_and_says_its_pilot() -> None:
    pilot = obuchowski_rockette(estimate_cells(simulate(seed=4)))
    table = power_table(
        pilot, readers=(3, 7), cases=(40, 90), effect=0.12, wanted=0.7, alpha=0.1, generalizes_to="cases"
    )
    asked = {"effect": 0.12, "alpha": 0.1, "generalizes_to": "cases"}
    assert [(one.n_readers, one.n_cases) for one in table.powers] == [(3, 40), (3, 90), (7, 40), (7, 90)]
    for one in table.powers:
        assert one == power(pilot, n_readers=one.n_readers, n_cases=one.n_cases, **asked)  # type: ignore[arg-type]
    assert table.sizes == sample_size_table(pilot, readers=(3, 7), wanted=0.7, **asked)  # type: ignore[arg-type]
    assert (table.pilot.error, table.pilot.cov2) == (pilot.components.error, pilot.components.cov2)
    assert table.pilot_text == (
        "AUC of these data as a pilot: 4 readers, 14 positive and 17 negative cases, 1 and 2; Obuchowski-Rockette, "
        "jackknife covariance"
    )


def test_what_no_number_reaches_is_said() -> None:
    found = cases_needed(replace(VAN_DYKE, modality_by_reader=0.01), n_readers=3, effect=0.01)
    assert isinstance(found.n_cases, NotEstimable)
    assert "even 10000 cases" in found.n_cases.reason
    few = readers_needed(VAN_DYKE, n_cases=10, effect=0.01)
    assert isinstance(few.n_readers, NotEstimable)
    found.to_json()


def test_power_without_effect_is_alpha() -> None:
    for generalizes_to in ("readers_and_cases", "cases", "readers"):
        found = power(VAN_DYKE, n_readers=5, n_cases=100, effect=1e-9, generalizes_to=generalizes_to)  # type: ignore[arg-type]
        assert found.power == pytest.approx(0.05, rel=1e-6)


def test_components_without_variation() -> None:
    flat = PilotComponents(0.0, 1e-4, 1e-4, 0.0, 0.0, 100)
    assert isinstance(power(flat, n_readers=5, n_cases=100, effect=0.1).power, NotEstimable)
    assert isinstance(cases_needed(flat, n_readers=5, effect=0.1).n_cases, NotEstimable)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"n_readers": 1}, "too_few_readers"),
        ({"n_cases": 1}, "too_few_cases"),
        ({"effect": 0.0}, "no_effect"),
        ({"effect": float("nan")}, "no_effect"),
        ({"alpha": 1.0}, "alpha_out_of_range"),
        ({"generalizes_to": "patients"}, "unknown_generalization"),
        ({"formulas": "or_1995"}, "unknown_formulas"),
        ({"pilot": replace(VAN_DYKE, error=0.0)}, "components_invalid"),
        ({"pilot": replace(VAN_DYKE, n_cases=1)}, "components_invalid"),
        ({"pilot": DbmComponents(*(NotEstimable("no case"),) * 6, 10)}, "pilot_unfit"),
    ],
)
def test_refuses_a_plan_that_is_none(change: dict[str, Any], code: str) -> None:
    arguments: dict[str, Any] = {"pilot": VAN_DYKE, "n_readers": 5, "n_cases": 100, "effect": 0.05} | change
    pilot = arguments.pop("pilot")
    with pytest.raises(AnalysisError) as raised:
        power(pilot, **arguments)
    assert raised.value.code == code


def test_refuses_a_pilot_of_another_design_and_a_power_out_of_range() -> None:
    data = simulate(readers=4, positives=20, negatives=20)
    first = (np.arange(40) % 2 == 0)[None, None, :] == np.array([True, False])[:, None, None]
    result = obuchowski_rockette(estimate_cells(restrict(data, data.read & first)))
    assert result.design == "cases_nested"
    with pytest.raises(AnalysisError) as raised:
        power(result, n_readers=5, n_cases=100, effect=0.05)
    assert raised.value.code == "pilot_unfit"
    with pytest.raises(AnalysisError) as raised:
        cases_needed(VAN_DYKE, n_readers=5, effect=0.05, wanted=1.0)
    assert raised.value.code == "power_out_of_range"
