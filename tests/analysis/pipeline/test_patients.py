"""Table 1 by the plan: tests by name, ordered columns, the truth within each cohort."""

import pytest
from scipy.stats import chi2_contingency  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.pipeline.method_details_models import MODEL_DETAILS
from backend.analysis.pipeline.patients import NOT_COMPARED, NOT_OF_ITS_KIND, NOT_TWO_BY_TWO, patients
from backend.analysis.pipeline.results import Section
from backend.analysis.table_one import Variable, table_one
from backend.analysis.tests_of_difference import anova, student_t

from .two_cohorts import Rows, only_cohort, study_of_rows, two_cohorts

RANKS = "Welch's t test, or by rank tests where a group departs from normal"
FISHER = "Pearson's chi-square test, or by Fisher's exact test where"


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


@pytest.mark.parametrize(
    ("rules", "column", "method"),
    [
        ({"fisher_below": 60}, "stage", "fisher_exact"),
        ({"fisher_below": 60, "fisher_share": 0.99}, "stage", "fisher_exact"),
        ({"fisher_below": 12, "fisher_share": 0.99}, "stage", "chi_square"),
        ({"fisher_below": 0}, "stage", "chi_square"),
        ({"compare_counts": "yates"}, "truth", "chi_square_yates"),
        ({"normality": "assumed"}, "age", "welch_t"),
        ({"normality": "assumed", "compare_means": "student"}, "age", "student_t"),
        ({"normality": "not_assumed"}, "age", "mann_whitney"),
        ({"normality": "shapiro", "normality_alpha": 0.999}, "age", "mann_whitney"),
        ({"normality": "shapiro", "normality_alpha": 1e-9}, "age", "welch_t"),
    ],
)
def test_the_plan_declares_the_rules(rules: dict[str, object], column: str, method: str) -> None:
    section = table_of(**rules)
    row = next(row for row in section.item("cohort").result.rows if row.variable.key == column)
    assert (row.chosen.test.method, row.chosen.is_override) == (method, False)


def test_a_rule_of_the_plan_gives_what_the_test_of_that_name_gives() -> None:
    by_rule = table_of(fisher_below=60, normality="assumed", compare_means="student")
    by_name = table_of(tests={"stage": "fisher", "age": "student"})
    for item in ("cohort", "truth"):
        for column in ("age", "stage"):
            found, expected = (
                next(row for row in one.item(item).result.rows if row.variable.key == column).chosen.test
                for one in (by_rule, by_name)
            )
            assert found == expected


@pytest.mark.parametrize(
    ("rules", "numbers", "categories"),
    [
        ({}, f"{RANKS} (Shapiro-Wilk test at 0.05)", f"{FISHER} an expected count is below 5."),
        (
            {"normality_alpha": 0.01, "fisher_below": 3, "fisher_share": 0.2},
            f"{RANKS} (Shapiro-Wilk test at 0.01)",
            f"{FISHER} more than 20% of the expected counts are below 3.",
        ),
        (
            {"normality": "assumed", "compare_means": "student", "fisher_below": 0},
            "Student's t test, normality being assumed",
            "Pearson's chi-square test, never by Fisher's exact test.",
        ),
        (
            {"normality": "not_assumed", "compare_counts": "yates", "fisher_below": 0},
            "rank tests, normality not being assumed",
            "Pearson's chi-square test (two-by-two tables by the chi-square test with Yates's correction), never",
        ),
    ],
)
def test_the_methods_text_states_the_rules_that_were_used(
    rules: dict[str, object], numbers: str, categories: str
) -> None:
    made = [item.result for item in table_of(**rules).items]
    told = MODEL_DETAILS["table_one"](made, AnalysisPlan(), "")
    assert told.startswith(f"The rules: numbers by {numbers}; categories by {categories}")


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
    assert [row.variable.key for row in section.item("cohort").result.rows] == ["stage", "truth"]


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


def rows_with(counts: dict[tuple[str, int], int], **columns: object) -> Rows:
    """As many rows of each cohort and truth, all else as the first drawn one."""
    template = next(iter(two_cohorts().values()))
    return {
        f"{cohort[0]}{truth}-{number:03d}": {**template, "cohort": cohort, "truth": truth, **columns}
        for (cohort, truth), n in counts.items()
        for number in range(n)
    }


def test_the_truth_by_cohort_gives_the_published_p_value() -> None:
    """Yoo 2025: metastatic 65 of 190 against 48 of 146, chi-square test, P 0.798."""
    rows = rows_with(
        {("validation", 1): 48, ("validation", 0): 98, ("development", 1): 65, ("development", 0): 125}
    )
    table = patients(study_of_rows(rows, {"cohort": "cohort"})).item("cohort").result
    row = table.rows[-1]
    assert (row.variable.key, row.variable.label) == ("truth", "Reference standard")
    assert row.categories == ("positive", "no positive")
    assert dict(zip(table.groups, (group.counts for group in row.groups), strict=True)) == {
        "development": (65, 125),
        "validation": (48, 98),
    }
    assert row.chosen.test.method == "chi_square"
    assert row.chosen.test.p == pytest.approx(0.798, abs=5e-4)


def test_the_truth_takes_the_planned_test_and_missing_ones_are_counted() -> None:
    rows = two_cohorts()
    rows["V00"]["truth"] = ""
    section = patients(study_of_rows(rows, {"cohort": "cohort", "tests": {"truth": "yates"}}))
    row = section.item("cohort").result.rows[-1]
    assert row.chosen.test.method == "chi_square_yates"
    assert [group.missing for group in row.groups] == [0, 1]
    assert section.failures == ()
    assert [text for text in section.item("truth").warnings if "truth" in text] == []


def test_a_column_of_zeros_and_ones_is_counted_as_in_scipy() -> None:
    rows = two_cohorts()
    for number, row in enumerate(rows.values()):
        row["age"] = float(number % 3 == 0)
    rows["D01"]["age"] = None
    found = next(
        one
        for one in patients(study_of_rows(rows, {"cohort": "cohort"})).item("cohort").result.rows
        if one.variable.key == "age"
    )
    counts = [
        [sum(one["age"] == value for one in only_cohort(rows, cohort).values()) for value in (0.0, 1.0)]
        for cohort in ("development", "validation")
    ]
    assert (found.variable.kind, found.categories) == ("categorical", ("0", "1"))
    assert [list(group.counts) for group in found.groups] == counts
    assert [group.missing for group in found.groups] == [1, 0]
    assert found.chosen.test.p == pytest.approx(chi2_contingency(counts, correction=False).pvalue, rel=1e-10)


@pytest.mark.parametrize(
    ("plan", "groups"),
    [
        ({}, ("development", "validation")),
        ({"development": ["validation"]}, ("validation", "development")),
        ({"development": ["all cases"]}, ("development", "validation")),
        ({"ordered": {"cohort": ["validation", "development"]}}, ("validation", "development")),
        (
            {"ordered": {"cohort": ["development", "validation"]}, "development": ["validation"]},
            ("development", "validation"),
        ),
    ],
)
def test_development_cohorts_stand_first(plan: dict[str, object], groups: tuple[str, ...]) -> None:
    assert table_of(**plan).item("cohort").result.groups == groups
