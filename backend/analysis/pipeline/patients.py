"""Table 1: the cases by cohort, and by truth, in each cohort too."""

from collections.abc import Mapping
from dataclasses import replace

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.cohorts import by_cohort, in_key, in_title
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.table_one import TableOne, Variable, table_one

MOST_CATEGORIES = 20
Subjects = Mapping[str, Mapping[str, str | float | None]]
Labels = Mapping[str, str | None]

COUNT_TESTS = {"chi-square": "chi_square", "yates": "chi_square_yates", "fisher": "fisher_exact"}
# Of two groups, and of more.
VALUE_TESTS = {
    "welch": ("welch_t", "welch_anova"),
    "student": ("student_t", "anova"),
    "mann-whitney": ("mann_whitney", "kruskal_wallis"),
}
NOT_TWO_BY_TWO = (
    "{column}: the plan names yates, which tests two groups on two categories; here the rules chose the test."
)


def patients(study: Study) -> Section:
    """The columns of ``cases.csv``: compared between the groups of the cohort column, and by truth."""
    collector = Collector("table_one", "Table 1")
    if not study.files.covariates:
        return collector.section("the dataset describes no case (cases.csv)")
    cohort = study.plan.cohort
    if cohort:
        collector.add(
            "cohort",
            f"Cases by {cohort}",
            lambda: _table(study, sorted(study.study.truth), study.groups(cohort), cohort, ()),
            method="table_one",
        )
    positive = study.study.positive_class
    groups = (positive, f"no {positive}")
    by_truth = {
        case: None if truth is None else groups[0 if truth else 1]
        for case, truth in study.study.truth.items()
    }
    for group, cases in by_cohort(study, sorted(study.study.truth)).items():
        own = {case: by_truth[case] for case in cases}
        if len({label for label in own.values() if label is not None}) == 2:
            collector.add(
                f"truth{in_key(group)}",
                f"Cases by {positive}{in_title(group)}",
                lambda own=own: _table(study, sorted(own), own, "Reference standard", groups),  # type: ignore[misc]
                method="table_one",
            )
    return collector.section("cases.csv has no cohort column, and the truth has one class")


def _table(
    study: Study, cases: list[str], group_of: Labels, group_label: str, groups: tuple[str, ...]
) -> TableOne:
    columns = tuple(name for name in (study.plan.table or study.columns()) if name != study.plan.cohort)
    grades = {name: study.groups(name) for name in study.plan.ordered}
    subjects: Subjects = {
        case: {**study.files.covariates.get(case, {}), **{name: own[case] for name, own in grades.items()}}
        for case in cases
    }
    variables = _variables(study, columns)
    n_groups = len(groups) or len({label for label in group_of.values() if label is not None})
    overrides, warnings = _tests(study, variables, subjects, n_groups)
    table = table_one(
        subjects,
        group_of,
        variables,
        group_label=group_label,
        groups=groups,
        rules=DifferenceRules(seed=study.seed_of("table_one"), overrides=overrides),
        level=study.level,
    )
    return replace(table, warnings=(*table.warnings, *warnings))


def _variables(study: Study, columns: tuple[str, ...]) -> tuple[Variable, ...]:
    found = []
    for name in columns:
        values = {value for value in study.column(name).values() if value is not None}
        if name in study.plan.ordered:
            found.append(Variable(name, name, "ordered", study.plan.ordered[name]))
            continue
        is_number = all(isinstance(value, float) for value in values)
        if not values or (not is_number and len(values) > MOST_CATEGORIES):
            continue
        found.append(Variable(name, name, "continuous" if is_number else "categorical"))
    return tuple(found)


def _tests(
    study: Study, variables: tuple[Variable, ...], subjects: Subjects, n_groups: int
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The tests that the plan names, as the rules call them, and what of it could not be followed."""
    overrides, warnings = {}, []
    kinds = {variable.key: variable.kind for variable in variables}
    for column, name in sorted(study.plan.tests.items()):
        if column not in kinds:
            raise AnalysisError(
                "unknown_column", f"study.json names a test of {column}, no column of Table 1"
            )
        if (kinds[column] == "continuous") == (name in COUNT_TESTS):
            raise AnalysisError(
                "test_not_applicable", f"study.json names {name} for {column}, which is {kinds[column]}"
            )
        if name in VALUE_TESTS:
            overrides[column] = VALUE_TESTS[name][0 if n_groups == 2 else 1]
            continue
        found = {value for own in subjects.values() if (value := own.get(column)) is not None}
        if name == "yates" and (n_groups, len(found)) != (2, 2):
            warnings.append(NOT_TWO_BY_TWO.format(column=column))
        else:
            overrides[column] = COUNT_TESTS[name]
    return overrides, tuple(warnings)
