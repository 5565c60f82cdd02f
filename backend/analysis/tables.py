"""The report as CSV tables: full precision, and words where a number is undefined."""

import csv
import io
from collections.abc import Iterable

from backend.analysis.errors import NotEstimable
from backend.analysis.results import Interval
from backend.analysis.study_report import Curve, CurveComparison, CurveResult, DroppedCase, StudyReport

Cell = str | int | float | bool | None | NotEstimable


def report_tables(report: StudyReport) -> dict[str, str]:
    """File name -> CSV text of every table of the report."""
    return {
        "kappa.csv": kappa_csv(report),
        "auc.csv": auc_csv(report),
        "comparisons.csv": comparisons_csv(report),
        "roc_points.csv": roc_points_csv(report),
        "operating_points.csv": operating_points_csv(report),
    }


def kappa_csv(report: StudyReport) -> str:
    """One row an arm, question, weighting and pair of raters."""
    header = (
        "arm,question,weights,rater_a,rater_b,kappa,se,ci_low,ci_high,level,se0,z,p,n,n_dropped,"
        "percent_agreement,band,dropped_cases,warnings"
    )
    rows: list[list[Cell]] = []
    for table in report.agreement:
        for pair in table.matrix.pairs:
            result = pair.result
            rows.append(
                [
                    *(table.arm, table.question, result.weights, pair.rater_a, pair.rater_b),
                    *(
                        result.kappa,
                        result.se,
                        *_bounds(result.ci),
                        report.level,
                        result.se0,
                        result.z,
                        result.p,
                    ),
                    *(result.n, result.n_dropped, result.percent_agreement, result.band),
                    *(" ".join(pair.dropped_cases), " ".join(result.warnings)),
                ]
            )
    return _csv(header, rows)


def auc_csv(report: StudyReport) -> str:
    """One row a curve: area, DeLong interval, Youden index and all its cut-offs."""
    header = (
        "kind,name,arm,auc,variance,se,ci_low,ci_high,level,n_positive,n_negative,n,"
        "youden_index,youden_cutoffs,dropped_cases,warnings"
    )
    rows: list[list[Cell]] = []
    for item in report.curves:
        auc = item.auc
        rows.append(
            [
                *_curve(item.curve),
                *(auc.auc, auc.variance, auc.se, *_bounds(auc.ci), report.level),
                *(auc.n_positive, auc.n_negative, item.n, *_youden(item)),
                *(_dropped(item.dropped), " ".join(auc.warnings)),
            ]
        )
    return _csv(header, rows)


def comparisons_csv(report: StudyReport) -> str:
    """One row a paired DeLong comparison; the difference is a minus b."""
    header = (
        "comparison,name_a,arm_a,name_b,arm_b,auc_a,auc_b,difference,se,ci_low,ci_high,level,z,p,"
        "n_positive,n_negative,n,dropped_cases,warnings"
    )
    return _csv(header, [_comparison(report, item) for item in report.comparisons])


def roc_points_csv(report: StudyReport) -> str:
    """One row an operating point; an empty threshold calls no case positive."""
    header = (
        "kind,name,arm,threshold,sensitivity,specificity,true_positives,false_positives,n_positive,n_negative"
    )
    rows: list[list[Cell]] = []
    for item in report.curves:
        if isinstance(item.roc, NotEstimable):
            rows.append([*_curve(item.curve), None, item.roc, item.roc, None, None, *_class_counts(item)])
            continue
        rows.extend(
            [
                *_curve(item.curve),
                *(point.threshold, point.sensitivity, point.specificity),
                *(point.true_positives, point.false_positives, *_class_counts(item)),
            ]
            for point in item.roc.points
        )
    return _csv(header, rows)


def operating_points_csv(report: StudyReport) -> str:
    """One row a curve: the four counts, sensitivity and specificity with both intervals."""
    header = (
        "kind,name,arm,threshold_rule,positive_class,true_positives,false_negatives,true_negatives,"
        "false_positives,sensitivity,sensitivity_exact_low,sensitivity_exact_high,sensitivity_wilson_low,"
        "sensitivity_wilson_high,specificity,specificity_exact_low,specificity_exact_high,"
        "specificity_wilson_low,specificity_wilson_high,level,dropped_cases"
    )
    rows: list[list[Cell]] = []
    for item in report.curves:
        point = item.operating_point
        row: list[Cell] = [*_curve(item.curve), item.threshold_rule, point.positive_class]
        row += [point.true_positives, point.false_negatives, point.true_negatives, point.false_positives]
        for share in (point.sensitivity, point.specificity):
            row += [share.estimate, *_bounds(share.clopper_pearson), *_bounds(share.wilson)]
        rows.append([*row, report.level, _dropped(item.dropped)])
    return _csv(header, rows)


def _comparison(report: StudyReport, item: CurveComparison) -> list[Cell]:
    result = item.result
    return [
        *(item.kind, item.a.name, item.a.arm, item.b.name, item.b.arm),
        *(result.auc_a, result.auc_b, result.difference, result.se, *_bounds(result.ci), report.level),
        *(result.z, result.p, result.n_positive, result.n_negative, item.n),
        *(_dropped(item.dropped), " ".join(result.warnings)),
    ]


def _curve(curve: Curve) -> list[Cell]:
    return [curve.kind, curve.name, curve.arm]


def _class_counts(item: CurveResult) -> list[Cell]:
    return [item.auc.n_positive, item.auc.n_negative]


def _youden(item: CurveResult) -> list[Cell]:
    if isinstance(item.youden, NotEstimable):
        return [item.youden, item.youden]
    cutoffs = (
        "above every score" if p.threshold is None else f">= {p.threshold!r}" for p in item.youden.points
    )
    return [item.youden.index, "; ".join(cutoffs)]


def _bounds(interval: Interval | NotEstimable) -> list[Cell]:
    return [interval, interval] if isinstance(interval, NotEstimable) else [interval.low, interval.high]


def _dropped(cases: tuple[DroppedCase, ...]) -> str:
    return "; ".join(f"{case.case} ({case.reason})" for case in cases)


def _csv(header: str, rows: Iterable[list[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return _inert(value) if isinstance(value, str) else str(value)


def _inert(text: str) -> str:
    """A name that a spreadsheet would run as a formula, led by an apostrophe so that it stays text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
