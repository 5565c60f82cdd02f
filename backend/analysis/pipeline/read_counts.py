"""How much was read: cases of each arm, sessions, second reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.analysis.formats.ratings import RatingTable
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.analysis_done import ArmReads


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """What the readers of an analysis set read.

    Attributes
    ----------
    arms
        The arms with a first read, in the order of the design.
    names
        Those arms; of marks alone, the arms with a mark. One that was read only in consensus is not among them.
    n_cases, n_positive, n_negative
        Cases read in any arm, and those of them with a known reference standard.
    n_sessions
        Most sessions of a reader, those with second reads alone included.
    n_rereads, n_repeats
        Cases that a reader read again in the same arm: in another session, and unannounced within one.
    """

    arms: tuple[ArmReads, ...] = ()
    names: tuple[str, ...] = ()
    n_cases: int = 0
    n_positive: int = 0
    n_negative: int = 0
    n_sessions: int | None = None
    n_rereads: int = 0
    n_repeats: int = 0


def read_counts(study: Study) -> ReadCounts:
    """The reads of the chosen set; a score left open is a read."""
    first, again = study.study.reads, study.files.repeats
    used = {one.arm for one in first or study.files.extras.marks}
    cases = {read.case for read in first}
    sessions: dict[str, set[int]] = {}
    for read in (*first, *again):
        sessions.setdefault(read.reader, set()).add(read.session)
    return ReadCounts(
        arms=_arms(((one.reader, one.arm, one.case) for one in first), study.study.arms, study.study.truth),
        names=tuple(arm for arm in study.study.arms if arm in used),
        n_cases=len(cases),
        n_positive=sum(study.study.truth[case] is True for case in cases),
        n_negative=sum(study.study.truth[case] is False for case in cases),
        n_sessions=max(map(len, sessions.values()), default=None),
        n_rereads=len({read.case for read in again if not read.is_repeat}),
        n_repeats=len({read.case for read in again if read.is_repeat}),
    )


def counts_of_table(table: RatingTable) -> ReadCounts:
    """The same of ``mrmc.csv`` alone, whose every case is read; it knows no session."""
    reads = ((one.reader, one.modality, one.case) for one in table.ratings)
    n_positive = sum(table.truth.values())
    return ReadCounts(
        _arms(reads, table.modalities, table.truth),
        table.modalities,
        len(table.truth),
        n_positive,
        len(table.truth) - n_positive,
    )


def _arms(
    reads: Iterable[tuple[str, str, str]], arms: Iterable[str], truth: Mapping[str, bool | None]
) -> tuple[ArmReads, ...]:
    by_arm: dict[str, dict[str, set[str]]] = {}
    for reader, arm, case in reads:
        by_arm.setdefault(arm, {}).setdefault(reader, set()).add(case)
    found = []
    for arm in arms:
        if arm not in by_arm:
            continue
        cases = set().union(*by_arm[arm].values())
        sizes = [len(own) for own in by_arm[arm].values()]
        found.append(
            ArmReads(
                arm,
                len(sizes),
                len(cases),
                sum(truth[case] is True for case in cases),
                sum(truth[case] is False for case in cases),
                min(sizes),
                max(sizes),
            )
        )
    return tuple(found)
