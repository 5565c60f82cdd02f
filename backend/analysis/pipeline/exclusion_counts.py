"""How many cases and reads were left out, by set and reason."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.dataset_extras import Exclusion, ExclusionSet
from backend.analysis.formats.dataset_reads import FileReadKey
from backend.analysis.pipeline.results import ExclusionCount

ReadInSession: TypeAlias = tuple[FileReadKey, int]


def exclusion_counts(files: DatasetFiles) -> tuple[ExclusionCount, ...]:
    """Cases that are left out, and the reads left out of cases that stay, consensus readings among them.

    Each counts once: what several rows speak of with the first of them, those of all sets before the others.
    """
    counts: Counter[tuple[str, str, Literal["case", "read"]]] = Counter()
    gone: set[str] = set()
    counted: set[FileReadKey] = set()
    reads = _reads_by_case(files)
    for excluded_from in get_args(ExclusionSet):
        own = [one for one in files.extras.exclusions if one.excluded_from == excluded_from]
        whole = [one for one in own if one.is_whole_case and one.case not in gone]
        counts.update((excluded_from, one.reason, "case") for one in whole)
        gone.update(one.case for one in whole)
        for one in own:
            if one.is_whole_case:
                continue
            covered = set() if one.case in gone else _covered(one, reads.get(one.case, ()))
            counts[excluded_from, one.reason, "read"] += len(covered - counted)
            counted |= covered
    return tuple(ExclusionCount(*key, n) for key, n in sorted(counts.items()))


def _reads_by_case(files: DatasetFiles) -> dict[str, list[ReadInSession]]:
    """The reads on record; where marks are all that readers left, those that they are taken to have made."""
    study = files.study
    records = (*(study.reads if study is not None else ()), *files.repeats)
    found: dict[str, list[ReadInSession]] = {}
    for one in (*records, *(study.consensus if study is not None else ())):
        key = (one.reader, one.arm, one.session, one.case, one.is_repeat)
        found.setdefault(one.case, []).append((key, one.session))
    if not records:
        for key, session in _taken_reads(files):
            found.setdefault(key[3], []).append((key, session))
    return found


def _taken_reads(files: DatasetFiles) -> Iterable[ReadInSession]:
    """Every case by everyone who marked in the arm; that of no mark may be of any session of the reader there."""
    sessions: dict[tuple[str, str], set[int]] = {}
    marked: dict[tuple[str, str, str], set[int]] = {}
    for mark in files.extras.marks:
        sessions.setdefault((mark.reader, mark.arm), set()).add(mark.session)
        marked.setdefault((mark.reader, mark.arm, mark.case), set()).add(mark.session)
    for (reader, arm), own in sorted(sessions.items()):
        for case in files.study.truth if files.study is not None else ():
            for session in marked.get((reader, arm, case), own):
                yield (reader, arm, 0, case, False), session


def _covered(exclusion: Exclusion, reads: Iterable[ReadInSession]) -> set[FileReadKey]:
    return {
        key
        for key, session in reads
        if exclusion.covers(reader=key[0], session=session, case=key[3], is_repeat=key[4])
    }
