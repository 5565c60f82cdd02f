"""A report's table as text to paste: tab-separated for a word processor, CSV, Markdown."""

from backend.analysis.formats.cells import csv_text, inert
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.content_checks import check_table
from backend.analysis.reporting.plain_text import cleaned


def table_tsv(table: ReportTable) -> str:
    """Header and rows, cells apart by a tab, one line a row: what a word processor turns into a table."""
    check_table(table)
    return "".join(
        "\t".join(inert(" ".join(cleaned(cell).split())) for cell in row) + "\n"
        for row in (table.header, *table.rows)
    )


def table_csv(table: ReportTable) -> str:
    """Header and rows as CSV, as printed."""
    check_table(table)
    return csv_text(table.header, [list(row) for row in table.rows])


def table_markdown(table: ReportTable) -> str:
    """Caption, table and notes in Markdown."""
    check_table(table)
    head, *body = [_markdown_row(row) for row in (table.header, *table.rows)]
    rule = "|" + " --- |" * len(table.header)
    notes = [f"\n{cleaned(note)}" for note in table.notes]
    return "\n".join([f"**{cleaned(table.caption)}**\n", head, rule, *body, *notes]) + "\n"


def _markdown_row(row: tuple[str, ...]) -> str:
    cells = (" ".join(cleaned(cell).split()).replace("\\", "\\\\").replace("|", "\\|") for cell in row)
    return f"| {' | '.join(cells)} |"
