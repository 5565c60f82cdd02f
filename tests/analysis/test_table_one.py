"""Table 1: published counts, missing values apart, the same table whatever the order, refusals by name."""

import csv
import io
import json
import random
import statistics
from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.methods import Method
from backend.analysis.methods_tables import METHODS_TABLES
from backend.analysis.table_one import (
    CategorySummary,
    TableOne,
    TableOneRow,
    Value,
    ValueSummary,
    Variable,
    table_one,
)
from backend.analysis.table_one_text import (
    format_p,
    manuscript_csv,
    manuscript_rows,
    smd_csv,
    table_one_csv,
)
from backend.analysis.tests_of_difference import welch_t

Subjects = dict[str, dict[str, Value]]

# Yoo 2025 (lpln-radiomics), development against validation cohort; P as printed, with the tests that the
# platform's study template names. The five variables are independent columns here: only margins are published.
YOO: list[tuple[Variable, list[tuple[int, int]], str, float]] = [
    (Variable("sex", "Sex", "categorical", ("M", "F")), [(114, 85), (76, 61)], "fisher_exact", 0.823),
    (Variable("side", "Dissection", "categorical", ("uni", "bi")), [(137, 116), (53, 30)], "fisher_exact", 0.128),
    (Variable("node", "Metastatic", "categorical", (True, False)), [(65, 48), (125, 98)], "chi_square", 0.798),
    (
        Variable("t", "T stage", "categorical", ("Tis/none", "1", "2", "3", "4")),
        [(17, 10), (7, 5), (27, 31), (121, 83), (18, 17)],
        "chi_square",
        0.429,
    ),
    (Variable("n", "N stage", "categorical", (0, 1, 2)), [(79, 72), (68, 46), (43, 28)], "chi_square", 0.366),
]  # fmt: skip


def yoo() -> tuple[Subjects, dict[str, str | None]]:
    cohorts = [("development", 190), ("validation", 146)]
    group_of: dict[str, str | None] = {
        f"{name}-{number:03d}": name for name, size in cohorts for number in range(size)
    }
    subjects: Subjects = {subject: {} for subject in group_of}
    for variable, counts, _, _ in YOO:
        for place, (name, _) in enumerate(cohorts):
            own = [subject for subject in group_of if group_of[subject] == name]
            values = [
                category
                for category, row in zip(variable.categories, counts, strict=True)
                for _ in range(row[place])
            ]
            for subject, value in zip(own, values, strict=True):
                subjects[subject][variable.key] = value
    return subjects, group_of


def yoo_table(subjects: Subjects, group_of: dict[str, str | None]) -> TableOne:
    rules = DifferenceRules(overrides={variable.key: test for variable, _, test, _ in YOO})
    return table_one(subjects, group_of, tuple(variable for variable, _, _, _ in YOO), rules=rules)


def study(n: int = 80, seed: int = 3) -> tuple[Subjects, dict[str, str | None]]:
    draw = random.Random(seed)
    subjects: Subjects = {}
    group_of: dict[str, str | None] = {}
    for number in range(n):
        name = f"C-{number:03d}"
        group_of[name] = (
            draw.choice(["A", "B", "C", None]) if number % 9 == 0 else draw.choice(["A", "B", "C"])
        )
        subjects[name] = {
            "age": round(draw.gauss(62, 9), 1),
            "cea": None if number % 7 == 0 else round(draw.lognormvariate(1, 1), 2),
            "sex": draw.choice(["F", "M"]),
            "grade": draw.choice([1, 2, 3, None]),
            "rare": draw.choice(["x", "y", "y", "y", "z"]),
        }
    return subjects, group_of


VARIABLES = (
    Variable("age", "Age", "continuous", unit="years"),
    Variable("cea", "CEA", "continuous", unit="ng/ml"),
    Variable("sex", "Sex", "categorical", ("F", "M"), ("Female", "Male")),
    Variable("grade", "Grade", "ordered", (1, 2, 3)),
    Variable("rare", "Rare", "categorical"),
)


