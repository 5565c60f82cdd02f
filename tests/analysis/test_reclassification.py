"""NRI and IDI against Hmisc::improveProb, a published table, and plain counting."""

import math

import pytest
from hypothesis import given, settings

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.reclassification import (
    ONE_WAY,
    NetReclassification,
    categorical_nri,
    continuous_nri,
    integrated_discrimination,
)
from tests.analysis.model_cases import case_lists, expected, flags, numbers


def both() -> tuple[list[bool], list[float], list[float]]:
    return flags("y"), numbers("old"), numbers("new")


@pytest.mark.parametrize("kind", ["continuous", "categorical"])
def test_nri_is_that_of_improve_prob(kind: str) -> None:
    want = expected()["improve"][kind]
    found: NetReclassification
    if kind == "continuous":
        found = continuous_nri(*both())
    else:
        found = categorical_nri(*both(), expected()["improve"]["cutoffs"])
    for part, suffix in ((found.nri_events, ".ev"), (found.nri_non_events, ".ne"), (found.nri, "")):
        assert part.estimate == pytest.approx(want[f"nri{suffix}"], rel=1e-12)
        assert part.se == pytest.approx(want[f"se.nri{suffix}"], rel=1e-12)
        assert part.z == pytest.approx(want[f"z.nri{suffix}"], rel=1e-12)
    assert found.nri.ci.high - found.nri.ci.low == pytest.approx(2 * 1.959963984540054 * want["se.nri"])
    assert found.nri.p == pytest.approx(math.erfc(abs(want["z.nri"]) / math.sqrt(2)), rel=1e-12)


def test_reclassification_tables_are_those_of_r() -> None:
    want = expected()["improve"]
    found = categorical_nri(*both(), want["cutoffs"])
    assert [list(row) for row in found.event_table] == want["events"]
    assert [list(row) for row in found.non_event_table] == want["non_events"]


def test_idi_is_that_of_improve_prob() -> None:
    want = expected()["improve"]["continuous"]
    found = integrated_discrimination(*both())
    assert found.idi.estimate == pytest.approx(want["idi"], rel=1e-12)
    assert found.idi.se == pytest.approx(want["se.idi"], rel=1e-12)
    assert found.idi.z == pytest.approx(want["z.idi"], rel=1e-11)
    assert found.rise_in_events.estimate == pytest.approx(want["improveSens"], rel=1e-12)
    assert found.fall_in_non_events.estimate == pytest.approx(want["improveSpec"], rel=1e-12)
    assert found.slope_new - found.slope_old == pytest.approx(found.idi.estimate, rel=1e-12)


def from_table(table: list[list[int]]) -> tuple[list[float], list[float]]:
    middle = [0.03, 0.10, 0.30]
    pairs = [(middle[i], middle[j]) for i in range(3) for j in range(3) for _ in range(table[i][j])]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def test_published_framingham_example() -> None:
    """Pencina et al., Stat Med 2008;27:157-172, table II: adding HDL, categories < 6, 6-20, > 20 %.

    Of 183 events 29 moved up and 7 down, of 3,081 non-events 173 up and 174 down: NRI 0.121, p < 0.001.
    """
    events = [[39, 15, 0], [4, 87, 14], [0, 3, 21]]
    others = [[1959, 142, 0], [148, 703, 31], [1, 25, 72]]
    old1, new1 = from_table(events)
    old0, new0 = from_table(others)
    truth = [True] * len(old1) + [False] * len(old0)
    found = categorical_nri(truth, old1 + old0, new1 + new0, [0.06, 0.20])
    assert (found.n_positive, found.n_negative) == (183, 3081)
    assert (found.events.up, found.events.down) == (29, 7)
    assert (found.non_events.up, found.non_events.down) == (173, 174)
    assert round(found.nri.estimate, 3) == 0.121
    assert found.nri.p < 0.001
    assert [list(row) for row in found.event_table] == events


def test_a_prediction_on_the_cut_off_belongs_to_the_higher_category() -> None:
    found = categorical_nri([True, False], [0.19, 0.2], [0.2, 0.2], [0.2])
    assert found.event_table == ((0, 1), (0, 0))
    assert found.non_event_table == ((0, 0), (0, 1))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(case_lists)
