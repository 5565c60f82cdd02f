"""One drawing for both formats: the same lines, letters and pixels as matplotlib's own writers make of the figure."""

import gc
import io
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextToPath
from numpy.typing import NDArray
from PIL import Image

from backend.analysis.figure_recording import Markers, recorded
from backend.analysis.figure_style import _STYLE, one_figure, render
from backend.analysis.figure_svg import svg_bytes
from backend.analysis.figure_text import SCALE, face
from backend.analysis.pipeline.collecting import NEWEST, collecting_rarely

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def everything() -> Figure:
    """Each kind of stroke that the product's figures are made of."""
    figure = Figure(figsize=(3.0, 2.0))
    axes = figure.add_axes((0.2, 0.25, 0.7, 0.6))
    axes.plot([0.0, 0.4, 1.0], [0.0, 0.9, 1.0], color="#0072B2", linestyle="--", linewidth=1.4)
    axes.plot([0.2, 0.5, 0.8], [0.3, 0.3, 0.6], "s", markersize=5.0, markerfacecolor="white", clip_on=False)
    axes.scatter([0.1, 0.2, 0.3, 0.9], [0.8, 0.7, 0.8, 0.2], s=[9.0, 9.0, 9.0, 40.0], facecolor="#D55E00")
    axes.fill_between([0.0, 0.5, 1.0], [0.1, 0.2, 0.1], [0.2, 0.4, 0.3], alpha=0.3, linewidth=0)
    axes.add_artist(Rectangle((0.6, 0.05), 0.2, 0.2, facecolor="white", edgecolor="#BBBBBB", hatch="////"))
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel("Sensitivity, first")
    axes.text(0.5, 0.5, "P <0.001 & so -- on\nκ = 0.8", fontsize=6.0, color="#555555", alpha=0.6)
    return figure


def styled(make: Callable[[Figure], bytes]) -> bytes:
    with matplotlib.rc_context(_STYLE):
        return make(everything())


def own_svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=72)
    return buffer.getvalue()


def strokes(svg: bytes) -> list[list[float]]:
    """Coordinates of everything that is drawn but letters, wherever it is defined, first below."""
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    defined = {path for part in root.iter(f"{SVG}defs") for path in part.iter(f"{SVG}path")}
    named = {f"#{path.get('id')}": path for path in defined}
    found = []
    for element in root.iter():
        if element.tag == f"{SVG}path" and element not in defined:
            found.append(numbers(element.get("d")))
        elif element.tag == f"{SVG}use" and "DejaVu" not in element.get(LINK, ""):
            moved = np.array(numbers(named[element.get(LINK, "")].get("d"))).reshape(-1, 2)
            place = float(element.get("x", 0)), float(element.get("y", 0))
            found.append((moved + place).ravel().tolist())
    return found


def letters(svg: bytes) -> list[tuple[str, float, float]]:
    """Each letter and where it stands, in points."""
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    found = []
    for group in root.iter(f"{SVG}g"):
        placed = dict(re.findall(r"(\w+)\(([^)]*)\)", group.get("transform", "")))
        for use in group.findall(f"{SVG}use") if placed else ():
            x, y = numbers(placed["translate"])
            angle, scale = math.radians(sum(numbers(placed.get("rotate")))), numbers(placed["scale"])[0]
            own = numbers(re.sub(r"scale.*", "", use.get("transform", ""))) or [float(use.get("x", 0)), 0.0]
            across = own[0] * scale
            name = use.get(LINK, "")
            found.append((name, x + across * math.cos(angle), y + across * math.sin(angle)))
    return found


def numbers(text: str | None) -> list[float]:
    return [float(number) for number in NUMBER.findall(text or "")]


def pixels(png: bytes) -> NDArray[np.float64]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float)


def test_svg_has_the_strokes_that_matplotlib_itself_writes() -> None:
    own = strokes(styled(own_svg))
    found = strokes(styled(lambda figure: svg_bytes(recorded(figure), title="T")))
    assert [len(one) for one in found] == [len(one) for one in own]
    assert max(float(np.abs(np.subtract(a, b)).max()) for a, b in zip(found, own, strict=True)) < 2e-3


def test_svg_has_the_letters_of_matplotlib_in_their_places() -> None:
    # Matplotlib has a use for blanks too, which draw nothing.
    blank = "#DejaVuSans-3"
    own = [one for one in letters(styled(own_svg)) if one[0] != blank]
    found = letters(styled(lambda figure: svg_bytes(recorded(figure), title="T")))
    assert [name for name, _, _ in found] == [name for name, _, _ in own]
    places = np.array([one[1:] for one in found]) - np.array([one[1:] for one in own])
    assert float(np.abs(places).max()) < 0.02


