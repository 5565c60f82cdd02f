"""The report as PDF on A4 pages, from the same content as the HTML: the same content gives the same bytes.

Fonts are embedded, figures are images, tables repeat their head on every page and turn the page where their columns
need it. Every page says what it is a page of and that the software is no medical device. The PDF is not tagged: who
needs a screen reader is better served by the HTML.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)

from backend.analysis.reporting import pdf_style as style
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
    Sentence,
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
from backend.analysis.reporting.pdf_style import MARGIN, paragraph
from backend.analysis.reporting.plain_text import cleaned

# Images as bytes: written as letters they are a quarter longer and take most of the time.
rl_config.useA85 = 0

UPRIGHT, TURNED = "upright", "turned"
_WIDTH = A4[0] - 2 * MARGIN
_TURNED_WIDTH = A4[1] - 2 * MARGIN
_TOP, _BOTTOM = 22 * mm, 20 * mm
_HIGHEST_FIGURE, _COMFORTABLE_FIGURE = 190 * mm, 102 * mm
_CAPTION_ROOM, _HEADING_ROOM = 35 * mm, 55 * mm
_PAGES = "number-of-pages"
_FOOT = "Research software, not a medical device"


def pdf_report(content: ReportContent) -> bytes:
    """The whole document.

    Raises
    ------
    AnalysisError
        Whatever :func:`backend.analysis.reporting.content_checks.check_content` refuses.
    """
    check_content(content)
    style.register_fonts()
    buffer = io.BytesIO()
    document = _Document(
        buffer,
        pagesize=A4,
        title=cleaned(content.title),
        author="Reading Room",
        subject=RESEARCH_LINE,
        lang=content.language,
        invariant=1,
    )
    dress = _page_of(content)
    document.addPageTemplates([_template(UPRIGHT, A4, dress), _template(TURNED, landscape(A4), dress)])
    document.build([*_story(content), _LastPage()])
    return buffer.getvalue()


def _template(name: str, size: tuple[float, float], dress: Callable[[Canvas, Any], None]) -> PageTemplate:
    width, height = size
    frame = Frame(MARGIN, _BOTTOM, width - 2 * MARGIN, height - _TOP - _BOTTOM, 0, 0, 0, 0)
    return PageTemplate(id=name, frames=[frame], onPage=dress, pagesize=size)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """Headings become bookmarks."""

    def afterFlowable(self, flowable: Flowable) -> None:
        level = getattr(flowable, "outline_level", None)
        if level is None:
            return
        address = flowable.address or f"heading-{self.seq.nextf('heading')}"
        self.canv.bookmarkPage(address)
        self.canv.addOutlineEntry(flowable.outline_text, address, level, closed=level > 0)


class _LastPage(Flowable):  # type: ignore[misc]
    """Writes the number of pages, which every page's foot holds the place of."""

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        pages = str(self.canv.getPageNumber())
        self.canv.beginForm(_PAGES, 0, 0, 20 * mm, 10)
        self.canv.setFillColor(style.DIM)
        self.canv.setFont(style.SANS, 7)
        self.canv.drawString(0, 2, pages)
        self.canv.endForm()


def _page_of(content: ReportContent) -> Callable[[Canvas, Any], None]:
    title = _short(content.title, 90)
    label = None if content.synthetic_label is None else _short(content.synthetic_label, 120)

    def dress(canvas: Canvas, _: Any) -> None:
        width, height = canvas._pagesize
        canvas.saveState()
        canvas.setFillColor(style.DIM)
        canvas.setFont(style.SANS, 7)
        canvas.drawString(MARGIN, 11 * mm, f"{title} · {_FOOT}")
        canvas.drawRightString(width - MARGIN - 6 * mm, 11 * mm, f"{canvas.getPageNumber()} / ")
        canvas.translate(width - MARGIN - 6 * mm, 11 * mm - 2)
        canvas.doForm(_PAGES)
        canvas.translate(-(width - MARGIN - 6 * mm), -(11 * mm - 2))
        if label is not None:
            canvas.setFont(style.BOLD, 7)
            canvas.drawString(MARGIN, height - 13 * mm, label)
        canvas.setStrokeColor(style.LINE)
        canvas.setLineWidth(0.3)
        canvas.line(MARGIN, 15 * mm, width - MARGIN, 15 * mm)
        canvas.restoreState()

    return dress


