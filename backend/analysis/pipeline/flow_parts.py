"""What the flow of a study tells besides its reads: what was planned, cohorts, cases nobody read, models, consensus."""

from collections import Counter
from collections.abc import Mapping

from backend.analysis.formats.dataset_assigned import AssignedRead
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.study_flow import FlowCohort, FlowRater, FlowReason

NOT_ASSIGNED, NOT_MADE, UNREAD = "assigned to no reader", "assigned and not read", "read by nobody"
NO_TRUTH = "no reference standard"
Group = tuple[str, int]
ReadOf = tuple[str, str, str]


def planned_reads(study: Study) -> tuple[dict[Group, int] | None, dict[Group, list[FlowReason]]]:
    """Planned first reads by arm and session, and why some were not made; ``None`` without ``assigned.csv``.

    A read counts in the session in which it was made, one that was not made in the first for which it was planned;
    re-reads are no part of the flow, and neither are cases that the set leaves out.
    """
    first = _first_planned(study)
    if first is None:
        return None, {}
    made = _made(study)
    planned: Counter[Group] = Counter()
    reasons: dict[Group, Counter[str]] = {}
    for key, one in first.items():
        group = (one.arm, made.get(key, one.session))
        planned[group] += 1
        if key not in made and one.reason:
            reasons.setdefault(group, Counter())[one.reason] += 1
    told = {group: [FlowReason(why, n) for why, n in sorted(own.items())] for group, own in reasons.items()}
    return dict(planned), told


def reads_not_made(study: Study) -> tuple[int, int, tuple[FlowReason, ...]] | None:
    """Planned first reads of the set's cases, how many of them were not made, and why where that is told."""
    first = _first_planned(study)
    if first is None:
        return None
    made = _made(study)
    lacking = [one for key, one in first.items() if key not in made]
    reasons = Counter(one.reason for one in lacking if one.reason)
    return len(first), len(lacking), tuple(FlowReason(why, n) for why, n in sorted(reasons.items()))


def _first_planned(study: Study) -> dict[ReadOf, AssignedRead] | None:
    assigned = study.files.extras.assigned
    if assigned is None or study.files.study is None:
        return None
    first: dict[ReadOf, AssignedRead] = {}
    for one in sorted(assigned, key=lambda one: one.session):
        if one.case in study.study.truth:
            first.setdefault((one.reader, one.arm, one.case), one)
    return first


def _made(study: Study) -> dict[ReadOf, int]:
    """The session in which each first read was made, those that the set leaves out included."""
    own = study.files.study
    return {} if own is None else {(read.reader, read.arm, read.case): read.session for read in own.reads}


def cases_read(study: Study) -> int:
    """Cases with a read of the set."""
    return len({read.case for read in study.study.reads})


def cases_not_read(study: Study) -> tuple[FlowReason, ...]:
    """Cases without a read of the set, told apart by the plan where there is one; none where nobody read."""
    if not study.study.reads:
        return ()
    unread = set(study.study.truth) - {read.case for read in study.study.reads}
    if study.files.extras.assigned is None:
        parts = [(UNREAD, len(unread))]
    else:
        assigned = unread & {one.case for one in study.files.extras.assigned}
        parts = [(NOT_ASSIGNED, len(unread - assigned)), (NOT_MADE, len(assigned))]
    return tuple(FlowReason(text, n) for text, n in parts if n)


def flow_cohorts(study: Study) -> tuple[FlowCohort, ...]:
    """The cases of each cohort, those that the models were made on first; none without two cohorts."""
    if study.plan.cohort not in study.columns():
        return ()
    labels = study.groups(study.plan.cohort)
    known = {label for label in labels.values() if label is not None}
    if len(known) < 2:
        return ()
    first = [one for one in study.plan.development if one in known]
    order = dict.fromkeys((*first, *sorted(known)))
    read = {one.case for one in study.study.reads}
    found = [_cohort(study, label, [c for c in labels if labels[c] == label], read) for label in order]
    rest = [case for case in labels if labels[case] is None]
    return (*found, *([_cohort(study, f"no {study.plan.cohort}", rest, read)] if rest else []))


def flow_raters(study: Study) -> tuple[FlowRater, ...]:
    """Models and consensus readings: how many cases have their score, and how many of these are analyzed."""
    return tuple(_rater(study, one) for one in (*study.consensus_of_flow(), *study.models()))


def _cohort(study: Study, label: str, cases: list[str], read: set[str]) -> FlowCohort:
    truths = [study.study.truth[case] for case in cases]
    return FlowCohort(
        label,
        len(cases),
        truths.count(True),
        truths.count(False),
        truths.count(None),
        len(read.intersection(cases)),
    )


def _rater(study: Study, one: Rated) -> FlowRater:
    truth: Mapping[str, bool | None] = study.study.truth
    without = sum(truth[case] is None for case in one.scores)
    lost: dict[str, list[str]] = {}
    for read, why in study.consensus_excluded:
        if (read.reader, read.arm) == (one.curve.name, one.curve.arm) and read.score is not None:
            lost.setdefault(why, []).append(read.case)
    reasons = [FlowReason(why, len(cases), tuple(sorted(cases))) for why, cases in sorted(lost.items())]
    reasons += [FlowReason(NO_TRUTH, without)] if without else []
    scored = len(one.scores) + sum(map(len, lost.values()))
    return FlowRater(
        one.curve.kind, one.label, len(one.asked), scored, tuple(reasons), len(one.scores) - without
    )
