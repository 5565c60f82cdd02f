"""ROC curves as small multiples: by reader and arm, averaged by arm with a band, by center or subgroup.

One panel holds the traces that are compared, in colors and dashes of their own, with their areas below it. A trace
may have a band, a shaded partial area and marked cut-offs. A curve that cannot be drawn keeps its place in the
legend with the reason.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from backend.analysis.average_roc import AverageRoc
from backend.analysis.cutoffs import Cutoffs
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    PAGE,
    SMALL,
    bare,
    block_inches,
    rendered,
    sheet,
    with_ci,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, FileFormat
from backend.analysis.partial_auc import PartialAuc
from backend.analysis.results import Interval
from backend.analysis.roc import RocCurve, YoudenCutoffs
from backend.analysis.roc_bootstrap import BootstrapBand
from backend.analysis.roc_panels import RocPanel, RocTrace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Dash: TypeAlias = str | tuple[int, tuple[int, ...]]
DASHES: tuple[Dash, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)))
# The mark of a cut-off on the curve, and the sign that stands for it in the legend.
MARKS, SIGNS = ("o", "s", "^", "D", "v"), "○□△◇▽"
BAND_ALPHA, AREA_ALPHA = 0.16, 0.30
SAMPLE = 0.26
CUTOFF_NAMES = {
    "youden": "Youden",
    "closest_top_left": "Closest to (0, 1)",
    "weighted_youden": "Weighted Youden",
    "fixed_sensitivity": "Fixed sensitivity",
    "fixed_specificity": "Fixed specificity",
}


def roc_panels_figure(
    panels: Sequence[RocPanel],
    *,
    title: str,
    notes: Sequence[str] = (),
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Small multiples of ROC curves, three to a page's width; one panel is as wide as a column.

    Parameters
    ----------
    notes
        Sentences below the figure, for example what the intervals are.

    Raises
    ------
    AnalysisError
        ``no_curves``, ``unknown_format``.
    """
    if not any(panel.traces for panel in panels):
        raise AnalysisError("no_curves", "there is no curve to draw")
    return rendered(
        lambda heading: draw_roc_panels(panels, heading, notes=notes),
        "ROC curves",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_roc_panels(panels: Sequence[RocPanel], title: str, *, notes: Sequence[str] = ()) -> "Figure":
    """The figure as matplotlib's; parameters as for :func:`roc_panels_figure`."""
    columns = min(3, len(panels))
    width = COLUMN if columns == 1 else PAGE
    cell = width / columns
    left = 0.5
    side = cell - left - 0.14
    looks = [_legend(panel, side + left - SAMPLE - 0.1) for panel in panels]
    rows = [range(first, min(first + columns, len(panels))) for first in range(0, len(panels), columns)]
    head = 0.22 if any(panel.title for panel in panels) else 0.08
    deep = [
        max(sum(block_inches(text, SMALL) + 0.02 for text in looks[i]) for i in row) + 0.08 for row in rows
    ]
    heights = [head + side + 0.4 + legend for legend in deep]
    levels = sorted(
        {trace.ci.level for panel in panels for trace in panel.traces if isinstance(trace.ci, Interval)}
    )
    said = [f"Area under the curve ({100 * levels[0]:g}% CI)."] if levels else []
    page = sheet(title, width=width, height=sum(heights), notes=[*said, *_band_notes(panels), *notes])
    canvas = page.canvas()
    for row, down in zip(rows, [sum(heights[:k]) for k in range(len(heights))], strict=True):
        for column, place in enumerate(row):
            across = column * cell + left
            axes = page.axes(across, down + head, side, side)
            _panel(axes, panels[place])
            canvas.text(
                across, down + head - 0.07, panels[place].title, fontsize=SMALL, weight="bold", va="bottom"
            )
            _entries(canvas, panels[place], looks[place], across - left + EDGE, down + head + side + 0.42)
    return page.figure


def _band_notes(panels: Sequence[RocPanel]) -> list[str]:
    traces = [trace for panel in panels for trace in panel.traces]
    notes: list[str] = []
    for drawn in map(_band_of, traces):
        if drawn is None:
            continue
        level = drawn.points[0].ci.level
        what = f"average of {len(drawn.readers)} readers, " if isinstance(drawn, AverageRoc) else ""
        notes.append(
            f"Bands: {what}pointwise {100 * level:g}% bootstrap of cases, {drawn.replicates} samples, "
            f"seed {drawn.seed}."
        )
    if any(trace.at is not None for trace in traces):
        notes.append("Marks: calls at the declared threshold.")
    return list(dict.fromkeys(notes))


def _band_of(trace: RocTrace) -> AverageRoc | BootstrapBand | None:
    if isinstance(trace.curve, AverageRoc):
        return trace.curve
    return trace.band if isinstance(trace.band, BootstrapBand) else None


def _legend(panel: RocPanel, width: float) -> list[str]:
    return [wrapped("\n".join(_words(trace)), width, SMALL) for trace in panel.traces]


def _words(trace: RocTrace) -> list[str]:
    if isinstance(trace.curve, NotEstimable):
        return [f"{trace.label}: no curve, {trace.curve}"]
    lines = [f"{trace.label}: {with_ci(trace.auc, trace.ci)}"]
    if isinstance(trace.auc, NotEstimable):
        lines.append(str(trace.auc))
    elif isinstance(trace.ci, NotEstimable):
        lines.append(f"CI {trace.ci}")
    if isinstance(trace.band, NotEstimable):
        lines.append(f"Band {trace.band}")
    lines += [
        f"{SIGNS[number % len(SIGNS)]} {_cut_off_words(chosen)}"
        for number, chosen in enumerate(trace.cut_offs)
    ]
    if (part := trace.partial) is not None:
        area = with_ci(part.area, part.ci) if isinstance(part.ci, Interval) else _plain(part.area)
        corrected = f", corrected {_plain(part.corrected)}" if not isinstance(part.area, NotEstimable) else ""
        lines.append(f"Shaded: {part.focus} {part.low:g} to {part.high:g}, area {area}{corrected}")
    return lines


def _plain(value: Estimate) -> str:
    return str(value) if isinstance(value, NotEstimable) else f"{value:.3f}"


def _cut_off_words(chosen: Cutoffs | YoudenCutoffs) -> str:
    first = chosen.points[0]
    at = "none positive" if first.threshold is None else f"≥ {first.threshold:g}"
    ties = f"; {len(chosen.points) - 1} tied" if len(chosen.points) > 1 else ""
    name = CUTOFF_NAMES.get(chosen.method, chosen.method)
    target = getattr(chosen, "target", None)
    aim = "" if target is None else f" {target:g}"
    return f"{name}{aim}: {at} (Se {first.sensitivity:.2f}, Sp {first.specificity:.2f}{ties})"


def _panel(axes: "Axes", panel: RocPanel) -> None:
    axes.plot([0, 1], [0, 1], color=GRAY, linewidth=0.6)
    for place, trace in enumerate(panel.traces):
        _trace(axes, trace, place)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    names = ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names)
    bare(axes)
    axes.set_xlabel("1 − specificity", fontsize=SMALL, labelpad=1.5)
    axes.set_ylabel("Sensitivity", fontsize=SMALL, labelpad=1.5)
    if all(isinstance(trace.curve, NotEstimable) for trace in panel.traces):
        axes.text(0.5, 0.5, "No curve", fontsize=SMALL, ha="center", va="center", bbox={"color": "white"})


