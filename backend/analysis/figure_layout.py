"""Figures laid out in inches, as a journal sets them: one column or the page wide, texts broken to fit.

A sheet has a heading, a body, and notes below it. The body is measured from its upper left corner, to the right and
downward. Widths of texts are measured with the font itself, so that no text runs out of its place.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.figure_style import FileFormat, render
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches: 89 and 183 mm, one and two columns of a journal.
COLUMN, PAGE = 3.5, 7.2
# Points.
TEXT, SMALL, TINY = 8.0, 7.0, 6.0
LINE = 1.25 / 72.0
EDGE = 0.08
# Air around a line: texts that just fit into their places would touch their neighbors.
ROUNDED = 1.03
INK = "#333333"
SYNTHETIC = " (synthetic demonstration data)"
DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure with the place of its body: ``top`` and ``bottom`` in inches above the figure's lower edge."""

    figure: "Figure"
    width: float
    height: float
    top: float
    bottom: float

    def axes(self, left: float, down: float, width: float, height: float) -> "Axes":
        """Axes of this size in inches, their upper left corner so far right and down from the body's."""
        box = (left / self.width, (self.top - down - height) / self.height)
        return self.figure.add_axes((*box, width / self.width, height / self.height))

    def canvas(self) -> "Axes":
        """Axes without ticks over the whole body, whose units are inches, the vertical one downward."""
        deep = self.top - self.bottom
        axes = self.axes(0.0, 0.0, self.width, deep)
        axes.set_xlim(0.0, self.width)
        axes.set_ylim(deep, 0.0)
        axes.set_axis_off()
        return axes


def sheet(title: str, *, width: float, height: float, notes: Sequence[str] = ()) -> Sheet:
    """A figure with a body of this height, the title above it and the notes below, both broken to the width.

    Parameters
    ----------
    width, height
        Of the figure and of the body, in inches.
    """
    from matplotlib.figure import Figure

    heading = wrapped(title, width - 2 * EDGE, TEXT)
    footing = "\n".join(wrapped(note, width - 2 * EDGE, SMALL) for note in notes if note)
    above, below = block_inches(heading, TEXT) + 2 * EDGE, block_inches(footing, SMALL) + 1.5 * EDGE
    full = above + height + below
    figure = Figure(figsize=(width, full))
    figure.text(EDGE / width, 1.0 - EDGE / full, heading, fontsize=TEXT, va="top", linespacing=1.25)
    if footing:
        figure.text(
            EDGE / width, EDGE / full, footing, fontsize=SMALL, va="bottom", color=INK, linespacing=1.25
        )
    return Sheet(figure, width, full, full - above, below)


def rendered(
    draw: "Callable[[str], Figure]",
    kind: str,
    title: str,
    *,
    is_synthetic: bool,
    file_format: FileFormat,
    dpi: int,
) -> bytes:
    """The bytes of the figure that ``draw`` makes of a heading; synthetic data are said in it.

    Raises
    ------
    AnalysisError
        ``unknown_format``.
    """
    if file_format not in ("svg", "png"):
        raise AnalysisError("unknown_format", f"a figure is svg or png, not {file_format!r}")
    heading = title + SYNTHETIC * is_synthetic
    return render(lambda: draw(heading), title=f"{kind}: {title}", file_format=file_format, dpi=dpi)


@lru_cache(maxsize=4096)
def text_inches(text: str, size: float, *, is_bold: bool = False) -> float:
    """Width of one line of text."""
    from matplotlib.font_manager import FontProperties

    from backend.analysis.figure_text import SCALE, face

    font = FontProperties(family="DejaVu Sans", weight="bold" if is_bold else "normal")
    return ROUNDED * face(font).line(text or " ").width * size / SCALE / 72.0


def block_inches(text: str, size: float) -> float:
    """Height of a text of as many lines as it has."""
    return (text.count("\n") + 1) * size * LINE if text else 0.0


def wrapped(text: str, width: float, size: float) -> str:
    """The text broken between words, and within a word that is wider than the line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            trial = f"{line} {word}" if line else word
            if not line or text_inches(trial, size) <= width:
                line = trial
            else:
                lines.append(line)
                line = word
            while text_inches(line, size) > width and len(line) > 1:
                fits = max(1, sum(text_inches(line[: n + 1], size) <= width for n in range(len(line) - 1)))
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line)
    return "\n".join(lines)


def spread(
    places: Sequence[float], gap: float, within: tuple[float, float] = (-math.inf, math.inf)
) -> list[float]:
    """Places in the same order, at least ``gap`` apart, as near to where they were as that allows.

    Parameters
    ----------
    within
        Limits, kept where they have room for all; the upper one goes first.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    groups: list[list[float]] = []  # each: wanted center and number of members
    for i in order:
        groups.append([places[i], 1.0])
        while len(groups) > 1:
            (low, n), (high, m) = groups[-2:]
            if high - low >= gap * (n + m) / 2.0 - 1e-12:
                break
            groups[-2:] = [[(low * n + high * m) / (n + m), n + m]]
    moved = [center + gap * (k - (n - 1) / 2.0) for center, n in groups for k in range(int(n))]
    for k in range(len(moved)):
        moved[k] = max(moved[k], within[0] + gap * k)
    for k in range(len(moved)):
        moved[-1 - k] = min(moved[-1 - k], within[1] - gap * k)
    found = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        found[i] = place
    return found


