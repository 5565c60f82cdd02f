"""What a report holds, as plain records: whoever fills them needs to know nothing of HTML or PDF.

All texts are plain text. Nothing in them is taken for markup, and a line break is a line break.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.results import Result

RESEARCH_LINE = (
    "This report was written by research software. It is not a medical device and must not be used for the care of "
    "patients."
)
SYNTHETIC_LABEL = "Synthetic demonstration data: these numbers describe no real patient and no real reader."

PROVENANCE_TITLE = "Where these results come from"
NOT_APPLICABLE_TITLE = "Analyses that do not apply"
DEVIATIONS_TITLE = "Deviations from the protocol"
METHODS_TITLE = "Statistical methods"
REFERENCES_TITLE = "References"
CHECKLISTS_TITLE = "Reporting checklists"
SEE = "In full:"
TO_COMPLETE = "to be completed by the authors"

Status: TypeAlias = Literal["filled", "partly filled", "to complete"]


@dataclass(frozen=True, slots=True)
class ReportTable(Result):
    """A table as it is read and copied.

    Attributes
    ----------
    key
        Unique in the report: lower-case letters, digits, hyphens; becomes the address of the table in the document.
    caption
        What the table shows, without "Table 1": the documents number the tables themselves.
    header
        One text a column; the first may be empty.
    rows
        As many cells as the header each.
    row_headers
        How many columns at the left name the row (usually 1).
    notes
        Below the table: abbreviations, format of P values, reasons of what is not estimable.
    """

    key: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_headers: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A figure in both forms that the documents need.

    Attributes
    ----------
    key
        As of a table; shared with no table.
    caption
        Title and explanation, without "Figure 1".
    alt
        What the figure shows, for a person who does not see it: with the main numbers, never empty.
    svg, png
        The same figure; the HTML holds the SVG, the PDF the PNG.
    notes
        Below the figure.
    """

    key: str
    caption: str
    alt: str
    svg: bytes
    png: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: paragraphs, tables, figures, warnings, then sections one level below.

    A section that was asked for and cannot be says why in ``not_applicable``. ``see`` holds the keys of sections of the
    first level that this one leads to.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    figures: tuple[ReportFigure, ...] = ()
    warnings: tuple[str, ...] = ()
    not_applicable: str | None = None
    sections: tuple["ReportSection", ...] = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvenanceRow(Result):
    """One line of what the results come from: ``"Dataset (SHA-256)"`` and the digest, for example."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NotApplicable(Result):
    """An analysis that the report could hold and does not, and why."""

    analysis: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviationRow(Result):
    """One departure from the protocol: when (as it shall be printed), what, about whom or what, and why."""

    when: str
    what: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence(Result):
    """One or more sentences of the methods section, and the numbers of the references they end with."""

    text: str
    references: tuple[int, ...] = ()

    @property
    def cited(self) -> str:
        """The text with its numbers in brackets before the last full stop."""
        if not self.references:
            return self.text
        numbers = ", ".join(str(number) for number in self.references)
        return f"{self.text.removesuffix('.')} [{numbers}]."


@dataclass(frozen=True, slots=True)
class MethodsParagraph(Result):
    """One paragraph under its run-in title."""

    title: str
    sentences: tuple[Sentence, ...]

    @property
    def cited(self) -> str:
        """The paragraph as one text with the numbers of its references."""
        return " ".join(sentence.cited for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class MethodsText(Result):
    """The statistical methods section and its reference list; number 1 is the first reference."""

    paragraphs: tuple[MethodsParagraph, ...]
    references: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The section as text, for a manuscript."""
        parts = [f"{paragraph.title}. {paragraph.cited}" for paragraph in self.paragraphs]
        listed = [f"{number}. {text}" for number, text in enumerate(self.references, start=1)]
        return "\n\n".join([*parts, *(["References\n" + "\n".join(listed)] if listed else [])]) + "\n"


@dataclass(frozen=True, slots=True)
class FilledItem(Result):
    """One item of a checklist with what this study says to it, and where that stands."""

    number: str
    section: str
    content: str
    status: Status
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class FilledChecklist(Result):
    """A checklist, filled as far as the study's facts go."""

    key: str
    name: str
    citation: str
    items: tuple[FilledItem, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that the report says.

    Attributes
    ----------
    title
        The study's title.
    provenance
        Dataset, protocol, truth version, sets of reads, exclusions, software: what makes the results repeatable.
    sections
        The report's own parts, in the order they are read.
    methods
        From :func:`backend.analysis.reporting.methods_text.methods_text`.
    synthetic_label
        For demonstration data ``SYNTHETIC_LABEL``, shown at the head (and on every page of the PDF); else ``None``.
    subtitle
        Below the title, for example the version of the results.
    deviations
        Departures from the protocol; empty when there is none on record, ``None`` when nothing records them.
    language
        Of the texts, as HTML names it.
    """

    title: str
    provenance: tuple[ProvenanceRow, ...]
    sections: tuple[ReportSection, ...]
    methods: MethodsText
    synthetic_label: str | None = None
    subtitle: str = ""
    not_applicable: tuple[NotApplicable, ...] = ()
    deviations: tuple[DeviationRow, ...] | None = None
    checklists: tuple[FilledChecklist, ...] = ()
    language: str = "en"


def walk(sections: tuple[ReportSection, ...]) -> Iterator[ReportSection]:
    """All sections in the order they are read."""
    for section in sections:
        yield section
        yield from walk(section.sections)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of every table and figure by its key, in the order they are read, and the titles of sections."""

    tables: dict[str, int]
    figures: dict[str, int]
    titles: dict[str, str]


def numbers(content: ReportContent) -> Numbers:
    """Number the tables and the figures of the report's own sections."""
    read = list(walk(content.sections))
    tables = [table.key for section in read for table in section.tables]
    figures = [figure.key for section in read for figure in section.figures]
    return Numbers(
        {key: number for number, key in enumerate(tables, start=1)},
        {key: number for number, key in enumerate(figures, start=1)},
        {section.key: section.title for section in content.sections},
    )
