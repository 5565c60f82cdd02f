"""A figure drawn once by matplotlib, as a list of strokes that every file format is written from.

Matplotlib lays a figure out anew for each format, which takes longer than to write the format. Coordinates are points
from the lower left corner.

This module loads matplotlib; import it inside functions.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from backend.analysis.figure_text import SCALE, TextLine, face

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.text import Text

POINTS_PER_INCH = 72
Color = tuple[float, ...]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outline:
    """A path, stroked and, where it has a ``face``, filled."""

    pen: GraphicsContextBase
    path: "Path"
    matrix: Matrix
    face: Color | None


@dataclass(frozen=True, slots=True)
class Markers:
    """The same path at several places, shape (n, 2)."""

    pen: GraphicsContextBase
    path: "Path"
    matrix: Matrix
    places: NDArray[np.float64]
    face: Color | None


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text from (``x``, ``y``) on, turned by ``angle`` degrees; ``scale`` to the line's own size."""

    pen: GraphicsContextBase
    text: str
    line: TextLine
    x: float
    y: float
    angle: float
    scale: float


Stroke = Outline | Markers | Words


@dataclass(frozen=True, slots=True)
class Recording:
    """All strokes of a figure, the first below the others; its size in points."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]


def recorded(figure: "Figure") -> Recording:
    """The figure's strokes. Matplotlib's style must be in force as when it was made."""
    figure.set_dpi(POINTS_PER_INCH)
    width, height = (float(size) for size in figure.bbox.size)
    recorder = _Recorder(width, height)
    figure.draw(recorder)
    return Recording(width, height, tuple(recorder.strokes))


class _Recorder(RendererBase):
    """What matplotlib draws on: a point is a pixel, and nothing is rounded to one."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self._size = width, height
        self.strokes: list[Stroke] = []

    def draw_path(self, gc: GraphicsContextBase, path: "Path", transform: Any, rgbFace: Any = None) -> None:
        self.strokes.append(Outline(_pen(gc), path, transform.frozen().get_matrix(), _color(rgbFace)))

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: "Path",
        marker_trans: Any,
        path: "Path",
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        places = path.cleaned(transform=trans, remove_nans=True)
        self._mark(_pen(gc), marker_path, marker_trans.frozen().get_matrix(), _ends(places), _color(rgbFace))

    def draw_path_collection(self, gc: GraphicsContextBase, *arguments: Any, **options: Any) -> None:
        """What differs in its place alone is drawn as markers."""
        alone = _Recorder(*self._size)
        RendererBase.draw_path_collection(alone, gc, *arguments, **options)
        outlines = [stroke for stroke in alone.strokes if isinstance(stroke, Outline)]
        for _, alike in groupby(outlines, key=_look):
            strokes = list(alike)
            places = np.array([stroke.matrix[:2, 2] for stroke in strokes])
            one = strokes[0]
            self._mark(one.pen, one.path, _unmoved(one.matrix), places, one.face)

    def _mark(
        self,
        pen: GraphicsContextBase,
        path: "Path",
        matrix: Matrix,
        places: NDArray[np.float64],
        filled: Color | None,
    ) -> None:
        if len(places) == 1:
            moved = Affine2D(matrix).translate(*places[0]).get_matrix()
            self.strokes.append(Outline(pen, path, moved, filled))
        elif len(places):
            self.strokes.append(Markers(pen, path, matrix, places, filled))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: "FontProperties",
        angle: float,
        ismath: Any = False,  # noqa: FBT002 (matplotlib's own)
        mtext: "Text | None" = None,
    ) -> None:
        scale = prop.get_size_in_points() / SCALE
        self.strokes.append(Words(_pen(gc), s, face(prop).line(s), x, y, angle, scale))

    def get_text_width_height_descent(
        self, s: str, prop: "FontProperties", ismath: Any
    ) -> tuple[float, float, float]:
        line, scale = face(prop).line(s), prop.get_size_in_points() / SCALE
        return line.width * scale, line.height * scale, line.descent * scale

    def _get_font_height_metrics(self, prop: "FontProperties") -> tuple[float, float, float]:
        # Asked for where a renderer has it; else matplotlib looks for the font and reads the same from its file, at
        # every text.
        font, size = face(prop), prop.get_size_in_points()
        return font.ascent * size, font.descent * size, font.gap * size

    def flipy(self) -> bool:
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size


def _pen(gc: GraphicsContextBase) -> GraphicsContextBase:
    """As it is now: matplotlib changes its own afterwards."""
    pen = GraphicsContextBase()
    pen.copy_properties(gc)
    return pen


def _color(values: Any) -> Color | None:
    return None if values is None else tuple(float(value) for value in values)


def _ends(path: "Path") -> NDArray[np.float64]:
    """The place that each segment of a path ends at."""
    places: NDArray[np.float64] = np.asarray(path.vertices)
    codes = np.asarray(path.codes)
    return places[np.isin(codes, (path.MOVETO, path.LINETO))]


def _unmoved(matrix: Matrix) -> Matrix:
    still = matrix.copy()
    still[:2, 2] = 0.0
    return still


def _look(stroke: Outline) -> tuple[Any, ...]:
    """What two strokes share that are one but for their place."""
    pen = stroke.pen
    ink = (pen.get_rgb(), pen.get_linewidth(), pen.get_dashes(), pen.get_alpha(), pen.get_antialiased())
    return id(stroke.path), _unmoved(stroke.matrix).tobytes(), stroke.face, ink
