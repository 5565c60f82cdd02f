"""Partitions of the data in the checklists: cohorts by number and purpose, and what they share."""

from dataclasses import replace
from typing import Any

import pytest

from backend.analysis.pipeline.report_partitions import with_partitions
from backend.analysis.reporting import fillings_partitions as fill
from backend.analysis.reporting.checklists import prefilled
from backend.analysis.reporting.claim_2024 import CLAIM_2024
from backend.analysis.reporting.study_facts import (
    ModelFacts,
    PartitionFacts,
    ResultsPresent,
    SharedUnits,
    StudyFacts,
)
from backend.analysis.reporting.tripod_ai import TRIPOD_AI

from .two_cohorts import study_of_rows, two_cohorts

FACTS = StudyFacts(title="T", models=(ModelFacts("net", version="1"),))


def facts_of(rows: dict[str, dict[str, Any]] | None = None, **plan: object) -> StudyFacts:
    return with_partitions(FACTS, study_of_rows(rows or two_cohorts(), {"cohort": "cohort", **plan}))


def test_each_cohort_has_its_numbers_and_what_is_declared_of_it() -> None:
    rows = two_cohorts()
    facts = facts_of(rows, development=["development"])
    for one in facts.partitions:
        own = [row["truth"] for row in rows.values() if row["cohort"] == one.name]
        assert (one.n_cases, one.n_positive) == (len(own), sum(map(bool, own)))
        assert one.is_development == (one.name == "development")
    assert [one.name for one in facts.partitions] == ["development", "validation"]
    told = fill.partitions(facts)
    assert told is not None
    assert "As declared, models were made on development, and none on validation." in told.text
    assert told.missing == f"{fill.HOW_ASSIGNED}; training, validation and test data of net"
    outside = fill.external(facts)
    assert outside is not None
    assert outside.text.startswith("Cohorts on which, as declared, no model was made: validation, 50 cases")


def test_what_is_not_declared_is_asked_for() -> None:
    facts = facts_of()
    assert {one.is_development for one in facts.partitions} == {None}
    told = fill.partitions(facts)
    assert told is not None
    assert told.missing is not None
    assert "As declared" not in told.text
    assert fill.ON_WHICH in told.missing
    assert fill.differences(facts) is None


def test_without_cohorts_the_items_stay_with_what_models_say() -> None:
    facts = with_partitions(FACTS, study_of_rows(two_cohorts(), {}))
    assert facts == FACTS
    assert fill.partitions(facts) is None
    assert fill.disjoint(facts) is None
    assert with_partitions(FACTS, None) == FACTS


@pytest.mark.parametrize(
    ("n_shared", "text", "missing"),
    [
        (0, "No patient has cases in more than one cohort (40 patients).", None),
        (1, "1 of 40 patients has cases in several cohorts.", None),
        (3, "3 of 40 patients have cases in several cohorts.", None),
    ],
)
def test_whether_patients_are_in_several_cohorts_is_counted(
    n_shared: int, text: str, missing: str | None
) -> None:
    rows = two_cohorts()
    names = list(rows)
    for number, name in enumerate(names):
        rows[name]["patient"] = f"{rows[name]['cohort']}-{number % 20}"
    by_cohort = {
        kind: [one for one in names if rows[one]["cohort"] == kind] for kind in ("development", "validation")
    }
    taken = sorted({rows[one]["patient"] for one in by_cohort["development"]})[:n_shared]
    for patient, name in zip(taken, by_cohort["validation"], strict=False):
        rows[name]["patient"] = patient
    facts = facts_of(rows, cluster="patient")
    told = fill.disjoint(facts)
    assert facts.shared_units == (SharedUnits("patient", 40, n_shared),)
    assert told is not None
    assert (told.text, told.missing) == (text, missing)


def test_centers_alone_leave_patients_to_the_authors() -> None:
    rows = two_cohorts()
    for row in rows.values():
        row["center"] = "A" if row["cohort"] == "development" else "B"
    told = fill.disjoint(facts_of(rows))
    assert told is not None
    assert (told.text, told.missing) == (
        "No center has cases in more than one cohort (2 centers).",
        "whether cohorts share patients",
    )


def test_a_column_that_lacks_a_case_says_nothing_of_sharing() -> None:
    rows = two_cohorts()
    for number, row in enumerate(rows.values()):
        row["center"] = "A" if number else ""
    assert facts_of(rows).shared_units == ()


def test_a_case_without_a_cohort_is_counted_and_nothing_said_of_sharing() -> None:
    rows = two_cohorts()
    for number, row in enumerate(rows.values()):
        row["center"] = "A"
        row["cohort"] = row["cohort"] if number else None
    facts = replace(facts_of(rows), n_cases=len(rows))
    told = fill.partitions(facts)
    assert told is not None
    assert "1 case without a cohort." in told.text
    assert facts.shared_units == ()


def test_the_items_of_the_checklists_are_filled_from_it() -> None:
    facts = StudyFacts(
        title="T",
        models=(ModelFacts("net", version="1"),),
        partitions=(PartitionFacts("old", 6, 2, 3, True), PartitionFacts("new", 4, 1, 3, False)),
        shared_units=(SharedUnits("patient", 10, 0),),
        results=ResultsPresent(table_one=True),
    )
    claim = {one.number: one for one in prefilled(CLAIM_2024, facts).items}
    tripod = {one.number: one for one in prefilled(TRIPOD_AI, facts).items}
    assert (
        "old, 6 cases (2 positive, 3 negative, 1 without a reference standard); new, 4 cases"
        in claim["19"].text
    )
    assert (claim["20"].status, claim["33"].status) == ("filled", "partly filled")
    assert [tripod[number].status for number in ("12a", "16", "20c", "22")] == ["partly filled"] * 4
    assert fill.SPECIFICATION in tripod["22"].text
