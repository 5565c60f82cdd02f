"""ROC curves of readers, arms and models, and their comparisons; operating points and paired calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.analysis.auc_tests import equal_areas_paired
from backend.analysis.average_roc import AverageRoc, average_roc
from backend.analysis.binary_tests import cochran_q, compare_calls
from backend.analysis.binormal import binormal_fit
from backend.analysis.confusion import confusion_matrix
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.operating_table import OperatingTable, operating_table
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.clusters import clustered_areas, clustered_calls
from backend.analysis.pipeline.cut_offs import carried, cut_offs, largest_youden
from backend.analysis.pipeline.resampled_curves import band, partial_areas, resampled_pair
from backend.analysis.pipeline.results import Collector, CurvePair, Section
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.predictive_comparison import compare_predictive_values
from backend.analysis.results import Result
from backend.analysis.roc import (
    RocCurve,
    delong,
    delong_paired,
    operating_point,
    roc_curve,
)
from backend.analysis.roc_bootstrap import bootstrap_auc
from backend.analysis.roc_groups import RocRecord, roc_by_group
from backend.analysis.roc_hull import roc_hull
from backend.analysis.roc_intervals import auc_intervals
from backend.analysis.study_report import CurveResult, DroppedCase

NO_CURVE = "no reader rated a case and no model scored one"


@dataclass(frozen=True, slots=True)
class ArmAverage(Result):
    """The average of the readers' curves in an arm."""

    arm: str
    result: AverageRoc | NotEstimable


def roc(study: Study) -> Section:
    """Areas with intervals, cut-offs and curves; paired tests; the same by subgroup."""
    collector = Collector("roc", "ROC analysis")
    rated = [*study.readers(), *study.consensus(), *study.models()]
    for one in rated:
        _curve(collector, study, one)
    _averages(collector, study)
    for a, b in comparisons(study):
        _comparison(collector, study, a, b)
        resampled_pair(collector, study, a, b)
    clustered_areas(collector, study, rated, comparisons(study))
    for arm in study.study.arms:
        _equal_areas(collector, study, [one for one in study.readers() if one.curve.arm == arm], arm)
    _equal_areas(collector, study, study.models(), "models")
    for column in study.subgroup_columns() if rated else ():
        _by_group(collector, study, rated, column)
    return collector.section(NO_CURVE)


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


def comparisons(study: Study) -> list[tuple[Rated, Rated]]:
    """What is compared, first minus second.

    A reader's later arm with the earlier, readers of an arm, models with readers, models; and a consensus with its
    earlier arm, with the readers of its arm, and the models with it.
    """
    readers, consensus, models = study.readers(), study.consensus(), study.models()
    arms = [(b, a) for a, b in combinations(readers, 2) if a.curve.name == b.curve.name]
    peers = [(a, b) for a, b in combinations(readers, 2) if a.curve.arm == b.curve.arm]
    with_consensus = [
        *((b, a) for a, b in combinations(consensus, 2) if a.curve.name == b.curve.name),
        *((c, r) for c in consensus for r in readers if c.curve.arm == r.curve.arm),
        *((m, c) for c in consensus for m in models),
    ]
    pairs = [*arms, *peers, *((m, r) for r in readers for m in models), *combinations(models, 2)]
    return [*pairs, *with_consensus]


def _first_to_last(study: Study) -> list[str]:
    """Curves so that any two are compared as in ``comparisons``: models, consensus, readers, the later arm first."""
    later_first = [
        one
        for rated in (study.consensus(), study.readers())
        for arm in reversed(study.study.arms)
        for one in rated
        if one.curve.arm == arm
    ]
    return [one.label for one in (*study.models(), *later_first)]


def _curve(collector: Collector, study: Study, one: Rated) -> None:
    cases, dropped = study.complete(one)
    truth, scores = study.truths(cases), [one.scores[case] for case in cases]
    level, label = study.level, one.label
    points = collector.add(
        f"curve/{label}",
        f"{label}: ROC curve",
        lambda: _whole_curve(study, one, cases),
        method="auc_delong",
        warnings=apparent_of(study, [one], cases),
    )
    collector.add(
        f"intervals/{label}",
        f"{label}: AUC with intervals on the plain and the logit scale",
        lambda: auc_intervals(truth, scores, level=level),
        dropped=dropped,
        warnings=apparent_of(study, [one], cases),
    )
    seed = study.seed_of(f"bootstrap/{label}")
    collector.add(
        f"bootstrap/{label}",
        f"{label}: AUC, bootstrap",
        lambda: bootstrap_auc(truth, scores, seed=seed, level=level),
        dropped=dropped,
    )
    partial_areas(collector, study, one)
    band(collector, study, one)
    if one.curve.kind != "model" and len(set(scores)) > 2:
        collector.add(
            f"binormal/{label}",
            f"{label}: binormal curve",
            lambda: binormal_fit(truth, scores, level=level),
            dropped=dropped,
        )
    if points is not None:
        cut_offs(collector, study, one, points.roc)
        if isinstance(points.roc, RocCurve):
            hull = points.roc
            collector.add(f"hull/{label}", f"{label}: convex hull", lambda: roc_hull(hull), method="roc_hull")


def _whole_curve(study: Study, one: Rated, cases: Sequence[str]) -> CurveResult:
    truth, scores = study.truths(cases), [one.scores[case] for case in cases]
    points = roc_curve(truth, scores)
    return CurveResult(
        curve=one.curve,
        auc=delong(truth, scores, level=study.level),
        roc=points,
        youden=largest_youden(study, one, points),
        threshold_rule=_rule(study, one),
        operating_point=operating_point(
            truth,
            [one.calls[case] for case in cases],
            positive_class=study.study.positive_class,
            level=study.level,
        ),
        n=len(cases),
        dropped=study.complete(one)[1],
    )


