"""Who and what went into the analysis: cases, exclusions with reasons, readers, reads by arm and session."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from backend.analysis.pipeline.consensus import CONSENSUS_KEY, consensus_readings
from backend.analysis.pipeline.flow_parts import (
    cases_not_read,
    cases_read,
    flow_cohorts,
    flow_raters,
    planned_reads,
)
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.study_flow import FlowReason, StudyFlow, read_names, study_flow

NO_READ = "no committed read"


def flow(study: Study) -> Section:
    """From the cases of the dataset to the reads that were analyzed."""
    collector = Collector("flow", "Study flow")
    collector.add("flow", "Cases, readers and reads", lambda: _flow(study), n=len(study.study.truth))
    readings = consensus_readings(study)
    if readings:
        collector.add(CONSENSUS_KEY, "What was read in consensus", lambda: readings)
    return collector.section()


def _flow(study: Study) -> StudyFlow:
    whole = {one.case: one.reason for one in study.excluded if one.is_whole_case}
    groups = {(read.arm, read.session) for read, _ in study.reads_excluded}
    planned, not_read = planned_reads(study)
    counted = study_flow(
        study.study,
        planned=planned,
        not_read=not_read,
        readers_excluded=_reasons(_readers_left_out(study)),
        cases_excluded=_reasons(whole.items()),
        reads_excluded={
            group: _reasons(
                (read_names([read])[0], why)
                for read, why in study.reads_excluded
                if (read.arm, read.session) == group
            )
            for group in sorted(groups)
        },
    )
    hidden = sum(read.is_repeat for read in study.files.repeats)
    told = [
        f"{what} are not counted: {n}."
        for what, n in (
            ("Hidden repeats of cases within a session", hidden),
            ("Re-reads of cases in a later session", len(study.files.repeats) - hidden),
        )
        if n
    ]
    return replace(
        counted,
        warnings=(*counted.warnings, *told),
        cases_read=cases_read(study),
        cases_not_read=cases_not_read(study),
        cohorts=flow_cohorts(study),
        raters=flow_raters(study),
    )


def _readers_left_out(study: Study) -> list[tuple[str, str]]:
    """Every reader of the dataset or its plan without a read in the set, and why, of most of their reads."""
    found = []
    assigned = {one.reader for one in study.files.extras.assigned or ()}
    enrolled = {*study.files.design.readers, *_readers_of(study), *assigned}
    for reader in sorted(enrolled - set(study.study.readers)):
        why = Counter(reason for read, reason in study.reads_excluded if read.reader == reader)
        found.append((reader, min(why, key=lambda reason: (-why[reason], reason)) if why else NO_READ))
    return found


def _readers_of(study: Study) -> tuple[str, ...]:
    return study.files.study.readers if study.files.study is not None else ()


def _reasons(left: Iterable[tuple[str, str]]) -> list[FlowReason]:
    """Names and their reasons as one entry a reason."""
    names: dict[str, list[str]] = {}
    for name, reason in left:
        names.setdefault(reason, []).append(name)
    return [FlowReason(reason, len(own), tuple(sorted(own))) for reason, own in sorted(names.items())]
