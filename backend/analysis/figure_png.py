"""A recorded figure as PNG.

This module loads matplotlib; import it inside functions.
"""

from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from backend.analysis.figure_recording import POINTS_PER_INCH, Outline, Recording, Words
from backend.analysis.figure_text import outline
from backend.analysis.png_file import png_bytes


def png_file(recording: Recording, *, title: str, dpi: int) -> bytes:
    """The file, at this resolution."""
    zoom = dpi / POINTS_PER_INCH
    renderer: Any = RendererAgg(  # type: ignore[no-untyped-call]
        recording.width * zoom, recording.height * zoom, dpi
    )
    for stroke in recording.strokes:
        pen = _zoomed(stroke.pen, zoom)
        if isinstance(stroke, Words):
            _write(renderer, pen, stroke, zoom)
            continue
        matrix = Affine2D(stroke.matrix).scale(zoom)
        if isinstance(stroke, Outline):
            renderer.draw_path(pen, stroke.path, matrix, stroke.face)
        else:
            renderer.draw_markers(
                pen, stroke.path, matrix, Path(stroke.places), Affine2D().scale(zoom), stroke.face
            )
    # The background is opaque, and so are all pixels.
    return png_bytes(np.asarray(renderer.buffer_rgba()), dpi=dpi, title=title)


def _write(renderer: Any, pen: GraphicsContextBase, words: Words, zoom: float) -> None:
    color = pen.get_rgb()
    pen.set_linewidth(0.0)
    # Stems and dashes of letters would go to whole pixels, and the letters would stand unevenly.
    pen.set_snap(False)
    place = (
        Affine2D().scale(words.scale * zoom).rotate_deg(words.angle).translate(words.x * zoom, words.y * zoom)
    )
    renderer.draw_path(pen, outline(words.line), place, color)


def _zoomed(pen: GraphicsContextBase, zoom: float) -> GraphicsContextBase:
    """The same pen on a finer grid: widths and dashes are points, the rectangle that clips is not."""
    found = GraphicsContextBase()
    found.copy_properties(pen)
    box: Any = pen.get_clip_rectangle()
    if box is not None:
        found.set_clip_rectangle(Bbox(box.get_points() * zoom))
    return found
