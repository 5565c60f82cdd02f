"""The report's tables of ROC curves and operating points."""

from collections.abc import Iterator, Mapping, Sequence

from backend.analysis.errors import NotEstimable
from backend.analysis.operating_table import OperatingRow
from backend.analysis.pipeline.report_cells import (
    Sheet,
    Tabled,
    ci_of,
    group_of,
    rest_of,
    statistic_text,
    with_notes,
)
from backend.analysis.pipeline.results import CurvePair, Item
from backend.analysis.reporting.journal_numbers import number_text
from backend.analysis.reporting.manuscript_tables import NONE, auc_table
from backend.analysis.study_report import CurveComparison

COUNTS = "TP, FN, FP, TN: true positive, false negative, false positive, true negative cases."
EXACT = "Clopper-Pearson (exact) intervals."


def areas(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Areas by reader and arm with the difference of the arms; the comparisons are those of ``delong`` items."""
    curves = [item for item in items if group_of(item)[0] == "curve"]
    pairs = [item for item in items if isinstance(item.result, CurvePair)]
    between = [item for item in pairs if item.result.a.name == item.result.b.name]
    comparisons = [
        CurveComparison(
            "arms", item.result.a, item.result.b, item.result.result, item.n or 0, tuple(item.dropped)
        )
        for item in between
    ]
    if not curves:
        return
    table = auc_table(
        [item.result for item in curves],
        comparisons,
        key=f"{key}-areas",
        caption="Area under the ROC curve (AUC)",
    )
    yield with_notes(table, (*curves, *between))


def paired_areas(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Every paired comparison, on the cases that both have."""
    sheet = Sheet(
        f"{key}-pairs",
        "Areas compared (DeLong's paired test)",
        ("First", "Second", "Positive/negative", "AUC of first", "AUC of second",
         f"First minus second ({ci_of(level)})", "P"),
        row_headers=2,
        said=("P values are not corrected for the number of comparisons.",),
    )  # fmt: skip
    for item in items:
        pair: CurvePair = item.result
        one = pair.result
        sheet.shows(item)
        sheet.add(
            pair.a.label,
            pair.b.label,
            f"{one.n_positive}/{one.n_negative}",
            sheet.number(one.auc_a),
            sheet.number(one.auc_b),
            sheet.with_ci(one.difference, one.ci),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def averages(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Mean areas of the readers' averaged curves by arm."""
    sheet = Sheet(
        f"{key}-average",
        "Average of the readers' curves",
        ("Arm", "Readers", "Positive/negative", f"Mean AUC ({ci_of(level)})", "Resamples"),
        said=("On the cases that every reader of the arm rated; percentile intervals.",),
    )
    for item in items:
        sheet.shows(item)
        for arm in item.result:
            one = arm.result
            if isinstance(one, NotEstimable):
                sheet.add(arm.arm, NONE, NONE, sheet.text(one), NONE)
                continue
            sizes = f"{one.n_positive}/{one.n_negative}"
            mean = sheet.with_ci(one.auc, one.auc_ci)
            sheet.add(arm.arm, str(len(one.readers)), sizes, mean, str(one.replicates))
    yield sheet.tabled()


def plain_areas(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Areas with DeLong's interval alone."""
    sheet = Sheet(
        f"{key}-auc", "Area under the ROC curve (AUC)", ("", "Positive/negative", f"AUC ({ci_of(level)})")
    )
    for item in items:
        one, label = item.result, item.title.rsplit(": ", 1)[0]
        sheet.shows(item, label)
        sheet.add(label, f"{one.n_positive}/{one.n_negative}", sheet.with_ci(one.auc, one.ci))
    yield sheet.tabled()


def binormal(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Parameters, area and fit of the binormal curves."""
    sheet = Sheet(
        f"{key}-binormal",
        "Binormal curves fitted to the ratings",
        ("", "a (SE)", "b (SE)", f"AUC ({ci_of(level)})", "Goodness of fit, χ² (df)", "P of fit"),
    )
    for item in items:
        one = item.result
        sheet.shows(item, rest_of(item))
        sheet.add(
            rest_of(item),
            f"{sheet.number(one.a, 2)} ({sheet.number(one.se_a, 2)})",
            f"{sheet.number(one.b, 2)} ({sheet.number(one.se_b, 2)})",
            sheet.with_ci(one.auc, one.ci),
            statistic_text(one.chi_square, (one.df,), sheet),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def cutoffs(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """The cut-offs chosen on these data; where several tie, every one."""
    sheet = Sheet(
        f"{key}-cutoffs",
        "Cut-offs found on these data",
        ("", "Rule", "Positive from", "Sensitivity, %", "Specificity, %", "TP/positive", "FP/negative"),
        row_headers=2,
        said=("Where several cut-offs satisfy a rule alike, every one has its line.",),
    )
    # A model's cut-offs of its development cases stand in place of the one on its whole curve.
    own = {rest_of(item) for item in items if group_of(item)[0] == "youden"}
    for item in items:
        kind, label = group_of(item)[0], rest_of(item)
        if kind == "curve" and label in own:
            continue
        found = item.result.youden if kind == "curve" else item.result
        sheet.shows(item, label)
        rule = CUT_OFF_RULES[kind]
        label += _found_on(item, label)
        if isinstance(found, NotEstimable):
            sheet.add(label, rule, sheet.text(found), *[NONE] * 4)
            continue
        sizes = item.result.roc if kind == "curve" else found
        for point in found.points:
            sheet.add(
                label,
                rule,
                "none" if point.threshold is None else f"{point.threshold:.6g}".replace("-", "−"),
                sheet.percent(point.sensitivity),
                sheet.percent(point.specificity),
                f"{point.true_positives}/{sizes.n_positive}",
                f"{point.false_positives}/{sizes.n_negative}",
            )
    yield sheet.tabled()


def _found_on(item: Item, label: str) -> str:
    """Which cases the cut-off was found on, where these are not all."""
    _, divider, cases = item.title.removeprefix(f"{label}: ").partition(", found on ")
    return f", {cases}" if divider else ""


CUT_OFF_RULES = {
    "curve": "largest Youden index",
    "youden": "largest Youden index",
    "closest": "closest to the top left corner",
    "sensitivity": "sensitivity 90% or more",
    "specificity": "specificity 90% or more",
}


def hulls(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Areas of the convex hulls beside those of the curves."""
    sheet = Sheet(
        f"{key}-hulls",
        "Convex hulls",
        ("", "AUC of the curve", "Area of the hull", "Corners"),
        said=("The area of the hull is biased upward.",),
    )
    for item in items:
        one = item.result
        sheet.shows(item, rest_of(item))
        sheet.add(rest_of(item), sheet.number(one.curve_area), sheet.number(one.area), str(len(one.corners)))
    yield sheet.tabled()


def equal_areas(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Three or more curves at once."""
    sheet = Sheet(
        f"{key}-equal",
        "Tests of one area for all curves",
        ("Curves", "AUCs", "Positive/negative", "χ² (df)", "P"),
    )
    for item in items:
        one = item.result
        sheet.shows(item)
        sheet.add(
            item.title,
            "; ".join(f"{name} {sheet.number(auc)}" for name, auc in zip(one.names, one.aucs, strict=True)),
            f"{one.n_positive[0]}/{one.n_negative[0]}",
            statistic_text(one.chi_square, (one.df,), sheet),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def by_group(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Areas by subgroup, and what is compared between and within groups."""
    ci = ci_of(level)
    for number, item in enumerate(items, start=1):
        one = item.result
        column = item.key.split("/", 1)[1]
        areas = Sheet(
            f"{key}-group-{number}",
            f"{item.title}: areas",
            ("Curve and group", "Positive/negative", f"AUC ({ci})", f"log-odds ({ci})"),
        )
        areas.shows(item)
        for group in one.groups:
            auc = group.result
            areas.add(
                _labels(group.labels),
                f"{auc.n_positive}/{auc.n_negative}",
                areas.with_ci(auc.auc, auc.plain),
                areas.interval(auc.logit),
            )
        if not areas.is_empty:
            yield areas.tabled()
        tests = Sheet(
            f"{key}-compared-{number}",
            f"{item.title}: comparisons",
            ("Within", "First", "Second", "AUC of first", "AUC of second", f"First minus second ({ci})", "P",
             "P, Holm"),
            row_headers=3,
        )  # fmt: skip
        tests.shows(item)
        for other in one.comparisons:
            tests.add(
                _labels(other.stratum) or column,
                other.level_a,
                other.level_b,
                tests.number(other.auc_a),
                tests.number(other.auc_b),
                tests.with_ci(other.difference, other.ci),
                tests.p(other.p),
                tests.p(other.p_holm),
            )
        for same in one.equality:
            test = same.test
            has = not isinstance(test, NotEstimable)
            tests.add(
                _labels(same.stratum) or column,
                "all",
                "all",
                NONE,
                NONE,
                f"χ² (df) {statistic_text(test.chi_square, (test.df,), tests)}" if has else tests.text(test),
                tests.p(test.p) if has else NONE,
                NONE,
            )
        if not tests.is_empty:
            yield tests.tabled()


def _labels(labels: Mapping[str, str]) -> str:
    """The curve first, then the groups with the name of their column."""
    curve = [value for name, value in labels.items() if name == "curve"]
    return ", ".join((*curve, *(f"{name} {value}" for name, value in labels.items() if name != "curve")))


def at_cutoffs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Counts, sensitivity and specificity at the stated cut-offs; then predictive values and likelihood ratios."""
    stated = [item for item in items if group_of(item)[0] == "at_cutoff"]
    every = [item for item in items if group_of(item)[0] == "all_cutoffs"]
    if stated:
        lines = [(item, item.title, row) for item in stated for row in item.result.rows]
        yield _accuracy(f"{key}-stated", "Accuracy at the stated cut-offs", lines, level)
        yield _predictive(f"{key}-predictive", "Predictive values and likelihood ratios", lines, level)
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
