"""The report as one HTML document that needs nothing else: no script, no file beside it, no address outside it.

For people who read with a screen reader, by keyboard or on paper: language set, headings in order, a link past the
contents, tables with caption and header cells that say what they head, wide tables that scroll by keyboard, figures
with a text. Figures are SVG in ``img`` elements, so that nothing within them can run and no name in them clashes.
The document allows itself only its own style sheet and images (``Content-Security-Policy``). The same content gives
the same bytes.
"""

import base64
from collections.abc import Iterator, Sequence

from backend.analysis.reporting.content import (
    CHECKLISTS_TITLE,
    DEVIATIONS_TITLE,
    METHODS_TITLE,
    NOT_APPLICABLE_TITLE,
    PROVENANCE_TITLE,
    REFERENCES_TITLE,
    RESEARCH_LINE,
    SEE,
    FilledChecklist,
    MethodsText,
    Numbers,
    ReportContent,
    ReportFigure,
    ReportSection,
    ReportTable,
    numbers,
)
from backend.analysis.reporting.content_checks import check_content
from backend.analysis.reporting.fixed_parts import (
    CHECKLIST_NOTE,
    checklist_table,
    deviations_table,
    no_deviation,
    not_applicable_table,
    provenance_table,
)
from backend.analysis.reporting.html_style import POLICY, STYLE
from backend.analysis.reporting.plain_text import escaped, is_numeric_column


def html_report(content: ReportContent) -> str:
    """The whole document.

    Raises
    ------
    AnalysisError
        Whatever :func:`backend.analysis.reporting.content_checks.check_content` refuses.
    """
    check_content(content)
    return "\n".join(_document(content)) + "\n"


