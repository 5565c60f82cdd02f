"""A recorded figure as SVG: text as outlines, each letter once, its words in a comment beside it.

This module loads matplotlib; import it inside functions.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from backend.analysis.figure_recording import Color, Markers, Matrix, Outline, Recording, Words
from backend.analysis.figure_text import Letter

HEAD = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"\
 width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">
<title>{title}</title>
<g stroke-linejoin="round">
"""
# Letters have whole numbers: a font's own unit is at least so small.
LETTER_UNITS = 64
HATCH_SIZE = 72
_CAPS = {"projecting": "square", "round": "round"}
_COMMANDS = {Path.MOVETO: ("M", 1), Path.LINETO: ("L", 1), Path.CURVE3: ("Q", 2), Path.CURVE4: ("C", 3)}


def svg_bytes(recording: Recording, *, title: str) -> bytes:
    """The file; it holds no date and no program's name."""
    return _Writer(recording).file(title).encode()


class _Writer:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._flip = Affine2D().scale(1.0, -1.0).translate(0.0, recording.height).get_matrix()
        self._lines: list[str] = []
        # What was written once, by its content: the name to use it by.
        self._names: dict[str, str] = {}

    def file(self, title: str) -> str:
        for stroke in self._recording.strokes:
            if isinstance(stroke, Outline):
                self._outline(stroke)
            elif isinstance(stroke, Markers):
                self._markers(stroke)
            else:
                self._words(stroke)
        width, height = _number(self._recording.width), _number(self._recording.height)
        head = HEAD.format(width=width, height=height, title=escape(title))
        return f"{head}{''.join(self._lines)}</g>\n</svg>\n"

    def _outline(self, stroke: Outline) -> None:
        is_line = stroke.face is None and stroke.pen.get_hatch_path() is None
        drawn = path_text(stroke.path, self._flip @ stroke.matrix, is_line=is_line)
        look = self._stroke(stroke.pen) + self._fill(stroke.pen, stroke.face)
        self._lines.append(f'<path d="{drawn}"{look}{self._clip(stroke.pen)}/>\n')

    def _markers(self, stroke: Markers) -> None:
        flip = Affine2D().scale(1.0, -1.0).get_matrix()
        name = self._named("m", f'<path id="{{}}" d="{path_text(stroke.path, flip @ stroke.matrix)}"/>')
        look = self._stroke(stroke.pen) + self._fill(stroke.pen, stroke.face)
        self._lines.append(f"<g{look}{self._clip(stroke.pen)}>\n")
        for x, y in stroke.places.tolist():
            below = self._recording.height - y
            self._lines.append(f'<use xlink:href="#{name}" x="{_number(x)}" y="{_number(below)}"/>\n')
        self._lines.append("</g>\n")

    def _words(self, stroke: Words) -> None:
        self._lines.append(f"<!-- {_comment(stroke.text)} -->\n")
        for letter in {letter.name: letter for letter, _, _ in stroke.line.letters}.values():
            self._letter(letter)
        turned = f" rotate({_number(-stroke.angle)})" if stroke.angle else ""
        place = f"{_number(stroke.x)} {_number(self._recording.height - stroke.y)}"
        scale = f"{stroke.scale / LETTER_UNITS:.7f}"
        color = self._fill(stroke.pen, stroke.pen.get_rgb())
        clip = self._clip(stroke.pen)
        # The clip's own units are the figure's, so it goes outside.
        self._lines.append(f"<g{clip}>" if clip else "")
        self._lines.append(f'<g transform="translate({place}){turned} scale({scale} -{scale})"{color}>')
        self._lines.extend(
            f'<use xlink:href="#{letter.name}"{_at("x", x)}{_at("y", y)}/>'
            for letter, x, y in stroke.line.letters
            if len(letter.vertices)
        )
        self._lines.append("</g></g>\n" if clip else "</g>\n")

    def _letter(self, letter: Letter) -> None:
        if letter.name in self._names or not len(letter.vertices):
            return
        self._names[letter.name] = letter.name
        self._lines.append(_letter_text(letter))

    def _stroke(self, pen: Any) -> str:
        """Attributes of the line; none where it has no width."""
        width = pen.get_linewidth()
        if not width:
            return ""
        rgb = pen.get_rgb()
        found = f' stroke="{_hex(rgb)}"{_opacity("stroke-opacity", pen, rgb)}'
        found += f' stroke-width="{_number(width)}"' if width != 1.0 else ""
        join, cap = str(pen.get_joinstyle()), str(pen.get_capstyle())
        found += f' stroke-linejoin="{join}"' if join != "round" else ""
        found += f' stroke-linecap="{_CAPS[cap]}"' if cap in _CAPS else ""
        offset, dashes = pen.get_dashes()
        if dashes is not None:
            found += f' stroke-dasharray="{" ".join(map(_number, dashes))}"'
            found += f' stroke-dashoffset="{_number(offset)}"' if offset else ""
        return found

    def _fill(self, pen: GraphicsContextBase, color: Any) -> str:
        if pen.get_hatch_path() is not None:
            return f' fill="url(#{self._hatch(pen, color)})"'
        if color is None:
            return ' fill="none"'
        return f' fill="{_hex(color)}"{_opacity("fill-opacity", pen, color)}'

    def _hatch(self, pen: Any, color: Color | None) -> str:
        size = Affine2D().scale(HATCH_SIZE, -HATCH_SIZE).translate(0.0, HATCH_SIZE).get_matrix()
        ink, background = _hex(pen.get_hatch_color()), "none" if color is None else _hex(color)
        return self._named(
            "h",
            f'<pattern id="{{}}" patternUnits="userSpaceOnUse" width="{HATCH_SIZE}" height="{HATCH_SIZE}">'
            f'<rect width="{HATCH_SIZE}" height="{HATCH_SIZE}" fill="{background}"/>'
            f'<path d="{path_text(pen.get_hatch_path(), size)}" fill="{ink}" stroke="{ink}"'
            f' stroke-width="{_number(pen.get_hatch_linewidth())}"/></pattern>',
        )

    def _clip(self, pen: GraphicsContextBase) -> str:
        box = pen.get_clip_rectangle()
        if box is None:
            return ""
        x, y, width, height = (float(value) for value in box.bounds)
        below = self._recording.height - y - height
        place = f'x="{_number(x)}" y="{_number(below)}" width="{_number(width)}" height="{_number(height)}"'
        return f' clip-path="url(#{self._named("c", f"""<clipPath id="{{}}"><rect {place}/></clipPath>""")})"'

    def _named(self, kind: str, definition: str) -> str:
        """The name of what is written once; ``{}`` in it stands for the name."""
        if definition not in self._names:
            name = f"{kind}{len(self._names)}"
            self._names[definition] = name
            self._lines.append(f"<defs>{definition.replace('{}', name, 1)}</defs>\n")
        return self._names[definition]


