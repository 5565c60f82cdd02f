"""Cases that share a patient: areas, differences, sensitivity and specificity with the variance between patients."""

from collections.abc import Sequence

from backend.analysis.clustered_roc import (
    ClusteredAuc,
    ClusteredAucDifference,
    clustered_auc,
    clustered_auc_paired,
    clustered_proportion,
)
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.study_report import DroppedCase


def clustered_areas(
    collector: Collector, study: Study, rated: Sequence[Rated], pairs: Sequence[tuple[Rated, Rated]]
) -> None:
    """Areas and paired differences after Obuchowski 1997, where the design names a column of clusters."""
    for one in rated if study.plan.cluster else ():
        collector.add(
            f"clustered/{one.label}",
            f"{one.label}: AUC, cases clustered by {study.label(study.plan.cluster)}",
            lambda one=one: _area(study, one),  # type: ignore[misc]
            dropped=_dropped(study, one),
            warnings=_apparent(study, one),
        )
    for a, b in pairs if study.plan.cluster else ():
        collector.add(
            f"clustered_pair/{a.label} - {b.label}",
            f"{a.label} - {b.label}, cases clustered by {study.label(study.plan.cluster)}",
            lambda a=a, b=b: _difference(study, a, b),  # type: ignore[misc]
            dropped=_dropped(study, a, b),
            warnings=_apparent(study, a, b),
        )


def clustered_calls(collector: Collector, study: Study, one: Rated) -> None:
    """Sensitivity and specificity per case by the ratio estimator, where the design names a column of clusters."""
    if not study.plan.cluster:
        return
    for measure, is_positive in (("sensitivity", True), ("specificity", False)):
        collector.add(
            f"clustered_{measure}/{one.label}",
            f"{one.label}: {measure}, cases clustered by {study.label(study.plan.cluster)}",
            lambda is_positive=is_positive, measure=measure: clustered_proportion(  # type: ignore[misc]
                *_calls(study, one, is_positive=is_positive), level=study.level, of_what=f"case for {measure}"
            ),
            dropped=_dropped(study, one),
            warnings=_apparent(study, one),
        )


def _usable(study: Study, *rated: Rated) -> list[str]:
    groups = study.groups(study.plan.cluster)
    return [case for case in study.complete(*rated)[0] if groups[case] is not None]


def _dropped(study: Study, *rated: Rated) -> tuple[DroppedCase, ...]:
    complete, dropped = study.complete(*rated)
    if study.plan.cluster not in study.columns():
        return dropped
    usable = set(_usable(study, *rated))
    column = study.plan.cluster
    return (*dropped, *(DroppedCase(case, f"no {column}") for case in complete if case not in usable))


def _apparent(study: Study, *rated: Rated) -> tuple[str, ...]:
    # A column that is not there refuses the item itself.
    return apparent_of(study, rated, _usable(study, *rated)) if study.plan.cluster in study.columns() else ()


def _area(study: Study, one: Rated) -> ClusteredAuc:
    cases, groups = _usable(study, one), study.groups(study.plan.cluster)
    return clustered_auc(
        study.truths(cases),
        [one.scores[case] for case in cases],
        [groups[case] for case in cases],
        level=study.level,
    )


def _difference(study: Study, a: Rated, b: Rated) -> ClusteredAucDifference:
    cases, groups = _usable(study, a, b), study.groups(study.plan.cluster)
    return clustered_auc_paired(
        study.truths(cases),
        [a.scores[case] for case in cases],
        [b.scores[case] for case in cases],
        [groups[case] for case in cases],
        level=study.level,
    )


def _calls(study: Study, one: Rated, *, is_positive: bool) -> tuple[list[bool], list[str | None]]:
    """Whether each case of the class was called right, and its cluster."""
    groups = study.groups(study.plan.cluster)
    cases = [case for case in _usable(study, one) if study.is_positive(case) is is_positive]
    return [one.calls[case] is is_positive for case in cases], [groups[case] for case in cases]
