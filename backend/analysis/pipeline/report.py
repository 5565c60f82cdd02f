"""The report's content: every section of the results as tables, figures, warnings and reasons, and what frames them."""

from collections.abc import Iterator, Mapping, Sequence

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_additions import additions_told
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.report_cells import MOST_NAMED, left_out
from backend.analysis.pipeline.report_facts import provenance_rows, study_facts
from backend.analysis.pipeline.report_figures import FigureRow, report_figures
from backend.analysis.pipeline.report_methods import methods_of
from backend.analysis.pipeline.report_partitions import with_partitions
from backend.analysis.pipeline.report_reading import with_reading
from backend.analysis.pipeline.report_records import with_records
from backend.analysis.pipeline.report_summary import summary_section
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import AnalysisResults, Item, Section
from backend.analysis.pipeline.study import AnalysisSet, Study, study_of
from backend.analysis.pipeline.wording import wording_of
from backend.analysis.reporting.checklists import prefilled
from backend.analysis.reporting.claim_2024 import CLAIM_2024
from backend.analysis.reporting.content import (
    SYNTHETIC_LABEL,
    DeviationRow,
    FilledChecklist,
    NotApplicable,
    ReportContent,
    ReportFigure,
    ReportSection,
    ReportTable,
)
from backend.analysis.reporting.grras import GRRAS
from backend.analysis.reporting.journal_numbers import P_NOTES, level_text
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.reporting.stard_ai import STARD_AI
from backend.analysis.reporting.study_facts import Topic
from backend.analysis.reporting.tripod_ai import TRIPOD_AI

FIRST = ("flow", "table_one")
REGISTER_KEY, REGISTER_TITLE = "register", "All results and their cases"
NO_READER = "No reader read a case: the checklist is for studies of reliability and agreement."
NO_FIGURES = "No figure was drawn in both forms, so the report holds none."
TOPICS: dict[str, tuple[Topic, ...]] = {
    "flow": ("flow", "cases", "readers"),
    "table_one": ("table_one",),
    "agreement": ("agreement",),
    "intra_reader": ("intra_reader",),
    "roc": ("accuracy", "subgroups"),
    "operating_points": ("cross_tables",),
    "mrmc": ("mrmc", "design"),
    "free_response": ("accuracy",),
    "change_of_mind": ("change",),
    "models": ("calibration", "model"),
    "survival": ("survival",),
}
OPENINGS: dict[str, str] = {
    "flow": "From the cases and readers of the dataset to the reads that were analyzed.",
    "table_one": "The cases that the analysis set holds.",
    "agreement": "Agreement of readers and models with each other in each arm, and with the reference standard of a "
    "question where there is one.",
    "intra_reader": "Cases that came back to the same reader in the same arm: within the session, unannounced (hidden "
    "repeats), and between sessions (re-reads). The two are never pooled.",
    "features": "Features of drawn regions, between readers and within a reader who drew twice.",
    "roc": "A difference of arms is the later minus the earlier; of a model and a reader, the model minus the reader.",
    "operating_points": "Readers are positive from the stated score on; models as their own cut-off called.",
    "mrmc": "The difference of two arms is the later minus the earlier of the design.",
    "free_response": "Marks of the readers against the lesions of each case; differences are the later arm minus the "
    "earlier.",
    "change_of_mind": "What each reader answered to the same case in the earlier and in the later arm.",
    "reading_time": "Seconds of active reading.",
    "periods": "Whether the order in which the arms were read can have made the difference between them.",
    "models": "The models that gave probabilities, on all cases and in each cohort.",
    "survival": "Follow-up of each endpoint.",
    "per_protocol": "The main comparisons again, without what deviated from the protocol.",
}

OPENINGS_OF_RATINGS = {
    "roc": "A difference of modalities is the first minus the second.",
    "mrmc": "The difference of two modalities is the first minus the second.",
}
"""Of ``mrmc.csv`` alone, which has no arms of a design that follow each other."""
DIFFERENCES = (
    "Differences are the first minus the second; of two arms, the later minus the earlier; of a model and a reader, "
    "the model minus the reader."
)
DIFFERENCES_OF_RATINGS = "Differences are the first minus the second."


