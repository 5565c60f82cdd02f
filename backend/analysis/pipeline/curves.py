"""ROC curves of readers, arms and models, and their comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.analysis.auc_tests import equal_areas_paired
from backend.analysis.average_roc import AverageRoc, average_roc
from backend.analysis.binormal import binormal_fit
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.clusters import clustered_areas
from backend.analysis.pipeline.cut_offs import cut_offs, largest_youden
from backend.analysis.pipeline.resampled_curves import band, partial_areas, resampled_pair
from backend.analysis.pipeline.results import Collector, CurvePair, Section
from backend.analysis.pipeline.study import Rated, Study
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
    told = apparent_of(study, [one], cases)
    points = collector.add(
        f"curve/{label}",
        f"{label}: ROC curve",
        lambda: _whole_curve(study, one, cases),
        method="auc_delong",
        warnings=told,
    )
    collector.add(
        f"intervals/{label}",
        f"{label}: AUC with intervals on the plain and the logit scale",
        lambda: auc_intervals(truth, scores, level=level),
        dropped=dropped,
        warnings=told,
    )
    seed = study.seed_of(f"bootstrap/{label}")
    collector.add(
        f"bootstrap/{label}",
        f"{label}: AUC, bootstrap",
        lambda: bootstrap_auc(truth, scores, seed=seed, level=level),
        dropped=dropped,
        warnings=told,
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
            collector.add(
                f"hull/{label}",
                f"{label}: convex hull",
                lambda: roc_hull(hull),
                method="roc_hull",
                warnings=told,
            )


def _whole_curve(study: Study, one: Rated, cases: Sequence[str]) -> CurveResult:
    truth, scores = study.truths(cases), [one.scores[case] for case in cases]
    points = roc_curve(truth, scores)
    return CurveResult(
        curve=one.curve,
        auc=delong(truth, scores, level=study.level),
        roc=points,
        youden=largest_youden(study, one, points),
        threshold_rule=call_rule(study, one),
        operating_point=operating_point(
            truth,
            [one.calls[case] for case in cases],
            positive_class=study.study.positive_class,
            level=study.level,
        ),
        n=len(cases),
        dropped=study.complete(one)[1],
    )


def call_rule(study: Study, one: Rated) -> str:
    """When a reader or a model calls a case positive."""
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
        warnings=apparent_of(study, rated, cases),
    )


def _by_group(collector: Collector, study: Study, rated: Sequence[Rated], column: str) -> None:
    dropped = _left_out_of_groups(study, rated, column)
    groups = collector.add(
        f"groups/{column}",
        f"Areas by {study.label(column)}, and the groups compared",
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
            f"Curves compared within each group of {study.label(column)}",
            lambda: roc_by_group(
                _records(study, rated, column),
                by=(column, "curve"),
                compare="curve",
                order=_first_to_last(study),
                level=study.level,
            ),
            dropped=dropped,
            warnings=apparent_of(study, rated, study.known),
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
        for lost in (*dropped, *without_group(complete, groups, column)):
            own = reasons.setdefault(lost.case, [])
            own += [reason for reason in lost.reason.split("; ") if reason not in own]
    return [DroppedCase(case, "; ".join(own)) for case, own in sorted(reasons.items())]


def without_group(
    cases: Sequence[str], groups: Mapping[str, str | None], column: str
) -> tuple[DroppedCase, ...]:
    """The cases that a column names no group of."""
    return tuple(DroppedCase(case, f"no {column}") for case in cases if groups[case] is None)


def _records(study: Study, rated: Sequence[Rated], column: str) -> list[RocRecord]:
    groups = study.groups(column)
    return [
        RocRecord(case, study.study.truth[case], score, {"curve": one.label, column: group})
        for one in rated
        for case, score in sorted(one.scores.items())
        if (group := groups[case]) is not None
    ]
