"""Figures of a reader's agreement with themself: a panel a reader, never pooled.

Categories: how often each answer of the first reading (across) met each of the second (up), as bubbles whose area is
the count. Measurements: the difference of the second from the first reading against their mean, with bias and limits.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.analysis.agreement import Category
from backend.analysis.bland_altman import BlandAltman, DifferencePoint
from backend.analysis.errors import NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    PAGE,
    SMALL,
    TINY,
    bare,
    block_inches,
    digits_for,
    reasons,
    rendered,
    sheet,
    signed,
    text_inches,
    tint,
    with_ci,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, FileFormat
from backend.analysis.intra_reader import IntraReaderCategories, IntraReaderMeasurements
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
HEAD, BELOW = 0.22, 0.42
LEFT = 0.62
HIGH = 1.7
NEVER_TWICE = "No case was read twice"


def intra_reader_figure(
    readers: Sequence[IntraReaderCategories] | Sequence[IntraReaderMeasurements],
    *,
    title: str,
    unit: str = "",
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The second reading against the first, a panel a reader: categories as bubbles, measurements by differences.

    Parameters
    ----------
    unit
        Of the measurements, for the axes.
    """
    return rendered(
        lambda heading: draw_intra_reader(readers, heading, unit=unit),
        "Intra-reader agreement",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_intra_reader(
    readers: Sequence[IntraReaderCategories] | Sequence[IntraReaderMeasurements],
    title: str,
    *,
    unit: str = "",
) -> "Figure":
    """The panels as matplotlib's figure; parameters as for :func:`intra_reader_figure`."""
    categories = [one for one in readers if isinstance(one, IntraReaderCategories)]
    if categories:
        return _grids(categories, title)
    return _multiples([one for one in readers if isinstance(one, IntraReaderMeasurements)], title, unit)


def _grids(readers: Sequence[IntraReaderCategories], title: str) -> "Figure":
    """A grid of bubbles a reader."""
    width, columns = _columns(len(readers))
    cell = width / columns
    side = cell - LEFT - 0.12
    scale = readers[0].kappa.categories
    labels, key = _labels(scale, side / len(scale))
    texts = [wrapped(_grid_words(one), cell - 2 * EDGE, TINY) for one in readers]
    step = HEAD + side + BELOW + max(block_inches(text, TINY) for text in texts) + 0.12
    notes = [
        "The area of a bubble is the number of cases; blue: the same answer twice, orange: another one.",
        *key,
        *reasons([(f"kappa, {one.reader}", one.kappa.kappa) for one in readers]),
        *reasons(
            [
                (f"CI of kappa, {one.reader}", one.kappa.ci)
                for one in readers
                if not isinstance(one.kappa.kappa, NotEstimable)
            ]
        ),
    ]
    page = sheet(title, width=width, height=-(-len(readers) // columns) * step, notes=notes)
    canvas = page.canvas()
    most = max(1, *(count for one in readers for row in one.kappa.table for count in row))
    for place, (one, text) in enumerate(zip(readers, texts, strict=True)):
        x, y = place % columns * cell + LEFT, place // columns * step + HEAD
        canvas.text(x, y - 0.06, one.reader, fontsize=SMALL, weight="bold", va="bottom")
        _grid(canvas, (x, y), side, labels)
        _bubbles(canvas, one.kappa.table, (x, y), side, most)
        if not one.n:
            canvas.text(x + side / 2, y + side / 2, NEVER_TWICE, fontsize=TINY, ha="center", va="center")
        canvas.text(x + side / 2, y + side + 0.26, "First reading", fontsize=SMALL, ha="center", va="center")
        canvas.text(
            x - LEFT + 0.1,
            y + side / 2,
            "Second reading",
            fontsize=SMALL,
            ha="center",
            va="center",
            rotation=90,
        )
        canvas.text(x - LEFT + EDGE, y + side + BELOW, text, fontsize=TINY, va="top", linespacing=1.25)
    return page.figure


def _multiples(readers: Sequence[IntraReaderMeasurements], title: str, unit: str) -> "Figure":
    """Bland and Altman's plot of each reader on the same axes."""
    width, columns = _columns(len(readers))
    cell = width / columns
    wide = cell - LEFT - 0.12
    heights = [0.0, *(height for one in readers for height in _heights(one))]
    reach = max(heights) - min(heights) or 1.0
    low, high = min(heights) - 0.06 * reach, max(heights) + 0.06 * reach
    means = [point.mean for one in readers for point in _points(one)] or [0.0, 1.0]
    room = 0.05 * (max(means) - min(means)) or 0.5
    texts = [wrapped(_difference_words(one, digits_for(reach)), cell - 2 * EDGE, TINY) for one in readers]
    step = HEAD + HIGH + BELOW + max(block_inches(text, TINY) for text in texts) + 0.12
    bands = [one.bland_altman.bias_ci for one in readers if isinstance(one.bland_altman, BlandAltman)]
    level = next((f" Bands: {100 * ci.level:g}% CI." for ci in bands if isinstance(ci, Interval)), "")
    notes = [
        f"Second reading minus first. Solid: bias; dashed: limits of agreement.{level}",
        *reasons(
            [(one.reader, one.bland_altman) for one in readers if isinstance(one.bland_altman, NotEstimable)]
        ),
    ]
    page = sheet(title, width=width, height=-(-len(readers) // columns) * step, notes=notes)
    canvas = page.canvas()
    in_unit = f" ({unit})" if unit else ""
    for place, (one, text) in enumerate(zip(readers, texts, strict=True)):
        x, y = place % columns * cell + LEFT, place // columns * step + HEAD
        canvas.text(x, y - 0.06, one.reader, fontsize=SMALL, weight="bold", va="bottom")
        axes = page.axes(x, y, wide, HIGH)
        bare(axes)
        axes.set_xlim(min(means) - room, max(means) + room)
        axes.set_ylim(low, high)
        _differences(axes, one)
        axes.set_xlabel(f"Mean of both readings{in_unit}", fontsize=SMALL, labelpad=1.5)
        axes.set_ylabel(f"Difference{in_unit}", fontsize=SMALL, labelpad=1.5)
        canvas.text(x - LEFT + EDGE, y + HIGH + BELOW, text, fontsize=TINY, va="top", linespacing=1.25)
    return page.figure


def _columns(panels: int) -> tuple[float, int]:
    """Width of the figure and panels beside each other."""
    columns = 2 if panels == 4 else min(3, panels)
    return (COLUMN if columns == 1 else PAGE), columns


def _labels(scale: Sequence[Category], step: float) -> tuple[list[str], list[str]]:
    """What stands at each category: its name where all have room, else its number, with a note of the names.

    Numbers that would touch stand at every second, third, ... category.
    """
    names = [("yes" if one else "no") if isinstance(one, bool) else str(one) for one in scale]
    key: list[str] = []
    room = min(LEFT - 0.24, 0.94 * step)
    if any(text_inches(name, TINY) > room for name in names) and not all(_is_number(one) for one in scale):
        key = ["; ".join(f"{place}: {name}" for place, name in enumerate(names, start=1)) + "."]
        names = [str(place) for place in range(1, len(names) + 1)]
    need = max(block_inches("0", TINY), *(text_inches(name, TINY) + 0.03 for name in names))
    every = math.ceil(need / step)
    return [name if place % every == 0 else "" for place, name in enumerate(names)], key


def _is_number(one: Category) -> bool:
    return isinstance(one, (int, float)) and not isinstance(one, bool)


def _grid(canvas: "Axes", corner: tuple[float, float], side: float, labels: Sequence[str]) -> None:
    from matplotlib.patches import Rectangle

    (x, y), size = corner, side / len(labels)
    for place, label in enumerate(labels):
        left, top = x + place * size, y + side - (place + 1) * size
        canvas.add_artist(Rectangle((left, top), size, size, facecolor="#EEF3F7", edgecolor="none"))
        canvas.text(left + size / 2, y + side + 0.05, label, fontsize=TINY, ha="center", va="top")
        canvas.text(x - 0.05, top + size / 2, label, fontsize=TINY, ha="right", va="center")
    if size > 0.1:
        for place in range(1, len(labels)):
            canvas.plot([x + place * size] * 2, [y, y + side], color="#DDDDDD", linewidth=0.5)
            canvas.plot([x, x + side], [y + place * size] * 2, color="#DDDDDD", linewidth=0.5)
    canvas.add_artist(Rectangle((x, y), side, side, facecolor="none", edgecolor=GRAY, linewidth=0.8))


def _bubbles(
    canvas: "Axes", table: Sequence[Sequence[int]], corner: tuple[float, float], side: float, most: int
) -> None:
    """Areas as the counts, the largest as wide as a cell; rows of the table are the first reading."""
    from matplotlib.patches import Circle

    (x, y), size = corner, side / len(table)
    for first, row in enumerate(table):
        for second, count in enumerate(row):
            if not count:
                continue
            at = (x + (first + 0.5) * size, y + side - (second + 0.5) * size)
            color = tint(BLUE if first == second else ORANGE, 0.45)
            radius = 0.47 * size * math.sqrt(count / most)
            canvas.add_artist(Circle(at, radius, facecolor=color, edgecolor=INK, linewidth=0.4, zorder=3))
            if size > text_inches(str(most), TINY):
                canvas.text(*at, str(count), fontsize=TINY, ha="center", va="center", zorder=4)


def _grid_words(one: IntraReaderCategories) -> str:
    same = sum(row[place] for place, row in enumerate(one.kappa.table))
    name = {"unweighted": "Kappa", "linear": "Linear kappa", "quadratic": "Quadratic kappa"}[
        one.kappa.weights
    ]
    return f"{same} of {one.n} cases alike\n{name} {with_ci(one.kappa.kappa, one.kappa.ci, digits=2)}"


def _points(one: IntraReaderMeasurements) -> tuple[DifferencePoint, ...]:
    return () if isinstance(one.bland_altman, NotEstimable) else one.bland_altman.points


def _heights(one: IntraReaderMeasurements) -> list[float]:
    """Everything that has a place on the vertical axis."""
    found = [point.difference for point in _points(one)]
    for _, value, ci in _lines(one):
        found += [] if isinstance(value, NotEstimable) else [value]
        found += [ci.low, ci.high] if isinstance(ci, Interval) else []
    return found


def _lines(one: IntraReaderMeasurements) -> list[tuple[str, float | NotEstimable, Interval | NotEstimable]]:
    found = one.bland_altman
    if isinstance(found, NotEstimable):
        return []
    return [
        ("Bias", found.bias, found.bias_ci),
        ("Lower limit", found.lower.value, found.lower.exact_ci),
        ("Upper limit", found.upper.value, found.upper.exact_ci),
    ]


def _differences(axes: "Axes", one: IntraReaderMeasurements) -> None:
    axes.axhline(0.0, color=GRAY, linewidth=0.6, linestyle=(0, (1, 2)))
    for name, value, ci in _lines(one):
        color = BLACK if name == "Bias" else ORANGE
        if isinstance(ci, Interval):
            axes.axhspan(ci.low, ci.high, color=color, alpha=0.14, linewidth=0)
        if not isinstance(value, NotEstimable):
            axes.axhline(value, color=color, linewidth=1.2, linestyle="-" if name == "Bias" else "--")
    points = _points(one)
    if points:
        across, up = zip(*[(point.mean, point.difference) for point in points], strict=True)
        axes.scatter(across, up, s=9.0, facecolor=BLUE, edgecolor=BLUE, linewidth=0.7, zorder=3)
    else:
        axes.text(0.5, 0.6, NEVER_TWICE, transform=axes.transAxes, fontsize=TINY, ha="center", va="center")


def _difference_words(one: IntraReaderMeasurements, digits: int) -> str:
    told = []
    for name, value, ci in _lines(one):
        number = "not estimable" if isinstance(value, NotEstimable) else signed(value, digits)
        between = (
            f" ({signed(ci.low, digits)} to {signed(ci.high, digits)})" if isinstance(ci, Interval) else ""
        )
        told.append(f"{name} {number}{between}")
    if not isinstance(one.icc, NotEstimable):
        form = one.icc.form("ICC(A,1)")
        told.append(f"ICC(A,1) {with_ci(form.icc, form.ci, digits=2)}")
    return "\n".join([f"{one.n} cases", *told])