@lru_cache(maxsize=4096)
def _letter_text(letter: Letter) -> str:
    units = Affine2D().scale(LETTER_UNITS).get_matrix()
    drawn = path_text(Path(letter.vertices, letter.codes), units, digits=0)
    return f'<defs><path id={quoteattr(letter.name)} d="{drawn}"/></defs>\n'


def path_text(path: Path, matrix: Matrix, *, is_line: bool = False, digits: int = 3) -> str:
    """The path as SVG writes it; of a line, places are left out that it would not show."""
    clean = path.cleaned(
        transform=Affine2D(matrix), remove_nans=True, simplify=is_line and path.should_simplify, curves=True
    )
    return " ".join(_commands(clean, digits))


def _commands(path: Path, digits: int) -> Iterator[str]:
    places = [f"{_short(x, digits)} {_short(y, digits)}" for x, y in np.asarray(path.vertices).tolist()]
    kinds, at, before = np.asarray(path.codes).tolist(), 0, ""
    while at < len(kinds):
        kind = kinds[at]
        if kind == Path.STOP:
            return
        if kind == Path.CLOSEPOLY:
            yield "Z"
            before, at = "Z", at + 1
            continue
        letter, count = _COMMANDS[kind]
        # A letter holds until the next.
        drawn = " ".join(places[at : at + count])
        yield drawn if letter == before and letter != "M" else letter + drawn
        before, at = letter, at + count


def _at(name: str, place: float) -> str:
    units = round(place * LETTER_UNITS)
    return f' {name}="{units}"' if units else ""


def _short(value: float, digits: int) -> str:
    if digits == 0:
        return str(round(value))
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _number(value: float) -> str:
    return _short(float(value), 3)


def _hex(color: Any) -> str:
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in color[:3])


def _opacity(name: str, pen: GraphicsContextBase, color: Any) -> str:
    alpha = pen.get_alpha() if pen.get_forced_alpha() else color[3] if len(color) == 4 else 1.0
    return f' {name}="{_number(alpha)}"' if alpha != 1.0 else ""


def _comment(text: str) -> str:
    """A comment may hold no two hyphens beside each other."""
    found = escape(text)
    while "--" in found:
        found = found.replace("--", "- -")
    return found
