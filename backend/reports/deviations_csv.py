"""The deviations of a frozen dataset as a table, one row a deviation. Pure."""

import csv
import io
from collections.abc import Mapping
from typing import Any

HEADER = (
    "number", "kind", "day", "reader", "replaced_by", "session", "position", "case", "missing_reads",
    "unsettled_items", "reason",
)  # fmt: skip


def deviations_csv(content: Mapping[str, Any]) -> str:
    """The table as text; what does not apply is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for one in content["deviations"]:
        writer.writerow([_cell(one[name]) for name in HEADER])
    return text.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet would run such a text as a formula; the apostrophe keeps it text.
    return (
        f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and isinstance(value, str) else text
    )
