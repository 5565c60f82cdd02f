"""Type and tables of the product's PDF documents: fonts that are embedded, and text that is only ever text."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import matplotlib
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

INK: Color = HexColor("#1b2027")
DIM: Color = HexColor("#4a5460")
# Higher rows than this may not fit a page, with the margins of the documents and a head above them.
HIGHEST_ROW = 240 * mm
LINE: Color = HexColor("#c3c9d0")
FONTS = {
    "DejaVu": "DejaVuSans.ttf",
    "DejaVu-Bold": "DejaVuSans-Bold.ttf",
    "DejaVu-Mono": "DejaVuSansMono.ttf",
}
# Scripts that DejaVu lacks. These fonts are named and not embedded: every viewer brings its own for them.
_ASIAN = (
    ("HYSMyeongJo-Medium", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")),
    ("HeiseiMin-W3", re.compile("[\u3040-\u30ff]+")),
    ("STSong-Light", re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]+")),
)

BODY = ParagraphStyle("body", fontName="DejaVu", fontSize=8.5, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=10.5, textColor=DIM)
BOLD = ParagraphStyle("bold", parent=BODY, fontName="DejaVu-Bold")
WARN = ParagraphStyle("warn", parent=BOLD, borderColor=INK, borderWidth=0.8, borderPadding=6)
TITLE = ParagraphStyle("title", parent=BODY, fontName="DejaVu-Bold", fontSize=17, leading=22)
HEADING = ParagraphStyle("heading", parent=BOLD, fontSize=11, leading=15, spaceBefore=12, spaceAfter=4)
MONO = ParagraphStyle(
    "mono", parent=BODY, fontName="DejaVu-Mono", fontSize=6.2, leading=8.2, splitLongWords=1
)


@cache
def register_fonts() -> None:
    """Make the fonts known to the library, once."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    for name, _ in _ASIAN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """Text as it is, line breaks kept; nothing in it is taken for markup."""
    return Paragraph(markup(text), style)


def markup(text: str) -> str:
    """The text for the library: escaped, and each script in a font that has it."""
    plain = "".join(one if one == "\n" or one.isprintable() else "\ufffd" for one in text)
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for font, script in _ASIAN:
        escaped = script.sub(lambda found, font=font: f'<font name="{font}">{found[0]}</font>', escaped)  # type: ignore[misc]
    return escaped.replace("\n", "<br/>")


class _Rows(Table):  # type: ignore[misc]
    """Rows that stay whole, but for one that no page can hold: that goes on over the page."""

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        self.wrap(avail_width, avail_height)
        self.splitInRow = int(max(self._rowHeights) > HIGHEST_ROW)
        parts: list[Flowable] = super().split(avail_width, avail_height)
        return parts


def table(
    rows: Sequence[Sequence[Paragraph]], widths: Sequence[float | None], *, has_head: bool = False
) -> Table:
    """Rows of paragraphs; the head is repeated on every page."""
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]
    if has_head:
        style.append(("LINEBELOW", (0, 0), (-1, 0), 0.8, INK))
    return _Rows(
        [list(row) for row in rows],
        colWidths=list(widths),
        repeatRows=1 if has_head else 0,
        style=TableStyle(style),
        hAlign="LEFT",
    )
