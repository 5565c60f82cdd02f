"""The report's tables of cut-offs that were found on the development cases and applied to other cohorts."""

from collections.abc import Iterator, Sequence

from backend.analysis.pipeline.cut_offs import CarriedCutoff, CarriedCutoffs
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of
from backend.analysis.pipeline.report_tables_calls import EXACT
from backend.analysis.pipeline.report_tables_roc import CUT_OFF_RULES
from backend.analysis.pipeline.results import AnalysisResults, Item
from backend.analysis.reporting.content import ReportTable

CAPTION = "Cut-offs of the development cases in the other cohorts"


def carried(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Counts and accuracy of every carried cut-off, then its predictive values and likelihood ratios."""
    yield _accuracy(f"{key}-carried", items, level)
    yield _predictive(f"{key}-carried-predictive", items, level)


def main_carried(results: AnalysisResults) -> ReportTable | None:
    """For the head of the report: accuracy at the Youden cut-offs of the development cases; none without any."""
    ci = ci_of(results.level)
    section = results.section("operating_points")
    sheet = Sheet(
        "main-carried",
        "Models at the Youden cut-off of their development cases, in the other cohorts",
        ("Model and cohort", "Positive from", f"Sensitivity, % ({ci}) [n/N]", f"Specificity, % ({ci}) [n/N]",
         f"Accuracy, % ({ci}) [n/N]"),
        said=(EXACT,),
    )  # fmt: skip
    for item in section.items:
        if isinstance(item.result, CarriedCutoffs):
            for one in item.result.rows:
                if one.rule == "youden":
                    label, _, cut = _lead(item, one)
                    shares = (one.row.sensitivity, one.row.specificity, one.row.accuracy)
                    sheet.add(label, cut, *(sheet.share(share) for share in shares))
    return None if sheet.is_empty else sheet.tabled(*section.warnings).table


def _label(item: Item) -> str:
    """``DLRC, external validation``."""
    return f"{item.result.curve.label}, {item.result.cohort}"


def _lead(item: Item, one: CarriedCutoff) -> tuple[str, str, str]:
    cut = one.row.threshold
    return _label(item), CUT_OFF_RULES[one.rule], "none" if cut is None else f"{cut:.6g}".replace("-", "−")


def _accuracy(key: str, items: Sequence[Item], level: float) -> Tabled:
    ci = ci_of(level)
    sheet = Sheet(
        key,
        CAPTION,
        ("Model and cohort", "Rule", "Positive from", "TP/FN/FP/TN", f"Sensitivity, % ({ci}) [n/N]",
         f"Specificity, % ({ci}) [n/N]", f"Accuracy, % ({ci}) [n/N]"),
        row_headers=3,
        said=(
            "TP/FN/FP/TN: true positive, false negative, false positive, true negative cases.",
            EXACT,
            "Where several cut-offs satisfy a rule alike, every one has its line.",
        ),
    )  # fmt: skip
    for item in items:
        sheet.shows(item, _label(item))
        for one in item.result.rows:
            row = one.row
            counts = (row.true_positives, row.false_negatives, row.false_positives, row.true_negatives)
            sheet.add(
                *_lead(item, one),
                "/".join(str(count) for count in counts),
                *(sheet.share(share) for share in (row.sensitivity, row.specificity, row.accuracy)),
            )
    return sheet.tabled()


def _predictive(key: str, items: Sequence[Item], level: float) -> Tabled:
    ci = ci_of(level)
    stated = items[0].result.rows[0].row.at_prevalence
    header = ["Model and cohort", "Rule", "Positive from", f"PPV, % ({ci}) [n/N]", f"NPV, % ({ci}) [n/N]",
              f"LR+ ({ci})", f"LR− ({ci})"]  # fmt: skip
    for one in stated:
        header += [f"PPV at {one.prevalence:.0%}, % ({ci})", f"NPV at {one.prevalence:.0%}, % ({ci})"]
    sheet = Sheet(
        key,
        f"{CAPTION}: predictive values and likelihood ratios",
        tuple(header),
        row_headers=3,
        said=("PPV, NPV: positive and negative predictive value; LR: likelihood ratio.",),
    )
    for item in items:
        sheet.shows(item, _label(item))
        for one in item.result.rows:
            row = one.row
            ratios = (
                sheet.with_ci(ratio.estimate, ratio.ci, 2) for ratio in (row.lr_positive, row.lr_negative)
            )
            cells = [sheet.share(row.ppv), sheet.share(row.npv), *ratios]
            for at in row.at_prevalence:
                cells += [sheet.points(at.ppv, at.ppv_ci), sheet.points(at.npv, at.npv_ci)]
            sheet.add(*_lead(item, one), *cells)
    return sheet.tabled()
