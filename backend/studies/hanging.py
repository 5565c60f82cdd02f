"""How the images of a case hang when a reader opens it: panes, their sequences, planes, slices and windows. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .design_schema import Problem, advice

Hanging = Mapping[str, Any]
Pane = Mapping[str, Any]
# Columns of the grid for so many panes that do not fill whole rows any more.
_COLUMNS = {3: 3, 4: 2, 5: 3}


def hanging_problems(hanging: Hanging | None, *, roles: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """What is wrong with a hanging protocol that has the right shape.

    Parameters
    ----------
    roles : frozenset of str
        Roles of the series that the study's cases have; none are known where it is empty.
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
        yield from _pane_problems(f"hanging.panes[{index}]", pane, roles)
    for pane, times in Counter(_look(pane) for pane in panes).items():
        if pane[0] is not None and times > 1:
            yield advice("hanging.panes", f"{times} panes show {pane[0]} in the same way.")


def _pane_problems(place: str, pane: Pane, roles: frozenset[str]) -> Iterator[Problem]:
    is_stack = pane["kind"] == "stack"
    if is_stack and pane["plane"] is not None:
        yield Problem(
            f"{place}.plane", "A plane needs a reformatted pane; slices as they were taken have none."
        )
    if not is_stack and pane["plane"] is None:
        yield Problem(f"{place}.plane", "A reformatted pane needs a plane.")
    if not is_stack and pane["start"] is not None:
        yield Problem(f"{place}.start", "A reformatted pane begins in the middle of its plane.")
    window = pane["window"]
    if window is not None and "low" in window and window["low"] >= window["high"]:
        yield Problem(f"{place}.window", "The lower percentile must be below the upper one.")
    if roles and pane["role"] is not None and pane["role"] not in roles:
        yield advice(
            f"{place}.role", f"No case of the study has a series {pane['role']}: its pane is left out."
        )


def hanging_for(hanging: Hanging | None, roles: Sequence[str]) -> dict[str, Any] | None:
    """The hanging of a case whose series have these roles; None where nothing of it is left.

    Panes of a role that the case has not are left out, and so are panes for any series where none is left for
    them. The grid keeps its rows where these stay of one length, and else closes up.
    """
    if hanging is None:
        return None
    asked = {pane["role"] for pane in hanging["panes"]} & set(roles)
    spare = len(roles) - len(asked)
    rows: list[list[Pane]] = [[] for _ in range(hanging["rows"])]
    for place, pane in enumerate(hanging["panes"][: hanging["rows"] * hanging["columns"]]):
        if pane["role"] is None:
            spare -= 1
        if pane["role"] in asked or (pane["role"] is None and spare >= 0):
            rows[place // hanging["columns"]].append(pane)
    kept = [row for row in rows if row]
    panes = [dict(pane) for row in kept for pane in row]
    if not panes:
        return None
    columns = len(kept[0]) if len({len(row) for row in kept}) == 1 else _COLUMNS[len(panes)]
    return {
        "rows": -(-len(panes) // columns),
        "columns": columns,
        "panes": panes,
        "linked": hanging["linked"],
    }


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
    plane = "slices as they were taken" if pane["kind"] == "stack" else f"{pane['plane']} plane"
    start = f", from the {pane['start']} slice" if pane["start"] else ""
    return f"{shown}, {plane}{start}{_window_text(pane['window'])}"


def _window_text(window: Mapping[str, float] | None) -> str:
    if window is None:
        return ""
    if "low" in window:
        return f", window from percentile {window['low']:g} to {window['high']:g}"
    return f", window {window['width']:g} wide around {window['center']:g}"


def _look(pane: Pane) -> tuple[str | None, str, str | None]:
    return pane["role"], pane["kind"], pane["plane"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
