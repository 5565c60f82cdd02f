"""Operating points of readers and models at their cut-offs, and paired calls."""

from collections.abc import Sequence

from backend.analysis.binary_tests import cochran_q, compare_calls
from backend.analysis.confusion import confusion_matrix
from backend.analysis.operating_table import OperatingTable, operating_table
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.clusters import clustered_calls
from backend.analysis.pipeline.curves import NO_CURVE, call_rule, comparisons, without_group
from backend.analysis.pipeline.cut_offs import carried
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.predictive_comparison import compare_predictive_values


def operating(study: Study) -> Section:
    """Sensitivity, specificity and predictive values at the stated cut-offs, McNemar, the same by subgroup."""
    collector = Collector("operating_points", "Operating points")
    for one in [*study.readers(), *study.consensus(), *study.models()]:
        _operating_points(collector, study, one)
        clustered_calls(collector, study, one)
        carried(collector, study, one)
        for column in study.subgroup_columns():
            _operating_by_group(collector, study, one, column)
    for a, b in comparisons(study):
        _paired_calls(collector, study, a, b)
    for arm in study.study.arms:
        _cochran(collector, study, [one for one in study.readers() if one.curve.arm == arm], arm)
    return collector.section(NO_CURVE)


def _operating_points(collector: Collector, study: Study, one: Rated) -> None:
    cases, dropped = study.complete(one)
    label, told = one.label, apparent_of(study, [one], cases)
    collector.add(
        f"at_cutoff/{label}",
        f"{label}: {call_rule(study, one)}",
        lambda: _at_cutoff(study, one, cases),
        dropped=dropped,
        warnings=told,
    )
    if one.curve.kind != "model" and len(study.study.scale) > 2:
        collector.add(
            f"all_cutoffs/{label}",
            f"{label}: every cut-off",
            lambda: operating_table(
                study.truths(cases),
                [one.scores[case] for case in cases],
                prevalences=study.plan.prevalences,
                positive_class=study.study.positive_class,
                level=study.level,
            ),
            dropped=dropped,
        )
    classes = (study.study.positive_class, f"no {study.study.positive_class}")
    collector.add(
        f"confusion/{label}",
        f"{label}: calls against the reference standard",
        lambda: confusion_matrix(
            {case: classes[not study.is_positive(case)] for case in cases},
            {case: classes[not one.calls[case]] for case in cases},
            classes,
            rater=label,
            positive=classes[0],
            level=study.level,
        ),
        dropped=dropped,
        warnings=told,
    )


def _at_cutoff(study: Study, one: Rated, cases: Sequence[str]) -> OperatingTable:
    """The row of the calls as they were made; its threshold is the lowest score called positive, if it is one."""
    scores = {case: one.scores[case] for case in cases}
    called = [score for case, score in scores.items() if one.calls[case]]
    rest = [score for case, score in scores.items() if not one.calls[case]]
    is_cut = bool(called) and (not rest or min(called) > max(rest))
    threshold = min(called) if is_cut else 1.0
    if one.curve.kind != "model":
        threshold, is_cut = float(study.study.positive_from), True
    return operating_table(
        study.truths(cases),
        list(scores.values()) if is_cut else [float(one.calls[case]) for case in cases],
        thresholds=[threshold],
        prevalences=study.plan.prevalences,
        positive_class=study.study.positive_class,
        level=study.level,
    )


def _operating_by_group(collector: Collector, study: Study, one: Rated, column: str) -> None:
    if column not in study.groupings():
        return
    groups = study.groups(column)
    cases, dropped = study.complete(one)
    nowhere = without_group(cases, groups, column)
    for group in sorted({label for case in cases if (label := groups[case]) is not None}):
        own = [case for case in cases if groups[case] == group]
        collector.add(
            f"at_cutoff/{one.label}/{column}/{group}",
            f"{one.label}: {call_rule(study, one)}, {study.label(column)} {group}",
            lambda own=own: _at_cutoff(study, one, own),  # type: ignore[misc]
            dropped=[*(lost for lost in dropped if groups[lost.case] in (group, None)), *nowhere],
            warnings=apparent_of(study, [one], own),
        )


def _paired_calls(collector: Collector, study: Study, a: Rated, b: Rated) -> None:
    cases, dropped = study.complete(a, b)
    name = f"{a.label} - {b.label}"
    truth = study.truths(cases)
    calls_a, calls_b = [a.calls[case] for case in cases], [b.calls[case] for case in cases]
    positive, level = study.study.positive_class, study.level
    told = apparent_of(study, [a, b], cases)
    collector.add(
        f"mcnemar/{name}",
        f"{name}: sensitivity, specificity and accuracy, McNemar",
        lambda: compare_calls(truth, calls_a, calls_b, positive_class=positive, level=level),
        dropped=dropped,
        warnings=told,
    )
    collector.add(
        f"predictive/{name}",
        f"{name}: predictive values",
        lambda: compare_predictive_values(truth, calls_a, calls_b, positive_class=positive, level=level),
        dropped=dropped,
        warnings=told,
    )


def _cochran(collector: Collector, study: Study, rated: Sequence[Rated], arm: str) -> None:
    if len(rated) < 3:
        return
    cases, dropped = study.complete(*rated)
    right = {one.label: [one.calls[case] == study.is_positive(case) for case in cases] for one in rated}
    collector.add(
        f"cochran/{arm}",
        f"Readers in {arm}: shares of right calls, Cochran's Q",
        lambda: cochran_q(right),
        dropped=dropped,
    )
