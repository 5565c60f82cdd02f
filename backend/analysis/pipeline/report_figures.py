"""The figures of the report: captions that stand alone, and texts with the main numbers for who does not see them."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.report_alt import main_numbers
from backend.analysis.pipeline.report_cells import printed
from backend.analysis.pipeline.results import FREE_RESPONSE_AGAIN, AnalysisResults, Item, Section
from backend.analysis.pipeline.wording import Wording, wording_of
from backend.analysis.reporting.content import ReportFigure

CALIBRATION = (
    "Observed frequency against predicted probability: lowess curve, groups of equal size with Wilson intervals, and "
    "the distribution of predictions; the diagonal is perfect calibration."
)
AGAIN = (
    "The same reader's second reading against the first, a panel a reader: the number of cases of each pair of "
    "answers, or the differences of measurements against their mean with bias and limits of agreement."
)
CAPTIONS: dict[tuple[str, str], str] = {
    (
        "flow",
        "",
    ): "Cases and readers that were enrolled and excluded, with reasons, reads by arm and session, and "
    "what was analyzed.",
    (
        "grid_unweighted",
        "",
    ): "Unweighted kappa of every pair of raters with its interval, shaded by the bands of Landis and Koch.",
    (
        "grid_linear",
        "",
    ): "Linearly weighted kappa of every pair of raters with its interval, shaded by the bands of "
    "Landis and Koch.",
    (
        "grid_quadratic",
        "",
    ): "Quadratically weighted kappa of every pair of raters with its interval, shaded by the bands "
    "of Landis and Koch.",
    (
        "bland_altman",
        "",
    ): "Difference of the two readers against their mean for every case, with the bias and the limits "
    "of agreement and their intervals.",
    ("within", ""): AGAIN,
    ("between", ""): AGAIN,
    ("reference", ""): "Counts of the answers (columns) by the reference standard (rows).",
    ("confusion", ""): "Counts of the calls (columns) by the reference standard (rows).",
    (
        "curve",
        "",
    ): "Empirical curves of every reader and arm and of every model, with the areas under them; the dashed "
    "diagonal is chance.",
    (
        "curve",
        "readers",
    ): "Empirical curves of each reader by arm, with the areas under them; the dashed diagonal is chance.",
    ("curve", "froc"): "Share of lesions marked against false marks per case, of each reader by arm.",
    (
        "curve",
        "afroc",
    ): "Share of lesions marked, each case weighing the same, against the share of negative cases with a "
    "false mark, of each reader by arm; the dashed ends lead to (1, 1).",
    (
        "curve",
        "lroc",
    ): "Share of positive cases whose highest mark is on a lesion, against the share of negative cases with a "
    "false mark, of each reader by arm; the dashed ends are level, for a case without a mark localizes nothing.",
    ("curve", "cut-offs"): "Empirical curve with the cut-offs and the partial area.",
    ("average", ""): "Average of the readers' empirical curves in each arm, with pointwise bootstrap bands.",
    (
        "band",
        "",
    ): "Empirical curve with its pointwise bootstrap band, which holds at each specificity by itself and not for the "
    "whole curve.",
    ("groups", "by-curve"): "Empirical curves by subgroup, one panel a curve.",
    ("groups", "by-group"): "Empirical curves within each subgroup, one panel a group.",
    (
        "or_jackknife",
        "differences",
    ): "Difference between the modalities of each reader and of the mean, with intervals; "
    "the vertical line is no difference.",
    ("or_jackknife", "readers"): "Figure of merit of each reader under each modality, with intervals.",
    ("", "slopes"): "Each reader's figures before and after, joined by a line.",
    (
        "",
        "reclassification",
    ): "Score before (rows) by score after (columns) of all readers, positive and negative cases apart.",
    (
        "",
        "advice",
    ): "How often readers who disagreed with the model at first followed it, by whether the model was right, with "
    "Wilson intervals.",
    (
        "",
        "time",
    ): "Reading time after over before, as the ratio of geometric means of each reader and of all, with "
    "intervals.",
    (
        "times",
        "",
    ): "Reading time by the reader's own order of cases in each session, with trend and running median.",
    (
        "",
        "by-period",
    ): "Area under the curve and right calls of each reader in the first and the second period, the two orders of the "
    "arms apart; beside them the mean of the readers with its interval.",
    ("calibration", ""): CALIBRATION,
    ("fitted_calibration", ""): CALIBRATION,
    (
        "decision_curve",
        "",
    ): "Net benefit of each model and of treating all or none by threshold probability, with "
    "intervals where they were drawn.",
    (
        "decision_curve",
        "standardized",
    ): "Net benefit as a share of the largest one possible, by threshold probability.",
    (
        "impact",
        "",
    ): "Of 1,000 persons, how many would be called high risk and how many of those are positive, by "
    "threshold probability.",
    ("components", ""): "Sensitivity and false positive rate by threshold probability.",
    ("nomogram", ""): "Points for each predictor add up to the total, which gives the predicted probability.",
    ("kaplan_meier", ""): "Kaplan-Meier curves with intervals, censoring marks and the numbers at risk.",
    ("logrank", ""): "Kaplan-Meier curves by group with intervals, numbers at risk and the log-rank test.",
    (
        "findings",
        "",
    ): "Kaplan-Meier curves of the groups that the rater's own calls or answers make, with intervals, numbers at risk "
    "and the log-rank test.",
    ("cox", ""): "Hazard ratios of the multivariate Cox model with intervals; the vertical line is 1.",
    (
        "cox_nomogram",
        "",
    ): "Points for each predictor add up to the total, which gives the predicted survival.",
    ("time_roc", ""): "Time-dependent curves (inverse probability of censoring weights) at the stated times.",
}
DEFAULT_CAPTION = "Drawn from the results of the same name in the tables of this section."


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of ``figures/index.csv``; ``name`` is empty for what was not drawn, with the reason."""

    name: str
    section: str
    item: str
    title: str
    not_drawn: str
    kind: str


