"""The report's tables of ROC curves."""

from collections.abc import Iterator, Mapping, Sequence

from backend.analysis.errors import NotEstimable
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
from backend.analysis.pipeline.wording import Wording
from backend.analysis.reporting.manuscript_tables import NONE, auc_table
from backend.analysis.study_report import CurveComparison


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


def by_group(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
    """Areas by subgroup, and what is compared between and within groups."""
    ci = ci_of(level)
    for number, item in enumerate(items, start=1):
        one = item.result
        column = words.label(item.key.split("/", 1)[1])
        areas = Sheet(
            f"{key}-group-{number}",
            f"{item.title}: areas",
            ("Curve and group", "Positive/negative", f"AUC ({ci})", f"log-odds ({ci})"),
        )
        areas.shows(item)
        for group in one.groups:
            auc = group.result
            areas.add(
                _labels(group.labels, words),
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
                _labels(other.stratum, words) or column,
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
                _labels(same.stratum, words) or column,
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


def _labels(labels: Mapping[str, str], words: Wording) -> str:
    """The curve first, then the groups with the name of their column."""
    curve = [value for name, value in labels.items() if name == "curve"]
    groups = (f"{words.label(name)} {value}" for name, value in labels.items() if name != "curve")
    return ", ".join((*curve, *groups))
