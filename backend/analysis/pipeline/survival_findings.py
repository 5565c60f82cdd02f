"""Survival by what readers, consensus readings and models found themselves, each rater's findings apart."""

from collections.abc import Iterator, Mapping, Sequence

from backend.analysis.agreement import Category
from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.follow_up import FollowUp, only, without
from backend.analysis.pipeline.questions import AskedQuestion, asked_questions
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Study
from backend.analysis.pipeline.survival_groups import SurvivalByGroup, by_group
from backend.analysis.study_dataset import ReadRecord
from backend.analysis.study_report import CALL

CALLED = {False: "called negative", True: "called positive"}
NO_FOLLOW_UP = "no case with follow-up was given to {label}"

Answers = Mapping[str, Category | None]
"""Case to answer, ``None`` where it was asked for and is not there."""


def findings(collector: Collector, follow_up: FollowUp) -> None:
    """Curves and log-rank tests by the calls of readers, and by everybody's answers to the plan's ``survival_groups``.

    Groups by the calls of models stand among those of the cases.
    """
    for asked in asked_questions(follow_up.study):
        if asked.key == CALL or asked.declared in follow_up.study.plan.survival_groups:
            for label, answers in _found(follow_up.study, asked):
                _finding(collector, follow_up, asked, label, answers)


def _found(study: Study, asked: AskedQuestion) -> Iterator[tuple[str, Answers]]:
    """Who was asked, and what was found: readers by arm, consensus readings, models."""
    yield from _of_reads(study, asked, study.study.reads, study.reads_excluded)
    yield from _of_reads(study, asked, study.study.consensus, study.consensus_excluded)
    if asked.key != CALL:
        for model, own in sorted(asked.of_models.items()):
            yield model, {case: own.get(case) for case in study.study.truth}


def _of_reads(
    study: Study,
    asked: AskedQuestion,
    reads: Sequence[ReadRecord],
    excluded: Sequence[tuple[ReadRecord, str]],
) -> Iterator[tuple[str, Answers]]:
    """Of each reader and arm: every case that anybody read in the arm, those of left-out reads among them."""
    for arm in study.study.arms:
        own = [read for read in reads if read.arm == arm]
        read_by_anybody = {read.case for read in (*own, *(read for read, _ in excluded if read.arm == arm))}
        for reader in sorted({read.reader for read in own}):
            answers = {read.case: asked.of_read(read) for read in own if read.reader == reader}
            yield f"{reader}, {arm}", {case: answers.get(case) for case in read_by_anybody}


def _finding(
    collector: Collector, follow_up: FollowUp, asked: AskedQuestion, label: str, answers: Answers
) -> None:
    study, endpoint = follow_up.study, follow_up.endpoint
    labels = {case: None if one is None else _name(asked, one) for case, one in answers.items()}
    given = set(follow_up.known.cases) & set(labels)
    own = only(follow_up.known, given) if given else None

    def by_finding() -> SurvivalByGroup | NotEstimable:
        if own is None:
            return NotEstimable(NO_FOLLOW_UP.format(label=label))
        return by_group(
            follow_up,
            own,
            labels,
            column=asked.declared or asked.key,
            order=[_name(asked, one) for one in asked.scale],
            found_by=label,
        )

    what = "calls" if asked.key == CALL else study.label(asked.declared or "")
    collector.add(
        f"findings/{endpoint}/{asked.key}/{label}",
        f"{endpoint} by {what} of {label}"
        if asked.key == CALL
        else f"{endpoint} by {what}, found by {label}",
        by_finding,
        method="logrank",
        dropped=without(own, labels, f"no answer by {label}") if own is not None else (),
    )


def _name(asked: AskedQuestion, answer: Category) -> str:
    return CALLED[bool(answer)] if asked.key == CALL else str(answer)
