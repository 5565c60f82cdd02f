"""The report of an analysis: every result in a table, no cell without sense, the same bytes, its dataset."""

import json
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.output import analysis_files, results_json
from backend.analysis.pipeline.report import REGISTER_KEY, all_tables, report_content, report_key
from backend.analysis.pipeline.report_figures import read_index
from backend.analysis.pipeline.report_files import report_files, report_json
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import AnalysisResults, Collector, Item, Section
from backend.analysis.pipeline.run import FILES_TITLE, SECTION_TITLES, STEPS, run_analysis
from backend.analysis.reporting.content import ReportContent
from backend.analysis.reporting.html_report import html_report
from backend.analysis.results import Interval

DEMOS = ("lpln-radiomics", "lln-segmentation", "cervix-dlrc", "larc-dm")
Datasets, Results = Callable[[str], DatasetFiles], Callable[[str], AnalysisResults]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
NO_NUMBER = re.compile(r"(?<![\w.])(nan|None|inf)(?![\w.])")


def content_of(results: AnalysisResults, inputs: DatasetFiles) -> ReportContent:
    return report_content(results, inputs, {}, ())


@pytest.mark.parametrize("name", DEMOS)
def test_every_result_stands_in_a_table_of_its_section(
    name: str, demo_dataset: Datasets, demo_results: Results
) -> None:
    results = demo_results(name)
    content = content_of(results, demo_dataset(name))
    register = {row[1] for table in content.sections[-1].tables for row in table.rows}
    for section in results.sections:
        held = {
            key
            for shown in section_tables(section, results.level)
            for tabled in shown.tables
            for key in tabled.items
        }
        assert held == {item.key for item in section.items}
        assert held <= register
        titles = [shown.title for shown in section_tables(section, results.level)]
        assert "Further results" not in titles, "a kind of result has no table of its own"
    assert content.sections[-1].key == REGISTER_KEY


@pytest.mark.parametrize("name", DEMOS)
def test_cells_hold_numbers_or_words(name: str, demo_dataset: Datasets, demo_results: Results) -> None:
    content = content_of(demo_results(name), demo_dataset(name))
    captions = [table.caption for table in all_tables(content.sections)]
    assert len(set(captions)) == len(captions), "a caption does not tell its table from another"
    for table in all_tables(content.sections):
        assert len({(row[: table.row_headers], row) for row in table.rows}) == len(table.rows), table.caption
        for row in table.rows:
            assert not any(NO_NUMBER.search(cell) for cell in row), (table.caption, row)
            assert not any(cell.startswith("-") for cell in row if table.key.split("-")[0] != REGISTER_KEY), (
                row
            )


