"""The panel's consensus on the rating as a reading beside those of the readers, where the truth is another. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from backend.analysis.formats.cells import Cell
from backend.analysis.formats.dataset_extras import ExclusionSet

from .dataset_reads import Content, FileRead

CONSENSUS = "Consensus"
HOLDS = "a read behind the consensus is left out"


def consensus_rows(
    content: Content, reads: Sequence[FileRead], as_written: Callable[[Any], Cell]
) -> list[tuple[Cell, ...]]:
    """Rows of `reads.csv`: the settled rating of a case, in the session of the last read behind it, without a time."""
    rows: list[tuple[Cell, ...]] = []
    for row in _ratings(content):
        read = (CONSENSUS, row["arm"], _session(row, reads), row["case"])
        rows.append((*read, row["question"], as_written(row["value"]), 0, None, None))
    return rows


def consensus_exclusions(
    content: Content, reads: Sequence[FileRead]
) -> list[tuple[str, str, int, str, ExclusionSet, int]]:
    """Rows of `exclusions.csv`: a consensus is left out of the sets that a read behind it is not in."""
    found: list[tuple[str, str, int, str, ExclusionSet, int]] = []
    for row in _ratings(content):
        behind = _behind(row, reads)
        reasons = list(dict.fromkeys(why for read in behind for why in (*read.left_out, *read.deviates)))
        if reasons:
            which: ExclusionSet = "all" if any(read.left_out for read in behind) else "per-protocol"
            why = f"{HOLDS}: {'; '.join(reasons)}"
            found.append((row["case"], CONSENSUS, _session(row, reads), why, which, 0))
    return found


def has_consensus(content: Content) -> bool:
    """Whether the files hold a consensus reading: one that is itself the truth is compared with nothing."""
    return any(_ratings(content))


def _ratings(content: Content) -> Iterator[Mapping[str, Any]]:
    if content.get("reference", "truth") != "truth" or content["rating_question"] is None:
        return
    for row in content.get("consensus", []):
        if row["question"] == content["rating_question"] and row["value"] is not None:
            yield row


def _behind(row: Mapping[str, Any], reads: Sequence[FileRead]) -> list[FileRead]:
    """First reads of the panel, of the case in the arm: neither hidden repeats nor re-reads of a later session."""
    first: dict[str, FileRead] = {}
    for read in reads:
        is_of_row = (read.case, read.arm, read.is_repeat) == (row["case"], row["arm"], False)
        if not is_of_row or read.reader not in row["readers"]:
            continue
        known = first.get(read.reader)
        if known is None or read.session < known.session:
            first[read.reader] = read
    return list(first.values())


def _session(row: Mapping[str, Any], reads: Sequence[FileRead]) -> int:
    return max((read.session for read in _behind(row, reads)), default=1)
