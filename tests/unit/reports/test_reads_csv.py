"""The table of reads: what was committed first stands beside what holds."""

import csv
import io
from typing import Any

from backend.reports.reads_csv import reads_csv

FORM = {"questions": [{"key": "margin", "kind": "yes_no", "label": "Margin"}]}
READ: dict[str, Any] = {
    "reader": "R1", "session": 1, "arm": "unaided", "step": 1, "role": "primary", "position": 2, "case": "A-1",
    "timing": {}, "disclosed": None, "group": "g1", "sequence": "s1", "period": 1, "protocol_version": 2,
    "corrections": 0, "first_answers": None, "washout_seconds": None, "is_washout_overridden": False,
    "is_unblinded": False, "answers": {"margin": True},
}  # fmt: skip


def rows_of(*reads: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reads_csv({"form": FORM, "reads": reads}))))


def test_a_corrected_read_tells_its_first_answer_too() -> None:
    corrected = {**READ, "corrections": 1, "first_answers": {"margin": False}}
    as_it_was, now = rows_of(READ, corrected)
    assert (as_it_was["value"], as_it_was["first_value"], as_it_was["corrections"]) == ("true", "true", "0")
    assert (now["value"], now["first_value"], now["corrections"]) == ("true", "false", "1")


def test_every_mark_on_a_read_has_its_column() -> None:
    (row,) = rows_of({**READ, "washout_seconds": 60.5, "is_washout_overridden": True, "is_unblinded": True})
    assert (row["washout_s"], row["is_washout_overridden"], row["is_unblinded"]) == ("60.5", "true", "true")
    assert (row["group"], row["sequence"], row["period"], row["protocol_version"]) == ("g1", "s1", "1", "2")
