"""Figures of agreement: the kappa matrix, Bland and Altman's plot, the confusion matrix.

Each is a function from a result to the bytes of an SVG or PNG, the same for the same result. The function of the
same name that begins with ``draw_`` gives matplotlib's figure.
"""

from typing import TYPE_CHECKING

from backend.analysis.confusion import ConfusionMatrix
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    PAGE,
    SMALL,
    TEXT,
    TINY,
    block_inches,
    is_dark,
    range_text,
    reasons,
    rendered,
    sheet,
    signed,
    text_inches,
    tint,
    with_ci,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, FileFormat
from backend.analysis.kappa_grid import Band, KappaCell, KappaGrid, MeanKappa
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
# How much of the color each band has, from poor to almost perfect; poor has a color of its own.
SHADES = (0.35, 0.08, 0.25, 0.45, 0.7, 1.0)
NAME_INCHES = 1.15
KAPPA_CELL = (0.34, 0.72)
CI_CELL = 0.56
SWATCH = 0.16


def kappa_heatmap(
    grid: KappaGrid,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Kappa of every pair of readers and models, colored by the bands of Landis and Koch.

    Below the diagonal each cell has the interval, above it the number of cases; with so many raters that a page
    has no room for that, kappa alone.

    Raises
    ------
    AnalysisError
        ``unknown_format``.
    """
    return rendered(
        lambda heading: draw_kappa_heatmap(grid, heading),
        "Kappa matrix",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def confusion_figure(
    matrix: ConfusionMatrix,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Counts and shares of the reference's classes, both margins, the positive class named and what follows from it."""
    return rendered(
        lambda heading: draw_confusion(matrix, heading),
        "Confusion matrix",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_kappa_heatmap(grid: KappaGrid, title: str) -> "Figure":
    """The heatmap as matplotlib's figure; parameters as for :func:`kappa_heatmap`."""
    n = len(grid.raters)
    names = [wrapped(name, NAME_INCHES, SMALL) for name in grid.raters]
    left = max(text_inches(line, SMALL) for name in names for line in name.split("\n")) + 2 * EDGE
    low, high = KAPPA_CELL
    cell = min(high, max(low, (PAGE - left - EDGE) / n))
    width = max(COLUMN, left + n * cell + EDGE)
    heads = [wrapped(name, cell - 0.04, SMALL) for name in grid.raters]
    above = max(block_inches(head, SMALL) for head in heads) + 0.06
    page = sheet(
        title,
        width=width,
        height=above + n * cell + 0.12 + _legend_height(width, grid.bands),
        notes=_kappa_notes(grid, has_ci=cell >= CI_CELL),
    )
    axes = page.canvas()
    for i, (name, head) in enumerate(zip(names, heads, strict=True)):
        axes.text(left - EDGE, above + (i + 0.5) * cell, name, fontsize=SMALL, ha="right", va="center")
        axes.text(left + (i + 0.5) * cell, above - 0.04, head, fontsize=SMALL, ha="center", va="bottom")
    for i, row in enumerate(grid.cells):
        for j, item in enumerate(row):
            corner = (left + j * cell, above + i * cell)
            _kappa_cell(axes, item, corner, cell, grid.bands, is_below=i > j)
    edge = n - len(grid.models)
    if 0 < edge < n:
        for x, y in (([edge, edge], [0, n]), ([0, n], [edge, edge])):
            axes.plot(
                [left + cell * value for value in x],
                [above + cell * value for value in y],
                color=BLACK,
                linewidth=1.2,
            )
    _band_legend(axes, grid.bands, above + n * cell + 0.16, width)
    return page.figure


def _kappa_cell(
    axes: "Axes",
    item: KappaCell | None,
    corner: tuple[float, float],
    cell: float,
    bands: tuple[Band, ...],
    *,
    is_below: bool,
) -> None:
    from matplotlib.patches import Rectangle

    x, y = corner
    color = (0.9, 0.9, 0.9) if item is None else (1.0, 1.0, 1.0)
    names = [band.name for band in bands]
    if item is not None and not isinstance(item.band, NotEstimable):
        color = _shade(names.index(item.band))
    undefined = item is not None and isinstance(item.kappa, NotEstimable)
    axes.add_artist(
        Rectangle(
            corner,
            cell,
            cell,
            facecolor=color,
            edgecolor="#BBBBBB" if undefined else "white",
            linewidth=0.8,
            hatch="////" if undefined else None,
        )
    )
    if item is None:
        return
    ink = "white" if is_dark(color) else BLACK
    below = ""
    if cell >= CI_CELL:
        below = f"n = {item.n}"
        if is_below:
            ci = item.ci
            below = range_text(ci.low, ci.high, 2) if isinstance(ci, Interval) else "no CI"
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.0} if undefined else None
    middle = y + cell / 2.0 - (0.06 if below else 0.0)
    value = "n. e." if isinstance(item.kappa, NotEstimable) else signed(item.kappa, 2)
    axes.text(x + cell / 2.0, middle, value, fontsize=TEXT, ha="center", va="center", color=ink, bbox=plate)
    if below and not (undefined and is_below):
        size = (
            TINY
            if text_inches(below, TINY) < cell - 0.03
            else TINY * (cell - 0.03) / text_inches(below, TINY)
        )
        axes.text(
            x + cell / 2.0,
            middle + 0.14,
            below,
            fontsize=size,
            ha="center",
            va="center",
            color=ink,
            bbox=plate,
        )


def _shade(place: int) -> tuple[float, float, float]:
    return tint(ORANGE if place == 0 else BLUE, SHADES[place])


def _band_entries(bands: tuple[Band, ...]) -> list[str]:
    return [
        f"{band.name} ({'<' if i == 0 else ''}{'' if i == 0 else f'{band.low:.2f}–'}{band.high:.2f})"
        for i, band in enumerate(bands)
    ]


def _legend_columns(width: float, bands: tuple[Band, ...]) -> int:
    widest = max(text_inches(text, SMALL) for text in _band_entries(bands)) + SWATCH + 0.2
    return max(1, min(len(bands), int((width - 2 * EDGE) / widest)))


def _legend_height(width: float, bands: tuple[Band, ...]) -> float:
    return 0.17 * (1 - (-len(bands) // _legend_columns(width, bands))) + 0.04


def _band_legend(axes: "Axes", bands: tuple[Band, ...], down: float, width: float) -> None:
    from matplotlib.patches import Rectangle

    axes.text(EDGE, down, "Bands of Landis and Koch", fontsize=SMALL, va="center", color=INK)
    columns = _legend_columns(width, bands)
    for i, text in enumerate(_band_entries(bands)):
        x = EDGE + (i % columns) * (width - 2 * EDGE) / columns
        y = down + 0.17 * (1 + i // columns)
        axes.add_artist(
            Rectangle((x, y - 0.055), SWATCH, 0.11, facecolor=_shade(i), edgecolor="#BBBBBB", linewidth=0.5)
        )
        axes.text(x + SWATCH + 0.06, y, text, fontsize=SMALL, va="center")


def _kappa_notes(grid: KappaGrid, *, has_ci: bool) -> list[str]:
    pairs = [
        (grid.raters[i], grid.raters[j], cell)
        for i, row in enumerate(grid.cells)
        for j, cell in enumerate(row)
        if i > j and cell is not None
    ]
    levels = sorted({cell.ci.level for _, _, cell in pairs if isinstance(cell.ci, Interval)})
    weights = "" if grid.weights == "unweighted" else f"{grid.weights} weights; "
    notes = [
        f"Cohen's kappa, {weights}below the diagonal {100 * levels[0]:g}% CI, above it the number of cases."
        if has_ci and levels
        else f"Cohen's kappa{', ' + weights.rstrip('; ') if weights else ''}."
    ]
    notes.append(f"Mean among readers: {_mean_text(grid.among_readers)}.")
    notes += [
        f"Mean of {item.model} with readers: {_mean_text(item.with_readers)}."
        for item in grid.models_with_readers
    ]
    undefined = reasons([(f"{a} and {b}", cell.kappa) for b, a, cell in pairs])
    if undefined:
        notes.append(f"n. e.: not estimable. {' '.join(undefined)}")
    no_ci = [(f"{a} and {b}", cell.ci) for b, a, cell in pairs if not isinstance(cell.kappa, NotEstimable)]
    return notes + [f"CI of {text}" for text in reasons(no_ci)]


def _mean_text(mean: MeanKappa) -> str:
    if isinstance(mean.mean, NotEstimable):
        return str(mean.mean)
    pairs = f"{mean.n_pairs} {'pair' if mean.n_pairs == 1 else 'pairs'}"
    return f"{signed(mean.mean, 2)} ({pairs}{f', {mean.n_undefined} undefined' if mean.n_undefined else ''})"


def draw_confusion(matrix: ConfusionMatrix, title: str) -> "Figure":
    """The table as matplotlib's figure; parameters as for :func:`confusion_figure`."""
    classes = [f"{c} (positive)" if c == matrix.positive else str(c) for c in matrix.categories]
    k = len(classes)
    names = [wrapped(text, NAME_INCHES, SMALL) for text in (*classes, "Total")]
    left = max(text_inches(line, SMALL) for name in names for line in name.split("\n")) + 3 * EDGE + 0.12
    cell = min(0.85, (PAGE - left - EDGE) / (k + 1))
    if cell < 0.4:
        raise AnalysisError("too_many_classes", f"{k} classes do not fit on a page as a confusion matrix")
    width = max(COLUMN, left + (k + 1) * cell + EDGE)
    left = max(left, (width - (k + 1) * cell) / 2.0 if k < 3 else left)
    heads = [wrapped(text, cell - 0.04, SMALL) for text in (*classes, "Total")]
    above = max(block_inches(head, SMALL) for head in heads) + 0.26
    tall = min(cell, 0.55)
    page = sheet(title, width=width, height=above + (k + 1) * tall + 0.1, notes=_confusion_notes(matrix))
    axes = page.canvas()
    axes.text(
        left + k * cell / 2.0, 0.08, matrix.rater, fontsize=TEXT, ha="center", va="center", weight="bold"
    )
    axes.text(
        0.1,
        above + k * tall / 2.0,
        "Reference",
        fontsize=TEXT,
        ha="center",
        va="center",
        rotation=90,
        weight="bold",
    )
    for i, (name, head) in enumerate(zip(names, heads, strict=True)):
        axes.text(left - EDGE, above + (i + 0.5) * tall, name, fontsize=SMALL, ha="right", va="center")
        axes.text(left + (i + 0.5) * cell, above - 0.05, head, fontsize=SMALL, ha="center", va="bottom")
    for i in range(k + 1):
        for j in range(k + 1):
            _confusion_cell(axes, matrix, (i, j), (left + j * cell, above + i * tall), (cell, tall))
    return page.figure


def _confusion_cell(
    axes: "Axes",
    matrix: ConfusionMatrix,
    place: tuple[int, int],
    corner: tuple[float, float],
    size: tuple[float, float],
) -> None:
    from matplotlib.patches import Rectangle

    (i, j), k = place, len(matrix.categories)
    is_margin = i == k or j == k
    if i < k and j < k:
        count, whole = matrix.table[i][j], matrix.reference_totals[i]
    elif i < k:
        count, whole = matrix.reference_totals[i], matrix.n
    else:
        count, whole = (matrix.rater_totals[j] if j < k else matrix.n), matrix.n
    share = count / whole if whole else 0.0
    color = (0.95, 0.95, 0.95) if is_margin else tint(BLUE if i == j else ORANGE, 0.08 + 0.8 * share)
    axes.add_artist(Rectangle(corner, *size, facecolor=color, edgecolor="white", linewidth=1.2))
    ink = "white" if is_dark(color) else BLACK
    x, y = corner[0] + size[0] / 2.0, corner[1] + size[1] / 2.0
    lines = [(str(count), TEXT), (f"{100 * share:.1f}%" if whole else "–", TINY)]
    if word := "" if is_margin else _quadrant(matrix, i, j):
        lines.append((word, TINY))
    step = min(0.135, size[1] / (len(lines) + 0.4))
    for row, (text, points) in enumerate(lines):
        middle = y + (row - (len(lines) - 1) / 2.0) * step
        axes.text(x, middle, text, fontsize=points, ha="center", va="center", color=ink)


def _quadrant(matrix: ConfusionMatrix, i: int, j: int) -> str:
    """What the cell of a two-class table is called."""
    if matrix.positive is None or len(matrix.categories) != 2:
        return ""
    called_positive = matrix.categories[j] == matrix.positive
    return f"{'true' if i == j else 'false'} {'positive' if called_positive else 'negative'}"


def _confusion_notes(matrix: ConfusionMatrix) -> list[str]:
    percent = "Percentages: of the row; in the margins, of all cases."
    dropped = f" {len(matrix.dropped_cases)} left out." if matrix.dropped_cases else ""
    level = matrix.accuracy.wilson
    said = f"{100 * level.level:g}% Wilson CI" if isinstance(level, Interval) else "no CI"
    notes = [f"n = {matrix.n}.{dropped} {percent}"]
    notes.append(f"Accuracy {with_ci(matrix.accuracy.estimate, level)} ({said}).")
    if matrix.positive is None:
        notes.append("No class is declared positive.")
    else:
        one = matrix.for_class(matrix.positive)
        notes.append(f"Positive class: {one.positive}; negative: {one.negative}.")
        for name, value in (
            ("Sensitivity", one.sensitivity),
            ("Specificity", one.specificity),
            ("Positive predictive value", one.positive_predictive_value),
            ("Negative predictive value", one.negative_predictive_value),
        ):
            reason = f": {value.estimate.reason}" if isinstance(value.estimate, NotEstimable) else ""
            notes.append(f"{name} {with_ci(value.estimate, value.wilson)}{reason}.")
    return [*notes, *matrix.warnings]
