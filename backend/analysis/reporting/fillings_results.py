"""What the facts of a study say to an item of a checklist: methods, results, and the records behind them."""

from collections.abc import Iterator

from backend.analysis.reporting.filling import Filling, sentence, told_of
from backend.analysis.reporting.journal_numbers import level_text
from backend.analysis.reporting.study_facts import PlannedReads, StudyFacts, Topic
from backend.analysis.reporting.words import count, joined


def software(facts: StudyFacts) -> Filling | None:
    """Names and versions."""
    if not facts.software:
        return None
    return Filling(f"{joined([f'{name} {version}'.strip() for name, version in facts.software])}.", "methods")


def statistics(facts: StudyFacts) -> Filling | None:
    """That the methods section is written, and which measures it covers."""
    measures = [*_measures(facts)]
    if not measures:
        return None
    return Filling(f"Described for {joined(list(dict.fromkeys(measures)))}, with references.", "methods")


def _measures(facts: StudyFacts) -> Iterator[str]:
    shown = facts.results
    for group in (
        *(shown.agreement, shown.intra_reader, shown.accuracy, shown.mrmc),
        *(shown.change, shown.calibration, shown.survival),
    ):
        yield from group


def uncertainty(facts: StudyFacts) -> Filling | None:
    """Level of the intervals."""
    if facts.level is None:
        return None
    return Filling(
        f"{level_text(facts.level)} confidence intervals; the methods section names each interval and test.",
        "methods",
    )


def missing(facts: StudyFacts) -> Filling | None:
    """Reads that the recognized design lacks, those made and excluded apart, and what was done about them."""
    parts = list(_lacking(facts))
    if facts.missing_handling:
        parts.append(sentence(facts.missing_handling))
    is_gap = facts.missing_reads is not None and facts.planned_reads is None
    gaps = [
        *(["which reads were planned and not made"] if is_gap else []),
        *([] if facts.missing_handling else ["how missing data were handled"]),
    ]
    return told_of(parts, "methods", joined(gaps) or None)


def _lacking(facts: StudyFacts) -> Iterator[str]:
    if facts.planned_reads is not None:
        yield _not_made(facts.planned_reads)
    if facts.missing_reads is None:
        return
    if facts.missing_reads == 0:
        yield "No read is lacking from the design that the reads follow."
        return
    lacks = f"The design that the reads follow lacks {count(facts.missing_reads, 'read')}"
    excluded = facts.missing_excluded
    yield f"{lacks}, of which {excluded} made and excluded." if excluded else f"{lacks}."


def _not_made(reads: PlannedReads) -> str:
    if not reads.n_not_made:
        return f"Planned reads: {reads.n}, all of them made."
    reasons = f": {'; '.join(reads.reasons)}" if reads.reasons else ""
    return f"Planned reads: {reads.n}, of which {reads.n_not_made} not made{reasons}."


def _results(
    facts: StudyFacts, measures: tuple[str, ...], topics: tuple[tuple[Topic, tuple[str, ...]], ...]
) -> Filling | None:
    """The measures, and the sections of those that there are."""
    shown = [topic for topic, own in topics if own]
    if not measures or not shown:
        return None
    level = "" if facts.level is None else f" with {level_text(facts.level)} confidence intervals"
    return Filling(f"{sentence(joined(measures))[:-1]}{level}.", shown[0], also=tuple(shown[1:]))


def agreement(facts: StudyFacts) -> Filling | None:
    """Agreement between readers, and within them where repeats were read."""
    shown = facts.results
    topics: tuple[tuple[Topic, tuple[str, ...]], ...] = (
        ("agreement", shown.agreement),
        ("intra_reader", shown.intra_reader),
    )
    return _results(facts, (*shown.agreement, *shown.intra_reader), topics)


def annotator_agreement(facts: StudyFacts) -> Filling | None:
    """Agreement of the readers, who need not be those who set the reference standard."""
    told = agreement(facts)
    if told is None:
        return None
    missing = "agreement of those who set the reference standard, unless the readers did"
    return Filling(f"Of the readers: {told.text}", told.topic, missing, told.also)


