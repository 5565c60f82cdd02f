"""The parts that every report has, as tables: both documents print the same."""

from collections.abc import Sequence

from backend.analysis.reporting.content import (
    DeviationRow,
    FilledChecklist,
    NotApplicable,
    ProvenanceRow,
    ReportTable,
)

CHECKLIST_NOTE = (
    "Filled from the study's records as far as they go. Whether an item is met is for the authors to judge; the "
    "published checklist has the exact wording."
)


def provenance_table(rows: Sequence[ProvenanceRow]) -> ReportTable:
    """What the results come from."""
    return ReportTable(
        "fixed-provenance",
        "Dataset, protocol and software",
        ("What", "Value"),
        tuple((row.label, row.value) for row in rows),
    )


def not_applicable_table(rows: Sequence[NotApplicable]) -> ReportTable:
    """Analyses that the report does not hold, with the reason."""
    return ReportTable(
        "fixed-not-applicable",
        "Analyses that the report could hold, and why it does not",
        ("Analysis", "Reason"),
        tuple((row.analysis, row.reason) for row in rows),
    )


def deviations_table(rows: Sequence[DeviationRow]) -> ReportTable:
    """Departures from the protocol."""
    return ReportTable(
        "fixed-deviations",
        f"{len(rows)} on record",
        ("When", "What", "Reader, case or session", "Reason"),
        tuple((row.when, row.what, row.subject, row.reason) for row in rows),
    )


def no_deviation(rows: Sequence[DeviationRow] | None) -> str:
    """What stands in the place of the table when there is no row."""
    if rows is None:
        return "The dataset holds no record of deviations."
    return "No deviation from the protocol is on record."


def checklist_table(checklist: FilledChecklist) -> ReportTable:
    """One line an item: number, section, content, what this study says to it, and where that stands."""
    filled = sum(item.status == "filled" for item in checklist.items)
    partly = sum(item.status == "partly filled" for item in checklist.items)
    rest = len(checklist.items) - filled - partly
    return ReportTable(
        f"fixed-checklist-{checklist.key}",
        f"{checklist.name}: {filled} items filled, {partly} in part, {rest} to be completed by the authors",
        ("Item", "Section", "Content", "This study", "Where"),
        tuple((item.number, item.section, item.content, item.text, item.where) for item in checklist.items),
    )
