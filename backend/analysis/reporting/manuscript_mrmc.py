"""Multi-reader results as tables for a manuscript.

Rounding and formats as in :mod:`backend.analysis.reporting.manuscript_tables`.
"""

from collections.abc import Sequence

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.inference import Analysis, ModalityDifference, OverallTest
from backend.analysis.mrmc.obuchowski_rockette import OrResult, ReaderDifference
from backend.analysis.mrmc.standalone import PanelTest, StandaloneResult
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.journal_numbers import (
    Footnotes,
    PFormat,
    level_text,
    number_text,
    p_statement,
)
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.results import Interval, format_estimate


def or_table(
    result: OrResult, *, key: str, caption: str, p_format: PFormat = "ama", digits: int = 3
) -> ReportTable:
    """Figure of merit by reader and modality, then the means and differences under the three generalizations."""
    notes = Footnotes(p_format)
    analyses = _or_analyses(result)
    pairs = tuple(
        dict.fromkeys(
            (item.modality_a, item.modality_b) for _, analysis in analyses for item in analysis.differences
        )
    )
    ci = f"{level_text(result.level)} CI"
    header = ["", *(f"{modality} ({ci})" for modality in result.modalities)]
    for a, b in pairs:
        header += [f"{a} minus {b} ({ci})", "P"]
    by_reader = {(one.reader, one.modality): (one.estimate, one.ci) for one in result.reader_figures}
    between = {(one.reader, one.modality_a, one.modality_b): one for one in result.reader_differences}
    rows = []
    for reader in result.readers:
        figures = [by_reader.get((reader, modality)) for modality in result.modalities]
        rows.append(_row(notes, reader, figures, [between.get((reader, *pair)) for pair in pairs], digits))
    for title, analysis in analyses:
        of_all = {one.modality: (one.mean, one.ci) for one in analysis.means}
        tested = {(one.modality_a, one.modality_b): one for one in analysis.differences}
        means = [of_all.get(modality) for modality in result.modalities]
        rows.append(_row(notes, f"Mean. {title}", means, [tested.get(pair) for pair in pairs], digits))
    said = [
        f"{result.figure}; {result.n_positive} positive and {result.n_negative} negative cases.",
        f"Design: {result.design_text}.",
        *_overall_tests(analyses, p_format),
    ]
    if result.missing:
        said.append(
            f"Reads that this design asks for and that are not among those analyzed: {len(result.missing)}."
        )
    return ReportTable(
        key, caption, tuple(header), tuple(rows), notes=(*said, *notes.notes(has_p=bool(pairs)))
    )


def standalone_table(
    result: StandaloneResult, *, key: str, caption: str, p_format: PFormat = "ama", digits: int = 3
) -> ReportTable:
    """The model alone against the mean of the readers, under the three generalizations."""
    notes = Footnotes(p_format)
    ci = f"{level_text(result.level)} CI"
    header = ["", f"Model minus readers ({ci})", "P", "P, superior"]
    with_margin = result.margin is not None
    if with_margin:
        header.append("P, non-inferior")
    rows = []
    for title, test in _panel_tests(result):
        row = [
            title,
            notes.with_ci(result.difference, test.ci, digits),
            notes.p(test.p),
            notes.p(test.p_superior),
        ]
        if with_margin:
            row.append(NONE if test.p_noninferior is None else notes.p(test.p_noninferior))
        rows.append(tuple(row))
    model = notes.with_ci(result.model_figure, result.model_ci, digits)
    mean = number_text(result.mean_of_readers, digits)
    said = [
        f"{result.figure}: {result.model} {model}, mean of {len(result.readers)} readers ({result.modality}) {mean}."
    ]
    if result.margin is not None:
        said.append(
            f"Non-inferiority margin {result.margin:g}. P of superiority and non-inferiority are one-sided."
        )
    else:
        said.append("P of superiority is one-sided.")
    return ReportTable(key, caption, tuple(header), tuple(rows), notes=(*said, *notes.notes()))


def _or_analyses(result: OrResult) -> tuple[tuple[str, Analysis], ...]:
    return (
        ("Random readers, random cases", result.random_readers_random_cases),
        ("Fixed readers, random cases", result.fixed_readers),
        ("Random readers, fixed cases", result.fixed_cases),
    )


def _overall_tests(analyses: Sequence[tuple[str, Analysis]], p_format: PFormat) -> tuple[str, ...]:
    """The test of each analysis; that of one modality, which has none under any of them, once."""
    tests = [analysis.test for _, analysis in analyses]
    if all(isinstance(test, NotEstimable) and test == tests[0] for test in tests):
        return (f"Overall test: {_overall(tests[0], p_format)}.",)
    return tuple(f"{title}: {_overall(analysis.test, p_format)}." for title, analysis in analyses)


def _panel_tests(result: StandaloneResult) -> tuple[tuple[str, PanelTest], ...]:
    return (
        ("Random readers, random cases", result.random_readers_random_cases),
        ("Fixed readers, random cases", result.fixed_readers),
        ("Random readers, fixed cases", result.fixed_cases),
    )


def _row(
    notes: Footnotes,
    label: str,
    figures: Sequence[tuple[Estimate, Interval | NotEstimable] | None],
    differences: Sequence[ReaderDifference | ModalityDifference | None],
    digits: int,
) -> tuple[str, ...]:
    cells = [NONE if figure is None else notes.with_ci(*figure, digits) for figure in figures]
    for one in differences:
        cells += [NONE, NONE] if one is None else notes.tested(one.difference, one.ci, one.p, digits)
    return (label, *cells)


def _overall(test: OverallTest | NotEstimable, p_format: PFormat) -> str:
    if isinstance(test, NotEstimable):
        return str(test)
    if isinstance(test.statistic, NotEstimable):
        return str(test.statistic)
    if isinstance(test.p, NotEstimable):
        return str(test.p)
    df2 = "" if test.df2 is None else f", {format_estimate(test.df2, digits=2)}"
    name = "F" if test.distribution == "F" else "chi-square"
    statistic = number_text(test.statistic, 2)
    return f"{name}({test.df1}{df2}) = {statistic}, P {p_statement(test.p, p_format)}"
