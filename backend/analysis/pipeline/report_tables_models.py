"""The report's tables of prediction models: calibration, decisions, reclassification, regression; and of Table 1."""

from collections.abc import Iterator, Sequence
from typing import Any

from backend.analysis.decision_curve import DecisionCurve, StrategyCurve
from backend.analysis.errors import NotEstimable
from backend.analysis.logistic import LogisticFit
from backend.analysis.model_design import Column
from backend.analysis.nomogram import Nomogram
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, group_of, statistic_text, with_notes
from backend.analysis.pipeline.results import Item
from backend.analysis.pipeline.wording import Wording
from backend.analysis.reporting.journal_numbers import MINUS, number_text
from backend.analysis.reporting.manuscript_models import nri_category_tables, nri_table
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.table_one import TableOne
from backend.analysis.table_one_text import manuscript_rows

INDENT = 3 * "\N{NO-BREAK SPACE}"
SHOWN = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def calibrations(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Intercept, slope, Brier score and distances of every model and group of cases."""
    ci = ci_of(level)
    weak = Sheet(
        f"{key}-calibration",
        "Calibration",
        ("Model and cases", "n (positive)", f"Intercept ({ci})", f"Slope ({ci})", f"In the large ({ci})",
         "Observed/expected", "P, unreliability"),
        said=(("Intercept and slope on the log-odds; perfect: 0 and 1. In the large: intercept with the "
              "slope held at 1."),),
    )  # fmt: skip
    curve = Sheet(
        f"{key}-brier",
        "Overall fit and distance from the smoothed calibration curve",
        ("Model and cases", "Brier", "Scaled Brier, %", "Mean predicted, %", f"Observed, % ({ci}) [n/N]", "ICI", "E50",
         "E90", "Largest", "P, Spiegelhalter"),
        said=(("ICI, E50, E90: mean, median and 90th percentile of the distance between predicted and "
               "smoothed observed "
              "probability."),),
    )  # fmt: skip
    for item in items:
        one, label = item.result, item.title.rsplit(": ", 1)[0]
        weak.shows(item, label)
        found = one.recalibration
        has = not isinstance(found, NotEstimable)
        cells = (
            [_wald(weak, getattr(found, name), 2) for name in ("intercept", "slope", "in_the_large")]
            if has
            else [weak.text(found)] * 3
        )
        weak.add(
            label,
            f"{one.n} ({one.n_positive})",
            *cells,
            weak.number(one.observed_to_expected, 2),
            weak.p(found.unreliability_p) if has else NONE,
        )
        curve.shows(item, label)
        curve.add(
            label,
            curve.number(one.brier),
            curve.percent(one.brier_scaled),
            curve.percent(one.mean_predicted),
            curve.share(one.observed),
            *(curve.number(value) for value in (one.ici, one.e50, one.e90, one.emax)),
            curve.p(one.spiegelhalter_p),
        )
    yield weak.tabled()
    yield curve.tabled()


def _wald(sheet: Sheet, one: Any, digits: int) -> str:
    return sheet.text(one) if isinstance(one, NotEstimable) else sheet.with_ci(one.estimate, one.ci, digits)


def hosmer_lemeshow(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """The test of every model and group of cases."""
    sheet = Sheet(
        f"{key}-hosmer-lemeshow",
        "Hosmer-Lemeshow test",
        ("Model and cases", "n (positive)", "Groups", "χ² (df)", "P"),
        said=tuple(dict.fromkeys(item.result.caveat for item in items)),
    )
    for item in items:
        one, label = item.result, item.title.rsplit(": ", 1)[0]
        sheet.shows(item, label)
        sheet.add(
            label,
            f"{one.n} ({one.n_positive})",
            str(len(one.groups)),
            statistic_text(one.chi2, (one.df,), sheet),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def _at(points: Sequence[Any]) -> list[Any]:
    """The points at the printed thresholds; where none of those was asked for, all of them."""
    found = [point for point in points if any(abs(point.threshold - one) < 1e-9 for one in SHOWN)]
    return found or list(points)


def impacts(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Per 1000 persons: called high risk, and positive among them; with ROC components at the same thresholds."""
    ci = ci_of(level)
    parts = {_rest(item): item for item in items if group_of(item)[0] == "components"}
    impact = [item for item in items if group_of(item)[0] == "impact"]
    for number, item in enumerate(impact, start=1):
        one, other = item.result, parts.pop(_rest(item), None)
        label = item.title.rsplit(": ", 1)[0]
        by_threshold = {point.threshold: point for point in other.result.points} if other else {}
        sheet = Sheet(
            f"{key}-impact-{number}",
            f"{label}: clinical impact and ROC components by threshold",
            ("High risk from, %", f"High risk per {one.population} ({ci})", f"Positive among them ({ci})",
             f"Sensitivity, % ({ci}) [n/N]", f"False positive rate, % ({ci}) [n/N]"),
            said=(f"{one.n} cases, {one.n_positive} positive. Every threshold from 1% to 99% is in the CSV files.",),
        )  # fmt: skip
        sheet.shows(item, label)
        if other is not None:
            sheet.shows(other, label)
        for point in _at(one.points):
            beside = by_threshold.get(point.threshold)
            sheet.add(
                number_text(100 * point.threshold, 0),
                sheet.with_ci(point.high_risk_number, point.high_risk_number_ci, 0),
                sheet.with_ci(point.true_high_risk_number, point.true_high_risk_number_ci, 0),
                sheet.share(beside.sensitivity) if beside else NONE,
                sheet.share(beside.false_positive_rate) if beside else NONE,
            )
        yield sheet.tabled()
    for number, item in enumerate(parts.values(), start=1):
        yield _components(f"{key}-components-{number}", item, level)


def _components(key: str, item: Item, level: float) -> Tabled:
    ci = ci_of(level)
    header = ("Threshold, %", f"Sensitivity, % ({ci}) [n/N]", f"False positive rate, % ({ci}) [n/N]")
    sheet = Sheet(key, item.title, header)
    sheet.shows(item)
    for point in _at(item.result.points):
        shares = (sheet.share(point.sensitivity), sheet.share(point.false_positive_rate))
        sheet.add(number_text(100 * point.threshold, 0), *shares)
    return sheet.tabled()


def decisions(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
    """By threshold, a table each: net benefit of every strategy, the same standardized, and what each model avoids."""
    for number, item in enumerate(items, start=1):
        one: DecisionCurve = item.result
        own, curves = f"{key}-decision-{number}", (*one.models, one.treat_all)
        at = "" if one.at is None else f", net benefit at time {words.time(one.at)}"
        avoided = f"net interventions avoided per {one.avoided_per} cases"
        yield _by_threshold(own, item, "net benefit", "net_benefit", curves, level, at)
        yield _by_threshold(
            f"{own}-standardized", item, "standardized net benefit", "standardized", curves, level, at
        )
        yield _by_threshold(f"{own}-avoided", item, avoided, "avoided", one.models, level, at, digits=1)


def _by_threshold(
    key: str,
    item: Item,
    what: str,
    measure: str,
    curves: Sequence[StrategyCurve],
    level: float,
    at: str,
    digits: int = 3,
) -> Tabled:
    one: DecisionCurve = item.result
    events = f", {one.n_events} with the event"
    if one.at is not None:
        events += f" by then, {one.n_censored} last seen without it before (counted by Kaplan-Meier)"
    drawn = f" Intervals from {one.resamples} bootstrap resamples." if one.resamples else ""
    none = "" if measure == "avoided" else " Treating none has a net benefit of 0."
    sheet = Sheet(
        key,
        f"{item.title}: {what} by threshold",
        ("Threshold, %", *(f"{curve.name} ({ci_of(level)})" for curve in curves)),
        said=(f"{one.n} cases{at}{events}.{none}{drawn} Every threshold is in the CSV files.",),
    )
    sheet.shows(item)
    points = one.treat_all.points
    places = [
        place
        for place, point in enumerate(points)
        if any(abs(point.threshold - shown) < 1e-9 for shown in SHOWN)
    ] or list(range(len(points)))
    for place in places:
        shown = [curve.points[place] for curve in curves]
        cells = [
            sheet.with_ci(getattr(point, measure), getattr(point, f"{measure}_ci"), digits) for point in shown
        ]
        sheet.add(number_text(100 * points[place].threshold, 0), *cells)
    return sheet.tabled()


def reclassifications(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Net reclassification without and with categories, and integrated discrimination."""
    idis = {_rest(item): item for item in items if group_of(item)[0] == "idi"}
    used: set[str] = set()
    number = 0
    for item in items:
        kind, name = group_of(item)[0], _rest(item)
        if kind == "idi":
            continue
        number += 1
        idi = idis.get(name) if name not in used else None
        used.add(name)
        own = f"{key}-nri-{number}"
        caption = f"{item.title} and integrated discrimination" if idi else item.title
        table = nri_table(item.result, idi.result if idi else None, key=own, caption=caption)
        yield with_notes(table, [item, idi] if idi else [item])
        squares = nri_category_tables(item.result, key=own, caption=item.title)
        if not isinstance(squares, NotEstimable):
            yield from (Tabled(square, (item.key,)) for square in squares)
    for name, item in idis.items():
        if name not in used:
            number += 1
            yield _idi(f"{key}-idi-{number}", item, level)


def _idi(key: str, item: Item, level: float) -> Tabled:
    sheet = Sheet(key, item.title, ("", f"Estimate ({ci_of(level)})", "P"))
    sheet.shows(item)
    for name in ("rise_in_events", "fall_in_non_events", "idi"):
        one = getattr(item.result, name)
        sheet.add(name.replace("_", " "), _wald(sheet, one, 3), sheet.p(getattr(one, "p", None)))
    return sheet.tabled()


def logistic(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
    """The full model, and the one that backward elimination leaves, with its steps."""
    for item in items:
        kind = group_of(item)[0]
        fit: LogisticFit = item.result if kind == "logistic" else item.result.fit
        ci = ci_of(level)
        sheet = Sheet(
            f"{key}-{kind}",
            item.title,
            ("Term", f"Coefficient ({ci})", f"Odds ratio ({ci})", "Profile interval", "P"),
            said=((f"{fit.n} cases, {fit.n_positive} positive. Likelihood ratio test of all terms: χ² "
                  f"{number_text(fit.lr_chi2, 2)}, {fit.lr_df} df. AIC {number_text(fit.aic, 1)}. Wald "
                  f"intervals and P."),),
        )  # fmt: skip
        sheet.shows(item)
        for term in fit.terms:
            is_intercept = term.column.predictor is None
            sheet.add(
                _term(term.column, words),
                _wald(sheet, term.coefficient, 3),
                NONE if is_intercept else sheet.with_ci(term.odds_ratio, term.odds_ratio_ci, 2),
                NONE if is_intercept else sheet.interval(term.odds_ratio_profile_ci, 2),
                sheet.p(term.coefficient.p),
            )
        removed = tuple(map(words.label, getattr(item.result, "removed", ())))
        said = [f"Removed in this order: {', '.join(removed)}."] if removed else []
        against = [f"{words.label(one.name)} {one.categories[0]}" for one in fit.predictors if one.categories]
        if against:
            said.append(f"Reference levels: {'; '.join(against)}.")
        yield sheet.tabled(*said)


def _term(column: Column, words: Wording) -> str:
    """A coefficient by the label of its predictor; the intercept has none."""
    if column.predictor is None:
        return column.name
    label = words.label(column.predictor)
    return label if column.category is None else f"{label}: {column.category}"


def nomograms(key: str, items: Sequence[Item], _level: float, *, words: Wording) -> Iterator[Tabled]:
    """Points of every predictor's ticks, and what the total says."""
    for number, item in enumerate(items, start=1):
        one: Nomogram = item.result
        points = Sheet(
            f"{key}-nomogram-{number}",
            f"{item.title}: points of each predictor",
            ("Predictor", "Value", "Points"),
            row_headers=2,
            said=("Values between two of them are read off the line between them.",),
        )
        points.shows(item)
        for axis in one.axes:
            for tick in axis.ticks:
                points.add(words.label(axis.name), _signed(tick.label), number_text(tick.points, 1))
        yield points.tabled()
        risk = Sheet(
            f"{key}-nomogram-{number}-outcome",
            f"{item.title}: what the total of points says",
            ("Outcome", "Value", "Total points"),
            row_headers=2,
        )
        for outcome in one.outcomes:
            for tick in outcome.ticks:
                risk.add(outcome.label, _signed(tick.label), number_text(tick.points, 1))
        if not risk.is_empty:
            yield Tabled(risk.tabled().table, (item.key,))


def _signed(label: str) -> str:
    """A number's label with a true minus sign."""
    return MINUS + label[1:] if label.startswith("-") else label


def table_ones(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """The cases by group, as a manuscript prints them."""
    for number, item in enumerate(items, start=1):
        one: TableOne = item.result
        header, *lines = manuscript_rows(one)
        sheet = Sheet(
            f"{key}-{number}-{group_of(item)[0]}",
            item.title,
            tuple(header),
            said=(("SMD: largest standardized difference between two groups. Missing values are left out "
                   "of percentages "
                  "and tests."),),
        )  # fmt: skip
        sheet.shows(item)
        rows = iter(one.rows)
        p_column = len(header) - 3
        for line in lines:
            first, *others = line
            cells = [INDENT + first.lstrip() if first.startswith("  ") else first, *others[:-1]]
            cells.append(others[-1].replace("-", MINUS))
            if line[p_column]:
                chosen = next(rows).chosen
                cells[p_column] = (
                    sheet.text(chosen) if isinstance(chosen, NotEstimable) else sheet.p(chosen.test.p)
                )
            sheet.add(*cells)
        yield sheet.tabled()


def _rest(item: Item) -> str:
    return item.key.split("/", 1)[1] if "/" in item.key else item.key
