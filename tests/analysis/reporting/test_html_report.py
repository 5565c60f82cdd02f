"""The HTML document: what a person without sight, mouse or network needs of it, and that no text becomes markup."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.reporting.content import (
    RESEARCH_LINE,
    FilledChecklist,
    FilledItem,
    ProvenanceRow,
    ReportContent,
    ReportFigure,
    ReportSection,
    ReportTable,
    Sentence,
)
from backend.analysis.reporting.html_report import html_report
from backend.analysis.reporting.html_style import STYLE, STYLE_SOURCE

VOID = {"meta", "img", "link", "br", "hr", "input"}
HOSTILE = "</title><script>alert(1)</script> & \"q\" 'r' <img src=x onerror=y> \u202e\x00\ud800"
SHOWN = "</title><script>alert(1)</script> & \"q\" 'r' <img src=x onerror=y> \ufffd\ufffd\ufffd"


class Page(HTMLParser):
    """The document read back: elements in order with their attributes, text by element, and broken nesting."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append((tag, ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.texts:
            tag, before = self.texts[-1]
            self.texts[-1] = (tag, before + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str) -> list[str]:
        return [text.strip() for name, text in self.texts if name == tag]


@pytest.fixture
def page(content: ReportContent) -> Page:
    return Page(html_report(content))


def test_the_document_is_whole_and_says_its_language(page: Page) -> None:
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert page.text("title") == ["Lateral nodes"]
    assert page.text("h1") == ["Lateral nodes"]


def test_headings_stand_in_order_without_a_gap(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert page.text("h2") == [
        "Contents",
        "Where these results come from",
        "Agreement",
        "Accuracy",
        "Analyses that do not apply",
        "Deviations from the protocol",
        "Statistical methods",
        "References",
        "Reporting checklists",
    ]


def test_every_address_is_there_once_and_every_link_leads_to_one(page: Page) -> None:
    ids = [str(attributes["id"]) for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(link["href"]) for link in page.all("a")]
    assert targets
    assert all(target[0] == "#" and target[1:] in ids for target in targets)
    labels = [
        str(attributes["aria-labelledby"])
        for _, attributes in page.elements
        if "aria-labelledby" in attributes
    ]
    assert set(labels) <= set(ids)


def test_tables_have_a_caption_and_header_cells_with_scope(page: Page, content: ReportContent) -> None:
    assert len(page.all("table")) == len(page.all("caption")) == 3 + 1 + 1 + 1 + 1
    scopes = [attributes.get("scope") for attributes in page.all("th")]
    assert set(scopes) == {"col", "row"}
    captions = page.text("caption")
    assert [caption for caption in captions if caption.startswith("Table")] == [
        "Table 1. Kappa of the call",
        "Table 2. Areas under the curve",
        "Table 3. Operating points",
    ]
    kappa = content.sections[0].tables[0]
    rows = [text for tag, text in page.texts if tag == "th"]
    assert set(kappa.header[1:]) <= {row.strip() for row in rows}


def test_wide_tables_scroll_by_keyboard_under_a_name(page: Page) -> None:
    scrolled = [one for one in page.all("div") if one.get("class") == "scroll"]
    assert len(scrolled) == len(page.all("table"))
    assert all(
        one["tabindex"] == "0" and one["role"] == "region" and one["aria-labelledby"] for one in scrolled
    )


def test_figures_hold_the_svg_and_say_what_they_show(
    page: Page, figure: ReportFigure, content: ReportContent
) -> None:
    (image,) = page.all("img")
    assert image["alt"] == figure.alt
    head, data = str(image["src"]).split(",", 1)
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data) == figure.svg
    assert "<figcaption><strong>Figure 1.</strong> ROC curves</figcaption>" in html_report(content)


