"""Figures of changes of mind: slopes, reclassification, advice followed. Times are in :mod:`time_figures`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from backend.analysis.change_of_mind import ChangeOfMind, Measure, Slope
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    PAGE,
    SMALL,
    TEXT,
    bare,
    is_dark,
    reasons,
    rendered,
    sheet,
    spread,
    text_inches,
    tint,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, GRAY, LINES, MARKERS, FileFormat

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
MEASURES: tuple[Measure, ...] = get_args(Measure)
MEASURE_NAMES: dict[Measure, str] = {
    "auc": "AUC",
    "accuracy": "Accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
}
ALL = "All readers"


def slope_figure(
    change: ChangeOfMind,
    *,
    title: str,
    measures: Sequence[Measure] = MEASURES,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """A line for every reader from before to after, one panel a measure, and the mean of the readers in black.

    Raises
    ------
    AnalysisError
        ``unknown_measure``, ``unknown_format``.
    """
    if not measures or not set(measures) <= set(MEASURES):
        raise AnalysisError("unknown_measure", f"slopes are of {', '.join(MEASURES)}, not {list(measures)}")
    return rendered(
        lambda heading: draw_slopes(change, heading, measures=measures),
        "Change by reader",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def reclassification_figure(
    change: ChangeOfMind,
    *,
    title: str,
    reader: str | None = None,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Scores before against after with both margins, positive and negative cases apart.

    Moves toward the truth are blue, away from it orange; the heavier lines are the declared threshold.

    Parameters
    ----------
    reader
        One reader; all together when not given.

    Raises
    ------
    AnalysisError
        ``unknown_reader``, ``unknown_format``.
    """
    if reader is not None and reader not in {item.reader for item in change.readers}:
        raise AnalysisError("unknown_reader", f"the result has no reader {reader}")
    return rendered(
        lambda heading: draw_reclassification(change, heading, reader=reader),
        "Reclassification",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_slopes(change: ChangeOfMind, title: str, *, measures: Sequence[Measure] = MEASURES) -> "Figure":
    """The slope plot as matplotlib's figure; parameters as for :func:`slope_figure`."""
    columns = min(2, len(measures))
    width = COLUMN if columns == 1 else PAGE
    cell = width / columns
    names = [wrapped(item.reader, 1.0, SMALL).split("\n")[0] for item in change.readers]
    right = max(text_inches(text, SMALL) for text in (*names, "Mean")) + 0.22
    wide, high = cell - 0.55 - right - EDGE, max(1.9, 0.14 * (len(names) + 1))
    rows = -(-len(measures) // columns)
    notes = [
        f"{change.before}: before; {change.after}: after. Black: mean of the readers. {_pairs_note(change)}",
        *(note for measure in measures for note in _undefined(change, measure)),
        *change.warnings,
    ]
    page = sheet(title, width=width, height=rows * (high + 0.55), notes=notes)
    for place, measure in enumerate(measures):
        axes = page.axes(place % columns * cell + 0.55, place // columns * (high + 0.55) + 0.2, wide, high)
        lines = [next(slope for slope in item.slopes if slope.measure == measure) for item in change.readers]
        _slopes(axes, names, lines, (change.before, change.after), high)
        axes.set_title(MEASURE_NAMES[measure], fontsize=SMALL, loc="left", weight="bold", pad=4.0)
    return page.figure


def _undefined(change: ChangeOfMind, measure: Measure) -> list[str]:
    """Why readers have no value of a measure; all of them in one word."""
    named = [
        (item.reader, end)
        for item in change.readers
        for slope in item.slopes
        if slope.measure == measure
        for end in (slope.before, slope.after)
        if isinstance(end, NotEstimable)
    ]
    notes = reasons(list(dict.fromkeys(named)))
    everybody = ", ".join(item.reader for item in change.readers)
    return [f"{MEASURE_NAMES[measure]}, {note.replace(everybody, 'all readers', 1)}" for note in notes]


def _slopes(
    axes: "Axes", names: Sequence[str], lines: Sequence[Slope], arms: tuple[str, str], tall: float
) -> None:
    bare(axes)
    drawn: list[tuple[str, tuple[float, float], str, str, str, float]] = []
    for i, (name, line) in enumerate(zip(names, lines, strict=True)):
        if isinstance(line.before, NotEstimable) or isinstance(line.after, NotEstimable):
            continue
        look = (COLORS[i % len(COLORS)], LINES[i // len(COLORS) % len(LINES)], MARKERS[i % len(MARKERS)])
        drawn.append((name, (line.before, line.after), *look, 1.0))
    axes.set_xlim(-0.12, 1.04)
    axes.set_xticks([0.0, 1.0], arms)
    axes.tick_params(axis="x", length=0, pad=3.0)
    if not drawn:
        axes.set_yticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.text(0.46, 0.5, "No reader has both values", fontsize=SMALL, ha="center", va="center")
        return
    if len(drawn) > 1:
        before, after = (sum(row[1][k] for row in drawn) / len(drawn) for k in (0, 1))
        drawn.append(("Mean", (before, after), BLACK, "-", "o", 2.0))
    for _, ends, color, dash, mark, line_width in drawn:
        axes.plot(
            [0.0, 1.0],
            ends,
            color=color,
            linestyle=dash,
            linewidth=line_width,
            marker=mark,
            markersize=3.5,
            clip_on=False,
        )
    values = [value for row in drawn for value in row[1]]
    room = max(0.08 * (max(values) - min(values)), 0.02)
    low, high = max(0.0, min(values) - room), min(1.0, max(values) + room)
    axes.set_ylim(low, high)
    inch = (high - low) / tall
    for row, place in zip(drawn, spread([row[1][1] for row in drawn], 0.125 * inch), strict=True):
        axes.annotate(
            row[0],
            (1.0, row[1][1]),
            xytext=(10.0, (place - row[1][1]) / inch * 72.0),
            textcoords="offset points",
            fontsize=SMALL,
            va="center",
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.7, "color": row[2], "shrinkA": 0.0, "shrinkB": 3.0},
        )


def draw_reclassification(change: ChangeOfMind, title: str, *, reader: str | None = None) -> "Figure":
    """The tables as matplotlib's figure; parameters as for :func:`reclassification_figure`."""
    whole = (
        change.pooled if reader is None else next(item for item in change.readers if item.reader == reader)
    )
    table, moves = whole.reclassification, whole.moves
    k = len(table.scale) + 1
    left, above, gap = 0.62, 0.62, 0.3
    cell = max(0.26, min(0.42, (PAGE / 2.0 - left - gap) / k))
    each = left + k * cell + gap
    who = ALL if reader is None else reader
    notes = [
        f"{who}, n = {whole.n} pairs of reads.",
        (
            "Blue: toward the truth; orange: away from it. "
            f"Heavy lines: the call is positive from {change.positive_from} on."
        ),
        (
            f"Calls: {moves.moved_right} moved right, {moves.moved_wrong} moved wrong, {moves.stayed_right} stayed "
            f"right, {moves.stayed_wrong} stayed wrong."
        ),
        (
            f"Scores: {moves.score_toward_truth} toward the truth, {moves.score_away_from_truth} away from it, "
            f"{moves.score_unchanged} unchanged."
        ),
    ]
    if change.left_out:
        notes.append(
            f"{len(change.left_out)} pairs of all readers were left out for want of a score or of the truth."
        )
    page = sheet(title, width=max(2 * each, COLUMN), height=above + k * cell + 0.1, notes=notes)
    axes = page.canvas()
    for place, (counts, is_positive) in enumerate(((table.positive, True), (table.negative, False))):
        corner = (place * each + left, above)
        what = "Positive" if is_positive else "Negative"
        total = sum(map(sum, counts))
        axes.text(corner[0], 0.1, f"{what} cases, {total} pairs", fontsize=SMALL, weight="bold", va="center")
        if not total:
            axes.text(corner[0], 0.25, "No such case", fontsize=SMALL, va="center", color=INK)
        axes.text(
            corner[0] + (k - 1) * cell / 2.0,
            above - 0.29,
            change.after,
            fontsize=SMALL,
            ha="center",
            va="center",
        )
        axes.text(
            corner[0] - 0.45,
            above + (k - 1) * cell / 2.0,
            change.before,
            fontsize=SMALL,
            ha="center",
            va="center",
            rotation=90,
        )
        _moves_table(axes, counts, table.scale, corner, cell, is_positive=is_positive)
        _threshold(axes, table.scale.index(change.positive_from), k, corner, cell)
    return page.figure


def _moves_table(
    axes: "Axes",
    counts: Sequence[Sequence[int]],
    scale: Sequence[int],
    corner: tuple[float, float],
    cell: float,
    *,
    is_positive: bool,
) -> None:
    from matplotlib.patches import Rectangle

    x, y = corner
    size = len(scale)
    largest = max([1, *(count for row in counts for count in row)])
    for i in range(size + 1):
        head = str(scale[i]) if i < size else "All"
        axes.text(x - 0.07, y + (i + 0.5) * cell, head, fontsize=SMALL, ha="right", va="center")
        axes.text(x + (i + 0.5) * cell, y - 0.07, head, fontsize=SMALL, ha="center", va="bottom")
        for j in range(size + 1):
            chosen = [row[j] if j < size else sum(row) for row in counts]
            count = chosen[i] if i < size else sum(chosen)
            color = (0.95, 0.95, 0.95)
            if i < size and j < size and i != j:
                share = 0.06 + 0.7 * count / largest if count else 0.04
                color = tint(BLUE if (j > i) is is_positive else ORANGE, share)
            elif i == j < size:
                color = tint(GRAY, 0.35)
            axes.add_artist(
                Rectangle(
                    (x + j * cell, y + i * cell),
                    cell,
                    cell,
                    facecolor=color,
                    edgecolor="white",
                    linewidth=0.8,
                )
            )
            axes.text(
                x + (j + 0.5) * cell,
                y + (i + 0.5) * cell,
                str(count),
                fontsize=TEXT if cell > 0.3 else SMALL,
                ha="center",
                va="center",
                color="white" if is_dark(color) else INK if not count else BLACK,
            )


def _threshold(axes: "Axes", at: int, k: int, corner: tuple[float, float], cell: float) -> None:
    x, y, reach = corner[0], corner[1], (k - 1) * cell
    axes.plot([x + at * cell] * 2, [y, y + reach], color=BLACK, linewidth=1.2)
    axes.plot([x, x + reach], [y + at * cell] * 2, color=BLACK, linewidth=1.2)


def _pairs_note(change: ChangeOfMind) -> str:
    left = f", {len(change.left_out)} left out" if change.left_out else ""
    return f"{change.pooled.n} pairs of reads{left}."
