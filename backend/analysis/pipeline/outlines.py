"""Outlines of readers and models compared, from the measures of ``masks.csv``: first reads alone, as everywhere."""

from collections.abc import Mapping, Sequence

from backend.analysis.errors import AnalysisError
from backend.analysis.mask_values import MaskValue, MaskValues, mask_values
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Study

SECOND_READS = (
    "Values of outlines of second reads of a case by the same reader in the same arm do not count: {}."
)
FirstSessions = Mapping[tuple[str, str], Mapping[str, int]]
"""Reader and case to the arms with the session of the first read in each."""


def outlines(collector: Collector, study: Study) -> None:
    """Each question and arm by itself where the dataset tells them."""
    by_place: dict[tuple[str, str], list[MaskValue]] = {}
    for one in study.files.extras.masks:
        by_place.setdefault((one.question, one.arm), []).append(one)
    first = _first_sessions(study)
    for (question, arm), values in sorted(by_place.items()):
        place = [part for part in (question, arm) if part]
        told = f": {', '.join(place)}" if place else ""
        own = [one for one in values if _is_of_first_reads(one, first)]
        second = len(values) - len(own)
        collector.add(
            "/".join(("masks", *place)),
            f"Outlines compared{told}",
            lambda own=own, second=second: _compared(own, second),  # type: ignore[misc]
            warnings=(SECOND_READS.format(second),) if second else (),
        )


def _compared(values: Sequence[MaskValue], second: int) -> MaskValues:
    if second and not values:
        raise AnalysisError("no_cases", SECOND_READS.format(second))
    return mask_values(values)


def _first_sessions(study: Study) -> FirstSessions:
    """Of all reads before exclusions: where a first read is left out, the second does not take its place."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in (*study.study.reads, *(read for read, _ in study.reads_excluded)):
        found.setdefault((one.reader, one.case), {})[one.arm] = one.session
    return found


def _is_of_first_reads(one: MaskValue, first: FirstSessions) -> bool:
    return all(
        session is None or _is_first(first.get((reader, one.case), {}), one.arm, session)
        for reader, session in ((one.reader_a, one.session_a), (one.reader_b, one.session_b))
    )


def _is_first(sessions: Mapping[str, int], arm: str, session: int) -> bool:
    """Whether the outline's session is that of a first read; one of a read that the dataset lacks is taken so."""
    known = {sessions[arm]} if arm in sessions else set() if arm else set(sessions.values())
    return not known or session in known