def report_content(
    results: AnalysisResults,
    inputs: DatasetFiles,
    figures: Mapping[str, bytes],
    figure_index: Sequence[FigureRow],
) -> ReportContent:
    """Everything that the report says.

    Parameters
    ----------
    inputs
        The dataset that the results were computed from.
    figures
        File name to bytes, as :func:`~backend.analysis.pipeline.figures.figure_files` gives them.
    figure_index
        Their rows (:func:`~backend.analysis.pipeline.report_figures.read_index`).
    """
    chosen: AnalysisSet = "per-protocol" if results.analysis_set == "per-protocol" else "as-read"
    study = None
    if inputs.study is not None:
        study = study_of(inputs, level=results.level, seed=results.seed, analysis_set=chosen)
    plan = inputs.design.analysis
    drawn = report_figures(results, figures, figure_index)
    first = [section for section in results.sections if section.key in FIRST]
    rest = [section for section in results.sections if section.key not in FIRST]
    openings = {**OPENINGS, **(OPENINGS_OF_RATINGS if study is None else {})}
    sections = [_section(section, results, drawn, figure_index, openings) for section in (*first, *rest)]
    return ReportContent(
        title=results.title,
        subtitle=_subtitle(results),
        synthetic_label=SYNTHETIC_LABEL if results.is_synthetic else None,
        provenance=provenance_rows(results),
        sections=(
            summary_section(results, plan.cohort, plan.development),
            _conventions(results, DIFFERENCES if study else DIFFERENCES_OF_RATINGS),
            *sections,
            _register(results),
        ),
        methods=methods_of(results, inputs, study),
        deviations=_deviations(inputs),
        not_applicable=() if _has_reads(study) else (NotApplicable(GRRAS.name, NO_READER),),
        checklists=_checklists(results, inputs, study),
    )


def _conventions(results: AnalysisResults, differences: str) -> ReportSection:
    """What holds for every table and figure, said once."""
    level = level_text(results.level)
    texts = (
        (
            f"Numbers in parentheses are {level} confidence intervals, unless the column says otherwise; "
            f"n/N in brackets "
            f"are counts. {differences}"
        ),
        f"{P_NOTES['ama']} They are two-sided, and uncorrected unless a column names a correction.",
        (
            "What the data leave undefined is printed as not estimable, with a letter whose reason "
            "stands below the table. "
            "A dash says that a cell has nothing to hold. Cases that a result had to leave out are named "
            "below its table, "
            "and every result with its key, method, cases and seed in the last section."
        ),
        f"Positive is: {results.positive_class}. Every number at full precision is in results.json and the CSV files.",
    )
    return ReportSection("reading", "How to read this report", texts)


def report_key(section: str) -> str:
    """The key of a section of the results in the report."""
    return section.replace("_", "-")


def _subtitle(results: AnalysisResults) -> str:
    which = "As-read set" if results.analysis_set == "as-read" else "Per-protocol set"
    return f"{which}, {level_text(results.level)} intervals, seed {results.seed}"


def _deviations(inputs: DatasetFiles) -> tuple[DeviationRow, ...] | None:
    rows = inputs.extras.deviations
    if rows is None:
        return None
    return tuple(DeviationRow(row.when, row.what, row.subject, row.reason) for row in rows)


def _checklists(
    results: AnalysisResults, inputs: DatasetFiles, study: Study | None
) -> tuple[FilledChecklist, ...]:
    places = [
        (topic, section.title)
        for section in results.sections
        if section.state == "done"
        for topic in TOPICS.get(section.key, ())
    ]
    facts = with_records(study_facts(results, inputs, study, places), inputs, study)
    facts = with_partitions(with_reading(facts, inputs, study), study)
    fitting = (*((GRRAS,) if _has_reads(study) else ()), CLAIM_2024, STARD_AI, TRIPOD_AI)
    return tuple(prefilled(checklist, facts) for checklist in fitting)


def _has_reads(study: Study | None) -> bool:
    """Whether anybody read a case; the ratings of ``mrmc.csv`` alone are reads."""
    return study is None or bool(study.study.reads)