def _trace(axes: "Axes", trace: RocTrace, place: int) -> None:
    color, dash = _look(trace, place)
    if isinstance(trace.curve, NotEstimable):
        return
    x, y = _path(trace.curve)
    if (band := _band_of(trace)) is not None:
        rows = sorted((1.0 - point.specificity, point.ci.low, point.ci.high) for point in band.points)
        axes.fill_between(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            color=color,
            alpha=BAND_ALPHA,
            linewidth=0,
        )
    if trace.partial is not None and not isinstance(trace.partial.area, NotEstimable):
        _shade(axes, trace.partial, x, y, color)
    axes.plot(x, y, color=color, linestyle=dash, linewidth=1.3, clip_on=False, zorder=2.5)
    for number, chosen in enumerate(trace.cut_offs):
        at = [(1.0 - point.specificity, point.sensitivity) for point in chosen.points]
        _mark(axes, at, color, number)
    if trace.at is not None:
        se, sp = trace.at.sensitivity.estimate, trace.at.specificity.estimate
        if not isinstance(se, NotEstimable) and not isinstance(sp, NotEstimable):
            _mark(axes, [(1.0 - sp, se)], color, place)


def _look(trace: RocTrace, place: int) -> tuple[str, Dash]:
    own = place if trace.place is None else trace.place
    return BLACK if trace.is_model else COLORS[own % len(COLORS)], DASHES[own % len(DASHES)]


