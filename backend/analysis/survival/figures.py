"""Kaplan-Meier, forest and time-dependent ROC figures as SVG and PNG, the same bytes for the same results.

Matplotlib is imported inside the functions: a web process that draws nothing need not load it. Texts are drawn as
outlines and nothing is dated.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_layout import add_legend, headed
from backend.analysis.figure_style import BLACK, COLORS, GRAY, LINES, FileFormat, render
from backend.analysis.results import NO_LABELS, Interval, format_estimate
from backend.analysis.survival.cox import CoxModel, CoxTerm
from backend.analysis.survival.kaplan_meier import KaplanMeier
from backend.analysis.survival.logrank import LogrankResult
from backend.analysis.survival.time_roc import TimeRoc

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVE_COLORS = (*COLORS, BLACK)
DASH = "\N{EN DASH}"
SYNTHETIC = " (synthetic demonstration data)"
ROW_INCHES = 0.17
FOREST_ROW_INCHES = 0.24
TITLE_LEFT = 0.1
SURVIVAL_INCHES = (4.1, 2.95)


def kaplan_meier_figure(
    curves: Mapping[str, KaplanMeier],
    file_format: FileFormat,
    *,
    title: str,
    time_label: str,
    event_label: str = "Survival",
    test: LogrankResult | None = None,
    ticks: Sequence[float] = (),
    is_synthetic: bool = False,
    dpi: int = 300,
) -> bytes:
    """Curves with interval bands and marks at censorings, and the numbers at risk below the time axis.

    Parameters
    ----------
    curves
        By group, in the order to be shown.
    ticks
        Times on the axis and of the numbers at risk; round ones when not given.
    test
        Its P value is written into the figure.

    Raises
    ------
    AnalysisError
        ``no_curves``; ``unknown_format``.
    """
    if not curves:
        raise AnalysisError("no_curves", "there is no curve to draw")
    note = SYNTHETIC if is_synthetic else ""
    labels = (time_label, event_label)
    return render(
        lambda: _kaplan_meier(curves, f"{title}{note}", labels, test, ticks),
        title=title,
        file_format=file_format,
        dpi=dpi,
    )


def forest_figure(
    model: CoxModel,
    file_format: FileFormat,
    *,
    title: str,
    labels: Mapping[str, str] = NO_LABELS,
    is_synthetic: bool = False,
    dpi: int = 300,
) -> bytes:
    """Hazard ratios with their intervals on a logarithmic axis, one row a term, numbers beside them.

    ``labels`` says what covariates are called, where not by their names.
    """
    note = SYNTHETIC if is_synthetic else ""
    return render(
        lambda: _forest(model, f"{title}{note}", labels), title=title, file_format=file_format, dpi=dpi
    )


def time_roc_figure(
    curves: Mapping[str, TimeRoc],
    file_format: FileFormat,
    *,
    title: str,
    is_synthetic: bool = False,
    dpi: int = 300,
) -> bytes:
    """Time-dependent ROC curves with their areas, in the order given; raises as the Kaplan-Meier figure."""
    if not curves:
        raise AnalysisError("no_curves", "there is no curve to draw")
    note = SYNTHETIC if is_synthetic else ""
    return render(lambda: _time_roc(curves, f"{title}{note}"), title=title, file_format=file_format, dpi=dpi)


def _figure(
    title: str, width: float, height: float, box: tuple[float, float, float, float]
) -> "tuple[Figure, Axes]":
    """A figure with one axes below its title; sizes and ``box`` (left, bottom, width, height) in inches."""
    from matplotlib.figure import Figure

    heading, more = headed(title, width - 2 * TITLE_LEFT)
    height += more
    figure = Figure(figsize=(width, height))
    left, bottom, wide, high = box
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    axes.spines[["top", "right"]].set_visible(False)
    figure.text(
        TITLE_LEFT / width, 1.0 - TITLE_LEFT / height, heading, fontsize=8.0, va="top", linespacing=1.25
    )
    return figure, axes


def _kaplan_meier(
    curves: Mapping[str, KaplanMeier],
    title: str,
    labels: tuple[str, str],
    test: LogrankResult | None,
    ticks: Sequence[float],
) -> "Figure":
    margin = 0.85 + 0.065 * max(len(name) for name in (*curves, "At risk"))
    table = ROW_INCHES * (len(curves) + 3.2)
    wide, high = SURVIVAL_INCHES
    figure, axes = _figure(
        title, margin + wide + 0.2, table + high + 0.75, (margin, table + 0.45, wide, high)
    )
    end = max(curve.points[-1].time for curve in curves.values())
    for position, curve in enumerate(curves.values()):
        _draw_survival(axes, curve, position)
    axes.set_xlim(0.0, max(end * 1.02, *ticks, 1e-9))
    axes.set_ylim(0.0, 1.02)
    shown = [time for time in (ticks or axes.get_xticks()) if 0.0 <= time <= axes.get_xlim()[1]]
    axes.set_xticks(shown)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    _numbers_at_risk(axes, curves, shown)
    figure.text(
        0.12 / figure.get_figwidth(), 0.1 / figure.get_figheight(), _caption(curves, test), color="#555555"
    )
    return figure


def _draw_survival(axes: "Axes", curve: KaplanMeier, position: int) -> None:
    color, line = _look(position)
    times = [0.0, *(point.time for point in curve.points)]
    survival = [1.0, *(point.survival for point in curve.points)]
    axes.step(times, survival, where="post", color=color, linestyle=line, linewidth=1.4)
    censored = [point for point in curve.points if point.censored]
    axes.plot(
        [point.time for point in censored],
        [point.survival for point in censored],
        color=color,
        linestyle="none",
        marker="|",
        markersize=4,
        markeredgewidth=0.8,
    )
    band = [(point.time, point.ci) for point in curve.points if isinstance(point.ci, Interval)]
    if band:
        # The last interval holds until the curve's next step, though that may have none of its own.
        end = next((time for time in times if time > band[-1][0]), band[-1][0])
        band.append((end, band[-1][1]))
        axes.fill_between(
            [time for time, _ in band],
            [ci.low for _, ci in band],
            [ci.high for _, ci in band],
            step="post",
            color=color,
            alpha=0.12,
            linewidth=0,
        )


def _numbers_at_risk(axes: "Axes", curves: Mapping[str, KaplanMeier], ticks: Sequence[float]) -> None:
    """Rows below the axis label, each group with a piece of its line: they serve as legend too."""
    wide, high = SURVIVAL_INCHES
    rows = [-(0.56 + ROW_INCHES * row) / high for row in range(len(curves) + 1)]
    piece = [-0.55 / wide, -0.27 / wide]
    axes.text(-0.62 / wide, rows[0], "At risk", transform=axes.transAxes, ha="right", va="center")
    for position, ((name, curve), y) in enumerate(zip(curves.items(), rows[1:], strict=True)):
        color, line = _look(position)
        axes.text(-0.62 / wide, y, name, transform=axes.transAxes, ha="right", va="center")
        axes.plot(
            piece, [y, y], transform=axes.transAxes, clip_on=False, color=color, linestyle=line, linewidth=1.4
        )
        for tick in ticks:
            number = str(at_risk(curve, tick))
            axes.text(tick, y, number, transform=axes.get_xaxis_transform(), ha="center", va="center")


def _look(position: int) -> tuple[str, str]:
    """Color and line of the curve at this place: colors first, then lines."""
    return CURVE_COLORS[position % len(CURVE_COLORS)], LINES[position // len(CURVE_COLORS) % len(LINES)]


def _caption(curves: Mapping[str, KaplanMeier], test: LogrankResult | None) -> str:
    first = next(iter(curves.values()))
    band = f"Band: {100 * first.level:g}% CI ({first.ci_kind}); ticks: censored."
    return band if test is None else f"{_test_text(test)}. {band}"


def at_risk(curve: KaplanMeier, time: float) -> int:
    """Cases observed up to ``time`` at least: those at risk at the first point at or after it."""
    return next((point.at_risk for point in curve.points if point.time >= time), 0)


def _test_text(test: LogrankResult) -> str:
    name = (
        "Log-rank" if test.rho == test.gamma == 0.0 else f"Fleming-Harrington ({test.rho:g}, {test.gamma:g})"
    )
    if test.trend_scores:
        name += " for trend"
    if test.n_strata > 1:
        name = f"Stratified {name[0].lower()}{name[1:]}"
    return f"{name}: {p_text(test.p)}"


def p_text(p: float | NotEstimable) -> str:
    """``P = 0.042``, ``P < 0.001`` or the reason why there is none."""
    if isinstance(p, NotEstimable):
        return f"P {p}"
    return "P < 0.001" if p < 0.001 else f"P = {p:.3f}"


def _forest(model: CoxModel, title: str, labels: Mapping[str, str]) -> "Figure":
    names = _forest_names(model.terms, labels)
    margin = 0.3 + 0.062 * max(len(name) for name in names)
    rows = len(names)
    high = FOREST_ROW_INCHES * (rows + 0.6)
    figure, axes = _figure(title, margin + 2.6 + 2.0, high + 0.95, (margin, 0.62, 2.6, high))
    low, top = _forest_limits(model.terms)
    axes.axvline(1.0, color=GRAY, linewidth=0.8)
    for row, term in enumerate(model.terms):
        if isinstance(term.ci, Interval) and not isinstance(term.hazard_ratio, NotEstimable):
            _draw_ratio(axes, term.hazard_ratio, term.ci, row, (low, top))
        _beside(axes, row, _forest_texts(term), "black")
    _beside(axes, -0.75, (f"HR ({100 * model.level:g}% CI)", "P"), "#555555")
    axes.set_xscale("log")
    axes.set_xlim(low, top)
    ticks = _ratio_ticks(low, top)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(rows - 0.4, -0.9)
    axes.set_yticks(range(rows), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"Hazard ratio ({100 * model.level:g}% CI), logarithmic axis")
    figure.text(
        0.08 / figure.get_figwidth(),
        0.08 / figure.get_figheight(),
        f"{model.n} cases, {model.n_events} events",
        color="#555555",
    )
    return figure


def _beside(axes: "Axes", row: float, texts: tuple[str, str], color: str) -> None:
    """The two columns of numbers to the right of the axes."""
    for offset, text in zip((8.0, 104.0), texts, strict=True):
        axes.annotate(
            text,
            (1.0, row),
            xytext=(offset, 0.0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=color,
            annotation_clip=False,
        )


def _forest_names(terms: Sequence[CoxTerm], labels: Mapping[str, str]) -> list[str]:
    names = (labels.get(term.covariate, term.covariate) for term in terms)
    return [
        name if term.level is None else f"{name}: {term.level} vs {term.reference}"
        for name, term in zip(names, terms, strict=True)
    ]


def _forest_limits(terms: Sequence[CoxTerm]) -> tuple[float, float]:
    """Both ends of the axis: the intervals with some room, always 1 in between, at most 100-fold either way."""
    ends = [end for term in terms if isinstance(term.ci, Interval) for end in (term.ci.low, term.ci.high)]
    low, top = min([*ends, 0.8]), max([*ends, 1.25])
    return max(low / 1.15, 0.01), min(top * 1.15, 100.0)


def _ratio_ticks(low: float, top: float) -> list[float]:
    steps = (1.0, 2.0, 5.0) if top / low < 200.0 else (1.0,)
    ticks = [step * 10.0**power for power in range(-3, 3) for step in steps]
    return [float(f"{tick:.6g}") for tick in ticks if low <= tick <= top]


def _draw_ratio(axes: "Axes", ratio: float, ci: Interval, row: int, limits: tuple[float, float]) -> None:
    low, top = limits
    axes.plot([max(ci.low, low), min(ci.high, top)], [row, row], color=COLORS[0], linewidth=1.2)
    if low <= ratio <= top:
        axes.plot([ratio], [row], color=COLORS[0], marker="s", markersize=4.5)
    # An arrow where the interval leaves the axis.
    for end, beyond, marker in ((low, ci.low < low, "<"), (top, ci.high > top, ">")):
        if beyond:
            axes.plot([end], [row], color=COLORS[0], marker=marker, markersize=4, clip_on=False)


def _forest_texts(term: CoxTerm) -> tuple[str, str]:
    if isinstance(term.hazard_ratio, NotEstimable) or isinstance(term.ci, NotEstimable):
        return "not estimable", DASH
    numbers = [_three_digits(value) for value in (term.hazard_ratio, term.ci.low, term.ci.high)]
    p = p_text(term.p).removeprefix("P = ").removeprefix("P ")
    return f"{numbers[0]} ({numbers[1]}{DASH}{numbers[2]})", p


def _three_digits(value: float) -> str:
    if 0.01 <= value < 1000.0:
        return f"{value:.{max(0, 2 - max(0, math.floor(math.log10(value))))}f}"
    return f"{value:.2g}"


def _time_roc(curves: Mapping[str, TimeRoc], title: str) -> "Figure":
    legend = ROW_INCHES * (len(curves) + 1.5)
    figure, axes = _figure(title, 4.5, 0.3 + 3.6 + 0.55 + legend, (0.6, 0.55 + legend, 3.6, 3.6))
    axes.plot([0, 1], [0, 1], color=GRAY, linewidth=0.8)
    for position, (name, curve) in enumerate(curves.items()):
        axes.plot(
            [1.0 - point.specificity for point in curve.points],
            [point.sensitivity for point in curve.points],
            color=_look(position)[0],
            linestyle=_look(position)[1],
            linewidth=1.4,
            clip_on=False,
            label=f"{name}: {_auc_text(curve)}",
        )
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_aspect("equal")
    axes.set_xlabel("1 \N{MINUS SIGN} specificity")
    axes.set_ylabel("Sensitivity")
    title = f"AUC ({_levels(curves)}CI), cumulative/dynamic, weighted for censoring"
    add_legend(figure, axes, title=title)
    return figure


def _levels(curves: Mapping[str, TimeRoc]) -> str:
    """The confidence level, where one of the areas has an interval to show it."""
    levels = sorted({curve.ci.level for curve in curves.values() if isinstance(curve.ci, Interval)})
    return "".join(f"{100 * level:g}% " for level in levels[:1])


def _auc_text(curve: TimeRoc) -> str:
    if isinstance(curve.auc, NotEstimable):
        return f"AUC {curve.auc}"
    if isinstance(curve.ci, NotEstimable):
        return f"{format_estimate(curve.auc)} (CI {curve.ci})"
    return f"{format_estimate(curve.auc)} ({curve.ci.low:.3f}{DASH}{curve.ci.high:.3f})"
