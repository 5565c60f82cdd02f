"""Bland and Altman's plot: bias and limits of agreement with their intervals; repeated measures marked.

The interval drawn for a limit is the exact one (Carkeet 2015) where each case was measured once, and that by
recovering the variance (Zou 2013) with repeated measures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.analysis.bland_altman import BlandAltman
from backend.analysis.bland_altman_repeated import Pairs, RepeatedBlandAltman, Replicates
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    SMALL,
    bare,
    digits_for,
    range_text,
    reasons,
    rendered,
    sheet,
    signed,
    spread,
    text_inches,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, FileFormat
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
HIGH = 2.4
LABEL = 0.41
Cloud = Sequence[tuple[float, float, int]]  # mean, difference, measurements of one point


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the three lines with its name."""

    name: str
    value: Estimate
    ci: Interval | NotEstimable


@dataclass(frozen=True, slots=True)
class _Plot:
    """What both designs draw; ``cases`` holds the points of one case together."""

    rater_a: str
    rater_b: str
    lines: tuple[_Line, _Line, _Line]
    cases: tuple[Cloud, ...]
    slope: tuple[float, float] | None
    notes: tuple[str, ...]


def bland_altman_figure(
    result: BlandAltman,
    *,
    title: str,
    unit: str = "",
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Difference against mean, one point a case, with bias, limits, their intervals and the line of trend.

    Parameters
    ----------
    unit
        Of the measurements, for the axes.
    """
    return rendered(
        lambda heading: draw_bland_altman(result, heading, unit=unit),
        "Bland-Altman",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def repeated_bland_altman_figure(
    result: RepeatedBlandAltman,
    pairs: Pairs,
    *,
    title: str,
    unit: str = "",
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The same with repeated measures: the points of one case are joined, or sized by its replicates.

    Parameters
    ----------
    pairs
        The measurements that the result was computed from, as given to
        :func:`~backend.analysis.bland_altman_repeated.bland_altman_pairs`, or :func:`replicate_pairs` of what was
        given to :func:`~backend.analysis.bland_altman_repeated.bland_altman_replicates`.

    Raises
    ------
    AnalysisError
        ``other_data`` where cases or measurements are not as many as the result's.
    """
    return rendered(
        lambda heading: draw_repeated_bland_altman(result, pairs, heading, unit=unit),
        "Bland-Altman, repeated measures",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def replicate_pairs(a: Replicates, b: Replicates) -> dict[str, list[tuple[float, float]]]:
    """Unpaired replicates as pairs for the plot: each case's two means, once a measurement by either method."""
    return {
        case: [(sum(a[case]) / len(a[case]), sum(b[case]) / len(b[case]))] * (len(a[case]) + len(b[case]))
        for case in sorted(a)
        if a[case] and b.get(case)
    }


def draw_bland_altman(result: BlandAltman, title: str, *, unit: str = "") -> "Figure":
    """The plot as matplotlib's figure; parameters as for :func:`bland_altman_figure`."""
    fit = result.proportional
    slope = None
    trend = (
        f"Trend of the difference with the mean {fit.slope}." if isinstance(fit.slope, NotEstimable) else ""
    )
    if not isinstance(fit.slope, NotEstimable) and not isinstance(fit.intercept, NotEstimable):
        slope = (fit.intercept, fit.slope)
        ci = f" ({range_text(fit.ci.low, fit.ci.high, 3)})" if isinstance(fit.ci, Interval) else ""
        trend = f"Dotted: trend with the mean, slope {signed(fit.slope, 3)}{ci}, {_p(fit.p)}."
    lines = (
        _Line("Upper limit", result.upper.value, result.upper.exact_ci),
        _Line("Bias", result.bias, result.bias_ci),
        _Line("Lower limit", result.lower.value, result.lower.exact_ci),
    )
    dropped = f", {len(result.dropped_cases)} left out" if result.dropped_cases else ""
    notes = (f"n = {result.n} cases{dropped}. {_limits_text(result.coverage, lines, 'exact')}", trend)
    cases = tuple(((point.mean, point.difference, 1),) for point in result.points)
    plot = _Plot(result.rater_a, result.rater_b, lines, cases, slope, (*notes, *result.warnings))
    return _draw(plot, title, unit)


def draw_repeated_bland_altman(
    result: RepeatedBlandAltman, pairs: Pairs, title: str, *, unit: str = ""
) -> "Figure":
    """The plot as matplotlib's figure; parameters as for :func:`repeated_bland_altman_figure`."""
    used = {case: list(pairs[case]) for case in sorted(pairs) if len(pairs[case])}
    total = sum(map(len, used.values()))
    if len(used) != result.n or total != result.n_measurements:
        raise AnalysisError(
            "other_data",
            f"the result has {result.n} cases and {result.n_measurements} measurements, "
            f"the data {len(used)} and {total}",
        )
    lines = (
        _Line("Upper limit", result.upper, result.upper_ci),
        _Line("Bias", result.bias, result.bias_ci),
        _Line("Lower limit", result.lower, result.lower_ci),
    )
    limits = _limits_text(result.coverage, lines, "MOVER")
    dropped = f", {len(result.dropped_cases)} left out" if result.dropped_cases else ""
    if result.design == "varying":
        marks = (
            f"n = {result.n} cases, {total} pairs of measurements{dropped}; lines join the pairs of one case, "
            "filled points are cases with one pair."
        )
    else:
        marks = (
            f"n = {result.n} cases, {total} measurements{dropped}; a point is a case's two means, the larger "
            "the more measurements. Limits hold for single measurements."
        )
    cases = _clouds(used, is_joined=result.design == "varying")
    plot = _Plot(result.rater_a, result.rater_b, lines, cases, None, (f"{marks} {limits}", *result.warnings))
    return _draw(plot, title, unit)


def _clouds(used: Mapping[str, Sequence[tuple[float, float]]], *, is_joined: bool) -> tuple[Cloud, ...]:
    if is_joined:
        return tuple([((a + b) / 2.0, a - b, 1) for a, b in sorted(rows)] for rows in used.values())
    return tuple(
        [((rows[0][0] + rows[0][1]) / 2.0, rows[0][0] - rows[0][1], len(rows))] for rows in used.values()
    )


def _p(p: Estimate) -> str:
    if isinstance(p, NotEstimable):
        return "P not estimable"
    return "P < 0.001" if p < 0.001 else f"P = {p:.3f}"


def _limits_text(coverage: float, lines: Sequence[_Line], kind: str) -> str:
    levels = [line.ci.level for line in lines if isinstance(line.ci, Interval)]
    band = f"; bands: {100 * levels[0]:g}% CI (limits: {kind})" if levels else ""
    undefined = reasons([(line.name, line.value) for line in lines]) or reasons(
        [(f"CI of {line.name.lower()}", line.ci) for line in lines]
    )
    return " ".join([f"Limits of agreement: {100 * coverage:g}% of differences{band}.", *undefined])


def _draw(plot: _Plot, title: str, unit: str) -> "Figure":
    points = [point for cloud in plot.cases for point in cloud]
    ends = [
        end
        for line in plot.lines
        if not isinstance(line.value, NotEstimable)
        for end in (line.value, *((line.ci.low, line.ci.high) if isinstance(line.ci, Interval) else ()))
    ]
    heights = [*(point[1] for point in points), *ends, 0.0]
    reach = max(heights) - min(heights) or 1.0
    digits = digits_for(reach)
    texts = [f"{line.name}\n{_value(line, digits)}" for line in plot.lines]
    right = max(text_inches(row, SMALL) for text in texts for row in text.split("\n")) + 0.16
    left = 0.64
    wide = max(1.8, COLUMN - left - right - EDGE)
    page = sheet(title, width=left + wide + right + EDGE, height=HIGH + 0.48, notes=plot.notes)
    axes = page.axes(left, 0.04, wide, HIGH)
    bare(axes)
    low, high = min(heights) - 0.06 * reach, max(heights) + 0.06 * reach
    axes.set_ylim(low, high)
    means = [point[0] for point in points] or [0.0, 1.0]
    room = 0.05 * (max(means) - min(means)) or 0.5
    axes.set_xlim(min(means) - room, max(means) + room)
    axes.axhline(0.0, color=GRAY, linewidth=0.6, linestyle=(0, (1, 2)))
    for line in plot.lines:
        _line(axes, line, BLACK if line.name == "Bias" else ORANGE)
    if plot.slope is not None:
        at = [min(means), max(means)]
        axes.plot(
            at, [plot.slope[0] + plot.slope[1] * x for x in at], color=BLUE, linewidth=1.0, linestyle=":"
        )
    _points(axes, [point for cloud in plot.cases if len(cloud) == 1 for point in cloud], BLUE)
    for cloud in plot.cases:
        if len(cloud) > 1:
            axes.plot(
                *zip(*[point[:2] for point in cloud], strict=True), color=BLUE, linewidth=0.5, alpha=0.6
            )
            _points(axes, cloud, "none")
    in_unit = f" ({unit})" if unit else ""
    axes.set_xlabel(f"Mean of {plot.rater_a} and {plot.rater_b}{in_unit}", fontsize=SMALL)
    axes.set_ylabel(f"Difference, {plot.rater_a} − {plot.rater_b}{in_unit}", fontsize=SMALL)
    _labels(axes, plot.lines, texts, 0.1 / wide)
    return page.figure


def _value(line: _Line, digits: int) -> str:
    """Value and interval below each other."""
    if isinstance(line.value, NotEstimable):
        return "not estimable"
    ci = range_text(line.ci.low, line.ci.high, digits) if isinstance(line.ci, Interval) else "no CI"
    return f"{signed(line.value, digits)}\n({ci})"


def _line(axes: "Axes", line: _Line, color: str) -> None:
    if isinstance(line.value, NotEstimable):
        return
    if isinstance(line.ci, Interval):
        axes.axhspan(line.ci.low, line.ci.high, color=color, alpha=0.14, linewidth=0)
    axes.axhline(line.value, color=color, linewidth=1.2, linestyle="-" if line.name == "Bias" else "--")


def _points(axes: "Axes", points: Cloud, fill: str) -> None:
    """Larger where several measurements fall on one place; those lie below the others."""
    by_size: dict[float, list[tuple[float, float]]] = {}
    for x, y, count in points:
        by_size.setdefault(9.0 if count == 1 else 4.0 * count, []).append((x, y))
    for size, places in sorted(by_size.items(), reverse=True):
        across, up = zip(*places, strict=True)
        axes.scatter(across, up, s=size, facecolor=fill, edgecolor=BLUE, linewidth=0.7, zorder=3)


def _labels(axes: "Axes", lines: Sequence[_Line], texts: Sequence[str], away: float) -> None:
    """Names and values to the right, moved apart where the lines are close; ``away`` is their share of the width."""
    low, high = axes.get_ylim()
    gap = LABEL * (high - low) / HIGH
    # From the lowest up, so that lines on one place keep their order.
    shown = [
        (line.value, text)
        for line, text in list(zip(lines, texts, strict=True))[::-1]
        if not isinstance(line.value, NotEstimable)
    ]
    places = spread([value for value, _ in shown], gap, (low + gap / 2.0, high - gap / 2.0))
    beside = axes.get_yaxis_transform()
    for (value, text), place in zip(shown, places, strict=True):
        axes.plot(
            [1.0, 1.0 + 0.8 * away],
            [value, place],
            transform=beside,
            color=GRAY,
            linewidth=0.6,
            clip_on=False,
            scalex=False,
            scaley=False,
        )
        axes.text(1.0 + away, place, text, transform=beside, fontsize=SMALL, va="center", color=INK)