def accuracy(facts: StudyFacts) -> Filling | None:
    """Accuracy, with the multi-reader analysis where there is one."""
    shown = facts.results
    topics: tuple[tuple[Topic, tuple[str, ...]], ...] = (
        ("accuracy", shown.accuracy),
        ("cross_tables", shown.accuracy),
        ("mrmc", shown.mrmc),
    )
    return _results(facts, (*shown.accuracy, *shown.mrmc), topics)


def performance(facts: StudyFacts) -> Filling | None:
    """Discrimination, calibration, survival."""
    shown = facts.results
    topics: tuple[tuple[Topic, tuple[str, ...]], ...] = (
        ("accuracy", shown.accuracy),
        ("cross_tables", shown.accuracy),
        ("calibration", shown.calibration),
        ("survival", shown.survival),
    )
    return _results(facts, (*shown.accuracy, *shown.calibration, *shown.survival), topics)


def subgroups(facts: StudyFacts) -> Filling | None:
    """Groups for which results are shown apart."""
    if not facts.results.subgroups:
        return None
    return Filling(
        f"Results apart by {joined(facts.results.subgroups)}.",
        "subgroups",
        "which of these were planned beforehand",
    )


def cross_tables(facts: StudyFacts) -> Filling | None:
    """Counts of calls by reference standard."""
    if not facts.results.cross_tables:
        return None
    return Filling("Counts of the calls of every reader and model by the reference standard.", "cross_tables")


def errors(facts: StudyFacts) -> Filling | None:
    """That wrong calls are counted, and how readers moved between conditions, which need not differ by a model."""
    if not facts.results.cross_tables:
        return None
    moved = (
        " What readers changed from one reading condition to another is told apart by right and wrong."
        if facts.results.change
        else ""
    )
    return Filling(
        f"The wrong calls of every reader and model are counted.{moved}",
        "cross_tables",
        "which cases were wrong, what they have in common, and likely reasons",
        also=("change",),
    )


def fairness(facts: StudyFacts) -> Filling | None:
    """The counts of errors, and the groups by which results are repeated."""
    told = errors(facts)
    if told is None:
        return None
    groups = f" Results apart by {joined(facts.results.subgroups)}." if facts.results.subgroups else ""
    missing = "analysis of algorithmic bias and of fairness"
    return Filling(f"{told.text}{groups}", told.topic, missing, also=("change", "subgroups"))


def characteristics(facts: StudyFacts) -> Filling | None:
    """The table of the cases."""
    if not facts.results.table_one:
        return None
    return Filling("Table of the characteristics of the cases, with missing values counted.", "table_one")


def protocol(facts: StudyFacts) -> Filling | None:
    """Where the protocol is, and its digest."""
    parts = [sentence(facts.protocol_place)] if facts.protocol_place else []
    if facts.protocol_sha256:
        parts.append(f"Frozen protocol, SHA-256 {facts.protocol_sha256}.")
    return told_of(parts, "provenance", None if facts.protocol_place else "where the protocol can be read")


def audit(facts: StudyFacts) -> Filling | None:
    """That results can be traced to one frozen dataset."""
    if not facts.dataset_sha256:
        return None
    frozen = f"the results come from one frozen dataset, SHA-256 {facts.dataset_sha256}."
    return Filling(
        f"Reads and model outputs are stored; {frozen}",
        "provenance",
        "whether they are available for evaluation",
    )


def availability(facts: StudyFacts) -> Filling | None:
    """Data and code."""
    known = [sentence(text) for text in (facts.data_availability, facts.code_availability) if text]
    gaps = [
        *([] if facts.data_availability else ["availability of the data"]),
        *([] if facts.code_availability else ["availability of the code and model"]),
    ]
    return told_of(known, "provenance", joined(gaps) or None)


def detail(facts: StudyFacts) -> Filling | None:
    """What stands in the report's tables beyond the article."""
    measures = list(dict.fromkeys(_measures(facts)))
    if not measures:
        return None
    return Filling(f"Full results of {joined(measures)} stand in this report and in its files.", "provenance")
