"""Agreement, areas under the curve and operating points as tables for a manuscript.

Rounded for print (:mod:`backend.analysis.reporting.journal_numbers`); every number at full precision is in the CSV
files. What is not estimable says so in its cell, with its reason below the table.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from backend.analysis.agreement import KappaMatrix, KappaPair
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.proportions import Proportion
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.journal_numbers import Footnotes, PFormat, level_text, number_text
from backend.analysis.results import Interval
from backend.analysis.study_report import CurveComparison, CurveResult

NONE = "–"
ProportionInterval: TypeAlias = Literal["clopper_pearson", "wilson"]
INTERVAL_NAMES: dict[ProportionInterval, str] = {
    "clopper_pearson": "Clopper-Pearson (exact)",
    "wilson": "Wilson (score)",
}


def ci_name(intervals: Iterable[Interval | NotEstimable]) -> str:
    """``95% CI``; ``CI`` where no interval is estimable.

    Raises
    ------
    AnalysisError
        ``levels_differ`` for intervals of different confidence in one column.
    """
    levels = {interval.level for interval in intervals if isinstance(interval, Interval)}
    if len(levels) > 1:
        raise AnalysisError("levels_differ", f"intervals of {sorted(levels)} stand in one column")
    return f"{level_text(levels.pop())} CI" if levels else "CI"


def percent_interval(interval: Interval | NotEstimable) -> Interval | NotEstimable:
    """The interval in percent."""
    if isinstance(interval, NotEstimable):
        return interval
    return Interval(100 * interval.low, 100 * interval.high, interval.level)


def kappa_matrix_table(
    matrix: KappaMatrix, *, key: str, caption: str, p_format: PFormat = "ama", digits: int = 2
) -> ReportTable:
    """Raters by raters: kappa with its interval below the diagonal, observed agreement above it."""
    notes = Footnotes(p_format)
    ci = ci_name(pair.result.ci for pair in matrix.pairs)
    rows = [
        (rater, *(_kappa_cell(matrix, notes, row, column, digits) for column in range(len(matrix.raters))))
        for row, rater in enumerate(matrix.raters)
    ]
    said = f"Below the diagonal: {_weights(matrix)} kappa ({ci}). Above it: observed agreement (cases read by both)."
    return ReportTable(
        key, caption, ("", *matrix.raters), tuple(rows), notes=(said, *notes.notes(has_p=False))
    )


def kappa_pairs_table(
    matrix: KappaMatrix, *, key: str, caption: str, p_format: PFormat = "ama", digits: int = 2
) -> ReportTable:
    """One row a pair of raters: cases, observed agreement, kappa, P and band."""
    notes = Footnotes(p_format)
    ci = ci_name(pair.result.ci for pair in matrix.pairs)
    rows = tuple(
        (
            f"{pair.rater_a} and {pair.rater_b}",
            f"{pair.result.n} ({pair.result.n_dropped})",
            _percent(notes, pair),
            notes.with_ci(pair.result.kappa, pair.result.ci, digits),
            notes.p(pair.result.p),
            NONE if isinstance(pair.result.band, NotEstimable) else pair.result.band,
        )
        for pair in matrix.pairs
    )
    header = ("Raters", "Cases (left out)", "Agreement", f"Kappa ({ci})", "P", "Band of Landis and Koch")
    said = f"{_weights(matrix).capitalize()} kappa; P of the hypothesis that kappa is 0."
    return ReportTable(key, caption, header, rows, notes=(said, *notes.notes()))


def auc_table(
    curves: Sequence[CurveResult],
    comparisons: Sequence[CurveComparison],
    *,
    key: str,
    caption: str,
    p_format: PFormat = "ama",
    digits: int = 3,
) -> ReportTable:
    """Areas by reader and arm, each reader's differences between arms with P, and the models' areas below."""
    notes = Footnotes(p_format)
    arms = tuple(dict.fromkeys(item.curve.arm for item in curves if item.curve.arm is not None))
    between = [item for item in comparisons if item.kind == "arms"]
    contrasts = tuple(dict.fromkeys((str(item.a.arm), str(item.b.arm)) for item in between))
    models = [item for item in curves if item.curve.arm is None]
    ci = ci_name([*(item.auc.ci for item in curves), *(item.result.ci for item in between)])
    header = ["", *(f"{arm}, AUC ({ci})" for arm in arms)]
    for later, earlier in contrasts:
        header += [f"{later} minus {earlier} ({ci})", "P"]
    rows: list[tuple[str, ...]] = []
    for reader in dict.fromkeys(item.curve.name for item in curves if item.curve.arm is not None):
        row = [reader]
        for arm in arms:
            own = [item for item in curves if (item.curve.name, item.curve.arm) == (reader, arm)]
            row.append(notes.with_ci(own[0].auc.auc, own[0].auc.ci, digits) if own else NONE)
        for contrast in contrasts:
            row += _difference_cells(notes, between, reader, contrast, digits)
        rows.append(tuple(row))
    if models:
        header.append(f"Model alone, AUC ({ci})")
        rows = [(*row, NONE) for row in rows]
        blank = (NONE,) * (len(header) - 2)
        rows += [
            (item.curve.name, *blank, notes.with_ci(item.auc.auc, item.auc.ci, digits)) for item in models
        ]
    said = [_cases_note(curves)]
    if contrasts:
        said.append(
            "Differences are taken on the cases that the reader read in both arms, with DeLong's paired test."
        )
    return ReportTable(
        key,
        caption,
        tuple(header),
        tuple(rows),
        notes=(*said, *notes.notes(has_p=bool(contrasts))),
    )


def auc_against_models_table(
    comparisons: Sequence[CurveComparison],
    *,
    key: str,
    caption: str,
    p_format: PFormat = "ama",
    digits: int = 3,
) -> ReportTable:
    """Each model against each reader and arm on the cases that both have."""
    notes = Footnotes(p_format)
    against = [item for item in comparisons if item.kind == "reader_vs_model"]
    ci = ci_name(item.result.ci for item in against)
    rows = tuple(
        (
            item.a.label,
            item.b.label,
            f"{item.result.n_positive}/{item.result.n_negative}",
            notes.number(item.result.auc_a, digits),
            notes.number(item.result.auc_b, digits),
            notes.with_ci(item.result.difference, item.result.ci, digits),
            notes.p(item.result.p),
        )
        for item in against
    )
    header = (
        "Model",
        "Reader",
        "Positive/negative",
        "AUC of model",
        "AUC of reader",
        f"Model minus reader ({ci})",
        "P",
    )
    return ReportTable(key, caption, header, rows, row_headers=2, notes=notes.notes())


def operating_points_table(
    curves: Sequence[CurveResult],
    *,
    key: str,
    caption: str,
    interval: ProportionInterval = "clopper_pearson",
    digits: int = 1,
) -> ReportTable:
    """The four counts, sensitivity and specificity of each curve at its declared threshold, in percent."""
    notes = Footnotes()
    shares = [
        share
        for item in curves
        for share in (item.operating_point.sensitivity, item.operating_point.specificity)
    ]
    ci = ci_name(_bounds(share, interval) for share in shares)
    rows = []
    for item in curves:
        at = item.operating_point
        counts = (at.true_positives, at.false_negatives, at.true_negatives, at.false_positives)
        rows.append(
            (
                item.curve.label,
                item.threshold_rule,
                *(str(count) for count in counts),
                _share_cell(notes, at.sensitivity, interval, digits),
                _share_cell(notes, at.specificity, interval, digits),
            )
        )
    header = (
        "",
        "Positive when",
        "TP",
        "FN",
        "TN",
        "FP",
        f"Sensitivity, % ({ci}) [n/N]",
        f"Specificity, % ({ci}) [n/N]",
    )
    classes = sorted({item.operating_point.positive_class for item in curves})
    named = f"Positive class: {', '.join(classes)}. {INTERVAL_NAMES[interval]} intervals." if classes else ""
    said = "TP, FN, TN, FP: true positive, false negative, true negative, false positive cases."
    return ReportTable(
        key,
        caption,
        header,
        tuple(rows),
        notes=(*([named] if named else []), said, *notes.notes(has_p=False)),
    )


def _weights(matrix: KappaMatrix) -> str:
    return {"unweighted": "unweighted", "linear": "linearly weighted", "quadratic": "quadratically weighted"}[
        matrix.weights
    ]


def _kappa_cell(matrix: KappaMatrix, notes: Footnotes, row: int, column: int, digits: int) -> str:
    if row == column:
        return NONE
    pair = matrix.pair(matrix.raters[row], matrix.raters[column])
    if row > column:
        return notes.with_ci(pair.result.kappa, pair.result.ci, digits)
    return f"{_percent(notes, pair)} ({pair.result.n})"


def _percent(notes: Footnotes, pair: KappaPair) -> str:
    share = pair.result.percent_agreement
    return notes.none(share) if isinstance(share, NotEstimable) else f"{number_text(share, 1)}%"


def _difference_cells(
    notes: Footnotes, between: Sequence[CurveComparison], reader: str, contrast: tuple[str, str], digits: int
) -> list[str]:
    for item in between:
        if item.a.name == reader and (item.a.arm, item.b.arm) == contrast:
            return notes.tested(item.result.difference, item.result.ci, item.result.p, digits)
    return [NONE, NONE]


def _cases_note(curves: Sequence[CurveResult]) -> str:
    sizes = {item.curve.label: (item.auc.n_positive, item.auc.n_negative) for item in curves}
    if len(set(sizes.values())) == 1:
        positive, negative = next(iter(sizes.values()))
        return f"All areas from {positive} positive and {negative} negative cases."
    listed = "; ".join(f"{label} {positive}/{negative}" for label, (positive, negative) in sizes.items())
    return f"Positive/negative cases: {listed}." if listed else "No curve."


def _bounds(share: Proportion, interval: ProportionInterval) -> Interval | NotEstimable:
    return share.clopper_pearson if interval == "clopper_pearson" else share.wilson


def _share_cell(notes: Footnotes, share: Proportion, interval: ProportionInterval, digits: int) -> str:
    if isinstance(share.estimate, NotEstimable):
        return notes.none(share.estimate)
    bounds = percent_interval(_bounds(share, interval))
    return f"{notes.with_ci(100 * share.estimate, bounds, digits)} [{share.successes}/{share.n}]"