def _rule(study: Study, one: Rated) -> str:
    own = one.curve.kind == "model"
    return "the model's own cut-off" if own else f"score >= {study.study.positive_from}"


def _averages(collector: Collector, study: Study) -> None:
    readers = study.readers()
    by_arm = {
        arm: {one.curve.name: one.scores for one in readers if one.curve.arm == arm}
        for arm in study.study.arms
    }
    several = {arm: scores for arm, scores in by_arm.items() if len(scores) > 1}
    if not several:
        return
    seed = study.seed_of("average")
    collector.add(
        "average",
        "Average of the readers' ROC curves, by arm",
        lambda: tuple(
            ArmAverage(arm, average_roc(study.study.truth, scores, seed=seed, level=study.level))
            for arm, scores in several.items()
        ),
        method="roc_average",
        dropped=[
            lost
            for arm in several
            for lost in study.complete(*(one for one in readers if one.curve.arm == arm))[1]
        ],
    )


def _comparison(collector: Collector, study: Study, a: Rated, b: Rated) -> None:
    cases, dropped = study.complete(a, b)
    name = f"{a.label} - {b.label}"
    collector.add(
        f"delong/{name}",
        name,
        lambda: CurvePair(
            a.curve,
            b.curve,
            delong_paired(
                study.truths(cases),
                [a.scores[case] for case in cases],
                [b.scores[case] for case in cases],
                level=study.level,
            ),
        ),
        dropped=dropped,
        warnings=apparent_of(study, [a, b], cases),
    )


def _equal_areas(collector: Collector, study: Study, rated: Sequence[Rated], name: str) -> None:
    if len(rated) < 3:
        return
    cases, dropped = study.complete(*rated)
    collector.add(
        f"equal_areas/{name}",
        f"All curves of {name} have one area",
        lambda: equal_areas_paired(
            study.truths(cases), {one.label: [one.scores[case] for case in cases] for one in rated}
        ),
        dropped=dropped,
    )


def _by_group(collector: Collector, study: Study, rated: Sequence[Rated], column: str) -> None:
    dropped = _left_out_of_groups(study, rated, column)
    groups = collector.add(
        f"groups/{column}",
        f"Areas by {column}, and the groups compared",
        lambda: roc_by_group(
            _records(study, rated, column),
            by=("curve", column),
            compare=column,
            has_curves=True,
            level=study.level,
        ),
        dropped=dropped,
        warnings=apparent_of(study, rated, study.known),
    )
    if groups is not None and len(rated) > 1:
        collector.add(
            f"within/{column}",
            f"Curves compared within each group of {column}",
            lambda: roc_by_group(
                _records(study, rated, column),
                by=(column, "curve"),
                compare="curve",
                order=_first_to_last(study),
                level=study.level,
            ),
            dropped=dropped,
        )


def _left_out_of_groups(study: Study, rated: Sequence[Rated], column: str) -> list[DroppedCase]:
    """What each curve cannot use, and the cases that are of no group."""
    try:
        groups = study.groups(column)
    except AnalysisError:
        # The item itself is refused, and says why.
        return []
    reasons: dict[str, list[str]] = {}
    for one in rated:
        complete, dropped = study.complete(one)
        for lost in (*dropped, *_without_group(complete, groups, column)):
            own = reasons.setdefault(lost.case, [])
            own += [reason for reason in lost.reason.split("; ") if reason not in own]
    return [DroppedCase(case, "; ".join(own)) for case, own in sorted(reasons.items())]


def _without_group(
    cases: Sequence[str], groups: Mapping[str, str | None], column: str
) -> tuple[DroppedCase, ...]:
    return tuple(DroppedCase(case, f"no {column}") for case in cases if groups[case] is None)


def _records(study: Study, rated: Sequence[Rated], column: str) -> list[RocRecord]:
    groups = study.groups(column)
    return [
        RocRecord(case, study.study.truth[case], score, {"curve": one.label, column: group})
        for one in rated
        for case, score in sorted(one.scores.items())
        if (group := groups[case]) is not None
    ]


def _operating_points(collector: Collector, study: Study, one: Rated) -> None:
    cases, dropped = study.complete(one)
    label = one.label
    collector.add(
        f"at_cutoff/{label}",
        f"{label}: {_rule(study, one)}",
        lambda: _at_cutoff(study, one, cases),
        dropped=dropped,
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
    nowhere = _without_group(cases, groups, column)
    for group in sorted({label for case in cases if (label := groups[case]) is not None}):
        own = [case for case in cases if groups[case] == group]
        collector.add(
            f"at_cutoff/{one.label}/{column}/{group}",
            f"{one.label}: {_rule(study, one)}, {column} {group}",
            lambda own=own: _at_cutoff(study, one, own),  # type: ignore[misc]
            dropped=[*(lost for lost in dropped if groups[lost.case] in (group, None)), *nowhere],
        )


def _paired_calls(collector: Collector, study: Study, a: Rated, b: Rated) -> None:
    cases, dropped = study.complete(a, b)
    name = f"{a.label} - {b.label}"
    truth = study.truths(cases)
    calls_a, calls_b = [a.calls[case] for case in cases], [b.calls[case] for case in cases]
    positive, level = study.study.positive_class, study.level
    collector.add(
        f"mcnemar/{name}",
        f"{name}: sensitivity, specificity and accuracy, McNemar",
        lambda: compare_calls(truth, calls_a, calls_b, positive_class=positive, level=level),
        dropped=dropped,
    )
    collector.add(
        f"predictive/{name}",
        f"{name}: predictive values",
        lambda: compare_predictive_values(truth, calls_a, calls_b, positive_class=positive, level=level),
        dropped=dropped,
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