def read_index(files: Mapping[str, bytes]) -> tuple[FigureRow, ...]:
    """The rows of ``index.csv`` among figure files; none where no figure was asked for."""
    if "index.csv" not in files:
        return ()
    found = []
    for row in csv.DictReader(io.StringIO(files["index.csv"].decode())):
        kind = row.get("kind")
        found.append(
            FigureRow(
                row["figure"],
                row["section"],
                row["item"],
                row["title"],
                row["not_drawn"],
                _kind(row) if kind is None else kind,
            )
        )
    return tuple(found)


def _kind(row: Mapping[str, str]) -> str:
    """The end of the name where another kind draws the same item."""
    return next((name for _, name in CAPTIONS if name and row["figure"].endswith(f"-{name}")), "")


def figure_key(name: str, taken: Iterable[str]) -> str:
    """The figure's address in the documents: unique, lower-case."""
    base = f"figure-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"
    known = set(taken)
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(known) + 2))
    return next(one for one in numbered if one not in known)


def report_figures(
    results: AnalysisResults, files: Mapping[str, bytes], index: Sequence[FigureRow]
) -> dict[str, tuple[FigureRow, ReportFigure]]:
    """Key to row and figure, for every figure that was drawn in both forms."""
    found: dict[str, tuple[FigureRow, ReportFigure]] = {}
    sections, words = {section.key: section for section in results.sections}, wording_of(results)
    for row in index:
        svg, png = files.get(f"{row.name}.svg"), files.get(f"{row.name}.png")
        if not row.name or svg is None or png is None:
            continue
        key = figure_key(row.name, found)
        items = _items(sections.get(row.section), row.item)
        caption = printed(f"{row.title}. {_caption(row)}{_size(row, items)}")
        figure = ReportFigure(key, caption, printed(_alt(row, items, words)), svg, png)
        found[key] = row, figure
    return found


def _items(section: Section | None, name: str) -> list[Item]:
    """The item of this key, or all whose key begins so."""
    if section is None:
        return []
    own = [item for item in section.items if item.key == name]
    return own or [item for item in section.items if item.key.split("/")[0] == name]


def _caption(row: FigureRow) -> str:
    prefix = row.item.split("/")[0].removeprefix(FREE_RESPONSE_AGAIN[0])
    found = (
        CAPTIONS.get((prefix, row.kind)) or CAPTIONS.get(("", row.kind))
        if row.kind
        else CAPTIONS.get((prefix, ""))
    )
    return found or DEFAULT_CAPTION


def _alt(row: FigureRow, items: Sequence[Item], words: Wording) -> str:
    parts = [
        f"{item.title}: {told}" if len(items) > 1 else told
        for item in items
        if (told := _told(item.result, words))
    ]
    return f"{row.title}. {_caption(row)} {' '.join(f'{part}.' for part in parts)}".strip()


def _told(result: Any, words: Wording) -> str:
    return "" if isinstance(result, NotEstimable) else main_numbers(result, words)


def _size(row: FigureRow, items: Sequence[Item]) -> str:
    what = "reads" if row.section == "reading_time" else "cases"
    return "" if len(items) != 1 or items[0].n is None else f" {items[0].n} {what}."