def signed(value: float, digits: int) -> str:
    """The number with a true minus sign, and no sign before a zero."""
    text = f"{value:.{digits}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def range_text(low: float, high: float, digits: int) -> str:
    """``0.40–0.64``, or with the word ``to`` where a number is negative."""
    between = " to " if min(low, high) < 0.0 else DASH
    return f"{signed(low, digits)}{between}{signed(high, digits)}"


def with_ci(value: Estimate, ci: Interval | NotEstimable, *, digits: int = 3) -> str:
    """``0.812 (0.740–0.884)``; what is not estimable is said, the reasons being for the notes."""
    if isinstance(value, NotEstimable):
        return "not estimable"
    if isinstance(ci, NotEstimable):
        return f"{signed(value, digits)} (CI not estimable)"
    return f"{signed(value, digits)} ({range_text(ci.low, ci.high, digits)})"


def p_text(p: Estimate) -> str:
    """``0.042``, ``<0.001`` or a dash."""
    if isinstance(p, NotEstimable):
        return DASH
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def digits_for(spread_of_values: float) -> int:
    """Decimals that show about three digits of numbers of this spread."""
    size = abs(spread_of_values)
    for digits, least in ((0, 100.0), (1, 10.0), (2, 1.0), (3, 0.1)):
        if size >= least:
            return digits
    return 4 if size > 0.0 else 2


def reasons(named: Sequence[tuple[str, Estimate | Interval]]) -> list[str]:
    """One note for each reason, naming all that have it: ``r1, r2: not estimable: …``."""
    found: dict[str, list[str]] = {}
    for name, value in named:
        if isinstance(value, NotEstimable):
            found.setdefault(str(value), []).append(name)
    return [f"{', '.join(names)}: {reason}." for reason, names in found.items()]


def tint(color: str, share: float) -> tuple[float, float, float]:
    """The color mixed with white: share 0 is white, 1 the color itself."""
    red, green, blue = (int(color[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return 1.0 - share * (1.0 - red), 1.0 - share * (1.0 - green), 1.0 - share * (1.0 - blue)


def is_dark(color: tuple[float, float, float]) -> bool:
    """Whether white text is read better on it than black."""
    luminance = sum(weight * part**2.2 for weight, part in zip((0.2126, 0.7152, 0.0722), color, strict=True))
    return bool(luminance < 0.25)


def bare(axes: "Axes") -> None:
    """No frame to the right and above."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, length=2.5, pad=2.0)


def headed(title: str, width: float) -> tuple[str, float]:
    """The title broken to a width in inches, and the inches that its lines beyond the first need."""
    heading = wrapped(title, width, TEXT)
    return heading, heading.count("\n") * TEXT * LINE


def new_axes(
    title: str,
    *,
    width: float,
    height: float,
    legend_rows: int,
    left: float = 0.62,
    below: float = 0.5,
    top: float = 0.3,
) -> "tuple[Figure, Axes]":
    """A figure with one pair of axes of this size in inches below the title, and room for a legend of so many rows."""
    from matplotlib.figure import Figure

    heading, more = headed(title, width + 0.2)
    top += more
    legend = 0.17 * legend_rows + 0.1
    full_width, full_height = left + width + 0.3, top + height + below + legend
    figure = Figure(figsize=(full_width, full_height))
    axes = figure.add_axes(
        (left / full_width, (below + legend) / full_height, width / full_width, height / full_height)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(heading, fontsize=TEXT, loc="left")
    return figure, axes


def add_legend(figure: "Figure", axes: "Axes", *, title: str | None = None) -> None:
    """The legend below the axes, flush with their left edge."""
    figure.legend(
        loc="lower left",
        bbox_to_anchor=(axes.get_position().x0 - 0.04 / figure.get_figwidth(), 0.05 / figure.get_figheight()),
        frameon=False,
        handlelength=2.6,
        borderaxespad=0.0,
        title=title,
        alignment="left",
    )
