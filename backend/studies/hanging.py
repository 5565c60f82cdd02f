"""How the images of a case hang when a reader opens it: panes, their sequences, planes, slices and windows. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .design_schema import Problem, advice

Hanging = Mapping[str, Any]
Pane = Mapping[str, Any]
# Role and acquired plane.
Series = tuple[str, str]
# A series is taken in one of these; what is oblique or unknown is none of them.
_TAKEN_PLANES = ("axial", "sagittal", "coronal")
# Columns of the grid for so many panes that do not fill whole rows any more.
_COLUMNS = {3: 3, 4: 2, 5: 3}


def hanging_problems(
    hanging: Hanging | None, *, series: frozenset[Series] = frozenset()
) -> Iterator[Problem]:
    """What is wrong with a hanging protocol that has the right shape.

    Parameters
    ----------
    series : frozenset of (str, str)
        Role and acquired plane of the series that the study's cases have; none are known where it is empty.
    """
    if hanging is None:
        return
    places, panes = hanging["rows"] * hanging["columns"], hanging["panes"]
    if len(panes) != places:
        yield Problem(
            "hanging.panes",
            f"{_count(len(panes), 'pane')} cannot fill a grid of {hanging['rows']} × {hanging['columns']}.",
        )
    for index, pane in enumerate(panes):
        place = f"hanging.panes[{index}]"
        yield from _pane_problems(place, pane)
        if series and not any(_fits(pane, one) for one in series):
            yield advice(
                f"{place}.role", f"No case of the study has {_asked_text(pane)}: its pane is left out."
            )
    for pane, times in Counter(_look(pane) for pane in panes).items():
        if pane[0] is not None and times > 1:
            yield advice(
                "hanging.panes",
                f"{times} panes show {pane[0]} in the same way where a case has no more than one such series.",
            )


def _pane_problems(place: str, pane: Pane) -> Iterator[Problem]:
    is_stack = pane["kind"] == "stack"
    if is_stack and pane["plane"] not in (None, *_TAKEN_PLANES):
        yield Problem(
            f"{place}.plane", "Slices as they were taken are axial, sagittal, coronal, or of any plane."
        )
    if not is_stack and pane["plane"] is None:
        yield Problem(f"{place}.plane", "A reformatted pane needs a plane.")
    if not is_stack and pane["start"] is not None:
        yield Problem(f"{place}.start", "A reformatted pane begins in the middle of its plane.")
    window = pane["window"]
    if window is not None and "low" in window and window["low"] >= window["high"]:
        yield Problem(f"{place}.window", "The lower percentile must be below the upper one.")


def hanging_for(hanging: Hanging | None, series: Sequence[Series]) -> dict[str, Any] | None:
    """The hanging of a case whose series have these roles and acquired planes; None where nothing of it is left.

    Panes of images that the case has not are left out, and so are panes for any series where none is left for
    them. The grid keeps its rows where these stay of one length, and else closes up.
    """
    if hanging is None:
        return None
    rows: list[list[Pane]] = [[] for _ in range(hanging["rows"])]
    panes = hanging["panes"][: hanging["rows"] * hanging["columns"]]
    for place, (pane, shown) in enumerate(zip(panes, _hung_series(panes, series), strict=True)):
        if shown is not None:
            rows[place // hanging["columns"]].append(pane)
    kept = [row for row in rows if row]
    left = [dict(pane) for row in kept for pane in row]
    if not left:
        return None
    columns = len(kept[0]) if len({len(row) for row in kept}) == 1 else _COLUMNS[len(left)]
    return {"rows": -(-len(left) // columns), "columns": columns, "panes": left, "linked": hanging["linked"]}


def _hung_series(panes: Sequence[Pane], series: Sequence[Series]) -> list[int | None]:
    """Which series of a case each pane shows, None where the case has none for it. The viewer hangs them alike.

    Panes choose in turn, those that ask for most first. A series is shown twice in the same way only where no
    other fits, and never in a pane for any series.
    """
    shown: list[int | None] = [None] * len(panes)
    looks: set[tuple[int, str | None]] = set()
    for place in sorted(range(len(panes)), key=lambda place: _openness(panes[place])):
        pane = panes[place]
        fitting = [index for index, one in enumerate(series) if _fits(pane, one)]
        if pane["role"] is None:
            fitting = [index for index in fitting if index not in shown]
        fresh = [index for index in fitting if (index, _reformat(pane)) not in looks]
        shown[place] = next(iter(fresh or fitting), None)
        if (index := shown[place]) is not None:
            looks.add((index, _reformat(pane)))
    return shown


def _openness(pane: Pane) -> tuple[bool, bool]:
    return pane["role"] is None, _taken_plane(pane) is None


def _fits(pane: Pane, series: Series) -> bool:
    role, plane = series
    return pane["role"] in (None, role) and _taken_plane(pane) in (None, plane)


def _taken_plane(pane: Pane) -> str | None:
    """The plane in which the slices of a pane must have been taken; None for any."""
    return pane.get("plane") if pane["kind"] == "stack" else None


def _reformat(pane: Pane) -> str | None:
    return pane.get("plane") if pane["kind"] == "mpr" else None


def hanging_lines(hanging: Hanging | None) -> Iterator[str]:
    """The hanging in words, a line for each pane."""
    if hanging is None:
        yield "Cases open in one pane, with the series shown first."
        return
    linked = "follow each other by position" if hanging["linked"] else "are scrolled one by one"
    many = hanging["rows"] * hanging["columns"] > 1
    yield f"Cases open in {hanging['rows']} × {hanging['columns']} panes{f', which {linked}' if many else ''}."
    for number, pane in enumerate(hanging["panes"], start=1):
        yield f"Pane {number}: {_pane_text(pane)}."


def _pane_text(pane: Pane) -> str:
    shown = pane["role"] or "the next series that no other pane shows"
    taken = _taken_plane(pane)
    slices = f"{taken} slices as they were taken" if taken else "slices as they were taken"
    plane = slices if pane["kind"] == "stack" else f"{pane['plane']} plane"
    start = f", from the {pane['start']} slice" if pane["start"] else ""
    return f"{shown}, {plane}{start}{_window_text(pane['window'])}"


def _window_text(window: Mapping[str, float] | None) -> str:
    if window is None:
        return ""
    if "low" in window:
        return f", window from percentile {window['low']:g} to {window['high']:g}"
    return f", window {window['width']:g} wide around {window['center']:g}"


def _asked_text(pane: Pane) -> str:
    """What a pane asks for, as "a sagittal series T2W"."""
    words = [_taken_plane(pane), "series", pane["role"]]
    text = " ".join(word for word in words if word)
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"


def _look(pane: Pane) -> tuple[str | None, str, str | None]:
    return pane["role"], pane["kind"], pane["plane"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
