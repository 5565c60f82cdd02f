"""FROC, weighted AFROC and LROC curves of readers, one panel an arm.

The FROC curve shows the share of lesions marked against false marks a case and ends where the marks end. The weighted
AFROC curve shows it, each case with lesions weighing the same, against the share of negative cases with a false mark;
its dashed end leads to (1, 1), as the area counts the lesions and cases without a mark. The LROC curve shows the share
of positive cases whose highest mark is on a lesion; its dashed end is level, for a case without a mark localizes
nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

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
from backend.analysis.mrmc.localization import FrocCurve, FrocPoint
from backend.analysis.roc_figures import DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SAMPLE = 0.3
HEAD, BELOW = 0.22, 0.42

FrocKind = Literal["froc", "afroc", "lroc"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one of the curves shows.

    Attributes
    ----------
    labels
        Of the axes.
    told
        What stands beside a reader.
    end
        The height at 1 to which a dashed line leads from that of the last point; without it the curve ends there, and
        the axis with the curves.
    """

    name: str
    labels: tuple[str, str]
    x: Callable[[FrocPoint], float]
    y: Callable[[FrocPoint], float]
    told: Callable[[FrocCurve], str]
    note: str
    end: Callable[[float], float] | None = None


_FALSE_CASES = "Negative cases with a false mark"
_KINDS: Mapping[FrocKind, _Kind] = {
    "froc": _Kind(
        "FROC curves",
        ("False marks per case", "Lesions marked"),
        lambda point: point.false_marks,
        lambda point: point.lesions,
        lambda one: f"{one.lesions_marked} of {one.n_lesions} lesions, {one.false_marks} false marks",
        "Beside each reader: lesions and false marks at every rating.",
    ),
    "afroc": _Kind(
        "AFROC curves",
        (_FALSE_CASES, "Lesions marked, weighted"),
        lambda point: point.false_cases or 0.0,
        lambda point: point.weighted_lesions,
        lambda one: f"{one.figures['wAFROC']:.3f}",
        "Beside each reader: wAFROC, the area.",
        end=lambda _: 1.0,
    ),
    "lroc": _Kind(
        "LROC curves",
        (_FALSE_CASES, "Positive cases localized"),
        lambda point: point.false_cases or 0.0,
        lambda point: point.localized,
        lambda one: f"{one.figures['LROC']:.3f}",
        "Beside each reader: LROC, the area.",
        end=lambda last: last,
    ),
}


def froc_figure(
    curves: Sequence[FrocCurve],
    *,
    kind: FrocKind = "froc",
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The FROC, weighted AFROC or LROC curves of readers, one panel an arm.

    Raises
    ------
    AnalysisError
        ``no_curves`` where no reader has a lesion to find or, of AFROC and LROC curves, none has read cases with and
        without lesions, ``unknown_format``.
    """
    shown = _drawable(curves, kind)
    return rendered(
        lambda heading: draw_froc(shown, heading, kind=kind),
        _KINDS[kind].name,
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def _drawable(curves: Sequence[FrocCurve], kind: FrocKind) -> list[FrocCurve]:
    shown = [one for one in curves if one.n_positive]
    if not shown:
        raise AnalysisError("no_curves", "no reader has read a case with a lesion")
    if kind == "froc":
        return shown
    shown = [one for one in shown if one.n_negative]
    if not shown:
        raise AnalysisError("no_curves", "no reader has read a case without lesions")
    return shown


def draw_froc(curves: Sequence[FrocCurve], title: str, *, kind: FrocKind = "froc") -> "Figure":
    """The figure as matplotlib's; parameters as for :func:`froc_figure`."""
    own = _KINDS[kind]
    most = max(one.points[-1].false_marks for one in curves)
    right = 1.0 if own.end is not None else 1.05 * most or 1.0
    arms = list(dict.fromkeys(one.modality for one in curves))
    readers = list(dict.fromkeys(one.reader for one in curves))
    columns = min(3, len(arms))
    width = COLUMN if columns == 1 else PAGE
    cell, left = width / columns, 0.5
    side = cell - left - 0.14
    legends = {
        arm: [
            (one, wrapped(f"{one.reader}: {own.told(one)}", side - SAMPLE, SMALL))
            for one in curves
            if one.modality == arm
        ]
        for arm in arms
    }
    deep = max(sum(block_inches(text, SMALL) + 0.02 for _, text in legend) for legend in legends.values())
    high = HEAD + side + BELOW + deep + 0.08
    page = sheet(title, width=width, height=-(-len(arms) // columns) * high, notes=[own.note])
    canvas = page.canvas()
    for place, (arm, legend) in enumerate(legends.items()):
        across, down = (place % columns) * cell + left, (place // columns) * high + HEAD
        axes = page.axes(across, down, side, side)
        _frame(axes, own.labels, right)
        canvas.text(across, down - 0.07, arm, fontsize=SMALL, weight="bold", va="bottom")
        corner = (across - left + EDGE, down + side + BELOW + 0.02)
        _panel(axes, canvas, corner, own, [(one, text, readers.index(one.reader)) for one, text in legend])
    return page.figure


def _panel(
    axes: "Axes",
    canvas: "Axes",
    corner: tuple[float, float],
    own: _Kind,
    legend: Sequence[tuple[FrocCurve, str, int]],
) -> None:
    """The curves of an arm, and from the corner down what stands beside each of its readers."""
    start, below = corner
    for one, text, number in legend:
        look: dict[str, Any] = {
            "color": COLORS[number % len(COLORS)],
            "linestyle": DASHES[number // len(COLORS) % len(DASHES)],
        }
        x, y = [own.x(point) for point in one.points], [own.y(point) for point in one.points]
        axes.plot(x, y, linewidth=1.3, marker="o", markersize=2.2, **look)
        if own.end is not None:
            dashed: dict[str, Any] = {"linestyle": (0, (2, 2)), "linewidth": 0.7}
            axes.plot([x[-1], 1.0], [y[-1], own.end(y[-1])], color=look["color"], **dashed)
        middle = below + block_inches(text, SMALL) / 2.0
        canvas.plot([start, start + SAMPLE - 0.08], [middle, middle], linewidth=1.3, **look)
        canvas.text(start + SAMPLE, middle, text, fontsize=SMALL, va="center")
        below += block_inches(text, SMALL) + 0.02


def _frame(axes: "Axes", labels: tuple[str, str], right: float) -> None:
    bare(axes)
    axes.set_xlim(0.0, right)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel(labels[0], fontsize=SMALL)
    axes.set_ylabel(labels[1], fontsize=SMALL)
