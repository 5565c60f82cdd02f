"""How a case hangs: faults of the protocol, what is left of it for the series of a case, and its words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.studies.amendments import check_amendment
from backend.studies.design_checks import blocking, check_document, structure_problems
from backend.studies.design_facts import DesignFacts
from backend.studies.design_schema import ROLES
from backend.studies.hanging import hanging_for, hanging_lines, hanging_problems
from backend.studies.templates import TEMPLATES

Pane = dict[str, Any]
Hanging = dict[str, Any]


def pane(role: str | None, **changes: Any) -> Pane:
    return {"role": role, "kind": "stack", "plane": None, "start": None, "window": None, **changes}


def hang(*roles: str | None, rows: int = 1, linked: bool = True) -> Hanging:
    return {
        "rows": rows,
        "columns": len(roles) // rows,
        "panes": [pane(role) for role in roles],
        "linked": linked,
    }


def shape(hanging: Hanging | None) -> tuple[int, int, list[str | None]] | None:
    if hanging is None:
        return None
    return hanging["rows"], hanging["columns"], [one["role"] for one in hanging["panes"]]


def document(hanging: object) -> dict[str, Any]:
    return {**TEMPLATES["blank"](), "hanging": hanging}


BROKEN: list[tuple[str, str, Any]] = [
    ("hanging.panes[1].role", "not one of the possible values", hang("T2W", "PET")),
    ("hanging.rows", "at most 2", {**hang("T2W"), "rows": 3}),
    ("hanging.columns", "at most 3", {**hang("T2W"), "columns": 4}),
    ("hanging.panes", "at most 6", {**hang("T2W"), "panes": [pane("T2W")] * 7}),
    ("hanging.panes[0].kind", "not one of the possible values", {**hang(), "panes": [pane(None, kind="3d")]}),
    ("hanging.panes[0].plane", "possible values", {**hang(), "panes": [pane(None, plane="oblique")]}),
    ("hanging", "missing here: panes", {"rows": 1, "columns": 1, "linked": False}),
    *[
        ("hanging.panes[0].window", "A window has", {**hang("T2W"), "panes": [pane("T2W", window=window)]})
        for window in (
            {"center": 1},
            {"center": 1, "width": 0},
            {"low": -1, "high": 5},
            {"low": 1, "width": 2},
        )
    ],
]


@pytest.mark.parametrize(("path", "text", "hanging"), BROKEN)
def test_a_hanging_of_the_wrong_shape_cannot_be_kept(path: str, text: str, hanging: Any) -> None:
    if hanging.get("columns") == 0:
        hanging = {**hanging, "columns": 1}
    found = [(one.path, one.text) for one in structure_problems(document(hanging))]
    assert [one for one, _ in found] == [path]
    assert text in found[0][1]


FAULTY: list[tuple[str, str, Hanging]] = [
    ("hanging.panes", "3 panes cannot fill a grid of 1 × 2", {**hang("T2W", "DWI", "ADC"), "columns": 2}),
    ("hanging.panes", "1 pane cannot fill a grid of 2 × 1", {**hang("T2W"), "rows": 2}),
    (
        "hanging.panes[0].plane",
        "axial, sagittal, coronal, or of any plane",
        {**hang("T2W"), "panes": [pane("T2W", plane="acquired")]},
    ),
    (
        "hanging.panes[0].plane",
        "A reformatted pane needs a plane",
        {**hang("T2W"), "panes": [pane("T2W", kind="mpr")]},
    ),
    (
        "hanging.panes[0].start",
        "begins in the middle",
        {**hang("T2W"), "panes": [pane("T2W", kind="mpr", plane="coronal", start="last")]},
    ),
    (
        "hanging.panes[0].window",
        "below the upper one",
        {**hang("T2W"), "panes": [pane("T2W", window={"low": 60, "high": 40})]},
    ),
]


@pytest.mark.parametrize(("path", "text", "hanging"), FAULTY)
def test_a_hanging_that_cannot_be_hung_blocks_the_freeze(path: str, text: str, hanging: Hanging) -> None:
    assert structure_problems(document(hanging)) == []
    found = [
        (one.path, one.text)
        for one in blocking(check_document(document(hanging), DesignFacts()))
        if one.path.startswith("hanging")
    ]
    assert [one for one, _ in found] == [path]
    assert text in found[0][1]


@pytest.mark.parametrize("plane", ["axial", "sagittal", "coronal"])
def test_slices_as_they_were_taken_may_be_asked_for_by_their_plane(plane: str) -> None:
    hanging = {**hang(None, None), "panes": [pane("T2W", plane=plane, start="last"), pane(None, plane=plane)]}
    assert structure_problems(document(hanging)) == []
    found = blocking(check_document(document(hanging), DesignFacts()))
    assert [one for one in found if one.path.startswith("hanging")] == []


def test_what_no_case_has_and_what_stands_twice_is_advice() -> None:
    series = frozenset({("T2W", "axial"), ("DWI", "axial")})
    found = list(hanging_problems(hang("T2W", "CT", "CT", "DWI", rows=2), series=series))
    assert [(one.path, one.is_blocking) for one in found] == [
        ("hanging.panes[1].role", False),
        ("hanging.panes[2].role", False),
        ("hanging.panes", False),
    ]
    assert "No case of the study has a series CT" in found[0].text
    assert found[2].text == "2 panes show CT in the same way where a case has no more than one such series."


def test_a_plane_that_no_case_has_is_advice() -> None:
    panes = [pane("T2W", plane="sagittal"), pane(None, plane="axial"), pane("T2W", kind="mpr", plane="axial")]
    hanging = {**hang("T2W", "T2W", "T2W"), "panes": panes}
    found = list(hanging_problems(hanging, series=frozenset({("T2W", "coronal"), ("T1", "oblique")})))
    assert [(one.path, one.is_blocking, one.text) for one in found] == [
        (
            f"hanging.panes[{place}].role",
            False,
            f"No case of the study has {asked}: its pane is left out.",
        )
        for place, asked in ((0, "a sagittal series T2W"), (1, "an axial series"))
    ]


def test_nothing_is_said_of_cases_that_are_not_there_yet() -> None:
    assert list(hanging_problems(hang("T2W", "CT"))) == []
    assert list(hanging_problems(None)) == []


@pytest.mark.parametrize(
    ("hanging", "roles", "left"),
    [
        (None, ["T2W"], None),
        (hang("T2W", "DWI"), ["T2W", "DWI", "ADC"], (1, 2, ["T2W", "DWI"])),
        (hang("T2W", "DWI"), ["T2W", "ADC"], (1, 1, ["T2W"])),
        (hang("CT"), ["T2W"], None),
        (hang("T2W", "DWI", "ADC"), ["T2W", "ADC"], (1, 2, ["T2W", "ADC"])),
        (hang("T2W", "DWI", "ADC", "T1", rows=2), ["ADC", "T1"], (1, 2, ["ADC", "T1"])),
        (hang("T2W", "DWI", "ADC", "T1", rows=2), ["T2W", "ADC"], (2, 1, ["T2W", "ADC"])),
        (hang("T2W", "DWI", "ADC", "T1", rows=2), ["T2W", "DWI", "ADC"], (1, 3, ["T2W", "DWI", "ADC"])),
        (
            hang("T2W", "DWI", "ADC", "T2W", "T1", "CT", rows=2),
            ["T2W", "DWI", "ADC"],
            (2, 2, ["T2W", "DWI", "ADC", "T2W"]),
        ),
        (
            hang("T2W", "DWI", "ADC", "T2W", "T1", "CT", rows=2),
            ["T2W", "DWI", "ADC", "T1"],
            (2, 3, ["T2W", "DWI", "ADC", "T2W", "T1"]),
        ),
        (hang("T2W", None), ["T2W"], (1, 1, ["T2W"])),
        (hang("T2W", None), ["T2W", "T2W"], (1, 2, ["T2W", None])),
        (hang(None, None, "T2W"), ["ADC", "T2W"], (1, 2, [None, "T2W"])),
    ],
)
def test_panes_that_a_case_cannot_fill_are_left_out(
    hanging: Hanging | None, roles: list[str], left: tuple[int, int, list[str]] | None
) -> None:
    assert shape(hanging_for(hanging, [(role, "axial") for role in roles])) == left


T2W_PLANES = [("T2W", "axial"), ("T2W", "coronal"), ("T2W", "sagittal")]


@pytest.mark.parametrize(
    ("panes", "series", "left"),
    [
        ([("T2W", "axial"), ("T2W", "sagittal"), ("T2W", "coronal")], T2W_PLANES, [0, 1, 2]),
        ([("T2W", "axial"), ("T2W", "sagittal"), ("T2W", "coronal")], T2W_PLANES[:2], [0, 2]),
        ([("T2W", "axial"), ("T2W", "sagittal"), (None, None)], [("T2W", "oblique")], [2]),
        ([("T2W", None), (None, None)], [("T2W", "axial"), ("T2W", "coronal")], [0, 1]),
        # Both panes of the role take a series, and none is left for the third.
        ([("T2W", None), ("T2W", None), (None, None)], [("T2W", "axial"), ("T2W", "coronal")], [0, 1]),
        ([(None, "axial"), ("T2W", "axial"), (None, None)], [("T2W", "axial"), ("DWI", "coronal")], [1, 2]),
        ([(None, "axial"), (None, "axial"), (None, "axial")], [("T2W", "axial"), ("DWI", "axial")], [0, 1]),
        # A repeat of the only series of its kind stays.
        ([("DWI", "axial"), ("DWI", "axial")], [("DWI", "axial")], [0, 1]),
    ],
)
def test_panes_of_a_plane_that_a_case_has_not_are_left_out(
    panes: list[tuple[str | None, str | None]], series: list[tuple[str, str]], left: list[int]
) -> None:
    asked = [pane(role, plane=plane) for role, plane in panes]
    hanging = {"rows": 1, "columns": len(asked), "panes": asked, "linked": True}
    found = hanging_for(hanging, series)
    assert found is not None
    assert found["panes"] == [asked[place] for place in left]


PANES = st.sampled_from([*ROLES, None])


@given(st.integers(1, 2), st.integers(1, 3), st.data())
def test_what_is_left_is_a_hanging_of_the_case(rows: int, columns: int, data: st.DataObject) -> None:
    roles = data.draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=5))
    panes = data.draw(st.lists(PANES, min_size=rows * columns, max_size=rows * columns))
    series = [(role, "axial") for role in roles]
    left = hanging_for({**hang(*panes, rows=rows), "columns": columns}, series)
    kept = [one["role"] for one in left["panes"]] if left else []
    assert structure_problems(document(left)) == []
    assert [role for role in kept if role] == [role for role in panes if role in roles]
    taken = sum(min(roles.count(role), panes.count(role)) for role in set(roles))
    assert kept.count(None) == min(panes.count(None), len(roles) - taken)
    if left:
        assert 0 <= left["rows"] * left["columns"] - len(kept) <= 1
        assert hanging_for(left, series) == left


def test_it_is_written_in_words() -> None:
    hanging = hang("T2W", None, "T2W")
    hanging["panes"][2].update(plane="coronal")
    hanging["panes"][0].update(start="middle", window={"low": 2, "high": 98})
    hanging["panes"][1].update(kind="mpr", plane="sagittal", window={"center": 40, "width": 400})
    assert list(hanging_lines(hanging)) == [
        "Cases open in 1 × 3 panes, which follow each other by position.",
        "Pane 1: T2W, slices as they were taken, from the middle slice, window from percentile 2 to 98.",
        "Pane 2: the next series that no other pane shows, sagittal plane, window 400 wide around 40.",
        "Pane 3: T2W, coronal slices as they were taken.",
    ]
    assert list(hanging_lines(None)) == ["Cases open in one pane, with the series shown first."]


def test_an_amendment_may_hang_the_cases_to_come_in_another_way() -> None:
    old = {**TEMPLATES["lpln-radiomics"](), "models": {}}
    changes = check_amendment(old, {**old, "hanging": {**old["hanging"], "linked": False}})
    assert [one.path for one in changes] == ["hanging.linked"]
    changes = check_amendment(old, {**old, "hanging": None})
    assert [one.path for one in changes] == ["hanging"]
    without = {key: value for key, value in old.items() if key != "hanging"}
    assert [one.path for one in check_amendment(without, old)] == ["hanging"]
