"""The planned reads of the frozen document as `assigned.csv`. Pure."""

from collections.abc import Sequence

from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_assigned import ASSIGNED, REASON_COLUMN

from .dataset_reads import WITHDRAWN, Content, FileRead


def assigned_csv(content: Content, reads: Sequence[FileRead]) -> str:
    """One row a planned read, with the reason why it was not made as far as the records tell one."""
    if "assigned" not in content:
        return ""
    # What was read had been drawn for its reader.
    rows: dict[tuple[str, str, int, str], str | None] = {
        (read.reader, read.arm, read.session, read.case): None for read in reads if not read.is_repeat
    }
    for row in content["assigned"]:
        key = (row["reader"], row["arm"], row["session"], row["case"])
        rows.setdefault(key, WITHDRAWN if row["is_withdrawn"] else None)
    return csv_text((*ASSIGNED, REASON_COLUMN), [(*key, rows[key]) for key in sorted(rows)])


def readers_of_content(content: Content) -> tuple[str, ...]:
    """Everyone who has read or was to read."""
    found = [row["reader"] for name in ("reads", "assigned") for row in content.get(name, [])]
    return tuple(dict.fromkeys(found))
