"""Table 1: the cases by cohort, their truth among the rows, and by truth, in each cohort too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from backend.analysis.difference_rules import DifferenceRules, Normality
from backend.analysis.pipeline.cohorts import by_cohort, dropped_in, in_key, in_title
from backend.analysis.pipeline.column_labels import REFERENCE_STANDARD, TRUTH_COLUMN
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.table_one import TableOne, Variable, table_one

MOST_CATEGORIES = 20
ZERO_ONE = ("0", "1")
Values = Mapping[str, str | float | None]
Subjects = Mapping[str, Values]
Labels = Mapping[str, str | None]

COUNT_TESTS = {"chi-square": "chi_square", "yates": "chi_square_yates", "fisher": "fisher_exact"}
# Of two groups, and of more.
VALUE_TESTS = {
    "welch": ("welch_t", "welch_anova"),
    "student": ("student_t", "anova"),
    "mann-whitney": ("mann_whitney", "kruskal_wallis"),
}
# Ordered grades are tested by their ranks, or as categories.
TESTS_OF = {
    "continuous": frozenset(VALUE_TESTS),
    "ordered": frozenset((*COUNT_TESTS, "mann-whitney")),
    "categorical": frozenset(COUNT_TESTS),
}
NOT_COMPARED = "{column}: the plan names {name} for it, but it is no column of Table 1."
NOT_OF_ITS_KIND = (
    "{column}: the plan names {name}, which tests no column that is {kind}; here the rules chose the test."
)
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
            f"Cases by {study.label(cohort)}",
            lambda: _table(
                study,
                sorted(study.study.truth),
                study.groups(cohort),
                study.label(cohort),
                _cohorts_in_order(study),
            ),
            method="table_one",
        )
    groups, by_truth = _classes(study), _truth_labels(study)
    for group, cases in by_cohort(study, sorted(study.study.truth)).items():
        own = {case: by_truth[case] for case in cases}
        if len({label for label in own.values() if label is not None}) == 2:
            collector.add(
                f"truth{in_key(group)}",
                f"Cases by {groups[0]}{in_title(group)}",
                lambda own=own: _table(study, sorted(own), own, REFERENCE_STANDARD, groups),  # type: ignore[misc]
                method="table_one",
                dropped=dropped_in(study, (), group),
            )
    return collector.section("cases.csv has no cohort column, and the truth has one class")


def _classes(study: Study) -> tuple[str, str]:
    positive = study.study.positive_class
    return positive, f"no {positive}"


def _truth_labels(study: Study) -> dict[str, str | None]:
    positive, negative = _classes(study)
    return {
        case: None if truth is None else (positive if truth else negative)
        for case, truth in study.study.truth.items()
    }


def _cohorts_in_order(study: Study) -> tuple[str, ...]:
    """In their declared order, else the development cohorts first, as they are named, and the others by name."""
    found = {label for label in study.groups(study.plan.cohort).values() if label is not None}
    first = study.order_of(study.plan.cohort) or study.plan.development
    return (*(one for one in first if one in found), *sorted(found - set(first)))


def _table(
    study: Study, cases: list[str], group_of: Labels, group_label: str, groups: tuple[str, ...]
) -> TableOne:
    shown = study.plan.table or study.columns()
    variables = _variables(study, tuple(one for one in shown if one not in (study.plan.cohort, TRUTH_COLUMN)))
    # Groups and zeros and ones are described as the words that name them.
    as_words = {name: study.groups(name) for name in study.plan.ordered}
    as_words |= {one.key: study.groups(one.key) for one in variables if one.categories == ZERO_ONE}
    if group_label != REFERENCE_STANDARD and study.known:
        variables += (Variable(TRUTH_COLUMN, REFERENCE_STANDARD, "categorical", _classes(study)),)
        as_words[TRUTH_COLUMN] = _truth_labels(study)
    subjects: Subjects = {
        case: {**study.files.covariates.get(case, {}), **{name: own[case] for name, own in as_words.items()}}
        for case in cases
    }
    n_groups = len(groups) or len({label for label in group_of.values() if label is not None})
    grouped = [own for case, own in subjects.items() if group_of.get(case) is not None]
    overrides, warnings = _tests(study, variables, grouped, n_groups)
    table = table_one(
        subjects,
        group_of,
        variables,
        group_label=group_label,
        groups=groups,
        rules=_rules(study, overrides),
        level=study.level,
    )
    return replace(table, warnings=(*table.warnings, *warnings))


def _rules(study: Study, overrides: Mapping[str, str]) -> DifferenceRules:
    """The rules with what the plan declares of them."""
    plan, usual = study.plan, DifferenceRules()
    return DifferenceRules(
        fisher_below=usual.fisher_below if plan.fisher_below is None else plan.fisher_below,
        fisher_share=usual.fisher_share if plan.fisher_share is None else plan.fisher_share,
        yates=plan.compare_counts == "yates",
        normality=cast(Normality, plan.normality or usual.normality),
        normality_alpha=usual.normality_alpha if plan.normality_alpha is None else plan.normality_alpha,
        equal_variances=plan.compare_means == "student",
        overrides=overrides,
        seed=study.seed_of("table_one"),
    )


def _variables(study: Study, columns: tuple[str, ...]) -> tuple[Variable, ...]:
    found = []
    for name in columns:
        values = {value for value in study.column(name).values() if value is not None}
        if name in study.plan.ordered:
            found.append(Variable(name, study.label(name), "ordered", study.plan.ordered[name]))
            continue
        if values and values <= {0.0, 1.0}:
            found.append(Variable(name, study.label(name), "categorical", ZERO_ONE))
            continue
        is_number = all(isinstance(value, float) for value in values)
        if not values or (not is_number and len(values) > MOST_CATEGORIES):
            continue
        found.append(Variable(name, study.label(name), "continuous" if is_number else "categorical"))
    return tuple(found)


def _tests(
    study: Study, variables: tuple[Variable, ...], grouped: Sequence[Values], n_groups: int
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The tests that the plan names, as the rules call them, and what of it could not be followed.

    A test that does not fit its column is told and left to the rules: the other columns keep theirs.

    Raises
    ------
    AnalysisError
        ``unknown_column``.
    """
    overrides, warnings = {}, []
    known = {variable.key: variable for variable in variables}
    for column, name in sorted(study.plan.tests.items()):
        if column == TRUTH_COLUMN and column not in known:
            continue  # It makes the groups of this table; the table by cohort compares it.
        if column not in known:
            study.column(column)  # An unknown column is refused.
            warnings.append(NOT_COMPARED.format(column=column, name=name))
        elif name not in TESTS_OF[known[column].kind]:
            warnings.append(NOT_OF_ITS_KIND.format(column=column, name=name, kind=known[column].kind))
        elif name in VALUE_TESTS:
            overrides[column] = VALUE_TESTS[name][0 if n_groups == 2 else 1]
        elif name == "yates" and (n_groups, _n_categories(known[column], grouped)) != (2, 2):
            warnings.append(NOT_TWO_BY_TWO.format(column=column))
        else:
            overrides[column] = COUNT_TESTS[name]
    return overrides, tuple(warnings)


def _n_categories(variable: Variable, grouped: Sequence[Values]) -> int:
    """The declared ones, else those of the cases that the table compares."""
    found = {value for own in grouped if (value := own.get(variable.key)) is not None}
    return len(variable.categories or found)
