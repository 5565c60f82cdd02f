"""Survival by group: the curve of each group with the log-rank test of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.pipeline.follow_up import FollowUp, only
from backend.analysis.results import Result
from backend.analysis.survival.kaplan_meier import KaplanMeier, kaplan_meier
from backend.analysis.survival.logrank import LogrankResult, logrank
from backend.analysis.survival.outcomes import Outcomes

Labels = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class SurvivalGroup(Result):
    """The curve of one group."""

    label: str
    curve: KaplanMeier


@dataclass(frozen=True, slots=True)
class SurvivalByGroup(Result):
    """Kaplan-Meier curves of the groups of a column, and their log-rank test.

    ``found_by`` is the reader, consensus or model whose own calls or answers made the groups; empty where the column is
    one of the cases.
    """

    method: str
    endpoint: str
    column: str
    subgroup: str
    groups: tuple[SurvivalGroup, ...]
    test: LogrankResult | None
    n: int
    warnings: tuple[str, ...]
    found_by: str = ""


def by_group(
    follow_up: FollowUp,
    known: Outcomes,
    labels: Labels,
    *,
    column: str = "",
    subgroup: str = "",
    order: Sequence[str] = (),
    found_by: str = "",
) -> SurvivalByGroup:
    """Curves of the groups that the labels make, in the order given, else by name; tested where there is a column."""
    plan = follow_up.study.plan
    groups = tuple(
        SurvivalGroup(
            label, kaplan_meier(own, ci=plan.survival_interval, at=follow_up.at, level=follow_up.study.level)
        )
        for label, own in grouped(known, labels, order).items()
    )
    test = logrank(known, labels_of(known, labels)) if column else None
    warnings = [told(group.label, column, text) for group in groups for text in group.curve.warnings]
    return SurvivalByGroup(
        "logrank" if column else "kaplan_meier",
        follow_up.endpoint,
        column,
        subgroup,
        groups,
        test,
        sum(group.curve.n for group in groups),
        tuple(dict.fromkeys((*warnings, *(test.warnings if test else ())))),
        found_by,
    )


def told(label: str, column: str, text: str) -> str:
    """A warning about one group's curve, which holds of that group alone."""
    return f"{label}: {text}" if column else text


def grouped(known: Outcomes, labels: Labels, order: Sequence[str]) -> dict[str, Outcomes]:
    """The groups with a case, in the declared order, else by name."""
    places = {label: place for place, label in enumerate(order)}
    found = sorted(
        {label for case in known.cases if (label := labels.get(case)) is not None},
        key=lambda label: (places.get(label, len(places)), label),
    )
    return {
        label: only(known, {case for case in known.cases if labels.get(case) == label}) for label in found
    }


def labels_of(known: Outcomes, labels: Labels) -> dict[str, str | None]:
    """The labels of the cases with follow-up."""
    return {case: labels.get(case) for case in known.cases}