def _mark(axes: "Axes", at: Sequence[tuple[float, float]], color: str, place: int) -> None:
    axes.plot(
        [point[0] for point in at],
        [point[1] for point in at],
        color=color,
        marker=MARKS[place % len(MARKS)],
        markersize=4.5,
        markerfacecolor="white",
        markeredgewidth=1.1,
        linestyle="none",
        clip_on=False,
        zorder=3,
    )


def _path(curve: RocCurve | AverageRoc) -> tuple[list[float], list[float]]:
    if isinstance(curve, RocCurve):
        points = curve.points
        return [1.0 - point.specificity for point in points], [point.sensitivity for point in points]
    corners = [
        (1.0 - point.specificity, height)
        for point in curve.points
        for height in (point.lower, point.sensitivity)
    ]
    return [0.0, *(corner[0] for corner in corners)], [0.0, *(corner[1] for corner in corners)]


def _shade(axes: "Axes", part: PartialAuc, x: Sequence[float], y: Sequence[float], color: str) -> None:
    """Over specificity the area below the curve, over sensitivity the area to the right of it."""
    if part.focus == "specificity":
        low, high = 1.0 - part.high, 1.0 - part.low
        inner = _within(x, y, low, high)
        axes.fill_between(
            [p[0] for p in inner], [p[1] for p in inner], color=color, alpha=AREA_ALPHA, linewidth=0
        )
    else:
        inner = _within(y, x, part.low, part.high)
        axes.fill_betweenx(
            [p[0] for p in inner], [p[1] for p in inner], 1.0, color=color, alpha=AREA_ALPHA, linewidth=0
        )


def _within(
    along: Sequence[float], over: Sequence[float], low: float, high: float
) -> list[tuple[float, float]]:
    """The stretch of a monotone path between two places along it, cut at them by linear interpolation."""
    found: list[tuple[float, float]] = []
    steps = list(zip(along, over, strict=True))
    for (a, b), (c, d) in pairwise(steps):
        start, end = max(a, low), min(c, high)
        if start > end or (a == c and not low <= a <= high):
            continue
        for place in (start, end):
            share = 0.0 if c == a else (place - a) / (c - a)
            found.append((place, b + share * (d - b)))
        if a == c:
            found[-1] = (a, d)
    return found


def _entries(canvas: "Axes", panel: RocPanel, texts: Sequence[str], left: float, down: float) -> None:
    """The legend below a panel: a piece of each line, its mark where it has one, and its words."""
    for place, (trace, text) in enumerate(zip(panel.traces, texts, strict=True)):
        color, dash = _look(trace, place)
        middle = down + 0.5 * block_inches("x", SMALL)
        piece = [left, left + SAMPLE - 0.04]
        if isinstance(trace.curve, NotEstimable):
            canvas.plot([left + 0.11], [middle], color=color, marker="x", markersize=4, linestyle="none")
        else:
            canvas.plot(piece, [middle, middle], color=color, linestyle=dash, linewidth=1.3)
            if trace.at is not None:
                _mark(canvas, [(left + 0.11, middle)], color, place)
        canvas.text(left + SAMPLE, down, text, fontsize=SMALL, va="top", linespacing=1.25)
        down += block_inches(text, SMALL) + 0.02
