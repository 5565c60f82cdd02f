"""Figures of prediction models: calibration, decision curve, clinical impact, ROC components.

Each is a function from a result to the bytes of an SVG or PNG, the same for the same result. Colors are
told apart by the color-blind, and lines differ in dash as well. The nomogram is drawn by
:mod:`backend.analysis.nomogram_figure`.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from backend.analysis.calibration import Calibration
from backend.analysis.clinical_impact import ClinicalImpact, RocComponents, odds_text
from backend.analysis.decision_curve import DecisionCurve, DecisionPoint
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.figure_layout import add_legend, new_axes, signed
from backend.analysis.figure_style import (
    BLACK,
    COLORS,
    GRAY,
    LINES,
    FileFormat,
    render,
)
from backend.analysis.model_inputs import WaldEstimate
from backend.analysis.proportions import Proportion
from backend.analysis.results import Interval, format_estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
WIDE, HIGH, SQUARE = 4.6, 3.2, 3.6
STRIP_SHARE = 0.16
BAND_ALPHA = 0.18
SYNTHETIC_NOTE = " (synthetic demonstration data)"
Measure = Literal["net_benefit", "standardized", "avoided"]
MEASURE_LABELS: dict[Measure, str] = {
    "net_benefit": "Net benefit",
    "standardized": "Standardized net benefit",
    "avoided": "Net interventions avoided per {per} cases",
}


def calibration_figure(
    result: Calibration,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The calibration plot: smoothed curve, groups with Wilson intervals, and who was predicted what."""
    heading = title + SYNTHETIC_NOTE * is_synthetic
    return render(
        lambda: _calibration(result, heading), title=f"Calibration: {title}", file_format=file_format, dpi=dpi
    )


