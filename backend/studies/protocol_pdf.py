"""The protocol as a document for the ethics file: the same version gives the same bytes."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Spacer

from . import protocol_sections as sections
from .pdf_text import BODY, INK, SMALL, TITLE, WARN, paragraph, register_fonts, table
from .protocol_record import ProtocolRecord

MARGIN = 20 * mm
DRAFT = "DRAFT"
DRAFT_NOTE = "DRAFT. This protocol is not in force: it is not frozen, and nobody has signed it."


def protocol_pdf(record: ProtocolRecord) -> bytes:
    """The protocol of `record` on A4 pages, every page with title, version and digest; a draft says so on each."""
    register_fonts()
    buffer = io.BytesIO()
    state = "draft" if record.is_draft else f"version {record.shown.version}"
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=24 * mm,
        bottomMargin=22 * mm,
        title=f"{record.title}, protocol {state}",
        author="Reading Room",
        subject=f"SHA-256 {record.shown.sha256}",
        invariant=1,
    )
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=_page_of(record))])
    document.build(list(_story(record)), canvasmaker=_numbered(record))
    return buffer.getvalue()


def _story(record: ProtocolRecord) -> Iterator[Flowable]:
    content = record.shown.content
    yield from _front(record)
    yield from sections.question(content)
    yield from sections.design(content)
    yield from sections.randomisation(content)
    yield from sections.washout(content)
    yield from sections.blinding()
    yield from sections.form(content)
    yield from sections.hanging(content)
    yield from sections.tools(content)
    yield from sections.adjudication(content)
    yield from sections.training(content)
    yield from sections.sittings(content)
    yield from sections.analysis(content)
    yield from sections.statements(content)
    yield from sections.amendments(record)
    yield from sections.signature_lines()
    yield PageBreak()
    yield from sections.appendix(record)


def _front(record: ProtocolRecord) -> Iterator[Flowable]:
    shown = record.shown
    yield paragraph("Reader study protocol", SMALL)
    yield paragraph(record.title, TITLE)
    yield Spacer(1, 4 * mm)
    if record.is_draft:
        yield paragraph(DRAFT_NOTE, WARN)
        yield Spacer(1, 3 * mm)
    state = DRAFT if record.is_draft else str(shown.version)
    rows = [
        ("Study", record.slug),
        ("Template", shown.content["template"]),
        ("Version", state),
        ("SHA-256", shown.sha256),
    ]
    if shown.effective_at is not None:
        rows.append(("In force from", sections.instant(shown.effective_at)))
    yield table([[paragraph(label, SMALL), paragraph(text, BODY)] for label, text in rows], [32 * mm, None])
    yield Spacer(1, 3 * mm)
    for signature in shown.signatures:
        when = sections.instant(signature.signed_at)
        yield paragraph(f"Signed by {signature.name} on {when}: “{signature.meaning}”", BODY)
    yield Spacer(1, 3 * mm)


def _page_of(record: ProtocolRecord) -> Callable[[Canvas, Any], None]:
    def draw(canvas: Canvas, _: Any) -> None:
        if not record.is_draft:
            return
        canvas.saveState()
        canvas.setFont("DejaVu-Bold", 110)
        canvas.setFillGray(0.93)
        canvas.translate(A4[0] / 2, A4[1] / 2)
        canvas.rotate(52)
        canvas.drawCentredString(0, -40, DRAFT)
        canvas.restoreState()

    return draw


def _numbered(record: ProtocolRecord) -> type[Canvas]:
    """A canvas that writes the foot of each page once the number of pages is known."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                _foot(self, record, number, len(self._pages))
                super().showPage()
            super().save()

    return Numbered


def _foot(canvas: Canvas, record: ProtocolRecord, number: int, pages: int) -> None:
    state = f"{DRAFT}, not in force" if record.is_draft else f"version {record.shown.version}"
    canvas.setFillColor(INK)
    canvas.setFont("DejaVu", 7)
    canvas.drawString(MARGIN, 12 * mm, f"{record.slug} · protocol {state} · SHA-256 {record.shown.sha256}")
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, f"{number} / {pages}")
    canvas.setLineWidth(0.3)
    canvas.line(MARGIN, 16 * mm, A4[0] - MARGIN, 16 * mm)
