"""The flow of a reader study: enrolled, excluded with reasons, read by arm and session, analyzed.

Every step must add up with the one before it; a flow that does not is refused. What a plan asked for is known only
to the study's plan: without ``planned`` the flow tells what was read and not what was missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.results import Result
from backend.analysis.study_dataset import ReadRecord, StudyDataset

NO_SCORE, NO_TRUTH, NO_REASON = "no score given", "no reference standard", "no reason recorded"
UNKNOWN_PLAN = "How many reads were planned is not recorded: reads that were not made are not counted."


@dataclass(frozen=True, slots=True)
class FlowReason(Result):
    """So many cases, readers or reads that left the flow, and why.

    Attributes
    ----------
    names
        The cases, the readers, or of a read its case and reader; empty where only their number is known.
    """

    text: str
    n: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowGroup(Result):
    """The reads of one arm in one session; ``planned`` is ``None`` where the plan was not given.

    Attributes
    ----------
    readers, cases
        How many readers and distinct cases have a read here that is not excluded.
    planned, read, analyzed
        Reads: one reader on one case. ``planned`` less ``not_read`` is ``read``; that less ``not_analyzed`` is
        ``analyzed``.
    """

    arm: str
    session: int
    readers: int
    cases: int
    planned: int | None
    not_read: tuple[FlowReason, ...]
    read: int
    not_analyzed: tuple[FlowReason, ...]
    analyzed: int


@dataclass(frozen=True, slots=True)
class FlowCohort(Result):
    """The included cases of one cohort; ``read`` of them have a read."""

    label: str
    cases: int
    positive: int
    negative: int
    without_truth: int
    read: int


@dataclass(frozen=True, slots=True)
class FlowRater(Result):
    """A model or a consensus reading: of the ``cases`` asked for, those with a score, and those that are analyzed."""

    kind: str
    label: str
    cases: int
    scored: int
    not_analyzed: tuple[FlowReason, ...]
    analyzed: int


@dataclass(frozen=True, slots=True)
class StudyFlow(Result):
    """The whole flow, from the cases and readers enrolled to the reads analyzed.

    ``cases_not_read`` are the included cases without a read, by reason; ``cases_read`` those with one.
    """

    method: str
    positive_class: str
    cases_enrolled: int
    cases_excluded: tuple[FlowReason, ...]
    cases_included: int
    positive: int
    negative: int
    without_truth: int
    readers_enrolled: int
    readers_excluded: tuple[FlowReason, ...]
    readers_included: int
    groups: tuple[FlowGroup, ...]
    warnings: tuple[str, ...]
    cases_read: int = 0
    cases_not_read: tuple[FlowReason, ...] = ()
    cohorts: tuple[FlowCohort, ...] = ()
    raters: tuple[FlowRater, ...] = ()


def study_flow(
    dataset: StudyDataset,
    *,
    cases_excluded: Sequence[FlowReason] = (),
    readers_excluded: Sequence[FlowReason] = (),
    planned: Mapping[tuple[str, int], int] | None = None,
    not_read: Mapping[tuple[str, int], Sequence[FlowReason]] | None = None,
    reads_excluded: Mapping[tuple[str, int], Sequence[FlowReason]] | None = None,
) -> StudyFlow:
    """Count the flow of a frozen dataset.

    Parameters
    ----------
    cases_excluded, readers_excluded
        Those that were enrolled and are not of the dataset, by reason.
    planned
        (arm, session) -> reads that the plan asked for.
    not_read
        (arm, session) -> why planned reads were not made. What the reasons leave is said to have none.
    reads_excluded
        (arm, session) -> reads that were made and are not of the dataset, by reason.

    Raises
    ------
    AnalysisError
        ``count_impossible`` (a number below 0), ``repeated`` (a reason twice), ``unknown_group`` (an arm that is not
        of the design), ``flow_does_not_add_up`` (more reads than planned, or more reasons than missing reads).
    """
    for reasons in (
        cases_excluded,
        readers_excluded,
        *(not_read or {}).values(),
        *(reads_excluded or {}).values(),
    ):
        _check_reasons(reasons)
    reads: dict[tuple[str, int], list[ReadRecord]] = {}
    for read in dataset.reads:
        reads.setdefault((read.arm, read.session), []).append(read)
    for arm, session in sorted({*(planned or {}), *(not_read or {}), *(reads_excluded or {})}):
        if arm not in dataset.arms:
            raise AnalysisError("unknown_group", f"the arm {arm} is not of the design {list(dataset.arms)}")
        reads.setdefault((arm, session), [])
    order = sorted(reads, key=lambda key: (key[1], dataset.arms.index(key[0])))
    groups = tuple(
        _group(
            dataset,
            key,
            reads[key],
            (planned or {}).get(key),
            (not_read or {}).get(key, ()),
            (reads_excluded or {}).get(key, ()),
        )
        for key in order
    )
    truths = list(dataset.truth.values())
    n_readers = len(dataset.readers)
    is_open = planned is None and bool(groups)
    warnings = (UNKNOWN_PLAN,) if is_open else ()
    return StudyFlow(
        method="study_flow",
        positive_class=dataset.positive_class,
        cases_enrolled=len(truths) + sum(reason.n for reason in cases_excluded),
        cases_excluded=tuple(cases_excluded),
        cases_included=len(truths),
        positive=truths.count(True),
        negative=truths.count(False),
        without_truth=truths.count(None),
        readers_enrolled=n_readers + sum(reason.n for reason in readers_excluded),
        readers_excluded=tuple(readers_excluded),
        readers_included=n_readers,
        groups=groups,
        warnings=warnings,
    )


def _check_reasons(reasons: Sequence[FlowReason]) -> None:
    for reason in reasons:
        if isinstance(reason.n, bool) or not isinstance(reason.n, int) or reason.n < 0:
            raise AnalysisError("count_impossible", f"{reason.text}: {reason.n!r} is not a count")
    texts = [reason.text for reason in reasons]
    for text in texts:
        if texts.count(text) > 1:
            raise AnalysisError("repeated", f"the reason {text!r} stands twice")


def _group(
    dataset: StudyDataset,
    key: tuple[str, int],
    reads: Sequence[ReadRecord],
    planned: int | None,
    reasons: Sequence[FlowReason],
    excluded: Sequence[FlowReason],
) -> FlowGroup:
    named = f"{key[0]}, session {key[1]}"
    told = sum(reason.n for reason in reasons)
    made = len(reads) + sum(reason.n for reason in excluded)
    if planned is None:
        if told:
            raise AnalysisError(
                "flow_does_not_add_up", f"{named}: reads were missed, but no plan says how many"
            )
    elif planned - made < told:
        raise AnalysisError(
            "flow_does_not_add_up",
            f"{named}: {planned} reads planned, {made} made, and reasons for {told} more",
        )
    rest = 0 if planned is None else planned - made - told
    rated = reads if dataset.has_rated_reads else ()
    no_truth = [read for read in rated if dataset.truth[read.case] is None]
    no_score = [read for read in rated if read.score is None and dataset.truth[read.case] is not None]
    lost = tuple(
        FlowReason(text, len(own), read_names(own))
        for text, own in ((NO_TRUTH, no_truth), (NO_SCORE, no_score))
        if own
    )
    return FlowGroup(
        arm=key[0],
        session=key[1],
        readers=len({read.reader for read in reads}),
        cases=len({read.case for read in reads}),
        planned=planned,
        not_read=(*reasons, *((FlowReason(NO_REASON, rest),) if rest else ())),
        read=made,
        not_analyzed=(*excluded, *lost),
        analyzed=len(reads) - len(no_truth) - len(no_score),
    )


def read_names(reads: Sequence[ReadRecord]) -> tuple[str, ...]:
    """Case and reader of every read, in their order."""
    return tuple(f"{case} ({reader})" for case, reader in sorted((read.case, read.reader) for read in reads))
