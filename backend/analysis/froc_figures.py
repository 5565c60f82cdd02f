"""FROC, weighted AFROC and LROC curves of readers, one panel an arm.

The FROC curve shows the share of lesions marked against false marks a case and ends where the marks end. The weighted
AFROC curve shows it, each case with lesions weighing the same, against the share of negative cases with a false mark;
its dashed end leads to (1, 1), as the area counts the lesions and cases without a mark. The LROC curve shows the share
of positive cases whose highest mark is on a lesion; its dashed end is level, for a case without a mark localizes
nothing.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from backend.analysis.errors import AnalysisError
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    PAGE,
    SMALL,
    bare,
    block_inches,
    rendered,
    sheet,
    wrapped,
)
from backend.analysis.figure_style import COLORS, FileFormat
from backend.analysis.mrmc.localization import FrocCurve
from backend.analysis.roc_figures import DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SAMPLE = 0.3


def froc_figure(
    curves: Sequence[FrocCurve],
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """FROC curves, the share of lesions marked against false marks a case.

    Raises
    ------
    AnalysisError
        ``no_curves`` where no reader has a lesion to find, ``unknown_format``.
    """
    shown = _with_lesions(curves)
    return rendered(
        lambda heading: draw_froc(shown, heading),
        "FROC curves",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def afroc_figure(
    curves: Sequence[FrocCurve],
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """Weighted AFROC curves of readers with negative cases.

    Raises
    ------
    AnalysisError
        ``no_curves`` where no reader has read cases with and without lesions, ``unknown_format``.
    """
    shown = _with_both(curves)
    return rendered(
        lambda heading: draw_afroc(shown, heading),
        "AFROC curves",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def lroc_figure(
    curves: Sequence[FrocCurve],
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """LROC curves of readers with negative cases.

    Raises
    ------
    AnalysisError
        ``no_curves`` where no reader has read cases with and without lesions, ``unknown_format``.
    """
    shown = _with_both(curves)
    return rendered(
        lambda heading: draw_lroc(shown, heading),
        "LROC curves",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_froc(curves: Sequence[FrocCurve], title: str) -> "Figure":
    """The FROC figure as matplotlib's; parameters as for :func:`froc_figure`."""
    most = max(one.points[-1].false_marks for one in curves)
    return _panels(
        curves,
        title,
        {id(one): ([p.false_marks for p in one.points], [p.lesions for p in one.points]) for one in curves},
        ("False marks per case", "Lesions marked"),
        (1.05 * most or 1.0),
        {
            id(one): f"{one.lesions_marked} of {one.n_lesions} lesions, {one.false_marks} false marks"
            for one in curves
        },
        "Beside each reader: lesions and false marks at every rating.",
    )


def draw_afroc(curves: Sequence[FrocCurve], title: str) -> "Figure":
    """The weighted AFROC figure as matplotlib's; parameters as for :func:`afroc_figure`."""
    return _panels(
        curves,
        title,
        {
            id(one): ([p.false_cases or 0.0 for p in one.points], [p.weighted_lesions for p in one.points])
            for one in curves
        },
        ("Negative cases with a false mark", "Lesions marked, weighted"),
        1.0,
        {id(one): f"{one.figures['wAFROC']:.3f}" for one in curves},
        "Beside each reader: wAFROC, the area.",
        end=lambda _: 1.0,
    )


def draw_lroc(curves: Sequence[FrocCurve], title: str) -> "Figure":
    """The LROC figure as matplotlib's; parameters as for :func:`lroc_figure`."""
    return _panels(
        curves,
        title,
        {
            id(one): ([p.false_cases or 0.0 for p in one.points], [p.localized for p in one.points])
            for one in curves
        },
        ("Negative cases with a false mark", "Positive cases localized"),
        1.0,
        {id(one): f"{one.figures['LROC']:.3f}" for one in curves},
        "Beside each reader: LROC, the area.",
        end=lambda last: last,
    )


def _with_lesions(curves: Sequence[FrocCurve]) -> list[FrocCurve]:
    shown = [one for one in curves if one.n_positive]
    if not shown:
        raise AnalysisError("no_curves", "no reader has read a case with a lesion")
    return shown


def _with_both(curves: Sequence[FrocCurve]) -> list[FrocCurve]:
    shown = [one for one in _with_lesions(curves) if one.n_negative]
    if not shown:
        raise AnalysisError("no_curves", "no reader has read a case without lesions")
    return shown


def _panels(
    curves: Sequence[FrocCurve],
    title: str,
    lines: dict[int, tuple[list[float], list[float]]],
    labels: tuple[str, str],
    right: float,
    told: dict[int, str],
    note: str,
    *,
    end: Callable[[float], float] | None = None,
) -> "Figure":
    """One panel an arm; ``end`` gives the height at 1 to which a dashed line leads from that of the last point."""
    arms = list(dict.fromkeys(one.modality for one in curves))
    readers = list(dict.fromkeys(one.reader for one in curves))
    columns = min(3, len(arms))
    width = COLUMN if columns == 1 else PAGE
    cell, left = width / columns, 0.5
    side = cell - left - 0.14
    legends = {
        arm: [
            (one, wrapped(f"{one.reader}: {told[id(one)]}", side - SAMPLE, SMALL))
            for one in curves
            if one.modality == arm
        ]
        for arm in arms
    }
    deep = max(sum(block_inches(text, SMALL) + 0.02 for _, text in own) for own in legends.values()) + 0.08
    high = 0.22 + side + 0.42 + deep
    rows = -(-len(arms) // columns)
    page = sheet(title, width=width, height=rows * high, notes=[note])
    canvas = page.canvas()
    for place, arm in enumerate(arms):
        across, down = (place % columns) * cell + left, (place // columns) * high + 0.22
        axes = page.axes(across, down, side, side)
        _frame(axes, labels, right)
        canvas.text(across, down - 0.07, arm, fontsize=SMALL, weight="bold", va="bottom")
        below = down + side + 0.44
        for one, text in legends[arm]:
            number = readers.index(one.reader)
            look: dict[str, Any] = {
                "color": COLORS[number % len(COLORS)],
                "linestyle": DASHES[number // len(COLORS) % len(DASHES)],
            }
            x, y = lines[id(one)]
            axes.plot(x, y, linewidth=1.3, marker="o", markersize=2.2, **look)
            if end is not None:
                dashed: dict[str, Any] = {"linestyle": (0, (2, 2)), "linewidth": 0.7}
                axes.plot([x[-1], 1.0], [y[-1], end(y[-1])], color=look["color"], **dashed)
            middle = below + block_inches(text, SMALL) / 2.0
            start = across - left + EDGE
            canvas.plot([start, start + SAMPLE - 0.08], [middle, middle], linewidth=1.3, **look)
            canvas.text(start + SAMPLE, middle, text, fontsize=SMALL, va="center")
            below += block_inches(text, SMALL) + 0.02
    return page.figure


def _frame(axes: "Axes", labels: tuple[str, str], right: float) -> None:
    bare(axes)
    axes.set_xlim(0.0, right)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel(labels[0], fontsize=SMALL)
    axes.set_ylabel(labels[1], fontsize=SMALL)
