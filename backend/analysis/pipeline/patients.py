"""Table 1: the cases by cohort and by truth."""

from collections.abc import Mapping

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.table_one import Variable, table_one

MOST_CATEGORIES = 20


def patients(study: Study) -> Section:
    """The columns of ``cases.csv``: compared between the groups of the cohort column, and by truth."""
    collector = Collector("table_one", "Table 1")
    method = "table_one"
    covariates = study.files.covariates
    if not covariates:
        return collector.section("the dataset describes no case (cases.csv)")
    columns = tuple(name for name in (study.plan.table or study.columns()) if name != study.plan.cohort)
    subjects: Mapping[str, Mapping[str, str | float | None]] = {
        case: covariates.get(case, {}) for case in sorted(study.study.truth)
    }
    if study.plan.cohort:
        collector.add(
            "cohort",
            f"Cases by {study.plan.cohort}",
            lambda: table_one(
                subjects,
                study.groups(study.plan.cohort),
                _variables(study, columns),
                group_label=study.plan.cohort,
                rules=_rules(study),
                level=study.level,
            ),
            method=method,
        )
    positive = study.study.positive_class
    by_truth = {
        case: None if truth is None else (positive if truth else f"no {positive}")
        for case, truth in study.study.truth.items()
    }
    if len({label for label in by_truth.values() if label is not None}) == 2:
        collector.add(
            "truth",
            f"Cases by {positive}",
            lambda: table_one(
                subjects,
                by_truth,
                _variables(study, columns),
                group_label="Reference standard",
                groups=(positive, f"no {positive}"),
                rules=_rules(study),
                level=study.level,
            ),
            method=method,
        )
    return collector.section("cases.csv has no cohort column, and the truth has one class")


def _rules(study: Study) -> DifferenceRules:
    return DifferenceRules(seed=study.seed_of("table_one"))


def _variables(study: Study, columns: tuple[str, ...]) -> tuple[Variable, ...]:
    found = []
    for name in columns:
        values = {value for value in study.column(name).values() if value is not None}
        is_number = all(isinstance(value, float) for value in values)
        if not values or (not is_number and len(values) > MOST_CATEGORIES):
            continue
        found.append(Variable(name, name, "continuous" if is_number else "categorical"))
    return tuple(found)
