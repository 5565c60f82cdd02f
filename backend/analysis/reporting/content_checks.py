"""What a report must be before it is printed: every fault is refused by name, none shows on paper."""

import re
from collections import Counter
from collections.abc import Iterable

from backend.analysis.errors import AnalysisError
from backend.analysis.reporting.content import (
    MethodsText,
    ReportContent,
    ReportFigure,
    ReportSection,
    ReportTable,
    walk,
)

_FIXED = "fixed-"
_KEY = re.compile(r"[a-z][a-z0-9-]*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = re.compile(
    rb"\A\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]", re.DOTALL
)


def check_content(content: ReportContent) -> None:
    """Raise unless the report can be printed whole.

    Raises
    ------
    AnalysisError
        ``title_empty``, ``language_malformed``, ``key_malformed``, ``key_repeated``, ``section_empty``,
        ``section_too_deep``, ``section_unknown``, ``table_without_columns``, ``row_length``,
        ``row_headers_out_of_range``, ``caption_empty``, ``alt_empty``, ``not_svg``, ``not_png``,
        ``reference_unknown``, ``checklist_repeated``.
    """
    if not content.title.strip():
        raise AnalysisError("title_empty", "the report has no title")
    if not _LANGUAGE.match(content.language):
        raise AnalysisError("language_malformed", f"{content.language!r} is not a language code such as 'en'")
    sections = list(walk(content.sections))
    tables = [table for section in sections for table in section.tables]
    figures = [figure for section in sections for figure in section.figures]
    _check_keys([*(s.key for s in sections), *(t.key for t in tables), *(f.key for f in figures)])
    for outer in content.sections:
        _check_section(outer, depth=1)
    _check_links(sections, {section.key for section in content.sections})
    for table in tables:
        check_table(table)
    for figure in figures:
        _check_figure(figure)
    _check_references(content.methods)
    for checklist in content.checklists:
        if not _KEY.match(checklist.key):
            raise AnalysisError("key_malformed", f"the checklist's key {checklist.key!r} is malformed")
    repeated = _repeated(checklist.key for checklist in content.checklists)
    if repeated is not None:
        raise AnalysisError("checklist_repeated", f"the checklist {repeated!r} stands in the report twice")


def _check_links(sections: list[ReportSection], known: set[str]) -> None:
    for section in sections:
        for key in section.see:
            if key not in known:
                raise AnalysisError(
                    "section_unknown",
                    f"section {section.key!r} leads to {key!r}, which is no section of the report",
                )


def check_table(table: ReportTable) -> None:
    """Raise ``AnalysisError`` unless the table is a rectangle with a caption."""
    if not table.caption.strip():
        raise AnalysisError("caption_empty", f"table {table.key!r} has no caption")
    if not table.header:
        raise AnalysisError("table_without_columns", f"table {table.key!r} has no column")
    if not 0 <= table.row_headers <= len(table.header):
        raise AnalysisError(
            "row_headers_out_of_range",
            f"table {table.key!r} has {len(table.header)} columns, of which {table.row_headers} cannot name the row",
        )
    for number, row in enumerate(table.rows, start=1):
        if len(row) != len(table.header):
            raise AnalysisError(
                "row_length",
                f"row {number} of table {table.key!r} has {len(row)} cells, its header {len(table.header)}",
            )


def _check_keys(keys: list[str]) -> None:
    for key in keys:
        if not _KEY.match(key):
            raise AnalysisError(
                "key_malformed",
                f"the key {key!r} is not lower-case letters, digits and hyphens from a letter on",
            )
        if key.startswith(_FIXED):
            raise AnalysisError(
                "key_malformed", f"the key {key!r} begins like those of the document's own parts"
            )
    repeated = _repeated(keys)
    if repeated is not None:
        raise AnalysisError("key_repeated", f"two parts of the report have the key {repeated!r}")


def _check_section(section: ReportSection, *, depth: int) -> None:
    if depth > 2:
        raise AnalysisError("section_too_deep", f"section {section.key!r} lies deeper than two levels")
    if not section.title.strip():
        raise AnalysisError("title_empty", f"section {section.key!r} has no title")
    held = (section.paragraphs, section.tables, section.figures, section.warnings, section.sections)
    if not any(held) and section.not_applicable is None:
        raise AnalysisError("section_empty", f"section {section.key!r} holds nothing and says no reason")
    for inner in section.sections:
        _check_section(inner, depth=depth + 1)


def _check_figure(figure: ReportFigure) -> None:
    if not figure.caption.strip():
        raise AnalysisError("caption_empty", f"figure {figure.key!r} has no caption")
    if not figure.alt.strip():
        raise AnalysisError("alt_empty", f"figure {figure.key!r} has no text for those who do not see it")
    if not _SVG.match(figure.svg[:4000]):
        raise AnalysisError("not_svg", f"figure {figure.key!r} has no SVG drawing")
    if not figure.png.startswith(_PNG):
        raise AnalysisError("not_png", f"figure {figure.key!r} has no PNG image")


def _check_references(methods: MethodsText) -> None:
    known = range(1, len(methods.references) + 1)
    for paragraph in methods.paragraphs:
        for sentence in paragraph.sentences:
            for number in sentence.references:
                if number not in known:
                    raise AnalysisError(
                        "reference_unknown",
                        f"the methods paragraph {paragraph.title!r} cites reference {number} of {len(known)}",
                    )


def _repeated(keys: Iterable[str]) -> str | None:
    return next((key for key, count in Counter(keys).items() if count > 1), None)
