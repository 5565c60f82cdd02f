"""Agreement of readers with themselves: within a session by its hidden repeats, between sessions by re-reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.analysis.agreement import Category
from backend.analysis.formats.analysis_plan import Measurement
from backend.analysis.intra_reader import intra_reader_categories, intra_reader_measurements
from backend.analysis.pipeline.questions import AskedQuestion, asked_questions, measured, measured_label
from backend.analysis.pipeline.results import Collector, Section, key_part
from backend.analysis.pipeline.study import Study
from backend.analysis.study_dataset import ReadRecord
from backend.analysis.study_report import DroppedCase


@dataclass(slots=True)
class _Occasions:
    """The reads of cases that came back in one way: reader and case to reads as they were made."""

    kind: str
    told: str
    reads: dict[tuple[str, str], list[ReadRecord]] = field(default_factory=dict)
    dropped: list[DroppedCase] = field(default_factory=list)

    def table(self) -> dict[str, dict[str, list[ReadRecord]]]:
        """Reader to case to reads."""
        found: dict[str, dict[str, list[ReadRecord]]] = {}
        for (reader, case), own in sorted(self.reads.items()):
            found.setdefault(reader, {})[case] = own
        return found


def intra_reader(study: Study) -> Section:
    """Hidden repeats with the read of the same session, re-reads with the first read; never pooled."""
    collector = Collector("intra_reader", "Intra-reader agreement")
    for arm in study.study.arms:
        for occasions in _kinds(study, arm):
            if not occasions.reads:
                continue
            for question in asked_questions(study):
                _categories(collector, study, arm, question, occasions)
            for measurement in study.files.design.measurements:
                _measurements(collector, study, arm, measurement, occasions)
    return collector.section("no reader read a case again in the same arm")


def _kinds(study: Study, arm: str) -> Iterator[_Occasions]:
    again = [read for read in study.files.repeats if read.arm == arm]
    first = {(read.reader, read.case): read for read in study.study.reads if read.arm == arm}
    yield _hidden_repeats([read for read in again if read.is_repeat], [*first.values(), *again])
    yield _rereads([read for read in again if not read.is_repeat], first)


def _hidden_repeats(again: list[ReadRecord], reads: list[ReadRecord]) -> _Occasions:
    found = _Occasions("within", "within the session")
    repeated = {(read.reader, read.case, read.session): read for read in reads if not read.is_repeat}
    for read in sorted(again, key=lambda read: (read.reader, read.case, read.session)):
        key = (read.reader, read.case)
        one = repeated.get((*key, read.session))
        if one is None:
            reason = f"{read.reader}: the read that the hidden repeat repeats is not in the set"
            found.dropped.append(DroppedCase(read.case, reason))
        elif key in found.reads:
            reason = f"{read.reader}: a hidden repeat in session {read.session} beside that of an earlier one"
            found.dropped.append(DroppedCase(read.case, reason))
        else:
            found.reads[key] = [one, read]
    return found


def _rereads(again: list[ReadRecord], first: dict[tuple[str, str], ReadRecord]) -> _Occasions:
    found = _Occasions("between", "between sessions")
    for read in sorted(again, key=lambda read: read.session):
        key = (read.reader, read.case)
        if key in first and first[key].session < read.session:
            found.reads.setdefault(key, [first[key]]).append(read)
        else:
            reason = f"{read.reader}: the first read is not in the set"
            found.dropped.append(DroppedCase(read.case, reason))
    return found


def _categories(
    collector: Collector, study: Study, arm: str, question: AskedQuestion, occasions: _Occasions
) -> None:
    table: dict[str, dict[str, list[Category | None]]] = {
        reader: {case: [question.of_read(read) for read in own] for case, own in cases.items()}
        for reader, cases in occasions.table().items()
    }
    open_ = [
        DroppedCase(case, f"{reader}: fewer than two answers")
        for reader, cases in table.items()
        for case, own in cases.items()
        if sum(answer is not None for answer in own) < 2
    ]
    for weights in question.weights:
        collector.add(
            f"{occasions.kind}/{question.key}/{weights}/{arm}",
            f"{question.label}, {arm}, {occasions.told} ({weights})",
            lambda w=weights: intra_reader_categories(  # type: ignore[misc]
                table, question.scale, w, level=study.level
            ),
            n=len({case for own in table.values() for case in own}),
            dropped=[*occasions.dropped, *open_],
        )


def _measurements(
    collector: Collector, study: Study, arm: str, one: Measurement, occasions: _Occasions
) -> None:
    values = measured(study, arm, one.key)
    table: dict[str, dict[str, list[float]]] = {}
    dropped = list(occasions.dropped)
    for (reader, case), own in sorted(occasions.reads.items()):
        given = [values.get((reader, case, read.session, read.is_repeat)) for read in own]
        filled = [value for value in given if value is not None]
        # The first read is compared with each that came after it.
        if given[0] is not None and len(filled) > 1:
            table.setdefault(reader, {})[case] = filled
        elif filled:
            dropped.append(DroppedCase(case, f"{reader}: not measured twice"))
    if table:
        collector.add(
            f"{occasions.kind}/measurement:{key_part(one.key)}/{arm}",
            f"{measured_label(study, one, arm)}, {occasions.told}",
            lambda: intra_reader_measurements(table, level=study.level),
            n=len({case for own in table.values() for case in own}),
            dropped=dropped,
        )