def test_swapping_the_models_flips_every_sign(cases: list[tuple[bool, float, float]]) -> None:
    truth, old, new = (list(column) for column in zip(*cases, strict=True))
    for measure in (continuous_nri, lambda *a: categorical_nri(*a, [0.2, 0.6])):
        there, back = measure(truth, old, new), measure(truth, new, old)
        for name in ("nri", "nri_events", "nri_non_events"):
            a, b = getattr(there, name), getattr(back, name)
            if isinstance(a.estimate, NotEstimable):
                assert a == b
            else:
                assert a.estimate == -b.estimate
                assert a.se == b.se
        assert there.to_json() == measure(truth[::-1], old[::-1], new[::-1]).to_json()
    there_idi, back_idi = (integrated_discrimination(truth, *pair) for pair in ((old, new), (new, old)))
    if isinstance(there_idi.idi.estimate, float):
        assert there_idi.idi.estimate == pytest.approx(-back_idi.idi.estimate, abs=1e-15)
    assert there_idi.to_json() == integrated_discrimination(truth[::-1], old[::-1], new[::-1]).to_json()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(case_lists)
def test_nri_is_plain_counting(cases: list[tuple[bool, float, float]]) -> None:
    truth, old, new = (list(column) for column in zip(*cases, strict=True))
    found = continuous_nri(truth, old, new)
    if 0 < sum(truth) < len(truth):
        gains = {value: [(b > a) - (b < a) for y, a, b in cases if y is value] for value in (True, False)}
        want = sum(gains[True]) / len(gains[True]) - sum(gains[False]) / len(gains[False])
        assert found.nri.estimate == pytest.approx(want, abs=1e-14)


def test_identical_models_have_no_difference_and_no_interval() -> None:
    truth, old, _ = both()
    for part in (continuous_nri(truth, old, old).nri, integrated_discrimination(truth, old, old).idi):
        assert (part.estimate, part.se, part.z, part.p) == (0.0, 0.0, 0.0, 1.0)
        assert part.ci == NotEstimable("the standard error is 0")


def test_the_same_rise_everywhere_has_no_z() -> None:
    found = integrated_discrimination([True, True, False, False], [0.25] * 4, [0.5, 0.5, 0.25, 0.25]).idi
    assert found.estimate == 0.25
    assert found.z == NotEstimable("the standard error is 0")


def test_one_event_has_an_idi_without_error_and_none_has_none() -> None:
    single = integrated_discrimination([True, False, False], [0.5, 0.5, 0.5], [0.75, 0.25, 0.5])
    assert single.idi.estimate == pytest.approx(0.375)
    assert single.idi.se == NotEstimable("there is only one case with the outcome")
    lone = integrated_discrimination([True, True, False], [0.5, 0.5, 0.5], [0.75, 0.5, 0.25])
    assert lone.idi.se == NotEstimable("there is only one case without the outcome")
    none = integrated_discrimination([False, False], [0.5, 0.5], [0.75, 0.25])
    assert none.idi.estimate == none.slope_new == NotEstimable("no case has the outcome")
    assert continuous_nri([True], [0.5], [0.75]).nri.estimate == NotEstimable("every case has the outcome")
    assert continuous_nri([True], [0.5], [0.75]).nri_events.estimate == 1.0


@pytest.mark.parametrize(
    ("code", "old", "cutoffs"),
    [
        ("lengths_differ", [0.1], [0.5]),
        ("not_finite", [0.1, math.nan], [0.5]),
        ("probability_out_of_range", [0.1, 1.1], [0.5]),
        ("cutoffs_invalid", [0.1, 0.2], []),
        ("cutoffs_invalid", [0.1, 0.2], [0.5, 0.4]),
        ("cutoffs_invalid", [0.1, 0.2], [0.0]),
    ],
)
def test_bad_input_is_refused(code: str, old: list[float], cutoffs: list[float]) -> None:
    with pytest.raises(AnalysisError) as error:
        categorical_nri([True, False], old, [0.3, 0.4], cutoffs)
    assert error.value.code == code


def test_no_case_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no case"):
        integrated_discrimination([], [], [])


def test_a_part_without_spread_lends_the_nri_no_standard_error() -> None:
    truth = [True, False, False, False]
    found = continuous_nri(truth, [0.5] * 4, [0.75, 0.25, 0.625, 0.25])
    assert found.nri.estimate == pytest.approx(1 + 1 / 3)
    assert found.nri.se == found.nri.ci == found.nri.p == ONE_WAY
    assert found.nri_non_events.p != ONE_WAY