def test_png_is_the_picture_that_matplotlib_itself_paints() -> None:
    def own(figure: Figure) -> bytes:
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=200)
        return buffer.getvalue()

    expected = pixels(styled(own))
    found = pixels(render(everything, title="T", file_format="png", dpi=200))
    assert found.shape == expected.shape == (400, 600, 3)
    off = np.abs(found - expected)
    # Letters are not drawn to whole pixels: their edges differ in shade, and nothing else does.
    assert off.mean() < 1.5
    text = np.zeros(off.shape[:2], dtype=bool)
    text[:, :120], text[300:], text[140:220, 320:520] = True, True, True
    assert (off[~text].max(axis=1) > 60).mean() < 0.005


def test_what_differs_in_its_place_alone_is_one_marker() -> None:
    with matplotlib.rc_context(_STYLE):
        marks = [one for one in recorded(everything()).strokes if isinstance(one, Markers)]
    assert [len(one.places) for one in marks] == [3, 3]


def test_the_hatch_and_the_clip_are_defined_once_and_used() -> None:
    text = render(lambda: everything(), title="T", file_format="svg", dpi=72).decode()
    assert text.count("<pattern ") == text.count("<clipPath ") == 1
    assert 'fill="url(#h' in text
    assert text.count('clip-path="url(#c') >= 4


def test_words_stand_in_a_comment_that_ends_where_it_should() -> None:
    svg = render(everything, title="<b>& T", file_format="svg", dpi=72)
    assert "<!-- P &lt;0.001 &amp; so - - on -->" in svg.decode()
    title = ET.fromstring(svg).find(f"{SVG}title")  # noqa: S314 (made here)
    assert title is not None
    assert title.text == "<b>& T"


def test_a_figure_of_both_formats_is_drawn_once() -> None:
    drawn = []

    def draw() -> Figure:
        drawn.append(1)
        return everything()

    with one_figure():
        both = [render(draw, title="T", file_format=one, dpi=100) for one in ("svg", "png")]
    assert len(drawn) == 1
    assert both == [render(draw, title="T", file_format=one, dpi=100) for one in ("svg", "png")]
    assert len(drawn) == 3


@pytest.mark.parametrize(
    "look", [{}, {"weight": "bold"}, {"style": "italic"}], ids=["plain", "bold", "italic"]
)
@pytest.mark.parametrize(
    "text",
    [
        "AVATAR, To. W. \u2013 P=0.05",
        "office baffled first flow affix",
        "\u03ba \u03b1\u03b2\u03b3 \u0416\u0443\u043a \u00fcber \u00c5ngstr\u00f6m \u2265 \u2212 \u00d7 \u25c7 \u2192",
        "",
        "  ",
        "a\u0301e\u0301",
    ],
    ids=["kerning", "ligatures", "scripts", "empty", "blank", "accents"],
)
def test_letters_are_those_of_matplotlibs_own_shaping(text: str, look: dict[str, str]) -> None:
    assert_is_shaped_as_matplotlib_does(text, look)


def test_letters_that_change_with_their_neighbors_are_shaped_by_matplotlib() -> None:
    assert_is_shaped_as_matplotlib_does("\u0633\u0644\u0627\u0645", {})


def assert_is_shaped_as_matplotlib_does(text: str, look: dict[str, str]) -> None:
    prop = FontProperties(family="DejaVu Sans", size=SCALE, **look)
    line = face(prop).line(text)
    font = get_font(face(prop).path)
    font.set_size(SCALE, 72)
    placed, _, _ = TextToPath().get_glyphs_with_font(font, text)
    assert [letter.name for letter, _, _ in line.letters] == [name for name, _, _, _ in placed]
    # A font hints kerning to 1/64 of a point; matplotlib's own shaping rounds each advance to it.
    own = [(x, y) for _, x, y, _ in placed]
    assert [(x, y) for _, x, y in line.letters] == [pytest.approx(place, abs=0.3) for place in own]
    size = TextToPath().get_text_width_height_descent(text, prop, ismath=False)
    assert (line.width, line.height, line.descent) == pytest.approx(size, abs=0.3)


def test_lines_are_as_far_apart_as_matplotlib_sets_them() -> None:
    prop = FontProperties(family="DejaVu Sans", size=SCALE)
    table = get_font(face(prop).path).get_sfnt_table("OS/2")
    units = get_font(face(prop).path).get_sfnt_table("head")["unitsPerEm"]  # type: ignore[index]
    own = [table[name] / units for name in ("sTypoAscender", "sTypoDescender", "sTypoLineGap")]  # type: ignore[index]
    found = face(prop)
    assert [found.ascent, -found.descent, found.gap] == pytest.approx(own, rel=1e-12)


def test_garbage_is_looked_for_as_before_even_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError, match="True"), collecting_rarely():
        raise ZeroDivisionError(gc.get_threshold()[0] >= NEWEST)
    assert gc.get_threshold() == before
