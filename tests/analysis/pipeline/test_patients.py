"""Table 1 by the plan: tests by name, ordered columns, the truth within each cohort."""

import pytest

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.pipeline.patients import NOT_COMPARED, NOT_OF_ITS_KIND, NOT_TWO_BY_TWO, patients
from backend.analysis.pipeline.results import Section
from backend.analysis.table_one import Variable, table_one
from backend.analysis.tests_of_difference import anova, student_t

from .two_cohorts import only_cohort, study_of_rows, two_cohorts


def table_of(**plan: object) -> Section:
    return patients(study_of_rows(two_cohorts(), {"cohort": "cohort", **plan}))


def method_of(section: Section, item: str, column: str) -> str:
    rows = {row.variable.key: row for row in section.item(item).result.rows}
    return str(rows[column].chosen.test.method)


@pytest.mark.parametrize(
    ("column", "name", "method"),
    [
        ("age", "welch", "welch_t"),
        ("age", "student", "student_t"),
        ("age", "mann-whitney", "mann_whitney"),
        ("stage", "chi-square", "chi_square"),
        ("stage", "fisher", "fisher_exact"),
    ],
)
def test_a_test_is_chosen_by_name(column: str, name: str, method: str) -> None:
    section = table_of(tests={column: name})
    assert method_of(section, "cohort", column) == method
    row = next(row for row in section.item("truth").result.rows if row.variable.key == column)
    assert (row.chosen.test.method, row.chosen.is_override) == (method, True)


def test_three_groups_take_the_form_of_the_test_for_more_groups() -> None:
    rows = two_cohorts()
    by_stage: dict[str, list[float]] = {"T2": [], "T3": [], "T4": []}
    for row in rows.values():
        by_stage[row["stage"]].append(row["age"])
    section = patients(study_of_rows(rows, {"cohort": "stage", "tests": {"age": "student"}}))
    found = next(row for row in section.item("cohort").result.rows if row.variable.key == "age").chosen.test
    assert found == anova(list(by_stage.values()))
    own = {case: row for case, row in rows.items() if row["truth"]}
    groups = [
        [row["age"] for row in part.values()]
        for part in (own, {c: r for c, r in rows.items() if not r["truth"]})
    ]
    found = next(row for row in section.item("truth").result.rows if row.variable.key == "age").chosen.test
    assert found.p == pytest.approx(student_t(groups).p, rel=1e-12)


def test_yates_outside_a_two_by_two_table_is_said_and_left_to_the_rules() -> None:
    section = table_of(tests={"stage": "yates"})
    assert method_of(section, "cohort", "stage") == "chi_square"
    assert NOT_TWO_BY_TWO.format(column="stage") in section.item("cohort").warnings


def test_yates_looks_only_at_the_cases_that_the_table_compares() -> None:
    rows = two_cohorts()
    for row in rows.values():
        if row["stage"] == "T4":
            row["truth"] = ""
    section = patients(study_of_rows(rows, {"tests": {"stage": "yates"}}))
    assert method_of(section, "truth", "stage") == "chi_square_yates"
    assert NOT_TWO_BY_TWO.format(column="stage") not in section.item("truth").warnings


def test_a_declared_category_that_no_case_has_keeps_yates_away_and_the_table_stands() -> None:
    rows = {case: row for case, row in two_cohorts().items() if row["stage"] != "T4"}
    plan = {"tests": {"stage": "yates"}, "ordered": {"stage": ["T2", "T3", "T4"]}}
    section = patients(study_of_rows(rows, plan))
    assert method_of(section, "truth", "stage") == "mann_whitney"
    assert NOT_TWO_BY_TWO.format(column="stage") in section.item("truth").warnings


def test_a_test_of_a_column_that_is_not_there_is_refused() -> None:
    section = table_of(tests={"weight": "fisher"})
    assert section.items == ()
    assert {one.code for one in section.failures} == {"unknown_column"}


@pytest.mark.parametrize(
    ("column", "name", "kind"), [("age", "fisher", "continuous"), ("stage", "welch", "categorical")]
)
def test_a_test_that_does_not_fit_its_column_is_said_and_left_to_the_rules(
    column: str, name: str, kind: str
) -> None:
    section, by_rules = table_of(tests={column: name}), table_of()
    assert section.failures == ()
    told = NOT_OF_ITS_KIND.format(column=column, name=name, kind=kind)
    for item in ("cohort", "truth"):
        assert told in section.item(item).warnings
        assert section.item(item).result.rows == by_rules.item(item).result.rows


def test_a_test_of_a_column_that_the_table_does_not_show_is_said() -> None:
    section = table_of(tests={"age": "welch"}, table=["stage"])
    assert NOT_COMPARED.format(column="age", name="welch") in section.item("cohort").warnings
    assert [row.variable.key for row in section.item("cohort").result.rows] == ["stage"]


def test_mann_whitney_may_be_planned_for_an_ordered_column() -> None:
    ordered = {"stage": ["T2", "T3", "T4"]}
    planned, by_rules = table_of(ordered=ordered, tests={"stage": "mann-whitney"}), table_of(ordered=ordered)
    found, expected = (
        next(row for row in one.item("cohort").result.rows if row.variable.key == "stage").chosen
        for one in (planned, by_rules)
    )
    assert (found.test, found.is_override) == (expected.test, True)


def test_an_ordered_column_is_compared_by_ranks_in_its_order() -> None:
    section = table_of(ordered={"stage": ["T4", "T2", "T3"]})
    row = next(row for row in section.item("cohort").result.rows if row.variable.key == "stage")
    assert row.categories == ("T4", "T2", "T3")
    assert (row.variable.kind, row.chosen.test.method) == ("ordered", "mann_whitney")


def test_the_truth_is_compared_within_each_cohort_as_in_a_table_of_that_cohort() -> None:
    own = only_cohort(two_cohorts(), "validation")
    by_hand = table_one(
        {case: {"age": row["age"], "stage": row["stage"]} for case, row in own.items()},
        {case: "positive" if row["truth"] else "no positive" for case, row in own.items()},
        (Variable("age", "age", "continuous"), Variable("stage", "stage", "categorical")),
        group_label="Reference standard",
        groups=("positive", "no positive"),
    )
    found = table_of().item("truth/validation").result
    assert (found.n, found.rows) == (50, by_hand.rows)
    assert found.rules.seed != DifferenceRules().seed
