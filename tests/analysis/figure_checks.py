"""What every figure must hold to: texts apart from each other and within the figure, none too small to read."""

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from backend.analysis.figure_style import _STYLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SMALLEST = 4.5
MOST_OVERLAP = 1.5  # pixels at 100 dpi, a third of a millimeter


def made(draw: "Callable[[], Figure]") -> "Figure":
    """The figure, drawn once with the shared style so that its texts have their places."""
    with matplotlib.rc_context(_STYLE):
        figure = draw()
        FigureCanvasAgg(figure).draw()
    return figure


def visible_texts(figure: "Figure") -> list[Text]:
    """Every text that is drawn; matplotlib keeps labels of ticks beyond an axis and does not draw them."""
    found = list(figure.texts)
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        if axes.axison:
            box = axes.get_window_extent()
            found += [axes.xaxis.label, axes.yaxis.label]
            found += [t for t in axes.get_xticklabels() if box.x0 - 1 <= _center(t)[0] <= box.x1 + 1]
            found += [t for t in axes.get_yticklabels() if box.y0 - 1 <= _center(t)[1] <= box.y1 + 1]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _center(text: Text) -> tuple[float, float]:
    box = text.get_window_extent()
    return (box.x0 + box.x1) / 2.0, (box.y0 + box.y1) / 2.0


def words(figure: "Figure") -> list[str]:
    return [text.get_text() for text in visible_texts(figure)]


def all_words(figure: "Figure") -> str:
    """Every text in one line, as broken lines are read."""
    return " ".join(" ".join(word.split()) for word in words(figure))


def assert_is_printable(figure: "Figure") -> None:
    """No text over another, none beyond the edge, none tiny, and the page not wider than a journal's."""
    assert figure.get_figwidth() <= 7.21
    renderer = FigureCanvasAgg(figure).get_renderer()
    width, height = figure.get_figwidth() * figure.dpi, figure.get_figheight() * figure.dpi
    boxes = []
    for text in visible_texts(figure):
        assert text.get_fontsize() >= SMALLEST, f"{text.get_text()!r} has {text.get_fontsize()} points"
        # Of the words alone: that of an annotation takes in its line, which may cross other words' corner.
        box = Text.get_window_extent(text, renderer)
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        assert inside, f"{text.get_text()!r} runs out of the figure: {box} of {width} x {height}"
        boxes.append((text.get_text(), box))
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(across, along) <= MOST_OVERLAP, f"{one!r} lies over {other!r}"
