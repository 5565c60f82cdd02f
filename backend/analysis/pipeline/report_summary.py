"""The head of the report: the main results of every section in a few short tables, and how much was computed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.cohort_names import ALL_CASES
from backend.analysis.mrmc.readers import left_out_text
from backend.analysis.pipeline.apparent import is_apparent
from backend.analysis.pipeline.report_cells import Sheet, ci_of, group_of, printed
from backend.analysis.pipeline.report_tables_cutoffs import main_carried
from backend.analysis.pipeline.results import AnalysisResults, Item
from backend.analysis.reporting.content import ReportSection, ReportTable
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.results import Result
from backend.analysis.study_report import CALL

SUMMARY_KEY, SUMMARY_TITLE = "main-results", "Main results"
OPENING = (
    "The main comparisons at a glance; every number stands again in its section, with the warnings and the left-out "
    "cases that belong to it. Nothing here was chosen by its result."
)
READERS_POOLED = ("mrmc", "free_response")
APPARENT_NOTE = "Apparent: the models were made on these cases or some of them, so the area is optimistic."
APPARENT_CALLS = "Apparent: the model was made on these cases or some of them, so the shares are optimistic."
STATES = {"done": "done", "not_applicable": "does not apply", "failed": "refused"}


@dataclass(frozen=True, slots=True)
class SectionCount(Result):
    """How many results a section has, how many of them are as a whole not estimable, and how many the data refused."""

    section: str
    title: str
    state: str
    results: int
    not_estimable: int
    refused: int


def section_counts(results: AnalysisResults) -> tuple[SectionCount, ...]:
    """The counts of all sections, in their order."""
    return tuple(
        SectionCount(
            section.key,
            section.title,
            section.state,
            len(section.items),
            sum(isinstance(item.result, NotEstimable) for item in section.items),
            len(section.failures),
        )
        for section in results.sections
    )


def summary_section(
    results: AnalysisResults, cohort: str, development: Collection[str] = ()
) -> ReportSection:
    """Readers, models, calls, agreement and survival in a table each, then the counts of all sections.

    Parameters
    ----------
    cohort
        The column that names the cohort of a case; empty where there is none.
    development
        The cohorts on whose cases the models were made: their areas stand after those of the others.
    """
    tables = (
        _readers(results),
        _areas(results, cohort, development),
        _calls(results),
        main_carried(results),
        _agreement(results),
        _models_with_readers(results),
        _concordance(results),
    )
    linked = tuple(section.key.replace("_", "-") for section in results.sections if section.state == "done")
    return ReportSection(
        SUMMARY_KEY,
        SUMMARY_TITLE,
        (OPENING,),
        (*(table for table in tables if table is not None), _counts(results)),
        see=linked,
    )


def _items(results: AnalysisResults, section: str, kind: str) -> Iterator[Item]:
    for item in results.section(section).items:
        if group_of(item)[0] == kind:
            yield item


def _table(sheet: Sheet, results: AnalysisResults, section: str, *more: str) -> ReportTable | None:
    """The table with what holds for every result of the section that it is taken from; none without a row."""
    return None if sheet.is_empty else sheet.tabled(*more, *results.section(section).warnings).table


def _unestimated(sheet: Sheet, name: str, reason: NotEstimable, cells: int) -> None:
    sheet.add(name, sheet.text(reason), *([NONE] * (cells - 2)))


def _readers(results: AnalysisResults) -> ReportTable | None:
    """Means and differences of the arms, readers and cases random: of AUC, else of the first figure analyzed.

    Of ratings; of marks where no rating was analyzed.
    """
    section = next(
        (key for key in READERS_POOLED if any(_items(results, key, "or_jackknife"))), READERS_POOLED[0]
    )
    found = list(_items(results, section, "or_jackknife"))
    areas = [item for item in found if item.key == "or_jackknife/AUC"] or found[:1]
    sheet = Sheet(
        "main-readers",
        "Mean of the readers by arm, and differences between arms",
        ("", f"Mean or difference ({ci_of(results.level)})", "P"),
        said=("Obuchowski-Rockette by jackknife; readers and cases random.",),
    )
    for item in areas:
        one = item.result
        if isinstance(one, NotEstimable):
            _unestimated(sheet, item.title, one, 3)
            continue
        analysis, figure = one.random_readers_random_cases, one.figure
        for mean in analysis.means:
            sheet.add(f"{figure}, {mean.modality}", sheet.with_ci(mean.mean, mean.ci), NONE)
        for pair in analysis.differences:
            sheet.add(
                f"{figure}, {pair.modality_a} minus {pair.modality_b}",
                sheet.with_ci(pair.difference, pair.ci),
                sheet.p(pair.p),
            )
    left = [left_out_text(item.result.not_taken) for item in _items(results, section, "readers")]
    return _table(sheet, results, section, *left)


def _areas(results: AnalysisResults, cohort: str, development: Collection[str]) -> ReportTable | None:
    """Areas of the models: by cohort, those of their development and of all cases last, and marked as apparent."""
    models = [item for item in _items(results, "roc", "curve") if _is_of_model(item)]
    groups = [
        group
        for item in _items(results, "roc", "groups")
        if cohort and item.key == f"groups/{cohort}" and not isinstance(item.result, NotEstimable)
        for group in item.result.groups
    ]
    labels = {group.labels[cohort] for group in groups}
    made_on = labels if ALL_CASES in development else labels.intersection(development)
    is_made_here = bool(made_on) or ALL_CASES in development
    sheet = Sheet(
        "main-models",
        "Area under the ROC curve of the models",
        ("Model", "Cases", "Positive/negative", f"AUC ({ci_of(results.level)})"),
        row_headers=2,
        said=("DeLong's intervals.", *((APPARENT_NOTE,) if is_made_here else ())),
    )
    for item in models:
        name = item.key.removeprefix("curve/")
        own = [group for group in groups if group.labels["curve"] == name]
        for group in sorted(own, key=lambda one: one.labels[cohort] in made_on):
            label = group.labels[cohort]
            cases = _marked(label, is_made_here=label in made_on)
            _area(sheet, name, cases, group.result, group.result.plain)
        all_cases = _marked("all", is_made_here=is_made_here)
        _area(sheet, name, all_cases, item.result.auc, item.result.auc.ci)
    return _table(sheet, results, "roc")


def _marked(cases: str, *, is_made_here: bool) -> str:
    return f"{cases} (apparent)" if is_made_here else cases


def _is_of_model(item: Item) -> bool:
    return not isinstance(item.result, NotEstimable) and item.result.curve.kind == "model"


def _area(sheet: Sheet, name: str, cases: str, area: Any, ci: Any) -> None:
    sheet.add(name, cases, f"{area.n_positive}/{area.n_negative}", sheet.with_ci(area.auc, ci))


def _calls(results: AnalysisResults) -> ReportTable | None:
    """Sensitivity and specificity of every reader, arm and model at the cut-off that was stated before."""
    ci = ci_of(results.level)
    everybody = _curve_names(results)
    items = [
        item
        for item in _items(results, "operating_points", "at_cutoff")
        if item.key.removeprefix("at_cutoff/") in everybody
    ]
    any_apparent = any(is_apparent(item.warnings) for item in items)
    sheet = Sheet(
        "main-calls",
        "Sensitivity and specificity at the stated cut-off",
        ("", f"Sensitivity, % ({ci}) [n/N]", f"Specificity, % ({ci}) [n/N]"),
        said=("Clopper-Pearson (exact) intervals.", *((APPARENT_CALLS,) if any_apparent else ())),
    )
    for item in items:
        name = _marked(printed(item.title), is_made_here=is_apparent(item.warnings))
        if isinstance(item.result, NotEstimable):
            _unestimated(sheet, name, item.result, 3)
            continue
        row = item.result.rows[0]
        sheet.add(name, sheet.share(row.sensitivity), sheet.share(row.specificity))
    return _table(sheet, results, "operating_points")


def _curve_names(results: AnalysisResults) -> set[str]:
    """Readers in arms and models as the keys name them, without subgroups; a slash in a name is no divider."""
    section = results.section("roc")
    keys = [*(item.key for item in section.items), *(failure.key for failure in section.failures)]
    return {key.removeprefix("curve/") for key in keys if key.startswith("curve/")}


def _agreement(results: AnalysisResults) -> ReportTable | None:
    """Fleiss' kappa of the calls in every arm; of the first question where there are no calls."""
    found = [item for item in _items(results, "agreement", "fleiss") if "/" in item.key]
    first = [item for item in found if group_of(item)[1] == CALL] or [
        item for item in found if group_of(item)[1] == group_of(found[0])[1]
    ]
    sheet = Sheet(
        "main-agreement",
        "Agreement of the readers",
        ("", "Readers", "Cases", f"Fleiss' kappa ({ci_of(results.level)})"),
    )
    for item in first:
        one = item.result
        if isinstance(one, NotEstimable):
            _unestimated(sheet, item.title, one, 4)
            continue
        kappa = sheet.with_ci(one.overall.estimate, one.overall.ci, 2)
        sheet.add(
            printed(item.title.removesuffix(": Fleiss' kappa")), str(len(one.raters)), str(one.n), kappa
        )
    return _table(sheet, results, "agreement")


