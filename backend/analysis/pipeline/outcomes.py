"""Survival: curves by group with log-rank tests and restricted means; what models say of it stands beside it."""

import math
from dataclasses import dataclass

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.column_labels import TRUTH_COLUMN
from backend.analysis.pipeline.cox_models import cox_models
from backend.analysis.pipeline.follow_up import FollowUp, follow_up_of, only, without
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.pipeline.survival_decisions import (
    brier_scores,
    check_endpoints,
    decisions,
    declared_risks,
)
from backend.analysis.pipeline.survival_findings import findings
from backend.analysis.pipeline.survival_groups import Labels, by_group, grouped, labels_of, told
from backend.analysis.pipeline.survival_scores import scores
from backend.analysis.results import Result
from backend.analysis.survival.kaplan_meier import RestrictedMean, restricted_mean
from backend.analysis.survival.logrank import logrank, logrank_trend
from backend.analysis.survival.outcomes import Outcomes

TRUTH_IS_THE_EVENT = (
    "the reference standard is the event of {endpoint} in every case with both: its groups are made by what they would "
    "be compared in"
)


@dataclass(frozen=True, slots=True)
class GroupMean(Result):
    """The restricted mean of one group."""

    label: str
    mean: RestrictedMean


@dataclass(frozen=True, slots=True)
class RestrictedMeans(Result):
    """Restricted mean survival time of the groups of a column, all up to the same ``tau``."""

    method: str
    endpoint: str
    column: str
    tau: float
    groups: tuple[GroupMean, ...]
    n: int
    warnings: tuple[str, ...]


def survival(study: Study) -> Section:
    """Every endpoint of ``outcomes.csv``."""
    collector = Collector("survival", "Survival")
    collector.attempt("decision_curve", "Decision curves", lambda: check_endpoints(study))
    for endpoint in sorted({one.endpoint for one in study.files.outcomes}):
        follow_up = follow_up_of(study, endpoint)
        _curves(collector, follow_up)
        fitted = cox_models(collector, follow_up)
        scores(collector, follow_up)
        declared = declared_risks(collector, follow_up)
        brier_scores(collector, follow_up, declared, fitted)
        decisions(collector, follow_up, declared, fitted)
    return collector.section("the dataset has no follow-up (outcomes.csv)")


def _curves(collector: Collector, follow_up: FollowUp) -> None:
    study, known, endpoint = follow_up.study, follow_up.known, follow_up.endpoint
    everyone = dict.fromkeys(known.cases, "all cases")
    collector.add(
        f"kaplan_meier/{endpoint}",
        f"{endpoint}: all cases",
        lambda: by_group(follow_up, known, everyone),
    )
    _means(collector, follow_up, "", everyone)
    tables = _labels(study)
    for column in study.plan.survival_groups:
        labels_of_column = collector.attempt(
            f"logrank/{endpoint}/{column}",
            f"{endpoint} by {study.label(column)}",
            lambda c=column: study.groups(c),  # type: ignore[misc]
        )
        if labels_of_column is not None:
            tables[column] = labels_of_column
    for column, labels in tables.items():
        _column(collector, follow_up, column, labels)
    findings(collector, follow_up)


def _labels(study: Study) -> dict[str, Labels]:
    """What survival is compared by: the truth, the calls of models, and the declared columns."""
    positive = study.study.positive_class
    found: dict[str, Labels] = {
        TRUTH_COLUMN: {
            case: None if truth is None else (positive if truth else f"no {positive}")
            for case, truth in study.study.truth.items()
        }
    }
    for model in study.models():
        found[model.label] = {
            case: "called positive" if call else "called negative" for case, call in model.calls.items()
        }
    return found


