"""The PDF document, read back: the same words as the HTML, numbered pages, the same bytes."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from backend.analysis.errors import AnalysisError
from backend.analysis.reporting.content import ReportContent, ReportFigure, ReportSection, ReportTable
from backend.analysis.reporting.pdf_report import pdf_report
from backend.analysis.reporting.pdf_style import column_widths, figure_flowable

HOSTILE = "<b>bold</b> & <para> </para> &lt; \x00 \u202e 림프절 リンパ節 淋巴结"


@pytest.fixture
def reader(content: ReportContent) -> PdfReader:
    return PdfReader(io.BytesIO(pdf_report(content)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_it_says_what_the_content_says(reader: PdfReader, content: ReportContent) -> None:
    text = words(reader)
    for said in (
        content.title,
        content.subtitle,
        str(content.synthetic_label),
        "It is not a medical device",
        "Where these results come from",
        "Table 1. Kappa of the call",
        "Table 3. Operating points",
        "Figure 1. ROC curves",
        "Does not apply: no marks were drawn",
        "there is no follow-up",
        "Washout of 20 days",
        "DeLong's paired z test",
        "1. Cohen J. A coefficient of agreement",
        "GRRAS",
        "to be completed by the authors",
        "Cut-offs were chosen on the same data.",
    ):
        assert said.lower() in text.lower(), said
    assert content.provenance[0].value in text.replace(" ", "")


def test_every_page_says_what_it_is_a_page_of(reader: PdfReader, content: ReportContent) -> None:
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert f"{content.title} · Research software, not a medical device" in text
        assert f"{number} / {len(reader.pages)}" in text
        assert str(content.synthetic_label) in text


def test_the_same_content_gives_the_same_bytes(content: ReportContent) -> None:
    assert pdf_report(content) == pdf_report(replace(content))


def test_metadata_bookmarks_and_fonts(reader: PdfReader, content: ReportContent) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == content.title
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles[:3] == ["Where these results come from", "Agreement", "Accuracy"]
    assert "Statistical methods" in titles
    places = [reader.get_destination_page_number(one) for one in reader.outline if not isinstance(one, list)]
    assert places == sorted(places)
    assert places[-1] is not None
    assert places[-1] > 0
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert any("/FontFile2" in font.get_object().get("/FontDescriptor", {}) for font in fonts)


def test_hostile_texts_stay_texts(content: ReportContent) -> None:
    table = ReportTable("bad", HOSTILE, (HOSTILE, "n"), ((HOSTILE, "1"),), notes=(HOSTILE,))
    section = ReportSection("bad-part", HOSTILE, (HOSTILE,), (table,))
    reader = PdfReader(io.BytesIO(pdf_report(replace(content, title=HOSTILE, sections=(section,)))))
    text = words(reader)
    assert "<b>bold</b> & <para> </para> &lt;" in text
    assert "림프절" in text


def test_long_and_wide_tables_fit_their_pages(content: ReportContent) -> None:
    wide = ReportTable(
        "wide",
        "Wide",
        ("Reader", *(f"Measurement{place}" for place in range(14))),
        tuple((f"reader{row}", *["0.123 (0.111, 0.222)"] * 14) for row in range(60)),
    )
    tall = ReportTable(
        "tall", "Tall", ("Case", "Reason"), (("A-0001", "reason " * 2000), ("x" * 400, "short"))
    )
    section = ReportSection("tables", "Tables", tables=(wide, tall))
    reader = PdfReader(io.BytesIO(pdf_report(replace(content, sections=(section,), checklists=()))))
    turned = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) > 1
    # A head too narrow for its word breaks it: what is read back has gaps that the word has not.
    assert all("Measurement13" in "".join(page.extract_text().split()) for page in turned)
    text = words(reader)
    assert text.count("reason") >= 2000
    assert "reader59" in text


def test_a_figure_is_printed_at_the_size_it_was_drawn_for(reader: PdfReader, figure: ReportFigure) -> None:
    assert sum(len(page.images) for page in reader.pages) == 1
    [printed] = [image for page in reader.pages for image in page.images]
    assert printed.image is not None
    drawn = Image.open(io.BytesIO(figure.png))
    assert drawn.width == pytest.approx(270, abs=0.5)
    assert printed.image.tobytes() == drawn.tobytes()
    small = figure_flowable(figure.png, width=100.0, height=1000.0)
    assert small.width == pytest.approx(100.0)
    assert figure_flowable(figure.png, width=1000.0, height=1000.0).width == pytest.approx(4.5 * 72, abs=1)


def test_what_cannot_be_printed_is_refused_as_in_the_html(content: ReportContent) -> None:
    with pytest.raises(AnalysisError) as refused:
        pdf_report(replace(content, title=""))
    assert refused.value.code == "title_empty"


def links_in(reader: PdfReader) -> int:
    """Links within the document; the library refuses to write one that leads nowhere."""
    found = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert all(note["/Dest"].get_object()[0].get_object()["/Type"] == "/Page" for note in found)
    return len(found)


def test_a_section_leads_to_others_that_the_report_has(content: ReportContent) -> None:
    target = ReportSection("target", "Target of a link", ("Text.",))
    first = ReportSection("first", "First", ("Text.",), see=("target",))
    reader = PdfReader(io.BytesIO(pdf_report(replace(content, sections=(first, target)))))
    assert "In full: Target of a link." in words(reader)
    plain = pdf_report(replace(content, sections=(replace(first, see=()), target)))
    assert links_in(reader) == links_in(PdfReader(io.BytesIO(plain))) + 1
    with pytest.raises(AnalysisError) as refused:
        pdf_report(replace(content, sections=(first,)))
    assert refused.value.code == "section_unknown"


def test_short_names_of_rows_stay_on_one_line_where_the_other_columns_have_to_break() -> None:
    header = ("Reader", *(f"Followed the model, model right, number {n}" for n in range(6)))
    rows = [("Reader 1", *["33.3 [10/30]"] * 6), ("All readers", *["40.7 [46/113]"] * 6)]
    widths, fits = column_widths(header, rows, 480.0)
    alone, _ = column_widths(header[:1], [row[:1] for row in rows], 480.0)
    assert fits
    assert widths[0] == pytest.approx(alone[0])
    assert sum(widths) == pytest.approx(480.0)
    long, _ = column_widths(header, [("reader " * 40, *rows[0][1:])], 480.0)
    assert long[0] >= 120.0
    assert sum(long) == pytest.approx(480.0)
