"""Type, tables and figures of the PDF report: embedded fonts, and text that is only ever text.

Matplotlib ships the fonts; it is asked for their folder only. Scripts that they lack are set in fonts that are named
and not embedded: every viewer brings its own for them.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch, mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFStream
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from backend.analysis.png_file import PngParts, png_parts
from backend.analysis.reporting.plain_text import cleaned, is_numeric_column

INK: Color = HexColor("#1b2027")
DIM: Color = HexColor("#4a5460")
LINE: Color = HexColor("#c3c9d0")
SANS, BOLD = "ReportSans", "ReportSans-Bold"
_FILES = {SANS: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_ASIAN = (
    ("HYSMyeongJo-Medium", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")),
    ("HeiseiMin-W3", re.compile("[\u3040-\u30ff]+")),
    ("STSong-Light", re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]+")),
)

TEXT = ParagraphStyle("text", fontName=SANS, fontSize=8.5, leading=12, textColor=INK, spaceAfter=4)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7, leading=9.5, textColor=DIM, spaceAfter=2)
LABEL = ParagraphStyle("label", parent=TEXT, fontName=BOLD, borderColor=INK, borderWidth=0.8, borderPadding=6)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=17, leading=22)
HEADING = ParagraphStyle("heading", parent=TEXT, fontName=BOLD, fontSize=12, leading=16, spaceBefore=12)
SUBHEADING = ParagraphStyle("subheading", parent=TEXT, fontName=BOLD, fontSize=9.5, leading=13, spaceBefore=8)
CAPTION = ParagraphStyle("caption", parent=TEXT, fontName=BOLD, fontSize=8, leading=11, spaceBefore=6)
CELL = ParagraphStyle("cell", fontName=SANS, fontSize=7, leading=9, textColor=INK, splitLongWords=1)
HEAD_CELL = ParagraphStyle("head", parent=CELL, fontName=BOLD)
NUMBER_CELL = ParagraphStyle("number", parent=CELL, alignment=2)
HEAD_NUMBER_CELL = ParagraphStyle("head-number", parent=HEAD_CELL, alignment=2)

MARGIN = 18 * mm
_PADDING = 6.0
_WIDEST_WORD = 110.0
_WIDEST_LINE = 260.0


@cache
def register_fonts() -> None:
    """Make the fonts known to the library, once."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=SANS, boldItalic=BOLD)
    for name, _ in _ASIAN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def markup(text: str) -> str:
    """The text for the library: cleaned, escaped, and each script in a font that has it."""
    plain = cleaned(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for font, script in _ASIAN:
        plain = script.sub(lambda found, font=font: f'<font name="{font}">{found[0]}</font>', plain)  # type: ignore[misc]
    return plain.replace("\n", "<br/>")


class _Broken(Paragraph):  # type: ignore[misc]
    """A paragraph that keeps its lines while its width stays: a table asks for its height several times."""

    _size: tuple[float, float] | None = None
    _asked = 0.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        # Where it is split, the library takes the lines away.
        if self._size is None or availWidth != self._asked or not hasattr(self, "blPara"):
            self._size, self._asked = super().wrap(availWidth, availHeight), availWidth
        return self._size


def paragraph(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """Text as it is, line breaks kept."""
    marked = markup(text)
    if not marked.strip() or "<" in marked or "&" in marked:
        return _Broken(marked, style)
    # The library's parser would find the text alone; it takes as long for that as the lines take.
    return _Broken(None, style, frags=[_plain(style).clone(text=marked)])


@cache
def _plain(style: ParagraphStyle) -> Any:
    """What the parser makes of a text without markup in this style."""
    (found,) = Paragraph("text", style).frags
    return found


def table_flowable(
    header: Sequence[str], rows: Sequence[Sequence[str]], row_headers: int, widths: Sequence[float]
) -> Table:
    """The table; its head is repeated on every page, and a row higher than a page is split."""
    right = [is_numeric_column([row[place] for row in rows]) for place in range(len(header))]
    heads = (HEAD_NUMBER_CELL if is_number else HEAD_CELL for is_number in right)
    styles = [NUMBER_CELL if right[place] and place >= row_headers else CELL for place in range(len(header))]
    cells = [
        [paragraph(text, style) for text, style in zip(header, heads, strict=True)],
        *([paragraph(text, style) for text, style in zip(row, styles, strict=True)] for row in rows),
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING / 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING / 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(
        cells, colWidths=list(widths), repeatRows=1, splitInRow=1, style=TableStyle(style), hAlign="LEFT"
    )


def column_widths(
    header: Sequence[str], rows: Sequence[Sequence[str]], available: float
) -> tuple[list[float], bool]:
    """Widths in points, and whether every column has room for its longest word.

    What fits on one line gets it; else the first column gets its line up to a quarter, and the columns share what is
    left above their longest words in proportion to what they miss. Where even the longest words have no room, all
    columns but the first shrink.
    """
    columns = list(zip(header, *rows, strict=True))
    least = [_PADDING + min(_WIDEST_WORD, _longest(column, words=True)) for column in columns]
    wanted = [_PADDING + min(_WIDEST_LINE, _longest(column, words=False)) for column in columns]
    if sum(wanted) <= available:
        return wanted, True
    if sum(least) >= available:
        # The names of the rows stay whole: broken ones are no names.
        name = min(least[0], available / 4)
        share = (available - name) / sum(least[1:])
        return [name, *(width * share for width in least[1:])], False
    # Short names of rows stay on one line, where the others have room for their longest words all the same.
    name = min(wanted[0], available / 4)
    least[0] = max(least[0], min(name, available - sum(least[1:])))
    missed = [want - low for want, low in zip(wanted, least, strict=True)]
    share = (available - sum(least)) / sum(missed)
    return [low + share * miss for low, miss in zip(least, missed, strict=True)], True


def _longest(column: Sequence[str], *, words: bool) -> float:
    head, *cells = column
    pieces = [(piece, BOLD) for piece in _pieces(head, words=words)]
    pieces += [(piece, SANS) for cell in cells for piece in _pieces(cell, words=words)]
    return max((_measured(piece, font) for piece, font in pieces), default=0.0)


@lru_cache(maxsize=8192)
def _measured(piece: str, font: str) -> float:
    return float(pdfmetrics.stringWidth(piece, font, CELL.fontSize))


def _pieces(text: str, *, words: bool) -> list[str]:
    return cleaned(text).split() if words else cleaned(text).split("\n")


SMALLEST_SHARE = 0.7


class Picture(Flowable):  # type: ignore[misc]
    """A PNG whose compressed lines enter the PDF as they are: both formats store them the same way."""

    def __init__(self, parts: PngParts, *, width: float, height: float) -> None:
        super().__init__()
        self.parts, self.width, self.height = parts, width, height
        self.hAlign = "LEFT"

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        name = f"picture-{hashlib.sha256(self.parts.lines).hexdigest()}"
        if not self.canv.hasForm(name):
            self.canv._doc.addForm(name, _PictureObject(self.parts))
        self.canv.saveState()
        self.canv.scale(self.width, self.height)
        self.canv.doForm(name)
        self.canv.restoreState()


class _PictureObject(PDFObject):  # type: ignore[misc]
    def __init__(self, parts: PngParts) -> None:
        self.parts = parts

    def format(self, document: Any) -> Any:
        parts = self.parts
        stream = PDFStream(content=parts.lines, filters=())
        how = {"Predictor": 15, "Colors": 3, "BitsPerComponent": 8, "Columns": parts.width}
        for key, value in {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": parts.width,
            "Height": parts.height,
            "ColorSpace": PDFName("DeviceRGB"),
            "BitsPerComponent": 8,
            "Filter": PDFArray([PDFName("FlateDecode")]),
            "DecodeParms": PDFArray([PDFDictionary(how)]),
            "Length": len(parts.lines),
        }.items():
            stream.dictionary[key] = value
        return stream.format(document)


def figure_flowable(png: bytes, *, width: float, height: float, comfortable: float | None = None) -> Picture:
    """The image at the size it was drawn for, at most of this width and height in points.

    One that is higher than ``comfortable`` is made up to three tenths smaller, so that two stand on a page.
    """
    parts = png_parts(png)
    natural_x, natural_y = parts.width / parts.dpi * inch, parts.height / parts.dpi * inch
    scale = min(1.0, width / natural_x, height / natural_y)
    if comfortable is not None:
        scale = max(min(scale, comfortable / natural_y), SMALLEST_SHARE * scale)
    return Picture(parts, width=natural_x * scale, height=natural_y * scale)