def test_tables_show_the_numbers_of_the_results(demo_dataset: Datasets, demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    tables = {
        table.caption: table
        for table in all_tables(content_of(results, demo_dataset("lpln-radiomics")).sections)
    }
    pair = results.section("roc").item("delong/Reader 1, AIDED - Reader 1, UNAIDED").result.result
    compared = next(table for caption, table in tables.items() if caption.startswith("Areas compared"))
    row = next(row for row in compared.rows if row[:2] == ("Reader 1, AIDED", "Reader 1, UNAIDED"))
    low, high = (f"{bound:.3f}".replace("-", "−") for bound in (pair.ci.low, pair.ci.high))
    assert row[3:6] == (f"{pair.auc_a:.3f}", f"{pair.auc_b:.3f}", f"{pair.difference:.3f} ({low}, {high})")
    called = next(table for caption, table in tables.items() if caption == "Accuracy at the stated cut-offs")
    point = results.section("operating_points").item("at_cutoff/Reader 1, UNAIDED").result.rows[0]
    row = next(row for row in called.rows if row[0] == "Reader 1, UNAIDED: score ≥ 4")
    counts = (point.true_positives, point.false_negatives, point.false_positives, point.true_negatives)
    assert row[1:5] == tuple(map(str, counts))
    assert row[5].startswith(f"{100 * point.sensitivity.estimate:.1f} (")
    assert row[5].endswith(f"[{point.true_positives}/{point.true_positives + point.false_negatives}]")


def test_sections_carry_their_state(demo_dataset: Datasets, demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    written = json.loads(report_json(content_of(results, demo_dataset("lpln-radiomics")), results, ()))
    sections = {section["key"]: section for section in written["sections"]}
    for section in results.sections:
        own = sections[report_key(section.key)]
        reason = section.not_applicable.reason if section.not_applicable else None
        assert own["not_applicable"] == reason
        assert [failure["text"] for failure in own["failures"]] == [one.text for one in section.failures]
        for failure in section.failures:
            assert any(
                failure.text in row
                for inner in own["sections"]
                for table in inner["tables"]
                for row in table["rows"]
            )
    assert {one["analysis"] for one in written["not_applicable"]} == {
        section.title for section in results.sections if section.state == "not_applicable"
    }
    keys = [section["key"] for section in written["sections"]]
    assert keys[:4] == ["main-results", "reading", "flow", "table-one"]
    assert keys[-1] == REGISTER_KEY
    assert set(written) == {
        *(
            "schema_version",
            "title",
            "subtitle",
            "synthetic_label",
            "provenance",
            "summary",
            "sections",
            "methods",
        ),
        *("not_applicable", "deviations", "checklists"),
    }
    assert {checklist["key"] for checklist in written["checklists"]} == {
        "grras",
        "claim-2024",
        "stard-ai",
        "tripod-ai",
    }


@cache
def small_run(text: str) -> tuple[DatasetFiles, AnalysisResults, dict[str, bytes]]:
    inputs = read_dataset(json.loads(text))
    results = run_analysis(inputs)
    return inputs, results, analysis_files(results, inputs)


def test_the_files_hold_report_and_dataset_and_are_the_same_again(small_files: dict[str, str]) -> None:
    _, results, files = small_run(json.dumps(small_files, sort_keys=True))
    assert {"report.html", "report.pdf", "report.json", "methods.txt"} <= set(files)
    assert files["report.pdf"].startswith(b"%PDF-")
    dataset = {
        name.removeprefix("dataset/"): content.decode()
        for name, content in files.items()
        if name.startswith("dataset/")
    }
    assert dataset == small_files
    again = read_dataset(dataset)
    assert results_json(run_analysis(again)) == files["results.json"]
    figures = {
        name.removeprefix("figures/"): content
        for name, content in files.items()
        if name.startswith("figures/")
    }
    for name, content in report_files(results, again, figures).items():
        assert files[name] == content, name
    text = files["methods.txt"].decode()
    assert "References" in text


def test_figures_are_named_by_their_files(small_files: dict[str, str]) -> None:
    _, results, files = small_run(json.dumps(small_files, sort_keys=True))
    figures: list[dict[str, str]] = []
    sections = json.loads(files["report.json"])["sections"]
    for section in [*sections, *(inner for outer in sections for inner in outer["sections"])]:
        figures += section["figures"]
    drawn = {
        name.split("/")[1].removesuffix(".svg")
        for name in files
        if name.startswith("figures/") and name.endswith(".svg")
    }
    assert {figure["key"] for figure in figures} == drawn
    for figure in figures:
        own = results.section(figure["section"])
        assert any(
            item.key == figure["item"] or item.key.split("/")[0] == figure["item"] for item in own.items
        )
        assert figure["caption"].endswith(".")
        assert re.search(r"\d", figure["alt"]), figure["alt"]


def test_a_demonstration_gives_the_same_files_from_its_own_dataset(
    demo_dataset: Datasets, demo_results: Results
) -> None:
    inputs, results = demo_dataset("larc-dm"), demo_results("larc-dm")
    files = analysis_files(results, inputs, formats=())
    dataset = {
        name.split("/")[1]: text.decode() for name, text in files.items() if name.startswith("dataset/")
    }
    again = read_dataset(dataset)
    assert analysis_files(run_analysis(again), again, formats=()) == files


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_html_needs_nothing_outside_and_runs_nothing(
    demo_dataset: Datasets, demo_results: Results
) -> None:
    results = demo_results("lpln-radiomics")
    rows = b"figure,section,item,title,not_drawn,kind\nroc,roc,curve,ROC curves,,\n"
    figures = {"index.csv": rows, "roc.svg": SVG, "roc.png": PNG}
    content = report_content(results, demo_dataset("lpln-radiomics"), figures, read_index(figures))
    page = _Addresses()
    page.feed(html_report(content))
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in page.found)
    assert any(address.startswith("data:") for address in page.found)
    assert "script" not in page.tags


def test_a_dataset_without_an_estimable_number_gives_reasons(small_files: dict[str, str]) -> None:
    truth = re.sub(r",[01]$", ",1", small_files["truth.csv"], flags=re.MULTILINE)
    inputs = read_dataset({**small_files, "truth.csv": truth})
    results = run_analysis(inputs)
    content = content_of(results, inputs)
    notes = [note for table in all_tables(content.sections) for note in (*table.notes, *sum(table.rows, ()))]
    assert sum("ot estimable" in note for note in notes) > 10
    for section in results.sections:
        held = {
            key for shown in section_tables(section, 0.95) for tabled in shown.tables for key in tabled.items
        }
        assert held == {item.key for item in section.items}
    assert not any(NO_NUMBER.search(note) for note in notes)
    assert html_report(content)


def test_what_has_no_table_of_its_own_is_told_quantity_by_quantity() -> None:
    collector = Collector("novel", "Novel analysis")
    collector.add("spread", "Spread", lambda: Interval(0.25, 0.75, 0.95), n=4)
    collector.add("none", "Nothing", lambda: NotEstimable("no case has it"))
    section = collector.section()
    shown = section_tables(section, 0.95)
    assert [one.title for one in shown] == ["Further results", "Not estimable"]
    assert shown[0].tables[0].table.rows == (
        ("Spread", "low", "0.250"),
        ("Spread", "high", "0.750"),
        ("Spread", "level", "0.950"),
    )
    assert shown[1].tables[0].table.rows == (("Nothing", "no case has it"),)


def test_dropped_cases_and_warnings_stand_below_their_table(demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    section = results.section("roc")
    warned: list[Item] = [item for item in section.items if item.warnings or item.dropped]
    notes = _notes(section, results.level)
    assert warned
    for item in warned:
        for warning in item.warnings:
            assert any(warning.replace(">=", "≥") in note for note in notes), warning
        if item.dropped:
            assert any("left out" in note for note in notes)


def _notes(section: Section, level: float) -> list[str]:
    return [
        note
        for shown in section_tables(section, level)
        for tabled in shown.tables
        for note in tabled.table.notes
    ]


def test_deviations_are_those_of_the_dataset(small_files: dict[str, str]) -> None:
    none, empty, one = (
        read_dataset(small_files),
        read_dataset({**small_files, "deviations.csv": "when,what,subject,reason\n"}),
        read_dataset(
            {**small_files, "deviations.csv": "when,what,subject,reason\n2026-01-05,Read late,R1,illness\n"}
        ),
    )
    results = run_analysis(none)
    assert content_of(results, none).deviations is None
    assert content_of(results, empty).deviations == ()
    found = content_of(results, one).deviations
    assert found is not None
    assert [(row.when, row.what, row.subject, row.reason) for row in found] == [
        ("2026-01-05", "Read late", "R1", "illness")
    ]
    assert results.provenance.dataset_sha256 != run_analysis(one).provenance.dataset_sha256


def test_progress_is_told_before_each_step(small_files: dict[str, str]) -> None:
    told: list[tuple[int, int, str]] = []

    def tell(number: int, steps: int, title: str) -> None:
        told.append((number, steps, title))

    inputs = read_dataset(small_files)
    results = run_analysis(inputs, on_section=tell)
    analysis_files(results, inputs, formats=(), on_section=tell)
    titles = [*SECTION_TITLES.values(), FILES_TITLE]
    assert told == [(number, STEPS, title) for number, title in enumerate(titles)]