Drawn = Mapping[str, tuple[FigureRow, ReportFigure]]


def _section(
    section: Section,
    results: AnalysisResults,
    drawn: Drawn,
    index: Sequence[FigureRow],
    openings: Mapping[str, str],
) -> ReportSection:
    key = report_key(section.key)
    if section.not_applicable is not None:
        return ReportSection(key, section.title, not_applicable=section.not_applicable.reason)
    shown = section_tables(section, results.level, wording_of(results))
    own = [(row, figure) for row, figure in drawn.values() if row.section == section.key]
    placed: set[str] = set()
    inner = []
    for number, part in enumerate(shown, start=1):
        figures = tuple(
            figure
            for row, figure in own
            if figure.key not in placed and row.item.split("/")[0] in part.prefixes
        )
        placed |= {figure.key for figure in figures}
        tables = tuple(tabled.table for tabled in part.tables)
        inner.append(ReportSection(f"{key}-part-{number}", part.title, tables=tables, figures=figures))
    rest = tuple(figure for _, figure in own if figure.key not in placed)
    if section.failures:
        inner.append(_failures(section, key))
    undrawn = _not_drawn([row for row in index if row.section == section.key and not row.name])
    opening = openings.get(section.key, f"{section.title}.")
    nothing = ("The data gave no result here; the reasons stand below.",) if section.state == "failed" else ()
    warnings = (*section.warnings, *additions_told(results.provenance.additions))
    if len(inner) == 1 and section.state == "done":
        only = inner[0]
        texts = (opening, *undrawn)
        figures = (*only.figures, *rest)
        return ReportSection(key, section.title, texts, only.tables, figures, warnings)
    return ReportSection(
        key,
        section.title,
        (opening, *nothing, *undrawn),
        figures=rest,
        warnings=warnings,
        sections=tuple(inner),
    )


def _not_drawn(rows: Sequence[FigureRow]) -> tuple[str, ...]:
    """Each reason once, with the figures that it keeps from being drawn."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row.not_drawn, []).append(row.title)
    return tuple(f"Not drawn: {_some(titles)} ({reason})." for reason, titles in by_reason.items())


def _some(titles: Sequence[str]) -> str:
    named, rest = titles[:MOST_NAMED], len(titles) - MOST_NAMED
    return "; ".join((*named, *((f"and {rest} more",) if rest > 0 else ())))


def _failures(section: Section, key: str) -> ReportSection:
    table = ReportTable(
        f"{key}-refused",
        f"{section.title}: results that the data refuse",
        ("Result", "Reason"),
        tuple((failure.title, failure.text) for failure in section.failures),
    )
    return ReportSection(f"{key}-failures", "Refused", tables=(table,))


def _register(results: AnalysisResults) -> ReportSection:
    """Every item with its key in the results, its method, its cases and its seed."""
    methods = {method.key: method.name for method in results.methods}
    tables = tuple(
        ReportTable(
            f"{REGISTER_KEY}-{report_key(section.key)}",
            f"{section.title}: every result",
            ("Result", "Key", "Method", "Cases", "Left out", "Seed", "State"),
            tuple(_register_row(item, methods) for item in section.items),
        )
        for section in results.sections
        if section.items
    )
    opening = (
        "What each result is called in results.json and in the CSV files, what it was computed from, and with which "
        "seed. A dash under cases: the result names the cases of its parts itself."
    )
    return ReportSection(REGISTER_KEY, REGISTER_TITLE, (opening,), tables)


def _register_row(item: Item, methods: Mapping[str, str]) -> tuple[str, ...]:
    return (
        item.title,
        item.key,
        methods.get(item.method, item.method) or NONE,
        NONE if item.n is None else str(item.n),
        left_out(item).removesuffix(".").replace(" left out", "") if item.dropped else "none",
        NONE if item.seed is None else str(item.seed),
        str(item.result) if isinstance(item.result, NotEstimable) else "estimated",
    )


def all_tables(sections: Sequence[ReportSection]) -> Iterator[ReportTable]:
    """Every table of the sections, those within sections too."""
    for section in sections:
        yield from section.tables
        yield from all_tables(section.sections)