def _models_with_readers(results: AnalysisResults) -> ReportTable | None:
    """Cohen's kappa of every model's calls with those of each reader, in every arm."""
    sheet = Sheet(
        "main-agreement-models",
        "Agreement of the models with the readers: calls",
        ("Model", "Reader", "Arm", "Cases", f"Cohen's kappa ({ci_of(results.level)})", "Band"),
        row_headers=2,
        said=("Bands of Landis and Koch.",),
    )
    has_models = any(_is_of_model(item) for item in _items(results, "roc", "curve"))
    for item in _items(results, "agreement", "grid_unweighted"):
        grid, arm = item.result, "/".join(group_of(item)[2:])
        if group_of(item)[1] != CALL:
            continue
        if isinstance(grid, NotEstimable):
            if has_models:
                _unestimated(sheet, printed(item.title), grid, 6)
            continue
        for model in grid.models:
            row = grid.cells[grid.raters.index(model)]
            for reader, cell in zip(grid.raters, row, strict=True):
                if cell is not None and reader not in grid.models:
                    kappa = sheet.with_ci(cell.kappa, cell.ci, 2)
                    sheet.add(model, reader, arm, str(cell.n), kappa, sheet.text(cell.band))
    return _table(sheet, results, "agreement")


def _concordance(results: AnalysisResults) -> ReportTable | None:
    """Harrell's C of every score and endpoint."""
    sheet = Sheet(
        "main-survival",
        "Concordance with time to event",
        ("", f"Harrell's C ({ci_of(results.level)})"),
    )
    for item in _items(results, "survival", "harrell"):
        name = item.title.removesuffix(", concordance (Harrell)")
        if isinstance(item.result, NotEstimable):
            _unestimated(sheet, name, item.result, 2)
            continue
        sheet.add(name, sheet.with_ci(item.result.c, item.result.ci))
    return _table(sheet, results, "survival")


def _counts(results: AnalysisResults) -> ReportTable:
    rows: list[Sequence[str]] = [
        (
            one.title,
            STATES[one.state],
            str(one.results),
            str(one.not_estimable),
            str(one.refused),
        )
        for one in section_counts(results)
    ]
    return ReportTable(
        "main-counts",
        "What was computed",
        ("Section", "State", "Results", "Not estimable", "Refused by the data"),
        tuple(tuple(row) for row in rows),
        notes=("Not estimable: as a whole; parts that are not say so where they stand.",),
    )
