"""What all figures share: colors, type, and bytes that are the same for the same input.

Matplotlib is imported inside the functions: a web process that draws nothing need not load it.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, get_args

from backend.analysis.errors import AnalysisError
from backend.analysis.png_file import png_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe M, Ito K. Color Universal Design (2008): black is kept for models and references, yellow is too faint.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
BLACK = "#000000"
GRAY = "#999999"
LINES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P")

FileFormat = Literal["svg", "png"]

# matplotlib's style is global to the process: two threads may not change and restore it at once.
_STYLE_LOCK = threading.Lock()
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "reading-room",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "text.parse_math": False,
    "axes.linewidth": 0.8,
    "savefig.bbox": None,
}


_DRAWN: ContextVar["list[Figure] | None"] = ContextVar("_DRAWN", default=None)


@contextmanager
def one_figure() -> Iterator[None]:
    """Within it one figure is rendered in several formats: it is drawn for the first, and kept for the others."""
    token = _DRAWN.set([])
    try:
        yield
    finally:
        _DRAWN.reset(token)


def render(draw: "Callable[[], Figure]", *, title: str, file_format: FileFormat, dpi: int) -> bytes:
    """The figure that ``draw`` makes, as SVG (text as outlines) or PNG, without a date or a program's name.

    Parameters
    ----------
    draw
        Makes the figure; called with the shared style in force.
    title
        For the file's metadata.
    dpi
        Resolution of a PNG; an SVG takes 72.

    Raises
    ------
    AnalysisError
        ``unknown_format``.
    """
    import matplotlib

    if file_format not in get_args(FileFormat):
        raise AnalysisError("unknown_format", f"a figure is svg or png, not {file_format!r}")
    buffer = io.BytesIO()
    with _STYLE_LOCK, matplotlib.rc_context(_STYLE):
        figure = _drawn(draw)
        if file_format == "png":
            return _png(figure, title=title, dpi=dpi)
        metadata = {"Title": title, "Date": None, "Creator": None}
        figure.savefig(buffer, format="svg", dpi=72, metadata=metadata)
    return buffer.getvalue()


def _png(figure: "Figure", *, title: str, dpi: int) -> bytes:
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    was = figure.dpi
    figure.dpi = dpi
    try:
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        # The background is opaque, and so are all pixels.
        return png_bytes(np.asarray(canvas.buffer_rgba())[:, :, :3], dpi=dpi, title=title)
    finally:
        figure.dpi = was


def _drawn(draw: "Callable[[], Figure]") -> "Figure":
    kept = _DRAWN.get()
    if kept is None:
        return draw()
    if not kept:
        kept.append(draw())
    return kept[0]
