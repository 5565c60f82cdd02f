"""Lines of text as outlines of letters, each letter and each pair of letters measured once for all figures.

Matplotlib shapes a line and loads its letters anew for each format and each time that a text's place is asked for,
which was most of the time that figures took. Its own shaping still sets what is not known here: lines with a letter
that the font lacks, or of a script whose letters change with their neighbors.

This module loads matplotlib; import it inside functions.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import Kerning, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from numpy.typing import NDArray

# Outlines and places are those of letters of this size, in points.
SCALE = 100.0
# Fonts count in 1/64 of a point, and in 1/65536 where they do not round.
_FIXED, _FINE = 64.0, 65536.0
_LIGATURES = (("ffi", "\ufb03"), ("ffl", "\ufb04"), ("ff", "\ufb00"), ("fi", "\ufb01"), ("fl", "\ufb02"))
# Up to Cyrillic, and from dashes to arrows and signs, one letter stands beside the other.
_PLAIN = ((0x20, 0x530), (0x2010, 0x2C00))
# Marks that sit on another letter, and what is not seen.
_NOT_PLAIN = ("Mn", "Mc", "Me", "Cf", "Cc", "Cn")
_CACHED = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """A letter's outline, under a name that tells the font too, and how far it reaches above the line."""

    name: str
    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """One line at :data:`SCALE` points: its size, and each letter with its place from the line's beginning."""

    width: float
    height: float
    descent: float
    letters: tuple[tuple[Letter, float, float], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and how far its lines reach up and down, and lie apart, as shares of its size."""

    path: str
    ascent: float
    descent: float
    gap: float

    def line(self, text: str) -> TextLine:
        """The letters of one line in their places."""
        return _line(self.path, text)


@dataclass(frozen=True, slots=True)
class _Measured:
    letter: Letter
    index: int
    advance: float


@lru_cache(maxsize=_CACHED)
def outline(line: TextLine) -> Path:
    """All letters of a line as one path."""
    parts = [(one.vertices + np.array((x, y)), one.codes) for one, x, y in line.letters if len(one.vertices)]
    if not parts:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate([part for part, _ in parts]), np.concatenate([codes for _, codes in parts]))


def face(prop: FontProperties) -> Face:
    """The font that matplotlib would take."""
    return _face(
        tuple(prop.get_family()), prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch()
    )


@lru_cache(maxsize=32)
def _face(family: tuple[str, ...], style: str, variant: str, weight: str | int, stretch: str | int) -> Face:
    found: Any = findfont(
        FontProperties(family=list(family), style=style, variant=variant, weight=weight, stretch=stretch)  # type: ignore[arg-type]
    )
    path = str(found.path) if hasattr(found, "path") else str(found)
    font: Any = get_font(path)
    units = font.get_sfnt_table("head")["unitsPerEm"]
    table = font.get_sfnt_table("OS/2")
    return Face(
        path, table["sTypoAscender"] / units, -table["sTypoDescender"] / units, table["sTypoLineGap"] / units
    )


@lru_cache(maxsize=_CACHED)
def _line(path: str, text: str) -> TextLine:
    joined = text
    for letters, joint in _LIGATURES:
        joined = joined.replace(letters, joint)
    x, before = 0.0, 0
    places = []
    for character in joined:
        one = _measured(path, character)
        if one is None:
            return _shaped(path, text)
        x += _kerning(path, before, one.index) if before else 0.0
        places.append((one.letter, x, 0.0))
        x, before = x + one.advance, one.index
    low = min((letter.low for letter, _, _ in places), default=0.0)
    high = max((letter.high for letter, _, _ in places), default=0.0)
    return TextLine(x, high - low, -low, tuple(places))


@lru_cache(maxsize=_CACHED)
def _measured(path: str, letter: str) -> _Measured | None:
    """The letter alone; none where its look or its place depends on others, or the font lacks it."""
    code = ord(letter)
    is_plain = any(low <= code < high for low, high in _PLAIN) or letter in dict(_LIGATURES).values()
    if not is_plain or unicodedata.category(letter) in _NOT_PLAIN:
        return None
    font = _font(path)
    index = font.get_char_index(code)
    if not index:
        return None
    glyph = font.load_glyph(index, flags=LoadFlags.NO_HINTING)
    name = f"{font.postscript_name}-{index:x}"
    return _Measured(_letter(name, *font.get_path()), index, glyph.linearHoriAdvance / _FINE)


def _letter(name: str, vertices: Any, codes: Any) -> Letter:
    """A blank reaches nowhere: to the line itself."""
    heights = np.asarray(vertices, dtype=np.float64).reshape(-1, 2)[:, 1]
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 0.0)
    return Letter(name, np.asarray(vertices), np.asarray(codes), low, high)


@lru_cache(maxsize=_CACHED)
def _kerning(path: str, left: int, right: int) -> float:
    return float(_font(path).get_kerning(left, right, Kerning.UNFITTED)) / _FIXED


def _font(path: str) -> Any:
    # Asked for each time: matplotlib keeps one for each thread, and none across a fork.
    font = get_font(path)
    font.set_size(SCALE, 72)
    return font


def _shaped(path: str, text: str) -> TextLine:
    """The line as matplotlib sets it."""
    prop = FontProperties(fname=path, size=SCALE)
    placed, outlines, _ = TextToPath().get_glyphs_with_font(_font(path), text)
    width, height, descent = TextToPath().get_text_width_height_descent(text, prop, ismath=False)
    letters = tuple((_letter(name, *outlines[name]), x, y) for name, x, y, _ in placed)
    return TextLine(width, height, descent, letters)
