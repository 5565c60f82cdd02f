"""``assigned.csv``: the reads that the plan asked for, made or not, with complaints by row.

``assigned.csv``  reader,arm,session,case - one row a planned read; reason may follow: why it was not made
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row
from backend.analysis.formats.dataset_design import Design
from backend.analysis.formats.dataset_reads import read_key
from backend.analysis.results import Result
from backend.analysis.study_dataset import ReadRecord

ASSIGNED_FILE = "assigned.csv"
ASSIGNED = ("reader", "arm", "session", "case")
REASON_COLUMN = "reason"


@dataclass(frozen=True, slots=True)
class AssignedRead(Result):
    """A read that was planned; hidden repeats are not among them. ``reason`` is empty where none is told."""

    reader: str
    arm: str
    session: int
    case: str
    reason: str = ""


def read_assigned(
    rows: Sequence[Row], design: Design, truth: Mapping[str, bool | None], reads: Iterable[ReadRecord]
) -> tuple[AssignedRead, ...]:
    """The rows of ``assigned.csv``, sorted.

    Raises
    ------
    AnalysisError
        ``unknown_reader``, ``unknown_arm``, ``unknown_case``, ``repeated``; ``not_assigned`` for a read that was made
        and not planned, ``reason_of_a_read`` where a read that was made has a reason why it was not.
    """
    made = {(read.reader, read.arm, read.session, read.case) for read in reads if not read.is_repeat}
    found: dict[tuple[str, str, int, str], AssignedRead] = {}
    for row in rows:
        reader, arm, session, case, _ = read_key(row, design, truth)
        key, reason = (reader, arm, session, case), row.cells.get(REASON_COLUMN, "")
        if key in found:
            raise AnalysisError("repeated", f"{row.where}: the same read stands there already")
        if reason and key in made:
            raise AnalysisError("reason_of_a_read", f"{row.where}: {reason!r}, and the read was made")
        found[key] = AssignedRead(*key, reason)
    strange = sorted(made - set(found))
    if strange:
        reader, arm, session, case = strange[0]
        raise AnalysisError(
            "not_assigned",
            f"{ASSIGNED_FILE} lacks a read of reads.csv: case {case} by {reader} in {arm}, session {session}",
        )
    return tuple(found[key] for key in sorted(found))
