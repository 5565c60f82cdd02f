"""How readers took a model's advice: who disagreed with it at first and then followed it."""

from typing import TYPE_CHECKING

from backend.analysis.change_of_mind import ChangeOfMind, ModelAdvice
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_layout import (
    EDGE,
    INK,
    PAGE,
    SMALL,
    bare,
    rendered,
    sheet,
    text_inches,
    tint,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, FileFormat
from backend.analysis.proportions import Proportion
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = COLORS[0], COLORS[1]
ALL = "All readers"


def advice_figure(
    change: ChangeOfMind,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """How often readers who disagreed with the model followed it, where it is right and where it is wrong.

    Raises
    ------
    AnalysisError
        ``no_model`` where the result was made without one, ``unknown_format``.
    """
    _advice(change)
    return rendered(
        lambda heading: draw_advice(change, heading),
        "Advice followed",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_advice(change: ChangeOfMind, title: str) -> "Figure":
    """The bars as matplotlib's figure; parameters as for :func:`advice_figure`."""
    rows = _advice(change)
    names = [wrapped(name, 1.3, SMALL) for name, _ in rows]
    left = (
        max(text_inches(line, SMALL, is_bold=True) for name in names for line in name.split("\n")) + 2 * EDGE
    )
    gap, step = 0.62, 0.26
    wide = (PAGE - left - 2 * gap - EDGE) / 2.0
    high = step * len(rows) + 0.06
    pooled = rows[-1][1]
    notes = [
        (
            f"Numbers: reads that followed {pooled.model} / reads that disagreed with it at first. Where it is right "
            "following helped, where it is wrong it misled."
        ),
        f"Lines: {100 * change.level:g}% Wilson CI; the reads of all readers count as independent.",
        (
            f"Left {pooled.model} after agreeing with it: {_count(pooled.left_right)} where it is right, "
            f"{_count(pooled.left_wrong)} where it is wrong."
        ),
    ]
    if pooled.without_prediction:
        notes.append(f"{pooled.without_prediction} pairs have no prediction.")
    page = sheet(title, width=PAGE, height=high + 0.68, notes=[*notes, *change.warnings])
    canvas = page.canvas()
    for row, name in enumerate(names):
        weight = "bold" if rows[row][0] == ALL else "normal"
        middle = 0.22 + step * (row + 0.5) + 0.03
        canvas.text(left - EDGE, middle, name, fontsize=SMALL, ha="right", va="center", weight=weight)
    for side, (what, color) in enumerate((("right", BLUE), ("wrong", ORANGE))):
        across = left + side * (wide + gap)
        axes = page.axes(across, 0.22, wide, high)
        bare(axes)
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(high, 0.0)
        axes.set_yticks([])
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("Followed, of those who disagreed", fontsize=SMALL)
        axes.set_title(f"{pooled.model} is {what}", fontsize=SMALL, loc="left", weight="bold", pad=3.0)
        for row, (_, advice) in enumerate(rows):
            share = advice.followed_right if what == "right" else advice.followed_wrong
            middle = step * (row + 0.5) + 0.03
            _bar(axes, share, middle, color)
            canvas.text(across + wide + 0.06, 0.22 + middle, _count(share), fontsize=SMALL, va="center")
    return page.figure


def _bar(axes: "Axes", share: Proportion, middle: float, color: str) -> None:
    if isinstance(share.estimate, NotEstimable):
        axes.text(0.02, middle, "no disagreement", fontsize=SMALL, va="center", color=INK, style="italic")
        return
    axes.barh(
        [middle], [share.estimate], height=0.16, color=tint(color, 0.55), edgecolor=color, linewidth=0.8
    )
    if isinstance(share.wilson, Interval):
        axes.plot([share.wilson.low, share.wilson.high], [middle, middle], color=BLACK, linewidth=1.0)


def _count(share: Proportion) -> str:
    return f"{share.successes} / {share.n}"


def _advice(change: ChangeOfMind) -> list[tuple[str, ModelAdvice]]:
    rows = [
        (name, advice)
        for name, advice in (
            *((item.reader, item.advice) for item in change.readers),
            (ALL, change.pooled.advice),
        )
        if advice is not None
    ]
    if not rows:
        raise AnalysisError(
            "no_model", "the changes were analyzed without a model, so no advice was followed"
        )
    return rows