def _short(text: str, most: int) -> str:
    line = " ".join(cleaned(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _story(content: ReportContent) -> Iterator[Flowable]:
    yield paragraph(content.title, style.TITLE)
    if content.subtitle:
        yield paragraph(content.subtitle, style.SMALL)
    yield Spacer(1, 4 * mm)
    if content.synthetic_label is not None:
        yield paragraph(content.synthetic_label, style.LABEL)
        yield Spacer(1, 4 * mm)
    yield paragraph(RESEARCH_LINE)
    yield from _heading(PROVENANCE_TITLE)
    yield from _tables([(provenance_table(content.provenance), None)])
    known = numbers(content)
    for section in content.sections:
        yield from _section(section, known, level=0)
    if content.not_applicable:
        yield from _heading(NOT_APPLICABLE_TITLE)
        yield from _tables([(not_applicable_table(content.not_applicable), None)])
    yield from _heading(DEVIATIONS_TITLE)
    if content.deviations:
        yield from _tables([(deviations_table(content.deviations), None)])
    else:
        yield paragraph(no_deviation(content.deviations))
    yield from _methods(content.methods)
    yield from _checklists(content.checklists)


def _heading(
    text: str, *, level: int = 0, before_figure: bool = False, address: str | None = None
) -> Iterator[Flowable]:
    """The heading, with room below it for what a caption of a table needs; a figure moves on together with it."""
    yield CondPageBreak(_HEADING_ROOM)
    heading = paragraph(text, style.SUBHEADING if level else style.HEADING)
    heading.keepWithNext = before_figure
    heading.outline_level, heading.outline_text = level, _short(text, 120)
    heading.address = address
    yield heading


def _section(section: ReportSection, known: Numbers, *, level: int) -> Iterator[Flowable]:
    before_figure = bool(section.figures) and not (section.paragraphs or section.warnings or section.tables)
    yield from _heading(
        section.title,
        level=level,
        before_figure=before_figure and section.not_applicable is None,
        address=f"section-{section.key}",
    )
    if section.not_applicable is not None:
        yield paragraph(f"Does not apply: {section.not_applicable}")
    for text in section.paragraphs:
        yield paragraph(text)
    if section.see:
        links = (
            f'<a href="#section-{key}" color="blue">{style.markup(known.titles[key])}</a>'
            for key in section.see
        )
        yield Paragraph(f"{SEE} {', '.join(links)}.", style.TEXT)
    if section.warnings:
        yield KeepTogether(
            [
                paragraph("To be kept in mind", style.CAPTION),
                *(paragraph(f"• {one}") for one in section.warnings),
            ]
        )
    yield from _tables([(table, known.tables[table.key]) for table in section.tables])
    for figure in section.figures:
        yield from _figure(figure, known.figures[figure.key])
    for inner in section.sections:
        yield from _section(inner, known, level=level + 1)


def _tables(tables: Sequence[tuple[ReportTable, int | None]]) -> Iterator[Flowable]:
    """Tables one after the other; those that are too wide for the page together on turned pages."""
    for is_wide, group in groupby(tables, key=lambda item: _is_wide(item[0])):
        if is_wide:
            yield NextPageTemplate(TURNED)
            yield PageBreak()
        for table, number in group:
            yield from _table(table, number, _TURNED_WIDTH if is_wide else _WIDTH)
        if is_wide:
            yield NextPageTemplate(UPRIGHT)
            yield PageBreak()


def _is_wide(table: ReportTable) -> bool:
    _, fits = style.column_widths(table.header, table.rows, _WIDTH)
    return not fits


def _table(table: ReportTable, number: int | None, width: float) -> Iterator[Flowable]:
    yield CondPageBreak(_CAPTION_ROOM)
    yield paragraph(
        f"Table {number}. {table.caption}" if number is not None else table.caption, style.CAPTION
    )
    widths, _ = style.column_widths(table.header, table.rows, width)
    yield style.table_flowable(table.header, table.rows, table.row_headers, widths)
    yield Spacer(1, 1.5 * mm)
    for note in table.notes:
        yield paragraph(note, style.SMALL)
    yield Spacer(1, 3 * mm)


def _figure(figure: ReportFigure, number: int) -> Iterator[Flowable]:
    image = style.figure_flowable(
        figure.png, width=_WIDTH, height=_HIGHEST_FIGURE, comfortable=_COMFORTABLE_FIGURE
    )
    caption = paragraph(f"Figure {number}. {figure.caption}", style.CAPTION)
    notes = [paragraph(note, style.SMALL) for note in figure.notes]
    yield KeepTogether([image, caption, *notes, Spacer(1, 4 * mm)])


def _methods(methods: MethodsText) -> Iterator[Flowable]:
    yield from _heading(METHODS_TITLE)
    for part in methods.paragraphs:
        yield from _heading(part.title, level=1)
        yield Paragraph(" ".join(_cited(sentence) for sentence in part.sentences), style.TEXT)
    if methods.references:
        yield from _heading(REFERENCES_TITLE)
        for number, text in enumerate(methods.references, start=1):
            yield Paragraph(f'<a name="reference-{number}"/>{number}. {style.markup(text)}', style.TEXT)


def _cited(sentence: Sentence) -> str:
    if not sentence.references:
        return style.markup(sentence.text)
    links = ", ".join(f'<a href="#reference-{number}">{number}</a>' for number in sentence.references)
    return f"{style.markup(sentence.text.removesuffix('.'))} [{links}]."


def _checklists(checklists: tuple[FilledChecklist, ...]) -> Iterator[Flowable]:
    if not checklists:
        return
    yield from _heading(CHECKLISTS_TITLE)
    yield paragraph(CHECKLIST_NOTE)
    for checklist in checklists:
        yield from _heading(checklist.name, level=1)
        yield paragraph(checklist.citation)
        yield from _tables([(checklist_table(checklist), None)])