def row_of(table: TableOne, key: str) -> TableOneRow:
    return next(row for row in table.rows if row.variable.key == key)


def method_of(row: TableOneRow) -> str:
    assert not isinstance(row.chosen, NotEstimable)
    return row.chosen.test.method


def test_published_cohort_table_comes_out_of_the_subjects() -> None:
    table = yoo_table(*yoo())
    assert table.sizes == (190, 146)
    for row, (_, counts, test, p) in zip(table.rows, YOO, strict=True):
        assert not isinstance(row.chosen, NotEstimable)
        assert (row.chosen.test.method, format_p(row.chosen.test.p)) == (test, f"{p:.3f}")
        for place, summary in enumerate(row.groups):
            assert isinstance(summary, CategorySummary)
            assert summary.counts == tuple(pair[place] for pair in counts)
    lines = manuscript_rows(table)
    assert lines[0][1:4] == ["development (n = 190)", "validation (n = 146)", "All (n = 336)"]
    assert lines[1] == ["Sex, n (%)", "", "", "", "0.823", "Fisher's exact test", "0.04"]
    assert lines[2][:4] == ["  M", "114 (60.0)", "85 (58.2)", "199 (59.2)"]


def test_a_missing_value_is_neither_category_nor_share_nor_tested() -> None:
    """A table program that counts the missing as a category turns a P of .26 into .07."""
    subjects, group_of = yoo()
    whole = row_of(yoo_table(subjects, group_of), "t")
    for number in range(30):
        name = f"extra-{number}"
        subjects[name], group_of[name] = {"t": None}, "development"
    table = yoo_table(subjects, group_of)
    row = row_of(table, "t")
    assert table.sizes == (220, 146)
    assert row.chosen == whole.chosen
    assert row.groups[0].missing == 30
    assert row.groups[0].n == 190
    assert row.overall.missing == 30
    assert row.categories == whole.categories
    assert ["  Missing", "30", "0", "30", "", "", ""] in manuscript_rows(table)


def test_summaries_match_the_standard_library() -> None:
    subjects, group_of = study()
    table = table_one(subjects, group_of, VARIABLES)
    for name, summary in zip(table.groups, row_of(table, "cea").groups, strict=True):
        found = [subjects[s]["cea"] for s in subjects if group_of[s] == name]
        values = [float(v) for v in found if v is not None]
        assert isinstance(summary, ValueSummary)
        assert (summary.n, summary.missing) == (len(values), found.count(None))
        assert summary.mean == pytest.approx(statistics.fmean(values), rel=1e-14)
        assert summary.sd == pytest.approx(statistics.stdev(values), rel=1e-12)
        quartiles = statistics.quantiles(values, n=4, method="inclusive")
        assert [summary.q1, summary.median, summary.q3] == pytest.approx(quartiles, rel=1e-13)
        assert (summary.low, summary.high) == (min(values), max(values))


def test_rules_decide_test_and_summary_of_each_kind() -> None:
    table = table_one(*study(), VARIABLES)
    assert method_of(row_of(table, "age")) == "welch_anova"
    assert row_of(table, "age").shows_mean
    assert method_of(row_of(table, "cea")) == "kruskal_wallis"
    assert not row_of(table, "cea").shows_mean
    assert method_of(row_of(table, "sex")) == "chi_square"
    assert method_of(row_of(table, "grade")) == "kruskal_wallis"
    rare = row_of(table, "rare")
    assert method_of(rare) == "fisher_exact"
    assert not isinstance(rare.chosen, NotEstimable)
    assert rare.chosen.reason.startswith("expected count below 5 in")
    assert rare.categories == ("x", "y", "z")
    assert [(pair.first, pair.second) for pair in rare.effects] == [("A", "B"), ("A", "C"), ("B", "C")]
    largest = max(abs(float(pair.smd.estimate)) for pair in rare.effects)  # type: ignore[arg-type]
    assert rare.largest_smd == largest
    assert table.dropped == tuple(sorted(s for s, name in study()[1].items() if name is None))
    assert table.warnings == (f"{len(table.dropped)} without a cohort left out",)
    staged = table_one(*study(), VARIABLES, group_label="FIGO stage")
    assert staged.warnings == (f"{len(table.dropped)} without a FIGO stage left out",)
    keys = {method.key for method in METHODS_TABLES}
    assert set(table.methods) <= keys
    assert {"welch_anova", "shapiro_wilk", "cramers_v", "smd", "smd_categories"} <= set(table.methods)


