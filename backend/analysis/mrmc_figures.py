"""Figures of multi-reader multi-case analyses: readers' differences with the pooled ones, figures by reader and arm.

The pooled rows name what they generalize to: random readers and random cases, these readers and new cases, or these
cases and new readers. With a design in which no reader reads in both arms there is no reader's difference, and the
figure says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    PAGE,
    SMALL,
    bare,
    p_text,
    reasons,
    rendered,
    sheet,
    text_inches,
    with_ci,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, FileFormat
from backend.analysis.mrmc.inference import Analysis
from backend.analysis.mrmc.obuchowski_rockette import OrResult, ReaderFigure
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.2
NAME_INCHES = 1.9
BOLDER = 1.13
MARKS = ("o", "s", "^", "D", "v", "P")
POOLED = (
    ("random_readers_random_cases", "Random readers, random cases"),
    ("fixed_readers", "Fixed readers, random cases"),
    ("fixed_cases", "Random readers, fixed cases"),
)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One row: a reader's estimate, or a pooled one drawn as a diamond."""

    name: str
    value: Estimate
    ci: Interval | NotEstimable
    p: Estimate
    is_pooled: bool = False


def reader_forest(
    result: OrResult,
    *,
    title: str,
    pair: tuple[str, str] | None = None,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Each reader's difference between two modalities, and below it the pooled difference by each analysis.

    Parameters
    ----------
    pair
        Modalities a and b, the difference being a minus b; the first pair of the result when not given.

    Raises
    ------
    AnalysisError
        ``no_difference`` with one modality, ``unknown_pair``, ``unknown_format``.
    """
    _pair(result, pair)
    return rendered(
        lambda heading: draw_reader_forest(result, heading, pair=pair),
        "Differences by reader",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def reader_figures(
    result: OrResult,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The figure of merit of every reader in every modality with its interval, and the modalities' means."""
    return rendered(
        lambda heading: draw_reader_figures(result, heading),
        "Figures by reader and modality",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_reader_forest(result: OrResult, title: str, *, pair: tuple[str, str] | None = None) -> "Figure":
    """The forest plot as matplotlib's figure; parameters as for :func:`reader_forest`."""
    a, b, sign = _pair(result, pair)
    rows = [
        ForestRow(item.reader, *_turned(item.difference, item.ci, sign), item.p)
        for item in result.reader_differences
        if {item.modality_a, item.modality_b} == {a, b}
    ]
    notes = [_readers_note(result)]
    if not rows:
        notes.append(f"No reader has a difference of their own: {result.design_text}.")
    for key, name in POOLED:
        analysis: Analysis = getattr(result, key)
        item = next(x for x in analysis.differences if {x.modality_a, x.modality_b} == {a, b})
        rows.append(ForestRow(name, *_turned(item.difference, item.ci, sign), item.p, is_pooled=True))
    notes += reasons([(row.name, row.value) for row in rows])
    notes += reasons(
        [(f"CI of {row.name}", row.ci) for row in rows if not isinstance(row.value, NotEstimable)]
    )
    label = f"Difference in {result.figure}, {a} − {b}"
    return draw_forest(rows, title, label=label, level=result.level, notes=[*notes, *result.warnings])


def draw_forest(
    rows: Sequence[ForestRow],
    title: str,
    *,
    label: str,
    level: float,
    notes: Sequence[str] = (),
    no_effect: float = 0.0,
    is_log: bool = False,
    digits: int = 3,
) -> "Figure":
    """A forest plot: names to the left, estimates with intervals, numbers and P values to the right.

    Parameters
    ----------
    no_effect
        Where the vertical line stands.
    is_log
        Logarithmic axis, for ratios.
    """
    names = [wrapped(row.name, NAME_INCHES / BOLDER, SMALL) for row in rows]
    # The first pooled row is bold, which all have room for.
    left = (
        max(text_inches(line, SMALL, is_bold=True) for name in names for line in name.split("\n")) + 2 * EDGE
    )
    texts = [with_ci(row.value, row.ci, digits=digits) for row in rows]
    heads = (f"Estimate ({100 * level:g}% CI)", "P")
    numbers = max(text_inches(text, SMALL, is_bold=True) for text in (*texts, heads[0]))
    room = 0.08 + numbers + 0.12 + text_inches("<0.001", SMALL, is_bold=True) + EDGE
    wide = max(1.8, min(3.4, PAGE - left - room))
    steps = [ROW + 0.11 * name.count("\n") for name in names]
    first_pooled = next((i for i, row in enumerate(rows) if row.is_pooled), len(rows))
    places, down = [], 0.26
    for i, step in enumerate(steps):
        down += 0.08 if i == first_pooled and i else 0.0
        places.append(down + step / 2.0)
        down += step
    page = sheet(title, width=left + wide + room, height=down + 0.5, notes=notes)
    axes = page.axes(left, 0.0, wide, down)
    bare(axes)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(down, 0.0)
    axes.set_yticks([])
    if is_log:
        axes.set_xscale("log")
    low, high = _reach(rows, no_effect, is_log=is_log)
    axes.set_xlim(low, high)
    if is_log:
        _plain_log_ticks(axes, low, high)
    axes.set_xlabel(label, fontsize=SMALL)
    axes.plot([no_effect, no_effect], [0.2, down], color=GRAY, linewidth=0.8)
    if 0 < first_pooled < len(rows):
        border = places[first_pooled] - steps[first_pooled] / 2.0 - 0.04
        axes.plot([low, high], [border, border], color=GRAY, linewidth=0.4)
    canvas = page.canvas()
    for row, name, place, text in zip(rows, names, places, texts, strict=True):
        weight = "bold" if row.is_pooled and place == places[first_pooled] else "normal"
        canvas.text(left - EDGE, place, name, fontsize=SMALL, ha="right", va="center", weight=weight)
        canvas.text(left + wide + 0.08, place, text, fontsize=SMALL, va="center", weight=weight)
        canvas.text(
            page.width - EDGE, place, p_text(row.p), fontsize=SMALL, ha="right", va="center", weight=weight
        )
        _mark(axes, row, place)
    canvas.text(left + wide + 0.08, 0.1, heads[0], fontsize=SMALL, va="center", color=INK)
    canvas.text(page.width - EDGE, 0.1, heads[1], fontsize=SMALL, ha="right", va="center", color=INK)
    return page.figure


def _mark(axes: "Axes", row: ForestRow, place: float) -> None:
    if isinstance(row.value, NotEstimable):
        return
    color = BLACK if row.is_pooled else COLORS[0]
    if not isinstance(row.ci, Interval):
        axes.plot([row.value], [place], color=color, marker="o", markersize=4.5, markerfacecolor="white")
    elif row.is_pooled:
        x = [row.ci.low, row.value, row.ci.high, row.value]
        axes.fill(
            x, [place, place - 0.06, place, place + 0.06], facecolor=color, edgecolor=color, linewidth=0.5
        )
    else:
        axes.plot([row.ci.low, row.ci.high], [place, place], color=color, linewidth=1.2)
        axes.plot([row.value], [place], color=color, marker="s", markersize=4)


def _reach(rows: Sequence[ForestRow], no_effect: float, *, is_log: bool) -> tuple[float, float]:
    values = [no_effect]
    for row in rows:
        values += [row.ci.low, row.ci.high] if isinstance(row.ci, Interval) else []
        values += [] if isinstance(row.value, NotEstimable) else [row.value]
    low, high = min(values), max(values)
    if is_log:
        return min(low / 1.1, no_effect / 1.25), max(high * 1.1, no_effect * 1.25)
    room = 0.06 * (high - low) or 0.1
    return low - room, high + room


def _plain_log_ticks(axes: "Axes", low: float, high: float) -> None:
    fine = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0)
    coarse = (1.0, 1.5, 2.0, 3.0, 5.0)
    for steps in (fine, coarse, (1.0, 2.0, 5.0), (1.0,)):
        values = sorted(
            {*steps, *(1.0 / s for s in steps), *(10.0 * s for s in steps), *(0.1 * s for s in steps)}
        )
        ticks = [float(f"{value:.2g}") for value in values if low <= value <= high]
        if len(ticks) <= 6:
            break
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def draw_reader_figures(result: OrResult, title: str) -> "Figure":
    """The dot plot as matplotlib's figure; parameters as for :func:`reader_figures`."""
    names = [wrapped(name, NAME_INCHES, SMALL) for name in (*result.readers, "Mean of readers")]
    left = max(text_inches(line, SMALL) for name in names for line in name.split("\n")) + 2 * EDGE
    inner = 0.13
    band = inner * len(result.modalities) + 0.1
    cells = {(item.reader, item.modality): item for item in result.reader_figures}
    means = result.random_readers_random_cases.means
    texts = {key: with_ci(item.estimate, item.ci) for key, item in cells.items()}
    texts |= {("", item.modality): with_ci(item.mean, item.ci) for item in means}
    numbers = max(text_inches(text, SMALL) for text in texts.values())
    wide = max(1.5, COLUMN - left - numbers - 0.2)
    legend = 0.17 * len(result.modalities) + 0.02
    high = band * len(names)
    width = left + wide + 0.1 + numbers + EDGE
    page = sheet(title, width=width, height=high + 0.5 + legend, notes=_figure_notes(result))
    axes = page.axes(left, 0.0, wide, high)
    bare(axes)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(high, 0.0)
    axes.set_yticks([])
    canvas = page.canvas()
    ends: list[float] = []
    for row, name in enumerate(names):
        top = row * band
        if row % 2 == 0:
            axes.axhspan(top, top + band, color="#F3F3F3", linewidth=0, zorder=0)
        canvas.text(left - EDGE, top + band / 2.0, name, fontsize=SMALL, ha="right", va="center")
        reader = result.readers[row] if row < len(result.readers) else ""
        for place, modality in enumerate(result.modalities):
            y = top + 0.05 + inner * (place + 0.5)
            text = texts.get((reader, modality), "no read")
            canvas.text(left + wide + 0.1, y, text, fontsize=SMALL, va="center")
            item = means[place] if not reader else cells.get((reader, modality))
            value = None if item is None else item.estimate if isinstance(item, ReaderFigure) else item.mean
            if item is not None and value is not None and not isinstance(value, NotEstimable):
                ends += _dot(axes, (value, item.ci, y), place, is_mean=not reader)
    low, top_value = min(ends), max(ends)
    room = 0.05 * (top_value - low) or 0.05
    axes.set_xlim(low - room, top_value + room)
    axes.set_xlabel(f"{result.figure} ({100 * result.level:g}% CI)", fontsize=SMALL)
    for place, modality in enumerate(result.modalities):
        y = high + 0.5 + 0.17 * place
        canvas.plot([left, left + 0.3], [y, y], color=_color(place), linewidth=1.1)
        canvas.plot([left + 0.15], [y], color=_color(place), marker=MARKS[place % 6], markersize=4)
        canvas.text(left + 0.38, y, modality, fontsize=SMALL, va="center")
    return page.figure


def _dot(
    axes: "Axes", at: tuple[float, Interval | NotEstimable, float], place: int, *, is_mean: bool
) -> list[float]:
    """Point and interval; returns the ends, for the axis."""
    value, ci, y = at
    color = _color(place)
    ends = [value]
    if isinstance(ci, Interval):
        ends += [ci.low, ci.high]
        axes.plot([ci.low, ci.high], [y, y], color=color, linewidth=1.8 if is_mean else 1.1)
    face = color if isinstance(ci, Interval) else "white"
    axes.plot(
        [value],
        [y],
        color=color,
        marker=MARKS[place % 6],
        markersize=5 if is_mean else 4,
        markerfacecolor=face,
    )
    return ends


def _color(place: int) -> str:
    return COLORS[place % len(COLORS)]


def _figure_notes(result: OrResult) -> list[str]:
    notes = [_readers_note(result), "Mean of readers: random readers and random cases."]
    notes += reasons(
        [
            *((f"CI of {item.reader}, {item.modality}", item.ci) for item in result.reader_figures),
            *(
                (f"CI of the mean, {item.modality}", item.ci)
                for item in result.random_readers_random_cases.means
            ),
        ]
    )
    return [*notes, *result.warnings]


def _readers_note(result: OrResult) -> str:
    covariance = result.covariance_method.removeprefix("covariance_")
    missing = f" {len(result.missing)} reads are missing." if result.missing else ""
    readers = f"{len(result.readers)} reader{'' if len(result.readers) == 1 else 's'}"
    return (
        f"{readers}, {result.n_positive} positive and "
        f"{result.n_negative} negative cases; Obuchowski-Rockette, {covariance} covariance.{missing}"
    )


def _pair(result: OrResult, pair: tuple[str, str] | None) -> tuple[str, str, int]:
    """The pair, and 1 as it stands in the result or -1 the other way around."""
    known = [(item.modality_a, item.modality_b) for item in result.random_readers_random_cases.differences]
    if not known:
        raise AnalysisError("no_difference", "one modality alone has no difference")
    if pair is None or pair in known:
        return *(pair or known[0]), 1
    if pair[::-1] in known:
        return *pair, -1
    raise AnalysisError("unknown_pair", f"the result does not compare {pair[0]} with {pair[1]}")


def _turned(
    value: Estimate, ci: Interval | NotEstimable, sign: int
) -> tuple[Estimate, Interval | NotEstimable]:
    if sign > 0:
        return value, ci
    turned = Interval(-ci.high, -ci.low, ci.level) if isinstance(ci, Interval) else ci
    return value if isinstance(value, NotEstimable) else -value, turned
