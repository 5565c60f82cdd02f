"""The cohorts as partitions of the data, for the checklists: what was made on them, and what they share."""

from collections.abc import Mapping
from dataclasses import replace

from backend.analysis.formats.cohort_names import ALL_CASES
from backend.analysis.pipeline.report_records import CENTER
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.study_facts import PartitionFacts, SharedUnits, StudyFacts


def with_partitions(facts: StudyFacts, study: Study | None) -> StudyFacts:
    """The facts with the groups of the cohort column, where cases have one, and the patients and centers in several."""
    if study is None or study.plan.cohort not in study.columns():
        return facts
    labels = study.groups(study.plan.cohort)
    return replace(facts, partitions=_partitions(study, labels), shared_units=_shared(study, labels))


def _partitions(study: Study, labels: Mapping[str, str | None]) -> tuple[PartitionFacts, ...]:
    """The cohorts in their declared order, then by name; a case without a cohort is in none."""
    declared = study.plan.development
    named = sorted({label for label in labels.values() if label is not None})
    found = []
    for name in dict.fromkeys((*study.order_of(study.plan.cohort), *named)):
        truths = [study.study.truth[case] for case, label in labels.items() if label == name]
        is_development = (name in declared or ALL_CASES in declared) if declared else None
        if truths:
            found.append(
                PartitionFacts(name, len(truths), truths.count(True), truths.count(False), is_development)
            )
    return tuple(found)


def _shared(study: Study, labels: Mapping[str, str | None]) -> tuple[SharedUnits, ...]:
    """Patients and centers with cases in more than one partition; unknown where a case lacks one of them."""
    units = {"patient": study.plan.cluster, "center": CENTER}
    found = []
    for what, column in units.items():
        if column == study.plan.cohort or column not in study.columns():
            continue
        of_case = study.groups(column)
        if None in of_case.values() or None in labels.values():
            continue
        cohorts: dict[str | None, set[str | None]] = {}
        for case, unit in of_case.items():
            cohorts.setdefault(unit, set()).add(labels[case])
        found.append(SharedUnits(what, len(cohorts), sum(len(own) > 1 for own in cohorts.values())))
    return tuple(found)