def test_the_document_runs_nothing_and_fetches_nothing(page: Page, content: ReportContent) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    assert not [
        name
        for _, attributes in page.elements
        for name in attributes
        if name.startswith("on") or name == "style"
    ]
    (policy,) = [
        one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in str(policy)
    assert STYLE_SOURCE in str(policy)
    assert "http" not in html_report(replace(content, sections=content.sections[:1])).lower().replace(
        "http-equiv", ""
    )


def test_the_policy_names_the_style_sheet_as_it_stands(content: ReportContent) -> None:
    html = html_report(content)
    assert f"<style>{STYLE}</style>" in html
    assert "@media print" in STYLE
    assert "url(" not in STYLE


def test_it_says_that_it_is_research_and_synthetic(content: ReportContent) -> None:
    html = html_report(content)
    assert html.count(RESEARCH_LINE) == 2
    assert str(content.synthetic_label) in html
    assert str(content.synthetic_label) not in html_report(replace(content, synthetic_label=None))


def test_the_same_content_gives_the_same_bytes(content: ReportContent) -> None:
    assert html_report(content) == html_report(replace(content))


def test_hostile_texts_stay_texts(content: ReportContent, figure: ReportFigure) -> None:
    table = ReportTable("bad", HOSTILE, (HOSTILE, HOSTILE), ((HOSTILE, HOSTILE),), notes=(HOSTILE,))
    bad = ReportSection(
        "hostile",
        HOSTILE,
        (HOSTILE,),
        (table,),
        (replace(figure, key="bad-figure", alt=HOSTILE, caption=HOSTILE),),
        (HOSTILE,),
        HOSTILE,
    )
    item = FilledItem("1", HOSTILE, HOSTILE, "filled", HOSTILE, HOSTILE)
    methods = replace(
        content.methods,
        paragraphs=(
            replace(content.methods.paragraphs[0], title=HOSTILE, sentences=(Sentence(HOSTILE, (1,)),)),
        ),
        references=(HOSTILE,),
    )
    html = html_report(
        replace(
            content,
            title=HOSTILE,
            subtitle=HOSTILE,
            synthetic_label=HOSTILE,
            provenance=(ProvenanceRow(HOSTILE, HOSTILE),),
            sections=(bad,),
            methods=methods,
            checklists=(FilledChecklist("own", HOSTILE, HOSTILE, (item,)),),
        )
    )
    html.encode()
    page = Page(html)
    assert page.open == []
    assert not page.all("script")
    assert [one["alt"] for one in page.all("img")] == [SHOWN]
    assert page.text("title") == page.text("h1") == [SHOWN]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_line_break_in_a_text_stays_one(content: ReportContent) -> None:
    section = ReportSection("lines", "Lines", ("one\r\ntwo",))
    assert "<p>one\ntwo</p>" in html_report(replace(content, sections=(section,)))


def test_citations_lead_to_their_references(page: Page, content: ReportContent) -> None:
    cited = {
        number for part in content.methods.paragraphs for one in part.sentences for number in one.references
    }
    linked = {str(link["href"]) for link in page.all("a")}
    assert {f"#reference-{number}" for number in cited} <= linked
    assert cited == set(range(1, len(content.methods.references) + 1))


def test_without_deviations_it_says_whether_they_are_recorded(content: ReportContent) -> None:
    assert "No deviation from the protocol is on record." in html_report(replace(content, deviations=()))
    assert "holds no record of deviations" in html_report(replace(content, deviations=None))


def test_numbers_stand_to_the_right(content: ReportContent) -> None:
    table = ReportTable(
        "counts", "Counts", ("Reader", "TP", "Rule"), (("a", "12", "x"), ("b", "not estimable (a)", "y"))
    )
    html = html_report(replace(content, sections=(ReportSection("counts-part", "Counts", tables=(table,)),)))
    assert '<td class="number">12</td>' in html
    assert "<td>x</td>" in html


def broken(content: ReportContent, figure: ReportFigure) -> list[tuple[str, ReportContent]]:
    def with_section(**changes: object) -> ReportContent:
        return replace(content, sections=(replace(ReportSection("one", "One", ("text",)), **changes),))  # type: ignore[arg-type]

    table = ReportTable("t", "T", ("a", "b"), (("1", "2"),))
    deep = ReportSection("three", "Three", ("text",))
    return [
        ("title_empty", replace(content, title=" ")),
        ("title_empty", with_section(title="")),
        ("language_malformed", replace(content, language='en" onload="x')),
        ("key_malformed", with_section(key='x" y')),
        ("key_malformed", with_section(key="fixed-provenance")),
        ("key_repeated", with_section(tables=(table, table))),
        ("section_empty", with_section(paragraphs=())),
        ("section_too_deep", with_section(sections=(replace(deep, key="two", sections=(deep,)),))),
        ("caption_empty", with_section(tables=(replace(table, caption=""),))),
        ("table_without_columns", with_section(tables=(replace(table, header=(), rows=()),))),
        ("row_length", with_section(tables=(replace(table, rows=(("1",),)),))),
        ("row_headers_out_of_range", with_section(tables=(replace(table, row_headers=3),))),
        ("caption_empty", with_section(figures=(replace(figure, caption=""),))),
        ("alt_empty", with_section(figures=(replace(figure, alt=" "),))),
        ("not_svg", with_section(figures=(replace(figure, svg=b"<html><svg>"),))),
        ("not_png", with_section(figures=(replace(figure, png=b"GIF89a"),))),
        ("reference_unknown", replace(content, methods=replace(content.methods, references=()))),
        ("checklist_repeated", replace(content, checklists=content.checklists * 2)),
        ("key_malformed", replace(content, checklists=(replace(content.checklists[0], key="A b"),))),
    ]


def test_what_cannot_be_printed_is_refused_by_name(content: ReportContent, figure: ReportFigure) -> None:
    for code, wrong in broken(content, figure):
        with pytest.raises(AnalysisError) as refused:
            html_report(wrong)
        assert refused.value.code == code


def test_the_document_can_be_written_as_it_is(content: ReportContent, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html_report(content), encoding="utf-8")
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n<html lang=")
