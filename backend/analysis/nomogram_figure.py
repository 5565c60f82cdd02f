"""The nomogram as a figure: points above, a line for each predictor, the total and its meaning below."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.analysis.figure_layout import headed
from backend.analysis.figure_style import BLACK, GRAY, FileFormat, render
from backend.analysis.nomogram import MAX_POINTS, AxisTick, Nomogram
from backend.analysis.results import NO_LABELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXIS, ROW, MARGIN, BELOW = 5.0, 0.42, 0.3, 0.05
LEAST_LABELS, INCHES_A_LETTER = 1.45, 0.072
LABEL_SIZE = 6.5
# An axis of categories or of tight ticks would print labels over each other: these share of its width apart.
LEAST_GAP = 0.035
SYNTHETIC_NOTE = " (synthetic demonstration data)"


def nomogram_figure(
    nomogram: Nomogram,
    *,
    title: str,
    labels: Mapping[str, str] = NO_LABELS,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The nomogram as SVG or PNG, the same bytes for the same nomogram; ``labels`` says what predictors are called."""
    heading = title + SYNTHETIC_NOTE * is_synthetic
    return render(
        lambda: _draw(nomogram, heading, labels), title=f"Nomogram: {title}", file_format=file_format, dpi=dpi
    )


def _draw(nomogram: Nomogram, title: str, called: Mapping[str, str]) -> "Figure":
    from matplotlib.figure import Figure

    rows = 3 + len(nomogram.axes) + len(nomogram.outcomes)
    names = [called.get(axis.name, axis.name) for axis in nomogram.axes]
    beside = (*names, *(outcome.label for outcome in nomogram.outcomes))
    labels = max(LEAST_LABELS, 0.25 + INCHES_A_LETTER * max(map(len, beside)))
    width = labels + AXIS + MARGIN
    heading, more = headed(title, width - 0.24)
    height = rows * ROW + MARGIN + more + BELOW
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((labels / width, BELOW / height, AXIS / width, rows * ROW / height))
    axes.set_axis_off()
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_title(heading, fontsize=8.0, loc="left", x=(0.12 - labels) / AXIS)
    whole = nomogram.total[-1].points
    points = tuple(AxisTick(f"{10 * k}", 10.0 * k, 10.0 * k) for k in range(11))
    for place in range(11):
        axes.axvline(
            place / 10, color=GRAY, alpha=0.35, linewidth=0.4, ymin=(rows - 1 - len(nomogram.axes)) / rows
        )
    _line(axes, 0, "Points", points, MAX_POINTS)
    for row, (name, axis) in enumerate(zip(names, nomogram.axes, strict=True), start=1):
        _line(axes, row, name, sorted(axis.ticks, key=lambda tick: tick.points), MAX_POINTS)
    row = 1 + len(nomogram.axes)
    _line(axes, row, "Total points", nomogram.total, whole)
    _line(axes, row + 1, "Linear predictor", nomogram.linear_predictor, whole)
    for place, outcome in enumerate(nomogram.outcomes, start=row + 2):
        _line(axes, place, outcome.label, outcome.ticks, whole)
    return figure


def _line(axes: "Axes", row: int, name: str, ticks: Sequence[AxisTick], whole: float) -> None:
    """One axis: ticks up for labels above the line, down where the label before is too near."""
    axes.annotate(
        name,
        (0.0, row),
        xytext=(-8, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        annotation_clip=False,
    )
    shown = [tick for tick in ticks if -1e-9 <= tick.points / whole <= 1.0 + 1e-9]
    if not shown:
        return
    axes.plot([shown[0].points / whole, shown[-1].points / whole], [row, row], color=BLACK, linewidth=0.9)
    last = {True: -1.0, False: -1.0}
    for tick in shown:
        at = tick.points / whole
        half = LEAST_GAP / 2.0 * max(1.0, len(tick.label) / 3)
        is_above = at - half >= last[True]
        axes.plot([at, at], [row, row - 0.14 if is_above else row + 0.14], color=BLACK, linewidth=0.7)
        if not is_above and at - half < last[False]:
            continue
        last[is_above] = at + half
        axes.annotate(
            tick.label,
            (at, row - 0.14 if is_above else row + 0.14),
            xytext=(0, 1 if is_above else -1),
            textcoords="offset points",
            ha="center",
            va="bottom" if is_above else "top",
            fontsize=LABEL_SIZE,
            annotation_clip=False,
        )
