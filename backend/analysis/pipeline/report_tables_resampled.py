"""The report's tables of what is resampled of ROC curves: intervals, partial areas, differences, bands."""

from collections.abc import Iterator, Sequence

from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, group_of, rest_of
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.manuscript_tables import NONE

# Of the specificities at which a band is computed, those that its table shows; results.json and the CSV hold all.
SHOWN_AT = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def intervals(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """DeLong's intervals on two scales and the bootstrap's, side by side."""
    sheet = Sheet(
        f"{key}-intervals",
        f"Intervals of the AUC by method ({ci_of(level)})",
        ("", "AUC", "SE", "DeLong", "DeLong, log-odds", "Bootstrap, percentile", "Bootstrap, BCa"),
    )
    drawn = {rest_of(item): item for item in items if group_of(item)[0] == "bootstrap"}
    plain = {rest_of(item): item for item in items if group_of(item)[0] == "intervals"}
    for label in dict.fromkeys((*plain, *drawn)):
        first, second = plain.get(label), drawn.get(label)
        for item in (first, second):
            if item is not None:
                sheet.shows(item, label)
        one = next(item.result for item in (first, second) if item is not None)
        sheet.add(
            label,
            sheet.number(one.auc),
            sheet.number(one.se),
            sheet.interval(first.result.plain) if first else NONE,
            sheet.interval(first.result.logit) if first else NONE,
            sheet.interval(second.result.percentile) if second else NONE,
            sheet.interval(second.result.bca) if second else NONE,
        )
    said = [f"{item.result.replicates} resamples, stratified by class." for item in drawn.values()][:1]
    yield sheet.tabled(*said, "BCa: bias-corrected and accelerated.")


def partial_areas(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Partial areas, raw and corrected."""
    sheet = Sheet(
        f"{key}-partial",
        "Partial area under the ROC curve",
        ("", "Range", f"Partial area ({ci_of(level)})", f"McClish-corrected ({ci_of(level)})"),
        said=("Bootstrap percentile intervals. Corrected: 0.5 by chance, 1 at best.",),
    )
    for item in items:
        one = item.result
        sheet.shows(item, rest_of(item))
        sheet.add(
            rest_of(item),
            f"{one.focus} {one.low:g} to {one.high:g}",
            sheet.with_ci(one.area, one.ci),
            sheet.with_ci(one.corrected, one.corrected_ci),
        )
    yield sheet.tabled()


def bootstrap_pairs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Differences of areas by the bootstrap, beside DeLong's of the table above."""
    ci = ci_of(level)
    sheet = Sheet(
        f"{key}-bootstrap-pairs",
        "Areas compared by the bootstrap",
        (
            "First",
            "Second",
            "Positive/negative",
            "First minus second",
            "SE",
            f"{ci}, percentile",
            f"{ci}, BCa",
            "P",
        ),
        row_headers=2,
        said=("Whole cases are drawn, stratified by class. BCa: bias-corrected and accelerated.",),
    )
    for item in items:
        pair, one = item.result, item.result.result
        sheet.shows(item)
        sheet.add(
            pair.a.label,
            pair.b.label,
            f"{one.n_positive}/{one.n_negative}",
            sheet.number(one.difference),
            sheet.number(one.se),
            sheet.interval(one.percentile),
            sheet.interval(one.bca),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def partial_pairs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Differences of raw partial areas in the ranges that the plan names."""
    sheet = Sheet(
        f"{key}-partial-pairs",
        "Partial areas compared",
        (
            "First",
            "Second",
            "Range",
            "Area of first",
            "Area of second",
            f"First minus second ({ci_of(level)})",
            "P",
        ),
        row_headers=2,
        said=(
            "Raw partial areas on the cases that both have. Bootstrap of whole cases, percentile intervals.",
        ),
    )
    for item in items:
        pair, one = item.result, item.result.result
        sheet.shows(item)
        sheet.add(
            pair.a.label,
            pair.b.label,
            f"{one.focus} {one.low:g} to {one.high:g}",
            sheet.number(one.area_a),
            sheet.number(one.area_b),
            sheet.with_ci(one.difference, one.ci),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def bands(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Sensitivity of each curve at some specificities, pointwise."""
    sheet = Sheet(
        f"{key}-bands",
        f"Sensitivity at each specificity, % ({ci_of(level)})",
        ("", *(f"Specificity {at:.0%}" for at in SHOWN_AT)),
        said=("Pointwise bootstrap percentile intervals: no band that holds the whole curve at once.",),
    )
    for item in items:
        label = rest_of(item)
        sheet.shows(item, label)
        points = {round(point.specificity, 6): point for point in item.result.points}
        sheet.add(label, *(sheet.points(points[at].sensitivity, points[at].ci) for at in SHOWN_AT))
    yield sheet.tabled()
