"""Figures of reading times: by position in the session with its trend, and before against after.

The plot by position shows order and fatigue: the trend line is the factor for every ten reads, and the thirds of a
session are set apart, because a trend alone cannot tell learning (first third slower) from fatigue (last third
other than the middle one).
"""

from typing import TYPE_CHECKING

from backend.analysis.change_of_mind import ChangeOfMind
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    PAGE,
    SMALL,
    TINY,
    bare,
    block_inches,
    p_text,
    range_text,
    reasons,
    rendered,
    sheet,
    text_inches,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, MARKERS, FileFormat
from backend.analysis.mrmc_figures import ForestRow, draw_forest
from backend.analysis.reading_time import Ratio, ReadingTimes, SessionTimes
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGH = 1.45


def reading_time_figure(
    times: ReadingTimes,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Every read's time against its position, a panel a reader and session, with trend, running median and thirds."""
    return rendered(
        lambda heading: draw_reading_times(times, heading),
        "Reading times",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def time_change_figure(
    change: ChangeOfMind,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The ratio of times, after over before, of every reader and of all by the mixed model."""
    return rendered(
        lambda heading: draw_time_change(change, heading),
        "Change of reading time",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_reading_times(times: ReadingTimes, title: str) -> "Figure":
    """The small multiples as matplotlib's figure; parameters as for :func:`reading_time_figure`."""
    arms = sorted({point.arm for item in times.sessions for point in item.points})
    columns = min(3, len(times.sessions)) if len(times.sessions) != 4 else 2
    width = COLUMN if columns == 1 else PAGE
    cell = width / columns
    wide = cell - 0.52 - 0.1
    texts = [wrapped(_session_words(item), wide, TINY) for item in times.sessions]
    under = max(block_inches(text, TINY) for text in texts)
    step = 0.22 + HIGH + 0.4 + under + 0.1
    rows = -(-len(times.sessions) // columns)
    page = sheet(title, width=width, height=rows * step + 0.2, notes=_time_notes(times))
    canvas = page.canvas()
    low, high = _limits(times)
    longest = max(point.position for item in times.sessions for point in item.points)
    for place, (item, text) in enumerate(zip(times.sessions, texts, strict=True)):
        across, down = place % columns * cell + 0.52, place // columns * step
        axes = page.axes(across, down + 0.22, wide, HIGH)
        _session(axes, item, arms, (low, high), longest)
        head = f"{item.reader}, session {item.session}"
        canvas.text(across, down + 0.16, head, fontsize=SMALL, weight="bold", va="bottom")
        canvas.text(across, down + 0.22 + HIGH + 0.42, text, fontsize=TINY, va="top", linespacing=1.25)
    across = 0.52
    for place, arm in enumerate(arms):
        middle = rows * step + 0.08
        canvas.plot(
            [across],
            [middle],
            color=COLORS[place % 6],
            marker=MARKERS[place % 6],
            markersize=3.5,
            linestyle="none",
        )
        canvas.text(across + 0.1, middle, arm, fontsize=SMALL, va="center")
        across += text_inches(arm, SMALL) + 0.35
    return page.figure


def _session(
    axes: "Axes", item: SessionTimes, arms: list[str], limits: tuple[float, float], longest: int
) -> None:
    bare(axes)
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    ticks = [s * 10.0**k for k in range(-2, 5) for s in (1.0, 2.0, 5.0)]
    shown = [tick for tick in ticks if limits[0] <= tick <= limits[1]]
    axes.set_yticks(shown, [f"{tick:g}" for tick in shown])
    axes.minorticks_off()
    axes.set_xlim(0.0, longest + 1.0)
    size = len(item.points) // 3
    if size:
        for edge in (size, len(item.points) - size):
            between = (item.points[edge - 1].position + item.points[edge].position) / 2.0
            axes.axvline(between, color=GRAY, linewidth=0.5, linestyle=(0, (1, 2)))
    for place, arm in enumerate(arms):
        points = [point for point in item.points if point.arm == arm]
        axes.plot(
            [point.position for point in points],
            [point.seconds for point in points],
            color=COLORS[place % 6],
            marker=MARKERS[place % 6],
            markersize=2.2,
            markeredgewidth=0.0,
            alpha=0.7,
            linestyle="none",
        )
    positions = [point.position for point in item.points]
    axes.plot(positions, [point.running_median for point in item.points], color=GRAY, linewidth=1.0)
    trend = [
        (point.position, point.trend) for point in item.points if not isinstance(point.trend, NotEstimable)
    ]
    if trend:
        axes.plot([x for x, _ in trend], [y for _, y in trend], color=BLACK, linewidth=1.3)
    axes.set_xlabel("Position in the session", fontsize=SMALL, labelpad=1.5)
    axes.set_ylabel("Seconds", fontsize=SMALL, labelpad=1.5)


def _limits(times: ReadingTimes) -> tuple[float, float]:
    seconds = [point.seconds for item in times.sessions for point in item.points]
    low, high = min(seconds) / 1.15, max(seconds) * 1.15
    return (low, high) if high / low > 5.0 else (low / 2.0, high * 2.0)


def _session_words(item: SessionTimes) -> str:
    return "\n".join(
        [
            f"{item.n} reads, median {item.median:.3g} s",
            f"Per ten reads: {_ratio_words(item.per_ten_reads)}",
            f"First third / middle: {_ratio_words(item.first_to_middle)}",
            f"Last third / middle: {_ratio_words(item.last_to_middle)}",
        ]
    )


def _ratio_words(ratio: Ratio) -> str:
    if isinstance(ratio.estimate, NotEstimable):
        return str(ratio.estimate)
    if isinstance(ratio.ci, NotEstimable):
        return f"×{ratio.estimate:.2f}, CI {ratio.ci}"
    p = p_text(ratio.p)
    sign = "" if p.startswith("<") else "="
    return f"×{ratio.estimate:.2f} ({range_text(ratio.ci.low, ratio.ci.high, 2)}), P{sign}{p}"


def _time_notes(times: ReadingTimes) -> list[str]:
    level = next(
        (
            100 * item.per_ten_reads.ci.level
            for item in times.sessions
            if isinstance(item.per_ten_reads.ci, Interval)
        ),
        None,
    )
    said = "" if level is None else f" Factors with {level:g}% CI."
    notes = [
        f"Black: trend; gray: running median of nine reads; dotted: thirds of the session. Logarithmic axis.{said}",
        f"All readers (mixed model), per ten reads: {_ratio_words(times.per_ten_reads)}; n = {times.n} reads.",
    ]
    if times.left_out:
        notes.append(f"{len(times.left_out)} reads above {times.longest:g} s were left out.")
    return [*notes, *times.warnings]


def draw_time_change(change: ChangeOfMind, title: str) -> "Figure":
    """The forest plot as matplotlib's figure; parameters as for :func:`time_change_figure`."""
    rows = [
        ForestRow(
            f"{item.reader} ({_seconds(item.time.median_before)} → {_seconds(item.time.median_after)})",
            item.time.ratio.estimate,
            item.time.ratio.ci,
            item.time.ratio.p,
        )
        for item in change.readers
    ]
    pooled = change.pooled.time
    rows.append(
        ForestRow(
            "All readers, mixed model", pooled.ratio.estimate, pooled.ratio.ci, pooled.ratio.p, is_pooled=True
        )
    )
    missing = f", {pooled.without_times} without both times" if pooled.without_times else ""
    notes = [
        f"Ratio of geometric means; in brackets the medians in seconds. n = {pooled.n} pairs of reads{missing}.",
        *reasons([(row.name.split(" (")[0], row.value) for row in rows]),
        *reasons(
            [
                (f"CI of {row.name.split(' (')[0]}", row.ci)
                for row in rows
                if not isinstance(row.value, NotEstimable)
            ]
        ),
        *pooled.warnings,
    ]
    label = f"Time with {change.after} / {change.before}"
    return draw_forest(
        rows, title, label=label, level=change.level, notes=notes, no_effect=1.0, is_log=True, digits=2
    )


def _seconds(value: Estimate) -> str:
    return "–" if isinstance(value, NotEstimable) else f"{value:.3g} s"
