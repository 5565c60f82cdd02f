"""The report's survival tables: one an endpoint, with medians that are not reached and the unit of time."""

from typing import Any

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.outcomes import survival
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.report_tables_survival import median_text
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.wording import Wording
from backend.analysis.reporting.content import ReportTable
from backend.analysis.survival.kaplan_meier import NO_INTERVAL, MedianSurvival, kaplan_meier
from backend.analysis.survival.logrank import SINGLE
from backend.analysis.survival.outcomes import outcomes

from .two_cohorts import study_of_rows, two_cohorts

PLAN: dict[str, Any] = {"survival_groups": ["stage"], "subgroups": ["cohort"], "times": [12, 24]}
NONE = NotEstimable("survival does not fall to one half")
TIMED = ("-curves-1", "-rmst", "-c", "-time-auc", "-brier")


def tables_of(section: Section, unit: str) -> list[ReportTable]:
    return [one.table for part in section_tables(section, 0.95, Wording(unit)) for one in part.tables]


@pytest.fixture(scope="module")
def section() -> Section:
    return survival(study_of_rows(two_cohorts(), PLAN))


def test_each_endpoint_has_its_table_with_groups_and_the_test_beside_them(section: Section) -> None:
    table = next(one for one in tables_of(section, "months") if one.key.endswith("-curves-1"))
    assert table.caption == "OS: survival by group (Kaplan-Meier) and log-rank tests"
    lines = [row[0] for row in table.rows]
    assert lines[0] == "all cases"
    assert {"Reference standard", "net", "stage", "stage, cohort development"} <= set(lines)
    result = section.item("logrank/OS/stage").result
    first = table.rows[lines.index("stage")]
    curve = result.groups[0].curve
    assert first[1:3] == (result.groups[0].label, f"{curve.n} ({curve.n_events})")
    assert first[5] == median_text(curve.median)
    assert any(note.startswith("NR: ") for note in table.notes) == any("NR" in row[5] for row in table.rows)
    assert first[3].startswith(f"{result.test.chi_square:.2f} ")


def test_tables_that_hold_times_say_their_unit(section: Section) -> None:
    said = {one.key for one in tables_of(section, "months") if one.notes[:1] == ("Times in months.",)}
    held = {one.key for one in tables_of(section, "months") if one.key.endswith(TIMED)}
    assert held <= said
    assert len(held) >= 3
    assert not any("-stratified" in key or "-hazards" in key for key in said)
    assert not any("Times in" in note for one in tables_of(section, "") for note in one.notes)


def test_headers_and_notes_that_name_a_time_say_its_unit() -> None:
    plan = {**PLAN, "covariates": ["net"], "clinical": ["net"]}
    tables = tables_of(survival(study_of_rows(two_cohorts(), plan)), "months")
    header = next(one.header for one in tables if one.key.endswith("-curves-1"))
    assert header[6:] == ("Survival at 12 months, % (95% CI)", "Survival at 24 months, % (95% CI)")
    decisions = [one for one in tables if "-decision-" in one.key]
    assert decisions
    assert all("time 24 months" in " ".join(one.notes) for one in decisions)
    baseline = next(one for one in tables if "-baseline-" in one.key)
    assert any("event times up to" in note and " months, in the CSV" in note for note in baseline.notes)


def test_a_group_of_one_case_is_told_and_its_median_has_no_limits() -> None:
    rows = two_cohorts()
    rows["D00"] |= {"stage": "T1", "event": 1}
    section = survival(study_of_rows(rows, PLAN))
    item = section.item("logrank/OS/stage")
    assert SINGLE.format(group="T1") in item.warnings
    table = next(one for one in tables_of(section, "months") if one.key.endswith("-curves-1"))
    row = next(row for row in table.rows if row[:2] == ("stage", "T1"))
    assert row[5] == f"{rows['D00']['time']:.1f} (NE)"
    assert any(note.startswith("NE: not estimable: ") for note in table.notes)


@pytest.mark.parametrize(
    ("median", "text"),
    [
        (MedianSurvival(48.94, 33.3, 71.0, 0.95), "48.9 (33.3, 71.0)"),
        (MedianSurvival(23.0, 13.0, NONE, 0.95), "23.0 (13.0, NR)"),
        (MedianSurvival(NONE, 77.7, NONE, 0.95), "NR (77.7, NR)"),
        (MedianSurvival(NONE, NONE, NONE, 0.95), "NR"),
        (MedianSurvival(4.0, NO_INTERVAL, NO_INTERVAL, 0.95), "4.0 (NE)"),
    ],
)
def test_a_median_that_is_not_reached_keeps_the_limit_that_is(median: MedianSurvival, text: str) -> None:
    assert median_text(median) == text


def test_the_treated_of_the_freireich_trial() -> None:
    """MASS::gehan, 6-MP: survfit 3.5-3 prints 23 with the limits 13 and NA (log-log)."""
    times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    events = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    names = [f"P{number:02d}" for number in range(len(times))]
    curve = kaplan_meier(outcomes(times, [bool(one) for one in events], cases=names))
    assert median_text(curve.median) == "23.0 (13.0, NR)"
