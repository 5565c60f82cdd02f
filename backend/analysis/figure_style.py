"""What all figures share: colors, type, and bytes that are the same for the same input.

Matplotlib is imported inside the functions: a web process that draws nothing need not load it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, get_args

from backend.analysis.errors import AnalysisError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from backend.analysis.figure_recording import Recording

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
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "text.parse_math": False,
    "axes.linewidth": 0.8,
}


_RECORDED: ContextVar["list[Recording] | None"] = ContextVar("_RECORDED", default=None)


@contextmanager
def one_figure() -> Iterator[None]:
    """Within it one figure is rendered in several formats: it is drawn for the first, and kept for the others."""
    token = _RECORDED.set([])
    try:
        yield
    finally:
        _RECORDED.reset(token)


def render(draw: "Callable[[], Figure]", *, title: str, file_format: FileFormat, dpi: int) -> bytes:
    """The figure that ``draw`` makes, as SVG (text as outlines) or PNG, without a date or a program's name.

    Parameters
    ----------
    draw
        Makes the figure; called with the shared style in force.
    title
        For the file's metadata.
    dpi
        Resolution of a PNG.

    Raises
    ------
    AnalysisError
        ``unknown_format``.
    """
    if file_format not in get_args(FileFormat):
        raise AnalysisError("unknown_format", f"a figure is svg or png, not {file_format!r}")
    recording = _recorded(draw)
    if file_format == "png":
        from backend.analysis.figure_png import png_file

        return png_file(recording, title=title, dpi=dpi)
    from backend.analysis.figure_svg import svg_bytes

    return svg_bytes(recording, title=title)


def _recorded(draw: "Callable[[], Figure]") -> "Recording":
    import matplotlib

    from backend.analysis.figure_recording import recorded

    kept = _RECORDED.get()
    if kept:
        return kept[0]
    with _STYLE_LOCK, matplotlib.rc_context(_STYLE):
        recording = recorded(draw())
    if kept is not None:
        kept.append(recording)
    return recording