def test_overrides_reach_the_variable_they_name() -> None:
    rules = DifferenceRules(overrides={"age": "anova", "grade": "chi_square", "rare": "chi_square"})
    table = table_one(*study(), VARIABLES, rules=rules)
    assert [method_of(row_of(table, key)) for key in rules.overrides] == ["anova", "chi_square", "chi_square"]
    two = {s: name for s, name in study()[1].items() if name != "C"}
    subjects = {s: values for s, values in study()[0].items() if s in two}
    table = table_one(subjects, two, VARIABLES[:1], rules=DifferenceRules(overrides={"age": "welch_t"}))
    groups = [[float(subjects[s]["age"] or 0) for s in subjects if two[s] == g] for g in "AB"]
    assert not isinstance(table.rows[0].chosen, NotEstimable)
    assert table.rows[0].chosen.test == welch_t(groups)


def test_order_of_subjects_changes_no_bit() -> None:
    subjects, group_of = study()
    names = list(subjects)
    random.Random(1).shuffle(names)
    here = table_one(subjects, group_of, VARIABLES)
    there = table_one({s: subjects[s] for s in names}, {s: group_of[s] for s in names}, VARIABLES)
    assert here.to_json() == there.to_json()
    assert table_one_csv(here) == table_one_csv(there)
    json.dumps(here.to_json(), allow_nan=False)


def test_groups_can_be_ordered_and_one_may_be_empty() -> None:
    subjects, group_of = study()
    table = table_one(
        subjects, group_of, VARIABLES, groups=("C", "none yet", "A", "B"), group_label="Outcome"
    )
    assert table.groups == ("C", "none yet", "A", "B")
    assert table.sizes[1] == 0
    age, sex = row_of(table, "age"), row_of(table, "sex")
    assert age.warnings[0] == "1 of 4 groups without a value left out of the test"
    assert "row 2 without any count left out of the test" in sex.warnings
    assert isinstance(age.groups[1], ValueSummary)
    assert age.groups[1].mean == NotEstimable("there is no value")
    assert manuscript_rows(table)[1][2] == "–"
    plain = table_one(subjects, group_of, VARIABLES)
    assert not isinstance(age.chosen, NotEstimable)
    chosen = row_of(plain, "age").chosen
    assert not isinstance(chosen, NotEstimable)
    assert age.chosen.test.p == pytest.approx(float(chosen.test.p), rel=1e-12)  # type: ignore[arg-type]


def test_one_group_has_no_test_and_says_so() -> None:
    subjects, _ = study(10)
    table = table_one(subjects, dict.fromkeys(subjects, "all"), VARIABLES)
    for row in table.rows:
        assert row.chosen == NotEstimable("fewer than two groups have a value")
        assert row.largest_smd == NotEstimable("there is only one group")
    assert "not estimable: fewer than two groups have a value" in manuscript_csv(table)
    assert "not estimable: fewer than two groups have a value" in table_one_csv(table)


def test_a_variable_that_nobody_has_is_shown_as_missing() -> None:
    subjects, group_of = study(12)
    nothing = (Variable("x", "X", "categorical"), Variable("y", "Y", "continuous"))
    table = table_one(subjects, group_of, nothing)
    assert [row.overall.n for row in table.rows] == [0, 0]
    assert manuscript_rows(table)[-1][0] == "  Missing"
    assert table.rows[0].cramers_v is None


