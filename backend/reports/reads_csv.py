"""The reads of a frozen dataset as a tidy table: one row a read and question. Pure."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from backend.studies.forms import label_of

HEADER = (
    "reader",
    "session",
    "arm",
    "step",
    "role",
    "position",
    "case",
    "question",
    "value",
    "label",
    "first_value",
    "active_s",
    "wall_s",
    "clicks",
    "group",
    "sequence",
    "period",
    "protocol_version",
    "corrections",
    "washout_s",
    "is_washout_overridden",
    "is_unblinded",
    "disclosed_model",
    "disclosed_value",
)
# What the frozen dataset says of a read beside its answers, in the order of the columns.
MARKS = (
    "group",
    "sequence",
    "period",
    "protocol_version",
    "corrections",
    "washout_seconds",
    "is_washout_overridden",
    "is_unblinded",
)


def reads_csv(content: Mapping[str, Any]) -> str:
    """The table as text.

    `value` holds after corrections, `first_value` is what was committed. `washout_s` is the time from the reader's
    last committed read of the case to the opening of this one, empty where there was none. `disclosed_value` is the
    probability shown to the reader, empty when none was.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for read in content["reads"]:
        writer.writerows(_rows(content["form"], read))
    return text.getvalue()


def _rows(form: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[list[str]]:
    timing, disclosed = read["timing"], read["disclosed"] or {}
    before = [read[name] for name in ("reader", "session", "arm", "step", "role", "position", "case")]
    after = [
        _seconds(timing.get("active_ms")),
        _seconds(timing.get("wall_ms")),
        _whole(timing.get("clicks")),
        *(read[name] for name in MARKS),
        disclosed.get("model"),
        disclosed.get("probability"),
    ]
    for question in form["questions"]:
        key = question["key"]
        value = read["answers"].get(key)
        first = (read["first_answers"] or read["answers"]).get(key)
        yield [cell(one) for one in (*before, key, value, label_of(form, key, value), first, *after)]


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _whole(count: float | None) -> int | None:
    return None if count is None else int(count)


def cell(value: Any) -> str:
    """A value as every table of the results writes it; what was drawn is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    text = str(value)
    # A spreadsheet would run such a text as a formula; the apostrophe keeps it text.
    return (
        f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )
