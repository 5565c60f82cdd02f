"""The report's tables of operating points and paired calls."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.analysis.errors import NotEstimable
from backend.analysis.operating_table import OperatingRow
from backend.analysis.pipeline.report_cells import (
    Sheet,
    Tabled,
    ci_of,
    group_of,
    statistic_text,
)
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.journal_numbers import number_text
from backend.analysis.reporting.manuscript_tables import NONE

COUNTS = "TP, FN, FP, TN: true positive, false negative, false positive, true negative cases."
EXACT = "Clopper-Pearson (exact) intervals."


def at_cutoffs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Counts, sensitivity and specificity at the stated cut-offs; then predictive values and likelihood ratios."""
    stated = [item for item in items if group_of(item)[0] == "at_cutoff"]
    every = [item for item in items if group_of(item)[0] == "all_cutoffs"]
    if stated:
        lines = [(item, item.title, row) for item in stated for row in item.result.rows]
        yield _accuracy(f"{key}-stated", "Accuracy at the stated cut-offs", lines, level)
        yield _predictive(f"{key}-predictive", "Predictive values and likelihood ratios", lines, level)
        yield _score_intervals(
            f"{key}-wilson", "Score intervals at the stated cut-offs (Wilson)", lines, level
        )
    if every:
        lines = [
            (item, f"{item.title.rsplit(': ', 1)[0]}: score >= {_cut(row)}", row)
            for item in every
            for row in item.result.rows
        ]
        yield _accuracy(f"{key}-every", "Accuracy at every cut-off of the readers' score", lines, level)
        yield _predictive(
            f"{key}-every-predictive",
            "Predictive values and likelihood ratios at every cut-off of the readers' score",
            lines,
            level,
        )
        caption = "Score intervals at every cut-off of the readers' score (Wilson)"
        yield _score_intervals(f"{key}-every-wilson", caption, lines, level)


def _cut(row: OperatingRow) -> str:
    return "none" if row.threshold is None else f"{row.threshold:g}"


Line = tuple[Item, str, OperatingRow]


def _accuracy(key: str, caption: str, lines: Sequence[Line], level: float) -> Tabled:
    ci = ci_of(level)
    sheet = Sheet(
        key,
        caption,
        ("", "TP", "FN", "FP", "TN", f"Sensitivity, % ({ci}) [n/N]", f"Specificity, % ({ci}) [n/N]",
         f"Accuracy, % ({ci}) [n/N]"),
        said=(COUNTS, EXACT),
    )  # fmt: skip
    for item, label, row in lines:
        sheet.shows(item)
        counts = (row.true_positives, row.false_negatives, row.false_positives, row.true_negatives)
        shares = (row.sensitivity, row.specificity, row.accuracy)
        sheet.add(label, *(str(count) for count in counts), *(sheet.share(one) for one in shares))
    return sheet.tabled()


def _predictive(key: str, caption: str, lines: Sequence[Line], level: float) -> Tabled:
    ci = ci_of(level)
    stated = [one.prevalence for one in lines[0][2].at_prevalence] if lines else []
    header = ["", f"PPV, % ({ci}) [n/N]", f"NPV, % ({ci}) [n/N]", f"LR+ ({ci})", f"LR− ({ci})"]
    for prevalence in stated:
        header += [f"PPV at {prevalence:.0%}, % ({ci})", f"NPV at {prevalence:.0%}, % ({ci})"]
    sheet = Sheet(
        key,
        caption,
        tuple(header),
        said=("PPV, NPV: positive and negative predictive value; LR: likelihood ratio.",),
    )
    for item, label, row in lines:
        sheet.shows(item)
        cells = [
            sheet.share(row.ppv),
            sheet.share(row.npv),
            sheet.with_ci(row.lr_positive.estimate, row.lr_positive.ci, 2),
            sheet.with_ci(row.lr_negative.estimate, row.lr_negative.ci, 2),
        ]
        for one in row.at_prevalence:
            cells += [sheet.points(one.ppv, one.ppv_ci), sheet.points(one.npv, one.npv_ci)]
        sheet.add(label, *cells)
    return sheet.tabled()


def _score_intervals(key: str, caption: str, lines: Sequence[Line], level: float) -> Tabled:
    """Wilson's intervals of the shares whose exact ones stand in the tables before, in percent."""
    measures = ("sensitivity", "specificity", "accuracy", "ppv", "npv")
    heads = ("Sensitivity", "Specificity", "Accuracy", "PPV", "NPV")
    sheet = Sheet(
        key,
        caption,
        ("", *(f"{head}, % ({ci_of(level)})" for head in heads)),
        said=("PPV, NPV: positive and negative predictive value.",),
    )
    for item, label, row in lines:
        # The cases left out are told below the tables before; what warns goes with every table that may be copied.
        sheet.shows(replace(item, dropped=()))
        shares = [getattr(row, measure) for measure in measures]
        sheet.add(label, *(sheet.points(share.estimate, share.wilson) for share in shares))
    return sheet.tabled()


def mcnemar(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Sensitivity, specificity and accuracy of pairs on the same cases."""
    ci = ci_of(level)
    sheet = Sheet(
        f"{key}-mcnemar",
        "Paired comparison of calls",
        ("First – second", "Measure", "First, %", "Second, %", "Only first/only second", ("Points, Newcombe "
         f"({ci})"), f"Tango ({ci})", "P, exact", "P, mid-p"),
        row_headers=2,
        said=(("Points: first minus second. Only first/only second: cases of the class (for accuracy, of "
               "both) that one "
              "alone called positive among positive cases, or right."),
              "P: McNemar. P values are not corrected for the number of comparisons."),
    )  # fmt: skip
    for item in items:
        label = item.title.split(": ")[0]
        sheet.shows(item, label)
        for name in ("sensitivity", "specificity", "accuracy"):
            one = getattr(item.result, name)
            if isinstance(one, NotEstimable):
                sheet.add(label, name, sheet.text(one), *[NONE] * 6)
                continue
            sheet.add(
                label,
                name,
                sheet.percent(one.a.estimate),
                sheet.percent(one.b.estimate),
                f"{one.only_a}/{one.only_b}",
                sheet.points(one.difference, one.newcombe),
                _span(sheet, one.tango),
                sheet.p(one.tests.p_exact),
                sheet.p(one.tests.p_mid),
            )
    yield sheet.tabled()


def _span(sheet: Sheet, ci: object) -> str:
    if isinstance(ci, NotEstimable):
        return sheet.text(ci)
    return f"{number_text(100 * ci.low, 1)} to {number_text(100 * ci.high, 1)}"  # type: ignore[attr-defined]


def predictive_pairs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Predictive values of pairs, weighted generalized score test."""
    sheet = Sheet(
        f"{key}-predictive-pairs",
        "Paired comparison of predictive values",
        ("First – second", "Measure", "First, % [n/N]", "Second, % [n/N]", f"Ratio ({ci_of(level)})", "χ² (1)", "P"),
        row_headers=2,
        said=("PPV, NPV: positive and negative predictive value. Weighted generalized score test.",),
    )  # fmt: skip
    for item in items:
        label = item.title.split(": ")[0]
        sheet.shows(item, label)
        for name in ("ppv", "npv"):
            one = getattr(item.result, name)
            if isinstance(one, NotEstimable):
                sheet.add(label, name.upper(), sheet.text(one), *[NONE] * 4)
                continue
            sheet.add(
                label,
                name.upper(),
                *(_counted(sheet, share) for share in (one.a, one.b)),
                sheet.with_ci(one.ratio.estimate, one.ratio.ci, 2),
                sheet.number(one.chi_square, 2),
                sheet.p(one.p),
            )
    yield sheet.tabled()


def _counted(sheet: Sheet, share: object) -> str:
    return f"{sheet.percent(share.estimate)} [{share.successes}/{share.n}]"  # type: ignore[attr-defined]


def cochran(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Shares of right calls of three readers or more."""
    sheet = Sheet(
        f"{key}-cochran", "Cochran's Q", ("", "Right calls, %", "Cases (discordant)", "Q (df)", "P")
    )
    for item in items:
        one = item.result
        sheet.shows(item)
        sheet.add(
            item.title,
            "; ".join(
                f"{name} {sheet.percent(share)}" for name, share in zip(one.names, one.shares, strict=True)
            ),
            f"{one.n} ({one.n_discordant})",
            statistic_text(one.q, (one.df,), sheet),
            sheet.p(one.p),
        )
    yield sheet.tabled()