def test_csv_holds_full_precision_and_nothing_that_runs() -> None:
    subjects, group_of = study()
    evil = (Variable("age", "=HYPERLINK(1)", "continuous"), *VARIABLES[1:])
    table = table_one(subjects, group_of, evil)
    rows = list(csv.DictReader(io.StringIO(table_one_csv(table))))
    assert rows[0]["label"] == "'=HYPERLINK(1)"
    assert manuscript_csv(table).splitlines()[1].startswith("\"'=HYPERLINK(1), mean")
    summary = table.rows[0].groups[0]
    assert isinstance(summary, ValueSummary)
    assert float(rows[0]["mean"]) == summary.mean
    by_category = [row for row in rows if row["variable"] == "sex" and row["group"] == "All"]
    assert sum(int(row["count"]) for row in by_category) == table.n
    assert by_category[0]["category"] == "Female"
    smds = list(csv.DictReader(io.StringIO(smd_csv(table))))
    assert len(smds) == 3 * len(VARIABLES)
    assert float(smds[0]["smd"]) == table.rows[0].effects[0].smd.estimate


def test_format_p_never_prints_zero_or_one() -> None:
    assert [format_p(p) for p in (1e-30, 0.0009, 0.03149, 0.9996)] == ["<0.001", "<0.001", "0.031", ">0.999"]
    assert format_p(NotEstimable("no test")) == "not estimable: no test"


def one_off(**values: Any) -> Callable[[], TableOne]:
    subjects: Subjects = {"C-1": dict(values), "C-2": {}}
    return lambda: table_one(subjects, {"C-1": "A", "C-2": "B"}, VARIABLES)


@pytest.mark.parametrize(
    ("call", "code", "text"),
    [
        (one_off(age=float("nan")), "value_not_finite", "age of C-1 is nan; a missing value is left empty"),
        (one_off(age="sixty"), "value_not_number", "age of C-1 is 'sixty', not a number"),
        (one_off(age=True), "value_not_number", "age of C-1 is True"),
        (one_off(sex="X"), "unknown_category", "sex of C-1 is 'X'"),
        (one_off(grade=True), "unknown_category", "grade of C-1 is True"),
        (lambda: table_one({}, {}, VARIABLES), "no_cases", "no subject to describe"),
        (lambda: table_one({"C-1": {}}, {}, VARIABLES), "no_groups", "no subject belongs"),
        (lambda: table_one({"C-1": {}}, {"C-2": "A"}, VARIABLES), "unknown_case", "C-2 has a group"),
        (
            lambda: table_one({"C-1": {}}, {"C-1": "A"}, VARIABLES, groups=("B",)),
            "unknown_group",
            "A is none",
        ),
        (lambda: table_one({"C-1": {}}, {"C-1": "A"}, VARIABLES, groups=("A", "A")), "repeated", "twice"),
        (lambda: table_one({"C-1": {}}, {"C-1": "A"}, VARIABLES * 2), "repeated", "age is named twice"),
        (
            lambda: table_one(
                {"C-1": {}}, {"C-1": "A"}, VARIABLES, rules=DifferenceRules(overrides={"size": "anova"})
            ),
            "unknown_variable",
            "a test of size",
        ),
        (lambda: table_one({"C-1": {}}, {"C-1": "A"}, VARIABLES, level=0.0), "level_out_of_range", "level"),
        (lambda: Variable("g", "G", "ordered"), "no_order", "declares no order"),
        (lambda: Variable("g", "G", "categorical", (1, 2), ("a",)), "labels_do_not_fit", "one label"),
    ],
)
def test_wrong_input_is_refused_by_name(call: Callable[[], object], code: str, text: str) -> None:
    with pytest.raises(AnalysisError, match=text) as caught:
        call()
    assert caught.value.code == code


def test_methods_are_named_once_with_their_sources() -> None:
    keys = [method.key for method in METHODS_TABLES]
    assert len(set(keys)) == len(keys)
    assert all(isinstance(method, Method) and method.text and method.references for method in METHODS_TABLES)