def _column(collector: Collector, follow_up: FollowUp, column: str, labels: Labels) -> None:
    """Curves, tests and means of the groups of one column, in subgroups too."""
    study, known, endpoint = follow_up.study, follow_up.known, follow_up.endpoint
    dropped, title = without(known, labels, f"no {column}"), f"{endpoint} by {study.label(column)}"
    if column == TRUTH_COLUMN and _truth_is_the_event(study, known):
        reason = NotEstimable(TRUTH_IS_THE_EVENT.format(endpoint=endpoint))
        collector.add(f"logrank/{endpoint}/{column}", title, lambda: reason, method="logrank")
        return
    collector.add(
        f"logrank/{endpoint}/{column}",
        title,
        lambda: by_group(follow_up, known, labels, column=column, order=study.order_of(column)),
        dropped=dropped,
    )
    if study.plan.strata:
        collector.add(
            f"stratified/{endpoint}/{column}",
            f"{title}, stratified by {study.label(study.plan.strata)}",
            lambda: logrank(
                known, labels_of(known, labels), strata=labels_of(known, study.groups(study.plan.strata))
            ),
            dropped=dropped,
        )
    if column in study.plan.ordered:
        order = {label: float(place) for place, label in enumerate(study.order_of(column), start=1)}
        collector.add(
            f"trend/{endpoint}/{column}",
            f"{title}, trend over the declared order",
            lambda: logrank_trend(known, labels_of(known, labels), order),
            dropped=dropped,
        )
    _means(collector, follow_up, column, labels)
    is_model = column in {model.label for model in study.models()}
    subgroups = (study.plan.cohort, *study.plan.subgroups) if is_model else study.plan.subgroups
    for by in dict.fromkeys(subgroups):
        _subgroups(collector, follow_up, column, labels, by)


def _truth_is_the_event(study: Study, known: Outcomes) -> bool:
    """Whether the two coincide in every case that has both, and either class has a case."""
    pairs = {
        (truth, bool(event))
        for case, event in zip(known.cases, known.events, strict=True)
        if (truth := study.study.truth.get(case)) is not None
    }
    return pairs == {(True, True), (False, False)}


def _subgroups(collector: Collector, follow_up: FollowUp, column: str, labels: Labels, by: str) -> None:
    study, known, endpoint = follow_up.study, follow_up.known, follow_up.endpoint
    if by not in study.groupings() or by == column:
        return
    groups = study.groups(by)
    for group in sorted({label for case in known.cases if (label := groups.get(case)) is not None}):
        own = only(known, {case for case in known.cases if groups.get(case) == group})
        collector.add(
            f"logrank/{endpoint}/{column}/{by}/{group}",
            f"{endpoint} by {study.label(column)}, {study.label(by)} {group}",
            lambda own=own, group=group: by_group(  # type: ignore[misc]
                follow_up,
                own,
                labels,
                column=column,
                subgroup=f"{by} {group}",
                order=study.order_of(column),
            ),
            dropped=without(own, labels, f"no {column}"),
        )


def _means(collector: Collector, follow_up: FollowUp, column: str, labels: Labels) -> None:
    endpoint = follow_up.endpoint
    grouped = f" by {follow_up.study.label(column)}" if column else ", all cases"
    collector.add(
        f"rmst/{endpoint}/{column}" if column else f"rmst/{endpoint}",
        f"{endpoint}{grouped}: restricted mean",
        lambda: _restricted_means(follow_up, column, labels),
        method="rmst",
        dropped=without(follow_up.known, labels, f"no {column}"),
    )


def _restricted_means(follow_up: FollowUp, column: str, labels: Labels) -> RestrictedMeans | NotEstimable:
    """Up to the declared ``tau``; else no further than the curve of every group is known."""
    order = follow_up.study.order_of(column)
    own_cases = grouped(follow_up.known, labels, order)
    if not own_cases:
        return NotEstimable("no case with follow-up belongs to a group")
    tau = follow_up.tau
    if follow_up.study.plan.tau is None:
        tau = min(tau, *(_known_until(own) for own in own_cases.values()))
    groups = tuple(
        GroupMean(label, restricted_mean(own, tau=tau, level=follow_up.study.level))
        for label, own in own_cases.items()
    )
    return RestrictedMeans(
        "rmst",
        follow_up.endpoint,
        column,
        tau,
        groups,
        sum(group.mean.n for group in groups),
        tuple(told(group.label, column, text) for group in groups for text in group.mean.warnings),
    )


def _known_until(own: Outcomes) -> float:
    """The last observation; without end where everyone left had the event then, which leaves the curve at 0."""
    last = max(own.times)
    at_last = [event for time, event in zip(own.times, own.events, strict=True) if time == last]
    return math.inf if all(at_last) else last