def decision_figure(
    result: DecisionCurve,
    *,
    title: str,
    measure: Measure = "net_benefit",
    time_unit: str = "",
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Net benefit (plain or standardized) or interventions avoided over thresholds, bands where drawn.

    ``time_unit`` is that of the time of a curve with censored outcomes, as ``months``.
    """
    heading = title + SYNTHETIC_NOTE * is_synthetic
    return render(
        lambda: _decision(result, heading, measure, time_unit),
        title=f"Decision curve: {title}",
        file_format=file_format,
        dpi=dpi,
    )


def impact_figure(
    result: ClinicalImpact,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The clinical impact curve with Wilson bands."""
    heading = title + SYNTHETIC_NOTE * is_synthetic
    return render(
        lambda: _impact(result, heading), title=f"Clinical impact: {title}", file_format=file_format, dpi=dpi
    )


def components_figure(
    result: RocComponents,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Sensitivity and false-positive rate over thresholds with Wilson bands."""
    heading = title + SYNTHETIC_NOTE * is_synthetic
    return render(
        lambda: _components(result, heading),
        title=f"ROC components: {title}",
        file_format=file_format,
        dpi=dpi,
    )


def _calibration(result: Calibration, title: str) -> "Figure":
    # Three entries below a title of three lines.
    figure, axes = new_axes(title, width=SQUARE, height=SQUARE * (1 + STRIP_SHARE), legend_rows=6, below=0.45)
    box = axes.get_position()
    strip = figure.add_axes((box.x0, box.y0, box.width, box.height * STRIP_SHARE / (1 + STRIP_SHARE)))
    axes.set_position((box.x0, strip.get_position().y1, box.width, box.height / (1 + STRIP_SHARE)))
    axes.plot([0, 1], [0, 1], color=GRAY, linewidth=0.8, label="Perfect calibration")
    axes.plot(
        [point.predicted for point in result.curve],
        [point.smoothed for point in result.curve],
        color=BLUE,
        linewidth=1.4,
        label=f"Smoothed (lowess): ICI {result.ici:.3f}, E50 {result.e50:.3f}, E90 {result.e90:.3f}",
    )
    _groups(axes, result)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel("Observed share")
    axes.tick_params(labelbottom=False)
    _distribution(strip, result)
    add_legend(figure, axes, title=_calibration_text(result))
    return figure


def _groups(axes: "Axes", result: Calibration) -> None:
    for place, item in enumerate(result.bins):
        share, ci = item.observed.estimate, item.observed.wilson
        if isinstance(share, NotEstimable) or isinstance(ci, NotEstimable):
            continue
        axes.errorbar(
            [item.mean_predicted],
            [share],
            yerr=[[max(0.0, share - ci.low)], [max(0.0, ci.high - share)]],
            color=ORANGE,
            marker="s",
            markersize=4,
            linewidth=0.9,
            linestyle="none",
            clip_on=False,
            label=f"{len(result.bins)} groups of cases ({100 * result.level:g}% Wilson CI)"
            if not place
            else None,
        )


def _distribution(strip: "Axes", result: Calibration) -> None:
    """Cases with the outcome above the line, the others below, on one scale."""
    left = [bar.low for bar in result.distribution]
    width = result.distribution[0].high - result.distribution[0].low
    up, down = [bar.events for bar in result.distribution], [-bar.non_events for bar in result.distribution]
    strip.bar(left, up, width=width, align="edge", color=BLACK, linewidth=0)
    strip.bar(left, down, width=width, align="edge", color=GRAY, linewidth=0)
    strip.axhline(0.0, color=BLACK, linewidth=0.5)
    reach = max(*up, *(-value for value in down), 1) * 1.05
    strip.set_ylim(-reach, reach)
    strip.set_xlim(0.0, 1.0)
    strip.set_yticks([0.5 * reach, -0.5 * reach], ["with", "without"], fontsize=6.5)
    strip.tick_params(axis="y", length=0)
    strip.set_xlabel("Predicted probability")
    strip.spines[["top", "right"]].set_visible(False)


def _calibration_text(result: Calibration) -> str:
    fit = result.recalibration
    return (
        f"Slope {_with_ci(fit.slope)}\nCalibration-in-the-large {_with_ci(fit.in_the_large)}\n"
        f"Brier {result.brier:.3f}, scaled {format_estimate(result.brier_scaled)}; "
        f"n = {result.n}, {result.n_positive} with the outcome"
    )


def _with_ci(value: WaldEstimate) -> str:
    if isinstance(value.estimate, NotEstimable) or isinstance(value.ci, NotEstimable):
        return format_estimate(value.estimate, digits=2)
    return f"{signed(value.estimate, 2)} ({signed(value.ci.low, 2)} to {signed(value.ci.high, 2)})"


def _decision(result: DecisionCurve, title: str, measure: Measure, time_unit: str) -> "Figure":
    shown = measure != "avoided"
    figure, axes = new_axes(
        title, width=WIDE, height=HIGH, below=0.82, legend_rows=len(result.models) + 2 + shown
    )
    for place, curve in enumerate(result.models):
        _strategy(axes, curve.points, measure, COLORS[place % len(COLORS)], _dash(place), curve.name)
    if shown:
        thresholds = [point.threshold for point in result.treat_all.points]
        values = [_number(getattr(point, measure)) for point in result.treat_all.points]
        axes.plot(thresholds, values, color=GRAY, linewidth=1.2, label="Treat all")
    axes.axhline(0.0, color=BLACK, linewidth=1.0, label="Treat none" if shown else "Treat all")
    axes.set_ylabel(MEASURE_LABELS[measure].format(per=result.avoided_per))
    _threshold_axes(axes, [point.threshold for point in result.treat_all.points])
    if shown:
        peak = _peak(result, measure)
        axes.set_ylim(-0.12 * peak, 1.08 * peak)
    note = f"{100 * result.level:g}% bootstrap bands, {result.resamples} samples, seed {result.seed}"
    what = "" if result.at is None else f"; event by time {result.at:g} {time_unit}".rstrip()
    add_legend(figure, axes, title=(note if result.resamples else "No bootstrap") + f"; n = {result.n}{what}")
    return figure


def _peak(result: DecisionCurve, measure: Measure) -> float:
    """The highest value, or upper limit of a model's, that the axis must reach."""
    values = [
        value
        for curve in (*result.models, result.treat_all)
        for point in curve.points
        for value in (
            _number(getattr(point, measure)),
            math.nan if curve is result.treat_all else _limits(getattr(point, f"{measure}_ci"))[1],
        )
        if math.isfinite(value)
    ]
    return max([*values, 0.01])


def _strategy(
    axes: "Axes", points: Sequence[DecisionPoint], measure: Measure, color: str, dash: str, label: str
) -> None:
    at = [point.threshold for point in points]
    limits = [_limits(getattr(point, f"{measure}_ci")) for point in points]
    _band(axes, at, limits, color)
    values = [_number(getattr(point, measure)) for point in points]
    axes.plot(at, values, color=color, linestyle=dash, linewidth=1.4, label=label)


def _impact(result: ClinicalImpact, title: str) -> "Figure":
    figure, axes = new_axes(title, width=WIDE, height=HIGH, below=0.82, legend_rows=3)
    at = [point.threshold for point in result.points]
    for values, limits, color, dash, label in (
        (
            [point.high_risk_number for point in result.points],
            [_limits(point.high_risk_number_ci) for point in result.points],
            BLUE,
            "-",
            "Called high risk",
        ),
        (
            [point.true_high_risk_number for point in result.points],
            [_limits(point.true_high_risk_number_ci) for point in result.points],
            ORANGE,
            "--",
            "Called high risk, with the outcome",
        ),
    ):
        _band(axes, at, limits, color)
        axes.plot(at, values, color=color, linestyle=dash, linewidth=1.4, label=label)
    axes.set_ylim(0.0, 1.02 * result.population)
    axes.set_ylabel(f"Cases, of {result.population}")
    _threshold_axes(axes, at)
    add_legend(figure, axes, title=f"{100 * result.level:g}% Wilson bands; n = {result.n}")
    return figure


def _components(result: RocComponents, title: str) -> "Figure":
    figure, axes = new_axes(title, width=WIDE, height=HIGH, below=0.82, legend_rows=3)
    at = [point.threshold for point in result.points]
    parts: tuple[tuple[list[Proportion], str, str, str], ...] = (
        ([point.sensitivity for point in result.points], BLUE, "-", "Sensitivity (true-positive rate)"),
        ([point.false_positive_rate for point in result.points], ORANGE, "--", "False-positive rate"),
    )
    for shares, color, dash, label in parts:
        _band(axes, at, [_limits(share.wilson) for share in shares], color)
        values = [_number(share.estimate) for share in shares]
        axes.plot(at, values, color=color, linestyle=dash, linewidth=1.4, label=label)
    axes.set_ylim(0.0, 1.02)
    axes.set_ylabel("Rate")
    _threshold_axes(axes, at)
    counts = f"{result.n_positive} with, {result.n_negative} without the outcome"
    add_legend(figure, axes, title=f"{100 * result.level:g}% Wilson bands; {counts}")
    return figure


def _threshold_axes(axes: "Axes", thresholds: Sequence[float]) -> None:
    """Thresholds below the axes, and below them the harm-to-benefit ratios that they stand for."""
    low, high = (thresholds[0], thresholds[-1]) if len(thresholds) > 1 else (0.0, 1.0)
    axes.set_xlim(low, high)
    axes.set_xlabel("Threshold probability", labelpad=1.0)
    ratios = axes.secondary_xaxis(-0.145)
    ticks = [tick for tick in axes.get_xticks() if max(low, 0.001) <= tick <= min(high, 0.999)]
    ratios.set_xticks(ticks, [odds_text(float(tick)) for tick in ticks])
    ratios.set_xlabel("Harm-to-benefit ratio", labelpad=1.0)


def _band(axes: "Axes", at: Sequence[float], limits: Sequence[tuple[float, float]], color: str) -> None:
    lows, highs = [low for low, _ in limits], [high for _, high in limits]
    if any(map(math.isfinite, lows)):
        axes.fill_between(at, lows, highs, color=color, alpha=BAND_ALPHA, linewidth=0)


def _dash(place: int) -> str:
    return LINES[(place // len(COLORS) + place) % len(LINES)]


def _number(value: Estimate) -> float:
    """For drawing alone: a gap in the line where there is no estimate."""
    return math.nan if isinstance(value, NotEstimable) else value


def _limits(ci: Interval | NotEstimable) -> tuple[float, float]:
    return (math.nan, math.nan) if isinstance(ci, NotEstimable) else (ci.low, ci.high)
