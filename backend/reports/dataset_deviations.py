"""The deviations of the frozen document in words, as `deviations.csv` of the analysis. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_extras import DEVIATIONS


def deviation_file(content: Mapping[str, Any]) -> dict[str, str]:
    """The file by its name: of none, where none was recorded; no file for a document before deviations were."""
    if "deviations" not in content:
        return {}
    rows = [(_when(one), _what(one), _subject(one), one["reason"]) for one in content["deviations"]]
    return {"deviations.csv": csv_text(DEVIATIONS, rows)}


def _when(one: Mapping[str, Any]) -> str:
    return "" if one["day"] is None else f"day {one['day']} after the freeze"


def _what(one: Mapping[str, Any]) -> str:
    return str(one["kind"].replace("_", " ").capitalize())


def _subject(one: Mapping[str, Any]) -> str:
    return ", ".join(_subjects(one))


def _subjects(one: Mapping[str, Any]) -> Iterator[str]:
    if one["reader"]:
        yield f"reader {one['reader']}"
    if one["replaced_by"]:
        yield f"replaced by {one['replaced_by']}"
    if one["session"] is not None:
        yield f"session {one['session']}"
    if one["position"] is not None:
        yield f"position {one['position']}"
    if one["case"]:
        yield f"case {one['case']}"
    if one["missing_reads"]:
        yield f"{one['missing_reads']} reads missing"
    if one.get("unsettled_items"):
        yield f"{one['unsettled_items']} items without a verdict"