def _document(content: ReportContent) -> Iterator[str]:
    title = escaped(content.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escaped(content.language)}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escaped(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="generator" content="Reading Room">'
    yield f"<title>{title}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#main">Skip to the report</a>'
    yield from _head(content)
    yield from _contents(content)
    yield '<main id="main">'
    yield from _main(content)
    yield "</main>"
    yield f"<footer><p>{escaped(RESEARCH_LINE)}</p></footer>"
    yield "</body>"
    yield "</html>"


def _head(content: ReportContent) -> Iterator[str]:
    yield "<header>"
    yield f"<h1>{escaped(content.title)}</h1>"
    if content.subtitle:
        yield f'<p class="subtitle">{escaped(content.subtitle)}</p>'
    if content.synthetic_label is not None:
        yield f'<p class="label" role="note">{escaped(content.synthetic_label)}</p>'
    yield f'<p class="research" role="note">{escaped(RESEARCH_LINE)}</p>'
    yield "</header>"


def _parts(content: ReportContent) -> Iterator[tuple[str, str]]:
    """Address and title of every section of the first level that the document holds."""
    yield "part-provenance", PROVENANCE_TITLE
    for section in content.sections:
        yield _address(section.key), section.title
    if content.not_applicable:
        yield "part-not-applicable", NOT_APPLICABLE_TITLE
    yield "part-deviations", DEVIATIONS_TITLE
    yield "part-methods", METHODS_TITLE
    if content.methods.references:
        yield "part-references", REFERENCES_TITLE
    if content.checklists:
        yield "part-checklists", CHECKLISTS_TITLE


def _contents(content: ReportContent) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">'
    yield '<h2 id="contents">Contents</h2>'
    yield "<ol>"
    for address, title in _parts(content):
        yield f'<li><a href="#{address}">{escaped(title)}</a></li>'
    yield "</ol>"
    yield "</nav>"


def _main(content: ReportContent) -> Iterator[str]:
    yield from _part("part-provenance", PROVENANCE_TITLE, _table(provenance_table(content.provenance), None))
    known = numbers(content)
    for section in content.sections:
        yield from _section(section, known, level=2)
    if content.not_applicable:
        lines = _table(not_applicable_table(content.not_applicable), None)
        yield from _part("part-not-applicable", NOT_APPLICABLE_TITLE, lines)
    deviations = (
        _table(deviations_table(content.deviations), None)
        if content.deviations
        else [f"<p>{escaped(no_deviation(content.deviations))}</p>"]
    )
    yield from _part("part-deviations", DEVIATIONS_TITLE, deviations)
    yield from _part("part-methods", METHODS_TITLE, _methods(content.methods))
    if content.methods.references:
        yield from _part("part-references", REFERENCES_TITLE, _references(content.methods))
    if content.checklists:
        yield from _part("part-checklists", CHECKLISTS_TITLE, _checklists(content.checklists))


def _part(address: str, title: str, lines: Iterator[str] | Sequence[str], *, level: int = 2) -> Iterator[str]:
    yield f'<section aria-labelledby="{address}">'
    yield f'<h{level} id="{address}">{escaped(title)}</h{level}>'
    yield from lines
    yield "</section>"


def _section(section: ReportSection, known: Numbers, *, level: int) -> Iterator[str]:
    yield from _part(_address(section.key), section.title, _section_lines(section, known, level), level=level)


def _section_lines(section: ReportSection, known: Numbers, level: int) -> Iterator[str]:
    if section.not_applicable is not None:
        yield f'<p class="todo">Does not apply: {escaped(section.not_applicable)}</p>'
    for paragraph in section.paragraphs:
        yield f"<p>{escaped(paragraph)}</p>"
    if section.warnings:
        yield '<div class="warnings" role="note">'
        yield "<p><strong>To be kept in mind</strong></p>"
        yield "<ul>"
        for warning in section.warnings:
            yield f"<li>{escaped(warning)}</li>"
        yield "</ul>"
        yield "</div>"
    if section.see:
        links = (f'<a href="#{_address(key)}">{escaped(known.titles[key])}</a>' for key in section.see)
        yield f"<p>{SEE} {', '.join(links)}.</p>"
    for table in section.tables:
        yield from _table(table, known.tables[table.key])
    for figure in section.figures:
        yield from _figure(figure, known.figures[figure.key])
    for inner in section.sections:
        yield from _section(inner, known, level=level + 1)


def _table(table: ReportTable, number: int | None) -> Iterator[str]:
    """The table; without a number it belongs to the document's fixed parts."""
    address = f"table-{table.key}"
    caption = f"Table {number}. {table.caption}" if number is not None else table.caption
    right = [is_numeric_column([row[place] for row in table.rows]) for place in range(len(table.header))]
    yield f'<div class="scroll" role="region" aria-labelledby="{address}" tabindex="0">'
    yield "<table>"
    yield f'<caption id="{address}">{escaped(caption)}</caption>'
    yield "<thead>"
    yield f"<tr>{''.join(_head_cell(*cell) for cell in zip(table.header, right, strict=True))}</tr>"
    yield "</thead>"
    yield "<tbody>"
    for row in table.rows:
        heads = "".join(f'<th scope="row">{escaped(cell)}</th>' for cell in row[: table.row_headers])
        cells = zip(row[table.row_headers :], right[table.row_headers :], strict=True)
        yield f"<tr>{heads}{''.join(_cell(*cell) for cell in cells)}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"
    yield from _notes(table.notes)


def _head_cell(text: str, is_number: bool) -> str:  # noqa: FBT001
    # An empty header cell heads nothing: it is no header to a screen reader.
    if not text.strip():
        return "<td></td>"
    return f'<th scope="col"{_CLASS[is_number]}>{escaped(text)}</th>'


def _cell(text: str, is_number: bool) -> str:  # noqa: FBT001
    return f"<td{_CLASS[is_number]}>{escaped(text)}</td>"


_CLASS = {True: ' class="number"', False: ""}


def _notes(notes: Sequence[str]) -> Iterator[str]:
    for note in notes:
        yield f'<p class="notes">{escaped(note)}</p>'


def _figure(figure: ReportFigure, number: int) -> Iterator[str]:
    data = base64.b64encode(figure.svg).decode()
    yield f'<figure id="figure-{figure.key}">'
    yield f'<img alt="{escaped(figure.alt)}" src="data:image/svg+xml;base64,{data}">'
    yield f"<figcaption><strong>Figure {number}.</strong> {escaped(figure.caption)}</figcaption>"
    yield "</figure>"
    yield from _notes(figure.notes)


def _methods(methods: MethodsText) -> Iterator[str]:
    for paragraph in methods.paragraphs:
        said = " ".join(_cited(sentence.text, sentence.references) for sentence in paragraph.sentences)
        yield f"<h3>{escaped(paragraph.title)}</h3>"
        yield f"<p>{said}</p>"


def _cited(text: str, references: tuple[int, ...]) -> str:
    if not references:
        return escaped(text)
    links = ", ".join(
        f'<a href="#reference-{number}" aria-label="Reference {number}">{number}</a>' for number in references
    )
    return f"{escaped(text.removesuffix('.'))} [{links}]."


def _references(methods: MethodsText) -> Iterator[str]:
    yield "<ol>"
    for number, text in enumerate(methods.references, start=1):
        yield f'<li id="reference-{number}">{escaped(text)}</li>'
    yield "</ol>"


def _checklists(checklists: tuple[FilledChecklist, ...]) -> Iterator[str]:
    yield f"<p>{escaped(CHECKLIST_NOTE)}</p>"
    for checklist in checklists:
        lines = [f"<p>{escaped(checklist.citation)}</p>", *_table(checklist_table(checklist), None)]
        yield from _part(f"checklist-{escaped(checklist.key)}", checklist.name, lines, level=3)


def _address(key: str) -> str:
    return f"section-{key}"
