"""The report as files: HTML and PDF to read, JSON for a page, the methods section as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.report import report_content, report_key
from backend.analysis.pipeline.report_figures import FigureRow, figure_key, read_index
from backend.analysis.pipeline.report_summary import section_counts
from backend.analysis.pipeline.results import AnalysisResults, Section
from backend.analysis.reporting.content import NotApplicable, ReportContent, ReportFigure, ReportSection
from backend.analysis.reporting.html_report import html_report
from backend.analysis.reporting.pdf_report import pdf_report

SCHEMA_VERSION = 1


def report_files(
    results: AnalysisResults, inputs: DatasetFiles, figures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """``report.html``, ``report.pdf``, ``report.json`` and ``methods.txt``."""
    index = read_index(figures)
    content = report_content(results, inputs, figures, index)
    return {
        "report.html": html_report(content).encode(),
        "report.pdf": pdf_report(content),
        "report.json": report_json(content, results, index),
        "methods.txt": content.methods.plain.encode(),
    }


def report_json(content: ReportContent, results: AnalysisResults, figure_index: Sequence[FigureRow]) -> bytes:
    """The report for a page that draws it: keys sorted, no spaces, UTF-8.

    A figure is named by its file in ``figures/``, and says which item of the results it shows.
    """
    rows: dict[str, FigureRow] = {}
    for row in figure_index:
        if row.name:
            rows[figure_key(row.name, rows)] = row
    sections = {report_key(section.key): section for section in results.sections}
    refused = [
        NotApplicable(section.title, section.not_applicable)
        for section in content.sections
        if section.not_applicable is not None
    ]
    value = {
        "schema_version": SCHEMA_VERSION,
        "title": content.title,
        "subtitle": content.subtitle,
        "synthetic_label": content.synthetic_label,
        "provenance": [row.to_json() for row in content.provenance],
        "summary": [count.to_json() for count in section_counts(results)],
        "sections": [_section(section, rows, sections) for section in content.sections],
        "methods": {
            "paragraphs": [{"title": one.title, "text": one.cited} for one in content.methods.paragraphs],
            "references": list(content.methods.references),
        },
        "not_applicable": [row.to_json() for row in (*content.not_applicable, *refused)],
        "deviations": None if content.deviations is None else [row.to_json() for row in content.deviations],
        "checklists": [checklist.to_json() for checklist in content.checklists],
    }
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _section(
    section: ReportSection, rows: Mapping[str, FigureRow], sections: Mapping[str, Section]
) -> dict[str, Any]:
    own = sections.get(section.key)
    return {
        "key": section.key,
        "title": section.title,
        "paragraphs": list(section.paragraphs),
        "tables": [table.to_json() for table in section.tables],
        "figures": [_figure(figure, rows[figure.key]) for figure in section.figures],
        "warnings": list(section.warnings),
        "not_applicable": section.not_applicable,
        "failures": [failure.to_json() for failure in own.failures] if own else [],
        "see": list(section.see),
        "sections": [_section(inner, rows, sections) for inner in section.sections],
    }


def _figure(figure: ReportFigure, row: FigureRow) -> dict[str, Any]:
    return {
        "key": row.name,
        "caption": figure.caption,
        "alt": figure.alt,
        "notes": list(figure.notes),
        "section": row.section,
        "item": row.item,
        "kind": row.kind,
    }
